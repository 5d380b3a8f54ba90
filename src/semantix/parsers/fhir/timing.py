"""Dosage and Timing as the model's dosing instructions."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from semantix.model import Dosage, Precondition, Quantity, Range, TimeSpan, Timing
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.context import Context
from semantix.parsers.fhir.datatypes import (
    coding,
    concept,
    period,
    quantity,
    range_,
    ratio,
    when,
)
from semantix.parsers.fhir.shapes import (
    Json,
    boolean,
    extension,
    extensions,
    first,
    integer,
    items,
    number,
    text,
    texts,
)
from semantix.parsers.fhir.values import value

MOST = 24
"""Occurrences a period that are written one by one."""


def dosages(cx: Context, value: Any) -> tuple[Dosage, ...]:
    """Every Dosage of a list that says something."""
    return tuple(dosage(cx, one) for one in items(value))


def dosage(cx: Context, one: Json) -> Dosage:
    """One Dosage. Of several doses the first is taken: the others are of another kind (ordered, calculated)."""
    sheet = cx.sheet
    amount = first(one.get("doseAndRate")) or one
    timing = first(one.get("timing"))
    site = concept(sheet, one.get("site"))
    others = [concept(sheet, x.get("valueCodeableConcept")) for x in extensions(one, url.OTHER_SITE)]
    unit = extension(one, f"{url.OWN}dose-unit")
    return Dosage(
        at=sheet.spot(one),
        sequence=integer(one.get("sequence")),
        text=_words(one),
        bounds=_bounds(cx, first((timing or {}).get("repeat"))),
        timings=timings(cx, timing) if timing is not None else (),
        route=concept(sheet, one.get("route")),
        sites=tuple(x for x in (site, *others) if x is not None),
        dose=_amount(cx, amount, "dose"),
        rate=_amount(cx, amount, "rate"),
        max_dose=ratio(sheet, one.get("maxDosePerPeriod")),
        preconditions=_conditions(cx, one),
        unit=concept(sheet, unit.get("valueCodeableConcept")) if unit is not None else None,
    )


def _words(one: Json) -> str | None:
    """The instruction, and what else is said in words only."""
    method = text((first(one.get("method")) or {}).get("text"))
    said = [text(one.get("text")), method]
    said += [text(x.get("text")) for x in items(one.get("additionalInstruction"))]
    return "; ".join(dict.fromkeys(x for x in said if x)) or None


def _amount(cx: Context, holder: Json, name: str) -> Quantity | Range | None:
    if f"{name}Range" in holder:
        return range_(cx.sheet, holder[f"{name}Range"])
    if f"{name}Ratio" in holder:
        found = ratio(cx.sheet, holder[f"{name}Ratio"])
        return _per(found.numerator, found.denominator) if found is not None else None
    held = holder.get(f"{name}Quantity")
    if held is None and name == "dose":
        held = holder.get(name)
    return quantity(cx.sheet, held)


def _per(over: Quantity | None, under: Quantity | None) -> Quantity | None:
    """``5 mL`` over ``1 h`` as ``5 mL/h``; any other denominator stays in words."""
    if over is None or under is None:
        return over
    if under.value == 1 and under.unit:
        return structs.replace(over, unit=f"{over.unit or '1'}/{under.unit}")
    said = f"{over.value} {over.unit or ''} / {under.value} {under.unit or ''}"
    return structs.replace(over, value=None, unit=None, text=" ".join(said.split()))


def _conditions(cx: Context, one: Json) -> tuple[Precondition, ...]:
    sheet = cx.sheet
    why = concept(sheet, one.get("asNeededCodeableConcept"))
    out = []
    if why is not None:
        coded = why if why.codings else None
        out.append(Precondition(sheet.spot(one, "asNeeded"), coded, why.text if coded is None else None))
    elif boolean(one.get("asNeededBoolean")):
        out.append(Precondition(sheet.spot(one, "asNeeded")))
    for kept in extensions(one, f"{url.OWN}precondition"):
        code, said = extension(kept, "code"), extension(kept, "text")
        found = extension(kept, "value")
        out.append(
            Precondition(
                sheet.spot(kept),
                concept(sheet, code.get("valueCodeableConcept")) if code is not None else None,
                text(said.get("valueString")) if said is not None else None,
                value(sheet, found) if found is not None else None,
            )
        )
    return tuple(out)


# --- schedules ----------------------------------------------------------------------------------------------------


def _bounds(cx: Context, repeat: Json | None) -> TimeSpan | None:
    if repeat is None:
        return None
    sheet = cx.sheet
    found = period(sheet, repeat.get("boundsPeriod"))
    if found is not None:
        return found
    duration = first(repeat.get("boundsDuration"))
    width = quantity(sheet, duration)
    if width is None or duration is None:
        return None
    start = extension(duration, f"{url.OWN}bounds-start")
    return TimeSpan(sheet.spot(duration), low=when(sheet, start, "valueDateTime"), width=width)


def timings(cx: Context, timing: Json) -> tuple[Timing, ...]:
    """One leaf for each occurrence of a period, each event, each fixed time."""
    sheet = cx.sheet
    repeat = first(timing.get("repeat")) or {}
    codes = [found for c in items((first(timing.get("code")) or {}).get("coding")) if (found := coding(sheet, c))]
    leaves = [*_periodic(cx, repeat), *_events(cx, repeat, [c.code for c in codes])]
    offset = extension(timing, f"{url.OWN}timing-offset")
    later = value(sheet, offset) if offset is not None else _offset(cx, repeat)
    kept = later if isinstance(later, (Range, Quantity)) else None
    for rank, code in enumerate(codes):
        if rank < len(leaves) and leaves[rank].event is None:
            leaves[rank] = structs.replace(leaves[rank], event=code, offset=kept)
        else:
            leaves.append(Timing(at=code.at, event=code, offset=kept))
    said = _said(timing, repeat, has_code=bool(codes))
    if said:
        bare = leaves or [Timing(at=sheet.spot(timing, "text"))]
        leaves = [structs.replace(bare[0], text=said), *bare[1:]]
    moments = texts(timing.get("event"))
    for rank, moment in enumerate(moments[:MOST]):
        part = f"event[{rank}]"
        point = when(sheet, {"event": moment}, "event")
        if point is not None:
            leaves.append(Timing(at=sheet.spot(timing, part), bounds=TimeSpan(sheet.spot(timing, f"{part}#"), point)))
    return tuple(leaves)


def _periodic(cx: Context, repeat: Json) -> list[Timing]:
    unit = text(repeat.get("periodUnit"))
    every = number(repeat.get("period"))
    if every is None or unit is None:
        return []
    times = integer(repeat.get("frequency")) or 1
    length = number(repeat.get("duration"))
    long = text(repeat.get("durationUnit"))
    phase = None
    if length is not None and long is not None:
        width = cx.sheet.quantity(repeat, "duration", length, long)
        phase = TimeSpan(cx.sheet.spot(repeat, "duration#"), width=width)
    if not 0 < times <= MOST:
        return []
    found = cx.sheet.quantity(repeat, "period", every, unit)
    return [Timing(at=cx.sheet.spot(repeat, f"period[{n}]"), period=found, phase=phase) for n in range(times)]


def _offset(cx: Context, repeat: Json) -> Quantity | None:
    minutes = integer(repeat.get("offset"))
    return cx.sheet.quantity(repeat, "offset", minutes, "min") if minutes is not None else None


def _events(cx: Context, repeat: Json, known: list[str]) -> list[Timing]:
    """Meals and other events of the day; those that ``Timing.code`` already tells are not told twice."""
    out = []
    for rank, code in enumerate(texts(repeat.get("when"))):
        if code not in known:
            event = cx.sheet.derived(repeat, f"when[{rank}]", code, url.EVENT_TIMING)
            out.append(Timing(at=cx.sheet.spot(repeat, f"when[{rank}]#"), event=event, offset=_offset(cx, repeat)))
    return out


def _said(timing: Json, repeat: Json, *, has_code: bool) -> str | None:
    """What of a schedule the model has no place for, in FHIR's own words."""
    said = [] if has_code else [text((first(timing.get("code")) or {}).get("text"))]
    said += texts(repeat.get("dayOfWeek")) + texts(repeat.get("timeOfDay"))
    times = integer(repeat.get("frequency")) or 1
    if not 0 < times <= MOST:
        said.append(f"{times} / {number(repeat.get('period'))} {text(repeat.get('periodUnit')) or ''}".strip())
    most = integer(repeat.get("frequencyMax"))
    if most is not None:
        said.append(f"frequencyMax {most}")
    count = integer(repeat.get("count"))
    if count is not None:
        said.append(f"count {count}")
    return "; ".join(x for x in said if x) or None
