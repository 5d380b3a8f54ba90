"""From the bytes of a pack to a pack that is checked, or to what is wrong with it and on which line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from semantix.errors import BadPack
from semantix.parsers.packs.checks import faults
from semantix.parsers.packs.spec import Pack, PackSpec
from semantix.parsers.packs.templates import expand
from semantix.parsers.packs.yaml_tree import BadYaml, Path, Tree

SHOWN = 8
"""Faults of one pack that are told at once."""


def load_pack(data: bytes, name: str) -> Pack:
    """Read and check a pack. Raises BadPack with the line and the place of what is wrong."""
    try:
        tree = Tree(data)
    except BadYaml as error:
        raise BadPack(f"{name}: {error}") from None
    if not isinstance(tree.value, dict):
        raise BadPack(f"{name}: a mapping was expected (pack, version, software, files...); see `semantix pack schema`")
    try:
        spec = PackSpec.model_validate(tree.value)
        spec = expand(spec)
    except ValidationError as error:
        raise BadPack(_told(name, tree, _faults(tree, error))) from None
    found = list(faults(spec))
    if found:
        raise BadPack(_told(name, tree, found))
    return Pack(id=spec.pack, version=spec.version, digest=_digest(tree.value), name=name, spec=spec)


def _digest(value: Any) -> str:
    """SHA-256 of the content in one canonical form: comments, order of keys and layout do not count."""
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _faults(tree: Tree, error: ValidationError) -> Iterable[tuple[Path, str]]:
    for each in error.errors(include_url=False, include_input=False):
        words = _WORDS.get(each["type"]) or each["msg"].removeprefix("Value error, ")
        yield _real_path(tree, each["loc"]), words


def _real_path(tree: Tree, loc: tuple[str | int, ...]) -> Path:
    """The path in the document: pydantic puts the names of union members between."""
    path: Path = ()
    for step in loc:
        if (*path, step) in tree.lines:
            path = (*path, step)
    last = loc[-1] if loc else ""
    return (*path, last) if isinstance(last, str) and last not in path[-1:] and last not in _MEMBERS else path


_WORDS = {"missing": "it is missing", "extra_forbidden": "no such field here"}
_MEMBERS = frozenset({"name", "whole", "expression", "str", "int", "list[str]"})


def _told(name: str, tree: Tree, found: Iterable[tuple[Path, str]]) -> str:
    lines = [f"line {tree.line(path)}: {'/'.join(map(str, path))}: {words}" for path, words in found]
    lines = list(dict.fromkeys(lines))
    more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return f"{name}: " + "; ".join(lines[:SHOWN] + more)
