"""HL7 v3 data types to the model's values: text, codes, numbers.

Source: HL7 Version 3 Data Types (R1), as restricted by CDA R2 and the CI-SIS "Structuration minimale" volet.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from msgspec import structs

from semantix.model import (
    Coding,
    Concept,
    Identifier,
    Qualifier,
    Quantity,
    Range,
    Ratio,
)
from semantix.parsers.cda.context import NAMES, XSI_TYPE, Context, Element, Kids, first, folded, kids

# --- text ---------------------------------------------------------------------------------------------------------


def words(element: Element | None) -> str | None:
    """All text inside an element, white space folded; ``None`` when there is none."""
    return None if element is None else folded(element)


def referenced(ctx: Context, element: Element | None) -> str | None:
    """Text of an ``ED``: its own words, else what its ``reference`` points to in the narrative."""
    if element is None:
        return None
    if not len(element):
        return words(element)
    own = words(element)
    if own:
        return own
    for child in element:
        if NAMES[child.tag] == "reference":
            value = child.get("value")
            return ctx.words_at(value, child) if value else None
    return None


# --- codes --------------------------------------------------------------------------------------------------------


def identifier(element: Element) -> Identifier:
    """``II``."""
    get = element.get
    return Identifier(get("root"), get("extension"), get("nullFlavor"), get("assigningAuthorityName"))


def identifiers(found: Kids, name: str = "id") -> tuple[Identifier, ...]:
    """Every ``II`` child of that name."""
    some = found.get(name)
    return tuple(map(identifier, some)) if some else ()


def coding(ctx: Context, element: Element) -> Coding | None:
    """The code that an element itself carries, if any. White space around a code is taken off and told."""
    get = element.get
    code = get("code")
    if not code:
        return None
    if code != code.strip():
        ctx.doubt("SX005", element, "white space around a code was removed")
        code = " ".join(code.split())
        if not code:
            return None
    ctx.seen.append(element)
    return Coding(code, get("codeSystem"), get("displayName"), element, get("codeSystemVersion"), get("codeSystemName"))


def concept(ctx: Context, element: Element | None) -> Concept | None:
    """``CD`` and its restrictions; ``None`` when the element says nothing at all."""
    if element is None:
        return None
    main = coding(ctx, element)
    null = None if main else element.get("nullFlavor")
    if not len(element):
        if main is None:
            text = words(element) or element.get("displayName")
            return Concept((), element, text, null) if null or text else None
        return Concept((main,), element)
    return _full_concept(ctx, element, main, null)


def _full_concept(ctx: Context, element: Element, main: Coding | None, null: str | None) -> Concept | None:
    codings = [main] if main else []
    text = None
    qualifiers: list[Qualifier] = []
    for child in element:
        name = NAMES[child.tag]
        if name == "originalText":
            text = referenced(ctx, child)
        elif name == "translation":
            inner = concept(ctx, child)
            if inner:
                codings.extend(_with_text(inner))
                qualifiers.extend(inner.qualifiers)
                if not inner.codings:
                    text = text or inner.text
        elif name == "qualifier":
            qualifiers.append(_qualifier(ctx, kids(child)))
    if not codings:
        text = text or element.get("displayName")
    if not (codings or text or null or qualifiers):
        return None
    return Concept(tuple(codings), element, text, null, tuple(qualifiers))


def _with_text(inner: Concept) -> tuple[Coding, ...]:
    """Codings of a translation, the first with the words of its own."""
    if not inner.text or not inner.codings:
        return inner.codings
    return (structs.replace(inner.codings[0], text=inner.text), *inner.codings[1:])


def _qualifier(ctx: Context, found: Kids) -> Qualifier:
    name, answer = concept(ctx, first(found, "name")), first(found, "value")
    if answer is not None and answer.get("code") is None and answer.get("value") is not None:
        return Qualifier(name, None, quantity(ctx, answer))
    return Qualifier(name, concept(ctx, answer))


def concepts(ctx: Context, found: Kids, name: str) -> tuple[Concept, ...]:
    """Every ``CD`` child of that name that says something."""
    some = found.get(name)
    if not some:
        return ()
    return tuple(c for c in (concept(ctx, e) for e in some) if c is not None)


# --- numbers ------------------------------------------------------------------------------------------------------


def number(ctx: Context, element: Element, text: str | None) -> Decimal | None:
    """The number with its digits as written; a decimal comma is read as a point.

    Doubt SX004 when it is none, or so large or so small that it measures nothing.
    """
    if not text:
        return None
    value: Decimal | None
    try:
        value = Decimal(text)
    except InvalidOperation:
        try:
            value = Decimal(text.strip().replace(",", ".").replace("\u202f", "").replace(" ", ""))
        except InvalidOperation:
            value = None
        if value is not None and value.is_finite():
            ctx.doubt("SX004", element, "a number with a decimal point was expected; it was read all the same")
    if value is None or not value.is_finite() or abs(value.adjusted()) > _MAGNITUDE:
        ctx.doubt("SX004", element, "a number was expected")
        return None
    return value


_MAGNITUDE = 30
"""Powers of ten beyond which a number is a mistake, or an attack on what computes with it."""


def quantity(ctx: Context, element: Element | None, comparator: str | None = None) -> Quantity | None:
    """``PQ``; translations (``PQR``) keep their own value and unit."""
    if element is None:
        return None
    get = element.get
    raw = get("value")
    if raw and raw.lstrip()[:1] in _COMPARATORS:
        comparator, raw = _compared(ctx, element, raw)
    value = number(ctx, element, raw)
    text = None if value is not None else raw
    if not len(element):
        null = get("nullFlavor")
        if value is None and not (null or text or get("unit")):
            return None
        return Quantity(value, get("unit"), element, comparator, null, text)
    translations = []
    for child in element:
        if NAMES[child.tag] == "translation":
            other = translated(ctx, child)
            text = text or other.text
            if other.value is not None or other.unit_codes:
                translations.append(other)
    return Quantity(value, get("unit"), element, comparator, get("nullFlavor"), text, tuple(translations))


def translated(ctx: Context, element: Element) -> Quantity:
    """``PQR``: without a code system its code is a UCUM unit; with one it is a coded unit or a coded analyte."""
    unit = None
    codes: tuple[Concept, ...] = ()
    text = referenced(ctx, first(kids(element), "originalText")) if len(element) else None
    if element.get("codeSystem"):
        found = concept(ctx, element)
        codes = (found,) if found else ()
        unit = element.get("displayName") or element.get("code")
    else:
        unit = element.get("code") or element.get("unit")
    return Quantity(number(ctx, element, element.get("value")), unit, element, None, None, text, (), codes)


def interval(ctx: Context, element: Element) -> Quantity | Range | None:
    """``IVL_PQ``: a Range, or one Quantity with a comparator when there is a single bound, or its ``center``."""
    found = kids(element)
    low, high = quantity(ctx, first(found, "low")), quantity(ctx, first(found, "high"))
    if low is None and high is None:
        return _around(ctx, found) or quantity(ctx, element)
    low_closed, high_closed = (_closed(first(found, n)) for n in ("low", "high"))
    if high is None or (high.value is None and low is not None and low.value is not None):
        width = quantity(ctx, first(found, "width"))
        if low is not None and width is not None:
            return _reaching(ctx, low, width, element)
        return _bounded(low, ">=" if low_closed else ">")
    if low is None or low.value is None:
        return _bounded(high, "<=" if high_closed else "<")
    return Range(low, high, element, low_closed, high_closed)


def _around(ctx: Context, found: Kids) -> Quantity | Range | None:
    """An interval told by its center, and its width if any."""
    center, width = quantity(ctx, first(found, "center")), quantity(ctx, first(found, "width"))
    if center is None or width is None or center.value is None or width.value is None or center.unit != width.unit:
        return center
    low, high = center.value - width.value / 2, center.value + width.value / 2
    return Range(structs.replace(center, value=low), structs.replace(center, value=high), center.at)


def _reaching(ctx: Context, low: Quantity, width: Quantity, element: Element) -> Quantity | Range | None:
    """An interval told by its low bound and its width; a doubt when they do not add up."""
    if low.value is None or width.value is None or low.unit != width.unit:
        ctx.doubt("SX004", element, "the width of an interval does not add to its low bound; the bound alone is kept")
        return _bounded(low, ">=")
    return Range(low, Quantity(low.value + width.value, width.unit, width.at), element)


_COMPARATORS = {"<": "<", ">": ">", "≤": "<=", "≥": ">="}


def _compared(ctx: Context, element: Element, raw: str) -> tuple[str | None, str]:
    """A comparison written inside a number ("<5", "≥ 10"): its sign and the rest, and a doubt."""
    match = _COMPARISON.fullmatch(raw)
    if match is None:
        return None, raw
    ctx.doubt("SX004", element, "a comparison was written inside a number; it was read as a bound")
    sign = match.group(1)
    return _COMPARATORS.get(sign, sign), match.group(2)


_COMPARISON = re.compile(r"\s*(<=|>=|[<>≤≥])\s*(\S.*)")


def _closed(bound: Element | None) -> bool:
    return bound is None or bound.get("inclusive") != "false"


def _bounded(bound: Quantity | None, comparator: str) -> Quantity | None:
    if bound is None or bound.value is None:
        return bound
    return structs.replace(bound, comparator=bound.comparator or comparator, null=None)


def ratio(ctx: Context, element: Element | None) -> Ratio | None:
    """``RTO``."""
    if element is None:
        return None
    found = kids(element)
    top, bottom = quantity(ctx, first(found, "numerator")), quantity(ctx, first(found, "denominator"))
    return Ratio(top, bottom, element) if top or bottom else None


def amount(ctx: Context, element: Element | None) -> Quantity | Range | None:
    """A quantity that may be an interval: ``doseQuantity``, ``rateQuantity``."""
    if element is None:
        return None
    return interval(ctx, element) if len(element) else quantity(ctx, element)


def integer(ctx: Context, element: Element | None) -> int | None:
    """``INT``; of an ``IVL_INT``, the high bound (a repeat number is told as "0 to 3")."""
    if element is None:
        return None
    if len(element) and not element.get("value"):
        return integer(ctx, first(kids(element), "high"))
    value = number(ctx, element, element.get("value"))
    return int(value) if value is not None and value == value.to_integral_value() else None


def boolean(element: Element | None) -> bool | None:
    """``BL``."""
    if element is None:
        return None
    return {"true": True, "false": False, "1": True, "0": False}.get(element.get("value", ""))


def type_of(element: Element) -> str | None:
    """The data type of ``xsi:type`` without its prefix."""
    declared = element.get(XSI_TYPE)
    return declared.rpartition(":")[2] if declared else None
