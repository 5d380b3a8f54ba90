"""What the reading of one document shares: anchors of the narrative, places seen, doubts met, the zone of times."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from zoneinfo import ZoneInfo

from lxml import etree

from semantix.model import Issue, Severity
from semantix.parsers._xml import LocalNames
from semantix.parsers.cda.index import Index

Element = etree._Element

HL7 = "{urn:hl7-org:v3}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NAMES = LocalNames()
"""Shared by all documents: a growing memo of tag names, of which a standard has some hundreds."""

Kids = dict[str, list[Element]]

_NO_KIDS: list[Element] = []


def kids(element: Element) -> Kids:
    """Children by local name, in order: one walk instead of one search a field."""
    found: Kids = {}
    if not len(element):
        return found
    names = NAMES
    for child in element:
        name = names[child.tag]
        if name in found:
            found[name].append(child)
        else:
            found[name] = [child]
    return found


def path_of(element: Element, known: dict[Element, str] | None = None) -> str:
    """The absolute XPath, by local names and positions: ``/ClinicalDocument[1]/component[1]/…``.

    ``known`` remembers the paths of the elements above from one call to the next.
    """
    memo = {} if known is None else known
    path = memo.get(element)
    if path is None:
        parent = element.getparent()
        above = "" if parent is None else path_of(parent, memo)
        path = memo[element] = f"{above}/{NAMES[element.tag]}[{_position(element, memo)}]"
    return path


def _position(element: Element, known: Mapping[Element, str]) -> int:
    """The place among its siblings of one name, counted from the nearest whose path is known."""
    position = 1
    for sibling in element.itersiblings(element.tag, preceding=True):
        path = known.get(sibling)
        if path is not None:
            return position + int(path[path.rindex("[") + 1 : -1])
        position += 1
    return position


_BREAKS = frozenset(
    {"br", "td", "th", "tr", "item", "paragraph", "list", "table", "caption", "li", "p", "div", "ul", "ol"}
)


def folded(element: Element) -> str | None:
    """All text inside an element, white space folded, a space where a line or cell ends; ``None`` if there is none."""
    if not len(element):
        text = element.text
    else:
        pieces: list[str] = []
        _gather(element, pieces)
        text = "".join(pieces)
    return (" ".join(text.split()) or None) if text else None


def _gather(element: Element, pieces: list[str]) -> None:
    if element.text:
        pieces.append(element.text)
    for child in element:
        is_break = NAMES[child.tag] in _BREAKS
        if is_break:
            pieces.append(" ")
        _gather(child, pieces)
        if is_break:
            pieces.append(" ")
        if child.tail:
            pieces.append(child.tail)


class Zone(Enum):
    """What a time says of its zone."""

    TOLD = auto()
    """Its own, or none because it is a day."""
    ASSUMED = auto()
    MALFORMED = auto()


class Context:
    """Mutable while one document is read, then dropped.

    ``paths`` are those of elements that are known: what is inside them has no way to go up to the root.
    """

    def __init__(self, index: Index, zone: ZoneInfo, *, narratives: bool = True) -> None:
        self.root = index.root
        self.anchors: Mapping[str, Element] = index.anchors
        self.zone = zone
        self.narratives = narratives
        self.seen: list[Element] = []
        self.implied: list[Element] = []
        self.issues: list[Issue] = []
        self.instants: dict[str, tuple[str, Zone] | None] = {}
        self.zones_assumed = 0
        self._texts: dict[str, str | None] = {}
        self.paths: dict[Element, str] = {}

    def doubt(self, code: str, element: Element, message: str, severity: Severity = Severity.WARNING) -> None:
        """Record an issue at an element; ``message`` must hold no patient value."""
        self.issues.append(Issue(code, severity, path_of(element, self.paths), message))

    def words_at(self, reference: str, element: Element) -> str | None:
        """Text of the narrative that ``#id`` points to; an issue when it points to nothing."""
        anchor = reference.removeprefix("#")
        if anchor in self._texts:
            return self._texts[anchor]
        target = self.anchors.get(anchor)
        if target is None:
            # A bare "#" or "" is the templates' way to say "no text": only a named target that is missing is a doubt.
            if anchor and ":" not in anchor:
                self.doubt("SX003", element, "reference to a place of the narrative that does not exist")
            return None
        words = self._texts[anchor] = folded(target)
        return words


def first(found: Kids, name: str) -> Element | None:
    """First child of that name."""
    some = found.get(name)
    return some[0] if some else None


def every(found: Kids, name: str) -> list[Element]:
    """All children of that name, in order."""
    return found.get(name, _NO_KIDS)
