"""What a chunk leaves on disk: Parquet files, one a table, whose rows still hold source keys as digests.

A chunk has a folder ``<state>/staged/<chunk, 8 digits>/`` with ``documents.parquet``, ``omop_<table>.parquet`` for each
table that has rows, ``fhir.parquet`` and ``coverage.parquet``. It appears whole (renamed when all is on disk) and is
never written again, but to erase persons. Integers that the CDM wants are given when it is published
(:mod:`semantix.runs.publishing`), so any number of processes or machines stage in parallel.

Columns of ``omop_<table>.parquet``: ``document`` (int64), ``rank`` (int32, from 0, the place of the row among those of
its table in its document), then for each field of the CDM:

* the primary key of an event table: nothing (its document's block gives it);
* the primary key of a shared table, and what points to one (``person_id``, ``provider_id``...): ``binary(16)``,
  the seal of ``(table, source key)``;
* what points to CONCEPT, and ``concept_id`` itself: ``<field>`` (int64) for a concept of the vocabulary or 0, and
  ``<field>__key`` (string) for a local concept, known by ``vocabulary|code``; at most one of both is there;
* what points to any event (``fact_id_1``, ``observation_event_id``...): ``<field>__table`` (string) and
  ``<field>__rank`` (int32), a row of the same document;
* integers int64, numbers float64, dates, times and words string, as the emitter wrote them.

Last, in event tables, ``place`` (string, the XPath or line in the source) and ``imputed`` (string); in
``visit_occurrence``, ``is_open`` (bool).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
from msgspec import Struct

from semantix.emitters.omop import SCHEMA
from semantix.emitters.omop.schema import Field
from semantix.runs.model import DIGEST
from semantix.sinks.omop.load import ONE_ROW

SHARED = ("location", "care_site", "provider", "person", "visit_occurrence", "concept")
"""Tables whose rows several documents give, and to which others point by a source key."""
MERGED = ONE_ROW
"""Tables of which many documents give a row: one is published for each value of these columns."""
REFERENCES = frozenset({"fact_id_1", "fact_id_2", "observation_event_id"})
"""Columns that point to a row of another table of the same document."""

_SEALED = pa.binary(DIGEST)
_VALUES: Mapping[str, pa.DataType] = MappingProxyType({"int": pa.int64(), "float": pa.float64()})


class Column(Struct, frozen=True):
    """A field of the CDM and how it is staged: ``block``, ``sealed``, ``concept``, ``reference`` or ``value``.

    ``table`` is the shared table that a sealed field points to.
    """

    field: Field
    role: str
    table: str = ""


@cache
def columns_of(table: str) -> tuple[Column, ...]:
    """How each field of a table is staged."""
    return tuple(_column(table, field) for field in SCHEMA[table].fields)


def _column(table: str, field: Field) -> Column:
    if field.target == "concept" or (table == "concept" and field.primary):
        return Column(field, "concept")
    if field.primary and table in SHARED:
        return Column(field, "sealed", table)
    if field.target in SHARED:
        return Column(field, "sealed", str(field.target))
    if field.primary and field.kind == "int":
        return Column(field, "block")
    return Column(field, "reference" if field.name in REFERENCES else "value")


@cache
def schema_of(table: str) -> pa.Schema:
    """The Arrow schema of ``omop_<table>.parquet``."""
    fields = [pa.field("document", pa.int64(), False), pa.field("rank", pa.int32(), False)]
    for column in columns_of(table):
        fields += _arrow(column)
    if table == "visit_occurrence":
        fields.append(pa.field("is_open", pa.bool_()))
    if table not in MERGED:
        fields += [pa.field("place", pa.string()), pa.field("imputed", pa.string())]
    return pa.schema(fields)


def _arrow(column: Column) -> Iterator[pa.Field]:
    name = column.field.name
    if column.role == "sealed":
        yield pa.field(name, _SEALED)
    elif column.role == "concept":
        yield pa.field(name, pa.int64())
        yield pa.field(f"{name}__key", pa.string())
    elif column.role == "reference":
        yield pa.field(f"{name}__table", pa.string())
        yield pa.field(f"{name}__rank", pa.int32())
    elif column.role == "value":
        yield pa.field(name, _VALUES.get(column.field.kind, pa.string()))


DOCUMENTS = pa.schema(
    [
        ("document", pa.int64()),
        ("file", pa.int64()),
        ("rank", pa.int32()),
        ("format", pa.string()),
        ("kind", pa.string()),
        ("practice", pa.string()),
        ("software", pa.string()),
        ("sex", pa.string()),
        ("age_band", pa.string()),
        ("period", pa.string()),
        ("day", pa.string()),
        ("decisions", pa.binary()),
        ("account", pa.binary()),
        ("imputed", pa.binary()),
        ("excluded", pa.binary()),
    ]
)
"""One row a document: what it is grouped by (``sex`` M, F, O or U; ``period`` a month, ``2024-03``; ``day`` its date),
the decisions followed (JSON list of place, target, code, method, probability, source), its loss report (JSON), and the
counts of the OMOP emission (JSON)."""

FHIR = pa.schema(
    [
        ("document", pa.int64()),
        ("rank", pa.int32()),
        ("type", pa.string()),
        ("id", pa.string()),
        ("digest", pa.binary(DIGEST)),
        ("line", pa.binary()),
    ]
)
"""One row a resource: ``line`` is its JSON without line end, ``digest`` an unkeyed BLAKE2b of it."""

COVERAGE = pa.schema(
    [
        ("document", pa.int64()),
        ("section", pa.string()),
        ("domain", pa.string()),
        ("system", pa.string()),
        ("code", pa.string()),
        ("target", pa.string()),
        ("outcome", pa.string()),
        ("n", pa.int32()),
    ]
)
"""One row for each sort of coded fact of a document: the LOINC code of its section (or ``""``), the class of statement
(``problem``, ``medication``...), the system (OID, else URI; ``""`` for words only) and the code of the source (``""``
for words: they may name somebody), the target system, how the fact is coded (``source`` when the source's own code is
of the target system, else an Outcome of the engine, ``review`` or ``nothing``; ``unasked`` when nothing is asked about
such a fact), and how many times."""


def folder_of(staged: Path, chunk: int) -> Path:
    """The folder of a chunk."""
    return staged / f"{chunk:08d}"
