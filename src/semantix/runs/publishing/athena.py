"""The tables of an Athena download, read once for a target that starts from nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb

from semantix.emitters.omop.schema import SCHEMA, VOCABULARY_TABLES
from semantix.sinks.omop.load import load_vocabulary


def read_vocabulary(folder: Path | None, scratch: Path) -> dict[str, Path]:
    """Each table of the folder that has rows, as a Parquet file below ``scratch``. Raises BadVocabulary."""
    if folder is None:
        return {}
    found = {}
    limits = {"memory_limit": "1GB", "temp_directory": str(scratch / "spill")}
    with duckdb.connect(str(scratch / "athena.duckdb"), config=dict(limits)) as session:
        for name in VOCABULARY_TABLES:
            session.execute(SCHEMA[name].create())
        load_vocabulary(session, folder)
        for name in VOCABULARY_TABLES:
            path = scratch / f"{name}.parquet"
            session.execute(f"COPY {name} TO {quoted(path)} (FORMAT parquet)").fetchall()
            if session.execute(f"SELECT EXISTS (FROM {name})").fetchall()[0][0]:
                found[name] = path
    return found


def quoted(path: Path) -> str:
    """A path as a string of SQL."""
    words = str(path).replace("'", "''")
    return f"'{words}'"
