"""Decisions as curated tables of semantix: what the next ``convert --table`` reads and decides by.

One file a target system, in the layout of ``docs/reference/curated-tables.md``; nothing in it is what nobody decided.
Every acceptance is asked again of the tables that were written, so that one which they would not give back is named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from semantix.model import Context, Outcome, Query
from semantix.review.formats._curated_rows import (
    Prefixes,
    Refused,
    Subject,
    UnitCodes,
    definitions,
    one_line,
    subject_of,
)
from semantix.review.formats._sssom_slots import MANUAL, PREDICATES
from semantix.review.formats._sssom_systems import OURS
from semantix.review.formats._sssom_writing import agreeing, day_of
from semantix.review.formats._tally import Tally
from semantix.review.formats.exchange import Entry, Exchange, Loss
from semantix.review.model import Part, Relation, State, Target
from semantix.terminology.curated import Curated
from semantix.terminology.matching import Request
from semantix.terminology.table_files import Line, Metadata, TableFile, layout, split_curie
from semantix.terminology.tables import SUFFIX, UNITS_FILE, Tables
from semantix.terminology.units import Units, parse_units

ONE: Final = 0.95
TWO: Final = 0.98
NOBODY: Final = 0.90
"""The confidence of a row: one person; two who agree; nobody named. Of a rule, the bound of its precision."""

_UNNAMED = "semantix review"
_STRONGEST = tuple(PREDICATES.values())
_WEAK = frozenset({Relation.NARROW, Relation.RELATED})
_NONE: Mapping[str, str] = MappingProxyType({})
Key = tuple[str, ...]


def _as_named(name: str) -> str:
    return name


class Curation(Struct, frozen=True, kw_only=True):
    """How tables are written: ``<slug>__<target>.sssom.tsv``, the set ``<base><slug>__<target>``.

    ``date`` is the day of the export, for decisions that have none. ``author_of`` says how a person is named.
    ``beside`` are the tables that will be in use with these, by file name, as text: units are read by theirs, and what
    they say otherwise is told.
    """

    date: str
    license: str
    version: str = ""
    slug: str = "desk"
    base: str = f"{OURS}mappings/"
    author_of: Callable[[str], str] = _as_named
    beside: Mapping[str, str] = _NONE


class CuratedTables(Struct, frozen=True):
    """The files by name, and what none of them holds."""

    files: Mapping[str, bytes]
    losses: tuple[Loss, ...] = ()


def write_curated(exchange: Exchange, curation: Curation) -> CuratedTables:
    """Write accepted and refused targets as curated tables, one file a target system, sorted by name."""
    writer = _Writer(curation)
    for place, entry in enumerate(exchange.entries, 1):
        writer.add(place, entry)
    texts = writer.texts()
    writer.ask_again(exchange.entries, texts)
    return CuratedTables({name: text.encode() for name, text in texts.items()}, writer.tally.losses())


class _Said(Struct, frozen=True):
    """A row, and the place of the entry that it is from."""

    line: Line
    place: int


class _Writer:
    def __init__(self, curation: Curation) -> None:
        self.tally = Tally()
        self._curation = curation
        self._prefixes = Prefixes()
        units = curation.beside.get(UNITS_FILE, "")
        self._units = UnitCodes(parse_units(units.split("\n")) if units else Units({}, {}))
        self._claims: dict[str, dict[Key, _Said]] = {}
        self._refusals: dict[str, dict[Key, _Said]] = {}
        self._asked: dict[int, set[str]] = {}

    # --- rows ------------------------------------------------------------------------------------------------------

    def add(self, place: int, entry: Entry) -> None:
        """Take an entry: its rows, or why there are none."""
        judgement = entry.judgement
        if judgement is None or entry.state not in {State.ACCEPTED, State.REJECTED}:
            self.tally.add("state", entry.source, place, "curated-undecided")
            return
        if judgement.no_target:
            self.tally.add("no_target", entry.source, place, "curated-no-target")
        elif not judgement.targets:
            self.tally.add("targets", entry.source, place, "curated-nothing")
        try:
            subject = subject_of(entry.source, self._prefixes, self._units)
        except Refused as refused:
            self.tally.add(refused.field, entry.source, place, refused.reason)
            return
        for target in judgement.targets:
            try:
                self._row(place, entry, subject, target)
            except Refused as refused:
                self.tally.add(refused.field, entry.source, place, refused.reason)
        for field, reason in _unsaid(entry):
            self.tally.add(field, entry.source, place, reason)

    def _row(self, place: int, entry: Entry, subject: Subject, target: Target) -> None:
        if target.part is not Part.TARGET:
            raise Refused(target.part.value, "curated-part")
        system, _, object_id = self._prefixes.target(target)
        refused = target.refused or entry.state is State.REJECTED
        authors = tuple(dict.fromkeys(filter(None, map(self._author, agreeing(entry)))))
        line = Line(
            subject_id=subject.subject_id,
            subject_label=subject.subject_label,
            subject_type=subject.subject_type,
            predicate_id=PREDICATES[target.relation],
            predicate_modifier="Not" if refused else "",
            object_id=object_id,
            mapping_justification=MANUAL,
            author_label="|".join(authors) or _UNNAMED,
            mapping_date=day_of(entry.status_on) or self._curation.date,
            confidence=f"{_confidence(entry, len(authors)):.2f}",
            comment=_comment(entry, refused, authors),
            sender=subject.sender,
            unit=subject.unit,
            specimen=subject.specimen,
            section=subject.section,
        )
        key = (*subject.key(folded=system != "ucum"), object_id)
        rows = (self._refusals if refused else self._claims).setdefault(system, {})
        known = rows.get(key)
        if known is None or _rank(line) < _rank(known.line):
            rows[key] = _Said(line, place)
        if not refused:
            self._asked.setdefault(place, set()).add(system)

    def _author(self, name: str) -> str:
        return one_line(self._curation.author_of(name)).replace("|", "/")

    # --- files -----------------------------------------------------------------------------------------------------

    def texts(self) -> dict[str, str]:
        """The tables by file name."""
        return {self._name(system) + SUFFIX: self._text(system) for system in sorted({*self._claims, *self._refusals})}

    def _name(self, system: str) -> str:
        return f"{self._curation.slug}__{system}"

    def _text(self, system: str) -> str:
        claims, refusals = self._claims.get(system, {}), self._refusals.get(system, {})
        lines = [said.line for said in claims.values()]
        lines += [said.line for key, said in refusals.items() if key not in claims]
        used = frozenset(split_curie(cell)[0] for line in lines for cell in (line.subject_id, line.object_id) if cell)
        metadata: Metadata = {
            "curie_map": self._prefixes.declared(used),
            "extension_definitions": definitions(OURS),
            "license": one_line(self._curation.license),
            "mapping_set_id": one_line(self._curation.base + self._name(system)),
            "mapping_set_version": one_line(self._curation.version or self._curation.date),
        }
        return layout(TableFile(metadata, tuple(lines)))

    # --- what the tables answer ------------------------------------------------------------------------------------

    def ask_again(self, entries: tuple[Entry, ...], texts: Mapping[str, str]) -> None:
        """Name what the engine would not decide by these tables as it was decided here."""
        for system, refusals in self._refusals.items():
            for key, said in refusals.items():
                if key in self._claims.get(system, {}):
                    self.tally.add("refused", entries[said.place - 1].source, said.place, "curated-contradiction")
        tables = Curated(Tables.of([*sorted({**self._curation.beside, **texts}.items())]))
        for place, systems in self._asked.items():
            entry = entries[place - 1]
            for system in sorted(systems):
                if reason := self._unlike(tables, entry, system):
                    self.tally.add("targets", entry.source, place, reason)

    def _unlike(self, tables: Curated, entry: Entry, system: str) -> str:
        """Why the tables do not give one target back; empty when they do."""
        wanted: dict[str, Relation] = {}
        for target in entry.judgement.chosen if entry.judgement is not None else ():
            if target.part is Part.TARGET:
                try:
                    own, code, _ = self._prefixes.target(target)
                except Refused:
                    continue
                if own == system:
                    wanted[code] = min(wanted.get(code, target.relation), target.relation, key=tuple(Relation).index)
        if len(wanted) > 1:
            return "curated-ambiguous"
        ((code, relation),) = wanted.items()
        if relation in _WEAK:
            return "curated-relation"
        (decision,) = tables.decide_many([request_of(entry)], system)
        given = decision.candidates[0].code if decision.candidates else ""
        return "" if decision.outcome is Outcome.CURATED and given == code else "curated-contested"


def request_of(entry: Entry) -> Request:
    """What ``convert`` would ask for the source of an entry."""
    source = entry.source
    return Request(
        Query(text=source.label, code=source.code, system=source.system if source.code else ""),
        Context(sender=source.sender, unit=source.unit, specimen=source.specimen, section=source.section),
    )


def _rank(line: Line) -> tuple[object, ...]:
    """The row that stays of two that claim the same: the most confident, then the first by its cells."""
    return (
        -float(line.confidence),
        _STRONGEST.index(line.predicate_id),
        line.mapping_date,
        line.author_label,
        line.comment,
    )


def _confidence(entry: Entry, people: int) -> float:
    if not entry.automatic:
        return TWO if people > 1 else ONE if people else NOBODY
    known = entry.acceptance.bound if entry.acceptance is not None else entry.score
    # Never more than was shown: the bound is cut, not rounded.
    return NOBODY if known is None or not 0 <= known <= 1 else math.floor(round(known * 100, 6)) / 100


def _comment(entry: Entry, refused: bool, authors: Iterable[str]) -> str:
    """The evidence of a row: who decided how and when, and their note."""
    names, day = ", ".join(authors), day_of(entry.status_on)
    when = f" on {day}" if day else ""
    by = f" by {names}" if names else ""
    if entry.automatic and not refused:
        rule = entry.acceptance
        said = f"review desk: accepted automatically{when}"
        if rule is not None:
            said += (
                f", {rule.right} of {rule.seen} right above a probability of {rule.threshold:.4f}, "
                f"lower 95 % bound {rule.bound:.4f}"
            )
        said += f"; rule applied{by}" if by else ""
    else:
        said = f"review desk: {'refused' if refused else 'decided'}{by}{when}"
    note = one_line(entry.judgement.note) if entry.judgement is not None else ""
    return f"{said}; note: {note}" if note else said


def _unsaid(entry: Entry) -> Iterator[tuple[str, str]]:
    """What an entry says that a table has no place for."""
    judgement = entry.judgement
    targets = judgement.targets if judgement is not None else ()
    if any(target.display for target in targets):
        yield "display", "curated-display"
    if entry.source.code.strip() and entry.source.label and not entry.source.sender:
        yield "label", "curated-code-label"
    if judgement is not None and one_line(judgement.note) != judgement.note:
        yield "note", "curated-note"
    held = {
        "proposal": entry.proposal.candidates,
        "frequency": entry.frequency != 1,
        "senders": entry.senders,
        "extra": entry.extra,
        "score": entry.score is not None,
        "reviewer": entry.reviewer,
        "history": entry.history,
        "created_by": any(target.created_by or target.created_on for target in targets),
    }
    yield from ((field, "curated-proposal") for field, value in held.items() if value)
