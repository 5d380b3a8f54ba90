"""How the systems that a release names are named here, and the codes that several lists of one release repeat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix import systems
from semantix.terminology.records import Concept, Record, Term

_SNOMED = re.compile(r"http://snomed\.info/x?sct(/.*)?")
_SMT: Mapping[str, str] = MappingProxyType(
    {
        "adicap": "adicap",
        "atc": "atc",
        "ccam": "ccam",
        "cim-10": "cim10",
        "cim-11-mms": "cim11",
        "cisp-2": "cisp2",
        "cladimed": "cladimed",
        "emdn": "emdn",
        "loinc": "loinc",
        "nabm": "nabm",
        "standardterms": "edqm",
    }
)
_SMT_BASE = "https://smt.esante.gouv.fr/terminologie-"


def system_key(identifier: str) -> str:
    """Return the key of the system with this OID or URI, else its URI; a ``|version`` or SNOMED edition is dropped."""
    bare = identifier.strip().partition("|")[0]
    known = systems.find(bare)
    if known:
        return known.key
    if _SNOMED.fullmatch(bare):
        return "snomed"
    if bare.startswith(_SMT_BASE) and bare.removeprefix(_SMT_BASE) in _SMT:
        return _SMT[bare.removeprefix(_SMT_BASE)]
    return systems.uri(bare)


class Collected:
    """The concepts of a release made of many lists: each once; another display of the same code is a synonym."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], set[str]] = {}

    def add(self, concept: Concept, lang: str = "fr") -> Iterator[Record]:
        """Yield the concept the first time, and what is new of it afterwards."""
        key = (concept.system, concept.code)
        seen = self._seen.get(key)
        if seen is None:
            self._seen[key] = {concept.display}
            yield concept
        elif concept.display and concept.display not in seen:
            seen.add(concept.display)
            yield Term(concept.system, concept.code, concept.display, "synonym", lang)
