"""From the reading of a dosage text to the model's dosages, each value with its place."""

from __future__ import annotations

from decimal import Decimal

from semantix.model import Dosage, Precondition, Quantity, Range, Ratio, TimeSpan, Timing
from semantix.parsers._book import Book
from semantix.text.posology import Amount, Posology, Span, Step

_UCUM = {"UI": "[iU]", "µg": "ug", "UI/kg": "[iU]/kg", "µg/kg": "ug/kg"}
_MEASURES = ("mg", "g", "ug", "ml", "[iU]")
_TIME_WORDS = {"min": "min", "h": "h", "d": "jour", "wk": "semaine", "mo": "mois", "a": "an"}
_WORDS = {"FAST": "à jeun", "IC": "entre les repas"}
"""Moments that FHIR's ``when`` has not; they are instructions in words."""
_GENERIC = frozenset({"AC", "PC", "C"})
_DAY = Span(Amount(Decimal(1)), "d")
_HOURS_A_DAY = Decimal(24)


def dosages(book: Book, path: str, posology: Posology) -> tuple[Dosage, ...]:
    """The dosages of a reading; the text alone when it could not be read.

    The first dosage holds the whole text. What to dispense (``posology.repeats`` and :func:`supply`) is no dosage.
    """
    if not posology.structured:
        text = posology.text.strip()
        return (Dosage(at=book.spot(path), text=text),) if text else ()
    return tuple(
        _dosage(book, f"{path}/step[{rank}]", step, posology.text.strip() if rank == 1 else None)
        for rank, step in enumerate(posology.steps, 1)
    )


def supply(book: Book, path: str, posology: Posology) -> TimeSpan | None:
    """How long the dispensed quantity is to last (``QSP 3 mois``), for ``Medication.supply_time``."""
    if posology.supply is None:
        return None
    width = _width(book, f"{path}/supply", posology.supply)
    return TimeSpan(book.spot(f"{path}/supply"), width=width) if isinstance(width, Quantity) else None


def _dosage(book: Book, path: str, step: Step, text: str | None) -> Dosage:
    width = _width(book, f"{path}/duration", step.duration) if step.duration is not None else None
    timing = _timing(book, path, step, width if isinstance(width, Range) else None)
    dose = _quantity(book, f"{path}/dose", step) if step.dose is not None else None
    return Dosage(
        at=book.spot(path),
        sequence=step.sequence,
        text=text,
        bounds=TimeSpan(book.spot(f"{path}/bounds"), width=width) if isinstance(width, Quantity) else None,
        timings=(timing,) if timing is not None else (),
        route=book.concept(f"{path}/route", text=f"voie {step.route}") if step.route else None,
        sites=(book.concept(f"{path}/site", text=step.site),) if step.site else (),
        dose=None if step.is_total else dose,
        rate=dose if step.is_total else None,
        max_dose=_maximum(book, path, step),
        preconditions=(Precondition(book.spot(f"{path}/reason"), text=step.reason),) if step.reason else (),
        as_needed=step.as_needed,
        instructions=_instructions(step),
    )


def _unit(unit: str | None) -> str | None:
    return _UCUM.get(unit, unit) if unit is not None else None


def _quantity(book: Book, path: str, step: Step) -> Quantity | Range:
    """The dose; a dose of the day that is shared out is an amount a day (``mg/kg/d``, ``comprimé/jour``)."""
    assert step.dose is not None
    unit = _unit(step.unit)
    if step.is_total and step.period is not None:
        unit = f"{unit or 'unité'}/{_per(unit, step.period)}"
    low = book.quantity(path, step.dose.low, unit)
    if step.dose.high is None:
        return low
    return book.range(path, low, book.quantity(path, step.dose.high, unit))


def _per(unit: str | None, period: Span) -> str:
    number, name = period.amount.low, period.unit
    if (number, name) == (_HOURS_A_DAY, "h"):
        number, name = Decimal(1), "d"
    if number == 1 and unit is not None and unit.partition("/")[0] in _MEASURES:
        return name
    return _TIME_WORDS[name] if number == 1 else f"{number} {_TIME_WORDS[name]}"


def _width(book: Book, path: str, span: Span) -> Quantity | Range:
    low = book.quantity(path, span.amount.low, span.unit)
    if span.amount.high is None:
        return low
    return book.range(path, low, book.quantity(path, span.amount.high, span.unit))


def _maximum(book: Book, path: str, step: Step) -> Ratio | None:
    limit = step.maximum
    if limit is None:
        return None
    most = book.quantity(f"{path}/max", limit.value, _unit(limit.unit))
    per = book.quantity(f"{path}/max", limit.per.amount.low, limit.per.unit)
    return Ratio(most, per, book.spot(f"{path}/max"))


def _instructions(step: Step) -> tuple[str, ...]:
    out = [_WORDS[moment] for moment in step.moments if moment in _WORDS]
    if step.interval is not None:
        amount = step.interval.amount
        length = f"{amount.low}" if amount.high is None else f"{amount.low} à {amount.high}"
        out.append(f"intervalle entre les prises : {length} {_TIME_WORDS[step.interval.unit]}")
    return (*out, *step.notes)


# --- timing -------------------------------------------------------------------------------------------------------


def _timing(book: Book, path: str, step: Step, length: Range | None) -> Timing | None:
    when = tuple(moment for moment in step.moments if moment not in _WORDS)
    hours = tuple(f"{hour}:00" for hour in step.hours)
    times, period = _rhythm(step, when)
    if not (period or when or step.days or hours or step.once or length is not None):
        return None
    place = f"{path}/timing"
    most = period.amount.high if period is not None else None
    offset = None
    if step.offset is not None:
        is_before = any(code.startswith("AC") for code in when)
        offset = book.quantity(place, Decimal(-step.offset if is_before else step.offset), "min")
    return Timing(
        at=book.spot(place),
        period=book.quantity(place, period.amount.low, period.unit) if period is not None else None,
        period_max=book.quantity(place, most, period.unit) if period is not None and most is not None else None,
        frequency=int(times.low) if times is not None else None,
        frequency_max=int(times.high) if times is not None and times.high is not None else None,
        when=when,
        days=step.days,
        hours=hours,
        offset=offset,
        count=1 if step.once else None,
        length=length,
    )


def _rhythm(step: Step, when: tuple[str, ...]) -> tuple[Amount | None, Span | None]:
    """How often in what.

    FHIR (Timing.repeat, R4) wants neither beside hours or days of the week, which say it; moments of the day are so
    many times a day; "before the meals" is not a number.
    """
    times, period = step.frequency, step.period
    if step.once or (step.is_total and times is None):
        return None, None
    if step.hours and period in (None, _DAY, Span(Amount(_HOURS_A_DAY), "h")):
        return None, None
    if step.days and (times is None or period != _DAY):
        return None, None
    if when and not _GENERIC.intersection(when):
        return times or Amount(Decimal(len(when))), period or _DAY
    if times is None and period is None:
        return None, None
    return times or Amount(Decimal(len(step.hours) or 1)), period
