"""People, organisations and devices: one identifier, one resource, in one document and across documents."""

from __future__ import annotations

from typing import Any

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._context import Context, Json, first_key, is_bare, uuid_of
from semantix.emitters.fhir._people import addresses, human_names, identifiers, telecoms
from semantix.emitters.fhir._types import concept, null_flavor, put_time
from semantix.model import (
    Concept,
    DeviceRef,
    Identifier,
    Organization,
    PartialDate,
    Party,
    Relative,
)

_THINGS = frozenset({"MANU", "ADMM", "INGR", "ACTI", "SPEC", "OWN", "MNT", "TERR", "ACCESS", "RGPR"})
"""Role classes that nobody plays: a product, a place, a part."""
NCIT = "2.16.840.1.113883.3.26.1.1"
BRAND, MODEL = (NCIT, "C101668"), (NCIT, "C43383")
"""Codes that say what their own text is: the brand ("Marque") and the model of a device."""
GENDERS = {"M": "male", "F": "female", "UN": "other", "U": "unknown", "UNK": "unknown"}


def _entity(cx: Context, kind: str, ids: tuple[Identifier, ...], path: str, *more: str) -> tuple[Json, bool]:
    """The resource with this identifier, and whether it is new. It goes in the output once.

    ``more`` tells apart what has the same identifier without being the same: two devices, two addresses of a place,
    a mother in the record of each of her children (a RelatedPerson has one patient), a device numbered by its model.
    """
    key = first_key(ids)
    identity = uuid_of(kind, *key, *more) if key else uuid_of(cx.document.key, kind, path)
    found = cx.by_id.get(identity)
    if found is not None:
        return found, False
    resource: Json = {"resourceType": kind, "id": identity, "language": cx.language}
    cx.by_id[identity] = resource
    cx.resources.append(resource)
    return resource, True


def _merge(resource: Json, name: str, items: list[Json]) -> None:
    """Add to a list what it does not hold yet."""
    if not items:
        return
    held = resource.get(name)
    if held is None:
        resource[name] = items
    else:
        held.extend(item for item in items if item not in held)


def _is_seen(cx: Context, *content: Any) -> bool:
    if content in cx.seen:
        return True
    cx.seen.add(content)
    return False


def organization(cx: Context, one: Organization) -> Json:
    """An Organization; what a second mention adds is merged into the first."""
    resource, is_new = _entity(cx, "Organization", one.ids, one.path)
    if one.type is not None:
        _merge(resource, "type", [concept(cx, one.type)])
    if one.part_of is not None:
        resource["partOf"] = cx.to(organization(cx, one.part_of))
        if resource["partOf"]["reference"].endswith(resource["id"]):
            del resource["partOf"]
    if _is_seen(cx, resource["id"], one.ids, one.names, one.telecoms, one.addresses):
        return resource
    if is_new:
        resource["meta"] = {"profile": [f"{url.FR_PROFILE}organization"]}
    _merge(resource, "identifier", identifiers(cx, one.ids))
    if one.names:
        if "name" not in resource:
            resource["name"] = one.names[0]
        aliases = [n for n in one.names if n != resource["name"] and n not in resource.get("alias", ())]
        if aliases:
            resource["alias"] = [*resource.get("alias", ()), *aliases]
    _merge(resource, "telecom", telecoms(one.telecoms))
    _merge(resource, "address", addresses(one.addresses))
    if "name" not in resource and "identifier" not in resource:
        # FHIR's rule org-1: an organisation has a name or an identifier.
        resource["_name"] = {"extension": [null_flavor("UNK")]}
        resource["identifier"] = [{"system": url.RFC3986, "value": f"urn:uuid:{resource['id']}"}]
    return resource


def practitioner(cx: Context, party: Party) -> Json:
    """The person of a professional."""
    resource, is_new = _entity(cx, "Practitioner", party.ids, party.path)
    if _is_seen(cx, resource["id"], party.ids, party.names, party.telecoms, party.addresses):
        return resource
    if is_new:
        resource["meta"] = {"profile": [f"{url.FR_PROFILE}practitioner"]}
    _merge(resource, "identifier", identifiers(cx, party.ids))
    _merge(resource, "name", human_names(party.names))
    _merge(resource, "telecom", telecoms(party.telecoms))
    _merge(resource, "address", addresses(party.addresses))
    return resource


def _has_person(party: Party) -> bool:
    return bool(party.names) or any((i.root or i.extension) and not is_bare(i) for i in party.ids)


