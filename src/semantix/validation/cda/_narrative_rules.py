"""The rules on the narrative beside the entries, in words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_BLOCK = "CDA R2, section 4.3.4.2, Section.text; CI-SIS, volet Structuration minimale de documents de santé"
_DERIVED = "CDA R2, section 4.3.8.2, entry (typeCode COMP and DRIV); section 4.3.4.2, Section.text"

NO_NARRATIVE = RuleInfo(
    code="SX-NARR-01",
    severity=Severity.ERROR,
    title=("Entries without a narrative", "Des entrées sans partie narrative"),
    found=(
        "a section {code} with entries ({count}) and nothing in its narrative",
        "une section {code} avec des entrées ({count}) et rien dans sa partie narrative",
    ),
    expected=(
        "a text that says what the entries say: it is what the author attests",
        "un texte qui dit ce que disent les entrées : c’est lui que l’auteur atteste",
    ),
    fix=("Write the narrative of the section from its entries.", "Produire la partie narrative d’après les entrées."),
    why=(
        "Whoever displays the document shows an empty section.",
        "Tout lecteur qui affiche le document montre une section vide.",
    ),
    source=_BLOCK,
)
OTHER_VALUE = RuleInfo(
    code="SX-NARR-02",
    severity=Severity.ERROR,
    title=("The narrative and the entry give two values", "Le texte et l’entrée donnent deux valeurs"),
    found=(
        "the value of {code} is not the number that its reference points to",
        "la valeur de {code} n’est pas le nombre que désigne sa référence",
    ),
    expected=("the same number on both sides, in the same unit", "le même nombre des deux côtés, dans la même unité"),
    fix=(
        "Correct the wrong one; produce the narrative from the entries, or point to the right words.",
        "Corriger celui qui est faux ; produire le texte d’après les entrées, ou désigner les bons mots.",
    ),
    why=(
        "The physician reads one value, the software takes another.",
        "Le médecin lit une valeur, le logiciel en reprend une autre.",
    ),
    source=_DERIVED,
)
NOT_SHOWN = RuleInfo(
    code="SX-NARR-03",
    severity=Severity.WARNING,
    title=("A result that the narrative does not show", "Un résultat que la partie narrative ne montre pas"),
    found=(
        "the value of {code} is nowhere in the narrative of its section, which shows others ({shown} of {count})",
        (
            "la valeur de {code} n’est nulle part dans le texte de sa section, qui en montre d’autres "
            "({shown} sur {count})"
        ),
    ),
    expected=(
        "every result of the entries in the narrative that is derived from them",
        "chaque résultat des entrées dans la partie narrative qui en est dérivée",
    ),
    fix=("Add the result to the narrative, or correct it.", "Ajouter le résultat au texte, ou le corriger."),
    why=(
        "The person who reads the document does not see this result, or sees another one.",
        "La personne qui lit le document ne voit pas ce résultat, ou en voit un autre.",
    ),
    source=_DERIVED,
)
TEXT_DENIES = RuleInfo(
    code="SX-NARR-04",
    severity=Severity.ERROR,
    title=("The narrative denies what the entries state", "Le texte nie ce que les entrées affirment"),
    found=(
        "a section {code} whose text says that there is none, and entries that state some ({count})",
        "une section {code} dont le texte dit qu’il n’y a rien, et des entrées qui affirment ({count})",
    ),
    expected=("the same statement on both sides", "la même affirmation des deux côtés"),
    fix=(
        "Correct the text, or state the absence in the entries (IPS absent and unknown data, or negationInd).",
        "Corriger le texte, ou dire l’absence dans les entrées (codes IPS d’absence, ou negationInd).",
    ),
    why=(
        "The physician reads that there is nothing, the software records something.",
        "Le médecin lit qu’il n’y a rien, le logiciel enregistre quelque chose.",
    ),
    source=_DERIVED,
)
ENTRIES_DENY = RuleInfo(
    code="SX-NARR-05",
    severity=Severity.WARNING,
    title=("The entries deny what the narrative states", "Les entrées nient ce que le texte affirme"),
    found=(
        "a section {code} whose entries all say that there is none, and a text that denies nothing",
        "une section {code} dont toutes les entrées disent qu’il n’y a rien, et un texte qui ne nie rien",
    ),
    expected=("the same statement on both sides", "la même affirmation des deux côtés"),
    fix=(
        "Code what the text says, or say in the text that there is none.",
        "Coder ce que dit le texte, ou dire dans le texte qu’il n’y a rien.",
    ),
    why=(
        "The software records an absence where the physician reads something: an allergy may be missed.",
        "Le logiciel enregistre une absence là où le médecin lit quelque chose : une allergie peut être manquée.",
    ),
    source=_DERIVED,
)
