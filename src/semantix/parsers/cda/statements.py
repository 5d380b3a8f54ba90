"""Entries of the body to statements: one reader a kind, and a generic one for whatever no template explains."""

from __future__ import annotations

from collections.abc import Callable

from semantix.model import (
    Encounter,
    Link,
    Media,
    Observation,
    Panel,
    Procedure,
    ReferenceRange,
    Statement,
    Value,
)
from semantix.parsers.cda import absence, medications, problems
from semantix.parsers.cda.context import Context, Element, first, kids
from semantix.parsers.cda.datatypes import concept, concepts, integer, referenced
from semantix.parsers.cda.node import Folded, Node, can_fold, common, fold, node
from semantix.parsers.cda.templates import KIND_OF_ELEMENT
from semantix.parsers.cda.values import attachment, value

ACTS = tuple(KIND_OF_ELEMENT)
ALWAYS_FOLDED = frozenset({"comment"})


def read(ctx: Context, this: Node) -> list[Statement]:
    """Read one act: by its kind, else by its element. A concern act gives a statement for each problem it tracks."""
    reader = READERS.get(this.kind) or BY_ELEMENT.get(this.name, read_act)
    return reader(ctx, this)


def acts_in(holder: Element, path: str) -> list[tuple[Element, str]]:
    """Acts directly inside an ``entry``, ``entryRelationship`` or ``component``, with their paths."""
    return [
        (e, f"{path}/{name}[{i}]") for name, some in kids(holder).items() if name in ACTS for i, e in enumerate(some, 1)
    ]


def links_of(ctx: Context, this: Node, foldable: frozenset[str] = ALWAYS_FOLDED) -> tuple[tuple[Link, ...], Folded]:
    """Inner statements, those that can be folded apart."""
    links: list[Link] = []
    folded = Folded({}, [], [])
    around = this.inside()
    for tag in ("entryRelationship", "component"):
        for i, holder in enumerate(this.found.get(tag, ()), 1):
            sequence = integer(ctx, first(kids(holder), "sequenceNumber"))
            for element, path in acts_in(holder, f"{this.path}/{tag}[{i}]"):
                inner = node(ctx, element, path, around)
                if inner.kind in foldable and can_fold(holder, inner, folded):
                    fold(ctx, inner, folded)
                else:
                    links += _links(ctx, holder, tag, inner, sequence)
    return tuple(links), folded


def _links(ctx: Context, holder: Element, tag: str, inner: Node, sequence: int | None) -> list[Link]:
    get = holder.get
    type_code = get("typeCode") or ("COMP" if tag == "component" else "REFR")
    inverted, negated = get("inversionInd") == "true", get("negationInd") == "true"
    return [Link(type_code, s, inverted, negated, sequence) for s in read(ctx, inner)]


# --- readers ------------------------------------------------------------------------------------------------------


def read_observation(ctx: Context, this: Node) -> list[Statement]:
    """Any observation."""
    links, folded = links_of(ctx, this)
    found = this.found
    if this.around.parent == "lab-result" and not this.templates:
        this.kind = "previous-result"
    return [
        Observation(
            **common(ctx, this, links, folded),
            values=values_of(ctx, this),
            interpretations=concepts(ctx, found, "interpretationCode"),
            methods=concepts(ctx, found, "methodCode"),
            sites=concepts(ctx, found, "targetSiteCode"),
            ranges=_ranges(ctx, this) if "referenceRange" in found else (),
        )
    ]


def values_of(ctx: Context, this: Node) -> tuple[Value, ...]:
    """Every ``value`` that says something."""
    some = this.found.get("value")
    if not some:
        return ()
    return tuple(v for v in (value(ctx, e) for e in some) if v is not None)


def _ranges(ctx: Context, this: Node) -> tuple[ReferenceRange, ...]:
    out = []
    for element in this.found["referenceRange"]:
        inner = first(kids(element), "observationRange")
        if inner is None:
            continue
        found = kids(inner)
        bounds = first(found, "value")
        out.append(
            ReferenceRange(
                inner,
                value(ctx, bounds) if bounds is not None else None,
                referenced(ctx, first(found, "text")),
                concept(ctx, first(found, "interpretationCode")),
                concept(ctx, first(found, "code")),
            )
        )
    return tuple(out)


