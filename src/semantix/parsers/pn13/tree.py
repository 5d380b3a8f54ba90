"""The XML of a PN13 message, whatever its namespace and whatever became of the accents of its names.

Element names hold French accents, which some software writes decomposed (NFD), drops, or writes in another encoding
than the one that the file declares: a name is found by its letters alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree
from msgspec import Struct

from semantix.errors import UnreadableInput
from semantix.parsers._xml import parse_xml
from semantix.text.decoding import decode

_DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def folded(name: str) -> str:
    """A name in lower case without accents: ``elem_prescr`` for ``Elém_prescr``."""
    if name.isascii():
        return name.lower()
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)).lower()


class Node(Struct):
    """An element: its path with folded names, its text, what is inside it by folded name."""

    name: str
    path: str
    text: str
    attributes: dict[str, str]
    children: dict[str, list[Node]]

    def first(self, *names: str) -> Node | None:
        """The first element at the end of this way down."""
        node: Node | None = self
        for name in names:
            found = node.children.get(name) if node is not None else None
            node = found[0] if found else None
        return node

    def all(self, name: str) -> list[Node]:
        """Every element of a name directly inside."""
        return self.children.get(name, [])

    def word(self, *names: str) -> str:
        """The text of the first element at the end of this way down, empty when it is absent."""
        found = self.first(*names)
        return found.text if found is not None else ""

    @property
    def nomenclature(self) -> str:
        """The code system that the element names."""
        return self.attributes.get("phast-nomenclature", "")

    @property
    def meaning(self) -> str:
        """The words that the element gives for its own code."""
        return self.attributes.get("phast-signification", "")

    def walk(self) -> Iterator[Node]:
        """This element and all those inside it, in the order of their names."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending += [child for children in node.children.values() for child in children]


def parse(data: bytes, name: str) -> tuple[Node, str]:
    """The root of a message, and a doubt about its encoding. Raises UnreadableInput."""
    text, doubt = _honest(data)
    root = parse_xml(text, name, max_bytes=max(len(text), 1))
    return node(root, folded(etree.QName(root).localname)), doubt


def _honest(data: bytes) -> tuple[bytes, str]:
    """The bytes, in UTF-8 without their declaration when it is not true."""
    if data.isascii() or data.startswith(_WIDE) or b"\0" in data[:100]:
        return data, ""
    found = _DECLARED.match(data)
    declared = found[1].decode("ascii", "replace").upper() if found else "UTF-8"
    rest = data[found.end() :] if found else data
    if _is_utf8(data):
        if declared in ("UTF-8", "UTF8"):
            return data, ""
        return rest, f"the file declares {declared}, its bytes are UTF-8: read as UTF-8"
    if declared not in ("UTF-8", "UTF8"):
        return data, ""
    read = decode(rest, repair=False)
    return read.text.encode(), f"the file declares UTF-8 or nothing, its bytes are not: read as {read.encoding}"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def node(element: etree._Element, path: str) -> Node:
    """An element and all that is inside it; the depth of the tree is bounded by the XML parser."""
    children: dict[str, list[Node]] = {}
    for child in element:
        name = folded(etree.QName(child).localname)
        held = children.setdefault(name, [])
        held.append(node(child, f"{path}/{name}[{len(held) + 1}]"))
    attributes = {folded(etree.QName(key).localname): str(value).strip() for key, value in element.items()}
    text = (element.text or "").strip()
    return Node(folded(etree.QName(element).localname), path, text, attributes, children)


def refused(name: str, found: str) -> UnreadableInput:
    """What to raise for XML that is no PN13 prescription."""
    return UnreadableInput(
        f"{name}: no M_Prescription_médicaments in <{found[:40]}>; a PN13-IS prescription was expected"
    )