def professional(cx: Context, party: Party) -> Json | None:
    """PractitionerRole, or what there is of it: the person alone, the organisation alone, nothing."""
    person = practitioner(cx, party) if _has_person(party) else None
    firm = organization(cx, party.organization) if party.organization is not None else None
    code = party.code
    if code is None and (person is None or firm is None):
        return person or firm
    codes = tuple((c.system, c.code) for c in code.codings) if code is not None else ()
    identity = uuid_of(
        "PractitionerRole",
        person["id"] if person else "",
        firm["id"] if firm else "",
        *(f"{s}|{c}" for s, c in codes),
        *(() if person else (cx.document.key,)),
    )
    role = cx.by_id.get(identity)
    if role is not None:
        if code is not None:
            cx.carried.update([c.at for c in code.codings])
            if code.qualifiers or code.text != role.get("code", [{}])[0].get("text"):
                _merge(role, "code", [concept(cx, code)])
        return role
    role = {
        "resourceType": "PractitionerRole",
        "id": identity,
        "meta": {"profile": [f"{url.FR_PROFILE}practitioner-role"]},
        "language": cx.language,
    }
    cx.by_id[identity] = role
    cx.resources.append(role)
    if person is not None:
        role["practitioner"] = cx.to(person)
    if firm is not None:
        role["organization"] = cx.to(firm)
    if code is not None:
        role["code"] = [concept(cx, code)]
    return role


def related_person(cx: Context, one: Party | Relative) -> Json:
    """A relative, friend, guardian or trusted person of the patient."""
    resource, _ = _entity(cx, "RelatedPerson", one.ids, one.path, cx.patient["id"])
    relations = []
    if one.class_code:
        relations.append({"coding": [{"system": url.V3_ROLE_CLASS, "code": one.class_code}]})
    if one.code is not None:
        relations.append(concept(cx, one.code))
    resource["patient"] = cx.to(cx.patient)
    held = identifiers(cx, one.ids)
    _merge(resource, "identifier", held)
    if len(resource.get("identifier", ())) == 1:
        resource["meta"] = {"profile": [f"{url.FR_PROFILE}related-person"]}
    else:
        resource.pop("meta", None)
    _merge(resource, "relationship", relations)
    _merge(resource, "name", human_names(one.names))
    _merge(resource, "telecom", telecoms(one.telecoms))
    _merge(resource, "address", addresses(one.addresses))
    if isinstance(one, Relative):
        put_gender(cx, resource, one.gender)
        _put_birth(resource, one)
        put_vital_status(resource, one)
    elif one.organization is not None:
        firm = cx.to(organization(cx, one.organization))
        _merge(resource, "extension", [{"url": url.EMPLOYER, "valueReference": firm}])
    return resource


def birth_time(birth: PartialDate) -> Json:
    """What keeps the hour of a birth beside its date."""
    return {"extension": [{"url": url.BIRTH_TIME, "valueDateTime": birth.iso}]}


def put_gender(cx: Context, resource: Json, gender: Concept | None) -> None:
    """Write the administrative gender, its v3 coding kept beside it."""
    if gender is None:
        return
    code = gender.codings[0].code if gender.codings else None
    resource.setdefault("gender", GENDERS.get(code or "UNK", "unknown"))
    if gender.codings or gender.null:
        kept = {"url": url.CODE, "valueCodeableConcept": concept(cx, gender)}
        resource.setdefault("_gender", {"extension": [kept]})


def _put_birth(resource: Json, one: Relative) -> None:
    if one.birth is None:
        return
    resource.setdefault("birthDate", one.birth.date)
    if one.birth.has_time:
        # HL7's patient-birthTime is for a Patient alone.
        resource.setdefault("_birthDate", birth_time(one.birth))


def put_vital_status(resource: Json, one: Relative) -> None:
    """Keep whether a relative died, and of which birth, where FHIR has no element for it."""
    parts: list[Json] = []
    if one.deceased is not None:
        parts.append({"url": "deceased", "valueBoolean": one.deceased})
    if one.deceased_time is not None:
        parts.append({"url": "deceasedTime", "valueDateTime": one.deceased_time.iso})
    if one.multiple_birth is not None:
        parts.append({"url": "multipleBirth", "valueBoolean": one.multiple_birth})
    if one.multiple_birth_order is not None:
        parts.append({"url": "multipleBirthOrder", "valueInteger": one.multiple_birth_order})
    if parts:
        _merge(resource, "extension", [{"url": url.VITAL_STATUS, "extension": parts}])


