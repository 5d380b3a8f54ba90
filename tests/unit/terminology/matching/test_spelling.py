"""Words that look alike, and words that look alike and mean the contrary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.terminology.matching.spelling import CAP, LIKELY_TYPO, Speller, grams, opposed

WORDS = tuple(
    sorted(
        {"hypertension", "hypotension", "fractur", "genou", "rein", "renal", "inflammation", "t4", "tibia", "tibial"}
    )
)


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller.build(WORDS)


def near(speller: Speller, word: str, floor: float = 0.5) -> list[str]:
    return [WORDS[place] for place, _ in speller.neighbours(word, floor)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("fractrue", "fractur"), ("inflamation", "inflammation"), ("hypretension", "hypertension"), ("genoux", "genou")],
)
def test_a_misspelt_word_finds_the_one_meant(speller: Speller, written: str, meant: str) -> None:
    assert near(speller, written, LIKELY_TYPO)[0] == meant


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("hypotension", "hypertension"),
        ("tachycardie", "bradycardie"),
        ("macrocytose", "microcytose"),
        ("prenatal", "postnatal"),
        ("adduction", "abduction"),
        ("continence", "incontinence"),
        ("coagulant", "anticoagulant"),
        ("autogreffe", "allogreffe"),
    ],
)
def test_opposed_words_are_told_both_ways(left: str, right: str) -> None:
    assert opposed(left, right)
    assert opposed(right, left)


@pytest.mark.parametrize(
    ("left", "right"), [("fracture", "fractures"), ("hypotension", "hypotensive"), ("rein", "renal")]
)
def test_words_of_one_family_are_not_opposed(left: str, right: str) -> None:
    assert not opposed(left, right)


def test_opposed_words_are_never_neighbours(speller: Speller) -> None:
    assert "hypertension" not in near(speller, "hypotension", 0.1)
    assert "hypotension" not in near(speller, "hypertension", 0.1)


def test_a_word_is_not_its_own_neighbour(speller: Speller) -> None:
    assert "tibia" not in near(speller, "tibia")
    assert "tibial" in near(speller, "tibia")


@pytest.mark.parametrize("word", ["t4", "abc", "", "12345", "a1b2c3"])
def test_short_words_and_numbers_have_no_neighbours(speller: Speller, word: str) -> None:
    assert speller.neighbours(word) == []


def test_neighbours_are_best_first_and_never_sure(speller: Speller) -> None:
    found = [alike for _, alike in speller.neighbours("fractures", 0.1)]
    assert found == sorted(found, reverse=True)
    assert max(found) <= CAP


def test_an_empty_vocabulary_has_no_neighbours() -> None:
    assert Speller.build(()).neighbours("fracture") == []


@given(st.lists(st.sampled_from([*WORDS, "fractrue", "tibiale", "reins", "hipertension"]), min_size=1, max_size=6))
def test_what_was_asked_before_changes_nothing(asked: list[str]) -> None:
    speller = Speller.build(WORDS)
    for word in asked:
        speller.neighbours(word)
    assert speller.neighbours("fracturre") == Speller.build(WORDS).neighbours("fracturre")


def test_grams_are_the_same_in_every_process() -> None:
    assert grams("os") == sorted(grams("os"))
    assert len(grams("os")) == 6  # #o os s# #os os# #os#
    assert grams("os") == grams("os")
