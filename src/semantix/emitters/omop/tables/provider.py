"""PROVIDER, CARE_SITE, LOCATION: professions, kinds of place and departments, never who or where exactly.

Names, RPPS, FINESS, addresses are left out. One professional with two specialities is two rows, so that no code is
lost.
"""

from __future__ import annotations

from semantix.emitters.omop.codes import MAX_CODE, NOTHING, Chosen
from semantix.emitters.omop.context import Context, Row, is_lay
from semantix.model import Address, Concept, Identifier, Organization, Party

PRACTICE = "urn:semantix:practice"
"""Root of the names that the user gives to practices."""
AREA = "area"
"""The part of an address that holds a department or a region, when nothing more precise was kept of it."""
_ROLES = frozenset(
    {
        "author",
        "dataEnterer",
        "legalAuthenticator",
        "authenticator",
        "participant",
        "performer",
        "responsibleParty",
        "encounterParticipant",
        "informant",
    }
)


def provider(context: Context, party: Party) -> str | None:
    """The key of a professional, whose row is added once; ``None`` for a relative, a device, a stranger."""
    known = context.providers
    if id(party) not in known:
        known[id(party)] = _provider(context, party)
    return known[id(party)]


def _provider(context: Context, party: Party) -> str | None:
    if party.role not in _ROLES or is_lay(party) or party.entity is not None:
        return None
    if party.device is not None and party.code is None:
        return None
    identity = identity_of(party.ids)
    chosen = context.choose(party.code, "observation", "Provider")
    if identity is None and chosen.coding is None:
        return None
    if identity is None:
        identity = f"{context.scope}{party.path}"
    key = f"{identity}|{chosen.source_concept}" if chosen.coding else identity
    row: Row = {"provider_id": key, "specialty_concept_id": chosen.in_domain("Provider")}
    if chosen.coding is not None:
        row["specialty_source_value"] = chosen.source_value
        row["specialty_source_concept_id"] = chosen.source_concept
        context.keep(chosen)
    if party.organization is not None:
        row["care_site_id"] = care_site(context, party.organization)
    return context.share("provider", key, row)


def care_site(
    context: Context, organization: Organization | None, setting: Concept | None = None, own: Address | None = None
) -> str | None:
    """The key of a place of care; ``setting`` (the kind of place, TRE_A01) goes before the organisation's own type."""
    if organization is None and setting is None:
        return None
    chosen = context.choose(setting, "observation", "Visit")
    if chosen is NOTHING and organization is not None:
        chosen = context.choose(organization.type, "observation", "Visit")
    ids = organization.ids if organization else ()
    path = organization.path if organization else "setting"
    identity = identity_of(ids) or f"{context.scope}{path}"
    key = f"{identity}|{chosen.source_concept}" if chosen.coding else identity
    addresses = (own,) if own else organization.addresses if organization else ()
    context.keep(chosen)
    row = _site(key, chosen, location(context, addresses))
    label = _label(ids)
    if label is not None:
        row["care_site_source_value"] = label
    return context.share("care_site", key, row)


def practice(context: Context) -> str | None:
    """The key of the practice that sent the document, when the user names those who send: by option or by folder."""
    for party in context.document.parties:
        if party.organization is not None and _label(party.organization.ids) is not None:
            return care_site(context, party.organization)
    return None


def _label(ids: tuple[Identifier, ...]) -> str | None:
    """The name that the user gave to a practice; no register number, no name of the source."""
    found = next((one.extension for one in ids if one.root == PRACTICE and one.extension), None)
    return found[:MAX_CODE] if found else None


def _site(key: str, chosen: Chosen, place: str | None) -> Row:
    return {
        "care_site_id": key,
        "place_of_service_concept_id": chosen.in_domain("Visit"),
        "place_of_service_source_value": chosen.source_value,
        "location_id": place,
    }


def identity_of(ids: tuple[Identifier, ...]) -> str | None:
    """The first usable identifier as one string."""
    for identifier in ids:
        if identifier.root and not identifier.null:
            return f"{identifier.root}^{identifier.extension or ''}"
    return None


def location(context: Context, addresses: tuple[Address, ...]) -> str | None:
    """The key of the department of the first French postal code; nothing more precise is kept."""
    for address in addresses:
        department = department_of(address.get("postalCode")) or address.get(AREA)
        if department:
            row = {"location_id": department, "county": department, "location_source_value": department}
            return context.share("location", department, row)
    return None


def department_of(postal_code: str | None) -> str | None:
    """``75011`` is in ``75``, ``97410`` in ``974``; Corsica is ``20``: its postal codes do not tell 2A from 2B."""
    code = (postal_code or "").strip().replace(" ", "")
    if len(code) != 5 or not (code.isascii() and code.isdigit()):
        return None
    return code[:3] if code[:2] in {"97", "98"} else code[:2]
