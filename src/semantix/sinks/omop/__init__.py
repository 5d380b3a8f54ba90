"""Writers of the OMOP CDM: a DuckDB file, or a folder of Parquet or CSV files, all from the same staged rows.

``with open_sink("duckdb", target, options) as sink: sink.write(emission)``. Emissions must come in the order of the
input: the integers are given in that order, so the result does not depend on how many workers emitted. Nothing
appears at the target before the ``with`` block ends well.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

import duckdb
from msgspec import Struct

from semantix.emitters.omop import OmopEmission
from semantix.emitters.omop.context import TIME_ZONE
from semantix.emitters.omop.schema import SCHEMA
from semantix.sinks.fate import Fate
from semantix.sinks.omop.describing import describe, metadata_of
from semantix.sinks.omop.keys import KeyRegistry
from semantix.sinks.omop.load import complete_references, create, load, load_vocabulary
from semantix.sinks.omop.replacing import Replacement, check_target, explained
from semantix.sinks.omop.staging import Staging

__all__ = ["KINDS", "KeyRegistry", "OmopSink", "SinkOptions", "check_target", "explained", "keys_of", "open_sink"]


class SinkOptions(Struct, frozen=True, kw_only=True):
    """What a run says of itself. No clock is read: a date that is not given is that of the latest document.

    ``keys`` is the registry of surrogate keys (default: ``<target>.keys.sqlite`` beside the target). ``vocabulary`` is
    an Athena folder to copy into the vocabulary tables. ``scratch`` is where rows wait on disk; beyond
    ``memory_limit`` the build of the target spills there too. ``overwrite`` replaces the tables of an earlier run and
    nothing else; ``beside`` are files of the caller (reports) that may be in the same folder.
    """

    overwrite: bool = False
    keys: Path | None = None
    scratch: Path | None = None
    vocabulary: Path | None = None
    vocabulary_release: str | None = None
    source_name: str = "CDA R2 documents (CI-SIS)"
    source_abbreviation: str = "CDA-CI-SIS"
    holder: str = "Unknown"
    source_release_date: str | None = None
    cdm_release_date: str | None = None
    software: str = "semantix"
    executed_at: str | None = None
    time_zone: str = TIME_ZONE
    memory_limit: str = "1GB"
    beside: tuple[Path, ...] = ()


class OmopSink:
    """The single writer of a run."""

    def __init__(self, kind: str, target: Path, options: SinkOptions) -> None:
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of OMOP target; expected one of {', '.join(KINDS)}")
        self.kind = kind
        self.target = target = target.resolve()
        self.options = options
        self.keys = options.keys or keys_of(target)
        with explained(target, self.keys):
            check_target(target, kind, overwrite=options.overwrite, beside=options.beside)
            target.parent.mkdir(parents=True, exist_ok=True)
            self._keys = KeyRegistry(self.keys)
            try:
                self._scratch = Path(tempfile.mkdtemp(prefix="semantix-omop-", dir=options.scratch))
            except OSError:
                self._keys.abandon()
                raise
        self._staging = Staging(self._scratch, self._keys)
        self._seen: dict[str, str] = {}
        self._imputed: Counter[tuple[str, str]] = Counter()
        self._excluded: Counter[tuple[str, str]] = Counter()
        self._latest: str | None = None
        self.rows: dict[str, int] = {}

    def admits(self, emission: OmopEmission) -> Fate:
        """What would become of a document: its facts are written once, under its own identifier."""
        known = self._seen.get(emission.key)
        if known is None:
            return Fate.NEW
        return Fate.TWICE if known == emission.sha256 else Fate.OTHER_VERSION

    def write(self, emission: OmopEmission) -> bool:
        """Take one document; false when one with the same identifier was already taken, whatever its content."""
        fate = self.admits(emission)
        if fate is not Fate.NEW:
            self._excluded["document", fate.value] += 1
            return False
        self._seen[emission.key] = emission.sha256
        with explained(self.target, self.keys):
            self._staging.write(emission)
        self._imputed.update(emission.imputed)
        self._excluded.update(emission.excluded)
        if emission.day and (self._latest is None or emission.day > self._latest):
            self._latest = emission.day
        return True

    def close(self) -> dict[str, int]:
        """Build the target from what was staged, and return the rows of each table; if that fails, abandon."""
        try:
            with explained(self.target, self.keys):
                self._build()
        except BaseException:
            self.abandon()
            raise
        shutil.rmtree(self._scratch, ignore_errors=True)
        return {name: count for name, count in self.rows.items() if count}

    def _build(self) -> None:
        self._staging.close()
        database = self._scratch / "cdm.duckdb"
        limits: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": self.options.memory_limit,
            "temp_directory": str(self._scratch / "spill"),
        }
        with duckdb.connect(str(database), config=limits) as connection:
            create(connection)
            if self.options.vocabulary is not None:
                load_vocabulary(connection, self.options.vocabulary)
            load(connection, self._scratch)
            complete_references(connection, self.options.vocabulary_release)
            metadata = metadata_of(self.options, self._imputed, self._excluded)
            describe(connection, self.options, self._latest, metadata)
            for name in SCHEMA:
                found = connection.execute(f"SELECT count(*) FROM {name}").fetchone()
                self.rows[name] = found[0] if found else 0
            produced = KINDS[self.kind](connection, self._scratch)
        replacement = Replacement(self.target, is_folder=produced is not None)
        try:
            replacement.put(produced or database)
            self._keys.close()
        except BaseException:
            replacement.undo()
            raise
        replacement.finish()

    def abandon(self) -> None:
        """Leave the target and the keys as they were."""
        with suppress(OSError):
            self._staging.close()
        self._keys.abandon()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()


def open_sink(kind: str, target: Path, options: SinkOptions | None = None) -> OmopSink:
    """A sink of one of :data:`KINDS`. Raises BadTarget when the target exists and may not be overwritten."""
    return OmopSink(kind, target, options or SinkOptions())


def _keep_database(connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
    connection.execute("CHECKPOINT")


def _parquet(connection: duckdb.DuckDBPyConnection, scratch: Path) -> Path:
    return _export(connection, scratch, "parquet", "FORMAT parquet, COMPRESSION zstd")


def _csv(connection: duckdb.DuckDBPyConnection, scratch: Path) -> Path:
    return _export(connection, scratch, "csv", "FORMAT csv, HEADER")


def _export(connection: duckdb.DuckDBPyConnection, scratch: Path, suffix: str, form: str) -> Path:
    folder = scratch / "export"
    folder.mkdir()
    for name in SCHEMA:
        path = str(folder / f"{name}.{suffix}").replace("'", "''")
        connection.execute(f"COPY {name} TO '{path}' ({form})")
    return folder


KINDS: Mapping[str, Callable[[duckdb.DuckDBPyConnection, Path], Path | None]] = MappingProxyType(
    {"duckdb": _keep_database, "parquet": _parquet, "csv": _csv}
)
"""Kinds of target, each with what makes it from the database."""


def keys_of(target: Path) -> Path:
    """Where the keys of a target are kept by default: beside it."""
    return target.parent / f"{target.name}.keys.sqlite"
