"""``semantix profile`` and ``semantix draft-pack``."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.profiled_exports import NAMES, RESULTS_HEADER, delimited, results

from semantix.parsers.packs import load_pack
from semantix_cli.draft_pack import draft_pack
from semantix_cli.main import Semantix
from semantix_cli.profile import profile_


def run(*arguments: object) -> Result:
    group = Semantix("semantix", commands=[profile_, draft_pack])
    return CliRunner().invoke(group, [str(argument) for argument in arguments], prog_name="semantix")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_bytes(delimited(results(), RESULTS_HEADER).encode("cp1252"))
    return path


@pytest.mark.parametrize(("lang", "words"), [("fr", "numéro du patient"), ("en", "patient’s number")])
def test_a_profile_is_told_on_the_terminal(export: Path, lang: str, words: str) -> None:
    result = run("profile", export, "--lang", lang)
    assert result.exit_code == 0
    assert words in result.stdout
    assert "cp1252" in result.stdout
    assert "pivot" in result.stdout
    assert not [name for name in NAMES if name in result.output]


def test_values_are_shown_only_when_asked(export: Path) -> None:
    result = run("profile", export, "--show-values", "--lang", "en")
    assert NAMES[0] in result.stdout
    assert "CAUTION" in result.stderr


def test_json_has_every_figure(export: Path) -> None:
    result = run("profile", export, "--json")
    (found,) = json.loads(result.stdout)["files"]
    assert found["tables"][0]["columns"][0]["role"] == "patient-number"
    assert found["tables"][0]["columns"][8]["units"]["known"] == 300


def test_a_page_is_written(export: Path, tmp_path: Path) -> None:
    page = tmp_path / "profile.html"
    result = run("profile", export, "--html", page, "--lang", "fr")
    assert result.exit_code == 0
    text = page.read_text("utf-8")
    assert "Profil d’un export" in text
    assert not [name for name in NAMES if name in text]


def test_files_of_an_archive_are_profiled_each(export: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(export, "un.csv")
        archive.write(export, "deux.csv")
    result = run("profile", tmp_path / "a.zip", "--json")
    assert [one["name"].rpartition("!/")[2] for one in json.loads(result.stdout)["files"]] == ["un.csv", "deux.csv"]


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(export: Path, tmp_path: Path) -> None:
    (tmp_path / "vide.csv").write_bytes(b"")
    (tmp_path / "faux.zip").write_bytes(b"PK\x03\x04 rien")
    result = run("profile", export, tmp_path / "vide.csv", tmp_path / "faux.zip", "--json")
    assert result.exit_code == 3
    assert "vide.csv: the file is empty" in result.stderr
    assert "faux.zip" in result.stderr
    assert len(json.loads(result.stdout)["files"]) == 1
    assert run("profile", tmp_path / "vide.csv").exit_code == 4


def test_a_first_pack_is_written_and_loads(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "Mon logiciel.yaml"
    result = run("draft-pack", export, "-o", out, "--lang", "en")
    assert result.exit_code == 0
    assert "doubts to settle" in result.stderr
    pack = load_pack(out.read_bytes(), "p")
    assert (pack.id, list(pack.spec.files)) == ("mon-logiciel", ["results"])


def test_a_pack_that_is_there_is_not_written_over_unless_told(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "p.yaml"
    out.write_text("mine", "utf-8")
    result = run("draft-pack", export, "-o", out)
    assert (result.exit_code, out.read_text("utf-8")) == (6, "mine")
    assert run("draft-pack", export, "-o", out, "--overwrite").exit_code == 0
    assert out.read_text("utf-8") != "mine"


def test_a_pack_of_files_some_of_which_cannot_be_read_is_written_and_told(export: Path, tmp_path: Path) -> None:
    (tmp_path / "vide.csv").write_bytes(b"")
    out = tmp_path / "p.yaml"
    assert run("draft-pack", export, tmp_path / "vide.csv", "-o", out).exit_code == 3
    assert out.exists()
