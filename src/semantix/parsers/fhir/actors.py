"""Whoever takes part in an act or writes of it: professionals, organisations, relatives, devices, places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import structs

from semantix.model import (
    Coding,
    Concept,
    DeviceRef,
    Identifier,
    Name,
    Organization,
    Party,
    Qualifier,
    Relative,
    TimeSpan,
)
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.context import UNRESOLVED, Context
from semantix.parsers.fhir.datatypes import concept, concepts, identifier, identifiers, joined, span, when
from semantix.parsers.fhir.library import target_of
from semantix.parsers.fhir.people import addresses, gender, names, telecoms
from semantix.parsers.fhir.shapes import Json, extension, extensions, first, items, kind_of, text, texts


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
        firm = organization(cx, one.get("onBehalfOf"), holder)
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
    fields["organization"] = organization(cx, found.get("organization"), found)
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


def organization(cx: Context, reference: Any, holder: Json, *, in_body: bool = True) -> Organization | None:
    """The organisation that a reference leads to, or what the reference itself says of it."""
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
    return {"device": device_of(cx, found), "organization": organization(cx, found.get("owner"), found)}


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
        "organization": organization(cx, found.get("managingOrganization"), found),
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


# --- what semantix's own output keeps -------------------------------------------------------------------------------


def participants(cx: Context, holder: Json, *, in_body: bool = True) -> list[Party]:
    """Those who take part in a way that FHIR has no element for."""
    return [_participant(cx, holder, kept, in_body=in_body) for kept in extensions(holder, url.PARTICIPANT)]


def _participant(cx: Context, holder: Json, kept: Json, *, in_body: bool) -> Party:
    def inner(name: str, kind: str) -> Any:
        found = extension(kept, name)
        return found.get(f"value{kind}") if found is not None else None

    fields: dict[str, Any] = {
        name: concept(cx.sheet, inner(name, "CodeableConcept"))
        for name in ("function", "mode", "awareness", "entity", "code")
    }
    fields = {name: found for name, found in fields.items() if found is not None}
    role = text(inner("role", "Code")) or "participant"
    who = party(cx, inner("actor", "Reference"), holder, role, in_body=in_body)
    if who is None:
        ids = (identifier(first(x.get("valueIdentifier")) or {}) for x in extensions(kept, "identifier"))
        fields["ids"] = tuple(x for x in ids if x is not None)
        who = Party(at=cx.sheet.spot(kept), path=cx.sheet.path(kept), role=role)
    timed = extension(kept, "time")
    return structs.replace(
        who,
        type_code=text(inner("type", "Code")),
        class_code=text(inner("class", "Code")) or who.class_code,
        entity_name=text(inner("entityName", "String")) or who.entity_name,
        signature=text(inner("signature", "Code")),
        time=span(cx.sheet, timed, "value") if timed is not None else None,
        **fields,
    )


def subject(cx: Context, r: Json) -> Relative | None:
    """Whom a statement is about, when it is somebody else than the patient of the record."""
    kept = extension(r, url.SUBJECT)
    asked = [kept.get("valueReference")] if kept is not None else []
    asked += [one for one in items(r.get("focus")) if (target_of(one) or ("",))[0] in ("RelatedPerson", "Patient")]
    if not asked:
        return None
    found = cx.reach(asked[0], r)
    if found is None or found is cx.patient:
        here = first(asked[0]) or {}
        return None if found is not None else Relative(at=cx.sheet.spot(here), path=cx.sheet.path(here))
    ties = concepts(cx.sheet, found.get("relationship"))
    role = next((c.code for tie in ties for c in tie.codings if c.system == url.V3_CLASS), None)
    return Relative(
        at=cx.sheet.spot(found),
        path=cx.sheet.path(found),
        class_code=role,
        code=_tie(cx, found, ties),
        ids=identifiers(found.get("identifier")) or cx.identity(found),
        names=names(found.get("name")),
        addresses=addresses(cx.sheet, found.get("address")),
        telecoms=telecoms(found.get("telecom")),
        gender=gender(cx.sheet, found),
        birth=when(cx.sheet, found, "birthDate"),
    )
