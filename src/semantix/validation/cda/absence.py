"""Negation, absence and null flavours: is what is not there said well, and once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix.terminology.conflict_marks import marks_of
from semantix.validation._cda import V3, Cda
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.cda._absence_rules import (
    ABSENT_BESIDE,
    EMPTY_SECTION,
    KNOWN_UNKNOWN,
    LOST,
    NULL_AND_VALUE,
    TWICE_DENIED,
    UNKNOWN_KNOWN,
    UNKNOWN_NULL,
    WRONG_ABSENCE,
)
from semantix.validation.cda._denials import (
    NO_INFORMATION,
    NO_KNOWN,
    WHOLE,
    denies_all,
    is_negated,
    is_positive,
    is_uninformed,
    kinds,
)
from semantix.validation.cda._reading import (
    ACTS,
    CODE,
    ENTRY,
    ORIGINAL,
    SECTION,
    TEXT,
    VALUE,
    Element,
    coding,
    local,
    shown_code,
    words,
)

RULES: tuple[RuleInfo, ...] = (
    UNKNOWN_NULL,
    NULL_AND_VALUE,
    TWICE_DENIED,
    ABSENT_BESIDE,
    WRONG_ABSENCE,
    LOST,
    EMPTY_SECTION,
    KNOWN_UNKNOWN,
    UNKNOWN_KNOWN,
)

_NULLS = frozenset(
    {"NI", "INV", "DER", "OTH", "NINF", "PINF", "UNC", "MSK", "NA", "UNK", "ASKU", "NAV", "NASK", "QS", "TRC", "NP"}
)
_CONTENTS = frozenset({"code", "value", "extension"})
_ABSENT = frozenset(code for _, code in (*NO_KNOWN, *NO_INFORMATION))
_COMPONENT, _RENDER = V3 + "component", V3 + "renderMultiMedia"
_ABOUT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "allergy": ("allergies", "les allergies"),
        "problem": ("problems", "les problèmes"),
        "medication": ("medications", "les traitements"),
        "immunization": ("vaccinations", "les vaccinations"),
        "procedure": ("procedures", "les actes"),
        "device": ("devices", "les dispositifs"),
    }
)
_LONGEST = 120
_MAYBE_DENIED = re.compile(r"\b(?:pas|aucun|non|absence|absent|sans|ni|jamais|no)", re.IGNORECASE)
_ANSWERED_NO = re.compile(r"[^:?;.]{3,80}\s*[:?]\s*non\s*\.?", re.IGNORECASE)
_STATED_ANYWAY = re.compile(r"\b(?:mais|sauf|avec|hormis|except|non[- ])", re.IGNORECASE)


def check(cda: Cda) -> Iterator[Finding]:
    """Look at null flavours, absence codes, empty sections and words that deny."""
    for element in cda.nulls:
        if element.get("nullFlavor") not in _NULLS or not _CONTENTS.isdisjoint(element.attrib):
            yield from _null(cda, element)
    found = kinds(cda)
    for element in cda.coded:
        if element.get("code") in _ABSENT:
            yield from _absent(cda, element, found)
    for section in cda.by_name.get("section", ()):
        if _is_empty(section):
            yield finding(EMPTY_SECTION, *cda.place(section), code=shown_code(coding(section.find(CODE))[1]))
    for statement, kind in found.items():
        yield from _lost(cda, statement, kind)


# --- null flavours ------------------------------------------------------------------------------------------------


def _null(cda: Cda, element: Element) -> Iterator[Finding]:
    null = element.get("nullFlavor", "")
    if null not in _NULLS:
        shown = null if null.isalpha() and null.isupper() and len(null) <= 6 else "…"
        yield finding(UNKNOWN_NULL, *cda.place(element, "nullFlavor"), null=shown, element=local(element))
        return
    attribute = next((name for name in sorted(_CONTENTS) if element.get(name)), "")
    if attribute:
        yield finding(
            NULL_AND_VALUE, *cda.place(element, attribute), null=null, element=local(element), attribute=attribute
        )


# --- absence codes ------------------------------------------------------------------------------------------------


def _absent(cda: Cda, element: Element, found: dict[Element, str]) -> Iterator[Finding]:
    key = coding(element)
    about = NO_KNOWN.get(key) or NO_INFORMATION.get(key)
    statement = next((above for above in element.iterancestors() if above.tag in ACTS), None)
    if about is None or statement is None:
        return
    if is_negated(statement):
        yield finding(TWICE_DENIED, *cda.place(statement), code=key[1])
    parent = element.getparent()
    is_device = parent is not None and local(parent) == "playingDevice"
    kind = "device" if is_device else found.get(statement)
    if kind and kind != about:
        (told, told_fr), (meant, meant_fr) = _ABOUT[about], _ABOUT[kind]
        place = cda.place(element, "code")
        yield finding(WRONG_ABSENCE, *place, code=key[1], about=told, about_fr=told_fr, kind=meant, kind_fr=meant_fr)
        return
    if key in WHOLE:
        yield from _beside(cda, element, about, found)
    said = words(cda, element.find(ORIGINAL)) or words(cda, statement.find(TEXT))
    if said and len(said) <= _LONGEST:
        if key in NO_KNOWN and is_uninformed(said):
            yield finding(UNKNOWN_KNOWN, *cda.place(element, "code"), code=key[1])
        elif key in NO_INFORMATION and denies_all(said):
            yield finding(KNOWN_UNKNOWN, *cda.place(element, "code"), code=key[1])


def _beside(cda: Cda, element: Element, about: str, found: dict[Element, str]) -> Iterator[Finding]:
    """Statements of the kind that is denied, in the same section."""
    section = next(element.iterancestors(SECTION), None)
    stated = sum(
        1
        for statement, kind in found.items()
        if kind == about and is_positive(statement, kind) and next(statement.iterancestors(SECTION), None) is section
    )
    if stated:
        yield finding(ABSENT_BESIDE, *cda.place(element, "code"), code=coding(element)[1], count=str(stated))


def _is_empty(section: Element) -> bool:
    if section.get("nullFlavor") or any(child.tag in (ENTRY, _COMPONENT) for child in section):
        return False
    text = section.find(TEXT)
    if text is None:
        return True
    if text.get("nullFlavor") or any(piece.strip() for piece in text.itertext()):
        return False
    return next(text.iterdescendants(_RENDER), None) is None


# --- denials of the text ------------------------------------------------------------------------------------------


def _lost(cda: Cda, statement: Element, kind: str) -> Iterator[Finding]:
    """A problem, an allergy or an act that is stated, on words that begin by denying it."""
    coded = statement.find(CODE if kind == "procedure" else VALUE)
    if kind not in {"allergy", "problem", "procedure"} or coded is None or not coded.get("code"):
        return
    said = words(cda, coded.find(ORIGINAL)) or words(cda, statement.find(TEXT))
    if not said or len(said) > _LONGEST or not _MAYBE_DENIED.search(said):
        return
    if _denies(said, coded.get("displayName", "")) and is_positive(statement, kind):
        yield finding(LOST, *cda.place(coded), code=shown_code(coding(coded)[1]))


def _denies(said: str, label: str) -> bool:
    """Whether words deny what a label says: they begin with a negation of the label's own words, or answer no."""
    if _ANSWERED_NO.fullmatch(said.strip()):
        return True
    if _STATED_ANYWAY.search(said):
        return False
    marks, of_label = marks_of(said), marks_of(label)
    return marks.denial and not of_label.denied and bool(marks.denied & of_label.stated)
