"""The words of a quality report, in English and in French: none can miss its translation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix.quality.explanations import Text
from semantix.quality.outcomes import Result
from semantix.report.words import LANGUAGES, Words

TEXTS: Mapping[str, Text] = MappingProxyType(
    {
        "title": ("Quality of an OMOP database", "Qualité d’une base OMOP"),
        "subtitle": ("{database} ({engine}, schema {schema})", "{database} ({engine}, schéma {schema})"),
        "verdict": ("Verdict", "Verdict"),
        "all_pass": ("Every check that applies passes.", "Tous les contrôles applicables sont satisfaits."),
        "none_apply": (
            "No check applies: the tables are empty or missing.",
            "Aucun contrôle ne s’applique : les tables sont vides ou absentes.",
        ),
        "some_fail": (
            "{failed} of the {applicable} checks that apply fail ({share} pass), {fatal} of them fatal.",
            "{failed} des {applicable} contrôles applicables échouent ({share} satisfaits), dont bloquants : {fatal}.",
        ),
        "some_errors": ("{errors} checks could not be run.", "{errors} contrôles n’ont pas pu être exécutés."),
        "no_vocabulary_note": (
            "No vocabulary is loaded (the table CONCEPT is absent or empty): nothing can be said of concepts.",
            (
                "Aucun vocabulaire n’est chargé (la table CONCEPT est absente "
                "ou vide) : rien ne peut être dit des concepts."
            ),
        ),
        "passed": ("Pass", "Satisfait"),
        "failed": ("Fail", "Échec"),
        "not_applicable": ("Not applicable", "Non applicable"),
        "error": ("Error", "Erreur"),
        "cards_passed": ("checks pass", "contrôles satisfaits"),
        "cards_failed": ("checks fail", "contrôles en échec"),
        "cards_not_applicable": ("do not apply", "ne s’appliquent pas"),
        "cards_error": ("could not be run", "n’ont pas pu être exécutés"),
        "total": ("All", "Ensemble"),
        "share": ("Pass, of those that apply", "Satisfaits parmi les applicables"),
        "overview": ("Overview", "Vue d’ensemble"),
        "category": ("Category", "Catégorie"),
        "Plausibility": ("Plausibility", "Vraisemblance"),
        "Conformance": ("Conformance", "Conformité"),
        "Completeness": ("Completeness", "Complétude"),
        "failures": ("Checks that fail", "Contrôles en échec"),
        "errors": ("Checks that could not be run", "Contrôles non exécutés"),
        "why": ("Why", "Pourquoi"),
        "fix": ("What to do", "Que faire"),
        "fatal": ("fatal", "bloquant"),
        "convention": ("convention", "convention"),
        "characterization": ("characterization", "caractérisation"),
        "place": ("Table and field", "Table et champ"),
        "concept": ("Concept", "Concept"),
        "violated": ("Records at fault", "Enregistrements en défaut"),
        "denominator": ("Records looked at", "Enregistrements examinés"),
        "percent": ("Share", "Part"),
        "threshold": ("Threshold", "Seuil"),
        "message": ("What happened", "Ce qui s’est passé"),
        "inapplicable": ("Checks that do not apply", "Contrôles non applicables"),
        "reason": ("Reason", "Raison"),
        "count": ("Checks", "Contrôles"),
        "tables": ("Tables", "Tables"),
        "by_check": ("Every check", "Tous les contrôles"),
        "check": ("Check", "Contrôle"),
        "made_with": ("How it was checked", "Comment la base a été contrôlée"),
        "database": ("Database", "Base"),
        "engine": ("Engine", "Moteur"),
        "schemas": ("Schema of the CDM, of the vocabularies", "Schéma du CDM, des vocabulaires"),
        "day": ("Day taken as today", "Jour pris comme aujourd’hui"),
        "definitions": ("Definitions", "Définitions"),
        "colon": (": ", " : "),
        "built-in": ("built in", "intégrées"),
        "written_to": ("Written to", "Écrit dans"),
        "made_by": ("Made by semantix", "Produit par semantix"),
        "holds": (
            "This page holds counts, no value of any person.",
            "Cette page contient des nombres, aucune valeur d’une personne.",
        ),
        "of": (
            "{violated} of {denominator} ({share}), threshold {threshold}",
            "{violated} sur {denominator} ({share}), seuil {threshold}",
        ),
    }
)

REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "table_missing": ("Table {table} does not exist.", "La table {table} n’existe pas."),
        "field_missing": ("Field {place} does not exist.", "Le champ {place} n’existe pas."),
        "table_empty": ("Table {table} is empty.", "La table {table} est vide."),
        "field_empty": ("Field {place} is not populated.", "Le champ {place} n’est jamais renseigné."),
        "concept_missing": (
            "No record of {table} has {field}={concept}.",
            "Aucun enregistrement de {table} n’a {field}={concept}.",
        ),
        "unit_missing": (
            "No record of {table} has {field}={concept} with unit {unit} and a value.",
            "Aucun enregistrement de {table} n’a {field}={concept} avec l’unité {unit} et une valeur.",
        ),
        "no_conditions": ("Table CONDITION_OCCURRENCE is empty.", "La table CONDITION_OCCURRENCE est vide."),
        "no_vocabulary": ("No vocabulary: {missing}.", "Pas de vocabulaire : {missing}."),
    }
)
"""Why a check does not apply."""
KINDS_OF_REASON: Mapping[str, Text] = MappingProxyType(
    {
        "table_missing": ("the table does not exist", "la table n’existe pas"),
        "field_missing": ("the field does not exist", "le champ n’existe pas"),
        "table_empty": ("the table is empty", "la table est vide"),
        "field_empty": ("the field is never filled", "le champ n’est jamais renseigné"),
        "concept_missing": ("no record has the concept", "aucun enregistrement n’a le concept"),
        "unit_missing": ("no record has the concept in the unit", "aucun enregistrement n’a le concept dans l’unité"),
        "no_conditions": ("there is no condition", "il n’y a aucune pathologie"),
        "no_vocabulary": ("no vocabulary is loaded", "aucun vocabulaire n’est chargé"),
    }
)
_ABSENT = ("the table {table} is absent or empty", "la table {table} est absente ou vide")


class QualityWords(Words, frozen=True):
    """The catalogue of quality in one language."""

    def __call__(self, key: str, **values: object) -> str:
        """Return a text, its blanks filled."""
        return self.choose(TEXTS[key]).format(**values)

    def choose(self, text: Text) -> str:
        """Return a text in the language."""
        return text[LANGUAGES.index(self.lang)]

    def inapplicable(self, result: Result) -> str:
        """Say why a check does not apply."""
        check = result.check
        missing = self.choose(_ABSENT).format(table=result.counted.missing.upper()) if result.counted.missing else ""
        return self.choose(REASONS[result.reason]).format(
            table=check.table.upper(),
            place=check.place.upper(),
            field=check.field.upper(),
            concept=check.concept,
            unit=check.unit,
            missing=missing,
        )

    def name_of(self, definitions: str) -> str:
        """Name definitions, or a file of them."""
        return self("built-in") if definitions == "built-in" else definitions

    def limit(self, result: Result) -> str:
        """Write the threshold; without one, no record may be at fault."""
        return self.hundredths(result.check.threshold or 0.0)

    def hundredths(self, percent: float) -> str:
        """Write a percentage with at most two decimals, never 0 for what is more."""
        text = f"{percent:.2f}".rstrip("0").rstrip(".")
        if text == "0" and percent:
            text = "<0.01"
        return f"{text}%" if self.lang == "en" else f"{text.replace('.', ',')}\N{NARROW NO-BREAK SPACE}%"


def quality_words(lang: str) -> QualityWords:
    """Return the catalogue in a language, ``fr`` or ``en``."""
    return QualityWords(lang)
