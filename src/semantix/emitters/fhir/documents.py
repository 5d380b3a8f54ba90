"""Media, attached documents, devices and supplies, family history, advance directives."""

from __future__ import annotations

from base64 import b64encode

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import birth_time, put_gender, put_vital_status
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._dates import instant, is_past
from semantix.emitters.fhir._relations import put_children
from semantix.emitters.fhir._statements import (
    EVENT_STATUS,
    code_or_absent,
    extend,
    is_denied,
    put_act_status,
    put_ids,
    put_negation,
    put_notes,
    put_parties,
    put_remarks,
    put_rest,
    put_start,
    put_subject,
    put_text,
    put_values,
)
from semantix.emitters.fhir._types import (
    absent_code,
    absent_element,
    attachment,
    concept,
    null_of,
    period,
    put_time,
    quantity,
)
from semantix.emitters.fhir.conditions import problem_code, put_qualities
from semantix.model import (
    Attachment,
    Concept,
    Consent,
    Link,
    Media,
    Observation,
    Panel,
    Problem,
    Quantity,
    Range,
    Relative,
    Statement,
)

_CURRENT = {"completed": "current"}
_HISTORY = {"completed": "completed", "active": "partial"}


def binary(cx: Context, one: Attachment, path: str) -> Json:
    """An Attachment whose bytes, or whole text in UTF-8, are a Binary of their own."""
    out = attachment(one)
    data = one.data
    kind = one.media_type or "application/octet-stream"
    if not data and one.text:
        data = b64encode(one.text.encode()).decode()
        # What is not text, but came as text, is not what its type says.
        kind = one.media_type if one.media_type and one.media_type.startswith("text/") else "text/plain"
        out["contentType"] = kind
    if data:
        resource = cx.new("Binary", path)
        resource["contentType"] = kind
        resource["data"] = data
        out["url"] = cx.to(resource)["reference"]
        if one.url:
            out.setdefault("title", one.url)
    return out or {"contentType": kind}


def build_media(cx: Context, one: Media) -> Json:
    """A Media whose content is a Binary."""
    r = cx.open("Media", one)
    put_act_status(r, one, EVENT_STATUS, default="unknown" if one.status else "completed")
    if one.code is not None:
        r["type"] = concept(cx, one.code)
    put_subject(cx, r, one)
    if cx.encounter is not None:
        r["encounter"] = cx.to(cx.encounter)
    put_time(cx, r, "created", one.time)
    put_parties(cx, r, one, performer="operator:one", author="operator:one")
    r["content"] = binary(cx, one.content, one.path) if one.content is not None else {"title": one.text or "-"}
    put_notes(cx, r, one)
    put_text(r, one)
    put_rest(cx, r, one)
    put_children(cx, r, one)
    return r


def build_attached_document(cx: Context, one: Panel) -> Json:
    """A DocumentReference: its contents are the panel's media, its type the observation beside them."""
    r = cx.open("DocumentReference", one)
    put_act_status(r, one, _CURRENT, default="current")
    kinds = [
        m for m in (link.statement for link in one.links) if m.kind == "document-type" and isinstance(m, Observation)
    ]
    media = [m for m in (link.statement for link in one.links) if isinstance(m, Media) and not m.links]
    if one.code is not None:
        r["category"] = [concept(cx, one.code)]
    for kind in kinds:
        _put_document_type(cx, r, kind)
    put_subject(cx, r, one)
    when = instant(one.time.start) if one.time is not None else None
    if when:
        r["date"] = when
    told = period(cx, one.time) if one.time is not None and (not when or one.time.value is None) else None
    if told:
        r["context"] = {"period": told}
    put_parties(cx, r, one, author="author:many")
    contents = [_content(cx, r, m) for m in media]
    r["content"] = contents or [{"attachment": {"title": one.text or "-"}}]
    put_remarks(cx, r, one, text=False)
    if one.text:
        r["description"] = one.text
    put_rest(cx, r, one)
    done = {id(m) for m in kinds} | {id(m) for m in media}
    put_children(cx, r, one, tuple(x for x in one.links if id(x.statement) not in done))
    return r


