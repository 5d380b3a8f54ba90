"""The form of HPRIM files."""

import pytest

from semantix.validation.form import RULES, medecin_form, sante_form
from semantix.validation.form import words_lines as rules

RESULTS = b"****LAB****\r\nRES|GLYCEMIE|GLU|N|1.30|g/L|0.74|1.06||\r\n"


def test_closed_results_have_no_finding() -> None:
    assert list(medecin_form(RESULTS + b"****FIN****\r\n****FINFICHIER****\r\n")) == []
    assert list(medecin_form(b"Une lettre, sans marque.\r\n")) == []


def test_results_that_nothing_closes_are_told_at_their_mark() -> None:
    (one,) = medecin_form(RESULTS + b"****FIN****\r\n" + RESULTS)
    assert (one.code, one.line) == (rules.NO_END.code, 4)
    assert [one.line for one in medecin_form(RESULTS, 100)] == [100]


H = b"H|~^\\&|||LABO||ORU|||DEST||P|H2.3~C|20240102\r"
P = b"P|1|12||||NOM~PRENOM\r"
OBX = b"OBX|1|NM|GLU~Glucose||1.2|g/L|||||F\r"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (H + P + OBX + b"L|1|\r", []),
        (H + P + OBX, [(rules.NO_L.code, 1)]),
        (H + OBX + b"L|1\r", [(rules.NO_P.code, 1)]),
        (H + P + OBX + b"L|1\r" + H + P + OBX, [(rules.NO_L.code, 5)]),
        (H.replace(b"ORU", b"ERR") + b"L|1\r", []),
        (b"H|~^\\&\rL|1\r", []),
    ],
)
def test_messages_have_their_patient_and_their_end(data: bytes, expected: list[tuple[str, int]]) -> None:
    assert [(one.code, one.line) for one in sante_form(data)] == expected


def test_a_cut_is_told_by_the_lines_of_its_file() -> None:
    assert [one.line for one in sante_form(H + P + OBX, 41)] == [41]


def test_every_rule_of_form_has_its_words_and_its_own_code() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    for rule in RULES:
        for english, french in (rule.title, rule.found, rule.expected, rule.fix, rule.why):
            assert english.strip()
            assert french.strip()
        assert rule.source
