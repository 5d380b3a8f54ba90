"""The narrative of a section beside its entries: is there one, does it give the same numbers, the same yes or no."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import cast

from semantix.parsers.cda.context import folded
from semantix.validation._cda import V3, XSI_TYPE, Cda, child
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.cda._denials import denied_by, denies_all, denies_somewhere, is_negated, is_positive, kinds
from semantix.validation.cda._narrative_rules import ENTRIES_DENY, NO_NARRATIVE, NOT_SHOWN, OTHER_VALUE, TEXT_DENIES
from semantix.validation.cda._reading import (
    ACTS,
    CODE,
    ENTRY,
    OBSERVATION,
    SECTION,
    TEXT,
    VALUE,
    Element,
    anchored,
    between,
    coding,
    number,
    shown_code,
)
from semantix.validation.cda._units_read import ucum_of

RULES: tuple[RuleInfo, ...] = (NO_NARRATIVE, OTHER_VALUE, NOT_SHOWN, TEXT_DENIES, ENTRIES_DENY)

_NUMBERED = frozenset({"PQ", "INT", "REAL"})
_ORGANIZER, _COMPONENT = V3 + "organizer", V3 + "component"
_TRANSLATION = V3 + "translation"
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_METRES = re.compile(r"(\d)\s*m\s*(\d\d)(?!\d)")
_ALONE = re.compile(r"(?:[^\d:=]*[:=]\s*)?([+-]?\d+(?:[.,]\d+)?)\s*([^\d\s][^\d\s]*(?:\s[^\d\s]+)?)?\.?")
"""One number and its unit, maybe after a label: ``Poids : 80 kg``, ``1,75 m``, ``35%``."""
_SHORT = 400
_FEW = 2
"""How many results of a battery must be shown before one that is not is told."""


def check(cda: Cda) -> Iterator[Finding]:
    """Compare each section with its entries."""
    texts: dict[Element, str] = {}
    for section in cda.by_name.get("section", ()):
        yield from _bare(cda, section)
    values = _values(cda)
    for section, some in values.items():
        yield from _shown(cda, section, some, texts)
    yield from _denials(cda, texts)


def _bare(cda: Cda, section: Element) -> Iterator[Finding]:
    entries = list(section.iterchildren(ENTRY))
    if not entries or section.get("nullFlavor"):
        return
    text = child(section, TEXT)
    if text is not None and (text.get("nullFlavor") or _shows_something(text)):
        return
    if all(_is_silent(entry) for entry in entries):
        return
    _, code = coding(child(section, CODE))
    yield finding(NO_NARRATIVE, *cda.place(section), code=shown_code(code), count=str(len(entries)))


def _is_silent(entry: Element) -> bool:
    """An entry that is there because its model wants it, all of whose values are null: there is nothing to tell."""
    acts = [act for act in entry.iterdescendants(*ACTS) if act.tag != _ORGANIZER]
    return bool(acts) and all(act.tag == OBSERVATION and _is_null(child(act, VALUE)) for act in acts)


def _is_null(value: Element | None) -> bool:
    return value is not None and bool(value.get("nullFlavor")) and not len(value)


def _shows_something(text: Element) -> bool:
    if any(piece.strip() for piece in text.itertext()):
        return True
    return next(text.iterdescendants(V3 + "renderMultiMedia"), None) is not None


# --- numbers ------------------------------------------------------------------------------------------------------


def _values(cda: Cda) -> dict[Element, list[Element]]:
    """The measured values of the entries by section; those that a result only recalls (its history) are left out."""
    found: dict[Element, list[Element]] = {}
    for value in cda.by_name.get("value", ()):
        if "value" not in value.attrib or value.get(XSI_TYPE, "").rpartition(":")[2] not in _NUMBERED:
            continue
        observation = value.getparent()
        holder = None if observation is None or observation.tag != OBSERVATION else observation.getparent()
        above = None if holder is None else holder.getparent()
        if holder is not None and above is not None and above.tag != OBSERVATION:
            section = next(holder.iterancestors(SECTION), None)
            if section is not None:
                found.setdefault(section, []).append(value)
    return found


def _shown(cda: Cda, section: Element, values: list[Element], texts: dict[Element, str]) -> Iterator[Finding]:
    """Values against the words that they point to, else against all the numbers of the section."""
    shown = _figures(_words_of(section, texts))
    missing: list[Element] = []
    for value in values:
        other = _contradicted(cda, value)
        if other:
            yield finding(OTHER_VALUE, *cda.place(value, "value"), code=_code_of(value))
        elif not _is_shown(value, shown):
            missing.append(value)
    if not missing:
        return
    counts: dict[Element | None, list[int]] = {}
    for value in values:
        for among in _groups(value):
            count = counts.setdefault(among, [0, 0])
            count[0] += 1
            count[1] += _is_shown(value, shown)
    near = _by_whole(_words_of(section, texts))
    for value in missing:
        peers, seen = counts.get(_group(value), (0, 0))
        if seen >= _FEW and seen * 2 >= peers and not _is_near(value, near):
            yield finding(
                NOT_SHOWN, *cda.place(value, "value"), code=_code_of(value), shown=str(seen), count=str(peers)
            )


def _words_of(section: Element, texts: dict[Element, str]) -> str:
    known = texts.get(section)
    if known is None:
        text = child(section, TEXT)
        known = texts[section] = "" if text is None else " ".join(cast("Iterator[str]", text.itertext()))
    return known


def _figures(text: str) -> frozenset[str]:
    """The numbers of a text by their figures alone: 1,70 m and 170 cm have the same."""
    found = {_figure(number) for number in set(_NUMBERS.findall(text))}
    if _THOUSANDS.search(text):
        found.update(_figure(number) for number in set(_NUMBERS.findall(_THOUSANDS.sub("", text))))
    found.update(_figure(metres + rest) for metres, rest in _METRES.findall(text))
    return frozenset(found)


def _figure(text: str) -> str:
    return text.replace(",", "").replace(".", "").lstrip("+-").strip("0") or "0"


def _is_shown(value: Element, shown: frozenset[str]) -> bool:
    """Whether the figures of a value, or of the same value in another unit, are in the text."""
    if _figure(value.get("value", "")) in shown:
        return True
    return any(_figure(one.get("value", "")) in shown for one in value.iterchildren(_TRANSLATION))


def _by_whole(text: str) -> dict[int, list[str]]:
    """The numbers of a text by their whole part; a lone figure is near everything, and left out."""
    found: dict[int, list[str]] = {}
    for written in set(_NUMBERS.findall(text)):
        if len(written.strip("0,.")) > 1:
            found.setdefault(int(Decimal(written.replace(",", "."))), []).append(written)
    return found


def _is_near(value: Element, near: Mapping[int, list[str]]) -> bool:
    """Whether the text rounds the value."""
    amount = number(value.get("value"))
    if amount is None:
        return True
    whole = int(abs(amount))
    return any(_rounds(abs(amount), written) for at in (whole - 1, whole, whole + 1) for written in near.get(at, ()))


def _rounds(amount: Decimal, written: str) -> bool:
    told = Decimal(written.replace(",", "."))
    places = cast("int", told.as_tuple().exponent)
    return abs(amount - told) < Decimal(1).scaleb(places)


def _group(value: Element) -> Element | None:
    """What holds the other values that the text must show as much: an entry derived into the text, or a battery."""
    entry = next(value.iterancestors(ENTRY), None)
    if entry is not None and entry.get("typeCode") == "DRIV":
        return entry
    return next(value.iterancestors(_ORGANIZER), None)


def _groups(value: Element) -> Iterator[Element]:
    """The entry and the battery that hold a value."""
    for tag in (ENTRY, _ORGANIZER):
        yield from islice(value.iterancestors(tag), 1)


def _contradicted(cda: Cda, value: Element) -> bool:
    """Whether the words that an observation points to are one number, and another one."""
    observation = value.getparent()
    text = None if observation is None else child(observation, TEXT)
    target = None if text is None else anchored(cda, text)
    amount = number(value.get("value"))
    if target is None or amount is None or len(target) > _FEW:
        return False
    words = folded(target) or ""
    found = _ALONE.fullmatch(words) if len(words) < _SHORT else None
    if found is None or _is_shown(value, frozenset({_figure(found[1])})):
        return False
    return _is_same_unit(found[2], value.get("unit", "")) and not _rounds(abs(amount), found[1].lstrip("+-"))


def _is_same_unit(written: str | None, unit: str) -> bool:
    """Whether a number with this unit can be compared figure by figure with one in that unit."""
    if not written:
        return True
    told = ucum_of(written)
    ratio = between(told, unit) if told else None
    return ratio is not None and _figure(str(ratio.numerator)) == _figure(str(ratio.denominator)) == "1"


def _code_of(value: Element) -> str:
    observation = value.getparent()
    return shown_code(coding(None if observation is None else child(observation, CODE))[1])


# --- yes and no ---------------------------------------------------------------------------------------------------


def _denials(cda: Cda, texts: dict[Element, str]) -> Iterator[Finding]:
    """Sections whose text and entries say the opposite of each other."""
    by_section: dict[Element, list[tuple[Element, str]]] = {}
    for statement, kind in kinds(cda).items():
        section = next(statement.iterancestors(SECTION), None)
        if section is not None:
            by_section.setdefault(section, []).append((statement, kind))
    for section, some in by_section.items():
        element = child(section, TEXT)
        text = "" if element is None or len(element) > _SHORT else " ".join(_words_of(section, texts).split())
        if not text or len(text) > _SHORT:
            continue
        _, code = coding(child(section, CODE))
        stated = _stated(text, some) if denies_all(text) else 0
        if stated:
            yield finding(TEXT_DENIES, *cda.place(section), code=shown_code(code), count=str(stated))
        elif all(map(_denies, some)) and not denies_somewhere(text):
            yield finding(ENTRIES_DENY, *cda.place(section), code=shown_code(code))


def _stated(text: str, some: list[tuple[Element, str]]) -> int:
    """How many statements say that there is what the text says that there is none of."""
    return sum(1 for statement, kind in some if is_positive(statement, kind) and denies_all(text, kind))


def _denies(one: tuple[Element, str]) -> bool:
    return bool(denied_by(one[0])[1]) and not is_negated(one[0])
