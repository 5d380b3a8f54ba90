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
        (r"a DOCTYPE was found", "un DOCTYPE est présent : refusé, car il peut servir à attaquer un lecteur"),
        (r"this is (?:a|an) (PDF|ZIP|old Office|RTF)", "ce n’est pas un document XML (\\1)"),
        (
            r"an XML file whose root is <(.*?)>",
            "un fichier XML de racine <\\1>, alors qu’un document CDA R2 <ClinicalDocument> est attendu",
        ),
        (r"file is (\S+) MB, the limit is (\S+) MB", "fichier de \\1 Mo, la limite est \\2 Mo (option --max-size)"),
        (r"(\d+) files in the archive, the limit is (\d+)", "\\1 fichiers dans l’archive, la limite est \\2"),
        (r"the archive holds (\S+) MB", "l’archive fait \\1 Mo une fois ouverte : trop grande, divisez-la"),
        (r".* swells more than", "l’archive se décompresse démesurément (bombe de décompression ?)"),
        (r"a file name leaves the archive", "un nom de fichier sort de l’archive : elle n’est pas ouverte"),
        (r"two files of the archive have the same name", "deux fichiers de l’archive portent le même nom"),
        (r"the archive is encrypted", "l’archive est chiffrée ; déchiffrez-la d’abord"),
        (r"a damaged or unknown kind of ZIP archive", "archive ZIP endommagée ou d’un type inconnu"),
        (r"no XML document in the archive", "aucun document XML dans l’archive"),
        (r"no document in the archive", "aucun document connu dans l’archive"),
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
