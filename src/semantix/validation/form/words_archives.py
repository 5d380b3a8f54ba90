"""The rules on the form of archives: IHE XDM and its METADATA.XML, the portability archive of practice software."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_XDM = "IHE ITI TF-2, 3.32.4.1.2 (XDM media); ANS, CI-SIS, volet Échange de documents de santé"
_METADATA = "IHE ITI TF-3, 4.2 (document sharing metadata); ANS, CI-SIS, volet Partage de documents de santé (XDS-b)"
_LGC = "ANS, guide d’implémentation « Portabilité des données des LGC », version 0.1.0 (draft)"
_REFUSED_BY_RECEIVERS = (
    "Receivers that follow XDM refuse the archive, or do not find its documents.",
    "Les destinataires conformes à XDM refusent l’archive, ou n’en trouvent pas les documents.",
)

NO_INDEX = RuleInfo(
    code="SX-FORM-40",
    severity=Severity.WARNING,
    title=("An XDM archive without its index or its read-me", "Une archive XDM sans index ou sans notice"),
    found=("No {what} at the root.", "Pas de {what} à la racine."),
    expected=("{what} at the root of the archive.", "{what} à la racine de l’archive."),
    fix=("Add {what} beside the folder IHE_XDM.", "Ajouter {what} à côté du dossier IHE_XDM."),
    why=(
        "People who open the archive by hand have nothing to start from; the profile asks for it.",
        "Qui ouvre l’archive à la main n’a pas de point d’entrée ; le profil l’exige.",
    ),
    source=_XDM,
)
NO_METADATA = RuleInfo(
    code="SX-FORM-41",
    severity=Severity.ERROR,
    title=("An IHE_XDM folder without METADATA.XML", "Un dossier IHE_XDM sans METADATA.XML"),
    found=("A folder IHE_XDM and no METADATA.XML below it.", "Un dossier IHE_XDM et aucun METADATA.XML dessous."),
    expected=("One METADATA.XML in each folder of IHE_XDM.", "Un METADATA.XML dans chaque dossier de IHE_XDM."),
    fix=("Write METADATA.XML in IHE_XDM/SUBSET01.", "Écrire METADATA.XML dans IHE_XDM/SUBSET01."),
    why=_REFUSED_BY_RECEIVERS,
    source=_XDM,
)
MISPLACED = RuleInfo(
    code="SX-FORM-42",
    severity=Severity.ERROR,
    title=("METADATA.XML is not where XDM wants it", "METADATA.XML n’est pas là où XDM le veut"),
    found=("METADATA.XML outside IHE_XDM/<folder>/.", "METADATA.XML hors de IHE_XDM/<dossier>/."),
    expected=("IHE_XDM/SUBSET01/METADATA.XML.", "IHE_XDM/SUBSET01/METADATA.XML."),
    fix=(
        "Put METADATA.XML and its documents in a folder of IHE_XDM, at the root of the archive.",
        "Placer METADATA.XML et ses documents dans un dossier de IHE_XDM, à la racine de l’archive.",
    ),
    why=_REFUSED_BY_RECEIVERS,
    source=_XDM,
)
LONG_NAME = RuleInfo(
    code="SX-FORM-43",
    severity=Severity.WARNING,
    title=("File names outside ISO 9660 level 1", "Des noms de fichiers hors ISO 9660 niveau 1"),
    found=(
        "{count} name(s) of IHE_XDM that are not 8.3 in upper case.",
        "{count} nom(s) de IHE_XDM qui ne sont pas en 8.3 majuscules.",
    ),
    expected=(
        "At most 8 characters A-Z, 0-9, _ and an extension of 3.",
        "Au plus 8 caractères A-Z, 0-9, _ et une extension de 3.",
    ),
    fix=("Name the files DOC0001.XML, DOC0002.XML…", "Nommer les fichiers DOC0001.XML, DOC0002.XML…"),
    why=(
        "Some receivers shorten or refuse other names, and no longer find what METADATA.XML lists.",
        "Certains destinataires tronquent ou refusent les autres noms, et ne trouvent plus ce que liste METADATA.XML.",
    ),
    source="IHE ITI TF-2, 3.32.4.1.2.1 (file system: ISO 9660 level 1)",
)
NOT_A_SUBMISSION = RuleInfo(
    code="SX-FORM-44",
    severity=Severity.ERROR,
    title=("METADATA.XML is not a submission", "METADATA.XML n’est pas une soumission"),
    found=("The root element {root}.", "L’élément racine {root}."),
    expected=("SubmitObjectsRequest of ebXML RegRep 3.0.", "SubmitObjectsRequest d’ebXML RegRep 3.0."),
    fix=("Write the submission of ITI-32.", "Écrire la soumission d’ITI-32."),
    why=_REFUSED_BY_RECEIVERS,
    source=_METADATA,
)
NO_SUBMISSION_SET = RuleInfo(
    code="SX-FORM-45",
    severity=Severity.ERROR,
    title=("METADATA.XML without a submission set", "METADATA.XML sans lot de soumission"),
    found=(
        "No RegistryPackage classified as a submission set.",
        "Aucun RegistryPackage classé comme lot de soumission.",
    ),
    expected=("One submission set.", "Un lot de soumission."),
    fix=(
        "Add the RegistryPackage with its classification urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd.",
        "Ajouter le RegistryPackage avec sa classification urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd.",
    ),
    why=(
        "Who sends, when and for whom is not said.",
        "Rien ne dit qui envoie, quand, et pour qui.",
    ),
    source=_METADATA,
)
LACKS = RuleInfo(
    code="SX-FORM-46",
    severity=Severity.ERROR,
    title=("A listed document lacks what identifies it", "Un document annoncé n’a pas ce qui l’identifie"),
    found=("An ExtrinsicObject without {field}.", "Un ExtrinsicObject sans {field}."),
    expected=("{field}.", "{field}."),
    fix=("Write {field} for each document.", "Écrire {field} pour chaque document."),
    why=(
        "The receiver cannot tell the document apart, or see that it arrived whole.",
        "Le destinataire ne peut ni distinguer le document, ni voir qu’il est arrivé entier.",
    ),
    source=_METADATA,
)
LACKS_CODE = RuleInfo(
    code="SX-FORM-47",
    severity=Severity.WARNING,
    title=("A listed document lacks a code or a date", "Un document annoncé n’a pas tous ses codes et dates"),
    found=("An ExtrinsicObject without {field}.", "Un ExtrinsicObject sans {field}."),
    expected=("{field}, which the CI-SIS asks for.", "{field}, que demande le CI-SIS."),
    fix=(
        "Write {field}, taken from the header of the document.",
        "Écrire {field}, tiré de l’en-tête du document.",
    ),
    why=(
        "Receivers file and filter documents by it.",
        "Les destinataires classent et filtrent les documents avec elle.",
    ),
    source=_METADATA,
)
BAD_HASH = RuleInfo(
    code="SX-FORM-48",
    severity=Severity.ERROR,
    title=("A digest or a size that is none", "Une empreinte ou une taille qui n’en est pas une"),
    found=("A {field} that is not written as one.", "Un {field} mal écrit."),
    expected=(
        "Hash: SHA-1 in 40 hexadecimal digits; size: a number of bytes.",
        "Hash : SHA-1 en 40 chiffres hexadécimaux ; size : un nombre d’octets.",
    ),
    fix=("Compute {field} on the bytes of the file sent.", "Calculer {field} sur les octets du fichier envoyé."),
    why=(
        "The receiver cannot see that the document arrived whole.",
        "Le destinataire ne peut pas voir que le document est arrivé entier.",
    ),
    source=_METADATA,
)
SAME_ID = RuleInfo(
    code="SX-FORM-49",
    severity=Severity.ERROR,
    title=("Two documents of the archive have the same uniqueId", "Deux documents de l’archive ont le même uniqueId"),
    found=("{count} documents under one uniqueId.", "{count} documents sous un même uniqueId."),
    expected=("One uniqueId a document.", "Un uniqueId par document."),
    fix=("Give each document its own identifier.", "Donner à chaque document son propre identifiant."),
    why=(
        "The second one is refused, or replaces the first.",
        "Le second est refusé, ou remplace le premier.",
    ),
    source=_METADATA,
)
OTHER_ID = RuleInfo(
    code="SX-FORM-50",
    severity=Severity.ERROR,
    title=(
        "METADATA.XML gives the document another identifier than its own",
        "METADATA.XML donne au document un autre identifiant que le sien",
    ),
    found=("A uniqueId that is not the id of the CDA document.", "Un uniqueId qui n’est pas l’id du document CDA."),
    expected=("Root^extension of ClinicalDocument/id.", "Root^extension de ClinicalDocument/id."),
    fix=("Take uniqueId from ClinicalDocument/id.", "Reprendre uniqueId de ClinicalDocument/id."),
    why=(
        "Replacing or finding the document again by its identifier fails.",
        "Remplacer ou retrouver le document par son identifiant échoue.",
    ),
    source="ANS, CI-SIS, volet Structuration minimale, correspondence of the CDA header and XDS metadata (uniqueId)",
)
OTHER_TYPE = RuleInfo(
    code="SX-FORM-51",
    severity=Severity.ERROR,
    title=(
        "METADATA.XML gives the document another type than its own",
        "METADATA.XML donne au document un autre type que le sien",
    ),
    found=("TypeCode {listed}, ClinicalDocument/code {own}.", "TypeCode {listed}, ClinicalDocument/code {own}."),
    expected=("The same code in both.", "Le même code des deux côtés."),
    fix=("Take typeCode from ClinicalDocument/code.", "Reprendre typeCode de ClinicalDocument/code."),
    why=(
        "The document is filed as what it is not.",
        "Le document est classé pour ce qu’il n’est pas.",
    ),
    source="ANS, CI-SIS, volet Structuration minimale, correspondence of the CDA header and XDS metadata (typeCode)",
)
ARCHIVE_NAME = RuleInfo(
    code="SX-FORM-52",
    severity=Severity.WARNING,
    title=("A portability archive with another name", "Une archive de portabilité sous un autre nom"),
    found=("A name that is not PAyyyymmddThhmmss.ZIP.", "Un nom qui n’est pas PAaaaammjjThhmmss.ZIP."),
    expected=("PAyyyymmddThhmmss.ZIP, with a real date.", "PAaaaammjjThhmmss.ZIP, avec une date réelle."),
    fix=("Name the archive after the time of the export.", "Nommer l’archive d’après l’heure de l’export."),
    why=(
        "The software that imports looks for archives by this name.",
        "Le logiciel qui importe cherche les archives sous ce nom.",
    ),
    source=_LGC,
)
ARCHIVE_LACKS = RuleInfo(
    code="SX-FORM-53",
    severity=Severity.WARNING,
    title=("A portability archive is incomplete", "Une archive de portabilité est incomplète"),
    found=("No {what} at the root.", "Pas de {what} à la racine."),
    expected=("{what} at the root of the archive.", "{what} à la racine de l’archive."),
    fix=("Add {what}.", "Ajouter {what}."),
    why=(
        "Who takes the data over cannot tell what the files are.",
        "Qui reprend les données ne peut pas savoir ce que sont les fichiers.",
    ),
    source=_LGC,
)
RULES: tuple[RuleInfo, ...] = (
    NO_INDEX, NO_METADATA, MISPLACED, LONG_NAME, NOT_A_SUBMISSION, NO_SUBMISSION_SET, LACKS, LACKS_CODE, BAD_HASH,
    SAME_ID, OTHER_ID, OTHER_TYPE, ARCHIVE_NAME, ARCHIVE_LACKS,
)  # fmt: skip
