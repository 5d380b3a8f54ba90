"""Search and concepts as the desk shows them, from invented stores."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.review.lookup_stores import FEVERS, deliver, shelve

from semantix.errors import BadStore
from semantix.review.lookup import Filters, Hit, Lookup
from semantix.review.lookup_words import Memory
from semantix.terminology import compiling
from semantix.terminology.records import Concept, Parent, Record, Term
from semantix.terminology.store import Store

CIM10 = Filters(systems=("cim10",))
ANY = Filters(systems=("cim10",), valid=None)


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lookup]:
    with Lookup.open(shelve(tmp_path_factory.mktemp("lookup") / "store", FEVERS), stores=2) as opened:
        yield opened


@pytest.fixture(scope="module")
def omop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lookup]:
    with Lookup.open(deliver(tmp_path_factory.mktemp("omop") / "store"), stores=1) as opened:
        yield opened


def codes(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.code for hit in hits]


# --- search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x12.3", ["X12.3"]),
        ("X123", ["X12.3"]),
        ("x12", ["X12", "X12.0", "X12.3"]),
        ("X1", ["X12", "X12.0", "X12.3", "X14", "X15", "X16"]),
        ("tou", ["X14", "X12.0"]),
        ("toux", ["X14", "X12.0"]),
        ("fievre mal", ["X12", "X12.0", "X12.3"]),
        ("RÉNALES fièvres", ["X12", "X12.0", "X12.3"]),
        ("fièvre de l'ai", ["X12.3"]),
        ("fer", ["X15", "X16"]),
        ("cough", ["X14"]),
        ("exclue", []),
        ("de la", []),
        ("", []),
    ],
)
def test_codes_and_the_beginnings_of_words_lead_to_codes(lookup: Lookup, text: str, found: list[str]) -> None:
    assert codes(lookup.search(text, CIM10)) == found


def test_what_is_found_says_why_and_where_it_stands(lookup: Lookup) -> None:
    (hit,) = lookup.search("tuss", CIM10)
    assert (hit.display, hit.term, hit.term_kind, hit.term_lang) == ("Toux", "Tussis", "synonym", "fr")
    assert [step.code for step in hit.path] == ["X10-X19"]


def test_words_that_no_code_has_are_left_out_and_named(lookup: Lookup) -> None:
    assert [(hit.code, hit.missing) for hit in lookup.search("toux zzz", CIM10)] == [
        ("X14", ("zzz",)),
        ("X12.0", ("zzz",)),
    ]
    found = {hit.code: hit.missing for hit in lookup.search("tussis carence", CIM10)}
    assert found == {"X14": ("carence",), "X15": ("tussis",)}
    assert lookup.search("zzz yyy", CIM10) == ()


def test_only_valid_codes_are_found_unless_others_are_asked_for(lookup: Lookup) -> None:
    assert "X13" not in codes(lookup.search("fièvre", CIM10))
    assert codes(lookup.search("fièvre", Filters(systems=("cim10",), valid=False))) == ["X10-X19", "X13"]
    assert codes(lookup.search("fièvre", ANY)) == ["X12", "X12.0", "X12.3", "X10-X19", "X13"]
    assert codes(lookup.search("X13", CIM10)) == []


def test_all_systems_are_searched_when_none_is_named(lookup: Lookup) -> None:
    assert [(hit.system, hit.code) for hit in lookup.search("toux")][:2] == [("cim10", "X14"), ("cisp2", "R05")]
    assert codes(lookup.search("toux", Filters(systems=("atc",)))) == []


def test_pages_follow_each_other(lookup: Lookup) -> None:
    whole = codes(lookup.search("X1", CIM10))
    pages = [codes(lookup.search("X1", CIM10, limit=4, offset=start)) for start in (0, 4, 8)]
    assert pages == [whole[:4], whole[4:], []]


def test_the_same_question_is_answered_from_memory(lookup: Lookup) -> None:
    assert lookup.search("carence", CIM10) is lookup.search(" carence ", CIM10)


def test_answers_that_are_kept_have_a_bound(lookup: Lookup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("semantix.review.lookup._MOST_ANSWERS", 1)
    first = lookup.search("fermeture", CIM10)
    lookup.search("carence en", CIM10)
    assert lookup.search("fermeture", CIM10) == first


@pytest.mark.parametrize("text", ["%", "«»", '"', "AND OR NOT", "a" * 5000, "l'", "\x00", "'; --", "\ud800", "x" * 20])
def test_any_text_has_an_answer(lookup: Lookup, text: str) -> None:
    assert isinstance(lookup.search(text), tuple)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_no_text_fails(lookup: Lookup, text: str) -> None:
    assert all(hit.active and hit.assignable for hit in lookup.search(text))


def test_common_words_are_bounded_and_whole_ones_come_first(tmp_path: Path) -> None:
    many = [Concept("cim10", f"A{number:03}", f"Fermeture numéro {number}") for number in range(300)]
    rare: list[Record] = [Concept("cim10", "Z99", "Longue et très lointaine carence en fer de la personne")]
    shelve(tmp_path / "store", [*many, *rare])
    shelve(tmp_path / "store", [Term("cim10", "A299", "un fer", "index")], "index", supplement=True)
    with Lookup.open(tmp_path / "store") as lookup:
        found = codes(lookup.search("fer", CIM10))
    assert found[:2] == ["A299", "Z99"]
    assert len(found) == 20


def test_terms_of_a_supplement_are_searched_and_filters_still_hold(tmp_path: Path) -> None:
    shelve(tmp_path / "store", FEVERS)
    shelve(tmp_path / "store", [Term("cim10", "X14", "Quinte"), Term("cim10", "X13", "Quinte")], "i", supplement=True)
    with Lookup.open(tmp_path / "store") as lookup:
        assert codes(lookup.search("quinte", CIM10)) == ["X14"]
        assert codes(lookup.search("quinte", ANY)) == ["X14", "X13"]


def test_what_an_older_release_defined_is_found_only_on_demand(tmp_path: Path) -> None:
    shelve(tmp_path / "store", [Concept("cim10", "X20", "Hoquet")], version="1")
    shelve(tmp_path / "store", [Concept("cim10", "X21", "Rhume")], version="2")
    with Lookup.open(tmp_path / "store") as lookup:
        assert codes(lookup.search("hoquet", CIM10)) == []
        assert codes(lookup.search("hoquet", ANY)) == ["X20"]
        assert lookup.version("cim10") == "base@2"


def test_a_release_without_a_word_index_is_scanned_on_demand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "MOST_SEARCHABLE", 0)
    shelve(tmp_path / "store", FEVERS)
    with Lookup.open(tmp_path / "store") as lookup:
        assert lookup.unindexed() == ("cim10", "cisp2")
        assert codes(lookup.search("toux", CIM10)) == []
        assert codes(lookup.search("toux", CIM10, scan=True)) == ["X14", "X12.0"]
        assert codes(lookup.search("X14", CIM10)) == ["X14"]


def test_threads_share_a_lookup(lookup: Lookup) -> None:
    expected = codes(lookup.search("fièvre", ANY))
    wrong: list[object] = []

    def ask(number: int) -> None:
        for turn in range(20):
            if codes(lookup.search("fièvre" + " " * (number * 20 + turn), ANY, limit=30 + number)) != expected:
                wrong.append(number)
            if lookup.concept("cim10", "X12") is None:
                wrong.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert wrong == []


def test_memory_has_a_bound(tmp_path: Path) -> None:
    memory = Memory(most_codes=1, most_stems=1)
    with Store.open(shelve(tmp_path / "store", FEVERS)) as store:
        for code in ("X12", "X14", "X12"):
            assert memory.terms(store, "cim10", code)
            concept = store.lookup("cim10", code)
            assert concept is not None
            assert memory.display(concept).term.text == concept.display
    assert memory.stem("fermées") == memory.stem("fermée")


# --- OMOP -----------------------------------------------------------------------------------------------------------


def test_concepts_of_omop_are_filtered_by_domain_and_standard(omop: Lookup) -> None:
    assert set(codes(omop.search("dry fever"))) == {"9001", "9002", "9004", "9005"}
    assert codes(omop.search("dry fever", Filters(standard=True))) == ["9001", "9002", "9005"]
    assert codes(omop.search("dry fever", Filters(standard=False))) == ["9004"]
    assert codes(omop.search("dry fever", Filters(domain="Measurement"))) == ["9005"]
    assert codes(omop.search("fever", Filters(standard=True, domain="Condition"))) == ["9001", "9002"]
    assert codes(omop.search("dry fever", Filters(valid=False))) == ["9003"]


def test_standard_concepts_come_first_and_tell_their_vocabulary(omop: Lookup) -> None:
    first, *others = omop.search("fièvre sèche dry")
    assert (first.code, first.standard, first.domain, first.vocabulary) == ("9001", "standard", "Condition", "SNOMED")
    hits = omop.search("dry fever")
    assert [hit.standard for hit in hits] == ["standard", "standard", "standard", ""]
    assert others == [] or others[0].missing


def test_domains_are_listed(omop: Lookup, lookup: Lookup) -> None:
    assert omop.domains("omop") == ("Condition", "Measurement")
    assert omop.domains("omop") is omop.domains("omop")
    assert lookup.domains("cim10") == ()
    assert lookup.domains("none") == ()


def test_a_concept_id_is_found_by_its_number(omop: Lookup) -> None:
    assert codes(omop.search("9002")) == ["9002"]
    assert codes(omop.search("900")) == ["9001", "9002", "9004", "9005", "9006"]


# --- concepts -------------------------------------------------------------------------------------------------------


def test_a_concept_shows_its_terms_by_kind_with_their_release(lookup: Lookup) -> None:
    view = lookup.concept("cim10", "x14")
    assert view is not None
    assert view.concept.display == "Toux"
    assert view.release == "base@1"
    assert view.properties == {"mco": "0"}
    kinds = {
        kind: [(term.text, term.lang, term.release) for term in each] for kind, each in view.terms_by_kind().items()
    }
    assert kinds == {
        "preferred": [("Toux", "fr", "base@1")],
        "synonym": [("Tussis", "fr", "base@1"), ("Coughing", "en", "base@1")],
        "exclusion": [("fièvre exclue", "fr", "base@1")],
    }


def test_a_concept_shows_where_it_stands(lookup: Lookup) -> None:
    view = lookup.concept("cim10", "X12")
    assert view is not None
    assert [[step.code for step in chain] for chain in view.chains] == [["X10-X19"]]
    assert ([step.code for step in view.children.steps], view.children.count) == (["X12.0", "X12.3"], 2)
    assert ([step.code for step in view.siblings.steps], view.siblings.count) == (["X13", "X14", "X15", "X16"], 4)
    top = lookup.concept("cim10", "X10-X19")
    assert top is not None
    assert (top.chains, top.siblings.count, top.children.count) == ((), 0, 5)


def test_a_retired_code_shows_its_successor(lookup: Lookup) -> None:
    view = lookup.concept("cim10", "X13")
    assert view is not None
    assert [(heir.kind, heir.step.code, heir.step.display) for heir in view.successors] == [
        ("replaced-by", "X12", "Fièvre rénale maligne")
    ]
    assert not view.concept.active


def test_official_links_are_shown_from_both_ends(lookup: Lookup) -> None:
    view = lookup.concept("cim10", "X14")
    assert view is not None
    assert [(each.step.system, each.step.display, each.relation, each.rule, each.incoming) for each in view.links] == [
        ("cisp2", "Toux", "broader", "adults", False),
        ("cisp2", "Toux", "broader", "", True),
    ]


def test_a_link_to_a_system_that_is_not_there_has_no_display(omop: Lookup) -> None:
    view = omop.concept("omop", "9001")
    assert view is not None
    assert [(each.step.system, each.step.code, each.step.display, each.incoming) for each in view.links] == [
        ("cim10", "X12", "", True)
    ]


def test_several_parents_give_several_ways_and_a_circle_ends(tmp_path: Path) -> None:
    letters = [Concept("atc", letter, f"Toux {letter}") for letter in "ABCD"]
    parents = [Parent("atc", *pair) for pair in ("DB", "DC", "BA", "CA", "AD")]
    with Lookup.open(shelve(tmp_path / "store", [*letters, *parents])) as lookup:
        view = lookup.concept("atc", "D")
    assert view is not None
    assert [[step.code for step in chain] for chain in view.chains] == [["A", "B"], ["A", "C"]]


def test_a_very_deep_hierarchy_is_cut(tmp_path: Path) -> None:
    deep = [Concept("ours", f"D{number:02}", "Toux") for number in range(40)]
    parents = [Parent("ours", f"D{number:02}", f"D{number + 1:02}") for number in range(39)]
    with Lookup.open(shelve(tmp_path / "store", [*deep, *parents])) as lookup:
        view = lookup.concept("ours", "D00")
    assert view is not None
    assert [len(chain) for chain in view.chains] == [20]


def test_an_unknown_code_is_nothing(lookup: Lookup) -> None:
    assert lookup.concept("cim10", "Z99") is None
    assert lookup.step("cim10", "Z99") is None
    found = lookup.step("cim10", "x14")
    assert found is not None
    assert found.display == "Toux"


# --- releases and closing -------------------------------------------------------------------------------------------


def test_the_releases_in_use_are_named(lookup: Lookup, omop: Lookup) -> None:
    assert lookup.systems() == ("cim10", "cisp2")
    assert (lookup.version("cim10"), omop.version("omop"), lookup.version("atc")) == ("base@1", "omop@2025-02-27", "")
    assert len(lookup.fingerprint()) == 64
    assert lookup.fingerprint(("cim10",)) != omop.fingerprint()


def test_a_closed_lookup_says_so(tmp_path: Path) -> None:
    lookup = Lookup.open(shelve(tmp_path / "store", FEVERS))
    lookup.close()
    lookup.close()
    with pytest.raises(BadStore, match="closed"):
        lookup.search("toux")


def test_no_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadStore):
        Lookup.open(tmp_path / "nowhere")
