"""Where an element stands, and a place in words taken apart."""

from __future__ import annotations

import re
from typing import cast

from lxml import etree

_LINE = re.compile(r"(?:.*?[ (])??(?:from )?lines? (\d{1,12})")


def line_of(element: etree._Element) -> int | None:
    """The line of an element."""
    return cast("int | None", element.sourceline)


def line_in(place: str) -> int | None:
    """The first line that a place in words names: ``line 12/…``, ``lines 3-9``, ``4 lines from line 7``."""
    found = _LINE.match(place)
    return int(found[1]) if found else None
