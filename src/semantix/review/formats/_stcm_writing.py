"""Entries → a SOURCE_TO_CONCEPT_MAP file that an OMOP 5.4 database loads."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from semantix.errors import BadMappings
from semantix.review.formats import _stcm_columns as columns_of
from semantix.review.formats._cells import guard
from semantix.review.formats._usagi_targets import concept_for
from semantix.review.formats.exchange import Concepts, Entry, Exchange, OmopConcept, Written
from semantix.review.formats.losses_usagi import Losses
from semantix.review.formats.omop_concepts import OMOP
from semantix.review.model import Part, Relation, State, Target

_DECIDED = (State.ACCEPTED,)
_CUT = "..."
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def write_stcm(  # noqa: PLR0913 - all but two are keywords, named as the columns are
    exchange: Exchange,
    concepts: Concepts | None,
    *,
    vocabulary: str,
    valid_from: str = columns_of.FIRST_DAY,
    valid_to: str = columns_of.LAST_DAY,
    states: Collection[State] = _DECIDED,
) -> Written:
    """Write the table. ``vocabulary`` is the source_vocabulary_id, the dates (``2024-01-31``) are those of all rows.

    Raises BadMappings when the vocabulary or the dates are none.
    """
    _check(vocabulary, valid_from, valid_to)
    losses = Losses()
    if exchange.meta.keys() - {columns_of.SOURCE_VOCABULARY}:
        losses.of_set("meta", "not-carried")
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns_of.COLUMNS)
    common = Counter(entry.source.code for entry in exchange.entries if entry.state in states and entry.judgement)
    for entry in exchange.entries:
        losses.begin(entry.source.code)
        rows = _targets(entry, concepts, losses) if _is_written(entry, states, losses) else ()
        if not rows:
            continue
        _say_losses(entry, vocabulary, losses)
        if common[entry.source.code] > 1:
            losses.add("source_code", "stcm-same-code")
        description = _description(entry, losses)
        for number, target_vocabulary in rows:
            cells = [entry.source.code, 0, vocabulary, description, number, target_vocabulary]
            writer.writerow([*cells, valid_from, valid_to, ""])
    return Written(buffer.getvalue().encode("utf-8", "replace"), losses.told())


def _check(vocabulary: str, valid_from: str, valid_to: str) -> None:
    if not 0 < len(vocabulary) <= columns_of.VOCABULARY or _CONTROLS.search(vocabulary):
        raise BadMappings(
            f"source_vocabulary_id: {len(vocabulary)} characters; expected 1 to {columns_of.VOCABULARY}, on one line"
        )
    for name, text in ((columns_of.VALID_FROM, valid_from), (columns_of.VALID_TO, valid_to)):
        if not _is_day(text):
            raise BadMappings(f"{name}: not a day; expected one such as {columns_of.FIRST_DAY}")
    if valid_to < valid_from:
        raise BadMappings(f"{columns_of.VALID_TO}: before {columns_of.VALID_FROM}; expected that day or a later one")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_written(entry: Entry, states: Collection[State], losses: Losses) -> bool:
    code = entry.source.code
    if entry.state not in states or entry.judgement is None:
        losses.add("entry", "stcm-state")
    elif not code.strip():
        losses.add("source_code", "stcm-no-code")
    elif len(code) > columns_of.CODE:
        losses.add("source_code", "stcm-code-long")
    elif _CONTROLS.search(code):
        losses.add("source_code", "stcm-code-line")
    else:
        if guard(code) != code:
            losses.add("source_code", "stcm-formula")
        return True
    return False


def _description(entry: Entry, losses: Losses) -> str:
    label = entry.source.label
    text = _CONTROLS.sub(" ", label)
    if text != label:
        losses.add("source_code_description", "stcm-one-line")
    safe = guard(text)
    if safe != text:
        losses.add("source_code_description", "stcm-formula-text")
    if len(safe) > columns_of.DESCRIPTION:
        losses.add("source_code_description", "stcm-description-long")
        safe = safe[: columns_of.DESCRIPTION - len(_CUT)] + _CUT
    return safe


def _targets(entry: Entry, concepts: Concepts | None, losses: Losses) -> Sequence[tuple[int, str]]:
    """The concept and vocabulary of each row; none when no target can be written."""
    judgement = entry.judgement
    if judgement is None or judgement.no_target:
        return [(0, columns_of.UNMAPPED)]
    return list(dict.fromkeys(_known(judgement.chosen, concepts, losses)))


def _known(chosen: Sequence[Target], concepts: Concepts | None, losses: Losses) -> Iterator[tuple[int, str]]:
    for target in chosen:
        if target.part is not Part.TARGET:
            losses.add(f"target: {target.part.value}", "stcm-part")
            continue
        concept = concept_for(concepts, target.system, target.code)
        if concept is None:
            losses.add("target", "stcm-no-concept")
        elif not 0 < len(concept.vocabulary) <= columns_of.VOCABULARY:
            losses.add("target", "stcm-vocabulary-long")
        else:
            _say_target(target, concept, losses)
            yield concept.id, concept.vocabulary


def _say_target(target: Target, concept: OmopConcept, losses: Losses) -> None:
    if target.system != OMOP:
        losses.add("target_code", "stcm-target-code")
    if target.relation is not Relation.EXACT:
        losses.add("relation", "not-carried")
    if target.display not in ("", concept.name):
        losses.add("target_display", "not-carried")
    if target.created_by or target.created_on:
        losses.add("created", "not-carried")


def _say_losses(entry: Entry, vocabulary: str, losses: Losses) -> None:
    source, judgement = entry.source, entry.judgement
    kept = {columns_of.SOURCE_VOCABULARY: vocabulary}
    lost = {
        "system": source.system,
        "unit": source.unit,
        "specimen": source.specimen,
        "section": source.section,
        "sender": source.sender,
        "wanted_target": source.target,
        "state": entry.state is not State.ACCEPTED,
        "frequency": entry.frequency > 1,
        "senders": entry.senders,
        "extra": {name for name, text in entry.extra.items() if text and kept.get(name) != text},
        "score": entry.score is not None,
        "status_by": entry.status_by,
        "status_on": entry.status_on,
        "reviewer": entry.reviewer,
        "automatic": entry.automatic or entry.acceptance,
        "people": entry.people,
        "justification": entry.justification,
        "history": entry.history,
        "proposal": entry.proposal.candidates,
        "note": judgement and judgement.note,
        "refused": judgement and judgement.refused,
    }
    for field, found in lost.items():
        if found:
            losses.add(field, "not-carried")
