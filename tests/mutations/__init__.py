"""Ways to break a valid CDA document, each with the findings that must come of it.

A mutation changes a tree in place and returns whether it found something to break; the choice among several places is
the seeded generator's. All that is written is invented.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from lxml import etree

V3 = "{urn:hl7-org:v3}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
Element = etree._Element
Break = Callable[[Element, Random], bool]


@dataclass(frozen=True)
class Mutation:
    """One class of defect: its name, how it is made, and the codes of which at least one must be found."""

    name: str
    apply: Break
    expected: frozenset[str]
    needs_store: bool = False


_WORD = re.compile(r"'[^']*'|@?[A-Za-z][\w-]*\(?")


def every(root: Element, path: str) -> list[Element]:
    """The elements of an XPath whose names, without prefix, are those of HL7 v3; ``//`` is anywhere in the document."""
    path = _WORD.sub(lambda found: _named(found[0]), path)
    return root.xpath(path, namespaces={"v3": "urn:hl7-org:v3"})


def _named(word: str) -> str:
    return word if word[0] in "'@" or word[-1] == "(" or word in {"and", "or"} else f"v3:{word}"


def drop(path: str) -> Break:
    """Remove all the elements of a path."""

    def apply(root: Element, rng: Random) -> bool:
        found = every(root, path)
        for element in found:
            element.getparent().remove(element)
        return bool(found)

    return apply


def put(path: str, attribute: str, value: str | Callable[[str], str]) -> Break:
    """Give an attribute of one element of a path another value."""

    def apply(root: Element, rng: Random) -> bool:
        found = [element for element in every(root, path) if element.get(attribute) is not None]
        if not found:
            return False
        element = rng.choice(found)
        before = element.get(attribute)
        after = value(before) if callable(value) else value
        element.set(attribute, after)
        return after != before

    return apply


def take(path: str, attribute: str) -> Break:
    """Remove an attribute of one element of a path."""

    def apply(root: Element, rng: Random) -> bool:
        found = [element for element in every(root, path) if attribute in element.attrib]
        if found:
            del rng.choice(found).attrib[attribute]
        return bool(found)

    return apply
