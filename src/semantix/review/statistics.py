"""The figures of the statistics page, from values: who did how much, how far the desk is, and how well it goes.

Moments are ISO 8601 (UTC where they say no zone); days are those of the zone that is passed in. What was undone later
is left out by whoever gathers the values.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter
from statistics import median
from types import MappingProxyType

from msgspec import Struct

from semantix.review.acceptance import Observed, observed
from semantix.review.agreement import Agreement
from semantix.review.model import NO_COUNTS, Kind, State

BOUNDS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 1.0)
"""The edges of the bands of probability; each band is closed below, the last one on both sides."""
LONGEST_GAP = 600.0
"""Seconds between two decisions beyond which somebody did something else in between."""
WORST = 10
"""Sources named by each way of grouping them."""
DIGITS = 6


class Task(StrEnum):
    """What somebody decides, as far as it counts as work."""

    JUDGED = "judged"
    REVIEWED = "reviewed"
    RECONCILED = "reconciled"
    AUDITED = "audited"


TASKS: Mapping[Kind, Task] = MappingProxyType(
    {
        Kind.JUDGED: Task.JUDGED,
        Kind.AGREED: Task.REVIEWED,
        Kind.SENT_BACK: Task.REVIEWED,
        Kind.RECONCILED: Task.RECONCILED,
        Kind.AUDITED: Task.AUDITED,
    }
)


class Grouping(StrEnum):
    """By what sources are put together."""

    SENDER = "sender"
    SECTION = "section"
    SYSTEM = "system"


class Act(Struct, frozen=True):
    """One event: when, who, what. ``batch`` is not empty when it was one of many, done at once."""

    at: str
    who: str
    kind: Kind
    batch: str = ""


class Change(Struct, frozen=True):
    """An item became accepted, or no longer is; ``frequency`` are the records behind it."""

    at: str
    item: int
    frequency: int
    accepted: bool


class Load(Struct, frozen=True, kw_only=True):
    """Where an item stands and where it comes from; ``senders`` are who uses it and in how many records."""

    state: State
    frequency: int
    system: str = ""
    section: str = ""
    senders: Mapping[str, int] = NO_COUNTS


class Work(Struct, frozen=True, kw_only=True):
    """What one person did on one day (ISO 8601), by task; ``bulk`` are decisions of bulk actions, counted apart."""

    day: str
    who: str
    tasks: Mapping[Task, int]
    bulk: int

    @property
    def decisions(self) -> int:
        """Decisions taken one by one."""
        return sum(self.tasks.values())


class Worker(Struct, frozen=True, kw_only=True):
    """What one person did in all. ``seconds`` is the median time a decision, None when no two came in a row."""

    who: str
    decisions: int
    bulk: int
    days: int
    seconds: float | None


class DayProgress(Struct, frozen=True):
    """What is accepted at the end of a day (ISO 8601): codes, and records behind them."""

    day: str
    codes: int
    records: int


class Progress(Struct, frozen=True):
    """How far the desk is: its codes and records in all, and each day on which something changed."""

    codes: int
    records: int
    days: tuple[DayProgress, ...]


class ProbabilityBand(Struct, frozen=True, kw_only=True):
    """First candidates with a probability in [``low``, ``high``), and how often people chose them.

    ``mean`` is what was said on average; it is None, as the share is, when nothing was judged.
    """

    low: float
    high: float
    chosen: Observed
    mean: float | None


class SourceLoad(Struct, frozen=True, kw_only=True):
    """What a sender, section or code system leaves open: items and records, those not accepted, those nobody judged."""

    grouping: Grouping
    name: str
    items: int
    records: int
    open_records: int
    unmapped_records: int

    @property
    def open_share(self) -> float:
        """The share of the records that are not accepted."""
        return self.open_records / self.records if self.records else 0.0

    @property
    def unmapped_share(self) -> float:
        """The share of the records that nobody judged."""
        return self.unmapped_records / self.records if self.records else 0.0


class Material(Struct, frozen=True, kw_only=True):
    """What the figures are made from.

    ``firsts`` are probabilities of first candidates that people judged, and whether they chose them. ``audit_right`` of
    ``audit_seen`` automatic acceptances of the sample were right.
    """

    acts: Sequence[Act] = ()
    changes: Sequence[Change] = ()
    loads: Sequence[Load] = ()
    firsts: Sequence[tuple[float, bool]] = ()
    audit_right: int = 0
    audit_seen: int = 0


class Statistics(Struct, frozen=True, kw_only=True):
    """Everything that the page shows. ``seconds`` is the median time a decision of all people."""

    work: tuple[Work, ...]
    workers: tuple[Worker, ...]
    seconds: float | None
    progress: Progress
    reliability: tuple[ProbabilityBand, ...]
    worst: tuple[SourceLoad, ...]
    audit: Observed
    agreement: Agreement


def gather(material: Material, agreement: Agreement, zone: tzinfo) -> Statistics:
    """Put all figures together."""
    work = count_work(material.acts, zone)
    gaps = measure_gaps(material.acts)
    return Statistics(
        work=work,
        workers=_workers(work, gaps),
        seconds=_median([gap for found in gaps.values() for gap in found]),
        progress=measure_progress(material.changes, material.loads, zone),
        reliability=measure_reliability(material.firsts),
        worst=tuple(each for grouping in Grouping for each in find_worst(material.loads, grouping)),
        audit=observed(material.audit_right, material.audit_seen),
        agreement=agreement,
    )


class Calendar:
    """The days of a zone. It remembers each quarter of an hour, the least by which zones differ: events come close."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._days: dict[float, str] = {}

    def day(self, moment: datetime) -> str:
        """The day of a moment, ISO 8601."""
        quarter = moment.timestamp() // 900
        known = self._days.get(quarter)
        if known is None:
            known = self._days[quarter] = moment.astimezone(self._zone).date().isoformat()
        return known


