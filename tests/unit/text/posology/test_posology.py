"""French dosage texts: what is read, what stays text, and that nothing is made up."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semantix.text.posology import Amount, Limit, Posology, Span, Step, read_posology

D = Decimal
ONE = Amount(D(1))
DAY = Span(ONE, "d")
TABLETS = "comprimé"


def amount(low, high=None):
    return Amount(D(low), D(high) if high is not None else None)


def span(low, unit, high=None):
    return Span(amount(low, high), unit)


def only(text: str) -> Step:
    found = read_posology(text)
    assert len(found.steps) == 1, (text, found)
    return found.steps[0]


def tablet(**fields) -> Step:
    return Step(**{"dose": ONE, "unit": TABLETS, **fields})


# --- the parts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("1 cp matin et soir pendant 5 jours", tablet(moments=("MORN", "EVE"), duration=span(5, "d"))),
        ("un comprimé trois fois par jour", tablet(frequency=amount(3), period=DAY)),
        ("1 CP X3/J", tablet(frequency=amount(3), period=DAY)),
        ("1cp 3xj", tablet(frequency=amount(3), period=DAY)),
        ("1 cp 1 à 2 fois par jour", tablet(frequency=amount(1, 2), period=DAY)),
        ("1 cp toutes les 4 à 6 heures", tablet(frequency=ONE, period=span(4, "h", 6))),
        ("1 cp / 8h", tablet(frequency=ONE, period=span(8, "h"))),
        ("1 cp un jour sur deux", tablet(frequency=ONE, period=span(2, "d"))),
        ("1 cp une fois par semaine", tablet(frequency=ONE, period=span(1, "wk"))),
        ("1 cp au petit déjeuner et au dîner", tablet(moments=("CM", "CV"))),
        ("1 cp matin et soir avant les repas", tablet(moments=("ACM", "ACV"))),
        ("1 cp 30 min avant le petit-déjeuner", tablet(moments=("ACM",), offset=30)),
        ("1 cp le soir au coucher", tablet(moments=("HS",))),
        ("1 cp le soir et au coucher", tablet(moments=("EVE", "HS"))),
        ("1 cp entre les repas", tablet(moments=("IC",))),
        ("1 cp à 8h et 20h30", tablet(hours=("08:00", "20:30"))),
        ("1 cp le matin à 8h", tablet(hours=("08:00",))),
        ("1 cp lundi, mercredi et vendredi", tablet(days=("mon", "wed", "fri"))),
        ("1 cp du samedi au lundi", tablet(days=("mon", "sat", "sun"))),
        ("1 cp/j sauf le dimanche", tablet(period=DAY, days=("mon", "tue", "wed", "thu", "fri", "sat"))),
        ("1 cp par jour pendant 5 à 7 jours", tablet(frequency=ONE, period=DAY, duration=span(5, "d", 7))),
        ("1 cp si besoin", tablet(as_needed=True)),
        ("1 cp en cas de fièvre > 38,5", tablet(as_needed=True, reason="fièvre > 38,5")),
        ("1 cp après chaque selle liquide", tablet(as_needed=True, reason="après chaque selle liquide")),
        ("1 cp si besoin, max 8/j", tablet(as_needed=True, maximum=Limit(D(8), TABLETS, DAY))),
        ("1 cp jusqu'à 3 fois par jour", tablet(maximum=Limit(D(3), "prise", DAY))),
        ("1 cp/6h, au moins 4h entre 2 prises", tablet(frequency=ONE, period=span(6, "h"), interval=span(4, "h"))),
        ("1 cp PO le matin", tablet(moments=("MORN",), route="orale")),
        ("1 cp en dose unique", tablet(once=True)),
        ("1 cp en une seule fois", tablet(once=True)),
        ("1 cp MMS", tablet(moments=("MORN", "NOON", "EVE"))),
        ("mms 1 cp", tablet(moments=("MORN", "NOON", "EVE"))),
        ("1 cp 2 fois tous les 3 jours", tablet(frequency=amount(2), period=span(3, "d"))),
        ("1 cp 2 fois chaque jour", tablet(frequency=amount(2), period=DAY)),
        ("1 cp 3 fois par jour toutes les 8 h", tablet(frequency=ONE, period=span(8, "h"))),
        ("1 cp 1 fois par jour tous les 2 jours", tablet(frequency=ONE, period=span(2, "d"))),
        ("1 cp le premier jour", tablet(duration=span(1, "d"))),
        ("1 cp le soir 1 seul jour", tablet(moments=("EVE",), duration=span(1, "d"))),
        ("1 cp le soir QSP 1 boîte", tablet(moments=("EVE",))),
        ("1 cp/j en une seule prise", tablet(frequency=ONE, period=DAY)),
        ("1 cp avant le dîner et après le petit déjeuner", tablet(moments=("ACV", "PCM"))),
        ("1 cp en une prise par semaine", tablet(frequency=ONE, period=span(1, "wk"))),
        ("1 cp le matin en une prise", tablet(moments=("MORN",))),
        ("1 cp par jour avec un verre d'eau", tablet(frequency=ONE, period=DAY, notes=("avec un verre d'eau",))),
    ],
)
def test_a_text_is_read_into_its_parts(text, step):
    assert read_posology(text) == Posology(text=text, steps=(step,))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1/2 cp le soir", "0.5"),
        ("½ cp le soir", "0.5"),
        ("un demi comprimé le soir", "0.5"),
        ("1 demi cp le soir", "0.5"),
        ("un quart de comprimé le soir", "0.25"),
        ("3/4 de cp le soir", "0.75"),
        ("1 cp et demi le soir", "1.5"),
        ("1½ cp le soir", "1.5"),
        ("1 et demi cp le soir", "1.5"),
        ("2,5 cp le soir", "2.5"),
        ("1 000 mg le soir", "1000"),
        ("100 000 UI le soir", "100000"),
    ],
)
def test_a_number_is_read_however_it_is_written(text, number):
    assert only(text).dose == amount(number)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1 gél le soir", "gélule"),
        ("1 c. à soupe le soir", "cuillère à soupe"),
        ("1 càc le soir", "cuillère à café"),
        ("1 gtte le soir", "goutte"),
        ("1 dose-poids le soir", "dose-poids"),
        ("75 microgrammes le soir", "µg"),
        ("15 mg / kg le soir", "mg/kg"),
        ("1 suppo le soir", "suppositoire"),
    ],
)
def test_a_unit_is_its_word_in_full(text, unit):
    assert only(text).unit == unit


def test_accents_case_and_spacing_do_not_matter():
    texts = (
        "1 gélule après le dîner",
        "1 GELULE APRES LE DINER",
        "1gelule   apres le diner.",
        "1 gélule après le dîner",
    )
    decomposed = unicodedata.normalize("NFD", texts[0])
    assert {read_posology(t).steps for t in (*texts, decomposed)} == {read_posology(texts[0]).steps}
    assert read_posology(texts[0]).structured


def test_words_are_kept_as_they_were_written():
    assert only("1 goutte dans l’Œil Droit le soir").site == "l’Œil Droit"


# --- the dose of a day --------------------------------------------------------------------------------------------


def test_a_day_s_dose_is_not_one_dose():
    step = only("3 cp par jour")
    assert (step.dose, step.is_total, step.frequency, step.period) == (amount(3), True, None, DAY)


def test_a_day_s_dose_may_be_shared_out():
    step = only("60 mg/kg/j en 4 prises")
    assert (step.dose, step.unit, step.is_total, step.frequency) == (amount(60), "mg/kg", True, amount(4))


def test_a_day_s_dose_at_one_moment_is_one_dose():
    assert not only("2 cp par jour le matin").is_total
    assert not only("2 cp/j en une prise").is_total


def test_one_tablet_a_day_is_taken_once():
    assert only("1 cp par jour") == tablet(frequency=ONE, period=DAY)


def test_applications_count_times():
    step = only("2 applications par jour")
    assert (step.dose, step.frequency) == (None, amount(2))


# --- several doses ------------------------------------------------------------------------------------------------


def doses(text):
    return [(s.sequence, s.dose and s.dose.low, s.moments) for s in read_posology(text).steps]


@pytest.mark.parametrize("text", ["1-0-2", "1 - 0 - 2", "1/0/2", "1.0.2", "1 0 2", "1-0-2-0", "matin 1, soir 2"])
def test_a_scheme_gives_the_dose_of_each_moment(text):
    assert doses(text) == [(1, D(1), ("MORN",)), (1, D(2), ("EVE",))]


def test_equal_doses_are_one_instruction():
    assert doses("1-0-1") == [(None, D(1), ("MORN", "EVE"))]
    assert doses("1 cp le matin + 1 cp le soir") == [(None, D(1), ("MORN", "EVE"))]


def test_doses_of_one_day_share_what_is_said_at_the_end():
    steps = read_posology("2 cp matin, 1 midi et 1 soir après les repas pendant 5 jours").steps
    assert [(s.dose.low, s.unit, s.moments) for s in steps] == [
        (D(2), TABLETS, ("PCM",)),
        (D(1), TABLETS, ("PCD", "PCV")),
    ]
    assert {s.duration for s in steps} == {span(5, "d")}


def test_steps_that_follow_are_numbered():
    text = "3 cp le matin 3 jours, puis 2 cp 3 jours puis 1 pendant 3 jours puis arrêt"
    steps = read_posology(text).steps
    assert [(s.sequence, s.dose.low, s.unit, s.moments, s.duration) for s in steps] == [
        (1, D(3), TABLETS, ("MORN",), span(3, "d")),
        (2, D(2), TABLETS, ("MORN",), span(3, "d")),
        (3, D(1), TABLETS, ("MORN",), span(3, "d")),
    ]


def test_a_later_rhythm_keeps_the_dose():
    steps = read_posology("2 cp 3/j 5 jours puis 2/j").steps
    assert [(s.dose.low, s.frequency.low) for s in steps] == [(D(2), D(3)), (D(2), D(2))]


# --- what to dispense ---------------------------------------------------------------------------------------------


def test_supply_is_no_length_of_treatment():
    read = read_posology("1 cp le soir, QSP 3 mois, AR 2 fois")
    assert (read.supply, read.repeats, read.steps[0].duration) == (span(3, "mo"), 2, None)


def test_not_to_be_renewed_is_no_renewal():
    assert read_posology("1 cp le soir, ne pas renouveler").repeats == 0


# --- what stays text ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("selon INR", "words"),
        ("1 cp selon INR", "words"),
        ("1 cp le matin, jamais le soir", "words"),
        ("1 cp matin ou soir", "words"),
        ("DOLIPRANE 1 cp le matin", "words"),
        ("1 cp le 12/03/2024", "words"),
        ("1 cp x" * 400, "words"),
        ("3401234567890 cp le soir", "words"),
        ("2 cp par jour matin et soir", "ambiguous"),
        ("1 cp le matin et 1 cp le soir si besoin", "ambiguous"),
        ("2 bouffées matin et soir, et si besoin", "ambiguous"),
        ("1 cp matin puis 1 cp soir", "ambiguous"),
        ("1 cp 500 mg le matin", "ambiguous"),
        ("1 cp 21 jours sur 28", "ambiguous"),
        ("1 cp une semaine sur deux", "ambiguous"),
        ("10-10-12", "ambiguous"),
        ("500 mg si besoin, max 4/j", "ambiguous"),
        ("3 à 1 cp le soir", "ambiguous"),
        ("1 cp 3 fois par jour matin et soir", "contradiction"),
        ("1 cp 3 fois par jour toutes les 6 heures", "contradiction"),
        ("4 cp 3 fois par jour, max 6 cp par jour", "contradiction"),
        ("1 cp 2 fois par semaine le lundi", "contradiction"),
        ("1 cp le matin à 20h", "contradiction"),
        ("2 cp ce soir", "words"),
        ("1 cp jusqu'à 3 par jour", "ambiguous"),
        ("1 cp 30 min pendant le repas", "ambiguous"),
        ("1 cp 10 à 15 min avant le repas", "ambiguous"),
        ("1 cp 2 jours avant le repas", "ambiguous"),
        ("1 cp 0,25 min avant le repas", "ambiguous"),
        ("1 cp aux 2 repas", "ambiguous"),
        ("1 cp entre les déjeuner et dîner", "ambiguous"),
        ("1 cp 2,5 fois par jour", "ambiguous"),
        ("1 cp toutes les 0 h", "ambiguous"),
        ("1 cp / 0 j", "ambiguous"),
        ("1 cp 3 fois par 0 jour", "ambiguous"),
        ("1 cp en 2 prises uniques", "ambiguous"),
        ("3 cp 2 seules prises", "words"),
        ("3 cp en 2 prises par jour", "ambiguous"),
        ("3 cp par jour en 2 à 3 prises", "ambiguous"),
        ("1 à 2 cp et demi le soir", "ambiguous"),
        ("1 cp à 25h", "ambiguous"),
        ("1 cp à 8h et 8h", "ambiguous"),
        ("1 cp pendant 10 min", "ambiguous"),
        ("1 cp par minute", "ambiguous"),
        ("1 cp du lundi au lundi", "ambiguous"),
        ("1 cp avec chaque selle", "words"),
        ("1 cp matin midi et soir au dîner", "ambiguous"),
        ("1 cp au coucher 30 min avant les repas", "ambiguous"),
        ("1 cp 1-0-1 matin", "ambiguous"),
        ("1 à 2 cp 1-0-1", "ambiguous"),
        ("1-0-1 1-0-0", "ambiguous"),
        ("matin 1 cp soir 2 cp midi", "ambiguous"),
        ("1 cp le matin 5 mg le soir", "ambiguous"),
        ("1 cp le matin 2 cp le matin", "ambiguous"),
        ("1 cp le matin 2 cp le lundi", "ambiguous"),
        ("1 cp le matin si douleur après chaque selle", "ambiguous"),
        ("1 cp PO SC le matin", "ambiguous"),
        ("1 cp le soir pendant 3 jours pendant 5 jours", "ambiguous"),
        ("1 cp le soir QSP 1 mois QSP 3 mois", "ambiguous"),
        ("1 cp le matin sauf lundi, sauf mardi", "ambiguous"),
        ("1 cp sauf lundi", "ambiguous"),
        ("1 cp à 8h matin et soir", "ambiguous"),
        ("3 cp/j pendant 3 jours puis matin", "ambiguous"),
        ("2 demi cp le soir", "ambiguous"),
        ("1 cp 1/j 2/j", "ambiguous"),
        ("1 cp 1 fois par jour par jour", "ambiguous"),
        ("application le soir", "words"),
        ("1 cp/j sauf dimanche matin", "words"),
        ("1-0-1 par semaine", "contradiction"),
        ("1 cp lundi tous les jours", "contradiction"),
        ("1 cp entre les repas après le dîner", "contradiction"),
        ("1 cp après le dîner avant le dîner", "contradiction"),
        ("1 cp tous les jours toutes les 6 h", "contradiction"),
        ("1 cp le matin puis", "ambiguous"),
        ("3 cp le soir en prise unique", "ambiguous"),
        ("12-03-2024", "ambiguous"),
        ("quatre vingt dix mg le soir", "ambiguous"),
        ("1 cp à renouveler 1 fois si besoin", "ambiguous"),
        ("1 cp avant le dîner et après le repas", "ambiguous"),
        ("1 cp par semaine pendant 3 jours", "contradiction"),
        ("2 cp d'emblée matin et soir", "contradiction"),
        ("1 cp à jeun après le dîner", "contradiction"),
        ("1 cp 2 fois par jour 3 fois par jour", "contradiction"),
        ("1 cp 2 fois par jour tous les 3 jours", "contradiction"),
        ("1 cp 2 fois par jour à 8h", "contradiction"),
        ("1 cp à 8h toutes les 6 h", "contradiction"),
        ("1 cp le lundi tous les 3 jours", "contradiction"),
        ("QSP 3 mois", "nothing"),
        ("arrêt", "nothing"),
        ("par jour", "nothing"),
        ("max 3 cp par jour", "nothing"),
    ],
)
def test_a_text_that_may_mean_something_else_stays_text(text, reason):
    read = read_posology(text)
    assert (read.structured, read.reason, read.text) == (False, reason, text)


def test_the_first_stretch_not_understood_is_told():
    text = "½ cp à dîner selon glycémie"
    start, end = read_posology(text).span
    assert text[start:end] == "selon"


# --- properties ---------------------------------------------------------------------------------------------------

WORDS = (
    "1 2 3 1/2 0,5 un deux demi cp gélule mg mg/kg ml bouffées gouttes UI matin midi soir coucher à le la et ou puis "
    "de par / jour j semaine mois h heures fois x toutes les tous pendant durant avant après repas lundi jeudi sauf "
    "si besoin en cas douleur fièvre max maximum sans dépasser espacer minimum entre prises prise unique QSP AR chaque "
    "renouveler arrêt oeil narine voie orale SC - , ; : ( ) . + > 38,5 8h 20h30 1-0-1 1er dans sur jusqu'à dosage"
).split()
PHRASES = (
    "1 cp|2 cp|1 à 2 cp|500 mg|1/2|2|matin|le soir|midi|au coucher|3 fois par jour|2/j|par jour|toutes les 6 h|puis|et"
    "|1 jour sur 2|le lundi|pendant 5 jours|3 jours|si besoin|si douleur|max 6/j|,|ou|avant les repas|après le dîner"
    "|à 8h|à 20h30|en 2 prises|en une prise|QSP 1 mois|AR 2 fois|dans chaque narine|SC|sauf dimanche|x3|x 7 jours"
    "|1-0-1|à jeun|dose unique|arrêt|tous les jours|une fois par semaine|espacer de 4h|d'emblée|demi"
    "|30 min avant le repas"
).split("|")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.lists(
    st.sampled_from(PHRASES), max_size=6
).map(" ".join)
SPOKEN = {"demi": "0.5", "demie": "0.5", "moitie": "0.5", "quart": "0.25", "trois quarts": "0.75", "½": "0.5"}
NUMBER_WORDS = (
    "un deux trois quatre cinq six sept huit neuf dix - douze - quatorze quinze - - - - vingt vingt-et-un".split()
)


def numbers_of(text: str) -> set[Decimal]:
    """Every number that a text may mean, found without the reader."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    found = {D(n.replace(",", ".").replace(" ", "")) for n in re.findall(r"\d+(?: 000)*(?:[.,]\d+)?", plain)}
    found |= {D(n) for n in re.findall(r"\d", plain)}
    found |= {D(int(n)) for n in re.findall(r"\d+", plain)}
    found |= {D(a) / D(b) for a, b in re.findall(r"(\d+) ?/ ?([1-9]\d*)", plain)}
    found |= {D(number) for word, number in SPOKEN.items() if word in plain}
    found |= {D(i) for i, word in enumerate(NUMBER_WORDS, 1) if re.search(rf"\b{word}e?\b", plain)}
    return found


