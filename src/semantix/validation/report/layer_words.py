"""The names of the layers of checks, and why one was not run or not finished, in English and in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LAYERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "form": ("Form of the file", "Forme du fichier"),
        "official": ("Official rules (schema, Schematron)", "Règles officielles (schéma, Schematron)"),
        "xsd": ("Schema (XSD)", "Schéma (XSD)"),
        "semantix": ("Rules of semantix", "Règles de semantix"),
        "fhir": ("Rules on FHIR", "Règles sur FHIR"),
        "fhir-structure": ("Structure of FHIR R4", "Structure FHIR R4"),
        "hl7-validator": ("HL7 FHIR validator", "Validateur FHIR de HL7"),
        "min": ("Minimal rules", "Règles minimales"),
        "ihe": ("IHE rules", "Règles IHE"),
        "mod": ("Rules of the content modules", "Règles des modules de contenu"),
        "ans": ("Rules of the CI-SIS", "Règles du CI-SIS"),
        "volet": ("Rules of this kind of document", "Règles du volet"),
        "term": ("Rules on terminologies", "Règles sur les terminologies"),
    }
)
"""The layers that are always the same; those of the rule set for one kind of document keep their own name."""

VOLET = "volet"
"""The layer that stands for those of all kinds of documents."""
OWN = frozenset({"form", "semantix", "fhir", "fhir-structure", "hl7-validator"})
"""Layers that need no rule set."""

REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no-ruleset": ("no rule set is used", "aucun jeu de règles n’est employé"),
        "not-cda": ("not a CDA document", "n’est pas un document CDA"),
        "not-fhir": ("not FHIR", "n’est pas du FHIR"),
        "other-format": ("the document is of another format", "le document est d’un autre format"),
        "level-1": (
            "level-1 document: the generic layers only",
            "document de niveau 1 : couches génériques seulement",
        ),
        "no-volet": (
            "no document rules for this kind of document in the rule set",
            "le jeu de règles n’a pas de volet pour ce type de document",
        ),
        "no-volet: other-version": (
            "no document rules for this version of the document in the rule set",
            "le jeu de règles n’a pas de volet pour cette version du document",
        ),
        "no-fhir-resources": (
            "needs the models of FHIR: pip install semantix[check]",
            "demande les modèles FHIR : pip install semantix[check]",
        ),
        "not-asked": ("not asked for", "non demandé"),
        "no-java": ("Java is not installed", "Java n’est pas installé"),
        "no-validator": ("the HL7 validator was not found", "le validateur de HL7 est introuvable"),
        "no-saxon": (
            "needs the Saxon engine: pip install semantix[saxon]",
            "demande le moteur Saxon : pip install semantix[saxon]",
        ),
        "unknown-expression": (
            "a rule has an expression that the fast engine does not know, and Saxon is not installed",
            "une règle contient une expression que le moteur rapide ne connaît pas, et Saxon n’est pas installé",
        ),
        "rule-error": (
            "a rule could not be evaluated on this document",
            "une règle n’a pas pu être évaluée sur ce document",
        ),
        "unreadable": ("the file cannot be read", "le fichier est illisible"),
        "missing-part": ("a part of the rule set is missing", "une partie du jeu de règles est absente"),
        "too-large": ("beyond the size limit", "au-delà de la taille permise"),
        "timed-out": ("took too long and was stopped", "trop long, arrêté"),
        "no-reader": ("no reader recognises the file", "aucun lecteur ne reconnaît le fichier"),
        "internal-error": ("a bug of semantix, please report it", "un défaut de semantix, à nous signaler"),
    }
)
"""Why a layer was not run, or not finished. ``LayerRun.reason`` is one of these, alone or as ``word: detail``."""
