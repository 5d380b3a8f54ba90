"""Records to one SQLite file: staged as they come, then copied in the order of their keys.

The first of two records with one key is kept and the others are counted. The file holds no date and no path: the same
records give the same bytes (with one version of SQLite). Memory is bounded whatever the release: sorting spills to
disk.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from semantix.errors import BadRelease
from semantix.terminology.layout import FORMAT, Count
from semantix.terminology.records import (
    RELATIONS,
    TERM_KINDS,
    Concept,
    Link,
    Parent,
    Record,
    Skipped,
    Successor,
    Term,
)  # fmt: skip
from semantix.terminology.text import STOP_WORDS, fold, split_words, stem

Tell = Callable[[int], None]
"""Told now and then how many records were read."""

ACTIVE = 1
ASSIGNABLE = 2
APPLICATION = 0x534D5458
"""The application_id of our files: ``SMTX``."""
MOST_SEARCHABLE = 2_000_000
"""Larger releases get no word index: it would double the time of their import (searching them scans the displays)."""
_BATCH = 20_000
_CACHE = "PRAGMA {where}cache_size = -200000"
_KIND = {kind: place for place, kind in enumerate(TERM_KINDS)}
_RELATION = {relation: place for place, relation in enumerate(RELATIONS)}
_UNMATCHED = (_KIND["exclusion"], _KIND["note"])


class _Table(Struct, frozen=True):
    """One kind of record: its columns, how many of them make its key, and the words for a second one of the same."""

    name: str
    columns: tuple[str, ...]
    key: int
    again: str
    count: str

    @property
    def keys(self) -> str:
        return ", ".join(column.split()[0] for column in self.columns[: self.key])

    @property
    def names(self) -> str:
        return ", ".join(column.split()[0] for column in self.columns)


_CODE = ("system INTEGER NOT NULL", "code TEXT NOT NULL")
_TABLES = (
    _Table(
        "concept",
        (*_CODE, "display TEXT NOT NULL", "kind INTEGER NOT NULL", "flags INTEGER NOT NULL", "properties BLOB"),
        2, "a code given again: the first is kept", "concepts",
    ),
    _Table(
        "term",
        (*_CODE, "kind INTEGER NOT NULL", "text TEXT NOT NULL", "lang INTEGER NOT NULL"),
        5, "a term given again for the same code", "terms",
    ),
    _Table("parent", (*_CODE, "parent TEXT NOT NULL"), 3, "a parent given again", "parents"),
    _Table(
        "link",
        (*_CODE, "target_system INTEGER NOT NULL", "target TEXT NOT NULL", "relation INTEGER NOT NULL",
         "rule TEXT NOT NULL"),
        6, "a correspondence given again", "links",
    ),
    _Table(
        "successor",
        (*_CODE, "successor TEXT NOT NULL", "kind TEXT NOT NULL"),
        4, "a successor given again", "successors",
    ),
)  # fmt: skip
_INDEXES = (
    "CREATE INDEX child ON parent (system, parent, code)",
    "CREATE INDEX back ON link (target_system, target, system)",
)
_FOREIGN = """
    SELECT concept.system, count(*) FROM term JOIN word ON word.id = term.lang
    JOIN concept ON (concept.system, concept.code, concept.display) = (term.system, term.code, term.text)
    WHERE term.kind = 0 AND word.text NOT LIKE 'fr%' GROUP BY concept.system
