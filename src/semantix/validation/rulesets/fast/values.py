"""XPath 2 values in Python, and what the language does with them: atomising, comparing, casting, writing.

A sequence is a list. Its items are elements of lxml; attributes and texts, as the strings of lxml that know their
parent; and atomic values: ``Untyped`` (what a node is worth), ``str``, ``bool``, ``int``, ``Decimal``, ``float``,
``QName``, ``Moment``. An error is DynamicError, as in the language; no function guesses.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from lxml import etree

from semantix.validation.rulesets.fast.syntax import DynamicError

Element = etree._Element
TextNode = etree._ElementUnicodeResult
Items = Sequence[Any]
_string_of = etree.XPath("string()", smart_strings=False)


class Untyped(str):
    """The value of a node: compared as what it is compared with."""

    __slots__ = ()


class QName:
    """An expanded name; the prefix that it was written with does not count."""

    __slots__ = ("local", "prefix", "uri")

    def __init__(self, uri: str, local: str, prefix: str = "") -> None:
        self.uri, self.local, self.prefix = uri, local, prefix

    def __eq__(self, other: object) -> bool:
        return isinstance(other, QName) and (self.uri, self.local) == (other.uri, other.local)

    def __hash__(self) -> int:
        return hash((self.uri, self.local))


class Moment(NamedTuple):
    """A date and time: seconds since 1 March of the year 0, in UTC (as are those without a zone), and as written."""

    instant: Decimal
    text: str = ""


class Attribute(str):
    """An attribute read without XPath: a node still, with its element and its name."""

    __slots__ = ("name", "parent")
    name: str
    parent: Element

    def getparent(self) -> Element:
        """The element, as the attributes of lxml say it."""
        return self.parent


NODES = (Element, TextNode, Attribute)


def atoms(items: Items) -> list[Any]:
    """Each item as an atomic value."""
    return [
        item if not isinstance(item, NODES) else Untyped(_string_of(item) if isinstance(item, Element) else item)
        for item in items
    ]


class Kept(list[Any]):
    """Items that never change, of a document of the rule set; their texts are looked up in a set."""

    def __init__(self, items: Items) -> None:
        super().__init__(items)
        values = atoms(items)
        self.texts = frozenset(values) if all(isinstance(value, str) for value in values) else None


def at_most_one(items: Items, what: str = "argument") -> Any:
    """The only atomic value, or None; more than one is an error."""
    if not items:
        return None
    if len(items) > 1:
        raise DynamicError(f"more than one item as {what}")
    item = items[0]
    if not isinstance(item, NODES):
        return item
    return Untyped(_string_of(item) if isinstance(item, Element) else item)


def text_of(items: Items, what: str = "argument") -> str:
    """The string of an argument declared ``xs:string?``: empty if there is none."""
    value = at_most_one(items, what)
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    raise DynamicError(f"a {kind(value)} where a string is needed")


def kind(value: Any) -> str:
    """The name of the type of an atomic value, for messages."""
    names = {bool: "boolean", int: "integer", Decimal: "decimal", float: "double", str: "string"}
    return names.get(type(value), type(value).__name__)


def written(value: Any) -> str:
    """An atomic value as ``string()`` writes it."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, Decimal):
        text = format(value.normalize(), "f")
        return "0" if text == "-0" else text
    if isinstance(value, QName):
        return f"{value.prefix}:{value.local}" if value.prefix else value.local
    return value.text if isinstance(value, Moment) else str(value)


def _double(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    if 1e-6 <= abs(value) < 1e6:
        return format(Decimal(repr(value)).normalize(), "f")
    mantissa, exponent = f"{Decimal(repr(value)).normalize():E}".split("E")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(exponent)}"


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def truth(items: Items) -> bool:
    """The effective boolean value."""
    if not items:
        return False
    first = items[0]
    if isinstance(first, NODES):
        return True
    if len(items) > 1:
        raise DynamicError("no truth value: more than one item")
    if isinstance(first, str):
        return first != ""
    if isinstance(first, (bool, int, float, Decimal)):
        return bool(first) and not _is_nan(first)
    raise DynamicError(f"no truth value: a {kind(first)}")


_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_SPECIAL = {"INF": math.inf, "+INF": math.inf, "-INF": -math.inf, "NaN": math.nan}


def double(text: str) -> float:
    """``xs:double`` of a text; DynamicError if it is none."""
    stripped = text.strip(" \t\r\n")
    if _NUMBER.fullmatch(stripped):
        return float(stripped)
    if stripped in _SPECIAL:
        return _SPECIAL[stripped]
    raise DynamicError("a text that is no number where a number is needed")


def number(value: Any) -> float:
    """``fn:number``: NaN for what is no number."""
    if value is None:
        return math.nan
    if isinstance(value, str):
        try:
            return double(value)
        except DynamicError:
            return math.nan
    if isinstance(value, (bool, int, float, Decimal)):
        return float(value)
    return math.nan


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
VALUE_OPERATORS = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


