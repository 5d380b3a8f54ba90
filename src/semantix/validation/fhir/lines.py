"""The line of a place in JSON or XML: found again in the bytes, only when there is a finding to place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

from lxml import etree

from semantix.parsers._xml import LocalNames

Path = tuple[str | int, ...]
LARGEST = 30_000_000
"""Bytes of JSON above which lines are not looked for."""
_STEP = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[(\d{1,9})\])?")
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\],:\n]|[^\s"{}\[\],:]+')


def path_of(place: str) -> Path:
    """The steps of a place below its root: ``Bundle.entry[0].resource`` is ``("entry", 0, "resource")``."""
    steps: list[str | int] = []
    for step in place.split(".")[1:]:
        found = _STEP.fullmatch(step)
        if found is None:
            break
        steps.append(found[1])
        if found[2] is not None:
            steps.append(int(found[2]))
    return tuple(steps)


def lines_in_json(data: bytes, places: Iterable[str], first: int = 1) -> Mapping[str, int]:
    """The lines of places in a JSON text whose first line has a number; a place that is not there is left out."""
    wanted = {path_of(place): place for place in places}
    found: dict[str, int] = {}
    if not wanted or len(data) > LARGEST:
        return found
    line = first
    # The containers open now: the key or the index that comes next in each.
    stack: list[str | int] = []
    key: bytes | None = None
    is_value = True
    for token in _TOKEN.finditer(data):
        mark = token[0]
        if mark == b"\n":
            line += 1
        elif mark == b":":
            stack[-1:] = [_text(key)] if stack else []
            is_value = True
        elif mark == b",":
            is_value = bool(stack) and type(stack[-1]) is int
            if is_value:
                stack[-1] = cast("int", stack[-1]) + 1
        elif mark in (b"}", b"]"):
            del stack[-1:]
            is_value = False
        elif not is_value and mark not in (b"{", b"["):
            key = mark
        else:
            place = wanted.get(tuple(stack))
            if place is not None:
                found.setdefault(place, line)
            is_value = mark == b"["
            if mark in (b"{", b"["):
                stack.append(0 if mark == b"[" else "")
    return found


def _text(key: bytes | None) -> str:
    return key[1:-1].decode("utf-8", "replace") if key else ""


def lines_in_xml(root: etree._Element, places: Iterable[str]) -> Mapping[str, int]:
    """The lines of places in the tree of a resource."""
    names = LocalNames()
    found: dict[str, int] = {}
    for place in places:
        element = _reached(root, path_of(place), names)
        line = None if element is None else cast("int | None", element.sourceline)
        if line is not None:
            found[place] = line
    return found


def _reached(root: etree._Element, path: Path, names: LocalNames) -> etree._Element | None:
    element = root
    steps = list(path)
    while steps:
        name = str(steps.pop(0)).lstrip("_")
        position = steps.pop(0) if steps and type(steps[0]) is int else 0
        children = [one for one in element.iterchildren(etree.Element) if names[str(one.tag)] == name]
        if not 0 <= int(position) < len(children):
            return None
        element = children[int(position)]
        if name in ("contained", "resource") and len(element):
            element = element[0]
    return element
