"""The store: what it answers from one release, and how several releases of one system make one set of codes."""

import pickle
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.terminology.conftest import Shelve

from semantix.errors import BadStore
from semantix.terminology.layout import DATABASE, MANIFEST, version_key
from semantix.terminology.records import Concept, Link, Parent, Successor, Term
from semantix.terminology.store import Store

FEVER = Concept("cim10", "X12", "Fièvre fictive", "category", properties={"mco": "0", "ssr": "OOO"})
ACUTE = Concept("cim10", "X12.3", "Fièvre fictive aiguë")
OLD = Concept("cim10", "X13", "Fièvre ancienne", active=False)
CHAPTER = Concept("cim10", "X10-X19", "Fièvres", "block", assignable=False)


def terms(store: Store, system: str = "cim10") -> list[tuple[str, str, str, str]]:
    return [(term.code, term.kind, term.text, ref) for term, ref in store.terms(system)]


def test_a_concept_comes_back_as_it_was_read(shelve: Shelve, folder: Path) -> None:
    shelve(CHAPTER, FEVER, OLD)
    store = Store.open(folder)
    assert store.lookup("cim10", "X12") == FEVER
    assert store.lookup("cim10", "X13") == OLD
    assert store.lookup("cim10", "X99") is None
    assert store.lookup("atc", "X12") is None
    assert store.systems() == ("cim10",)


def test_concepts_come_in_the_order_of_their_codes(shelve: Shelve, folder: Path) -> None:
    shelve(OLD, ACUTE, CHAPTER, FEVER)
    assert list(Store.open(folder).concepts("cim10")) == [CHAPTER, FEVER, ACUTE, OLD]


def test_a_code_is_valid_when_it_is_active_and_may_be_recorded(shelve: Shelve, folder: Path) -> None:
    shelve(CHAPTER, FEVER, OLD)
    store = Store.open(folder)
    assert [code for code in ("X12", "X13", "X10-X19", "X99") if store.validate("cim10", code)] == ["X12"]


def test_the_display_is_the_preferred_term(shelve: Shelve, folder: Path) -> None:
    shelve(FEVER, Term("cim10", "X12", "Pyrexie"), Term("cim10", "X12", "FIEVRE", "short"))
    assert terms(Store.open(folder)) == [
        ("X12", "preferred", "Fièvre fictive", "base@1"),
        ("X12", "short", "FIEVRE", "base@1"),
        ("X12", "synonym", "Pyrexie", "base@1"),
    ]


def test_a_display_whose_language_the_release_states_is_given_once(shelve: Shelve, folder: Path) -> None:
    english = Term("cim10", "X12", "Fictitious fever", "preferred", "en")
    shelve(Concept("cim10", "X12", "Fictitious fever"), english)
    store = Store.open(folder)
    assert [term for term, _ in store.terms("cim10")] == [english]
    assert [term for term, _ in store.terms_of("cim10", "X12")] == [english]


def test_hierarchy_links_and_successors_are_found_from_both_ends(shelve: Shelve, folder: Path) -> None:
    link = Link("cim10", "X12", "cisp2", "A03", "broader", "adults")
    successor = Successor("cim10", "X13", "X12", "same-as")
    shelve(FEVER, ACUTE, OLD, Parent("cim10", "X12.3", "X12"), link, successor)
    store = Store.open(folder)
    assert store.parents("cim10", "X12.3") == ("X12",)
    assert store.children("cim10", "X12") == ("X12.3",)
    assert store.successors("cim10", "X13") == (successor,)
    assert list(store.links("cim10", "cisp2")) == [(link, "base@1")]
    assert store.links_of("cim10", "X12", "cisp2") == ((link, "base@1"),)
    assert store.links_to("cim10", "cisp2", "A03") == ((link, "base@1"),)
    assert store.links_of("cim10", "X12", "snomed") == ()


