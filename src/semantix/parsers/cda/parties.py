"""People, organisations, devices and specimens: every CDA participation to one Party.

Source: CDA R2 participations; CI-SIS "Structuration minimale" for the French identifiers and name qualifiers.
"""

from __future__ import annotations

import msgspec

from semantix.model import (
    Address,
    DeviceRef,
    Name,
    NamePart,
    Organization,
    Party,
    Relative,
    Specimen,
    Telecom,
)
from semantix.parsers.cda.context import NAMES, Context, Element, Kids, every, first, kids
from semantix.parsers.cda.datatypes import boolean, concept, identifiers, integer, quantity, referenced, words
from semantix.parsers.cda.times import instant, timespan

PERSONS = ("assignedPerson", "relatedPerson", "associatedPerson", "guardianPerson", "informationRecipient", "subject")
ORGANIZATIONS = (
    "representedOrganization",
    "scopingOrganization",
    "receivedOrganization",
    "representedCustodianOrganization",
    "guardianOrganization",
    "serviceProviderOrganization",
    "manufacturerOrganization",
    "providerOrganization",
    "wholeOrganization",
    "scopingEntity",
)
ROLES = (
    "assignedAuthor",
    "assignedEntity",
    "assignedCustodian",
    "relatedEntity",
    "associatedEntity",
    "intendedRecipient",
    "participantRole",
)


def name(element: Element) -> Name:
    """``PN``: its parts in order; a name without parts is its text."""
    parts = tuple(
        NamePart(NAMES[part.tag], text, part.get("qualifier")) for part in element if (text := words(part)) is not None
    )
    return Name(parts, None if parts else words(element), element.get("use"), element.get("nullFlavor"))


def address(element: Element) -> Address:
    """``AD``."""
    parts = tuple((NAMES[part.tag], text) for part in element if (text := words(part)) is not None)
    return Address(parts, None if parts else words(element), element.get("use"), element.get("nullFlavor"))


def telecom(element: Element) -> Telecom:
    """``TEL``."""
    return Telecom(element.get("value"), element.get("use"), element.get("nullFlavor"))


def contacts(found: Kids) -> tuple[tuple[Address, ...], tuple[Telecom, ...]]:
    """Addresses and telecoms of a role."""
    return tuple(map(address, every(found, "addr"))), tuple(map(telecom, every(found, "telecom")))


def organization(ctx: Context, element: Element | None, path: str) -> Organization | None:
    """An organisation with its whole, if it is a part of one."""
    if element is None:
        return None
    path = f"{path}/{NAMES[element.tag]}[1]"
    found = kids(element)
    addresses, telecoms = contacts(found)
    whole = first(found, "asOrganizationPartOf")
    part_of = None
    if whole is not None:
        part_of = _whole(ctx, kids(whole), f"{path}/asOrganizationPartOf[1]")
    return Organization(
        element,
        path,
        identifiers(found),
        tuple(n for n in map(words, every(found, "name") or every(found, "desc")) if n),
        telecoms,
        addresses,
        concept(ctx, first(found, "standardIndustryClassCode") if "code" not in found else first(found, "code")),
        part_of,
    )


def _whole(ctx: Context, found: Kids, path: str) -> Organization | None:
    """The organisation that the first one is a part of; the code of the relation, if any, stands for its type."""
    whole = organization(ctx, first(found, "wholeOrganization"), path)
    relation = concept(ctx, first(found, "code"))
    if whole is None:
        element = found["code"][0] if relation else None
        return Organization(element, path, identifiers(found), type=relation) if relation else None
    return msgspec.structs.replace(whole, type=relation) if relation and whole.type is None else whole


def _organization_in(ctx: Context, found: Kids, path: str) -> Organization | None:
    for tag in ORGANIZATIONS:
        if tag in found:
            return organization(ctx, found[tag][0], path)
    return None


def _names_in(found: Kids) -> tuple[Name, ...]:
    for tag in PERSONS:
        if tag in found:
            return tuple(map(name, every(kids(found[tag][0]), "name")))
    return ()


def device(ctx: Context, element: Element, path: str, ids: tuple = ()) -> DeviceRef:  # type: ignore[type-arg]
    """``assignedAuthoringDevice`` or ``playingDevice``."""
    found = kids(element)
    model = first(found, "manufacturerModelName")
    software = first(found, "softwareName")
    return DeviceRef(
        element,
        f"{path}/{NAMES[element.tag]}[1]",
        ids,
        concept(ctx, first(found, "code")),
        _sc(model),
        _sc(software),
    )


def _sc(element: Element | None) -> str | None:
    return words(element) or (element.get("displayName") if element is not None else None)


