"""What the table modules share while one document is emitted: rows, keys, codes, dates, the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import inf
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from semantix.emitters.omop.codes import (
    MAX_CODE,
    NOTHING,
    WITHHELD,
    Chosen,
    Resolved,
    Resolver,
    is_identifying,
    lookups,
    ranked,
    source_vocabulary,
)
from semantix.emitters.omop.concepts import EHR, SELF_REPORT
from semantix.emitters.omop.dates import DOCUMENT, ENCLOSING, RECORDED, Calendar, When, shifted
from semantix.emitters.omop.fhir_status import FORMAT
from semantix.emitters.omop.schema import SCHEMA
from semantix.ledger import Ledger, Reason
from semantix.model import (
    Coding,
    Concept,
    Document,
    Issue,
    MappedCoding,
    MappedCodings,
    Party,
    Place,
    Severity,
    Statement,
    TimeSpan,
)

Row = dict[str, Any]
Ref = tuple[str, int]
"""A row of the same document: its table and its rank in it. The sink turns it into a primary key."""

VISIT_MARGIN = 7
"""Days before its start and after its end in which an event still belongs to the visit of the document."""
FUTURE_MARGIN = 1
"""Days after the document's own date in which something may still be said to have happened (zones, late signing)."""
WITHIN = "ENC"
"""The type of a reference from a statement to the visit during which it was made."""
FUTURE_DATE = "SX904"
TOO_LARGE = "SX905"

TIME_ZONE = "Europe/Paris"

_FUTURE = When("9999-12-31")
"""Stands for the date of a statement that is in the future: what is inside it cannot take it."""

_BOUNDS: Mapping[str, tuple[tuple[str, float], ...]] = MappingProxyType(
    {
        table.name: tuple(
            (f.name, 2.0**31 if f.kind == "int" else inf)
            for f in table.fields
            if f.kind in {"int", "float"} and not (f.primary or f.target or f.name.endswith("_event_id"))
        )
        for table in SCHEMA.values()
    }
)
"""The columns of each table that hold a number of the source, and what its size stays below."""


class OmopOptions(Struct, frozen=True, kw_only=True):
    """How to emit. ``keep_text`` lets free text (which may name people) into notes and values; it is off by default.

    ``time_zone`` is the one zone of every ``*_datetime``. ``vocabulary`` resolves codes; without it every concept id
    that would come from a vocabulary is 0.
    """

    keep_text: bool = False
    time_zone: str = TIME_ZONE
    vocabulary: Resolver | None = None


class Source(Struct):
    """A source code met in the document, with the local concept that records its system and wording."""

    coding: Coding
    vocabulary_id: str
    domain: str
    resolved: Resolved | None
    mapped: Found | None = None


class Found(NamedTuple):
    """A code found for a concept of the source, and what it is in the vocabulary."""

    coding: MappedCoding
    resolved: Resolved | None


