"""Small array tools: ragged rows in CSR form, and their place on disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


def ragged(rows: Iterable[Sequence[int]]) -> tuple[Longs, Ints]:
    """Return (pointer, values): row ``i`` is ``values[pointer[i]:pointer[i + 1]]``."""
    lengths: list[int] = [0]
    values: list[int] = []
    for row in rows:
        values.extend(row)
        lengths.append(len(row))
    return np.cumsum(np.asarray(lengths, dtype=np.int64)), np.asarray(values, dtype=np.int32)


def inverted(pointer: Longs, values: Ints, size: int) -> tuple[Longs, Ints]:
    """Turn rows of values into, for each value below ``size``, the sorted rows that hold it."""
    rows = np.repeat(np.arange(len(pointer) - 1, dtype=np.int32), np.diff(pointer))
    order = np.argsort(values, kind="stable")
    counts = np.bincount(values, minlength=size)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]), rows[order]
