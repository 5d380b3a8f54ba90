"""The reasons and the doubts of a profile, in English and in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REMARKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- the file ---
        "separator": (
            "separator {separator}: {count} of {lines} lines have {cells} cells",
            "séparateur {separator} : {count} lignes sur {lines} ont {cells} cellules",
        ),
        "quoted": ("quotes in {count} of the lines looked at", "guillemets dans {count} des lignes regardées"),
        "no-quote": ("no quotes", "pas de guillemets"),
        "rows-unlike": (
            "rows are not all alike (cells × lines: {sizes}): there may be several kinds of rows",
            "les lignes ne se ressemblent pas toutes (cellules × lignes : {sizes}) : peut-être plusieurs sortes",
        ),
        "fixed-width": (
            "all lines have {width} characters, {columns} columns stand apart",
            "toutes les lignes ont {width} caractères, {columns} colonnes se détachent",
        ),
        "no-separator": (
            "no separator found: each line is one cell",
            "aucun séparateur : une cellule par ligne",
        ),
        "mixed-line-ends": ("line ends of several kinds", "fins de ligne de plusieurs sortes"),
        "header": (
            "row {row}: {known} of its {count} words are names of columns, {unlike} stand over other kinds of values",
            "ligne {row} : {known} de ses {count} mots sont des noms de colonnes, {unlike} surmontent d’autres valeurs",
        ),
        "header-unsure": (
            "row {row} may be one, but none of its {count} words is known: names are not shown (see --show-values)",
            "ligne {row} peut-être, mais aucun de ses {count} mots n’est connu : noms non montrés (voir --show-values)",
        ),
        "no-header": ("none found", "aucun trouvé"),
        "no-header-data": ("none: the first full row holds data", "aucun : la première ligne pleine est de données"),
        "names-in-file": ("written in the file", "écrits dans le fichier"),
        "records-lost": (
            "{count} records are announced and not there: the file is cut",
            "{count} enregistrements annoncés sont absents : fichier tronqué",
        ),
        "rows-broken": ("{count} rows cannot be read", "{count} lignes illisibles"),
        "tables-left-out": ("{count} more tables were left out", "{count} autres tables laissées de côté"),
        "no-rows": ("no rows were found", "aucune ligne trouvée"),
        # --- types ---
        "pivot": (
            "{count} dates with a two-digit year: a pivot must be chosen",
            "{count} dates à année sur deux chiffres : un pivot est à choisir",
        ),
        "dates-unreadable": (
            "{count} cells look like dates and are none",
            "{count} cellules ont l’air de dates et n’en sont pas",
        ),
        "dates-swapped": (
            "{count} cells would be dates with day and month exchanged",
            "{count} cellules seraient des dates en échangeant jour et mois",
        ),
        "dates-ambiguous": (
            "no day is over 12: day and month may be exchanged",
            "aucun jour ne dépasse 12 : jour et mois peuvent être échangés",
        ),
        "others": ("{count} cells are of another type", "{count} cellules sont d’un autre type"),
        "decimal-or-thousands": (
            "{count} cells such as 9.999: a decimal mark or a thousands mark",
            "{count} cellules comme 9.999 : marque décimale ou des milliers",
        ),
        "sex-in-figures": (
            "1 and 2: usually man and woman, to be checked",
            "1 et 2 : d’ordinaire homme et femme, à vérifier",
        ),
        "boolean-or-number": ("0 and 1: no and yes, or a number", "0 et 1 : non et oui, ou un nombre"),
        "name-contradicted": (
            "its name says {role}, its cells say {type}",
            "son nom dit {role}, ses cellules disent {type}",
        ),
        # --- roles ---
        "by-name": ("by its name", "par son nom"),
        "by-identifier": ("its cells are of the kind {kind}", "ses cellules sont du genre {kind}"),
        "by-codes": ("its cells are codes of {system}", "ses cellules sont des codes {system}"),
        "by-units": ("{count} cells are units", "{count} cellules sont des unités"),
        "by-words": ("words that come back, beside numbers", "des mots qui reviennent, à côté de nombres"),
        "by-numbers": ("numbers beside labels, or with units", "des nombres près de libellés, ou avec des unités"),
        "by-dates": ("the first column of dates", "la première colonne de dates"),
        "by-repeats": ("numbers that come back, in the first columns", "des numéros qui reviennent, au début"),
        "by-place": ("the first column, of numbers", "la première colonne, de numéros"),
        "by-sex": ("its words", "ses mots"),
        # --- packs ---
        "pack-software": ("say which software", "dire quel logiciel"),
        "pack-title": ("export of {kinds}", "export : {kinds}"),
        "pack-origin": (
            "drafted from {files} file(s) of {rows} rows; no document of the vendor was seen",
            "ébauche d’après {files} fichier(s) de {rows} lignes ; aucun document de l’éditeur n’a été vu",
        ),
        "pack-other-codes": (
            "the codes of column {column} ({systems}) are not of a kind that says this; they are left out",
            "les codes de la colonne {column} ({systems}) ne disent pas ce genre de fait ; laissés de côté",
        ),
        "pack-evidence": ("say where the layout is known from", "dire d’où la disposition est connue"),
        "pack-role": ("role of the file: choose a word", "rôle du fichier : choisir un mot"),
        "pack-pattern": ("the names that such files really have", "les noms que portent vraiment ces fichiers"),
        "pack-nss": (
            "column {position}, a social security number, is left out: it is no identity (dependants share it)",
            "colonne {position}, numéro de sécurité sociale, laissée de côté : pas une identité (ayants droit)",
        ),
        "pack-no-patient": (
            "no column tells the patient: say which one, then write facts",
            "aucune colonne ne dit le patient : indiquer laquelle, puis écrire les faits",
        ),
        "pack-no-facts": (
            "nothing in it makes a fact for sure: see docs/reference/mapping-packs.md",
            "rien n’y fait un fait à coup sûr : voir docs/reference/mapping-packs.md",
        ),
        "pack-guess": ("a guess: check that this is what the rows say", "une supposition : vérifier que c’est le sens"),
        "pack-no-unit": (
            "no column of units: either the cells hold them, or say them under units",
            "pas de colonne d’unités : soit les cellules les portent, soit les donner sous units",
        ),
        "pack-many-systems": ("codes look like several systems: {systems}", "les codes ressemblent à : {systems}"),
        "pack-dialect": (
            "the other sheets may have another header row",
            "l’en-tête d’autres feuilles peut différer",
        ),
        "pack-tests": (
            "write tests: rows in (invented), facts out; semantix pack test",
            "écrire des tests : des lignes (inventées), les faits attendus ; semantix pack test",
        ),
        "pack-first": (
            "First draft, from what the files look like. Lines with # ? are doubts; check the others too.",
            "Premier jet, d’après l’apparence des fichiers. Les « # ? » sont des doutes ; vérifier aussi le reste.",
        ),
    }
)
