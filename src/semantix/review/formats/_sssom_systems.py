"""Codes of semantix as CURIEs with declared prefixes, and identifiers of any SSSOM table as systems and codes.

A system that is a key of :mod:`semantix.systems` has the prefix that curated tables use; an OID has one made of it; any
other text has a numbered one. The base of a prefix says the system again, with one delimiter behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, unquote

from semantix import systems
from semantix.terminology.releases.sssom import BASES
from semantix.terminology.table_files import LOCAL, curie, system_of
from semantix.terminology.table_rows import system_key

OURS: Final = "https://semantix.invalid/"
SYSTEM_BASE: Final = f"{OURS}system/"
SYSTEM_PREFIX: Final = "SYSTEM"
LOCAL_BASE: Final = f"{OURS}local/"
NO_TERM: Final = "sssom:NoTermFound"
NOTHING: Final = f"{SYSTEM_PREFIX}:"
BUILT_IN: Mapping[str, str] = MappingProxyType(
    {
        "linkml": "https://w3id.org/linkml/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "semapv": "https://w3id.org/semapv/vocab/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "sssom": "https://w3id.org/sssom/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
"""Prefixes that need no declaration (SSSOM, section "IRI prefixes")."""

_WRITTEN: Mapping[str, str] = MappingProxyType(
    {
        "loinc": "http://loinc.org/rdf/",
        "snomed": "http://snomed.info/id/",
        "orpha": "http://www.orpha.net/ORDO/Orphanet_",
    }
)
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_IRI = re.compile(r"(?:https?|urn|ftp):\S+")
_NAMED = ("fhir-", "v3-", "ans-")


def base_of(system: str) -> str:
    """The IRI with which the codes of a system begin; its last character is a delimiter, but for Orphanet."""
    if not system:
        return LOCAL_BASE
    known = next((each for each in systems.SYSTEMS if each.key == system), None)
    if known is not None:
        return _WRITTEN.get(system) or (f"{known.uri}/" if known.uri else f"urn:oid:{known.oids[0]}:")
    if _OID.fullmatch(system):
        return f"urn:oid:{system}:"
    if _WEB.fullmatch(system):
        return f"{system}/"
    return f"{SYSTEM_BASE}{quote(system, safe='')}/"


class Prefixes:
    """The prefixes of one file that is written: each system gets one the first time it is asked for."""

    def __init__(self) -> None:
        self._prefixes: dict[str, str] = {}
        self._known = frozenset(each.key for each in systems.SYSTEMS)

    def curie(self, system: str, code: str) -> str:
        """Write a code; what a CURIE may not hold is percent-encoded."""
        prefix = self._prefixes.get(system)
        if prefix is None:
            prefix = self._prefixes[system] = self._prefix(system)
        return curie(prefix, code)

    def source(self, system: str) -> str:
        """Write a system itself."""
        return f"{SYSTEM_PREFIX}:{quote(system, safe='')}" if system else ""

    def declared(self) -> dict[str, str]:
        """The prefixes that were given, and what they stand for, sorted."""
        return dict(sorted((prefix, base_of(system)) for system, prefix in self._prefixes.items()))

    def _prefix(self, system: str) -> str:
        if not system:
            return LOCAL
        own = re.sub(r"[.-]", "_", system.upper())
        if system in self._known or (system.startswith(_NAMED) and system_of(own) == system):
            return own
        if _OID.fullmatch(system):
            return "OID_" + system.replace(".", "_")
        return f"S{1 + sum(each.startswith('S') and each[1:].isdigit() for each in self._prefixes.values())}"


class Identifiers:
    """What the identifiers of a table mean, by the prefixes that it declares; an unknown one is kept as written."""

    def __init__(self, declared: Mapping[str, str]) -> None:
        self._declared = declared
        self._bases: Iterable[str] = sorted({*declared.values(), *BASES}, key=len, reverse=True)
        self._sources: dict[str, str] = {}
        self._targets: dict[str, str] = {}

    def source(self, identifier: str) -> tuple[str, str]:
        """The system and code of a subject."""
        prefix, base, code = self._split(identifier)
        system = self._sources.get(prefix or base)
        if system is None:
            own = system_of(prefix)
            named = own if not own.startswith(_NAMED) else ""
            system = self._sources[prefix or base] = self._system(prefix, base, named)
        return system, code

    def target(self, identifier: str) -> tuple[str, str]:
        """The system and code of an object: FHIR, HL7 v3 and ANS systems by the name that tables give them."""
        prefix, base, code = self._split(identifier)
        system = self._targets.get(prefix or base)
        if system is None:
            own = system_of(prefix)
            system = self._targets[prefix or base] = own if own.startswith(_NAMED) else self._system(prefix, base, own)
        return system, code

    def name(self, identifier: str) -> str:
        """The system that an identifier of a system (``object_source``) names; empty for none."""
        prefix, colon, rest = identifier.partition(":")
        base = self._declared.get(prefix, "")
        if colon and (base == SYSTEM_BASE or prefix == SYSTEM_PREFIX):
            return unquote(rest)
        return _meant(base + rest) if base else _meant(identifier)

    def _split(self, identifier: str) -> tuple[str, str, str]:
        """The prefix, what it stands for, and the code; an IRI has no prefix."""
        prefix, colon, rest = identifier.partition(":")
        if not colon:
            return "", "", unquote(identifier)
        if prefix in self._declared or not _IRI.fullmatch(identifier):
            return prefix, self._declared.get(prefix, ""), unquote(rest)
        base = next((each for each in self._bases if each and identifier.startswith(each)), "")
        if not base:
            base = identifier[: max(map(identifier.rfind, "/#:")) + 1]
        return "", base, unquote(identifier.removeprefix(base))

    def _system(self, prefix: str, base: str, named: str) -> str:
        if prefix == LOCAL and base in {"", LOCAL_BASE}:
            return ""
        if prefix.startswith("OID_") and base.startswith("urn:oid:"):
            return base.removeprefix("urn:oid:").rstrip(":")
        if base.startswith(SYSTEM_BASE):
            return unquote(base.removeprefix(SYSTEM_BASE).removesuffix("/"))
        if prefix == LOCAL:
            return ""
        known = _meant(base) if base else ""
        if known in systems_known():
            return known
        return named or known or prefix


def systems_known() -> frozenset[str]:
    """The keys of the code systems that have one."""
    return frozenset(each.key for each in systems.SYSTEMS)


def _meant(base: str) -> str:
    """The key of the system that a base stands for, else the base without the delimiter at its end."""
    bare = base[:-1] if base.endswith(("/", "#", ":", "|")) else base
    return BASES.get(base) or BASES.get(f"{base}/") or system_key(bare)
