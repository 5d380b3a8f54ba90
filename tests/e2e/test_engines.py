"""Both Schematron engines say the same: on the miniature rule set always, on the official one where it is at hand."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree
from tests.conftest import ROOT
from tests.unit.validation.rulesets.rule_set import MINIATURE, SKY, WEATHER, document

from semantix.validation.rulesets._failed import Failed, RuleError, Verdict
from semantix.validation.rulesets.checker import RuleSetChecker
from semantix.validation.rulesets.install import install, installed

pytest.importorskip("saxonche", reason="needs SaxonC, the reference engine")


def _conformance() -> ModuleType:
    spec = importlib.util.spec_from_file_location("conformance_schematron", ROOT / "conformance" / "schematron.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


schematron = _conformance()


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> RuleSetChecker:
    """Give the official rule set: that of ``$SEMANTIX_RULESET_SOURCE``, else the one installed on this machine."""
    source = os.environ.get("SEMANTIX_RULESET_SOURCE")
    home = schematron._home()
    if source:
        home = tmp_path_factory.mktemp("rulesets")
        install(Path(source), home, "official")
    if not installed(home):
        pytest.skip("needs a rule set: install one, or name its folder or ZIP in $SEMANTIX_RULESET_SOURCE")
    return RuleSetChecker.open("" if source else installed(home)[0].manifest.name, home)


def miniatures() -> list[tuple[str, etree._Element]]:
    snow = SKY.replace("SUN", "SNOW")
    measure = (
        '<section><code nullFlavor="UNK"/><observation moodCode="EVN"><code code="TEMP" codeSystem="1.2.250.1.999.1"/>'
        '<effectiveTime value="20240101"/><value xsi:type="PQ" value="3" unit="Cel"/></observation></section>'
    )
    return [
        ("right", document()),
        ("wrong", document(WEATHER.format(snow * 4) + measure, time="2024", code="COD")),
        ("measured", document(WEATHER.format(SKY) + measure)),
    ]


def test_both_engines_agree_on_the_miniature_rule_set():
    checker = RuleSetChecker.open(MINIATURE, MINIATURE)
    originals, tally = miniatures(), schematron.Tally()
    schematron.compare_all(checker, originals, tally, schematron.Wish(mutated=60, show=True))
    assert tally.differences == []
    assert (tally.documents, tally.stopped) == (63, 0)
    assert tally.failed > 100


@pytest.mark.slow
def test_both_engines_agree_on_the_official_rule_set(official, shared):
    paths = sorted((shared / "corpus" / "cda-3.0").glob("*.xml"))[::9]
    originals, tally = list(schematron.documents(paths)), schematron.Tally()
    schematron.compare_all(official, originals, tally, schematron.Wish(mutated=8, seed=3))
    assert tally.differences == []


FAILED = Failed(layer="min", location="/a[1]", role="", message="m")
ERROR = RuleError(layer="min", location="", rule="", reason="FORG0001")


def verdict(*failed: Failed, errors: tuple[RuleError, ...] = ()) -> Verdict:
    return Verdict(layer="min", engine="fast", failed=failed, errors=errors)


@pytest.mark.parametrize(
    ("fast", "reference", "words"),
    [
        (verdict(FAILED), verdict(FAILED), ""),
        (verdict(FAILED, FAILED), verdict(FAILED), "1 more, 0 less"),
        (verdict(), verdict(FAILED), "0 more, 1 less"),
        (verdict(FAILED, errors=(ERROR,)), verdict(errors=(ERROR,)), ""),
        (verdict(), verdict(errors=(ERROR,)), "stopped in one engine alone"),
        ("unknown-expression", verdict(), "not run: unknown-expression"),
    ],
)
def test_a_difference_is_told(fast, reference, words):
    told = schematron.difference(fast, reference)
    assert told.startswith(words)
    assert bool(told) is bool(words)


def test_the_command_compares_and_prints_the_figures(tmp_path, capsys):
    (tmp_path / "a.xml").write_bytes(etree.tostring(document()))
    (tmp_path / "b.xml").write_text("<other/>")
    assert schematron.main([str(tmp_path), "--ruleset", str(MINIATURE), "--mutated", "2", "--every", "2"]) == 0
    assert "3 documents, 18 layers" in capsys.readouterr().out


def test_the_same_seed_breaks_in_the_same_ways():
    first, again, other = (
        [etree.tostring(each.root) for each in schematron.broken(miniatures(), 5, seed)] for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_nothing_to_compare_is_exit_code_2(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SEMANTIX_RULESETS", str(tmp_path))
    assert schematron.main([str(tmp_path), "--ruleset", "none"]) == 2
    assert schematron.main([str(tmp_path), "--ruleset", str(MINIATURE)]) == 2
    assert "no document to compare" in capsys.readouterr().err
