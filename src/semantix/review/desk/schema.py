"""The tables of a desk, for SQLite and PostgreSQL.

``item``, ``arrival`` and ``event`` are written once: triggers of the database refuse to change or remove a row.
``queue``, ``word`` and ``sender`` are derived from them (:meth:`semantix.review.desk.Desk.rebuild`).
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    event,
)
from sqlalchemy.dialects import postgresql

VERSION = 1
"""To be raised when the tables change."""

metadata = MetaData()

# Words are compared byte by byte everywhere: the order of a language would change with the server.
PLAIN = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
NUMBER = BigInteger().with_variant(Integer, "sqlite")

about = Table("about", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

item = Table(
    "item",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("key", PLAIN, nullable=False, unique=True),
    Column("source", Text, nullable=False),
)

arrival = Table(
    "arrival",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("item", NUMBER, nullable=False),
    Column("import", NUMBER, nullable=False),
    Column("body", Text, nullable=False),
    Index("arrival_of_item", "item", "id"),
)

log = Table(
    "event",
    metadata,
    Column("seq", NUMBER, primary_key=True, autoincrement=False),
    Column("at", PLAIN, nullable=False),
    Column("who", PLAIN, nullable=False),
    Column("kind", PLAIN, nullable=False),
    Column("item", NUMBER, nullable=False),
    Column("batch", PLAIN, nullable=False),
    Column("undoes", NUMBER, nullable=False),
    Column("body", Text, nullable=False),
    Column("digest", PLAIN, nullable=False),
    Index("event_of_item", "item", "seq"),
    Index("event_of_person", "who", "seq"),
    Index("event_of_batch", "batch"),
    Index("event_undone", "undoes"),
)

queue = Table(
    "queue",
    metadata,
    Column("item", NUMBER, primary_key=True, autoincrement=False),
    Column("arrival", NUMBER, nullable=False),
    Column("state", PLAIN, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("priority", Float, nullable=False),
    Column("frequency", NUMBER, nullable=False),
    Column("probability", Float),
    Column("system", PLAIN, nullable=False),
    Column("code", PLAIN, nullable=False),
    Column("label", Text, nullable=False),
    Column("sorted_label", PLAIN, nullable=False),
    Column("unit", PLAIN, nullable=False),
    Column("section", PLAIN, nullable=False),
    Column("target", PLAIN, nullable=False),
    Column("candidate_code", PLAIN, nullable=False),
    Column("candidate_display", Text, nullable=False),
    Column("conflicts", Boolean, nullable=False),
    Column("chosen", PLAIN, nullable=False),
    Column("chosen_display", Text, nullable=False),
    Column("people", PLAIN, nullable=False),
    Column("assignee", PLAIN, nullable=False),
    Column("how", PLAIN, nullable=False),
    Column("audit", PLAIN, nullable=False),
    Column("fate", PLAIN, nullable=False),
    Column("decided_at", PLAIN, nullable=False),
    Column("version", NUMBER, nullable=False),
    Column("standing", Text, nullable=False),
    Index("queue_open", "open", "priority", "item"),
    Index("queue_state", "state", "priority", "item"),
    Index("queue_progress", "state", "frequency"),
    Index("queue_section", "section", "open"),
    Index("queue_audit", "audit", "priority", "item"),
    Index("queue_label", "sorted_label"),
)

word = Table(
    "word",
    metadata,
    Column("word", PLAIN, primary_key=True),
    Column("item", NUMBER, primary_key=True, autoincrement=False),
    Index("word_of_item", "item"),
)

sender = Table(
    "sender",
    metadata,
    Column("item", NUMBER, primary_key=True, autoincrement=False),
    Column("sender", PLAIN, primary_key=True),
    Column("frequency", NUMBER, nullable=False),
    Index("sender_name", "sender", "item"),
)

person = Table(
    "person",
    metadata,
    Column("name", PLAIN, primary_key=True),
    Column("role", PLAIN, nullable=False),
    Column("password", PLAIN, nullable=False),
    Column("active", Boolean, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("token", PLAIN, primary_key=True),
    Column("name", PLAIN, nullable=False),
    Column("csrf", PLAIN, nullable=False),
    Column("lang", PLAIN, nullable=False),
    Column("expires", PLAIN, nullable=False),
    Index("session_of_person", "name"),
)

WRITTEN_ONCE = (item, arrival, log)
DERIVED = (queue, word, sender)
SINGULAR = "nothing is changed or removed here: a later row takes the place of an earlier one"

_SQLITE = """CREATE TRIGGER IF NOT EXISTS {name}_no_{verb} BEFORE {verb} ON {name}
BEGIN SELECT RAISE(ABORT, '{said}'); END"""
_POSTGRES = (
    """CREATE OR REPLACE FUNCTION written_once() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{said}'; END $$ LANGUAGE plpgsql""",
    """CREATE TRIGGER {name}_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {name}
FOR EACH STATEMENT EXECUTE FUNCTION written_once()""",
)

for _table in WRITTEN_ONCE:
    for _verb in ("UPDATE", "DELETE"):
        _text = _SQLITE.format(name=_table.name, verb=_verb, said=SINGULAR)
        event.listen(_table, "after_create", DDL(_text).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
    for _text in _POSTGRES:
        _ddl = DDL(_text.format(name=_table.name, said=SINGULAR))  # type: ignore[no-untyped-call]
        event.listen(_table, "after_create", _ddl.execute_if(dialect="postgresql"))
