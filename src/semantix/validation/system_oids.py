"""What is wrong with the OID of a code system, seen without any list: mistyped, cut short, that of a value set.

Sources: ANS, OID of the ``1.2.250.1.213`` branch (terminologies under ``.2``, value sets under ``.1.1.5``); HL7 OID
registry (code systems under ``2.16.840.1.113883.5`` and ``.6``, value sets under ``.1.11``, those of FHIR under
``.4.642.2`` and ``.4.642.3``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from semantix.systems import BY_OID, SYSTEMS, System
from semantix.validation.code_forms import shown

OID: Final = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
_LONGEST: Final = 80
_LONGEST_URI: Final = 200
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[\w.:/+~#%!?=&-]+")
_LONG_NUMBER = re.compile(r"[0-9][0-9AB]{8,}")
_LONG_ARC = re.compile(r"(?:^|\.)[0-9]{9,}")
"""An arc as long as the number of a person."""
UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
ROOTS: Final = (
    "2.16.840.1.113883", "1.2.250.1.213", "1.2.250.1.215", "1.2.250.1.71", "1.3.6.1.4.1.19376", "1.2.840.10008",
    "0.4.0.127.0.16",
)  # fmt: skip
"""Organisations whose systems French documents use."""
INSIDE: Final = tuple(f"{root}." for root in ROOTS)
ARCS: Final = frozenset(
    "2.16.840.1 2.16.840.1.113883 2.16.840.1.113883.3 2.16.840.1.113883.3.26 2.16.840.1.113883.3.26.1"
    " 2.16.840.1.113883.4 2.16.840.1.113883.4.642 2.16.840.1.113883.4.642.1 2.16.840.1.113883.4.642.4"
    " 2.16.840.1.113883.5 2.16.840.1.113883.6 2.16.840.1.113883.12 2.16.840.1.113883.15 2.16.840.1.113883.18"
    " 1.2.250 1.2.250.1 1.2.250.1.71 1.2.250.1.71.4 1.2.250.1.71.4.2 1.2.250.1.213 1.2.250.1.213.1 1.2.250.1.213.1.1"
    " 1.2.250.1.213.1.1.4 1.2.250.1.213.1.6 1.2.250.1.213.1.6.1 1.2.250.1.213.2 1.2.250.1.213.2.3 1.2.250.1.213.3"
    " 1.2.250.1.213.3.3 1.2.250.1.215 1.2.250.1.215.200 1.2.250.1.215.300 1.3.6.1.4.1 1.3.6.1.4.1.19376"
    " 1.3.6.1.4.1.19376.1 1.2.840.10008 1.2.840.10008.2 1.2.840.10008.2.16 0.4.0.127.0.16 0.4.0.127.0.16.1.1".split()
)
"""Arcs under which systems are numbered, and that are none."""
_SETS: Final = (
    "1.2.250.1.213.1.1.5.", "2.16.840.1.113883.1.11.", "2.16.840.1.113883.4.642.2.", "2.16.840.1.113883.4.642.3.",
)  # fmt: skip
_AS_SYSTEM: Final = frozenset({"1.2.250.1.213.1.1.5.130"})
"""Codes that wait for a LOINC code: the CR-BIO volet gives them this OID, though it is one of value sets."""
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
_PREFIX = re.compile(r"^(?:hl7|tre[ar][0-9]{2,3})(?=[a-z])")
_OTHER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cim10": "cim10", "cim10frpmsi": "cim10", "cim10fr": "cim10", "icd10": "cim10", "cim11": "cim11",
        "cim11mms": "cim11", "icd11": "cim11", "cimo": "cimo3", "cimo3": "cimo3", "icdo3": "cimo3", "snomed": "snomed",
        "sct": "snomed", "snomedct": "snomed", "ncit": "ncit", "edqm": "edqm", "standardtermsedqm": "edqm",
        "cis": "cis", "cip": "cip", "cip13": "cip", "cisp2": "cisp2", "icpc2": "cisp2", "taasip": "ta-asip",
        "terminologiecisis": "ta-asip", "cif": "icf", "medicabase": "mv", "dcm": "dicom", "orphanet": "orpha",
        "orphacodes": "orpha",
    }
)  # fmt: skip
_KEYS: Final[Mapping[str, System]] = MappingProxyType({each.key: each for each in SYSTEMS})
_NAMES: Final[Mapping[str, System]] = MappingProxyType(
    {
        **{_NOT_ALPHANUMERIC.sub("", each.title.casefold()): each for each in SYSTEMS},
        **{name: _KEYS[key] for name, key in _OTHER_NAMES.items()},
    }
)


class Wrong(Enum):
    """What is wrong with an OID."""

    NOT_OID = auto()
    CUT = auto()
    TYPO = auto()
    VALUE_SET = auto()


class Fault(Struct, frozen=True):
    """What is wrong, and the OID that was meant, where that can be told."""

    wrong: Wrong
    right: str = ""


def shown_oid(oid: str) -> str:
    """A code system as a report may show it: ``…`` for what is no OID and may be words or a number of a patient."""
    if OID.fullmatch(oid) is None:
        return oid if UUID.fullmatch(oid) else shown(oid)
    return oid if len(oid) <= _LONGEST and _LONG_ARC.search(oid) is None else "…"


def shown_template(root: str) -> str:
    """The root of a template as a report may show it: nothing but an OID is one."""
    return shown_oid(root) if OID.fullmatch(root) else "…"


def shown_system(written: str) -> str:
    """A code system as a source of any kind writes it: an OID, a URI or a short name; ``…`` for anything else."""
    if not written:
        return ""
    oid = written.removeprefix("urn:oid:")
    if OID.fullmatch(oid) or ":" not in written:
        return written if shown_oid(oid) == oid else "…"
    is_plain = len(written) <= _LONGEST_URI and _URI.fullmatch(written) and _LONG_NUMBER.search(written) is None
    return written if is_plain or UUID.fullmatch(written.removeprefix("urn:uuid:")) else "…"


def named(name: str) -> System | None:
    """The system that a ``codeSystemName`` clearly names."""
    text = _NOT_ALPHANUMERIC.sub("", name.casefold())
    return _NAMES.get(text) or _NAMES.get(_PREFIX.sub("", text))


def fault_of(oid: str) -> Fault | None:
    """What is wrong with the OID of a code system; ``None`` for those known, and for others that may be right."""
    if oid in BY_OID:
        return None
    if OID.fullmatch(oid) is None:
        return None if UUID.fullmatch(oid) else Fault(Wrong.NOT_OID)
    if oid in ARCS:
        return Fault(Wrong.CUT)
    if oid.startswith(_SETS):
        return None if oid in _AS_SYSTEM else Fault(Wrong.VALUE_SET)
    right = "" if oid.startswith(INSIDE) else _meant(oid)
    return Fault(Wrong.TYPO, right) if right else None


def _meant(oid: str) -> str:
    """The OID that was meant by one with a wrong root: a known one, or one of a known root."""
    for known in BY_OID:
        if abs(len(known) - len(oid)) <= 1 and one_edit(oid, known) and _differs_in_root(oid, known):
            return known
    arcs = oid.split(".")
    for root in ROOTS:
        count = root.count(".") + 1
        head = ".".join(arcs[:count])
        if len(arcs) > count and one_edit(head, root) and _common(head, root) < root.rindex("."):
            return ".".join((root, *arcs[count:]))
    return ""


def _differs_in_root(oid: str, known: str) -> bool:
    root = next((each for each in ROOTS if known.startswith(f"{each}.")), "")
    return _common(oid, known) < len(root)


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def one_edit(one: str, other: str) -> bool:
    """Is one text the other with one character changed, added or left out, or two neighbours exchanged."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    head = _common(one, other)
    if len(one) == len(other):
        exchanged = one[head : head + 2] == other[head : head + 2][::-1] and one[head + 2 :] == other[head + 2 :]
        return exchanged or one[head + 1 :] == other[head + 1 :]
    short, long = sorted((one, other), key=len)
    return short[head:] == long[head + 1 :]
