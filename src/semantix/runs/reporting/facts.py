"""What a run's journal says of it, as the page of its quality report shows it, and the limits of what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

NONE: Mapping[str, int] = MappingProxyType({})


class RunFacts(Struct, frozen=True, kw_only=True):
    """The figures of one run, from its journal.

    ``day`` is when it ended (ISO 8601, ``""`` when it is not to be said). ``read`` counts the documents read by this
    run; ``fates`` the documents of the warehouse after it, by :class:`semantix.runs.model.Fate`; ``quarantine`` what it
    could not read, by class of error; ``ignored`` files passed over, by reason; ``decisions`` the concepts decided by
    the terminology engine, by target and :data:`semantix.report.figures.DECIDED`. ``seconds`` are of the clock,
    ``cpu`` and ``engine_cpu`` of the processors, over all workers. ``versions`` name semantix, tables, terminologies,
    vocabulary, packs and policy.
    """

    run: int
    day: str = ""
    state: str = ""
    files: int = 0
    bytes_read: int = 0
    read: int = 0
    fates: Mapping[str, int] = NONE
    quarantine: Mapping[str, int] = NONE
    ignored: Mapping[str, int] = NONE
    decisions: Mapping[str, Mapping[str, int]] = MappingProxyType({})
    seconds: float = 0.0
    cpu: float = 0.0
    engine_cpu: float = 0.0
    versions: Mapping[str, str] = MappingProxyType({})

    @property
    def pace(self) -> float:
        """Documents a second of the clock; 0 when it was not measured."""
        return self.read / self.seconds if self.seconds > 0 else 0.0


class Limits(Struct, frozen=True, kw_only=True):
    """What is shown, and from which point a difference is told.

    Groups (and codes) of fewer than ``min_group`` documents are not shown by themselves. A group differs from the rest
    when its false discovery rate is at most ``discovery_rate`` and the shares are at least ``min_difference`` apart.
    Distributions of a practice are compared from ``min_drift`` documents on each side; a divergence of ``moved`` bits
    is to be watched, of ``drifted`` is drift; a volume is, when it is multiplied or divided by ``volume_moved``,
    ``volume_drifted``. ``min_expected`` occurrences must be missing for a code to have disappeared. ``codes`` are named
    in each list at most.
    """

    min_group: int = 10
    discovery_rate: float = 0.05
    min_difference: float = 0.05
    min_drift: int = 30
    moved: float = 0.02
    drifted: float = 0.05
    volume_moved: float = 1.5
    volume_drifted: float = 2.0
    min_expected: float = 5.0
    codes: int = 50
