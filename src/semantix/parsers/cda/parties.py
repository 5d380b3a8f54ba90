"""People, organisations, devices and specimens: every CDA participation to one Party.

Source: CDA R2 participations; CI-SIS "Structuration minimale" for the French identifiers and name qualifiers.
"""

from __future__ import annotations

from typing import Any

import msgspec

from semantix.model import (
    Address,
    DeviceRef,
    Identifier,
    Name,
    NamePart,
    Organization,
    Party,
    Relative,
    Specimen,
    Telecom,
)
from semantix.parsers.cda.context import NAMES, Context, Element, Kids, every, first, kids
from semantix.parsers.cda.datatypes import (
    boolean,
    concept,
    identifier,
    identifiers,
    integer,
    quantity,
    referenced,
    words,
)
from semantix.parsers.cda.times import instant, timespan

PERSONS = frozenset({"assignedPerson", "relatedPerson", "associatedPerson", "guardianPerson", "informationRecipient"})
ORGANIZATIONS = frozenset(
    {
        "representedOrganization",
        "scopingOrganization",
        "receivedOrganization",
        "representedCustodianOrganization",
        "guardianOrganization",
        "scopingEntity",
    }
)
ROLES = frozenset(
    {
        "assignedAuthor",
        "assignedEntity",
        "assignedCustodian",
        "relatedEntity",
        "associatedEntity",
        "intendedRecipient",
        "participantRole",
    }
)
DEVICES = frozenset({"assignedAuthoringDevice", "playingDevice"})


def name(element: Element) -> Name:
    """``PN``: its parts in order; a name without parts is its text."""
    parts = tuple(
        NamePart(NAMES[part.tag], text, part.get("qualifier")) for part in element if (text := words(part)) is not None
    )
    return Name(parts, _whole_text(element, parts), element.get("use"), element.get("nullFlavor"))


def _whole_text(element: Element, parts: tuple[Any, ...]) -> str | None:
    """The text of a name or an address without parts, or with words between them."""
    if parts and not (element.text or "").strip() and not any((part.tail or "").strip() for part in element):
        return None
    return " ".join(" ".join(map(str, element.itertext())).split()) or None


def address(element: Element) -> Address:
    """``AD``."""
    parts = tuple((NAMES[part.tag], text) for part in element if (text := words(part)) is not None)
    return Address(parts, _whole_text(element, parts), element.get("use"), element.get("nullFlavor"))


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


def device(ctx: Context, element: Element, path: str, ids: tuple[Identifier, ...] = ()) -> DeviceRef:
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
    tag = NAMES[element.tag]
    fields: dict[str, Any] = {"at": element, "path": path, "role": role or tag, "type_code": element.get("typeCode")}
    if role == "guardian":
        fields["class_code"] = element.get("classCode")
        _role(ctx, element, path, fields)
    for child in element:
        name = NAMES[child.tag]
        if name in ROLES:
            fields["class_code"] = child.get("classCode")
            _role(ctx, child, f"{path}/{name}[1]", fields)
        elif name == "time":
            fields["time"] = timespan(ctx, child)
        elif name == "signatureCode":
            fields["signature"] = child.get("code")
        elif name in _OUTER_CODES:
            fields[_OUTER_CODES[name]] = concept(ctx, child)
    return Party(**fields)


_OUTER_CODES = {"functionCode": "function", "modeCode": "mode", "awarenessCode": "awareness"}


def _role(ctx: Context, element: Element, path: str, fields: dict[str, Any]) -> None:
    """Fill the fields of a role element: one walk over its children."""
    ids, addresses, telecoms, machine = [], [], [], None
    for child in element:
        name_ = NAMES[child.tag]
        if name_ == "id":
            ids.append(identifier(child))
        elif name_ == "code":
            fields["code"] = concept(ctx, child)
        elif name_ == "addr":
            addresses.append(address(child))
        elif name_ == "telecom":
            telecoms.append(telecom(child))
        elif name_ in PERSONS:
            fields["names"] = tuple([name(n) for n in child if NAMES[n.tag] == "name"])
        elif name_ in ORGANIZATIONS and "organization" not in fields:
            fields["organization"] = organization(ctx, child, path)
        elif name_ in DEVICES:
            machine = child
        elif name_ == "playingEntity":
            _entity(ctx, child, fields)
    fields["ids"], fields["addresses"], fields["telecoms"] = tuple(ids), tuple(addresses), tuple(telecoms)
    if machine is not None:
        fields["device"] = device(ctx, machine, path, fields["ids"])


def _entity(ctx: Context, element: Element, fields: dict[str, Any]) -> None:
    """A substance, a specimen or a person under ``playingEntity``; a person's name has parts."""
    found = kids(element)
    fields["entity"] = concept(ctx, first(found, "code"))
    fields["entity_text"] = referenced(ctx, first(found, "desc"))
    names = every(found, "name")
    if any(len(n) for n in names):
        fields["names"] = tuple(map(name, names))
    elif names:
        fields["entity_name"] = words(names[0])


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
