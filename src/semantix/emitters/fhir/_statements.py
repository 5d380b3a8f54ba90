"""What every clinical statement has in common, whatever resource it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import actor, has_more, participant, related_person
from semantix.emitters.fhir._context import Context, Json, first_key
from semantix.emitters.fhir._mapped import worded
from semantix.emitters.fhir._types import absent_code, concept, null_flavor, period, simple_quantity, value_or_reason
from semantix.model import Consent, ExternalReference, Note, PartialDate, Section, Specimen, Statement, TimeSpan

Builder = Callable[[Context, Any], "Json | None"]

_ANNOTATORS = frozenset({"Practitioner", "Patient", "RelatedPerson", "Organization"})
_PEOPLE = frozenset({"Practitioner", "PractitionerRole", "Organization", "Patient", "RelatedPerson"})
_NO_FIRM = _PEOPLE - {"Organization"}
_STAFF = frozenset({"Practitioner", "PractitionerRole", "Organization"})
_SPECIMEN_HOLDERS = frozenset({"Observation", "DiagnosticReport", "ServiceRequest", "Specimen"})
# Types without an element, status or code that says "not".
_UNDENIABLE = frozenset(
    [
        "DiagnosticReport",
        "Media",
        "DocumentReference",
        "ImagingStudy",
        "Coverage",
        "Basic",
        "Specimen",
        "FamilyMemberHistory",
    ]
)
# Types that say what is intended, asked for or aimed at.
_INTENDED = frozenset(
    ["MedicationRequest", "ServiceRequest", "DeviceRequest", "SupplyRequest", "ImmunizationRecommendation", "Goal"]
)
# Where a place goes.
_PLACES = {"ServiceRequest": "locationReference:many", "Procedure": "location:one", "Immunization": "location:one"}
_PLACE = frozenset({"Location"})
# Who may stand in an element, where it is fewer than _PEOPLE.
_ACTORS: dict[tuple[str, str], frozenset[str]] = {
    ("Condition", "recorder"): _NO_FIRM,
    ("Condition", "asserter"): _NO_FIRM,
    ("AllergyIntolerance", "recorder"): _NO_FIRM - {"RelatedPerson"},
    ("AllergyIntolerance", "asserter"): _NO_FIRM,
    ("Procedure", "recorder"): _NO_FIRM,
    ("Procedure", "asserter"): _NO_FIRM,
    ("Procedure", "performer"): _PEOPLE | {"Device"},
    ("MedicationRequest", "requester"): _PEOPLE | {"Device"},
    ("MedicationAdministration", "performer"): _NO_FIRM | {"Device"},
    ("MedicationDispense", "performer"): _PEOPLE | {"Device"},
    ("Immunization", "performer"): _STAFF,
    ("DiagnosticReport", "performer"): _STAFF,
    ("ServiceRequest", "requester"): _PEOPLE | {"Device"},
    ("ServiceRequest", "performer"): _PEOPLE | {"Device"},
    ("DeviceUseStatement", "source"): _NO_FIRM,
    ("DeviceRequest", "requester"): _STAFF | {"Device"},
    ("Media", "operator"): _PEOPLE | {"Device"},
    ("DocumentReference", "author"): _PEOPLE | {"Device"},
    ("ServiceRequest", "locationReference"): _PLACE,
    ("Procedure", "location"): _PLACE,
    ("Immunization", "location"): _PLACE,
    ("Specimen", "collector"): frozenset({"Practitioner", "PractitionerRole"}),
}

OBSERVATION_STATUS = {
    "completed": "final",
    "amended": "amended",
    "corrected": "corrected",
    "active": "preliminary",
    "new": "registered",
    "held": "registered",
    "suspended": "registered",
    "aborted": "cancelled",
    "cancelled": "cancelled",
}
EVENT_STATUS = {
    "completed": "completed",
    "active": "in-progress",
    "new": "preparation",
    "held": "on-hold",
    "suspended": "on-hold",
    "aborted": "stopped",
    "cancelled": "not-done",
}
# "completed" is missing: the templates fix it; it speaks of the entry, not of what is asked for.
REQUEST_STATUS = {
    "active": "active",
    "new": "draft",
    "held": "on-hold",
    "suspended": "on-hold",
    "aborted": "revoked",
    "cancelled": "revoked",
}
INTENTS = {
    "INT": "plan",
    "PRP": "proposal",
    "RQO": "order",
    "ARQ": "proposal",
    "PRMS": "plan",
    "DEF": "option",
    "APT": "plan",
}


def extend(resource: Json, *extensions: Json) -> None:
    """Add extensions to a resource or element."""
    resource.setdefault("extension", []).extend(extensions)


def authored(statement: Statement) -> PartialDate | None:
    """When the first author who tells it wrote the statement."""
    times = (p.time.start for p in statement.parties if p.role == "author" and p.time is not None)
    return next((time for time in times if time is not None), None)


def code_or_absent(cx: Context, statement: Statement) -> Json:
    """The code that FHIR requires: the statement's, else its words, else why there is none."""
    if statement.code is not None:
        return concept(cx, statement.code)
    if statement.text:
        return worded(cx, statement.text, statement.at)
    return absent_code(statement.null or "NI")


