"""From a store to a matcher: which names are learned from, what the learned part depends on."""

import shutil
from pathlib import Path

import pytest
from tests.unit.terminology.conftest import Shelve, silent
from tests.unit.terminology.invented import HEAD, curated, write_mappings

from semantix.errors import BadStore
from semantix.terminology.matching.parts import CURATED
from semantix.terminology.matching.wording import WordingMatcher
from semantix.terminology.records import Concept, Link, Term
from semantix.terminology.serving import (
    Ground,
    Served,
    curated_names,
    key_of,
    mappings_folder,
    names_of,
    residuals,
    serve,
    specialities,
    target_of,
)
from semantix.terminology.store import Store
from semantix.terminology.table_files import COLUMNS
from semantix.terminology.tables import Tables


def ground(folder: Path, mappings: Path) -> Ground:
    return Ground(Store.open(folder), Tables.load(mappings / "tables"), mappings)


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    return write_mappings(tmp_path / "mappings")


# --- what is learned from ----------------------------------------------------------------------------------------


def test_notes_other_languages_and_retired_codes_are_no_names(shelve: Shelve, folder: Path, mappings: Path) -> None:
    shelve(
        Concept("cim10", "A00", "Mal rouge"),
        Concept("cim10", "A01", "Mal ancien", active=False),
        Term("cim10", "A00", "rougeur"),
        Term("cim10", "A00", "red disease", "synonym", "en"),
        Term("cim10", "A00", "sauf le vert", "exclusion"),
        Term("cim10", "A00", "une note", "note"),
        Term("cim10", "A01", "vieillerie"),
    )
    names = list(names_of(ground(folder, mappings), "cim10", {"A00": 0}))
    assert names == [(0, "Mal rouge", "preferred"), (0, "rougeur", "synonym")]


def test_short_labels_are_learned_from_and_not_indexed(invented: Ground) -> None:
    target = target_of(invented, "cim10")
    genou = target.codes.index("A10.0")
    assert (genou, "DLR GENOU") in target.shorts
    assert [name[1:] for name in target.names if name[0] == genou] == [
        ("Douleur du genou", "preferred"),
        ("douleur de la flombe", "synonym"),
    ]


def test_curated_wordings_that_hold_anywhere_are_names(invented: Ground) -> None:
    names = list(curated_names(Tables.load(invented.mappings / "tables"), "cim10", {"R51": 7, "A10.0": 1, "A15.3": 2}))
    assert names == [(2, "coup de chaud", CURATED), (7, "vertige du dimanche", CURATED)]


def test_codes_of_one_category_are_one_family(invented: Ground) -> None:
    target = target_of(invented, "cim10")
    family = dict(zip(target.codes, target.family, strict=True))
    assert family["A10.0"] == family["A10"] == family["A10.9"] != family["A11.0"]


def test_flags_tell_the_residual_codes_the_recordable_ones_and_those_with_codes_below(invented: Ground) -> None:
    target = target_of(invented, "cim10")
    flags = dict(zip(target.codes, target.flags, strict=True))
    assert (flags["A10"], flags["A10.0"], flags["A10.9"]) == (8, 4, 6)


def test_a_code_without_a_french_label_is_named_by_its_display(shelve: Shelve, folder: Path, mappings: Path) -> None:
    shelve(Concept("cisp2", "A00", "Red pain"), Term("cisp2", "A00", "Red pain", "preferred", "en"))
    assert target_of(ground(folder, mappings), "cisp2").names == ((0, "Red pain", "preferred"),)


def concepts(*rows: tuple[str, str]) -> tuple[int, ...]:
    return residuals([Concept("cim10", code, label, assignable=place > 0) for place, (code, label) in enumerate(rows)])