def _put_document_type(cx: Context, r: Json, kind: Observation) -> None:
    cx.take(kind, r)
    typed = next((v for v in kind.values if isinstance(v, Concept)), None)
    if typed is not None and "type" not in r:
        r["type"] = concept(cx, typed)
        put_values(cx, r, tuple(v for v in kind.values if v is not typed))
    else:
        put_values(cx, r, kind.values)
    if kind.code is not None:
        extend(r, {"url": url.CODE, "valueCodeableConcept": concept(cx, kind.code)})
    _put_identifiers(cx, r, kind)
    put_remarks(cx, r, kind)
    put_parties(cx, r, kind)
    put_rest(cx, r, kind)


def _put_identifiers(cx: Context, r: Json, one: Statement) -> None:
    held = r.get("identifier", [])
    more = [i for i in map(cx.identifier, one.ids) if i and i not in held]
    if more:
        r["identifier"] = held + more


def _content(cx: Context, r: Json, one: Media) -> Json:
    cx.take(one, r)
    held = binary(cx, one.content, one.path) if one.content is not None else {"title": "-"}
    _put_identifiers(cx, r, one)
    if one.text:
        held.setdefault("title", one.text)
    put_remarks(cx, r, one, text=held.get("title") != one.text)
    out: Json = {"attachment": held}
    if one.code is not None:
        extend(r, {"url": url.CODE, "valueCodeableConcept": concept(cx, one.code)})
    put_parties(cx, r, one)
    put_rest(cx, r, one)
    return out


def build_external(cx: Context, one: Statement) -> Json:
    """A DocumentReference to a document that is elsewhere."""
    r = cx.open("DocumentReference", one)
    put_act_status(r, one, _CURRENT, default="current")
    if one.code is not None:
        r["type"] = concept(cx, one.code)
    put_subject(cx, r, one)
    contents = []
    for found in one.references:
        held = attachment(Attachment(at=found.at, url=found.url))
        contents.append({"attachment": held or {"title": one.text or "-"}})
    put_parties(cx, r, one, author="author:many")
    r["content"] = contents or [{"attachment": {"title": one.text or "-"}}]
    if one.text:
        r["description"] = one.text
    put_rest(cx, r, one)
    put_children(cx, r, one)
    return r


# --- family -------------------------------------------------------------------------------------------------------


def build_family(cx: Context, one: Panel) -> Json:
    """A FamilyMemberHistory: the relative, and the conditions told of them.

    Whatever else is told of the relative is a resource of its own, and says whom it is about.
    """
    r = cx.open("FamilyMemberHistory", one)
    put_act_status(r, one, _HISTORY, default="health-unknown" if one.null else "completed")
    r["patient"] = cx.to(cx.patient)
    put_start(cx, r, "date", one.time)
    _put_relative(cx, r, one)
    put_parties(cx, r, one)
    if one.code is not None:
        extend(r, {"url": url.CODE, "valueCodeableConcept": concept(cx, one.code)})
    put_notes(cx, r, one)
    put_text(r, one)
    put_rest(cx, r, one)
    outer, cx.relative = cx.relative, one.subject or Relative(at=one.at, path=f"{one.path}/subject")
    conditions = [_family_condition(cx, r, x.statement) for x in one.links if _is_disease(x)]
    put_children(cx, r, one, tuple(x for x in one.links if not _is_disease(x)))
    cx.relative = outer
    if conditions:
        r["condition"] = conditions
    return r


def _is_disease(link: Link) -> bool:
    inner = link.statement
    return isinstance(inner, Problem) and inner.mood == "EVN" and inner.status != "nullified" and not link.negated


