"""The rules on the numbers of professionals and structures, and on all identifiers (``SX-ID-nn``), and their words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_HEADER = (
    "ANS, CI-SIS, volet Structuration minimale de documents de santé, en-tête (modèle 1.2.250.1.213.1.1.1.1),"
    " https://ansforge.github.io/IG-document-core/main/ig/ressourcesCDA-struc-gen.html"
)
_IDNAT = "ANS, CI-SIS, annexe Sources des données métier, PS_IdNat et Struct_IdNat"
_HL7 = "HL7 v3 Data Types R1, II (root, extension), dans CDA R2"

PS_PREFIX = RuleInfo(
    code="SX-ID-15",
    severity=Severity.ERROR,
    title=("A professional’s number without its prefix", "Un numéro de professionnel sans son préfixe"),
    found=(
        "A {kind} number is written under 1.2.250.1.71.4.2.1 without its first digit {prefix}.",
        "Un numéro {kind} est écrit sous 1.2.250.1.71.4.2.1 sans son premier chiffre {prefix}.",
    ),
    expected=("{prefix} followed by the {kind} number.", "{prefix} suivi du numéro {kind}."),
    fix=("Put {prefix} before the number.", "Placer {prefix} devant le numéro."),
    why=(
        "The first digit says what kind of number it is: without it the professional is not found.",
        "Le premier chiffre dit la nature du numéro : sans lui, le professionnel n’est pas retrouvé.",
    ),
    source=_IDNAT,
)
PS_FORM = RuleInfo(
    code="SX-ID-16",
    severity=Severity.ERROR,
    title=("A professional’s number of a wrong form", "Un numéro de professionnel mal formé"),
    found=(
        "A number under 1.2.250.1.71.4.2.1 begins with {prefix} but is not a {kind} number.",
        "Un numéro sous 1.2.250.1.71.4.2.1 commence par {prefix} mais n’est pas un numéro {kind}.",
    ),
    expected=(
        "8 and the 11 digits of a RPPS number, or 0 and the 9 characters of an ADELI number.",
        "8 et les 11 chiffres d’un numéro RPPS, ou 0 et les 9 caractères d’un numéro ADELI.",
    ),
    fix=("Correct the number of the professional.", "Corriger le numéro du professionnel."),
    why=("The professional cannot be found in the directory.", "Le professionnel est introuvable dans l’annuaire."),
    source=_IDNAT,
)
PS_KEY = RuleInfo(
    code="SX-ID-17",
    severity=Severity.ERROR,
    title=("The key of a professional’s number is wrong", "La clé d’un numéro de professionnel est fausse"),
    found=(
        "A {kind} number under 1.2.250.1.71.4.2.1 does not match its last digit.",
        "Un numéro {kind} sous 1.2.250.1.71.4.2.1 ne correspond pas à son dernier chiffre.",
    ),
    expected=("A Luhn key as last digit.", "Une clé de Luhn en dernier chiffre."),
    fix=("Correct the number of the professional.", "Corriger le numéro du professionnel."),
    why=(
        "The author or the signatory is somebody who does not exist, or somebody else.",
        "L’auteur ou le signataire désigné n’existe pas, ou est quelqu’un d’autre.",
    ),
    source=_IDNAT,
)
STRUCT_PREFIX = RuleInfo(
    code="SX-ID-18",
    severity=Severity.ERROR,
    title=("A structure’s number without its prefix", "Un numéro de structure sans son préfixe"),
    found=(
        "A {kind} number is written under 1.2.250.1.71.4.2.2 without its first digit {prefix}.",
        "Un numéro {kind} est écrit sous 1.2.250.1.71.4.2.2 sans son premier chiffre {prefix}.",
    ),
    expected=("{prefix} followed by the {kind} number.", "{prefix} suivi du numéro {kind}."),
    fix=("Put {prefix} before the number.", "Placer {prefix} devant le numéro."),
    why=(
        "The first digit says what kind of number it is: without it the structure is not found.",
        "Le premier chiffre dit la nature du numéro : sans lui, la structure n’est pas retrouvée.",
    ),
    source=_IDNAT,
)
STRUCT_FORM = RuleInfo(
    code="SX-ID-19",
    severity=Severity.ERROR,
    title=("A structure’s number of a wrong form", "Un numéro de structure mal formé"),
    found=(
        "A number under 1.2.250.1.71.4.2.2 begins with {prefix} but is not a {kind} number.",
        "Un numéro sous 1.2.250.1.71.4.2.2 commence par {prefix} mais n’est pas un numéro {kind}.",
    ),
    expected=(
        "1 and a FINESS number (9), 2 and a SIREN number (9), or 3 and a SIRET number (14).",
        "1 et un numéro FINESS (9), 2 et un numéro SIREN (9), ou 3 et un numéro SIRET (14).",
    ),
    fix=("Correct the number of the structure.", "Corriger le numéro de la structure."),
    why=("The structure cannot be found in the directory.", "La structure est introuvable dans l’annuaire."),
    source=_IDNAT,
)
STRUCT_KEY = RuleInfo(
    code="SX-ID-20",
    severity=Severity.WARNING,
    title=("The key of a structure’s number is wrong", "La clé d’un numéro de structure est fausse"),
    found=(
        "A {kind} number under 1.2.250.1.71.4.2.2 does not match its last digit.",
        "Un numéro {kind} sous 1.2.250.1.71.4.2.2 ne correspond pas à son dernier chiffre.",
    ),
    expected=("A Luhn key as last digit.", "Une clé de Luhn en dernier chiffre."),
    fix=("Correct the number of the structure.", "Corriger le numéro de la structure."),
    why=(
        "The structure designated does not exist, or is another one.",
        "La structure désignée n’existe pas, ou en est une autre.",
    ),
    source=_IDNAT,
)
TEST_NUMBER = RuleInfo(
    code="SX-ID-21",
    severity=Severity.INFORMATION,
    title=("An invented number, in a test document", "Un numéro inventé, dans un document de test"),
    found=(
        "A {kind} number under {root} has not the form or the key of one; the INS is one of tests.",
        "Un numéro {kind} sous {root} n’en a pas la forme ou la clé ; l’INS est un INS de test.",
    ),
    expected=("A number of the right form, with its key.", "Un numéro de la forme voulue, avec sa clé."),
    fix=(
        "Nothing, if the number is invented on purpose. With a real patient this is an error.",
        "Rien à faire si le numéro est inventé à dessein. Avec un patient réel, c’est une erreur.",
    ),
    why=(
        "Test data of a wrong form hide faults of the software until production.",
        "Des données d’essai mal formées cachent les défauts du logiciel jusqu’à la production.",
    ),
    source=_IDNAT,
)
NO_EXTENSION = RuleInfo(
    code="SX-ID-22",
    severity=Severity.ERROR,
    title=("A national identifier without a number", "Un identifiant national sans numéro"),
    found=("{root} is given without extension.", "{root} est indiqué sans attribut extension."),
    expected=("root and extension.", "root et extension."),
    fix=(
        "Write the number in extension, or nullFlavor when it is not known.",
        "Écrire le numéro dans extension, ou un nullFlavor s’il est inconnu.",
    ),
    why=(
        "The owner of the number alone designates nobody.",
        "L’autorité d’affectation seule ne désigne personne.",
    ),
    source=_HEADER,
)
ROOT_FORM = RuleInfo(
    code="SX-ID-23",
    severity=Severity.WARNING,
    title=("A root that is neither an OID nor a UUID", "Un root qui n’est ni un OID ni un UUID"),
    found=("root is neither an OID nor a UUID.", "L’attribut root n’est ni un OID ni un UUID."),
    expected=(
        "Numbers with dots between (OID), or 8-4-4-4-12 hexadecimal digits (UUID), without urn: before.",
        "Des nombres séparés par des points (OID), ou 8-4-4-4-12 chiffres hexadécimaux (UUID), sans urn: devant.",
    ),
    fix=("Correct root.", "Corriger l’attribut root."),
    why=(
        "The identifier is not unique in the world, and registries refuse the document.",
        "L’identifiant n’est pas unique au monde, et les entrepôts de documents refusent le document.",
    ),
    source=_HL7,
)
PLACEHOLDER = RuleInfo(
    code="SX-ID-24",
    severity=Severity.WARNING,
    title=("A placeholder instead of an identifier", "Une valeur de remplissage au lieu d’un identifiant"),
    found=(
        "The extension under {root} is a filler, not a number.",
        "L’extension portée sous {root} est une valeur de remplissage.",
    ),
    expected=("A real number, or nullFlavor.", "Un vrai numéro, ou un nullFlavor."),
    fix=(
        'Leave the identifier out, or say nullFlavor="UNK".',
        'Ne pas transmettre l’identifiant, ou indiquer nullFlavor="UNK".',
    ),
    why=(
        "Receivers merge all who share the same filler.",
        "Les destinataires confondent tous ceux qui portent la même valeur de remplissage.",
    ),
    source=_HL7,
)
EXAMPLE_ROOT = RuleInfo(
    code="SX-ID-25",
    severity=Severity.WARNING,
    title=("An OID of examples", "Un OID d’exemple"),
    found=("{root} belongs to nobody.", "{root} n’appartient à personne."),
    expected=(
        "An OID that the structure or its software owns.",
        "Un OID qui appartient à la structure ou à l’éditeur de son logiciel.",
    ),
    fix=(
        "Configure the OID of the structure (it can be asked of ANS).",
        "Paramétrer l’OID de la structure (il se demande à l’ANS).",
    ),
    why=(
        "The numbers of two structures collide.",
        "Les numéros de deux structures se confondent.",
    ),
    source=_HL7,
)
SWAPPED = RuleInfo(
    code="SX-ID-26",
    severity=Severity.ERROR,
    title=("Professional and structure exchanged", "Professionnel et structure intervertis"),
    found=("A {kind} number is written under {root}.", "Un numéro {kind} est écrit sous {root}."),
    expected=(
        "Professionals under 1.2.250.1.71.4.2.1, structures under 1.2.250.1.71.4.2.2.",
        "Les professionnels sous 1.2.250.1.71.4.2.1, les structures sous 1.2.250.1.71.4.2.2.",
    ),
    fix=("Use the OID of the kind of number.", "Utiliser l’OID qui convient à la nature du numéro."),
    why=(
        "The directory is searched for a person among structures, or the reverse.",
        "L’annuaire est interrogé sur une personne parmi les structures, ou l’inverse.",
    ),
    source=_IDNAT,
)

RULES: tuple[RuleInfo, ...] = (
    PS_PREFIX,
    PS_FORM,
    PS_KEY,
    STRUCT_PREFIX,
    STRUCT_FORM,
    STRUCT_KEY,
    TEST_NUMBER,
    NO_EXTENSION,
    ROOT_FORM,
    PLACEHOLDER,
    EXAMPLE_ROOT,
    SWAPPED,
)