"""
_FINDER = "CREATE VIRTUAL TABLE finder USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')"


class Compiled(Struct, frozen=True):
    """What was written."""

    counts: Mapping[str, Count]
    skipped: tuple[Skipped, ...]
    searchable: bool


def compile_records(records: Iterable[Record], database: Path, tell: Tell | None = None) -> Compiled:
    """Write the records of one release to a new SQLite file. Raises BadRelease when it holds no record at all."""
    staging = database.with_name("staging.sqlite")
    connection = sqlite3.connect(database, isolation_level=None)
    try:
        _prepare(connection, staging)
        stage = _Stage(connection)
        connection.execute("BEGIN")
        stage.read(records, tell)
        _sort(connection, stage)
        searchable = _index_words(connection, stage)
        connection.execute("COMMIT")
        counts = _counts(connection, stage)
        connection.execute("DETACH staging")
    finally:
        connection.close()
        staging.unlink(missing_ok=True)
    return Compiled(counts, stage.reasons(), searchable)


def _prepare(connection: sqlite3.Connection, staging: Path) -> None:
    connection.execute("ATTACH ? AS staging", (str(staging),))
    for where in ("", "staging."):
        connection.execute(f"PRAGMA {where}journal_mode = OFF")
        connection.execute(f"PRAGMA {where}synchronous = OFF")
        connection.execute(_CACHE.format(where=where))
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("CREATE TABLE system (id INTEGER PRIMARY KEY, key TEXT NOT NULL)")
    connection.execute("CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, system INTEGER NOT NULL, code TEXT NOT NULL)")
    for table in _TABLES:
        columns = ", ".join(table.columns)
        connection.execute(f"CREATE TABLE staging.{table.name} ({columns})")
        connection.execute(f"CREATE TABLE main.{table.name} ({columns}, PRIMARY KEY ({table.keys})) WITHOUT ROWID")


class _Numbers(dict[str, int]):
    """Numbers words in the order in which they come."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self) + 1
        return number


