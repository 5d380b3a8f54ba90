"""Any HL7 v3 value by its declared type, and embedded objects.

Source: HL7 Version 3 Data Types (R1), as restricted by CDA R2 and the CI-SIS "Structuration minimale" volet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from semantix.model import Absent, Attachment, Concept, Quantity, Text, Value
from semantix.parsers.cda.context import NAMES, Context, Element
from semantix.parsers.cda.datatypes import (
    boolean,
    concept,
    interval,
    quantity,
    ratio,
    referenced,
    translated,
    type_of,
    words,
)
from semantix.parsers.cda.times import timespan, timing

_TYPE = re.compile(r"[A-Z][A-Z_]{0,15}")
"""The name of a data type of HL7, which may be told."""


def attachment(ctx: Context, element: Element) -> Attachment | None:
    """``ED`` that holds bytes (base64, validated) or points outside; plain words become ``text``."""
    get = element.get
    media_type = get("mediaType")
    url = None
    for child in element:
        if NAMES[child.tag] == "reference":
            url = child.get("value")
    raw = element.text or ""
    language = get("language")
    if get("representation") == "B64":
        data = "".join(raw.split()) if _has_white_space(raw) else raw
        if not is_base64(data):
            ctx.doubt("SX008", element, "the embedded object is not valid base64; it is kept as text")
            return Attachment(element, media_type, None, data, url, language)
        return Attachment(element, media_type, data or None, None, url, language)
    text = words(element)
    return Attachment(element, media_type, None, text, url, language) if text or url else None


def _has_white_space(text: str) -> bool:
    return any(c in text for c in " \n\r\t")


_BASE64_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def is_base64(text: str) -> bool:
    """True for whole, padded base64 without white space; checked without decoding it, which costs twice as much."""
    if len(text) % 4 or not text.isascii():
        return False
    body = text.encode("ascii").rstrip(b"=")
    return len(text) - len(body) <= 2 and not body.translate(None, _BASE64_ALPHABET)


def _text_or_attachment(ctx: Context, element: Element) -> Value | None:
    if element.get("representation") == "B64" or (element.get("mediaType") or "text/plain") != "text/plain":
        return attachment(ctx, element)
    text = referenced(ctx, element)
    if text:
        return Text(text, element)
    return attachment(ctx, element) if len(element) else None


def _number(ctx: Context, element: Element) -> Value | None:
    """``REAL``, or a Quantity when it is a comparison ("<0.5") or is no number."""
    found = quantity(ctx, element)
    if found is None or found.comparator or found.value is None or found.unit:
        return found
    return found.value


def _integer(ctx: Context, element: Element) -> Value | None:
    found = _number(ctx, element)
    return int(found) if isinstance(found, Decimal) and found == found.to_integral_value() else found


def _identifier(_: Context, element: Element) -> Value | None:
    text = "^".join(filter(None, (element.get("root"), element.get("extension"))))
    return Text(text, element) if text else None


READERS: dict[str, Callable[[Context, Element], Value | None]] = {
    **dict.fromkeys(("CD", "CE", "CV", "CO", "CS"), concept),
    **dict.fromkeys(("PQ", "MO"), quantity),
    **dict.fromkeys(("IVL_PQ", "IVL_REAL", "IVL_INT", "IVL_MO"), interval),
    **dict.fromkeys(("RTO", "RTO_PQ_PQ", "RTO_QTY_QTY"), ratio),
    **dict.fromkeys(("TS", "IVL_TS"), timespan),
    **dict.fromkeys(("PIVL_TS", "EIVL_TS", "SXPR_TS"), timing),
    **dict.fromkeys(("ST", "ED", "SC"), _text_or_attachment),
    "PQR": translated,
    "BL": lambda _ctx, e: boolean(e),
    "INT": _integer,
    "REAL": _number,
    "II": _identifier,
}
"""Data types that occur in the CI-SIS, by their HL7 name."""


def value(ctx: Context, element: Element) -> Value | None:
    """Any ``ANY``: by xsi:type, else by what the element holds. A refused value becomes Absent."""
    kind = type_of(element) or _guess(element)
    reader = READERS.get(kind)
    if reader is None:
        shown = kind if _TYPE.fullmatch(kind) else "…"
        ctx.doubt("SX006", element, f"value of a type the standard does not know here: {shown}")
        reader = READERS[_guess(element)]
    found = reader(ctx, element)
    if found is None:
        null = element.get("nullFlavor")
        return Absent(null, element) if null else None
    if isinstance(found, Concept) and found.null and not (found.codings or found.text or found.qualifiers):
        return Absent(found.null, element)
    if isinstance(found, Quantity) and found.value is None and found.null and not (found.translations or found.text):
        return Absent(found.null, element)
    return found


def _guess(element: Element) -> str:
    """The most likely data type of a value without xsi:type."""
    if element.get("code") is not None or element.get("codeSystem") is not None:
        return "CD"
    inner = {NAMES[c.tag] for c in element}
    if inner & {"low", "high", "center"}:
        return "IVL_PQ"
    if inner & {"numerator", "denominator"}:
        return "RTO"
    if inner & {"originalText", "translation", "qualifier"}:
        return "CD"
    if element.get("value") is not None:
        return "PQ"
    return "ED"
