"""A Schematron schema once expanded: includes, abstract patterns, abstract rules and phases are gone."""

from __future__ import annotations

import hashlib

from msgspec import Struct


class Let(Struct, frozen=True, tag=True):
    """A variable: an XPath expression under a name."""

    name: str
    value: str


class Part(Struct, frozen=True):
    """A piece of a message: ``kind`` is ``text``, or ``value`` for an expression whose value is shown."""

    kind: str
    text: str


class Assert(Struct, frozen=True, tag=True):
    """An assert, or a report (``report``: it speaks when its test holds)."""

    test: str
    role: str = ""
    parts: tuple[Part, ...] = ()
    report: bool = False


class Rule(Struct, frozen=True):
    """The nodes that ``context`` matches, and what is asked of each: ``body`` in the order written."""

    context: str
    body: tuple[Let | Assert, ...] = ()


class Pattern(Struct, frozen=True):
    """Rules of which each node meets the first that matches it, and only that one."""

    id: str
    rules: tuple[Rule, ...] = ()


class Schema(Struct, frozen=True):
    """The active patterns of one schema.

    ``lets`` are those of the schema and of its active patterns: global, as the official pipeline makes them.
    ``namespaces`` are (prefix, address). ``beyond`` names what stands in the file and has no place here, each with
    its line: a schema with something beyond is not to be run by an engine that only knows this form.
    """

    title: str
    namespaces: tuple[tuple[str, str], ...] = ()
    lets: tuple[Let, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    beyond: tuple[str, ...] = ()


def rule_id(layer: str, pattern: str, context: str, test: str) -> str:
    """The stable name of an assert in its rule set: eight hexadecimal digits."""
    text = "|".join(" ".join(part.split()) for part in (layer, pattern, context, test))
    return hashlib.sha256(text.encode()).hexdigest()[:8]
