"""Texts that stand in a terminology word for word: an exact label or synonym, found by a hash of its folded words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from semantix.terminology.text import fold, split_words

STRENGTH = {
    "preferred": 0, "short": 1, "fsn": 1, "synonym": 2, "inclusion": 2, "brand": 2, "substance": 2, "index": 3,
    "related": 4,
}  # fmt: skip
"""Kinds of terms, the strongest lowest; ``related`` names never decide."""
DECIDING = 3
PROBABILITY = {"preferred": 0.98, "short": 0.97, "fsn": 0.97, "synonym": 0.93, "inclusion": 0.93, "brand": 0.95,
               "substance": 0.95, "index": 0.88}  # fmt: skip
"""How often a text that stands in a terminology means its code: by the kind of name, set by judgement, not measured."""
_KINDS = tuple(STRENGTH)


class Standing(Struct, frozen=True):
    """A code that has the text as a name: place of the code, the kind of name."""

    code: int
    kind: str


class Verbatim:
    """An index of texts. ``keys`` are sorted hashes; ``codes`` and ``kinds`` go with them."""

    def __init__(self, keys: npt.NDArray[np.uint64], codes: npt.NDArray[np.int32], kinds: npt.NDArray[np.int8]) -> None:
        self._keys, self._codes, self._kinds = keys, codes, kinds

    @classmethod
    def build(cls, names: Iterable[tuple[int, str, str]]) -> Verbatim:
        """Index names given as (place of the code, text, kind)."""
        rows = sorted({(key_of(text), STRENGTH[kind], code, _KINDS.index(kind)) for code, text, kind in names
                       if kind in STRENGTH and text.strip()})  # fmt: skip
        return cls(
            np.asarray([row[0] for row in rows], np.uint64),
            np.asarray([row[2] for row in rows], np.int32),
            np.asarray([row[3] for row in rows], np.int8),
        )

    def find(self, text: str) -> tuple[Standing, ...]:
        """Return the codes that have the text as a name, the strongest kind first."""
        key = np.uint64(key_of(text))
        start = int(np.searchsorted(self._keys, key))
        found = []
        while start < len(self._keys) and self._keys[start] == key:
            found.append(Standing(int(self._codes[start]), _KINDS[int(self._kinds[start])]))
            start += 1
        return tuple(found)

    def save(self, folder: Path) -> None:
        """Write three arrays into a folder."""
        for name, array in (("keys", self._keys), ("codes", self._codes), ("kinds", self._kinds)):
            np.save(folder / f"verbatim_{name}.npy", array, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path) -> Verbatim:
        """Open what :meth:`save` wrote, memory-mapped."""
        arrays = [np.load(folder / f"verbatim_{name}.npy", mmap_mode="r") for name in ("keys", "codes", "kinds")]
        return cls(*arrays)


def key_of(text: str) -> int:
    """A 64-bit hash of the folded words of a text, in order; punctuation does not count."""
    words = " ".join(split_words(fold(text)))
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "big")
