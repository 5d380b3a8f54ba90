"""The few concept ids that are part of the model rather than of a vocabulary.

Each was found in at least two public sources (the OHDSI data quality checks, the HL7 FHIR-to-OMOP guide, Themis
conventions, published loads); one that was found in fewer is left out, and the field holds 0.
``docs/reference/omop-mapping.md`` lists them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NO_MATCH = 0
LOCAL_BASE = 2_000_000_000
"""Concepts of a site start here: the ids below belong to the OHDSI vocabularies."""
LOCAL_VOCABULARY = "semantix"
"""The ``vocabulary_id`` of our own aspects, fields and relationships; source codes have that of their system."""

CDM_5_4 = 756265

# Type concepts: where a record comes from.
EHR = 32817
EHR_ADMINISTRATION = 32818
EHR_PRESCRIPTION = 32838
SELF_REPORT = 32865

FRENCH = 4180190
"""Written only with a vocabulary: its code could not be checked, so no row of CONCEPT is made for it."""

GENDERS: Mapping[str, int] = MappingProxyType({"M": 8507, "F": 8532})
"""HL7 AdministrativeGender (``gender``). The Gender domain has only two standard concepts: anything else is 0."""

VISITS: Mapping[str, int] = MappingProxyType(
    {
        "AMB": 9202,
        "IMP": 9201,
        "ACUTE": 9201,
        "NONAC": 9201,
        "EMER": 9203,
        "HH": 581476,
    }
)
"""HL7 ActEncounterCode (``act-code``)."""

OPERATORS: Mapping[str, int] = MappingProxyType({"<": 4171756, "<=": 4171754, ">=": 4171755, ">": 4172704})

UNITS: Mapping[str, int] = MappingProxyType(
    {
        "%": 8554,
        "/min": 8541,
        "Cel": 586323,
        "U/L": 8645,
        "cm": 8582,
        "g/L": 8636,
        "g/dL": 8713,
        "kg": 9529,
        "kg/m2": 9531,
        "mL/min": 8795,
        "mg/dL": 8840,
        "mm[Hg]": 8876,
        "mmol/L": 8753,
        "ng/mL": 8842,
        "s": 8555,
        "umol/L": 8749,
    }
)
"""UCUM units used without a vocabulary."""

Structural = tuple[int, str, str, str, str, str | None, str]

_TYPE = ("Type Concept", "Type Concept", "Type Concept", "S")
_VISIT = ("Visit", "Visit", "Visit", "S")
_OPERATOR = ("Meas Value Operator", "SNOMED", "Qualifier Value", "S")
_UNIT_NAMES = {
    "%": "percent",
    "/min": "per minute",
    "Cel": "degree Celsius",
    "U/L": "unit per liter",
    "cm": "centimeter",
    "g/L": "gram per liter",
    "g/dL": "gram per deciliter",
    "kg": "kilogram",
    "kg/m2": "kilogram per square meter",
    "mL/min": "milliliter per minute",
    "mg/dL": "milligram per deciliter",
    "mm[Hg]": "millimeter mercury column",
    "mmol/L": "millimole per liter",
    "ng/mL": "nanogram per milliliter",
    "s": "second",
    "umol/L": "micromole per liter",
}

STRUCTURAL: tuple[Structural, ...] = (
    (NO_MATCH, "No matching concept", "Metadata", "None", "Undefined", None, "No matching concept"),
    (8507, "MALE", "Gender", "Gender", "Gender", "S", "M"),
    (8532, "FEMALE", "Gender", "Gender", "Gender", "S", "F"),
    (9201, "Inpatient Visit", *_VISIT, "IP"),
    (9202, "Outpatient Visit", *_VISIT, "OP"),
    (9203, "Emergency Room Visit", *_VISIT, "ER"),
    (581476, "Home Visit", *_VISIT, "OMOP4822459"),
    (EHR, "EHR", *_TYPE, "OMOP4976890"),
    (EHR_ADMINISTRATION, "EHR administration record", *_TYPE, "OMOP4976891"),
    (EHR_PRESCRIPTION, "EHR prescription", *_TYPE, "OMOP4976911"),
    (SELF_REPORT, "Patient self-report", *_TYPE, "OMOP4976938"),
    (4171754, "<=", *_OPERATOR, "276137008"),
    (4171755, ">=", *_OPERATOR, "276138003"),
    (4171756, "<", *_OPERATOR, "276139006"),
    (4172704, ">", *_OPERATOR, "276140008"),
    (CDM_5_4, "OMOP CDM Version 5.4.0", "Metadata", "CDM", "CDM", "S", "CDM v5.4.0"),
    *((UNITS[code], name, "Unit", "UCUM", "Unit", "S", code) for code, name in _UNIT_NAMES.items()),
)
"""(id, name, domain, vocabulary, class, standard, code) of the ids above, for CONCEPT without a vocabulary."""

DOMAIN_OF_TABLE: Mapping[str, str] = MappingProxyType(
    {
        "condition_occurrence": "Condition",
        "device_exposure": "Device",
        "drug_exposure": "Drug",
        "measurement": "Measurement",
        "observation": "Observation",
        "procedure_occurrence": "Procedure",
        "specimen": "Specimen",
        "visit_occurrence": "Visit",
    }
)
TABLE_OF_DOMAIN: Mapping[str, str] = MappingProxyType(
    {domain: table for table, domain in DOMAIN_OF_TABLE.items() if domain != "Visit"}
)
"""Where a standard concept of a domain is stored; every other domain goes to ``observation``."""
