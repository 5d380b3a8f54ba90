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
    "Renvoyez ou réexportez le fichier depuis le logiciel qui l’a produit.",
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
    ("the file is empty", "le fichier est vide"),
    ("no content at all", "aucun contenu"),
    ("a document", "un document"),
)
OTHER_KIND = _refusal(
    2,
    ("a file of another kind than its name says", "un fichier d’une autre nature que son nom ne le dit"),
    ("{kind}", "{kind}"),
    ("the text of a document (XML, HL7, HPRIM, JSON…)", "le texte d’un document (XML, HL7, HPRIM, JSON…)"),
    fix=(
        "Give the structured document; a PDF or an image is carried inside a CDA level 1 document.",
        "Fournissez le document structuré ; un PDF ou une image se transporte dans un document CDA de niveau 1.",
    ),
    source="CI-SIS, volet Structuration minimale de documents de santé (non-structured body)",
)
TRUNCATED = _refusal(
    3,
    ("the file stops in the middle", "le fichier s’arrête au milieu"),
    ("an end of file inside the document", "une fin de fichier à l’intérieur du document"),
    ("a whole document", "un document entier"),
    fix=(
        "Check the transfer (size, disk space, binary mode), then send the file again.",
        "Vérifiez le transfert (taille, espace disque, mode binaire), puis renvoyez le fichier.",
    ),
)
ILL_FORMED = _refusal(
    4,
    ("the XML is not well-formed", "le XML est mal formé"),
    ("{what}", "{what_fr}"),
    ("well-formed XML", "un XML bien formé"),
    fix=(
        "Write XML through an XML library, never by joining strings.",
        "Produisez le XML avec une bibliothèque XML, jamais par concaténation de chaînes.",
    ),
    source=f"{_XML}, section 2.1 (well-formed documents)",
)
WRONG_ENCODING = _refusal(
    5,
    ("bytes that are not in the declared encoding", "des octets qui ne sont pas dans l’encodage déclaré"),
    ("bytes that are not {encoding}", "des octets qui ne sont pas en {encoding}"),
    ("every character in {encoding}, the encoding declared", "chaque caractère en {encoding}, l’encodage déclaré"),
    fix=(
        "Write the file in UTF-8 and declare UTF-8.",
        "Écrivez le fichier en UTF-8 et déclarez UTF-8.",
    ),
    source=f"{_XML}, section 4.3.3 (character encoding in entities)",
)
DOCTYPE = _refusal(
    6,
    ("a DOCTYPE, which may hold an entity bomb", "un DOCTYPE, qui peut cacher une bombe d’entités"),
    ("a DOCTYPE before the root element", "un DOCTYPE avant l’élément racine"),
    ("no DOCTYPE: CDA and FHIR have no DTD", "aucun DOCTYPE : CDA et FHIR n’ont pas de DTD"),
    fix=("Remove the DOCTYPE and its entities.", "Retirez le DOCTYPE et ses entités."),
    why=(
        "Entities can read files of the receiver or fill its memory: receivers refuse the file.",
        "Les entités permettent de lire des fichiers du destinataire ou de saturer sa mémoire : il refuse le fichier.",
    ),
    source=_ATTACK,
)
TOO_DEEP = _refusal(
    7,
    ("elements nested too deep", "trop d’éléments emboîtés"),
    ("more than {limit} levels", "plus de {limit} niveaux"),
    ("at most {limit} levels; real documents have about thirty", "{limit} niveaux au plus ; une trentaine en réalité"),
    fix=("Look for a loop in what writes the file.", "Cherchez une boucle dans ce qui écrit le fichier."),
    source=_LIMIT,
)
TOO_LARGE = _refusal(
    8,
    ("the file is too large", "le fichier est trop volumineux"),
    ("{size} MB", "{size} Mo"),
    ("at most {limit} MB", "{limit} Mo au plus"),
    fix=(
        "Divide the file, lower the resolution of the images inside, or raise the limit with --max-size.",
        "Divisez le fichier, réduisez la résolution des images incluses, ou relevez la limite avec --max-size.",
    ),
    source=_LIMIT,
)
BOMB = _refusal(
    9,
    ("an archive that swells out of proportion", "une archive qui se décompresse démesurément"),
    ("content that looks like a decompression bomb", "un contenu qui ressemble à une bombe de décompression"),
    ("members within the limits of size and ratio", "des fichiers dans les limites de taille et de taux"),
    fix=(
        "Make the archive again; divide it if it is that large.",
        "Refaites l’archive ; divisez-la si elle est grande.",
    ),
    why=(
        "A receiver that opens it runs out of disk or memory: it is not opened.",
        "Le destinataire qui l’ouvre sature son disque ou sa mémoire : elle n’est pas ouverte.",
    ),
    source=_LIMIT,
)
ESCAPES = _refusal(
    10,
    ("a file name that leaves the archive", "un nom de fichier qui sort de l’archive"),
    ("an absolute path, a drive or “..” in a name", "un chemin absolu, un lecteur ou « .. » dans un nom"),
    ("relative names, below the root of the archive", "des noms relatifs, sous la racine de l’archive"),
    fix=("Store relative names in the archive.", "Enregistrez des noms relatifs dans l’archive."),
    why=(
        "Such a name overwrites files of the receiver: the archive is not opened.",
        "Un tel nom écrase des fichiers du destinataire : l’archive n’est pas ouverte.",
    ),
    source="PKWARE, APPNOTE.TXT 6.3, section 4.4.17 (file name)",
)
ENCRYPTED = _refusal(
    11,
    ("the archive is encrypted", "l’archive est chiffrée"),
    ("an encrypted member", "un fichier chiffré"),
    ("an archive without a password", "une archive sans mot de passe"),
    fix=(
        "Decrypt it before checking; transport security is that of the channel (MSSanté, DMP).",
        "Déchiffrez-la avant le contrôle ; la sécurité du transport est celle du canal (MSSanté, DMP).",
    ),
    source=_ZIP,
)
DAMAGED_ARCHIVE = _refusal(
    12,
    ("a damaged archive", "une archive endommagée"),
    ("an archive that no ZIP reader opens", "une archive qu’aucun lecteur ZIP n’ouvre"),
    ("a ZIP archive (stored or deflated)", "une archive ZIP (stored ou deflate)"),
    source=_ZIP,
)
TOO_MANY = _refusal(
    13,
    ("too many files or levels of archives", "trop de fichiers ou d’archives emboîtées"),
    ("more than {limit}", "plus de {limit}"),
    ("at most {limit}", "{limit} au plus"),
    fix=("Divide the archive.", "Divisez l’archive."),
    source=_LIMIT,
)
SAME_NAME = _refusal(
    14,
    ("two files of the archive have the same name", "deux fichiers de l’archive portent le même nom"),
    ("one name twice", "un nom en double"),
    ("one file a name", "un fichier par nom"),
    fix=("Make the archive again.", "Refaites l’archive."),
    why=(
        "Which of the two is read depends on the receiver.",
        "Celui des deux qui est lu dépend du destinataire.",
    ),
    source=_ZIP,
)
NO_DOCUMENT = _refusal(
    15,
    ("no document in the archive", "aucun document dans l’archive"),
    ("no file of a known format", "aucun fichier d’un format connu"),
    ("at least one document", "au moins un document"),
    source=_ZIP,
)
UNKNOWN = _refusal(
    16,
    ("a format that is not recognised", "un format non reconnu"),
    ("no known format", "aucun format connu"),
    (
        "CDA R2, HL7 v2, HPRIM, PN13, FHIR R4, or a table described by a pack",
        "CDA R2, HL7 v2, HPRIM, PN13, FHIR R4, ou un tableau décrit par un pack",
    ),
    fix=(
        "Check the beginning of the file; describe a table by a mapping pack.",
        "Vérifiez le début du fichier ; décrivez un tableau par un pack de correspondances.",
    ),
    source="semantix, formats read (docs/reference)",
)
CLAIMED_TWICE = _refusal(
    17,
    ("several formats recognise the file", "plusieurs formats reconnaissent le fichier"),
    ("more than one format or pack", "plus d’un format ou d’un pack"),
    ("one format", "un seul format"),
    fix=(
        "Make the packs more precise (file names, expected columns), or report it.",
        "Précisez les packs (noms de fichiers, colonnes attendues), ou signalez-le.",
    ),
    source="semantix, formats read (docs/reference)",
)
NOT_JSON = _refusal(
    18,
    ("the JSON is not well-formed", "le JSON est mal formé"),
    ("text that is not JSON", "un texte qui n’est pas du JSON"),
    ("well-formed JSON, in UTF-8", "un JSON bien formé, en UTF-8"),
    fix=("Write JSON through a JSON library.", "Produisez le JSON avec une bibliothèque JSON."),
    source="RFC 8259 (JSON); HL7 FHIR R4, JSON representation, https://hl7.org/fhir/R4/json.html",
)
NOT_FHIR = _refusal(
    19,
    ("no FHIR resource in the file", "aucune ressource FHIR dans le fichier"),
    ("no “resourceType”", "pas de « resourceType »"),
    ("a FHIR R4 resource or Bundle", "une ressource ou un Bundle FHIR R4"),
    fix=("Give each resource its resourceType.", "Donnez à chaque ressource son resourceType."),
    source="HL7 FHIR R4, JSON representation, https://hl7.org/fhir/R4/json.html",
)
OTHER_ROOT = _refusal(
    20,
    ("an XML document of another kind", "un document XML d’une autre nature"),
    ("the root element {root}", "l’élément racine {root}"),
    ("<ClinicalDocument> in urn:hl7-org:v3", "<ClinicalDocument> dans urn:hl7-org:v3"),
    fix=(
        "Check the root element and its namespace.",
        "Vérifiez l’élément racine et son espace de noms.",
    ),
    source="HL7 CDA R2 (2005), section 4.1 (ClinicalDocument)",
)
SEVERAL = _refusal(
    21,
    ("several CDA documents in one file", "plusieurs documents CDA dans un fichier"),
    ("{count} ClinicalDocument elements", "{count} éléments ClinicalDocument"),
    ("one document a file", "un document par fichier"),
    fix=("Send one file a document.", "Envoyez un fichier par document."),
    source="HL7 CDA R2 (2005), section 1.2 (a CDA document is whole)",
)
DAMAGED_TABLE = _refusal(
    22,
    ("a damaged table or workbook", "un tableau ou un classeur endommagé"),
    ("a table that its own software would not open", "un tableau que son logiciel n’ouvrirait pas"),
    ("a whole workbook, dBASE table or CSV file", "un classeur, une table dBASE ou un CSV intact"),
    fix=("Save it again from its software, or as CSV.", "Enregistrez-le à nouveau depuis son logiciel, ou en CSV."),
    source="ISO/IEC 29500 (OOXML); dBASE III table format",
)
OTHER_LAYOUT = _refusal(
    23,
    ("the table has not the layout of its pack", "le tableau n’a pas la structure que décrit son pack"),
    ("{what}", "{what_fr}"),
    ("the columns and sheets that the pack describes", "les colonnes et feuilles que décrit le pack"),
    fix=(
        "Export the missing columns, or write the pack for this version of the software.",
        "Exportez les colonnes manquantes, ou écrivez le pack de cette version du logiciel.",
    ),
    source="the mapping pack (docs/reference, packs)",
)
NOT_OPENED = _refusal(
    24,
    ("the file cannot be opened", "le fichier ne peut pas être ouvert"),
    ("a file that is missing, protected or not a regular one", "un fichier absent, protégé ou non ordinaire"),
    ("a file that can be read", "un fichier lisible"),
    fix=("Check the path and the rights.", "Vérifiez le chemin et les droits."),
    source="semantix, inputs (docs/how-to/validate.md)",
)
BAD_MAIL = _refusal(
    25,
    ("a mail that is not written as one", "un courriel qui n’en a pas la forme"),
    ("headers or parts that break the format", "des en-têtes ou des parties hors format"),
    ("a MIME message", "un message MIME"),
    source="RFC 5322 and RFC 2045 (mail)",
)
NO_MESSAGE = _refusal(
    26,
    ("no message begins in the file", "aucun message ne commence dans le fichier"),
    ("no segment or element that begins a message", "aucun segment ou élément qui ouvre un message"),
    ("a message header (MSH, M_Prescription_médicaments…)", "un début de message (MSH, M_Prescription_médicaments…)"),
    source="HL7 v2.5, chapter 2 (messages); Phast, PN13-SIPh2",
)
INTERNAL = _refusal(
    27,
    ("semantix failed on this file", "semantix a échoué sur ce fichier"),
    ("an error of the program at {place}", "une erreur du programme en {place}"),
    ("a verdict", "un verdict"),
    fix=(
        "Report it with this code and place; the file itself is not needed.",
        "Signalez-le avec ce code et cet emplacement ; le fichier n’est pas nécessaire.",
    ),
    why=(
        "The file may be right: it was not checked.",
        "Le fichier est peut-être correct : il n’a pas été vérifié.",
    ),
    source="semantix",
)
OTHER = _refusal(
    28,
    ("the file was refused", "le fichier a été refusé"),
    ("a file that no reader takes", "un fichier qu’aucun lecteur n’accepte"),
    ("a document of a known format", "un document d’un format connu"),
    source="semantix, formats read (docs/reference)",
)
RULES: tuple[RuleInfo, ...] = (
    EMPTY, OTHER_KIND, TRUNCATED, ILL_FORMED, WRONG_ENCODING, DOCTYPE, TOO_DEEP, TOO_LARGE, BOMB, ESCAPES, ENCRYPTED,
    DAMAGED_ARCHIVE, TOO_MANY, SAME_NAME, NO_DOCUMENT, UNKNOWN, CLAIMED_TWICE, NOT_JSON, NOT_FHIR, OTHER_ROOT, SEVERAL,
    DAMAGED_TABLE, OTHER_LAYOUT, NOT_OPENED, BAD_MAIL, NO_MESSAGE, INTERNAL, OTHER,
)  # fmt: skip
