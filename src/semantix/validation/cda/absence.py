"""Negation, absence and null flavours: is what is not there said well, and once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix.parsers.cda.context import folded
from semantix.terminology.conflict_marks import marks_of
from semantix.terminology.text import fold
from semantix.validation._cda import V3, Cda, child
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.cda._absence_rules import (
    ABSENT_BESIDE,
    DENIED_ANYWAY,
    EMPTY_SECTION,
    KNOWN_UNKNOWN,
    LOST,
    NULL_AND_VALUE,
    OTHER_ANSWER,
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
    denies_somewhere,
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
    anchored,
    coding,
    local,
    shown_code,
    type_of,
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
    DENIED_ANYWAY,
    OTHER_ANSWER,
)

_Stated = Mapping[tuple[Element | None, str], int]
_NULLS = frozenset(
    {"NI", "INV", "DER", "OTH", "NINF", "PINF", "UNC", "MSK", "NA", "UNK", "ASKU", "NAV", "NASK", "QS", "TRC", "NP"}
)
_CONTENTS = ("code", "value", "extension")
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
_ROW, _TABLE, _HEAD = V3 + "tr", V3 + "table", V3 + "thead"
_ASKED = re.compile(r"\bpresen|\boui\b|\bnon\b|\breponse|\bexist|\bantecedent|\bpatholog")
_LABEL_AND_ANSWER = 2
_LONGEST_ANSWER = 6
_ANSWERS = frozenset({"oui", "non"})
_OPPOSITE: Mapping[str, str] = MappingProxyType({"oui": "non", "non": "oui"})
_BOOLEANS: Mapping[str, str] = MappingProxyType({"true": "oui", "1": "oui", "false": "non", "0": "non"})
_MAYBE_DENIED = re.compile(r"\b(?:pas|aucun|non|absence|absent|sans|ni|jamais|no)", re.IGNORECASE)
_ANSWERED_NO = re.compile(r"[^:?;.]{3,80}\s*[:?]\s*non\s*\.?", re.IGNORECASE)
_STATED_ANYWAY = re.compile(r"\b(?:mais|sauf|avec|hormis|except|non[- ]\w)", re.IGNORECASE)


def check(cda: Cda) -> Iterator[Finding]:
    """Look at null flavours, absence codes, empty sections and words that deny."""
    for element in cda.nulls:
        get = element.get
        if get("nullFlavor") not in _NULLS or get("code") or get("value") or get("extension"):
            yield from _null(cda, element)
    found = kinds(cda)
    absent = [element for element in cda.coded if element.get("code") in _ABSENT]
    stated = _stated(found) if absent else {}
    for element in absent:
        yield from _absent(cda, element, found, stated)
    for section in cda.by_name.get("section", ()):
        if _is_empty(section):
            yield finding(EMPTY_SECTION, *cda.place(section), code=shown_code(coding(child(section, CODE))[1]))
    for statement, kind in found.items():
        yield from _lost(cda, statement, kind)
    for statement in cda.by_name.get("observation", ()):
        if statement not in found:
            yield from _answered(cda, statement)


# --- null flavours ------------------------------------------------------------------------------------------------


def _null(cda: Cda, element: Element) -> Iterator[Finding]:
    null = element.get("nullFlavor", "")
    if null not in _NULLS:
        shown = null if null.isalpha() and null.isupper() and len(null) <= 6 else "…"
        yield finding(UNKNOWN_NULL, *cda.place(element, "nullFlavor"), null=shown, element=local(element))
        return
    attribute = next((name for name in _CONTENTS if element.get(name)), "")
    if attribute:
        yield finding(
            NULL_AND_VALUE, *cda.place(element, attribute), null=null, element=local(element), attribute=attribute
        )


# --- absence codes ------------------------------------------------------------------------------------------------


def _absent(cda: Cda, element: Element, found: dict[Element, str], stated: _Stated) -> Iterator[Finding]:
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
        yield from _beside(cda, element, about, stated)
    said = words(cda, child(element, ORIGINAL)) or words(cda, child(statement, TEXT))
    if said and len(said) <= _LONGEST:
        if key in NO_KNOWN and is_uninformed(said):
            yield finding(UNKNOWN_KNOWN, *cda.place(element, "code"), code=key[1])
        elif key in NO_INFORMATION and denies_all(said):
            yield finding(KNOWN_UNKNOWN, *cda.place(element, "code"), code=key[1])


def _stated(found: dict[Element, str]) -> _Stated:
    """How many statements of each kind each section makes."""
    return Counter(
        (next(statement.iterancestors(SECTION), None), kind)
        for statement, kind in found.items()
        if is_positive(statement, kind)
    )


def _beside(cda: Cda, element: Element, about: str, stated: _Stated) -> Iterator[Finding]:
    """Statements of the kind that is denied, in the same section."""
    count = stated.get((next(element.iterancestors(SECTION), None), about))
    if count:
        yield finding(ABSENT_BESIDE, *cda.place(element, "code"), code=coding(element)[1], count=str(count))


def _is_empty(section: Element) -> bool:
    if section.get("nullFlavor") or next(section.iterchildren(ENTRY, _COMPONENT), None) is not None:
        return False
    text = child(section, TEXT)
    if text is None:
        return True
    if text.get("nullFlavor") or any(piece.strip() for piece in text.itertext()):
        return False
    return next(text.iterdescendants(_RENDER), None) is None


# --- denials of the text ------------------------------------------------------------------------------------------


def _lost(cda: Cda, statement: Element, kind: str) -> Iterator[Finding]:
    """A problem, an allergy, an act or a vaccination on words that say the opposite of its negation indicator."""
    coded = child(statement, CODE if kind in {"procedure", "immunization"} else VALUE)
    if kind == "medication" or coded is None or not coded.get("code"):
        return
    text = child(coded, ORIGINAL)
    said = words(cda, text) or words(cda, child(statement, TEXT))
    answer = _answer(cda, said, (text, child(statement, TEXT)))
    if answer == "oui":
        is_wrong, rule, place = is_negated(statement), DENIED_ANYWAY, statement
    elif said and (answer == "non" or (_MAYBE_DENIED.search(said) and _denies(said, coded.get("displayName", "")))):
        is_wrong, rule, place = is_positive(statement, kind), LOST, coded
    else:
        return
    if is_wrong and statement.get("moodCode", "EVN") == "EVN" and not _is_answer(coded):
        yield finding(rule, *cda.place(place), code=shown_code(coding(coded)[1]))


def _answered(cda: Cda, statement: Element) -> Iterator[Finding]:
    """Any other observation, on words that are a yes or a no and nothing else."""
    value = child(statement, VALUE)
    if value is None:
        return
    is_coded = "negationInd" in statement.attrib and bool(value.get("code"))
    if not is_coded and type_of(value) != "BL":
        return
    said = words(cda, child(statement, TEXT))
    answer = _plain(said) if len(said) <= _LONGEST_ANSWER else ""
    if answer not in _ANSWERS or statement.get("moodCode", "EVN") != "EVN":
        return
    is_denied = is_negated(statement)
    if not is_coded:
        if not is_denied and _BOOLEANS.get(value.get("value", "")) == _OPPOSITE[answer]:
            code = shown_code(coding(child(statement, CODE))[1])
            yield finding(OTHER_ANSWER, *cda.place(value, "value"), code=code)
    elif not _is_answer(value) and is_denied == (answer == "oui"):
        rule, place = (DENIED_ANYWAY, statement) if is_denied else (LOST, value)
        yield finding(rule, *cda.place(place), code=shown_code(coding(value)[1]))


def _is_answer(coded: Element) -> bool:
    """A code that is itself a yes or a no, or that denies, is not what the words answer to."""
    label = fold(coded.get("displayName", "")).strip()
    return label in _ANSWERS or denies_somewhere(label)


def _answer(cda: Cda, said: str, texts: tuple[Element | None, ...]) -> str:
    """The yes or no of the words, or of the row of the table that they are the label of."""
    told = _plain(said) if len(said) <= _LONGEST_ANSWER else ""
    if told in _ANSWERS:
        return told
    targets = [anchored(cda, text) for text in texts if text is not None and len(text)]
    row = next((one for target in targets if target is not None for one in target.iterancestors(_ROW)), None)
    return "" if row is None else _answer_of(row)


def _answer_of(row: Element) -> str:
    """The only yes or no of a row; of a column that asks whether it is so, or of a row of a label and its answer."""
    cells = [said if len(said) > _LONGEST_ANSWER else _plain(said) for said in (folded(cell) or "" for cell in row)]
    found = [at for at, cell in enumerate(cells) if cell in _ANSWERS]
    if len(found) != 1:
        return ""
    heads = next((child(head, _ROW) for table in row.iterancestors(_TABLE) for head in table.iterchildren(_HEAD)), None)
    head = _plain(folded(heads[found[0]]) or "") if heads is not None and len(heads) > found[0] else ""
    is_asked = _ASKED.search(head) if head else sum(1 for cell in cells if cell) == _LABEL_AND_ANSWER
    return cells[found[0]] if is_asked else ""


def _plain(text: str) -> str:
    return fold(text).strip(" .")


def _denies(said: str, label: str) -> bool:
    """Whether words deny what a label says: they begin with a negation of the label's own words, or answer no."""
    if len(said) > _LONGEST or _STATED_ANYWAY.search(said):
        return False
    if _ANSWERED_NO.fullmatch(said.strip()):
        return True
    marks, of_label = marks_of(said), marks_of(label)
    return marks.denial and not of_label.denied and bool(marks.denied & of_label.stated)