def test_a_supplement_adds_terms_to_the_codes_that_exist(shelve: Shelve, folder: Path) -> None:
    shelve(FEVER)
    done = shelve(
        Term("cim10", "X12", "Chaleur", "index"), Term("cim10", "X99", "Rien", "index"), name="index", supplement=True
    )
    assert done.unknown == {"cim10": 1}
    assert terms(Store.open(folder)) == [
        ("X12", "preferred", "Fièvre fictive", "base@1"),
        ("X12", "index", "Chaleur", "index@1"),
    ]


def test_the_newest_version_describes_a_code(shelve: Shelve, folder: Path) -> None:
    shelve(Concept("cim10", "X12", "Fièvre"), Term("cim10", "X12", "Ancien"), version="2.9")
    shelve(FEVER, version="2.10")
    store = Store.open(folder)
    assert store.lookup("cim10", "X12") == FEVER
    assert store.definer("cim10", "X12") == "base@2.10"
    assert terms(store) == [("X12", "preferred", "Fièvre fictive", "base@2.10")]


def test_a_code_that_only_an_older_version_has_stays_as_retired(shelve: Shelve, folder: Path) -> None:
    shelve(ACUTE, Term("cim10", "X12.3", "Coup de chaud"), Link("cim10", "X12.3", "cisp2", "A03"), version="2021")
    shelve(FEVER, version="2025")
    store = Store.open(folder)
    found = store.lookup("cim10", "X12.3")
    assert found is not None
    assert (found.display, found.active) == (ACUTE.display, False)
    assert found in list(store.concepts("cim10"))
    assert ("X12.3", "synonym", "Coup de chaud", "base@2021") in terms(store)
    assert [ref for _, ref in store.links("cim10", "cisp2")] == ["base@2021"]


def test_the_release_with_most_codes_describes_those_of_two_publishers(shelve: Shelve, folder: Path) -> None:
    shelve(FEVER, ACUTE, OLD, name="zz")
    shelve(Concept("cim10", "X12", "Autre libellé"), Concept("cim10", "X14", "Ailleurs"), name="aa")
    store = Store.open(folder)
    assert store.lookup("cim10", "X12") == FEVER
    assert store.lookup("cim10", "X14") is not None
    assert [text for code, _, text, _ in terms(store) if code == "X12"] == ["Autre libellé", "Fièvre fictive"]


def test_a_collection_of_many_systems_speaks_last(shelve: Shelve, folder: Path) -> None:
    others = [Concept(f"urn:oid:2.999.{number}", "1", "One") for number in range(6)]
    shelve(*others, Concept("cim10", "X12", "Fictitious fever"), ACUTE, OLD, name="athena")
    shelve(FEVER, name="cim10-atih")
    assert Store.open(folder).lookup("cim10", "X12") == FEVER


def test_a_release_that_labels_a_code_describes_it_before_a_list_of_bare_codes(shelve: Shelve, folder: Path) -> None:
    bare = (Concept("cim10", code, "") for code in ("X12", "X13", "X14", "X15"))
    shelve(*bare, name="codes")
    shelve(FEVER, name="labels")
    store = Store.open(folder)
    assert store.lookup("cim10", "X12") == FEVER
    assert store.definer("cim10", "X12") == "labels@1"
    assert store.lookup("cim10", "X15") == Concept("cim10", "X15", "")
    assert store.definer("cim10", "X15") == "codes@1"
    assert FEVER in list(store.concepts("cim10"))
    assert [term.text for term, _ in store.terms("cim10")] == ["Fièvre fictive"]


def test_a_bare_code_of_a_current_release_is_not_retired_by_a_past_label(shelve: Shelve, folder: Path) -> None:
    shelve(FEVER, version="1")
    shelve(Concept("cim10", "X12", ""), version="2")
    assert Store.open(folder).lookup("cim10", "X12") == Concept("cim10", "X12", "")


def test_a_french_release_describes_before_a_larger_one_in_english(shelve: Shelve, folder: Path) -> None:
    english = [Concept("loinc", f"{number}-0", f"Name {number}") for number in range(3)]
    stated = [Term("loinc", each.code, each.display, "preferred", "en") for each in english]
    assert shelve(*english, *stated, name="english").manifest.counts["loinc"].foreign == 3
    shelve(Concept("loinc", "1-0", "Nom un"), name="french")
    store = Store.open(folder)
    assert [concept.display for concept in store.concepts("loinc")] == ["Name 0", "Nom un", "Name 2"]


