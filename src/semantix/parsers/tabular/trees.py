"""Rows inside trees: XML by XPath, JSON by JSONPath. Rows and columns are chosen by a pack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import jsonpath
from lxml import etree

from semantix.errors import UnreadableInput
from semantix.parsers._xml import parse_xml
from semantix.parsers.tabular.rows import MAX_ROWS, Row

MAX_BYTES = 100_000_000
BETWEEN = "\n"
"""Between the values when a path finds several in one row."""


def check_xpath(path: str) -> None:
    """Raise ValueError for a path that is not XPath."""
    try:
        etree.XPath(path)
    except etree.XPathError:
        raise ValueError(f"not an XPath: {path!r}") from None


def check_jsonpath(path: str) -> None:
    """Raise ValueError for a path that is not JSONPath."""
    try:
        jsonpath.compile(path)
    except (jsonpath.JSONPathError, RecursionError):
        raise ValueError(f"not a JSONPath: {path!r}") from None


def read_tree(data: bytes, name: str) -> etree._Element:
    """An XML document whose elements have their local names only: the prefixes of an export change. Hardened."""
    root = parse_xml(data, name, max_bytes=MAX_BYTES)
    for element in root.iter():
        tag = element.tag
        if tag[:1] == "{":
            element.tag = tag.rpartition("}")[2]
    return root


def xml_rows(root: etree._Element, source: str, columns: Sequence[str]) -> Iterator[Row]:
    """A row for each element that an XPath finds, a cell for each path of ``columns`` from there."""
    paths = [_getter(column) for column in columns]
    found = etree.XPath(source)(root)
    if not isinstance(found, list):
        return
    for number, element in enumerate(found[:MAX_ROWS], 1):
        if isinstance(element, etree._Element):
            yield Row(number, [_xml_text(path(element)) for path in paths])
        else:
            yield Row(number, [str(element)])


def _getter(column: str) -> etree.XPath:
    return etree.XPath(column)


def _xml_text(found: Any) -> str:
    if isinstance(found, list):
        return BETWEEN.join(text for text in map(_one_text, found) if text)
    if isinstance(found, float):
        return str(int(found)) if found.is_integer() else repr(found)
    return str(found).strip()


def _one_text(found: Any) -> str:
    if isinstance(found, etree._Element):
        return " ".join("".join(map(str, found.itertext())).split())
    return str(found).strip()


def read_json(data: bytes, name: str) -> Any:
    """A JSON document, or one value a line in a list. Numbers keep their digits. Raises UnreadableInput."""
    if len(data) > MAX_BYTES:
        raise UnreadableInput(f"{name}: {len(data) // 1_000_000} MB of JSON, at most {MAX_BYTES // 1_000_000} expected")
    try:
        text = data.decode("utf-8-sig")
        try:
            return json.loads(text, parse_float=str, parse_int=str)
        except json.JSONDecodeError as error:
            lines = [line for line in text.splitlines() if line.strip()]
            if len(lines) < 2:
                raise UnreadableInput(f"{name}: line {error.lineno}, column {error.colno}: not JSON") from None
            return [json.loads(line, parse_float=str, parse_int=str) for line in lines]
    except UnicodeDecodeError:
        raise UnreadableInput(f"{name}: JSON whose bytes are not UTF-8") from None
    except json.JSONDecodeError:
        raise UnreadableInput(f"{name}: neither JSON nor one JSON value a line") from None
    except RecursionError:
        raise UnreadableInput(f"{name}: JSON nested too deep") from None


def json_rows(document: Any, source: str, columns: Sequence[str]) -> Iterator[Row]:
    """A row for each item that a JSONPath finds; a column is a key of the item, or a JSONPath from it (``$.a.b``)."""
    compiled = [jsonpath.compile(column) if column.startswith("$") else None for column in columns]
    try:
        items = jsonpath.compile(source).findall(document)
    except (jsonpath.JSONPathError, RecursionError):
        items = []
    for number, item in enumerate(items[:MAX_ROWS], 1):
        yield Row(number, [_json_cell(item, key, path) for key, path in zip(columns, compiled, strict=True)])


def _json_cell(item: Any, key: str, path: Any) -> str:
    if path is None:
        return _json_text(item.get(key)) if isinstance(item, dict) else ""
    try:
        found = path.findall(item) if isinstance(item, dict | list) else []
    except (jsonpath.JSONPathError, RecursionError):
        found = []
    return BETWEEN.join(text for text in map(_json_text, found) if text)


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