def put_notes(cx: Context, resource: Json, statement: Statement, name: str = "note") -> None:
    """Write comments as Annotations."""
    notes = statement.notes
    if notes:
        resource.setdefault(name, []).extend(note(cx, one) for one in notes)


def put_remarks(cx: Context, resource: Json, statement: Statement, *, text: bool = True) -> None:
    """Keep comments, and the statement's words, in a resource that has no ``note``."""
    remarks = [note(cx, one) for one in statement.notes]
    if text and statement.text:
        remarks.append({"text": statement.text})
    if remarks:
        extend(resource, *({"url": url.NOTE, "valueAnnotation": one} for one in remarks))


def note(cx: Context, one: Note) -> Json:
    """An Annotation with its author and time."""
    out: Json = {}
    found = actor(cx, one.author) if one.author is not None else None
    if found is not None and one.author is not None:
        # Annotation.author takes neither a PractitionerRole nor a Device: those stay in the extension.
        native = found["resourceType"] in _ANNOTATORS
        if native:
            out["authorReference"] = cx.to(found)
        if not native or has_more(one.author):
            out["extension"] = [participant(cx, one.author, found)]
    if one.time is not None:
        out["time"] = one.time.iso
    out["text"] = one.text
    return out


def put_text(resource: Json, statement: Statement) -> None:
    """Keep the statement's own words as an Annotation when no other element took them."""
    text = statement.text
    code = statement.code
    if not text or (code is not None and (text == code.text or any(text == c.display for c in code.codings))):
        return
    notes = resource.setdefault("note", [])
    if not any(n.get("text") == text for n in notes):
        notes.append({"text": text})


def put_start(cx: Context, out: Json, name: str, span: TimeSpan | None) -> None:
    """Write when something began, where FHIR has one date; an interval or a refused time is kept whole beside it."""
    start = span.start if span is not None else None
    if start is not None:
        out[name] = start.iso
    if span is not None and (span.value is None or span.width is not None):
        whole = period(cx, span)
        if whole and (start is None or whole != {"start": start.iso}):
            extend(out, {"url": url.OCCURRENCE, "valuePeriod": whole})


def put_parties(cx: Context, resource: Json, statement: Statement, **places: str) -> None:
    """Write the people of a statement.

    ``places`` says where a role goes, as ``role="element:shape"``; shape is ``one`` (a Reference), ``many`` (a list of
    them) or ``actor`` (a list of ``{"actor": Reference}``). Whatever does not fit there is kept in an extension.
    """
    for party in statement.parties:
        found = actor(cx, party)
        place = places.get(party.role)
        if found is not None and found["resourceType"] == "Location":
            place = _PLACES.get(resource.get("resourceType", ""))
        placed = found is not None and place is not None and _place(cx, resource, place, found)
        if not placed or has_more(party) or (found is cx.patient and party.code is not None):
            extend(resource, participant(cx, party, found))


