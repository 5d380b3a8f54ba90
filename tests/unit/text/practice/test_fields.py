"""Fields that hold one kind of thing, in invented words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from semantix.text.practice import (
    Finding,
    read_alcohol,
    read_ald,
    read_allergy,
    read_history,
    read_measure,
    read_tobacco,
    read_vaccination,
    read_vital_signs,
)


def only(found: tuple[Finding, ...]) -> Finding:
    assert len(found) == 1, found
    return found[0]


# --- allergies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "status"),
    [
        ("allergie à la pénicilline", "pénicilline", "allergy"),
        ("allergique aux AINS", "AINS", "allergy"),
        ("Allergie : amoxicilline", "amoxicilline", "allergy"),
        ("patient allergique à l'iode", "iode", "allergy"),
        ("intolérance au lactose", "lactose", "intolerance"),
        ("allergie à la pénicilline (urticaire)", "pénicilline", "allergy"),
        ("allergie à la pénicilline : œdème de Quincke", "pénicilline", "allergy"),
        ("choc anaphylactique à l'arachide", "arachide", "allergy"),
        ("pas d'allergie sauf pénicilline", "pénicilline", "allergy"),
        ("allergie alimentaire (arachide)", "arachide", "allergy"),
        ("ATCD d'allergie au latex", "latex", "allergy"),
    ],
)
def test_allergy_inside_a_history(text: str, words: str, status: str) -> None:
    found = only(read_history(text))
    assert (found.kind, found.words, found.status) == ("allergy", words, status)
    assert (found.negated, found.suspected) == (False, False)


@pytest.mark.parametrize(
    ("text", "status", "about"),
    [
        ("pas d'allergie", "none-known", "allergy"),
        ("pas d'allergie connue", "none-known", "allergy"),
        ("aucune allergie connue à ce jour", "none-known", "allergy"),
        ("Allergie : néant", "none-known", "allergy"),
        ("Allergies : 0", "none-known", "allergy"),
        ("non allergique", "none-known", "allergy"),
        ("jamais d'allergie", "none-known", "allergy"),
        ("pas d'allergie médicamenteuse", "none-known", "medication-allergy"),
        ("pas d'allergie alimentaire connue", "none-known", "food-allergy"),
        ("pas d'intolérance", "none-known", "allergy"),
        ("allergies non renseignées", "not-recorded", "allergy"),
        ("allergie : NR", "not-recorded", "allergy"),
        ("allergies non demandées", "not-asked", "allergy"),
        ("allergie : à demander", "not-asked", "allergy"),
        ("allergie : inconnue", "unknown", "allergy"),
        ("allergie ?", "unknown", "allergy"),
    ],
)
def test_no_allergy_not_asked_and_not_recorded_stay_three(text: str, status: str, about: str) -> None:
    found = only(read_history(text))
    assert (found.kind, found.status, found.about) == ("absence", status, about)


@pytest.mark.parametrize(
    "text",
    [
        "pas d'allergie",
        "pas d'allergie à la pénicilline",
        "pas d'autre allergie connue",
        "pas d'allergie connue, HTA",
        "allergies non connues",
        "allergies multiples",
        "test allergologique négatif",
        "l'allergie à la pénicilline n'est pas confirmée",
        "pas vraiment allergique à la pénicilline",
        "allergie à la pénicilline exclue",
        "mère allergique à la pénicilline",
        "désensibilisation allergie aux guêpes",
        "allergie à la pénicilline : tests négatifs",
        "rhinite allergique",
        "asthme allergique aux acariens",
        "intolérance au glucose",
        "intolérance à l'effort",
        "aucune allergie à la pénicilline mais rash",
        "pas d'allergie à la pénicilline, urticaire à l'aspirine",
    ],
)
def test_what_is_no_allergy_never_becomes_one(text: str) -> None:
    assert not [x for x in read_history(text) if x.kind == "allergy" and not x.negated]


def test_denied_allergies() -> None:
    for text in (
        "pas d'allergie à la pénicilline",
        "pas allergique à la pénicilline",
        "allergie à la pénicilline infirmée",
    ):
        found = only(read_history(text))
        assert (found.kind, found.words, found.negated) == ("allergy", "pénicilline", True)
    found = read_history("pas d'allergie à la pénicilline ni à l'aspirine")
    assert [(x.words, x.negated) for x in found] == [("pénicilline", True), ("aspirine", True)]
    found = read_history("pas d'allergie à la pénicilline, allergie à l'aspirine")
    assert [(x.words, x.negated) for x in found] == [("pénicilline", True), ("aspirine", False)]


@pytest.mark.parametrize(
    "text",
    [
        "allergie à la pénicilline ?",
        "suspicion d'allergie à la pénicilline",
        "allergie à la pénicilline non confirmée",
        "notion d'allergie à la pénicilline",
        "allergie à la pénicilline probable",
    ],
)
def test_suspected_allergies(text: str) -> None:
    found = only(read_history(text))
    assert (found.kind, found.words, found.suspected, found.negated) == ("allergy", "pénicilline", True, False)


def test_what_may_be_no_substance_is_told_as_a_note() -> None:
    assert [(x.kind, x.words) for x in read_history("allergie pénicilline, HTA")] == [
        ("allergy", "pénicilline"),
        ("note", "HTA"),
    ]
    assert [(x.kind, x.words) for x in read_history("Allergies : pénicilline, aspirine et iode")] == [
        ("allergy", "pénicilline"),
        ("allergy", "aspirine"),
        ("allergy", "iode"),
    ]


def test_sorts_of_allergies() -> None:
    assert only(read_history("allergie médicamenteuse : amoxicilline")).about == "medication"
    assert only(read_history("allergie alimentaire : arachide")).about == "food"
    assert only(read_history("allergie : oui")).words == ""


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Pénicilline", ["allergy"]),
        ("Pénicilline, aspirine ; iode", ["allergy"] * 3),
        ("pollens et acariens", ["allergy"] * 2),
        ("RAS", ["absence"]),
        ("aucune connue", ["absence"]),
        ("non renseigné", ["absence"]),
        ("bilan négatif", ["note"]),
        ("éviter AINS", ["note"]),
        ("rhinite allergique", ["note"]),
        ("oui", ["note"]),
        ("pas de pénicilline", ["note"]),
        ("mère : pénicilline", ["family"]),
        ("a fait un malaise lors de la prise de son traitement", ["note"]),
    ],
)
def test_field_of_allergies(text: str, kinds: list[str]) -> None:
    assert [x.kind for x in read_allergy(text)] == kinds


def test_date_of_an_allergy() -> None:
    found = only(read_allergy("sulfamides depuis 2010"))
    assert found.start is not None
    assert (found.words, found.start.iso) == ("sulfamides", "2010")


# --- tobacco, alcohol -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "status", "amount", "end"),
    [
        ("fumeur", "current", None, None),
        ("tabagisme actif 1/2 paquet/jour", "current", "0.5 paquet/jour", None),
        ("fume 10 cig/j depuis 1990", "current", "10 cig/j", None),
        ("tabagisme non sevré", "current", None, None),
        ("tabac 10-15 cig/j", "current", None, None),
        ("<5 cig/j", "current", None, None),
        ("non fumeur", "none", None, None),
        ("pas de tabac", "none", None, None),
        ("tabac : 0", "none", None, None),
        ("non", "none", None, None),
        ("N", "none", None, None),
        ("ne fume pas", "none", None, None),
        ("n'a jamais fumé", "never", None, None),
        ("jamais", "never", None, None),
        ("ex-fumeur sevré en 2010", "former", None, "2010"),
        ("ancien fumeur 20 PA sevré 2010", "former", "20 PA", "2010"),
        ("ne fume plus depuis 2010", "former", None, "2010"),
        ("ex fumeur depuis 2010", "former", None, "2010"),
        ("arrêt du tabac en 2015", "former", None, "2015"),
        ("pas de tabac depuis 2010", "former", None, "2010"),
        ("tabac 20 PA", "", "20 PA", None),
        ("20 paquets-années", "", "20 paquets-années", None),
        ("tabac 12,5 PA", "", "12.5 PA", None),
        ("tabac", "", None, None),
        ("fumeur ?", "unknown", None, None),
    ],
)
def test_tobacco(text: str, status: str, amount: str | None, end: str | None) -> None:
    found = only(read_tobacco(text))
    assert found.kind == "tobacco"
    assert found.status == status
    assert (f"{found.number.value} {found.number.unit}" if found.number else None) == amount
    assert (found.end.iso if found.end else None) == end
    assert found.negated == (status in {"none", "never"})


@pytest.mark.parametrize(
    "text",
    [
        "père fumeur",
        "tabagisme passif",
        "sevrage tabagique conseillé",
        "vapote",
        "cannabis",
        "10/j",
        "excessif ou non",
        "cancer lié au tabac",
    ],
)
def test_what_is_no_tobacco_status(text: str) -> None:
    assert not [x for x in read_tobacco(text) if x.kind == "tobacco" and x.status in {"current", "former"}]


def test_tobacco_not_asked() -> None:
    assert only(read_tobacco("non demandé")).status == "not-asked"
    assert only(read_tobacco("tabac : NR")).status == "not-recorded"
    assert read_tobacco("  ") == ()


@pytest.mark.parametrize(
    ("text", "status", "amount"),
    [
        ("alcool : 3 verres/j", "current", "3 verres/j"),
        ("OH occasionnel", "current", None),
        ("non consommateur", "none", None),
        ("pas d'alcool", "none", None),
        ("0", "none", None),
        ("sevré 2015", "former", None),
        ("1 à 2 verres/j", "current", None),
        ("jamais", "never", None),
    ],
)
def test_alcohol(text: str, status: str, amount: str | None) -> None:
    found = only(read_alcohol(text))
    assert (found.kind, found.status) == ("alcohol", status)
    assert (f"{found.number.value} {found.number.unit}" if found.number else None) == amount


# --- vaccinations -----------------------------------------------------------------------------------------------


def test_vaccination_with_lot_rank_and_day() -> None:
    found = only(read_vaccination("Infanrix Hexa 2e dose lot n° AB12C le 12/05/2018"))
    assert found.on is not None
    assert (found.words, found.lot, found.rank, found.on.iso) == ("Infanrix Hexa", "AB12C", 2, "2018-05-12")
    assert only(read_history("vaccin DTP Revaxis lot A1234 le 12/05/2018")).words == "DTP Revaxis"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Revaxis CIP 3595583", "3595583"),
        ("Revaxis 3400935955838", "3400935955838"),
        ("Revaxis 34009 359 5583 8", "3400935955838"),
        ("Revaxis CIP 3595584", ""),
        ("Revaxis 3595583", ""),
        ("Revaxis lot 3595583", ""),
    ],
)
def test_cip_of_a_vaccine_has_a_right_key(text: str, code: str) -> None:
    assert only(read_vaccination(text)).code == code


def test_first_booster_is_no_first_dose() -> None:
    assert only(read_vaccination("Revaxis R1 12/03/2011")).rank is None
    assert only(read_vaccination("hépatite B troisième injection")).rank == 3
    assert only(read_vaccination("hépatite B dose 2")).rank == 2


@pytest.mark.parametrize(
    ("text", "words", "status", "negated"),
    [
        ("refuse le vaccin grippe", "grippe", "refused", True),
        ("refus HPV", "HPV", "refused", True),
        ("ROR : non fait", "ROR", "", True),
        ("pas de vaccin grippe", "grippe", "", True),
        ("DTP à faire", "DTP", "planned", False),
        ("DTP rappel en 2028", "DTP", "planned", False),
        ("vacciné contre la grippe", "grippe", "", False),
    ],
)
def test_vaccination_not_done_or_planned(text: str, words: str, status: str, negated: bool) -> None:
    found = only(read_vaccination(text))
    assert (found.kind, found.words, found.status, found.negated) == ("immunization", words, status, negated)


@pytest.mark.parametrize(
    "text",
    [
        "à jour",
        "vaccins à jour",
        "vaccin à faire",
        "réaction au vaccin",
        "vaccin ?",
        "carnet non vu",
        "BCG contre-indiqué",
    ],
)
def test_what_is_no_vaccination(text: str) -> None:
    assert only(read_vaccination(text)).kind == "note"


def test_long_field_of_vaccinations_is_kept() -> None:
    assert only(read_vaccination("x " * 20_000)).kind == "note"


# --- ALD --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rank", "code", "words"),
    [
        ("ALD 30 n°8", 8, "", ""),
        ("ALD 8 E11", 8, "E11", ""),
        ("ALD n° 30 cancer du sein C50.9", 30, "C50.9", "cancer du sein"),
        ("ALD : diabète de type 2 (E11.9)", None, "E11.9", "diabète de type 2"),
        ("ALD hors liste", 31, "", ""),
        ("ALD polypathologie", 32, "", "polypathologie"),
        ("8", 8, "", ""),
        ("ALD 30", None, "", ""),
        ("ALD 8, 12", None, "", ""),
        ("ALD 99", None, "", ""),
        ("oui", None, "", ""),
        ("ALD", None, "", ""),
    ],
)
def test_ald(text: str, rank: int | None, code: str, words: str) -> None:
    found = only(read_ald(text))
    assert (found.kind, found.negated, found.rank, found.code, found.words) == ("ald", False, rank, code, words)


def test_ald_dates_and_columns_of_their_own() -> None:
    found = only(read_ald("ALD 8 E11 01/01/2010-31/12/2019"))
    assert found.start is not None
    assert found.end is not None
    assert (found.start.iso, found.end.iso) == ("2010-01-01", "2019-12-31")
    found = only(read_ald("1", number="8", code="E11.9"))
    assert (found.rank, found.code, found.system) == (8, "E11.9", "cim10")
    assert only(read_ald("", number="99", code="diabète")).rank is None
    assert read_ald("") == ()


@pytest.mark.parametrize("text", ["non", "0", "pas d'ALD", "ALD : non", "aucune ALD"])
def test_no_ald(text: str) -> None:
    found = only(read_ald(text, number="8"))
    assert (found.kind, found.negated, found.rank) == ("ald", True, None)


def test_ald_that_is_not_there_yet() -> None:
    assert only(read_ald("demande ALD en cours")).kind == "note"
    assert only(read_ald("ALD refusée")).kind == "note"
    assert only(read_ald("non renseigné")).kind == "absence"
    assert only(read_ald("ALD 8 E11 I10")).code == ""


# --- vital signs ------------------------------------------------------------------------------------------------


def signs(text: str) -> list[str]:
    return [f"{x.code} {x.number.value} {x.number.unit}" for x in read_vital_signs(text) if x.number is not None]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("TA 12/8", ["8480-6 12 cm[Hg]", "8462-4 8 cm[Hg]"]),
        ("TA 12,5/8", ["8480-6 12.5 cm[Hg]", "8462-4 8 cm[Hg]"]),
        ("PA 128/76", ["8480-6 128 mm[Hg]", "8462-4 76 mm[Hg]"]),
        ("TA : 130/80 mmHg", ["8480-6 130 mmHg", "8462-4 80 mmHg"]),
        ("PAS/PAD 130/80", ["8480-6 130 mm[Hg]", "8462-4 80 mm[Hg]"]),
        ("PAS 130 PAD 80", ["8480-6 130 mm[Hg]", "8462-4 80 mm[Hg]"]),
        ("TA bras droit 13/8", ["8480-6 13 cm[Hg]", "8462-4 8 cm[Hg]"]),
        ("pouls 72", ["8867-4 72 /min"]),
        ("FC 72/min", ["8867-4 72 /min"]),
        ("FC : 72 bpm", ["8867-4 72 bpm"]),
        ("poids 72,5 kg", ["29463-7 72.5 kg"]),
        ("taille 1m75", ["8302-2 1.75 m"]),
        ("taille 175 cm", ["8302-2 175 cm"]),
        ("taille 1,75", ["8302-2 1.75 m"]),
        ("IMC 24,5", ["39156-5 24.5 kg/m2"]),
        ("T° 37,5", ["8310-5 37.5 Cel"]),
        ("temp 38.2°C", ["8310-5 38.2 °C"]),
        ("SaO2 98%", ["2708-6 98 %"]),
        ("PC 38", ["8287-5 38 cm"]),
        ("FR 18", ["9279-1 18 /min"]),
        ("TA 12/8 pouls 72 poids 80", ["8480-6 12 cm[Hg]", "8462-4 8 cm[Hg]", "8867-4 72 /min", "29463-7 80 kg"]),
    ],
)
def test_vital_signs(text: str, found: list[str]) -> None:
    assert signs(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "TA 12/80",
        "TA 8/12",
        "TA 130/8",
        "TA 12/8 mmHg",
        "TA 130/80 cmHg",
        "TA 0/0",
        "TA 3/2",
        "TA 900/80",
        "TA 130/80/70",
        "TA normale",
        "tour de taille 95 cm",
        "perte de poids 5 kg",
        "poids de naissance 3200 g",
        "nodule taille 12 mm",
        "taille 3 cm",
        "poids 3200",
        "poids 70-72",
        "poids père 80 kg",
        "objectif TA 13/8",
        "T 37",
        "pouls 720",
        "175 cm",
        "poids 72 mg",
    ],
)
def test_numbers_that_stay_words(text: str) -> None:
    found = read_vital_signs(text)
    assert {x.kind for x in found} == {"note"}
    assert all(x.reason and x.text in text for x in found)


def test_implied_units_and_sites_are_told() -> None:
    first, second = read_vital_signs("TA bras droit 13/8")
    assert (first.implied_unit, first.site, second.site, first.text) == (
        True,
        "bras droit",
        "bras droit",
        "TA bras droit 13/8",
    )
    assert not only(read_vital_signs("poids 72 kg")).implied_unit


def test_day_of_the_measures() -> None:
    assert [x.on.iso for x in read_vital_signs("TA 12/8 le 12/03/2011") if x.on] == ["2011-03-12"] * 2
    assert [x.kind for x in read_vital_signs("pouls 72 fatigué")] == ["vital-sign", "note"]
    assert read_vital_signs("") == ()


@pytest.mark.parametrize(
    ("kind", "text", "unit", "found"),
    [
        ("pressure", "12/8", "", ["12 cm[Hg]", "8 cm[Hg]"]),
        ("pressure", "130-80", "", ["130 mm[Hg]", "80 mm[Hg]"]),
        ("pressure", "130/80", "mmHg", ["130 mmHg", "80 mmHg"]),
        ("pressure", "12/8", "mmHg", []),
        ("pressure", "TA 12/8", "", ["12 cm[Hg]", "8 cm[Hg]"]),
        ("pulse", "72", "", ["72 /min"]),
        ("pulse", "72 bpm", "", ["72 bpm"]),
        ("weight", "72,5", "", ["72.5 kg"]),
        ("weight", "3200", "g", ["3200 g"]),
        ("weight", "abc", "", []),
        ("weight", "poids 72 kg", "", ["72 kg"]),
        ("height", "1m75", "", ["1.75 m"]),
        ("height", "175", "", ["175 cm"]),
        ("temperature", "37,2", "", ["37.2 Cel"]),
        ("head", "38", "cm", ["38 cm"]),
        ("bmi", "", "", []),
    ],
)
def test_column_of_one_measure(kind: str, text: str, unit: str, found: list[str]) -> None:
    numbers = [x.number for x in read_measure(kind, text, unit=unit)]
    assert [f"{n.value} {n.unit}" for n in numbers if n is not None] == found


def test_digits_stay_as_written() -> None:
    found = only(read_measure("weight", "72,50"))
    assert found.number is not None
    assert found.number.value.as_tuple() == Decimal("72.50").as_tuple()
