"""Terminology at hand: an invented store, invented value sets, both or neither."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from semantix.errors import BadStore
from semantix.systems import System, find
from semantix.terminology.building import Wishes, import_source
from semantix.terminology.records import Concept, Link, Record, Term
from semantix.terminology.releases import Hints, Importer, Release
from semantix.terminology.source import Source
from semantix.terminology.store import Store
from semantix.validation._terms import Standing
from semantix.validation.rulesets.value_sets import ValueSets
from semantix.validation.terms import OpenTerms, open_terms

SETS = """<RetrieveValueSetResponse xmlns="urn:ihe:iti:svs:2008"><ValueSet id="1.2.250.1.213.1.1.5.9999"><ConceptList>
<Concept code="MED-9001" codeSystem="1.2.250.1.213.1.1.4.322" displayName="Pouls imaginaire"/>
<Concept code="73211009 " codeSystem="2.16.840.1.113883.6.96" displayName="Gauche inventée"/>
</ConceptList></ValueSet></RetrieveValueSetResponse>"""
ICD = (
    Concept("cim10", "E11", "Fièvre inventée de type 2"),
    Term("cim10", "E11", "fièvre douce", "synonym"),
    Term("cim10", "E11", "à l’exclusion de tout", "exclusion"),
    Concept("cim10", "X01", "Code d’hier", active=False, properties={"end": "20200131000000"}),
    Concept("cim10", "X02", "Code retiré", active=False),
    Concept("ccam", "ZZZZ001", "Acte inventé"),
)


def system(oid: str) -> System:
    known = find(oid)
    assert known is not None
    return known


CIM10, LOINC, SNOMED = map(system, ("2.16.840.1.113883.6.3", "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.96"))
CISIS, CCAM, GENDER = map(system, ("1.2.250.1.213.1.1.4.322", "1.2.250.1.215.300.1", "2.16.840.1.113883.5.1"))


def put(folder: Path, name: str, records: Iterable[Record]) -> None:
    """Put records in the store as an importer of this name reads them."""
    kept = tuple(records)
    systems = tuple(dict.fromkeys(each.system for each in kept if hasattr(each, "system")))
    file = folder / f"{name}.txt"
    file.write_text(repr(kept), "utf-8")
    made = Importer(
        name,
        f"the format of {name}",
        lambda source, _: bool(source.find(f"{name}.txt")),
        lambda _, hints: Release(name, hints.version or "1", systems, "free"),
        lambda _, __: iter(kept),
    )
    import_source(Source(file), folder / "store", Wishes(hints=Hints()), (made,))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    put(tmp_path, "claml", ICD)
    put(
        tmp_path,
        "svs",
        (
            Concept("snomed", "73211009", "côté droit", active=False),
            Concept("valueset", "1.2.250.1.213.1.1.5.7777", "Côtés"),
            Link("valueset", "1.2.250.1.213.1.1.5.7777", "snomed", "73211009", "related", "member"),
        ),
    )
    return tmp_path / "store"


@pytest.fixture
def sets(tmp_path: Path) -> ValueSets:
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "jdv-invente-cisis.xml").write_text(SETS, "utf-8")
    return ValueSets(tmp_path / "sets")


def test_without_anything_the_form_of_a_code_is_all_that_is_known():
    terms = open_terms(None, None)
    assert terms.standing(CIM10, "E11") is Standing.UNCHECKED
    assert terms.standing(CIM10, "e11") is Standing.MALFORMED
    assert terms.labels(CIM10, "E11") == ()
    assert terms.value_set("1.2.3") is None
    assert terms.codes_of(CIM10, "fièvre") == ()


def test_small_systems_of_hl7_are_always_at_hand():
    terms = open_terms(None, None)
    assert [terms.standing(GENDER, code) for code in ("F", "X9")] == [Standing.VALID, Standing.ABSENT]


def test_sides_and_results_are_always_named():
    terms = OpenTerms()
    assert terms.labels(SNOMED, "24028007") == ("droit",)
    assert terms.labels(SNOMED, "22298006") == ()


def test_a_folder_that_is_no_store_is_refused(tmp_path):
    with pytest.raises(BadStore):
        open_terms(tmp_path / "none", None)


def test_a_code_of_a_whole_list_is_there_or_absent(store):
    terms = open_terms(store, None)
    assert terms.standing(CIM10, "E11") is Standing.VALID
    assert terms.standing(CIM10, "E12") is Standing.ABSENT
    assert terms.standing(CIM10, "E12") is Standing.ABSENT


def test_a_retired_code_was_right_until_its_end(store):
    terms = open_terms(store, None)
    on = date(2020, 1, 1), date(2020, 2, 1), None
    assert [terms.standing(CIM10, "X01", day) for day in on] == [Standing.VALID, Standing.RETIRED, Standing.RETIRED]


def test_a_code_retired_without_a_date_is_retired(store):
    assert open_terms(store, None).standing(CIM10, "X02", date(2001, 1, 1)) is Standing.RETIRED


def test_a_table_of_value_sets_is_no_list_of_its_systems(store):
    terms = open_terms(store, None)
    assert terms.standing(SNOMED, "404684003") is Standing.UNCHECKED
    assert terms.standing(SNOMED, "73211009") is Standing.UNCHECKED


def test_a_letter_of_an_axis_of_ccam_is_not_absent(store):
    terms = open_terms(store, None)
    assert terms.standing(CCAM, "F") is Standing.UNCHECKED
    assert terms.standing(CCAM, "ZZZZ002") is Standing.ABSENT


def test_labels_are_the_names_of_a_code_without_its_exclusions(store):
    assert open_terms(store, None).labels(CIM10, "E11") == ("Fièvre inventée de type 2", "fièvre douce")


def test_a_published_code_is_right_and_has_its_label(sets):
    terms = open_terms(None, sets)
    assert terms.standing(CISIS, "MED-9001") is Standing.VALID
    assert terms.standing(SNOMED, "73211009") is Standing.VALID
    assert terms.standing(CISIS, "MED-9002") is Standing.UNCHECKED
    assert terms.labels(CISIS, "MED-9001") == ("Pouls imaginaire",)


def test_a_published_code_without_the_form_of_its_system_is_right(tmp_path):
    (tmp_path / "a.xml").write_text(SETS.replace("MED-9001", "odd"), "utf-8")
    assert open_terms(None, ValueSets(tmp_path)).standing(CISIS, "odd") is Standing.VALID


def test_a_listed_code_without_the_form_of_its_system_is_right(tmp_path):
    put(tmp_path, "claml", [Concept("cim10", "GRIPPE", "Chapitre")])
    assert open_terms(tmp_path / "store", None).standing(CIM10, "GRIPPE") is Standing.VALID


@pytest.mark.parametrize("name", ["jdv-invente-cisis", "1.2.250.1.213.1.1.5.9999"])
def test_a_value_set_has_codes_without_white_space(sets, name):
    terms = open_terms(None, sets)
    assert terms.value_set(name) == {
        ("MED-9001", "1.2.250.1.213.1.1.4.322"),
        ("73211009", "2.16.840.1.113883.6.96"),
    }


def test_a_value_set_may_come_from_the_store(store):
    terms = open_terms(store, None)
    assert terms.value_set("1.2.250.1.213.1.1.5.7777") == {("73211009", "2.16.840.1.113883.6.96")}
    assert terms.value_set("1.2.250.1.213.1.1.5.7778") is None


def test_a_wording_leads_to_its_codes(store, sets):
    terms = open_terms(store, sets)
    assert terms.codes_of(CIM10, "Fièvre  douce") == ("E11",)
    assert terms.codes_of(CISIS, "pouls imaginaire") == ("MED-9001",)
    assert terms.codes_of(CIM10, "à l’exclusion de tout") == ()
    assert terms.codes_of(CIM10, "%") == terms.codes_of(CIM10, "") == ()


def test_what_is_at_hand_is_named(store, sets):
    assert OpenTerms(Store.open(store), sets).names() == ("claml 1", "svs 1", "1 JDV")
    assert OpenTerms().names() == ()


def test_answers_are_kept_within_bounds(monkeypatch, store):
    monkeypatch.setattr("semantix.validation.terms._REMEMBERED", 1)
    terms = OpenTerms(Store.open(store))
    for code in ("E11", "E12", "E11"):
        terms.standing(CIM10, code)
        terms.labels(CIM10, code)
        terms.codes_of(CIM10, code)
    assert terms.standing(CIM10, "E11") is Standing.VALID
