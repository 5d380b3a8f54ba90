"""What could not be taken of a file, and why a file was refused, in French: patterns of their English words.

The readers say things once, in English; who reads French gets the same facts in French. A test finds each text of the
readers and asks for its pattern here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_N = r"([\d,]+)"
_MAP = r"(ConceptMap[^ :]*)"


def _compiled(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.DOTALL), french) for pattern, french in pairs)


FOUND = _compiled(
    (
        # any table
        (r"no column of labels", "aucune colonne de libellés"),
        (r"no column of frequencies", "aucune colonne de fréquences"),
        (rf"{_N} rows with the code and the label of another one", "\\1 lignes avec le code et le libellé d’une autre"),
        (r"a frequency that is no whole number", "une fréquence qui n’est pas un nombre entier"),
        (rf"{_N} characters in column (\d+)", "\\1 caractères dans la colonne \\2"),
        (r"neither a code nor a label", "ni code ni libellé"),
        (rf"a label of {_N} characters", "un libellé de \\1 caractères"),
        (rf"a system of {_N} characters", "un système de \\1 caractères"),
        (rf"a code of {_N} characters", "un code de \\1 caractères"),
        (rf"a unit of {_N} characters", "une unité de \\1 caractères"),
        (rf"a specimen of {_N} characters", "un prélèvement de \\1 caractères"),
        (rf"a section of {_N} characters", "une rubrique de \\1 caractères"),
        (rf"a sender of {_N} characters", "un émetteur de \\1 caractères"),
        (rf"a target of {_N} characters", "une cible de \\1 caractères"),
        (
            r"letters that could be read in another way; read as (.+)",
            "des lettres qui pourraient se lire autrement ; lues en \\1",
        ),
        # what tells of a person
        (r"what looks like a social security number", "ce qui ressemble à un numéro de sécurité sociale"),
        (r"what looks like a phone number", "ce qui ressemble à un numéro de téléphone"),
        (r"what looks like an e-mail address", "ce qui ressemble à une adresse électronique"),
        (r"a date to the day", "une date au jour près"),
        (r"what looks like the name of a person", "ce qui ressemble au nom d’une personne"),
        (
            r"what looks like the number of a patient or of a stay",
            "ce qui ressemble au numéro d’un patient ou d’un séjour",
        ),
        # candidates
        (r"a rank that does not fit", "un rang qui ne convient pas"),
        (r"a probability that cannot be read", "une probabilité illisible"),
        (r"an unknown outcome", "un résultat (outcome) inconnu"),
        (rf"a candidate of rank {_N} alone", "un candidat de rang \\1 isolé"),
        # Usagi
        (rf"{_N} cells", "\\1 cellules"),
        (
            r"APPROVED, with concepts and UNMATCHED",
            "APPROVED, avec des concepts et UNMATCHED à la fois",
        ),
        (r"(\w+): an unknown word", "\\1 : un mot inconnu"),
        (r"conceptId: not the number of a concept", "conceptId : ce n’est pas le numéro d’un concept"),
        (r"(\w+): not a whole number", "\\1 : ce n’est pas un nombre entier"),
        (r"ADD_INFO:semantix_targets: damaged", "ADD_INFO:semantix_targets : abîmé"),
        (r"(\w+): not a number", "\\1 : ce n’est pas un nombre"),
        (r"(\w+): not numbers", "\\1 : ce ne sont pas des nombres"),
        # SSSOM
        (r"an entry whose ext_ columns cannot be read", "une entrée dont les colonnes ext_ sont illisibles"),
        (r"no subject", "pas de sujet"),
        (r"no object_id, or the object is (.+)", "pas d’object_id, ou l’objet est \\1"),
        (r"a predicate_modifier that is not known", "un predicate_modifier inconnu"),
        (r"a refusal behind which no person stands", "un refus derrière lequel il n’y a personne"),
        (
            r"a predicate that is not of SKOS; read as related",
            "un prédicat qui n’est pas de SKOS ; lu comme « apparenté »",
        ),
        (rf"{_N} combinations of conditions", "\\1 combinaisons de conditions"),
        # SOURCE_TO_CONCEPT_MAP
        (r"concept 0 beside others", "le concept 0 à côté d’autres"),
        # ConceptMap
        (rf"{_MAP}: a rule for all other codes", "\\1 : une règle pour tous les autres codes"),
        (
            rf"{_MAP}: changed after semantix wrote it; what FHIR’s own elements say was taken",
            "\\1 : modifié après son écriture par semantix ; ce que disent les éléments de FHIR a été pris",
        ),
        (rf"{_MAP}: no relation, or an unknown one", "\\1 : pas de relation, ou une relation inconnue"),
        (
            rf"{_MAP}: unmatched, and yet a code; the code was left out",
            "\\1 : unmatched, avec pourtant un code ; le code a été laissé de côté",
        ),
        (rf"{_MAP}: no code", "\\1 : pas de code"),
        (
            rf"{_MAP}: holds under a condition, or with a product",
            "\\1 : ne vaut que sous condition, ou avec un produit",
        ),
    )
)
"""What was found."""

EXPECTED = _compiled(
    (
        (
            r"one, to be named with --label-column; the codes were read",
            "une, à nommer avec --label-column ; les codes ont été lus",
        ),
        (
            r"one, to be named with --frequency-column; each is 1",
            "une, à nommer avec --frequency-column ; chaque ligne compte pour 1",
        ),
        (r"each once; their frequencies were added", "chacune une fois ; leurs fréquences ont été additionnées"),
        (r"digits; it was taken as 1", "des chiffres ; comptée pour 1"),
        (rf"at most {_N}; the cell was left out", "\\1 au plus ; la cellule a été laissée de côté"),
        (r"at least one of them", "au moins l’un des deux"),
        (rf"at most {_N}", "\\1 au plus"),
        (rf"at most {_N} of them", "\\1 au plus"),
        (r"UTF-8", "UTF-8"),
        (
            r"a label that tells nothing of a person; left out, keep it with --keep-personal",
            "un libellé qui ne dit rien d’une personne ; laissé de côté, --keep-personal le garde",
        ),
        (
            r"nothing that tells of a person; the cell was left out",
            "rien qui parle d’une personne ; la cellule a été laissée de côté",
        ),
        (r"a number from 1", "un nombre à partir de 1"),
        (
            r"a number from 1 for a candidate, 0 where there is none",
            "un nombre à partir de 1 pour un candidat, 0 quand il n’y en a pas",
        ),
        (r"a number from 0 to 1, or nothing", "un nombre de 0 à 1, ou rien"),
        (r"one of (.+); the entry is left out", "l’un de : \\1 ; l’entrée est laissée de côté"),
        (r"one of (.+)", "l’un de : \\1"),
        (r"after that of rank 1, in their order", "à la suite de celui de rang 1, dans l’ordre"),
        (
            rf"{_N} cells, as in the first line; the entry is left out",
            "\\1 cellules, comme la première ligne ; l’entrée est laissée de côté",
        ),
        (
            r"concepts or UNMATCHED; it is to be reconciled",
            "des concepts ou UNMATCHED ; l’entrée est à concilier",
        ),
        (r"a whole number; it is left empty", "un nombre entier ; laissé vide"),
        (r"a whole number; the entry is left out", "un nombre entier ; l’entrée est laissée de côté"),
        (
            r"what semantix wrote; the other columns were read",
            "ce que semantix avait écrit ; les autres colonnes ont été lues",
        ),
        (r"a number such as 0\.85; it is left empty", "un nombre tel que 0.85 ; laissé vide"),
        (r"numbers with ; between them; it is left empty", "des nombres séparés par « ; » ; laissé vide"),
        (r"the cells as exported", "les cellules telles qu’exportées"),
        (rf"{_N}, as in the header", "\\1, comme dans l’en-tête"),
        (
            r"subject_id, or subject_label with the type rdfs literal",
            "subject_id, ou subject_label avec le type rdfs literal",
        ),
        (r"the code that is the target", "le code qui est la cible"),
        (r"Not, or nothing", "Not, ou rien"),
        (r"(\S+) for a refusal", "\\1 pour un refus"),
        (r"skos:exactMatch and so on", "skos:exactMatch et semblables"),
        (
            r"nine columns, numbers as ids; the entry is left out",
            "neuf colonnes, des nombres pour identifiants ; l’entrée est laissée de côté",
        ),
        (r"one or the other; 0 is left out", "l’un ou l’autre ; 0 est laissé de côté"),
        (r"codes one by one", "des codes un par un"),
        (
            r"extensions that agree with the element",
            "des extensions qui disent la même chose que l’élément",
        ),
        (
            r"an equivalence of R4 or a relationship of R5",
            "une equivalence de R4 ou une relationship de R5",
        ),
        (r"unmatched without a code", "unmatched sans code"),
        (r"a target code, not a value set", "un code cible, pas un jeu de valeurs"),
        (r"a mapping that always holds", "une correspondance qui vaut toujours"),
    )
)
"""What was expected, and what was done."""

_NAME = r"(.+?)"
REFUSED = _compiled(
    (
        (rf"{_NAME}: the file is empty; expected one of (.+)", "\\1 : le fichier est vide ; attendu : l’un de \\2"),
        (
            rf"{_NAME}: an archive or a document that is no workbook; expected one of (.+)",
            "\\1 : une archive ou un document qui n’est pas un classeur ; attendu : l’un de \\2",
        ),
        (
            rf"{_NAME}: JSON that is no ConceptMap; expected one of (.+)",
            "\\1 : du JSON qui n’est pas un ConceptMap ; attendu : l’un de \\2",
        ),
        (rf"{_NAME}: XML or HTML; expected one of (.+)", "\\1 : du XML ou du HTML ; attendu : l’un de \\2"),
        (
            rf"{_NAME}: no table, no workbook and no mappings; expected one of (.+)",
            "\\1 : ni table, ni classeur, ni correspondances ; attendu : l’un de \\2",
        ),
        (
            rf"{_NAME}: this may be (.+); say which with --format",
            "\\1 : plusieurs formats possibles (\\2) ; dites lequel avec --format",
        ),
        (r"(.+) is no format; expected one of (.+)", "\\1 n’est pas un format ; attendu : l’un de \\2"),
        (
            rf"{_NAME}: the columns are those of (.+); save this sheet as CSV and import that",
            "\\1 : les colonnes sont celles de \\2 ; enregistrez cette feuille en CSV et importez-la",
        ),
        (
            rf"{_NAME}: not a whole table of candidates: no column (.+)",
            "\\1 : table de candidats incomplète, sans colonne \\2",
        ),
        (
            rf"{_NAME}: no column of codes or labels is recognised among (.+); name it with .+",
            (
                "\\1 : aucune colonne de codes ou de libellés n’est reconnue parmi \\2 ; nommez-la avec --label-column "
                "ou --code-column (la première ligne doit être celle des noms de colonnes)"
            ),
        ),
        (
            rf"{_NAME}: no column is called (.+); the columns are (.+)",
            "\\1 : aucune colonne ne s’appelle \\2 ; les colonnes sont \\3",
        ),
        (
            rf"{_NAME}: (\d+) columns are called (.+); the columns are (.+)",
            "\\1 : \\2 colonnes s’appellent \\3 ; les colonnes sont \\4",
        ),
        (
            rf"{_NAME}: several columns may hold the (\w+): (.+); say which with (\S+)",
            "\\1 : plusieurs colonnes possibles (\\2) : \\3 ; dites laquelle avec \\4",
        ),
        (
            rf"{_NAME}: several columns may hold the (\w+): (.+); keep one of them",
            "\\1 : plusieurs colonnes possibles (\\2) : \\3 ; gardez-en une",
        ),
        (
            rf"{_NAME}: line {_N} is longer than {_N} characters; is it a table\?",
            "\\1 : la ligne \\2 dépasse \\3 caractères ; est-ce une table ?",
        ),
        (rf"{_NAME}: {_N} columns; at most {_N} are read", "\\1 : \\2 colonnes ; \\3 au plus sont lues"),
        (rf"{_NAME}: no sheet holds anything", "\\1 : toutes les feuilles sont vides"),
        (
            rf"{_NAME}: no sheet with anything in it is called so; there are (.+)",
            "\\1 : aucune feuille remplie ne s’appelle ainsi ; il y a \\2",
        ),
        (
            rf"{_NAME}: several sheets could be meant: (.+); say which with --sheet",
            "\\1 : plusieurs feuilles possibles : \\2 ; dites laquelle avec --sheet",
        ),
        (
            r"no section is called so; the sections are (.+)",
            "aucune rubrique ne s’appelle ainsi ; les rubriques sont \\1",
        ),
        (
            rf"{_NAME}: no header line; expected the names of the columns on the first line",
            "\\1 : pas d’en-tête ; les noms des colonnes étaient attendus en première ligne",
        ),
        (
            rf"{_NAME}: line (\d+) has (\d+) cells and the header (\d+)",
            "\\1 : la ligne \\2 a \\3 cellules, l’en-tête \\4",
        ),
        (
            rf"{_NAME}: the row that begins on line (\d+) is not CSV: (.+)",
            "\\1 : l’enregistrement qui commence ligne \\2 n’est pas du CSV (\\3)",
        ),
        (
            r"line (\d+): a sign that is none \(zero, or half a sign\); correct it in the file",
            "ligne \\1 : un caractère qui n’en est pas un (zéro, ou une moitié) ; corrigez-le dans le fichier",
        ),
        # SSSOM
        (
            rf"{_NAME}: not UTF-8 \(byte (\d+)\); save it as UTF-8",
            "\\1 : pas en UTF-8 (octet \\2) ; enregistrez en UTF-8",
        ),
        (
            rf"{_NAME}: no column (.+) in the header \(line (\d+)\); expected an SSSOM table with the columns (.+)",
            "\\1 : pas de colonne \\2 dans l’en-tête (ligne \\3) ; attendu : une table SSSOM avec les colonnes \\4",
        ),
        (
            rf"{_NAME}: the header \(line (\d+)\) has one column twice; expected each once",
            "\\1 : l’en-tête (ligne \\2) a deux fois la même colonne",
        ),
        (
            rf"{_NAME}: the metadata are not YAML: (.+); expected `key: value`",
            "\\1 : les métadonnées ne sont pas du YAML (\\2) ; attendu : `clé: valeur`",
        ),
        (
            rf"{_NAME}: the metadata are not a mapping; expected `key: value` lines behind #",
            "\\1 : les métadonnées sont illisibles ; attendu : des lignes `clé: valeur` derrière #",
        ),
        (
            rf"{_NAME}: near line (\d+) of the table the quotation marks are not those of CSV \((.+)\); .+",
            (
                "\\1 : vers la ligne \\2 de la table, les guillemets ne sont pas ceux du CSV (\\3) ; doublez chaque "
                "guillemet dans une cellule entre guillemets"
            ),
        ),
        # Usagi and SOURCE_TO_CONCEPT_MAP
        (
            rf"{_NAME}, line 1: an empty first line(.*?); expected the columns of (.+?): (.+)",
            "\\1, ligne 1 : première ligne vide ; attendu : les colonnes de \\3 : \\4",
        ),
        (
            rf"{_NAME}, line 1: (\d+) columns without (.+?) \(an export for review, which is for people only\); .+",
            (
                "\\1, ligne 1 : un export pour relecture, destiné aux personnes ; il faut la sauvegarde d’Usagi (\\2 "
                "colonnes, sans \\3)"
            ),
        ),
        (
            rf"{_NAME}, line 1: (\d+) columns without (.+?); expected the columns of a file saved by Usagi: (.+)",
            "\\1, ligne 1 : \\2 colonnes, sans \\3 ; attendu : les colonnes d’une sauvegarde d’Usagi : \\4",
        ),
        (
            rf"{_NAME}, line 1: (\d+) columns without (.+?); expected the columns of SOURCE_TO_CONCEPT_MAP: (.+)",
            "\\1, ligne 1 : \\2 colonnes, sans \\3 ; attendu : les colonnes de SOURCE_TO_CONCEPT_MAP : \\4",
        ),
        (
            rf"{_NAME}, line (\d+): no table \((.+)\); expected a CSV file",
            "\\1, ligne \\2 : pas une table (\\3) ; attendu : un fichier CSV",
        ),
        # ConceptMap
        (rf"{_NAME}: no ConceptMap was found; .+", "\\1 : aucun ConceptMap ; attendu : un ConceptMap FHIR (R4 ou R5)"),
        (
            rf"{_NAME}: (\S+) is not what FHIR says: (.+); write the file again, or check it with a FHIR validator",
            "\\1 : \\2 n’est pas conforme à FHIR (\\3) ; vérifiez le fichier avec un validateur FHIR",
        ),
        (
            rf"{_NAME}: nested too deep; expected a FHIR ConceptMap in JSON",
            "\\1 : trop d’éléments emboîtés ; attendu : un ConceptMap FHIR en JSON",
        ),
        (
            rf"{_NAME}: not JSON \((.+)\); expected a FHIR ConceptMap, a Bundle of them, or one a line",
            "\\1 : pas du JSON (\\2) ; attendu : un ConceptMap FHIR, un Bundle, ou un par ligne",
        ),
    )
)
"""Why a whole file was refused, the name of the file before it."""


def found_in_french(text: str) -> str:
    """Say in French what a problem found; a text that no pattern knows stays as it is."""
    return _said(FOUND, text)


def expected_in_french(text: str) -> str:
    """Say in French what a problem expected; a text that no pattern knows stays as it is."""
    return _said(EXPECTED, text)


def refusal_in_french(text: str) -> str:
    """Say in French why a file was refused; a text that no pattern knows stays as it is."""
    return _said(REFUSED, text)


def _said(patterns: tuple[tuple[re.Pattern[str], str], ...], text: str) -> str:
    for pattern, french in patterns:
        found = pattern.fullmatch(text)
        if found:
            return re.sub(r"\\(\d)", lambda at, found=found: _number(found[int(at[1])]), french)  # type: ignore[misc]
    return text


def _number(text: str) -> str:
    """Thousands are apart as French has them."""
    return text.replace(",", "\N{NARROW NO-BREAK SPACE}") if re.fullmatch(r"\d{1,3}(?:,\d{3})+", text) else text
