"""The rules on what cannot be read at all: one code a cause, its words in English and French."""

from __future__ import annotations

from typing import TypedDict, Unpack

from semantix.model import Severity
from semantix.validation._findings import RuleInfo, Text

_XML = "W3C, XML 1.0 (fifth edition), https://www.w3.org/TR/xml/"
_ZIP = "PKWARE, APPNOTE.TXT 6.3 (ZIP); IHE ITI TF-2, 3.32 (XDM)"
_LIMIT = "semantix, limits of one input (docs/how-to/validate.md)"
_ATTACK = "OWASP, XML External Entity Prevention; HL7 FHIR R4, XML representation (no DTD)"
_NOT_CHECKED: Text = (
    "Nothing of the file could be checked: it is not conformant, whatever it holds.",
    "Rien du fichier n’a pu être vérifié : il n’est pas conforme, quel que soit son contenu.",
)
_SEND_AGAIN: Text = (
    "Send or export the file again from the software that made it.",
    "Renvoyer ou réexporter le fichier depuis le logiciel qui l’a produit.",
)


class _Said(TypedDict, total=False):
    """What is said of a cause beyond its title, where it is not what is said of most."""

    fix: Text
    why: Text
    source: str


def _refusal(number: int, title: Text, found: Text, expected: Text, **said: Unpack[_Said]) -> RuleInfo:
    """The rule of a file that cannot be read: always an error."""
    return RuleInfo(
        code=f"SX-FORM-{number:02}",
        severity=Severity.ERROR,
        title=title,
        found=found,
        expected=expected,
        fix=said.get("fix", _SEND_AGAIN),
        why=said.get("why", _NOT_CHECKED),
        source=said.get("source", _XML),
    )