def test_the_code_to_record_for_a_category_says_no_more() -> None:
    assert concepts(
        ("A10", "Mal du genou"), ("A10.0", "Mal rouge du genou"), ("A10.8", "Mal du genou, sans précision")
    ) == (2, -1, -1)
    assert concepts(("S80", "Fracture du bras"), ("S80.0", "Fracture fermée du bras"), ("S80.9", "Fracture"))[0] == 1
    assert concepts(("A10", "Mal du genou"), ("A10.0", "Mal rouge"), ("A10.9", "Autre chose"))[0] == 2
    assert concepts(("A10", "Mal du genou"), ("A10.0", "Mal rouge"))[0] == -1
    assert concepts(("A10", "Mal du genou"))[0] == -1


# --- serving -----------------------------------------------------------------------------------------------------


def test_what_was_learned_is_opened_without_learning(invented: Ground, served: Served) -> None:
    heard: list[str] = []
    again = serve(invented, "cim10", heard.append)
    assert (again.codes, heard) == (served.codes, [])
    assert isinstance(again.matcher, WordingMatcher)


def test_an_unknown_target_is_refused(invented: Ground) -> None:
    with pytest.raises(BadStore, match="the store has no terminology 'atc'"):
        serve(invented, "atc", silent)


def test_codes_without_labels_cannot_be_learned(shelve: Shelve, folder: Path, mappings: Path) -> None:
    shelve(Concept("cim10", "A00", ""))
    with pytest.raises(BadStore, match="no active code has a label"):
        serve(ground(folder, mappings), "cim10", silent)


def test_the_key_depends_on_the_store_the_tables_and_the_lexicon(shelve: Shelve, folder: Path, mappings: Path) -> None:
    shelve(Concept("cim10", "A00", "Mal rouge"))
    keys = [key_of(ground(folder, mappings), "cim10")]
    assert key_of(ground(folder, mappings), "cim10") == keys[0]
    keys.append(key_of(ground(folder, mappings), "cisp2"))
    lines = "\n".join(("\t".join(COLUMNS), curated("mal", "CIM10:A00")))
    (mappings / "tables" / "more__cim10.sssom.tsv").write_text(f"{HEAD}{lines}\n", "utf-8")
    keys.append(key_of(ground(folder, mappings), "cim10"))
    with (mappings / "lexicon" / "synonyms.tsv").open("a", encoding="utf-8") as file:
        file.write("mal\tmaladie\tusage\n")
    keys.append(key_of(ground(folder, mappings), "cim10"))
    shelve(Concept("cim10", "A01", "Mal vert"), name="other")
    keys.append(key_of(ground(folder, mappings), "cim10"))
    assert len(set(keys)) == len(keys)


def test_the_lexicon_that_ships_is_found() -> None:
    assert (mappings_folder() / "lexicon" / "abbreviations.tsv").is_file()


def test_medicines_are_served_with_their_substances_and_codes(shelve: Shelve, folder: Path) -> None:
    shelve(
        Concept("atc", "N02BE01", "fictiline"),
        Concept("atc", "A10BA02", "sucrol"),
        Concept(
            "cis", "60000001", "DOLFIX 500 mg, comprimé", properties={"form": "comprimé", "routes": "orale; buccale"}
        ),
        Term("cis", "60000001", "FICTILINE", "substance"),
        Link("cis", "60000001", "atc", "N02BE01"),
        Concept("cis", "60000002", "SUCRIX 1 g, poudre"),
    )
    with Store.open(folder) as store:
        found = {each.name: (each.form, each.routes, each.substances, each.atc) for each in specialities(store)}
    assert found == {
        "DOLFIX 500 mg, comprimé": ("comprimé", ("orale", "buccale"), ("FICTILINE",), ("N02BE01",)),
        "SUCRIX 1 g, poudre": ("", (), (), ()),
    }
    (folder / "mappings").mkdir()
    shutil.copytree(mappings_folder() / "lexicon", folder / "mappings" / "lexicon")
    write_mappings(folder / "own")
    served = serve(
        Ground(Store.open(folder), Tables.load(folder / "own" / "tables"), folder / "mappings"), "atc", silent
    )
    assert served.codes == ("A10BA02", "N02BE01")
    assert served.verbatim.find("dolfix 500 mg comprimé")[0].code == 1
