"""Documents in the register: committed with their chunk, settled with those that they have to do with, published."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
from msgspec import structs

from semantix.runs.lineage import links_of, links_of_withdrawal
from semantix.runs.model import DIGEST, LINES, RANKS, UNOPENED, ChunkDone, DocumentFacts, Fate, Quarantined, Withdrawal
from semantix.runs.settling import settle

if TYPE_CHECKING:
    from semantix.runs.register.opening import Register

_pack = msgspec.msgpack.Encoder().encode
_facts = msgspec.msgpack.Decoder(DocumentFacts).decode
_withdrawal = msgspec.msgpack.Decoder(Withdrawal).decode
_quarantined = msgspec.msgpack.Decoder(Quarantined).decode
_LIVE_ROW = "fate = 'live' AND ended = 0"


def commit(register: Register, run: int, done: ChunkDone) -> bool:
    """Write down what a chunk gave, in one transaction with its journal entry; False when it was there already."""
    with register.transaction() as db:
        row = db.execute("SELECT done, basis FROM chunk WHERE id = ? AND run = ?", (done.chunk, run)).fetchone()
        assert row is not None
        if row[0]:
            return False
        db.executemany(
            "INSERT INTO document (id, chunk, file, key, content, subject, asked, is_alone, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_row(done.chunk, one) for one in done.documents),
        )
        db.executemany(
            "INSERT OR IGNORE INTO link VALUES (?, ?)",
            ((value, one.id) for one in done.documents for value in links_of(one)),
        )
        db.executemany(
            "INSERT OR IGNORE INTO person VALUES (?, ?)",
            ((value, one.id) for one in done.documents for value in {one.subject, *one.subject_ids}),
        )
        db.executemany(
            "INSERT INTO withdrawal (chunk, file, key, body) VALUES (?, ?, ?, ?)",
            (
                (done.chunk, one.file, value, _pack(one))
                for one in done.withdrawals
                for value in links_of_withdrawal(one)
            ),
        )
        db.executemany(
            "INSERT INTO quarantine (chunk, file, error, body) VALUES (?, ?, ?, ?)",
            ((done.chunk, one.file, one.error, _pack(one)) for one in done.quarantined),
        )
        db.execute("UPDATE chunk SET done = 1 WHERE id = ?", (done.chunk,))
        register.tell(run, "chunk", _told(register, done, int(row[1])))
    return True


def _row(chunk: int, one: DocumentFacts) -> tuple[object, ...]:
    """A document; what withdraws itself is never settled as one that has to do with no other."""
    asked, is_alone = " ".join(one.asked), not one.withdraws
    return one.id, chunk, one.file, one.key, one.content, one.subject, asked, is_alone, _pack(one)


def _told(register: Register, done: ChunkDone, basis: int) -> dict[str, object]:
    """What the journal says of a chunk: digests and counts."""
    files = register.rows(
        "SELECT hex(f.sha256) FROM part p JOIN file f ON f.id = p.file WHERE p.chunk = ? ORDER BY p.position",
        (done.chunk,),
    )
    errors: dict[str, int] = {}
    for one in done.quarantined:
        errors[one.error] = errors.get(one.error, 0) + 1
    return {
        "chunk": done.chunk,
        "basis": basis,
        "inputs": [row[0].lower() for row in files],
        "documents": len(done.documents),
        "withdrawals": len(done.withdrawals),
        "quarantined": errors,
        "ignored": done.ignored,
        "counts": done.counts,
        "bytes": done.bytes_read,
        "cost": {"seconds": done.seconds, "cpu": done.cpu, "engine_cpu": done.engine_cpu},
    }


# --- settling -------------------------------------------------------------------------------------------------------


def settle_changes(register: Register) -> None:
    """Give a fate to every document concerned by what changed since the last time, inside a transaction.

    Concerned are the documents without a fate, those that ended, and all that are linked to them or to a withdrawal.
    Joins are written in the order to follow (CROSS JOIN): most runs change little, whatever the register holds.
    """
    db = register.connection
    db.execute("DROP TABLE IF EXISTS temp.touched")
    db.execute("CREATE TEMP TABLE touched (document INTEGER PRIMARY KEY)")
    db.execute("INSERT INTO touched SELECT id FROM document WHERE fate IS NULL AND ended = 0")
    # What ended frees those it was linked to: it was settled before, so it has a fate.
    db.execute(
        "INSERT OR IGNORE INTO touched SELECT other.document FROM "
        "(SELECT DISTINCT l.value FROM document d CROSS JOIN link l ON l.document = d.id "
        "WHERE d.ended <> 0 AND d.fate <> 'ended') v CROSS JOIN link other ON other.value = v.value"
    )
    db.execute(
        "INSERT OR IGNORE INTO touched SELECT l.document FROM withdrawal w CROSS JOIN link l ON l.value = w.key "
        "WHERE w.settled <> (w.ended = 0)"
    )
    db.execute(
        "INSERT OR IGNORE INTO touched SELECT p.document FROM excluded e CROSS JOIN person p ON p.value = e.value "
        "CROSS JOIN document d ON d.id = p.document WHERE d.fate IS NOT 'excluded' AND d.ended = 0"
    )
    _close(register)
    _settle_alone(register)
    excluded = frozenset(row[0] for row in db.execute("SELECT value FROM excluded"))
    for group in _groups(register):
        facts = [_facts(row[0]) for row in _by_id(register, "body", group)]
        fates = _settled(facts, _withdrawals(register, facts), excluded)
        db.executemany("UPDATE document SET fate = ?, by = ? WHERE id = ?", fates)
    db.execute("UPDATE document SET fate = 'ended' WHERE ended <> 0 AND coalesce(fate, '') <> 'ended'")
    db.execute("UPDATE withdrawal SET settled = (ended = 0) WHERE settled <> (ended = 0)")


def _close(register: Register) -> None:
    """Add all that is linked to what is touched, link after link."""
    db = register.connection
    while True:
        cursor = db.execute(
            "INSERT OR IGNORE INTO touched SELECT other.document FROM "
            "(SELECT DISTINCT l.value FROM touched t CROSS JOIN link l ON l.document = t.document) v "
            "CROSS JOIN link other ON other.value = v.value"
        )
        if cursor.rowcount <= 0:
            return


def _settle_alone(register: Register) -> None:
    """Most documents have to do with no other: they are live, unless their person is left out."""
    db = register.connection
    db.execute(
        "DELETE FROM touched WHERE document IN (SELECT t.document FROM touched t "
        "CROSS JOIN document d ON d.id = t.document WHERE d.ended <> 0)"
    )
    db.execute("DROP TABLE IF EXISTS temp.alone")
    db.execute(
        "CREATE TEMP TABLE alone AS SELECT t.document FROM touched t "
        "JOIN document me ON me.id = t.document AND me.is_alone "
        "WHERE NOT EXISTS (SELECT 1 FROM link l "
        "JOIN link other ON other.value = l.value AND other.document <> l.document "
        "JOIN document d ON d.id = other.document AND d.ended = 0 WHERE l.document = t.document) "
        "AND NOT EXISTS (SELECT 1 FROM link l JOIN withdrawal w ON w.key = l.value AND w.ended = 0 "
        "WHERE l.document = t.document)"
    )
    db.execute(
        "UPDATE document SET by = 0, fate = CASE WHEN EXISTS (SELECT 1 FROM person p "
        "JOIN excluded e ON e.value = p.value WHERE p.document = document.id) "
        "THEN 'excluded' ELSE 'live' END WHERE id IN (SELECT document FROM alone)"
    )
    db.execute("DELETE FROM touched WHERE document IN (SELECT document FROM alone)")


def _groups(register: Register) -> Iterator[list[int]]:
    """The documents left, in groups that have nothing to do with each other."""
    db = register.connection
    waiting = [row[0] for row in db.execute("SELECT document FROM touched ORDER BY document")]
    seen: set[int] = set()
    # Each value is followed once: a source may give one number to all that it sends.
    followed: set[bytes] = set()
    for first in waiting:
        if first in seen:
            continue
        group, queue = [], deque([first])
        seen.add(first)
        while queue:
            one = queue.popleft()
            group.append(one)
            for other in _tied(register, one, followed):
                if other not in seen:
                    seen.add(other)
                    queue.append(other)
        yield sorted(group)


def _tied(register: Register, one: int, followed: set[bytes]) -> Iterator[int]:
    """The documents that share a value with one, of values that were not followed yet."""
    db = register.connection
    for (value,) in db.execute("SELECT value FROM link WHERE document = ?", (one,)).fetchall():
        if value in followed:
            continue
        followed.add(value)
        rows = db.execute(
            "SELECT l.document FROM link l CROSS JOIN document d ON d.id = l.document "
            "WHERE l.value = ? AND d.ended = 0 ORDER BY 1",
            (value,),
        )
        yield from (row[0] for row in rows.fetchall())


def _settled(
    facts: Iterable[DocumentFacts], withdrawals: Iterable[Withdrawal], excluded: frozenset[bytes]
) -> list[tuple[str, int, int]]:
    """Fates (with who decided and the document) in the order of receipt, which is that of files.

    Numbers of documents are those of their last reading: when a table changes, some are read again, and a document that
    was withdrawn or set aside would come after what decided on it.
    """
    events: list[tuple[int, int, int, DocumentFacts | Withdrawal]] = []
    events += ((one.file, one.by, 0, one) for one in withdrawals)
    events += ((one.file, one.id, 1, one) for one in facts)
    events.sort(key=lambda event: event[:3])
    numbers = [0, *(event[1] for event in events)]
    documents, orders = [], []
    for rank, (*_, one) in enumerate(events, 1):
        if isinstance(one, Withdrawal):
            orders.append(structs.replace(one, by=rank))
        else:
            documents.append(structs.replace(one, id=rank))
    return [(one.fate.value, numbers[one.by], numbers[one.id]) for one in settle(documents, orders, excluded)]


def _by_id(register: Register, column: str, ids: Iterable[int]) -> Iterator[tuple[bytes]]:
    for one in ids:
        yield register.connection.execute(f"SELECT {column} FROM document WHERE id = ?", (one,)).fetchone()


def _withdrawals(register: Register, facts: Iterable[DocumentFacts]) -> list[Withdrawal]:
    values = {value for one in facts for value in links_of(one)}
    found: dict[bytes, None] = {}
    for value in sorted(values):
        rows = register.connection.execute("SELECT body FROM withdrawal WHERE key = ? AND ended = 0", (value,))
        found.update(dict.fromkeys(row[0] for row in rows))
    return [_withdrawal(body) for body in found]


# --- publication ----------------------------------------------------------------------------------------------------


def changes(register: Register) -> int:
    """How many documents are published and should not be, or the reverse."""
    query = f"SELECT count(*) FROM document WHERE published <> coalesce({_LIVE_ROW}, 0)"
    return int(register.connection.execute(query).fetchone()[0])


def published_table(register: Register) -> pa.Table:
    """The documents of a publication (:class:`semantix.runs.model.Publication`)."""
    cursor = register.connection.execute(
        f"SELECT id, file * {RANKS} + id % {RANKS}, key, content, subject, published, coalesce({_LIVE_ROW}, 0) "
        "FROM document "
        f"WHERE published OR ({_LIVE_ROW}) ORDER BY id"
    )
    sealed = pa.binary(DIGEST)
    schema = pa.schema(
        [
            ("document", pa.int64()),
            ("received", pa.int64()),
            ("key", sealed),
            ("content", sealed),
            ("subject", sealed),
            ("was_live", pa.bool_()),
            ("is_live", pa.bool_()),
        ]
    )
    batches = []
    while rows := cursor.fetchmany(50_000):
        ids, received, keys, contents, subjects, was, now = zip(*rows, strict=True)
        arrays: list[pa.Array] = [pa.array(values, pa.int64()) for values in (ids, received)]
        arrays += [pa.array(values, sealed) for values in (keys, contents, subjects)]
        arrays += [pa.array([bool(one) for one in values], pa.bool_()) for values in (was, now)]
        batches.append(pa.record_batch(arrays, schema=schema))
    return pa.Table.from_batches(batches, schema=schema)


def live_bases(register: Register) -> list[tuple[int, int]]:
    """How many live documents there are, by the basis that they were read with."""
    rows = register.rows(
        f"SELECT c.basis, count(*) FROM document d JOIN chunk c ON c.id = d.chunk WHERE {_LIVE_ROW} "
        "GROUP BY 1 ORDER BY 1"
    )
    return [(basis, count) for basis, count in rows]


def mark_published(register: Register) -> None:
    """What is live is published; inside a transaction."""
    register.connection.execute(
        f"UPDATE document SET published = coalesce({_LIVE_ROW}, 0) WHERE published <> coalesce({_LIVE_ROW}, 0)"
    )


def fates(register: Register) -> dict[str, int]:
    """How many documents have each fate."""
    rows = register.connection.execute(
        "SELECT fate, count(*) FROM document WHERE ended = 0 AND fate IS NOT NULL GROUP BY fate"
    )
    counts = dict(rows)
    return {fate.value: counts[fate.value] for fate in Fate if fate.value in counts}


def quarantine(register: Register, run: int | None = None) -> Iterator[tuple[int, Quarantined]]:
    """What is in quarantine now, with the number of its entry."""
    rows = register.connection.execute(
        "SELECT q.id, q.body FROM quarantine q JOIN chunk c ON c.id = q.chunk "
        "WHERE q.ended = 0 AND (?1 IS NULL OR c.run = ?1) ORDER BY q.id",
        (run,),
    )
    for number, body in rows.fetchall():
        yield number, _quarantined(body)


# --- what a run asks ------------------------------------------------------------------------------------------------


def by_basis(register: Register) -> list[tuple[int, int]]:
    """How many files count, by the basis that they were read with."""
    rows = register.rows(
        "SELECT c.basis, count(*) FROM part p JOIN chunk c ON c.id = p.chunk WHERE p.ended = 0 GROUP BY 1 ORDER BY 1"
    )
    return [(basis, count) for basis, count in rows]


def files_asking(register: Register, basis: int, systems: frozenset[str] | None) -> list[int]:
    """The files whose documents, read with a basis, asked for one of some systems.

    ``None`` is every file, also those that gave no document: another pack may read them.
    """
    if systems is None:
        rows = register.rows(
            "SELECT p.file FROM part p JOIN chunk c ON c.id = p.chunk WHERE p.ended = 0 AND c.basis = ? ORDER BY 1",
            (basis,),
        )
        return [file for (file,) in rows]
    asking = register.connection.execute(
        "SELECT d.file, d.asked FROM document d JOIN chunk c ON c.id = d.chunk WHERE d.ended = 0 AND c.basis = ?",
        (basis,),
    )
    return sorted({file for file, asked in asking if not systems.isdisjoint(asked.split())})


def unopened_files(register: Register) -> list[int]:
    """The files that the system did not open when their turn came: nothing in them is to be mended."""
    rows = register.rows("SELECT DISTINCT file FROM quarantine WHERE ended = 0 AND error = ? ORDER BY 1", (UNOPENED,))
    return [file for (file,) in rows]


def unread_files(register: Register, files: Iterable[int]) -> int:
    """How many of some files are gone from the inputs, and cannot be read again."""
    query = "SELECT NOT EXISTS (SELECT 1 FROM seen WHERE seen.path = file.path) FROM file WHERE id = ?"
    return sum(row[0] for one in files if (row := register.connection.execute(query, (one,)).fetchone()))


def count_of(register: Register, run: int) -> int:
    """How many documents a run read."""
    query = "SELECT count(*) FROM document d JOIN chunk c ON c.id = d.chunk WHERE c.run = ?"
    return int(register.connection.execute(query, (run,)).fetchone()[0])


def bad_and_read(register: Register, run: int) -> tuple[int, int]:
    """How many inputs of a run could not be read, and how many documents were."""
    query = (
        "SELECT count(*) FROM quarantine q JOIN chunk c ON c.id = q.chunk WHERE c.run = ? AND q.ended = 0 "
        "AND q.error <> ?"
    )
    return int(register.connection.execute(query, (run, LINES)).fetchone()[0]), count_of(register, run)


def exclude_whole_persons(register: Register, run: int) -> None:
    """Whoever has a document under an excluded number is excluded under every number of that document.

    A person known by a national number here and by a practice's number there, in documents that bear both, goes whole;
    so this is done at each run, as what is read may tell another number of somebody who is excluded.
    """
    db = register.connection
    while True:
        cursor = db.execute(
            "INSERT OR IGNORE INTO excluded SELECT DISTINCT other.value, ? FROM excluded e CROSS JOIN person p "
            "ON p.value = e.value CROSS JOIN person other ON other.document = p.document",
            (run,),
        )
        if cursor.rowcount <= 0:
            return


def excluded_documents(register: Register) -> dict[int, list[tuple[int, bytes, bytes]]]:
    """The documents of persons left out that are still kept: number, key and content, by chunk."""
    rows = register.rows(
        "SELECT DISTINCT d.chunk, d.id, d.key, d.content FROM excluded e CROSS JOIN person p ON p.value = e.value "
        "CROSS JOIN document d ON d.id = p.document ORDER BY d.id"
    )
    found: dict[int, list[tuple[int, bytes, bytes]]] = {}
    for chunk, number, key, content in rows:
        found.setdefault(chunk, []).append((number, key, content))
    return found


_DROP_WITHDRAWALS = (
    "DELETE FROM withdrawal WHERE key IN (SELECT value FROM link WHERE document = ?1) AND NOT EXISTS "
    "(SELECT 1 FROM link other JOIN document d ON d.id = other.document "
    "WHERE other.value = withdrawal.key AND other.document <> ?1 AND coalesce(d.fate, '') <> 'excluded')"
)


def forget(register: Register, numbers: Iterable[int]) -> None:
    """Remove documents from the register; inside a transaction. Their files stay known as read."""
    db = register.connection
    for one in numbers:
        # A withdrawal names the person too; nothing is left that it could withdraw.
        db.execute(_DROP_WITHDRAWALS, (one,))
        db.execute("DELETE FROM link WHERE document = ?", (one,))
        db.execute("DELETE FROM person WHERE document = ?", (one,))
        db.execute("DELETE FROM document WHERE id = ?", (one,))
