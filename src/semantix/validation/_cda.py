"""One CDA document while it is checked: its tree, indexed once, for all rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import cast

from lxml import etree

from semantix.model import Document
from semantix.parsers.cda.context import path_of
from semantix.parsers.cda.index import Index
from semantix.validation._terms import Terms

V3 = "{urn:hl7-org:v3}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
Element = etree._Element


def child(element: Element, tag: str) -> Element | None:
    """The first child with a tag: ``find`` for a single step, in a third of its time."""
    for each in element:
        if each.tag == tag:
            return each
    return None


class Cda:
    """A CDA document: ``root``, its elements by name, by template and by anchor, and what the rules need around it.

    ``by_name`` and ``templates`` are in document order and hold elements of the HL7 v3 namespace (``by_name`` by local
    name; ``templates`` the elements that declare a template, by its root). ``coded`` are all elements with a ``code``,
    of any namespace, ``nulls`` those with ``nullFlavor``; ``anchors`` are elements by their ``ID``, ``repeated`` those
    whose ``ID`` an element before them has. ``document`` is what our own reader makes of it, ``None`` where it refuses.
    ``day`` is the day of the check: nothing of the past lies after it. The index of the tree may be given for the root.
    """

    def __init__(
        self, root: Element | Index, name: str, *, terms: Terms, day: date, document: Document | None = None
    ) -> None:
        index = root if isinstance(root, Index) else Index(root)
        self.root, self.name, self.terms, self.day, self.document = index.root, name, terms, day, document
        self.coded, self.nulls = index.coded, index.nulls
        self.anchors, self.repeated = index.anchors, index.repeated
        self.by_name: defaultdict[str, list[Element]] = defaultdict(list)
        for tag, elements in index.by_tag.items():
            if tag.startswith(V3):
                self.by_name[tag[len(V3) :]] = elements
        templates: defaultdict[str, list[Element]] = defaultdict(list)
        for template in self.by_name["templateId"]:
            owner = template.getparent()
            if owner is not None:
                templates[template.get("root", "")].append(owner)
        self.templates: Mapping[str, list[Element]] = templates
        self._paths: dict[Element, str] = {}

    def named(self, *names: str) -> Iterator[Element]:
        """The elements of some local names, by name then in document order."""
        for name in names:
            yield from self.by_name.get(name, ())

    def place(self, element: Element, attribute: str = "") -> tuple[str, int | None]:
        """The XPath and the line of an element, or of one of its attributes."""
        path = path_of(element, self._paths)
        line = cast("int | None", element.sourceline)
        return (f"{path}/@{attribute}" if attribute else path), line