def numbers_in(step: Step) -> set[Decimal]:
    amounts = [step.dose, step.frequency]
    amounts += [s.amount for s in (step.period, step.duration, step.interval) if s is not None]
    found = {x for a in amounts if a is not None for x in (a.low, a.high) if x is not None}
    if step.maximum is not None:
        found |= {step.maximum.value, step.maximum.per.amount.low}
    if step.offset is not None:
        found.add(D(step.offset))
    return found | {D(int(part)) for hour in step.hours for part in hour.split(":")}


def is_explained(number: Decimal, told: set[Decimal]) -> bool:
    """A number stands in the text, or is the sum of two that do (``1 cp et demi``), or is one (``par jour``)."""
    return number in told or number in (0, 1) or any(number - x in told for x in told)


@given(TEXTS)
@settings(max_examples=400)
def test_every_number_read_stands_in_the_text(text):
    read = read_posology(text)
    told = numbers_of(text)
    told |= {60 * x for x in told if "h" in text}  # an offset in hours is told in minutes
    for step in read.steps:
        assert all(is_explained(number, told) for number in numbers_in(step)), (text, step)


@given(TEXTS)
@settings(max_examples=300)
def test_a_reading_says_something_or_why_not(text):
    read = read_posology(text)
    assert read.text == text
    assert read.structured != bool(read.reason)
    assert read.span is None or 0 <= read.span[0] <= read.span[1] <= len(text)


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_any_text_is_taken(text):
    assert read_posology(text).text == text


