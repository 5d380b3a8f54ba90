"""Codings, identifiers and quantities: systems as URIs, forms of codes, units of UCUM."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix.emitters.fhir._ucum import is_ucum
from semantix.parsers.fhir.shapes import number, text
from semantix.systems import BY_OID, BY_URI, SYSTEMS, find, uri
from semantix.terminology import ucum
from semantix.validation._findings import Finding
from semantix.validation.code_forms import has_form, may_be_shown
from semantix.validation.fhir import words_contents as rules
from semantix.validation.fhir._telling import told
from semantix.validation.fhir._walk import Element, Held

UCUM = "http://unitsofmeasure.org"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
_CODINGS = frozenset({"coding", "tag", "security", "class"})
_QUANTITIES = frozenset({"low", "high", "numerator", "denominator", "quantity", "strength", "duration"})
_UNIT = re.compile(r"[!-~]{1,30}")


def _plain(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address.strip().lower()).rstrip("/#")


_BY_PLAIN: Mapping[str, str] = MappingProxyType({_plain(address): address for address in BY_URI})
_BY_NAME: Mapping[str, str] = MappingProxyType(
    {name.lower(): system.uri for system in SYSTEMS if system.uri for name in (system.key, system.title)}
)


def codings(held: Held) -> Iterator[Finding]:
    """Systems that are no URIs or wrong ones, codes that their system cannot have, units that are not UCUM."""
    for one in held.parts:
        name = one.name
        if name in _CODINGS or name.endswith("Coding"):
            yield from _coding(one)
        elif name.lower().endswith("identifier"):
            yield from _system(one, is_coding=False)
        elif (name.endswith(("Quantity", "Duration", "Age")) or name in _QUANTITIES) and name != "Period":
            yield from _quantity(one)


def _coding(one: Element) -> Iterator[Finding]:
    code, system = text(one.value.get("code")), text(one.value.get("system"))
    if code and not system and not one.value.get("extension"):
        yield told(rules.NO_SYSTEM, one.place)
        return
    wrong = list(_system(one, is_coding=True))
    yield from wrong
    known = find(system)
    if code and known is not None and has_form(known.key, code) is False:
        shown = code if may_be_shown(code) else "…"
        yield told(rules.MALFORMED_CODE, f"{one.place}.code", code=shown, system=known.title)


def _system(one: Element, *, is_coding: bool) -> Iterator[Finding]:
    system = one.value.get("system")
    if type(system) is not str or not system.strip() or system in BY_URI:
        return
    place = f"{one.place}.system"
    if not _URI.fullmatch(system):
        better = uri(system) if _OID.fullmatch(system.strip()) else _BY_NAME.get(system.strip().lower(), "")
        expected = {"expected": better or "An absolute URI.", "expected_fr": better or "Un URI absolu."}
        yield told(rules.NOT_URI, place, element=f"{one.name}.system", **expected)
        return
    published = _BY_PLAIN.get(_plain(system))
    if published is not None and is_coding:
        facts = {"found": system, "element": f"{one.name}.system", "expected": published}
        yield told(rules.WRONG_URI, place, **facts)
    elif is_coding and system.startswith("urn:oid:"):
        known = BY_OID.get(system.removeprefix("urn:oid:"))
        if known is not None and known.uri:
            yield told(rules.OID_NOT_URI, place, found=system, expected=known.uri)


def _quantity(one: Element) -> Iterator[Finding]:
    code, system, unit = (text(one.value.get(name)) for name in ("code", "system", "unit"))
    if code and not system:
        yield told(rules.UNIT_NO_SYSTEM, one.place)
    elif code and system == UCUM and not _is_ucum(code):
        shown = code if _UNIT.fullmatch(code) else "…"
        yield told(rules.NOT_UCUM, f"{one.place}.code", unit=shown)
    elif unit and not code and number(one.value.get("value")) is not None:
        yield told(rules.UNIT_NOT_CODED, one.place, element=one.name)


def _is_ucum(code: str) -> bool:
    """By either of our two readers of UCUM: neither knows every atom."""
    return is_ucum(code) or ucum.size_of(code) is not None or ucum.is_special(code)
