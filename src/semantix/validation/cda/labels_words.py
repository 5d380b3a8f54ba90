"""The rules on labels (``SX-LABEL-nn``) and their words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_CD = "HL7 Version 3 Data Types Release 1 (CDA Release 2), type CD: displayName, originalText"
_CISIS = "ANS, CI-SIS, volet Structuration minimale de documents de santé, éléments codés ; " + _CD

DISPLAY = RuleInfo(
    code="SX-LABEL-01",
    severity=Severity.ERROR,
    title=("The displayName contradicts the code", "Le displayName contredit le code"),
    found=(
        "{code} of {system}: the displayName says “{said}”, the code means “{meant}”.",
        "{code} de {system} : le displayName dit « {said} », le code signifie « {meant} ».",
    ),
    expected=("The label of the code, or the code of the label.", "Le libellé du code, ou le code du libellé."),
    fix=(
        "Find out which of the two is right, then take code and label from the same row of the terminology.",
        "Vérifier lequel des deux est juste, puis reprendre le code et le libellé de la même ligne de la terminologie.",
    ),
    why=(
        "People read the label, programs read the code: the patient gets two different facts.",
        (
            "Les personnes lisent le libellé, les logiciels lisent le code : le patient se voit attribuer deux faits"
            " différents."
        ),
    ),
    source=_CISIS,
)
OTHER_LABEL = RuleInfo(
    code="SX-LABEL-02",
    severity=Severity.WARNING,
    title=("The displayName is the label of another code", "Le displayName est le libellé d’un autre code"),
    found=(
        "{code} of {system} has the label of {other}.",
        "{code} de {system} porte le libellé de {other}.",
    ),
    expected=("The label of {code}, or the code {other}.", "Le libellé de {code}, ou le code {other}."),
    fix=(
        "Find out which of the two is right, then take code and label from the same row of the terminology.",
        "Vérifier lequel des deux est juste, puis reprendre le code et le libellé de la même ligne de la terminologie.",
    ),
    why=(
        "People read the label, programs read the code: they do not understand the same thing.",
        "Les personnes lisent le libellé, les logiciels lisent le code : ils ne comprennent pas la même chose.",
    ),
    source=_CISIS,
)
TEXT = RuleInfo(
    code="SX-LABEL-03",
    severity=Severity.ERROR,
    title=("The text contradicts the code", "Le texte contredit le code"),
    found=(
        "{code} of {system}: its text says something else than its label ({kind_en}).",
        "{code} de {system} : son texte dit autre chose que son libellé ({kind_fr}).",
    ),
    expected=(
        "A code that means what the text says.",
        "Un code qui a le même sens que le texte.",
    ),
    fix=(
        "Correct the code or the text; check that the reference leads to the right passage.",
        "Corriger le code ou le texte ; vérifier que la référence mène au bon passage.",
    ),
    why=(
        "The reader of the document and the programs that use its codes do not have the same patient.",
        "Le lecteur du document et les logiciels qui exploitent ses codes n’ont pas affaire au même patient.",
    ),
    source=_CISIS,
)
RESIDUAL = RuleInfo(
    code="SX-LABEL-04",
    severity=Severity.WARNING,
    title=(
        "The wording is more precise than the residual code",
        "Le libellé est plus précis que le code résiduel",
    ),
    found=(
        "{code} of {system} is the category for what is not specified; the wording names what {other} stands for.",
        "{code} de {system} est la catégorie de ce qui n’est pas précisé ; le libellé nomme ce que désigne {other}.",
    ),
    expected=("A code of {other}.", "Un code de {other}."),
    fix=(
        "Code what the wording says: {other}.",
        "Coder ce que dit le libellé : {other}.",
    ),
    why=(
        "Counted and searched by code, the patient is among those of whom nothing more is known.",
        "Dans toute recherche ou tout dénombrement par code, le patient figure parmi les cas non précisés.",
    ),
    source="OMS, CIM-10, volume 2, règles de codage : préférer le code spécifique au code résiduel ; " + _CD,
)
SEVERAL = RuleInfo(
    code="SX-LABEL-05",
    severity=Severity.WARNING,
    title=("One code has labels that contradict each other", "Un même code porte des libellés contradictoires"),
    found=(
        "In this document {code} of {system} has labels that differ in {kind_en}.",
        "Dans ce document, {code} de {system} porte des libellés qui diffèrent par {kind_fr}.",
    ),
    expected=("One meaning for one code.", "Un seul sens pour un même code."),
    fix=(
        "Take the label from the terminology, and check the code of the element that has the other one.",
        "Reprendre le libellé de la terminologie, et vérifier le code de l’élément qui porte l’autre libellé.",
    ),
    why=(
        "At least one of the two elements says something else than its code.",
        "Au moins l’un des deux éléments dit autre chose que son code.",
    ),
    source=_CISIS,
)
NO_DISPLAY = RuleInfo(
    code="SX-LABEL-06",
    severity=Severity.INFORMATION,
    title=("A code has no displayName", "Un code n’a pas de displayName"),
    found=(
        "{code} of {system} has neither displayName nor originalText.",
        "{code} de {system} n’a ni displayName ni originalText.",
    ),
    expected=("The label of the code in displayName.", "Le libellé du code dans displayName."),
    fix=("Add displayName.", "Ajouter displayName."),
    why=(
        "A receiver without this terminology can show its user nothing but the code.",
        "Un destinataire qui n’a pas cette terminologie ne peut afficher que le code.",
    ),
    source=_CISIS,
)

STRANGE = RuleInfo(
    code="SX-LABEL-07",
    severity=Severity.WARNING,
    title=(
        "The displayName has nothing in common with the label of the code",
        "Le displayName n’a rien de commun avec le libellé du code",
    ),
    found=(
        (
            "{code} of {system} has a displayName that shares no word with its official label, or with its other"
            " displayName in this document."
        ),
        (
            "{code} de {system} porte un displayName sans aucun mot commun avec son libellé officiel, ou avec son autre"
            " displayName dans ce document."
        ),
    ),
    expected=("The label of the code, or the code of the label.", "Le libellé du code, ou le code du libellé."),
    fix=(
        "Look the code up, then correct the code or the displayName; it was probably copied from another element.",
        "Rechercher le code, puis corriger le code ou le displayName, sans doute recopié d’un autre élément.",
    ),
    why=(
        "People read the label, programs read the code: they do not understand the same thing.",
        "Les personnes lisent le libellé, les logiciels lisent le code : ils ne comprennent pas la même chose.",
    ),
    source=_CISIS,
)

RULES: tuple[RuleInfo, ...] = (DISPLAY, OTHER_LABEL, TEXT, RESIDUAL, SEVERAL, NO_DISPLAY, STRANGE)
