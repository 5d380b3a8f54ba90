"""Learned parts on disk: arrays as ``.npy`` files that are memory-mapped, words as MessagePack."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from semantix.errors import BadStore

FORMAT = 1
Arrays = Mapping[str, npt.NDArray[Any]]


def save_parts(folder: Path, arrays: Arrays, words: Mapping[str, Any]) -> None:
    """Write arrays and words into a folder that exists and is empty. The same values give the same bytes."""
    for name, array in sorted(arrays.items()):
        np.save(folder / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
    content = {"format": FORMAT, "arrays": sorted(arrays), **dict(sorted(words.items()))}
    (folder / "words.msgpack").write_bytes(msgspec.msgpack.encode(content))


def load_parts(folder: Path) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Open what :func:`save_parts` wrote. Raises BadStore when something is missing or of another format."""
    try:
        words = msgspec.msgpack.decode((folder / "words.msgpack").read_bytes())
        if words["format"] != FORMAT:
            raise BadStore(f"{folder.name}: learned parts of another format; run `semantix terminology learn` again")
        # As plain arrays over the mapped memory: memmap objects are slow to slice.
        arrays = {
            name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))
            for name in words["arrays"]
        }
    except (OSError, ValueError, KeyError, TypeError, msgspec.DecodeError) as error:
        if isinstance(error, BadStore):
            raise
        raise BadStore(f"{folder.name}: damaged learned parts; run `semantix terminology learn` again") from None
    return arrays, words
