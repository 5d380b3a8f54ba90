"""One request in hand: what is asked, what the tables say of it, and the words of the reasons of a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from semantix.model import Candidate, Decision, Outcome
from semantix.terminology.conflicts import Conflict, Marks, bears_on_person, context_conflicts
from semantix.terminology.matching import Ranked, Request
from semantix.terminology.serving import Served
from semantix.terminology.tables import Found, Row


class Case(Struct):
    """One request in hand: what is asked of which target, and what the curated tables say of it.

    ``asked`` is the request without the person: what tables and matchers are given, so that the age and the sex change
    nothing but through :meth:`against`; ``is_personal`` when they could have.
    """

    request: Request
    asked: Request
    target: str
    served: Served
    found: Found
    is_personal: bool = False

    def against(self, label: Marks) -> tuple[Conflict, ...]:
        """What of the context speaks against a label."""
        self.is_personal = self.is_personal or bears_on_person(label)
        return context_conflicts(self.request.context, label)


def source_kind(case: Case, proposed: Sequence[Ranked]) -> str:
    """Which of KINDS_OF_SOURCE a request was taken for."""
    return proposed[0].kind or case.served.matcher.kind_of(case.asked)


def answer(case: Case, outcome: Outcome, candidates: tuple[Candidate, ...], reason: str) -> Decision:
    """The decision of a case."""
    request = case.request
    accepted = outcome is not Outcome.ABSTAINED
    return Decision(request.query, request.context, case.target, outcome, candidates, accepted, reason)


def unrefused(candidates: tuple[Candidate, ...], found: Found) -> tuple[Candidate, ...]:
    """Candidates that no row refuses."""
    return tuple(candidate for candidate in candidates if candidate.code not in found.refused)


def once(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Each code once, where it comes first."""
    kept: dict[str, Candidate] = {}
    for candidate in candidates:
        kept.setdefault(candidate.code, candidate)
    return tuple(kept.values())


def why_nothing(case: Case) -> str:
    """The reason of a decision without candidates."""
    query = case.request.query
    if not query.text.strip():
        return "no text, and the code leads nowhere" if query.code.strip() else "nothing was asked"
    return "every candidate was refused by curated rows" if case.found.refused else "no name of the target is near"


def rows_to_show(case: Case) -> tuple[Row, ...]:
    """Rows that name several codes, else those that need to know the unit or the specimen.

    A row for a section (a history, an allergy) means something else than the words alone: it waits for its section.
    """
    return case.found.top or tuple(row for row in case.found.possible if not row.section)


def why_open(case: Case, leading: Sequence[Candidate]) -> str:
    """The reason of a decision that codes, tables and names leave open."""
    if case.found.top:
        return "curated rows name several codes"
    rows = rows_to_show(case)
    if rows:
        needed = sorted({name for row in rows for name in ("sender", "unit", "specimen") if getattr(row, name)})
        return f"curated rows need to know more: {', '.join(needed)}"
    if leading[0].conflicts:
        return f"against the context: {', '.join(leading[0].conflicts)}"
    return "several codes are possible"
