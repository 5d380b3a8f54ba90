"""The labels of a ClaML class: mixed content made plain text, rubrics made kinds of terms, daggers and asterisks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from lxml import etree
from msgspec import Struct

from semantix.terminology.releases._xml import local

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
KINDS: Mapping[str, str] = MappingProxyType({"inclusion": "inclusion", "exclusion": "exclusion"})
"""Rubrics whose kind is a kind of term; the others but these are notes."""
_NAMES = ("preferredLong", "preferred")
_SILENT = frozenset({*_NAMES, "modifierlink"})
_BLOCKS = frozenset({"Fragment", "Para", "List", "ListItem", "Table", "Row", "Cell", "Term", "IncludeDescendants"})
_EMPTY_BRACKETS = re.compile(r"\s*(\(\s*[,;]?\s*\)|\[\s*\])")
_BEFORE = re.compile(r"\s+([,;.)\]])")


class Label(Struct, frozen=True):
    """One wording with its language and kind of term."""

    text: str
    language: str = "fr"
    kind: str = "preferred"


def preferred(element: etree._Element) -> Label:
    """Return the preferred label: the long one where there is one, and that of no variant before that of one."""
    found = [
        (_NAMES.index(kind), bool(label.get("variants")), place, Label(plain(label), label.get(_LANG, "fr")))
        for place, (kind, label) in enumerate(_labels(element))
        if kind in _NAMES
    ]
    return min(found, key=lambda each: each[:3])[3] if found else Label("")


def terms(element: etree._Element) -> Iterator[Label]:
    """Give every other wording: names of variants, inclusions, exclusions, notes."""
    first = preferred(element)
    for kind, label in _labels(element):
        language = label.get(_LANG, "fr")
        if kind in _NAMES:
            # The plain name beside a long one may say nothing without the label above it.
            text = plain(label)
            if text and text != first.text:
                yield Label(text, language, "synonym" if label.get("variants") else "related")
        elif kind not in _SILENT:
            mapped = KINDS.get(kind, "note")
            text = plain(label) if mapped == "inclusion" else flat(label)
            if text:
                yield Label(text, language, mapped)


def partners(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Give the codes that the name and the inclusions pair with this class, each with its mark (dagger, aster)."""
    seen: set[tuple[str, str]] = set()
    for kind, label in _labels(element):
        if kind not in _NAMES and kind != "inclusion":
            continue
        for reference in label.iter("{*}Reference"):
            code = reference.get("code") or flat(reference).rstrip("*†-. ")
            pair = (code, reference.get("usage", ""))
            if pair[1] and re.match(r"[A-Z]\d\d", code) and pair not in seen:
                seen.add(pair)
                yield pair


def _labels(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    for rubric in element.iterfind("{*}Rubric"):
        for label in rubric.iterfind("{*}Label"):
            yield rubric.get("kind", ""), label


def flat(element: etree._Element) -> str:
    """Return the text of mixed content; fragments, paragraphs and cells are set apart."""
    return _tidy("".join(_pieces(element, references=True)))


def plain(element: etree._Element) -> str:
    """Return the text without the references to codes, nor the brackets around them."""
    return _tidy(_EMPTY_BRACKETS.sub("", "".join(_pieces(element, references=False))))


def _tidy(text: str) -> str:
    return _BEFORE.sub(r"\1", " ".join(text.split())).strip(" ,;")


def _pieces(element: etree._Element, *, references: bool) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        apart = " " if local(child) in _BLOCKS else ""
        yield apart
        if references or local(child) != "Reference":
            yield from _pieces(child, references=references)
        yield apart
        yield child.tail or ""
