"""Texts that stand in a terminology word for word."""

from pathlib import Path

import pytest

from semantix.terminology.records import TERM_KINDS
from semantix.terminology.verbatim import DECIDING, PROBABILITY, STRENGTH, Standing, Verbatim, key_of

NAMES = (
    (0, "Maladie du genou", "preferred"),
    (0, "flombe", "synonym"),
    (1, "FLOMBE", "index"),
    (1, "Mal. genou", "short"),
    (2, "genou malade", "related"),
    (3, "jamais", "note"),
    (3, "  ", "synonym"),
)


@pytest.fixture(scope="module")
def index() -> Verbatim:
    return Verbatim.build(NAMES)


@pytest.mark.parametrize("text", ["Maladie du genou", "MALADIE DU GENOU.", "maladie  (du genou)", "maladie-du-genou"])
def test_case_and_punctuation_do_not_count(index: Verbatim, text: str) -> None:
    assert index.find(text) == (Standing(0, "preferred"),)


@pytest.mark.parametrize(
    "text", ["genou, maladie du", "Maladie genou", "maladies du genou", "maladie du genou droit", ""]
)
def test_other_words_or_another_order_are_another_text(index: Verbatim, text: str) -> None:
    assert index.find(text) == ()


def test_the_strongest_kind_comes_first(index: Verbatim) -> None:
    assert index.find("flombe") == (Standing(0, "synonym"), Standing(1, "index"))


def test_notes_and_blanks_are_no_names(index: Verbatim) -> None:
    assert index.find("jamais") == index.find("   ") == ()


def test_every_kind_that_names_a_code_has_a_strength_and_a_probability() -> None:
    assert {*STRENGTH, "exclusion", "note"} == set(TERM_KINDS)
    assert set(PROBABILITY) == {kind for kind, strength in STRENGTH.items() if strength <= DECIDING}


def test_the_order_of_names_changes_nothing(tmp_path: Path) -> None:
    for name, names in (("one", NAMES), ("other", tuple(reversed(NAMES)))):
        (tmp_path / name).mkdir()
        Verbatim.build(names).save(tmp_path / name)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()


def test_an_index_answers_the_same_once_saved(index: Verbatim, tmp_path: Path) -> None:
    index.save(tmp_path)
    loaded = Verbatim.load(tmp_path)
    assert [loaded.find(text) for _, text, _ in NAMES] == [index.find(text) for _, text, _ in NAMES]


def test_an_empty_index_finds_nothing() -> None:
    assert Verbatim.build(()).find("genou") == ()


def test_a_key_is_the_same_in_every_process() -> None:
    assert key_of("Œil droit") == key_of("oeil DROIT") == key_of("l'œil droit") != key_of("oeil gauche")
