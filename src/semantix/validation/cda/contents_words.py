"""The rules on empty bodies and embedded files (``SX-HEAD-28`` and after) and their words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_BODY = "HL7 CDA R2, Normative Edition 2005, 4.3 Body"
_ED = "HL7 v3 Data Types R1, ED (mediaType, representation), dans CDA R2"

EMPTY_BODY = RuleInfo(
    code="SX-HEAD-28",
    severity=Severity.ERROR,
    title=("A document without content", "Un document sans contenu"),
    found=("The body holds nothing.", "Le corps ne contient rien."),
    expected=("Sections, or one embedded file.", "Des sections, ou un fichier embarqué."),
    fix=("Check the export: the content was not written.", "Vérifier l’export : le contenu n’a pas été écrit."),
    why=("The receiver files an empty document.", "Le destinataire classe un document vide."),
    source=_BODY,
)
EMPTY_SECTION = RuleInfo(
    code="SX-HEAD-29",
    severity=Severity.WARNING,
    title=("An empty section", "Une section vide"),
    found=(
        "A section has neither text, nor entry, nor section inside.",
        "Une section n’a ni texte, ni entrée, ni sous-section.",
    ),
    expected=(
        "A text at least, be it to say that there is nothing.",
        "Au moins un texte, fût-ce pour dire qu’il n’y a rien.",
    ),
    fix=("Fill the section, or leave it out.", "Remplir la section, ou ne pas la transmettre."),
    why=(
        "An empty section is read as nothing to report, or as a fault of the software: nobody can tell.",
        "Une section vide se lit « rien à signaler » ou « défaut du logiciel » : on ne peut trancher.",
    ),
    source=_BODY,
)
SECTION_CODE = RuleInfo(
    code="SX-HEAD-30",
    severity=Severity.WARNING,
    title=("A section without a code", "Une section sans code"),
    found=("A section has no code.", "Une section n’a pas d’élément code."),
    expected=("code of the section, in LOINC.", "Le code de la section, en LOINC."),
    fix=("Add the code that the model prescribes.", "Ajouter le code prescrit par le modèle."),
    why=("Receivers cannot tell what the section is about.", "Le destinataire ne sait pas de quoi traite la section."),
    source=_BODY,
)
NO_MEDIA_TYPE = RuleInfo(
    code="SX-HEAD-31",
    severity=Severity.ERROR,
    title=("An embedded body of unknown type", "Un corps embarqué de type inconnu"),
    found=("text of nonXMLBody has no mediaType.", "L’élément text de nonXMLBody n’a pas de mediaType."),
    expected=("mediaType, such as application/pdf.", "mediaType, par exemple application/pdf."),
    fix=("Add mediaType.", "Ajouter mediaType."),
    why=(
        "Without it the content is plain text: a PDF is shown as signs.",
        "Sans lui, le contenu est du texte brut : un PDF s’affiche en caractères illisibles.",
    ),
    source=_ED,
)
NOT_ENCODED = RuleInfo(
    code="SX-HEAD-32",
    severity=Severity.ERROR,
    title=("A binary file not said to be encoded", "Un fichier binaire non déclaré encodé"),
    found=(
        "The body is {declared}, without representation B64.",
        "Le corps est de type {declared}, sans representation B64.",
    ),
    expected=('representation="B64" and base64.', 'representation="B64" et du base64.'),
    fix=('Add representation="B64".', 'Ajouter representation="B64".'),
    why=("Receivers take the base64 for the text.", "Le destinataire prend le base64 pour le texte."),
    source=_ED,
)
BASE64 = RuleInfo(
    code="SX-HEAD-33",
    severity=Severity.ERROR,
    title=("Base64 that cannot be decoded", "Du base64 indéchiffrable"),
    found=("The content is not base64, or it is cut.", "Le contenu n’est pas du base64, ou il est tronqué."),
    expected=("Base64 without foreign signs, a multiple of 4.", "Du base64 sans signe étranger, multiple de 4."),
    fix=("Encode the file again, whole.", "Encoder de nouveau le fichier, en entier."),
    why=("The file cannot be opened.", "Le fichier ne s’ouvre pas."),
    source=_ED,
)
MEDIA_TYPE = RuleInfo(
    code="SX-HEAD-34",
    severity=Severity.ERROR,
    title=("A file that is not what it says", "Un fichier qui n’est pas ce qu’il dit"),
    found=(
        "mediaType is {declared}, and the first bytes say: {found}.",
        "mediaType vaut {declared}, et les premiers octets disent : {found}.",
    ),
    expected=("The mediaType of the file.", "Le mediaType du fichier."),
    fix=("Correct mediaType, or the file.", "Corriger mediaType, ou le fichier."),
    why=("The receiver opens it with the wrong viewer.", "Le destinataire l’ouvre avec la mauvaise visionneuse."),
    source=_ED,
)
EMPTY_FILE = RuleInfo(
    code="SX-HEAD-35",
    severity=Severity.ERROR,
    title=("An empty embedded file", "Un fichier embarqué vide"),
    found=("representation is B64, and there is nothing.", "representation vaut B64, et il n’y a rien."),
    expected=("The file in base64.", "Le fichier en base64."),
    fix=("Check the export: the file was not written.", "Vérifier l’export : le fichier n’a pas été écrit."),
    why=("The document or the image is lost.", "Le document ou l’image est perdu."),
    source=_ED,
)

RULES: tuple[RuleInfo, ...] = (
    EMPTY_BODY,
    EMPTY_SECTION,
    SECTION_CODE,
    NO_MEDIA_TYPE,
    NOT_ENCODED,
    BASE64,
    MEDIA_TYPE,
    EMPTY_FILE,
)
