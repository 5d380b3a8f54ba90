"""The reference engine over the miniature rule set."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from tests.unit.validation.rulesets.rule_set import MINIATURE, SKY, WEATHER, document

from semantix.errors import BadRuleSet
from semantix.validation.rulesets import saxon
from semantix.validation.rulesets._failed import Verdict
from semantix.validation.rulesets._schema import Assert, Part, Pattern, Rule, Schema
from semantix.validation.rulesets.expand import read_schema
from semantix.validation.rulesets.layout import Layer, generic_layers
from semantix.validation.rulesets.saxon import Asserts, Saxon, shown

LAYERS = {layer.name: layer for layer in generic_layers()}
SECTION = "/ClinicalDocument[1]/component[1]/structuredBody[1]/section[1]"
SNOW = SKY.replace("SUN", "SNOW")


@pytest.fixture(scope="module")
def engine() -> Saxon:
    pytest.importorskip("saxonche")
    return Saxon(MINIATURE)


def run(engine: Saxon, layer: str, root, top: Path = MINIATURE) -> Verdict:
    return engine.check(LAYERS[layer], root, lambda: read_schema(top / LAYERS[layer].path, top))


@pytest.mark.parametrize("layer", LAYERS)
def test_a_document_that_conforms_has_nothing(engine, layer):
    assert run(engine, layer, document()) == Verdict(layer=layer, engine="saxon")


def test_a_failed_assert_has_its_place_line_role_and_both_messages(engine):
    (failed,) = run(engine, "ihe", document(WEATHER.format(SNOW))).failed
    assert failed.location == f"{SECTION}/observation[1]/value[1]"
    assert (failed.layer, failed.role, failed.line) == ("ihe", "", 1)
    assert "The code SNOW of observation/value is not in the list" in failed.message
    assert failed.shown == (
        "[oneOf] The code … of observation/value is not in the list ../../jeuxDeValeurs/JDV_Weather.xml."
    )
    assert len(failed.rule) == 8


def test_the_roles_are_those_of_the_rules(engine):
    failed = run(engine, "ihe", document(WEATHER.format("<title>T</title>"))).failed
    assert [(each.role, each.message) for each in failed] == [
        ("warning", "[S_weather] The section should hold an observation; it holds 0.")
    ]


def test_a_report_that_speaks_is_there(engine):
    failed = run(engine, "ihe", document(WEATHER.format(SKY + SKY.removeprefix("<title>Sky</title>") * 3))).failed
    assert [(each.role, each.shown) for each in failed] == [("info", "[S_weather] A long report.")]


def test_the_paths_of_terminologies_start_at_the_file_of_the_rules(engine):
    """Compiled elsewhere, ``doc-available`` is false and this code passes."""
    failed = run(engine, "term", document(code="NONE")).failed
    assert [each.location for each in failed] == ["/ClinicalDocument[1]/code[1]"]


def test_a_dynamic_error_stops_the_layer_and_quotes_nothing(tmp_path, capfd):
    pytest.importorskip("saxonche")
    top = Path(shutil.copytree(MINIATURE, tmp_path / "set"))
    path = top / LAYERS["ans"].path
    path.write_text(
        path.read_text("utf-8")
        .replace("string-length(.) &gt; 2", "xs:date(.) &gt; xs:date('2020-01-01')")
        .replace('<ns prefix="cda"', '<ns prefix="xs" uri="http://www.w3.org/2001/XMLSchema"/><ns prefix="cda"'),
        "utf-8",
    )
    verdict = run(Saxon(top), "ans", document(), top)
    (error,) = verdict.errors
    assert (verdict.failed, error.layer, error.reason) == ((), "ans", "FORG0001")
    assert "DUPONT" not in "".join(capfd.readouterr())


def test_a_missing_value_set_stops_the_layer(tmp_path):
    pytest.importorskip("saxonche")
    top = Path(shutil.copytree(MINIATURE, tmp_path / "set"))
    (top / "jeuxDeValeurs" / "JDV_Weather.xml").unlink()
    assert [each.reason for each in run(Saxon(top), "ihe", document(), top).errors] == ["FODC0002"]


def test_nothing_is_read_from_the_network(tmp_path):
    pytest.importorskip("saxonche")
    top = Path(shutil.copytree(MINIATURE, tmp_path / "set"))
    path = top / LAYERS["ihe"].path
    path.write_text(path.read_text("utf-8").replace("../../jeuxDeValeurs/", "http://localhost:1/"), "utf-8")
    assert [each.reason for each in run(Saxon(top), "ihe", document(), top).errors] == ["FODC0005"]


def test_rules_that_cannot_be_compiled_are_told(tmp_path, capfd):
    pytest.importorskip("saxonche")
    top = Path(shutil.copytree(MINIATURE, tmp_path / "set"))
    path = top / LAYERS["ans"].path
    path.write_text(path.read_text("utf-8").replace("string-length(", "(("), "utf-8")
    with pytest.raises(BadRuleSet, match=r"layer ans cannot be compiled by SaxonC \([A-Z0-9]{8}\)"):
        run(Saxon(top), "ans", document(), top)
    assert capfd.readouterr().err == ""


def test_a_stylesheet_is_kept_and_a_damaged_one_is_made_again(tmp_path):
    pytest.importorskip("saxonche")
    first = run(Saxon(MINIATURE, tmp_path / "kept"), "term", document(code="NONE"))
    (kept,) = (tmp_path / "kept").iterdir()
    good = kept.read_bytes()
    assert run(Saxon(MINIATURE, tmp_path / "kept"), "term", document(code="NONE")) == first
    kept.write_bytes(good[:100])
    assert run(Saxon(MINIATURE, tmp_path / "kept"), "term", document(code="NONE")) == first
    assert kept.read_bytes() == good


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    pytest.importorskip("saxonche")
    (tmp_path / "kept").write_text("a file")
    assert run(Saxon(MINIATURE, tmp_path / "kept"), "ans", document()).failed == ()


def test_without_saxon_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(saxon, "_MODULE", "saxon_that_is_not_there")
    assert not saxon.available()
    with pytest.raises(BadRuleSet, match=r"pip install semantix\[saxon\]"):
        Saxon(MINIATURE)


def test_it_works_without_a_standard_error(engine, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert run(engine, "term", document(code="NONE")).failed
    monkeypatch.setattr(os, "dup", _broken)
    monkeypatch.undo()


def _broken(_: int) -> int:
    raise OSError


ONE = Assert("a", "", (Part("text", "[x]  The code "), Part("value", "@code"), Part("text", " is (very)\n wrong.")))
TWO = Assert("b", "", (Part("text", "Another."),))
SCHEMA = Schema("t", patterns=(Pattern("p", (Rule("c  d", (ONE, TWO)),)),))


def test_an_assert_is_found_by_its_words():
    found = Asserts("l", SCHEMA)
    assert found.find(("p", "c d"), "[x] The code A B is (very) wrong.")[1] == "[x] The code … is (very) wrong."
    assert found.find(("p", "c d"), "[x] The code is (very) wrong.")[1] == "[x] The code … is (very) wrong."
    assert found.find(("p", "c d"), "Another.")[1] == "Another."
    assert found.find(("p", "c d"), "No such words.") == ("", "…")
    assert found.find(("q", "c d"), "Another.") == ("", "…")
    assert shown(TWO) == "Another."


@pytest.mark.parametrize(
    ("expression", "text"),
    [("'a b'", "a b"), (' "c" ', "c"), ("$d", "deep"), ("$loop", "…"), ("$none", "…"), ("@x", "…"), ("'a' = 'b'", "…")],
)
def test_constants_of_the_rules_are_shown(expression, text):
    lets = {"d": "$e", "e": "'deep'", "loop": "$loop"}
    assert shown(Assert("t", "", (Part("value", expression),)), lets) == text


def test_a_layer_of_another_file_is_told(tmp_path):
    pytest.importorskip("saxonche")
    with pytest.raises(BadRuleSet, match="layer none cannot be compiled"):
        Saxon(MINIATURE).check(Layer("none", "schematrons/none.sch"), document(), lambda: SCHEMA)
