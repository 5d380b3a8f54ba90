"""Condition, AllergyIntolerance, FamilyMemberHistory."""

from __future__ import annotations

from typing import Any

from semantix.model import (
    Allergy,
    Concept,
    Concern,
    Link,
    Note,
    Observation,
    Panel,
    PartialDate,
    Problem,
    Relative,
    Statement,
    Text,
    TimeSpan,
)
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.actors import dated, parties
from semantix.parsers.fhir.context import Context, flat
from semantix.parsers.fhir.datatypes import (
    concept,
    concepts,
    identifiers,
    joined,
    period,
    quantity,
    raw_codes,
    when,
)
from semantix.parsers.fhir.people import names, sex
from semantix.parsers.fhir.shapes import Json, boolean, choice, extension, extensions, first, items, text
from semantix.parsers.fhir.values import value
from semantix.parsers.fhir.words import HISTORY, absence

_TYPE = "http://hl7.org/fhir/allergy-intolerance-type"
_CATEGORY = "http://hl7.org/fhir/allergy-intolerance-category"
_CRITICALITY = "http://hl7.org/fhir/allergy-intolerance-criticality"
_SEVERITY = "http://hl7.org/fhir/reaction-event-severity"
_AGES = ("Age", "Range", "String")


def condition(cx: Context, r: Json) -> list[Statement]:
    """A Condition."""
    sheet = cx.sheet
    fields = _asserted(cx, r, "problem")
    what = concept(sheet, r.get("code"))
    said, notes = _onset(cx, r)
    listed = [one for one in items(r.get("category")) if "problem-list-item" in raw_codes(one, url.CONDITION_CATEGORY)]
    for one in listed:
        sheet.imply(one)
    others = [concept(sheet, one) for one in items(r.get("category")) if one not in listed]
    fields |= {
        "kind": absence(what) or "problem",
        "code": joined(others),
        "time": said,
        "notes": (*fields["notes"], *notes),
        "links": flat(_evidence(cx, r), cx.related(r)),
    }
    return [
        Problem(
            **fields,
            problem=what,
            clinical_status=_status(cx, r, "clinicalStatus"),
            verification=_status(cx, r, "verificationStatus"),
            severity=concept(sheet, r.get("severity")),
            patient_status=concept(sheet, (_own(r, "patient-status") or {}).get("valueCodeableConcept")),
            stages=_stages(cx, r),
            sites=concepts(sheet, r.get("bodySite")),
            concern=_concern(cx, r),
        )
    ]


def _asserted(cx: Context, r: Json, kind: str) -> dict[str, Any]:
    """What a Condition and an AllergyIntolerance have in common."""
    in_error = "entered-in-error" in raw_codes(r.get("verificationStatus"))
    people = [
        *dated(cx, parties(cx, r, "recorder", "author"), r, "recordedDate"),
        *parties(cx, r, "asserter", "informant"),
    ]
    return cx.common(r, kind) | {"status": "nullified" if in_error else None, "parties": tuple(people)}


def _own(r: Json, name: str) -> Json | None:
    return extension(r, f"{url.OWN}{name}")


def _status(cx: Context, r: Json, name: str) -> Concept | None:
    """A status in HL7's codes; semantix's own output keeps the code of its source beside it."""
    element = first(r.get(name))
    kept = extension(element, url.CODE) or _own(r, f"source-{name}")
    found = concept(cx.sheet, (kept or {}).get("valueCodeableConcept"))
    if found is None or not found.codings:
        return concept(cx.sheet, element)
    cx.sheet.imply(element)
    return found


def _onset(cx: Context, r: Json) -> tuple[TimeSpan | None, list[Note]]:
    """From the onset to the end. An age and words are comments: no date is made of them."""
    sheet = cx.sheet
    begun, over = _dates(cx, r, "onset"), _dates(cx, r, "abatement")
    notes = [note for name in ("onset", "abatement") if (note := _age(cx, r, name)) is not None]
    if over is None:
        return begun, notes
    low = begun.start if begun is not None else None
    high = over.value or over.high or over.low
    return TimeSpan(sheet.spot(r, "onset#"), low=low, high=high), notes


