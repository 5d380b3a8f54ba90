"""Names, addresses, telecoms and identifiers of people and organisations."""

from __future__ import annotations

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._context import Context, Json, is_bare
from semantix.emitters.fhir._types import null_flavor
from semantix.model import Address, Identifier, Name, Telecom
from semantix.systems import PS_ID_NAT, STRUCT_ID_NAT

_TELECOM_SYSTEMS = {"tel": "phone", "fax": "fax", "mailto": "email", "http": "url", "https": "url", "sms": "sms"}
_ADDRESS_USES = {
    "H": "home",
    "HP": "home",
    "HV": "home",
    "WP": "work",
    "DIR": "work",
    "PUB": "work",
    "TMP": "temp",
    "BAD": "old",
}
_TELECOM_USES = {**_ADDRESS_USES, "MC": "mobile"}
_NAME_USES = {"L": "official", "C": "official", "ASGN": "usual", "P": "nickname", "A": "anonymous", "I": "usual"}
_QUALIFIERS = frozenset({"BR", "CL", "SP"})
_STREET = ("houseNumber", "houseNumberNumeric", "streetNameType", "streetName", "streetNameBase", "streetAddressLine")
_LINES = (
    "unitID",
    "unitType",
    "additionalLocator",
    "precinct",
    "deliveryAddressLine",
    "postBox",
    "careOf",
    "direction",
    "buildingNumberSuffix",
)


def telecoms(many: tuple[Telecom, ...]) -> list[Json]:
    """ContactPoints; one without a value says nothing that FHIR can hold and is left out."""
    out = []
    for one in many:
        if not one.value:
            continue
        scheme, _, rest = one.value.partition(":")
        system = _TELECOM_SYSTEMS.get(scheme.strip().lower()) if rest else None
        number = rest.strip() if system and system != "url" else one.value.strip()
        if not number:
            continue
        written = {"system": system or "other", "value": number}
        if not system:
            written["system"] = "email" if "@" in number else "phone"
        use = _TELECOM_USES.get(one.use or "")
        if use:
            written["use"] = use
        out.append(written)
    return out


def address(one: Address) -> Json | None:
    """An Address: street parts on one line, in the order of the source."""
    out: Json = {}
    use = _ADDRESS_USES.get(one.use or "")
    if use:
        out["use"] = use
    if one.null:
        out["extension"] = [null_flavor(one.null)]
    lines: list[str] = []
    street: list[str] = []
    for name, text in one.parts:
        if name in _STREET:
            if name == "streetAddressLine":
                lines.append(text)
            else:
                street.append(text)
        elif name in _LINES:
            lines.append(text)
        elif name in ("postalCode", "country", "state", "city"):
            out.setdefault(name, text)
    if street:
        lines.insert(0, " ".join(street))
    if lines:
        out["line"] = lines
    county = one.get("county")
    if county:
        out["district"] = county
    if one.text:
        out["text"] = one.text
    return out if len(out) > (1 if use else 0) else None


def addresses(many: tuple[Address, ...]) -> list[Json]:
    """The Addresses that say something."""
    return [written for written in map(address, many) if written]


def human_name(one: Name) -> Json | None:
    """A HumanName; a name that is refused as a whole holds its NullFlavor."""
    out: Json = {}
    if one.null and not one.parts and not one.text:
        return {"extension": [null_flavor(one.null)]}
    use = _NAME_USES.get(one.use or "")
    family = one.values("family")
    if use and (use != "official" or (family and one.values("given"))):
        out["use"] = use
    if one.text:
        out["text"] = one.text
    if family:
        out["family"] = " ".join(family)
    given = one.values("given")
    if given:
        out["given"] = list(given)
    out.update(affixes(one))
    return out or None


def affixes(one: Name) -> Json:
    """The prefix, of which FR Core allows one, and the suffixes of a HumanName."""
    out: Json = {}
    prefix = one.values("prefix")
    if prefix:
        out["prefix"] = [" ".join(prefix)]
    suffix = one.values("suffix")
    if suffix:
        out["suffix"] = list(suffix)
    return out


def human_names(many: tuple[Name, ...], listed: str = url.BIRTH_GIVEN_NAMES) -> list[Json]:
    """The names that say something: one ``official`` from the birth certificate and one ``usual`` where they differ.

    Source: CI-SIS "Structuration minimale", recordTarget/patient/name: BR for birth, CL (or SP) for the name in use,
    and an unqualified ``given`` listing all given names of the birth certificate (in the extension ``listed``).
    """
    return [written for name in many for written in _names(name, listed)]


def _names(name: Name, listing: str) -> list[Json]:
    if not any(p.qualifier in _QUALIFIERS for p in name.parts):
        written = human_name(name)
        return [written] if written else []
    born, used, other = _by_use(name, "family")
    born_given, given, listed = _by_use(name, "given")
    out: list[Json] = []
    if born or born_given:
        official: Json = {"use": "official"} if born and (born_given or listed) else {}
        if listed and born_given:
            official["extension"] = [{"url": listing, "valueString": " ".join(listed)}]
        out.append({**official, **_parts(born, born_given or listed)})
    if not used:
        # A family name without qualifier beside that of birth is the one in use.
        used, other = other, ()
    given = given or (() if out else listed)
    if used or given:
        out.append({"use": "usual", **_parts(used, given)})
    if other:
        out.append(_parts(other, ()))
    return [{**one, **affixes(name)} for one in out]


def _by_use(name: Name, kind: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The parts of a kind given at birth, in use, and without either qualifier."""
    rest = tuple(p.value for p in name.parts if p.kind == kind and p.qualifier not in _QUALIFIERS)
    return name.values(kind, "BR"), name.values(kind, "CL", "SP"), rest


def _parts(family: tuple[str, ...], given: tuple[str, ...]) -> Json:
    out: Json = {"family": " ".join(family)} if family else {}
    return {**out, "given": list(given)} if given else out


def identifiers(cx: Context, ids: tuple[Identifier, ...]) -> list[Json]:
    """Identifiers; a national professional or structure number is also written under its FR Core system."""
    out: list[Json] = []
    for one in ids:
        written = None if is_bare(one) else cx.identifier(one)
        if not written:
            continue
        out.append(written)
        number = one.extension or ""
        if one.root == PS_ID_NAT and number:
            written["type"] = _type("IDNPS")
            written["use"] = "official"
            if number[0] == "8" and len(number) == 12:
                out.append({"use": "official", "type": _type("RPPS"), "system": url.RPPS, "value": number[1:]})
        elif one.root == STRUCT_ID_NAT and number:
            written["type"] = _type("IDNST")
            written["use"] = "official"
            if number[0] == "1" and len(number) == 10:
                out.append({"use": "official", "system": url.FINESS, "value": number[1:]})
    return out


def _type(code: str) -> Json:
    return {"coding": [{"system": url.FR_0203, "code": code}]}
