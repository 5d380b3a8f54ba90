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

GENDERS: Mapping[str, int] = MappingProxyType({"M": 8507, "F": 8532})
"""HL7 AdministrativeGender. The Gender domain has only two standard concepts: anything else is 0."""

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
"""HL7 ActEncounterCode."""

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
