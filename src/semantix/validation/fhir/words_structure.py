"""The rules on the structure of FHIR resources: elements, types, references, closed lists, Bundles."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_R4 = "HL7 FHIR R4 (4.0.1), https://hl7.org/fhir/R4/"
_JSON = "HL7 FHIR R4 (4.0.1), JSON representation, https://hl7.org/fhir/R4/json.html"
_BUNDLE = "HL7 FHIR R4 (4.0.1), Bundle, https://hl7.org/fhir/R4/bundle.html"
_DOCUMENT = "HL7 FHIR R4 (4.0.1), documents, https://hl7.org/fhir/R4/documents.html"
_REFUSED = (
    "A server that validates refuses the resource; others lose the element.",
    "Un serveur qui valide refuse la ressource ; les autres perdent l’élément.",
)
UNKNOWN_ELEMENT = RuleInfo(
    code="SX-FHIR-01",
    severity=Severity.ERROR,
    title=("An element that R4 does not know", "Un élément que R4 ne connaît pas"),
    found=("{element} is not an element there.", "{element} n’est pas un élément à cet endroit."),
    expected=("The elements of R4 at this place.", "Les éléments de R4 à cet endroit."),
    fix=(
        "Check the spelling and the version (R4, not STU3 nor R5), or use an extension.",
        "Vérifier l’orthographe et la version (R4, ni STU3 ni R5), ou employer une extension.",
    ),
    why=_REFUSED,
    source=_R4,
)
MISSING_ELEMENT = RuleInfo(
    code="SX-FHIR-02",
    severity=Severity.ERROR,
    title=("A required element is missing", "Un élément obligatoire est absent"),
    found=("{element} is missing.", "{element} est absent."),
    expected=("{element}, which R4 requires there.", "{element}, que R4 exige à cet endroit."),
    fix=(
        "Fill {element}; if it is unknown, say so with the extension data-absent-reason.",
        "Renseigner {element} ; s’il est inconnu, le dire par l’extension data-absent-reason.",
    ),
    why=_REFUSED,
    source=_R4,
)
LIST = RuleInfo(
    code="SX-FHIR-03",
    severity=Severity.ERROR,
    title=("A list in place of one element, or the reverse", "Une liste à la place d’un élément, ou l’inverse"),
    found=("{element} is not of the cardinality of R4.", "{element} n’a pas la cardinalité de R4."),
    expected=(
        "A JSON array if the element repeats, else a single value.",
        "Un tableau JSON si l’élément se répète, sinon une seule valeur.",
    ),
    fix=(
        "Write an array for elements that repeat, even with one item.",
        "Écrire un tableau pour les éléments répétables, même avec un seul item.",
    ),
    why=_REFUSED,
    source=_JSON,
)
WRONG_TYPE = RuleInfo(
    code="SX-FHIR-04",
    severity=Severity.ERROR,
    title=("A value of another JSON type", "Une valeur d’un autre type JSON"),
    found=(
        "{element} has not the JSON type of its data type.",
        "{element} n’a pas le type JSON de son type de données.",
    ),
    expected=(
        "Text, number, true or false, or object, as the data type says.",
        "Texte, nombre, true ou false, ou objet, selon le type de données.",
    ),
    fix=(
        "Write numbers and booleans without quotes, texts with quotes.",
        "Écrire nombres et booléens sans guillemets, textes avec guillemets.",
    ),
    why=_REFUSED,
    source=_JSON,
)
MALFORMED = RuleInfo(
    code="SX-FHIR-05",
    severity=Severity.ERROR,
    title=("A value that has not the form of its type", "Une valeur qui n’a pas la forme de son type"),
    found=("{element} has not the form of its data type.", "{element} n’a pas la forme de son type de données."),
    expected=(
        "The form of the data type (dates: YYYY, YYYY-MM, YYYY-MM-DD, or with a time and a zone).",
        "La forme du type de données (dates : AAAA, AAAA-MM, AAAA-MM-JJ, ou avec heure et fuseau).",
    ),
    fix=(
        "Correct the value at its source; leave the element out when nothing is known.",
        "Corriger la valeur à la source ; omettre l’élément si rien n’est connu.",
    ),
    why=_REFUSED,
    source="HL7 FHIR R4 (4.0.1), data types, https://hl7.org/fhir/R4/datatypes.html",
)
MISSING_CHOICE = RuleInfo(
    code="SX-FHIR-06",
    severity=Severity.ERROR,
    title=("A required choice is missing", "Un choix obligatoire est absent"),
    found=("None of {element}[x] is there.", "Aucun {element}[x] n’est présent."),
    expected=("One of the types of {element}[x].", "L’un des types de {element}[x]."),
    fix=("Fill {element}[x].", "Renseigner {element}[x]."),
    why=_REFUSED,
    source=_R4,
)
SEVERAL_CHOICES = RuleInfo(
    code="SX-FHIR-07",
    severity=Severity.ERROR,
    title=("Several values for one choice", "Plusieurs valeurs pour un même choix"),
    found=("Several types of {element}[x] together.", "Plusieurs types de {element}[x] à la fois."),
    expected=("One type of {element}[x].", "Un seul type de {element}[x]."),
    fix=("Keep the type that tells most.", "Garder le type le plus précis."),
    why=_REFUSED,
    source="HL7 FHIR R4 (4.0.1), choice of types, https://hl7.org/fhir/R4/formats.html#choice",
)
UNKNOWN_TYPE = RuleInfo(
    code="SX-FHIR-08",
    severity=Severity.ERROR,
    title=("A type of resource that R4 does not have", "Un type de ressource absent de R4"),
    found=("The type {type}.", "Le type {type}."),
    expected=("A type of resource of R4.", "Un type de ressource de R4."),
    fix=("Check the spelling and the version of FHIR.", "Vérifier l’orthographe et la version de FHIR."),
    why=_REFUSED,
    source="HL7 FHIR R4 (4.0.1), list of resources, https://hl7.org/fhir/R4/resourcelist.html",
)
EMPTY = RuleInfo(
    code="SX-FHIR-09",
    severity=Severity.ERROR,
    title=("An element that holds nothing", "Un élément vide"),
    found=("{element} is empty.", "{element} est vide."),
    expected=("No empty text, object or array.", "Ni texte, ni objet, ni tableau vide."),
    fix=("Leave the element out.", "Omettre l’élément."),
    why=_REFUSED,
    source=_JSON,
)
OTHER = RuleInfo(
    code="SX-FHIR-10",
    severity=Severity.ERROR,
    title=("The resource does not follow its R4 model", "La ressource ne suit pas son modèle R4"),
    found=("{element} is refused by the R4 model.", "{element} est refusé par le modèle R4."),
    expected=("What the definition of {element} says.", "Ce que dit la définition de {element}."),
    fix=("Compare the element with its definition.", "Comparer l’élément à sa définition."),
    why=_REFUSED,
    source=_R4,
)
NOT_IN_LIST = RuleInfo(
    code="SX-FHIR-11",
    severity=Severity.ERROR,
    title=("A code outside a closed list", "Un code hors d’une liste fermée"),
    found=("{element} is {code}.", "{element} vaut {code}."),
    expected=("One of: {codes}.", "L’un de : {codes}."),
    fix=("Translate the local status into one of the list.", "Traduire l’état local en l’un de ceux de la liste."),
    why=(
        "The element says nothing to a receiver, which refuses the resource.",
        "L’élément ne dit rien au destinataire, qui refuse la ressource.",
    ),
    source="HL7 FHIR R4 (4.0.1), required bindings, https://hl7.org/fhir/R4/terminologies.html#required",
)
NOT_IN_CONCEPTS = RuleInfo(
    code="SX-FHIR-12",
    severity=Severity.ERROR,
    title=("A concept outside a required value set", "Un concept hors d’un jeu de valeurs obligatoire"),
    found=("{element} has no code of {system}.", "{element} n’a pas de code de {system}."),
    expected=("One of: {codes}, in {system}.", "L’un de : {codes}, dans {system}."),
    fix=(
        "Add the coding in that system beside the local one.",
        "Ajouter le codage dans ce système à côté du codage local.",
    ),
    why=(
        "Whether the fact is active, confirmed or refuted cannot be told.",
        "Impossible de savoir si le fait est actif, confirmé ou réfuté.",
    ),
    source="HL7 FHIR R4 (4.0.1), required bindings, https://hl7.org/fhir/R4/terminologies.html#required",
)
WRONG_TARGET = RuleInfo(
    code="SX-FHIR-13",
    severity=Severity.ERROR,
    title=(
        "A reference to a type of resource that the element does not take",
        "Une référence à un type de ressource non admis",
    ),
    found=("{element} refers to a {type}.", "{element} renvoie à {type}."),
    expected=("One of: {types}.", "L’un de : {types}."),
    fix=(
        "Refer to a resource of a type that the element takes.",
        "Renvoyer à une ressource d’un type admis par l’élément.",
    ),
    why=_REFUSED,
    source="HL7 FHIR R4 (4.0.1), references, https://hl7.org/fhir/R4/references.html",
)
NO_COMPOSITION = RuleInfo(
    code="SX-FHIR-20",
    severity=Severity.ERROR,
    title=("A document that does not begin with its Composition", "Un document qui ne commence pas par sa Composition"),
    found=("The first entry is {type}.", "La première entrée est {type}."),
    expected=("A Composition as the first entry.", "Une Composition en première entrée."),
    fix=("Put the Composition first.", "Placer la Composition en premier."),
    why=(
        "Without it the Bundle is no document: receivers cannot show it.",
        "Sans elle le Bundle n’est pas un document : les destinataires ne peuvent pas l’afficher.",
    ),
    source=_DOCUMENT,
)
NO_IDENTIFIER = RuleInfo(
    code="SX-FHIR-21",
    severity=Severity.ERROR,
    title=("A document without its identifier", "Un document sans identifiant"),
    found=("Bundle.identifier without {element}.", "Bundle.identifier sans {element}."),
    expected=("Bundle.identifier with system and value.", "Bundle.identifier avec system et value."),
    fix=("Give the document an identifier, for ever.", "Donner au document un identifiant définitif."),
    why=("A new version cannot replace the document.", "Une nouvelle version ne pourra pas remplacer le document."),
    source="HL7 FHIR R4 (4.0.1), Bundle, invariant bdl-9",
)
NO_TIMESTAMP = RuleInfo(
    code="SX-FHIR-22",
    severity=Severity.ERROR,
    title=("A document without its time", "Un document sans horodatage"),
    found=("Bundle.timestamp is missing.", "Bundle.timestamp est absent."),
    expected=("The time at which the document was assembled.", "L’heure à laquelle le document a été assemblé."),
    fix=("Fill Bundle.timestamp.", "Renseigner Bundle.timestamp."),
    why=("Which version is the newest cannot be told.", "Impossible de savoir quelle version est la plus récente."),
    source="HL7 FHIR R4 (4.0.1), Bundle, invariant bdl-10",
)
NO_FULL_URL = RuleInfo(
    code="SX-FHIR-23",
    severity=Severity.ERROR,
    title=("An entry without fullUrl", "Une entrée sans fullUrl"),
    found=(
        "{count} entries without fullUrl in a Bundle of type {type}.",
        "{count} entrées sans fullUrl dans un Bundle de type {type}.",
    ),
    expected=("fullUrl in each entry that holds a resource.", "fullUrl dans chaque entrée qui porte une ressource."),
    fix=(
        "Give each entry its fullUrl: urn:uuid:, or the address of the resource.",
        "Donner à chaque entrée son fullUrl : urn:uuid:, ou l’adresse de la ressource.",
    ),
    why=("References between the entries lead nowhere.", "Les références entre entrées ne mènent nulle part."),
    source=_BUNDLE,
)
OTHER_ID = RuleInfo(
    code="SX-FHIR-24",
    severity=Severity.ERROR,
    title=("fullUrl and id disagree", "fullUrl et id ne concordent pas"),
    found=(
        "A fullUrl that does not end with {type} and the id of the resource.",
        "Un fullUrl qui ne finit pas par {type} et l’id de la ressource.",
    ),
    expected=("<base>/{type}/<id>, or urn:uuid:.", "<base>/{type}/<id>, ou urn:uuid:."),
    fix=("Write the fullUrl from the type and the id.", "Former fullUrl à partir du type et de l’id."),
    why=(
        "References reach another resource than the one meant.",
        "Les références atteignent une autre ressource que celle visée.",
    ),
    source=_BUNDLE,
)
SAME_URL = RuleInfo(
    code="SX-FHIR-25",
    severity=Severity.ERROR,
    title=("Two entries have the same fullUrl", "Deux entrées ont le même fullUrl"),
    found=("{count} entries under one fullUrl.", "{count} entrées sous un même fullUrl."),
    expected=(
        "One fullUrl an entry, but for versions in a history.",
        "Un fullUrl par entrée, hors versions d’un historique.",
    ),
    fix=("Give each resource its own identifier.", "Donner à chaque ressource son propre identifiant."),
    why=("Which of the two a reference means cannot be told.", "Impossible de savoir laquelle une référence désigne."),
    source="HL7 FHIR R4 (4.0.1), Bundle, invariant bdl-7",
)
DANGLING = RuleInfo(
    code="SX-FHIR-26",
    severity=Severity.ERROR,
    title=("A reference that leads nowhere in the Bundle", "Une référence qui ne mène nulle part dans le Bundle"),
    found=(
        "{element} refers to a resource that is not in the Bundle.",
        "{element} renvoie à une ressource absente du Bundle.",
    ),
    expected=("The resource in the Bundle, under that fullUrl.", "La ressource dans le Bundle, sous ce fullUrl."),
    fix=("Add the resource, or correct the reference.", "Ajouter la ressource, ou corriger la référence."),
    why=(
        "The receiver does not find what the element is about.",
        "Le destinataire ne trouve pas ce dont parle l’élément.",
    ),
    source="HL7 FHIR R4 (4.0.1), Bundle, resolving references, https://hl7.org/fhir/R4/bundle.html#references",
)
NOT_CONTAINED = RuleInfo(
    code="SX-FHIR-27",
    severity=Severity.ERROR,
    title=("A reference to a contained resource that is not there", "Une référence à une ressource contenue absente"),
    found=(
        "{element} refers to “#…” and no contained resource has this id.",
        "{element} renvoie à « #… » et aucune ressource contenue n’a cet id.",
    ),
    expected=("The contained resource with this id.", "La ressource contenue portant cet id."),
    fix=("Add it to contained, or correct the reference.", "L’ajouter à contained, ou corriger la référence."),
    why=(
        "The receiver does not find what the element is about.",
        "Le destinataire ne trouve pas ce dont parle l’élément.",
    ),
    source="HL7 FHIR R4 (4.0.1), contained resources, https://hl7.org/fhir/R4/references.html#contained",
)
UNUSED = RuleInfo(
    code="SX-FHIR-28",
    severity=Severity.WARNING,
    title=("A contained resource that nothing refers to", "Une ressource contenue que rien ne désigne"),
    found=("A contained {type} without a reference to it.", "Une ressource {type} contenue sans référence vers elle."),
    expected=("A reference to each contained resource.", "Une référence vers chaque ressource contenue."),
    fix=("Refer to it, or leave it out.", "La référencer, ou l’omettre."),
    why=(
        "Nothing says what it is for: receivers drop it.",
        "Rien ne dit à quoi elle sert : les destinataires l’écartent.",
    ),
    source="HL7 FHIR R4 (4.0.1), DomainResource, invariant dom-3",
)
NESTED = RuleInfo(
    code="SX-FHIR-29",
    severity=Severity.ERROR,
    title=("A contained resource inside a contained one", "Une ressource contenue dans une ressource contenue"),
    found=("contained inside contained.", "contained dans contained."),
    expected=("One level of contained resources.", "Un seul niveau de ressources contenues."),
    fix=("Contain all of them in the outer resource.", "Les contenir toutes dans la ressource extérieure."),
    why=_REFUSED,
    source="HL7 FHIR R4 (4.0.1), DomainResource, invariant dom-2",
)
NO_REQUEST = RuleInfo(
    code="SX-FHIR-30",
    severity=Severity.ERROR,
    title=("An entry to execute without its request", "Une entrée à exécuter sans sa requête"),
    found=(
        "{count} entries without request in a Bundle of type {type}.",
        "{count} entrées sans request dans un Bundle de type {type}.",
    ),
    expected=("request with method and url in each entry.", "request avec method et url dans chaque entrée."),
    fix=("Say for each entry what is to be done.", "Dire pour chaque entrée ce qu’il faut faire."),
    why=(
        "The server does not know what to do and refuses the whole.",
        "Le serveur ne sait que faire et refuse l’ensemble.",
    ),
    source="HL7 FHIR R4 (4.0.1), Bundle, invariant bdl-3",
)
BAD_URL = RuleInfo(
    code="SX-FHIR-31",
    severity=Severity.ERROR,
    title=("A fullUrl that is no absolute address", "Un fullUrl qui n’est pas une adresse absolue"),
    found=("A fullUrl that is relative or has a version.", "Un fullUrl relatif ou portant une version."),
    expected=(
        "urn:uuid:, urn:oid: or an absolute address without _history.",
        "urn:uuid:, urn:oid: ou une adresse absolue sans _history.",
    ),
    fix=("Write an absolute address.", "Écrire une adresse absolue."),
    why=("References reach nothing.", "Les références n’atteignent rien."),
    source="HL7 FHIR R4 (4.0.1), Bundle, invariant bdl-8",
)
RULES: tuple[RuleInfo, ...] = (
    UNKNOWN_ELEMENT, MISSING_ELEMENT, LIST, WRONG_TYPE, MALFORMED, MISSING_CHOICE, SEVERAL_CHOICES, UNKNOWN_TYPE,
    EMPTY, OTHER, NOT_IN_LIST, NOT_IN_CONCEPTS, WRONG_TARGET, NO_COMPOSITION, NO_IDENTIFIER, NO_TIMESTAMP,
    NO_FULL_URL, OTHER_ID, SAME_URL, DANGLING, NOT_CONTAINED, UNUSED, NESTED, NO_REQUEST, BAD_URL,
)  # fmt: skip
