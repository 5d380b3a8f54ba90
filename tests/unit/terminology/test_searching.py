"""Search by words and by codes: what is found, in which order, and what is said of it."""

from pathlib import Path

import msgspec
import pytest
from tests.unit.terminology.conftest import Shelve

from semantix.terminology import compiling
from semantix.terminology.records import Concept, Parent, Record, Term
from semantix.terminology.searching import Hit, search
from semantix.terminology.store import Store

RECORDS: tuple[Record, ...] = (
    Concept("cim10", "X10-X19", "Fièvres", "block", assignable=False),
    Concept("cim10", "X12", "Fièvre rénale maligne"),
    Concept("cim10", "X12.3", "Fièvre rénale maligne, avec œdème de l'aine"),
    Concept("cim10", "X13", "Fièvre rénale maligne ancienne", active=False),
    Concept("cim10", "X14", "Toux"),
    Term("cim10", "X14", "Tussis"),
    Term("cim10", "X14", "fièvre exclue", "exclusion"),
    Parent("cim10", "X12", "X10-X19"),
    Parent("cim10", "X12.3", "X12"),
)


@pytest.fixture(params=[True, False], ids=["indexed", "scanned"])
def store(shelve: Shelve, folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Store:
    if not request.param:
        monkeypatch.setattr(compiling, "MOST_SEARCHABLE", 0)
    shelve(*RECORDS)
    return Store.open(folder)


@pytest.fixture
def indexed(shelve: Shelve, folder: Path) -> Store:
    shelve(*RECORDS)
    return Store.open(folder)


def codes(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.concept.code for hit in hits]


def test_a_code_comes_first(store: Store) -> None:
    assert codes(search(store, "cim10", "x123")) == ["X12.3"]


def test_the_shortest_label_that_has_all_the_words_comes_first_and_retired_codes_last(indexed: Store) -> None:
    assert codes(search(indexed, "cim10", "fièvre maligne")) == ["X12", "X12.3", "X13"]


@pytest.mark.parametrize("text", ["FIEVRES RENALES", "fiev ren", "rénaux fièvre", "malignes", "malin"])
def test_words_match_by_their_beginning_number_and_gender(indexed: Store, text: str) -> None:
    assert codes(search(indexed, "cim10", text))[0] == "X12"


def test_a_synonym_says_what_matched(indexed: Store) -> None:
    (hit,) = search(indexed, "cim10", "tuss")
    assert (hit.concept.code, hit.matched.text, hit.missing) == ("X14", "Tussis", ())


def test_an_exclusion_note_matches_nothing(indexed: Store) -> None:
    assert search(indexed, "cim10", "exclue") == ()


def test_words_that_no_code_has_are_left_out_and_named(indexed: Store) -> None:
    hits = search(indexed, "cim10", "toux zzz")
    assert [(hit.concept.code, hit.missing) for hit in hits] == [("X14", ("zzz",))]


def test_the_way_from_the_top_is_shown(store: Store) -> None:
    (hit,) = search(store, "cim10", "X12.3")
    assert [concept.code for concept in hit.path] == ["X10-X19", "X12"]


def test_a_circle_of_parents_ends(shelve: Shelve, folder: Path) -> None:
    concepts = (Concept("atc", "A", "Toux"), Concept("atc", "B", "Rhume"))
    shelve(*concepts, Parent("atc", "A", "B"), Parent("atc", "B", "A"))
    (hit,) = search(Store.open(folder), "atc", "toux")
    assert [concept.code for concept in hit.path] == ["B"]


def test_the_limit_is_kept(store: Store) -> None:
    assert len(search(store, "cim10", "Fi", limit=2)) == 2


@pytest.mark.parametrize("text", ["", " ", "%", "«»", '"', "AND OR NOT", "a" * 5000, "l'", "\x00"])
def test_any_text_gives_an_answer(store: Store, text: str) -> None:
    assert isinstance(search(store, "cim10", text), tuple)


def test_a_scan_finds_words_of_the_displays(shelve: Shelve, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "MOST_SEARCHABLE", 0)
    assert shelve(*RECORDS).manifest.searchable is False
    assert codes(search(Store.open(folder), "cim10", "toux")) == ["X14"]


def test_terms_of_a_supplement_are_searched(indexed: Store, shelve: Shelve, folder: Path) -> None:
    shelve(Term("cim10", "X14", "Quinte", "index"), name="index", supplement=True)
    (hit,) = search(Store.open(folder), "cim10", "quinte")
    assert msgspec.structs.replace(hit.matched, text="") == Term("cim10", "X14", "", "index")
