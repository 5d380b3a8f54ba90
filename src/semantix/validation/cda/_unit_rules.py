"""The rules on units and values, in words."""

from __future__ import annotations

from semantix.model import Severity
from semantix.validation._findings import RuleInfo

_UCUM = "The Unified Code for Units of Measure, 2.1, https://ucum.org/ucum"
_PQ = "HL7 Version 3 Data Types R1, PQ.unit; The Unified Code for Units of Measure, 2.1, https://ucum.org/ucum"
_LOINC = "LOINC Users’ Guide, property of a term, https://loinc.org/kb/users-guide/; UCUM 2.1, https://ucum.org/ucum"
_BODY = "Extremes published for living patients, rounded outwards; LOINC property of the code"

NOT_UCUM = RuleInfo(
    code="SX-UNIT-01",
    severity=Severity.ERROR,
    title=("The unit is not a UCUM code", "L’unité n’est pas un code UCUM"),
    found=("the unit “{unit}”", "l’unité « {unit} »"),
    expected=("the UCUM code “{ucum}”", "le code UCUM « {ucum} »"),
    fix=('Write unit="{ucum}".', 'Écrire unit="{ucum}".'),
    why=(
        "A receiver that computes (conversion, comparison, curve) refuses an unknown unit, or drops the value.",
        "Un destinataire qui calcule (conversion, comparaison, courbe) refuse une unité inconnue ou écarte la valeur.",
    ),
    source=_PQ,
)
UNKNOWN_UNIT = RuleInfo(
    code="SX-UNIT-02",
    severity=Severity.ERROR,
    title=("The unit cannot be read as UCUM", "L’unité ne se lit pas en UCUM"),
    found=("the unit “{unit}”", "l’unité « {unit} »"),
    expected=(
        "a UCUM code; what is counted goes between braces, as in {{tablet}}",
        "un code UCUM ; ce qui est compté s’écrit entre accolades, comme {{tablet}}",
    ),
    fix=(
        "Look the unit up in UCUM; for a thing that is counted, put its name between braces or leave the unit out.",
        "Chercher l’unité dans UCUM ; pour une chose comptée, mettre son nom entre accolades ou omettre l’unité.",
    ),
    why=(
        "A receiver that computes refuses a unit that it does not know, or drops the value.",
        "Un destinataire qui calcule refuse une unité inconnue ou écarte la valeur.",
    ),
    source=_PQ,
)
UNIT_IN_DISGUISE = RuleInfo(
    code="SX-UNIT-03",
    severity=Severity.WARNING,
    title=(
        "The unit is UCUM, but surely not the one that is meant",
        "L’unité est un code UCUM, mais sans doute pas celui voulu",
    ),
    found=(
        "the unit “{unit}”, in which UCUM reads capital letters as they are",
        "l’unité « {unit} », dont UCUM prend les majuscules à la lettre",
    ),
    expected=("most likely “{ucum}”", "très probablement « {ucum} »"),
    fix=(
        'Write unit="{ucum}" if that is meant; UCUM is case sensitive (M is mega, m is milli, G is giga or gauss).',
        'Écrire unit="{ucum}" si c’est le sens voulu ; UCUM distingue la casse (M : méga, m : milli).',
    ),
    why=(
        "Read to the letter, the value is wrong by a power of ten, or measures something else.",
        "Prise à la lettre, la valeur est fausse d’une puissance de dix, ou mesure autre chose.",
    ),
    source=_UCUM + ", section 2.1 (case sensitive variant)",
)
MALFORMED = RuleInfo(
    code="SX-UNIT-04",
    severity=Severity.ERROR,
    title=("The value is not a number", "La valeur n’est pas un nombre"),
    found=(
        "an attribute @value of <{element}> (type {type}) that is not a number",
        "un attribut @value de <{element}> (type {type}) qui n’est pas un nombre",
    ),
    expected=(
        "digits with a decimal point, without a blank or a sign of comparison",
        "des chiffres avec un point décimal, sans espace ni signe de comparaison",
    ),
    fix=(
        "Use a decimal point; tell “less than” with a bound (IVL_PQ), and a result in words with the type ST.",
        "Utiliser le point décimal ; dire « inférieur à » par une borne (IVL_PQ), un résultat en mots par le type ST.",
    ),
    why=(
        "The value cannot be computed with, and the schema refuses it.",
        "La valeur n’est pas exploitable, et le schéma la refuse.",
    ),
    source="HL7 Version 3 Data Types R1, REAL and PQ.value; XML Schema Part 2, decimal",
)
NO_VALUE = RuleInfo(
    code="SX-UNIT-05",
    severity=Severity.WARNING,
    title=("A quantity without a value", "Une quantité sans valeur"),
    found=("<{element}> without @value and without @nullFlavor", "<{element}> sans @value ni @nullFlavor"),
    expected=(
        "a value, or a nullFlavor that says why there is none",
        "une valeur, ou un nullFlavor qui dit pourquoi il n’y en a pas",
    ),
    fix=(
        'Give the value, or nullFlavor="UNK" (unknown) or "NA" (does not apply).',
        'Donner la valeur, ou nullFlavor="UNK" (inconnu) ou "NA" (sans objet).',
    ),
    why=(
        "A receiver cannot tell a value that is unknown from one that was lost.",
        "Le destinataire ne distingue pas une valeur inconnue d’une valeur perdue.",
    ),
    source="HL7 Version 3 Data Types R1, nullFlavor",
)
NO_UNIT = RuleInfo(
    code="SX-UNIT-06",
    severity=Severity.WARNING,
    title=("A measured value without its unit", "Une valeur mesurée sans son unité"),
    found=("no unit on the value of {code}", "aucune unité sur la valeur de {code}"),
    expected=("a unit of the same kind as “{ucum}”", "une unité de même nature que « {ucum} »"),
    fix=(
        "Write the value as a PQ with its UCUM unit, for instance “{ucum}”.",
        "Écrire la valeur en PQ avec son unité UCUM, par exemple « {ucum} ».",
    ),
    why=(
        "Without its unit a result cannot be read: the same number is normal in one unit and deadly in another.",
        "Sans unité, un résultat ne se lit pas : le même nombre est normal dans une unité et mortel dans une autre.",
    ),
    source=_LOINC,
)
OTHER_DIMENSION = RuleInfo(
    code="SX-UNIT-07",
    severity=Severity.ERROR,
    title=("The unit does not measure what the code is of", "L’unité ne mesure pas ce que désigne le code"),
    found=("the unit “{unit}” for {code}", "l’unité « {unit} » pour {code}"),
    expected=("a unit of the same kind as “{ucum}”", "une unité de même nature que « {ucum} »"),
    fix=(
        "Correct the unit, or take the code of what was measured (LOINC has one code for mass, another for moles…).",
        "Corriger l’unité, ou prendre le code de ce qui a été mesuré (LOINC a un code en masse, un autre en moles…).",
    ),
    why=(
        "Either the code or the unit is wrong: results of two kinds get mixed under one code.",
        "Le code ou l’unité est faux : des résultats de deux natures se mêlent sous le même code.",
    ),
    source=_LOINC,
)
IMPLAUSIBLE = RuleInfo(
    code="SX-UNIT-08",
    severity=Severity.WARNING,
    title=("A value that no patient can have", "Une valeur qu’aucun patient ne peut avoir"),
    found=("a value of {code}, in “{unit}”, out of bounds", "une valeur de {code}, en « {unit} », hors des bornes"),
    expected=("between {low} and {high} {ucum}", "entre {low} et {high} {ucum}"),
    fix=(
        "Check the value, its unit and its code against the source.",
        "Vérifier la valeur, son unité et son code dans la source.",
    ),
    why=(
        "A wrong value raises alerts, or hides what is true.",
        "Une valeur fausse déclenche des alertes, ou cache la vraie.",
    ),
    source=_BODY,
)
RIGHT_IN_ANOTHER = RuleInfo(
    code="SX-UNIT-09",
    severity=Severity.WARNING,
    title=("A value that would be right in another unit", "Une valeur qui serait juste dans une autre unité"),
    found=("a value of {code} that cannot be in “{unit}”", "une valeur de {code} impossible en « {unit} »"),
    expected=("most likely the unit “{other}”", "très probablement l’unité « {other} »"),
    fix=(
        'Write unit="{other}" if the number is right, or convert the number.',
        'Écrire unit="{other}" si le nombre est bon, ou convertir le nombre.',
    ),
    why=(
        "Read as it is written, the result is wrong by a factor: a wrong decision may follow.",
        "Lu tel qu’écrit, le résultat est faux d’un facteur : une mauvaise décision peut suivre.",
    ),
    source=_BODY,
)
IMPOSSIBLE = RuleInfo(
    code="SX-UNIT-10",
    severity=Severity.ERROR,
    title=("A value that arithmetic forbids", "Une valeur arithmétiquement impossible"),
    found=(
        "a value of {code}, in “{unit}”, that is negative or above the whole",
        "une valeur de {code}, en « {unit} », négative ou supérieure au tout",
    ),
    expected=(
        "no negative measure, and at most 100 % of a whole",
        "pas de mesure négative, et au plus 100 % d’un tout",
    ),
    fix=(
        "Check the value, its sign and its unit against the source.",
        "Vérifier la valeur, son signe et son unité dans la source.",
    ),
    why=("The value is false as it stands.", "La valeur est fausse telle quelle."),
    source="Arithmetic; LOINC property of the code",
)
DURATION_UNIT = RuleInfo(
    code="SX-UNIT-11",
    severity=Severity.ERROR,
    title=("A duration in a unit that is not of time", "Une durée dans une unité qui n’est pas de temps"),
    found=("the unit “{unit}” on <{element}>", "l’unité « {unit} » sur <{element}>"),
    expected=("a UCUM unit of time: s, min, h, d, wk, mo, a", "une unité de temps UCUM : s, min, h, d, wk, mo, a"),
    fix=(
        "Write the duration in a unit of time (d is the day, mo the month, m is the metre).",
        "Écrire la durée dans une unité de temps (d : jour, mo : mois ; m est le mètre).",
    ),
    why=(
        "The dosing schedule or the period cannot be computed.",
        "Le rythme des prises ou la période n’est pas calculable.",
    ),
    source="HL7 Version 3 Data Types R1, PIVL.period and IVL<TS>.width",
)
