"""The XSD of a rule set over lxml. What libxml2 says quotes the document; only names and what is expected are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from lxml import etree
from msgspec.structs import replace

from semantix.errors import BadRuleSet
from semantix.parsers.cda.context import path_of
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.rulesets import words
from semantix.validation.rulesets.layout import XSD

Element = etree._Element
LAYER = "xsd"
_SCHEMA = "{http://www.w3.org/2001/XMLSchema}"
_LINKS = tuple(f"{_SCHEMA}{name}" for name in ("import", "include", "redefine"))
_LONGEST = 300
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NOTHING = "∅"
"""What the schema allows more at a place where it allows nothing: needs no language."""
_HEAD = re.compile(r"Element '(?:\{[^}']*\})?([^']+)'(?:, attribute '(\{[^}']*\})?([^']+)')?: ")
_ALLOWED = re.compile(r"Expected is (?:one of )?\( ([^()]*) \)\.\s*$")
_NAMED = re.compile(r"The attribute '(?:\{[^}']*\})?([^']+)' is (?:not allowed|required but missing)\.\s*$")
# The value of the document comes before these words; the last such words of a message are those of libxml2.
_PATTERN = re.compile(r".* is not accepted by the pattern '(.*)'\.\s*$", re.DOTALL)
_SET = re.compile(r".* is not an element of the set \{(.*)\}\.\s*$", re.DOTALL)
_TYPE = re.compile(r".* is not a valid value of the (?:local )?\w+ type(?: '(?:\{[^}']*\})?([^']*)')?\.\s*$", re.DOTALL)
_STEP = re.compile(r"(?:([^:\[\]/]+):)?([^:\[\]/]+)(?:\[(\d+)\])?$")
_VALUE_ERRORS = ("DATATYPE", "FACET", "PATTERN", "ENUMERATION", "LENGTH", "INCLUSIVE", "EXCLUSIVE", "DIGITS")
_RULES: Mapping[str, RuleInfo] = MappingProxyType(
    {
        "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": words.UNEXPECTED_ATTRIBUTE,
        "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": words.UNEXPECTED_ATTRIBUTE,
        "SCHEMAV_CVC_COMPLEX_TYPE_4": words.MISSING_ATTRIBUTE,
        "SCHEMAV_CVC_COMPLEX_TYPE_2_1": words.STRAY_CONTENT,
        "SCHEMAV_CVC_COMPLEX_TYPE_2_2": words.STRAY_CONTENT,
        "SCHEMAV_CVC_COMPLEX_TYPE_2_3": words.STRAY_CONTENT,
        "SCHEMAV_CVC_TYPE_2": words.BAD_TYPE,
        "SCHEMAV_CVC_ELT_4_1": words.BAD_TYPE,
        "SCHEMAV_CVC_ELT_4_2": words.BAD_TYPE,
        "SCHEMAV_CVC_ELT_4_3": words.BAD_TYPE,
    }
)


class Xsd:
    """A compiled schema. It is not to be shared between threads."""

    def __init__(self, schema: etree.XMLSchema) -> None:
        self._schema = schema

    @classmethod
    def load(cls, top: Path) -> Xsd:
        """Compile the schema of a rule set. Only files under ``top`` are read. Raises BadRuleSet."""
        path = (top / XSD).resolve()
        _check_links(path, top.resolve())
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return cls(etree.XMLSchema(etree.parse(str(path), parser)))
        except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError):
            raise BadRuleSet(f"{XSD}: not a schema that can be compiled; install the whole rule set again") from None

    def check(self, root: Element) -> tuple[Finding, ...]:
        """What the schema refuses in a document, in its order; one finding for each place and rule."""
        if self._schema.validate(root):
            return ()
        found: dict[tuple[str, str, str], Finding] = {}
        for error in cast("Iterable[etree._LogEntry]", self._schema.error_log):
            each = _finding(error, root)
            key = (each.code, each.path or str(each.line), each.facts.get("attribute", ""))
            before = found.get(key)
            if before is None:
                found[key] = each
            elif before.code == words.BAD_VALUE.code:
                # One wrong value gives several errors, each with a part of what is expected.
                found[key] = replace(before, facts=_joined(before.facts, each.facts))
        return tuple(found.values())


def _joined(first: Mapping[str, str], second: Mapping[str, str]) -> Mapping[str, str]:
    known = [part for part in first["expected"].split("; ") if part != XSD]
    more = [part for part in second["expected"].split("; ") if part not in (*known, XSD)]
    return {**first, "expected": "; ".join([*known, *more]) or XSD}


def _check_links(path: Path, top: Path) -> None:
    """Follow imports ourselves first: libxml2 would read anything that they name."""
    seen: set[Path] = set()
    todo = [path]
    while todo:
        here = todo.pop()
        if here in seen or not here.is_file():
            continue  # libxml2 goes without a part that is not there, as the official tool does
        seen.add(here)
        for location in _locations(here):
            other = (here.parent / location).resolve()
            if ":" in location or location.startswith(("/", "\\")) or not other.is_relative_to(top):
                raise BadRuleSet(f"{here.name}: the schema names a file outside of the rule set; it is not loaded")
            todo.append(other)


def _locations(path: Path) -> Iterator[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.parse(str(path), parser).getroot()
    except (OSError, etree.XMLSyntaxError):
        raise BadRuleSet(f"{path.name}: not a schema; install the whole rule set again") from None
    for link in root.iterchildren(*_LINKS):
        location = link.get("schemaLocation")
        if location:
            yield location.strip()


def _finding(error: etree._LogEntry, root: Element) -> Finding:
    element = _element(root, error.path)
    path = path_of(element) if element is not None else ""
    line = error.line or (cast("int | None", element.sourceline) if element is not None else None)
    rule, facts = _read(error)
    if rule is words.UNEXPECTED_ELEMENT:
        parent = element.getparent() if element is not None else None
        facts["parent"] = etree.QName(parent).localname if parent is not None else ""
    if "attribute" in facts and rule is not words.MISSING_ATTRIBUTE and path:
        path = f"{path}/@{facts['attribute']}"
    return finding(rule, path, line, layer=LAYER, **facts)


def _read(error: etree._LogEntry) -> tuple[RuleInfo, dict[str, str]]:
    """The rule of ours and the facts of an error, from what can be no value of the document."""
    message, kind = error.message, error.type_name
    head = _HEAD.match(message)
    facts = {"element": head.group(1) if head else ""}
    if kind == "SCHEMAV_ELEMENT_CONTENT":
        rule = words.MISSING_ELEMENT if "Missing child element(s)." in message else words.UNEXPECTED_ELEMENT
        return rule, facts | {"expected": _allowed(message)}
    if head and head.group(3):
        facts["attribute"] = ("xsi:" if head.group(2) == _XSI else "") + head.group(3)
    known = words.BAD_TYPE if facts.get("attribute") == "xsi:type" else _RULES.get(kind)
    if known in {words.UNEXPECTED_ATTRIBUTE, words.MISSING_ATTRIBUTE}:
        named = _NAMED.search(message)
        return known, facts | {"attribute": named.group(1) if named else facts.get("attribute", "")}
    if known is None and any(word in kind for word in _VALUE_ERRORS):
        place = f"@{facts['attribute']}" if "attribute" in facts else "text()"
        return words.BAD_VALUE, facts | {"place": place, "expected": _form(message)}
    if known is not None:
        return known, {"element": facts["element"]}
    return words.OTHER_SCHEMA_RULE, {"element": facts["element"], "clause": kind.removeprefix("SCHEMAV_").lower()}


def _allowed(message: str) -> str:
    found = _ALLOWED.search(message)
    if not found:
        return _NOTHING
    return _short(", ".join(name.strip().rpartition("}")[2] for name in found.group(1).split(",")))


def _form(message: str) -> str:
    """What a value must be, in words of the schema: a pattern, a list of values, a type."""
    pattern = _PATTERN.match(message)
    if pattern:
        return _short(pattern.group(1))
    values = _SET.match(message)
    if values:
        return _short(values.group(1).replace("'", ""))
    kind = _TYPE.match(message)
    return (kind.group(1) if kind else "") or XSD


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(',')[0] or text[:_LONGEST]}, …"


def _element(root: Element, path: str | None) -> Element | None:
    """The element of a path of libxml2 (``/*/*[3]/lab:x[2]``), which counts from the root that was validated."""
    here = root
    for step in (path or "").split("/")[2:]:
        found = _STEP.match(step)
        if not found:
            return None
        prefix, name, place = found.groups()
        same = [
            child
            for child in here.iterchildren(etree.Element)
            if name == "*" or (child.prefix == prefix and etree.QName(child).localname == name)
        ]
        index = int(place or 1) - 1
        if index >= len(same):
            return None
        here = same[index]
    return here if path else None
