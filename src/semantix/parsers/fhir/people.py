"""Names, addresses, the patient, and whoever takes part in an act."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from msgspec import structs

from semantix import systems
from semantix.identifiers import check_nir, ins_of
from semantix.model import (
    Address,
    Coding,
    Concept,
    DeviceRef,
    Identifier,
    Name,
    NamePart,
    Organization,
    Party,
    Patient,
    Qualifier,
    Telecom,
    TimeSpan,
)
from semantix.parsers._book import patient_system
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.context import UNRESOLVED, Context
from semantix.parsers.fhir.datatypes import concept, concepts, flavor_of, identifier, identifiers, joined, when
from semantix.parsers.fhir.library import target_of
from semantix.parsers.fhir.shapes import (
    Json,
    boolean,
    extension,
    extensions,
    first,
    integer,
    items,
    kind_of,
    text,
    texts,
)
from semantix.parsers.fhir.sheet import Sheet

NOT_QUALIFIED = "SX424"
SOCIAL_NUMBER = "SX425"

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
_SOCIAL = frozenset({"SS", "NH", "NIIP", "INS-NIR", "INS-NIA", "INS-NIR-TEST", "INS-NIR-DEMO"})
"""HL7 v2 table 0203: kinds of identifier that hold a social security number."""


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


# --- the patient --------------------------------------------------------------------------------------------------


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
        provider_organization=_organization(cx, resource.get("managingOrganization"), resource, in_body=False),
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
                sheet.doubt(NOT_QUALIFIED, resource, words)
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
                code=joined(concepts(sheet, one.get("relationship"))),
                names=names(one.get("name")),
                addresses=addresses(sheet, one.get("address")),
                telecoms=telecoms(one.get("telecom")),
                organization=_organization(cx, one.get("organization"), resource, in_body=False),
            )
        )
    return tuple(out)


# --- whoever takes part -------------------------------------------------------------------------------------------


def party(cx: Context, reference: Any, holder: Json, role: str, **more: Any) -> Party | None:
    """Whoever a reference leads to, in a role; ``None`` when it says nothing at all."""
    one = first(reference)
    if one is None:
        return None
    in_body = more.pop("in_body", True)
    found = cx.reach(one, holder, in_body=in_body)
    at = cx.sheet.spot(one, role)
    if found is None:
        return _named(cx, one, at, role, more)
    reader = _ACTORS.get(kind_of(found))
    if reader is None:
        return None
    fields = {"at": at, "path": cx.sheet.path(found), "role": role, **reader(cx, found), **more}
    return Party(**fields)


def parties(cx: Context, holder: Json, name: str, role: str, **more: Any) -> list[Party]:
    """Everybody that an element refers to."""
    found = [party(cx, one, holder, role, **more) for one in items(holder.get(name))]
    return [one for one in found if one is not None]


def actors(cx: Context, holder: Json, name: str, role: str) -> list[Party]:
    """Everybody of an element whose parts are ``{function, actor, onBehalfOf}``."""
    out = []
    for one in items(holder.get(name)):
        found = party(cx, one.get("actor"), holder, role, function=concept(cx.sheet, one.get("function")))
        firm = _organization(cx, one.get("onBehalfOf"), holder)
        if found is not None:
            out.append(structs.replace(found, organization=found.organization or firm))
    return out


def dated(cx: Context, found: list[Party], holder: Json, name: str) -> list[Party]:
    """The authors of a statement, the first with the time when it was written; a time alone has an unnamed author."""
    time = when(cx.sheet, holder, name)
    if time is None:
        return found
    spot = cx.sheet.spot(holder, f"{name}#")
    span = TimeSpan(spot, time)
    if found:
        return [structs.replace(found[0], time=span), *found[1:]]
    return [Party(at=spot, path=f"{cx.sheet.path(holder)}/{name}", role="author", time=span)]


def _named(cx: Context, one: Json, at: Any, role: str, more: Mapping[str, Any]) -> Party | None:
    """Somebody of whom only the name or number in the reference is known."""
    inner = first(one.get("identifier"))
    ids = identifiers(inner) if inner is not None else ()
    said = text(one.get("display"))
    named = target_of(one)
    if named is not None:
        cx.sheet.doubt(UNRESOLVED, one, f"a reference to a {named[0]} that is not in what was given")
    if not (ids or said):
        return None
    who = (Name(text=said),) if said else ()
    if named is not None and named[0] in ("Organization", "Location") and said:
        firm = Organization(at, cx.sheet.path(one), ids, (said,))
        return Party(at=at, path=cx.sheet.path(one), role=role, organization=firm, **more)
    lay = {"Patient": "PAT", "RelatedPerson": "PRS"}.get(named[0]) if named is not None else None
    return Party(at=at, path=cx.sheet.path(one), role=role, ids=ids, names=who, class_code=lay, **more)


def _person(cx: Context, found: Json) -> dict[str, Any]:
    return {
        "ids": identifiers(found.get("identifier")) or cx.identity(found),
        "names": names(found.get("name")),
        "telecoms": telecoms(found.get("telecom")),
        "addresses": addresses(cx.sheet, found.get("address")),
        "class_code": "ASSIGNED",
    }


def _role(cx: Context, found: Json) -> dict[str, Any]:
    """A PractitionerRole: the person, the organisation, the profession, and the specialities as qualifiers of it."""
    person = cx.reach(found.get("practitioner"), found)
    fields: dict[str, Any] = {"class_code": "ASSIGNED"}
    if person is not None:
        fields = _person(cx, person)
    else:
        said = text((first(found.get("practitioner")) or {}).get("display"))
        fields["names"] = (Name(text=said),) if said else ()
        fields["ids"] = identifiers(found.get("identifier")) or cx.identity(found)
    jobs = [*concepts(cx.sheet, found.get("code")), *concepts(cx.sheet, found.get("specialty"))]
    if jobs:
        others = tuple(Qualifier(None, one) for one in jobs[1:])
        fields["code"] = structs.replace(jobs[0], qualifiers=(*jobs[0].qualifiers, *others))
    fields["organization"] = _organization(cx, found.get("organization"), found)
    return fields


def organization_of(cx: Context, found: Json, depth: int = 0) -> Organization:
    """An Organization, with what it is a part of."""
    sheet = cx.sheet
    whole = cx.reach(found.get("partOf"), found) if depth < 5 else None
    said = [*texts(found.get("name")), *texts(found.get("alias"))]
    return Organization(
        at=sheet.spot(found),
        path=sheet.path(found),
        ids=identifiers(found.get("identifier")) or cx.identity(found),
        names=tuple(dict.fromkeys(said)),
        telecoms=telecoms(found.get("telecom")),
        addresses=addresses(sheet, found.get("address")),
        type=joined(concepts(sheet, found.get("type"))),
        part_of=organization_of(cx, whole, depth + 1) if whole is not None and whole is not found else None,
    )


def _organization(cx: Context, reference: Any, holder: Json, *, in_body: bool = True) -> Organization | None:
    one = first(reference)
    if one is None:
        return None
    found = cx.reach(one, holder, in_body=in_body)
    if found is not None:
        return organization_of(cx, found) if kind_of(found) == "Organization" else None
    inner = first(one.get("identifier"))
    ids = identifiers(inner) if inner is not None else ()
    said = text(one.get("display"))
    return Organization(cx.sheet.spot(one), cx.sheet.path(one), ids, (said,) if said else ()) if ids or said else None


def maker(cx: Context, reference: Any, holder: Json) -> Organization | None:
    """Who makes a product."""
    return _organization(cx, reference, holder)


def _firm(cx: Context, found: Json) -> dict[str, Any]:
    return {"organization": organization_of(cx, found), "class_code": "ASSIGNED"}


def _patient(cx: Context, found: Json) -> dict[str, Any]:
    return {"class_code": "PAT", "ids": cx.patient_ids}


def _relative(cx: Context, found: Json) -> dict[str, Any]:
    """A RelatedPerson; a role class among its ties says which kind of relative it is."""
    ties = concepts(cx.sheet, found.get("relationship"))
    role = next((c.code for tie in ties for c in tie.codings if c.system == url.V3_CLASS), "PRS")
    return {**_person(cx, found), "class_code": role, "code": _tie(cx, found, ties)}


def _tie(cx: Context, found: Json, ties: tuple[Concept, ...]) -> Concept | None:
    held: list[Concept] = []
    for tie in ties:
        codings: tuple[Coding, ...] = tuple(c for c in tie.codings if c.system != url.V3_CLASS)
        if codings or tie.text or not tie.codings:
            held.append(structs.replace(tie, codings=codings))
    for one in items(found.get("relationship")):
        for c in items(one.get("coding")):
            if text(c.get("system")) == url.V3_CLASS:
                cx.sheet.imply(c)
    return joined(held)


def _device(cx: Context, found: Json) -> dict[str, Any]:
    return {"device": device_of(cx, found), "organization": _organization(cx, found.get("owner"), found)}


def device_of(cx: Context, found: Json) -> DeviceRef:
    """A Device: its type, its model, its name."""
    said = {text(x.get("type")) or "": text(x.get("name")) for x in items(found.get("deviceName"))}
    return DeviceRef(
        at=cx.sheet.spot(found),
        path=cx.sheet.path(found),
        ids=(*identifiers(found.get("identifier")), *_udi(found)) or cx.identity(found),
        code=concept(cx.sheet, found.get("type")),
        model=said.get("model-name") or text(found.get("modelNumber")),
        software=said.get("user-friendly-name") or said.get("manufacturer-name"),
    )


def _udi(found: Json) -> tuple[Identifier, ...]:
    return tuple(
        Identifier(text(one.get("issuer")), number)
        for one in items(found.get("udiCarrier"))
        if (number := text(one.get("deviceIdentifier")))
    )


def _place(cx: Context, found: Json) -> dict[str, Any]:
    return {
        "class_code": "SDLOC",
        "ids": identifiers(found.get("identifier")) or cx.identity(found),
        "code": joined(concepts(cx.sheet, found.get("type"))),
        "addresses": addresses(cx.sheet, found.get("address")),
        "telecoms": telecoms(found.get("telecom")),
        "entity_name": text(found.get("name")),
        "organization": _organization(cx, found.get("managingOrganization"), found),
    }


_ACTORS = {
    "Practitioner": _person,
    "PractitionerRole": _role,
    "Organization": _firm,
    "Patient": _patient,
    "RelatedPerson": _relative,
    "Device": _device,
    "Location": _place,
}
