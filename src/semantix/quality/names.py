"""The tables and columns that a database really has, quoted for SQL, whatever their case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from semantix.emitters.omop.schema import VOCABULARY_TABLES

VOCABULARY = frozenset((*VOCABULARY_TABLES, "source_to_concept_map"))
"""Tables looked for in the schema of the vocabularies first, then in that of the CDM."""


class Unmeasurable(Exception):
    """A check cannot be run as it is defined; the words say why."""


class NoVocabulary(Unmeasurable):
    """A check needs a table of the vocabularies that is absent or empty."""


class Column(Struct, frozen=True):
    """A column as SQL names it, and its type in lower case."""

    sql: str
    kind: str


class Relation(Struct, frozen=True):
    """A table or a view as SQL names it, and its columns by their name in lower case."""

    sql: str
    columns: Mapping[str, Column]


class Names(Struct, frozen=True):
    """The relations of a database by their name in lower case; ``filled`` are the vocabulary tables with a row."""

    relations: Mapping[str, Relation]
    filled: frozenset[str] = frozenset()

    def table(self, name: str) -> str:
        """Return a table for a FROM clause. Raises Unmeasurable."""
        if name not in self.relations:
            raise Unmeasurable(f"table {name} does not exist")
        return self.relations[name].sql

    def vocabulary(self, name: str) -> str:
        """Return a vocabulary table for a FROM clause. Raises NoVocabulary if it is absent or empty."""
        if name not in self.filled:
            raise NoVocabulary(name)
        return self.relations[name].sql

    def column(self, table: str, name: str, alias: str = "t") -> str:
        """Return a column behind its alias. Raises Unmeasurable."""
        return f"{alias}.{self._column(table, name).sql}"

    def kind(self, table: str, name: str) -> str:
        """Return the type of a column. Raises Unmeasurable."""
        return self._column(table, name).kind

    def _column(self, table: str, name: str) -> Column:
        self.table(table)
        if name not in self.relations[table].columns:
            raise Unmeasurable(f"column {table}.{name} does not exist")
        return self.relations[table].columns[name]

    def has(self, table: str, field: str = "") -> bool:
        """Say whether a table, or a field of it, is there."""
        found = self.relations.get(table)
        return found is not None and (not field or field in found.columns)


def quoted(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text."""
    return "'" + text.replace("'", "''") + "'"


def relations_of(schema: str, rows: Iterable[tuple[str, str, str]]) -> dict[str, Relation]:
    """Build the relations of a schema from (table, column, type). Of names that differ by case, the first one wins."""
    columns: dict[str, dict[str, Column]] = {}
    for table, column, kind in rows:
        columns.setdefault(table, {}).setdefault(column.lower(), Column(quoted(column), kind.lower()))
    relations: dict[str, Relation] = {}
    for table, found in columns.items():
        relations.setdefault(table.lower(), Relation(f"{quoted(schema)}.{quoted(table)}", found))
    return relations
