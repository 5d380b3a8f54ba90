"""From the phrases of a text to its steps: who belongs to whom, and what contradicts what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby

from msgspec import structs

from semantix.text.posology._checks import ACTS, checked
from semantix.text.posology._items import Item
from semantix.text.posology._reading import Amount, Doubt, Limit, Step
from semantix.text.posology._schedule import DAY, ONE, schedule

_ANCHORS = frozenset({"moments", "meal", "clock", "days"})
_RHYTHMS = frozenset({"frequency", "bare_per", "every", "per", "split", "except"})
_DOSES = frozenset({"dose", "number"})
_MEASURES = ("mg", "g", "µg", "ml", "UI")
_SCHEME = ("MORN", "NOON", "EVE", "HS")
_ORDER = ("WAKE", "MORN", "NOON", "AFT", "EVE", "HS", "NIGHT")


def steps(found: list[Item]) -> tuple[Step, ...]:
    """The steps of a text; :class:`Doubt` when it has none or can be read in two ways."""
    if any(one.kind == "stop" for one in found[:-1]) or (found and "then" in (found[0].kind, found[-1].kind)):
        raise Doubt("ambiguous", found[0].start, found[-1].end)
    is_stopped = bool(found) and found[-1].kind == "stop"
    groups = [list(many) for is_then, many in groupby(found, lambda x: x.kind == "then") if not is_then]
    if is_stopped:
        groups[-1].pop()
        groups = [g for g in groups if g]
    if not groups:
        raise Doubt("nothing")
    out: list[Step] = []
    for number, group in enumerate(groups, 1):
        made = _group(group, out[-1] if out else None)
        is_last = number == len(groups)
        if (not is_last or is_stopped) and not all(s.duration or s.once for s in made):
            raise Doubt("ambiguous", group[0].start, group[-1].end)
        is_numbered = len(groups) > 1 or len(made) > 1
        out.extend(structs.replace(s, sequence=number if is_numbered else None) for s in made)
    return tuple(out)


def _group(group: list[Item], previous: Step | None) -> tuple[Step, ...]:
    try:
        return _merged([checked(one) for one in _parts(group, previous)])
    except Doubt as doubt:
        raise Doubt(doubt.reason, doubt.start or group[0].start, doubt.end or group[-1].end) from None


def _parts(group: list[Item], previous: Step | None) -> list[Step]:
    schemes = [one for one in group if one.kind in ("scheme", "scheme_once")]
    if schemes:
        return _of_scheme(group, schemes)
    doses = [i for i, one in enumerate(group) if one.kind in _DOSES]
    if len(doses) > 1:
        return _several(group, doses)
    return [_one(group, previous)]


# --- several doses ------------------------------------------------------------------------------------------------


def _of_scheme(group: list[Item], schemes: list[Item]) -> list[Step]:
    """Read ``1-0-1``: the dose of each moment; a dose beside it must be the one it repeats."""
    rest = [one for one in group if one not in schemes and one.kind not in _DOSES]
    doses = [one for one in group if one.kind in _DOSES]
    if len(schemes) > 1 or len(doses) > 1 or any(one.kind in _ANCHORS | _RHYTHMS - {"per"} for one in rest):
        raise Doubt("ambiguous")
    if any(one.kind == "per" and one.span != DAY for one in rest):
        raise Doubt("contradiction")
    scheme = schemes[0]
    numbers: tuple[Decimal, ...] = scheme.numbers
    unit = scheme.unit
    if doses:
        dose = doses[0].amount
        assert dose is not None
        unit = unit or doses[0].unit
        if scheme.kind == "scheme_once":
            numbers = (dose.low,) * 3
        if (dose.high is not None) or (scheme.kind == "scheme" and (dose.low != 1 or {*numbers} - {0, 1})):
            raise Doubt("ambiguous")
    elif scheme.kind == "scheme_once":
        return [_one([*rest, structs.replace(scheme, kind="moments", codes=_SCHEME[:3])], None)]
    out = []
    for moment, number in zip(_SCHEME, numbers, strict=False):
        if number:
            at = structs.replace(scheme, kind="moments", codes=(moment,))
            taken = structs.replace(scheme, kind="dose", amount=Amount(number), unit=unit)
            out.append(_one([taken, at, *rest], None))
    return out


def _several(group: list[Item], doses: list[int]) -> list[Step]:
    """Each dose with its moments: before it when the text begins with one, else after it."""
    anchors = [i for i, one in enumerate(group) if one.kind in _ANCHORS and not _is_of_all(one)]
    if not anchors or any(one.kind in _RHYTHMS and one.span != DAY for one in group):
        raise Doubt("ambiguous")
    is_before = anchors[0] < doses[0]
    cuts = [d + 1 for d in doses[:-1]] if is_before else doses[1:]
    segments = [group[a:b] for a, b in zip([0, *cuts], [*cuts, len(group)], strict=True)]
    for segment in segments:
        kinds = [one.kind for one in segment if not _is_of_all(one)]
        if not _ANCHORS.intersection(kinds):
            raise Doubt("ambiguous")
    if is_before and anchors[-1] > doses[-1]:
        raise Doubt("ambiguous")
    own, shared = _share(segments)
    units = [one.unit for one in group if one.kind in _DOSES and one.unit]
    if len(set(units)) > 1:
        raise Doubt("ambiguous")
    out = []
    for segment in own:
        named = [
            structs.replace(one, kind="dose", unit=units[0] if units else None) if one.kind in _DOSES else one
            for one in segment
        ]
        out.append(_one([*named, *shared], None))
    _apart(out)
    return out


def _is_of_all(one: Item) -> bool:
    """True for a relation to all meals, which says how and not when."""
    return one.kind == "meal" and one.codes in (("AC",), ("PC",), ("C",)) and one.unit == "all"


_SHARED = frozenset({"duration", "limit", "interval", "site", "route", "note", "per", "every", "reason", "as_needed"})


def _share(segments: list[list[Item]]) -> tuple[list[list[Item]], list[Item]]:
    """What each segment says of itself, and what the first or the last says of all."""
    shared: list[Item] = []
    own = [list(segment) for segment in segments]
    for kind in [*_SHARED, "meal"]:
        holders = [
            i for i, s in enumerate(own) for one in s if one.kind == kind and (kind != "meal" or _is_of_all(one))
        ]
        if not holders or (sorted(holders) == list(range(len(own))) and kind not in ("reason", "as_needed")):
            continue
        last = len(own) - 1
        if len(holders) > 1 or holders[0] not in (0, last):
            raise Doubt("ambiguous")
        where = own[holders[0]]
        one = next(x for x in where if x.kind == kind and (kind != "meal" or _is_of_all(x)))
        is_first, is_last = holders[0] == 0 and where[0] is one, holders[0] == last
        # "1 matin, 1 soir si besoin": of the evening alone, or of both?
        if not is_first and (not is_last or kind in ("reason", "as_needed")):
            raise Doubt("ambiguous")
        where.remove(one)
        shared.append(one)
    return own, shared


def _apart(parts: list[Step]) -> None:
    """Refuse two doses at one moment of one day."""
    seen: set[tuple[str, str]] = set()
    for one in parts:
        for day in one.days or ("",):
            for moment in one.hours or one.moments or ("",):
                if (day, moment) in seen or (moment and ("", moment) in seen):
                    raise Doubt("ambiguous")
                seen.add((day, moment))
    if len({bool(one.days) for one in parts}) > 1 or len({bool(one.hours) for one in parts}) > 1:
        raise Doubt("ambiguous")


def _merged(parts: list[Step]) -> tuple[Step, ...]:
    """Steps that differ in their moments alone are one."""
    out: list[Step] = []
    for one in parts:
        for i, held in enumerate(out):
            is_plain = not (held.hours or one.hours) and held.moments and one.moments
            if is_plain and structs.replace(held, moments=one.moments) == one:
                out[i] = structs.replace(held, moments=_in_order((*held.moments, *one.moments)))
                break
        else:
            out.append(one)
    return tuple(out)


def _in_order(moments: Iterable[str]) -> tuple[str, ...]:
    given = tuple(dict.fromkeys(moments))
    return tuple(sorted(given, key=lambda m: _ORDER.index(m) if m in _ORDER else len(_ORDER) + given.index(m)))


# --- one dose -----------------------------------------------------------------------------------------------------


def _one(group: Sequence[Item], previous: Step | None) -> Step:
    of = _by_kind(group)
    _settle_once(of)
    dose, unit = _dose(of)
    # "3/j puis 2/j" after "1 cp" is still so many times.
    is_counted = previous is not None and previous.frequency is not None and not previous.is_total
    timing = schedule(of, has_dose=dose is not None or is_counted)
    duration = _only(of, "duration")
    step = Step(
        dose=dose if dose is not None else timing.dose,
        unit=unit,
        is_total=timing.is_total,
        frequency=timing.frequency,
        period=timing.period,
        moments=_in_order(timing.moments),
        offset=timing.offset,
        days=timing.days,
        hours=timing.hours,
        duration=duration.span if duration is not None else None,
        once=bool(of.get("once") or of.get("start")),
        as_needed=any(of.get(k) for k in ("as_needed", "reason", "after_event")),
        reason=_reason(of),
        maximum=_limit(of, unit),
        interval=next((x.span for x in of.get("interval", ())), None),
        route=_words(of, "route"),
        site=_words(of, "site"),
        notes=tuple(x.text for x in of.get("note", ())),
    )
    if previous is not None:
        step = _continued(step, previous)
    return _shared_out(step)


def _by_kind(group: Sequence[Item]) -> dict[str, list[Item]]:
    of: dict[str, list[Item]] = {}
    for one in group:
        kind = "limit" if one.kind == "limit_after" else one.kind
        of.setdefault(kind, []).append(one)
    if "also" in of:
        # "matin et soir, et si besoin": more than the rest, or all of it?
        raise Doubt("ambiguous", of["also"][0].start, of["also"][0].end)
    for kind in ("limit", "interval", "site", "reason", "after_event"):
        if len(of.get(kind, ())) > 1:
            raise Doubt("ambiguous", of[kind][1].start, of[kind][1].end)
    return of


def _settle_once(of: dict[str, list[Item]]) -> None:
    """``3 g par jour en prise unique`` is the day's dose at once; ``3 g en prise unique`` is once in all."""
    once = _only(of, "once")
    if once is None or once.unit is None:
        return
    is_repeated = any(of.get(kind) for kind in ("per", "bare_per", "frequency", "every"))
    is_placed = any(of.get(kind) for kind in _ANCHORS)
    if is_repeated or (is_placed and once.unit == "split"):
        del of["once"]
        of.setdefault("split", []).append(structs.replace(once, kind="split", amount=ONE))
    elif is_placed:
        # "3 cp le soir en prise unique": this evening, or every one?
        raise Doubt("ambiguous", once.start, once.end)


