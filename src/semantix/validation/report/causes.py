"""Findings grouped by cause: one cause a code, its cases by what they say, its places as examples.

An official rule and one of ours may tell the same defect: each cause names those of the other side at its places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from semantix.validation._findings import Finding, ValidationReport
from semantix.validation.report.figures import ORDER
from semantix.validation.report.layer_words import OWN
from semantix.validation.report.telling import Teller, Told

EXAMPLES = 5
Key = tuple[str, str]
"""A cause: (code, severity)."""


class Place(Struct, frozen=True):
    """Where a finding is."""

    document: str
    path: str
    line: int | None


class Case(Struct, kw_only=True):
    """Findings of one cause that say the same: how many, and the first places."""

    told: Told
    count: int = 0
    places: list[Place] = field(default_factory=list)


class Cause(Struct, kw_only=True):
    """All findings of one code and weight."""

    code: str
    severity: str
    layer: str
    title: str
    why: str
    source: str
    count: int = 0
    documents: set[int] = field(default_factory=set)
    cases: dict[Told, Case] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    """Codes of the other side (official, or ours) at most of its places."""

    def by_count(self) -> list[Case]:
        """The cases, the most frequent first, then in the order in which they were met."""
        return sorted(self.cases.values(), key=lambda case: -case.count)


def causes_of(report: ValidationReport, teller: Teller, examples: int = EXAMPLES) -> list[Cause]:
    """Group the findings of a report: the gravest first, then the most frequent, then by code."""
    causes: dict[Key, Cause] = {}
    spots: dict[tuple[int, str], set[Key]] = {}
    for index, checked in enumerate(report.documents):
        for finding in checked.findings:
            told = teller.tell(finding)
            key = (finding.code, str(finding.severity))
            cause = causes.get(key)
            if cause is None:
                cause = causes[key] = _cause(finding, told)
            cause.count += 1
            cause.documents.add(index)
            spots.setdefault((index, finding.path.partition("/@")[0]), set()).add(key)
            case = cause.cases.setdefault(told, Case(told=told))
            case.count += 1
            if len(case.places) < examples:
                case.places.append(Place(checked.name, finding.path, finding.line))
    _name_beside(causes, spots.values())
    return sorted(causes.values(), key=lambda each: (ORDER[each.severity], -each.count, each.code))


def _name_beside(causes: Mapping[Key, Cause], spots: Iterable[set[Key]]) -> None:
    """Name in each cause those of the other side that are at half of the places of either, or more."""
    shared = Counter(
        (key, other)
        for keys in spots
        if len(keys) > 1
        for key in keys
        for other in keys
        if (causes[key].layer in OWN) != (causes[other].layer in OWN)
    )
    beside: dict[Key, list[str]] = {}
    for (key, other), count in sorted(shared.items()):
        if 2 * count >= min(causes[key].count, causes[other].count):
            beside.setdefault(key, []).append(other[0])
    for key, codes in beside.items():
        causes[key].beside = tuple(dict.fromkeys(codes))


def _cause(finding: Finding, told: Told) -> Cause:
    return Cause(
        code=finding.code,
        severity=str(finding.severity),
        layer=finding.layer,
        title=told.title,
        why=told.why,
        source=told.source,
    )
