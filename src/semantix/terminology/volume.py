"""One compiled release, opened for reading through a memory map: the questions that the store asks of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from semantix.errors import BadStore
from semantix.terminology.compiling import ACTIVE, APPLICATION, ASSIGNABLE
from semantix.terminology.layout import DATABASE, Count, Manifest
from semantix.terminology.records import RELATIONS, TERM_KINDS, Concept, Link, Successor, Term

Row = tuple[Any, ...]
Rows = Iterator[Row]

_MAPPED = 8 << 30
_LOOKUP = "SELECT display, kind, flags, properties FROM concept WHERE system = ? AND code = ?"
_CONCEPTS = "SELECT code, display, kind, flags, properties FROM concept WHERE system = ? ORDER BY code"
_TERMS = "SELECT code, kind, text, lang FROM term WHERE system = ? ORDER BY code, kind, text, lang"
_TERMS_OF = "SELECT code, kind, text, lang FROM term WHERE system = ? AND code = ? ORDER BY kind, text, lang"
_LINKS = "SELECT code, target, relation, rule FROM link WHERE system = ? AND target_system = ?"
_LINKS_OF = _LINKS + " AND code = ? ORDER BY target, relation, rule"
_LINKS_TO = _LINKS + " AND target = ? ORDER BY code, relation, rule"
_FOUND = (
    "SELECT entry.code FROM finder JOIN entry ON entry.id = finder.rowid "
    "WHERE finder MATCH ? AND entry.system = ? LIMIT ?"
)
_decoder = msgspec.json.Decoder(dict[str, str])
_NO_FACTS: Mapping[str, str] = MappingProxyType({})


class Volume:
    """A release in the store. Its file is opened at the first question; a damaged one raises BadStore."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self.ref = manifest.ref
        self.path = folder / DATABASE
        self._connection: sqlite3.Connection | None = None
        self._numbers: dict[str, int] = {}
        self._words: dict[int, str] = {}
        self._lookers: dict[str, Callable[[str], Concept | None]] = {}
        # In most classifications few combinations of properties serve thousands of codes.
        self._facts = lru_cache(maxsize=1024)(_unpacked)

    def count(self, system: str) -> Count:
        """How much the release holds of a system."""
        return self.manifest.counts.get(system, _NOTHING)

    def close(self) -> None:
        """Close the file."""
        if self._connection:
            self._connection.close()
            self._connection = None
            self._lookers.clear()

    def looker(self, system: str) -> Callable[[str], Concept | None]:
        """Return the function that finds a concept of a system by its code: nothing but one indexed read."""
        known = self._lookers.get(system)
        if known is None:
            self._lookers[system] = known = self._looker(system)
        return known

    def _looker(self, system: str) -> Callable[[str], Concept | None]:
        connection = self._open()
        number = self._numbers.get(system, 0)
        execute, words, facts_of = connection.execute, self._words, self._facts

        def look(code: str) -> Concept | None:
            try:
                row = execute(_LOOKUP, (number, code)).fetchone()
            except sqlite3.DatabaseError as error:
                raise self._damaged(error) from None
            if row is None:
                return None
            display, kind, flags, packed = row
            facts = facts_of(packed) if packed else _NO_FACTS
            return Concept(system, code, display, words[kind], flags & ACTIVE != 0, flags & ASSIGNABLE != 0, facts)

        return look

    def concepts(self, system: str) -> Iterator[Concept]:
        """The concepts of a system, ordered by code."""
        for code, display, kind, flags, packed in self.ask(_CONCEPTS, system):
            facts = self._facts(packed) if packed else _NO_FACTS
            active, assignable = flags & ACTIVE != 0, flags & ASSIGNABLE != 0
            yield Concept(system, code, display, self._words[kind], active, assignable, facts)

    def terms(self, system: str) -> Rows:
        """Rows of code, kind as its place in TERM_KINDS, text, language, ordered; displays are not among them."""
        words = self._words
        for code, kind, text, lang in self.ask(_TERMS, system):
            yield code, kind, text, words[lang]

    def terms_of(self, system: str, code: str) -> list[Term]:
        """The terms of one code, its display not among them."""
        rows = self.ask(_TERMS_OF, system, code)
        return [Term(system, code, text, TERM_KINDS[kind], self._words[lang]) for _, kind, text, lang in rows]

    def parents(self, system: str, code: str) -> list[str]:
        """The codes directly above."""
        return [
            parent for (parent,) in self.ask("SELECT parent FROM parent WHERE system = ? AND code = ?", system, code)
        ]

    def children(self, system: str, code: str) -> list[str]:
        """The codes directly below."""
        rows = self.ask("SELECT code FROM parent WHERE system = ? AND parent = ?", system, code)
        return [child for (child,) in rows]

    def hierarchy(self, system: str) -> Rows:
        """Rows of code and parent, ordered."""
        return self.ask("SELECT code, parent FROM parent WHERE system = ? ORDER BY code, parent", system)

    def successors(self, system: str, code: str) -> list[Successor]:
        """What takes the place of a code."""
        rows = self.ask("SELECT successor, kind FROM successor WHERE system = ? AND code = ?", system, code)
        return [Successor(system, code, successor, kind) for successor, kind in rows]

    def links(self, system: str, target_system: str) -> Iterator[Link]:
        """Every correspondence from one system to another, ordered by code."""
        rows = self.ask(_LINKS + " ORDER BY code, target, relation, rule", system, self._number(target_system))
        return (self._link(system, target_system, row) for row in rows)

    def links_of(self, system: str, code: str, target_system: str) -> list[Link]:
        """The correspondences of one code."""
        rows = self.ask(_LINKS_OF, system, self._number(target_system), code)
        return [self._link(system, target_system, row) for row in rows]

    def links_to(self, system: str, target_system: str, target: str) -> list[Link]:
        """The correspondences that end on one code."""
        rows = self.ask(_LINKS_TO, system, self._number(target_system), target)
        return [self._link(system, target_system, row) for row in rows]

    def found(self, system: str, match: str, limit: int) -> list[str]:
        """The codes whose words match an FTS5 expression; needs a searchable release."""
        self._open()
        return [code for (code,) in self.ask_plainly(_FOUND, (match, self._number(system), limit))]

    def scanned(self, system: str, words: list[str], limit: int) -> list[str]:
        """The codes whose display holds all these words, for a release without a word index."""
        where = " AND display LIKE ?" * len(words)
        sql = f"SELECT code FROM concept WHERE system = ?{where} LIMIT ?"
        return [code for (code,) in self.ask(sql, system, *(f"%{word}%" for word in words), limit)]

    def unknown_terms(self, system: str) -> Iterator[tuple[str, int]]:
        """The codes of terms, each with its number of terms, that this release does not define."""
        return self.ask(
            "SELECT code, count(*) FROM term WHERE system = ?1 AND code NOT IN "
            "(SELECT code FROM concept WHERE system = ?1) GROUP BY code",
            system,
        )

    def ask(self, sql: str, system: str, *values: object) -> Rows:
        """Run one query about a system; none when the release does not know it."""
        self._open()
        number = self._numbers.get(system)
        return iter(()) if number is None else self.ask_plainly(sql, (number, *values))

    def ask_plainly(self, sql: str, values: tuple[object, ...] = ()) -> Rows:
        """Run one query. Raises BadStore when the file is damaged."""
        try:
            yield from self._open().execute(sql, values)
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from None

    def _number(self, system: str) -> int:
        # The numbers are read when the file is first opened.
        self._open()
        return self._numbers.get(system, 0)

    def _link(self, system: str, target_system: str, row: Row) -> Link:
        code, target, relation, rule = row
        return Link(system, code, target_system, target, RELATIONS[relation], rule)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._opened()
        return self._connection

    def _opened(self) -> sqlite3.Connection:
        uri = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
        connection = None
        try:
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
            if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION,):
                raise sqlite3.DatabaseError("not a file of semantix")
            self._numbers |= {key: number for number, key in connection.execute("SELECT id, key FROM system")}
            self._words |= dict(connection.execute("SELECT id, text FROM word").fetchall())
        except sqlite3.Error as error:
            if connection:
                connection.close()
            raise self._damaged(error) from None
        return connection

    def _damaged(self, error: sqlite3.Error) -> BadStore:
        what = "remove the release and import it again"
        return BadStore(f"{self.ref}: its database is missing or damaged ({type(error).__name__}); {what}")


_NOTHING = Count()


def _unpacked(packed: bytes) -> Mapping[str, str]:
    return MappingProxyType(_decoder.decode(packed))
