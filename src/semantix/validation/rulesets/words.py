"""The words of what the XSD and the official Schematron rules find, and of rules that could not be evaluated."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_XSD_SOURCE = "CI-SIS, CDA_extended.xsd of the rule set (HL7 CDA R2 schema with the published extensions)"
_WHY_ORDER = (
    "A receiver that checks the schema refuses the whole document; one that does not may lose the element.",
    "Un récepteur qui contrôle le schéma refuse tout le document ; un autre risque de perdre l’élément.",
)
_WHY_VALUE = (
    "A receiver that checks the schema refuses the whole document; another may read a wrong value or none.",
    "Un récepteur qui contrôle le schéma refuse tout le document ; un autre risque de lire une valeur fausse ou vide.",
)

UNEXPECTED_ELEMENT = RuleInfo(
    code="SX-XSD-01",
    severity=Severity.ERROR,
    title=("An element is not allowed at this place", "Un élément n’est pas admis à cet endroit"),
    found=("{element} in {parent}", "{element} dans {parent}"),
    expected=("{expected}", "{expected}"),
    fix=(
        "Put the elements in the order of the schema; remove {element} if the schema has none there.",
        "Placez les éléments dans l’ordre du schéma ; supprimez {element} si le schéma n’en prévoit pas ici.",
    ),
    why=_WHY_ORDER,
    source=_XSD_SOURCE,
)
MISSING_ELEMENT = RuleInfo(
    code="SX-XSD-02",
    severity=Severity.ERROR,
    title=("A required child element is missing", "Un élément fils obligatoire manque"),
    found=("{element} without it", "{element} sans cet élément"),
    expected=("{expected}", "{expected}"),
    fix=(
        "Add the missing element to {element}, with a nullFlavor where its value is not known and that is allowed.",
        "Ajoutez l’élément manquant dans {element}, avec un nullFlavor si la valeur est inconnue et que c’est admis.",
    ),
    why=_WHY_ORDER,
    source=_XSD_SOURCE,
)
UNEXPECTED_ATTRIBUTE = RuleInfo(
    code="SX-XSD-03",
    severity=Severity.ERROR,
    title=("An attribute is not allowed on this element", "Un attribut n’est pas admis sur cet élément"),
    found=("@{attribute} on {element}", "@{attribute} sur {element}"),
    expected=(
        "only the attributes that the type of {element} declares",
        "uniquement les attributs déclarés par le type de {element}",
    ),
    fix=(
        "Remove @{attribute}, or check its spelling and the xsi:type of {element}.",
        "Supprimez @{attribute}, ou vérifiez son orthographe et le xsi:type de {element}.",
    ),
    why=_WHY_ORDER,
    source=_XSD_SOURCE,
)
MISSING_ATTRIBUTE = RuleInfo(
    code="SX-XSD-04",
    severity=Severity.ERROR,
    title=("A required attribute is missing", "Un attribut obligatoire manque"),
    found=("{element} without @{attribute}", "{element} sans @{attribute}"),
    expected=("@{attribute}", "@{attribute}"),
    fix=("Add @{attribute} to {element}.", "Ajoutez @{attribute} à {element}."),
    why=_WHY_ORDER,
    source=_XSD_SOURCE,
)
BAD_VALUE = RuleInfo(
    code="SX-XSD-05",
    severity=Severity.ERROR,
    title=("A value has not the form that the schema asks for", "Une valeur n’a pas la forme prévue par le schéma"),
    found=(
        "{place} of {element} with a value of another form (not shown: it may be personal)",
        "{place} de {element} avec une valeur d’une autre forme (masquée : elle peut être personnelle)",
    ),
    expected=("{expected}", "{expected}"),
    fix=(
        "Write {place} of {element} in the form expected, or leave it out if it is optional.",
        "Écrivez {place} de {element} sous la forme attendue, ou omettez-la si elle est facultative.",
    ),
    why=_WHY_VALUE,
    source=_XSD_SOURCE,
)
STRAY_CONTENT = RuleInfo(
    code="SX-XSD-06",
    severity=Severity.ERROR,
    title=("Content where the schema allows none", "Du contenu là où le schéma n’en admet pas"),
    found=(
        "text or elements inside {element} (not shown: they may be personal)",
        "du texte ou des éléments dans {element} (masqués : ils peuvent être personnels)",
    ),
    expected=("{element} without such content", "{element} sans ce contenu"),
    fix=(
        "Move the text to an element made for it (originalText, text), or remove it.",
        "Déplacez le texte vers un élément prévu pour lui (originalText, text), ou supprimez-le.",
    ),
    why=_WHY_VALUE,
    source=_XSD_SOURCE,
)
BAD_TYPE = RuleInfo(
    code="SX-XSD-07",
    severity=Severity.ERROR,
    title=(
        "The xsi:type of an element is missing, unknown or not allowed there",
        "Le xsi:type d’un élément manque, est inconnu ou n’est pas admis ici",
    ),
    found=("{element}, with the type as it stands", "{element}, avec le type tel qu’il est écrit"),
    expected=(
        "an xsi:type that the schema knows and that derives from the type of {element}",
        "un xsi:type connu du schéma et dérivé du type de {element}",
    ),
    fix=(
        "Give {element} the xsi:type of its value (CD, PQ, ST, TS…), with the prefix of its namespace if there is one.",
        "Donnez à {element} le xsi:type de sa valeur (CD, PQ, ST, TS…), préfixé par son espace de noms au besoin.",
    ),
    why=_WHY_VALUE,
    source=_XSD_SOURCE,
)
OTHER_SCHEMA_RULE = RuleInfo(
    code="SX-XSD-08",
    severity=Severity.ERROR,
    title=("Another rule of the schema is broken", "Une autre règle du schéma n’est pas respectée"),
    found=("{element} breaks {clause}", "{element} enfreint {clause}"),
    expected=("{element} as the schema declares it", "{element} tel que le schéma le déclare"),
    fix=(
        "Compare {element} with its declaration in CDA_extended.xsd.",
        "Comparez {element} à sa déclaration dans CDA_extended.xsd.",
    ),
    why=_WHY_ORDER,
    source=_XSD_SOURCE,
)
OFFICIAL = RuleInfo(
    code="SX-SCH-00",
    severity=Severity.ERROR,
    title=("An official rule is broken", "Une règle officielle n’est pas respectée"),
    found=("what the rule says itself", "ce que dit la règle elle-même"),
    expected=("", ""),
    fix=(
        "Read the rule with `semantix explain CODE`: its context, its test and its file.",
        "Lisez la règle avec `semantix explain CODE` : son contexte, son test et son fichier.",
    ),
    why=(
        "The official tools and the national services apply the same rules before they accept a document.",
        "Les outils officiels et les services nationaux appliquent les mêmes règles avant d’accepter un document.",
    ),
    source="CI-SIS content validation tool (ANS): the Schematron files of the rule set",
)
NOT_EVALUATED = RuleInfo(
    code="SX-SCH-01",
    severity=Severity.ERROR,
    title=(
        "An official rule could not be evaluated on this document",
        "Une règle officielle n’a pas pu être évaluée sur ce document",
    ),
    found=("rule {assertion} of {origin}: {reason}", "règle {assertion} de {origin} : {reason}"),
    expected=("a rule that ends with yes or no", "une règle qui aboutit à oui ou non"),
    fix=(
        (
            "If a file of values is missing, install the whole rule set. Else look at the value that the rule reads: "
            "a number or a date that is none stops the official tool too."
        ),
        (
            "S’il manque un fichier de valeurs, installez le jeu de règles complet. Sinon, regardez la valeur que lit "
            "la règle : un nombre ou une date mal formé arrête aussi l’outil officiel."
        ),
    ),
    why=(
        "A rule that was not evaluated says nothing: the document is not called conformant.",
        "Une règle non évaluée ne dit rien : le document n’est pas déclaré conforme.",
    ),
    source="ISO/IEC 19757-3 (Schematron); XPath 2.0, dynamic errors",
)
RULES: tuple[RuleInfo, ...] = (
    UNEXPECTED_ELEMENT,
    MISSING_ELEMENT,
    UNEXPECTED_ATTRIBUTE,
    MISSING_ATTRIBUTE,
    BAD_VALUE,
    STRAY_CONTENT,
    BAD_TYPE,
    OTHER_SCHEMA_RULE,
    OFFICIAL,
    NOT_EVALUATED,
)
