"""Value sets of a rule set, by the name of the file and by OID."""

from pathlib import Path

import pytest

from semantix.validation.rulesets import value_sets
from semantix.validation.rulesets.value_sets import ValueSets

COLOURS = """<?xml version="1.0" encoding="UTF-8"?>
<RetrieveValueSetResponse xmlns="urn:ihe:iti:svs:2008">
  <ValueSet displayName="Colours"
            id="1.2.250.1.999.7">
    <ConceptList><Concept code="R" codeSystem="1.2.3" displayName="red"/>
    <Concept code="G" codeSystem="1.2.4"/></ConceptList>
  </ValueSet>
</RetrieveValueSetResponse>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "JDV_Colours.xml").write_text(COLOURS, "utf-8")
    (tmp_path / "JDV_Broken.xml").write_text(COLOURS[:220].replace("999.7", "999.8"), "utf-8")
    (tmp_path / "SVS.xsd").write_text("<nothing/>", "utf-8")
    return tmp_path


def test_the_names_are_those_of_the_xml_files(folder):
    assert ValueSets(folder).names() == ("JDV_Broken", "JDV_Colours")


@pytest.mark.parametrize("name", ["JDV_Colours", "JDV_Colours.xml", "1.2.250.1.999.7"])
def test_a_value_set_is_found_by_its_file_and_by_its_oid(folder, name):
    assert ValueSets(folder).get(name) == {("R", "1.2.3"), ("G", "1.2.4")}


@pytest.mark.parametrize("name", ["JDV_Broken", "1.2.250.1.999.8", "JDV_None", "1.2.250.1.999.9", "../JDV_Colours"])
def test_what_is_damaged_or_not_there_is_none(folder, name):
    assert ValueSets(folder).get(name) is None


def test_an_answer_is_remembered(folder):
    sets = ValueSets(folder)
    first = sets.get("JDV_Colours")
    (folder / "JDV_Colours.xml").unlink()
    assert sets.get("JDV_Colours") is first


def test_a_folder_that_is_not_there_has_no_value_set(tmp_path):
    sets = ValueSets(tmp_path / "none")
    assert (sets.names(), sets.get("1.2.3")) == ((), None)


def test_a_file_beyond_the_limit_is_not_read(folder, monkeypatch):
    monkeypatch.setattr(value_sets, "LARGEST", 10)
    assert ValueSets(folder).get("JDV_Colours") is None


def test_a_file_that_cannot_be_opened_has_no_oid(folder):
    sets = ValueSets(folder)
    assert len(sets.names()) == 2
    (folder / "JDV_Broken.xml").unlink()
    assert sets.get("1.2.250.1.999.8") is None


def test_the_labels_of_all_value_sets_are_by_code_and_system(folder):
    sets = ValueSets(folder)
    assert dict(sets.concepts()) == {("R", "1.2.3"): ("red",), ("G", "1.2.4"): ()}
    assert sets.concepts() is sets.concepts()
