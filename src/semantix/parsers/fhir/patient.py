"""The patient: who they are, by which numbers, and what is known of them."""

from __future__ import annotations

from msgspec import structs

from semantix import systems
from semantix.identifiers import check_nir, ins_of
from semantix.model import Concept, Identifier, Party, Patient, Severity
from semantix.parsers._book import patient_system
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.actors import organization
from semantix.parsers.fhir.context import Context
from semantix.parsers.fhir.datatypes import concept, concepts, flavor_of, identifier, joined, when
from semantix.parsers.fhir.people import address, addresses, gender, names, telecoms
from semantix.parsers.fhir.shapes import Json, boolean, extension, extensions, first, integer, items, text
from semantix.parsers.fhir.sheet import Sheet

NOT_QUALIFIED = "SX424"
SOCIAL_NUMBER = "SX425"
_SOCIAL = frozenset({"SS", "NH", "NIIP", "INS-NIR", "INS-NIA", "INS-NIR-TEST", "INS-NIR-DEMO"})
"""HL7 v2 table 0203: kinds of identifier that hold a social security number."""


def patient(cx: Context, resource: Json | None, reference_id: str | None) -> Patient:
    """The patient of a document; when the resource is nowhere, all that is known is the id of the reference."""
    root = patient_system(cx.practice)
    if resource is None:
        at = cx.sheet.book.spot("Patient")
        return Patient(at=at, path=at.path, ids=(Identifier(root, reference_id),) if reference_id else ())
    sheet = cx.sheet
    ids = _patient_ids(cx, resource)
    own = text(resource.get("id"))
    if not ids and own:
        ids = (Identifier(root, own),)
    if cx.library.is_elsewhere(resource):
        # Told once, where the patient is read: not again for each part of each file that speaks of them.
        sheet.book.issues[:] = [one for one in sheet.book.issues if one.code not in (NOT_QUALIFIED, SOCIAL_NUMBER)]
    born = when(sheet, resource, "birthDate")
    exact = extension(resource.get("_birthDate"), url.BIRTH_TIME)
    place = extension(resource, url.BIRTH_PLACE)
    birth_place = address(sheet, place.get("valueAddress")) if place is not None else None
    order = integer(resource.get("multipleBirthInteger"))
    died = when(sheet, resource, "deceasedDateTime")
    return Patient(
        at=sheet.spot(resource),
        path=sheet.path(resource),
        ids=ids,
        names=names(resource.get("name")),
        gender=gender(sheet, resource),
        birth=(when(sheet, exact, "valueDateTime") if exact is not None else None) or born,
        birth_null=flavor_of(resource.get("_birthDate")) if born is None else None,
        birth_place=birth_place,
        addresses=addresses(sheet, resource.get("address")),
        telecoms=telecoms(resource.get("telecom")),
        guardians=_contacts(cx, resource),
        marital_status=concept(sheet, resource.get("maritalStatus")),
        deceased=True if died is not None else boolean(resource.get("deceasedBoolean")),
        deceased_time=died,
        multiple_birth=boolean(resource.get("multipleBirthBoolean")),
        multiple_birth_order=order,
        languages=_languages(sheet, resource),
        provider_organization=organization(cx, resource.get("managingOrganization"), resource, in_body=False),
    )


def _patient_ids(cx: Context, resource: Json) -> tuple[Identifier, ...]:
    """A qualified INS, then local numbers, those no longer in use last. No other social security number is kept."""
    sheet = cx.sheet
    status = _reliability(sheet, resource)
    ins: list[Identifier] = []
    local: list[Identifier] = []
    old: list[Identifier] = []
    for one in items(resource.get("identifier")):
        found = identifier(one)
        if found is None or not found.extension:
            continue
        is_old = text(one.get("use")) in ("old", "temp")
        kinds = {text(c.get("code")) for c in items((first(one.get("type")) or {}).get("coding"))}
        for c in items((first(one.get("type")) or {}).get("coding")):
            sheet.imply(c)
        if found.root in systems.INS_OIDS:
            qualified = None if is_old else ins_of(found.extension, found.root or "", status)
            if qualified is not None:
                ins.append(qualified)
            else:
                words = "an INS number without a qualified identity (FR Core identity status VALI): left out"
                sheet.doubt(NOT_QUALIFIED, resource, words, Severity.INFORMATION)
        elif kinds & _SOCIAL or found.root == systems.INS_C or _is_nir(found.extension):
            sheet.doubt(SOCIAL_NUMBER, resource, "a social security number is no number of a patient: left out")
        else:
            kept = found if found.root else structs.replace(found, root=patient_system(cx.practice))
            (old if is_old else local).append(kept)
    return tuple(dict.fromkeys((*ins, *local, *old)))


def _is_nir(value: str) -> bool:
    found = check_nir(value)
    return found.ok and not found.reason


def _reliability(sheet: Sheet, resource: Json) -> str:
    """The status of the identity, by FR Core's extension; of several, ``VALI`` only if none says otherwise."""
    found = set()
    for one in extensions(resource, url.FR_RELIABILITY):
        said = first((extension(one, "identityStatus") or {}).get("valueCoding"))
        if said is not None:
            sheet.imply(said)
            found.add(text(said.get("code")) or "")
    return found.pop() if len(found) == 1 else ""


def _languages(sheet: Sheet, resource: Json) -> tuple[str, ...]:
    out = []
    for one in items(resource.get("communication")):
        inner = first(one.get("language"))
        for c in items(inner.get("coding")) if inner is not None else ():
            if tag := text(c.get("code")):
                sheet.imply(c)
                out.append(tag)
    return tuple(dict.fromkeys(out))


def _contacts(cx: Context, resource: Json) -> tuple[Party, ...]:
    out = []
    for one in items(resource.get("contact")):
        sheet = cx.sheet
        out.append(
            Party(
                at=sheet.spot(one),
                path=sheet.path(one),
                role="guardian",
                code=_tie(sheet, one),
                names=names(one.get("name")),
                addresses=addresses(sheet, one.get("address")),
                telecoms=telecoms(one.get("telecom")),
                organization=organization(cx, one.get("organization"), resource, in_body=False),
            )
        )
    return tuple(out)


def _tie(sheet: Sheet, one: Json) -> Concept | None:
    """How a contact is tied to the patient; semantix's own output keeps it in an extension."""
    kept = [x.get("valueCodeableConcept") for x in extensions(one, url.CODE)]
    for c in (c for held in items(kept) for c in items(held.get("coding"))):
        if text(c.get("system")) == url.V3_CLASS:
            sheet.imply(c)
    others = [x for x in items(kept) if url.V3_CLASS not in [text(c.get("system")) for c in items(x.get("coding"))]]
    return joined([*concepts(sheet, one.get("relationship")), *concepts(sheet, others)])