def day_of(at: str, zone: tzinfo) -> str:
    """The day of a moment in a zone, ISO 8601."""
    return Calendar(zone).day(_moment(at))


def count_work(acts: Iterable[Act], zone: tzinfo) -> tuple[Work, ...]:
    """Count decisions by day and person, in that order."""
    calendar = Calendar(zone)
    singles: Counter[tuple[str, str, Task]] = Counter()
    bulk: Counter[tuple[str, str]] = Counter()
    for act in acts:
        task = TASKS.get(act.kind)
        if task is None:
            continue
        day = calendar.day(_moment(act.at))
        if act.batch:
            bulk[day, act.who] += 1
        else:
            singles[day, act.who, task] += 1
    return tuple(
        Work(
            day=day,
            who=who,
            tasks=MappingProxyType({task: singles[day, who, task] for task in Task}),
            bulk=bulk[day, who],
        )
        for day, who in sorted(bulk.keys() | {(day, who) for day, who, _ in singles})
    )


def count_days(work: Sequence[Work]) -> tuple[tuple[str, int], ...]:
    """Decisions taken one by one on each day from the first to the last, those without any among them."""
    counted: dict[str, int] = {}
    for each in work:
        counted[each.day] = counted.get(each.day, 0) + each.decisions
    if not counted:
        return ()
    first, last = date.fromisoformat(min(counted)), date.fromisoformat(max(counted))
    days = (date.fromordinal(each).isoformat() for each in range(first.toordinal(), last.toordinal() + 1))
    return tuple((day, counted.get(day, 0)) for day in days)


def measure_gaps(acts: Iterable[Act]) -> Mapping[str, tuple[float, ...]]:
    """Seconds between decisions in a row, by person; bulk actions and gaps beyond ``LONGEST_GAP`` are left out."""
    moments: dict[str, list[datetime]] = {}
    for act in acts:
        if act.kind in TASKS and not act.batch:
            moments.setdefault(act.who, []).append(_moment(act.at))
    found = {}
    for who, given in moments.items():
        gaps = ((later - earlier).total_seconds() for earlier, later in pairwise(sorted(given)))
        found[who] = tuple(gap for gap in gaps if gap <= LONGEST_GAP)
    return found