def _dates(cx: Context, r: Json, name: str) -> TimeSpan | None:
    held = r.get(f"{name}Period")
    if held is not None:
        return period(cx.sheet, held)
    found = when(cx.sheet, r, f"{name}DateTime")
    return TimeSpan(cx.sheet.spot(r, f"{name}DateTime"), found) if found is not None else None


def _age(cx: Context, r: Json, name: str) -> Note | None:
    held = choice(r, name)
    if held is None or held[0] not in _AGES:
        return None
    found = value(cx.sheet, r, name)
    if isinstance(found, Text):
        return cx.note(r, f"{name}{held[0]}", found.value)
    ages = [found] if held[0] == "Age" else [getattr(found, "low", None), getattr(found, "high", None)]
    said = " - ".join(f"{age.value} {age.unit or ''}".strip() for age in ages if age is not None)  # type: ignore[union-attr]
    return cx.note(r, f"{name}{held[0]}", said) if said else None


def _stages(cx: Context, r: Json) -> tuple[Observation, ...]:
    out = []
    for one in items(r.get("stage")):
        summary = concept(cx.sheet, one.get("summary"))
        kind = concept(cx.sheet, one.get("type"))
        if summary is None and kind is None:
            continue
        at = cx.sheet.statement(cx.sheet.path(one))
        answers = (summary,) if summary is not None else ()
        out.append(Observation(at=at, path=at.path, kind="stage", status="completed", code=kind, values=answers))
    return tuple(out)


def _evidence(cx: Context, r: Json) -> list[Link]:
    out: list[Link] = []
    for one in items(r.get("evidence")):
        out += cx.links(one, "detail", "SPRT")
        for found in items(one.get("code")):
            coded = concept(cx.sheet, found)
            if coded is not None:
                at = cx.sheet.statement(cx.sheet.path(found))
                out.append(Link("SPRT", Statement(at=at, path=at.path, kind="internal-reference", code=coded)))
    return out


def _concern(cx: Context, r: Json) -> Concern | None:
    """The concern act that semantix's own output keeps."""
    kept = extension(r, url.CONCERN)
    if kept is None:
        return None
    status = extension(kept, "status")
    return Concern(
        cx.sheet.spot(kept),
        identifiers([x.get("valueIdentifier") for x in extensions(kept, "identifier")]),
        text(status.get("valueCode")) if status is not None else None,
        period(cx.sheet, (extension(kept, "period") or {}).get("valuePeriod")),
        concept(cx.sheet, (extension(kept, "code") or {}).get("valueCodeableConcept")),
    )


# --- allergies ----------------------------------------------------------------------------------------------------


def allergy(cx: Context, r: Json) -> list[Statement]:
    """An AllergyIntolerance; the codes that say "none known" or "no information" keep their own kind."""
    sheet = cx.sheet
    fields = _asserted(cx, r, "allergy")
    said, notes = _onset(cx, r)
    agent = concept(sheet, r.get("code"))
    fields |= {
        "kind": absence(agent) or "allergy",
        "code": cx.code(r) or _type(cx, r),
        "time": said,
        "notes": (*fields["notes"], *notes),
        "links": flat(cx.related(r)),
    }
    return [
        Allergy(
            **fields,
            value=agent,
            clinical_status=_status(cx, r, "clinicalStatus"),
            verification=_status(cx, r, "verificationStatus"),
            criticality=_bare(cx, r, "criticality", _CRITICALITY),
            severity=concept(sheet, (_own(r, "allergy-severity") or {}).get("valueCodeableConcept")),
            reactions=tuple(one for part in items(r.get("reaction")) for one in _reactions(cx, part)),
            concern=_concern(cx, r),
        )
    ]


def _bare(cx: Context, r: Json, name: str, system: str) -> Concept | None:
    """A code that FHIR writes without its system; semantix's own output keeps that of its source beside it."""
    kept = extension(r.get(f"_{name}"), url.CODE)
    if kept is not None:
        return concept(cx.sheet, kept.get("valueCodeableConcept"))
    code = text(r.get(name))
    return Concept((cx.sheet.derived(r, name, code, system),), cx.sheet.spot(r, f"{name}#")) if code else None