def _only(of: dict[str, list[Item]], kind: str) -> Item | None:
    many = of.get(kind, [])
    if len(many) > 1:
        raise Doubt("ambiguous", many[1].start, many[1].end)
    return many[0] if many else None


def _dose(of: dict[str, list[Item]]) -> tuple[Amount | None, str | None]:
    found = [*of.get("dose", ()), *of.get("number", ())]
    if not found:
        return None, None
    return found[0].amount, found[0].unit


def _reason(of: dict[str, list[Item]]) -> str:
    found = [*of.get("reason", ()), *of.get("after_event", ())]
    if len(found) > 1:
        raise Doubt("ambiguous", found[1].start, found[1].end)
    return found[0].text if found else ""


def _words(of: dict[str, list[Item]], kind: str) -> str | None:
    found = {(x.codes[0] if x.codes else x.text) for x in of.get(kind, ())}
    if len(found) > 1:
        raise Doubt("ambiguous", of[kind][1].start, of[kind][1].end)
    return found.pop() if found else None


def _limit(of: dict[str, list[Item]], unit: str | None) -> Limit | None:
    found = _only(of, "limit")
    if found is None:
        return None
    assert found.amount is not None
    assert found.span is not None
    named = found.unit or unit
    if found.unit is None and unit is not None and (unit in _MEASURES or "/" in unit):
        # "500 mg, max 4/j": four milligrams or four times?
        raise Doubt("ambiguous", found.start, found.end)
    return Limit(found.amount.low, named, found.span)


