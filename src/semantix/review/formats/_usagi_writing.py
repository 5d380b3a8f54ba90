"""Entries → a Usagi save file. What Usagi has no column for goes into columns of additional information."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from msgspec import Struct

from semantix.review.encoding import encode
from semantix.review.formats import _usagi_columns as columns_of
from semantix.review.formats._cells import guard, pack
from semantix.review.formats._usagi_standing import SAID, words
from semantix.review.formats._usagi_table import write_line
from semantix.review.formats._usagi_targets import (
    USAGI,
    Recorded,
    Shown,
    concept_for,
    record,
    rule_cell,
    show,
    target_of,
    targets_of,
)
from semantix.review.formats._usagi_words import GREATEST, TYPE_OF, milliseconds, moment
from semantix.review.formats.exchange import Concepts, Entry, Exchange, OmopConcept, Written
from semantix.review.formats.losses_usagi import Losses
from semantix.review.model import Relation, Source, Target

_OWN = frozenset({SAID, columns_of.NOTE, columns_of.FREQUENCY, columns_of.AUTO})
_AUTO = re.compile(r"[0-9]{1,10}(;[0-9]{1,10})*", re.ASCII)
_UNMAPPED = Shown(0, "Unmapped")


class Prepared(Struct, frozen=True):
    """An entry in the terms of Usagi: its code, the targets with their concepts, its words, the hidden columns."""

    entry: Entry
    code: str
    targets: tuple[tuple[Target, OmopConcept | None], ...]
    status: str
    equivalence: str
    hidden: dict[str, str]

    @property
    def rows(self) -> list[Shown]:
        """What the rows show; one that shows no concept when there is none."""
        return _shown(self.targets) or [_UNMAPPED]


def write_usagi(exchange: Exchange, concepts: Concepts | None) -> Written:
    """Write a save file that Usagi opens, and that :func:`read_usagi` reads back.

    Without ``concepts`` only targets of system ``omop`` have a concept. The losses name what Usagi does not show.
    """
    losses = Losses()
    if exchange.meta:
        losses.of_set("meta", "not-carried")
    prepared = list(prepare(exchange, concepts, losses))
    fields = [field for field in columns_of.HIDDEN_FIELDS if any(field in each.hidden for each in prepared)]
    extra = extra_names(exchange.entries)
    header = [
        *columns_of.SOURCE,
        *(f"{columns_of.ADDED}{columns_of.HIDDEN}{field}" for field in fields),
        *(added(name) for name in extra),
        *columns_of.MAPPING,
    ]
    lines = [write_line(header)]
    for each in prepared:
        losses.begin(each.entry.source.code)
        head = [*source_cells(each), *(each.hidden.get(field, "") for field in fields)]
        head += [each.entry.extra.get(name, "") for name in extra]
        lines.extend(written_lines((head + cells for cells in _mapping_cells(each)), losses))
    return Written("\n".join([*lines, ""]).encode("utf-8", "replace"), losses.told())


def extra_names(entries: Iterable[Entry]) -> list[str]:
    """The names of the extra columns as they come, but for what Usagi's own columns say."""
    names = dict.fromkeys(name for entry in entries for name, text in entry.extra.items() if text)
    return [name for name in names if name not in _OWN]


def added(name: str) -> str:
    """The column of an extra text."""
    return columns_of.ADDED + (columns_of.OTHER if name.startswith(columns_of.HIDDEN) else "") + name


def written_lines(rows: Iterable[list[str]], losses: Losses) -> Iterator[str]:
    """Write rows, each text made harmless in a spreadsheet."""
    for cells in rows:
        safe = [guard(cell) for cell in cells]
        if safe != cells:
            losses.add("text", "usagi-formula")
        if any("\n" in cell or "\r" in cell for cell in safe):
            losses.add("text", "usagi-line-end")
            safe = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in safe]
        yield write_line(safe)


def source_cells(each: Prepared) -> list[str]:
    """The first columns."""
    entry = each.entry
    frequency = entry.extra.get(columns_of.FREQUENCY, "") if entry.frequency == 1 else ""
    if not frequency.lstrip("-").isdecimal():
        frequency = str(min(entry.frequency, GREATEST))
    auto = entry.extra.get(columns_of.AUTO, "")
    return [each.code, entry.source.label, frequency, auto if _AUTO.fullmatch(auto) else ""]


def score_of(entry: Entry) -> float:
    """The score to show: that of the match, else the probability of the first candidate, else 0."""
    return entry.score if entry.score is not None else entry.proposal.probability or 0.0


def _mapping_cells(each: Prepared) -> Iterator[list[str]]:
    entry = each.entry
    note = entry.judgement.note if entry.judgement else entry.extra.get(columns_of.NOTE, "")
    first = [
        f"{score_of(entry):.2f}",
        each.status,
        each.equivalence,
        entry.status_by,
        str(milliseconds(entry.status_on)),
    ]
    for row in each.rows:
        concept = [str(row.number), row.name, row.domain, TYPE_OF[row.part]]
        yield [*first, *concept, note, row.by, str(row.on), entry.reviewer]


# --- preparing ------------------------------------------------------------------------------------------------


