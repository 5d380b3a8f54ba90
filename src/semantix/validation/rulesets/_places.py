"""Places of a document as Schematron reports write them, in the one canonical form of both engines."""

from __future__ import annotations

import re
from typing import cast

from lxml import etree

from semantix.parsers.cda.context import path_of

Element = etree._Element
_LONG = re.compile(r"/\*:([^\[/]+)\[namespace-uri\(\)='([^']*)'\]\[(\d+)\]")
_STEP = re.compile(r"([^\[\]/@]+)(?:\[(\d+)\])?$")
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


class Places:
    """From ``/ClinicalDocument/component[2]/@x`` (names as written) to ``/ClinicalDocument[1]/component[2]/@x``."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._paths: dict[Element, str] = {}
        self._known: dict[str, tuple[str, int | None]] = {}

    def canonical(self, location: str) -> tuple[str, int | None]:
        """The canonical place and its line; the place as it is, when the document has none such."""
        if location not in self._known:
            self._known[location] = self._found(location)
        return self._known[location]

    def _found(self, location: str) -> tuple[str, int | None]:
        steps, at, attribute = location.partition("/@")
        element = self._element(steps)
        if element is None:
            return location, None
        path = path_of(element, self._paths)
        return f"{path}{at}{attribute}", cast("int | None", element.sourceline)

    def _element(self, location: str) -> Element | None:
        if _LONG.match(location):
            # The longer notation of some versions of the pipeline: names of namespaces, every place written.
            location = _LONG.sub(
                lambda step: f"/{{{step.group(2).replace('/', '|')}}}{step.group(1)}[{step.group(3)}]", location
            )
        here: Element | None = None
        for step in location.split("/")[1:]:
            found = _STEP.match(step)
            if not found:
                return None
            siblings = [self._root] if here is None else list(here.iterchildren(etree.Element))
            name, place = found.group(1).replace("|", "/"), int(found.group(2) or 1)
            same = [child for child in siblings if name in (child.tag, _written(child))]
            if place > len(same):
                return None
            here = same[place - 1]
        return here


def _written(element: Element) -> str:
    name = etree.QName(element).localname
    return f"{element.prefix}:{name}" if element.prefix else name
