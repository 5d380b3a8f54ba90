"""The rules on the identity of the patient (``SX-ID-nn``) and their words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_HEADER = (
    "ANS, CI-SIS, volet Structuration minimale de documents de santé, en-tête (modèle 1.2.250.1.213.1.1.1.1),"
    " https://ansforge.github.io/IG-document-core/main/ig/ressourcesCDA-struc-gen.html"
)
_INS = "ANS, Référentiel Identifiant national de santé, et liste des OID des autorités d’affectation des INS"
_NIR = "INSEE, décret 82-103 du 22 janvier 1982 (structure du NIR) ; " + _INS

INS_KEY = RuleInfo(
    code="SX-ID-01",
    severity=Severity.ERROR,
    title=("The key of a NIR or NIA is wrong", "La clé d’un NIR ou d’un NIA est fausse"),
    found=(
        "The number under {root} does not match its two-digit key.",
        "Le numéro porté sous {root} ne correspond pas à sa clé de deux chiffres.",
    ),
    expected=(
        "Key = 97 − (the 13 characters modulo 97), with 2A read as 19 and 2B as 18.",
        "Clé = 97 − (les 13 caractères modulo 97), 2A étant lu 19 et 2B étant lu 18.",
    ),
    fix=(
        "Send the number as the INSi service returned it; do not type or rebuild it.",
        "Transmettre le numéro tel que le téléservice INSi l’a renvoyé, sans le ressaisir ni le recomposer.",
    ),
    why=(
        "A receiver rejects the number, or files the document under somebody else.",
        "Le destinataire rejette le numéro, ou classe le document dans le dossier d’une autre personne.",
    ),
    source=_NIR,
)
INS_FORM = RuleInfo(
    code="SX-ID-02",
    severity=Severity.ERROR,
    title=("A NIR or NIA is not formed as one", "Un NIR ou un NIA n’a pas la forme attendue"),
    found=(
        "The extension under {root} is not 13 characters followed by a key of 2 digits.",
        "L’extension portée sous {root} n’est pas formée de 13 caractères suivis d’une clé de 2 chiffres.",
    ),
    expected=(
        "15 characters without spaces: sex, year, month, place of birth, order, key.",
        "15 caractères sans espace : sexe, année, mois, lieu de naissance, numéro d’ordre, clé.",
    ),
    fix=(
        "Write the 15 characters, key included, in extension.",
        "Écrire les 15 caractères, clé comprise, dans l’attribut extension.",
    ),
    why=(
        "A number without its key, or cut short, does not match the identity of the patient at the receiver.",
        "Un numéro tronqué ou privé de sa clé ne permet pas de retrouver l’identité du patient chez le destinataire.",
    ),
    source=_NIR,
)
INS_TRAITS = RuleInfo(
    code="SX-ID-03",
    severity=Severity.ERROR,
    title=("An INS without all its traits", "Un INS sans tous ses traits"),
    found=("An INS is given, but these are missing: {missing}.", "Un INS est transmis, mais il manque : {missing}."),
    expected=(
        "Birth name, first birth given name, all birth given names, sex, birth date, INSEE code of the birth place.",
        (
            "Nom de naissance, premier prénom de naissance, liste des prénoms de naissance, sexe, date de naissance, "
            "code INSEE du lieu de naissance."
        ),
    ),
    fix=(
        "Add the traits returned by INSi, or leave the INS out while the identity is not qualified.",
        "Ajouter les traits renvoyés par INSi, ou ne pas transmettre l’INS tant que l’identité n’est pas qualifiée.",
    ),
    why=(
        "An INS is a number with its traits: without them a receiver must refuse it.",
        "L’INS est un matricule accompagné de ses traits : sans eux, le destinataire doit le refuser.",
    ),
    source=_HEADER,
)
INS_CONTRADICTS = RuleInfo(
    code="SX-ID-04",
    severity=Severity.WARNING,
    title=("The INS and the traits contradict each other", "Le matricule INS et les traits se contredisent"),
    found=(
        "The number and these elements do not tell the same: {traits}.",
        "Le matricule et les éléments suivants ne disent pas la même chose : {traits}.",
    ),
    expected=(
        "Sex, year and month of birth, and department of birth as in the number.",
        "Le sexe, l’année et le mois de naissance, et le département de naissance portés par le matricule.",
    ),
    fix=(
        "Check that number and traits come from the same answer of INSi, for the same person.",
        "Vérifier que le matricule et les traits viennent de la même réponse d’INSi, pour la même personne.",
    ),
    why=(
        "The document may carry the number of one person with the traits of another.",
        "Le document porte peut-être le matricule d’une personne avec les traits d’une autre.",
    ),
    source=_NIR,
)
INS_SEVERAL = RuleInfo(
    code="SX-ID-05",
    severity=Severity.ERROR,
    title=("Several INS for one patient", "Plusieurs INS pour un même patient"),
    found=("{count} different INS are given for the patient.", "{count} INS différents sont transmis pour le patient."),
    expected=("One INS at most.", "Un seul INS au plus."),
    fix=(
        "Keep the INS that INSi returned last; give the history of numbers elsewhere.",
        "Conserver le dernier INS renvoyé par INSi ; l’historique des matricules n’a pas sa place ici.",
    ),
    why=(
        "A receiver cannot tell which person the document is about.",
        "Le destinataire ne peut pas savoir de quelle personne parle le document.",
    ),
    source=_INS,
)
INS_OID = RuleInfo(
    code="SX-ID-06",
    severity=Severity.WARNING,
    title=("A NIR under an OID that is not one of NIR", "Un NIR sous un OID qui n’est pas celui d’un NIR"),
    found=(
        "An identifier of the patient under {root} has the form and the key of a NIR.",
        "Un identifiant du patient porté sous {root} a la forme et la clé d’un NIR.",
    ),
    expected=(
        (
            "1.2.250.1.213.1.4.8 (NIR) or 1.2.250.1.213.1.4.9 (NIA) for an INS, 1.2.250.1.213.1.4.13 for a social"
            " security number."
        ),
        (
            "1.2.250.1.213.1.4.8 (NIR) ou 1.2.250.1.213.1.4.9 (NIA) pour un INS, 1.2.250.1.213.1.4.13 pour un numéro de"
            " sécurité sociale."
        ),
    ),
    fix=(
        "Use the OID of the INS if the identity is qualified; do not use the NIR as a local number.",
        "Utiliser l’OID de l’INS si l’identité est qualifiée ; ne pas employer le NIR comme identifiant local.",
    ),
    why=(
        "The number is not recognised as an INS, and a NIR travels where it must not.",
        "Le numéro n’est pas reconnu comme un INS, et un NIR circule là où il ne le doit pas.",
    ),
    source=_INS,
)
INS_C = RuleInfo(
    code="SX-ID-07",
    severity=Severity.ERROR,
    title=("An INS-C, which is no longer in use", "Un INS-C, qui n’est plus en usage"),
    found=(
        "The patient has an identifier under {root}: an INS-C.",
        "Le patient a un identifiant sous {root} : un INS-C.",
    ),
    expected=(
        "The INS (NIR or NIA) of the qualified identity.",
        "L’INS (NIR ou NIA) de l’identité qualifiée.",
    ),
    fix=(
        "Remove the INS-C; call INSi for the INS.",
        "Retirer l’INS-C ; interroger INSi pour obtenir l’INS.",
    ),
    why=(
        "An INS-C is calculated from traits: two people may share it.",
        "L’INS-C est calculé à partir des traits : deux personnes peuvent avoir le même.",
    ),
    source=_INS,
)
INS_TEST = RuleInfo(
    code="SX-ID-08",
    severity=Severity.INFORMATION,
    title=("An INS of tests or demonstrations", "Un INS de test ou de démonstration"),
    found=(
        "The INS is under {root}, kept for tests and demonstrations.",
        "L’INS est sous {root}, réservé aux tests et aux démonstrations.",
    ),
    expected=(
        "1.2.250.1.213.1.4.8 or 1.2.250.1.213.1.4.9 for a real patient.",
        "1.2.250.1.213.1.4.8 ou 1.2.250.1.213.1.4.9 pour un patient réel.",
    ),
    fix=(
        "Nothing, if this document is a test. Before production, check the OID that the software writes.",
        "Rien à faire si ce document est un essai. Avant la mise en production, vérifier l’OID écrit par le logiciel.",
    ),
    why=(
        "In production such a document is refused, or filed for a patient who does not exist.",
        "En production, un tel document est refusé, ou classé pour un patient qui n’existe pas.",
    ),
    source=_INS,
)
NO_PATIENT_ID = RuleInfo(
    code="SX-ID-09",
    severity=Severity.ERROR,
    title=("A patient without any identifier", "Un patient sans aucun identifiant"),
    found=("patientRole has no usable id.", "patientRole n’a pas d’élément id utilisable."),
    expected=("An id with root and extension.", "Un élément id avec root et extension."),
    fix=(
        "Give the local patient number under the OID of its owner, and the INS when the identity is qualified.",
        "Indiquer l’IPP sous l’OID de son autorité d’affectation, et l’INS si l’identité est qualifiée.",
    ),
    why=(
        "The document cannot be tied to a patient but by name.",
        "Le document ne peut être rattaché à un patient que par son nom.",
    ),
    source=_HEADER,
)
PATIENT_ID_PART = RuleInfo(
    code="SX-ID-10",
    severity=Severity.ERROR,
    title=("An incomplete identifier of the patient", "Un identifiant incomplet du patient"),
    found=("An id of the patient has no {attribute}.", "Un élément id du patient n’a pas d’attribut {attribute}."),
    expected=(
        "root (the owner) and extension (the number).",
        "root (l’autorité d’affectation) et extension (le numéro).",
    ),
    fix=("Fill in {attribute}.", "Renseigner {attribute}."),
    why=(
        "Half an identifier identifies nobody, or everybody.",
        "La moitié d’un identifiant ne désigne personne, ou tout le monde.",
    ),
    source=_HEADER,
)
NO_BIRTH = RuleInfo(
    code="SX-ID-11",
    severity=Severity.ERROR,
    title=("No birth date", "Pas de date de naissance"),
    found=("birthTime is missing or has no value.", "birthTime est absent ou n’a pas de valeur."),
    expected=("birthTime with a value, at least the year.", "birthTime avec une valeur, au moins l’année."),
    fix=("Give the birth date of the patient.", "Indiquer la date de naissance du patient."),
    why=(
        "The patient cannot be matched, and ages cannot be computed.",
        "Le patient ne peut pas être rapproché, ni les âges calculés.",
    ),
    source=_HEADER,
)
BIRTH_PLACE = RuleInfo(
    code="SX-ID-12",
    severity=Severity.WARNING,
    title=("The birth place is not an INSEE code", "Le lieu de naissance n’est pas un code INSEE"),
    found=(
        "county of the birth place has not the form of an INSEE code.",
        "L’élément county du lieu de naissance n’a pas la forme d’un code INSEE.",
    ),
    expected=(
        "Five characters: a commune (2A and 2B in Corsica), or 99 and the country.",
        "Cinq caractères : une commune (2A et 2B en Corse), ou 99 suivi du pays.",
    ),
    fix=(
        "Write the INSEE code returned by INSi, not the name nor the postcode.",
        "Écrire le code INSEE renvoyé par INSi, et non le nom ni le code postal.",
    ),
    why=(
        "The birth place is a strict trait of the INS: a wrong form breaks its verification.",
        "Le lieu de naissance est un trait strict de l’INS : une forme fausse fait échouer sa vérification.",
    ),
    source=_INS,
)
NAME_QUALIFIER = RuleInfo(
    code="SX-ID-13",
    severity=Severity.ERROR,
    title=("A name of the patient without its kind", "Un nom du patient dont la nature n’est pas dite"),
    found=(
        "{element} of the patient has a qualifier that is missing or not allowed.",
        "L’élément {element} du patient a un qualifier absent ou non autorisé.",
    ),
    expected=(
        "BR for the birth name, CL for the name in use; given without qualifier only for the list of birth names.",
        (
            "BR pour le nom de naissance, CL pour le nom utilisé ; given sans qualifier pour la seule liste des prénoms"
            " de naissance."
        ),
    ),
    fix=('Write qualifier="BR" or qualifier="CL".', 'Écrire qualifier="BR" ou qualifier="CL".'),
    why=(
        "A receiver takes a married name for a birth name, and the identity no longer matches.",
        "Le destinataire prend un nom d’usage pour un nom de naissance, et l’identité ne correspond plus.",
    ),
    source=_HEADER,
)
FIRST_GIVEN = RuleInfo(
    code="SX-ID-14",
    severity=Severity.WARNING,
    title=(
        "The first birth name is not the first of the list",
        "Le premier prénom de naissance n’est pas le premier de la liste",
    ),
    found=(
        "given qualified BR does not begin the list of birth given names.",
        "L’élément given qualifié BR n’est pas au début de la liste des prénoms de naissance.",
    ),
    expected=(
        "The list (given without qualifier) begins with the first birth given name.",
        "La liste (given sans qualifier) commence par le premier prénom de naissance.",
    ),
    fix=(
        "Take both from the same answer of INSi.",
        "Prendre les deux dans la même réponse d’INSi.",
    ),
    why=(
        "Two traits of one identity disagree: one of them is another person’s or a name in use.",
        "Deux traits d’une même identité divergent : l’un d’eux vient d’une autre personne ou est un prénom utilisé.",
    ),
    source=_INS,
)
OLD_QUALIFIER = RuleInfo(
    code="SX-ID-27",
    severity=Severity.WARNING,
    title=("A qualifier of names that is no longer in use", "Un qualifier de nom qui n’est plus en usage"),
    found=(
        "A family name of the patient is qualified SP.",
        "Un nom de famille du patient est qualifié SP.",
    ),
    expected=(
        "BR for the birth name, CL for the name in use.",
        "BR pour le nom de naissance, CL pour le nom utilisé.",
    ),
    fix=('Write the name in use with qualifier="CL".', 'Écrire le nom utilisé avec qualifier="CL".'),
    why=(
        "Since the INS a receiver reads BR and CL only: this name is lost.",
        "Depuis l’INS, le destinataire ne lit que BR et CL : ce nom est perdu.",
    ),
    source=_HEADER,
)

RULES: tuple[RuleInfo, ...] = (
    INS_KEY,
    INS_FORM,
    INS_TRAITS,
    INS_CONTRADICTS,
    INS_SEVERAL,
    INS_OID,
    INS_C,
    INS_TEST,
    NO_PATIENT_ID,
    PATIENT_ID_PART,
    NO_BIRTH,
    BIRTH_PLACE,
    NAME_QUALIFIER,
    FIRST_GIVEN,
    OLD_QUALIFIER,
)
