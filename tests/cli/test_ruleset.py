"""``semantix ruleset``."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import ROOT

from semantix.validation.rulesets.install import find
from semantix_cli import ruleset

MINIATURE = ROOT / "tests" / "data" / "ruleset"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "rulesets"
    monkeypatch.setenv("SEMANTIX_RULESETS", str(folder))
    return folder


def test_a_rule_set_is_installed_compiled_and_listed(run, home):
    done = run("ruleset", "install", MINIATURE, "--name", "small", "--lang", "en")
    assert (done.exit_code, done.stdout) == (0, "small: installed, 21 files\n")
    assert len(list((home / "small" / "compiled").glob("fast-*/*"))) == 7
    again = run("ruleset", "install", MINIATURE, "--name", "small", "--lang", "fr")
    assert again.stdout == "small : déjà présent, rien à faire\n"
    listed = json.loads(run("ruleset", "list", "--json").stdout)
    assert [(each["name"], each["title"], each["files"]) for each in listed] == [("small", "Miniature rule set", 21)]
    assert "Miniature rule set" in run("ruleset", "list").stdout


def test_an_installation_is_told_as_json(run):
    told = json.loads(run("ruleset", "install", MINIATURE, "--json").stdout)
    assert (told["status"], told["ruleset"]["name"]) == ("installed", "ruleset")


def test_who_looks_sees_how_far_it_is(run, home, monkeypatch, capsys):
    run("ruleset", "install", MINIATURE, "--name", "small")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    ruleset._prepare(find(home, "small"), "fr")
    assert "préparation des règles pour le moteur rapide : 7/7" in capsys.readouterr().err


def test_nothing_installed_is_told(run):
    done = run("ruleset", "list", "--lang", "en")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "no rule set is installed" in done.stderr
    assert json.loads(run("ruleset", "list", "--json").stdout) == []


def test_what_is_no_publication_is_exit_code_12(run, tmp_path):
    done = run("ruleset", "install", tmp_path)
    assert done.exit_code == 12
    assert "CDA_extended.xsd" in done.stderr


def test_a_rule_set_is_shown_with_what_it_lacks(run, tmp_path):
    source = Path(shutil.copytree(MINIATURE, tmp_path / "source"))
    terminologies = source / "schematrons" / "profils" / "terminologies" / "terminologie"
    (terminologies / "Terminologies.txt").write_text("2.16.840.1.113883.6.1 ==> LOINC\n1.2.250.1.999.1 ==> WEATHER\n")
    (source / "jeuxDeValeurs" / "JDV_Weather.xml").rename(source / "jeuxDeValeurs" / "JDV_Other.xml")
    (source / "schematrons" / "include" / "specificationsVolets" / "VSM_2023.01" / "header.sch").unlink()
    shutil.copy(source / "schematrons" / "CI-SIS_TLM-CR_2022.01.sch", source / "schematrons" / "CI-SIS_NEW_1.sch")
    path = source / "schematrons" / "profils" / "CI-SIS_Modeles_ANS.sch"
    path.write_text(path.read_text("utf-8").replace("string-length(.)", "fold-left((1), 2, 3)"), "utf-8")
    run("ruleset", "install", source, "--name", "odd")
    text = run("ruleset", "show", "odd", "--lang", "en").stdout
    for words in (
        "odd: Miniature rule set (SHA-256 ",
        "ihe: the value set JDV_Weather.xml is not in the publication",
        "header.sch",
        "ans: 1 expression(s) that the fast engine does not know",
        "fold-left",
        "NEW_1: no template leads to this volet",
        "Codes are checked in these terminologies: WEATHER (1.2.250.1.999.1)",
        "their codes are NOT checked: LOINC (2.16.840.1.113883.6.1)",
        "3 volets, 1 value sets",
    ):
        assert words in text, words
    assert "leurs codes ne sont PAS contrôlés : LOINC" in run("ruleset", "show", "odd", "--lang", "fr").stdout
    assert json.loads(run("ruleset", "show", "odd", "--json").stdout)["value_sets"] == 1


def test_a_rule_set_that_is_not_there_is_exit_code_12(run):
    for command in ("show", "remove"):
        done = run("ruleset", command, "none")
        assert done.exit_code == 12
        assert "there are: none" in done.stderr


def test_a_rule_set_is_removed(run, home):
    run("ruleset", "install", MINIATURE, "--name", "small")
    assert run("ruleset", "remove", "small", "--dry-run", "--lang", "en").stdout == "(--dry-run) small removed\n"
    assert (home / "small").is_dir()
    assert run("ruleset", "remove", "small", "--lang", "fr").stdout == "small supprimé\n"
    assert list(home.iterdir()) == []


def test_the_folder_of_rule_sets_is_beside_the_store(monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert ruleset.default_rulesets() == Path("/data/semantix/rulesets")