def party(ctx: Context, element: Element, path: str, role: str | None = None) -> Party:
    """Any participation: the role element, its player and its scoper are found by name."""
    outer = kids(element)
    role_element = next((outer[tag][0] for tag in ROLES if tag in outer), element)
    inner = outer if role_element is element else kids(role_element)
    role_path = path if role_element is element else f"{path}/{NAMES[role_element.tag]}[1]"
    ids = identifiers(inner)
    addresses, telecoms = contacts(inner)
    machine = (
        first(inner, "assignedAuthoringDevice") if "assignedAuthoringDevice" in inner else first(inner, "playingDevice")
    )
    entity = kids(inner["playingEntity"][0]) if "playingEntity" in inner else {}
    names, entity_name = _players(inner, entity)
    signature = first(outer, "signatureCode")
    return Party(
        at=element,
        path=path,
        role=role or NAMES[element.tag],
        type_code=element.get("typeCode"),
        class_code=role_element.get("classCode"),
        function=concept(ctx, first(outer, "functionCode")),
        time=timespan(ctx, first(outer, "time")),
        signature=signature.get("code") if signature is not None else None,
        ids=ids,
        code=concept(ctx, first(inner, "code")),
        names=names,
        addresses=addresses,
        telecoms=telecoms,
        organization=_organization_in(ctx, inner, role_path),
        device=device(ctx, machine, role_path, ids) if machine is not None else None,
        entity=concept(ctx, first(entity, "code")),
        entity_name=entity_name,
        entity_text=referenced(ctx, first(entity, "desc")),
        mode=concept(ctx, first(outer, "modeCode")),
        awareness=concept(ctx, first(outer, "awarenessCode")),
    )


def _players(inner: Kids, entity: Kids) -> tuple[tuple[Name, ...], str | None]:
    """Names of the person who plays the role, and the plain name of a thing that does."""
    if "name" not in entity:
        return _names_in(inner), None
    names = entity["name"]
    if any(len(n) for n in names):
        return tuple(map(name, names)), None
    return (), words(names[0])


def parties(ctx: Context, found: Kids, path: str, tags: tuple[str, ...]) -> tuple[Party, ...]:
    """Every participation of those kinds, in the order of ``tags``."""
    out = []
    for tag in tags:
        for i, element in enumerate(found.get(tag, ()), 1):
            out.append(party(ctx, element, f"{path}/{tag}[{i}]"))
    return tuple(out)


def relative(ctx: Context, element: Element | None, path: str) -> Relative | None:
    """``subject/relatedSubject``: who the statement is about when it is not the patient."""
    if element is None:
        return None
    role = first(kids(element), "relatedSubject")
    if role is None:
        return None
    path = f"{path}/subject[1]/relatedSubject[1]"
    found = kids(role)
    person = kids(found["subject"][0]) if "subject" in found else {}
    addresses, telecoms = contacts(found)
    return Relative(
        at=role,
        path=path,
        class_code=role.get("classCode"),
        code=concept(ctx, first(found, "code")),
        ids=identifiers(person) or identifiers(found),
        names=tuple(map(name, every(person, "name"))),
        addresses=addresses,
        telecoms=telecoms,
        gender=concept(ctx, first(person, "administrativeGenderCode")),
        birth=instant(ctx, first(person, "birthTime")),
        deceased=boolean(first(person, "deceasedInd")),
        deceased_time=instant(ctx, first(person, "deceasedTime")),
        multiple_birth=boolean(first(person, "multipleBirthInd")),
        multiple_birth_order=integer(ctx, first(person, "multipleBirthOrderNumber")),
    )


def specimens(ctx: Context, found: Kids, path: str) -> tuple[Specimen, ...]:
    """``specimen/specimenRole``, and the ``PRD`` participant of a collection act that is a specimen."""
    out = []
    for i, element in enumerate(found.get("specimen", ()), 1):
        role = first(kids(element), "specimenRole")
        if role is not None:
            out.append(_specimen(ctx, role, f"{path}/specimen[{i}]/specimenRole[1]", "specimenPlayingEntity"))
    for i, element in enumerate(found.get("participant", ()), 1):
        if is_specimen(element):
            role = first(kids(element), "participantRole")
            assert role is not None, "is_specimen saw it"
            out.append(_specimen(ctx, role, f"{path}/participant[{i}]/participantRole[1]", "playingEntity"))
    return tuple(out)


def is_specimen(participant: Element) -> bool:
    """True for the sample that a collection procedure produces."""
    role = first(kids(participant), "participantRole")
    return participant.get("typeCode") == "PRD" and role is not None and role.get("classCode") == "SPEC"


def _specimen(ctx: Context, role: Element, path: str, tag: str) -> Specimen:
    found = kids(role)
    player = first(found, tag)
    inner = kids(player) if player is not None else {}
    return Specimen(
        role,
        path,
        identifiers(found),
        concept(ctx, first(inner, "code")),
        player.get("classCode") if player is not None else None,
        words(first(inner, "name")),
        referenced(ctx, first(inner, "desc")),
        quantity(ctx, first(inner, "quantity")),
    )