def _place(cx: Context, resource: Json, place: str, found: Json) -> bool:
    name, _, shape = place.partition(":")
    if found["resourceType"] not in _ACTORS.get((resource["resourceType"], name), _PEOPLE):
        return False
    reference = cx.to(found)
    if shape == "one":
        if name in resource:
            return bool(resource[name] == reference)
        resource[name] = reference
    elif shape == "many":
        held = resource.setdefault(name, [])
        if reference not in held:
            held.append(reference)
    else:
        held = resource.setdefault(name, [])
        if not any(h["actor"] == reference for h in held):
            held.append({"actor": reference})
    return True


def put_references(cx: Context, resource: Json, statement: Statement) -> None:
    """Keep pointers to other documents."""
    if statement.references:
        extend(resource, *[external_reference(cx, one) for one in statement.references])


def external_reference(cx: Context, one: ExternalReference) -> Json:
    """The extension that keeps a pointer to another document."""
    parts: list[Json] = []
    if one.type_code:
        parts.append({"url": "type", "valueCode": one.type_code})
    parts += [{"url": "identifier", "valueIdentifier": i} for i in map(cx.identifier, one.ids) if i]
    if one.url:
        parts.append({"url": "url", "valueString": one.url})
    if one.code is not None:
        parts.append({"url": "code", "valueCodeableConcept": concept(cx, one.code)})
    return {"url": url.EXTERNAL_REFERENCE, "extension": parts or [null_flavor("NI")]}


def put_subject(cx: Context, resource: Json, statement: Statement) -> None:
    """Write the patient as subject, and whom the statement is about when it is somebody else."""
    resource["subject"] = cx.to(cx.patient)
    put_other(cx, resource, statement)


def put_other(cx: Context, resource: Json, source: Statement | Section) -> None:
    """Say that a resource is about somebody else (a foetus, a relative) than the patient whose record holds it.

    By a modifier extension, so that no receiver takes it for the patient's; an Observation has a focus for it too.
    """
    other = source.subject or cx.relative
    kind = resource.get("resourceType")
    if other is None or kind is None or kind == "FamilyMemberHistory":
        return
    modifiers = resource.setdefault("modifierExtension", [])
    if any(m["url"] == url.SUBJECT for m in modifiers):
        return
    reference = cx.to(related_person(cx, other))
    if kind == "Observation":
        resource["focus"] = [reference]
    modifiers.append({"url": url.SUBJECT, "valueReference": reference})


def specimen(cx: Context, one: Specimen) -> Json:
    """A Specimen; the same identifier is the same specimen."""
    key = first_key(one.ids)
    found = cx.specimens.get(key) if key else None
    if found is None:
        found = cx.new("Specimen", one.path)
        written = [i for i in map(cx.identifier, one.ids) if i]
        if written:
            found["identifier"] = written
        if one.code is not None:
            found["type"] = concept(cx, one.code)
        found["subject"] = cx.to(cx.patient)
        if key:
            cx.specimens[key] = found
    elif one.code is not None:
        _merge_type(cx, found, concept(cx, one.code))
    if one.name and "text" not in found.get("type", {}):
        found.setdefault("type", {})["text"] = one.name
    if one.quantity is not None and "collection" not in found:
        found["collection"] = {"quantity": simple_quantity(cx, one.quantity)}
    if one.text and "note" not in found:
        found["note"] = [{"text": one.text}]
    return found


def _merge_type(cx: Context, found: Json, written: Json) -> None:
    held = found.setdefault("type", written)
    if held is written:
        return
    codings = held.setdefault("coding", [])
    codings += [c for c in written.get("coding", ()) if c not in codings]
    if "extension" in written:
        extend(held, *written["extension"])


