"""The state of one layer on one document while it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from semantix.validation.rulesets.fast.indexing import DocumentIndex
from semantix.validation.rulesets.fast.kinds import Bound
from semantix.validation.rulesets.fast.library import Address, Library
from semantix.validation.rulesets.fast.sequences import Env, identity
from semantix.validation.rulesets.fast.syntax import DynamicError
from semantix.validation.rulesets.fast.values import Element, Items, Kept, at_most_one, owner

_MOST_KEPT = 10_000
XPath = Callable[[Any, "Run"], Items]


class Source:
    """Where a layer looks documents up: the library, from the folder of its schema; what it found is kept."""

    def __init__(self, library: Library, base: Path) -> None:
        self.library, self.base = library, base
        self.kept: dict[tuple[str, str], Items] = {}


class Run:
    """One layer on one document: ``node`` is the one that a rule has met; variables are worked out when asked for."""

    __slots__ = ("answers", "constants", "document", "env", "globals", "kept", "memo", "node", "source", "unreached")

    def __init__(self, document: DocumentIndex, source: Source) -> None:
        self.document, self.source = document, source
        self.node: Element = document.root
        self.env = Env(self)
        self.memo: dict[int, Items] = {}
        self.globals: dict[int, Items] = {}
        self.answers: dict[tuple[Any, ...], bool | DynamicError] = {}
        self.kept: dict[tuple[Any, ...], Items] = {}
        self.constants: dict[int, Any] = {}
        self.unreached: dict[int, set[Element]] = {}

    def at(self, node: Element) -> None:
        """Turn to another node."""
        self.node = node
        self.memo = {}

    def value(self, bound: Bound) -> Items:
        """The value of a variable."""
        memo = self.globals if bound.root else self.memo
        found = memo.get(bound.number)
        if found is None:
            found = memo[bound.number] = self._work_out(bound)
        return found

    def _work_out(self, bound: Bound) -> Items:
        if bound.depends is None:
            return bound.closure(self.node, self.env)  # type: ignore[no-any-return]
        key = (bound.number, *map(self.node.get, bound.depends))
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = bound.closure(self.node, self.env)
        return found

    def scalar(self, bound: Bound) -> Any:
        """The value of a variable, as XPath 1 takes it."""
        value = at_most_one(self.value(bound), "variable")
        if isinstance(value, bool):
            return value
        return str(value) if isinstance(value, str) else float(value)

    def available(self, href: str) -> bool:
        """``fn:doc-available``."""
        return self.source.library.find(self.source.base, href) is not None

    def table(self, address: Address, tag: str, keys: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
        """A table of a document of the rule set."""
        return self.source.library.table(self.source.base, address, tag, keys)

    def in_library(self, address: Address, text: str, xpath: XPath, *, keep: bool) -> Items:
        """What a path finds in a document of the rule set; kept if it never changes."""
        found = self.source.kept.get((address.href, text)) if keep else None
        if found is None:
            found = xpath(self.source.library.tree(self.source.base, address), self)
            if keep and len(self.source.kept) < _MOST_KEPT:
                found = self.source.kept[address.href, text] = Kept(found)
        return found

    def in_order(self, items: Items) -> list[Any]:
        """Nodes in the order of the document, each once."""
        seen: dict[Any, Any] = {}
        for item in items:
            seen.setdefault(identity(item), item)
        return sorted(seen.values(), key=self._place)

    def _place(self, item: Any) -> tuple[int, int]:
        """The place of a node: its element, then the attributes of that, then its texts."""
        if isinstance(item, Element):
            return self.document.place(item), -1
        parent, name = owner(item), getattr(item, "attrname", None) or getattr(item, "name", None)
        names = [] if parent is None else parent.keys()
        place = -1 if parent is None else self.document.place(parent)
        return place, names.index(name) if name in names else len(names)
