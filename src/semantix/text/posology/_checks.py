"""What contradicts itself in one step."""

from __future__ import annotations

from decimal import Decimal

from semantix.text.posology._reading import Doubt, Span, Step

ACTS = frozenset({"application", "injection", "lavement", "nébulisation"})
"""Units that count administrations: two applications a day are one, twice."""

_DAYS_OF = {"min": Decimal(0), "h": Decimal(0), "d": Decimal(1), "wk": Decimal(7), "mo": Decimal(30), "a": Decimal(365)}


def checked(step: Step) -> Step:
    """The step, unless it says nothing or contradicts itself."""
    if not any((step.dose, step.frequency, step.moments, step.hours, step.days, step.period, step.as_needed)):
        raise Doubt("nothing")
    is_timed = step.is_timed or step.as_needed
    if (step.unit is None or step.notes) and step.dose is not None and not is_timed:
        raise Doubt("ambiguous")
    if step.unit in ACTS and step.dose is None and step.frequency is None:
        raise Doubt("ambiguous")
    _check_limit(step)
    _check_times(step)
    return step


def _days_in(span: Span) -> Decimal:
    return span.amount.low * _DAYS_OF[span.unit]


def _check_times(step: Step) -> None:
    """Once is neither twice nor for five days; every week is not for three days; fasting is not after a meal."""
    length, period = step.duration, step.period
    places = [m for m in step.moments if m not in ("FAST", "IC")]
    if step.once:
        is_several = len(step.hours or places) > 1 or len(step.days) > 1 or step.interval is not None
        if is_several or step.frequency or period or (length is not None and _days_in(length) > 1):
            raise Doubt("contradiction")
    if length is not None and period is not None and _days_in(period) > max(_days_in(length), Decimal(1)):
        raise Doubt("contradiction")
    is_at_meal = any(m[:1] == "C" or m[:2] in ("AC", "PC") for m in places)
    is_after = any(m[:1] == "C" or m[:2] == "PC" for m in places)
    if ("IC" in step.moments and is_at_meal) or ("FAST" in step.moments and is_after):
        raise Doubt("contradiction")


def _check_limit(step: Step) -> None:
    limit, dose = step.maximum, step.dose
    if limit is None or dose is None or limit.unit != step.unit:
        return
    least = dose.low
    times, period = step.frequency, step.period
    if times is not None and period is not None and not step.is_total and limit.per == period:
        least *= times.low
    if least > limit.value:
        raise Doubt("contradiction")