class _Stage:
    """The records on their way to the staging tables, by batches."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.systems = _Numbers()
        self.words = _Numbers()
        self.staged: dict[str, int] = dict.fromkeys((table.name for table in _TABLES), 0)
        self._rows: dict[str, list[tuple[Any, ...]]] = {table.name: [] for table in _TABLES}
        self._inserts = {
            table.name: f"INSERT INTO staging.{table.name} VALUES ({', '.join('?' * len(table.columns))})"
            for table in _TABLES
        }
        self._skipped: dict[str, Skipped] = {}

    def read(self, records: Iterable[Record], tell: Tell | None) -> None:
        """Stage all the records."""
        takers: dict[type, Callable[[Any], None]] = {
            Concept: self._concept, Term: self._term, Parent: self._parent, Link: self._link,
            Successor: self._successor, Skipped: self.skip,
        }  # fmt: skip
        # One check of the size of the batches for as many records as a batch holds.
        done = 0
        for done, record in enumerate(records, 1):
            takers[type(record)](record)
            if not done % _BATCH:
                self._flush()
                if tell:
                    tell(done)
        self._flush()
        if not any(self.staged.values()):
            raise BadRelease("nothing could be read: no code, no term and no correspondence")

    def skip(self, record: Skipped) -> None:
        """Add up what was left out by its reason, with the first example."""
        before = self._skipped.get(record.reason)
        count = record.count + (before.count if before else 0)
        example = (before.example if before else "") or record.example
        self._skipped[record.reason] = Skipped(record.reason, count, example)

    def reasons(self) -> tuple[Skipped, ...]:
        """What was left out, sorted by reason."""
        return tuple(self._skipped[reason] for reason in sorted(self._skipped))

    def _flush(self) -> None:
        for name, rows in self._rows.items():
            if rows:
                try:
                    self._connection.executemany(self._inserts[name], rows)
                except UnicodeEncodeError:
                    raise BadRelease("a text of the release is not valid Unicode; download the file again") from None
                self.staged[name] += len(rows)
                rows.clear()

    def _concept(self, record: Concept) -> None:
        if not record.code:
            self.skip(Skipped("a concept without a code"))
            return
        properties = record.properties
        packed = msgspec.json.encode(dict(sorted(properties.items()))) if properties else None
        flags = (ACTIVE if record.active else 0) | (ASSIGNABLE if record.assignable else 0)
        row = (self.systems[record.system], record.code, record.display, self.words[record.kind], flags, packed)
        self._rows["concept"].append(row)

    def _term(self, record: Term) -> None:
        if not record.code or not record.text:
            self.skip(Skipped("a term without a code or without a text", 1, record.code))
            return
        row = (self.systems[record.system], record.code, _KIND[record.kind], record.text, self.words[record.lang])
        self._rows["term"].append(row)

    def _parent(self, record: Parent) -> None:
        if record.code == record.parent:
            self.skip(Skipped("a code given as its own parent", 1, record.code))
            return
        self._rows["parent"].append((self.systems[record.system], record.code, record.parent))

    def _link(self, record: Link) -> None:
        relation = _RELATION[record.relation]
        numbers = self.systems
        self._rows["link"].append(
            (numbers[record.system], record.code, numbers[record.target_system], record.target, relation, record.rule)
        )

    def _successor(self, record: Successor) -> None:
        self._rows["successor"].append((self.systems[record.system], record.code, record.successor, record.kind))


def _sort(connection: sqlite3.Connection, stage: _Stage) -> None:
    """Copy each staging table in the order of its key, the first of equals winning, and count the others."""
    for table in _TABLES:
        copied = connection.execute(
            f"INSERT OR IGNORE INTO main.{table.name} SELECT {table.names} FROM staging.{table.name} "
            f"ORDER BY {table.keys}, rowid"
        ).rowcount
        lost = stage.staged[table.name] - copied
        if lost:
            (example,) = connection.execute(
                f"SELECT code FROM staging.{table.name} GROUP BY {table.keys} HAVING count(*) > 1 "
                "ORDER BY min(rowid) LIMIT 1"
            ).fetchone()
            stage.skip(Skipped(table.again, lost, example))
    for index in _INDEXES:
        connection.execute(index)
    for name, numbers in (("system", stage.systems), ("word", stage.words)):
        connection.executemany(
            f"INSERT INTO {name} VALUES (?, ?)", ((number, text) for text, number in numbers.items())
        )


def _counts(connection: sqlite3.Connection, stage: _Stage) -> dict[str, Count]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    keys = {number: key for key, number in stage.systems.items()}
    for table in _TABLES:
        for system, count in connection.execute(f"SELECT system, count(*) FROM main.{table.name} GROUP BY system"):
            found[keys[system]][table.count] = count
    for system, count in connection.execute(_FOREIGN):
        found[keys[system]]["foreign"] = count
    return {system: Count(**found[system]) for system in sorted(found)}


# --- the word index of `search` ---------------------------------------------------------------------------------


def _index_words(connection: sqlite3.Connection, stage: _Stage) -> bool:
    """Index the words of the terms of each code, for people who search. False when the release is too large."""
    if stage.staged["concept"] > MOST_SEARCHABLE:
        return False
    connection.execute(_FINDER)
    connection.execute("INSERT INTO finder (finder, rank) VALUES ('hashsize', 33554432)")
    texts = connection.execute(
        "SELECT system, code, display FROM main.concept UNION ALL "
        f"SELECT system, code, text FROM main.term WHERE kind NOT IN {_UNMATCHED} ORDER BY 1, 2"
    )
    writer = connection.cursor()
    for number, (place, words) in enumerate(_documents(texts), 1):
        writer.execute("INSERT INTO entry VALUES (?, ?, ?)", (number, *place))
        writer.execute("INSERT INTO finder (rowid, words) VALUES (?, ?)", (number, words))
    connection.execute("INSERT INTO finder (finder) VALUES ('optimize')")
    return True


def _documents(texts: Iterable[tuple[int, str, str]]) -> Iterator[tuple[tuple[int, str], str]]:
    forms: dict[str, str] = {}
    for place, rows in groupby(texts, key=itemgetter(0, 1)):
        words: dict[str, None] = {}
        for _, _, text in rows:
            words |= dict.fromkeys(split_words(fold(text)))
        yield place, " ".join(_form(word, forms) for word in words if word not in STOP_WORDS)


def _form(word: str, forms: dict[str, str]) -> str:
    """A word and its stem, as the index holds them."""
    known = forms.get(word)
    if known is None:
        root = stem(word)
        forms[word] = known = word if root == word or word.startswith(root) else f"{word} {root}"
    return known
