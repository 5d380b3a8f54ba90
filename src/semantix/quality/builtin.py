"""The checks that run when no definitions are given, derived from the CDM 5.4 that the emitter writes.

Structure (required, keys, types, targets) comes from :data:`semantix.emitters.omop.schema.SCHEMA`; domains, mapping
shares and plausible dates are those of OHDSI DataQualityDashboard 2.8.4 for table and field checks, so that both give
the same verdict. Where they differ on purpose: docs/reference/quality.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import msgspec

from semantix.emitters.omop.schema import SCHEMA, VOCABULARY_TABLES, Field, Table
from semantix.quality.definitions import Definitions, Row
from semantix.quality.kinds import builtin_kinds

NAME = "built-in"

_PERSONS = MappingProxyType(
    {
        0: "observation_period",
        95: "visit_occurrence condition_occurrence drug_exposure procedure_occurrence measurement observation "
        "drug_era condition_era",
        100: "visit_detail device_exposure death note specimen payer_plan_period dose_era",
    }
)
"""Tables in which persons are expected to have a record, by the share of persons that may have none."""

_DOMAINS = MappingProxyType(
    {
        "Gender": "person.gender_concept_id provider.gender_concept_id",
        "Race": "person.race_concept_id",
        "Ethnicity": "person.ethnicity_concept_id",
        "Visit": "visit_occurrence.visit_concept_id visit_occurrence.admitted_from_concept_id "
        "visit_occurrence.discharged_to_concept_id visit_detail.visit_detail_concept_id "
        "visit_detail.admitted_from_concept_id visit_detail.discharged_to_concept_id",
        "Condition": "condition_occurrence.condition_concept_id condition_era.condition_concept_id",
        "Condition Status": "condition_occurrence.condition_status_concept_id",
        "Drug": "drug_exposure.drug_concept_id drug_era.drug_concept_id dose_era.drug_concept_id "
        "drug_strength.drug_concept_id",
        "Route": "drug_exposure.route_concept_id",
        "Device": "device_exposure.device_concept_id",
        "Measurement": "measurement.measurement_concept_id",
        "Meas Value Operator": "measurement.operator_concept_id",
        "Procedure": "procedure_occurrence.procedure_concept_id",
        "Unit": "measurement.unit_concept_id observation.unit_concept_id device_exposure.unit_concept_id "
        "dose_era.unit_concept_id",
        "Episode": "episode.episode_concept_id",
        "Geography": "location.country_concept_id",
        "Metadata": "cdm_source.cdm_version_concept_id episode_event.episode_event_field_concept_id",
    }
)
_TYPES_OF = "cost metadata cohort_definition"
"""Tables whose type concept is not asked to be of the domain ``Type Concept``."""
_INGREDIENTS = "dose_era.drug_concept_id drug_era.drug_concept_id drug_strength.ingredient_concept_id"
_ANY_CONCEPT = (
    "fact_relationship metadata payer_plan_period drug_strength cost.currency_concept_id cost.revenue_code_concept_id "
    "cost.drg_concept_id episode.episode_object_concept_id measurement.value_as_concept_id "
    "observation.value_as_concept_id"
)
"""Tables and fields whose concepts need not be standard."""
_MAPPED = MappingProxyType(
    {
        0: "condition_era.condition_concept_id condition_occurrence.condition_type_concept_id "
        "cost.cost_type_concept_id death.death_type_concept_id device_exposure.device_type_concept_id "
        "dose_era.drug_concept_id dose_era.unit_concept_id drug_era.drug_concept_id drug_exposure.drug_type_concept_id "
        "measurement.measurement_type_concept_id observation.observation_type_concept_id "
        "observation_period.period_type_concept_id procedure_occurrence.procedure_type_concept_id "
        "specimen.specimen_type_concept_id visit_detail.visit_detail_concept_id "
        "visit_detail.visit_detail_type_concept_id visit_occurrence.visit_concept_id "
        "visit_occurrence.visit_type_concept_id",
        5: "condition_occurrence.condition_concept_id condition_occurrence.condition_status_concept_id "
        "death.cause_concept_id device_exposure.device_concept_id device_exposure.unit_concept_id "
        "drug_exposure.drug_concept_id episode.episode_concept_id measurement.measurement_concept_id "
        "measurement.unit_concept_id observation.observation_concept_id observation.unit_concept_id "
        "person.gender_concept_id procedure_occurrence.procedure_concept_id specimen.specimen_concept_id "
        "specimen.unit_concept_id visit_detail.admitted_from_concept_id visit_detail.discharged_to_concept_id "
        "visit_occurrence.admitted_from_concept_id visit_occurrence.discharged_to_concept_id",
        100: "care_site.place_of_service_concept_id drug_exposure.route_concept_id "
        "fact_relationship.domain_concept_id_1 fact_relationship.domain_concept_id_2 "
        "fact_relationship.relationship_concept_id location.country_concept_id person.ethnicity_concept_id "
        "person.race_concept_id procedure_occurrence.modifier_concept_id provider.gender_concept_id "
        "provider.specialty_concept_id",
    }
)
"""Fields of standard concepts, by the share of records that may have 0."""
_CODED = MappingProxyType(
    {
        10: "condition_occurrence.condition_source_concept_id death.cause_source_concept_id "
        "device_exposure.device_source_concept_id drug_exposure.drug_source_concept_id "
        "measurement.measurement_source_concept_id observation.observation_source_concept_id "
        "procedure_occurrence.procedure_source_concept_id",
        100: "device_exposure.unit_source_concept_id episode.episode_source_concept_id "
        "measurement.unit_source_concept_id provider.specialty_source_concept_id "
        "visit_detail.visit_detail_source_concept_id visit_occurrence.visit_source_concept_id",
    }
)
"""Fields of source concepts, by the share of records that may have 0."""
_WORDED = frozenset(
    "condition_occurrence.condition_source_value death.cause_source_value drug_exposure.drug_source_value "
    "measurement.measurement_source_value procedure_occurrence.procedure_source_value "
    "visit_occurrence.visit_source_value".split()
)
"""Source values of which at most 10 % may be unmapped; of the others, all."""
_NOT_WORDED = frozenset(
    "episode.episode_source_value cost.drg_source_value cost.revenue_code_source_value "
    "care_site.place_of_service_source_value visit_detail.visit_detail_source_value "
    "location.country_source_value".split()
)
_LIMITS = MappingProxyType(
    {
        "person.year_of_birth": ("1850", "YEAR(GETDATE())+1"),
        "person.month_of_birth": ("1", "12"),
        "person.day_of_birth": ("1", "31"),
        "person.birth_datetime": ("'18500101'", "DATEADD(dd,1,GETDATE())"),
        "drug_exposure.quantity": ("0.0000001", ""),
        "drug_exposure.days_supply": ("1", "365"),
        "drug_exposure.refills": ("0", "24"),
        "device_exposure.quantity": ("1", ""),
        "procedure_occurrence.quantity": ("1", ""),
        "specimen.quantity": ("1", ""),
        "condition_era.condition_occurrence_count": ("1", ""),
        "drug_era.drug_exposure_count": ("1", ""),
        "drug_era.gap_days": ("0", ""),
        "dose_era.dose_value": ("0", ""),
        "cdm_source.source_release_date": ("'20000101'", "DATEADD(dd,1,GETDATE())"),
        "cdm_source.cdm_release_date": ("'20000101'", "DATEADD(dd,1,GETDATE())"),
    }
)
"""The lowest and the highest value that are plausible, where they are not those of a date of care."""
_NO_LIMIT = "metadata cohort_definition source_to_concept_map note_nlp.nlp_date"
_WITHIN_VISIT = MappingProxyType(
    {
        1: "visit_detail.visit_detail_start_date visit_detail.visit_detail_end_date",
        5: "condition_occurrence.condition_start_date drug_exposure.drug_exposure_start_date "
        "procedure_occurrence.procedure_date device_exposure.device_exposure_start_date measurement.measurement_date "
        "observation.observation_date note.note_date",
    }
)
_WHILE_ALIVE = (
    "condition_occurrence drug_exposure procedure_occurrence device_exposure episode observation_period "
    "visit_occurrence visit_detail condition_era.condition_era_start_date drug_era.drug_era_start_date "
    "dose_era.dose_era_start_date"
)
_NOT_AFTER_BIRTH = "measurement.measurement_datetime"
_SEXED = (
    ("condition_occurrence.condition_concept_id", "Male", "4090861, 4025213"),
    (
        "condition_occurrence.condition_concept_id",
        "Female",
        "4095793, 443343, 4024004, 4172857, 444094, 197810, 4158481",
    ),
    ("procedure_occurrence.procedure_concept_id", "Female", "4041261"),
    ("procedure_occurrence.procedure_concept_id", "Male", "4250917, 4077750, 4043199, 4040577"),
)
"""Concepts whose descendants say a gender: disorders and operations of genital organs, pregnancy, menopause."""


def builtin_definitions() -> Definitions:
    """Derive the definitions; the same for every database."""
    rows = {
        "TABLE": tuple(_table_row(table) for table in SCHEMA.values()),
        "FIELD": tuple(_field_row(table, field) for table in SCHEMA.values() for field in table.fields),
        "CONCEPT": tuple(_concept_row(*each) for each in _SEXED),
    }
    kinds = builtin_kinds()
    digest = hashlib.sha256(msgspec.json.encode((kinds, rows))).hexdigest()
    return Definitions(NAME, ((NAME, digest),), kinds, rows)


def _table_row(table: Table) -> Row:
    row = {"cdmTableName": table.name.upper(), "schema": _schema_of(table.name)}
    share = _share(_PERSONS, table.name)
    if share is not None:
        _claim(row, "measurePersonCompleteness", share)
    if table.name == "condition_era":
        _claim(row, "measureConditionEraCompleteness", 0)
    if table.name == "observation_period":
        _claim(row, "measureObservationPeriodOverlap", 0)
    return row


def _schema_of(table: str) -> str:
    if table in VOCABULARY_TABLES or table == "source_to_concept_map":
        return "VOCAB"
    return "COHORT" if table.startswith("cohort") else "CDM"


def _field_row(table: Table, field: Field) -> Row:
    row = {"cdmTableName": table.name.upper(), "cdmFieldName": field.name, "cdmDatatype": _datatype(field)}
    row["cdmDatatypeThreshold"] = "0"
    if field.required:
        _claim(row, "isRequired", 0)
    if field.primary:
        _claim(row, "isPrimaryKey", 0)
    if field.target:
        _claim(row, "isForeignKey", 0)
        row["fkTableName"] = field.target.upper()
        row["fkFieldName"] = (SCHEMA[field.target].key or "").upper()
    _claim(row, "measureValueCompleteness", 0 if field.required else 100)
    for part in (_concepts, _mapping, _limits, _order):
        part(row, table, field)
    return row


def _datatype(field: Field) -> str:
    kinds = {"int": "integer", "float": "float", "date": "date", "time": "datetime", "text": "varchar(MAX)"}
    return kinds.get(field.kind, f"varchar({field.length})")


def _claim(row: dict[str, str], name: str, threshold: int, value: str = "Yes") -> None:
    row[name] = value
    row[f"{name}Threshold"] = str(threshold)


def _share(shares: Mapping[int, str], name: str) -> int | None:
    return next((share for share, names in shares.items() if name in names.split()), None)


def _within(names: str, table: str, field: str) -> bool:
    return bool({table, f"{table}.{field}"} & set(names.split()))


def _concepts(row: dict[str, str], table: Table, field: Field) -> None:
    place = f"{table.name}.{field.name}"
    domain = next((domain for domain, names in _DOMAINS.items() if place in names.split()), "")
    if field.name.endswith("_type_concept_id") and table.name not in _TYPES_OF.split():
        domain = "Type Concept"
    if domain:
        _claim(row, "fkDomain", 0, domain)
    if place in _INGREDIENTS.split():
        _claim(row, "fkClass", 0, "Ingredient")
    if _wants_standard(table, field):
        _claim(row, "isStandardValidConcept", 0)


def _wants_standard(table: Table, field: Field) -> bool:
    if table.name in VOCABULARY_TABLES or field.target != "concept" or "source_concept" in field.name:
        return False
    return not _within(_ANY_CONCEPT, table.name, field.name)


def _mapping(row: dict[str, str], table: Table, field: Field) -> None:
    place = f"{table.name}.{field.name}"
    for name, shares in (("standardConceptRecordCompleteness", _MAPPED), ("sourceConceptRecordCompleteness", _CODED)):
        share = _share(shares, place)
        if share is not None:
            _claim(row, name, share)
    standard = field.name.replace("_source_value", "_concept_id")
    if standard in table.columns and standard != field.name and place not in _NOT_WORDED:
        _claim(row, "sourceValueCompleteness", 10 if place in _WORDED else 100)
        # The DataQualityDashboard looks at the source concept of a cause of death, not at the standard one.
        row["standardConceptFieldName"] = "CAUSE_SOURCE_CONCEPT_ID" if table.name == "death" else standard.upper()


def _is_date_of_care(table: Table, field: Field) -> bool:
    known = table.name in VOCABULARY_TABLES or _within(_NO_LIMIT, table.name, field.name)
    return field.kind in {"date", "time"} and not known


def _limits(row: dict[str, str], table: Table, field: Field) -> None:
    cares = ("'19500101'", "DATEADD(dd,1,GETDATE())") if _is_date_of_care(table, field) else ("", "")
    low, high = _LIMITS.get(f"{table.name}.{field.name}", cares)
    if low:
        _claim(row, "plausibleValueLow", 1, low)
    if high:
        _claim(row, "plausibleValueHigh", 1, high)


def _order(row: dict[str, str], table: Table, field: Field) -> None:
    """Starts before ends, events after birth, not after death, within their visit."""
    pairs = dict(_pairs(table))
    starts = {start: end for end, start in pairs.items() if end != "verbatim_end_date"}
    strict = table.name in {"cdm_source", *VOCABULARY_TABLES, "source_to_concept_map"}
    if field.name in starts:
        _claim(row, "plausibleStartBeforeEnd", 0 if strict or table.name == "observation_period" else 1)
        row["plausibleStartBeforeEndFieldName"] = starts[field.name].upper()
    if field.name in pairs and table.name != "dose_era":
        _after(row, table.name, pairs[field.name], 0 if strict else 1)
    if "person_id" in table.columns and field.kind in {"date", "time"} and table.name != "person":
        _lifetime(row, table, field, is_end=field.name in pairs)
    share = _share(_WITHIN_VISIT, f"{table.name}.{field.name}")
    if share is not None:
        _claim(row, "withinVisitDates", share)


def _lifetime(row: dict[str, str], table: Table, field: Field, *, is_end: bool) -> None:
    _claim(row, "plausibleAfterBirth", 1)
    if table.name != "death":
        _claim(row, "plausibleBeforeDeath", 1)
    if _within(_WHILE_ALIVE, table.name, field.name):
        _claim(row, "plausibleDuringLife", 1)
    if (not is_end or table.name == "dose_era") and f"{table.name}.{field.name}" != _NOT_AFTER_BIRTH:
        _after(row, "person", "birth_datetime", 1)


def _after(row: dict[str, str], table: str, field: str, threshold: int) -> None:
    _claim(row, "plausibleTemporalAfter", threshold)
    row["plausibleTemporalAfterTableName"] = table.upper()
    row["plausibleTemporalAfterFieldName"] = field.upper()


def _pairs(table: Table) -> Iterator[tuple[str, str]]:
    """Each (end, start) of a table."""
    if table.name == "cdm_source":
        yield "cdm_release_date", "source_release_date"
    if table.name == "drug_exposure":
        yield "verbatim_end_date", "drug_exposure_start_date"
    if not table.name.startswith("cohort"):
        yield from _named_pairs(table.columns)


def _named_pairs(columns: Iterable[str]) -> Iterator[tuple[str, str]]:
    names = tuple(columns)
    for end in names:
        for start in (end.replace("_end_", "_start_"), end.replace("_end_", "_")):
            if start in names and start != end:
                yield end, start


def _concept_row(place: str, gender: str, concepts: str) -> Row:
    table, _, field = place.partition(".")
    row = {"cdmTableName": table.upper(), "cdmFieldName": field.upper(), "conceptId": concepts}
    _claim(row, "plausibleGenderUseDescendants", 2, gender)
    return row
