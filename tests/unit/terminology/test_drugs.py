"""Drug labels as practices, hospitals and pharmacies write them, taken apart."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.terminology.drugs import (
    WORD_KINDS,
    Dose,
    DrugLexicon,
    amounts,
    load_drug_lexicon,
    parse_drug,
    strengths_agree,
)

LEXICON = Path(__file__).resolve().parents[3] / "mappings" / "lexicon"


def lines(name: str) -> list[str]:
    return (LEXICON / name).read_text(encoding="utf-8").splitlines()


def lexicon() -> DrugLexicon:
    return load_drug_lexicon(lines("drug_forms.tsv"), lines("drug_words.tsv"))


SHIPPED = lexicon()


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("FICTOL 1000 MG CPR", ("fictol",)),
        ("Fictine/ac zoxanique 1g/125mg sach", ("fictine", "zoxanique")),
        ("Insuline fictine (FICTOL) 100 UI/ml stylo", ("insuline", "fictine", "fictol")),
        ("FICTOL1000MG", ("fictol",)),
        ("VIT B12 FICTOL", ("vitamineb12", "fictol")),
        ("VITAMINE A FICTOL", ("vitaminea", "fictol")),
        ("A 313 50 000 U.I., capsule", ("a313",)),
        ("HCTZ 25", ("hydrochlorothiazide",)),
    ],
)
def test_the_words_that_name_the_drug_are_kept(label: str, words: tuple[str, ...]) -> None:
    assert parse_drug(label, SHIPPED).words == words


@pytest.mark.parametrize(
    ("label", "doses"),
    [
        ("FICTOL 75µg", (Dose("75", "ug"),)),
        ("FICTOL 0,5 % collyre", (Dose("0.5", "%"),)),
        ("FICTOL patch 25 mcg/h", (Dose("25", "ug", "h"),)),
        ("FICTOL 1G/100ML", (Dose("1", "g", "ml", "100"),)),
        ("FICTOL 1 g/3,5 mL", (Dose("1", "g", "ml", "3.5"),)),
        ("FICTOL 1g/125mg", (Dose("1", "g"), Dose("125", "mg"))),
        ("FICTOL 5/160 mg", (Dose("5", "mg"), Dose("160", "mg"))),
        ("FICTOL 5/10", (Dose("5"), Dose("10"))),
        ("FICTOL 50 000 UI", (Dose("50000", "ui"),)),
        ("FICTOL 20 mg/g", (Dose("20", "mg", "g"),)),
        ("FICTOL 40", (Dose("40"),)),
    ],
)
def test_doses_keep_their_digits_and_have_one_unit(label: str, doses: tuple[Dose, ...]) -> None:
    assert parse_drug(label, SHIPPED).doses == doses


@pytest.mark.parametrize(
    ("label", "form", "route"),
    [
        ("FICTOL CPR PELL", "tablet", "oral"),
        ("FICTOL GELU", "capsule", "oral"),
        ("FICTOL pdre sach", "sachet", "oral"),
        ("FICTOL SOL BUV", "oral-liquid", "oral"),
        ("FICTOL COLLY", "eye-drops", "ophthalmic"),
        ("FICTOL PDE OPHT", "eye-drops", "ophthalmic"),
        ("FICTOL PDE", "cream", "cutaneous"),
        ("FICTOL SUPPO", "suppository", "rectal"),
        ("FICTOL gélule à libération prolongée", "capsule", "oral"),
        ("FICTOL poudre pour inhalation en gélule", "inhaler", "inhaled"),
        ("FICTOL POCHE", "infusion", "parenteral"),
        ("FICTOL patch", "patch", "transdermal"),
    ],
)
def test_the_longest_form_gives_form_and_route(label: str, form: str, route: str) -> None:
    found = parse_drug(label, SHIPPED)
    assert (found.forms, found.routes) == ((form,), (route,))


def test_gel_alone_may_be_a_gelule_and_has_no_route() -> None:
    assert parse_drug("FICTOL 5 MG GEL", SHIPPED).routes == ()


def test_makers_salts_qualifiers_and_packs_are_set_aside() -> None:
    found = parse_drug("FICTINE SODIQUE BIOGARAN L.P. 75 mg ENF bte 30", SHIPPED)
    assert found.words == ("fictine",)
    assert found.salts == ("sodique",)
    assert found.makers == ("biogaran",)
    assert found.qualifiers == ("lp", "child")
    assert found.pack == "30"


def test_a_salt_alone_stays_a_salt() -> None:
    found = parse_drug("NACL 0,9% POCHE 500ML", SHIPPED)
    assert (found.words, found.salts) == ((), ("chlorure", "sodium"))


def test_the_sentence_that_describes_a_vaccine_is_set_aside() -> None:
    found = parse_drug("FICTIVAX, suspension injectable en seringue préremplie. Vaccin fictif adsorbé", SHIPPED)
    assert found.words == ("fictivax",)
    assert "fictif" in found.qualifiers


def test_a_label_that_begins_with_vaccin_keeps_its_words() -> None:
    assert parse_drug("VACCIN FICTIF", SHIPPED).words == ("vaccin", "fictif")


def test_amounts_are_comparable() -> None:
    assert amounts((Dose("1", "g", "ml", "100"),)) == (("mg", 1000.0), ("mg/ml", 10.0), ("ml", 100.0))
    assert amounts((Dose("0.5", "%"),)) == (("mg/ml", 5.0),)
    assert amounts((Dose("1", "mui"),)) == (("ui", 1000000.0),)


def test_equal_strengths_agree_and_far_ones_do_not() -> None:
    assert strengths_agree((("mg", 75.0),), (("mg", 75.0),)) == 1
    assert strengths_agree((("", 75.0),), (("mg", 75.0),)) == 1
    assert strengths_agree((("mg", 1000.0), ("mg/ml", 10.0)), (("mg", 10.0), ("mg/ml", 10.0))) == 1
    far = strengths_agree((("mg", 75.0),), (("mg", 1000.0),))
    assert far is not None
    assert far < 0.1


def test_strengths_of_other_kinds_say_nothing() -> None:
    assert strengths_agree((("mg", 75.0),), (("ui", 75.0),)) is None
    assert strengths_agree((), (("mg", 75.0),)) is None


def test_nothing_is_known_without_a_lexicon() -> None:
    assert parse_drug("FICTOL CPR 5 mg", DrugLexicon()).words == ("fictol", "cpr")


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    found = parse_drug(text, SHIPPED)
    assert amounts(found.doses) == amounts(parse_drug(text, SHIPPED).doses)


@given(st.lists(st.sampled_from(["1", "2,5", " ", "/", "mg", "g", "%", "ml", "x", "bte", "+", "h", "FICTOL"])))
def test_no_dose_breaks_the_parser(parts: list[str]) -> None:
    assert all(float(dose.value) >= 0 for dose in parse_drug("".join(parts), SHIPPED).doses)


@pytest.mark.parametrize("name", ["drug_forms.tsv", "drug_words.tsv"])
def test_lexicon_rows_are_sorted_and_written_once(name: str) -> None:
    rows = [line.split("\t") for line in lines(name)]
    assert {len(row) for row in rows} == {4}
    written = [row[0] for row in rows[1:]]
    assert written == sorted(set(written))


def test_every_word_is_of_a_known_kind() -> None:
    assert {line.split("\t")[1] for line in lines("drug_words.tsv")[1:]} == set(WORD_KINDS)
