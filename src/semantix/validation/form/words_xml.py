"""The rules on the form of XML that can be read: encoding, damaged characters, what stands before the root."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_PROLOGUE = (
    "ANS, CI-SIS, volet Structuration minimale de documents de santé, prologue of a CDA R2 document; "
    "HL7 FHIR R4, XML representation (UTF-8)"
)
_ENCODING = "W3C, XML 1.0 (fifth edition), section 4.3.3, https://www.w3.org/TR/xml/#charencoding"
_CHARACTERS = "W3C, XML 1.0 (fifth edition), section 2.2, https://www.w3.org/TR/xml/#charsets; Unicode 15"
_READ_WRONG = (
    "People and software read other words than those that were written.",
    "Lecteurs et logiciels lisent d’autres mots que ceux qui ont été écrits.",
)

NO_DECLARATION = RuleInfo(
    code="SX-FORM-30",
    severity=Severity.INFORMATION,
    title=("No XML declaration", "Pas de déclaration XML"),
    found=("The file begins with its root element.", "Le fichier commence par son élément racine."),
    expected=('<?xml version="1.0" encoding="UTF-8."?>', '<?xml version="1.0" encoding="UTF-8."?>'),
    fix=("Begin the file with the XML declaration.", "Commencer le fichier par la déclaration XML."),
    why=(
        "Without it some readers take another encoding than UTF-8.",
        "Sans elle, certains lecteurs supposent un autre encodage que l’UTF-8.",
    ),
    source=_PROLOGUE,
)
NOT_UTF8 = RuleInfo(
    code="SX-FORM-31",
    severity=Severity.ERROR,
    title=("An encoding other than UTF-8", "Un encodage autre que l’UTF-8"),
    found=("{encoding}.", "{encoding}."),
    expected=("UTF-8.", "UTF-8."),
    fix=("Write the file in UTF-8 and declare it.", "Écrire le fichier en UTF-8 et le déclarer."),
    why=(
        "The prologue of a CI-SIS document is UTF-8; receivers refuse others, or read accents wrongly.",
        "Le prologue d’un document CI-SIS est en UTF-8 ; d’autres encodages sont refusés, ou les accents mal lus.",
    ),
    source=_PROLOGUE,
)
BOM_DIFFERS = RuleInfo(
    code="SX-FORM-32",
    severity=Severity.WARNING,
    title=(
        "The byte order mark contradicts the declaration",
        "La marque d’ordre des octets contredit la déclaration",
    ),
    found=("A mark of UTF-8, and {encoding} declared.", "Une marque d’UTF-8, et {encoding} déclaré."),
    expected=("The same encoding in both.", "Le même encodage des deux côtés."),
    fix=("Declare UTF-8.", "Déclarer UTF-8."),
    why=(
        "Readers that trust the declaration read accents wrongly.",
        "Les lecteurs qui se fient à la déclaration lisent mal les accents.",
    ),
    source=_ENCODING,
)
DOUBLE = RuleInfo(
    code="SX-FORM-33",
    severity=Severity.WARNING,
    title=("Text encoded twice in UTF-8", "Du texte encodé deux fois en UTF-8"),
    found=(
        "{count} place(s) where UTF-8 was read as another encoding.",
        "{count} endroit(s) où l’UTF-8 a été mal relu.",
    ),
    expected=("Accented letters as they are.", "Des lettres accentuées telles quelles."),
    fix=(
        "Read the database or the template in its own encoding before writing UTF-8.",
        "Lire la base ou le modèle dans son propre encodage avant d’écrire en UTF-8.",
    ),
    why=_READ_WRONG,
    source=_ENCODING,
)
REPLACED = RuleInfo(
    code="SX-FORM-34",
    severity=Severity.WARNING,
    title=("Characters lost (U+FFFD)", "Des caractères perdus (U+FFFD)"),
    found=("{count} place(s) with the replacement character.", "{count} endroit(s) avec le caractère de remplacement."),
    expected=("The characters that were typed.", "Les caractères saisis."),
    fix=(
        "Find the conversion that lost them: they cannot be found again from the file.",
        "Chercher la conversion qui les a perdus : le fichier ne permet pas de les retrouver.",
    ),
    why=_READ_WRONG,
    source=_CHARACTERS,
)
CONTROL = RuleInfo(
    code="SX-FORM-35",
    severity=Severity.WARNING,
    title=("Control characters in the text", "Des caractères de contrôle dans le texte"),
    found=(
        "{count} place(s) with characters between U+0080 and U+009F.",
        "{count} endroit(s) avec des caractères de U+0080 à U+009F.",
    ),
    expected=("Printable characters.", "Des caractères imprimables."),
    fix=(
        "Read the source as Windows-1252, not as ISO 8859-1: quotes, dashes and œ stand there.",
        "Lire la source en Windows-1252, pas en ISO 8859-1 : guillemets, tirets et œ s’y trouvent.",
    ),
    why=(
        "Such characters show as nothing or as a square.",
        "Ces caractères ne s’affichent pas, ou s’affichent en carré.",
    ),
    source=_CHARACTERS,
)
PRIVATE = RuleInfo(
    code="SX-FORM-36",
    severity=Severity.INFORMATION,
    title=("Characters of private use", "Des caractères d’usage privé"),
    found=(
        "{count} place(s) with characters that only one font shows.",
        "{count} endroit(s) avec des signes d’une seule police.",
    ),
    expected=("Characters of Unicode.", "Des caractères d’Unicode."),
    fix=(
        "Replace the bullets and signs pasted from a word processor by usual ones.",
        "Remplacer les puces et signes collés depuis un traitement de texte par des signes usuels.",
    ),
    why=(
        "They come from a symbol font and show as a square elsewhere.",
        "Ils viennent d’une police de symboles et s’affichent ailleurs en carré.",
    ),
    source="Unicode 15, section 23.5 (private-use characters)",
)
ENTITIES = RuleInfo(
    code="SX-FORM-37",
    severity=Severity.WARNING,
    title=("HTML escapes inside the text", "Des échappements HTML dans le texte"),
    found=(
        "{count} place(s) where an escape was escaped again.",
        "{count} endroit(s) où un échappement est lui-même échappé.",
    ),
    expected=("The character itself.", "Le caractère lui-même."),
    fix=(
        "Undo the HTML escapes of the source before writing XML.",
        "Défaire les échappements HTML de la source avant d’écrire le XML.",
    ),
    why=(
        "People read the escape (an ampersand, a name, a semicolon) in place of the letter.",
        "On lit l’échappement (esperluette, nom, point-virgule) à la place de la lettre.",
    ),
    source="W3C, XML 1.0 (fifth edition), section 2.4 (character data and markup)",
)
LOST_LETTER = RuleInfo(
    code="SX-FORM-38",
    severity=Severity.WARNING,
    title=("Question marks in place of letters", "Des points d’interrogation à la place de lettres"),
    found=("{count} place(s) where “?” stands inside a word.", "{count} endroit(s) où « ? » se trouve dans un mot."),
    expected=("The accented letter.", "La lettre accentuée."),
    fix=(
        "Find the conversion to ASCII, or to a character set without these letters, that lost them.",
        "Chercher la conversion en ASCII, ou vers un jeu de caractères sans ces lettres, qui les a perdues.",
    ),
    why=_READ_WRONG,
    source=_CHARACTERS,
)
REMOTE_STYLE = RuleInfo(
    code="SX-FORM-39",
    severity=Severity.WARNING,
    title=("A style sheet fetched from the network", "Une feuille de style à charger depuis le réseau"),
    found=("An xml-stylesheet with an absolute address.", "Un xml-stylesheet avec une adresse absolue."),
    expected=(
        "A relative name, or the style sheet inside the document.",
        "Un nom relatif, ou la feuille de style dans le document.",
    ),
    fix=(
        "Deliver the style sheet with the document, or make the document present itself.",
        "Livrer la feuille de style avec le document, ou rendre le document autoprésentable.",
    ),
    why=(
        "A viewer tells a third party that the document is read, or shows nothing without a network.",
        "L’outil de lecture révèle à un tiers la consultation du document, ou n’affiche rien sans réseau.",
    ),
    source="ANS, CI-SIS, volet Structuration minimale de documents de santé, prologue (style sheet)",
)
RULES: tuple[RuleInfo, ...] = (
    NO_DECLARATION, NOT_UTF8, BOM_DIFFERS, DOUBLE, REPLACED, CONTROL, PRIVATE, ENTITIES, LOST_LETTER, REMOTE_STYLE,
)  # fmt: skip