def measure_progress(changes: Iterable[Change], loads: Sequence[Load], zone: tzinfo) -> Progress:
    """Tell what was accepted at the end of each day; what is reopened is taken off again."""
    accepted: dict[int, int] = {}
    records = 0
    days = []
    calendar = Calendar(zone)
    dated = sorted(((_moment(each.at), each) for each in changes), key=itemgetter(0))
    for day, given in groupby(dated, key=lambda each: calendar.day(each[0])):
        for _, change in given:
            records -= accepted.pop(change.item, 0)
            if change.accepted:
                accepted[change.item] = change.frequency
                records += change.frequency
        days.append(DayProgress(day, len(accepted), records))
    return Progress(len(loads), sum(each.frequency for each in loads), tuple(days))


def measure_reliability(firsts: Iterable[tuple[float, bool]]) -> tuple[ProbabilityBand, ...]:
    """Set what was said beside what people chose, by band of probability; every band is there, also an empty one."""
    held: list[list[tuple[float, bool]]] = [[] for _ in BOUNDS[1:]]
    for probability, chosen in firsts:
        place = bisect_right(BOUNDS, probability) - 1
        held[min(max(place, 0), len(held) - 1)].append((probability, chosen))
    return tuple(
        ProbabilityBand(
            low=low,
            high=high,
            chosen=observed(sum(chosen for _, chosen in pairs), len(pairs)),
            mean=round(math.fsum(said for said, _ in pairs) / len(pairs), DIGITS) if pairs else None,
        )
        for (low, high), pairs in zip(pairwise(BOUNDS), held, strict=True)
    )


def find_worst(loads: Iterable[Load], grouping: Grouping, most: int = WORST) -> tuple[SourceLoad, ...]:
    """The sources with most open records, those with none left out; an unnamed source is the empty name."""
    found: dict[str, list[int]] = {}
    for load in loads:
        for name, records in _named(load, grouping):
            sums = found.setdefault(name, [0, 0, 0, 0])
            sums[0] += 1
            sums[1] += records
            sums[2] += records if load.state is not State.ACCEPTED else 0
            sums[3] += records if load.state is State.UNMAPPED else 0
    sources = (
        SourceLoad(
            grouping=grouping,
            name=name,
            items=items,
            records=records,
            open_records=still_open,
            unmapped_records=unmapped,
        )
        for name, (items, records, still_open, unmapped) in sorted(found.items())
        if still_open
    )
    return tuple(sorted(sources, key=attrgetter("open_records"), reverse=True)[:most])


def _named(load: Load, grouping: Grouping) -> Iterator[tuple[str, int]]:
    if grouping is Grouping.SENDER:
        yield from load.senders.items() if load.senders else (("", load.frequency),)
    else:
        yield load.section if grouping is Grouping.SECTION else load.system, load.frequency


def _workers(work: Iterable[Work], gaps: Mapping[str, Sequence[float]]) -> tuple[Worker, ...]:
    """Each person once, whoever decided most first."""
    by_name: dict[str, list[Work]] = {}
    for each in work:
        by_name.setdefault(each.who, []).append(each)
    workers = (
        Worker(
            who=who,
            decisions=sum(each.decisions for each in done),
            bulk=sum(each.bulk for each in done),
            days=len(done),
            seconds=_median(gaps.get(who, ())),
        )
        for who, done in sorted(by_name.items())
    )
    return tuple(sorted(workers, key=attrgetter("decisions"), reverse=True))


def _median(gaps: Sequence[float]) -> float | None:
    return round(median(gaps), 1) if gaps else None


def _moment(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
