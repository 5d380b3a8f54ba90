"""Reads a Schematron file into a ``Schema``, step by step as the official pipeline does.

The steps of the pipeline of the publication (``iso_dsdl_include``, ``iso_abstract_expand``, the skeleton for XSLT 2):
includes are replaced by the root of their file; abstract patterns are copied with each ``$param`` replaced as text, in
``test``, ``context``, ``select`` and in messages, in the order of the parameters; of the phases the default one is run,
else all patterns; ``extends`` puts the body of an abstract rule in its place, one of the same pattern first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

from lxml import etree

from semantix.errors import UnreadableInput
from semantix.parsers._xml import parse_xml
from semantix.validation.rulesets._schema import Assert, Let, Part, Pattern, Rule, Schema

ISO = "{http://purl.oclc.org/dsdl/schematron}"
MAX_FILES = 5_000
MAX_NESTING = 12
Element = etree._Element
Reader = Callable[[Path], Element]
_NO_RULES = frozenset({"title", "p", "ns", "let", "pattern", "phase", "diagnostics", "properties"})
_INLINE = frozenset({"emph", "span", "dir"})
_BINDINGS = frozenset({"xslt2", "xpath2"})


class BadSchema(UnreadableInput):
    """A Schematron file that cannot be expanded: an include missing or outside of the rule set, a circle."""


def read_schema(path: Path, root: Path | None = None) -> Schema:
    """Read a Schematron file and all that it includes; nothing outside of ``root`` (its own folder by default).

    Raises BadSchema or UnreadableInput.
    """
    top = (root or path.parent).resolve()

    def read(file: Path) -> Element:
        if not file.is_relative_to(top):
            raise BadSchema(
                f"{path.name}: it includes {file.name}, outside of the rule set; only files inside are read"
            )
        try:
            data = file.read_bytes()
        except OSError:
            raise BadSchema(
                f"{path.name}: it includes {file.name}, which is not there; install the whole set"
            ) from None
        return parse_xml(data, file.name)

    return expand(included(path.resolve(), read), path.name)


def included(path: Path, read: Reader, nesting: int = 0) -> Element:
    """The root of a file with each include replaced by the root of its file."""
    if nesting > MAX_NESTING:
        raise BadSchema(f"{path.name}: files include each other without end")
    root = read(path)
    for include in list(root.iter(f"{ISO}include")):
        href, _, fragment = include.get("href", "").partition("#")
        if fragment or not href:
            continue  # left in place: `beyond` names it
        _put(include, included((path.parent / href).resolve(), read, nesting + 1))
    return root


def _put(include: Element, found: Element) -> None:
    parent = include.getparent()
    if parent is None:
        return
    if not found.tag.startswith(ISO) or found.tag == f"{ISO}schema":
        _drop(parent, include)  # the pipeline only says that it is no fragment
        return
    found.tail = include.tail
    parent.replace(include, found)


def _drop(parent: Element, child: Element) -> None:
    before = child.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (child.tail or "")
    else:
        parent.text = (parent.text or "") + (child.tail or "")
    child.tail = None
    parent.remove(child)


def expand(root: Element, name: str) -> Schema:
    """The schema of a file whose includes are in place."""
    if root.tag != f"{ISO}schema":
        raise BadSchema(f"{name}: its root is not a Schematron schema")
    beyond = [f"schema/@queryBinding {root.get('queryBinding')}"] if root.get("queryBinding") not in _BINDINGS else []
    patterns = list(_concrete(root))
    active = _active(root, patterns)
    abstract = _abstract_rules(patterns)
    expanded = tuple(_pattern(pattern, abstract, beyond) for pattern in active)
    beyond.extend(_foreign(root))
    lets = [_let(let, beyond) for let in root.findall(f"{ISO}let")]
    lets += [_let(let, beyond) for pattern in active for let in pattern.findall(f"{ISO}let")]
    return Schema(
        title=_text(root.find(f"{ISO}title")),
        namespaces=tuple((ns.get("prefix", ""), ns.get("uri", "")) for ns in root.findall(f"{ISO}ns")),
        lets=tuple(lets),
        patterns=expanded,
        beyond=tuple(beyond),
    )


def _text(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def _foreign(root: Element) -> Iterator[str]:
    for child in root.iterchildren(etree.Element):
        local = child.tag.removeprefix(ISO)
        if local not in _NO_RULES:
            yield f"schema/{local} (line {child.sourceline})"


def _concrete(root: Element) -> Iterator[Element]:
    """The patterns in their order, each that is an instance of an abstract one made of it."""
    everywhere = list(root.iter(f"{ISO}pattern"))
    for pattern in root.findall(f"{ISO}pattern"):
        base = pattern.get("is-a")
        if pattern.get("abstract") == "true":
            continue
        if base is None:
            yield pattern
            continue
        for source in everywhere:
            if source.get("id") == base:
                yield _instance(source, pattern, everywhere)


def _instance(source: Element, caller: Element, everywhere: list[Element]) -> Element:
    name = caller.get("id")
    callers = [pattern for pattern in everywhere if pattern.get("id") == name] if name else []
    params = [(f"${param.get('name', '')}", param.get("value", "")) for param in caller.findall(f"{ISO}param")]
    if len(callers) > 1 or not name:
        params = []  # the pipeline looks parameters up by the identifier of the pattern, which must be its own
    made = deepcopy(source)
    made.tail = None
    for key in list(made.attrib):
        del made.attrib[key]
    made.set("id", name or str(source.get("id", "")))
    if len(callers) > 1:
        made.set("ambiguous", "true")
    for element in made.iter(etree.Element):
        if element is made:
            continue
        for key in ("test", "context", "select"):
            if key in element.attrib:
                element.set(key, _substitute(element.get(key, ""), params))
        element.text = _substitute(element.text or "", params)
        for child in element:
            child.tail = _substitute(child.tail or "", params)
    return made


def _substitute(text: str, params: list[tuple[str, str]]) -> str:
    for name, value in params:
        text = text.replace(name, value)
    return text


def _active(root: Element, patterns: list[Element]) -> list[Element]:
    phase = root.get("defaultPhase", "#ALL")
    if phase == "#ALL":
        return patterns
    names = {
        active.get("pattern")
        for found in root.findall(f"{ISO}phase")
        if found.get("id") == phase
        for active in found.findall(f"{ISO}active")
    }
    return [pattern for pattern in patterns if pattern.get("id") in names]


def _abstract_rules(patterns: list[Element]) -> dict[str, list[Element]]:
    rules: dict[str, list[Element]] = {}
    for pattern in patterns:
        for rule in pattern.findall(f"{ISO}rule"):
            if rule.get("id"):
                rules.setdefault(rule.get("id", ""), []).append(rule)
    return rules


def _pattern(pattern: Element, abstract: dict[str, list[Element]], beyond: list[str]) -> Pattern:
    name = pattern.get("id", "")
    beyond.extend(f"pattern {name}/@{key}" for key in ("documents", "document", "ambiguous") if key in pattern.attrib)
    rules = []
    for child in pattern.iterchildren(etree.Element):
        local = child.tag.removeprefix(ISO)
        if local == "rule":
            if child.get("abstract") != "true":
                rules.append(Rule(child.get("context", ""), tuple(_body(child, abstract, beyond))))
        elif local not in {"title", "p", "let", "param"}:
            beyond.append(f"pattern {name}/{local} (line {child.sourceline})")
    return Pattern(name, tuple(rules))


def _body(
    rule: Element, abstract: dict[str, list[Element]], beyond: list[str], nesting: int = 0
) -> Iterator[Let | Assert]:
    if nesting > MAX_NESTING:
        raise BadSchema(f"rule {rule.get('id')}: abstract rules extend each other without end")
    for child in rule.iterchildren(etree.Element):
        local = child.tag.removeprefix(ISO)
        if local == "let":
            yield _let(child, beyond)
        elif local in {"assert", "report"}:
            yield _assert(child, local == "report", beyond)
        elif local == "extends" and child.get("rule"):
            for other in _extended(child, abstract):
                yield from _body(other, abstract, beyond, nesting + 1)
        elif local not in {"title", "p"}:
            beyond.append(f"rule/{local} (line {child.sourceline})")


def _extended(extends: Element, abstract: dict[str, list[Element]]) -> list[Element]:
    """The abstract rules that are meant: of the same pattern if it has any of that name, else of all."""
    rule = extends.getparent()
    pattern = rule.getparent() if rule is not None else None
    named = abstract.get(extends.get("rule", ""), [])
    near = [found for found in named if found.getparent() is pattern]
    return [found for found in near or named if found.get("abstract") == "true"]


def _let(let: Element, beyond: list[str]) -> Let:
    name = let.get("name", "").strip()
    if "value" not in let.attrib:
        beyond.append(f"let {name} without a value (line {let.sourceline})")
    return Let(name, let.get("value", ""))


def _assert(element: Element, report: bool, beyond: list[str]) -> Assert:
    beyond.extend(
        f"assert/@{key} (line {element.sourceline})" for key in ("diagnostics", "properties") if key in element.attrib
    )
    return Assert(element.get("test", ""), element.get("role", ""), tuple(_parts(element)), report)


def _parts(element: Element) -> Iterator[Part]:
    """The parts of a message. A text of white space only is lost: the pipeline makes a stylesheet of it, without."""
    yield from _words(element.text)
    for child in element:
        local = child.tag.removeprefix(ISO)
        if local == "value-of":
            yield Part("value", child.get("select", "."))
        elif local == "name":
            yield Part("value", f"name({child.get('path', '.')})")
        elif local in _INLINE:
            yield from _words("".join(map(str, child.itertext())))
        yield from _words(child.tail)


def _words(text: str | None) -> Iterator[Part]:
    if text and text.strip(" \t\r\n"):
        yield Part("text", text)
