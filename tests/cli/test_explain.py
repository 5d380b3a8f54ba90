"""``semantix explain``: the page of a code, the nearest codes of a wrong one."""

import pytest
from tests.unit.validation.rulesets.rule_set import MINIATURE, SKY, WEATHER, document

from semantix.validation.catalogue import CATALOGUE
from semantix.validation.rulesets.checker import RuleSetChecker
from semantix.validation.rulesets.install import install


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    monkeypatch.setenv("SEMANTIX_RULESETS", str(tmp_path / "rulesets"))
    return tmp_path


def test_a_code_is_explained_in_french(run):
    done = run("explain", "SX-READ-002", "--lang", "fr")
    assert done.exit_code == 0
    assert done.output.splitlines()[:2] == [
        "SX-READ-002 · alerte",
        "Une date qui n’en est pas une, ou au fuseau incorrect",
    ]
    assert "Que faire : " in done.output
    assert "Source de la règle : HL7 CDA R2" in done.output


@pytest.mark.parametrize("code", ["sx-read-002", "SX002", " SX-READ-002 "])
def test_a_code_may_be_written_as_it_comes(run, code):
    assert run("explain", code, "--lang", "en").output.startswith("SX-READ-002 · warning")


def test_a_number_of_one_digit_is_understood(run):
    assert run("explain", "SX-ID-1", "--lang", "en").output.startswith("SX-ID-01 · error")


def test_a_wrong_code_is_refused_and_the_nearest_named(run):
    done = run("explain", "SX-RAED-002", "--lang", "en")
    assert done.exit_code == 2
    assert "SX-RAED-002: no such code; the nearest are SX-READ-" in done.output


def test_nothing_near_leads_to_the_list(run):
    done = run("explain", "hello", "--lang", "fr")
    assert done.exit_code == 2
    assert "semantix explain seul liste tous les codes" in done.output


def test_without_a_code_all_are_listed(run):
    output = run("explain", "--lang", "en").output
    assert [code for code in CATALOGUE if code not in output] == []


def test_an_official_rule_that_is_not_installed_is_explained_as_one_of_its_family(run, nowhere):
    done = run("explain", "SX-SCH-ANS-0a1b2c3d", "--lang", "en")
    assert done.exit_code == 0
    assert done.output.splitlines()[:2] == ["SX-SCH-ANS-0a1b2c3d", "An official rule is broken"]
    assert "No rule set installed here has this rule" in done.output


def test_an_official_rule_is_shown_as_the_installed_rule_set_has_it(run, nowhere):
    home = nowhere / "rulesets"
    install(MINIATURE, home, "small")
    (found,), _ = RuleSetChecker.open("small", home).check(document(WEATHER.format(SKY.replace("SUN", "SNOW"))))
    done = run("explain", found.code, "--rulesets", home, "--lang", "fr")
    assert done.exit_code == 0
    assert "La règle officielle" in done.output
    assert "  Fichier : schematrons/profils/IHE.sch" in done.output
    assert "  Doit être vrai (assert) : @nullFlavor or document($weather)" in done.output
