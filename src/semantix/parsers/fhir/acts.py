"""Procedure, ServiceRequest, Encounter, devices, and files."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from semantix.model import (
    Concept,
    Encounter,
    Link,
    Media,
    Observation,
    Panel,
    Procedure,
    Qualifier,
    Statement,
    Supply,
    TimeSpan,
)
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.actors import actors, dated, device_of, parties, party
from semantix.parsers.fhir.context import Context, flat
from semantix.parsers.fhir.datatypes import codes, concept, concepts, joined, of_coding, period, quantity, span, when
from semantix.parsers.fhir.observations import content_of
from semantix.parsers.fhir.shapes import Json, boolean, extension, extensions, first, items, kind_of, text
from semantix.parsers.fhir.words import DOCUMENT, ENCOUNTER, EVENT, MOODS, REQUEST, absence


def procedure(cx: Context, r: Json) -> list[Statement]:
    """A Procedure."""
    sheet = cx.sheet
    code = concept(sheet, r.get("code"))
    people = [*actors(cx, r, "performer", "performer"), *parties(cx, r, "recorder", "author")]
    fields = cx.common(r, absence(code) or "procedure", EVENT) | {
        "code": code,
        "time": span(sheet, r, "performed"),
        "parties": (*people, *parties(cx, r, "asserter", "informant")),
        "links": flat(
            cx.reasons(r),
            cx.reasons(r, "-", "statusReason"),
            cx.links(r, "complicationDetail", "CAUS"),
            cx.links(r, "report", "REFR"),
            cx.related(r),
        ),
    }
    return [Procedure(**fields, sites=concepts(sheet, r.get("bodySite")), methods=_methods(cx, r))]


def _methods(cx: Context, r: Json) -> tuple[Any, ...]:
    return tuple(
        found
        for one in extensions(r, url.OTHER_METHOD)
        if (found := concept(cx.sheet, one.get("valueCodeableConcept"))) is not None
    )


def service_request(cx: Context, r: Json) -> list[Statement]:
    """A ServiceRequest: an act asked for."""
    sheet = cx.sheet
    people = dated(cx, parties(cx, r, "requester", "author"), r, "authoredOn")
    intent = text(r.get("intent")) or "order"
    fields = cx.common(r, "procedure", REQUEST) | {
        "code": joined([concept(sheet, r.get("code")), *concepts(sheet, r.get("orderDetail"))]),
        "mood": MOODS.get(intent, "RQO"),
        "time": span(sheet, r, "occurrence"),
        "parties": (*people, *parties(cx, r, "performer", "performer")),
        "links": flat(cx.reasons(r), cx.related(r)),
        "priority": concept(sheet, (extension(r, f"{url.OWN}statement-priority") or {}).get("valueCodeableConcept")),
    }
    if boolean(r.get("doNotPerform")):
        fields["negated"] = True
    said = text(r.get("patientInstruction"))
    if said:
        fields["notes"] = (*fields["notes"], cx.note(r, "patientInstruction", said))
    return [Procedure(**fields, sites=concepts(sheet, r.get("bodySite")), methods=_methods(cx, r))]


def encounter(cx: Context, r: Json) -> list[Statement]:
    """An Encounter: its class, then its types."""
    planned = text(r.get("status")) == "planned"
    fields = cx.common(r, "encounter", ENCOUNTER) | {
        "code": encounter_code(cx, r),
        "mood": "INT" if planned else "EVN",
        "time": period(cx.sheet, r.get("period")),
        "priority": concept(cx.sheet, r.get("priority")),
        "parties": encounter_parties(cx, r),
        "links": flat(cx.reasons(r), _diagnoses(cx, r), cx.related(r)),
    }
    return [Encounter(**fields)]


def encounter_code(cx: Context, r: Json) -> Concept | None:
    """What kind of visit: its class, with the types as qualifiers of it; without a class, the types."""
    kind = first(r.get("class"))
    if kind is not None and text(kind.get("system")) == url.V3_NULL:
        cx.sheet.imply(kind)
        kind = None
    main = of_coding(cx.sheet, kind)
    # semantix's own output repeats the class among the types, with what its source said beside it.
    types = concepts(cx.sheet, r.get("type"))
    if main is None:
        return joined(types)
    same = [one for one in types if codes(main) <= codes(one)]
    others = [one for one in types if one not in same]
    for one in same[:1]:
        cx.sheet.imply(kind)
        main = one
    return structs.replace(main, qualifiers=(*main.qualifiers, *(Qualifier(None, one) for one in others)))


def encounter_parties(cx: Context, r: Json) -> tuple[Any, ...]:
    """Who took part, who provided, where."""
    out = []
    for one in items(r.get("participant")):
        kinds = concepts(cx.sheet, one.get("type"))
        found = party(
            cx,
            one.get("individual"),
            r,
            "participant",
            function=joined(kinds),
            time=period(cx.sheet, one.get("period")),
        )
        if found is not None:
            out.append(found)
    firm = party(cx, r.get("serviceProvider"), r, "performer")
    places = [party(cx, one.get("location"), r, "participant") for one in items(r.get("location"))]
    return (*out, *(x for x in (firm, *places) if x is not None))


def _diagnoses(cx: Context, r: Json) -> list[Link]:
    return [link for one in items(r.get("diagnosis")) for link in cx.links(one, "condition", "RSON")]


# --- devices ------------------------------------------------------------------------------------------------------


def device_use(cx: Context, r: Json) -> list[Statement]:
    """A DeviceUseStatement."""
    found = cx.reach(r.get("device"), r)
    used = device_of(cx, found) if found is not None and kind_of(found) == "Device" else None
    said = [*dated(cx, [], r, "recordedOn"), *parties(cx, r, "source", "informant")]
    fields = cx.common(r, absence(used.code if used is not None else None) or "device", EVENT) | {
        "code": cx.code(r),
        "time": span(cx.sheet, r, "timing"),
        "text": text((first(r.get("device")) or {}).get("display")),
        "parties": tuple(said),
        "links": flat(cx.reasons(r), cx.related(r)),
    }
    return [Supply(**fields, device=used)]


def device(cx: Context, r: Json) -> list[Statement]:
    """A Device of a patient, that no statement of use names: an implant, most often."""
    fields = cx.common(r, "device", {"active": "active", "inactive": "completed", "entered-in-error": "nullified"})
    return [Supply(**fields, device=device_of(cx, r))]


def device_request(cx: Context, r: Json) -> list[Statement]:
    """A DeviceRequest."""
    found = cx.reach(r.get("codeReference"), r)
    wanted = device_of(cx, found) if found is not None and kind_of(found) == "Device" else None
    people = dated(cx, parties(cx, r, "requester", "author"), r, "authoredOn")
    fields = cx.common(r, "device", REQUEST) | {
        "code": concept(cx.sheet, r.get("codeCodeableConcept")) or cx.code(r),
        "mood": MOODS.get(text(r.get("intent")) or "order", "RQO"),
        "time": span(cx.sheet, r, "occurrence"),
        "parties": tuple(people),
        "links": flat(cx.reasons(r), cx.related(r)),
    }
    return [Supply(**fields, device=wanted)]


def supply_delivery(cx: Context, r: Json) -> list[Statement]:
    """A SupplyDelivery."""
    item = first(r.get("suppliedItem")) or {}
    fields = cx.common(r, "supply", EVENT) | {
        "code": concept(cx.sheet, item.get("itemCodeableConcept")),
        "time": span(cx.sheet, r, "occurrence"),
        "parties": tuple(parties(cx, r, "supplier", "performer")),
        "links": flat(cx.related(r)),
    }
    return [Supply(**fields, quantity=quantity(cx.sheet, item.get("quantity")))]


# --- files --------------------------------------------------------------------------------------------------------


def document_reference(cx: Context, r: Json) -> list[Statement]:
    """A DocumentReference: its type beside its contents, as in a CDA attached document."""
    sheet = cx.sheet
    around = first(r.get("context")) or {}
    said = when(sheet, r, "date")
    time = period(sheet, around.get("period"))
    fields = cx.common(r, "attached-document", DOCUMENT)
    kind = concept(sheet, r.get("type"))
    links = [_content(cx, r, one) for one in items(r.get("content"))]
    if kind is not None:
        at = sheet.statement(f"{sheet.path(r)}/type")
        links.append(
            Link(
                "COMP",
                Observation(
                    at=at, path=at.path, kind="document-type", status="completed", code=cx.code(r), values=(kind,)
                ),
            )
        )
    fields |= {
        "code": joined(concepts(sheet, r.get("category"))),
        "text": text(r.get("description")),
        "time": time or (TimeSpan(sheet.spot(r, "date#"), said) if said is not None else None),
        "parties": (*parties(cx, r, "author", "author"), *parties(cx, r, "authenticator", "authenticator")),
        "links": flat(links, cx.related(r)),
    }
    return [Panel(**fields)]


def _content(cx: Context, r: Json, one: Json) -> Link:
    at = cx.sheet.statement(cx.sheet.path(one))
    inner = first(one.get("attachment"))
    title = text(inner.get("title")) if inner is not None else None
    return Link("COMP", Media(at=at, path=at.path, kind="media", text=title, content=content_of(cx, inner, r)))
