"""Invented people and results, and what each label may be coded as. Everything follows from the seed."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

FAMILIES = (
    "MARTEL", "DUBREUIL", "LECOINTE", "GARNEAU", "BONNEFOY", "PERRACHE", "VILLARD", "CHOLET", "ESTÈVE", "FOURCADE",
    "HÉBRARD", "JOUANNE", "KERVELLA", "LAGARDE", "MÉRIGNAC", "NOUGUIER", "OLLIVIER", "POITEVIN", "QUÉMÉNER", "ROUVIÈRE",
)  # fmt: skip
GIVEN = {
    "F": ("Agathe", "Bérénice", "Clotilde", "Élodie", "Françoise", "Hélène", "Irène", "Joëlle", "Mathilde", "Zoé"),
    "M": ("Anselme", "Baptiste", "Cédric", "Édouard", "François", "Grégoire", "Hervé", "Loïc", "Noël", "Théophile"),
}


class Analyte(Struct, frozen=True):
    """Labels of one measurement as practices write them, its unit, bounds of plausible values, and right LOINC codes.

    ``right`` holds every code that a reader may give; any other code is a wrong one. An abstention is never wrong.
    """

    labels: tuple[str, ...]
    unit: str
    low: str
    high: str
    right: frozenset[str]


def _analyte(labels: str, unit: str, low: str, high: str, right: str) -> Analyte:
    return Analyte(tuple(labels.split("|")), unit, low, high, frozenset(right.split()))


ANALYTES: tuple[Analyte, ...] = (
    _analyte("Créatinine|CREATININE|Créatininémie|Créat", "mg/L", "6.0", "14.0", "2160-0"),
    _analyte("Créatinine|CREATININE|Créatinine sérique", "µmol/L", "50", "130", "14682-9"),
    _analyte("HbA1c|Hémoglobine glyquée|HEMOGLOBINE GLYQUEE A1C|Hb A1c", "%", "4.8", "9.5", "4548-4 17856-6 4549-2"),
    _analyte("HbA1c|Hémoglobine glyquée IFCC", "mmol/mol", "30", "75", "59261-8"),
    _analyte("Glycémie à jeun|GLYCEMIE A JEUN|Glucose à jeun", "g/L", "0.70", "1.40", "53049-3 1558-6"),
    _analyte("Glycémie post-prandiale|GLYCEMIE POST PRANDIALE", "g/L", "0.90", "1.90", "16915-1"),
    _analyte("Glycémie moyenne estimée", "g/L", "0.90", "2.10", "27353-2"),
    _analyte("Cholestérol total|CHOLESTEROL TOTAL", "g/L", "1.20", "3.00", "2093-3"),
    _analyte("HDL cholestérol|Cholestérol HDL|CHOLESTEROL HDL", "g/L", "0.30", "0.90", "2085-9"),
    _analyte("LDL cholestérol|Cholestérol LDL", "g/L", "0.60", "2.20", "2089-1 13457-7 18262-6"),
    _analyte("LDL cholestérol calculé|LDL calculé (Friedewald)", "g/L", "0.60", "2.20", "13457-7"),
    _analyte("Rapport LDL/HDL|RAPPORT LDL/HDL", "", "1.1", "4.5", "11054-4"),
    _analyte("Rapport cholestérol total/HDL", "", "2.1", "6.5", "9830-1"),
    _analyte("Triglycérides|TRIGLYCERIDES", "g/L", "0.40", "2.50", "2571-8"),
    _analyte("TSH|T.S.H.|TSH ultrasensible", "mUI/L", "0.30", "5.50", "3016-3 11580-8 11579-0"),
    _analyte("Hémoglobine|HEMOGLOBINE", "g/dL", "10.5", "16.9", "718-7"),
    _analyte("Leucocytes|LEUCOCYTES", "G/L", "3.5", "11.5", "6690-2 26464-8 804-5"),
    _analyte("Plaquettes|PLAQUETTES", "G/L", "140", "420", "777-3 26515-7"),
    _analyte("Potassium|POTASSIUM|Kaliémie", "mmol/L", "3.3", "5.3", "2823-3"),
    _analyte("Potassium urinaire|Kaliurèse", "mmol/L", "20", "95", "2828-2"),
    _analyte("Sodium|Natrémie", "mmol/L", "133", "147", "2951-2"),
    _analyte("CRP|Protéine C réactive|C.R.P.", "mg/L", "1", "48", "1988-5 30522-7"),
    _analyte("Ferritine|FERRITINE", "µg/L", "15", "320", "2276-4 20567-4"),
    _analyte("Albumine|ALBUMINE", "g/L", "33", "50", "1751-7 61151-7 61152-5"),
    _analyte("Préalbumine", "g/L", "0.18", "0.40", "14338-8"),
    _analyte("Microalbuminurie", "mg/L", "3", "60", "14957-5 53530-2 30003-8"),
    _analyte("Créatinine urinaire", "mmol/L", "4.0", "18.0", "14683-7"),
    _analyte("CPK|Créatine kinase", "UI/L", "40", "280", "2157-6"),
    _analyte("ASAT (TGO)|ASAT", "UI/L", "12", "60", "1920-8 30239-8"),
    _analyte("Gamma GT|GAMMA-GT", "UI/L", "10", "90", "2324-2"),
)
"""Common labels and their false friends, with codes checked against the published names of LOINC."""


class Person(Struct, frozen=True):
    """An invented patient of one practice."""

    number: str
    family: str
    given: str
    sex: str
    birth: dt.date
    city: str = "VALMOREL-SUR-ORGE"
    postcode: str = "27999"


class Result(Struct, frozen=True):
    """One result: its digits with a point; writers choose marks and layouts."""

    person: Person
    day: dt.date
    label: str
    value: Decimal
    unit: str
    right: frozenset[str]
    comparator: str = ""

    def written(self, mark: str = ",") -> str:
        """The value with a decimal mark, its comparator before it."""
        return self.comparator + str(self.value).replace(".", mark)


class Practice(Struct, frozen=True):
    """The content of one practice: ``sent`` lists the results in the order of the files, those re-sent twice."""

    name: str
    doctor: str
    laboratory: str
    people: tuple[Person, ...]
    results: tuple[Result, ...]
    resent: tuple[int, ...]
    """Indexes of days (see :meth:`days`) that the laboratory sends a second time, word for word."""

    def days(self) -> list[list[Result]]:
        """Results grouped by patient and day, in order."""
        groups: dict[tuple[str, dt.date], list[Result]] = {}
        for result in self.results:
            groups.setdefault((result.person.number, result.day), []).append(result)
        return list(groups.values())

    def sent(self) -> Iterator[list[Result]]:
        """The days as they come: some of them twice."""
        days = self.days()
        for index, day in enumerate(days):
            yield day
            if index in self.resent:
                yield day

    @property
    def truth(self) -> Truth:
        """What a faithful reader finds."""
        labels: Counter[tuple[str, str]] = Counter((one.label, one.unit) for one in self.results)
        return Truth(len({one.person.number for one in self.results}), len(self.results), dict(labels))


class Truth(Struct, frozen=True):
    """Patients with results, results (each once, however often it was sent), and how often each label is met."""

    people: int
    results: int
    labels: dict[tuple[str, str], int]


def make(name: str, seed: int, *, people: int = 12, analytes: Sequence[Analyte] = ANALYTES) -> Practice:
    """Invent a practice; the same arguments give the same practice."""
    dice = random.Random(f"{seed}/{name}")
    crowd = tuple(_person(dice, index) for index in range(people))
    results = [result for person in crowd for result in _results(dice, person, analytes)]
    practice = Practice(name, "DR LENOIR", "LABM", crowd, tuple(results), ())
    days = len(practice.days())
    return Practice(
        name,
        dice.choice(FAMILIES),
        f"LABORATOIRE {dice.choice(FAMILIES)}",
        crowd,
        tuple(results),
        tuple(sorted(dice.sample(range(days), max(1, days // 8)))),
    )


def _person(dice: random.Random, index: int) -> Person:
    sex = dice.choice("FM")
    born = dt.date(1931, 1, 1) + dt.timedelta(days=dice.randrange(28_000))
    return Person(str(1000 + index * 7), dice.choice(FAMILIES), dice.choice(GIVEN[sex]), sex, born)


def _results(dice: random.Random, person: Person, analytes: Sequence[Analyte]) -> Iterator[Result]:
    day = dt.date(2014, 1, 6) + dt.timedelta(days=dice.randrange(400))
    for _ in range(dice.randint(1, 3)):
        for analyte in dice.sample(analytes, dice.randint(2, min(6, len(analytes)))):
            yield Result(
                person, day, dice.choice(analyte.labels), _value(dice, analyte), analyte.unit, analyte.right,
                dice.choice(("", "", "", "", "", "", "", "<", ">")),
            )  # fmt: skip
        day += dt.timedelta(days=dice.randint(20, 300))


def _value(dice: random.Random, analyte: Analyte) -> Decimal:
    low, high = Decimal(analyte.low), Decimal(analyte.high)
    exponent = low.as_tuple().exponent
    assert isinstance(exponent, int)
    step = Decimal(1).scaleb(exponent)
    return low + step * dice.randrange(int((high - low) / step) + 1)
