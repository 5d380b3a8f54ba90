"""The codes that findings in the text of practice records have by their meaning alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

LOINC, SNOMED, CIM10, CIP = (
    "2.16.840.1.113883.6.1",
    "2.16.840.1.113883.6.96",
    "2.16.840.1.113883.6.3",
    "1.2.250.1.213.2.3.2",
)
ROLE_CODE, ACT_CODE, NULL_FLAVOR = "2.16.840.1.113883.5.111", "2.16.840.1.113883.5.4", "2.16.840.1.113883.5.1008"
IPS_ABSENT = "2.16.840.1.113883.5.1150.1"
CLINICAL = "2.16.840.1.113883.4.642.4.1074"
VERIFICATION = "2.16.840.1.113883.4.642.4.1075"
ALLERGY_VERIFICATION = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"

SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "8480-6": "Pression artérielle systolique",
        "8462-4": "Pression artérielle diastolique",
        "8867-4": "Fréquence cardiaque",
        "9279-1": "Fréquence respiratoire",
        "29463-7": "Poids",
        "8302-2": "Taille",
        "39156-5": "Indice de masse corporelle",
        "8310-5": "Température corporelle",
        "2708-6": "Saturation en oxygène",
        "8287-5": "Périmètre crânien",
    }
)
PRESSURES = ("8480-6", "8462-4")
TOBACCO: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"never": ("266919005", "n'a jamais fumé"), "former": ("8517006", "ancien fumeur")}
)
NULLS: Mapping[str, str] = MappingProxyType({"not-asked": "NASK", "not-recorded": "NI", "unknown": "UNK"})
NONE_KNOWN: Mapping[str, str] = MappingProxyType(
    {
        "problem": "no-known-problems",
        "allergy": "no-known-allergies",
        "medication-allergy": "no-known-medication-allergies",
        "food-allergy": "no-known-food-allergies",
        "procedure": "no-known-procedures",
        "immunization": "no-known-immunizations",
    }
)
NO_INFO: Mapping[str, str] = MappingProxyType(
    {
        "problem": "no-problem-info",
        "allergy": "no-allergy-info",
        "medication-allergy": "no-allergy-info",
        "food-allergy": "no-allergy-info",
        "procedure": "no-procedure-info",
        "immunization": "no-immunization-info",
    }
)
ALLERGIES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("allergy", ""): "ALG", ("allergy", "medication"): "DALG", ("allergy", "food"): "FALG",
        ("allergy", "environment"): "EALG", ("intolerance", ""): "OINT", ("intolerance", "medication"): "DINT",
        ("intolerance", "food"): "FINT", ("intolerance", "environment"): "EINT",
    }
)  # fmt: skip
HABITS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"tobacco": ("72166-2", "Statut tabagique"), "alcohol": ("74013-4", "Consommation d'alcool")}
)
PACK_YEARS = re.compile(r"(?i:p\.?a\.?)")
"""As a unit of UCUM this would be something else: it is written out."""
PACKS = ("74011-8", "Consommation tabagique")