def read_panel(ctx: Context, this: Node) -> list[Statement]:
    """Any organizer."""
    links, folded = links_of(ctx, this)
    return [Panel(**common(ctx, this, links, folded))]


def read_act(ctx: Context, this: Node) -> list[Statement]:
    """Any act that no other reader knows."""
    links, folded = links_of(ctx, this)
    return [Statement(**common(ctx, this, links, folded))]


def read_procedure(ctx: Context, this: Node) -> list[Statement]:
    """A procedure done or planned; the IPS "no known procedures" keeps its code under its own kind."""
    links, folded = links_of(ctx, this)
    found = this.found
    fields = common(ctx, this, links, folded)
    fields["kind"] = absence.kind(fields["code"]) or this.kind
    return [
        Procedure(
            **fields,
            methods=concepts(ctx, found, "methodCode"),
            sites=concepts(ctx, found, "targetSiteCode"),
            approach_sites=concepts(ctx, found, "approachSiteCode"),
        )
    ]


def read_encounter(ctx: Context, this: Node) -> list[Statement]:
    """A visit told in the body."""
    links, folded = links_of(ctx, this)
    return [Encounter(**common(ctx, this, links, folded))]


def read_media(ctx: Context, this: Node) -> list[Statement]:
    """``observationMedia`` or ``regionOfInterest``."""
    links, folded = links_of(ctx, this)
    content = first(this.found, "value")
    return [
        Media(
            **common(ctx, this, links, folded),
            content=attachment(ctx, content) if content is not None else None,
        )
    ]


Reader = Callable[[Context, Node], list[Statement]]

BY_ELEMENT: dict[str, Reader] = {
    "observation": read_observation,
    "organizer": read_panel,
    "procedure": read_procedure,
    "encounter": read_encounter,
    "observationMedia": read_media,
    "regionOfInterest": read_media,
    "act": read_act,
}


def _problem(ctx: Context, this: Node) -> list[Statement]:
    links, folded = links_of(ctx, this, problems.PROBLEM_FOLDS)
    return [problems.problem(ctx, this, links, folded)]


def _allergy(ctx: Context, this: Node) -> list[Statement]:
    links, folded = links_of(ctx, this, problems.ALLERGY_FOLDS)
    return [problems.allergy(ctx, this, links, folded)]


def _concern(ctx: Context, this: Node) -> list[Statement]:
    links, folded = links_of(ctx, this)
    return problems.concern(ctx, this, links, folded)


def _medication(ctx: Context, this: Node) -> list[Statement]:
    if this.name != "substanceAdministration":
        return BY_ELEMENT.get(this.name, read_act)(ctx, this)
    links, folded = links_of(ctx, this, medications.MEDICATION_FOLDS)
    return [medications.medication(ctx, this, links, folded)]


def _immunization(ctx: Context, this: Node) -> list[Statement]:
    links, folded = links_of(ctx, this, medications.IMMUNIZATION_FOLDS)
    return [medications.immunization(ctx, this, links, folded)]


def _supply(ctx: Context, this: Node) -> list[Statement]:
    if this.kind == "dispensation":
        links, folded = links_of(ctx, this, medications.DISPENSATION_FOLDS)
        return [medications.dispensation(ctx, this, links, folded)]
    links, folded = links_of(ctx, this)
    return [medications.supply(ctx, this, links, folded)]


BY_ELEMENT["substanceAdministration"] = _medication
BY_ELEMENT["supply"] = _supply

READERS: dict[str, Reader] = {
    "problem": _problem,
    "allergy": _allergy,
    "problem-concern": _concern,
    "allergy-concern": _concern,
    "immunization": _immunization,
    "planned-immunization": _immunization,
}
"""Kinds that need more than their element's own reader."""
