"""The drug matcher on an invented register: names, routes, strengths and combinations choose the code."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.model import Query
from semantix.terminology.drugs import DrugLexicon, load_drug_lexicon
from semantix.terminology.matching import KINDS_OF_SOURCE, Ranked, Request
from semantix.terminology.matching.drug_profiles import Ban
from semantix.terminology.matching.drugs import DrugMatcher, Speciality

FORMS = [
    "written\tform\troute\tsource",
    "comprimé\ttablet\toral\tt",
    "cpr\ttablet\toral\tt",
    "crème\tcream\tcutaneous\tt",
    "crème vaginale\tovule\tvaginal\tt",
    "orale\tenteral\toral\tt",
    "cutanée\tcream\tcutaneous\tt",
    "inj\tinjection\tparenteral\tt",
]
WORDS = [
    "written\tkind\tmeaning\tsource",
    "biogaran\tmaker\t\tt",
    "chlorhydrate\tsalt\t\tt",
    "sodium\tsalt\t\tt",
    "chlorure\tsalt\t\tt",
    "zinc\tsalt\t\tt",
    "cuivre\tsalt\t\tt",
    "lp\tqualifier\tlp\tt",
]


def speciality(number: int, name: str, route: str, substances: tuple[str, ...], atc: str) -> Speciality:
    form = "crème" if route == "cutanée" else "comprimé"
    return Speciality(f"6000{number:04}", name, form, (route,), substances, (atc,) if atc else ())


REGISTER = (
    speciality(1, "CARDIFIX 75 mg, comprimé", "orale", ("ZOXATINE",), "B99AC06"),
    speciality(2, "CARDIFIX 300 mg, comprimé", "orale", ("ZOXATINE",), "B99AC06"),
    speciality(3, "ANTALFIX 1000 mg, comprimé", "orale", ("ZOXATINE",), "N99BA01"),
    speciality(4, "ZOXATINE BIOGARAN 500 mg, comprimé", "orale", ("CHLORHYDRATE DE ZOXATINE",), "N99BA01"),
    speciality(5, "MYCOFIX 1 %, crème", "cutanée", ("FONGAZOLE",), "D99AC02"),
    speciality(6, "FONGAZOLE BIOGARAN 200 mg, comprimé", "orale", ("FONGAZOLE",), "J99AC02"),
    speciality(7, "DUOFIX 5 mg/10 mg, comprimé", "orale", ("ZOXATINE", "PRILATANE"), "C99BB04"),
    speciality(8, "PRILATANE BIOGARAN 5 mg, comprimé", "orale", ("PRILATANE",), "C99AA04"),
    speciality(9, "NOUVOFIX 5 mg, comprimé", "orale", ("PRILATANE",), ""),
    speciality(10, "CHLORURE DE SODIUM BIOGARAN 1 g, comprimé", "orale", ("CHLORURE DE SODIUM",), "A99CA01"),
    speciality(11, "OLIGOFIX ZINC, comprimé", "orale", ("GLUCONATE DE ZINC",), "A99CB01"),
    speciality(12, "OLIGOFIX CUIVRE, comprimé", "orale", ("GLUCONATE DE CUIVRE",), "A99CX01"),
)
TERMS = (
    ("C99AA04", "prilatane", "preferred", "fr"),
    ("N99BA51", "zoxatine en association", "preferred", "fr"),
    ("G99AF02", "fongazole", "preferred", "fr"),
    ("M99A", "médicaments antifictifs", "preferred", "fr"),
    ("Z99ZZ99", "vieillotine", "synonym", "fr"),
    ("N99BA01", "zox perso", "curated", "fr"),
)


def lexicon() -> DrugLexicon:
    return load_drug_lexicon(FORMS, WORDS)


@pytest.fixture(scope="module")
def matcher() -> DrugMatcher:
    return DrugMatcher.build(TERMS, REGISTER, lexicon())


def best(matcher: DrugMatcher, text: str) -> Ranked:
    return matcher.rank([Request(Query(text=text))])[0][0]


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("CARDIFIX 75 CPR", "B99AC06"),
        ("cardfix 75", "B99AC06"),
        ("Zoxatine 500mg cpr", "N99BA01"),
        ("ZOXATINE 75 MG", "B99AC06"),
        ("ZOXATINE 1 G", "N99BA01"),
        ("FONGAZOLE CREME", "D99AC02"),
        ("FONGAZOLE CPR", "J99AC02"),
        ("FONGAZOLE crème vaginale", "G99AF02"),
        ("zoxatine/prilatane 5/10", "C99BB04"),
        ("prilatane + zoxatine", "C99BB04"),
        ("ZOXATINE EN ASSOCIATION", "N99BA51"),
        ("NOUVOFIX", "C99AA04"),
        ("médicament antifictif", "M99A"),
        ("CHLORURE DE SODIUM INCONNULAB", "A99CA01"),
        ("OLIGOFIX CUIVRE", "A99CX01"),
        ("CARDI FIX 75", "B99AC06"),
        ("ZOXATINEPRILATANE", "C99BB04"),
        ("zox perso", "N99BA01"),
        ("PRILATAN LP INCONNULAB", "C99AA04"),
    ],
)
def test_label_finds_its_code(matcher: DrugMatcher, label: str, code: str) -> None:
    assert best(matcher, label).code == code


@pytest.mark.parametrize("label", ["", "INCONNUFIX 5 mg", "CPR 500 MG", "!?", "xyz", "TRILATONE"])
def test_nothing_near_gives_no_candidate(matcher: DrugMatcher, label: str) -> None:
    assert matcher.rank([Request(Query(text=label))]) == [()]


@pytest.mark.parametrize(
    ("label", "conflict"),
    [
        ("PRILATANE FONGAZOLE CREME", "combination"),
        ("PRILATANE EN ASSOCIATION", "combination"),
        ("PRILATANE 5/160", "combination"),
        ("FONGAZOLE", "route"),
        ("MYCOFIX INJ", "route"),
        ("ZOXATINE", "strength"),
    ],
)
def test_what_the_label_does_not_settle_is_a_conflict(matcher: DrugMatcher, label: str, conflict: str) -> None:
    assert conflict in best(matcher, label).conflicts


def test_another_metal_is_a_conflict(matcher: DrugMatcher) -> None:
    zinc = next(one for one in matcher.rank_text("OLIGOFIX CUIVRE") if one.code == "A99CB01")
    assert "salt" in zinc.conflicts


def test_a_clear_label_has_no_conflict_and_is_sure(matcher: DrugMatcher) -> None:
    found = best(matcher, "CARDIFIX 75 MG CPR")
    assert found.conflicts == ()
    assert found.confidence > 0.9


def test_an_unknown_word_lowers_the_confidence(matcher: DrugMatcher) -> None:
    assert best(matcher, "PRILATANE INCONNUFIX 5 mg").confidence < best(matcher, "PRILATANE 5 mg").confidence


def test_a_maker_does_not_lower_the_confidence(matcher: DrugMatcher) -> None:
    assert best(matcher, "PRILATANE BIOGARAN 5 mg").confidence == best(matcher, "PRILATANE 5 mg").confidence


def test_evidence_names_what_matched_and_what_is_missing(matcher: DrugMatcher) -> None:
    kinds = {one.kind: one.detail for one in best(matcher, "PRILATXANE INCONNUFIX 5 mg CPR").evidence}
    assert kinds == {
        "misspelt": "prilatxane ~ prilatan",
        "missing": "inconnufix",
        "strength": "5 mg",
        "form": "tablet",
        "route": "oral",
    }


def test_other_strength_and_route_are_told(matcher: DrugMatcher) -> None:
    kinds = {one.kind for one in best(matcher, "MYCOFIX 5 % INJ").evidence}
    assert {"other-strength", "other-route"} <= kinds


def test_the_order_of_rows_changes_nothing(matcher: DrugMatcher) -> None:
    rows, terms = list(REGISTER), list(TERMS)
    random.Random(3).shuffle(rows)
    random.Random(4).shuffle(terms)
    assert DrugMatcher.build(terms, rows, lexicon()).index == matcher.index


def test_codes_out_of_use_are_left_out() -> None:
    assert DrugMatcher.build(TERMS, REGISTER, lexicon(), {"C99AA04"}).rank_text("vieillotine") == ()
    assert DrugMatcher.build(TERMS, REGISTER, lexicon()).rank_text("vieillotine")[0].code == "Z99ZZ99"


def test_what_is_saved_reads_back_and_answers_the_same(matcher: DrugMatcher, tmp_path: Path) -> None:
    matcher.save(tmp_path)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    loaded = DrugMatcher.load(tmp_path, lexicon())
    assert loaded.index == matcher.index
    for label in ("cardfix 75", "FONGAZOLE CREME", "prilatan"):
        assert loaded.rank_text(label) == matcher.rank_text(label)
    loaded.save(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first


def test_a_word_cut_short_or_misspelt_twice_in_length_is_found(matcher: DrugMatcher) -> None:
    rows = (speciality(20, "LONGANTIFICTIDE BIOGARAN 5 mg, comprimé", "orale", ("LONGANTIFICTIDE",), "Z99AA01"),)
    longer = DrugMatcher.build((), rows, lexicon())
    assert best(longer, "LONGANTIF 5 mg").code == "Z99AA01"
    assert best(longer, "LONGANTEFICTEDE").code == "Z99AA01"
    assert longer.rank_text("LENGENTEFICTIDE") == ()


def test_word_after_many_names_is_learned_as_a_maker() -> None:
    names = ("ALPHAZINE", "BETAZINE", "GAMMAZINE", "DELTAZINE", "EPSIZINE", "ZETAZINE")
    rows = [
        speciality(30 + place, f"{name} FABRIKA 5 mg, comprimé", "orale", (name,), f"Z99AB0{place}")
        for place, name in enumerate(names)
    ]
    assert DrugMatcher.build((), rows, lexicon()).index.makers == ("fabrika",)


def test_acid_and_salt_are_one_substance() -> None:
    rows = [speciality(40, "OSFIX 5 mg, comprimé", "orale", ("RISEFICTATE", "ACIDE RISEFICTIQUE"), "Z99AC01")]
    found = DrugMatcher.build((), rows, lexicon())
    assert best(found, "riséfictate").code == "Z99AC01"


def test_a_banned_speciality_is_unknown(matcher: DrugMatcher) -> None:
    places = frozenset(place for place, one in enumerate(matcher.index.known) if one.name.startswith("mycofix"))
    assert matcher.rank_text("MYCOFIX", ban=Ban(places)) == ()


def test_a_speciality_whose_code_is_hidden_is_known_by_its_substance(matcher: DrugMatcher) -> None:
    places = frozenset(place for place, one in enumerate(matcher.index.known) if one.name.startswith("duofix"))
    assert matcher.rank_text("DUOFIX", ban=Ban(uncoded=places)) == ()
    cardifix = frozenset(place for place, one in enumerate(matcher.index.known) if one.name.startswith("cardifix"))
    assert matcher.rank_text("CARDIFIX", ban=Ban(uncoded=cardifix))[0].code == "N99BA01"


def test_examples_are_seeded_and_of_each_kind(matcher: DrugMatcher) -> None:
    first = list(matcher.examples())
    assert first == list(matcher.examples())
    assert {one.kind for one in first} == set(KINDS_OF_SOURCE)


def test_find_gives_the_codes_of_rank_in_order(matcher: DrugMatcher) -> None:
    assert [one.code for one in matcher.find("ZOXATINE")] == [one.code for one in matcher.rank_text("ZOXATINE")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CARDIFIX 75 mg, comprimé", "label"),
        ("CARDIFIX 75 CPR", "abbreviated"),
        ("cardifix", "free-text"),
    ],
)
def test_kind_of_source(matcher: DrugMatcher, text: str, kind: str) -> None:
    assert matcher.kind_of(Request(Query(text=text))) == kind


@given(st.text())
def test_no_text_breaks_the_matcher(text: str) -> None:
    for one in MATCHER.rank_text(text):
        assert 0 <= one.confidence <= 1


@given(st.lists(st.sampled_from(["ZOXATINE", "prilatan", "cardfix", "fongazole", "5 mg", "/", "crème", "xx", "zinc"])))
def test_a_batch_ranks_like_its_labels(words: list[str]) -> None:
    text = " ".join(words)
    alone = MATCHER.rank([Request(Query(text=text))])[0]
    assert MATCHER.rank([Request(Query(text="DUOFIX")), Request(Query(text=text))])[1] == alone


MATCHER = DrugMatcher.build(TERMS, REGISTER, lexicon())
