"""One CDA document while it is checked: its tree, indexed once, for all rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import cast

from lxml import etree

from semantix.model import Document
from semantix.parsers.cda.context import path_of
from semantix.validation._terms import Terms

V3 = "{urn:hl7-org:v3}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
Element = etree._Element


class Named(dict[str, list[Element]]):
    """The elements of HL7 v3 under a root by local name, in document order; found by libxml2 when first asked for.

    To make a Python object of each element of a document would cost more than all the rules.
    """

    def __init__(self, root: Element) -> None:
        super().__init__()
        self._root = root

    def __missing__(self, name: str) -> list[Element]:
        found = self[name] = list(self._root.iter(V3 + name))
        return found

    def get(self, name: str, default: object = None) -> list[Element]:
        """The elements of a name, empty if there are none."""
        return self[name]


class Cda:
    """A CDA document: ``root``, its elements by name, by template and by anchor, and what the rules need around it.

    ``by_name`` and ``templates`` are in document order and hold elements of the HL7 v3 namespace (``by_name`` by local
    name; ``templates`` the elements that declare a template, by its root). ``coded`` are all elements with a ``code``,
    of any namespace, ``nulls`` those with ``nullFlavor``; ``anchors`` are elements by their ``ID``, ``repeated`` those
    whose ``ID`` an element before them has. ``document`` is what our own reader makes of it, ``None`` where it refuses.
    ``day`` is the day of the check: nothing of the past lies after it.
    """

    def __init__(self, root: Element, name: str, *, terms: Terms, day: date, document: Document | None = None) -> None:
        self.root, self.name, self.terms, self.day, self.document = root, name, terms, day, document
        self._paths: dict[Element, str] = {}
        templates: defaultdict[str, list[Element]] = defaultdict(list)
        self.coded: list[Element] = []
        self.nulls: list[Element] = []
        self.repeated: list[Element] = []
        self.anchors: dict[str, Element] = {}
        for element in root.iter(etree.Element):
            get = element.get
            if get("code") is not None:
                self.coded.append(element)
            if get("nullFlavor") is not None:
                self.nulls.append(element)
            anchor = get("ID")
            if anchor is not None and self.anchors.setdefault(anchor, element) is not element:
                self.repeated.append(element)
        self.by_name = Named(root)
        for template in self.by_name["templateId"]:
            owner = template.getparent()
            if owner is not None:
                templates[template.get("root", "")].append(owner)
        self.templates: Mapping[str, list[Element]] = templates

    def named(self, *names: str) -> Iterator[Element]:
        """The elements of some local names, by name then in document order."""
        for name in names:
            yield from self.by_name.get(name, ())

    def place(self, element: Element, attribute: str = "") -> tuple[str, int | None]:
        """The XPath and the line of an element, or of one of its attributes."""
        path = path_of(element, self._paths)
        line = cast("int | None", element.sourceline)
        return (f"{path}/@{attribute}" if attribute else path), line