_WHEN = ("frequency", "period", "moments", "offset", "days", "hours", "is_total")


def _continued(step: Step, previous: Step) -> Step:
    """What a later step does not say is as before: the unit, the dose, the rhythm."""
    is_silent = not any(getattr(step, name) for name in _WHEN) and not step.once
    if step.dose is None:
        if previous.is_total and not is_silent:
            raise Doubt("ambiguous")
        step = structs.replace(
            step, dose=previous.dose, unit=previous.unit, is_total=step.is_total or previous.is_total
        )
    elif step.unit is None:
        step = structs.replace(step, unit=previous.unit)
    if is_silent and not (step.as_needed and step.reason) and not previous.once:
        step = structs.replace(step, **{name: getattr(previous, name) for name in _WHEN})
    return structs.replace(step, route=step.route or previous.route, site=step.site or previous.site)


def _shared_out(step: Step) -> Step:
    """Tell the dose of a day that is one administration, or several acts, from one whose sharing is not told."""
    dose = step.dose
    if not step.is_total or dose is None or step.frequency is not None:
        return step
    if step.unit in ACTS and (dose.low > 1 or dose.high is not None):
        return structs.replace(step, dose=None, is_total=False, frequency=dose)
    is_countable = step.unit is None or (step.unit not in _MEASURES and "/" not in step.unit)
    if is_countable and dose.high is None and dose.low <= 1:
        is_told = step.moments or step.hours or step.days
        return structs.replace(step, is_total=False, frequency=None if is_told else Amount(Decimal(1)))
    if len(step.hours or step.moments) == 1 and step.moments not in (("AC",), ("PC",), ("C",), ("IC",), ("FAST",)):
        return structs.replace(step, is_total=False)
    return step
