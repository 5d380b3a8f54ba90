"""JSON as it comes: decoding within bounds, and reading of elements that may not have the shape that FHIR gives them.

Elements that come from XML are strings, and single where JSON has a list of one: every reader goes through here, so
that both are read alike.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from semantix.errors import UnreadableInput

Json = dict[str, Any]

MAX_DEPTH = 64
"""Elements inside each other; the deepest published example has 22."""
MAX_DIGITS = 40
"""A number longer than this, or with such an exponent, is no measure of anything."""

_BLANK = b" \t\r\n"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,2})?")


def _decimal(text: str) -> Decimal | str:
    """A number with its digits; one that no column or memory would hold stays text."""
    return Decimal(text) if _NUMBER.fullmatch(text) else text[:MAX_DIGITS]


_DECODER = msgspec.json.Decoder(float_hook=_decimal)


def decode(data: bytes, where: str) -> tuple[Any, str]:
    """The value of a JSON text, and the encoding it was in when that is not the UTF-8 that JSON asks for.

    Raises UnreadableInput; the message gives the place, never the content.
    """
    raw, encoding = _as_utf8(data)
    try:
        value = _DECODER.decode(raw)
    except RecursionError:
        raise UnreadableInput(f"{where}: elements nested too deep; at most {MAX_DEPTH} are expected") from None
    except UnicodeError:
        raise UnreadableInput(f"{where}: characters that are neither UTF-8 nor Windows-1252") from None
    except msgspec.DecodeError as error:
        raise UnreadableInput(f"{where}: {_explain(error, raw)}") from None
    if _is_too_deep(value):
        raise UnreadableInput(f"{where}: elements nested more than {MAX_DEPTH} deep; a real resource has far fewer")
    return value, encoding


def _as_utf8(data: bytes) -> tuple[bytes, str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            body = data[len(mark) :]
            if encoding == "utf-8":
                return _checked(body)
            return body.decode(encoding, "replace").encode("utf-8", "replace"), encoding
    return _checked(data)


def _checked(data: bytes) -> tuple[bytes, str]:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").encode("utf-8"), "cp1252"
    return data, ""


def _explain(error: msgspec.DecodeError, data: bytes) -> str:
    """Where it stops being JSON; the words of the decoder are about syntax, and quote nothing but one byte's place."""
    if not data.strip(_BLANK):
        return "nothing is written in it, a FHIR resource in JSON was expected"
    found = re.search(r"byte (\d+)", str(error))
    if found is None or "truncated" in str(error):
        return "the JSON stops in the middle (truncated?); send it again from its source"
    at = int(found.group(1))
    line = data.count(b"\n", 0, at) + 1
    column = at - data.rfind(b"\n", 0, at)
    return f"line {line}, column {column}: not well-formed JSON; send it again from its source"


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        inner: list[Any] = []
        for one in level:
            if type(one) is dict:
                inner += [x for x in one.values() if type(x) in (dict, list)]
            elif type(one) is list:
                inner += [x for x in one if type(x) in (dict, list)]
        if not inner:
            return False
        level = inner
    return True


# --- elements -----------------------------------------------------------------------------------------------------


def items(value: Any) -> list[Json]:
    """The objects of a list, or the one that stands where a list should."""
    if type(value) is list:
        return [one for one in value if type(one) is dict and one]
    return [value] if type(value) is dict and value else []


def first(value: Any) -> Json | None:
    """The object, or the first of a list."""
    found = items(value)
    return found[0] if found else None


def text(value: Any) -> str | None:
    """Words that say something, without the white space around them."""
    if type(value) is list:
        value = next((one for one in value if type(one) is str), None)
    return value.strip() or None if type(value) is str else None


def texts(value: Any) -> list[str]:
    """Every text of a list, or the one that stands where a list should."""
    found = value if type(value) is list else [value]
    return [said for one in found if (said := text(one)) is not None]


def number(value: Any) -> Decimal | None:
    """A number, even one written between quotes."""
    if type(value) is int:
        return Decimal(value) if abs(value) < 10**MAX_DIGITS else None
    if type(value) is Decimal:
        return value
    if type(value) is str and _NUMBER.fullmatch(value.strip()):
        try:
            return Decimal(value.strip())
        except InvalidOperation:
            return None
    return None


def integer(value: Any) -> int | None:
    """A whole number that an integer of FHIR can hold."""
    found = number(value)
    if found is None or found != found.to_integral_value() or abs(found) > 2**31 - 1:
        return None
    return int(found)


def boolean(value: Any) -> bool | None:
    """True or false, even between quotes."""
    if type(value) is bool:
        return value
    return {"true": True, "false": False}.get(value) if type(value) is str else None


def choice(holder: Json, name: str) -> tuple[str, Any] | None:
    """The type and content of an element ``name[x]``, ``None`` when it is not there."""
    size = len(name)
    for key, value in holder.items():
        if len(key) > size and key.startswith(name) and key[size].isupper() and value not in (None, "", [], {}):
            return key[size:], value
    return None


def extension(holder: Any, url: str) -> Json | None:
    """The first extension of that name."""
    return next(iter(extensions(holder, url)), None)


def extensions(holder: Any, url: str) -> list[Json]:
    """Every extension of that name, modifiers too."""
    if type(holder) is not dict:
        return []
    every = items(holder.get("extension")) + items(holder.get("modifierExtension"))
    return [one for one in every if one.get("url") == url]


def kind_of(resource: Json) -> str:
    """The type of a resource, empty when it has none."""
    found = resource.get("resourceType")
    return found if type(found) is str else ""
