"""Files and chunks in the register: what is new, what changed, what is gone, and who reads what."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from msgspec import Struct

from semantix.runs.model import Chunk, SourceFile
from semantix.runs.register.opening import Register
from semantix.runs.register.records import KnownFile


class Seen(Struct, frozen=True):
    """One file as the disk has it now, or one document of a table, whose digest is known (``path`` is empty)."""

    path: str
    name: str
    label: str
    named: bool
    size: int
    mtime: int
    ctime: int
    practice: str = ""
    sha256: bytes | None = None


class Hashed(Struct, frozen=True):
    """A file that was read: the SHA-256 of its bytes, and its folder when it is read with others of it.

    One that could not be opened has a digest of nothing.
    """

    path: str
    sha256: bytes
    folder: str | None = None
    is_open: bool = True


class Differences(Struct, frozen=True, kw_only=True):
    """How many files are as they were, new, changed, and gone; ``kept`` are gone and keep their facts."""

    same: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    kept: int = 0


_TABLE = b"table:"
"""What the paths of documents of a table begin with in the register."""


def _path_of(one: Seen) -> bytes:
    return os.fsencode(one.path) if one.path else _TABLE + one.name.encode("utf-8", "surrogatepass")


def _place_of(path: bytes) -> str:
    return "" if path.startswith(_TABLE) else os.fsdecode(path)


def see(register: Register, files: Iterable[Seen]) -> int:
    """Note what is there, in order; return how many files. It is kept in memory or a temporary file of SQLite."""
    db = register.connection
    db.execute("DROP TABLE IF EXISTS temp.seen")
    db.execute(
        "CREATE TEMP TABLE seen (ord INTEGER PRIMARY KEY, path BLOB UNIQUE, name TEXT, label TEXT, named INTEGER, "
        "size INTEGER, mtime INTEGER, ctime INTEGER, practice TEXT, sha256 BLOB, folder TEXT)"
    )
    rows = ((_path_of(f), f.name, f.label, f.named, f.size, f.mtime, f.ctime, f.practice, f.sha256) for f in files)
    db.execute("BEGIN")
    db.executemany(
        "INSERT OR IGNORE INTO seen (path, name, label, named, size, mtime, ctime, practice, sha256) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    db.execute("COMMIT")
    return int(db.execute("SELECT count(*) FROM seen").fetchone()[0])


def to_hash(register: Register, *, all_of_them: bool = False) -> Iterator[Seen]:
    """The files whose bytes are not known: new, or with another size or time of change than when they were read."""
    rows = register.connection.execute(
        "SELECT s.path, s.name, s.label, s.named, s.size, s.mtime, s.ctime FROM seen s "
        "LEFT JOIN file f ON f.path = s.path AND f.last_run IS NULL "
        "WHERE s.sha256 IS NULL AND (?1 OR f.id IS NULL OR (f.size, f.mtime, f.ctime) <> (s.size, s.mtime, s.ctime)) "
        "ORDER BY s.ord",
        (all_of_them,),
    ).fetchall()
    return (Seen(os.fsdecode(row[0]), row[1], row[2], bool(row[3]), *row[4:]) for row in rows)


def note_hashes(register: Register, hashed: Iterable[Hashed]) -> int:
    """Note what was read; returns how many known files could not be opened.

    What was read of these stays, and the next run tries again: a night without a right or a network removes no fact.
    """
    db = register.connection
    kept = 0
    db.execute("BEGIN")
    for one in hashed:
        path = os.fsencode(one.path)
        known = "SELECT 1 FROM file WHERE path = ? AND last_run IS NULL"
        if not one.is_open and db.execute(known, (path,)).fetchone() is not None:
            kept += 1
            continue
        db.execute("UPDATE seen SET sha256 = ?, folder = ? WHERE path = ?", (one.sha256, one.folder, path))
    db.execute("COMMIT")
    return kept


def differences(register: Register) -> Differences:
    """Compare what is there with what is known."""
    db = register.connection
    same, new, changed = db.execute(
        "SELECT count(*) FILTER (WHERE f.id IS NOT NULL AND (s.sha256 IS NULL OR s.sha256 = f.sha256)), "
        "count(*) FILTER (WHERE f.id IS NULL), "
        "count(*) FILTER (WHERE f.id IS NOT NULL AND s.sha256 <> f.sha256) "
        "FROM seen s LEFT JOIN file f ON f.path = s.path AND f.last_run IS NULL"
    ).fetchone()
    gone = db.execute(
        "SELECT count(*) FROM file f WHERE f.last_run IS NULL AND NOT EXISTS (SELECT 1 FROM seen WHERE path = f.path)"
    ).fetchone()[0]
    return Differences(same=same, new=new, changed=changed, gone=gone)


def gone_files(register: Register) -> Iterator[KnownFile]:
    """The files that are no more where they were."""
    rows = register.connection.execute(
        "SELECT id, path, sha256, size, mtime, ctime, folder FROM file f WHERE f.last_run IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM seen WHERE path = f.path) ORDER BY id"
    )
    return (KnownFile(row[0], os.fsdecode(row[1]), *row[2:]) for row in rows)


def take(register: Register, run: int, *, is_spool: bool) -> None:
    """Make what is there what is known, inside a transaction; fills ``temp.reading`` with the files to read.

    A set of files that are read together is read again whole when one of them is new, changed or gone. In a spool, what
    was read from other files stays when they are gone, or when another takes their name.
    """
    db = register.connection
    db.execute("DROP TABLE IF EXISTS temp.reading")
    db.execute("CREATE TEMP TABLE reading (file INTEGER PRIMARY KEY)")
    # Touched, yet the same bytes: nothing to do but to remember its new time.
    db.execute(
        "UPDATE file SET size = s.size, mtime = s.mtime, ctime = s.ctime FROM seen s WHERE file.path = s.path "
        "AND file.last_run IS NULL AND s.sha256 = file.sha256 "
        "AND (file.size, file.mtime, file.ctime) <> (s.size, s.mtime, s.ctime)"
    )
    # The same bytes, which a new pack reads together with others.
    db.execute(
        "UPDATE file SET folder = s.folder FROM seen s WHERE file.path = s.path AND file.last_run IS NULL "
        "AND s.sha256 = file.sha256 AND s.folder IS NOT file.folder"
    )
    changed = "EXISTS (SELECT 1 FROM seen s WHERE s.path = file.path AND s.sha256 <> file.sha256)"
    gone = "NOT EXISTS (SELECT 1 FROM seen s WHERE s.path = file.path)"
    ends = changed if is_spool else f"({changed} OR {gone})"
    db.execute("DROP TABLE IF EXISTS temp.sets")
    db.execute(
        f"CREATE TEMP TABLE sets AS SELECT DISTINCT folder FROM file "
        f"WHERE last_run IS NULL AND folder IS NOT NULL AND {ends}"
    )
    db.execute(f"UPDATE file SET last_run = ? WHERE last_run IS NULL AND {ends}", (run,))
    db.execute(
        "INSERT INTO file (path, name, label, named, practice, sha256, size, mtime, ctime, folder, first_run) "
        "SELECT path, name, label, named, practice, sha256, size, mtime, ctime, folder, ? FROM seen s "
        "WHERE NOT EXISTS (SELECT 1 FROM file f WHERE f.path = s.path AND f.last_run IS NULL) ORDER BY ord",
        (run,),
    )
    db.execute("INSERT INTO reading SELECT id FROM file WHERE first_run = ? AND last_run IS NULL", (run,))
    db.execute(
        "INSERT INTO sets SELECT DISTINCT folder FROM file JOIN reading ON file.id = reading.file "
        "WHERE folder IS NOT NULL"
    )
    db.execute(
        "INSERT OR IGNORE INTO reading SELECT id FROM file WHERE last_run IS NULL "
        "AND folder IN (SELECT folder FROM sets) AND EXISTS (SELECT 1 FROM seen WHERE seen.path = file.path)"
    )
    ended = "SELECT id FROM file WHERE last_run = ?" + (" AND folder IS NOT NULL" if is_spool else "")
    end_parts(register, run, ended, (run,))


def read_again(register: Register, files: Iterable[int]) -> int:
    """Add files to those to read, with the sets that they belong to; returns how many files were added.

    After a look at the inputs, files that are no more there are left out: what was read from them stays.
    """
    db = register.connection
    db.execute("CREATE TEMP TABLE IF NOT EXISTS reading (file INTEGER PRIMARY KEY)")
    there = "last_run IS NULL"
    if _has_seen(register):
        there += " AND EXISTS (SELECT 1 FROM seen WHERE seen.path = file.path)"
    before = db.execute("SELECT count(*) FROM reading").fetchone()[0]
    db.executemany(
        f"INSERT OR IGNORE INTO reading SELECT id FROM file WHERE id = ? AND {there}", ((one,) for one in files)
    )
    db.execute(
        f"INSERT OR IGNORE INTO reading SELECT id FROM file WHERE {there} AND folder IN "
        "(SELECT folder FROM file JOIN reading ON reading.file = file.id WHERE folder IS NOT NULL)"
    )
    return int(db.execute("SELECT count(*) FROM reading").fetchone()[0]) - int(before)


def forget_reading(register: Register) -> None:
    """Nothing is to be read any more."""
    register.connection.execute("DROP TABLE IF EXISTS temp.reading")


def end_parts(register: Register, run: int, files: str, values: tuple[object, ...] = ()) -> None:
    """What was read from some files (a query of their numbers) no longer counts."""
    db = register.connection
    # By what read them, which is indexed in each table: a run that ends nothing looks at nothing.
    read = f"SELECT chunk, file FROM part WHERE file IN ({files})"
    for table in ("part", "document", "withdrawal", "quarantine"):
        db.execute(f"UPDATE {table} SET ended = {int(run)} WHERE ended = 0 AND (chunk, file) IN ({read})", values)


def cut(register: Register, run: int, basis: int, *, files: int, size: int) -> int:
    """Write down the chunks that read ``temp.reading``: so many files, or so many bytes, sets whole. Returns how many.

    What was read from those files before no longer counts.
    """
    db = register.connection
    end_parts(register, run, "SELECT file FROM reading")
    rows = (
        db.execute(
            "SELECT f.id, f.size, f.folder FROM reading JOIN file f ON f.id = reading.file "
            "LEFT JOIN seen s USING (path) "
            "ORDER BY min(coalesce(s.ord, f.id)) OVER (PARTITION BY coalesce(f.folder, f.id)), coalesce(s.ord, f.id)"
        )
        if _has_seen(register)
        else db.execute(
            "SELECT f.id, f.size, f.folder FROM reading JOIN file f ON f.id = reading.file "
            "ORDER BY min(f.id) OVER (PARTITION BY coalesce(f.folder, f.id)), f.id"
        )
    )
    made = 0
    chunk: list[int] = []
    weight, last = 0, None
    for file, bytes_, folder in rows.fetchall():
        is_full = len(chunk) >= files or (chunk and weight + bytes_ > size)
        if is_full and not (folder is not None and folder == last):
            made += _write_chunk(register, run, basis, chunk)
            chunk, weight = [], 0
        chunk.append(file)
        weight += bytes_
        last = folder
    made += _write_chunk(register, run, basis, chunk)
    forget_reading(register)
    return made


def _has_seen(register: Register) -> bool:
    query = "SELECT 1 FROM temp.sqlite_master WHERE name = 'seen'"
    return register.connection.execute(query).fetchone() is not None


def _write_chunk(register: Register, run: int, basis: int, files: list[int]) -> int:
    if not files:
        return 0
    db = register.connection
    cursor = db.execute("INSERT INTO chunk (run, basis, done) VALUES (?, ?, 0)", (run, basis))
    rows = [(cursor.lastrowid, position, file) for position, file in enumerate(files)]
    db.executemany("INSERT INTO part (chunk, position, file) VALUES (?, ?, ?)", rows)
    return 1


def waiting(register: Register, run: int) -> Iterator[Chunk]:
    """The chunks of a run that are not done, in order."""
    ids = register.connection.execute("SELECT id FROM chunk WHERE run = ? AND done = 0 ORDER BY id", (run,)).fetchall()
    for (number,) in ids:
        yield chunk_of(register, number)


def chunk_of(register: Register, number: int) -> Chunk:
    """One chunk with its files."""
    db = register.connection
    basis, skipped = db.execute("SELECT basis, skipped FROM chunk WHERE id = ?", (number,)).fetchone()
    rows = db.execute(
        "SELECT f.id, f.path, f.name, f.label, f.sha256, f.size, f.practice, f.named FROM part p "
        "JOIN file f ON f.id = p.file WHERE p.chunk = ? ORDER BY p.position",
        (number,),
    )
    files = tuple(
        SourceFile(i, _place_of(path), name, label, sha, size, practice, named=bool(named))
        for i, path, name, label, sha, size, practice, named in rows
    )
    return Chunk(number, basis, files, tuple(int(one) for one in skipped.split()) if skipped else ())


def skip(register: Register, chunk: int, files: Iterable[int]) -> None:
    """Files of a chunk that are not to be read: they kill whoever does."""
    words = " ".join(map(str, sorted(files)))
    register.connection.execute("UPDATE chunk SET skipped = ? WHERE id = ?", (words, chunk))


def progress(register: Register, run: int) -> tuple[int, int]:
    """Chunks done and chunks in all of a run."""
    query = "SELECT coalesce(sum(done), 0), count(*) FROM chunk WHERE run = ?"
    done, total = register.connection.execute(query, (run,)).fetchone()
    return int(done), int(total)
