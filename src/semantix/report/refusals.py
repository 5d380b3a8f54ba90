"""Why an input was refused, in French: the reasons that readers give, as patterns of their English words."""

from __future__ import annotations

import re

_AT = r"(?:line (\d+), column (\d+): )?"

REFUSALS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), french)
    for pattern, french in (
        (r"the file is empty", "le fichier est vide"),
        (rf"{_AT}the file stops in the middle", "le fichier s’arrête au milieu ({place}) ; demandez un nouvel envoi"),
        (rf"{_AT}not well-formed XML", "le XML est mal formé ({place})"),
        (rf"{_AT}bytes that are not (\S+)", "le fichier n’est pas dans l’encodage qu’il annonce ({place})"),
        (rf"{_AT}elements nested more than", "trop d’éléments emboîtés pour un vrai document"),
        (r"elements nested too deep", "trop d’éléments emboîtés pour un vrai document"),
        (r"not readable as XML", "illisible comme du XML"),
        (
            r"root element (.+?) \(.*?\) found",
            "élément racine \\1, alors qu’un document CDA R2 <ClinicalDocument> est attendu",
        ),
        (r"a DOCTYPE was found", "un DOCTYPE est présent : refusé, car il peut servir à attaquer un lecteur"),
        (
            r"this is (?:a|an) (PDF|ZIP|old Office|RTF)[^;]*; no reader recognises it",
            "aucun lecteur ne reconnaît ce fichier (\\1)",
        ),
        (r"this is (?:a|an) (PDF|ZIP|old Office|RTF)", "ce n’est pas un document XML (\\1)"),
        (
            r"no reader recognises it",
            "aucun lecteur ne le reconnaît : décrivez-le par un pack (semantix profile dit ce qu’il contient)",
        ),
        (
            r"(.+) and (.+) both recognise this file",
            "reconnu à la fois par \\1 et \\2 : précisez le pack, ou signalez-le",
        ),
        (
            r"an XML file whose root is <(.*?)>",
            "un fichier XML de racine <\\1>, alors qu’un document CDA R2 <ClinicalDocument> est attendu",
        ),
        (r"file is (\S+) MB, the limit is (\S+) MB", "fichier de \\1 Mo, la limite est \\2 Mo (option --max-size)"),
        (r"(\d+) MB found, at most (\d+) MB expected", "fichier de \\1 Mo, la limite est \\2 Mo (option --max-size)"),
        (r"(\d+) files in the archive, the limit is (\d+)", "\\1 fichiers dans l’archive, la limite est \\2"),
        (r"the archive holds (\S+) MB", "l’archive fait \\1 Mo une fois ouverte : trop grande, divisez-la"),
        (r".* swells more than", "l’archive se décompresse démesurément (bombe de décompression ?)"),
        (r"a file name leaves the archive", "un nom de fichier sort de l’archive : elle n’est pas ouverte"),
        (r"two files of the archive have the same name", "deux fichiers de l’archive portent le même nom"),
        (r"the archive is encrypted", "l’archive est chiffrée ; déchiffrez-la d’abord"),
        (r"a damaged or unknown kind of ZIP archive", "archive ZIP endommagée ou d’un type inconnu"),
        (r"more than (\d+) containers one inside", "plus de \\1 archives ou courriels emboîtés : non ouvert"),
        (
            r"more than (\d+) files in archives one inside",
            "plus de \\1 fichiers dans des archives emboîtées : divisez l’envoi",
        ),
        (r"messages nested more than (\d+) deep", "plus de \\1 courriels emboîtés : non ouvert"),
        (r"more than (\d+) parts in one mail", "plus de \\1 parties dans un courriel : non ouvert"),
        (r"headers of more than (\d+) bytes", "en-têtes de plus de \\1 octets : ce n’est pas un courriel"),
        (r"the headers of a mail were expected", "des en-têtes de courriel étaient attendus aux premières lignes"),
        (r"no such file in the (?:archive|mail)", "ce fichier n’est plus dans l’archive ou le courriel"),
        (r"no document in the archive that a reader", "aucun document de l’archive n’est reconnu par un lecteur"),
        (r"no XML document in the archive", "aucun document XML dans l’archive"),
        (r"no document in the archive", "aucun document connu dans l’archive"),
        # HL7 v2, FHIR, PN13
        (
            r"line (\d+): no message begins \(MSH\) in (\d+) MB",
            "ligne \\1 : aucun message (MSH) ne commence dans \\2 Mo",
        ),
        (r"no resourceType found", "pas de resourceType : une ressource ou un Bundle FHIR était attendu"),
        (r"line (\d+) is longer than (\d+) MB; is it NDJSON", "la ligne \\1 dépasse \\2 Mo ; est-ce du NDJSON ?"),
        (
            r"nothing is written in it, a FHIR resource",
            "rien n’y est écrit ; une ressource FHIR en JSON était attendue",
        ),
        (r"the JSON stops in the middle", "le JSON s’arrête au milieu ; demandez un nouvel envoi"),
        (r"line (\d+), column (\d+): not (?:well-formed )?JSON", "le JSON est mal formé ({place})"),
        (
            r"characters that are neither UTF-8 nor Windows-1252",
            "les caractères ne sont ni en UTF-8 ni en Windows-1252",
        ),
        (
            r"no M_Prescription_médicaments in <(.*?)>",
            "pas de M_Prescription_médicaments dans <\\1> ; du PN13 était attendu",
        ),
        # Tables and mapping packs
        (r"not readable as a workbook", "ce classeur est illisible ; enregistrez-le à nouveau"),
        (r"a damaged workbook", "classeur endommagé ; enregistrez-le à nouveau depuis son logiciel"),
        (
            r"a sheet of (\d+) rows and (\d+) columns",
            "une feuille de \\1 lignes et \\2 colonnes : enregistrez-la en CSV",
        ),
        (r"(\d+) MB once unpacked", "\\1 Mo une fois ouvert : trop grand, enregistrez-le en CSV"),
        (r"a part larger than it says", "une partie du classeur est plus grande qu’annoncé : enregistrez-le en CSV"),
        (r"(\d+) MB of (JSON|SQL), at most (\d+)", "\\1 Mo de \\2, \\3 Mo au plus : divisez-le"),
        (r"JSON whose bytes are not UTF-8", "du JSON qui n’est pas en UTF-8"),
        (r"neither JSON nor one JSON value a line", "ni du JSON, ni une valeur JSON par ligne"),
        (r"JSON nested too deep", "trop d’éléments JSON emboîtés"),
        (r"not a dBASE table", "ce n’est pas une table dBASE"),
        (
            r"its columns make (\d+) bytes, its header (\d+)",
            "colonnes de \\1 octets, en-tête de \\2 : table dBASE endommagée",
        ),
        (r"more than (\d+) MB, which is read at once", "plus de \\1 Mo, à lire en une fois : divisez-le"),
        (
            r"one row of more than (\d+) MB",
            "une ligne de plus de \\1 Mo : séparateur ou fins de ligne autres que ceux du pack",
        ),
        (r"no column (.+) in (.+); the pack needs it", "pas de colonne \\1 dans \\2 ; le pack en a besoin"),
        (r"none of the sheets that the pack describes", "aucune des feuilles que décrit le pack n’est là"),
        (r"no pack given describes this file", "aucun des packs donnés ne décrit ce fichier"),
        (r"two packs are called (.+?): (.+) and (.+);", "deux packs s’appellent \\1 : \\2 et \\3 ; gardez-en un"),
        (r"HPRIM records are read by their own reader", "les messages HPRIM ont leur propre lecteur, sans pack"),
        (r"(\d+) lines of which nothing is known", "erreur du programme (\\1 lignes perdues), à signaler"),
        (r"(\d+) ClinicalDocuments found", "\\1 documents CDA dans un fichier : envoyez-en un par fichier"),
        (r"not a regular file", "ce n’est pas un fichier ordinaire"),
        (r"cannot be opened: (.*)", "ne peut pas être ouvert : \\1"),
        (r"(\w+) at (\S+:\d+)", "erreur du programme (\\1, \\2), à signaler"),
        (r"the process that read it died", "le processus qui le lisait s’est arrêté (mémoire insuffisante ?)"),
    )
)


def in_french(message: str) -> str:
    """Translate a reason; one that no pattern knows stays as it is."""
    for pattern, french in REFUSALS:
        found = pattern.match(message)
        if found:
            return _fill(french, found)
    return message


def _fill(french: str, found: re.Match[str]) -> str:
    """Put the numbers and names of the message in their places."""
    groups = [group or "?" for group in found.groups()]
    text = re.sub(r"\\(\d)", lambda match: groups[int(match[1]) - 1], french)
    return text.replace("{place}", "ligne {}, colonne {}".format(*groups[:2])) if "{place}" in text else text
