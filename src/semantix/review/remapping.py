"""A new store under decisions already taken: what became of each target, code by code.

Only the targets that the desk uses are looked up, whatever the size of the stores. Where the old store is at hand, both
are asked; else the label kept in the desk is all that is known of before, and a code is not said to have moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.review.lookup_values import Step, step_of
from semantix.terminology.codes import canonical
from semantix.terminology.comparing import Fate as Word
from semantix.terminology.records import Concept, Successor
from semantix.terminology.store import Store

__all__ = ["NOT_ASSIGNABLE", "NOT_CHECKED", "REOPENED", "UNKNOWN", "Fate", "Heir", "fates"]

NOT_CHECKED = "not checked"
"""The new store has no release of the system: nothing can be said."""
NOT_ASSIGNABLE = "no longer assignable"
"""The code is there and may not be recorded: it was divided, or made a heading."""
UNKNOWN = "unknown to both stores"
"""Neither store has the code: no release retired it, it was no code of them before either."""
REOPENED = frozenset({Word.REPLACED.value, Word.RETIRED.value, Word.DROPPED.value, NOT_ASSIGNABLE})
"""The fates after which somebody has to decide again; the others keep their acceptance."""
_MOST_STEPS = 20


class Heir(Struct, frozen=True):
    """What takes the place of a code. ``kind`` is ``replaced-by``, ``same-as``, ``possibly-equivalent``, or ``child``.

    A ``child`` is a code below one that may no longer be recorded. ``usable`` tells whether it is active and assignable
    in the new store.
    """

    kind: str
    step: Step
    usable: bool


class Fate(Struct, frozen=True, kw_only=True):
    """What became of a target. ``kinds`` are all that are true of it: a code may be relabelled and moved.

    Of what is unknown (no old store, a code that is gone) displays and parents are empty.
    """

    system: str
    code: str
    kinds: tuple[str, ...]
    old_display: str = ""
    new_display: str = ""
    old_parents: tuple[Step, ...] = ()
    new_parents: tuple[Step, ...] = ()
    heirs: tuple[Heir, ...] = ()

    @property
    def kind(self) -> str:
        """The fate that weighs most."""
        return self.kinds[0]

    @property
    def reopens(self) -> bool:
        """Whether somebody has to decide again."""
        return not REOPENED.isdisjoint(self.kinds)


class _Case(Struct, frozen=True):
    """One target with what each store says of it; ``old`` is None without an old store, or where it has no such code.

    ``had`` tells that an old store was asked about the system.
    """

    system: str
    code: str
    display: str
    old: Concept | None
    new: Concept | None
    had: bool


def fates(targets: Iterable[tuple[str, str, str]], old: Store | None, new: Store) -> Mapping[tuple[str, str], Fate]:
    """Say what became of targets (system, code, display kept in the desk), by system and code as they were given."""
    there = frozenset(new.systems())
    before = frozenset(old.systems()) if old is not None else frozenset()
    found: dict[tuple[str, str], Fate] = {}
    for system, code, display in targets:
        if (system, code) in found:
            continue
        if system not in there:
            found[system, code] = Fate(system=system, code=code, kinds=(NOT_CHECKED,), old_display=display)
            continue
        known = canonical(system, code)
        asked = old if old is not None and system in before else None
        case = _Case(
            system,
            known,
            display,
            asked.lookup(system, known) if asked is not None else None,
            new.lookup(system, known),
            asked is not None,
        )
        found[system, code] = _fate(case, code, asked, new)
    return MappingProxyType(found)


def _fate(case: _Case, written: str, old: Store | None, new: Store) -> Fate:
    before = case.old.display if case.old is not None and case.old.display else case.display
    parents = _parents(old, case.system, case.code), _parents(new, case.system, case.code)
    kinds = _kinds(case, before, parents)
    heirs = _heirs(case, old, new) if not REOPENED.isdisjoint(kinds) else ()
    if Word.RETIRED in kinds and heirs:
        kinds = (Word.REPLACED.value,)
    return Fate(
        system=case.system,
        code=written,
        kinds=kinds,
        old_display=before,
        new_display=case.new.display if case.new is not None else "",
        old_parents=parents[0],
        new_parents=parents[1],
        heirs=heirs,
    )


def _kinds(case: _Case, before: str, parents: tuple[tuple[Step, ...], tuple[Step, ...]]) -> tuple[str, ...]:
    """Every fate that is true of a target, the gravest first; a retired code is nothing else."""
    now = case.new
    if now is None or not now.active:
        if case.had and case.old is None and now is None:
            return (UNKNOWN,)
        if case.old is not None and not case.old.active:
            # It was retired when it was decided: only that it is gone is new.
            return (Word.DROPPED.value if now is None else Word.UNCHANGED.value,)
        return (Word.RETIRED.value,)
    kinds: list[str] = []
    if not now.assignable and (case.old is None or case.old.assignable):
        kinds.append(NOT_ASSIGNABLE)
    if case.old is not None and not case.old.active:
        kinds.append(Word.REACTIVATED.value)
    if before and now.display and before != now.display:
        kinds.append(Word.RELABELLED.value)
    # A store that says nothing of parents (a plain list of codes) did not move its codes.
    if all(parents) and {step.code for step in parents[0]} != {step.code for step in parents[1]}:
        kinds.append(Word.MOVED.value)
    return tuple(kinds) or (Word.UNCHANGED.value,)


def _heirs(case: _Case, old: Store | None, new: Store) -> tuple[Heir, ...]:
    """The successors that either store gives, then followed until they may be used; of a heading, the codes below."""
    found: dict[str, Heir] = {}
    waiting = [*_successors(case.system, case.code, old, new)]
    seen = {case.code}
    while waiting and len(seen) < _MOST_STEPS:
        each = waiting.pop(0)
        if each.successor in seen:
            continue
        seen.add(each.successor)
        concept = new.lookup(case.system, each.successor)
        step = step_of(concept) if concept is not None else Step(case.system, each.successor, "", active=False)
        usable = concept is not None and concept.active and concept.assignable
        found[each.successor] = Heir(each.kind, step, usable)
        if not usable:
            waiting += _successors(case.system, each.successor, old, new)
    if case.new is not None and case.new.active:
        for code in new.children(case.system, case.code)[:_MOST_STEPS]:
            concept = new.lookup(case.system, code)
            if concept is not None and code not in found:
                found[code] = Heir("child", step_of(concept), concept.active and concept.assignable)
    return tuple(found.values())


def _successors(system: str, code: str, old: Store | None, new: Store) -> tuple[Successor, ...]:
    """What the new store says takes the place of a code; where it says nothing, what the old one says."""
    return new.successors(system, code) or (old.successors(system, code) if old is not None else ())


def _parents(store: Store | None, system: str, code: str) -> tuple[Step, ...]:
    if store is None:
        return ()
    codes = store.parents(system, code)
    return tuple(
        step_of(found) if (found := store.lookup(system, parent)) is not None else Step(system, parent, "")
        for parent in codes
    )
