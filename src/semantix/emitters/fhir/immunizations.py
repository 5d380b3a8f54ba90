"""Vaccinations: Immunization when done or refused, ImmunizationRecommendation when planned."""

from __future__ import annotations

from semantix.emitters.fhir import _urls as url
from semantix.emitters.fhir._actors import organization
from semantix.emitters.fhir._context import Context, Json
from semantix.emitters.fhir._dosage import dosages
from semantix.emitters.fhir._relations import put_children
from semantix.emitters.fhir._statements import (
    extend,
    is_denied,
    put_act_status,
    put_negation,
    put_notes,
    put_parties,
    put_remarks,
    put_rest,
    put_specimens,
    put_start,
    put_subject,
    put_text,
    related,
)
from semantix.emitters.fhir._types import absent_code, absent_element, concept, null_of, put_time
from semantix.emitters.fhir.conditions import is_reaction, problem_code, put_denied_reaction, put_qualities
from semantix.emitters.fhir.medications import (
    is_detailed,
    main_time,
    product_code,
    put_contained,
    put_lot,
    put_occurrences,
)
from semantix.emitters.fhir.procedures import PLANNED
from semantix.model import Immunization, Problem, Product

_GIVEN = {"completed": "completed", "cancelled": "not-done", "aborted": "not-done"}
_SEEN = {"completed": "final"}


def build_immunization(cx: Context, one: Immunization) -> Json:
    """An Immunization, or an ImmunizationRecommendation when it is only planned."""
    if one.mood in PLANNED:
        return _recommendation(cx, one)
    r = cx.open("Immunization", one)
    put_act_status(r, one, _GIVEN, denied="not-done", default="completed")
    product = one.product
    _put_vaccine(cx, r, one)
    r["patient"] = cx.to(cx.patient)
    if cx.encounter is not None:
        r["encounter"] = cx.to(cx.encounter)
    _put_occurrence(cx, r, one)
    if product is not None:
        _put_batch(cx, r, product)
    _put_vaccine_dosage(cx, r, one)
    put_parties(cx, r, one, performer="performer:actor", author="performer:actor")
    put_notes(cx, r, one)
    put_text(r, one)
    _put_vaccine_reactions(cx, r, one)
    if one.dose_number is not None and one.dose_number > 0:
        r["protocolApplied"] = [{"doseNumberPositiveInt": one.dose_number}]
    elif one.dose_number is not None:
        r["protocolApplied"] = [{"doseNumberString": str(one.dose_number)}]
    put_rest(cx, r, one)
    put_children(cx, r, one)
    return r


def _put_occurrence(cx: Context, r: Json, one: Immunization) -> None:
    """Write the day of the injection: a point in time beside the statement's interval, else the interval's start."""
    span, others = main_time(one.time, one.occurrences)
    if not null_of(span):
        put_start(cx, r, "occurrenceDateTime", span)
    if "occurrenceDateTime" not in r:
        r["_occurrenceDateTime"] = absent_element(span.null or span.low_null if span is not None else None)
    put_occurrences(cx, r, others)


def _put_vaccine(cx: Context, r: Json, one: Immunization) -> None:
    product = one.product
    if one.kind == "no-immunization" and one.code is not None and product is None:
        r["vaccineCode"] = concept(cx, one.code)
        return
    r["vaccineCode"] = product_code(cx, product) if product is not None else absent_code(one.null or "NI")
    if one.code is not None:
        extend(r, {"url": url.CODE, "valueCodeableConcept": concept(cx, one.code)})


def _put_batch(cx: Context, r: Json, product: Product) -> None:
    if product.manufacturer is not None:
        r["manufacturer"] = cx.to(organization(cx, product.manufacturer))
    put_lot(r, product)
    if product.expiry is not None:
        r["expirationDate"] = product.expiry.date
    if product.form or product.classes or product.ingredients or product.packaging or product.ids:
        put_contained(cx, r, product)


