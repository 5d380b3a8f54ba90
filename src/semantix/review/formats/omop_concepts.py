"""OMOP concepts for targets, and back, from a terminology store that holds a release of Athena (system ``omop``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec import Struct

from semantix.review.formats.exchange import OmopConcept
from semantix.systems import SYSTEMS, find
from semantix.terminology import codes
from semantix.terminology.records import Concept
from semantix.terminology.store import Store

OMOP = "omop"

VOCABULARIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {system.key: system.omop for system in SYSTEMS if system.omop}
)
"""The OMOP vocabularies that hold the codes of each system, best first."""

_STANDARD = {"standard": "S", "classification": "C"}
_CACHED = 100_000
_HAS = "instr(properties, ?) > 0"


class OmopConcepts:
    """The concepts of a store. It answers None for everything when the store holds no Athena release.

    A concept has no dates, because a store keeps none. The first question about the codes of a system reads all
    concepts once (the store has no index by vocabulary); the following ones cost a look into a dictionary.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[int, OmopConcept | None] = {}
        self._numbers: dict[str, dict[str, int]] = {}

    def concept(self, number: int) -> OmopConcept | None:
        """The concept of an id, None when the store does not know it."""
        if number not in self._known:
            if len(self._known) >= _CACHED:
                self._known.clear()
            found = self._store.lookup(OMOP, str(number)) if number > 0 else None
            self._known[number] = _concept(number, found) if found else None
        return self._known[number]

    def concept_of(self, system: str, code: str) -> OmopConcept | None:
        """The concept of a code in a system (a key, an OID or a URI); of system ``omop`` the code is the id.

        It is the concept of that very code, standard or not: nothing is mapped. Where several have the code, that of
        the best vocabulary comes first, then a valid one, a standard one, the one with the lowest id.
        """
        if system == OMOP:
            return self.concept(int(code)) if code.isascii() and code.isdecimal() and len(code) < 11 else None
        known = None if system in VOCABULARIES else find(system)
        key = known.key if known else system
        if key not in VOCABULARIES:
            return None
        if key not in self._numbers:
            self._numbers[key] = _numbers(self._store, key)
        number = self._numbers[key].get(codes.canonical(key, code))
        return None if number is None else self.concept(number)


class _Facts(Struct, frozen=True):
    code: str = ""
    vocabulary: str = ""
    standard: str = ""
    invalid: str = ""


_decoder = msgspec.json.Decoder(_Facts)


def _numbers(store: Store, key: str) -> dict[str, int]:
    """The best concept of each code of a system."""
    order = {name: place for place, name in enumerate(VOCABULARIES[key])}
    best: dict[str, tuple[tuple[int, bool, bool, int], int]] = {}
    for number, facts in _of_vocabularies(store, tuple(order)):
        rank = order[facts.vocabulary], bool(facts.invalid), facts.standard != "standard", number
        code = codes.canonical(key, facts.code)
        if code and (code not in best or rank < best[code][0]):
            best[code] = rank, number
    return {code: number for code, (_, number) in best.items()}


def _of_vocabularies(store: Store, names: tuple[str, ...]) -> Iterator[tuple[int, _Facts]]:
    """The concepts of some vocabularies, each as the store describes it.

    SQLite looks for the vocabulary in the packed properties: of millions of concepts only these are unpacked.
    """
    sql = f"SELECT code, properties FROM concept WHERE system = ? AND ({' OR '.join([_HAS] * len(names))})"
    packed = [b'"vocabulary":' + msgspec.json.encode(name) for name in names]
    seen: set[str] = set()
    described = store.described(OMOP)
    for volume in described.defining + described.past:
        found = [
            (code, facts) for code, facts in volume.ask(sql, OMOP, *packed) if code not in seen and code.isdecimal()
        ]
        seen.update(code for code, _ in found)
        for code, facts in found:
            yield int(code), _decoder.decode(facts)


def _concept(number: int, found: Concept) -> OmopConcept:
    facts = found.properties
    standard = facts.get("standard", "")
    return OmopConcept(
        id=number,
        name=found.display,
        domain=facts.get("domain", ""),
        vocabulary=facts.get("vocabulary", ""),
        kind=found.kind,
        standard=_STANDARD.get(standard, standard),
        code=facts.get("code", ""),
        invalid=facts.get("invalid", ""),
    )


def open_concepts(store: Path) -> OmopConcepts:
    """Open a store to find OMOP concepts in it. Raises BadStore."""
    return OmopConcepts(Store.open(store))