_TRUTHS = frozenset({"true", "1", "false", "0"})


def general(op: str, left: Items, right: Items) -> bool:
    """A general comparison: true if it holds of any pair."""
    if op == "=" and isinstance(right, Kept) and right.texts is not None:
        values = atoms(left)
        if all(isinstance(value, str) for value in values):
            return any(value in right.texts for value in values)
    compare = _OPERATORS[op]
    others = atoms(right)
    for one in atoms(left):
        for other in others:
            a, b = _pair(one, other)
            if compare(a, b):
                return True
    return False


def _pair(one: Any, other: Any) -> tuple[Any, Any]:
    if isinstance(one, str) and isinstance(other, str):
        return str(one), str(other)
    if isinstance(one, Untyped):
        return _as(one, other), other
    if isinstance(other, Untyped):
        return one, _as(other, one)
    return _same(one, other)


def _as(text: str, other: Any) -> Any:
    if isinstance(other, (int, float, Decimal)) and not isinstance(other, bool):
        return other if _is_nan(other) else double(text)
    if isinstance(other, bool) and text.strip(" \t\r\n") in _TRUTHS:
        return text.strip(" \t\r\n") in {"true", "1"}
    raise DynamicError(f"a text compared with a {kind(other)}")


def _same(one: Any, other: Any) -> tuple[Any, Any]:
    if isinstance(one, bool) != isinstance(other, bool):
        raise DynamicError(f"a {kind(one)} compared with a {kind(other)}")
    numbers = (int, float, Decimal)
    if isinstance(one, numbers) and isinstance(other, numbers):
        if isinstance(one, Decimal) and isinstance(other, float):
            return float(one), other
        return one, float(other) if isinstance(other, Decimal) and isinstance(one, float) else other
    if isinstance(one, Moment) and isinstance(other, Moment):
        return one.instant, other.instant
    if isinstance(one, QName) and isinstance(other, QName):
        return one, other
    raise DynamicError(f"a {kind(one)} compared with a {kind(other)}")


def value_comparison(op: str, left: Items, right: Items) -> list[Any]:
    """``eq`` and its like: empty if an operand is."""
    one = at_most_one(left, "operand")
    other = None if one is None else at_most_one(right, "operand")
    if one is None or other is None:
        return []
    if isinstance(one, Untyped):
        one = str(one)
    if isinstance(other, Untyped):
        other = str(other)
    if isinstance(one, str) and isinstance(other, str):
        return [_OPERATORS[VALUE_OPERATORS[op]](one, other)]
    return [_OPERATORS[VALUE_OPERATORS[op]](*_same(one, other))]


def arithmetic(op: str, left: Items, right: Items) -> list[Any]:
    """``+ - * div idiv mod``: empty if an operand is."""
    one = at_most_one(left, "operand")
    if one is None:
        return []
    if isinstance(one, Untyped):
        one = double(one)
    other = at_most_one(right, "operand")
    if other is None:
        return []
    a, b = _numeric(one), _numeric(other)
    if isinstance(a, float) or isinstance(b, float):
        return [_floats(op, float(a), float(b))]
    if b == 0 and op in {"div", "idiv", "mod"}:
        raise DynamicError("division by zero")
    return [_exact(op, a, b)]


def _numeric(value: Any) -> Any:
    if isinstance(value, Untyped):
        return double(value)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return value
    raise DynamicError(f"a {kind(value)} where a number is needed")


def _floats(op: str, a: float, b: float) -> Any:
    if op in {"div", "mod"} and b == 0:
        return math.nan if a == 0 or math.isnan(a) or op == "mod" else math.copysign(math.inf, a) * math.copysign(1, b)
    if op == "idiv":
        if b == 0 or math.isnan(a) or math.isnan(b) or math.isinf(a):
            raise DynamicError("no whole number")
        return math.trunc(a / b)
    return {"+": a + b, "-": a - b, "*": a * b}[op] if op in "+-*" else a / b if op == "div" else math.fmod(a, b)


def _quotient(value: Decimal) -> Decimal:
    """A decimal with at most 18 digits after the point, as the official engine's."""
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal("1e-18")) if isinstance(exponent, int) and exponent < -18 else value


def _exact(op: str, a: Any, b: Any) -> Any:
    if op == "div":
        return _quotient(Decimal(a) / Decimal(b))
    if op == "idiv":
        return math.trunc(Decimal(a) / Decimal(b))
    if op == "mod":
        return a - b * math.trunc(Decimal(a) / Decimal(b))
    return {"+": operator.add, "-": operator.sub, "*": operator.mul}[op](a, b)


def element(item: Any) -> Element:
    """The item, which must be an element."""
    if isinstance(item, Element):
        return item
    raise DynamicError("an element is needed")


def owner(item: Any) -> Element | None:
    """The element of an attribute or a text."""
    return item.getparent() if isinstance(item, (TextNode, Attribute)) else None
