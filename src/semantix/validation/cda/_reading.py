"""What several of our rules read alike: numbers, units, words of an element, the section around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from lxml import etree

from semantix import systems
from semantix.parsers.cda.context import folded
from semantix.terminology import ucum
from semantix.validation import code_forms
from semantix.validation._cda import V3, XSI_TYPE, Cda, child

Element = etree._Element

SECTION = V3 + "section"
TEXT = V3 + "text"
CODE = V3 + "code"
VALUE = V3 + "value"
ENTRY = V3 + "entry"
OBSERVATION = V3 + "observation"
REFERENCE = V3 + "reference"
ORIGINAL = V3 + "originalText"
ACTS = frozenset(
    V3 + name
    for name in (
        "act", "encounter", "observation", "observationMedia", "organizer", "procedure", "regionOfInterest",
        "substanceAdministration", "supply",
    )
)  # fmt: skip
"""The clinical statements of CDA R2, section 4.3.6."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_POWER = re.compile(r"10[*^][+-]?\d{1,2}|(?<=[A-Za-z])[+-]?\d(?!\d)|1\.73|/\d{1,3}[A-Za-z]")
_LONGEST = 25
_SHORT = 3
"""Letters of the words that a unit may be parted in: ``g / L``; longer ones may be those of a sentence."""
_NO_UNIT = re.compile(r"[@,;:!?\"]")
"""Signs of an address or of a sentence."""


def is_number(text: str) -> bool:
    """Whether a text is a number as XML Schema writes them."""
    return _NUMBER.fullmatch(text.strip()) is not None


def number(text: str | None) -> Decimal | None:
    """The number that an attribute holds, as XML Schema writes numbers; ``None`` for anything else."""
    text = (text or "").strip()
    return Decimal(text) if _NUMBER.fullmatch(text) and len(text) <= 30 else None


def type_of(element: Element) -> str:
    """The data type of ``xsi:type`` without its prefix, or nothing."""
    return element.get(XSI_TYPE, "").rpartition(":")[2]


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def shown_unit(unit: str, *, is_known: bool = False) -> str:
    """A unit as a finding may show it: one that holds more than a unit (a number, words, an address) is not repeated.

    A known unit may be written in words: ``battements par minute``.
    """
    if len(unit) > _LONGEST or _NO_UNIT.search(unit) or any(char.isdigit() for char in _POWER.sub("", unit)):
        return "…"
    return unit if is_known or len(unit.split()) < 2 or all(len(word) <= _SHORT for word in unit.split()) else "…"


def shown_code(code: str) -> str:
    """A code as a finding may show it."""
    return code_forms.shown(code) if code else code


def coding(element: Element | None) -> tuple[str, str]:
    """The key of the system and the code of an element; the OID where the system is unknown to us."""
    if element is None:
        return "", ""
    oid = element.get("codeSystem", "")
    system = systems.find(oid)
    return (system.key if system is not None else oid), element.get("code", "")


def anchored(cda: Cda, element: Element) -> Element | None:
    """What the ``reference`` inside a text points to in the document; ``#`` forgotten or not."""
    reference = child(element, REFERENCE)
    if reference is None:
        return None
    return cda.anchors.get(reference.get("value", "").strip().removeprefix("#"))


def words(cda: Cda, element: Element | None) -> str:
    """The words of a text: its own, else those that it points to."""
    if element is None:
        return ""
    own = folded(element)
    if own:
        return own
    target = anchored(cda, element)
    return (folded(target) or "") if target is not None else ""


def statements(cda: Cda) -> Iterator[Element]:
    """All clinical statements of the document, by name."""
    return cda.named(
        "act", "encounter", "observation", "observationMedia", "organizer", "procedure", "regionOfInterest",
        "substanceAdministration", "supply",
    )  # fmt: skip


@lru_cache(maxsize=1024)
def size_of(unit: str) -> ucum.Size | None:
    """What a UCUM code is worth; documents write the same few units all the time."""
    return ucum.size_of(unit)


@lru_cache(maxsize=1024)
def between(left: str, right: str) -> Fraction | None:
    """By what a value in ``left`` is multiplied to be in ``right``; no unit is the unit one. ``None`` if it cannot."""
    if left == right:
        return Fraction(1)
    if ucum.is_special(left) or ucum.is_special(right):
        return None
    a, b = size_of(left or "1"), size_of(right or "1")
    if a is None or b is None or a.dimension != b.dimension:
        return None
    return a.factor / b.factor


def are_opposed(left: str, right: str) -> bool:
    """Whether two UCUM codes measure things of two kinds; false when one is no UCUM code."""
    a, b = size_of(left or "1"), size_of(right or "1")
    return a is not None and b is not None and a.dimension != b.dimension
