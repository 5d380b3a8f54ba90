"""Histories in invented words: what is a fact, whose, and what stays words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.text.practice import (
    Finding,
    read_alcohol,
    read_ald,
    read_allergy,
    read_diagnosis,
    read_history,
    read_measure,
    read_tobacco,
    read_vaccination,
    read_vital_signs,
)

PATIENT = {"problem", "history", "procedure"}


def told(text: str, section: str = "") -> list[tuple[str, str]]:
    """Kind and words of each finding."""
    return [(one.kind, one.words) for one in read_history(text, section=section)]


def one(text: str, section: str = "") -> Finding:
    found = read_history(text, section=section)
    assert len(found) == 1, found
    return found[0]


# --- items ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "goutte ; asthme\nzona",
        "- goutte\n- asthme\n- zona",
        "• goutte • asthme • zona",
        "1) goutte 2) asthme 3) zona",
        "1. goutte\n2. asthme\n3. zona",
        "goutte - asthme - zona",
        "Goutte. Asthme. Zona.",
        "goutte\r\nasthme\r\n\r\nzona",
        "ATCD : goutte ; asthme ; zona",
    ],
)
def test_items_are_told_apart(text: str) -> None:
    assert [words.lower() for _, words in told(text)] == ["goutte", "asthme", "zona"]


@pytest.mark.parametrize(
    "text",
    [
        "goutte (crises en mai ; juin)",
        "insuffisance cardiaque, rénale",
        "entorse de cheville, sévère",
        "lombalgie (L4 - L5)",
    ],
)
def test_one_item_stays_one(text: str) -> None:
    assert told(text) == [("history", text)]


def test_commas_separate_what_are_whole_names() -> None:
    assert told("HTA, diabète de type 2, goutte") == [
        ("history", "HTA"),
        ("history", "diabète de type 2"),
        ("history", "goutte"),
    ]


def test_short_forms_end_no_sentence() -> None:
    assert told("fracture sup. Ouverte") == [("history", "fracture sup. Ouverte")]


def test_item_too_long_is_kept_whole() -> None:
    found = one("douleur " * 100)
    assert (found.kind, found.reason) == ("note", "too long for one item")
    assert one("x; " * 10_000).reason == "too long to be a list of items"


def test_empty_text_has_no_finding() -> None:
    assert read_history("  \n ") == ()
    assert one("...").kind == "note"


# --- marks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "pas de diabète",
        "absence de diabète",
        "aucun diabète",
        "ni diabète",
        "n'a pas de diabète",
        "jamais eu de diabète",
        "pas d'antécédent de diabète",
        "diabète : non",
        "diabète : 0",
        "diabète éliminé",
        "nie tout diabète",
    ],
)
def test_denied(text: str) -> None:
    found = one(text)
    assert (found.kind, found.words, found.negated, found.text) == ("history", "diabète", True, text)


@pytest.mark.parametrize(
    "text",
    [
        "dépistage du diabète négatif",
        "pas d'HTA, diabète",
        "plus de diabète",
        "pas vraiment diabétique",
        "recherche de diabète négative",
        "diabète non retrouvé",
        "probable pas de diabète",
        "pas de suspicion de diabète",
        "sans diabète",
        "bilan de diabète normal",
        "absence de rate",
        "sans domicile fixe",
        "risque de diabète",
        "peur du diabète",
        "surveiller diabète",
        "traitement du diabète",
        "CI metformine",
    ],
)
def test_what_cannot_be_told_is_no_problem(text: str) -> None:
    assert all(found.kind == "note" and found.reason for found in read_history(text))


@pytest.mark.parametrize(
    "text", ["diabète non insulinodépendant", "HTA non traitée", "AVC sans séquelle", "lymphome non hodgkinien"]
)
def test_a_denial_inside_a_name_denies_nothing_and_stays(text: str) -> None:
    found = one(text)
    assert (found.negated, found.words) == (False, text)


def test_denials_that_go_on() -> None:
    for text in ("pas d'HTA ni de goutte", "ni HTA ni goutte", "pas d'HTA, de goutte", "pas d'HTA ou de goutte"):
        found = read_history(text)
        assert [(x.words, x.negated, x.text) for x in found] == [("HTA", True, text), ("goutte", True, text)]


def test_a_denial_ends_at_but() -> None:
    assert [(x.words, x.negated) for x in read_history("pas d'HTA mais goutte")] == [("HTA", True), ("goutte", False)]


def test_after_a_denial_a_dash_or_a_list_is_open() -> None:
    assert [(x.kind, x.negated) for x in read_history("pas d'HTA - goutte - zona")] == [
        ("history", True),
        ("note", False),
        ("note", False),
    ]
    assert {x.kind for x in read_history("Pas de :\n- HTA\n- goutte")} == {"note"}
    assert [x.kind for x in read_history("Pas de : HTA ; goutte")] == ["history", "note"]


@pytest.mark.parametrize(
    "text",
    ["suspicion de BPCO", "BPCO ?", "BPCO probable", "BPCO (?)", "possible BPCO", "BPCO à confirmer", "notion de BPCO"],
)
def test_suspected(text: str) -> None:
    found = one(text)
    assert (found.words, found.suspected, found.negated) == ("BPCO", True, False)


@pytest.mark.parametrize(
    ("text", "words", "status"),
    [
        ("ancien infarctus", "infarctus", "inactive"),
        ("antécédent d'AVC", "AVC", ""),
        ("hépatite A guérie", "hépatite A", "resolved"),
        ("leucémie en rémission", "leucémie en rémission", "remission"),
        ("opéré d'une hernie inguinale", "hernie inguinale", ""),
        ("hernie inguinale opérée", "hernie inguinale", ""),
    ],
)
def test_past(text: str, words: str, status: str) -> None:
    found = one(text)
    assert (found.words, found.past, found.status) == (words, True, status)


@pytest.mark.parametrize(
    ("text", "words", "on", "start", "end"),
    [
        ("goutte en 1998", "goutte", "1998", None, None),
        ("goutte (1998)", "goutte", "1998", None, None),
        ("1998 : goutte", "goutte", "1998", None, None),
        ("goutte 1998", "goutte", "1998", None, None),
        ("goutte depuis 2004", "goutte", None, "2004", None),
        ("goutte connue depuis mars 2004", "goutte", None, "2004-03", None),
        ("goutte le 12/03/2011", "goutte", "2011-03-12", None, None),
        ("goutte 03/2011", "goutte", "2011-03", None, None),
        ("goutte jusqu'en 2011", "goutte", None, None, "2011"),
        ("goutte de 1998 à 2004", "goutte", None, "1998", "2004"),
        ("goutte à 50 ans", "goutte", None, None, None),
        ("goutte vers 1998", "goutte vers 1998", None, None, None),
        ("goutte 1998, 2004", "goutte 1998, 2004", None, None, None),
        ("goutte de 2004 à 1998", "goutte de 2004 à 1998", None, None, None),
        ("goutte le 45/13/2011", "goutte le 45/13/2011", None, None, None),
        ("goutte depuis 2011 mg", "goutte depuis 2011 mg", None, None, None),
    ],
)
def test_dates(text: str, words: str, on: str | None, start: str | None, end: str | None) -> None:
    found = one(text)
    days = tuple(day.iso if day else None for day in (found.on, found.start, found.end))
    assert (found.words, days) == (words, (on, start, end))


def test_acts_are_procedures() -> None:
    assert told("appendicectomie 1985 ; pontage ; PTH droite") == [
        ("procedure", "appendicectomie"),
        ("procedure", "pontage"),
        ("procedure", "PTH droite"),
    ]
    assert one("hernie inguinale", "chir").kind == "history"
    assert one("appendicectomie ?").kind == "note"
    assert one("PTH prévue").kind == "note"


# --- nothing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "status", "about"),
    [
        ("RAS", "none-known", "problem"),
        ("aucun ATCD", "none-known", "problem"),
        ("néant", "none-known", "problem"),
        ("antécédents : 0", "none-known", "problem"),
        ("pas d'antécédent notable", "none-known", "problem"),
        ("ATCD chirurgicaux : néant", "none-known", "procedure"),
        ("aucun antécédent chirurgical", "none-known", "procedure"),
        ("pas de chirurgie", "none-known", "procedure"),
        ("pas d'ATCD familiaux", "none-known", "family"),
        ("ATCD familiaux : RAS", "none-known", "family"),
        ("antécédents non renseignés", "not-recorded", "problem"),
        ("antécédents non demandés", "not-asked", "problem"),
        ("pas d'antécédents gynécologiques", "none-known", "obstetric"),
        ("?", "unknown", "problem"),
    ],
)
def test_nothing_is_an_absence(text: str, status: str, about: str) -> None:
    found = one(text)
    assert (found.kind, found.status, found.about) == ("absence", status, about)


def test_no_medical_nor_surgical_history_are_two() -> None:
    assert [x.about for x in read_history("pas d'antécédent médical ni chirurgical")] == ["problem", "procedure"]


def test_nothing_among_other_items_is_a_note() -> None:
    assert [x.kind for x in read_history("goutte ; RAS")] == ["history", "note"]


# --- family -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "relative", "words"),
    [
        ("père : IDM à 50 ans", "FTH", "IDM"),
        ("mère HTA", "MTH", "HTA"),
        ("père diabétique", "FTH", "diabétique"),
        ("Mère décédée d'un cancer du sein", "MTH", "cancer du sein"),
        ("cancer du sein chez sa mère", "MTH", "cancer du sein"),
        ("cancer du sein (sœur)", "SIS", "cancer du sein"),
        ("grand-mère maternelle : goutte", "MGRMTH", "goutte"),
        ("oncle paternel : goutte", "PUNCLE", "goutte"),
        ("sa fille : épilepsie", "DAUC", "épilepsie"),
        ("ATCD familial de goutte", "FAMMEMB", "goutte"),
        ("ATCD familiaux : goutte", "FAMMEMB", "goutte"),
        ("Hérédité : goutte", "FAMMEMB", "goutte"),
        ("allergie aux fruits de mer chez le père", "FTH", "allergie aux fruits de mer"),
    ],
)
def test_family(text: str, relative: str, words: str) -> None:
    found = one(text)
    assert (found.kind, found.relative, found.words, found.negated) == ("family", relative, words, False)


def test_denied_family() -> None:
    for text in ("pas de cancer chez la mère", "mère : pas de cancer"):
        found = one(text)
        assert (found.kind, found.relative, found.words, found.negated) == ("family", "MTH", "cancer", True)
    assert one("pas d'ATCD familial de cancer").negated
    assert [x.negated for x in read_history("père : pas d'HTA ni de goutte")] == [True, True]


def test_several_relatives_and_several_facts() -> None:
    assert [(x.relative, x.words) for x in read_history("père et frère : goutte")] == [
        ("FTH", "goutte"),
        ("BRO", "goutte"),
    ]
    assert [(x.relative, x.words) for x in read_history("ATCD fam : HTA (père), goutte (mère)")] == [
        ("FTH", "HTA"),
        ("MTH", "goutte"),
    ]
    assert [(x.relative, x.words) for x in read_history("Mère : AVC, HTA, goutte")] == [
        ("MTH", "AVC"),
        ("MTH", "HTA"),
        ("MTH", "goutte"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "père diabétique",
        "mère diabétique, HTA",
        "HTA chez le père, goutte",
        "dépression après décès de son mari",
        "cancer sein mère",
        "père HTA mère diabète",
        "Père IDM. HTA. Goutte",
        "mère : cancer ; HTA",
        "beau-père : IDM",
        "enfant asthmatique",
        "fille de 12 ans épileptique",
        "vit avec sa mère diabétique",
        "père fumeur",
        "TA 140/90 chez la mère",
        "frère en bonne santé",
        "mère inconnue",
        "pas de cancer dans la famille",
        "aidante de son mari dément",
        "vaccin refusé par le père",
        "ATCD familiaux : père IDM\nHTA",
        "ATCD familiaux\n- père : IDM\n\nHTA",
        "ATCD familiaux :\nHTA\ndiabète\nallergie à la pénicilline\ntabac 20 PA",
        "notion d'ATCD familial",
    ],
)
def test_what_a_relative_has_is_never_the_patients(text: str) -> None:
    assert {x.kind for x in read_history(text)} <= {"family", "note", "absence"}


def test_patient_keeps_what_is_told_before_a_relative() -> None:
    assert told("HTA, mère diabétique") == [("history", "HTA"), ("family", "diabétique")]
    assert told("HTA ; mère : goutte\nasthme") == [("history", "HTA"), ("family", "goutte"), ("history", "asthme")]


def test_titles_lead_their_items() -> None:
    text = "ATCD médicaux : HTA. ATCD chir : appendicectomie 1985. ATCD familiaux : père IDM. Allergies : néant"
    assert [(x.kind, x.words or x.about) for x in read_history(text)] == [
        ("history", "HTA"),
        ("procedure", "appendicectomie"),
        ("family", "IDM"),
        ("absence", "allergy"),
    ]
    assert [x.kind for x in read_history("Traitement : metformine ; ramipril\nATCD : HTA")] == [
        "note",
        "note",
        "history",
    ]


# --- other kinds inside -----------------------------------------------------------------------------------------


def test_habits_vaccines_measures_and_ald_are_found_inside() -> None:
    found = read_history("HTA ; tabac 20 PA ; vaccin grippe 10/2019 ; TA 12/8 ; ALD 30 n°8 ; pas d'alcool")
    assert [x.kind for x in found] == [
        "history", "tobacco", "immunization", "vital-sign", "vital-sign", "ald", "alcohol",
    ]  # fmt: skip


def test_denied_habits() -> None:
    assert [(x.kind, x.status) for x in read_history("pas de tabac ni d'alcool")] == [
        ("tobacco", "none"),
        ("alcohol", "none"),
    ]
    assert [x.kind for x in read_history("pas d'HTA ni de tabac sevré")] == ["history", "note"]
    assert [x.kind for x in read_history("pas d'HTA ni de vaccin")] == ["history", "note"]


def test_diseases_named_after_a_habit_are_diseases() -> None:
    assert told("éthylisme chronique ; cirrhose alcoolique ; BPCO post-tabagique") == [
        ("history", "éthylisme chronique"),
        ("history", "cirrhose alcoolique"),
        ("history", "BPCO post-tabagique"),
    ]


def test_diagnoses_are_problems() -> None:
    found = read_diagnosis("Angine ; suspicion de pneumopathie ; pas de fracture ; père décédé ; RAS")
    assert [(x.kind, x.words, x.suspected, x.negated) for x in found] == [
        ("problem", "Angine", False, False),
        ("problem", "pneumopathie", True, False),
        ("problem", "fracture", False, True),
        ("note", "", False, False),
        ("note", "", False, False),
    ]


# --- properties -------------------------------------------------------------------------------------------------

PARTS = (
    "HTA",
    "diabète",
    "goutte",
    "père",
    "mère :",
    "sa sœur",
    "pas de",
    "pas d'",
    "aucun",
    "ni",
    "absence de",
    "sans",
    "non",
    "?",
    "suspicion de",
    "allergie à la",
    "pénicilline",
    "allergies :",
    "ATCD familiaux :",
    "ATCD :",
    "RAS",
    "néant",
    "tabac",
    "20 PA",
    "sevré",
    "alcool",
    "TA 12/8",
    "pouls 72",
    "ALD 8",
    "E11",
    "vaccin",
    "lot A12",
    "en 1998",
    "depuis 2004",
    "(2010)",
    "12/03/2011",
    ",",
    ";",
    "\n",
    " - ",
    ".",
    "(",
    ")",
    ":",
    "1)",
    "•",
    "et",
    "mais",
    "de",
    "opéré d'une",
    "à 50 ans",
    "chez",
    "(père)",
    "œdème",
    "éliminé",
    "négatif",
    "’",
    "\xa0",
    "\t",
    "½",
    "İ",
    "ß",
)
READERS = (
    read_history,
    read_diagnosis,
    read_allergy,
    read_tobacco,
    read_alcohol,
    read_ald,
    read_vaccination,
    read_vital_signs,
    lambda text: read_history(text, section="familiaux"),
    lambda text: read_history(text, section="chir"),
    lambda text: read_measure("pressure", text),
    lambda text: read_measure("height", text),
)
DENIAL = re.compile(r"\b(?:pas|aucun|absence|sans|non|ni|négatif|éliminé|RAS|néant)\b")


@given(st.lists(st.sampled_from(PARTS), max_size=14).map(" ".join) | st.text(max_size=80))
def test_every_item_is_a_part_of_the_text(text: str) -> None:
    for reader in READERS:
        for found in reader(text):
            assert found.text in text
            assert found.kind
            assert found.kind != "note" or found.reason


@given(st.lists(st.sampled_from(PARTS), max_size=10).map(" ".join))
def test_a_denial_is_never_lost(text: str) -> None:
    """A finding of the patient told with a denial is denied, doubted to be one, or keeps the word in its words."""
    for found in read_history(text):
        if found.kind in PATIENT | {"family", "allergy"} and not found.negated:
            left = DENIAL.findall(found.text)
            assert not left or DENIAL.search(found.words) or "mais" in found.text or found.kind == "allergy"


@given(st.lists(st.sampled_from(PARTS), max_size=10).map(" ".join))
def test_under_a_family_title_nothing_is_the_patients(text: str) -> None:
    if ":" not in text:
        assert {found.kind for found in read_history(text, section="family")} <= {"family", "note", "absence"}


@given(
    st.sampled_from(["père", "mère", "son frère", "la tante", "grand-mère"]),
    st.lists(st.sampled_from(PARTS), max_size=6),
)
def test_an_item_that_names_a_relative_tells_no_problem_of_the_patient_after_them(who: str, rest: list[str]) -> None:
    text = " ".join(part for part in (who, *rest) if part not in {"\n", "ATCD :", "allergies :", "ATCD familiaux :"})
    assert {found.kind for found in read_history(text)} <= {"family", "note", "absence"}


# --- corners ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "section", "kinds"),
    [
        ("grippe 10/2019", "vaccins", ["immunization"]),
        ("ATCD familial néant", "", ["absence"]),
        ("ATCD familial", "", ["note"]),
        ("aucun antécédent familial RAS", "", ["note"]),
        ("père : pas d'HTA, goutte", "", ["note"]),
        ("pas d'HTA, goutte", "family", ["note"]),
        ("goutte, aucun antécédent", "", ["history", "absence"]),
        ("goutte : oui", "", ["history"]),
        ("père : RAS", "", ["note"]),
        ("pas d'allergie à la pénicilline, aspirine", "", ["note"]),
        ("pas d'", "family", ["note"]),
        ("(goutte)", "", ["history"]),
        ("HTA (", "", ["history"]),
        ("x" * 401 + " chez sa mère", "", ["note"]),
        ("ATCD :\nHTA\n\ngoutte", "", ["history", "history"]),
        ("Chirurgie : appendicectomie\nHTA", "", ["procedure", "history"]),
    ],
)
def test_corners(text: str, section: str, kinds: list[str]) -> None:
    assert [x.kind for x in read_history(text, section=section)] == kinds
