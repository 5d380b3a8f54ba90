"""The rules on codes and their systems (``SX-CODE-nn``) and their words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_CD = "HL7 Version 3 Data Types Release 1 (CDA Release 2), types CD, CE, CV"
_SMT = "ANS, Serveur multi-terminologies, terminologies de référence et leurs OID, https://smt.esante.gouv.fr"
_HEADER = "ANS, CI-SIS, volet Structuration minimale de documents de santé, éléments codés ; " + _CD

MALFORMED = RuleInfo(
    code="SX-CODE-01",
    severity=Severity.ERROR,
    title=("A code does not have the form of its system", "Un code n’a pas la forme des codes de son système"),
    found=(
        "{code} cannot be a code of {system} ({oid}): its form or its check digit is wrong.",
        "{code} ne peut pas être un code {system} ({oid}) : sa forme ou sa clé de contrôle est fausse.",
    ),
    expected=(
        "A code written as {system} publishes it, check digit included.",
        "Un code écrit comme {system} le publie, clé de contrôle comprise.",
    ),
    fix=(
        ("Correct the code, or give the OID of the system that it belongs to; a code of your own needs your own OID."),
        "Corriger le code, ou indiquer l’OID du système dont il provient ; un code local exige un OID local.",
    ),
    why=(
        "No receiver can find the code: what it means is lost.",
        "Aucun destinataire ne retrouvera le code : son sens est perdu.",
    ),
    source=_SMT,
)
ABSENT = RuleInfo(
    code="SX-CODE-02",
    severity=Severity.ERROR,
    title=("A code is not in its system", "Un code est absent de son système"),
    found=(
        "{code} is not in the list of {system} ({oid}) that is at hand.",
        "{code} ne figure pas dans la liste {system} ({oid}) disponible.",
    ),
    expected=("A code that the system publishes.", "Un code publié par le système."),
    fix=(
        "Choose the code again in the current release; if it is newer than the list at hand, import that release.",
        (
            "Choisir à nouveau le code dans la version en vigueur ; s’il est plus récent que la liste disponible,"
            " importer cette version."
        ),
    ),
    why=(
        "A receiver that checks codes refuses the entry, another one cannot tell what it means.",
        "Un destinataire qui contrôle les codes rejette l’entrée ; un autre ne peut pas l’interpréter.",
    ),
    source=_SMT,
)
RETIRED = RuleInfo(
    code="SX-CODE-03",
    severity=Severity.WARNING,
    title=("A code was retired at the date of the document", "Un code était retiré à la date du document"),
    found=(
        "{code} of {system} ({oid}) is retired in the release at hand.",
        "{code} de {system} ({oid}) est retiré dans la version disponible.",
    ),
    expected=(
        "A code in force on the date of the document.",
        "Un code en vigueur à la date du document.",
    ),
    fix=(
        "Use the code that takes its place.",
        "Utiliser le code qui le remplace.",
    ),
    why=(
        "Receivers that hold the current release only do not know the code.",
        "Un destinataire qui ne détient que la version en vigueur ne connaît pas ce code.",
    ),
    source=_SMT,
)
OID_TYPO = RuleInfo(
    code="SX-CODE-04",
    severity=Severity.ERROR,
    title=("The OID of a code system is mistyped", "L’OID d’un système de codage est mal saisi"),
    found=(
        "codeSystem is {oid}, one character away from {right}.",
        "codeSystem vaut {oid}, à un caractère près de {right}.",
    ),
    expected=("The OID {right}.", "L’OID {right}."),
    fix=(
        "Correct codeSystem, and the template or table that it was copied from.",
        "Corriger codeSystem, ainsi que le modèle ou la table d’où il a été copié.",
    ),
    why=(
        "To a receiver it is another, unknown system: the code is as good as local.",
        "Pour le destinataire, c’est un autre système, inconnu : le code ne vaut pas mieux qu’un code local.",
    ),
    source=_SMT,
)
OID_CUT = RuleInfo(
    code="SX-CODE-05",
    severity=Severity.ERROR,
    title=("The OID of a code system is cut short", "L’OID d’un système de codage est tronqué"),
    found=(
        "codeSystem is {oid}: an arc under which systems are numbered, not a system.",
        "codeSystem vaut {oid} : une branche sous laquelle des systèmes sont numérotés, et non un système.",
    ),
    expected=("The whole OID: {right}.", "L’OID complet : {right}."),
    fix=("Write the missing last arcs of the OID.", "Écrire les derniers arcs manquants de l’OID."),
    why=(
        "The system of the code is not stated: no receiver can read it.",
        "Le système du code n’est pas indiqué : aucun destinataire ne peut le lire.",
    ),
    source=_SMT,
)
OTHER_SYSTEM = RuleInfo(
    code="SX-CODE-06",
    severity=Severity.ERROR,
    title=("A code stands under the OID of another system", "Un code est placé sous l’OID d’un autre système"),
    found=(
        "{code} has the form of a code of {other}, and stands under {oid}, which is {system}.",
        "{code} a la forme d’un code {other}, mais il est placé sous {oid}, qui désigne {system}.",
    ),
    expected=(
        "For a code of {other}: the OID {right}.",
        "Pour un code {other} : l’OID {right}.",
    ),
    fix=(
        "Give the code of {system}, or the OID {right}; two codes need a translation each.",
        "Indiquer le code {system}, ou l’OID {right} ; deux codes demandent chacun leur élément translation.",
    ),
    why=(
        "A receiver looks the code up in the wrong list: not found, or found as something else.",
        "Le destinataire cherche le code dans la mauvaise liste : il ne le trouve pas, ou y trouve autre chose.",
    ),
    source=_SMT,
)
NO_SYSTEM = RuleInfo(
    code="SX-CODE-07",
    severity=Severity.ERROR,
    title=("A code has no code system", "Un code n’a pas de système de codage"),
    found=(
        "{element} has a code and no codeSystem.",
        "{element} porte un attribut code sans codeSystem.",
    ),
    expected=(
        "codeSystem with the OID of the system, beside every code that the standard does not fix.",
        "codeSystem, avec l’OID du système, à côté de tout code que la norme ne fixe pas.",
    ),
    fix=(
        "Add codeSystem, with an OID of your own for local codes.",
        "Ajouter codeSystem, avec un OID local pour un code local.",
    ),
    why=(
        "The same characters mean different things in different systems.",
        "Les mêmes caractères n’ont pas le même sens d’un système à l’autre.",
    ),
    source=_CD,
)
NOT_OID = RuleInfo(
    code="SX-CODE-08",
    severity=Severity.ERROR,
    title=("codeSystem is not an OID", "codeSystem n’est pas un OID"),
    found=("codeSystem is “{oid}”.", "codeSystem vaut « {oid} »."),
    expected=(
        "An OID (digits and dots), without urn:oid: before it.",
        "Un OID (chiffres et points), sans le préfixe urn:oid:.",
    ),
    fix=(
        "Write the OID in codeSystem; a name goes into codeSystemName.",
        "Écrire l’OID dans codeSystem ; un nom se place dans codeSystemName.",
    ),
    why=(
        "Receivers compare OIDs: a name or an address is an unknown system.",
        "Les destinataires comparent des OID : un nom ou une adresse est pour eux un système inconnu.",
    ),
    source=_CD,
)
NAME = RuleInfo(
    code="SX-CODE-09",
    severity=Severity.WARNING,
    title=(
        "The name of a code system contradicts its OID",
        "Le nom d’un système de codage contredit son OID",
    ),
    found=(
        "codeSystemName names {named}, and {oid} is not an OID of {named}.",
        "codeSystemName désigne {named}, alors que {oid} n’est pas un OID de {named}.",
    ),
    expected=("For {named}: {right}.", "Pour {named} : {right}."),
    fix=(
        "Find out which system the code is of, then make OID and name agree.",
        "Vérifier de quel système provient le code, puis accorder l’OID et le nom.",
    ),
    why=(
        "Programs read the OID, people the name: they do not read the same thing.",
        "Les logiciels lisent l’OID, les personnes lisent le nom : ils ne lisent pas la même chose.",
    ),
    source=_SMT,
)
NULL_CODE = RuleInfo(
    code="SX-CODE-10",
    severity=Severity.ERROR,
    title=("An element is both coded and null", "Un élément est à la fois codé et nul"),
    found=(
        "{element} has a code and nullFlavor {null}.",
        "{element} porte un code et le nullFlavor {null}.",
    ),
    expected=("A code, or a nullFlavor.", "Un code ou un nullFlavor, mais pas les deux."),
    fix=(
        (
            "Leave out nullFlavor if the code is meant; if no code fits, nullFlavor OTH with the known code in a"
            " translation."
        ),
        (
            "Retirer nullFlavor si le code est voulu ; si aucun code ne convient, nullFlavor OTH et le code connu dans"
            " translation."
        ),
    ),
    why=(
        "One receiver keeps the code, another one takes the information as missing.",
        "Un destinataire retient le code, un autre considère l’information comme absente.",
    ),
    source=_CD,
)
SPACES = RuleInfo(
    code="SX-CODE-11",
    severity=Severity.ERROR,
    title=("White space in a code", "Espaces dans un code"),
    found=(
        "A code or a codeSystem of {element} is empty or holds white space.",
        "Un code ou un codeSystem de {element} est vide ou contient des espaces.",
    ),
    expected=(
        "The code alone, without spaces, tabs or non-breaking spaces.",
        "Le code seul, sans espace, tabulation ni espace insécable.",
    ),
    fix=(
        "Trim the code where it is read from; an empty code is a nullFlavor.",
        "Supprimer les espaces à la source ; un code vide s’écrit avec un nullFlavor.",
    ),
    why=(
        "Compared character by character, the code is another one.",
        "Comparé caractère par caractère, ce n’est plus le même code.",
    ),
    source=_CD,
)
SAME_TRANSLATION = RuleInfo(
    code="SX-CODE-12",
    severity=Severity.INFORMATION,
    title=("A translation repeats the code that it translates", "Une traduction répète le code qu’elle traduit"),
    found=(
        "The translation has the code {code} of {oid}, as its parent.",
        "L’élément translation porte le code {code} de {oid}, comme son parent.",
    ),
    expected=("A code of another system.", "Un code d’un autre système."),
    fix=("Leave the translation out, or give the other code.", "Retirer translation, ou y placer l’autre code."),
    why=(
        "It often shows that a code was lost when the local one was mapped.",
        "C’est souvent le signe qu’un code a été perdu lors du transcodage.",
    ),
    source=_CD,
)
SET_OID = RuleInfo(
    code="SX-CODE-13",
    severity=Severity.WARNING,
    title=(
        "The OID of a value set stands for that of a code system",
        "L’OID d’un jeu de valeurs est utilisé à la place de celui d’un système de codage",
    ),
    found=(
        "codeSystem is {oid}, an arc of value sets.",
        "codeSystem vaut {oid}, qui appartient à une branche de jeux de valeurs.",
    ),
    expected=(
        "The codeSystem that the value set gives beside the code.",
        "Le codeSystem que le jeu de valeurs indique à côté du code.",
    ),
    fix=(
        "Copy codeSystem from the entry of the value set, not the identifier of the set.",
        "Reprendre le codeSystem de l’entrée du jeu de valeurs, et non l’identifiant du jeu.",
    ),
    why=(
        "A value set only chooses codes; a receiver finds no code under its OID.",
        "Un jeu de valeurs ne fait que sélectionner des codes : aucun code n’est défini sous son OID.",
    ),
    source="IHE ITI TF-2, Sharing Value Sets (ITI-48) ; " + _SMT,
)
NOT_LISTED = RuleInfo(
    code="SX-CODE-14",
    severity=Severity.INFORMATION,
    title=(
        "A medicine is not, or no longer, in the list at hand",
        "Un médicament n’est pas ou plus dans la liste disponible",
    ),
    found=(
        "{code} ({system}) is not an active code of the list at hand.",
        "{code} ({system}) n’est pas un code actif de la liste disponible.",
    ),
    expected=(
        "A medicine of the public list, which drops those withdrawn for long.",
        "Un médicament de la base publique, qui ne conserve pas ceux retirés depuis longtemps.",
    ),
    fix=(
        "Check the code, if the medicine is prescribed today.",
        "Vérifier le code s’il s’agit d’une prescription actuelle.",
    ),
    why=(
        "Without the list the medicine cannot be related to its substance or its ATC class.",
        "Hors de la liste, le médicament ne peut être relié ni à sa substance ni à sa classe ATC.",
    ),
    source="ANSM, base de données publique des médicaments, https://base-donnees-publique.medicaments.gouv.fr",
)

PRESCRIBED = RuleInfo(
    code="SX-CODE-15",
    severity=Severity.WARNING,
    title=("A coding error that the CI-SIS itself prescribes", "Une erreur de codage que le CI-SIS prescrit lui-même"),
    found=(
        "{code} under {oid}, as the content models of the CI-SIS publish it, is in no code system.",
        "{code} sous {oid}, tel que le publient les modèles de contenus du CI-SIS, n’est dans aucun système de codage.",
    ),
    expected=(
        "A code and an OID that receivers know.",
        "Un code et un OID connus des destinataires.",
    ),
    fix=(
        (
            "Leave it as long as the official rules ask for it: they refuse anything else. Report it to the ANS, and"
            " when reading take 1.3.5.1.4.1.19376.1.5.3.2 for 1.3.6.1.4.1.19376.1.5.3.2."
        ),
        (
            "Le laisser tant que les règles officielles l’exigent : elles refusent toute autre valeur. Le signaler à"
            " l’ANS et, en lecture, traiter 1.3.5.1.4.1.19376.1.5.3.2 comme 1.3.6.1.4.1.19376.1.5.3.2."
        ),
    ),
    why=(
        "Receivers that do not know the CI-SIS find neither the system nor the code.",
        "Un destinataire qui ne connaît pas le CI-SIS ne retrouve ni le système ni le code.",
    ),
    source=(
        "ANS, CI-SIS, volet Modèles de contenus : réception de l’échantillon, développement psychomoteur, batterie"
        " d’examens de surveillance prénatale"
    ),
)

RULES: tuple[RuleInfo, ...] = (
    MALFORMED, ABSENT, RETIRED, OID_TYPO, OID_CUT, OTHER_SYSTEM, NO_SYSTEM, NOT_OID, NAME, NULL_CODE, SPACES,
    SAME_TRANSLATION, SET_OID, NOT_LISTED, PRESCRIBED,
)  # fmt: skip
