"""The words behind a candidate, each named by what became of it."""

import pytest
from tests.unit.terminology.matching.small import NAMES, Small

from semantix.terminology.matching.explaining import Explainer
from semantix.terminology.matching.names import Words, query_words


@pytest.fixture(scope="module")
def small() -> Small:
    return Small({"jamb": {"tibia": 0.8}}, {"insuf": {"insuffisanc": 0.9}})


def explain(small: Small, text: str, entry: int, reading: str = "") -> dict[str, str]:
    written = query_words(text)
    words: Words = query_words(reading) if reading else written
    explainer = Explainer(small.reader, small.stems, small.lexicon)
    found = explainer.explain(words, written, entry, (NAMES[entry][1], NAMES[entry][2]))
    return {each.kind: each.detail for each in found}


def test_words_that_meet_are_matched_whatever_their_number(small: Small) -> None:
    assert explain(small, "FRACTURES du tibia", 0) == {"name": "Fracture du tibia", "matched": "fractures, tibia"}


def test_words_read_as_others_are_expanded(small: Small) -> None:
    assert explain(small, "fracture de jambe", 0)["expanded"] == "jambe → tibia"
    assert explain(small, "insuf cardiaque", 4)["expanded"] == "insuf → insuffisanc"


def test_words_of_the_query_that_the_name_has_not_are_missing(small: Small) -> None:
    assert explain(small, "fracture du tibia droit", 0)["missing"] == "droit"


def test_words_of_the_name_that_the_query_has_not_are_lacking(small: Small) -> None:
    assert explain(small, "fracture", 2)["lacking"] == "femur"


def test_optional_words_are_never_lacking(small: Small) -> None:
    assert "lacking" not in explain(small, "fracture du fémur", 2)


def test_marks_of_a_query_are_never_missing(small: Small) -> None:
    assert "missing" not in explain(small, "fracture du tibia SAI", 0)


def test_another_reading_of_the_query_is_told(small: Small) -> None:
    assert explain(small, "FT", 0, "fracture tibia")["reading"] == "fracture tibia"