def _type(cx: Context, r: Json) -> Concept | None:
    """Allergy or intolerance, and to what kind of thing."""
    kind, category = text(r.get("type")), text(r.get("category"))
    codings = []
    if kind:
        codings.append(cx.sheet.derived(r, "type", kind, _TYPE))
    if category:
        codings.append(cx.sheet.derived(r, "category", category, _CATEGORY))
    return Concept(tuple(codings), cx.sheet.spot(r, "type#")) if codings else None


def _reactions(cx: Context, part: Json) -> list[Problem]:
    """One problem for each manifestation."""
    sheet = cx.sheet
    out = []
    began = when(sheet, part, "onset")
    for one in items(part.get("manifestation")):
        what = concept(sheet, one)
        at = sheet.statement(sheet.path(one))
        category = concept(sheet, (_own(part, "reaction-category") or {}).get("valueCodeableConcept"))
        severity = concept(sheet, (_own(part, "reaction-severity") or {}).get("valueCodeableConcept"))
        out.append(
            Problem(
                at=at,
                path=at.path,
                kind="problem",
                code=category,
                text=text(part.get("description")),
                time=TimeSpan(sheet.spot(part, "onset"), began) if began is not None else None,
                notes=cx.notes(part),
                problem=what,
                severity=severity or _bare(cx, part, "severity", _SEVERITY),
                links=flat(cx.related(part)),
            )
        )
    return out


# --- family -------------------------------------------------------------------------------------------------------


def family(cx: Context, r: Json) -> list[Statement]:
    """A FamilyMemberHistory: the relative, and what they had."""
    fields = cx.common(r, "family-history", HISTORY)
    if text(r.get("status")) == "health-unknown":
        fields["null"] = "UNK"
    said = when(cx.sheet, r, "date")
    fields |= {
        "time": TimeSpan(cx.sheet.spot(r, "date#"), said) if said is not None else None,
        "code": cx.code(r),
        "subject": _relative(cx, r),
        "links": flat([_family_condition(cx, one) for one in items(r.get("condition"))], cx.reasons(r), cx.related(r)),
    }
    return [Panel(**fields)]


def _relative(cx: Context, r: Json) -> Relative:

    sheet = cx.sheet
    died: PartialDate | None = when(sheet, r, "deceasedDate")
    name = text(r.get("name"))
    return Relative(
        at=sheet.spot(r, "relationship#"),
        path=f"{sheet.path(r)}/relationship",
        class_code="PRS",
        code=concept(sheet, r.get("relationship")),
        names=names([{"text": name}]) if name else (),
        gender=sex(sheet, r),
        birth=when(sheet, r, "bornDate"),
        deceased=True if died is not None else boolean(r.get("deceasedBoolean")),
        deceased_time=died,
    )


def _family_condition(cx: Context, part: Json) -> Link:
    sheet = cx.sheet
    at = sheet.statement(sheet.path(part))
    age = _age(cx, part, "onset")
    links = []
    if age is not None and (years := quantity(sheet, part.get("onsetAge"))) is not None:
        spot = sheet.statement(f"{sheet.path(part)}/onsetAge")
        inner = Observation(
            at=spot, path=spot.path, kind="observation", status="completed", code=cx.code(part), values=(years,)
        )
        links.append(Link("SUBJ", inner))
        age = None
    denied = extension(part, url.NEGATED)
    return Link(
        "COMP",
        Problem(
            at=at,
            path=at.path,
            kind="problem",
            code=concept(sheet, (_own(part, "reaction-category") or {}).get("valueCodeableConcept")),
            problem=concept(sheet, part.get("code")),
            negated=denied is not None and boolean(denied.get("valueBoolean")) is True,
            time=_dates(cx, part, "onset"),
            notes=(*cx.notes(part), *([age] if age is not None else [])),
            links=tuple(links),
        ),
    )
