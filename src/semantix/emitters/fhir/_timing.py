"""HL7 v3 general timing (PIVL, EIVL, SXPR, IVL) as FHIR Timing."""

from __future__ import annotations

from decimal import Decimal

from msgspec import structs

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._dates import seconds_between
from semantix.emitters.fhir._types import coding, null_flavor, period, quantity, range_, value
from semantix.model import Quantity, Range, TimeSpan, Timing

UNITS_OF_TIME = frozenset({"s", "min", "h", "d", "wk", "mo", "a"})
EVENTS = frozenset(
    [
        "HS",
        "WAKE",
        "C",
        "CM",
        "CD",
        "CV",
        "AC",
        "ACM",
        "ACD",
        "ACV",
        "PC",
        "PCM",
        "PCD",
        "PCV",
        "MORN",
        "NOON",
        "AFT",
        "EVE",
        "NIGHT",
        "PHS",
    ]
)
"""HL7 timing events that FHIR's ``when`` also has; FHIR refuses an offset beside C, CM, CD and CV."""

_MEALS = frozenset({"C", "CM", "CD", "CV"})
_BEFORE = frozenset({"AC", "ACM", "ACD", "ACV"})
_DAYS = frozenset({"d", "wk", "mo", "a"})
_MINUTES = {"min": 1, "h": 60, "d": 1440}

Rhythm = list[Timing]
"""What one FHIR Timing says: leaves that belong together, and, with operator ``E``, what is taken away from them."""


def timings(cx: Context, many: tuple[Timing, ...], bounds: TimeSpan | None = None) -> list[Json]:
    """One FHIR Timing for each distinct rhythm of a schedule; ``bounds`` applies to each."""
    spans = [bounds] if bounds is not None else []
    rhythms = _rhythms(many, spans)
    span = next((s for s in spans if s.first is not None or s.width is not None), spans[0] if spans else None)
    if span is not None and not rhythms:
        rhythms = [[]]
    return [_timing(cx, rhythm, span) for rhythm in rhythms]


def timing(cx: Context, many: tuple[Timing, ...]) -> Json:
    """The same as one Timing, its further rhythms in extensions of the first."""
    written = timings(cx, many)
    if not written:
        return {}
    first, *others = written
    for other in others:
        first.setdefault("extension", []).append({"url": url.FURTHER_TIMING, "valueTiming": other})
    return first


def _rhythms(many: tuple[Timing, ...], spans: list[TimeSpan]) -> list[Rhythm]:
    """The rhythms of a set expression; intervals that limit it all are added to ``spans``."""
    out: list[Rhythm] = []
    for one in many:
        if one.operator == "E":
            if not out:
                out.append([])
            for rhythm in out:
                rhythm.append(one)
            continue
        if one.parts:
            if one.bounds is not None:
                spans.append(one.bounds)
            inner = _rhythms(one.parts, spans)
        elif one.bounds is not None and one.period is None and one.event is None and not one.text:
            spans.append(one.bounds)
            continue
        else:
            inner = [[one]]
        known = tuple(out)
        for rhythm in inner:
            fitting = [held for held in known if _is_one(held, rhythm, one.operator)]
            for held in fitting:
                held.extend(rhythm)
            if not fitting:
                out.append(rhythm)
    return out


def _is_one(held: Rhythm, other: Rhythm, operator: str | None) -> bool:
    """True when one Timing says both: the same rhythm at several hours, or an event on the days of a period."""
    one, two = _kind(held), _kind(other)
    if one is None or two is None:
        return True
    if operator == "A" and (one[0] is None) != (two[0] is None):
        return True
    return one == two and all(x.operator != "E" for x in held + other)


def _kind(rhythm: Rhythm) -> tuple[object, ...] | None:
    """What leaves of one Timing have in common: the period, or the event's offset; ``None`` of exclusions alone."""
    leaves = [x for x in rhythm if x.operator != "E"]
    every = next((x.period for x in leaves if x.period is not None), None)
    events = frozenset(_minutes(x.offset) for x in leaves if x.event is not None)
    return ((every.value, every.unit) if every is not None else None, events) if leaves else None


