"""Names, addresses, telecoms, sexes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from msgspec import structs

from semantix.model import Address, Concept, Name, NamePart, Telecom
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.datatypes import concept
from semantix.parsers.fhir.shapes import Json, extension, extensions, first, items, text, texts
from semantix.parsers.fhir.sheet import Sheet

_V3_GENDER = "2.16.840.1.113883.5.1"
_GENDERS: Mapping[str, str] = MappingProxyType({"male": "M", "female": "F", "other": "UN"})
_NAME_USES: Mapping[str, str] = MappingProxyType({"nickname": "P", "anonymous": "A", "temp": "I"})
_QUALIFIERS: Mapping[str, str] = MappingProxyType({"official": "BR", "maiden": "BR", "usual": "CL"})
_PLACE_USES: Mapping[str, str] = MappingProxyType(
    {"home": "H", "work": "WP", "temp": "TMP", "old": "BAD", "mobile": "MC"}
)
_SCHEMES: Mapping[str, str] = MappingProxyType(
    {"phone": "tel", "fax": "fax", "email": "mailto", "sms": "sms", "pager": "tel"}
)


# --- parts --------------------------------------------------------------------------------------------------------


def names(value: Any) -> tuple[Name, ...]:
    """HumanNames: that of birth (``official``, ``maiden``) and the one in use (``usual``) told apart."""
    out = []
    for one in items(value):
        use = text(one.get("use")) or ""
        qualifier = _QUALIFIERS.get(use)
        parts = [NamePart("prefix", said) for said in texts(one.get("prefix"))]
        parts += [NamePart("family", said, qualifier) for said in texts(one.get("family"))]
        parts += [NamePart("given", said, qualifier) for said in texts(one.get("given"))]
        listed = [text(x.get("valueString")) for x in extensions(one, url.FR_GIVEN)]
        parts += [NamePart("given", said) for line in listed if line and qualifier for said in line.split()]
        parts += [NamePart("suffix", said) for said in texts(one.get("suffix"))]
        said = text(one.get("text")) if not parts else None
        if parts or said:
            out.append(Name(tuple(parts), said, _NAME_USES.get(use)))
    return tuple(out)


def address(sheet: Sheet, element: Any) -> Address | None:
    """An Address; the INSEE code of FR Core is the ``county``, as in a CDA birth place."""
    one = first(element)
    if one is None:
        return None
    parts = [("streetAddressLine", line) for line in texts(one.get("line"))]
    named = ("postalCode", "city", "state", "country")
    parts += [(name, said) for name in named if (said := text(one.get(name)))]
    commune = first((extension(one, url.FR_INSEE) or {}).get("valueCoding"))
    county = text(commune.get("code")) if commune is not None else text(one.get("district"))
    if commune is not None:
        sheet.imply(commune)
    if county:
        parts.append(("county", county))
    words = text(one.get("text"))
    if not parts and not words:
        return None
    return Address(tuple(parts), words, _PLACE_USES.get(text(one.get("use")) or ""))


def addresses(sheet: Sheet, value: Any) -> tuple[Address, ...]:
    """Every address that says something, those no longer in use last."""
    found = [x for one in items(value) if (x := address(sheet, one)) is not None]
    return tuple(sorted(found, key=lambda x: x.use == "BAD"))


def telecoms(value: Any) -> tuple[Telecom, ...]:
    """ContactPoints."""
    out = []
    for one in items(value):
        said = text(one.get("value"))
        scheme = _SCHEMES.get(text(one.get("system")) or "")
        if said:
            is_full = scheme is None or said.startswith(f"{scheme}:")
            use = _PLACE_USES.get(text(one.get("use")) or "")
            out.append(Telecom(said if is_full else f"{scheme}:{said}", use))
    return tuple(out)


def gender(sheet: Sheet, resource: Json) -> Concept | None:
    """The administrative gender; semantix's own output keeps the code of its source beside it."""
    kept = concept(sheet, (extension(resource.get("_gender"), url.CODE) or {}).get("valueCodeableConcept"))
    if kept is not None:
        return kept
    said = text(resource.get("gender"))
    if said is None:
        return None
    at = sheet.spot(resource, "gender#")
    code = _GENDERS.get(said)
    if code is None:
        return Concept((), at, None, "UNK")
    return Concept((sheet.derived(resource, "gender", code, _V3_GENDER),), at)


def sex(sheet: Sheet, resource: Json) -> Concept | None:
    """The sex of a relative, whose code FHIR writes in full; another code beside it is that of its source."""
    element = first(resource.get("sex"))
    own = [c for c in items((element or {}).get("coding")) if text(c.get("system")) == url.GENDER]
    for one in own:
        sheet.imply(one)
    found = concept(sheet, element)
    if found is None:
        return None
    codings = tuple(c for c in found.codings if c.system != url.GENDER)
    code = _GENDERS.get(text(own[0].get("code")) or "") if own else None
    if not codings and code is not None:
        codings = (sheet.derived(resource, "sex", code, _V3_GENDER),)
    return structs.replace(found, codings=codings, null=found.null or (None if codings or found.text else "UNK"))
