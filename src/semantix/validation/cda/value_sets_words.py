"""The rules on value sets (``SX-JDV-nn``) and their words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_CISIS = (
    "ANS, CI-SIS, volet Structuration minimale de documents de santé et volet Modèles de contenus CDA ;"
    " jeux de valeurs (JDV) : https://esante.gouv.fr/offres-services/ci-sis/nomenclatures-objets-sante"
)
_CDA = "HL7 CDA Release 2, vocabulary (NullFlavor, ActMood, ActStatus)"

NOT_MEMBER = RuleInfo(
    code="SX-JDV-01",
    severity=Severity.ERROR,
    title=("A code is not in the value set of its place", "Un code est absent du jeu de valeurs attendu à cet endroit"),
    found=(
        "{element} has the code {code} ({oid}), which is not in {set}.",
        "{element} porte le code {code} ({oid}), absent de {set}.",
    ),
    expected=("A code of {set} ({set_oid}).", "Un code de {set} ({set_oid})."),
    fix=(
        "Choose a code of the value set; keep the local code as a translation.",
        "Choisir un code du jeu de valeurs ; conserver le code local dans un élément translation.",
    ),
    why=(
        "Receivers sort, filter and refuse documents by these codes.",
        "Les destinataires trient, filtrent et rejettent les documents selon ces codes.",
    ),
    source=_CISIS,
)
OTHER_OID = RuleInfo(
    code="SX-JDV-02",
    severity=Severity.ERROR,
    title=(
        "A code of the value set stands under another code system",
        "Un code du jeu de valeurs est placé sous un autre système de codage",
    ),
    found=(
        "{element} has the code {code} of {set} under {oid}.",
        "{element} porte le code {code} de {set} sous {oid}.",
    ),
    expected=("The code under {right}.", "Le code sous {right}."),
    fix=("Give codeSystem as the value set does.", "Reprendre le codeSystem indiqué par le jeu de valeurs."),
    why=(
        "A receiver compares code and codeSystem together: the code is not recognised.",
        "Le destinataire compare le couple code et codeSystem : le code n’est pas reconnu.",
    ),
    source=_CISIS,
)
NULL_FLAVOR = RuleInfo(
    code="SX-JDV-03",
    severity=Severity.ERROR,
    title=("A nullFlavor does not exist", "Un nullFlavor n’existe pas"),
    found=("{element} has nullFlavor “{code}”.", "{element} porte le nullFlavor « {code} »."),
    expected=(
        "NI, UNK, ASKU, NASK, NAV, NA, MSK, OTH or another value of HL7 NullFlavor, in capitals.",
        "NI, UNK, ASKU, NASK, NAV, NA, MSK, OTH ou une autre valeur HL7 NullFlavor, en majuscules.",
    ),
    fix=("Correct the value.", "Corriger la valeur."),
    why=("Why the information is missing is lost.", "La raison de l’absence d’information est perdue."),
    source=_CDA,
)
MOOD = RuleInfo(
    code="SX-JDV-04",
    severity=Severity.ERROR,
    title=("A moodCode does not exist", "Un moodCode n’existe pas"),
    found=("{element} has moodCode “{code}”.", "{element} porte le moodCode « {code} »."),
    expected=(
        "EVN for what happened, INT, RQO, PRP, PRMS, ARQ, APT or GOL for what is to be, DEF for a definition.",
        "EVN pour ce qui a eu lieu, INT, RQO, PRP, PRMS, ARQ, APT ou GOL pour ce qui est prévu, DEF pour un modèle.",
    ),
    fix=("Correct the value.", "Corriger la valeur."),
    why=(
        "Nobody can tell whether the act took place.",
        "Impossible de savoir si l’acte a eu lieu.",
    ),
    source=_CDA,
)
STATUS = RuleInfo(
    code="SX-JDV-05",
    severity=Severity.ERROR,
    title=("A statusCode does not exist", "Un statusCode n’existe pas"),
    found=("statusCode is “{code}”.", "statusCode vaut « {code} »."),
    expected=(
        "active, completed, aborted, suspended, cancelled, held or new, in small letters.",
        "active, completed, aborted, suspended, cancelled, held ou new, en minuscules.",
    ),
    fix=("Correct the value.", "Corriger la valeur."),
    why=(
        "Receivers take the act as of unknown status, or leave it out.",
        "Les destinataires considèrent le statut de l’acte comme inconnu, ou ignorent l’acte.",
    ),
    source=_CDA,
)
SECTION = RuleInfo(
    code="SX-JDV-06",
    severity=Severity.ERROR,
    title=("A section does not have the code of its template", "Une section ne porte pas le code de son modèle"),
    found=(
        "The section of template {template} has the code {code} ({oid}).",
        "La section du modèle {template} porte le code {code} ({oid}).",
    ),
    expected=("The code {right} of LOINC.", "Le code LOINC {right}."),
    fix=(
        "Give the section the code {right}, or the template that it really follows.",
        "Donner à la section le code {right}, ou le modèle qu’elle suit réellement.",
    ),
    why=(
        "Receivers find sections by their code: allergies are shown elsewhere, or not at all.",
        "Les destinataires retrouvent les sections par leur code : des allergies s’affichent ailleurs, ou pas du tout.",
    ),
    source="ANS, CI-SIS, volet Modèles de contenus CDA, sections ; IHE PCC TF-2, section content modules",
)
ROUTE = RuleInfo(
    code="SX-JDV-07",
    severity=Severity.ERROR,
    title=(
        "A route of administration is of another code system",
        "Une voie d’administration provient d’un autre système de codage",
    ),
    found=("routeCode has a code of {oid}.", "routeCode porte un code de {oid}."),
    expected=(
        "EDQM (0.4.0.127.0.16.1.1.2.1) or HL7 RouteOfAdministration (2.16.840.1.113883.5.112).",
        "EDQM (0.4.0.127.0.16.1.1.2.1) ou HL7 RouteOfAdministration (2.16.840.1.113883.5.112).",
    ),
    fix=(
        "Code the route with EDQM; keep the other code as a translation.",
        "Coder la voie avec EDQM ; conserver l’autre code dans un élément translation.",
    ),
    why=(
        "The route of the medicine is not understood.",
        "La voie d’administration du médicament n’est pas comprise.",
    ),
    source="ANS, CI-SIS, volet Modèles de contenus CDA, entrée FR-Traitement",
)

RULES: tuple[RuleInfo, ...] = (NOT_MEMBER, OTHER_OID, NULL_FLAVOR, MOOD, STATUS, SECTION, ROUTE)
