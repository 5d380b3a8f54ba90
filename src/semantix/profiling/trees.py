"""Tables inside trees: the elements of XML and the objects of JSON that come back with the same fields."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from lxml import etree

from semantix.errors import UnreadableInput
from semantix.parsers.tabular.trees import read_json, read_tree
from semantix.profiling.figures import Remark
from semantix.profiling.opened import Opened
from semantix.profiling.sniffing import is_name

MAX_TABLES = 10
DEPTH = 3
"""How far below its row a field is looked for."""
_LEVELS = 6
_MAX_FIELDS = 500
_KEY = re.compile(r"[A-Za-z_]\w*")
Fields = dict[str, str]


def xml_tables(data: bytes, name: str) -> Iterator[Opened]:
    """The rows of an XML document, by the path of their element. Raises UnreadableInput."""
    root = read_tree(data, name)
    if root.tag == "ClinicalDocument":
        raise UnreadableInput(f"{name}: this is a CDA document, which `convert` reads as it is; try `identify`")
    walk = _XmlWalk()
    walk.go(root, "/" + str(root.tag), {})
    coming_back = {path: rows for path, rows in walk.by_path.items() if path in walk.repeated}
    return _tables(coming_back or walk.by_path)


class _XmlWalk:
    """Gathers rows by the path of their element; an element that comes back in its parent is a row for sure."""

    def __init__(self) -> None:
        self.by_path: dict[str, list[Fields]] = defaultdict(list)
        self.repeated: set[str] = set()

    def go(self, element: etree._Element, path: str, above: Fields) -> None:
        """Go down; ``above`` are the fields of the elements around, by their path from a row."""
        if path.count("/") > _LEVELS:
            return
        counts = Counter(child.tag for child in element)
        for child in element:
            here = f"{path}/{child.tag}"
            fields: Fields = {}
            _xml_fields(child, "", fields, 0)
            if len(fields) > 1:
                self.by_path[here].append({**fields, **above})
            if counts[child.tag] > 1:
                self.repeated.add(here)
            if len(child):
                around = {key: value for key, value in fields.items() if "/" not in key} | above
                self.go(child, here, {f"../{key}": value for key, value in around.items()})


def _xml_fields(element: etree._Element, prefix: str, fields: Fields, depth: int) -> None:
    """The attributes and the leaves of an element; an element that comes back in it is a row of its own."""
    for key, value in element.attrib.items():
        fields.setdefault(f"{prefix}@{str(key).rpartition('}')[2]}", str(value))
    counts = Counter(child.tag for child in element)
    for child in element:
        if len(fields) >= _MAX_FIELDS:
            return
        path = f"{prefix}{child.tag}"
        if not len(child):
            text = (child.text or "").strip()
            fields[path] = f"{fields[path]} {text}" if path in fields else text
            for key, value in child.attrib.items():
                fields.setdefault(f"{path}/@{str(key).rpartition('}')[2]}", str(value))
        elif counts[child.tag] == 1 and depth + 1 < DEPTH:
            _xml_fields(child, f"{path}/", fields, depth + 1)


def json_tables(data: bytes, name: str) -> Iterator[Opened]:
    """The objects of the lists of a JSON document, or one a line. Raises UnreadableInput."""
    document = read_json(data, name)
    first = document[0] if isinstance(document, list) and document else document
    if isinstance(first, dict) and "resourceType" in first:
        raise UnreadableInput(f"{name}: this is FHIR, which `convert` reads as it is; try `identify`")
    by_path: dict[str, list[Fields]] = defaultdict(list)
    _walk_json(document, "$", by_path, 0)
    return _tables(by_path)


def _walk_json(value: Any, path: str, by_path: dict[str, list[Fields]], level: int) -> None:
    if level > _LEVELS:
        return
    if isinstance(value, dict):
        are_data = _keys_are_data(value)
        for key, inner in value.items():
            _walk_json(inner, path + _step(str(key), is_data=are_data), by_path, level + 1)
    elif isinstance(value, list):
        here = f"{path}[*]"
        for item in value:
            if isinstance(item, dict):
                fields: Fields = {}
                _json_fields(item, "", fields, 0)
                if len(fields) > 1:
                    by_path[here].append(fields)
                _walk_json(item, here, by_path, level + 1)


def _keys_are_data(item: dict[str, Any]) -> bool:
    """True when the keys are values (names, numbers) under which alike objects stand: none is shown."""
    inner = list(item.values())
    if len(inner) < 2 or not all(isinstance(one, dict) for one in inner) or any(map(is_name, map(str, item))):
        return False
    return not set(inner[0]).isdisjoint(inner[1])


def _step(key: str, *, is_data: bool = False) -> str:
    if is_data or not (_KEY.fullmatch(key) or is_name(key)):
        return ".*"
    return f".{key}" if _KEY.fullmatch(key) else "['" + key.replace("\\", "\\\\").replace("'", "\\'") + "']"


def _json_fields(item: dict[str, Any], prefix: str, fields: Fields, depth: int) -> None:
    are_data = _keys_are_data(item)
    for key, value in item.items():
        if len(fields) >= _MAX_FIELDS:
            return
        # A word in capitals that stands for an object is more often a name than a heading.
        is_data = are_data or (isinstance(value, dict) and str(key).isupper() and not is_name(str(key)))
        step = _step(str(key), is_data=is_data)
        path = f"{prefix}{step}" if prefix or step == ".*" else str(key)
        if isinstance(value, dict):
            if depth + 1 < DEPTH:
                _json_fields(value, prefix + step if prefix else "$" + step, fields, depth + 1)
        elif not isinstance(value, list):
            fields[path] = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _tables(by_path: dict[str, list[Fields]]) -> Iterator[Opened]:
    """The paths with the most cells; rows of one element are none."""
    several = {path: rows for path, rows in by_path.items() if len(rows) > 1} or by_path
    ordered = sorted(several, key=lambda path: (-sum(map(len, several[path])), path))[:MAX_TABLES]
    for path in ordered:
        rows = several[path]
        names = list(dict.fromkeys(key for fields in rows for key in fields))[:_MAX_FIELDS]
        yield Opened(
            name=re.findall(r"[^\W_]\w*", path)[-1] if re.search(r"\w", path) else "rows",
            source=path,
            rows=([fields.get(key, "") for key in names] for fields in rows),
            names=names,
            at=names,
            reason=Remark("names-in-file"),
        )
