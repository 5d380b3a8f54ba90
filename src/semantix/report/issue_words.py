"""The doubts about the data, in English and in French: one wording a code, the same for every place."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ISSUES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "SX001": (
            "times without a zone were read as Paris time",
            "des heures sans fuseau ont été lues à l’heure de Paris",
        ),
        "SX002": (
            "a date that is not one, or has a wrong zone",
            "une date qui n’en est pas une, ou au fuseau incorrect",
        ),
        "SX003": ("a reference to a missing part of the text", "un renvoi à un passage du texte qui n’existe pas"),
        "SX004": ("a number is badly written", "un nombre est mal écrit"),
        "SX005": ("white space around a code was removed", "des espaces autour d’un code ont été retirés"),
        "SX006": ("a value of an unexpected type", "une valeur d’un type inattendu"),
        "SX008": ("an embedded object is not valid base64", "un objet inclus n’est pas en base64 valide"),
        "SX009": ("the document names no patient", "le document ne désigne aucun patient"),
        "SX010": ("the document has no body", "le document n’a pas de corps"),
        "SX101": (
            "a document listed in the archive is missing",
            "un document annoncé par l’archive est absent",
        ),
        "SX102": ("a file of the archive is not listed", "un fichier de l’archive n’est pas annoncé"),
        "SX103": (
            "a document was changed after the archive was made",
            "un document a changé depuis la création de l’archive",
        ),
        "SX104": ("a document has not the size announced", "un document n’a pas la taille annoncée"),
        "SX105": ("a listed document has no file name", "un document annoncé n’a pas de nom de fichier"),
        "SX106": (
            "a listed document is not XML and was not read",
            "un document annoncé n’est pas du XML et n’a pas été lu",
        ),
        "SX107": (
            "the archive’s list of contents is unreadable",
            "la liste du contenu de l’archive est illisible",
        ),
        "SX601": (
            "the portability manifest is unreadable: its archives are read without it",
            "le manifeste de portabilité est illisible : ses archives sont lues sans lui",
        ),
        "SX602": (
            "a portability archive without its manifest",
            "une archive de portabilité sans son manifeste",
        ),
        "SX603": (
            "an archive listed in the manifest is missing",
            "une archive annoncée par le manifeste est absente",
        ),
        "SX604": (
            "a file of the export is not listed in the manifest",
            "un fichier de l’export n’est pas annoncé par le manifeste",
        ),
        "SX605": (
            "the manifest announces another number of archives",
            "le manifeste annonce un autre nombre d’archives",
        ),
        "SX606": (
            "an archive has not the size announced",
            "une archive n’a pas la taille annoncée",
        ),
        "SX607": (
            "an archive was changed after the export was made",
            "une archive a changé depuis l’export",
        ),
        "SX608": (
            "the export says that it is partial or a sample",
            "l’export se dit partiel ou échantillon",
        ),
        "SX609": (
            "the manifest leaves out something that it should say",
            "le manifeste ne dit pas tout ce qu’il devrait",
        ),
        "SX610": (
            "the portability archive is not signed",
            "l’archive de portabilité n’est pas signée",
        ),
        "SX611": (
            "the manifest lists an archive twice",
            "le manifeste annonce deux fois une archive",
        ),
        "SX902": (
            "a resource is there in several versions (a patient who moved): loaders keep the last",
            "une ressource est présente en plusieurs versions (un patient qui a déménagé) : la dernière compte",
        ),
        "SX903": (
            "same document identifier as an earlier one, with other content: left out",
            "même identifiant de document qu’un précédent, avec un autre contenu : laissé de côté",
        ),
        "SX904": (
            "said to have happened after the date of the document: left out",
            "dit réalisé après la date du document : laissé de côté",
        ),
        "SX905": (
            "a number too large for its column: left out",
            "un nombre trop grand pour sa colonne : laissé de côté",
        ),
        "SX901": (
            "a resource does not follow the FHIR R4 model",
            "une ressource ne suit pas le modèle FHIR R4",
        ),
    }
)
