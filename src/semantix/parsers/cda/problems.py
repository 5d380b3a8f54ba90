"""Problems, allergies, and the concern acts around them.

Source: CI-SIS "Modèles de contenus CDA": FR-Liste-des-problemes, FR-Probleme, FR-Allergie-ou-hypersensibilite.
"""

from __future__ import annotations

from typing import Any

import msgspec

from semantix.model import Absent, Allergy, Concept, Concern, Link, Observation, Problem, Statement, Text
from semantix.parsers.cda import absence
from semantix.parsers.cda.context import Context, first
from semantix.parsers.cda.datatypes import concept, concepts, identifiers, referenced
from semantix.parsers.cda.node import Folded, Node, common
from semantix.parsers.cda.times import timespan
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
    stages, fields["links"] = _stages(links)
    return Problem(
        **fields,
        **_qualities(ctx, folded),
        problem=what,
        stages=stages,
        sites=concepts(ctx, this.found, "targetSiteCode"),
        methods=concepts(ctx, this.found, "methodCode"),
    )


def _stages(links: tuple[Link, ...]) -> tuple[tuple[Observation, ...], tuple[Link, ...]]:
    stages = tuple(x.statement for x in links if x.statement.kind == "stage" and isinstance(x.statement, Observation))
    return stages, tuple(x for x in links if x.statement not in stages) if stages else links


def allergy(ctx: Context, this: Node, links: tuple[Link, ...], folded: Folded) -> Allergy:
    """An allergy observation: its agents are the ``CSM`` participants, its reactions the ``MFST`` problems."""
    what = _value(ctx, this)
    fields = common(ctx, this, links, folded)
    fields["kind"] = absence.kind(what) or absence.kind(fields["code"]) or this.kind
    reactions = tuple(x.statement for x in links if x.type_code == "MFST" and isinstance(x.statement, Problem))
    fields["links"] = tuple(x for x in links if not (x.type_code == "MFST" and isinstance(x.statement, Problem)))
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
    """The problems and allergies that a concern act tracks; its own comments and relations go to the first.

    Empty when it tracks none: the caller then reads it as a plain act.
    """
    tracked = [x.statement for x in links if isinstance(x.statement, Problem | Allergy)]
    if not tracked:
        return []
    outer = Concern(
        this.element,
        identifiers(this.found),
        _status(this),
        timespan(ctx, first(this.found, "effectiveTime")),
        concept(ctx, first(this.found, "code")),
    )
    others = tuple(x for x in links if x.statement not in tracked)
    fields = common(ctx, this, (), Folded({}, [], []))
    out: list[Statement] = []
    for i, statement in enumerate(tracked):
        changes: dict[str, Any] = {"concern": outer}
        if i == 0:
            changes["absorbed"] = (*statement.absorbed, *folded.places, this.element)
            changes["links"] = (*statement.links, *others)
            changes["notes"] = (*statement.notes, *folded.notes)
            changes["parties"] = (*statement.parties, *fields["parties"])
        out.append(msgspec.structs.replace(statement, **changes))
    return out


def _status(this: Node) -> str | None:
    status = first(this.found, "statusCode")
    return status.get("code") if status is not None else None
