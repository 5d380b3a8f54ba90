"""``--vocabulary``: a hand-written Athena folder of two concepts, and a folder that is not one."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import EXAMPLES

COLUMNS = (
    "concept_id concept_name domain_id vocabulary_id concept_class_id standard_concept concept_code "
    "valid_start_date valid_end_date invalid_reason"
)
FILES = {
    "CONCEPT.csv": (
        COLUMNS,
        "3004501 Glucose Measurement LOINC Lab_Test S 14749-6 19700101 20991231 ",
        "3016723 Creatinine Measurement LOINC Lab_Test S 14682-9 19700101 20991231 ",
    ),
    "CONCEPT_RELATIONSHIP.csv": (
        "concept_id_1 concept_id_2 relationship_id valid_start_date valid_end_date invalid_reason",
    ),
    "VOCABULARY.csv": (
        "vocabulary_id vocabulary_name vocabulary_reference vocabulary_version vocabulary_concept_id",
        "None OMOP_Standardized_Vocabularies none v5.0_TEST 44819096",
        "LOINC LOINC none 2.78 44819102",
    ),
}


@pytest.fixture
def athena(tmp_path: Path) -> Path:
    """Write a vocabulary whose words have no space."""
    folder = tmp_path / "athena"
    folder.mkdir()
    for name, lines in FILES.items():
        (folder / name).write_text("".join(line.replace(" ", "\t") + "\n" for line in lines), "utf-8")
    return folder


@pytest.mark.parametrize("jobs", [1, 2])
def test_codes_of_the_vocabulary_reach_standard_concepts(run, tmp_path: Path, athena: Path, jobs: int) -> None:
    report = tmp_path / "loss.json"
    options = ("--to", "omop", "--out", tmp_path / "cdm.duckdb", "--vocabulary", athena, "--report", report)
    result = run("convert", EXAMPLES / "cda" / "cr-bio.xml", EXAMPLES / "cda" / "vsm.xml", *options, "--jobs", jobs)
    assert result.exit_code == 0, result.output
    assert json.loads(report.read_bytes())["totals"]["mapped"]["measurement"] > 0


def test_a_folder_that_is_no_vocabulary_is_refused_before_any_work(run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    out = tmp_path / "cdm.duckdb"
    result = run("convert", EXAMPLES, "--to", "omop", "--out", out, "--vocabulary", tmp_path / "empty")
    assert result.exit_code == 7
    assert "CONCEPT.csv" in result.stderr
    assert not out.exists()


def test_a_bad_target_is_told_before_the_vocabulary_is_indexed(run, tmp_path: Path) -> None:
    out = tmp_path / "cdm.duckdb"
    out.write_text("something else")
    (tmp_path / "unread").mkdir()
    result = run("convert", EXAMPLES, "--to", "omop", "--out", out, "--vocabulary", tmp_path / "unread")
    assert (result.exit_code, "exists; choose another target" in result.stderr) == (6, True)
