"""``semantix convert --store``: codes from a hand-written terminology, marked, counted, and the rest for a person."""

import filecmp
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.cli.conftest import EXAMPLES, VSM

LABELS = """code\tlabel
F43.2\tDépression passagère après un deuil
R53\tMalaise et fatigue
R51\tCéphalée
J45.9\tAsthme, sans précision
I10\tHypertension essentielle
"""
"""Labels of a release made up for the test; the first is what the example writes beside a local code."""
MARK = "https://semantix.example/fhir/StructureDefinition/mapped-coding"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the made-up release once; what is learned of it is learned once too."""
    from click.testing import CliRunner

    from semantix_cli.main import main

    folder = tmp_path_factory.mktemp("terminology")
    (folder / "labels.tsv").write_text(LABELS, "utf-8")
    place = folder / "store"
    arguments = ["terminology", "import", str(folder / "labels.tsv"), "--system", "cim10", "--version", "1"]
    arguments += ["--code-column", "code", "--label-column", "label", "--store", str(place)]
    assert CliRunner().invoke(main, arguments, prog_name="semantix").exit_code == 0
    return place


def codings(value: Any) -> list[dict[str, Any]]:
    """Every marked coding inside a JSON value, with those beside it."""
    if isinstance(value, list):
        return [found for item in value for found in codings(item)]
    if not isinstance(value, dict):
        return []
    marked = [e for e in value.get("extension", ()) if e.get("url") == MARK]
    return [value] * bool(marked) + [found for item in value.values() for found in codings(item)]


def test_a_local_code_gains_a_marked_code_after_its_own(run, tmp_path: Path, store: Path) -> None:
    out, report, review = tmp_path / "out", tmp_path / "loss.json", tmp_path / "review.tsv"
    options = ("--to", "fhir", "--out", out, "--report", report, "--store", store, "--candidates", review, "--check")
    result = run("convert", VSM, *options)
    assert result.exit_code == 0, result.output
    (marked,) = codings(json.loads((out / "vsm.json").read_bytes()))
    assert (marked["code"], marked["system"]) == ("F43.2", "http://hl7.org/fhir/sid/icd-10")
    method = {part["url"]: part for part in marked["extension"][0]["extension"]}
    assert method["method"]["valueCode"] == "exact"
    assert "@1" in method["source"]["valueString"]
    told = json.loads(report.read_bytes())
    assert told["totals"]["mapping"]["cim10"]["exact"] == 1
    assert told["documents"][0]["mapping"] == told["totals"]["mapping"]
    assert "Malaise et fatigue" in review.read_text("utf-8")
    assert "Codes added by mapping" in result.stderr


def test_the_rest_of_the_output_is_the_same_with_and_without(run, tmp_path: Path, store: Path) -> None:
    for name, options in (("with", ("--store", store)), ("without", ("--store", store, "--no-map"))):
        report = tmp_path / f"{name}.json"
        result = run("convert", VSM, "--to", "fhir", "--out", tmp_path / name, "--report", report, *options)
        assert result.exit_code == 0, result.output
    with_codes, without = (json.loads((tmp_path / f"{name}.json").read_bytes()) for name in ("with", "without"))
    for told in (with_codes["totals"], with_codes["documents"][0]):
        told.pop("mapping")
    assert with_codes == without
    assert MARK not in (tmp_path / "without" / "vsm.json").read_text("utf-8")


def test_two_processes_write_the_same_bytes_as_one(run, tmp_path: Path, store: Path) -> None:
    names = ("review.tsv", "loss.json")
    for jobs in (1, 2):
        folder = tmp_path / str(jobs)
        review, report = (folder / name for name in names)
        options = ("--to", "fhir", "--out", folder / "out", "--candidates", review, "--report", report)
        result = run("convert", EXAMPLES / "cda", *options, "--store", store, "--jobs", jobs)
        assert result.exit_code == 0, result.output
    first, second = tmp_path / "1", tmp_path / "2"
    assert filecmp.cmpfiles(first, second, names, shallow=False)[0] == list(names)
    made = sorted(path.name for path in (first / "out").iterdir())
    assert filecmp.cmpfiles(first / "out", second / "out", made, shallow=False)[0] == made


def test_an_omop_map_says_how_the_code_was_found(run, tmp_path: Path, store: Path) -> None:
    out = tmp_path / "cdm.duckdb"
    result = run("convert", VSM, "--to", "omop", "--out", out, "--store", store)
    assert result.exit_code == 0, result.output
    query = (
        "SELECT source_code, concept_code, target_vocabulary_id, source_code_description FROM source_to_concept_map "
        "JOIN concept ON concept_id = target_concept_id WHERE source_code_description LIKE '%[mapped:%'"
    )
    with duckdb.connect(str(out), read_only=True) as connection:
        assert connection.execute(query).fetchall() == [
            ("PSY-DEP1", "F43.2", "cim10", "[mapped: exact, cim10 F43.2, 0.98]")
        ]


def test_the_page_counts_what_was_added_in_words(run, tmp_path: Path, store: Path) -> None:
    page = tmp_path / "loss.html"
    options = ("--to", "fhir", "--out", tmp_path / "out", "--store", store, "--report-html", page, "--lang", "fr")
    assert run("convert", VSM, *options).exit_code == 0
    text = page.read_text("utf-8")
    assert "Codes ajoutés par transcodage" in text
    assert "À relire" in text


def test_a_document_met_twice_is_mapped_once(run, tmp_path: Path, store: Path) -> None:
    copy, report, review = tmp_path / "copy.xml", tmp_path / "loss.json", tmp_path / "review.tsv"
    copy.write_bytes(VSM.read_bytes())
    options = ("--to", "omop", "--out", tmp_path / "cdm.duckdb", "--store", store, "--report", report)
    assert run("convert", VSM, copy, *options, "--candidates", review).exit_code == 0
    told = json.loads(report.read_bytes())
    assert told["totals"]["mapping"] == told["documents"][0]["mapping"]
    assert "mapping" not in told["documents"][1]
    frequencies = {line.split("\t")[7] for line in review.read_text("utf-8").splitlines()[1:]}
    assert frequencies == {"1"}


def test_the_variable_of_the_store_turns_mapping_on(run, tmp_path: Path, store: Path, monkeypatch) -> None:
    monkeypatch.setenv("SEMANTIX_STORE", str(store))
    assert run("convert", VSM, "--to", "fhir", "--out", tmp_path / "out", "--quiet").exit_code == 0
    assert MARK in (tmp_path / "out" / "vsm.json").read_text("utf-8")


@pytest.mark.parametrize("option", [("--precision", "0.95"), ("--no-map", "--candidates", "review.tsv")])
def test_options_of_mapping_that_map_nothing_are_refused(run, tmp_path: Path, option: tuple[str, str]) -> None:
    result = run("convert", VSM, "--to", "fhir", "--out", tmp_path / "out", *option)
    assert result.exit_code == 2
    assert option[-2] in result.stderr


def test_a_store_that_is_none_is_refused_before_any_work(run, tmp_path: Path) -> None:
    result = run("convert", VSM, "--to", "fhir", "--out", tmp_path / "out", "--store", tmp_path / "nowhere")
    assert result.exit_code == 9, result.output
    assert not (tmp_path / "out").exists()


def test_the_candidates_take_the_place_of_nothing(run, tmp_path: Path, store: Path) -> None:
    options = ("--to", "fhir", "--out", tmp_path / "out", "--store", store, "--candidates", store / "review.tsv")
    result = run("convert", VSM, *options)
    assert result.exit_code == 6
    assert "store" in result.stderr