def test_digests_are_no_versions_and_all_are_current(shelve: Shelve, folder: Path) -> None:
    shelve(FEVER, version="96dba0f45c22")
    shelve(ACUTE, version="b8e29b8f51da")
    store = Store.open(folder)
    assert [concept.active for concept in store.concepts("cim10")] == [True, True]


def test_the_fingerprint_follows_the_releases_of_its_systems_only(shelve: Shelve, folder: Path) -> None:
    shelve(FEVER)
    before = Store.open(folder).fingerprint(("cim10",))
    shelve(Concept("atc", "Z99", "Rien"), name="atc")
    assert Store.open(folder).fingerprint(("cim10",)) == before
    shelve(Term("cim10", "X12", "Chaleur", "index"), name="index", supplement=True)
    assert Store.open(folder).fingerprint(("cim10",)) != before


def test_releases_come_by_name_and_version(shelve: Shelve, folder: Path) -> None:
    for version in ("2.10", "2.9"):
        shelve(FEVER, version=version)
    store = Store.open(folder)
    assert [manifest.ref for manifest in store.releases()] == ["base@2.9", "base@2.10"]
    newest, oldest = store.volume("base"), store.volume("base@2.9")
    assert newest is not None
    assert oldest is not None
    assert (newest.ref, oldest.ref) == ("base@2.10", "base@2.9")
    assert store.volume("base@3") is None


def test_a_store_travels_as_its_path(shelve: Shelve, folder: Path) -> None:
    shelve(FEVER)
    with pickle.loads(pickle.dumps(Store.open(folder))) as store:
        assert store.lookup("cim10", "X12") == FEVER


def test_threads_share_a_store(shelve: Shelve, folder: Path) -> None:
    codes = [f"X{number:05d}" for number in range(2_000)]
    shelve(*(Concept("cim10", code, f"Libellé {code}") for code in codes))
    store = Store.open(folder)
    wrong: list[str] = []

    def read() -> None:
        for code in codes:
            concept = store.lookup("cim10", code)
            if concept is None or concept.display != f"Libellé {code}":
                wrong.append(code)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_no_store_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadStore, match="no terminology store there; make one with"):
        Store.open(tmp_path / "nowhere")


def test_an_empty_folder_is_an_empty_store(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    assert (store.systems(), store.releases(), list(store.terms("cim10"))) == ((), (), [])


@pytest.mark.parametrize("damage", [b"{", b"\xff\xfe", b'{"format": 999}', b'{"format": 1}'])
def test_a_damaged_manifest_names_its_release(shelve: Shelve, folder: Path, damage: bytes) -> None:
    shelve(FEVER)
    (folder / "base@1" / MANIFEST).write_bytes(damage)
    with pytest.raises(BadStore, match=r"^base@1: "):
        Store.open(folder)


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 1000])
def test_a_damaged_database_names_its_release(shelve: Shelve, folder: Path, content: bytes | None) -> None:
    shelve(FEVER)
    path = folder / "base@1" / DATABASE
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadStore, match=r"^base@1: its database"):
        Store.open(folder).lookup("cim10", "X12")


def test_other_folders_of_the_store_are_no_releases(shelve: Shelve, folder: Path) -> None:
    shelve(FEVER)
    (folder / "learned").mkdir()
    (folder / ".import-1-x@1").mkdir()
    assert len(Store.open(folder).releases()) == 1


def test_versions_are_ordered_as_people_do() -> None:
    versions = ("2025-02-01", "v83.00", "2.78", "2025", "84", "2.9", "2024", "2025-01-01")
    ordered = ["2.9", "2.78", "v83.00", "84", "2024", "2025", "2025-01-01", "2025-02-01"]
    assert sorted(versions, key=version_key) == ordered


@given(st.text())
def test_any_version_has_a_place(version: str) -> None:
    assert version_key(version) <= version_key(version)
