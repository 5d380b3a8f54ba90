"""The words of a profile, in English and in French: none can miss its translation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix.profiling.figures import Remark
from semantix.profiling.remark_words import REMARKS
from semantix.report.words import LANGUAGES, Words

# Each text is (English, French), as LANGUAGES says.
TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "title": ("Profile of an export", "Profil d’un export"),
        "subtitle": ("{count} file(s)", "{count} fichier(s)"),
        "file": ("{name}: {kind}, {size}", "{name} : {kind}, {size}"),
        "encoding": ("Encoding: {name}, {sure} sure", "Encodage : {name}, sûr à {sure}"),
        "evidence": ("Evidence: {words}", "Indices : {words}"),
        "damage": ("Damaged text: {words}", "Texte abîmé : {words}"),
        "line_ends": ("Line ends: {words}", "Fins de ligne : {words}"),
        "table": ("Table {name} ({source})", "Table {name} ({source})"),
        "rows": ("Rows: {rows}; blank rows: {blank}", "Lignes : {rows} ; lignes vides : {blank}"),
        "cells": ("Cells a row: {words}", "Cellules par ligne : {words}"),
        "header": ("Names of the columns: {words}", "Noms des colonnes : {words}"),
        "position": ("No.", "N°"),
        "column": ("Column", "Colonne"),
        "filled": ("Filled", "Rempli"),
        "distinct": ("Different values", "Valeurs différentes"),
        "type": ("Type", "Type"),
        "role": ("Likely role", "Rôle probable"),
        "looks": ("What it holds", "Ce qu’elle contient"),
        "doubts": ("Doubts", "Doutes"),
        "because": ("{role}: {why}", "{role} : {why}"),
        "top_short": ("values: {words}", "valeurs : {words}"),
        "more_than": ("more than {count}", "plus de {count}"),
        "constant": ("always the same", "toujours la même"),
        "empty": ("empty", "vide"),
        "formats": ("dates {words}", "dates {words}"),
        "decimal": ("decimal mark “{mark}”", "marque décimale « {mark} »"),
        "grouping": ("thousands mark “{mark}”", "marque des milliers « {mark} »"),
        "compared": ("{count} with <, > or ≤", "{count} avec <, > ou ≤"),
        "flagged": ("{count} with an asterisk", "{count} avec un astérisque"),
        "units": ("units: {count} cells", "unités : {count} cellules"),
        "with_units": ("number and unit: {count} cells", "nombre et unité : {count} cellules"),
        "units_known": ("{share} of the units known", "{share} des unités connues"),
        "identifiers": ("identifiers: {words}", "identifiants : {words}"),
        "systems": ("codes: {words}", "codes : {words}"),
        "closed": ("words: {words}", "mots : {words}"),
        "missing": ("for nothing: {words}", "pour rien : {words}"),
        "shapes": ("shapes: {words}", "formes : {words}"),
        "drafted": ("pack {label}, {count} doubts to settle", "pack {label}, {count} doutes à lever"),
        "space": ("space", "espace"),
        "how_to_read": ("How to read this profile", "Comment lire ce profil"),
        "explain_shapes": (
            (
                "Shapes stand for values: 9 is a digit, A a letter, A+ a longer word, 9+ a longer number; marks are as "
                "written. Counts are of cells. What is said of a column comes from its first {distinct} different "
                "values, read up to {kept} characters; all rows are counted."
            ),
            (
                "Les formes remplacent les valeurs : 9 est un chiffre, A une lettre, A+ un mot plus long, 9+ un nombre "
                "plus long ; les signes sont tels quels. Les nombres comptent des cellules. Ce qui est dit d’une "
                "colonne vient de ses {distinct} premières valeurs différentes, lues jusqu’à {kept} caractères ; "
                "toutes les lignes sont comptées."
            ),
        ),
        "no_values": (
            "This profile holds no value of a patient, only counts, shapes and names of columns.",
            "Ce profil ne contient aucune valeur de patient, seulement des nombres, formes et noms de colonnes.",
        ),
        "with_values": (
            "CAUTION: this profile shows values of patients, as was asked; keep it as you keep the export.",
            "ATTENTION : ce profil montre des valeurs de patients, à votre demande ; gardez-le comme l’export.",
        ),
        "kind_delimited": ("delimited text", "texte délimité"),
        "kind_fixed-width": ("fixed-width text", "texte à largeur fixe"),
        "kind_workbook": ("workbook", "classeur"),
        "kind_dbase": ("dBASE table", "table dBASE"),
        "kind_sql-insert": ("SQL dump", "export SQL"),
        "kind_xml": ("XML", "XML"),
        "kind_json": ("JSON", "JSON"),
        "end_lf": ("LF", "LF"),
        "end_crlf": ("CR LF", "CR LF"),
        "end_cr": ("CR alone", "CR seul"),
        "type_text": ("text", "texte"),
        "type_code": ("code", "code"),
        "type_integer": ("whole number", "nombre entier"),
        "type_number": ("number", "nombre"),
        "type_value": ("result", "résultat"),
        "type_date": ("date", "date"),
        "type_flag": ("flag", "drapeau"),
        "type_boolean": ("yes or no", "oui ou non"),
        "type_sex": ("sex", "sexe"),
        "role_nss": ("social security number", "numéro de sécurité sociale"),
        "role_birth-name": ("birth name", "nom de naissance"),
        "role_birth-date": ("birth date", "date de naissance"),
        "role_given-name": ("given name", "prénom"),
        "role_family-name": ("family name", "nom"),
        "role_practitioner": ("professional", "professionnel"),
        "role_patient-number": ("patient’s number", "numéro du patient"),
        "role_sex": ("sex", "sexe"),
        "role_postcode": ("postcode", "code postal"),
        "role_email": ("e-mail", "courriel"),
        "role_phone": ("telephone", "téléphone"),
        "role_city": ("town", "ville"),
        "role_address": ("address", "adresse"),
        "role_low": ("low bound", "borne basse"),
        "role_high": ("high bound", "borne haute"),
        "role_unit": ("unit", "unité"),
        "role_flag": ("abnormal or not", "anormal ou non"),
        "role_lot": ("lot", "lot"),
        "role_vaccine": ("vaccine", "vaccin"),
        "role_dosage": ("dosage", "posologie"),
        "role_drug": ("drug", "médicament"),
        "role_allergy": ("allergy", "allergie"),
        "role_diagnosis": ("diagnosis or history", "diagnostic ou antécédent"),
        "role_end-date": ("end date", "date de fin"),
        "role_date": ("date", "date"),
        "role_value": ("value", "valeur"),
        "role_code": ("code", "code"),
        "role_label": ("label", "libellé"),
        "role_comment": ("comment", "commentaire"),
    }
)


class ProfileWords(Words, frozen=True):
    """The words of a profile in one language, beside those of the reports."""

    def __call__(self, key: str, **values: object) -> str:
        """Return a text, its blanks filled."""
        if key not in TEXTS:
            return super().__call__(key, **values)
        return TEXTS[key][LANGUAGES.index(self.lang)].format(**values)

    def remark(self, remark: Remark) -> str:
        """A reason or a doubt in words."""
        values = dict(remark.values)
        for field in ("role", "type"):
            if field in values:
                values[field] = self(f"{field}_{values[field]}")
        for field in ("count", "lines", "known", "unlike"):
            if field in values:
                values[field] = self.number(int(values[field]))
        return REMARKS[remark.key][LANGUAGES.index(self.lang)].format(**values)


def profile_words(lang: str) -> ProfileWords:
    """Return the words in a language: ``fr`` for any French locale, else English."""
    return ProfileWords("fr" if lang.lower().startswith("fr") else "en")
