"""When to take a dose: the phrases of time of one instruction, combined, and refused when they contradict."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from semantix.text.posology._items import Item
from semantix.text.posology._reading import Amount, Doubt, Span

ONE = Amount(Decimal(1))
DAY = Span(ONE, "d")
WEEK = Span(ONE, "wk")
_DAY_IN_HOURS = Span(Amount(Decimal(24)), "h")
_MEAL_OF = {"MORN": "M", "NOON": "D", "EVE": "V"}
_MOMENT_OF = {"M": "MORN", "D": "NOON", "V": "EVE"}
_GENERIC = frozenset({"AC", "PC", "C"})
_QUALIFIERS = frozenset({"FAST", "IC"})
_HOURS_OF = {"MORN": (4, 12), "NOON": (11, 14), "AFT": (12, 18), "EVE": (16, 24), "HS": (19, 24), "NIGHT": (20, 24)}

Phrases = dict[str, list[Item]]


class Schedule(Struct, frozen=True, kw_only=True):
    """The time of one instruction; ``dose`` is that of ``3/j``, where the number is the dose."""

    dose: Amount | None = None
    is_total: bool = False
    frequency: Amount | None = None
    period: Span | None = None
    moments: tuple[str, ...] = ()
    offset: int | None = None
    days: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()


def schedule(of: Phrases, *, has_dose: bool) -> Schedule:
    """Combine the phrases of time of one instruction."""
    moments, offset = _moments(of)
    hours = tuple(code for one in of.get("clock", ()) for code in one.codes)
    moments = _without_hours(moments, hours)
    days = _days(of)
    counted = tuple(m for m in moments if m not in _QUALIFIERS)
    dose, times = _counted(of, has_dose=has_dose)
    every = _alike([one.span for one in of.get("every", ())])
    per = _alike([one.span for one in of.get("per", ())])
    if "bare_per" in of and dose is not None:
        per = _alike([per, of["bare_per"][0].span])
    split = _split(of)
    frequency, period = _agreed(times, every, per) if times is not None else (None, _alike([every, per]))
    if per is not None and not (has_dose or dose is not None or split is not None):
        raise Doubt("nothing")
    is_total = (
        (has_dose or dose is not None)
        and times is None
        and (per is not None or (every == DAY and split is None and not hours and not counted))
    )
    if split is not None:
        frequency, period, is_total = _shared(split, frequency, period, is_total=is_total)
    if split is not None and period is None and not (hours or counted or days):
        raise Doubt("ambiguous")
    _check(frequency, period, hours or counted, days)
    if is_total and frequency is None and len(hours or counted) > 1:
        # "2 cp par jour matin et soir": two each time, or one?
        raise Doubt("ambiguous")
    if times is None and split is None and period is not None and frequency is None:
        is_total, frequency = _implied(counted or hours or days, period, is_total=is_total)
    if days and every == DAY and "except" not in of:
        raise Doubt("contradiction")
    if "except" in of and period is None and not moments and not hours:
        raise Doubt("ambiguous")
    return Schedule(
        dose=dose,
        is_total=is_total,
        frequency=frequency,
        period=period,
        moments=moments,
        offset=offset,
        days=days,
        hours=hours,
    )


def _alike(spans: list[Span | None]) -> Span | None:
    known = {span for span in spans if span is not None}
    if len(known) > 1:
        raise Doubt("contradiction")
    return known.pop() if known else None


def _counted(of: Phrases, *, has_dose: bool) -> tuple[Amount | None, tuple[Amount, Span] | None]:
    """How many times in what; ``3/j`` is that beside a dose, and a dose of the day without one."""
    told = [(one.amount, one.span) for one in of.get("frequency", ())]
    bare = of.get("bare_per", [])
    dose = None
    if bare and (len(bare) > 1 or told):
        raise Doubt("ambiguous")
    if bare and has_dose:
        told = [(bare[0].amount, bare[0].span)]
    elif bare:
        dose = bare[0].amount
    if not told:
        return dose, None
    if len(set(told)) > 1:
        raise Doubt("contradiction")
    amount, span = told[0]
    assert amount is not None
    assert span is not None
    return dose, (amount, span)


def _agreed(times: tuple[Amount, Span], every: Span | None, per: Span | None) -> tuple[Amount | None, Span | None]:
    """Three times a day and every eight hours are the same; three times a day and every six are not."""
    frequency, period = times
    if per is not None and per != period:
        raise Doubt("contradiction")
    if per is not None:
        # "3 cp par jour 3 fois par jour": the day's dose or each one's?
        raise Doubt("ambiguous")
    if every is None or every == period:
        return frequency, period
    is_whole = every.amount.high is None and frequency.high is None and period in (DAY, _DAY_IN_HOURS)
    if is_whole and every.unit == "h" and every.amount.low * frequency.low == _DAY_IN_HOURS.amount.low:
        return ONE, every
    if is_whole and every.unit in ("d", "wk", "mo") and frequency == ONE:
        return ONE, every
    raise Doubt("contradiction")


def _split(of: Phrases) -> Item | None:
    found = of.get("split", [])
    if len(found) > 1:
        raise Doubt("ambiguous")
    return found[0] if found else None


def _shared(
    split: Item, frequency: Amount | None, period: Span | None, *, is_total: bool
) -> tuple[Amount | None, Span | None, bool]:
    """``en 3 prises``: the dose of the period in so many; ``en une prise``: the dose at once."""
    assert split.amount is not None
    period = _alike([period, split.span])
    if frequency is not None and frequency != split.amount:
        raise Doubt("contradiction")
    if split.amount == ONE:
        return ONE if period is not None else None, period, False
    if not is_total:
        raise Doubt("ambiguous")
    return split.amount, period, True


def _implied(told: tuple[str, ...], period: Span, *, is_total: bool) -> tuple[bool, Amount | None]:
    """Every eight hours is once in them, unless moments say when; a day's dose is shared as nobody tells."""
    if is_total:
        return True, None
    return False, None if told else ONE