def put_bounds(cx: Context, repeat: Json, span: TimeSpan) -> None:
    """Write a schedule's limits: a Period, or a Duration when the end is known by the length alone.

    A start and a length are a Duration with the start in an extension: a Period would have no end, and read as a
    treatment without one; to compute the end would decide whether its last day is in it.
    """
    width = span.width
    if width is not None and span.high is None:
        duration = quantity(cx, width)
        if duration.get("code") in UNITS_OF_TIME:
            if span.start is not None:
                start = {"url": url.BOUNDS_START, "valueDateTime": span.start.iso}
                duration.setdefault("extension", []).append(start)
            repeat["boundsDuration"] = duration
            return
    written = period(cx, span) if span.first is not None or not span.null else None
    if written:
        repeat["boundsPeriod"] = written


def _timing(cx: Context, rhythm: Rhythm, span: TimeSpan | None) -> Json:
    out: Json = {}
    repeat: Json = {}
    leaves = [x for x in rhythm if x.operator != "E"]
    for leaf in leaves:
        if leaf.alignment:
            _extend(out, url.ALIGNMENT, "Code", leaf.alignment)
        if leaf.institution_specified:
            _extend(out, url.INSTITUTION, "Boolean", True)
        if leaf.null:
            out.setdefault("extension", []).append(null_flavor(leaf.null))
    excluded = [t for x in rhythm if x.operator == "E" for t in timings(cx, (structs.replace(x, operator=None),)) if t]
    if excluded:
        # A modifier, because a reader who misses it would give the drug when it is not to be given.
        out["modifierExtension"] = [{"url": url.EXCLUDED_TIMING, "valueTiming": t} for t in excluded]
    _put_period(cx, out, repeat, [x for x in leaves if x.period is not None])
    _put_events(cx, out, repeat, [x for x in leaves if x.event is not None])
    for leaf in leaves:
        _put_counted(cx, repeat, leaf)
    text = "; ".join(leaf.text for leaf in leaves if leaf.text)
    if text:
        out.setdefault("code", {})["text"] = text
    # A first occurrence is where a repetition that nothing else limits begins.
    begun = next((x.phase for x in leaves if x.phase is not None and _is_moment(x.phase)), None)
    for limits in (*(leaf.bounds for leaf in leaves), span, begun if "timeOfDay" not in repeat else None):
        if limits is not None and not _is_bounded(repeat):
            put_bounds(cx, repeat, structs.replace(limits, value=None, low=limits.start) if limits is begun else limits)
    if span is not None and span.null and not _is_bounded(repeat):
        out.setdefault("extension", []).append(null_flavor(span.null))
    if repeat:
        out["repeat"] = repeat
    return out


def _is_moment(phase: TimeSpan) -> bool:
    return phase.width is None and phase.high is None and phase.start is not None


def _is_bounded(repeat: Json) -> bool:
    return any(key.startswith("bounds") for key in repeat)


def _extend(out: Json, name: str, kind: str, content: object) -> None:
    kept = {"url": name, f"value{kind}": content}
    if kept not in out.setdefault("extension", []):
        out["extension"].append(kept)


def _put_period(cx: Context, out: Json, repeat: Json, leaves: list[Timing]) -> None:
    every = leaves[0].period if leaves else None
    if every is None:
        return
    written = quantity(cx, every)
    if every.value is None or every.value < 0 or every.unit not in UNITS_OF_TIME:
        out.setdefault("code", {})["text"] = f"{every.value or ''} {every.unit or every.text or ''}".strip() or "?"
        if "extension" in written:
            out.setdefault("extension", []).extend(written["extension"])
    else:
        repeat["frequency"] = len(leaves)
        repeat["period"] = every.value
        repeat["periodUnit"] = every.unit
    _put_phases(cx, out, repeat, [leaf.phase for leaf in leaves if leaf.phase is not None])