def _put_vaccine_dosage(cx: Context, r: Json, one: Immunization) -> None:
    if not one.dosages:
        return
    first, *others = dosages(cx, one.dosages) or [{}]
    if "site" in first:
        r["site"] = first.pop("site")
    if "route" in first:
        r["route"] = first.pop("route")
    # The rhythms of one dosage share its amounts: what is taken from the first stays in the others.
    amounts = first.pop("doseAndRate", [{}])[0]
    rest = {name: amount for name, amount in amounts.items() if name != "doseQuantity"}
    if "doseQuantity" in amounts:
        r["doseQuantity"] = amounts["doseQuantity"]
    if rest:
        first["doseAndRate"] = [rest]
    first.pop("sequence", None)
    for dosage in [first, *others]:
        if dosage:
            extend(r, {"url": url.FURTHER_DOSAGE, "valueDosage": dosage})


def _put_vaccine_reactions(cx: Context, r: Json, one: Immunization) -> None:
    for problem in one.reactions:
        if not is_reaction(problem):
            put_denied_reaction(cx, r, problem)
            continue
        built = _reaction(cx, problem)
        if r["resourceType"] != "Immunization":
            extend(r, related("CAUS", cx.to(built)))
            continue
        written: Json = {"detail": cx.to(built)}
        if problem.time is not None and problem.time.start is not None:
            written["date"] = problem.time.start.iso
        r.setdefault("reaction", []).append(written)


def _reaction(cx: Context, problem: Problem) -> Json:
    """An Observation, the only type that Immunization.reaction may name."""
    built = cx.open("Observation", problem)
    put_act_status(built, problem, _SEEN, default="final")
    built["code"] = concept(cx, problem.code) if problem.code is not None else absent_code("NI")
    put_subject(cx, built, problem)
    built["valueCodeableConcept"] = problem_code(cx, problem)
    put_time(cx, built, "effective", problem.time)
    put_qualities(cx, built, problem)
    put_specimens(cx, built, problem, "specimen")
    put_parties(cx, built, problem, performer="performer:many", author="performer:many")
    put_notes(cx, built, problem)
    put_rest(cx, built, problem)
    put_children(cx, built, problem)
    return built


def _recommendation(cx: Context, one: Immunization) -> Json:
    r = cx.open("ImmunizationRecommendation", one)
    r["patient"] = cx.to(cx.patient)
    stated = cx.document.time
    if stated is not None:
        r["date"] = stated.iso
    else:
        r["_date"] = absent_element(None)
    advice: Json = {
        "vaccineCode": [product_code(cx, one.product)] if one.product is not None else [absent_code(one.null or "NI")]
    }
    advice["forecastStatus"] = {
        "coding": [{"system": f"{url.TERMINOLOGY}immunization-recommendation-status", "code": "due"}]
    }
    criteria = _date_criteria(one)
    if criteria:
        advice["dateCriterion"] = criteria
    elif one.time is not None:
        put_occurrences(cx, r, (one.time,))
    put_occurrences(cx, r, one.occurrences)
    if one.dose_number is not None and one.dose_number > 0:
        advice["doseNumberPositiveInt"] = one.dose_number
    r["recommendation"] = [advice]
    if is_denied(one):
        put_negation(r)
    if one.product is not None and is_detailed(one.product):
        put_contained(cx, r, one.product)
    for dosage in dosages(cx, one.dosages):
        extend(r, {"url": url.FURTHER_DOSAGE, "valueDosage": dosage})
    if one.status:
        extend(r, {"url": url.STATUS, "valueCode": one.status})
    put_parties(cx, r, one)
    put_remarks(cx, r, one)
    _put_vaccine_reactions(cx, r, one)
    put_rest(cx, r, one, codes=True)
    put_children(cx, r, one)
    return r


def _date_criteria(one: Immunization) -> list[Json]:
    """When the vaccine is due (30980-7) and until when it may be given (59777-3), from the planned time."""
    time = one.time
    if time is None:
        return []
    dates = (("30980-7", time.start), ("59777-3", time.high))
    return [
        {"code": {"coding": [{"system": url.LOINC, "code": code}]}, "value": date.iso} for code, date in dates if date
    ]
