"""The rules on negation, absence and null flavours, in words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_NULL = "HL7 Version 3 Data Types R1, nullFlavor; code system NullFlavor (2.16.840.1.113883.5.1008)"
_IPS = (
    "IPS Absent and Unknown Data (2.16.840.1.113883.5.1150.1), https://hl7.org/fhir/uv/ips/; CI-SIS, volet Modèles de "
    "contenus CDA"
)
_NEGATION = "CDA R2, section 4.3.6, Act.negationInd; IHE PCC TF-2, section 6.3.4 (Problem Entry, negationInd)"

UNKNOWN_NULL = RuleInfo(
    code="SX-NEG-01",
    severity=Severity.ERROR,
    title=("A null flavour that HL7 does not know", "Un nullFlavor que HL7 ne connaît pas"),
    found=("nullFlavor=“{null}” on <{element}>", "nullFlavor=« {null} » sur <{element}>"),
    expected=(
        "one of NI, UNK, NASK, ASKU, NAV, NA, MSK, OTH, INV, DER, UNC, NINF, PINF, QS, TRC, NP",
        "NI, UNK, NASK, ASKU, NAV, NA, MSK, OTH, INV, DER, UNC, NINF, PINF, QS, TRC ou NP",
    ),
    fix=(
        "Use UNK (not known), NASK (not asked), ASKU (asked, not known), NA (does not apply) or MSK (masked).",
        "Employer UNK (inconnu), NASK (non demandé), ASKU (demandé, inconnu), NA (sans objet) ou MSK (masqué).",
    ),
    why=(
        "A receiver refuses the document, or cannot tell why the value misses.",
        "Le destinataire refuse le document, ou ne sait pas pourquoi la valeur manque.",
    ),
    source=_NULL,
)
NULL_AND_VALUE = RuleInfo(
    code="SX-NEG-02",
    severity=Severity.ERROR,
    title=("A value that is said to be absent", "Une valeur présente et dite absente"),
    found=(
        "<{element}> with nullFlavor {null} and @{attribute}",
        "<{element}> avec nullFlavor {null} et @{attribute}",
    ),
    expected=("either the value or the nullFlavor", "soit la valeur, soit le nullFlavor"),
    fix=("Remove the one that is not true.", "Supprimer celui qui n’est pas vrai."),
    why=(
        "Some receivers keep the value, others drop it: they record two different things.",
        "Certains destinataires gardent la valeur, d’autres l’écartent : ils enregistrent deux choses différentes.",
    ),
    source=_NULL,
)
TWICE_DENIED = RuleInfo(
    code="SX-NEG-03",
    severity=Severity.WARNING,
    title=("A denial that is denied", "Une négation niée"),
    found=(
        "negationInd=“true” on a statement whose code {code} already says that there is none or that nothing is known",
        "negationInd=« true » sur un énoncé dont le code {code} dit déjà l’absence ou l’ignorance",
    ),
    expected=(
        "the code without negationInd, or negationInd=“false”",
        "le code sans negationInd, ou negationInd=« false »",
    ),
    fix=("Remove negationInd.", "Retirer negationInd."),
    why=(
        "To the letter it says “not: no known problem”, that is, that there is one.",
        "À la lettre, l’énoncé dit « non : pas de problème connu », donc qu’il y en a un.",
    ),
    source=_IPS + "; " + _NEGATION,
)
ABSENT_BESIDE = RuleInfo(
    code="SX-NEG-04",
    severity=Severity.ERROR,
    title=("“None known” beside one that is known", "« Aucun connu » à côté d’un énoncé positif"),
    found=(
        "{code} in a section that also states some of the same kind ({count})",
        "{code} dans une section qui en affirme aussi ({count})",
    ),
    expected=("either the statements or the absence", "soit les énoncés, soit l’absence"),
    fix=(
        "Remove the absence code; deny one kind only (no-known-food-allergies…) if that is meant.",
        "Retirer le code d’absence ; ne nier qu’un type (no-known-food-allergies…) si c’est le sens voulu.",
    ),
    why=(
        "The document says both that there is none and that there is one.",
        "Le document dit à la fois qu’il n’y en a pas et qu’il y en a.",
    ),
    source=_IPS,
)
WRONG_ABSENCE = RuleInfo(
    code="SX-NEG-05",
    severity=Severity.ERROR,
    title=("An absence code of another kind of statement", "Un code d’absence d’un autre type d’énoncé"),
    found=(
        "{code}, which is about {about}, on a statement about {kind}",
        "{code}, qui porte sur {about_fr}, dans un énoncé sur {kind_fr}",
    ),
    expected=("the absence code of the kind of the statement", "le code d’absence du type de l’énoncé"),
    fix=("Use the code of the value set of this entry.", "Employer le code du jeu de valeurs de cette entrée."),
    why=(
        "The absence is recorded for the wrong thing, and not for the right one.",
        "L’absence est enregistrée pour la mauvaise chose, et pas pour la bonne.",
    ),
    source=_IPS,
)
LOST = RuleInfo(
    code="SX-NEG-06",
    severity=Severity.WARNING,
    title=("A denial of the text that the entry loses", "Une négation du texte perdue dans l’entrée"),
    found=(
        "{code} stated as present, and words of the entry that deny it",
        "{code} affirmé, alors que le texte de l’entrée le nie",
    ),
    expected=("negationInd=“true”, or an absence code", "negationInd=« true », ou un code d’absence"),
    fix=(
        "Set negationInd=“true” on the statement, or use the code that says that there is none.",
        "Mettre negationInd=« true » sur l’énoncé, ou employer le code qui dit l’absence.",
    ),
    why=(
        "The software records a disease or an allergy that the physician ruled out.",
        "Le logiciel enregistre une maladie ou une allergie que le médecin a écartée.",
    ),
    source=_NEGATION,
)
EMPTY_SECTION = RuleInfo(
    code="SX-NEG-07",
    severity=Severity.INFORMATION,
    title=(
        "A section that says nothing, not even that there is nothing",
        "Une section qui ne dit rien, pas même l’absence",
    ),
    found=(
        "a section {code} without text, entry, subsection and nullFlavor",
        "une section {code} sans texte, entrée, sous-section ni nullFlavor",
    ),
    expected=(
        "a text (“none known”, “not asked”), an absence code, or no section",
        "un texte (« aucun connu », « non recherché »), un code d’absence, ou pas de section",
    ),
    fix=(
        "Say what is known, in the text and with an absence code; leave out an optional section.",
        "Dire ce qui est connu, dans le texte et par un code d’absence ; omettre une section facultative.",
    ),
    why=(
        "Nobody can tell “there is none” from “nobody asked” and from “it was lost”.",
        "Nul ne distingue « il n’y en a pas » de « personne n’a demandé » ou de « perdu ».",
    ),
    source="CDA R2, section 4.3.4.2, Section.text; " + _IPS,
)
KNOWN_UNKNOWN = RuleInfo(
    code="SX-NEG-08",
    severity=Severity.WARNING,
    title=(
        "“Nothing is known” where the text says that there is none",
        "« Pas d’information » là où le texte dit l’absence",
    ),
    found=(
        "{code}, which says that nothing is known, on words that say that there is none",
        "{code}, qui dit l’absence d’information, sur un texte qui dit qu’il n’y a rien",
    ),
    expected=("the code that says that there is none (no-known-…)", "le code qui dit qu’il n’y en a pas (no-known-…)"),
    fix=("Replace the code by no-known-… of the same kind.", "Remplacer le code par no-known-… du même type."),
    why=(
        "The physician asked and there is none; the receiver reads that nobody asked.",
        "Le médecin a demandé et il n’y en a pas ; le destinataire lit que personne n’a demandé.",
    ),
    source=_IPS,
)
UNKNOWN_KNOWN = RuleInfo(
    code="SX-NEG-09",
    severity=Severity.WARNING,
    title=(
        "“There is none” where the text says that nothing is known",
        "« Aucun connu » là où le texte dit l’ignorance",
    ),
    found=(
        "{code}, which says that there is none, on words that say that nothing is known",
        "{code}, qui dit qu’il n’y en a pas, sur un texte qui dit que rien n’est connu",
    ),
    expected=("the code that says that nothing is known (no-…-info)", "le code qui dit l’ignorance (no-…-info)"),
    fix=("Replace the code by no-…-info of the same kind.", "Remplacer le code par no-…-info du même type."),
    why=(
        "The receiver takes for certain what nobody asked: an allergy may be missed.",
        "Le destinataire tient pour sûr ce que personne n’a demandé : une allergie peut être manquée.",
    ),
    source=_IPS,
)
DENIED_ANYWAY = RuleInfo(
    code="SX-NEG-10",
    severity=Severity.WARNING,
    title=("A statement that is denied where the text says yes", "Un énoncé nié là où le texte dit oui"),
    found=(
        "{code} with negationInd=“true”, and words of the entry that say yes",
        "{code} avec negationInd=« true », alors que le texte de l’entrée dit oui",
    ),
    expected=("negationInd=“false”, or a text that says no", "negationInd=« false », ou un texte qui dit non"),
    fix=("Correct the one that is wrong.", "Corriger celui qui est faux."),
    why=(
        "The physician reads that the patient has it, the software records that he has not.",
        "Le médecin lit que le patient en est atteint, le logiciel enregistre le contraire.",
    ),
    source=_NEGATION,
)
OTHER_ANSWER = RuleInfo(
    code="SX-NEG-11",
    severity=Severity.ERROR,
    title=(
        "The text answers yes and the entry no, or the reverse",
        "Le texte répond oui et l’entrée non, ou l’inverse",
    ),
    found=(
        "the yes or no (BL) of {code} is the opposite of the words that its reference points to",
        "le oui ou non (BL) de {code} est le contraire du texte que désigne sa référence",
    ),
    expected=("the same answer on both sides", "la même réponse des deux côtés"),
    fix=("Correct the one that is wrong.", "Corriger celle qui est fausse."),
    why=(
        "The physician reads one answer, the software takes the other.",
        "Le médecin lit une réponse, le logiciel reprend l’autre.",
    ),
    source="CDA R2, section 4.3.8.2, entry (typeCode COMP and DRIV); HL7 Version 3 Data Types R1, BL",
)
