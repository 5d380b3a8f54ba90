"""The forms that every code of a system has: no list is needed to see that a code cannot be one of them.

A form is that of all codes in use, headings and French extensions included: what it refuses is in no published list.

Sources: LOINC Users' Guide, "LOINC code" (modulo 10 check digit); SNOMED CT Release File Specification, "SCTID"
(Verhoeff check digit, partition); ICD-10 volume 2 and the CIM-10 FR of the ATIH (``+`` and ``-`` extensions, blocks,
chapters); WHOCC, "Structure and principles" of the ATC; CCAM, "Règles de codage" (code, activity, phase, PMSI
extension); Club Inter Pharmaceutique (CIP, UCD); BDPM (CIS); EDQM Standard Terms; MDR EMDN; WONCA, ICPC-2; NCI
Thesaurus; ICD-O-3 (morphology, topography); ICF; ICD-11 reference guide (stem and extension codes, clusters).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from semantix.identifiers import check_cip7, check_cip13, check_cis, check_ucd13, has_nir_shape, luhn

Test = Callable[[str], bool]

SHOWN: Final = 26
"""No code in use is longer than this many characters, but for those that are words."""
LONGEST: Final = 200
"""No code is longer than this many characters."""
_DIHEDRAL: Final = tuple(
    tuple((5 * (row >= 5) ^ 5 * (place >= 5)) + (row + (place if row < 5 else -place)) % 5 for place in range(10))
    for row in range(10)
)
_PERMUTATION: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_LOINC = re.compile(r"[1-9][0-9]{0,6}-[0-9]|(?:LA|LL|LG|LP)[0-9]{1,7}-[0-9]|MTHU[0-9]{6}")
_SNOMED = re.compile(r"[1-9][0-9]{5,17}")
_SNOMED_PARTITIONS: Final = frozenset({"00", "10"})
_CIM10 = re.compile(
    r"[A-Z][0-9]{2}(?:\.?[0-9X][0-9]{0,2})?[*+†]?"
    r"|[A-Z][0-9]{2}\.?[0-9]?\+[0-9]{1,2}"
    r"|[A-Z][0-9]{2}\.?[0-9]?-[0-9]{1,2}(?:\.[0-9])?"
    r"|[A-Z][0-9]{2}-[A-Z][0-9]{2,3}"
    r"|X{0,2}(?:IX|IV|V?I{0,3})"
)
_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cim11": r"(?:[0-9A-Z]{4}(?:\.[0-9A-Z]{1,3})?|X[0-9A-Z]{2,6}|Block[0-9A-Z-]+)"
        r"(?:[&/](?:[0-9A-Z]{4}(?:\.[0-9A-Z]{1,3})?|X[0-9A-Z]{2,6}))*|[0-9]{2}|V|X",
        "cimo3": r"[0-9]{4}/[0-9]{1,2}|C[0-9]{2}(?:\.[0-9])?",
        "atc": r"[A-Z](?:[0-9]{2}(?:[A-Z](?:[A-Z](?:[0-9]{2})?)?)?)?",
        "cladimed": r"[A-Z](?:[0-9]{2}(?:[A-Z](?:[A-Z](?:[0-9]{2})?)?)?)?",
        "ncit": r"C[0-9]{3,7}",
        "ccam": r"[A-Z]{4}[0-9]{3}(?:[0-9]{1,2}|-[0-9]{2})?|[0-9]{2}(?:\.[0-9]{2}){0,3}|[A-Z]{1,3}|[A-Z]{2}[0-9]"
        r"|[A-Z][a-z]+(?:[A-Z][a-z]+)*(?:_[A-Za-z0-9]+)*",
        "edqm": r"[0-9]{8}|[0-9]{4,5}|[A-Z]{1,3}(?:\+[A-Z])?",
        "emdn": r"[A-Z](?:[0-9]{2}){0,6}",
        "cisp2": r"[A-Z][0-9]{2}|-[0-9]{2}|[A-Z]{3}|[A-Z]|-",
        "mv": r"MV[0-9]{8}",
        "nabm": r"[0-9]{1,4}",
        "lpp": r"[0-9]{7}",
        "orpha": r"(?:ORPHA:?)?[0-9]{1,6}",
        "icf": r"(?:[bde][0-9]{1,5}|s[0-9]{1,5})(?:[.+][0-9]{1,4})?|qf[0-9]",
        "rxnorm": r"[0-9]{1,8}",
        "cvx": r"[0-9]{1,3}",
        "meddra": r"[0-9]{8}",
        "sms": r"[0-9]{12}",
        "ncbi-taxonomy": r"[0-9]{1,8}",
        "ta-asip": r"[A-Z]{3}[-_][0-9]{3,4}(?:\.[0-9]{2})*",
        "tre-a02": r"[A-Z][0-9]{2}_[0-9]{2}(?:/[A-Z0-9]+)?",
        "tre-r02": r"SA[0-9]{2}",
        "tre-r66": r"[0-9]{3,4}",
        "dicom-uid": r"[0-2](?:\.(?:0|[1-9][0-9]*))+",
        "hgnc": r"HGNC:[0-9]{1,6}|[0-9]{1,6}|[A-Z][A-Za-z0-9-]{0,20}",
    }
)
_WRITTEN = re.compile(r"[\w.:/&+*†<>=~#^|%-]+")
"""Signs that codes are written with: neither quotes, brackets and commas, nor the at sign of an address."""
_PERSONAL = re.compile(
    r"(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}"
    r"|(?:\+|00)[0-9]{8,14}|0[1-9](?:[.-]?[0-9]{2}){4}"
)
"""A date or a phone number, which no code is worth to be taken for."""
_LONG = re.compile(r"[0-9][0-9AB]{12,14}")
NODES: Final = frozenset("ATC CCAM CISP2 CLADIMED EMDN ICPC MEDICABASE ZXX DLU FLUDT classes domains edqm".split())
"""What published lists give as the code of a terminology as a whole, or of a part of it."""


# --- keys -------------------------------------------------------------------------------------------------------


def loinc_key(digits: str) -> str:
    """The check digit of the number of a LOINC code: that of Luhn."""
    return next(key for key in "0123456789" if luhn(digits + key))


def verhoeff(digits: str) -> bool:
    """Is the last digit the Verhoeff key of those before it."""
    state = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        for _ in range(place % 8):
            value = _PERMUTATION[value]
        state = _DIHEDRAL[state][value]
    return state == 0


# --- forms ------------------------------------------------------------------------------------------------------


def _is_loinc(code: str) -> bool:
    if _LOINC.fullmatch(code) is None:
        return False
    return code[0] in "LM" or luhn(code.replace("-", ""))


def _is_snomed(code: str) -> bool:
    """A concept: codes of descriptions and of relationships stand in other partitions."""
    return _SNOMED.fullmatch(code) is not None and code[-3:-1] in _SNOMED_PARTITIONS and verhoeff(code)


def _is_cip(code: str) -> bool:
    return code.isascii() and code.isdigit() and (check_cip13(code).ok or check_cip7(code).ok)


def _is_ucd(code: str) -> bool:
    return code.isascii() and code.isdigit() and (len(code) == 7 or check_ucd13(code).ok)


def _is_cis(code: str) -> bool:
    return code.isascii() and code.isdigit() and check_cis(code).ok


def _form(pattern: str) -> Test:
    compiled = re.compile(pattern)
    return lambda code: compiled.fullmatch(code) is not None


TESTS: Final[Mapping[str, Test]] = MappingProxyType(
    {
        "loinc": _is_loinc,
        "snomed": _is_snomed,
        "cim10": lambda code: bool(code) and _CIM10.fullmatch(code) is not None,
        "cip": _is_cip,
        "ucd": _is_ucd,
        "cis": _is_cis,
        **{key: _form(pattern) for key, pattern in _FORMS.items()},
    }
)
"""By the key of the system: does a code have the form of its codes."""

_DISTINCTIVE: Final[Mapping[str, Test]] = MappingProxyType(
    {
        "cip": lambda code: code.startswith("34009") and check_cip13(code).ok,
        "ucd": lambda code: code.startswith("34008") and check_ucd13(code).ok,
        "loinc": lambda code: "-" in code and code[0].isdigit() and _is_loinc(code),
        "cim10": _form(r"[A-TV-Z][0-9]{2}\.[0-9]{1,3}|[A-TV-Z][0-9]{2}\.?[0-9]?\+[0-9]{1,2}"),
        "atc": _form(r"[A-DGHJLMNPRSV][0-9]{2}[A-Z]{2}[0-9]{2}"),
        "ccam": _form(r"[A-HJ-NP-QYZ][A-Z]{3}[0-9]{3}"),
        "mv": _form(r"MV[0-9]{8}"),
        "ncit": _form(r"C[0-9]{4,6}"),
        "cimo3": _form(r"(?:8|9)[0-9]{3}/[0-9]"),
        "snomed": lambda code: len(code) >= 8 and not code.startswith("3400") and _is_snomed(code),
        "cis": lambda code: len(code) == 8 and code[0] == "6" and _is_cis(code),
    }
)
"""Forms that hardly any code of another system has, the most telling first."""
LOOKALIKES: Final = frozenset(
    {
        frozenset(pair)
        for pair in (
            ("atc", "cladimed"), ("cim10", "icd10cm"), ("cim10", "cim11"), ("snomed", "edqm"),
            ("cis", "edqm"), ("cis", "meddra"), ("snomed", "meddra"), ("ncit", "emdn"), ("ncit", "cim10"),
        )
    }
)  # fmt: skip
"""Systems whose codes may look the same."""


def has_form(key: str, code: str) -> bool | None:
    """Has a code the form of the codes of a system, by its key; ``None`` when nothing is known of their form."""
    test = TESTS.get(key)
    if test is None:
        return None
    return len(code) <= LONGEST and (test(code) or code in NODES)


def look_of(code: str) -> str:
    """The key of the system whose form a code has, where the form tells; empty where it does not."""
    if not 4 <= len(code) <= LONGEST:
        return ""
    return next((key for key, test in _DISTINCTIVE.items() if test(code)), "")


def looks_of_another(key: str, code: str) -> str:
    """The key of another system whose form a code has that has not the form of its own; empty if none tells."""
    other = look_of(code)
    return "" if other == key or frozenset((key, other)) in LOOKALIKES else other


# --- what may be shown ------------------------------------------------------------------------------------------


def shown(text: str, longest: int = SHOWN) -> str:
    """A code, or an OID, as a report may show it: ``…`` for what may be words or the number of a patient."""
    return text if may_be_shown(text, longest) else "…"


def may_be_shown(text: str, longest: int = SHOWN) -> bool:
    """Does a text look like a code: short, of the signs of codes, and not like a NIR, a date or a phone number."""
    if not 0 < len(text) <= longest or _WRITTEN.fullmatch(text) is None or _PERSONAL.fullmatch(text) is not None:
        return False
    if check_cip13(text).ok or check_ucd13(text).ok:
        return True
    return not has_nir_shape(text) and not any(map(has_nir_shape, _LONG.findall(text)))
