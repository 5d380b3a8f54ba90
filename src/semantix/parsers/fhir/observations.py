"""Observation, DiagnosticReport, Specimen, and the goals and answers that are written alike."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from semantix.model import (
    Attachment,
    Link,
    Media,
    Observation,
    Panel,
    Procedure,
    Quantity,
    Range,
    ReferenceRange,
    Specimen,
    Statement,
    TimeSpan,
    Value,
)
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.actors import dated, parties, party
from semantix.parsers.fhir.context import Context, flat
from semantix.parsers.fhir.datatypes import (
    absent,
    codes,
    concept,
    concepts,
    identifiers,
    quantity,
    range_,
    raw_codes,
    span,
    when,
)
from semantix.parsers.fhir.shapes import Json, extension, extensions, first, items, text
from semantix.parsers.fhir.values import attachment, value
from semantix.parsers.fhir.words import GOAL, KINDS, LABORATORY, OBSERVATION, PANELS

PRESSURES = frozenset({"8480-6", "8462-4"})


def observation(cx: Context, r: Json) -> list[Statement]:
    """An Observation; one that only groups others (``hasMember``, ``component``) is a Panel."""
    category = next((c for c in raw_codes(r.get("category")) if c in KINDS), "")
    for one in items(r.get("category")):
        if raw_codes(one, url.CATEGORY):
            cx.sheet.imply(one)
    fields = cx.common(r, KINDS.get(category, "observation"), OBSERVATION, **_shared(cx, r))
    answers = answers_of(cx, r)
    own = _findings(cx, r)
    aspects = {name: own.pop(name) for name in ("sites", "methods")}
    parts = [_component(cx, r, one, fields, aspects) for one in items(r.get("component"))]
    members = cx.links(r, "hasMember", "COMP")
    fields["links"] = flat(parts, members, cx.links(r, "derivedFrom", "DRIV"), cx.related(r))
    if (parts or members) and not answers and not any(own.values()):
        fields["kind"] = PANELS.get(category, "panel")
        return [Panel(**fields)]
    return [Observation(**fields, values=answers, **own, **aspects)]


def _shared(cx: Context, r: Json) -> dict[str, Any]:
    people = parties(cx, r, "performer", "performer")
    return {
        "code": concept(cx.sheet, r.get("code")),
        "time": span(cx.sheet, r, "effective"),
        "parties": (*people, *dated(cx, [], r, "issued")),
        "specimens": specimens(cx, r, "specimen"),
    }


def answers_of(cx: Context, r: Json) -> tuple[Value, ...]:
    """The value of an Observation or of a component, else why there is none."""
    said = [value(cx.sheet, r)]
    said += [value(cx.sheet, one) for one in extensions(r, url.VALUE)]
    said.append(absent(cx.sheet, r.get("dataAbsentReason")))
    return tuple(one for one in said if one is not None)


def _findings(cx: Context, r: Json) -> dict[str, Any]:
    sheet = cx.sheet
    sites = [concept(sheet, r.get("bodySite"))]
    sites += [concept(sheet, x.get("valueCodeableConcept")) for x in extensions(r, url.OTHER_SITE)]
    methods = [concept(sheet, r.get("method"))]
    methods += [concept(sheet, x.get("valueCodeableConcept")) for x in extensions(r, url.OTHER_METHOD)]
    return {
        "interpretations": concepts(sheet, r.get("interpretation")),
        "ranges": tuple(reference_range(cx, one) for one in items(r.get("referenceRange"))),
        "sites": tuple(x for x in sites if x is not None),
        "methods": tuple(x for x in methods if x is not None),
    }


def _component(cx: Context, r: Json, part: Json, whole: dict[str, Any], aspects: dict[str, Any]) -> Link:
    """One of several results of an Observation, at the same time, by the same means, on the same site."""
    at = cx.sheet.statement(cx.sheet.path(part))
    found = _findings(cx, part)
    inner = Observation(
        at=at,
        path=at.path,
        kind=whole["kind"],
        code=concept(cx.sheet, part.get("code")),
        status=whole["status"],
        negated=whole.get("negated", False),
        time=whole["time"],
        values=answers_of(cx, part),
        interpretations=found["interpretations"],
        ranges=found["ranges"],
        **aspects,
    )
    return Link("COMP", inner)


def reference_range(cx: Context, one: Json) -> ReferenceRange:
    """Usual values. Those of an age or of a group of people are kept as words: whose they are is not decided here."""
    sheet = cx.sheet
    bounds: Range | None = range_(sheet, one)
    said = text(one.get("text"))
    usual = concept(sheet, one.get("type"))
    applies = concepts(sheet, one.get("appliesTo"))
    held: Value | None = bounds
    if bounds is not None and "age" in one:
        held, said = None, said or _in_words(bounds)
    other = extension(one, url.VALUE)
    if held is None and other is not None:
        held = value(sheet, other)
    return ReferenceRange(sheet.spot(one), held, said, usual, applies[0] if applies else None)


def _in_words(bounds: Range) -> str:
    def side(one: Quantity | None) -> str:
        return f"{one.value} {one.unit or ''}".strip() if one is not None and one.value is not None else ""

    return f"{side(bounds.low)} - {side(bounds.high)}"


def specimens(cx: Context, r: Json, name: str) -> tuple[Specimen, ...]:
    """The specimens that an element refers to."""
    found = [cx.reach(one, r) for one in items(r.get(name))]
    out = [specimen_of(cx, one) for one in found if one is not None and one.get("resourceType") == "Specimen"]
    out += [
        Specimen(at=cx.sheet.spot(one), path=cx.sheet.path(one), name=said)
        for one, held in zip(items(r.get(name)), found, strict=True)
        if held is None and (said := text(one.get("display")))
    ]
    return tuple(out)


def specimen_of(cx: Context, found: Json) -> Specimen:
    """A Specimen."""
    taken = first(found.get("collection")) or {}
    kind = concept(cx.sheet, found.get("type"))
    said = next((text(n.get("text")) for n in items(found.get("note"))), None)
    return Specimen(
        at=cx.sheet.spot(found),
        path=cx.sheet.path(found),
        ids=(*identifiers(found.get("identifier")), *cx.identity(found)),
        code=kind,
        name=None,
        text=said,
        quantity=quantity(cx.sheet, taken.get("quantity")),
    )


def specimen(cx: Context, r: Json) -> list[Statement]:
    """A Specimen that no result refers to: its collection."""
    taken = first(r.get("collection")) or {}
    collector = party(cx, taken.get("collector"), r, "performer")
    fields = cx.common(r, "specimen-collection", {"entered-in-error": "nullified"})
    fields["status"] = fields["status"] or "completed"
    fields |= {"parties": (collector,) if collector else (), "specimens": (specimen_of(cx, r),), "notes": ()}
    sites = concepts(cx.sheet, taken.get("bodySite"))
    methods = concepts(cx.sheet, taken.get("method"))
    time = span(cx.sheet, taken, "collected")
    return [Procedure(**fields, time=time, sites=sites, methods=methods)]


# --- reports ------------------------------------------------------------------------------------------------------


def report(cx: Context, r: Json) -> list[Statement]:
    """A DiagnosticReport: its results inside it, its conclusion, its files."""
    categories = {c for one in items(r.get("category")) for c in raw_codes(one)}
    is_laboratory = not categories or bool(categories & LABORATORY)
    for one in items(r.get("category")) if is_laboratory else ():
        if set(raw_codes(one)) <= LABORATORY:
            cx.sheet.imply(one)
    people = [*parties(cx, r, "performer", "performer"), *parties(cx, r, "resultsInterpreter", "author")]
    fields = cx.common(r, "lab-report" if is_laboratory else "act", OBSERVATION)
    fields |= {
        "code": concept(cx.sheet, r.get("code")),
        "time": span(cx.sheet, r, "effective"),
        "text": text(r.get("conclusion")),
        "parties": (*people, *dated(cx, [], r, "issued")),
        "specimens": specimens(cx, r, "specimen"),
    }
    files = [_file(cx, r, one) for one in items(r.get("presentedForm"))]
    fields["links"] = flat(
        cx.links(r, "result", "COMP"), _conclusion(cx, r, fields), files, cx.reasons(r), cx.related(r)
    )
    return [Statement(**fields)]


def _conclusion(cx: Context, r: Json, whole: dict[str, Any]) -> list[Link]:
    """The coded conclusions of a report: the answers of an observation of what was examined."""
    found = concepts(cx.sheet, r.get("conclusionCode"))
    if not found:
        return []
    at = cx.sheet.statement(f"{cx.sheet.path(r)}/conclusionCode")
    inner = Observation(
        at=at,
        path=at.path,
        kind="observation",
        code=whole["code"],
        status=whole["status"],
        time=whole["time"],
        values=found,
    )
    return [Link("COMP", inner)]


def _file(cx: Context, r: Json, one: Json) -> Link:
    at = cx.sheet.statement(cx.sheet.path(one))
    title = text(one.get("title"))
    return Link("COMP", Media(at=at, path=at.path, kind="media", text=title, content=attachment(cx.sheet, one)))


def media(cx: Context, r: Json) -> list[Statement]:
    """A Media."""
    fields = cx.common(r, "media", {"completed": "completed", "entered-in-error": "nullified"})
    fields |= {
        "code": concept(cx.sheet, r.get("type")),
        "time": span(cx.sheet, r, "created"),
        "parties": tuple(parties(cx, r, "operator", "performer")),
        "links": flat(cx.reasons(r), cx.related(r)),
    }
    return [Media(**fields, content=content_of(cx, r.get("content"), r))]


def content_of(cx: Context, element: Any, holder: Json) -> Attachment | None:
    """An Attachment, with the bytes of the Binary that it points to when that is at hand."""
    found = attachment(cx.sheet, element)
    if found is None or found.data or not found.url:
        return found
    held = cx.reach({"reference": found.url}, holder)
    if held is None or held.get("resourceType") != "Binary":
        return found
    inner = attachment(cx.sheet, held)
    if inner is None or not inner.data:
        return found
    title = text((first(element) or {}).get("title"))
    return structs.replace(found, media_type=inner.media_type or found.media_type, data=inner.data, url=title)


# --- goals --------------------------------------------------------------------------------------------------------


def goal(cx: Context, r: Json) -> list[Statement]:
    """A Goal: what is aimed at, and the values that say that it is reached."""
    sheet = cx.sheet
    targets = items(r.get("target"))
    code = concept(sheet, r.get("description"))
    for one in targets:
        measure = first(one.get("measure"))
        if measure is not None and set(raw_codes(measure)) <= codes(code):
            sheet.imply(measure)
    start = when(sheet, r, "startDate")
    end = next((found for one in targets if (found := when(sheet, one, "dueDate")) is not None), None)
    answers = [value(sheet, one, "detail") for one in targets]
    fields = cx.common(r, "observation") | {
        "mood": "GOL",
        "code": code,
        "status": GOAL.get(text(r.get("lifecycleStatus")) or ""),
        "time": TimeSpan(sheet.spot(r, "startDate#"), low=start, high=end) if start or end else None,
        "parties": tuple(parties(cx, r, "expressedBy", "author")),
        "links": flat(cx.links(r, "addresses", "RSON"), cx.related(r)),
    }
    return [Observation(**fields, values=tuple(one for one in answers if one is not None))]
