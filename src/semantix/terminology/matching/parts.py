"""Everything a wording matcher knows, as values: what is indexed and what was learned, in memory and on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct, structs

from semantix.errors import BadStore
from semantix.terminology.matching import Example
from semantix.terminology.matching.arrays import Floats, Ints, Longs
from semantix.terminology.matching.index import Lexicon
from semantix.terminology.matching.persistence import load_parts, save_parts
from semantix.terminology.matching.ranker import Linear, Ranker
from semantix.terminology.matching.spelling import Speller
from semantix.terminology.records import TERM_KINDS

CURATED = "curated"
KINDS = (*TERM_KINDS, CURATED)
_LEXICON = tuple(field for field in Lexicon.__struct_fields__ if field != "codes")
_RANKER = ("near", "free", "gate", "belief")


class Parts(Struct, frozen=True):
    """What a matcher is made of: ``family``, ``flags``, ``residual`` by code, ``entry_*`` by name; vectors of integers.

    ``residual`` is the place of the code to record for one that may not be recorded (``C50.9`` for ``C50``), else -1.
    """

    codes: Sequence[str]
    family: Ints
    flags: Ints
    residual: Ints
    texts: Sequence[str]
    folded: Sequence[str]
    entry_kind: Ints
    stems: Sequence[str]
    lexicon: Lexicon
    speller_arrays: Mapping[str, Any]
    expansion_ptr: Longs
    expansion_word: Ints
    expansion_sim: Floats
    shortenings: Mapping[str, Mapping[int, float]]
    table: Floats
    entry_vector: Ints
    centroids: Ints
    family_centroids: Ints
    ranker: Ranker | None = None
    examples: tuple[Example, ...] = ()

    def speller(self) -> Speller:
        """The finder of words that look alike."""
        return Speller(self.stems, **self.speller_arrays)

    def expansions(self) -> tuple[Longs, Ints, Floats]:
        """What each stem may stand for, as CSR arrays."""
        return self.expansion_ptr, self.expansion_word, self.expansion_sim

    def labels(self) -> dict[str, str]:
        """The label of each code that has one."""
        entries = self.lexicon.label_entry.tolist()
        return {
            code: self.texts[entry]
            for code, entry in zip(self.codes, entries, strict=True)
            if entry >= 0 and self.entry_kind[entry] == 0
        }

    def kind(self, entry: int) -> str:
        """The kind of a name."""
        return KINDS[int(self.entry_kind[entry])]


def save(parts: Parts, folder: Path) -> None:
    """Write all parts into an empty folder."""
    assert parts.ranker is not None
    arrays: dict[str, Any] = {f"lexicon_{name}": getattr(parts.lexicon, name) for name in _LEXICON}
    arrays |= {f"speller_{name}": array for name, array in parts.speller_arrays.items()}
    for name in (
        "family", "flags", "residual", "entry_kind", "expansion_ptr", "expansion_word", "expansion_sim",
        "table", "entry_vector",
        "centroids", "family_centroids",
    ):  # fmt: skip
        arrays[name] = getattr(parts, name)
    for name in _RANKER:
        arrays |= getattr(parts.ranker, name).arrays(f"ranker_{name}")
    words = {
        "codes": list(parts.codes),
        "texts": list(parts.texts),
        "folded": list(parts.folded),
        "stems": list(parts.stems),
        "count": parts.lexicon.codes,
        "shortenings": {word: sorted(found.items()) for word, found in sorted(parts.shortenings.items())},
        "examples": [structs.astuple(example) for example in parts.examples],
    }
    save_parts(folder, arrays, words)


def load(folder: Path) -> Parts:
    """Open what :func:`save` wrote. Raises BadStore."""
    arrays, words = load_parts(folder)
    try:
        return _parts(arrays, words)
    except (KeyError, TypeError):
        raise BadStore(f"{folder.name}: learned parts of another version; remove the folder and learn again") from None


def _parts(arrays: dict[str, Any], words: dict[str, Any]) -> Parts:
    lexicon = Lexicon(codes=words["count"], **{name: arrays.pop(f"lexicon_{name}") for name in _LEXICON})
    speller = {name.removeprefix("speller_"): arrays.pop(name) for name in list(arrays) if name.startswith("speller_")}
    linears = {name: Linear.of(arrays, f"ranker_{name}") for name in _RANKER}
    plain = {name: np.asarray(array) for name, array in arrays.items() if not name.startswith("ranker_")}
    return Parts(
        codes=words["codes"],
        texts=words["texts"],
        folded=words["folded"],
        stems=words["stems"],
        lexicon=lexicon,
        speller_arrays=speller,
        shortenings={word: dict(found) for word, found in words["shortenings"].items()},
        ranker=Ranker(**linears),
        examples=tuple(Example(*example) for example in words["examples"]),
        **plain,
    )
