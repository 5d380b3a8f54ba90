"""The OMOP CDM 5.4: every table and field with its type, whether it is required, and what it points to.

Over 200 lines of this module are one literal, written in a small notation: ``name:type`` then ``!`` if required,
``#`` if it is the primary key and ``>table`` if it is a foreign key. Types: ``int``, ``float``, ``date``, ``time``
(date and time), ``text`` (unbounded), ``v50`` (at most 50 characters). Source of the facts: OHDSI CommonDataModel,
release v5.4, field level.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

CDM_VERSION = "v5.4"

_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "person": """
            person_id:int!# gender_concept_id:int!>concept year_of_birth:int! month_of_birth:int day_of_birth:int
            birth_datetime:time race_concept_id:int!>concept ethnicity_concept_id:int!>concept
            location_id:int>location provider_id:int>provider care_site_id:int>care_site person_source_value:v50
            gender_source_value:v50 gender_source_concept_id:int>concept race_source_value:v50
            race_source_concept_id:int>concept ethnicity_source_value:v50 ethnicity_source_concept_id:int>concept
        """,
        "observation_period": """
            observation_period_id:int!# person_id:int!>person observation_period_start_date:date!
            observation_period_end_date:date! period_type_concept_id:int!>concept
        """,
        "visit_occurrence": """
            visit_occurrence_id:int!# person_id:int!>person visit_concept_id:int!>concept visit_start_date:date!
            visit_start_datetime:time visit_end_date:date! visit_end_datetime:time
            visit_type_concept_id:int!>concept provider_id:int>provider care_site_id:int>care_site
            visit_source_value:v50 visit_source_concept_id:int>concept admitted_from_concept_id:int>concept
            admitted_from_source_value:v50 discharged_to_concept_id:int>concept discharged_to_source_value:v50
            preceding_visit_occurrence_id:int>visit_occurrence
        """,
        "visit_detail": """
            visit_detail_id:int!# person_id:int!>person visit_detail_concept_id:int!>concept
            visit_detail_start_date:date! visit_detail_start_datetime:time visit_detail_end_date:date!
            visit_detail_end_datetime:time visit_detail_type_concept_id:int!>concept provider_id:int>provider
            care_site_id:int>care_site visit_detail_source_value:v50 visit_detail_source_concept_id:int>concept
            admitted_from_concept_id:int>concept admitted_from_source_value:v50 discharged_to_source_value:v50
            discharged_to_concept_id:int>concept preceding_visit_detail_id:int>visit_detail
            parent_visit_detail_id:int>visit_detail visit_occurrence_id:int!>visit_occurrence
        """,
        "condition_occurrence": """
            condition_occurrence_id:int!# person_id:int!>person condition_concept_id:int!>concept
            condition_start_date:date! condition_start_datetime:time condition_end_date:date
            condition_end_datetime:time condition_type_concept_id:int!>concept
            condition_status_concept_id:int>concept stop_reason:v20 provider_id:int>provider
            visit_occurrence_id:int>visit_occurrence visit_detail_id:int>visit_detail condition_source_value:v50
            condition_source_concept_id:int>concept condition_status_source_value:v50
        """,
        "drug_exposure": """
            drug_exposure_id:int!# person_id:int!>person drug_concept_id:int!>concept
            drug_exposure_start_date:date! drug_exposure_start_datetime:time drug_exposure_end_date:date!
            drug_exposure_end_datetime:time verbatim_end_date:date drug_type_concept_id:int!>concept
            stop_reason:v20 refills:int quantity:float days_supply:int sig:text route_concept_id:int>concept
            lot_number:v50 provider_id:int>provider visit_occurrence_id:int>visit_occurrence
            visit_detail_id:int>visit_detail drug_source_value:v50 drug_source_concept_id:int>concept
            route_source_value:v50 dose_unit_source_value:v50
        """,
        "procedure_occurrence": """
            procedure_occurrence_id:int!# person_id:int!>person procedure_concept_id:int!>concept
            procedure_date:date! procedure_datetime:time procedure_end_date:date procedure_end_datetime:time
            procedure_type_concept_id:int!>concept modifier_concept_id:int>concept quantity:int
            provider_id:int>provider visit_occurrence_id:int>visit_occurrence visit_detail_id:int>visit_detail
            procedure_source_value:v50 procedure_source_concept_id:int>concept modifier_source_value:v50
        """,
        "device_exposure": """
            device_exposure_id:int!# person_id:int!>person device_concept_id:int!>concept
            device_exposure_start_date:date! device_exposure_start_datetime:time device_exposure_end_date:date
            device_exposure_end_datetime:time device_type_concept_id:int!>concept unique_device_id:v255
            production_id:v255 quantity:int provider_id:int>provider visit_occurrence_id:int>visit_occurrence
            visit_detail_id:int>visit_detail device_source_value:v50 device_source_concept_id:int>concept
            unit_concept_id:int>concept unit_source_value:v50 unit_source_concept_id:int>concept
        """,
        "measurement": """
            measurement_id:int!# person_id:int!>person measurement_concept_id:int!>concept measurement_date:date!
            measurement_datetime:time measurement_time:v10 measurement_type_concept_id:int!>concept
            operator_concept_id:int>concept value_as_number:float value_as_concept_id:int>concept
            unit_concept_id:int>concept range_low:float range_high:float provider_id:int>provider
            visit_occurrence_id:int>visit_occurrence visit_detail_id:int>visit_detail measurement_source_value:v50
            measurement_source_concept_id:int>concept unit_source_value:v50 unit_source_concept_id:int>concept
            value_source_value:v50 measurement_event_id:int meas_event_field_concept_id:int>concept
        """,
        "observation": """
            observation_id:int!# person_id:int!>person observation_concept_id:int!>concept observation_date:date!
            observation_datetime:time observation_type_concept_id:int!>concept value_as_number:float
            value_as_string:v60 value_as_concept_id:int>concept qualifier_concept_id:int>concept
            unit_concept_id:int>concept provider_id:int>provider visit_occurrence_id:int>visit_occurrence
            visit_detail_id:int>visit_detail observation_source_value:v50
            observation_source_concept_id:int>concept unit_source_value:v50 qualifier_source_value:v50
            value_source_value:v50 observation_event_id:int obs_event_field_concept_id:int>concept
        """,
        "death": """
            person_id:int!>person death_date:date! death_datetime:time death_type_concept_id:int>concept
            cause_concept_id:int>concept cause_source_value:v50 cause_source_concept_id:int>concept
        """,
        "note": """
            note_id:int!# person_id:int!>person note_date:date! note_datetime:time
            note_type_concept_id:int!>concept note_class_concept_id:int!>concept note_title:v250 note_text:text!
            encoding_concept_id:int!>concept language_concept_id:int!>concept provider_id:int>provider
            visit_occurrence_id:int>visit_occurrence visit_detail_id:int>visit_detail note_source_value:v50
            note_event_id:int note_event_field_concept_id:int>concept
        """,
        "note_nlp": """
            note_nlp_id:int!# note_id:int! section_concept_id:int>concept snippet:v250 offset:v50
            lexical_variant:v250! note_nlp_concept_id:int>concept note_nlp_source_concept_id:int>concept
            nlp_system:v250 nlp_date:date! nlp_datetime:time term_exists:v1 term_temporal:v50 term_modifiers:v2000
        """,
        "specimen": """
            specimen_id:int!# person_id:int!>person specimen_concept_id:int!>concept
            specimen_type_concept_id:int!>concept specimen_date:date! specimen_datetime:time quantity:float
            unit_concept_id:int>concept anatomic_site_concept_id:int>concept disease_status_concept_id:int>concept
            specimen_source_id:v50 specimen_source_value:v50 unit_source_value:v50 anatomic_site_source_value:v50
            disease_status_source_value:v50
        """,
        "fact_relationship": """
            domain_concept_id_1:int!>concept fact_id_1:int! domain_concept_id_2:int!>concept fact_id_2:int!
            relationship_concept_id:int!>concept
        """,
        "location": """
            location_id:int!# address_1:v50 address_2:v50 city:v50 state:v2 zip:v9 county:v20
            location_source_value:v50 country_concept_id:int>concept country_source_value:v80 latitude:float
            longitude:float
        """,
        "care_site": """
            care_site_id:int!# care_site_name:v255 place_of_service_concept_id:int>concept
            location_id:int>location care_site_source_value:v50 place_of_service_source_value:v50
        """,
        "provider": """
            provider_id:int!# provider_name:v255 npi:v20 dea:v20 specialty_concept_id:int>concept
            care_site_id:int>care_site year_of_birth:int gender_concept_id:int>concept provider_source_value:v50
            specialty_source_value:v50 specialty_source_concept_id:int>concept gender_source_value:v50
            gender_source_concept_id:int>concept
        """,
        "payer_plan_period": """
            payer_plan_period_id:int!# person_id:int!>person payer_plan_period_start_date:date!
            payer_plan_period_end_date:date! payer_concept_id:int>concept payer_source_value:v50
            payer_source_concept_id:int>concept plan_concept_id:int>concept plan_source_value:v50
            plan_source_concept_id:int>concept sponsor_concept_id:int>concept sponsor_source_value:v50
            sponsor_source_concept_id:int>concept family_source_value:v50 stop_reason_concept_id:int>concept
            stop_reason_source_value:v50 stop_reason_source_concept_id:int>concept
        """,
        "cost": """
            cost_id:int!# cost_event_id:int! cost_domain_id:v20!>domain cost_type_concept_id:int!>concept
            currency_concept_id:int>concept total_charge:float total_cost:float total_paid:float
            paid_by_payer:float paid_by_patient:float paid_patient_copay:float paid_patient_coinsurance:float
            paid_patient_deductible:float paid_by_primary:float paid_ingredient_cost:float
            paid_dispensing_fee:float payer_plan_period_id:int amount_allowed:float
            revenue_code_concept_id:int>concept revenue_code_source_value:v50 drg_concept_id:int>concept
            drg_source_value:v3
        """,
        "drug_era": """
            drug_era_id:int!# person_id:int!>person drug_concept_id:int!>concept drug_era_start_date:date!
            drug_era_end_date:date! drug_exposure_count:int gap_days:int
        """,
        "dose_era": """
            dose_era_id:int!# person_id:int!>person drug_concept_id:int!>concept unit_concept_id:int!>concept
            dose_value:float! dose_era_start_date:date! dose_era_end_date:date!
        """,
        "condition_era": """
            condition_era_id:int!# person_id:int!>person condition_concept_id:int!>concept
            condition_era_start_date:date! condition_era_end_date:date! condition_occurrence_count:int
        """,
        "episode": """
            episode_id:int!# person_id:int!>person episode_concept_id:int!>concept episode_start_date:date!
            episode_start_datetime:time episode_end_date:date episode_end_datetime:time episode_parent_id:int
            episode_number:int episode_object_concept_id:int!>concept episode_type_concept_id:int!>concept
            episode_source_value:v50 episode_source_concept_id:int>concept
        """,
        "episode_event": """
            episode_id:int!>episode event_id:int! episode_event_field_concept_id:int!>concept
        """,
        "metadata": """
            metadata_id:int!# metadata_concept_id:int!>concept metadata_type_concept_id:int!>concept name:v250!
            value_as_string:v250 value_as_concept_id:int>concept value_as_number:float metadata_date:date
            metadata_datetime:time
        """,
        "cdm_source": """
            cdm_source_name:v255! cdm_source_abbreviation:v25! cdm_holder:v255! source_description:text
            source_documentation_reference:v255 cdm_etl_reference:v255 source_release_date:date!
            cdm_release_date:date! cdm_version:v10 cdm_version_concept_id:int!>concept vocabulary_version:v20!
        """,
        "concept": """
            concept_id:int!# concept_name:v255! domain_id:v20!>domain vocabulary_id:v20!>vocabulary
            concept_class_id:v20!>concept_class standard_concept:v1 concept_code:v50! valid_start_date:date!
            valid_end_date:date! invalid_reason:v1
        """,
        "vocabulary": """
            vocabulary_id:v20!# vocabulary_name:v255! vocabulary_reference:v255 vocabulary_version:v255
            vocabulary_concept_id:int!>concept
        """,
        "domain": """
            domain_id:v20!# domain_name:v255! domain_concept_id:int!>concept
        """,
        "concept_class": """
            concept_class_id:v20!# concept_class_name:v255! concept_class_concept_id:int!>concept
        """,
        "concept_relationship": """
            concept_id_1:int!>concept concept_id_2:int!>concept relationship_id:v20!>relationship
            valid_start_date:date! valid_end_date:date! invalid_reason:v1
        """,
        "relationship": """
            relationship_id:v20!# relationship_name:v255! is_hierarchical:v1! defines_ancestry:v1!
            reverse_relationship_id:v20! relationship_concept_id:int!>concept
        """,
        "concept_synonym": """
            concept_id:int!>concept concept_synonym_name:v1000! language_concept_id:int!>concept
        """,
        "concept_ancestor": """
            ancestor_concept_id:int!>concept descendant_concept_id:int!>concept min_levels_of_separation:int!
            max_levels_of_separation:int!
        """,
        "source_to_concept_map": """
            source_code:v50! source_concept_id:int!>concept source_vocabulary_id:v20! source_code_description:v255
            target_concept_id:int!>concept target_vocabulary_id:v20!>vocabulary valid_start_date:date!
            valid_end_date:date! invalid_reason:v1
        """,
        "drug_strength": """
            drug_concept_id:int!>concept ingredient_concept_id:int!>concept amount_value:float
            amount_unit_concept_id:int>concept numerator_value:float numerator_unit_concept_id:int>concept
            denominator_value:float denominator_unit_concept_id:int>concept box_size:int valid_start_date:date!
            valid_end_date:date! invalid_reason:v1
        """,
        "cohort": """
            cohort_definition_id:int! subject_id:int! cohort_start_date:date! cohort_end_date:date!
        """,
        "cohort_definition": """
            cohort_definition_id:int! cohort_definition_name:v255! cohort_definition_description:text
            definition_type_concept_id:int!>concept cohort_definition_syntax:text subject_concept_id:int!>concept
            cohort_initiation_date:date
        """,
    }
)

VOCABULARY_TABLES = (
    "concept",
    "vocabulary",
    "domain",
    "concept_class",
    "concept_relationship",
    "relationship",
    "concept_synonym",
    "concept_ancestor",
    "drug_strength",
)
"""What an Athena download holds, copied as it is."""


_SQL_TYPES = MappingProxyType(
    {"int": "INTEGER", "float": "DOUBLE", "date": "DATE", "time": "TIMESTAMP", "text": "VARCHAR"}
)


class Field(Struct, frozen=True):
    """One column: ``length`` bounds a character column, ``target`` is the table a foreign key points to."""

    name: str
    kind: str
    required: bool
    primary: bool
    target: str | None
    length: int | None

    @property
    def sql_type(self) -> str:
        """The type as DuckDB reads it; PostgreSQL says ``DOUBLE PRECISION`` for ``DOUBLE``."""
        return _SQL_TYPES.get(self.kind, f"VARCHAR({self.length})")


class Table(Struct, frozen=True):
    """One table of the CDM."""

    name: str
    fields: tuple[Field, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names in the official order."""
        return tuple(f.name for f in self.fields)

    @property
    def key(self) -> str | None:
        """The primary key column, if the table has one."""
        return next((f.name for f in self.fields if f.primary), None)

    @property
    def concept(self) -> str | None:
        """The column of the standard concept of a row: the first that points to CONCEPT."""
        return next((f.name for f in self.fields if f.target == "concept"), None)

    @property
    def start(self) -> str | None:
        """The column of the day on which something of a person happens or begins, if the table has one."""
        own = "person_id" in self.columns
        return next((f.name for f in self.fields if own and f.kind == "date"), None)

    @property
    def end(self) -> str | None:
        """The column of the day on which it ends, if the table has one."""
        return next((c for c in self.columns if self.start and c.endswith("_end_date")), None)

    def create(self, name: str | None = None) -> str:
        """The ``CREATE TABLE`` statement. A length is checked when rows are written: DuckDB ignores it."""
        lines = (f'"{f.name}" {f.sql_type}{" NOT NULL" if f.required else ""}' for f in self.fields)
        return f"CREATE TABLE {name or self.name} ({', '.join(lines)})"


def _field(token: str) -> Field:
    name, _, rest = token.partition(":")
    kind, _, target = rest.partition(">")
    required, primary = "!" in kind, "#" in kind
    kind = kind.rstrip("!#")
    length = int(kind[1:]) if kind[0] == "v" else None
    return Field(name, kind, required, primary, target or None, length)


SCHEMA: Mapping[str, Table] = MappingProxyType(
    {name: Table(name, tuple(_field(token) for token in text.split())) for name, text in _FIELDS.items()}
)
"""Every table of the CDM 5.4, by name, in the official order."""
