"""The functions of XPath 2 that rules call, over sequences: one Python function each, in one table.

Source: XQuery 1.0 and XPath 2.0 Functions and Operators (second edition).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from lxml import etree

from semantix.validation.rulesets.fast.casting import cast_to
from semantix.validation.rulesets.fast.regexes import Regex, compile_regex, replacement
from semantix.validation.rulesets.fast.syntax import DynamicError
from semantix.validation.rulesets.fast.values import (
    Items,
    QName,
    arithmetic,
    at_most_one,
    atoms,
    element,
    kind,
    number,
    owner,
    text_of,
    truth,
    written,
)

Function = Callable[..., list[Any]]
_name_of = etree.XPath("name()", smart_strings=False)
_attribute_name = etree.XPath("name(@*[local-name()=$local and namespace-uri()=$uri])", smart_strings=False)
_EXCLUDED = frozenset('<>" {}|\\^`')


def _string(items: Items) -> list[Any]:
    value = at_most_one(items)
    return ["" if value is None else written(value)]


def _concat(*args: Items) -> list[Any]:
    return ["".join(_string(arg)[0] for arg in args)]


def _string_join(items: Items, separator: Items = ("",)) -> list[Any]:
    return [text_of(separator).join(map(written, atoms(items)))]


def _substring(items: Items, start: Items, length: Items | None = None) -> list[Any]:
    text = text_of(items)
    if type(start[0]) is int and start[0] > 0 and (length is None or type(length[0]) is int) if start else False:
        return [text[start[0] - 1 :] if length is None else text[start[0] - 1 : max(0, start[0] - 1 + length[0])]]
    first = _rounded(_numeric(start))
    last = first + _rounded(_numeric(length)) if length is not None else float("inf")
    return ["".join(char for place, char in enumerate(text, 1) if first <= place < last)]


def _numeric(items: Items) -> float:
    found = arithmetic("+", items, [0])
    if not found:
        raise DynamicError("a number is needed")
    return float(found[0])


def _rounded(value: float) -> float:
    if not math.isfinite(value):
        return value
    return float(int((value + 0.5) // 1))


def _distinct(items: Items) -> list[Any]:
    seen: dict[Any, Any] = {}
    for value in atoms(items):
        seen.setdefault((isinstance(value, bool), str(value) if isinstance(value, str) else value), value)
    return list(seen.values())


def _tokens(text: str, regex: Regex) -> list[Any]:
    if not text:
        return []
    if regex.pattern.search("") is not None:
        raise DynamicError("a regular expression that matches nothing")
    found, at = [], 0
    for match in regex.pattern.finditer(regex.checked(text)):
        found.append(text[at : match.start()])
        at = match.end()
    return [*found, text[at:]]


def _replace(text: str, regex: Regex, with_: str) -> list[Any]:
    if regex.pattern.search("") is not None:
        raise DynamicError("a regular expression that matches nothing")
    return [regex.pattern.sub(with_, regex.checked(text))]


def with_regex(name: str, pattern: str, flags: str = "", with_: str = "") -> Function:
    """``matches``, ``tokenize`` or ``replace`` with what is constant made ready; raises NotUnderstood."""
    regex = compile_regex(pattern, flags)
    if name == "matches":
        return lambda items: [regex.matches(text_of(items))]
    if name == "tokenize":
        return lambda items: _tokens(text_of(items), regex)
    ready = replacement(with_, regex.pattern.groups)
    return lambda items: _replace(text_of(items), regex, ready)


def node_name(items: Items) -> list[Any]:
    """``fn:name``."""
    node = _one_node(items)
    if node is None:
        return [""]
    if isinstance(node, etree._Element):
        return [str(_name_of(node))]
    parent, name = owner(node), getattr(node, "attrname", None) or getattr(node, "name", None)
    if name is None or parent is None:
        return [""]
    tag = etree.QName(name)
    return [str(_attribute_name(parent, local=tag.localname, uri=tag.namespace or ""))]


def _expanded(items: Items) -> QName | None:
    node = _one_node(items)
    own = node.tag if isinstance(node, etree._Element) else None
    name = own or getattr(node, "attrname", None) or getattr(node, "name", None)
    if name is None:
        return None
    tag = etree.QName(name)
    return QName(tag.namespace or "", tag.localname)


def _one_node(items: Items) -> Any:
    if len(items) > 1:
        raise DynamicError("more than one node where one is needed")
    if items and not isinstance(items[0], etree._Element) and owner(items[0]) is None:
        raise DynamicError("a node is needed")
    return items[0] if items else None


def _local_name(items: Items) -> list[Any]:
    name = _expanded(items)
    return ["" if name is None else name.local]


def _namespace(items: Items) -> list[Any]:
    name = _expanded(items)
    return ["" if name is None else name.uri]


def _qname(uri: Items, name: Items) -> list[Any]:
    prefix, _, local = text_of(name).rpartition(":")
    return [QName(text_of(uri), local, prefix)]


def _resolved(name: Items, node: Items) -> list[Any]:
    value = at_most_one(name)
    if value is None:
        return []
    text = text_of(name).strip(" \t\r\n")
    prefix, colon, local = text.partition(":")
    if not colon:
        prefix, local = "", prefix
    if not _is_ncname(local) or (colon and not _is_ncname(prefix)):
        raise DynamicError("a text that is no qualified name")
    namespaces = element(node[0] if node else None).nsmap
    if prefix == "xml":
        return [QName("http://www.w3.org/XML/1998/namespace", local, prefix)]
    if prefix and prefix not in namespaces:
        raise DynamicError("a prefix that is not declared")
    return [QName(namespaces.get(prefix or None, ""), local, prefix)]


def _is_ncname(text: str) -> bool:
    return (
        bool(text)
        and (text[0].isalpha() or text[0] == "_")
        and all(char.isalnum() or char in "_-.·" or ord(char) > 767 for char in text)
    )


def _of_qname(items: Items, *, uri: bool) -> list[Any]:
    value = at_most_one(items)
    if value is None:
        return []
    if not isinstance(value, QName):
        raise DynamicError(f"a {kind(value)} where a qualified name is needed")
    return [value.uri if uri else value.local]


def _iri_to_uri(items: Items) -> list[Any]:
    return [
        "".join(
            char if " " < char < "\x7f" and char not in _EXCLUDED else "".join(f"%{byte:02X}" for byte in char.encode())
            for char in text_of(items)
        )
    ]


def _number(items: Items) -> list[Any]:
    return [number(at_most_one(items))]


def _sum(items: Items) -> list[Any]:
    total: list[Any] = [0]
    for value in atoms(items):
        total = arithmetic("+", total, [value])
    return total


def _constructor(name: str) -> Function:
    def construct(items: Items) -> list[Any]:
        value = at_most_one(items)
        return [] if value is None else [cast_to(name, value)]

    return construct


def _index_of(items: Items, target: Items) -> list[Any]:
    wanted = at_most_one(target)
    return [
        place
        for place, value in enumerate(atoms(items), 1)
        if value == wanted and isinstance(value, str) == isinstance(wanted, str)
    ]


# name: (fewest arguments, most, function)
FUNCTIONS: dict[str, tuple[int, int, Function]] = {
    "not": (1, 1, lambda items: [not truth(items)]),
    "boolean": (1, 1, lambda items: [truth(items)]),
    "true": (0, 0, lambda: [True]),
    "false": (0, 0, lambda: [False]),
    "empty": (1, 1, lambda items: [not items]),
    "exists": (1, 1, lambda items: [bool(items)]),
    "count": (1, 1, lambda items: [len(items)]),
    "sum": (1, 1, _sum),
    "string": (1, 1, _string),
    "concat": (2, 99, _concat),
    "string-join": (1, 2, _string_join),
    "substring": (2, 3, _substring),
    "substring-before": (2, 2, lambda a, b: [_before(text_of(a), text_of(b))]),
    "substring-after": (2, 2, lambda a, b: [text_of(a).partition(text_of(b))[2] if text_of(b) else text_of(a)]),
    "string-length": (1, 1, lambda items: [len(text_of(items))]),
    "normalize-space": (1, 1, lambda items: [" ".join(part for part in _blank(text_of(items)) if part)]),
    "translate": (3, 3, lambda a, b, c: [_translate(text_of(a), text_of(b), text_of(c))]),
    "upper-case": (1, 1, lambda items: [text_of(items).upper()]),
    "lower-case": (1, 1, lambda items: [text_of(items).lower()]),
    "contains": (2, 2, lambda a, b: [text_of(b) in text_of(a)]),
    "starts-with": (2, 2, lambda a, b: [text_of(a).startswith(text_of(b))]),
    "ends-with": (2, 2, lambda a, b: [text_of(a).endswith(text_of(b))]),
    "distinct-values": (1, 1, _distinct),
    "index-of": (2, 2, _index_of),
    "number": (1, 1, _number),
    "data": (1, 1, atoms),
    "name": (1, 1, node_name),
    "local-name": (1, 1, _local_name),
    "namespace-uri": (1, 1, _namespace),
    "QName": (2, 2, _qname),
    "resolve-QName": (2, 2, _resolved),
    "local-name-from-QName": (1, 1, lambda items: _of_qname(items, uri=False)),
    "namespace-uri-from-QName": (1, 1, lambda items: _of_qname(items, uri=True)),
    "iri-to-uri": (1, 1, _iri_to_uri),
    "xs:dateTime": (1, 1, _constructor("xs:dateTime")),
    "xs:date": (1, 1, _constructor("xs:date")),
    "xs:boolean": (1, 1, _constructor("xs:boolean")),
    "xs:integer": (1, 1, _constructor("xs:integer")),
    "xs:decimal": (1, 1, _constructor("xs:decimal")),
    "xs:double": (1, 1, _constructor("xs:double")),
    "xs:string": (1, 1, _constructor("xs:string")),
}
IMPLICIT = frozenset("string string-length normalize-space name local-name namespace-uri number".split())
"""Functions whose missing argument is the context item."""


def _before(text: str, separator: str) -> str:
    return text.partition(separator)[0] if separator and separator in text else ""


def _blank(text: str) -> list[str]:
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ").split(" ")


def _translate(text: str, source: str, target: str) -> str:
    table: dict[int, str | None] = {}
    for place, char in enumerate(source):
        table.setdefault(ord(char), target[place] if place < len(target) else None)
    return text.translate(table)
