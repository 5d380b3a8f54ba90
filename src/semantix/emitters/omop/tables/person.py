"""PERSON, DEATH, OBSERVATION_PERIOD: who, without anything that names them.

``person_source_value`` stays empty. The day of birth is a CDM field and is kept; the place of birth is not. A birth
whose hour is not told is at midnight, as the conventions of the CDM have it (OHDSI THEMIS, person).
"""

from __future__ import annotations

from semantix.emitters.omop.concepts import EHR, GENDERS, NO_MATCH
from semantix.emitters.omop.context import Context, Row
from semantix.emitters.omop.dates import MONTH, YEAR
from semantix.emitters.omop.schema import SCHEMA
from semantix.emitters.omop.tables.provider import location, practice
from semantix.identifiers import number_and_birth
from semantix.ledger import Reason
from semantix.model import Patient
from semantix.systems import INS_NIA, INS_NIR, INS_NIR_DEMO, INS_NIR_TEST

_INS = (INS_NIR, INS_NIA, INS_NIR_TEST, INS_NIR_DEMO)


def person_key(patient: Patient, scope: str) -> str:
    """The same person in every document: the INS, else the first local identifier, else the document alone.

    The number of a practice or a laboratory is the same person only with the same birth date.
    """
    numbered = number_and_birth(patient)
    if numbered is not None:
        return "|".join(numbered)
    known = {i.root: i.extension for i in reversed(patient.ids) if i.root and i.extension and not i.null}
    for root in _INS:
        if root in known:
            return f"{root}^{known[root]}"
    for identifier in patient.ids:
        if identifier.root and identifier.extension and not identifier.null:
            return f"{identifier.root}^{identifier.extension}"
    return f"document^{scope}"


def person(context: Context) -> bool:
    """Add the person; false when the birth year, which the CDM requires, is unknown: nothing can then be stored."""
    patient = context.document.patient
    context.person = person_key(patient, context.scope)
    birth = context.calendar.written(patient.birth)
    if birth is None:
        return False
    context.birth = birth.day
    here = context.calendar.read(patient.birth)
    context.birth_here = here.day if here else ""
    row: Row = {
        "person_id": context.person,
        "year_of_birth": int(birth.day[:4]),
        "month_of_birth": None if birth.imputed == YEAR else int(birth.day[5:7]),
        "day_of_birth": None if birth.imputed in {YEAR, MONTH} else int(birth.day[8:10]),
        "birth_datetime": birth.time or (None if birth.imputed in {YEAR, MONTH} else f"{birth.day} 00:00:00"),
        "race_concept_id": NO_MATCH,
        "ethnicity_concept_id": NO_MATCH,
        "location_id": location(context, patient.addresses),
        **_gender(context, patient),
    }
    site = practice(context)
    if site is not None:
        row["care_site_id"] = site
    context.share("person", context.person, row)
    _death(context, patient)
    return True


def _gender(context: Context, patient: Patient) -> Row:
    chosen = context.choose(patient.gender, "value", "Gender")
    if chosen.coding is None:
        return {"gender_concept_id": NO_MATCH}
    context.keep(chosen)
    return {
        "gender_concept_id": chosen.among(GENDERS, "gender") or chosen.in_domain("Gender"),
        "gender_source_value": chosen.source_value,
        "gender_source_concept_id": chosen.source_concept,
    }


def _death(context: Context, patient: Patient) -> None:
    day = context.calendar.written(patient.deceased_time)
    if day is not None and day.day >= context.birth:
        row = {
            "person_id": context.person,
            "death_date": day.day,
            "death_datetime": day.time,
            "death_type_concept_id": EHR,
        }
        context.share("death", context.person, row)
        if day.imputed:
            context.imputed["death", day.imputed] += 1
    elif patient.deceased or day is not None:
        context.excluded["death", Reason.NO_DATE.value] += 1


def observation_period(context: Context) -> None:
    """From the first to the last event of the document; the sink joins the periods of one person into one."""
    starts = ((SCHEMA[table].start, rows) for table, rows in context.rows.items())
    days = sorted({row[column] for column, rows in starts if column for row in rows})
    if not days:
        return
    row = {
        "person_id": context.person,
        "observation_period_start_date": days[0],
        "observation_period_end_date": days[-1],
        "period_type_concept_id": EHR,
    }
    context.share("observation_period", context.person, row)
