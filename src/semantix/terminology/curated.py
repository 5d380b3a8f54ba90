"""The curated tables alone, without a store: what people decided, and nothing else.

A source with local codes gets the codes that a table gives to its labels; whatever no row decides stays undecided, with
the rows that come near for a person to look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from semantix.model import Candidate, Decision, Evidence, Outcome
from semantix.terminology.conflicts import bears_on_person, context_conflicts, hard_names, marks_of
from semantix.terminology.decided import Decided, impersonal
from semantix.terminology.matching import Request
from semantix.terminology.serving import mappings_folder
from semantix.terminology.tables import Row, Tables


class Curated:
    """Decides by the curated tables only."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._decided = Decided()

    @classmethod
    def load(cls, extra: Sequence[Path] = ()) -> Curated:
        """Read the tables of semantix and those of the site. Raises BadTable."""
        return cls(Tables.load(mappings_folder() / "tables", extra))

    def targets(self) -> tuple[str, ...]:
        """The systems that some table leads to."""
        return self._tables.targets

    def prepare(self, target: str) -> None:
        """Nothing is to be learned."""

    def decide_many(self, requests: Sequence[Request], target: str, top: int = 10) -> list[Decision]:
        """Decide for many queries, in their order."""
        return [self._decide(request, target, top) for request in requests]

    def _decide(self, request: Request, target: str, top: int) -> Decision:
        sort = target, top, False
        known = self._decided.find(request, sort)
        if known is None:
            known, is_personal = self._look_up(request, target, top)
            self._decided.keep(sort, known, is_personal=is_personal)
        return known

    def _look_up(self, request: Request, target: str, top: int) -> tuple[Decision, bool]:
        """Decide; also tell whether the age or the sex could have changed the decision."""
        found = self._tables.find(request.query, impersonal(request.context), target)
        row = found.decided
        if row is None:
            rows = found.top or tuple(one for one in found.possible if not one.section)
            candidates = tuple(_candidate(one) for one in rows[:top])
            reason = "curated rows name several codes, or need to know more" if rows else "no curated row"
            return _decision(request, target, Outcome.ABSTAINED, candidates, reason), False
        candidate = _candidate(row)
        conflicts: tuple[str, ...] = ()
        is_personal = False
        if not row.section:
            marks = marks_of(row.label, laboratory=target == "loinc")
            is_personal = bears_on_person(marks)
            conflicts = hard_names(context_conflicts(request.context, marks))
        if conflicts:
            reason = f"against the context: {', '.join(conflicts)}"
            return _decision(request, target, Outcome.ABSTAINED, (candidate,), reason), is_personal
        return _decision(request, target, Outcome.CURATED, (candidate,), f"curated row of {row.table}"), is_personal


def _candidate(row: Row) -> Candidate:
    said = f"{row.label or row.code} → {row.target} ({row.predicate})"
    evidence = Evidence("curated", said, f"{row.table}@{row.version}")
    return Candidate(row.target_system, row.target, "", 1.0, round(row.confidence, 4), (evidence,))


def _decision(
    request: Request, target: str, outcome: Outcome, candidates: tuple[Candidate, ...], reason: str
) -> Decision:
    accepted = outcome is not Outcome.ABSTAINED
    return Decision(request.query, request.context, target, outcome, candidates, accepted, reason)
