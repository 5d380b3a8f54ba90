"""Decisions kept by what they depend on: a question that comes back costs no more than finding it.

The age and the sex of a patient take part in few decisions, and only through what
:func:`semantix.terminology.conflicts.person_of` tells apart; a decision where they took no part is that of everybody.
"""

from __future__ import annotations

from semantix.model import Context, Decision, Query
from semantix.terminology.conflicts import Person, person_of
from semantix.terminology.matching import Request

MOST = 10_000
"""Decisions that a generation holds: two of them, of five candidates with their evidence, take some 70 MB."""
Sort = tuple[str, int, bool]
"""Target, how many candidates, with alternatives or not."""
Key = tuple[Sort, Query, Context]


class Decided:
    """The decisions last asked for: at most two generations of ``most``."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._young: dict[Key | tuple[Key, Person], Decision] = {}
        self._old: dict[Key | tuple[Key, Person], Decision] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def find(self, request: Request, sort: Sort) -> Decision | None:
        """The decision for a request, if it was decided for the same person or does not depend on the person."""
        key = sort, request.query, impersonal(request.context)
        found = self._find(key)
        if found is None:
            found = self._find((key, person_of(request.context)))
        if found is None or found.context == request.context:
            return found
        return Decision(
            found.query, request.context, found.target, found.outcome, found.candidates, found.accepted, found.reason
        )

    def keep(self, sort: Sort, decision: Decision, *, is_personal: bool) -> None:
        """Keep a decision; ``is_personal`` when the age or the sex could have changed it."""
        key = sort, decision.query, impersonal(decision.context)
        self._put((key, person_of(decision.context)) if is_personal else key, decision)

    def _find(self, key: Key | tuple[Key, Person]) -> Decision | None:
        found = self._young.get(key)
        if found is None and self._old:
            found = self._old.get(key)
            if found is not None:
                self._put(key, found)
        return found

    def _put(self, key: Key | tuple[Key, Person], decision: Decision) -> None:
        if len(self._young) >= self._most:
            self._old, self._young = self._young, {}
        self._young[key] = decision


def impersonal(context: Context) -> Context:
    """A context without what is known of the person."""
    if not context.sex and context.age is None:
        return context
    return Context(sender=context.sender, unit=context.unit, specimen=context.specimen, section=context.section)
