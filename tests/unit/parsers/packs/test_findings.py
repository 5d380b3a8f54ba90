"""Texts that say several things, by the way in which a pack has them read."""

import pytest
from tests.unit.parsers.packs.packs_in_words import FILE, one_file, pack_of, read

from semantix.parsers._claims import Piece
from semantix.parsers.packs import packs_parser


@pytest.mark.parametrize(
    ("way", "text", "kinds", "section"),
    [
        ("history", "HTA, diabète", ["problem", "problem"], "11348-0"),
        ("history", "", [], ""),
        ("diagnosis", "angine", ["problem"], "11450-4"),
        ("allergy", "pénicilline", ["allergy"], "48765-2"),
        ("allergy", "aucune allergie connue", ["no-allergy"], "48765-2"),
        ("vaccination", "REVAXIS le 03/02/2010", ["immunization"], "11369-6"),
        ("tobacco", "non fumeur", ["social-history"], "29762-2"),
        ("alcohol", "2 verres par jour", ["social-history"], "29762-2"),
        ("ald", "oui", ["observation"], "30954-2"),
        ("vital-signs", "poids 74 kg pouls 72", ["vital-sign", "vital-sign"], "8716-3"),
        ("pressure", "12/8", ["vital-sign", "vital-sign"], "8716-3"),
        ("weight", "74", ["vital-sign"], "8716-3"),
        ("weight", "beaucoup", ["comment"], "34109-9"),
    ],
)
def test_a_text_becomes_statements_in_their_section(way: str, text: str, kinds: list[str], section: str) -> None:
    facts = f"[{{kind: findings, read: {way}, text: t, time: d}}]"
    found = read(one_file("{no: {}, d: {type: date}, t: {}}", facts), f"no;d;t\n1;2020-01-02;{text}\n")
    assert [fact["kind"] for fact in found.facts] == kinds
    for document in found.documents:
        code = document.sections[0].code
        assert code is not None
        assert code.codings[0].code == section


def test_a_measure_is_in_the_unit_of_its_column() -> None:
    facts = "[{kind: findings, read: weight, text: t, value: {of: t, unit: u}}]"
    found = read(one_file("{no: {}, t: {}, u: {}}", facts), "no;t;u\n1;3500;g\n")
    assert found.facts[0].items() >= {"value": "3500", "unit": "g", "code": "29463-7"}.items()


def test_the_people_of_a_file_are_given_one_a_row() -> None:
    parser = packs_parser([pack_of(FILE)])
    data = b"no;jour;quoi;combien;unite\n7;;;;\n\n;;;;\n8;;;;\n"
    people = list(parser.people(Piece(data=data, name="x.csv", practice="A")))
    assert [one.ids[0].extension for one in people] == ["7", "8"]