def device(cx: Context, one: DeviceRef, organization_: Organization | None = None, *owner: str) -> Json:
    """A Device as author, performer or supplied thing; ``owner`` is the patient who wears or uses it.

    Devices with one identifier and different codes are different: sources number the act, or copy the number.
    """
    resource = _device(cx, one, *owner)
    _merge(resource, "identifier", [i for i in map(cx.identifier, one.ids) if i])
    names: list[Json] = []
    if one.model:
        names.append({"name": one.model, "type": "model-name"})
    if one.software:
        names.append({"name": one.software, "type": "user-friendly-name"})
    for coding in one.code.codings if one.code is not None else ():
        if coding.text and (coding.system, coding.code) == MODEL:
            names.append({"name": coding.text, "type": "model-name"})
        elif coding.text and (coding.system, coding.code) == BRAND:
            resource.setdefault("manufacturer", coding.text)
    _merge(resource, "deviceName", names)
    if one.code is not None:
        written_code = concept(cx, one.code)
        if resource.setdefault("type", written_code) is not written_code and resource["type"] != written_code:
            _merge(resource, "extension", [{"url": url.CODE, "valueCodeableConcept": written_code}])
    if organization_ is not None:
        resource["owner"] = cx.to(organization(cx, organization_))
    return resource


def _device(cx: Context, one: DeviceRef, *owner: str) -> Json:
    key = first_key(one.ids)
    known = cx.devices.setdefault(key, []) if key else []
    if known and one.code is None and not one.model:
        return known[0]
    told = [f"{c.system}|{c.code}|{c.text or ''}" for c in one.code.codings] if one.code is not None else []
    resource, is_new = _entity(cx, "Device", one.ids, one.path, *owner, *told, *([one.model] if one.model else ()))
    if is_new:
        known.append(resource)
    return resource


def actor(cx: Context, party: Party) -> Json | None:
    """The resource of whoever takes part; ``None`` when the source names nobody."""
    if party.device is not None:
        return device(cx, party.device, party.organization)
    if party.class_code == "PAT" and (party.code is None or any(i in cx.document.patient.ids for i in party.ids)):
        return cx.patient
    if party.is_related:
        return related_person(cx, party)
    if party.class_code == "SDLOC":
        return location(cx, party)
    if party.entity is not None or party.class_code in _THINGS:
        return organization(cx, party.organization) if party.organization is not None else None
    return professional(cx, party)


def location(cx: Context, party: Party) -> Json:
    """The place where something is done."""
    homes = addresses(party.addresses)
    where = [f"{k}={v}" for one in party.addresses[:1] for k, v in (*one.parts, ("text", one.text or "")) if v]
    resource, _ = _entity(cx, "Location", party.ids, party.path, *where)
    _merge(resource, "identifier", identifiers(cx, party.ids))
    if party.code is not None:
        _merge(resource, "type", [concept(cx, party.code)])
    if party.entity_name:
        resource.setdefault("name", party.entity_name)
    _merge(resource, "telecom", telecoms(party.telecoms))
    for found in homes:
        resource.setdefault("address", found)
    if party.organization is not None:
        resource["managingOrganization"] = cx.to(organization(cx, party.organization))
    return resource


def participant(cx: Context, party: Party, found: Json | None) -> Json:
    """The extension that keeps what FHIR's own author or performer element cannot say; ``found`` is the actor."""
    parts: list[Json] = [{"url": "role", "valueCode": party.role}]
    if party.type_code:
        parts.append({"url": "type", "valueCode": party.type_code})
    if party.class_code:
        parts.append({"url": "class", "valueCode": party.class_code})
    code = (
        party.code
        if found is None or (party.entity is not None or party.class_code in _THINGS) or found is cx.patient
        else None
    )
    if party.device is not None:
        code = party.code
    coded = (
        ("function", party.function),
        ("mode", party.mode),
        ("awareness", party.awareness),
        ("entity", party.entity),
        ("code", code),
    )
    for name, one in coded:
        if one is not None:
            parts.append({"url": name, "valueCodeableConcept": concept(cx, one)})
    if found is None or (party.device is None and party.class_code in _THINGS):
        parts += [{"url": "identifier", "valueIdentifier": i} for i in map(cx.identifier, party.ids) if i]
    if party.entity_name or party.entity_text:
        parts.append({"url": "entityName", "valueString": party.entity_name or party.entity_text})
    if party.time is not None:
        timed: Json = {"url": "time"}
        put_time(cx, timed, "value", party.time)
        if "valueDateTime" in timed or "valuePeriod" in timed:
            parts.append(timed)
    if party.signature:
        parts.append({"url": "signature", "valueCode": party.signature})
    if found is not None:
        parts.append({"url": "actor", "valueReference": cx.to(found)})
    return {"url": url.PARTICIPANT, "extension": parts}


def has_more(party: Party) -> bool:
    """True when a plain reference to the actor would lose something coded or dated."""
    return (
        party.function is not None
        or party.time is not None
        or party.mode is not None
        or party.awareness is not None
        or party.entity is not None
        or (party.code is not None and (party.device is not None or party.class_code in _THINGS))
    )
