"""The rules on the header (``SX-HEAD-nn``) and their words: a catalogue, one entry a rule, hence its length."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_HEADER = (
    "ANS, CI-SIS, volet Structuration minimale de documents de santé, en-tête (modèle 1.2.250.1.213.1.1.1.1),"
    " https://ansforge.github.io/IG-document-core/main/ig/ressourcesCDA-struc-gen.html"
)
_CDA = "HL7 CDA R2, Normative Edition 2005, 4.2 Header"
_VOLETS = "ANS, CI-SIS, volets de contenu : type de document prescrit par chaque modèle"

MISSING = RuleInfo(
    code="SX-HEAD-01",
    severity=Severity.ERROR,
    title=("An element that the header must have", "Un élément obligatoire de l’en-tête manque"),
    found=("{element} is missing, empty or null.", "{element} est absent, vide ou nul."),
    expected=("{element}, with a value.", "{element}, avec une valeur."),
    fix=("Add {element}.", "Ajouter {element}."),
    why=(
        "Sharing systems index documents by their header: this one is refused, or cannot be found.",
        "Les systèmes de partage indexent les documents par leur en-tête : celui-ci est refusé, ou introuvable.",
    ),
    source=_HEADER,
)
NO_AUTHOR = RuleInfo(
    code="SX-HEAD-02",
    severity=Severity.ERROR,
    title=("No author", "Pas d’auteur"),
    found=("The document has no author.", "Le document n’a pas d’élément author."),
    expected=("At least one author, a person or a software.", "Au moins un auteur, personne ou système."),
    fix=("Add author with its time and its identifier.", "Ajouter author avec sa date et son identifiant."),
    why=(
        "Nobody can be asked about the content; the document is refused.",
        "Personne ne peut être interrogé sur le contenu ; le document est refusé.",
    ),
    source=_HEADER,
)
NO_LEGAL = RuleInfo(
    code="SX-HEAD-03",
    severity=Severity.ERROR,
    title=("Nobody takes responsibility", "Pas de responsable du document"),
    found=("legalAuthenticator is missing.", "L’élément legalAuthenticator est absent."),
    expected=("One legalAuthenticator.", "Un élément legalAuthenticator."),
    fix=(
        "Name the person who answers for the document, with the time.",
        "Désigner la personne qui répond du document, avec la date.",
    ),
    why=(
        "Without responsible person the document has no legal value and is refused by sharing systems.",
        "Sans responsable, le document n’a pas de valeur et les systèmes de partage le refusent.",
    ),
    source=_HEADER,
)
NO_CUSTODIAN = RuleInfo(
    code="SX-HEAD-04",
    severity=Severity.ERROR,
    title=("No custodian", "Pas d’organisation chargée de la conservation"),
    found=("custodian is missing.", "L’élément custodian est absent."),
    expected=("The organisation that keeps the original.", "L’organisation qui conserve l’original."),
    fix=("Add custodian with the number of the structure.", "Ajouter custodian avec le numéro de la structure."),
    why=("The original cannot be found again.", "L’original ne peut pas être retrouvé."),
    source=_CDA,
)
NO_PATIENT = RuleInfo(
    code="SX-HEAD-05",
    severity=Severity.ERROR,
    title=("No patient", "Pas de patient"),
    found=("recordTarget is missing.", "L’élément recordTarget est absent."),
    expected=("One recordTarget.", "Un élément recordTarget."),
    fix=("Say whom the document is about.", "Dire de qui parle le document."),
    why=("The document belongs to nobody.", "Le document n’appartient à personne."),
    source=_CDA,
)
NO_COMMON = RuleInfo(
    code="SX-HEAD-06",
    severity=Severity.ERROR,
    title=("The common models are not declared", "Les modèles communs ne sont pas déclarés"),
    found=(
        "A French document does not declare {missing}.",
        "Un document français ne déclare pas {missing}.",
    ),
    expected=(
        "templateId 2.16.840.1.113883.2.8.2.1 (HL7 France) and 1.2.250.1.213.1.1.1.1 (CI-SIS).",
        "templateId 2.16.840.1.113883.2.8.2.1 (HL7 France) et 1.2.250.1.213.1.1.1.1 (CI-SIS).",
    ),
    fix=("Add the templateId, once the header follows it.", "Ajouter le templateId, une fois l’en-tête conforme."),
    why=(
        "Receivers choose how to read by the models declared: this document is read as a foreign one.",
        "Le destinataire choisit sa lecture d’après les modèles déclarés : ce document est lu comme étranger.",
    ),
    source=_HEADER,
)
TYPE_ID = RuleInfo(
    code="SX-HEAD-07",
    severity=Severity.ERROR,
    title=("typeId is not that of CDA R2", "typeId n’est pas celui de CDA R2"),
    found=("typeId is another one.", "typeId a une autre valeur."),
    expected=("2.16.840.1.113883.1.3 and POCD_HD000040.", "2.16.840.1.113883.1.3 et POCD_HD000040."),
    fix=("Write these two constants.", "Écrire ces deux constantes."),
    why=("The document is not recognised as CDA R2.", "Le document n’est pas reconnu comme CDA R2."),
    source=_CDA,
)
REALM = RuleInfo(
    code="SX-HEAD-08",
    severity=Severity.ERROR,
    title=("realmCode is not FR", "realmCode n’est pas FR"),
    found=("realmCode is another one.", "realmCode a une autre valeur."),
    expected=("FR.", "FR."),
    fix=('Write realmCode code="FR".', 'Écrire realmCode code="FR".'),
    why=(
        "Other national rules are applied to the document.",
        "D’autres règles nationales sont appliquées au document.",
    ),
    source=_HEADER,
)
CODE = RuleInfo(
    code="SX-HEAD-09",
    severity=Severity.ERROR,
    title=("The type of document contradicts its model", "Le type de document contredit son modèle"),
    found=(
        "The model {template} is declared, but the code of the document is not its own.",
        "Le modèle {template} est déclaré, mais le code du document n’est pas le sien.",
    ),
    expected=("{expected}, under the OID of its system.", "{expected}, sous l’OID de sa nomenclature."),
    fix=("Correct the code, or the model.", "Corriger le code, ou le modèle."),
    why=(
        "The document is filed under another type, and checked by the rules of another one.",
        "Le document est classé sous un autre type, et contrôlé selon les règles d’un autre.",
    ),
    source=_VOLETS,
)
NO_MODEL = RuleInfo(
    code="SX-HEAD-10",
    severity=Severity.ERROR,
    title=("A structured document without a model", "Un document structuré sans modèle"),
    found=(
        "Only the common models are declared, and the body is structured.",
        "Seuls les modèles communs sont déclarés, alors que le corps est structuré.",
    ),
    expected=("The templateId of a document model (volet).", "Le templateId d’un modèle de document (volet)."),
    fix=("Declare the volet that the body follows.", "Déclarer le volet que suit le corps."),
    why=(
        "Receivers do not know which sections to expect and show the text only.",
        "Le destinataire ignore quelles sections attendre et n’affiche que le texte.",
    ),
    source=_HEADER,
)
NO_LEVEL_1 = RuleInfo(
    code="SX-HEAD-11",
    severity=Severity.ERROR,
    title=("An unstructured document not declared as one", "Un document non structuré non déclaré comme tel"),
    found=(
        "The body is one embedded file, and 1.3.6.1.4.1.19376.1.2.20 is not declared.",
        "Le corps est un fichier embarqué, et 1.3.6.1.4.1.19376.1.2.20 n’est pas déclaré.",
    ),
    expected=("templateId 1.3.6.1.4.1.19376.1.2.20.", "templateId 1.3.6.1.4.1.19376.1.2.20."),
    fix=("Add this templateId.", "Ajouter ce templateId."),
    why=("Receivers look for sections that are not there.", "Le destinataire cherche des sections qui n’existent pas."),
    source=_HEADER,
)
TWICE = RuleInfo(
    code="SX-HEAD-12",
    severity=Severity.WARNING,
    title=("A model declared twice", "Un modèle déclaré deux fois"),
    found=("One element declares {template} twice.", "Un même élément déclare {template} deux fois."),
    expected=("Each templateId once.", "Chaque templateId une seule fois."),
    fix=("Remove one; another one was perhaps meant.", "Retirer l’un des deux ; un autre était peut-être voulu."),
    why=(
        "The second is often a copy where another model should be.",
        "Le second est souvent une copie à la place d’un autre modèle.",
    ),
    source=_HEADER,
)
LANGUAGE = RuleInfo(
    code="SX-HEAD-13",
    severity=Severity.ERROR,
    title=("A language not written as one", "Une langue mal écrite"),
    found=("languageCode has not the form fr-FR.", "languageCode n’a pas la forme fr-FR."),
    expected=(
        "Two small letters, a hyphen, two capital letters.",
        "Deux minuscules, un tiret, deux majuscules.",
    ),
    fix=('Write code="fr-FR".', 'Écrire code="fr-FR".'),
    why=("The metadata of sharing refuse the value.", "Les métadonnées de partage refusent la valeur."),
    source=_HEADER,
)
CONFIDENTIALITY = RuleInfo(
    code="SX-HEAD-14",
    severity=Severity.ERROR,
    title=("An unknown level of confidentiality", "Un niveau de confidentialité inconnu"),
    found=(
        "confidentialityCode is none of N, R, V, or not under its OID.",
        "confidentialityCode n’est ni N, ni R, ni V, ou n’est pas sous son OID.",
    ),
    expected=("N, R or V under 2.16.840.1.113883.5.25.", "N, R ou V sous 2.16.840.1.113883.5.25."),
    fix=("Write one of these codes.", "Écrire l’un de ces codes."),
    why=(
        "A receiver may show to anybody what was to be kept back.",
        "Le destinataire peut montrer à tous ce qui devait être réservé.",
    ),
    source=_CDA,
)
VERSION = RuleInfo(
    code="SX-HEAD-15",
    severity=Severity.ERROR,
    title=("A version that is no number", "Une version qui n’est pas un nombre"),
    found=("versionNumber is not a positive whole number.", "versionNumber n’est pas un entier positif."),
    expected=("1 for the first version, then 2, 3…", "1 pour la première version, puis 2, 3…"),
    fix=("Number the versions of a document from 1.", "Numéroter les versions d’un document à partir de 1."),
    why=("Versions cannot be put in order.", "Les versions ne peuvent pas être ordonnées."),
    source=_HEADER,
)
REPLACES_NOTHING = RuleInfo(
    code="SX-HEAD-16",
    severity=Severity.ERROR,
    title=("A replacement of nothing", "Un remplacement sans document remplacé"),
    found=(
        "relatedDocument RPLC has no identifier of the document replaced.",
        "relatedDocument RPLC n’a pas d’identifiant du document remplacé.",
    ),
    expected=("parentDocument/id of the version before.", "parentDocument/id de la version précédente."),
    fix=("Give the id of the document replaced.", "Indiquer l’id du document remplacé."),
    why=(
        "The old version stays visible beside the new one.",
        "L’ancienne version reste visible à côté de la nouvelle.",
    ),
    source=_HEADER,
)
REPLACES_ITSELF = RuleInfo(
    code="SX-HEAD-17",
    severity=Severity.ERROR,
    title=("A document that replaces itself", "Un document qui se remplace lui-même"),
    found=("parentDocument/id is the id of this document.", "parentDocument/id est l’id de ce document."),
    expected=("A new id for each version.", "Un nouvel id pour chaque version."),
    fix=(
        "Give the new version its own id; setId is what versions share.",
        "Donner à la nouvelle version son propre id ; c’est setId que les versions partagent.",
    ),
    why=("Registries refuse an identifier already used.", "Les registres refusent un identifiant déjà employé."),
    source=_HEADER,
)
REPLACES_FIRST = RuleInfo(
    code="SX-HEAD-18",
    severity=Severity.WARNING,
    title=("A first version that replaces another", "Une première version qui en remplace une autre"),
    found=(
        "relatedDocument RPLC is given, and versionNumber is 1.",
        "relatedDocument RPLC est présent, et versionNumber vaut 1.",
    ),
    expected=("versionNumber above 1.", "versionNumber supérieur à 1."),
    fix=("Raise versionNumber, or remove relatedDocument.", "Augmenter versionNumber, ou retirer relatedDocument."),
    why=("Receivers may keep the older version.", "Le destinataire peut conserver l’ancienne version."),
    source=_HEADER,
)
REPLACES_LATER = RuleInfo(
    code="SX-HEAD-19",
    severity=Severity.ERROR,
    title=("The version replaced is not older", "La version remplacée n’est pas plus ancienne"),
    found=(
        "The versionNumber of parentDocument is not below that of this document.",
        "Le versionNumber de parentDocument n’est pas inférieur à celui de ce document.",
    ),
    expected=("A lower number.", "Un numéro inférieur."),
    fix=("Check both numbers.", "Vérifier les deux numéros."),
    why=("The older version may replace the newer.", "L’ancienne version peut remplacer la nouvelle."),
    source=_HEADER,
)
REPLACES_OTHER = RuleInfo(
    code="SX-HEAD-20",
    severity=Severity.WARNING,
    title=("The version replaced is of another series", "La version remplacée est d’une autre série"),
    found=(
        "parentDocument/setId is not the setId of this document.",
        "parentDocument/setId n’est pas le setId de ce document.",
    ),
    expected=("One setId for all versions of a document.", "Un même setId pour toutes les versions d’un document."),
    fix=("Keep the setId of the first version.", "Conserver le setId de la première version."),
    why=("The history of the document is cut.", "L’historique du document est rompu."),
    source=_HEADER,
)
ALONE = RuleInfo(
    code="SX-HEAD-21",
    severity=Severity.INFORMATION,
    title=("A later version that replaces nothing", "Une version ultérieure qui ne remplace rien"),
    found=(
        "versionNumber is above 1, without relatedDocument RPLC.",
        "versionNumber est supérieur à 1, sans relatedDocument RPLC.",
    ),
    expected=(
        "relatedDocument RPLC with the id of the version before.",
        "relatedDocument RPLC avec l’id de la version précédente.",
    ),
    fix=(
        "Add it if an earlier version was sent.",
        "L’ajouter si une version précédente a été transmise.",
    ),
    why=("Both versions stay visible.", "Les deux versions restent visibles."),
    source=_HEADER,
)
AUTHOR = RuleInfo(
    code="SX-HEAD-22",
    severity=Severity.ERROR,
    title=("An incomplete author", "Un auteur incomplet"),
    found=("An author has no {element}.", "Un auteur n’a pas d’élément {element}."),
    expected=("time, and assignedAuthor with an id.", "time, et assignedAuthor avec un id."),
    fix=("Add {element}.", "Ajouter {element}."),
    why=("The contribution cannot be attributed, or dated.", "La contribution ne peut être attribuée, ou datée."),
    source=_HEADER,
)
AUTHOR_CODE = RuleInfo(
    code="SX-HEAD-23",
    severity=Severity.WARNING,
    title=("An author without profession", "Un auteur sans profession"),
    found=(
        "A professional with a national number has no code.",
        "Un professionnel désigné par son numéro national n’a pas d’élément code.",
    ),
    expected=("assignedAuthor/code: profession and specialty.", "assignedAuthor/code : profession et spécialité."),
    fix=("Add the code of the directory.", "Ajouter le code de l’annuaire."),
    why=(
        "The specialty of the author is one of the criteria by which documents are searched.",
        "La spécialité de l’auteur est l’un des critères de recherche des documents.",
    ),
    source=_HEADER,
)
SIGNATURE = RuleInfo(
    code="SX-HEAD-24",
    severity=Severity.ERROR,
    title=("An incomplete signature", "Une prise de responsabilité incomplète"),
    found=("legalAuthenticator has no {element}.", "legalAuthenticator n’a pas {element}."),
    expected=("signatureCode S, time, assignedEntity with an id.", "signatureCode S, time, assignedEntity avec un id."),
    fix=("Add {element}.", "Ajouter {element}."),
    why=(
        "The document is not signed, or it is not known by whom or when.",
        "Le document n’est pas signé, ou l’on ne sait ni par qui ni quand.",
    ),
    source=_HEADER,
)
SEVERAL = RuleInfo(
    code="SX-HEAD-25",
    severity=Severity.ERROR,
    title=("An element that may stand once only", "Un élément présent plusieurs fois"),
    found=("{element} is there {count} times.", "{element} est présent {count} fois."),
    expected=("{element} once.", "{element} une seule fois."),
    fix=("Keep one.", "N’en garder qu’un."),
    why=("Receivers read the first and lose the others.", "Le destinataire lit le premier et perd les autres."),
    source=_HEADER,
)
MAIN_ACT = RuleInfo(
    code="SX-HEAD-26",
    severity=Severity.ERROR,
    title=("An incomplete main act", "Un acte principal incomplet"),
    found=("The first serviceEvent has no {element}.", "Le premier serviceEvent n’a pas {element}."),
    expected=("effectiveTime/low, and a performer.", "effectiveTime/low, et un performer."),
    fix=("Add {element}.", "Ajouter {element}."),
    why=(
        "The dates and the setting of the act are metadata of sharing: the document is refused.",
        "Les dates et le cadre de l’acte sont des métadonnées de partage : le document est refusé.",
    ),
    source=_HEADER,
)
NO_FACILITY = RuleInfo(
    code="SX-HEAD-27",
    severity=Severity.ERROR,
    title=("The place of care is not told", "Le lieu de la prise en charge n’est pas dit"),
    found=(
        "componentOf has no location/healthCareFacility/code.",
        "componentOf n’a pas de location/healthCareFacility/code.",
    ),
    expected=("The sector of activity of the place.", "Le secteur d’activité du lieu."),
    fix=(
        "Add encompassingEncounter/location/healthCareFacility/code.",
        "Ajouter encompassingEncounter/location/healthCareFacility/code.",
    ),
    why=(
        "The sector of activity is a metadata of sharing: the document is refused.",
        "Le secteur d’activité est une métadonnée de partage : le document est refusé.",
    ),
    source=_HEADER,
)

RULES: tuple[RuleInfo, ...] = (
    MISSING,
    NO_AUTHOR,
    NO_LEGAL,
    NO_CUSTODIAN,
    NO_PATIENT,
    NO_COMMON,
    TYPE_ID,
    REALM,
    CODE,
    NO_MODEL,
    NO_LEVEL_1,
    TWICE,
    LANGUAGE,
    CONFIDENTIALITY,
    VERSION,
    REPLACES_NOTHING,
    REPLACES_ITSELF,
    REPLACES_FIRST,
    REPLACES_LATER,
    REPLACES_OTHER,
    ALONE,
    AUTHOR,
    AUTHOR_CODE,
    SIGNATURE,
    SEVERAL,
    MAIN_ACT,
    NO_FACILITY,
)
