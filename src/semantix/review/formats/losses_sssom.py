"""What an SSSOM table or a curated table does not hold, in words of both languages, and the counting of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LOSSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sssom-number": (
            "a score that is not a finite number: written as unknown",
            "un score qui n’est pas un nombre fini : écrit comme inconnu",
        ),
        "curated-undecided": (
            "nobody has decided: curated tables hold decisions only",
            "personne n’a tranché : les tables ne contiennent que des décisions",
        ),
        "curated-no-target": (
            "“No suitable target” is no row of a curated table: the wording is proposed again",
            "« Aucune cible » n’est pas une ligne de table : le libellé sera proposé à nouveau",
        ),
        "curated-nothing": (
            "a judgement without any target",
            "un jugement sans aucune cible",
        ),
        "curated-system": (
            "a code of a system that semantix does not know, and no sender: nothing says whose code it is",
            "un code d’un système que semantix ne connaît pas, sans émetteur : rien ne dit à qui il appartient",
        ),
        "curated-code": (
            "a code that its system does not write so, or that holds a blank, a colon or a bar",
            "un code que son système n’écrit pas ainsi, ou qui contient un espace, un deux-points ou une barre",
        ),
        "curated-target-system": (
            "a target of a system for which curated tables have no prefix",
            "une cible dans un système pour lequel les tables n’ont pas de préfixe",
        ),
        "curated-label": (
            (
                "a label without letter or digit, or with characters that a table cannot hold and the engine "
                "distinguishes"
            ),
            (
                "un libellé sans lettre ni chiffre, ou avec des caractères qu’une table ne peut contenir et que le "
                "moteur distingue"
            ),
        ),
        "curated-unit": (
            "the unit cannot be read as UCUM; without it the row would claim too much",
            "l’unité ne peut être lue comme un code UCUM ; sans elle, la ligne affirmerait trop",
        ),
        "curated-specimen": (
            "the specimen is none that tables know; without it the row would claim too much",
            "le prélèvement n’est pas de ceux que les tables connaissent ; sans lui, la ligne affirmerait trop",
        ),
        "curated-section": (
            "the section is none that tables know; without it the row would claim too much",
            "la rubrique n’est pas de celles que les tables connaissent ; sans elle, la ligne affirmerait trop",
        ),
        "curated-sender": (
            "a name of a sender that a table cannot hold; without it the row would claim too much",
            "un nom d’émetteur qu’une table ne peut contenir ; sans lui, la ligne affirmerait trop",
        ),
        "curated-part": (
            "a target for the value, the unit or another part: curated tables map whole codes and wordings",
            (
                "une cible pour la valeur, l’unité ou une autre partie : les tables relient des codes et libellés "
                "entiers"
            ),
        ),
        "curated-ambiguous": (
            "several targets: the rows are written, the engine proposes them all and accepts none",
            "plusieurs cibles : les lignes sont écrites, le moteur les propose toutes et n’en accepte aucune",
        ),
        "curated-relation": (
            ("a narrower or related target: the row is written, the engine proposes it and does not accept it alone"),
            ("une cible plus étroite ou apparentée : la ligne est écrite, le moteur la propose sans l’accepter seul"),
        ),
        "curated-contradiction": (
            ("a target accepted by one entry and refused by another, for one subject: only the acceptance is written"),
            (
                "une cible acceptée par une entrée et refusée par une autre, pour un même sujet : seule "
                "l’acceptation est écrite"
            ),
        ),
        "curated-contested": (
            "another row for the same subject says something else: the engine proposes both and accepts none",
            ("une autre ligne pour le même sujet dit autre chose : le moteur propose les deux et n’en accepte aucune"),
        ),
        "curated-note": (
            "the note is in the comment of the row on one line, blanks made single",
            "la note est dans le commentaire de la ligne, sur une seule ligne, espaces réduits",
        ),
        "curated-proposal": (
            "candidates, scores, frequencies, senders of a wording, other columns and history stay in the desk",
            (
                "candidats, scores, fréquences, émetteurs d’un libellé, autres colonnes et historique restent dans "
                "la base"
            ),
        ),
        "curated-display": (
            "displays of targets are not written: those of CIM-10, ATC and SNOMED CT are not ours to copy",
            (
                "les libellés des cibles ne sont pas écrits : ceux de la CIM-10, de l’ATC et de SNOMED CT ne nous "
                "appartiennent pas"
            ),
        ),
        "curated-code-label": (
            "the label of a code of a known system is not written: the row is for the code",
            "le libellé d’un code d’un système connu n’est pas écrit : la ligne vaut pour le code",
        ),
    }
)
"""Reasons of losses, in English and in French."""
