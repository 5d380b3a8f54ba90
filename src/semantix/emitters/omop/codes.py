"""Which code of a concept is kept, what it is called in the CDM, and which standard concepts it means.

Priorities follow the Code Prioritization Framework of the HL7 FHIR-to-OMOP guide: SNOMED CT first, RxNorm and LOINC
in their area, ICD last among the standard systems; a code of an unknown or local system comes after them. At equal
rank the main code of the source comes before its translations. With a vocabulary, the first code that reaches a
standard concept wins.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Protocol

from msgspec import Struct

from semantix import systems
from semantix.model import Coding, Concept, MappedCoding

MAX_CODE = 50
_SYSTEMS = 4096
"""Code systems remembered: those of a source come back with each of its codes."""
WITHHELD = "text withheld"
"""What a ``*_source_value`` says of words left out."""
_PREFERRED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "condition": ("snomed", "orpha", "cimo3", "meddra", "cim11"),
        "measurement": ("loinc", "snomed", "nabm"),
        "observation": ("snomed", "loinc"),
        "procedure": ("snomed", "ccam", "loinc", "nabm", "dicom"),
        "drug": ("rxnorm", "cip", "ucd", "cis", "mv", "atc", "snomed"),
        "device": ("snomed", "emdn", "lpp", "cladimed"),
        "value": ("snomed", "loinc"),
    }
)
_ICD = ("cim10", "icd10cm", "cisp2", "drc")
_PREFIXED = frozenset({"cim10", "icd10cm", "atc", "cimo3", "cim11"})
"""Systems in which a longer code is a child of the code it begins with."""


_REGISTERS = frozenset({systems.PS_ID_NAT, systems.STRUCT_ID_NAT, *systems.INS_OIDS})
_COMMUNES = re.compile(r"\bCOG\b|\bFINESS\b")
"""Names under which a commune (INSEE, code officiel géographique) or an establishment is written as a code."""


class Resolved(Struct, frozen=True):
    """One code in a vocabulary: ``concepts`` are (standard concept id, domain), ``values`` its ``Maps to value``."""

    source_concept_id: int
    concepts: tuple[tuple[int, str], ...] = ()
    values: tuple[int, ...] = ()


class Resolver(Protocol):
    """The part of a vocabulary that emitting needs; :class:`semantix.vocabulary.Vocabulary` is one."""

    @property
    def release(self) -> str:
        """Its release, as written in ``cdm_source.vocabulary_version``."""

    def resolve(self, vocabularies: tuple[str, ...], code: str) -> Resolved | None:
        """The first of these vocabularies that knows the code."""

    def domain_concept(self, domain: str) -> int:
        """The concept of a domain, 0 if unknown."""


class Chosen(Struct, frozen=True):
    """The coding kept. ``source_concept`` is an id, or the key of a local concept without one yet.

    Without a coding, ``concepts`` are those of a code found for the words of the source.
    """

    coding: Coding | None = None
    source_value: str | None = None
    source_concept: int | str = 0
    concepts: tuple[tuple[int, str], ...] = ()
    values: tuple[int, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """True when there is neither a code of the source nor a concept found for its words."""
        return self.coding is None and not self.concepts

    @property
    def concept_id(self) -> int:
        """The first standard concept, 0 when there is none."""
        return self.concepts[0][0] if self.concepts else 0

    def in_domain(self, domain: str) -> int:
        """The first standard concept of a domain, for a column that takes no other; 0 when there is none."""
        return next((concept for concept, of in self.concepts if of == domain), 0)

    def among(self, concepts: Mapping[str, int], key: str) -> int:
        """The concept of a code of one code system; 0 for another system, which may spell its codes the same."""
        system = systems.find(self.coding.system) if self.coding else None
        return concepts.get(self.source_value or "", 0) if system and system.key == key else 0


NOTHING = Chosen()


@lru_cache(maxsize=_SYSTEMS)
def source_vocabulary(system: str | None) -> tuple[str, str, str]:
    """The ``vocabulary_id`` (at most 20 characters) of a source code system, its title, its identifier."""
    if system is None:
        return "unspecified", "Code system not given by the source", ""
    known = systems.find(system)
    if known:
        return known.key[:20], known.title, known.uri or known.oids[0]
    digest = hashlib.sha256(system.encode()).hexdigest()[:12]
    return (f"sx-{digest}", system, system) if len(system) > 20 else (system, system, system)


def ranked(concept: Concept, area: str) -> list[Coding]:
    """The codings that can be kept, best first."""
    codings = [c for c in concept.codings if c.code and len(c.code) <= MAX_CODE and not is_identifying(c)]
    if len(codings) < 2:
        return codings
    codings.sort(key=lambda coding: _rank(coding, area))
    return _most_specific(codings)


def is_identifying(coding: Coding) -> bool:
    """True for a "code" that is a register number or a commune: it says who or where, not what."""
    if coding.system in _REGISTERS:
        return True
    return coding.system_name is not None and _COMMUNES.search(coding.system_name) is not None


def _rank(coding: Coding, area: str) -> int:
    system = systems.find(coding.system)
    if system is None:
        return 50
    preferred = _PREFERRED[area]
    if system.key in preferred:
        return preferred.index(system.key)
    if system.key in _ICD:
        return 20 + _ICD.index(system.key)
    return 30 if system.omop else 40


def _most_specific(codings: list[Coding]) -> list[Coding]:
    first = codings[0]
    system = systems.find(first.system)
    if system is None or system.key not in _PREFIXED:
        return codings
    for other in codings[1:]:
        if other.system == first.system and other.code != first.code and other.code.startswith(first.code):
            return [other, *(c for c in codings if c is not other)]
    return codings


def lookups(coding: Coding | MappedCoding) -> Iterator[tuple[tuple[str, ...], str]]:
    """The (vocabulary ids, code) under which to look a coding up: CIP13 as CIP7, CIM-10 with and without dot."""
    system = systems.find(coding.system)
    if system is None or not system.omop:
        return
    code = coding.code
    yield system.omop, code
    if system.key == "cip" and len(code) == 13 and code.startswith("34009"):
        yield system.omop, code[5:12]
    if system.key == "cim10":
        bare = code.replace(".", "")
        for form in (f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare, bare):
            if form != code:
                yield system.omop, form
