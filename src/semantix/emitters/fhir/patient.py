"""Patient, under FR Core when it conforms: INS, birth names, birth place."""

from __future__ import annotations

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import organization, put_gender
from semantix.emitters.fhir._context import Context, Json, first_key, is_bare, uuid_of
from semantix.emitters.fhir._people import address, addresses, human_names, identifiers, telecoms
from semantix.emitters.fhir._types import concept, null_flavor
from semantix.identifiers import number_and_birth
from semantix.model import Identifier, Party, Patient
from semantix.systems import INS_C, INS_NIA, INS_NIR, INS_NIR_DEMO, INS_NIR_TEST

_INS_TYPES = {INS_NIR: "INS-NIR", INS_NIA: "INS-NIA", INS_NIR_TEST: "INS-NIR-TEST", INS_NIR_DEMO: "INS-NIR-DEMO"}


def build_patient(cx: Context, one: Patient) -> Json:
    """The Patient, whose id comes from its INS, else its first identifier.

    The number of a practice or a laboratory is the same patient only with the same birth date.
    """
    ins = tuple(i for i in one.ids if i.root in _INS_TYPES and i.extension)
    key = number_and_birth(one) or first_key(ins or one.ids)
    r: Json = {
        "resourceType": "Patient",
        "id": uuid_of("Patient", *key) if key else uuid_of(cx.document.key, "Patient", one.path),
        "meta": {"profile": []},
        "language": cx.language,
    }
    cx.patient = r
    cx.by_id[r["id"]] = r
    cx.resources.append(r)
    _put_birth_place(r, one)
    ids = [written for written in (_identifier(cx, i) for i in one.ids if not is_bare(i)) if written]
    if ids:
        r["identifier"] = ids
    names = human_names(one.names, url.FR_BIRTH_GIVEN)
    if names:
        r["name"] = names
    numbers = telecoms(one.telecoms)
    if numbers:
        r["telecom"] = numbers
    put_gender(cx, r, one.gender)
    _put_birth(r, one)
    _put_death(r, one)
    homes = addresses(one.addresses)
    if homes:
        r["address"] = homes
    _put_situation(cx, r, one)
    r["meta"]["profile"] = _profiles(r)
    if not r["meta"]["profile"]:
        del r["meta"]
    return r


def _put_situation(cx: Context, r: Json, one: Patient) -> None:
    """Write the civil status, the contacts, the languages and the institution."""
    if one.marital_status is not None:
        r["maritalStatus"] = concept(cx, one.marital_status)
    if one.multiple_birth_order is not None:
        r["multipleBirthInteger"] = one.multiple_birth_order
    elif one.multiple_birth is not None:
        r["multipleBirthBoolean"] = one.multiple_birth
    contacts = [_contact(cx, party) for party in one.guardians]
    if contacts:
        r["contact"] = contacts
    if one.languages:
        r["communication"] = [
            {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": tag}]}} for tag in one.languages
        ]
    if one.provider_organization is not None:
        r["managingOrganization"] = cx.to(organization(cx, one.provider_organization))


def _identifier(cx: Context, one: Identifier) -> Json | None:
    written = cx.identifier(one)
    if not written or not one.extension:
        return written
    ins = _INS_TYPES.get(one.root or "")
    if ins:
        kind, use = {"system": url.FR_0203, "code": ins}, "official"
    elif one.root == INS_C:
        kind, use = (
            {"system": url.FR_0203, "code": "INS-C", "display": "Identifiant National de Santé Calculé"},
            "secondary",
        )
    else:
        kind, use = {"system": url.V2_0203, "code": "PI", "display": "Patient internal identifier"}, "usual"
    return {"use": use, "type": {"coding": [kind]}, **written}


def _put_birth_place(r: Json, one: Patient) -> None:
    if one.birth_place is None and not one.birth_place_name:
        return
    place = address(one.birth_place) if one.birth_place is not None else None
    place = place or {}
    insee = place.pop("district", None)
    if insee:
        place.setdefault("extension", []).append(
            {"url": url.FR_INSEE, "valueCoding": {"system": url.COMMUNES, "code": insee}}
        )
    if one.birth_place_name:
        place.setdefault("text", one.birth_place_name)
    if place:
        r["extension"] = [{"url": url.BIRTH_PLACE, "valueAddress": place}]


def _put_birth(r: Json, one: Patient) -> None:
    if one.birth is not None:
        r["birthDate"] = one.birth.date
        if one.birth.has_time:
            r["_birthDate"] = {"extension": [{"url": f"{url.HL7}patient-birthTime", "valueDateTime": one.birth.iso}]}
    elif one.birth_null:
        r["_birthDate"] = {"extension": [null_flavor(one.birth_null)]}


def _put_death(r: Json, one: Patient) -> None:
    if one.deceased_time is not None:
        r["deceasedDateTime"] = one.deceased_time.iso
    elif one.deceased is not None:
        r["deceasedBoolean"] = one.deceased


def _contact(cx: Context, party: Party) -> Json:
    # FR Core slices contact.relationship by bindings under a "$this" discriminator, which no validator can evaluate:
    # any relationship there is an error. The tie is kept in an extension beside it.
    tie: Json = {"coding": [{"system": url.V3_ROLE_CLASS, "code": "GUARD"}]}
    out: Json = {"extension": [{"url": url.CODE, "valueCodeableConcept": tie}]}
    if party.code is not None:
        out["extension"].append({"url": url.CODE, "valueCodeableConcept": concept(cx, party.code)})
    ids = identifiers(cx, party.ids)
    if ids:
        out["extension"] += [{"url": f"{url.FR_PROFILE}patient-contact-identifier", "valueIdentifier": ids[0]}]
    names = human_names(party.names)
    if names:
        out["name"] = names[0]
        out["extension"] += [{"url": f"{url.OWN}other-name", "valueHumanName": other} for other in names[1:]]
    numbers = telecoms(party.telecoms)
    if numbers:
        out["telecom"] = numbers
    homes = addresses(party.addresses)
    if homes:
        out["address"] = homes[0]
    if party.organization is not None:
        out["organization"] = cx.to(organization(cx, party.organization))
    return out


def _profiles(r: Json) -> list[str]:
    """``fr-core-patient``, when its constraints are met.

    ``fr-core-patient-ins`` is never claimed: its rule ``fr-core-3`` is not valid FHIRPath in FR Core 2.2.0-ballot-2,
    so that every resource that claims it is refused. Nor is the identity called validated (``VALI``), which a CDA
    document does not say.
    """
    if r.get("gender") == "other":
        return []
    for name in r.get("name", ()):
        if name.get("use") == "official" and not ("family" in name and "given" in name):
            return []
    return [f"{url.FR_PROFILE}patient"]