# --- moments ------------------------------------------------------------------------------------------------------


def _moments(of: Phrases) -> tuple[tuple[str, ...], int | None]:
    """Moments and meals together: in the morning and before the meals is before breakfast."""
    named = list(dict.fromkeys(code for one in of.get("moments", ()) for code in one.codes))
    meals = of.get("meal", [])
    if len(meals) > 1 and len({m.codes for m in meals}) > 1:
        return _several_meals(named, meals)
    if not meals:
        return tuple(named), None
    meal = meals[0]
    out: list[str] = []
    if meal.codes[0] in _GENERIC:
        relation = meal.codes[0]
        placed = [m for m in named if m in _MEAL_OF]
        out = [relation + _MEAL_OF[m] if m in _MEAL_OF else m for m in named]
        if not placed:
            out.insert(0, relation)
    else:
        covered = {_MOMENT_OF[code[-1]] for code in meal.codes}
        out = [*meal.codes, *(m for m in named if m not in covered)]
        if any(m in _MEAL_OF for m in out) and len(meal.codes) == 1 and len(named) > 1:
            raise Doubt("ambiguous")
    if meal.offset is not None and any(m not in _QUALIFIERS and m[:2] not in ("AC", "PC") for m in out):
        raise Doubt("ambiguous")
    return tuple(out), meal.offset


def _several_meals(named: list[str], meals: list[Item]) -> tuple[tuple[str, ...], int | None]:
    """Named meals, each once; anything else with two kinds of meals could be read in two ways."""
    codes = [code for meal in meals for code in meal.codes]
    covered = {_MOMENT_OF.get(code[-1], "") for code in codes}
    if any(code in _GENERIC for code in codes) or any(m.offset is not None for m in meals):
        raise Doubt("ambiguous")
    if len({code[-1] for code in codes}) < len(codes):
        raise Doubt("contradiction")
    return (*codes, *(m for m in named if m not in covered)), None


def _without_hours(moments: tuple[str, ...], hours: tuple[str, ...]) -> tuple[str, ...]:
    """An hour beside its moment says it better; one beside another moment contradicts it."""
    kept = tuple(m for m in moments if m in _QUALIFIERS)
    counted = [m for m in moments if m not in _QUALIFIERS]
    if not hours or not counted:
        return moments
    if len(hours) != len(counted):
        raise Doubt("ambiguous")
    for moment, hour in zip(counted, hours, strict=True):
        first, last = _HOURS_OF.get(moment, (0, 0))
        if not first <= int(hour[:2]) < last:
            raise Doubt("contradiction")
    return kept


def _days(of: Phrases) -> tuple[str, ...]:
    named = of.get("days", [])
    left = of.get("except", [])
    if (named and left) or len(left) > 1:
        raise Doubt("ambiguous")
    if left:
        return left[0].codes
    found = {day for one in named for day in one.codes}
    return tuple(d for d in ("mon", "tue", "wed", "thu", "fri", "sat", "sun") if d in found)


def _check(frequency: Amount | None, period: Span | None, told: tuple[str, ...], days: tuple[str, ...]) -> None:
    """Twice a day in the morning and the evening, never three times."""
    if period is not None and period.unit in ("h", "min") and (told or days) and period != _DAY_IN_HOURS:
        raise Doubt("contradiction")
    if days and period is not None and period not in (DAY, WEEK, _DAY_IN_HOURS):
        raise Doubt("contradiction")
    if frequency is None:
        return
    if days and period == WEEK and frequency.high is None and frequency.low != len(days):
        raise Doubt("contradiction")
    if not told or {*told} <= _GENERIC:
        return
    if frequency.high is not None:
        raise Doubt("ambiguous")
    if frequency.low != len(told) and (period in (DAY, _DAY_IN_HOURS) or len(told) > 1):
        raise Doubt("contradiction")