def _put_counted(cx: Context, repeat: Json, leaf: Timing) -> None:
    """Write what a source counts: how often, on which days, at which hours or moments, how many in all."""
    if leaf.frequency is not None and "period" in repeat:
        repeat["frequency"] = leaf.frequency
        if leaf.frequency_max is not None:
            repeat["frequencyMax"] = leaf.frequency_max
    most = leaf.period_max
    if most is not None and most.value is not None and most.unit == repeat.get("periodUnit"):
        repeat["periodMax"] = most.value
    if leaf.days:
        repeat["dayOfWeek"] = list(leaf.days)
    if leaf.hours:
        repeat["timeOfDay"] = list(leaf.hours)
    if leaf.when and "timeOfDay" not in repeat:
        repeat["when"] = list(leaf.when)
    minutes = _minutes(leaf.offset) if "when" in repeat and not _MEALS.intersection(leaf.when) else None
    if minutes is not None and leaf.event is None:
        repeat["offset"] = abs(minutes)
    if leaf.count is not None:
        repeat["count"] = leaf.count
    if leaf.length is not None and not _is_bounded(repeat):
        repeat["boundsRange"] = range_(cx, leaf.length)


def _put_phases(cx: Context, out: Json, repeat: Json, phases: list[TimeSpan]) -> None:
    """Write at what time each occurrence begins and how long it lasts; what the elements do not say is an extension.

    A phase is one occurrence, whose date matters if the period is longer than a day.
    """
    if not phases:
        return
    every = (repeat.get("period"), repeat.get("periodUnit"))
    times = [phase.start.iso[11:19] for phase in phases if phase.start is not None and phase.start.has_time]
    if len(times) == len(phases) == repeat.get("frequency") and (every[1] in _DAYS or every == (24, "h")):
        repeat["timeOfDay"] = times
    lengths = [length for phase in phases for length in [_length(phase)] if length is not None]
    if len(lengths) == len(phases) and lengths.count(lengths[0]) == len(lengths):
        repeat["duration"], repeat["durationUnit"] = lengths[0]
    is_daily = "timeOfDay" in repeat and every in ((1, "d"), (24, "h"))
    for phase in phases:
        written = None if is_daily and (_is_moment(phase) or "duration" in repeat) else value(cx, phase)
        if written:
            _extend(out, url.PHASE, *written)


def _length(phase: TimeSpan) -> tuple[Decimal | int, str] | None:
    """How long one occurrence lasts, when its width or its hours tell."""
    width = phase.width
    if width is not None:
        if width.value is None or width.unit not in UNITS_OF_TIME or width.comparator or width.value < 0:
            return None
        return width.value, width.unit
    low, high = phase.low, phase.high
    if low is None or high is None or not (low.has_time and high.has_time):
        return None
    seconds = seconds_between(low, high)
    return (seconds // 60, "min") if seconds is not None and seconds >= 0 and seconds % 60 == 0 else None


def _put_events(cx: Context, out: Json, repeat: Json, leaves: list[Timing]) -> None:
    codes = [leaf.event for leaf in leaves if leaf.event is not None]
    if not codes:
        return
    # The event's own system and code stay in Timing.code, because `when` is a bare code.
    out.setdefault("code", {})["coding"] = [coding(cx, c) for c in codes]
    when = list(dict.fromkeys(c.code for c in codes if c.code in EVENTS))
    if when and "timeOfDay" not in repeat:
        # FHIR's rule tim-10: an hour or an event.
        repeat["when"] = when
    offsets = {_minutes(leaf.offset) for leaf in leaves}
    minutes = offsets.pop() if len(offsets) == 1 else None
    if (
        minutes is not None
        and "when" in repeat
        and not _MEALS.intersection(when)
        and (minutes >= 0 or {*when} <= _BEFORE)
    ):
        repeat["offset"] = abs(minutes)
        return
    for leaf in leaves:
        written = value(cx, leaf.offset) if leaf.offset is not None else None
        if written:
            _extend(out, url.TIMING_OFFSET, *written)


def _minutes(offset: Range | Quantity | None) -> int | None:
    """Whole minutes after the event (before, if negative)."""
    one = offset
    if isinstance(offset, Range):
        low, high = offset.low, offset.high
        one = low or high
        if low is not None and high is not None and (low.value, low.unit) != (high.value, high.unit):
            return None
    assert not isinstance(one, Range)
    if one is None or one.value is None or one.unit not in _MINUTES:
        return None
    minutes = one.value * _MINUTES[one.unit]
    return int(minutes) if minutes == int(minutes) else None
