"""The rules on intervals and reference ranges, in words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_IVL = "HL7 Version 3 Data Types R1, IVL (low, high, inclusive)"
_RANGE = (
    "CDA R2, section 4.3.6.1, referenceRange; CI-SIS, volet Modèles de contenus CDA, FR-Resultat-examens-de-biologie"
)

REVERSED = RuleInfo(
    code="SX-RANGE-01",
    severity=Severity.ERROR,
    title=("The low bound is above the high bound", "La borne basse est au-dessus de la borne haute"),
    found=("an interval <{element}> whose low is above its high", "un intervalle <{element}> dont low dépasse high"),
    expected=("low at most equal to high", "low inférieur ou égal à high"),
    fix=("Swap the bounds, or correct the wrong one.", "Échanger les bornes, ou corriger celle qui est fausse."),
    why=(
        "No value is inside: every result is flagged, or none.",
        "Aucune valeur n’est dedans : tous les résultats sont signalés, ou aucun.",
    ),
    source=_IVL,
)
BOUNDS_DIFFER = RuleInfo(
    code="SX-RANGE-02",
    severity=Severity.ERROR,
    title=("The two bounds do not measure the same thing", "Les deux bornes ne mesurent pas la même chose"),
    found=(
        "an interval <{element}> from “{low}” to “{high}”",
        "un intervalle <{element}> de « {low} » à « {high} »",
    ),
    expected=("the same unit for both bounds", "la même unité pour les deux bornes"),
    fix=("Give both bounds in one unit.", "Donner les deux bornes dans une seule unité."),
    why=("The interval cannot be compared with anything.", "L’intervalle n’est comparable à rien."),
    source=_IVL,
)
OTHER_KIND = RuleInfo(
    code="SX-RANGE-03",
    severity=Severity.ERROR,
    title=(
        "The reference range is in a unit that the value cannot be converted to",
        "L’intervalle de référence est dans une unité inconvertible avec celle de la valeur",
    ),
    found=("a value in “{unit}”, a range in “{range}”", "une valeur en « {unit} », un intervalle en « {range} »"),
    expected=("a range in the unit of the value", "un intervalle dans l’unité de la valeur"),
    fix=("Give the range in “{unit}”.", "Donner l’intervalle en « {unit} »."),
    why=(
        "A reader compares numbers of two kinds; a receiver cannot compare them at all.",
        "Le lecteur compare des nombres de deux natures ; le destinataire ne peut pas les comparer.",
    ),
    source=_RANGE,
)
OTHER_UNIT = RuleInfo(
    code="SX-RANGE-04",
    severity=Severity.INFORMATION,
    title=(
        "The reference range is in another unit than the value",
        "L’intervalle de référence est dans une autre unité que la valeur",
    ),
    found=("a value in “{unit}”, a range in “{range}”", "une valeur en « {unit} », un intervalle en « {range} »"),
    expected=("a range in the unit of the value", "un intervalle dans l’unité de la valeur"),
    fix=("Convert the range to “{unit}”.", "Convertir l’intervalle en « {unit} »."),
    why=(
        "It can be converted, but a reader who compares the numbers is wrong by a factor.",
        "La conversion est possible, mais le lecteur qui compare les nombres se trompe d’un facteur.",
    ),
    source=_RANGE,
)
CONTRADICTED = RuleInfo(
    code="SX-RANGE-05",
    severity=Severity.WARNING,
    title=(
        "The interpretation contradicts the reference range",
        "L’interprétation contredit l’intervalle de référence",
    ),
    found=(
        "interpretation {interpretation} on a value that is {side} the range",
        "interprétation {interpretation} sur une valeur située {side_fr} l’intervalle",
    ),
    expected=("N inside the range, L below, H above", "N dans l’intervalle, L au-dessous, H au-dessus"),
    fix=(
        "Correct the interpretation or the bounds, or compute one from the other.",
        "Corriger l’interprétation ou les bornes, ou calculer l’une d’après les autres.",
    ),
    why=(
        "A receiver that trusts the code shows a normal result as abnormal, or hides an abnormal one.",
        "Un destinataire qui se fie au code montre comme anormal un résultat normal, ou cache une anomalie.",
    ),
    source="HL7 ObservationInterpretation (2.16.840.1.113883.5.83), codes N, L, H, LL, HH; " + _RANGE,
)
SINGLE_POINT = RuleInfo(
    code="SX-RANGE-06",
    severity=Severity.WARNING,
    title=(
        "The reference range holds one value only, or none",
        "L’intervalle de référence ne contient qu’une valeur, ou aucune",
    ),
    found=("low and high are the same number", "low et high sont le même nombre"),
    expected=("two bounds, or only the one that exists", "deux bornes, ou seulement celle qui existe"),
    fix=(
        "Leave out the bound that does not exist, or correct the one that was copied.",
        "Omettre la borne qui n’existe pas, ou corriger celle qui a été recopiée.",
    ),
    why=("Nearly every result falls outside.", "Presque tous les résultats tombent en dehors."),
    source=_RANGE,
)
NO_BOUND = RuleInfo(
    code="SX-RANGE-07",
    severity=Severity.WARNING,
    title=("An interval without bounds", "Un intervalle sans borne"),
    found=(
        "an IVL_PQ without low, high, center, width, value and nullFlavor",
        "un IVL_PQ sans low, high, center, width, value ni nullFlavor",
    ),
    expected=("at least one bound, or a nullFlavor", "au moins une borne, ou un nullFlavor"),
    fix=(
        "Give a bound, write the range as words, or leave the element out.",
        "Donner une borne, écrire l’intervalle en mots, ou omettre l’élément.",
    ),
    why=("The interval says nothing and reads as lost data.", "L’intervalle ne dit rien et passe pour une perte."),
    source=_IVL,
)