def put_specimens(cx: Context, resource: Json, statement: Statement, name: str, *, many: bool = False) -> None:
    """Write the specimens of a statement; those beyond what FHIR takes are related statements."""
    references = []
    for one in statement.specimens:
        found = specimen(cx, one)
        put_other(cx, found, statement)
        reference = cx.to(found)
        if reference not in references:
            references.append(reference)
    if not references:
        return
    if many:
        resource[name] = references
        return
    first = resource.setdefault(name, references[0])
    for other in references:
        if other != first:
            extend(resource, related("SPC", other))


def related(type_code: str, target: Json, **more: Any) -> Json:
    """The extension that relates two statements where FHIR has no element for it."""
    parts: list[Json] = [{"url": "type", "valueCode": type_code}]
    parts += [{"url": name, f"value{kind}": content} for name, (kind, content) in more.items()]
    parts.append({"url": "target", "valueReference": target})
    return {"url": url.RELATED_STATEMENT, "extension": parts}


def put_rest(cx: Context, resource: Json, statement: Statement, *, codes: bool = False) -> None:
    """Keep in extensions what the resource has no element for: priority, references, specimens, another subject."""
    if codes and statement.code is not None:
        extend(resource, {"url": url.CODE, "valueCodeableConcept": concept(cx, statement.code)})
    if statement.priority is not None and resource.get("resourceType") != "Encounter":
        extend(resource, {"url": url.PRIORITY, "valueCodeableConcept": concept(cx, statement.priority)})
    put_references(cx, resource, statement)
    kind = resource.get("resourceType", "")
    if statement.specimens and kind not in _SPECIMEN_HOLDERS:
        references = [cx.to(specimen(cx, one)) for one in statement.specimens]
        extend(
            resource,
            *({"url": url.SPECIMEN, "valueReference": r} for i, r in enumerate(references) if r not in references[:i]),
        )
    if is_denied(statement) and kind in _UNDENIABLE:
        put_negation(resource)
    elif statement.negated and not is_denied(statement):
        extend(resource, {"url": url.SOURCE_NEGATION, "valueBoolean": True})
    if statement.mood != "EVN" and kind not in _INTENDED:
        extend(resource, {"url": url.MOOD, "valueCode": statement.mood})
    put_other(cx, resource, statement)


def is_denied(statement: Statement) -> bool:
    """True when the statement denies what it states. "None known" denied is still "none known": it says so twice."""
    return statement.negated and not statement.kind.startswith("no-")


def put_ids(cx: Context, out: Json, one: Statement) -> None:
    """Keep the identifiers of a statement that is part of another's resource."""
    for found in map(cx.identifier, one.ids):
        if found:
            extend(out, {"url": url.STATEMENT_IDENTIFIER, "valueIdentifier": found})


def put_act_status(
    r: Json,
    one: Statement | Consent,
    table: Mapping[str, str],
    *,
    denied: str | None = None,
    default: str | None = "unknown",
) -> None:
    """Write the status: an error before all, then ``denied`` of what is, else what ``table`` says of the source's word.

    The word is kept where the status does not come from it.
    """
    word = one.status
    if word == "nullified":
        r["status"] = "entered-in-error"
        return
    found = table.get(word or "")
    status = denied if denied and isinstance(one, Statement) and is_denied(one) else found or default
    if status:
        r["status"] = status
    if word and (found is None or status != found):
        extend(r, {"url": url.STATUS, "valueCode": word})


def put_negation(resource: Json) -> None:
    """Say that the resource denies what it states, for types that have no element for that."""
    modifiers = resource.setdefault("modifierExtension", [])
    if all(m["url"] != url.NEGATED for m in modifiers):
        modifiers.append({"url": url.NEGATED, "valueBoolean": True})


def put_values(cx: Context, resource: Json, values: tuple[Any, ...]) -> None:
    """Keep values in extensions, for a resource that has no value element."""
    for one in values:
        written = value_or_reason(cx, one)
        if written:
            extend(resource, {"url": url.VALUE, f"value{written[0]}": written[1]})
