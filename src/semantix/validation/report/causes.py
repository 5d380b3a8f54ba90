"""Findings grouped by cause: one cause a code, its cases by what they say, its places as examples."""

from __future__ import annotations

from msgspec import Struct, field

from semantix.validation._findings import Finding, ValidationReport
from semantix.validation.report.figures import ORDER
from semantix.validation.report.telling import Teller, Told

EXAMPLES = 5


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

    def by_count(self) -> list[Case]:
        """The cases, the most frequent first, then in the order in which they were met."""
        return sorted(self.cases.values(), key=lambda case: -case.count)


def causes_of(report: ValidationReport, teller: Teller, examples: int = EXAMPLES) -> list[Cause]:
    """Group the findings of a report: the gravest first, then the most frequent, then by code."""
    causes: dict[tuple[str, str], Cause] = {}
    for index, checked in enumerate(report.documents):
        for finding in checked.findings:
            told = teller.tell(finding)
            key = (finding.code, str(finding.severity))
            cause = causes.get(key)
            if cause is None:
                cause = causes[key] = _cause(finding, told)
            cause.count += 1
            cause.documents.add(index)
            case = cause.cases.setdefault(told, Case(told=told))
            case.count += 1
            if len(case.places) < examples:
                case.places.append(Place(checked.name, finding.path, finding.line))
    return sorted(causes.values(), key=lambda each: (ORDER[each.severity], -each.count, each.code))


def _cause(finding: Finding, told: Told) -> Cause:
    return Cause(
        code=finding.code,
        severity=str(finding.severity),
        layer=finding.layer,
        title=told.title,
        why=told.why,
        source=told.source,
    )
