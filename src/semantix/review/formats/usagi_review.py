"""Usagi's export for review: the mapping as a table for people to read, one row a target. It is not read back."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from semantix.review.formats import _usagi_columns as columns_of
from semantix.review.formats._usagi_table import write_line
from semantix.review.formats._usagi_writing import (
    Prepared,
    added,
    extra_names,
    prepare,
    score_of,
    source_cells,
    written_lines,
)
from semantix.review.formats.exchange import Concepts, Entry, Exchange, OmopConcept, Written
from semantix.review.formats.losses_usagi import Losses
from semantix.review.model import Part, Relation, Target

_READABLE = columns_of.SOURCE_FIELDS


class _Nothing(Struct, frozen=True):
    """What stands in place of a target where there is none."""

    target: Target
    concept: OmopConcept


_NOTHING = _Nothing(Target(system="", code=""), OmopConcept(id=0, name="Unmapped"))


def write_usagi_review(exchange: Exchange, concepts: Concepts | None) -> Written:
    """Write all entries with their status, as Usagi does when it is asked for unapproved ones too.

    A target without OMOP concept has a row all the same, with the number 0, its own system, code and display.
    """
    losses = Losses()
    if exchange.meta:
        losses.of_set("meta", "not-carried")
    prepared = list(prepare(exchange, concepts, Losses()))
    fields = [field for field in _READABLE if any(field in each.hidden for each in prepared)]
    extra = extra_names(exchange.entries)
    header = [
        *columns_of.SOURCE,
        *(f"{columns_of.ADDED}{columns_of.HIDDEN}{field}" for field in fields),
        *(added(name) for name in extra),
        *columns_of.REVIEW,
    ]
    lines = [write_line(header)]
    for each in prepared:
        losses.begin(each.entry.source.code)
        _say_losses(each, losses)
        head = [*source_cells(each), *(each.hidden.get(field, "") for field in fields)]
        head += [each.entry.extra.get(name, "") for name in extra]
        lines.extend(written_lines((head + cells for cells in _mapping_cells(each)), losses))
    return Written("\n".join([*lines, ""]).encode("utf-8", "replace"), losses.told())


def _mapping_cells(each: Prepared) -> Iterator[list[str]]:
    shown = [(target, concept) for target, concept in each.targets if not target.refused]
    for target, known in shown or [(_NOTHING.target, _NOTHING.concept)]:
        concept = known or OmopConcept(id=0, name=target.display, vocabulary=target.system, code=target.code)
        yield [
            # Java writes a double with at least one decimal, as Python does.
            repr(float(score_of(each.entry))),
            each.status,
            str(concept.id),
            concept.name or target.display,
            concept.vocabulary,
            concept.domain,
            concept.standard,
            "",
            "",
            concept.kind,
            concept.code,
            concept.valid_from,
            concept.valid_to,
            concept.invalid,
        ]


def _say_losses(each: Prepared, losses: Losses) -> None:
    entry = each.entry
    for field, is_there in _lost(entry).items():
        if is_there:
            losses.add(field, "not-carried")
    if "state" in each.hidden:
        losses.add("state", "not-carried")
    if each.code != entry.source.code:
        losses.add("code", "usagi-code")
    chosen = [target for target, _ in each.targets if not target.refused]
    if any(target.relation is not Relation.EXACT for target in chosen):
        losses.add("relation", "not-carried")
    if any(target.part is not Part.TARGET for target in chosen):
        losses.add("part", "not-carried")
    if any(target.created_by or target.created_on for target in chosen):
        losses.add("created", "not-carried")
    if any(target.refused for target, _ in each.targets):
        losses.add("refused", "not-carried")
    if any(concept and concept.code != target.code for target, concept in each.targets):
        losses.add("targets", "stcm-target-code")


def _lost(entry: Entry) -> dict[str, bool]:
    judgement, proposal = entry.judgement, entry.proposal
    return {
        "note": bool(judgement and judgement.note),
        "proposal": len(proposal.candidates) > 1 or bool(judgement and proposal.candidates),
        "senders": bool(entry.senders),
        "status_by": bool(entry.status_by),
        "status_on": bool(entry.status_on),
        "reviewer": bool(entry.reviewer),
        "automatic": entry.automatic or entry.acceptance is not None,
        "people": bool(entry.people),
        "evidence": any(each.evidence for each in proposal.candidates),
        "justification": bool(entry.justification),
        "history": bool(entry.history),
    }
