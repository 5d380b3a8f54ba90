"""What a rule set holds and lacks."""

import shutil
from pathlib import Path

import pytest
from tests.unit.validation.rulesets.rule_set import MINIATURE

from semantix.validation.rulesets import saxon
from semantix.validation.rulesets.checker import RuleSetChecker
from semantix.validation.rulesets.layout import GENERIC, TERMINOLOGIES
from semantix.validation.rulesets.survey import RuleSetSurvey, Terminology, survey, terminologies


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINIATURE, tmp_path / "set"))


def look(top: Path) -> RuleSetSurvey:
    return survey(RuleSetChecker.open(top, top), top)


def test_the_layers_are_counted(top):
    found = look(top)
    layers = {layer.name: layer for layer in (*found.generic, *found.volets)}
    assert list(layers) == [*GENERIC, "TLM-CR_2022.01", "VSM_2023.01"]
    ihe = layers["ihe"]
    assert (ihe.title, ihe.patterns, ihe.rules, ihe.asserts, ihe.engine) == ("Sections", 3, 3, 6, "fast")
    assert (found.title, found.value_sets) == ("Miniature rule set", 1)
    assert not any(layer.missing or layer.problem or layer.unsupported for layer in layers.values())


def test_a_value_set_that_is_not_there_is_named(top):
    (top / "jeuxDeValeurs" / "JDV_Weather.xml").rename(top / "jeuxDeValeurs" / "JDV_Weather.xml.xml")
    assert [layer.missing for layer in look(top).generic if layer.missing] == [("JDV_Weather.xml",)]


def test_a_layer_that_cannot_be_read_says_why(top):
    (top / "schematrons" / "include" / "sections" / "S_weather.sch").unlink()
    (problem,) = [layer.problem for layer in look(top).generic if layer.problem]
    assert "S_weather.sch" in problem


@pytest.mark.parametrize("there", [True, False])
def test_what_the_fast_engine_does_not_know_is_named_with_the_engine_left(top, monkeypatch, there):
    monkeypatch.setattr(saxon, "available", lambda: there)
    path = top / GENERIC["ans"]
    path.write_text(path.read_text("utf-8").replace("string-length(.)", "fold-left((1), 2, 3)"), "utf-8")
    ans = next(layer for layer in look(top).generic if layer.name == "ans")
    assert ans.engine == ("saxon" if there else "")
    assert "fold-left" in ans.unsupported[0]


def test_a_volet_to_which_no_template_leads_is_told(top):
    folder = top / "schematrons"
    shutil.copy(folder / "CI-SIS_TLM-CR_2022.01.sch", folder / "CI-SIS_NEW_2031.01.sch")
    assert [layer.name for layer in look(top).volets if not layer.automatic] == ["NEW_2031.01"]


def test_a_terminology_without_its_list_is_told(top):
    listing = "1.2.250.1.999.1 ==> WEATHER \r\n2.16.840.1.113883.6.1    ==> LOINC\r\nnothing\r\n"
    (top / TERMINOLOGIES / "Terminologies.txt").write_text(listing, "utf-8")
    assert list(terminologies(top)) == [
        Terminology("1.2.250.1.999.1", "WEATHER", there=True),
        Terminology("2.16.840.1.113883.6.1", "LOINC", there=False),
    ]


def test_without_a_listing_the_lists_at_hand_are_told(top):
    assert list(terminologies(top)) == [Terminology("1.2.250.1.999.1", "", there=True)]
    shutil.rmtree(top / TERMINOLOGIES)
    assert list(terminologies(top)) == []
