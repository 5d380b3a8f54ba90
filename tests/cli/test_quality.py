"""``semantix quality``: exit codes, forms of the report, and a page that everyone can read."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from tests.quality_database import build

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "cdm.duckdb"
    with duckdb.connect(str(path)) as session:
        build(session.execute)
    return path


def _spoil(database: Path, change: str) -> None:
    with duckdb.connect(str(database)) as session:
        session.execute(change)


def test_exit_code_is_zero_when_all_that_applies_passes(run, database: Path) -> None:
    result = run("quality", database, "--table", "person", "--table", "CONDITION_OCCURRENCE", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "Every check that applies passes." in result.stdout


@pytest.mark.parametrize(("severity", "code"), [("fatal", 0), ("convention", 0), ("characterization", 1)])
def test_exit_code_is_one_when_a_check_of_the_severity_fails(run, database: Path, severity: str, code: int) -> None:
    _spoil(database, "UPDATE person SET year_of_birth = 1700 WHERE person_id = 2")
    assert run("quality", database, "--table", "person", "--fail-on", severity).exit_code == code


def test_levels_and_tables_are_chosen(run, database: Path) -> None:
    result = run("quality", database, "--level", "table", "--table", "person", "--format", "json")
    assert [row["checkId"] for row in json.loads(result.stdout)["CheckResults"]] == ["table_cdmtable_person"]


@pytest.mark.parametrize(
    "options",
    [["--table", "persons"], ["--table", "person", "--level", "concept"], ["--format", "xml"], ["--fail-on", "all"]],
)
def test_a_wrong_command_line_is_refused(run, database: Path, options: list[str]) -> None:
    assert run("quality", database, *options).exit_code == 2


def test_a_file_that_is_no_database_has_its_exit_code(run, tmp_path: Path) -> None:
    result = run("quality", tmp_path / "absent.duckdb")
    assert result.exit_code == 13
    assert "no such file" in result.stderr


def test_a_folder_without_definitions_has_its_exit_code(run, database: Path, tmp_path: Path) -> None:
    result = run("quality", database, "--definitions", tmp_path)
    assert result.exit_code == 14
    assert "OMOP_CDMv5.4_Check_Descriptions.csv cannot be read" in result.stderr


@pytest.mark.parametrize(
    ("form", "start"), [("text", "Quality of"), ("json", "{"), ("csv", "check_id,"), ("html", "<!D")]
)
def test_the_report_goes_to_a_file(run, database: Path, tmp_path: Path, form: str, start: str) -> None:
    out = tmp_path / f"report.{form}"
    result = run("quality", database, "--table", "person", "--format", form, "--out", out, "--lang", "en")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert str(out) in result.stderr
    assert out.read_text("utf-8").startswith(start)


def test_the_published_definitions_are_named_with_their_digest(run, database: Path, shared: Path) -> None:
    result = run("quality", database, "--definitions", shared / "spec" / "dqd", "--format", "json")
    told = json.loads(result.stdout)["semantix"]["definitions"]
    assert len(told["sha256"]) == 4
    assert result.exit_code == 1


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_is_accessible(run, database: Path, tmp_path: Path, lang: str) -> None:
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        pytest.skip("needs Chromium")
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    _spoil(database, "UPDATE person SET gender_concept_id = NULL WHERE person_id = 2")
    _spoil(database, "DROP TABLE condition_era")
    page = tmp_path / "quality.html"
    assert run("quality", database, "--format", "html", "--out", page, "--lang", lang).exit_code == 1
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        try:
            for scheme in ("light", "dark"):
                tab = opened.new_page(color_scheme=scheme, viewport={"width": 1200, "height": 900})
                tab.goto(page.as_uri())
                found = Axe().run(tab).response["violations"]
                assert [(each["id"], each["impact"]) for each in found] == []
        finally:
            opened.close()