def prepare(exchange: Exchange, concepts: Concepts | None, losses: Losses) -> Iterator[Prepared]:
    """Put each entry in the terms of Usagi, and say what it does not show."""
    codes = _codes(exchange.entries)
    for entry, code in zip(exchange.entries, codes, strict=True):
        losses.begin(entry.source.code)
        targets = tuple((each, concept_for(concepts, each.system, each.code)) for each in _targets(entry))
        shown = _shown(targets)
        known: Recorded = tuple((concept.id if concept else 0, target) for target, concept in targets)
        status, equivalence, hint = words(entry, shown, known)
        # Targets are recorded only where the rows alone would not give them back.
        if targets_of(shown, (), equivalence) == tuple(target for target, _ in targets):
            known = ()
        hidden = {**_facts(entry, code), "state": hint, "targets": record(known) if known else ""}
        prepared = Prepared(
            entry, code, targets, status, equivalence, {name: hidden[name] for name in hidden if hidden[name]}
        )
        _say_losses(prepared, losses)
        yield prepared


def _targets(entry: Entry) -> tuple[Target, ...]:
    """The targets of the judgement; where nobody judged, the first candidate, or all that a Usagi file showed."""
    if entry.judgement:
        return entry.judgement.targets
    candidates = entry.proposal.candidates
    return tuple(target_of(each) for each in (candidates if entry.proposal.outcome == USAGI else candidates[:1]))


def _shown(targets: Sequence[tuple[Target, OmopConcept | None]]) -> list[Shown]:
    return [show(target, concept) for target, concept in targets if concept and not target.refused]


def _codes(entries: Sequence[Entry]) -> list[str]:
    """A code for each entry that Usagi does not take for another one: the source's own wherever that is possible.

    Usagi knows a source by code and wording. Where there is no code, or other sources have both in common, the code
    gets a digest of the source; equal sources that follow each other are counted.
    """
    common = Counter((source.code, source.label) for source in {entry.source for entry in entries})
    codes: list[str] = []
    last: tuple[str, str] = "", ""
    for entry in entries:
        source = entry.source
        code = source.code
        if not code:
            code = f"semantix:{_digest(source)}"
        elif common[code, source.label] > 1:
            code = f"{code}~{_digest(source)[:8]}"
        if (code, source.label) == last:
            code += "~"
        last = code, source.label
        codes.append(code)
    return codes


def _digest(source: Source) -> str:
    return sha256(encode(source).encode("utf-8", "replace")).hexdigest()[:16]


def _facts(entry: Entry, code: str) -> dict[str, str]:
    """The hidden columns but for state and targets, empty where Usagi's own columns say it."""
    source, score = entry.source, entry.score
    rounded = f"{score:.2f}" if score is not None else ""
    made_up = source.code == "" and len(code) == len("semantix:") + 16
    facts = {field: getattr(source, field) for field in columns_of.SOURCE_FIELDS}
    return {
        **facts,
        "code": "" if code == source.code or made_up else columns_of.CODE_MARK + source.code,
        "senders": pack((name, str(count)) for name, count in entry.senders.items()),
        "score": repr(score) if score is not None and (float(rounded) != score or score == 0) else "",
        "status_on": "" if moment(milliseconds(entry.status_on)) == entry.status_on else entry.status_on,
        "automatic": "yes" if entry.automatic else "",
        "acceptance": rule_cell(entry.acceptance) if entry.acceptance else "",
        # The point tells one nameless person from nobody.
        "people": pack((name, ".") for name in entry.people),
        "justification": entry.justification,
        "frequency": str(entry.frequency) if entry.frequency > GREATEST else "",
    }


def _say_losses(each: Prepared, losses: Losses) -> None:
    entry = each.entry
    for field in ("system", "unit", "specimen", "section", "sender", "target", "senders", "state", "status_on"):
        if field in each.hidden:
            losses.add(field, "usagi-hidden")
    for field in ("score", "automatic", "acceptance", "people", "justification"):
        if field in each.hidden:
            losses.add(field, "usagi-hidden")
    if "frequency" in each.hidden:
        losses.add("frequency", "usagi-number")
    if each.code != entry.source.code:
        losses.add("code", "usagi-code")
    if entry.history:
        losses.add("history", "not-carried")
    if "" in entry.extra.values():
        losses.add("extra", "usagi-empty")
    _say_lost_targets(each, losses)
    _say_lost_proposal(entry, losses)


def _say_lost_targets(each: Prepared, losses: Losses) -> None:
    chosen = [(target, concept) for target, concept in each.targets if not target.refused]
    if any(concept is None for _, concept in chosen):
        losses.add("targets", "usagi-no-concept")
    if any(target.refused for target, _ in each.targets):
        losses.add("refused", "usagi-hidden")
    relations = {target.relation for target, _ in chosen}
    if len(relations) > 1:
        losses.add("relation", "usagi-mixed")
    elif Relation.CLOSE in relations:
        losses.add("relation", "usagi-hidden")
    if "targets" in each.hidden and any(concept and concept.id != 0 for _, concept in chosen):
        losses.add("targets", "usagi-hidden")


def _say_lost_proposal(entry: Entry, losses: Losses) -> None:
    proposal = entry.proposal
    if proposal.outcome == USAGI and not entry.judgement:
        return
    if entry.judgement and proposal.candidates:
        losses.add("proposal", "not-carried")
    elif len(proposal.candidates) > 1:
        losses.add("proposal", "usagi-first-candidate")
    if not entry.judgement and any((proposal.outcome, proposal.reason, proposal.engine, proposal.store)):
        losses.add("proposal", "not-carried")
    if not entry.judgement and any(each.evidence or each.conflicts or each.probability for each in proposal.candidates):
        losses.add("evidence", "not-carried")
    if entry.judgement and columns_of.NOTE in entry.extra:
        losses.add("comment", "not-carried")
