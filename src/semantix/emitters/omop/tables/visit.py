"""VISIT_OCCURRENCE: the encounter of the document, and the past encounters told in its body.

A document without encounter makes no visit: its events have an empty ``visit_occurrence_id``, because a document is
not proof of a contact (a laboratory report is written without seeing the patient). ``visit_detail`` is not
populated: no French template tells movements between units.
"""

from __future__ import annotations

from semantix.emitters.omop.codes import Chosen
from semantix.emitters.omop.concepts import EHR, VISITS
from semantix.emitters.omop.context import VISIT_MARGIN, Context, Row
from semantix.emitters.omop.dates import END, When, shifted
from semantix.emitters.omop.facts import ending
from semantix.emitters.omop.tables.provider import care_site, identity_of, provider
from semantix.ledger import Reason
from semantix.model import EncompassingEncounter, Encounter, Facility, TimeSpan


def encompassing_visit(context: Context) -> None:
    """The visit during which the document was made, the same row for all its documents."""
    encounter = context.document.encounter
    if encounter is None:
        return
    start = context.when(encounter.time)
    if start is None:
        context.excluded["encounter", Reason.NO_DATE.value] += 1
        return
    identity = identity_of(encounter.ids) or context.scope
    key = f"{context.person}|{identity}"
    row = _row(context, key, start, encounter.time, context.choose(encounter.code, "observation", "Visit"))
    row["care_site_id"] = _place(context, encounter.facility)
    for party in encounter.parties:
        row["provider_id"] = row.get("provider_id") or provider(context, party)
    _movements(context, row, encounter)
    context.share("visit_occurrence", key, row)
    context.visit = key
    context.visit_days = shifted(row["visit_start_date"], -VISIT_MARGIN), shifted(row["visit_end_date"], VISIT_MARGIN)


def _movements(context: Context, row: Row, encounter: EncompassingEncounter) -> None:
    for concept, column in ((encounter.admission_source, "admitted_from"), (encounter.discharge, "discharged_to")):
        chosen = context.choose(concept, "observation", "Visit")
        if chosen.coding is not None:
            row[f"{column}_source_value"] = chosen.source_value
            row[f"{column}_concept_id"] = chosen.in_domain("Visit")
            context.keep(chosen)


def _place(context: Context, facility: Facility | None) -> str | None:
    if facility is None:
        return None
    return care_site(context, facility.organization, facility.code, facility.address)


def past_visit(context: Context, encounter: Encounter, type_concept: int) -> Reason | None:
    """A visit told in the body, or why it has no row: no date, or the identifier of another visit of the document."""
    start = context.when(encounter.time)
    if start is None:
        return Reason.NO_DATE
    identity = identity_of(encounter.ids) or f"{context.scope}{encounter.path}"
    key = f"{context.person}|{identity}"
    if ("visit_occurrence", key) in context.shared:
        return Reason.NOT_PREFERRED
    chosen = context.choose(encounter.code, "observation", "Visit")
    row = _row(context, key, start, encounter.time, chosen)
    row["visit_type_concept_id"] = type_concept
    for party in encounter.parties:
        row["provider_id"] = row.get("provider_id") or provider(context, party)
    context.share("visit_occurrence", key, row)
    return None


def _row(context: Context, key: str, start: When, span: TimeSpan | None, chosen: Chosen) -> Row:
    concept_id = chosen.among(VISITS, "act-code") or chosen.in_domain("Visit")
    end = context.calendar.end(span, start) or _end(context, concept_id, start)
    context.keep(chosen)
    if end.imputed == END:
        context.open_visits.add(key)
    if start.imputed:
        context.imputed["visit_occurrence", start.imputed] += 1
    return {
        "visit_occurrence_id": key,
        "person_id": context.person,
        "visit_concept_id": concept_id,
        "visit_start_date": start.day,
        "visit_start_datetime": start.time,
        **ending(context, end, "visit_occurrence", "visit"),
        "visit_type_concept_id": EHR,
        "visit_source_value": chosen.source_value,
        "visit_source_concept_id": chosen.source_concept,
    }


def _end(context: Context, concept_id: int, start: When) -> When:
    """A stay that is not over ends, for now, on the day of the document; any other visit ends the day it began."""
    day = context.day
    if concept_id == VISITS["IMP"] and day is not None and day.day >= start.day:
        return When(day.day, None, END)
    return When(start.day, start.time, END)
