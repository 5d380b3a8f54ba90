"""FHIR as NDJSON: a folder with one file for each resource type and chunk, as a Bulk Data export is laid out.

A resource that several documents give is written once, as the latest live one has it, in the file of that document's
chunk. What a file holds follows from the live documents alone, so any history of publications gives the same files, and
only those whose lines change are written again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from semantix.errors import BadStore, BadTarget
from semantix.io import shown
from semantix.runs.model import RANKS, Publication
from semantix.runs.publishing.swap import Generation, Index, explained, read_index, recover

KIND = "ndjson"
MANIFEST = "manifest.json"
VERSIONS = "versions"
"""What :meth:`NdjsonTarget.publish` calls resources of which an earlier live document had another content."""
_BATCH = 4096
_LIVE = "SELECT document, received FROM documents WHERE is_live"
_GIVEN = """
CREATE TABLE given AS SELECT type, id, document, received, rank, digest FROM read_parquet($files)
JOIN live USING (document)
"""
_NOTHING = "CREATE TABLE given (type TEXT, id TEXT, document BIGINT, received BIGINT, rank INTEGER, digest BLOB)"
_WINNERS = f"""
CREATE TABLE winners AS
SELECT document // {RANKS} AS chunk, document, rank, type, md5_number(digest || encode(' ' || document || ' ' || rank))
AS mark FROM given QUALIFY row_number() OVER (PARTITION BY type, id ORDER BY received DESC, rank DESC) = 1
ORDER BY document, rank
"""
_VERSIONS = "SELECT count(*) FROM (SELECT 1 FROM given GROUP BY type, id HAVING min(digest) <> max(digest))"
_PARTS = """
SELECT type, chunk, count(*), format('{:032x}', bit_xor(mark)) FROM winners GROUP BY type, chunk ORDER BY type, chunk
"""
_LINES = """
SELECT type, staged.line || '\\x0A'::BLOB AS line FROM read_parquet($file) AS staged
JOIN (SELECT document, rank FROM winners WHERE chunk = $chunk AND type IN (SELECT unnest($types)))
USING (document, rank) ORDER BY type, document, rank
"""


class NdjsonTarget:
    """A folder of resources. ``scratch`` is where an index of ids waits when it is larger than ``memory_limit``."""

    def __init__(self, folder: Path, scratch: Path | None = None, memory_limit: str = "512MB") -> None:
        self.folder = folder.resolve()
        self._scratch = scratch
        self._memory_limit = memory_limit

    def marker(self) -> int:
        """The number of the publication that it holds, 0 for none. Raises BadTarget."""
        return self._index().number

    def _index(self) -> Index:
        recover(self.folder)
        return read_index(self.folder, KIND)

    def publish(self, publication: Publication) -> dict[str, int]:
        """Bring the folder to what is live, and return the resources of each type, and the :data:`VERSIONS`.

        Raises BadTarget, and leaves the folder as it was; BadStore when what is staged is not there.
        """
        previous = self._index()
        if previous.number > publication.number:
            words = (
                f"holds publication {previous.number}, this is {publication.number}: it follows another state folder"
            )
            raise BadTarget(f"{shown(self.folder)}: {words}; choose another target")
        if previous.number == publication.number:
            return dict(previous.counts)
        with (
            explained(self.folder),
            _Winners(publication, self._scratch, self._memory_limit) as winners,
            Generation(self.folder, previous) as generation,
        ):
            counts = _write(generation, previous, winners, publication)
            generation.finish(publication.number, counts)
        return counts


def _write(generation: Generation, previous: Index, winners: _Winners, publication: Publication) -> dict[str, int]:
    counts: dict[str, int] = {}
    output = []
    changed: dict[int, list[_Part]] = {}
    for part in winners.parts():
        known = previous.files.get(part.name)
        if known is not None and known.signature == part.signature:
            generation.keep(part.name)
        else:
            changed.setdefault(part.chunk, []).append(part)
        counts[part.type] = counts.get(part.type, 0) + part.count
        output.append({"type": part.type, "url": part.name, "count": part.count})
    for parts in changed.values():
        _write_chunk(generation, parts, winners)
    day = {"transactionTime": publication.day} if publication.day else {}
    manifest = day | {"requiresAccessToken": False, "output": output, "error": []}
    generation.path(MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
    generation.take(MANIFEST, len(output))
    return counts | {VERSIONS: winners.versions}


def _write_chunk(generation: Generation, parts: list[_Part], winners: _Winners) -> None:
    """Write the parts of one chunk, whose lines come type after type."""
    lines = winners.lines(parts[0].chunk, [part.type for part in parts])
    for part, (kind, pieces) in zip(parts, groupby(lines, key=itemgetter(0)), strict=True):
        assert kind == part.type
        with generation.path(part.name).open("wb") as file:
            for _, piece in pieces:
                file.write(piece)
        generation.take(part.name, part.count, part.signature)


class _Part(Struct, frozen=True):
    """The lines of one type in one chunk: how many, and what tells them from others."""

    type: str
    chunk: int
    count: int
    signature: str

    @property
    def name(self) -> str:
        return f"{self.type}.{self.chunk:08d}.ndjson"


class _Winners:
    """Which staged line stands for each resource, found on a narrow index that may be larger than memory."""

    def __init__(self, publication: Publication, scratch: Path | None, memory_limit: str) -> None:
        self._publication = publication
        self._folder = tempfile.TemporaryDirectory(prefix="semantix-ndjson-", dir=scratch)
        # What does not fit in memory goes to the temporary folder, tables as well.
        limits = {"memory_limit": memory_limit, "temp_directory": self._folder.name, "threads": "2"}
        self._session = duckdb.connect(config=dict(limits))
        self.versions = 0

    def __enter__(self) -> Self:
        try:
            self._fill()
        except duckdb.InvalidInputException:
            self.__exit__(None, None, None)
            raise BadStore("what was staged cannot be read back; restore the state folder of the run") from None
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()
        self._folder.cleanup()

    def _fill(self) -> None:
        session = self._session
        session.register("documents", self._publication.documents)
        session.execute(f"CREATE TABLE live AS {_LIVE}").fetchall()
        session.unregister("documents")
        chunks = session.execute(f"SELECT DISTINCT document // {RANKS} FROM live ORDER BY 1").fetchall()
        files = [str(path) for path in map(self._staged, (int(row[0]) for row in chunks)) if path.exists()]
        if files:
            session.execute(_GIVEN, {"files": files}).fetchall()
        else:
            session.execute(_NOTHING)
        self.versions = int(session.execute(_VERSIONS).fetchall()[0][0])
        session.execute(_WINNERS).fetchall()
        session.execute("DROP TABLE given").fetchall()

    def _staged(self, chunk: int) -> Path:
        """The resources of a chunk: no file when its documents gave none."""
        folder = self._publication.chunks.get(chunk)
        if folder is None or not folder.is_dir():
            raise BadStore(f"chunk {chunk}: what was staged of it is not there; restore the state folder of the run")
        return folder / "fhir.parquet"

    def parts(self) -> list[_Part]:
        """Each part that has lines, in the order of types and chunks."""
        return [_Part(*row) for row in self._session.execute(_PARTS).fetchall()]

    def lines(self, chunk: int, types: list[str]) -> Iterator[tuple[str, memoryview]]:
        """The lines of some types of a chunk, in the order of types and documents: many at a time, of one type."""
        told: Mapping[str, object] = {"file": str(self._staged(chunk)), "chunk": chunk, "types": types}
        with self._session.sql(_LINES, params=dict(told)).to_arrow_reader(_BATCH) as reader:
            for batch in reader:
                yield from _by_type(batch)


def _by_type(batch: pa.RecordBatch) -> Iterator[tuple[str, memoryview]]:
    start = 0
    runs = pc.run_end_encode(batch.column(0))
    for kind, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        yield kind, _bytes_of(batch.column(1).slice(start, end - start))
        start = end


def _bytes_of(lines: pa.Array) -> memoryview:
    """The values of an array of bytes, one after the other as they lie in memory."""
    places = memoryview(lines.buffers()[1]).cast("q" if pa.types.is_large_binary(lines.type) else "i")
    return memoryview(lines.buffers()[2])[places[lines.offset] : places[lines.offset + len(lines)]]