class Context:
    """One document being emitted. Rows hold *source keys* (strings) where the CDM wants integers."""

    def __init__(self, document: Document, options: OmopOptions, mapped: MappedCodings | None = None) -> None:
        self.document = document
        self.options = options
        self.mapped = mapped or {}
        self.ledger = Ledger()
        self.rows: dict[str, list[Row]] = {}
        self.trace: dict[str, list[tuple[str, str | None]]] = {}
        self.excluded: Counter[tuple[str, str]] = Counter()
        self.imputed: Counter[tuple[str, str]] = Counter()
        self.sources: dict[str, Source] = {}
        self.shared: set[tuple[str, str]] = set()
        self.calendar = Calendar(ZoneInfo(options.time_zone))
        self.scope = document.source.sha256 or document.key
        self.day: When | None = None
        self.around: When | None = None
        self.person: str = ""
        self.birth: str = ""
        self.birth_here: str = ""
        self.visit: str | None = None
        self.open_visits: set[str] = set()
        self.visit_days = ("", "")
        self.limit = ""
        self.is_future = False
        self.recorded: When | None = None
        self.own_visit: str | None = None
        self.issues: list[Issue] = []
        self.author: str | None = None
        self.type_concept = EHR
        self.providers: dict[int, str | None] = {}
        self.specimens: set[tuple[str, str]] = set()
        self.refs: dict[str, Ref] = {}

    # --- rows -----------------------------------------------------------------------------------------------------

    def add(self, table: str, row: Row, path: str, imputed: str | None = None) -> Ref:
        """Append an event row; ``path`` says where it comes from, ``imputed`` how its date was made up.

        A number that its column cannot hold is left out, with a doubt.
        """
        for column, bound in _BOUNDS[table]:
            value = row.get(column)
            if value is not None and not abs(value) < bound:
                row[column] = None
                words = "a number too large for its column: left out"
                self.issues.append(Issue(TOO_LARGE, Severity.WARNING, path, words))
        rows = self.rows.get(table)
        if rows is None:
            rows = self.rows[table] = []
            self.trace[table] = []
        rows.append(row)
        self.trace[table].append((path, imputed))
        if imputed:
            self.imputed[table, imputed] += 1
        return table, len(rows) - 1

    def share(self, table: str, key: str, row: Row) -> str:
        """Add a row that other documents may also hold (a person, a provider...), once per document."""
        if (table, key) not in self.shared:
            self.shared.add((table, key))
            self.rows.setdefault(table, []).append(row)
        return key

    def done(self, statement: Statement) -> None:
        """A row says this statement, and what it absorbed."""
        self.ledger.carried.add(statement.at)
        if statement.absorbed:
            self.ledger.carried.update(statement.absorbed)

    def exclude(self, statement: Statement, reason: Reason) -> None:
        """Leave a statement out, and count it."""
        self.excluded[statement.kind, reason.value] += 1
        self.ledger.explain(statement.at, reason)
        for place in statement.absorbed:
            self.ledger.explain(place, reason)

    # --- dates ----------------------------------------------------------------------------------------------------

    def when(self, *spans: TimeSpan | None) -> When | None:
        """The first date found, else that of the statement around, else of the document; never before birth."""
        for span in spans:
            found = self.calendar.start(span)
            if found is None:
                continue
            if not self._is_after(found):
                return self.living(found)
            if span is not None and span.start is not None:
                self.is_future = True
                return None
        return None if self.around is _FUTURE else self.around or self.living(self.recorded) or self.day

    def _is_after(self, found: When) -> bool:
        """True for a date that the document, said to tell what happened, cannot know yet."""
        return bool(self.limit) and found.day > self.limit

    def happens(self, statement: Statement) -> None:
        """What is said to have happened cannot come after the document; what is ordered or planned may."""
        day = self.day if self.document.time is not None and statement.mood == "EVN" else None
        self.limit = shifted(day.day, FUTURE_MARGIN) if day else ""
        self.is_future = False
        if self.document.format.startswith(FORMAT):
            self.recorded, self.own_visit = self._recorded(statement), self._visit_of(statement)

    def _visit_of(self, statement: Statement) -> str | None:
        """The visit that a statement itself names, when the document holds it."""
        ids = (one for reference in statement.references for one in reference.ids if reference.type_code == WITHIN)
        keys = (f"{self.person}|{one.root}^{one.extension or ''}" for one in ids)
        return next((key for key in keys if ("visit_occurrence", key) in self.shared), None)

    def _recorded(self, statement: Statement) -> When | None:
        """When its author recorded a statement, which FHIR says beside what it tells."""
        spans = (party.time for party in statement.parties if party.role == "author")
        found = next((when for when in map(self.calendar.start, spans) if when is not None), None)
        return When(found.day, found.time, RECORDED) if found else None

    def doubt_future(self, statement: Statement) -> None:
        """Say that a statement was left out because of its date."""
        words = "said to have happened after the date of the document: left out"
        self.issues.append(Issue(FUTURE_DATE, Severity.WARNING, statement.path, words))

    def visit_on(self, day: str) -> str | None:
        """The visit of the document, for an event that is close enough to belong to it."""
        if self.own_visit is not None:
            return self.own_visit
        first, last = self.visit_days
        return self.visit if first <= day <= last else None

    def living(self, found: When | None) -> When | None:
        """A date, unless it is before the birth: nothing can then be stored under it."""
        if found is None or found.day >= self.birth:
            return found
        # Born overseas just after midnight: in the one zone, what happened then is on the day before.
        is_same_instant = bool(self.birth_here) and found.day >= self.birth_here
        return When(self.birth, None, found.imputed) if is_same_instant else None

    def document_day(self, found: When | None) -> When | None:
        """The date of the document, marked as imputed."""
        return When(found.day, found.time, DOCUMENT) if found else None

    def enter(self, span: TimeSpan | None) -> When | None:
        """Statements inside one that has a date take it when they have none; returns what to restore after them."""
        outer = self.around
        found = self.living(self.calendar.start(span))
        if found and span is not None and self._is_after(found):
            if span.start is not None:
                self.around = _FUTURE
        elif found:
            self.around = When(found.day, found.time, ENCLOSING)
        return outer

    # --- codes ----------------------------------------------------------------------------------------------------

    def choose(self, concept: Concept | None, area: str, domain: str) -> Chosen:
        """The coding to keep. Nothing is carried until :meth:`keep` is told that it was written.

        A code found for the concept gives the standard concepts that the source's own codes do not reach.
        """
        if concept is None:
            return NOTHING
        found = self._found(concept.at) if self.mapped else None
        codings = ranked(concept, area)
        if len(codings) < len(concept.codings):
            for coding in concept.codings:
                if is_identifying(coding):
                    self.ledger.explain(coding.at, Reason.IDENTIFYING)
        if not codings:
            return self._worded(concept.text, found) if found else NOTHING
        resolved: Resolved | None = None
        coding = codings[0]
        if self.options.vocabulary is not None:
            coding, resolved = self._resolve_first(codings)
        key = self._source(coding, domain, resolved, found)
        source_concept = resolved.source_concept_id if resolved else 0
        if found is not None and not (resolved and resolved.concepts):
            resolved = found.resolved or resolved
        if resolved is None:
            return Chosen(coding, coding.code, key)
        return Chosen(coding, coding.code, source_concept or key, resolved.concepts, resolved.values)

    def _worded(self, text: str | None, found: Found) -> Chosen:
        """What is said in words only, and whose meaning was found."""
        if found.resolved is None or not found.resolved.concepts:
            return NOTHING
        words = text[:MAX_CODE] if text and self.options.keep_text else WITHHELD
        return Chosen(None, words, 0, found.resolved.concepts, found.resolved.values)

    def _found(self, place: Place) -> Found | None:
        """The first code found for a place that reaches a standard concept, else the first."""
        several = self.mapped.get(place)
        if not several:
            return None
        if self.options.vocabulary is None:
            return Found(several[0], None)
        found = [Found(one, self._resolve(one)) for one in several]
        return next((one for one in found if one.resolved and one.resolved.concepts), found[0])

    def keep(self, *chosen: Chosen) -> None:
        """These codes are in a row."""
        for one in chosen:
            if one.coding is not None:
                self.ledger.carried.add(one.coding.at)

    def _resolve_first(self, codings: list[Coding]) -> tuple[Coding, Resolved | None]:
        fallback: tuple[Coding, Resolved | None] = (codings[0], None)
        for coding in codings:
            resolved = self._resolve(coding)
            if resolved and resolved.concepts:
                return coding, resolved
            if resolved and coding is codings[0]:
                fallback = (coding, resolved)
        return fallback

    def _resolve(self, coding: Coding | MappedCoding) -> Resolved | None:
        vocabulary = self.options.vocabulary
        assert vocabulary is not None
        for ids, code in lookups(coding):
            resolved = vocabulary.resolve(ids, code)
            if resolved:
                return resolved
        return None

    def _source(self, coding: Coding, domain: str, resolved: Resolved | None, found: Found | None) -> str:
        vocabulary_id, _, _ = source_vocabulary(coding.system)
        key = f"{vocabulary_id}|{coding.code}"
        source = self.sources.get(key)
        if source is None:
            source = self.sources[key] = Source(coding, vocabulary_id, domain, resolved)
        if source.mapped is None:
            source.mapped = found
        return key

    # --- people ---------------------------------------------------------------------------------------------------

    def type_of(self, statement: Statement, default: int = EHR) -> int:
        """The type concept: self-report when the patient or a relative said it, else ``default``."""
        if any(p.role in {"author", "informant"} and is_lay(p) for p in statement.parties):
            return SELF_REPORT
        return self.type_concept if self.type_concept != EHR else default


def is_lay(party: Party) -> bool:
    """True for the patient or somebody close, false for a professional or a device."""
    return party.is_related or party.class_code == "PAT"
