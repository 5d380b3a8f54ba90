"""Invented facts, with which the pages of the rules show what a finding looks like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from semantix.validation._findings import RuleInfo, Text
from semantix.validation.report.figures import topic_of

_FACTS: Mapping[str, str] = MappingProxyType(
    {
        "about": "allergies",
        "about_fr": "les allergies",
        "announced": "12",
        "assertion": "SX-SCH-ANS-0a1b2c3d",
        "attribute": "root",
        "clause": "cvc-identity-constraint",
        "code": "E14",
        "codes": "final, preliminary, amended",
        "count": "3",
        "declared": "application/pdf",
        "element": "observation/value",
        "encoding": "UTF-8",
        "event": "ORU^R01",
        "expected": "2.16.840.1.113883.6.1",
        "expected_fr": "2.16.840.1.113883.6.1",
        "FHIR.code": "inconclusive",
        "FHIR.count": "2",
        "FHIR.element": "Observation.status",
        "FHIR.expected": "a code of the value set",
        "FHIR.expected_fr": "un code du jeu de valeurs",
        "FHIR.found": "Quantity",
        "FHIR.kind": "RPPS",
        "FHIR.system": "http://loinc.org",
        "FHIR.type": "Observation",
        "field": "OBX-3",
        "FORM.encoding": "ISO-8859-1",
        "FORM.kind": "PDF",
        "FORM.place": "line 42, column 7",
        "found": "image/jpeg",
        "high": "5.5",
        "HEAD.expected": "1.2.250.1.213.1.1.1.29",
        "ID.code": "1.2.250.1.71.4.2.1",
        "ID.expected": "8",
        "ID.kind": "RPPS",
        "interpretation": "H",
        "issue": "invalid-code",
        "kind": "translation",
        "kind_en": "laterality",
        "kind_fr": "latéralité",
        "limit": "100",
        "lines": "7",
        "listed": "2",
        "low": "3.5",
        "meant": "diabetes mellitus",
        "missing": "birthTime",
        "most": "1",
        "name": "name",
        "named": "ATC",
        "null": "UNK",
        "oid": "2.16.840.1.113883.6.3",
        "origin": "CI-SIS_Modeles_ANS.sch",
        "other": "LOINC",
        "own": "3",
        "parent": "observation",
        "place": "cr-bio.xml",
        "prefix": "0",
        "profile": "fr-core-patient",
        "range": "6 - 4 g/L",
        "reason": "its form is not that of the standard",
        "reason_fr": "sa forme n’est pas celle de la norme",
        "right": "2.16.840.1.113883.6.73",
        "root": "1.2.250.1.213.1.4.8",
        "RUN.code": "SX-FORM-55",
        "RUN.place": "ValueError labels.py:120",
        "said": "hypertension",
        "SCH.reason": "FORG0001",
        "section": "11450-4",
        "segment": "ZZZ",
        "set": "JDV_J143-AutorSpecialty-CISIS",
        "set_oid": "1.2.250.1.213.1.1.5.1",
        "shown": "mg",
        "side": "above",
        "side_fr": "au-dessus",
        "size": "250",
        "system": "CIM-10",
        "tablet": "{tbl}",
        "template": "1.3.6.1.4.1.19376.1.5.3.1.4.5",
        "topic": "labels",
        "traits": "birthTime",
        "type": "PQ",
        "types": "Quantity, CodeableConcept",
        "ucum": "mmol/L",
        "unit": "mmoles/l",
        "UNIT.code": "2345-7",
        "UNIT.other": "g/L",
        "use": "official",
        "version": "2.8",
        "what": "a field",
        "what_fr": "un champ",
        "SX-CODE-15.code": "SPRECEIVE",
        "SX-CODE-15.oid": "1.3.5.1.4.1.19376.1.5.3.2",
        "XSD.expected": "code",
        "XSD.place": "ClinicalDocument",
        "years": "120",
    }
)
"""A value for each fact; ``TOPIC.fact`` where a topic has its own, ``CODE.fact`` where a rule has."""


def example_facts(rule: RuleInfo, names: Iterable[str]) -> dict[str, str]:
    """Return a value for each fact of a rule that an example is known for."""
    topic = topic_of(rule.code)
    keys = (f"{rule.code}.", f"{topic}.", "")
    known = ((name, next((_FACTS[key + name] for key in keys if key + name in _FACTS), "")) for name in names)
    return {name: value for name, value in known if value}


TOPICS: Mapping[str, Text] = MappingProxyType(
    {
        "FORM": ("Form of files, archives and messages", "Forme des fichiers, des archives et des messages"),
        "READ": ("Doubts of the readers", "Doutes des lecteurs"),
        "XSD": ("Schema of CDA", "Schéma de CDA"),
        "SCH": ("Official rules (Schematron)", "Règles officielles (Schematron)"),
        "ID": (
            "Identity of patients, professionals and structures",
            "Identité des patients, des professionnels et des structures",
        ),
        "HEAD": ("Header and contents of documents", "En-tête et contenu des documents"),
        "DATE": ("Dates", "Dates"),
        "VSM": ("Medical summary (VSM)", "Volet de synthèse médicale (VSM)"),
        "CODE": ("Codes and their systems", "Codes et leurs systèmes"),
        "LABEL": ("Labels against codes", "Libellés face aux codes"),
        "JDV": ("Value sets", "Jeux de valeurs"),
        "UNIT": ("Units and plausible values", "Unités et valeurs plausibles"),
        "RANGE": ("Reference ranges", "Intervalles de référence"),
        "REF": ("References", "Renvois"),
        "NARR": ("Narrative against entries", "Texte face aux entrées"),
        "NEG": ("Negation and absence", "Négation et absence"),
        "DUP": ("Duplicates", "Doublons"),
        "FHIR": ("FHIR resources", "Ressources FHIR"),
        "RUN": ("What a run says of itself", "Ce qu’un contrôle dit de lui-même"),
    }
)
"""What each topic of codes is about."""
