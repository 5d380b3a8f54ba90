"""The targets of a code in a Usagi file: what its rows show, and what a hidden column keeps beside them.

The rows give number, name, part, author and time of each concept. What they cannot give (targets without a concept, the
code of a target in its own system, refused targets, a relation each) is in one cell that is the same on all rows of the
code, because Usagi keeps the additional columns of the first row only.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, convert
from msgspec.structs import astuple, replace

from semantix.model import Candidate, Evidence
from semantix.review.formats._cells import pack, unpack
from semantix.review.formats._usagi_words import (
    EQUIVALENCES,
    GREATEST,
    RELATIONS,
    UNMATCHED,
    concept_number,
    milliseconds,
    moment,
)
from semantix.review.formats.exchange import Concepts, OmopConcept
from semantix.review.model import Acceptance, Part, Relation, Target

OMOP = "omop"
USAGI = "usagi"
_NOT = "not "
_PARTS = frozenset(part.value for part in Part)


class Shown(Struct, frozen=True):
    """What a row shows of a target: concept number, name, part, who added it and when (ms since 1970)."""

    number: int
    name: str
    part: Part = Part.TARGET
    by: str = ""
    on: int = 0
    domain: str = ""


Recorded = tuple[tuple[int, Target], ...]
"""Targets with the number of their concept, 0 where they have none."""


def concept_for(concepts: Concepts | None, system: str, code: str) -> OmopConcept | None:
    """The concept of a target; one of system ``omop`` has its number even where nothing else is known of it."""
    if system == OMOP:
        number = concept_number(code)
        known = concepts.concept(number) if concepts and number else None
        return known or (OmopConcept(id=number, name="") if number else None)
    found = concepts.concept_of(system, code) if concepts else None
    return found if found and 0 < found.id <= GREATEST else None


def show(target: Target, concept: OmopConcept) -> Shown:
    """What a row shows of a target that has a concept."""
    return Shown(
        concept.id,
        concept.name or target.display,
        target.part,
        target.created_by,
        milliseconds(target.created_on),
        concept.domain,
    )


def equivalence_of(targets: Sequence[Target]) -> str:
    """Usagi's word for the relation of all chosen targets together: that of the main ones, INEXACT if they differ."""
    words = {EQUIVALENCES[target.relation] for target in _main([each for each in targets if not each.refused])}
    return UNMATCHED if not words else words.pop() if len(words) == 1 else "INEXACT"


def record(targets: Recorded) -> str:
    """Everything about the targets as one cell."""
    return pack(
        (
            str(number),
            (_NOT if target.refused else "") + target.relation,
            target.part,
            target.system,
            target.code,
            target.display,
            target.created_by,
            target.created_on,
        )
        for number, target in targets
    )


def recorded(cell: str) -> Recorded:
    """Read what :func:`record` wrote; nothing when it is damaged."""
    try:
        return tuple(_recorded(fields) for fields in unpack(cell))
    except ValueError:
        return ()


def _recorded(fields: list[str]) -> tuple[int, Target]:
    number, relation, part, system, code, display, by, on = (fields + [""] * 8)[:8]
    return int(number), Target(
        system=system,
        code=code,
        display=display,
        relation=Relation(relation.removeprefix(_NOT)),
        part=Part(part),
        refused=relation.startswith(_NOT),
        created_by=by,
        created_on=on,
    )


def targets_of(rows: Sequence[Shown], known: Recorded, equivalence: str) -> tuple[Target, ...]:
    """The targets that rows show, with what was recorded of them.

    Where somebody changed the rows in Usagi, the rows count: what was recorded and is not shown goes, but for refusals.
    Where somebody changed the equivalence, it counts for all.
    """
    said = RELATIONS[equivalence]
    kept = [(number, target) for number, target in known if number and not target.refused]
    if known and [(number, target.part) for number, target in kept] == [(row.number, row.part) for row in rows]:
        targets = [target for _, target in known]
    else:
        by_key = {(number, target.part): target for number, target in kept}
        shown = [by_key.get((row.number, row.part)) or _plain(row) for row in rows]
        targets = [*shown, *(target for _, target in known if target.refused)]
        if not known:
            return _related(targets, said or Relation.EXACT)
    if said and EQUIVALENCES[said] != equivalence_of(targets):
        return _related(targets, said)
    return tuple(targets)


def _plain(row: Shown) -> Target:
    on = moment(row.on)
    return Target(system=OMOP, code=str(row.number), display=row.name, part=row.part, created_by=row.by, created_on=on)


def _main(targets: list[Target]) -> list[Target]:
    return [target for target in targets if target.part is Part.TARGET] or targets


def _related(targets: list[Target], relation: Relation) -> tuple[Target, ...]:
    main = _main([target for target in targets if not target.refused])
    return tuple(replace(target, relation=relation) if target in main else target for target in targets)


# --- candidates -----------------------------------------------------------------------------------------------


def candidate_of(target: Target, score: float) -> Candidate:
    """A target that nobody judged yet as a candidate; what Usagi says of it beside is kept as evidence."""
    facts = pack([(target.part, target.created_by, target.created_on)])
    evidence = () if facts == Part.TARGET else (Evidence(USAGI, facts),)
    return Candidate(target.system, target.code, target.display, score, 0.0, evidence)


def target_of(candidate: Candidate) -> Target:
    """A candidate as the target that it would be."""
    facts = next((each.detail for each in candidate.evidence if each.kind == USAGI), "")
    part, by, on = ((unpack(facts) or [[]])[0] + [""] * 3)[:3]
    return Target(
        system=candidate.system,
        code=candidate.code,
        display=candidate.display,
        part=Part(part) if part in _PARTS else Part.TARGET,
        created_by=by,
        created_on=on,
    )


# --- automatic acceptance ---------------------------------------------------------------------------------------


def rule_cell(rule: Acceptance) -> str:
    """The rule that accepted an entry as one cell."""
    return pack([[value if isinstance(value, str) else repr(value) for value in astuple(rule)]])


def rule_of(cell: str) -> Acceptance | None:
    """Read what :func:`rule_cell` wrote; None when there is none, or when it is damaged."""
    fields = unpack(cell)
    try:
        return convert(dict(zip(Acceptance.__struct_fields__, fields[0], strict=True)), Acceptance, strict=False)
    except (ValueError, IndexError):
        return None
