"""What each phrase of a dosage says: one small builder for each kind that holds something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from msgspec import Struct

from semantix.text.posology._reading import Amount, Doubt, Span
from semantix.text.posology._tokens import Token

_HOURS_A_DAY = 24
_DIGIT = 9


class Item(Struct, frozen=True, kw_only=True):
    """One phrase. ``span`` is a period or a length, ``codes`` moments, days or hours, ``text`` words as written."""

    kind: str
    start: int
    end: int
    amount: Amount | None = None
    unit: str | None = None
    span: Span | None = None
    codes: tuple[str, ...] = ()
    numbers: tuple[Decimal, ...] = ()
    offset: int | None = None
    text: str = ""


# --- amounts ------------------------------------------------------------------------------------------------------


def _amounts(piece: list[Token]) -> list[Amount]:
    """The amounts of a phrase in order; two joined by "à", "ou" or a dash are one interval."""
    found: list[Amount] = []
    joins = False
    at = 0
    while at < len(piece):
        token = piece[at]
        if token.kind in "NF":
            value, length = _number(piece, at)
            if joins and found and found[-1].high is None:
                if value <= found[-1].low:
                    raise Doubt("ambiguous")
                found[-1] = Amount(found[-1].low, value)
            else:
                found.append(Amount(value))
            at += length
            joins = at < len(piece) and piece[at].kind in "ao-"
            continue
        at += 1
    return found


def _number(piece: list[Token], at: int) -> tuple[Decimal, int]:
    value = piece[at].number
    following = piece[at + 1] if at + 1 < len(piece) else None
    if following is None:
        return value, 1
    if following.kind == "H":
        return value + following.number, 2
    if piece[at].kind == "N" and following.kind == "F":
        if following.is_literal and value == int(value):
            return value + following.number, 2
        if value == 1:  # "1 demi comprimé"
            return following.number, 2
        raise Doubt("ambiguous")
    return value, 1


def _amount(piece: list[Token]) -> Amount:
    amount = _amounts(piece)[0]
    if amount.low <= 0:
        raise Doubt("ambiguous")
    return amount


def _unit(piece: list[Token]) -> str | None:
    return next((t.value for t in piece if t.kind == "U"), None)


def _period(piece: list[Token]) -> Span | None:
    """The last unit of time of a phrase and the number just before it, or one."""
    last = next((i for i in range(len(piece) - 1, -1, -1) if piece[i].kind in "Th"), None)
    if last is None:
        return None
    before = piece[last - 1] if last else None
    number = before.number if before is not None and before.kind == "N" else Decimal(1)
    if number <= 0:
        raise Doubt("ambiguous")
    return Span(Amount(number), piece[last].value)


def _whole(amount: Amount) -> Amount:
    if any(x is not None and x != int(x) for x in (amount.low, amount.high)):
        raise Doubt("ambiguous")
    return amount


def _item(kind: str, piece: list[Token], **fields: object) -> Item:
    return Item(kind=kind, start=piece[0].start, end=piece[-1].end, **fields)  # type: ignore[arg-type]


# --- one builder for each phrase that holds something --------------------------------------------------------------


def _scheme(piece: list[Token]) -> Item:
    numbers: tuple[Decimal, ...] = (Decimal(1),) * 3
    if piece[0].kind == "m":
        return _item("scheme_once", piece, numbers=numbers, unit=_unit(piece))
    if piece[0].kind == "z":
        numbers = tuple(Decimal(c) for c in piece[0].value if c.isdigit())
    else:
        numbers = tuple(t.number for t in piece if t.kind in "NF")
    is_marked = any(t.kind in "-z" for t in piece)
    unit = _unit(piece)
    # A larger number without a unit may be part of a date.
    is_doubtful = any(n > _DIGIT and (unit is None or not is_marked) for n in numbers)
    is_doubtful |= not is_marked and not all(t.is_literal for t in piece if t.kind == "N")
    if not any(numbers) or is_doubtful:
        raise Doubt("ambiguous")
    return _item("scheme", piece, numbers=numbers, unit=unit)


def _limit(piece: list[Token]) -> Item:
    amount, span = _amount(piece), _period([t for t in piece if t.kind != "X"])
    if amount.high is not None or span is None:
        raise Doubt("ambiguous")
    is_count = any(t.kind in "fr" for t in piece)
    if piece[0].kind == "J" and not is_count and _unit(piece) is None:
        raise Doubt("ambiguous")
    return _item("limit", piece, amount=amount, span=span, unit="prise" if is_count else _unit(piece))


def _interval(piece: list[Token]) -> Item:
    amount = _amount([t for t in piece if t.kind != "a"])
    unit = next(t.value for t in piece if t.kind in "Th")
    return _item("interval", piece, span=Span(amount, unit))


_MEAL_CODES = frozenset({"AC", "PC", "C"})
_MEALS_A_DAY = 3


def _meal(piece: list[Token]) -> Item:
    relation_at = next((i for i, t in enumerate(piece) if t.kind == "R"), None)
    written = piece[relation_at].value if relation_at is not None else "C"
    relation = written.rstrip("+")
    offset = None
    if relation_at and any(t.kind in "Th" for t in piece[:relation_at]):
        offset = _minutes(piece[:relation_at])
        if relation not in ("AC", "PC"):
            raise Doubt("ambiguous")
    counted = [t.number for t in piece[relation_at or 0 :] if t.kind == "N"]
    meals = [t.value for t in piece if t.kind == "G"]
    named = [m for m in meals if m in ("M", "D", "V")]
    if any(n != _MEALS_A_DAY for n in counted) or (counted and named) or (named and len(named) < len(meals)):
        raise Doubt("ambiguous")
    if relation not in _MEAL_CODES:
        if named:
            raise Doubt("ambiguous")
        return _item("moments", piece, codes=(relation,))
    is_plural = written.endswith("+") or any(t.kind in "cN" or t.value in ("les", "des", "aux") for t in piece)
    codes = tuple(relation + m for m in named) or (relation,)
    return _item("meal", piece, codes=codes, offset=offset, unit="all" if is_plural else None)


def _minutes(piece: list[Token]) -> int:
    amount = _amount(piece)
    unit = next(t.value for t in piece if t.kind in "Th")
    if amount.high is not None or unit not in ("min", "h"):
        raise Doubt("ambiguous")
    minutes = amount.low * (60 if unit == "h" else 1)
    if minutes != int(minutes):
        raise Doubt("ambiguous")
    return int(minutes)


def _single(piece: list[Token]) -> Item:
    if next(t.number for t in piece if t.kind == "N") != 1:
        raise Doubt("ambiguous")
    span = _period(piece)
    if span is not None:
        return _item("split", piece, amount=Amount(Decimal(1)), span=span)
    classes = "".join(t.kind for t in piece)
    # "en une seule prise" is how, "une seule fois" is how often, "une prise unique" may be either.
    how = "split" if "tr" in classes else "prise" if "rt" in classes else None
    return _item("once", piece, unit=how)


def _once(piece: list[Token]) -> Item:
    if any(t.kind == "N" and t.number != 1 for t in piece):
        raise Doubt("ambiguous")
    return _item("once", piece, unit="prise" if piece[-1].value == "prise" else None)


def _split(piece: list[Token]) -> Item:
    amount, span = _whole(_amount(piece)), _period(piece)
    if amount.high is not None or (amount.low > 1 and span is not None):
        raise Doubt("ambiguous")
    return _item("split", piece, amount=amount, span=span)


def _frequency(piece: list[Token]) -> Item:
    classes = "".join(t.kind for t in piece)
    if "E" in classes:
        after = piece[classes.index("E") :]
        amounts = _amounts(after)
        span = Span(amounts[0] if amounts else Amount(Decimal(1)), after[-1].value)
    else:
        found = _period(piece) if set(classes) & set("/p") else Span(Amount(Decimal(1)), piece[-1].value)
        assert found is not None
        span = found
    return _item("frequency", piece, amount=_whole(_amount(piece)), span=span)


def _alternate(piece: list[Token]) -> Item:
    if piece[0].number != 1 or piece[1].value != "d" or piece[3].number != int(piece[3].number) or piece[3].number < 2:
        raise Doubt("ambiguous")
    return _item("every", piece, span=Span(Amount(piece[3].number), piece[1].value))


def _dose(piece: list[Token]) -> Item:
    unit_at = next(i for i, t in enumerate(piece) if t.kind == "U")
    amount = _amount(piece[:unit_at])
    more = sum((t.number for t in piece[unit_at:] if t.kind in "HF"), Decimal(0))
    if more:
        if amount.high is not None:
            raise Doubt("ambiguous")
        amount = Amount(amount.low + more)
    return _item("dose", piece, amount=amount, unit=piece[unit_at].value)


def _bare_per(piece: list[Token]) -> Item:
    return _item("bare_per", piece, amount=_amount(piece), span=_period(piece))


def _clock(piece: list[Token]) -> Item:
    hours: list[str] = []
    for token in piece:
        if token.kind == "K":
            hours.append(token.value)
        elif token.kind == "N":
            if token.number >= _HOURS_A_DAY or token.number != int(token.number):
                raise Doubt("ambiguous")
            hours.append(f"{int(token.number):02}:00")
    if len(set(hours)) != len(hours):
        raise Doubt("ambiguous")
    return _item("clock", piece, codes=tuple(hours))


def _every(piece: list[Token]) -> Item:
    amounts = _amounts(piece)
    amount = amounts[0] if amounts else Amount(Decimal(1))
    if amount.low <= 0:
        raise Doubt("ambiguous")
    return _item("every", piece, span=Span(amount, piece[-1].value))


def _first_day(piece: list[Token]) -> Item:
    return _item("duration", piece, span=Span(Amount(Decimal(1)), "d"))


def _duration(piece: list[Token]) -> Item:
    amount = _amount(piece)
    unit = next(t.value for t in reversed(piece) if t.kind == "T")
    if unit == "min" or (any(t.kind == "t" for t in piece) and amount != Amount(Decimal(1))):
        raise Doubt("ambiguous")
    return _item("duration", piece, span=Span(amount, unit))


def _supply(piece: list[Token]) -> Item:
    amount = _amount(piece)
    if piece[-1].kind != "T":
        return _item("box", piece)
    return _item("supply", piece, span=Span(amount, piece[-1].value))


def _repeats(piece: list[Token]) -> Item:
    amount = Amount(Decimal(0)) if piece[0].kind == "@" else _whole(_amount(piece))
    # "1 cp à renouveler 1 fois" may be the dose; "AR 1 fois" is the dispensation.
    return _item("repeats", piece, amount=amount, unit=piece[0].value if piece[0].value == "AR" else None)


_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _days(piece: list[Token]) -> Item:
    classes = "".join(t.kind for t in piece)
    named = [day for t in piece if t.kind == "W" for day in t.value.split("+")]
    if classes.endswith(("WyW", "WaW")):
        if len(named) != 2 or named[0] == named[1]:
            raise Doubt("ambiguous")
        first, last = _WEEK.index(named[0]), _WEEK.index(named[1])
        named = [_WEEK[(first + i) % 7] for i in range((last - first) % 7 + 1)]
    return _item("days", piece, codes=tuple(d for d in _WEEK if d in named))


def _except(piece: list[Token]) -> Item:
    named = {day for t in piece if t.kind == "W" for day in t.value.split("+")}
    return _item("except", piece, codes=tuple(d for d in _WEEK if d not in named))


_ONE_MOMENT = frozenset({("EVE", "HS"), ("MORN", "WAKE")})


def _moments(piece: list[Token]) -> Item:
    codes = tuple(t.value for t in piece if t.kind == "M")
    return _item("moments", piece, codes=codes[1:] if codes in _ONE_MOMENT else codes)


def _route(piece: list[Token]) -> Item:
    return _item("route", piece, codes=(piece[-1].value,))


def _per(piece: list[Token]) -> Item:
    span = _period(piece) if piece[0].kind != "A" else Span(Amount(Decimal(1)), piece[0].value)
    assert span is not None
    if span.unit == "min":
        raise Doubt("ambiguous")
    # "1 cp / 8 h" is a dose every eight hours; "3 cp / 24 h" is the dose of a day.
    is_interval = span.unit == "h" and span.amount.low < _HOURS_A_DAY
    return _item("every" if is_interval else "per", piece, span=span)


def _bare(piece: list[Token]) -> Item:
    return _item("number", piece, amount=_amount(piece))


def _after_event(piece: list[Token]) -> Item:
    if piece[0].value not in ("AC", "PC"):
        raise Doubt("words")
    return _item("after_event", piece)


BUILDERS: Mapping[str, Callable[[list[Token]], Item]] = {
    "scheme": _scheme,
    "limit": _limit,
    "limit_after": _limit,
    "interval": _interval,
    "meal": _meal,
    "single": _single,
    "split": _split,
    "once": _once,
    "frequency": _frequency,
    "alternate": _alternate,
    "dose": _dose,
    "bare_per": _bare_per,
    "clock": _clock,
    "every": _every,
    "first_day": _first_day,
    "duration": _duration,
    "supply": _supply,
    "repeats": _repeats,
    "days": _days,
    "except": _except,
    "moments": _moments,
    "route": _route,
    "per": _per,
    "number": _bare,
    "after_event": _after_event,
}