EMPTY = _refusal(
    1,
    ("The file is empty", "Le fichier est vide"),
    ("No content at all.", "Aucun contenu."),
    ("A document.", "Un document."),
)
OTHER_KIND = _refusal(
    2,
    ("A file of another kind than its name says", "Un fichier d’une autre nature que son nom ne le dit"),
    ("{kind}.", "{kind}."),
    ("The text of a document (XML, HL7, HPRIM, JSON…).", "Le texte d’un document (XML, HL7, HPRIM, JSON…)."),
    fix=(
        "Give the structured document; a PDF or an image is carried inside a CDA level 1 document.",
        "Fournir le document structuré ; un PDF ou une image se transporte dans un document CDA de niveau 1.",
    ),
    source="CI-SIS, volet Structuration minimale de documents de santé (non-structured body)",
)
TRUNCATED = _refusal(
    3,
    ("The file stops in the middle", "Le fichier s’arrête au milieu"),
    ("An end of file inside the document.", "Une fin de fichier à l’intérieur du document."),
    ("A whole document.", "Un document entier."),
    fix=(
        "Check the transfer (size, disk space, binary mode), then send the file again.",
        "Vérifier le transfert (taille, espace disque, mode binaire), puis renvoyer le fichier.",
    ),
)
ILL_FORMED = _refusal(
    4,
    ("The XML is not well-formed", "Le XML est mal formé"),
    ("{what}.", "{what_fr}."),
    ("Well-formed XML.", "Un XML bien formé."),
    fix=(
        "Write XML through an XML library, never by joining strings.",
        "Produire le XML avec une bibliothèque XML, jamais par concaténation de chaînes.",
    ),
    source=f"{_XML}, section 2.1 (well-formed documents)",
)
WRONG_ENCODING = _refusal(
    5,
    ("Bytes that are not in the declared encoding", "Des octets qui ne sont pas dans l’encodage déclaré"),
    ("Bytes that are not {encoding}.", "Des octets qui ne sont pas en {encoding}."),
    ("Every character in {encoding}, the encoding declared.", "Chaque caractère en {encoding}, l’encodage déclaré."),
    fix=(
        "Write the file in UTF-8 and declare UTF-8.",
        "Écrire le fichier en UTF-8 et déclarer UTF-8.",
    ),
    source=f"{_XML}, section 4.3.3 (character encoding in entities)",
)
DOCTYPE = _refusal(
    6,
    ("A DOCTYPE, which may hold an entity bomb", "Un DOCTYPE, qui peut cacher une bombe d’entités"),
    ("A DOCTYPE before the root element.", "Un DOCTYPE avant l’élément racine."),
    ("No DOCTYPE: CDA and FHIR have no DTD.", "Aucun DOCTYPE : CDA et FHIR n’ont pas de DTD."),
    fix=("Remove the DOCTYPE and its entities.", "Retirer le DOCTYPE et ses entités."),
    why=(
        "Entities can read files of the receiver or fill its memory: receivers refuse the file.",
        "Les entités permettent de lire des fichiers du destinataire ou de saturer sa mémoire : il refuse le fichier.",
    ),
    source=_ATTACK,
)
TOO_DEEP = _refusal(
    7,
    ("Elements nested too deep", "Trop d’éléments emboîtés"),
    ("More than {limit} levels.", "Plus de {limit} niveaux."),
    (
        "At most {limit} levels; real documents have about thirty.",
        "{limit} niveaux au plus ; une trentaine en réalité.",
    ),
    fix=("Look for a loop in what writes the file.", "Chercher une boucle dans ce qui écrit le fichier."),
    source=_LIMIT,
)
TOO_LARGE = _refusal(
    8,
    ("The file is too large", "Le fichier est trop volumineux"),
    ("{size} MB.", "{size} Mo."),
    ("At most {limit} MB.", "{limit} Mo au plus."),
    fix=(
        "Divide the file, lower the resolution of the images inside, or raise the limit with --max-size.",
        "Diviser le fichier, réduire la résolution des images incluses, ou relever la limite avec --max-size.",
    ),
    source=_LIMIT,
)
BOMB = _refusal(
    9,
    ("An archive that swells out of proportion", "Une archive qui se décompresse démesurément"),
    ("Content that looks like a decompression bomb.", "Un contenu qui ressemble à une bombe de décompression."),
    ("Members within the limits of size and ratio.", "Des fichiers dans les limites de taille et de taux."),
    fix=(
        "Make the archive again; divide it if it is that large.",
        "Refaire l’archive ; la diviser si elle est grande.",
    ),
    why=(
        "A receiver that opens it runs out of disk or memory: it is not opened.",
        "Le destinataire qui l’ouvre sature son disque ou sa mémoire : elle n’est pas ouverte.",
    ),
    source=_LIMIT,
)
ESCAPES = _refusal(
    10,
    ("A file name that leaves the archive", "Un nom de fichier qui sort de l’archive"),
    ("An absolute path, a drive or “..” in a name.", "Un chemin absolu, un lecteur ou « .. » dans un nom."),
    ("Relative names, below the root of the archive.", "Des noms relatifs, sous la racine de l’archive."),
    fix=("Store relative names in the archive.", "Enregistrer des noms relatifs dans l’archive."),
    why=(
        "Such a name overwrites files of the receiver: the archive is not opened.",
        "Un tel nom écrase des fichiers du destinataire : l’archive n’est pas ouverte.",
    ),
    source="PKWARE, APPNOTE.TXT 6.3, section 4.4.17 (file name)",
)
ENCRYPTED = _refusal(
    11,
    ("The archive is encrypted", "L’archive est chiffrée"),
    ("An encrypted member.", "Un fichier chiffré."),
    ("An archive without a password.", "Une archive sans mot de passe."),
    fix=(
        "Decrypt it before checking; transport security is that of the channel (MSSanté, DMP).",
        "La déchiffrer avant le contrôle ; la sécurité du transport est celle du canal (MSSanté, DMP).",
    ),
    source=_ZIP,
)
DAMAGED_ARCHIVE = _refusal(
    12,
    ("A damaged archive", "Une archive endommagée"),
    ("An archive that no ZIP reader opens.", "Une archive qu’aucun lecteur ZIP n’ouvre."),
    ("A ZIP archive (stored or deflated).", "Une archive ZIP (stored ou deflate)."),
    source=_ZIP,
)
TOO_MANY = _refusal(
    13,
    ("Too many files or levels of archives", "Trop de fichiers ou d’archives emboîtées"),
    ("More than {limit}.", "Plus de {limit}."),
    ("At most {limit}.", "{limit} au plus."),
    fix=("Divide the archive.", "Diviser l’archive."),
    source=_LIMIT,
)
SAME_NAME = _refusal(
    14,
    ("Two files of the archive have the same name", "Deux fichiers de l’archive portent le même nom"),
    ("One name twice.", "Un nom en double."),
    ("One file a name.", "Un fichier par nom."),
    fix=("Make the archive again.", "Refaire l’archive."),
    why=(
        "Which of the two is read depends on the receiver.",
        "Celui des deux qui est lu dépend du destinataire.",
    ),
    source=_ZIP,
)
NO_DOCUMENT = _refusal(
    15,
    ("No document in the archive", "Aucun document dans l’archive"),
    ("No file of a known format.", "Aucun fichier d’un format connu."),
    ("At least one document.", "Au moins un document."),
    source=_ZIP,
)
UNKNOWN = _refusal(
    16,
    ("A format that is not recognised", "Un format non reconnu"),
    ("No known format.", "Aucun format connu."),
    (
        "CDA R2, HL7 v2, HPRIM, PN13, FHIR R4, or a table described by a pack.",
        "CDA R2, HL7 v2, HPRIM, PN13, FHIR R4, ou un tableau décrit par un pack.",
    ),
    fix=(
        "Check the beginning of the file; describe a table by a mapping pack.",
        "Vérifier le début du fichier ; décrire un tableau par un pack de correspondances.",
    ),
    source="semantix, formats read (docs/reference)",
)
CLAIMED_TWICE = _refusal(
    17,
    ("Several formats recognise the file", "Plusieurs formats reconnaissent le fichier"),
    ("More than one format or pack.", "Plus d’un format ou d’un pack."),
    ("One format.", "Un seul format."),
    fix=(
        "Make the packs more precise (file names, expected columns), or report it.",
        "Préciser les packs (noms de fichiers, colonnes attendues), ou le signaler.",
    ),
    source="semantix, formats read (docs/reference)",
)
NOT_JSON = _refusal(
    18,
    ("The JSON is not well-formed", "Le JSON est mal formé"),
    ("Text that is not JSON.", "Un texte qui n’est pas du JSON."),
    ("Well-formed JSON, in UTF-8.", "Un JSON bien formé, en UTF-8."),
    fix=("Write JSON through a JSON library.", "Produire le JSON avec une bibliothèque JSON."),
    source="RFC 8259 (JSON); HL7 FHIR R4, JSON representation, https://hl7.org/fhir/R4/json.html",
)
NOT_FHIR = _refusal(
    19,
    ("No FHIR resource in the file", "Aucune ressource FHIR dans le fichier"),
    ("No “resourceType”.", "Pas de « resourceType »."),
    ("A FHIR R4 resource or Bundle.", "Une ressource ou un Bundle FHIR R4."),
    fix=("Give each resource its resourceType.", "Donner à chaque ressource son resourceType."),
    source="HL7 FHIR R4, JSON representation, https://hl7.org/fhir/R4/json.html",
)
OTHER_ROOT = _refusal(
    20,
    ("An XML document of another kind", "Un document XML d’une autre nature"),
    ("The root element {root}.", "L’élément racine {root}."),
    ("<ClinicalDocument> in urn:hl7-org:v3.", "<ClinicalDocument> dans urn:hl7-org:v3."),
    fix=(
        "Check the root element and its namespace.",
        "Vérifier l’élément racine et son espace de noms.",
    ),
    source="HL7 CDA R2 (2005), section 4.1 (ClinicalDocument)",
)
SEVERAL = _refusal(
    21,
    ("Several CDA documents in one file", "Plusieurs documents CDA dans un fichier"),
    ("{count} ClinicalDocument elements.", "{count} éléments ClinicalDocument."),
    ("One document a file.", "Un document par fichier."),
    fix=("Send one file a document.", "Envoyer un fichier par document."),
    source="HL7 CDA R2 (2005), section 1.2 (a CDA document is whole)",
)
DAMAGED_TABLE = _refusal(
    22,
    ("A damaged table or workbook", "Un tableau ou un classeur endommagé"),
    ("A table that its own software would not open.", "Un tableau que son logiciel n’ouvrirait pas."),
    ("A whole workbook, dBASE table or CSV file.", "Un classeur, une table dBASE ou un CSV intact."),
    fix=("Save it again from its software, or as CSV.", "L’enregistrer à nouveau depuis son logiciel, ou en CSV."),
    source="ISO/IEC 29500 (OOXML); dBASE III table format",
)
OTHER_LAYOUT = _refusal(
    23,
    ("The table has not the layout of its pack", "Le tableau n’a pas la structure que décrit son pack"),
    ("{what}.", "{what_fr}."),
    ("The columns and sheets that the pack describes.", "Les colonnes et feuilles que décrit le pack."),
    fix=(
        "Export the missing columns, or write the pack for this version of the software.",
        "Exporter les colonnes manquantes, ou écrire le pack de cette version du logiciel.",
    ),
    source="the mapping pack (docs/reference, packs)",
)
NOT_OPENED = _refusal(
    24,
    ("The file cannot be opened", "Le fichier ne peut pas être ouvert"),
    ("A file that is missing, protected or not a regular one.", "Un fichier absent, protégé ou non ordinaire."),
    ("A file that can be read.", "Un fichier lisible."),
    fix=("Check the path and the rights.", "Vérifier le chemin et les droits."),
    source="semantix, inputs (docs/how-to/validate.md)",
)
BAD_MAIL = _refusal(
    25,
    ("A mail that is not written as one", "Un courriel qui n’en a pas la forme"),
    ("Headers or parts that break the format.", "Des en-têtes ou des parties hors format."),
    ("A MIME message.", "Un message MIME."),
    source="RFC 5322 and RFC 2045 (mail)",
)
NO_MESSAGE = _refusal(
    26,
    ("No message begins in the file", "Aucun message ne commence dans le fichier"),
    ("No segment or element that begins a message.", "Aucun segment ou élément qui ouvre un message."),
    ("A message header (MSH, M_Prescription_médicaments…).", "Un début de message (MSH, M_Prescription_médicaments…)."),
    source="HL7 v2.5, chapter 2 (messages); Phast, PN13-SIPh2",
)
INTERNAL = _refusal(
    27,
    ("Semantix failed on this file", "Semantix a échoué sur ce fichier"),
    ("An error of the program at {place}.", "Une erreur du programme en {place}."),
    ("A verdict.", "Un verdict."),
    fix=(
        "Report it with this code and place; the file itself is not needed.",
        "Le signaler avec ce code et cet emplacement ; le fichier n’est pas nécessaire.",
    ),
    why=(
        "The file may be right: it was not checked.",
        "Le fichier est peut-être correct : il n’a pas été vérifié.",
    ),
    source="semantix",
)
OTHER = _refusal(
    28,
    ("The file was refused", "Le fichier a été refusé"),
    ("A file that no reader takes.", "Un fichier qu’aucun lecteur n’accepte."),
    ("A document of a known format.", "Un document d’un format connu."),
    source="semantix, formats read (docs/reference)",
)
RULES: tuple[RuleInfo, ...] = (
    EMPTY, OTHER_KIND, TRUNCATED, ILL_FORMED, WRONG_ENCODING, DOCTYPE, TOO_DEEP, TOO_LARGE, BOMB, ESCAPES, ENCRYPTED,
    DAMAGED_ARCHIVE, TOO_MANY, SAME_NAME, NO_DOCUMENT, UNKNOWN, CLAIMED_TWICE, NOT_JSON, NOT_FHIR, OTHER_ROOT, SEVERAL,
    DAMAGED_TABLE, OTHER_LAYOUT, NOT_OPENED, BAD_MAIL, NO_MESSAGE, INTERNAL, OTHER,
)  # fmt: skip
