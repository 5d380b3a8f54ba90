"""The forms of codes: what each system's codes look like, and what a report may show."""

import csv
import re
from pathlib import Path

import pytest

from semantix.systems import BY_OID
from semantix.validation.code_forms import (
    TESTS,
    has_form,
    loinc_key,
    look_of,
    looks_of_another,
    may_be_shown,
    shown,
    verhoeff,
)

RIGHT = {
    "loinc": "8480-6 2345-7 LA6113-0 LP6879-3 MTHU000999",
    "snomed": "73211009 16217701000119102",
    "cim10": "E11 E11.9 E119 M45.X0 B24+0 B24.+0 C16.9+8 M62.8-0 O04.-0.1 A00-A09 M40-M430 XIV G63.2* K35.3+",
    "cim11": "5A11 9B10.0Z XH2KC1 BA00&XS25 Block1-1A0",
    "cimo3": "8000/3 8500/31 C50.2",
    "atc": "A A10 A10B A10BA A10BA02",
    "ccam": "DDAF004 DDAF0041 DDAF00410 DDAF004-01 16.03.07.01 DD F",
    "ncit": "C25229",
    "cip": "3400938022209",
    "cis": "60019927",
    "edqm": "20053000 0105 12150 H+V",
    "emdn": "J J01 J010104 Z12021004",
    "cisp2": "T89 -45",
    "mv": "MV00002306",
    "nabm": "0552 552",
    "lpp": "1215702",
    "orpha": "513 ORPHA:513",
    "icf": "b117.3 d450 d4500.3",
    "hgnc": "EGFR HGNC:1097",
    "ta-asip": "MED-264 GEN-092.04.20 ORG_001",
    "tre-a02": "G15_10/SM26 G15_60",
    "meddra": "10022402",
}
WRONG = {
    "loinc": "8480-7 xx-MCH-PsychoMDev 8480 0480-6",
    "snomed": "73211008 732110 0732110095 73211011 E11",
    "cim10": "E1 e11.9 11.9 E11.99999 E11,9 ",
    "cim11": "E11.9999 5A1",
    "cimo3": "8000-3",
    "atc": "A1 A10B2 A10BA2 10BA02",
    "ccam": "DDAF04 DDA0041",
    "ncit": "25229",
    "cip": "3400938022208 123",
    "cis": "3400938022209 50019927 6001992",
    "edqm": "200530001 oral",
    "emdn": "J1 J0101041",
    "mv": "MV123",
    "nabm": "A552 05520",
    "lpp": "121570",
    "icf": "bl17.3",
    "ta-asip": "MED264",
}


@pytest.mark.parametrize(("key", "code"), [(key, code) for key, text in RIGHT.items() for code in text.split()])
def test_a_code_of_a_system_has_its_form(key, code):
    assert has_form(key, code) is True


@pytest.mark.parametrize(("key", "code"), [(key, code) for key, text in WRONG.items() for code in text.split(" ")])
def test_what_no_code_of_a_system_looks_like_has_not_its_form(key, code):
    assert has_form(key, code) is False


def test_nothing_is_known_of_the_form_of_most_systems():
    assert has_form("act-code", "AMB") is None


def test_a_list_may_name_the_terminology_as_a_whole():
    assert has_form("emdn", "EMDN") is True


def test_a_code_of_a_thousand_characters_has_no_form():
    assert has_form("lpp", "1" * 1000) is False


def test_every_form_is_of_a_known_system():
    assert TESTS.keys() <= {system.key for system in BY_OID.values()}


def test_the_check_digit_of_a_loinc_code_is_found():
    assert (loinc_key("8480"), loinc_key("2345")) == ("6", "7")


def test_the_verhoeff_key_sees_two_digits_exchanged():
    assert (verhoeff("73211009"), verhoeff("73210109")) == (True, False)


@pytest.mark.parametrize(
    ("code", "key"),
    [("3400938022209", "cip"), ("8480-6", "loinc"), ("E11.9", "cim10"), ("A10BA02", "atc"), ("DDAF004", "ccam"),
     ("MV00002306", "mv"), ("73211009", "snomed"), ("60019927", "cis"), ("8500/3", "cimo3"), ("C25229", "ncit"),
     ("E11", ""), ("N", ""), ("", ""), ("confirmed", "")],
)  # fmt: skip
def test_the_look_of_a_code_may_tell_its_system(code, key):
    assert look_of(code) == key


def test_a_code_that_may_be_of_two_systems_is_of_no_other():
    assert looks_of_another("cladimed", "A10BA02") == ""


def test_a_code_under_another_system_is_told():
    assert looks_of_another("cis", "3400938022209") == "cip"


@pytest.mark.parametrize("text", ["", "DUPONT Marie", "2550814168025", "x" * 40, "a\x00b", "255081416802538"])
def test_what_may_be_words_or_a_number_of_a_patient_is_not_shown(text):
    assert (may_be_shown(text), shown(text)) == (False, "…")


@pytest.mark.parametrize("text", ["E11.9", "3400938022209", "xx-MCH-PsychoMDev"])
def test_a_code_is_shown(text):
    assert shown(text) == text


# --- published lists ----------------------------------------------------------------------------------------------

LISTS = ("atc", "ccam", "cim10", "cim11", "edqm")
NOT_CODES = re.compile(r".*\s.*|420287000")
"""What published lists hold beside codes: sentences, and a SNOMED CT code gathered under EDQM."""


@pytest.mark.parametrize("key", LISTS)
def test_no_code_of_a_published_list_is_refused(shared: Path, key):
    lines = (shared / f"terminologies/codes/ans_valid_codes_{key}.txt").read_text("utf-8-sig").splitlines()[1:]
    assert [code for code in lines if not has_form(key, code) and not NOT_CODES.fullmatch(code)] == []


def test_no_medicine_of_the_public_list_is_refused(shared: Path):
    folder = shared / "terminologies/bdpm"
    with (folder / "CIS_CIP_bdpm.txt").open(encoding="utf-8", errors="replace", newline="") as file:
        rows = [(row[0], row[1], row[6]) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    refused = [row for row in rows if not (has_form("cis", row[0]) and has_form("cip", row[1]))]
    assert refused == [] == [row for row in rows if not has_form("cip", row[2])]


def test_no_code_of_the_hospital_list_is_refused(shared: Path):
    text = (shared / "terminologies/labels/cim10_fr_atih_2021.csv").read_text("utf-8", errors="replace")
    codes = [line.split("|")[0].strip() for line in text.splitlines()]
    assert len(codes) > 40_000
    assert [code for code in codes if not has_form("cim10", code)] == []


@pytest.mark.parametrize(
    "text",
    [
        "zq@zq.fr",
        "ZQ,DUPOND",
        "D'ESSAI",
        "(essai)",
        "19850731",
        "31/07/1985",
        "1985-07-31",
        "+33612345678",
        "0612345678",
    ],
)
def test_an_address_a_date_and_a_phone_number_are_not_shown(text):
    assert may_be_shown(text) is False


@pytest.mark.parametrize("text", ["28561008", "20066000", "8500/3", "01.02.03", "6A40.Z&XS25", "ORPHA:58", "C50.1+0"])
def test_a_code_that_looks_a_little_like_a_date_is_shown(text):
    assert may_be_shown(text) is True


def test_the_number_of_a_patient_behind_letters_is_not_shown():
    assert may_be_shown("CREA185057800608491") is False