@given(st.lists(st.sampled_from([*"bcdfgklnpqrtvwz"]), min_size=4, max_size=9).map("".join), TEXTS)
@settings(max_examples=300)
def test_one_unknown_word_leaves_the_text(word, text):
    assert not read_posology(f"{text} {word}q").structured


@given(TEXTS)
@settings(max_examples=200)
def test_spacing_and_case_change_nothing(text):
    shouted = read_posology("  " + text.upper().replace(" ", "  ") + " ")
    read = read_posology(text)
    lowered = [[str(getattr(s, f)).lower() for f in Step.__struct_fields__ if f != "notes"] for s in shouted.steps]
    words = [[" ".join(x.split()) for x in one] for one in lowered]
    assert words == [
        [" ".join(str(getattr(s, f)).lower().split()) for f in Step.__struct_fields__ if f != "notes"]
        for s in read.steps
    ]


def test_fractions_are_those_that_end():
    assert not read_posology("1/3 cp le soir").structured
    assert Fraction(only("3/4 cp le soir").dose.low) == Fraction(3, 4)


def test_a_long_text_takes_no_longer_than_its_length():
    texts = ("1 " * 450, "1-" * 450, "matin et " * 100, "si douleur et " * 70, "( " * 450, "1 à " * 240, "1h" * 450)
    assert not any(read_posology(text).structured and text[:2] == "1 " for text in texts)
