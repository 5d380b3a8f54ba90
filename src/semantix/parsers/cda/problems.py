"""Problems, allergies, and the concern acts around them.

Source: CI-SIS "Modèles de contenus CDA": FR-Liste-des-problemes, FR-Probleme, FR-Allergie-ou-hypersensibilite.
"""

from __future__ import annotations

from typing import Any

import msgspec

from semantix.model import Absent, Allergy, Concept, Concern, Link, Note, Observation, Problem, Statement, Text
from semantix.parsers.cda import absence
from semantix.parsers.cda.context import Context, first
from semantix.parsers.cda.datatypes import concept, concepts, referenced
from semantix.parsers.cda.node import Folded, Node, common, taken
from semantix.parsers.cda.values import value

PROBLEM_FOLDS = frozenset({"comment", "severity", "patient-status", "clinical-status", "verification"})
ALLERGY_FOLDS = frozenset({"comment", "severity", "clinical-status", "verification", "criticality"})
_FIELD = {
    "severity": "severity",
    "patient-status": "patient_status",
    "clinical-status": "clinical_status",
    "verification": "verification",
    "criticality": "criticality",
}


def _qualities(ctx: Context, folded: Folded) -> dict[str, Any]:
    """Severity, statuses...: the value of each folded observation."""
    out: dict[str, Any] = {}
    for kind, inner in folded.by_kind.items():
        for one in inner:
            found = concept(ctx, first(one.found, "value"))
            if found is not None:
                text = found.text or referenced(ctx, first(one.found, "text"))
                out.setdefault(_FIELD[kind], msgspec.structs.replace(found, text=text))
    return out


def _value(ctx: Context, this: Node) -> Concept | Absent | Text | None:
    element = first(this.found, "value")
    if element is None:
        return None
    found = value(ctx, element)
    if isinstance(found, Concept | Absent | Text):
        return found
    return None


def problem(ctx: Context, this: Node, links: tuple[Link, ...], folded: Folded) -> Problem:
    """A problem observation, with or without its concern."""
    what = _value(ctx, this)
    fields = common(ctx, this, links, folded)
    fields["kind"] = absence.kind(what) or absence.kind(fields["code"]) or this.kind
    stages, fields["links"] = taken(
        links, lambda x: x.statement.kind == "stage" and isinstance(x.statement, Observation)
    )
    return Problem(
        **fields,
        **_qualities(ctx, folded),
        problem=what,
        stages=stages,
        sites=concepts(ctx, this.found, "targetSiteCode"),
        methods=concepts(ctx, this.found, "methodCode"),
    )


def allergy(ctx: Context, this: Node, links: tuple[Link, ...], folded: Folded) -> Allergy:
    """An allergy observation: its agents are the ``CSM`` participants, its reactions the ``MFST`` problems."""
    what = _value(ctx, this)
    fields = common(ctx, this, links, folded)
    fields["kind"] = absence.kind(what) or absence.kind(fields["code"]) or this.kind
    reactions, fields["links"] = taken(links, lambda x: x.type_code == "MFST" and isinstance(x.statement, Problem))
    parties = fields["parties"]
    fields["parties"] = tuple(p for p in parties if p.type_code != "CSM")
    return Allergy(
        **fields,
        **_qualities(ctx, folded),
        agents=tuple(p for p in parties if p.type_code == "CSM"),
        value=what,
        reactions=reactions,
    )


def concern(ctx: Context, this: Node, links: tuple[Link, ...], folded: Folded) -> list[Statement]:
    """The problems and allergies that a concern act tracks; what more it says goes to the first.

    One that tracks none, or is itself denied or refused, is a plain act.
    """
    fields = common(ctx, this, links, folded)
    tracked, others = taken(links, lambda x: isinstance(x.statement, Problem | Allergy))
    if not tracked or fields["negated"] or fields["null"]:
        return [Statement(**fields)]
    outer = Concern(this.element, fields["ids"], fields["status"], fields["time"], fields["code"])
    out: list[Statement] = [msgspec.structs.replace(statement, concern=outer) for statement in tracked]
    out[0] = msgspec.structs.replace(
        out[0],
        absorbed=(*out[0].absorbed, *folded.places, this.element),
        links=(*out[0].links, *others),
        notes=(*out[0].notes, *folded.notes, *_own_words(fields["text"], this, tracked)),
        parties=(*out[0].parties, *fields["parties"]),
        references=(*out[0].references, *fields.get("references", ())),
        specimens=(*out[0].specimens, *fields.get("specimens", ())),
    )
    return out


def _own_words(text: str | None, this: Node, tracked: tuple[Statement, ...]) -> tuple[Note, ...]:
    """The text of a concern act, when no problem that it tracks has the same."""
    return (Note(text, this.element),) if text and all(text != one.text for one in tracked) else ()
