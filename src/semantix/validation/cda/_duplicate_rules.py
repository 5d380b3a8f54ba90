"""The rules on what is there twice, in words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_II = "HL7 Version 3 Data Types R1, II: an identifier is of one thing; CDA R2, section 4.3.6, Act.id"

SAME_ENTRY = RuleInfo(
    code="SX-DUP-01",
    severity=Severity.WARNING,
    title=("The same statement twice", "Le même énoncé deux fois"),
    found=(
        "a <{element}> with the same code, value, time and text as one before it in the same place",
        "un <{element}> de mêmes code, valeur, date et texte qu’un autre, plus haut au même endroit",
    ),
    expected=("each fact once", "chaque fait une seule fois"),
    fix=("Remove the copy, or give what tells them apart.", "Supprimer la copie, ou donner ce qui les distingue."),
    why=(
        "The fact is counted twice: two doses, two results, two diagnoses.",
        "Le fait compte double : deux prises, deux résultats, deux diagnostics.",
    ),
    source="CDA R2, section 4.3.6, clinical statements",
)
SAME_ID = RuleInfo(
    code="SX-DUP-02",
    severity=Severity.WARNING,
    title=("The same identifier on different statements", "Le même identifiant sur des énoncés différents"),
    found=(
        "an id of <{element}> that {count} statements of the document share, which say different things",
        "un id de <{element}> commun à {count} énoncés du document, qui disent des choses différentes",
    ),
    expected=("an id of its own for each statement", "un id propre à chaque énoncé"),
    fix=(
        "Give each statement its own id (a new UUID); refer to another one by a reference, not by copying its id.",
        "Donner à chaque énoncé son id (un nouvel UUID) ; citer un autre énoncé par une référence, non par son id.",
    ),
    why=(
        "A receiver that merges by identifier replaces one fact by the other, or attaches an update to the wrong one.",
        "Un destinataire qui fusionne par identifiant remplace un fait par l’autre, ou met à jour le mauvais.",
    ),
    source=_II,
)
TWO_VALUES = RuleInfo(
    code="SX-DUP-03",
    severity=Severity.WARNING,
    title=("Two values of one result", "Deux valeurs pour un même résultat"),
    found=(
        "two values of {code} at the same time, by the same method, in one battery",
        "deux valeurs de {code} au même moment, par la même méthode, dans une même batterie",
    ),
    expected=("one value of a result at a time", "une seule valeur d’un résultat à un moment donné"),
    fix=(
        "Remove the wrong one, or give what tells them apart: time, specimen, site, method.",
        "Supprimer la fausse, ou donner ce qui les distingue : date, échantillon, site, méthode.",
    ),
    why=(
        "Nobody can tell which one is true.",
        "Nul ne sait laquelle est la bonne.",
    ),
    source="CDA R2, section 4.3.6.4, organizer; CI-SIS, volet Modèles de contenus CDA, FR-Batterie-examens-de-biologie",
)
SAME_SECTION = RuleInfo(
    code="SX-DUP-04",
    severity=Severity.WARNING,
    title=("The same section twice", "La même section deux fois"),
    found=(
        "a section {code} with the same text and the same entries as another",
        "une section {code} de mêmes texte et entrées qu’une autre",
    ),
    expected=("each section once", "chaque section une seule fois"),
    fix=("Remove the copy.", "Supprimer la copie."),
    why=("All its facts are counted twice.", "Tous ses faits comptent double."),
    source="CDA R2, section 4.3.4, Section",
)
SAME_TEMPLATE = RuleInfo(
    code="SX-DUP-05",
    severity=Severity.INFORMATION,
    title=("The same template twice on one element", "Le même templateId deux fois sur un élément"),
    found=("the template {template} twice on <{element}>", "le modèle {template} deux fois sur <{element}>"),
    expected=("each template once", "chaque modèle une seule fois"),
    fix=("Remove the copy.", "Supprimer la copie."),
    why=(
        "Harmless to most readers; some count templates and refuse the document.",
        "Sans effet pour la plupart des lecteurs ; certains comptent les modèles et refusent le document.",
    ),
    source="CDA R2, section 4.1, templateId",
)
