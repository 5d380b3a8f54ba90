"""YAML to plain values, with the line of each: no tags, no merge keys, no key twice, bounded in depth and in number.

A plain whole number is an ``int``, ``null`` or nothing is ``None``, and every other scalar is the text as written:
``1.0``, ``2021-03-04`` and ``on`` mean themselves.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 50_000
_INT = re.compile(r"-?(0|[1-9]\d{0,8})")
_NULLS = frozenset({"", "~", "null"})
Path = tuple[str | int, ...]


class BadYaml(ValueError):
    """What is wrong, with its line."""


class Tree:
    """The ``value`` of a document, and the ``lines`` of its parts by path, from 1."""

    def __init__(self, data: bytes) -> None:
        self.lines: dict[Path, int] = {}
        self._nodes = 0
        _refuse_hostile(data)
        try:
            loader = _LOADER(data)
            try:
                root = loader.get_single_node()
            finally:
                loader.dispose()
        except yaml.YAMLError as error:
            raise BadYaml(_words(error)) from None
        if root is None:
            raise BadYaml("it is empty")
        self.value: Any = self._build(root, ())

    def line(self, path: Path) -> int:
        """The line of the longest beginning of a path that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def _build(self, node: yaml.Node, path: Path) -> Any:
        line = _line(node)
        self.lines.setdefault(path, line)
        self._nodes += 1
        if self._nodes > MAX_NODES or len(path) > MAX_DEPTH:
            raise BadYaml(f"line {line}: more than {MAX_NODES} values or {MAX_DEPTH} levels (aliases count each time)")
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self._build(child, (*path, index)) for index, child in enumerate(node.value)]
        found: dict[str, Any] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise BadYaml(f"line {_line(key)}: a key that is not a word")
            if key.value in found:
                raise BadYaml(f"line {_line(key)}: the key {key.value!r} for the second time")
            if key.value == "<<":
                raise BadYaml(f"line {_line(key)}: merge keys (<<) are not read; write the keys")
            self.lines[*path, key.value] = _line(key)
            found[key.value] = self._build(child, (*path, key.value))
        return found


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _refuse_hostile(data: bytes) -> None:
    """Look at the events alone, which nest nothing, before anything that calls itself."""
    if len(data) > MAX_BYTES:
        raise BadYaml(f"{len(data)} bytes, at most {MAX_BYTES} expected")
    depth = 0
    try:
        for event in yaml.parse(data, Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise BadYaml(f"line {_line(event)}: more than {MAX_DEPTH} levels")
            if getattr(event, "tag", None) not in {None, "!"}:
                raise BadYaml(f"line {_line(event)}: a tag (!); a pack holds plain values only")
    except yaml.YAMLError as error:
        raise BadYaml(_words(error)) from None
    except (UnicodeError, RecursionError):
        raise BadYaml("its characters are not UTF-8") from None


def _line(marked: yaml.Node | yaml.Event) -> int:
    mark = marked.start_mark
    return mark.line + 1 if mark is not None else 1


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    if node.style:
        return text
    if text in _NULLS:
        return None
    return int(text) if _INT.fullmatch(text) else text


def _words(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not YAML"
    return f"line {mark.line + 1}: {problem}" if mark is not None else str(problem)
