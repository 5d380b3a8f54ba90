"""One document, indexed once for all layers."""

from __future__ import annotations

from lxml import etree

from semantix.parsers.cda.context import path_of

Element = etree._Element
TEMPLATE = "{urn:hl7-org:v3}templateId"


class DocumentIndex:
    """The elements of a document: all in order, by tag, and by the root of a template that they declare."""

    __slots__ = ("_by_local", "by_tag", "elements", "order", "root", "templates")

    def __init__(self, root: Element) -> None:
        self.root = root
        self.elements: list[Element] = list(root.iter(etree.Element))
        self._by_local: dict[str, list[Element]] = {}
        self.order: dict[Element, int] | None = None
        self.by_tag: dict[str, list[Element]] = {}
        self.templates: dict[str, list[Element]] = {}
        by_tag = self.by_tag
        for element in self.elements:
            tag = element.tag
            found = by_tag.get(tag)
            if found is None:
                by_tag[tag] = [element]
            else:
                found.append(element)
        for template in by_tag.get(TEMPLATE, ()):
            owner, name = template.getparent(), template.get("root")
            if owner is not None and name is not None:
                owners = self.templates.setdefault(name, [])
                if not owners or owners[-1] is not owner:
                    owners.append(owner)

    def named(self, tag: str) -> list[Element]:
        """The elements of a tag, or of ``{*}name``, in order."""
        if not tag.startswith("{*}"):
            return self.by_tag.get(tag, [])
        found = self._by_local.get(tag)
        if found is None:
            tags = [each for each in self.by_tag if each.rpartition("}")[2] == tag[3:]]
            found = [element for each in tags for element in self.by_tag[each]]
            if len(tags) > 1:
                found.sort(key=self.place)
            self._by_local[tag] = found
        return found

    def place(self, element: Element) -> int:
        """The place of an element in the document; -1 for one of another document."""
        if self.order is None:
            self.order = {found: place for place, found in enumerate(self.elements)}
        return self.order.get(element, -1)


def index(root: Element) -> DocumentIndex:
    """Index a document, read without comments (``parse_xml``). Its root must be that of its tree."""
    return DocumentIndex(root)


def canonical(element: Element) -> str:
    """The place of an element: ``/ClinicalDocument[1]/component[2]``.

    Local names, each with its place among the siblings of its own expanded name.
    """
    return path_of(element)
