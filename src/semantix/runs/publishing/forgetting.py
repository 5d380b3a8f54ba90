"""Integers that are taken back: those of persons who are erased, and of their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from semantix.runs.model import DIGEST
from semantix.runs.publishing.staged import connected

OWN = ("person", "visit_occurrence")
"""Shared tables whose rows are of one person."""
_SEALED = pa.binary(DIGEST)


def forget(
    numbers: Path, scratch: Path, documents: Iterable[tuple[bytes, bytes]], keys: Mapping[str, Iterable[bytes]]
) -> None:
    """Remove the blocks of documents (key, content) and the entities of keys, by table. Their integers stay unused."""
    if not numbers.exists():
        return
    pairs = list(documents)
    columns = [pa.array([one[n] for one in pairs], _SEALED) for n in (0, 1)]
    with connected(numbers, scratch, "512MB") as connection:
        connection.execute("BEGIN")
        connection.register("gone", pa.table(columns, names=["key", "content"]))
        connection.execute("DELETE FROM block USING gone WHERE block.key = gone.key AND block.content = gone.content")
        for table, several in keys.items():
            connection.register("lost", pa.table([pa.array(list(several), _SEALED)], names=["key"]))
            connection.execute("DELETE FROM entity USING lost WHERE kind = ? AND entity.key = lost.key", [table])
            connection.unregister("lost")
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
