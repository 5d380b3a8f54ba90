"""The statistics of a desk: what it holds, measured, with the hierarchy of a store where there is one."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from semantix.review.agreement import measure_agreement
from semantix.review.desk.evidence import Gathered
from semantix.review.distance import HierarchyDistance
from semantix.review.statistics import Statistics, gather
from semantix.terminology.store import Store

PARIS = ZoneInfo("Europe/Paris")


def measure(gathered: Gathered, store: Path | None, zone: ZoneInfo = PARIS) -> Statistics:
    """Measure everything that the statistics page shows. Raises BadStore when the store cannot be opened."""
    if store is None or not gathered.ratings:
        return gather(gathered.material, measure_agreement(gathered.ratings, None), zone)
    with Store.open(store) as opened:
        agreement = measure_agreement(gathered.ratings, HierarchyDistance(opened))
    return gather(gathered.material, agreement, zone)
