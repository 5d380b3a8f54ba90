"""What records hold beside results: histories, allergies, treatments, vaccinations, signs, acts; and the truth of it.

Everything follows from the name of the practice. Words are common ones, people and vaccines are invented.
"""

from __future__ import annotations

import datetime as dt
import random

from msgspec import Struct
from tests.practices.content import Person, Practice

from semantix.identifiers import ean_key

PROBLEMS = (
    ("Hypertension artérielle", "I10"),
    ("Diabète de type 2", "E11.9"),
    ("Asthme", "J45.9"),
    ("Hypothyroïdie", "E03.9"),
    ("Migraine sans aura", "G43.0"),
    ("Goutte", "M10.9"),
)
OPERATIONS = ("Appendicectomie", "Cholécystectomie", "Prothèse totale de hanche droite")
RELATIVES = ("Mère : cancer du sein", "Infarctus chez le père")
SUBSTANCES = ("Pénicilline", "Arachide", "Iode")
NONE_KNOWN = "Aucune allergie connue"
NOT_ASKED = "Allergies non recherchées"
DRUGS = (
    ("FICTOLOL 5 mg", "1 cp le matin"),
    ("PARACETAMOL 1 g", "1 cp matin et soir pendant 5 jours"),
    ("INVENTOL 20 mg", "1 gélule par jour"),
    ("SALBUTAMOL 100 µg", "2 bouffées si besoin, max 8/j"),
)
AS_TOLD = ("FICTARINE 2 mg", "selon le carnet de suivi")
"""A treatment whose dosage no reader may turn into doses."""
ACTS = ("DEQP003", "BGQP002")


class History(Struct, frozen=True):
    """One item: ``section`` is ``med``, ``chir`` or ``fam``; ``day`` is when it began, where that is known."""

    person: Person
    section: str
    words: str
    day: dt.date | None = None
    cim10: str = ""


class AllergyNote(Struct, frozen=True):
    """What a record says of allergies: a substance, that there are none, or that nobody asked."""

    person: Person
    words: str


class Drug(Struct, frozen=True):
    """A treatment, its dosage in words."""

    person: Person
    name: str
    dosage: str
    start: dt.date
    end: dt.date | None = None


class Vaccine(Struct, frozen=True):
    """A vaccination, with the CIP 13 of the product and its lot."""

    person: Person
    name: str
    cip: str
    lot: str
    day: dt.date


class Signs(Struct, frozen=True):
    """Measures of one visit: cm, kg, mmHg, beats a minute."""

    person: Person
    day: dt.date
    height: int
    weight: str
    systolic: int
    diastolic: int
    pulse: int


class Act(Struct, frozen=True):
    """An act of the CCAM."""

    person: Person
    day: dt.date
    code: str


class RecordsTruth(Struct, frozen=True):
    """How many of each a faithful reader finds; ``dosages`` are those that become doses and times."""

    problems: int
    operations: int
    relatives: int
    allergies: int
    none_known: int
    not_asked: int
    drugs: int
    dosages: int
    vaccines: int
    signs: int
    acts: int


class Records(Struct, frozen=True):
    """The records of the people of a practice who have results."""

    histories: tuple[History, ...]
    allergies: tuple[AllergyNote, ...]
    drugs: tuple[Drug, ...]
    vaccines: tuple[Vaccine, ...]
    signs: tuple[Signs, ...]
    acts: tuple[Act, ...]

    @property
    def truth(self) -> RecordsTruth:
        """What there is to find."""
        sections = [one.section for one in self.histories]
        notes = [one.words for one in self.allergies]
        return RecordsTruth(
            problems=sections.count("med"),
            operations=sections.count("chir"),
            relatives=sections.count("fam"),
            allergies=sum(words in SUBSTANCES for words in notes),
            none_known=notes.count(NONE_KNOWN),
            not_asked=notes.count(NOT_ASKED),
            drugs=len(self.drugs),
            dosages=sum(one.dosage != AS_TOLD[1] for one in self.drugs),
            vaccines=len(self.vaccines),
            signs=5 * len(self.signs),
            acts=len(self.acts),
        )


def cip13(digits: str) -> str:
    """A CIP 13 with right keys for six digits, which are changed until they have one."""
    number = int(digits)
    while True:
        text = f"{number:06d}"
        key = sum(int(digit) * rank for rank, digit in enumerate(text, 2)) % 11
        if key < 10:
            whole = f"34009{text}{key}"
            return whole + ean_key(whole)
        number += 1


def records_of(practice: Practice) -> Records:
    """Invent the records of a practice; the same practice gives the same records."""
    dice = random.Random(f"records/{practice.name}")
    people = list({one.person.number: one.person for one in practice.results}.values())
    return Records(
        tuple(one for person in people for one in _histories(dice, person)),
        tuple(one for person in people for one in _allergies(dice, person)),
        tuple(one for person in people for one in _drugs(dice, person)),
        tuple(_vaccine(dice, person) for person in people if dice.random() < 0.6),
        tuple(_signs(dice, person) for person in people if dice.random() < 0.8),
        tuple(Act(person, _day(dice), dice.choice(ACTS)) for person in people if dice.random() < 0.4),
    )


def _day(dice: random.Random) -> dt.date:
    return dt.date(2012, 1, 2) + dt.timedelta(days=dice.randrange(1_200))


def _histories(dice: random.Random, person: Person) -> list[History]:
    found = [
        History(person, "med", words, _day(dice) if dice.random() < 0.7 else None, cim10)
        for words, cim10 in dice.sample(PROBLEMS, dice.randint(0, 2))
    ]
    if dice.random() < 0.5:
        found.append(History(person, "chir", dice.choice(OPERATIONS), _day(dice)))
    if dice.random() < 0.4:
        found.append(History(person, "fam", dice.choice(RELATIVES)))
    return found


def _allergies(dice: random.Random, person: Person) -> list[AllergyNote]:
    choice = dice.random()
    if choice < 0.25:
        return []
    if choice < 0.45:
        return [AllergyNote(person, NONE_KNOWN)]
    if choice < 0.6:
        return [AllergyNote(person, NOT_ASKED)]
    return [AllergyNote(person, words) for words in dice.sample(SUBSTANCES, dice.randint(1, 2))]


def _drugs(dice: random.Random, person: Person) -> list[Drug]:
    found = []
    for name, dosage in dice.sample((*DRUGS, AS_TOLD), dice.randint(0, 3)):
        start = _day(dice)
        end = start + dt.timedelta(days=90) if dice.random() < 0.5 else None
        found.append(Drug(person, name, dosage, start, end))
    return found


def _vaccine(dice: random.Random, person: Person) -> Vaccine:
    name, digits = dice.choice((("GRIPVAX", "912340"), ("TETAVAX DEMO", "945670")))
    return Vaccine(person, name, cip13(digits), f"L{dice.randrange(10_000):04d}", _day(dice))


def _signs(dice: random.Random, person: Person) -> Signs:
    return Signs(
        person,
        _day(dice),
        dice.randint(152, 188),
        f"{dice.randint(48, 96)}.{dice.choice('05')}",
        dice.randrange(110, 165, 5),
        dice.randrange(60, 95, 5),
        dice.randint(56, 92),
    )
