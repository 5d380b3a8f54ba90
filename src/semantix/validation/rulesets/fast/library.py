"""The documents that rules look into: value sets and terminologies of the rule set, loaded once, as sets of values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from semantix.errors import UnreadableInput
from semantix.parsers._xml import parse_xml
from semantix.validation.rulesets.fast.syntax import DynamicError

Element = etree._Element
Row = tuple[str, ...]


class Address(NamedTuple):
    """Where a document is, and what may be said of it when it is not there."""

    href: str
    name: str = ""

    def missing(self) -> DynamicError:
        """What stops a rule that asks for a document which is not there."""
        return DynamicError(f"the rule set has no readable {self.name or 'file of the name asked for'}")


class Library:
    """The files of one rule set, under ``root``: nothing outside is ever read, whatever a document says.

    Share one between the layers of a rule set. Trees are kept for small files that rules walk through; a table keeps
    the values only.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._trees: dict[Path, Element | None] = {}
        self._tables: dict[tuple[Path, str, Row], frozenset[Row] | None] = {}
        self._found: dict[tuple[Path, str], Path | None] = {}

    def find(self, base: Path, href: str) -> Path | None:
        """The file of an address relative to ``base``; None if there is none, or it lies outside."""
        key = (base, href)
        if key not in self._found:
            if len(self._found) > 100_000:
                self._found.clear()
            self._found[key] = self._locate(base, href)
        return self._found[key]

    def _locate(self, base: Path, href: str) -> Path | None:
        if not href or ":" in href or "\0" in href or href.startswith("/") or len(href) > 500:
            return None
        try:
            path = (base / unquote(href.partition("#")[0])).resolve()
            return path if path.is_relative_to(self.root) and path.is_file() else None
        except OSError:  # a name longer than a file may have: a document wrote it
            return None

    def tree(self, base: Path, address: Address) -> Element:
        """The root of a document; DynamicError if it cannot be read, as ``fn:doc``."""
        path = self.find(base, address.href)
        if path is not None and path not in self._trees:
            try:
                self._trees[path] = parse_xml(path.read_bytes(), path.name)
            except (OSError, UnreadableInput):
                self._trees[path] = None
        root = self._trees.get(path) if path is not None else None
        if root is None:
            raise address.missing()
        return root

    def table(self, base: Path, address: Address, tag: str, keys: Row) -> frozenset[Row]:
        """Of each element ``tag`` of a document, the values of ``keys``: attributes, or ``text()``."""
        path = self.find(base, address.href)
        if path is not None and (path, tag, keys) not in self._tables:
            try:
                self._tables[path, tag, keys] = frozenset(_rows(path, tag, keys))
            except (OSError, etree.XMLSyntaxError):
                self._tables[path, tag, keys] = None
        found = self._tables.get((path, tag, keys)) if path is not None else None
        if found is None:
            raise address.missing()
        return found


def _rows(path: Path, tag: str, keys: Row) -> Iterator[Row]:
    with path.open("rb") as file:
        events = etree.iterparse(
            file, events=("end",), tag=tag, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        for _, element in events:
            if keys == ("text()",):
                for text in (element.text, *(child.tail for child in element)):
                    if text:
                        yield (text,)
            else:
                values = tuple(element.get(key) for key in keys)
                if None not in values:
                    yield tuple(map(str, values))
            element.clear(keep_tail=True)
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