def _put_relative(cx: Context, r: Json, one: Statement) -> None:
    relative = one.subject
    if relative is None:
        r["relationship"] = absent_code("NI")
        return
    r["relationship"] = concept(cx, relative.code) if relative.code is not None else absent_code("NI")
    ids = [i for i in map(cx.identifier, relative.ids) if i]
    if ids:
        r["identifier"] = [*r.get("identifier", []), *ids]
    name = next((" ".join(p.value for p in n.parts) or n.text for n in relative.names if n.parts or n.text), None)
    if name:
        r["name"] = name
    if relative.gender is not None:
        kept: Json = {}
        put_gender(cx, kept, relative.gender)
        r["sex"] = {"coding": [{"system": "http://hl7.org/fhir/administrative-gender", "code": kept["gender"]}]}
        r["sex"]["coding"] += (
            kept.get("_gender", {}).get("extension", [{}])[0].get("valueCodeableConcept", {}).get("coding", [])
        )
    if relative.birth is not None:
        r["bornDate"] = relative.birth.date
        if relative.birth.has_time:
            r["_bornDate"] = birth_time(relative.birth)
    if relative.deceased_time is not None:
        r["deceasedDate"] = relative.deceased_time.date
    elif relative.deceased is not None:
        r["deceasedBoolean"] = relative.deceased
    died_at = relative.deceased_time is not None and relative.deceased_time.has_time
    if died_at or relative.multiple_birth is not None or relative.multiple_birth_order is not None:
        put_vital_status(r, relative)


def _family_condition(cx: Context, r: Json, one: Statement) -> Json:
    assert isinstance(one, Problem)
    cx.take(one, r)
    out: Json = {"code": problem_code(cx, one)}
    told = period(cx, one.time) if one.time is not None else None
    if told and not null_of(one.time):
        out["onsetPeriod"] = told
    put_ids(cx, out, one)
    put_qualities(cx, out, one, ("category", one.code))
    if is_denied(one):
        put_negation(out)
    put_notes(cx, out, one)
    put_text(out, one)
    put_parties(cx, out, one)
    put_rest(cx, out, one)
    _put_age(cx, out, one)
    if told and "onsetAge" not in out:
        out.setdefault("onsetPeriod", told)
    return out


def _put_age(cx: Context, out: Json, one: Problem) -> None:
    for link in one.links:
        inner = link.statement
        age = next((v for v in getattr(inner, "values", ()) if isinstance(v, (Quantity, Range))), None)
        if (
            isinstance(age, Quantity)
            and age.value is not None
            and not link.negated
            and age.unit in ("a", "mo", "d", "wk")
            and "onsetPeriod" not in out
            and "onsetAge" not in out
        ):
            cx.take(inner, None)
            out["onsetAge"] = quantity(cx, age)
            if inner.code is not None:
                extend(out, {"url": url.CODE, "valueCodeableConcept": concept(cx, inner.code)})
            continue
        put_children(cx, out, one, (link,))


# --- directives ---------------------------------------------------------------------------------------------------


_CONSENT_STATUS = {
    "completed": "active",
    "active": "active",
    "aborted": "inactive",
    "cancelled": "inactive",
    "suspended": "inactive",
}


def put_consent_status(r: Json, one: Observation | Consent, *, over: bool = False) -> None:
    """Write whether a consent is in force; ``data-absent-reason`` when the source does not say."""
    put_act_status(r, one, _CONSENT_STATUS, default=None)
    if "status" not in r:
        r["_status"] = absent_element(None)
    elif over and r["status"] == "active":
        r["status"] = "inactive"


def build_directive(cx: Context, one: Observation) -> Json:
    """An advance directive: a Consent of scope ``adr``."""
    r = cx.open("Consent", one)
    over = is_past(one.time.high if one.time is not None else None, cx.document.time)
    put_consent_status(r, one, over=over is True)
    r["scope"] = {"coding": [{"system": f"{url.TERMINOLOGY}consentscope", "code": "adr"}]}
    r["category"] = [code_or_absent(cx, one)]
    r["patient"] = cx.to(cx.patient)
    when = one.time.start if one.time is not None else None
    if when is not None:
        r["dateTime"] = when.iso
    span = period(cx, one.time) if one.time is not None and one.time.value is None else None
    if span:
        r["provision"] = {"period": span}
    put_parties(cx, r, one)
    r["policyRule"] = {"text": one.text or "Directives anticipées"}
    put_values(cx, r, one.values)
    for found in (*one.interpretations, *one.methods, *one.sites):
        extend(r, {"url": url.VALUE, "valueCodeableConcept": concept(cx, found)})
    if is_denied(one):
        put_negation(r)
    put_remarks(cx, r, one, text=False)
    put_rest(cx, r, one)
    put_children(cx, r, one)
    return r
