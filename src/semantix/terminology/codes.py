"""Codes as people write them, and the one form in which each system's codes are kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

_CIM10 = re.compile(r"([A-Z]\d{2})([0-9A-Z+-]*)")
_SEPARATORS = re.compile(r"[\s.,;:_/\\]+")
_BLANK = re.compile(r"\s+")


def _cim10(text: str) -> str:
    """``A000``, ``a00.0``, ``A00 0``, ``I10.`` → ``A00.0``, ``I10``; a block ``A00-A09`` or ``IX`` stays.

    The dot follows the third character, unless the fourth is ``+`` (ATIH's own extensions: ``B24+0``).
    The dagger and asterisk marks at the end are not part of the code.
    """
    compact = _SEPARATORS.sub("", text.upper().strip().strip("()")).rstrip("*†")
    if re.fullmatch(r"[A-Z]\d{2}-[A-Z]\d{2}", compact):
        return compact
    found = _CIM10.fullmatch(compact)
    if found is None:
        return compact
    head, tail = found.groups()
    tail = tail.rstrip("-") if tail != "-" else ""
    if len(tail) > 0 and tail[-1] == "+":
        tail = tail[:-1]
    if not tail or tail[0] == "+":
        return head + tail
    return f"{head}.{tail}"


def _compact_upper(text: str) -> str:
    return _SEPARATORS.sub("", text).upper()


def _digits(text: str) -> str:
    return _SEPARATORS.sub("", text)


def _nabm(text: str) -> str:
    """Four digits; spreadsheets and some exports drop the zeros in front: ``126`` → ``0126``."""
    digits = _digits(text)
    return digits.zfill(4) if digits.isdecimal() else digits


def _loinc(text: str) -> str:
    return _BLANK.sub("", text).upper()


CANONICAL: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "cim10": _cim10,
        "atc": _compact_upper,
        "ccam": _compact_upper,
        "cisp2": _compact_upper,
        "loinc": _loinc,
        "cis": _digits,
        "cip": _digits,
        "ucd": _digits,
        "nabm": _nabm,
        "lpp": _digits,
        "snomed": _digits,
        "orpha": _digits,
        "mv": _compact_upper,
    }
)
"""The canonical form of a code, by system; a system that is not here keeps its codes as written, trimmed."""


def canonical(system: str, text: str) -> str:
    """Return a code in the one form its system's codes are kept in; whether it exists is the store's to say."""
    form = CANONICAL.get(system)
    return form(text) if form else text.strip()
