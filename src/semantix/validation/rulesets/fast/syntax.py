"""The tree of an XPath 2 expression, as far as rule sets use the language."""

from __future__ import annotations

from msgspec import Struct


class Literal(Struct, frozen=True):
    """A string (``kind`` is ``string``) or a number (``integer``, ``decimal``, ``double``), as written."""

    kind: str
    text: str


class Variable(Struct, frozen=True):
    """``$name``."""

    name: str


class Dot(Struct, frozen=True):
    """``.``, the context item."""


class Sequence(Struct, frozen=True):
    """``(a, b)``, or ``()``."""

    items: tuple[Node, ...] = ()


class Call(Struct, frozen=True):
    """A function call; ``fn:`` is dropped from the name."""

    name: str
    args: tuple[Node, ...] = ()


class If(Struct, frozen=True):
    """``if (test) then a else b``."""

    test: Node
    then: Node
    other: Node


class Loop(Struct, frozen=True):
    """``for``, ``some`` or ``every`` (``kind``): variables in turn, then what is returned or satisfied."""

    kind: str
    bindings: tuple[tuple[str, Node], ...]
    body: Node


class Binary(Struct, frozen=True):
    """Two operands: ``or and = != < <= > >= eq ne lt le gt ge is to + - * div idiv mod | intersect except``."""

    op: str
    left: Node
    right: Node


class Negative(Struct, frozen=True):
    """``-a``."""

    of: Node


class Typed(Struct, frozen=True):
    """``castable as``, ``cast as``, ``instance of``, ``treat as`` (``op``: their first word), and the type."""

    op: str
    of: Node
    type: str


class Test(Struct, frozen=True):
    """A node test: ``kind`` is ``name`` (``*`` stands for any prefix or local name), or a kind of node."""

    kind: str
    prefix: str = ""
    local: str = "*"


class Step(Struct, frozen=True):
    """One step along an axis."""

    axis: str
    test: Test
    predicates: tuple[Node, ...] = ()


class Filter(Struct, frozen=True):
    """An expression that is no axis step, with predicates, or as a step of a path."""

    of: Node
    predicates: tuple[Node, ...] = ()


class Path(Struct, frozen=True):
    """Steps from the context item, or from the root of its tree (``absolute``)."""

    absolute: bool
    steps: tuple[Step | Filter, ...] = ()


Node = Literal | Variable | Dot | Sequence | Call | If | Loop | Binary | Negative | Typed | Filter | Path

ANY_NODE = Step("descendant-or-self", Test("node"))


class NotUnderstood(ValueError):
    """An expression, or a part of one, that this engine does not know: it must not be run by it."""


class DynamicError(ValueError):
    """What XPath 2 calls a dynamic error: the official engine stops there. The text never holds a value."""
