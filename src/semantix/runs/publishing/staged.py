"""The documents of a publication and their staged rows, as DuckDB sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from semantix.errors import BadTarget, SemantixError
from semantix.io import shown
from semantix.runs.model import RANKS, Publication

Since = Literal["nothing", "previous"]
"""What a target holds: nothing yet, or the publication before."""
Which = Literal["added", "removed", "changed", "live", "all"]
"""Documents: live now and not before, the reverse, both of these; live now; live now or before."""

_CONDITIONS: dict[Which, str] = {
    "added": "is_live AND NOT was_live",
    "removed": "was_live AND NOT is_live",
    "changed": "is_live <> was_live",
    "live": "is_live",
    "all": "is_live OR was_live",
}

# A commit that cannot be written is a TransactionException.
_REFUSALS = (duckdb.IOException, duckdb.FatalException, duckdb.OutOfMemoryException, duckdb.TransactionException)


def quoted(path: Path | str) -> str:
    """A path or a word as a literal of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


class Staged:
    """Staged rows of the documents of a publication; for a target that holds nothing, no document was live before.

    The table ``docs`` (document, received, key, content, was_live, is_live) is made in the connection.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, publication: Publication, since: Since) -> None:
        documents = publication.documents
        assert isinstance(documents, pa.Table)
        self._chunks = publication.chunks
        self._names: dict[int, frozenset[str]] = {}
        was_live = "was_live" if since == "previous" else "false"
        connection.register("given", documents)
        connection.execute(
            f"CREATE TEMP TABLE docs AS SELECT document, received, key, content, {was_live} AS was_live, is_live "
            f"FROM given WHERE is_live OR {was_live} ORDER BY document"
        )
        connection.unregister("given")
        self._of: dict[Which, tuple[int, ...]] = {
            which: tuple(
                row[0]
                for row in connection.execute(
                    f"SELECT DISTINCT document // {RANKS} FROM docs WHERE {condition} ORDER BY 1"
                ).fetchall()
            )
            for which, condition in _CONDITIONS.items()
        }

    def files(self, name: str, which: Which) -> str | None:
        """The staged files of a name as a relation of SQL, ``None`` when there are none."""
        found = [self._chunks[chunk] / name for chunk in self._of[which] if name in self._listed(chunk)]
        if not found:
            return None
        return f"read_parquet([{', '.join(map(quoted, found))}])"

    def rows(self, table: str, which: Which) -> str | None:
        """The staged rows of a table of some documents as a relation in parentheses, with the columns of ``docs``."""
        files = self.files(f"omop_{table}.parquet", which)
        if files is None:
            return None
        return f"(SELECT * FROM {files} JOIN docs USING (document) WHERE {_CONDITIONS[which]})"

    def tables(self, which: Which) -> frozenset[str]:
        """The tables of the CDM of which these documents may have rows."""
        names = frozenset[str]().union(*(self._listed(chunk) for chunk in self._of[which]))
        return frozenset(n.removeprefix("omop_").removesuffix(".parquet") for n in names if n.startswith("omop_"))

    def _listed(self, chunk: int) -> frozenset[str]:
        known = self._names.get(chunk)
        if known is None:
            if chunk not in self._chunks:
                raise BadTarget(f"chunk {chunk}: its staged rows are gone from the state folder; put the folder back")
            known = self._names[chunk] = frozenset(path.name for path in self._chunks[chunk].iterdir())
        return known


def sizes_of(staged: Staged, tables: Iterable[str], which: Which) -> str:
    """How many rows each document has in each table, as a relation in parentheses."""
    parts = [
        f"SELECT document, key, content, {quoted(table)} AS omop_table, count(*)::INTEGER AS size "
        f"FROM {source} GROUP BY ALL"
        for table in sorted(tables)
        if (source := staged.rows(table, which)) is not None
    ]
    empty = "SELECT document, key, content, '' AS omop_table, 0::INTEGER AS size FROM docs WHERE false"
    return f"({' UNION ALL '.join([empty, *parts])})"


@contextmanager
def connected(path: Path, scratch: Path, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that spills to ``scratch``, closed at the end, with what the system refuses told in one line."""
    with told(path):
        connection = open_database(path, scratch, memory_limit)
        try:
            yield connection
        finally:
            connection.close()


def open_database(path: Path, scratch: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """Open or make a database; what does not fit in memory waits in ``scratch``."""
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    limits: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": str(scratch / "spill"),
    }
    return duckdb.connect(str(path), config=limits)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say in one line what the system refused: a full disk, a file in use, a file that is not what it should be."""
    try:
        yield
    except SemantixError:
        raise
    except _REFUSALS as error:
        raise BadTarget(f"{shown(path)}: {_words_of(str(error))} ({type(error).__name__})") from error
    except duckdb.InternalException as error:
        raise BadTarget(f"{shown(path)}: cannot be read back: is damaged ({type(error).__name__})") from error
    except OSError as error:
        raise BadTarget(f"{shown(path)}: cannot be used: {error.strerror or type(error).__name__}") from error


def _words_of(words: str) -> str:
    if "lock on file" in words:
        return "is in use by another program; close it and resume"
    if "not a valid DuckDB" in words:
        return "is not a DuckDB database; choose another target"
    return "cannot be written: the disk is full, or the file cannot be read back"
