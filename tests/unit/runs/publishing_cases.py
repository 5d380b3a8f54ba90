"""Staged chunks, publications and the rows of a target, as tests of publishing want them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa

from semantix.emitters.omop import SCHEMA, OmopEmission
from semantix.runs.model import RANKS, Publication
from semantix.runs.publishing.delta import Delta
from semantix.runs.publishing.difference import difference
from semantix.runs.sealing import Seal
from semantix.runs.stager import Stager

SEAL = Seal(b"0123456789abcdef")


class Warehouse:
    """Documents staged in chunks of two, and publications of some of them; documents are known by their place."""

    def __init__(self, folder: Path, emissions: Sequence[OmopEmission], size: int = 2) -> None:
        self.folder = folder
        self.numbers = folder / "numbers.duckdb"
        self.emissions = list(emissions)
        self.chunks: dict[int, Path] = {}
        self.documents: list[int] = []
        self.published = 0
        self.live: frozenset[int] = frozenset()
        for first in range(0, len(self.emissions), size):
            self.stage(self.emissions[first : first + size])

    def stage(self, emissions: Sequence[OmopEmission]) -> None:
        """Write a chunk."""
        chunk = len(self.chunks) + 1
        self.chunks[chunk] = self.folder / f"{chunk:08d}"
        stager = Stager(self.chunks[chunk], SEAL)
        for rank, one in enumerate(emissions):
            number = chunk * RANKS + rank
            self.documents.append(number)
            stager.omop(number, one)
            stager.document(
                {
                    "document": number,
                    "day": one.day,
                    "imputed": _flat(one.imputed),
                    "excluded": _flat(one.excluded),
                }
            )
        stager.close()

    def add(self, emissions: Sequence[OmopEmission]) -> None:
        """Write another chunk."""
        self.emissions += emissions
        self.stage(emissions)

    def publication(self, live: Iterable[int], **more: object) -> Publication:
        """The publication of some documents, after the one before."""
        now = frozenset(live)
        some = sorted(now | self.live)
        table = pa.table(
            {
                "document": pa.array([self.documents[i] for i in some], pa.int64()),
                "key": pa.array([SEAL.digest("d", self.emissions[i].key) for i in some], pa.binary(16)),
                "content": pa.array([SEAL.digest("c", self.emissions[i].sha256) for i in some], pa.binary(16)),
                "received": pa.array([self.documents[i] for i in some], pa.int64()),
                "was_live": pa.array([i in self.live for i in some], pa.bool_()),
                "is_live": pa.array([i in now for i in some], pa.bool_()),
            }
        )
        return Publication(self.published + 1, table, self.chunks, **more)

    def done(self, live: Iterable[int]) -> None:
        """Every target took it."""
        self.published += 1
        self.live = frozenset(live)

    def difference(self, live: Iterable[int], since: str, options: object = None, **more: object) -> Delta:
        """What a target takes."""
        scratch = self.folder / f"scratch-{since}"
        return difference(self.publication(live, **more), self.numbers, scratch, since, options)


def _flat(counts: dict[tuple[str, str], int]) -> bytes:
    return msgspec.json.encode({"|".join(key): n for key, n in counts.items()})


Rows = dict[str, list[tuple]]


def rows_of(delta: Delta) -> Rows:
    """The rows that a delta puts, sorted, of every table of the CDM."""
    execute = delta.connection.execute
    return {t: _sorted(execute(f"FROM rows_{t}").fetchall()) if t in delta.tables else [] for t in SCHEMA}


def taken(rows: Rows, delta: Delta) -> Rows:
    """Rows after a delta, naively."""
    out = dict(rows)
    for table in delta.tables:
        keys = [SCHEMA[table].columns.index(key) for key in delta.keys[table]]
        gone = set(delta.connection.execute(f"FROM gone_{table}").fetchall())
        kept = [row for row in rows.get(table, []) if tuple(row[i] for i in keys) not in gone]
        out[table] = _sorted(kept + delta.connection.execute(f"FROM rows_{table}").fetchall())
    return out


def held(path: Path) -> Rows:
    """The rows of a database, sorted."""
    with duckdb.connect(str(path), read_only=True) as connection:
        return {name: _sorted(connection.execute(f"FROM {name}").fetchall()) for name in SCHEMA}


def _sorted(rows: Iterable[tuple]) -> list[tuple]:
    return sorted(rows, key=repr)


def without(rows: Rows, *tables: str) -> Rows:
    """Rows but those of some tables."""
    return {name: some for name, some in rows.items() if name not in tables}
