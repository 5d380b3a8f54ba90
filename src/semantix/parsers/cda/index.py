"""The elements of a document, found in one walk: by name, by anchor, with a code, with a null flavour.

An index holds every element of its tree: lxml makes the Python object of an element and its tag anew each time that
nothing holds it, which costs more than what the reader and the rules ask.
"""

from __future__ import annotations

from collections import defaultdict

from lxml import etree

Element = etree._Element


class Index:
    """The elements under ``root``, itself among them, in document order.

    ``by_tag`` holds them by their tag (``{urn:hl7-org:v3}code``); ``coded`` are those with a ``code``, ``nulls`` those
    with a ``nullFlavor``; ``anchors`` are elements by their ``ID``, ``repeated`` those whose ``ID`` another has before.
    """

    __slots__ = ("anchors", "by_tag", "coded", "nulls", "repeated", "root")

    def __init__(self, root: Element) -> None:
        self.root = root
        self.by_tag: defaultdict[str, list[Element]] = defaultdict(list)
        self.coded: list[Element] = []
        self.nulls: list[Element] = []
        self.repeated: list[Element] = []
        self.anchors: dict[str, Element] = {}
        by_tag = self.by_tag
        for element in root.iter(etree.Element):
            by_tag[element.tag].append(element)
            for name in element.keys():  # noqa: SIM118 - an element is not a mapping: these are its attributes
                if name == "code":
                    self.coded.append(element)
                elif name == "nullFlavor":
                    self.nulls.append(element)
                elif name == "ID" and self.anchors.setdefault(element.get("ID", ""), element) is not element:
                    self.repeated.append(element)
