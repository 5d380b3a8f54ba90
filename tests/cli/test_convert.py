"""``semantix convert``: what is written, what is said, and with which exit code."""

import filecmp
import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import EXAMPLES, VSM

DOCUMENTS = 10
REFUSED = {
    "bomb.zip": "swells",
    "broken.zip": "ZIP archive",
    "empty.xml": "empty",
    "encoding.xml": "UTF-8",
    "entities.xml": "DOCTYPE",
    "escape.zip": "leaves the archive",
    "large.xml": "file is 209 MB, the limit is 100 MB; raise with --max-size",
    "malformed.xml": "not well-formed",
    "nothing.zip": "no document in the archive",
    "other.xml": "root is <Messages>",
    "truncated.xml": "truncated",
}


def convert(run, *arguments, to="fhir"):
    return run("convert", *arguments, "--to", to)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_document_becomes_a_bundle_named_after_it(run, tmp_path: Path) -> None:
    result = convert(run, EXAMPLES, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert names(tmp_path / "out") == [
        "cda_cr-bio.json",
        "cda_discharge-letter.json",
        "cda_e-prescription.json",
        "cda_level1-pdf.json",
        "cda_vsm.json",
        "sources_cabinet-des-tilleuls_biologie.txt.json",
        "sources_cabinet-des-tilleuls_biologie.txt_1-2.json",
        "sources_laboratoire_240612-087.HPR.json",
        "sources_laboratoire_ionogramme.hl7.json",
        "xdm_IHE_XDM.IHE_XDM_SUBSET01_DOC0001.json",
    ]
    bundle = json.loads((tmp_path / "out" / "cda_vsm.json").read_bytes())
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "document")


def test_transaction_bundles_can_be_posted(run, tmp_path: Path) -> None:
    assert convert(run, VSM, "--format", "transaction", "--out", tmp_path / "out").exit_code == 0
    bundle = json.loads((tmp_path / "out" / "vsm.json").read_bytes())
    assert bundle["type"] == "transaction"
    assert all(entry["request"]["method"] == "PUT" for entry in bundle["entry"])


def test_ndjson_holds_one_resource_a_line_each_once(run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    copy = shutil.copy(VSM, tmp_path / "copy.xml")
    assert convert(run, VSM, copy, "--format", "ndjson", "--out", out).exit_code == 0
    lines = [line for path in out.iterdir() for line in path.read_text("utf-8").splitlines()]
    assert {path.stem for path in out.iterdir()} == {json.loads(line)["resourceType"] for line in lines}
    patients = (out / "Patient.ndjson").read_text("utf-8").splitlines()
    assert len(patients) == len(set(patients))


def test_two_processes_write_the_same_bytes_as_one(run, tmp_path: Path) -> None:
    for jobs in (1, 2):
        report = tmp_path / f"{jobs}.json"
        out = ("--out", tmp_path / str(jobs), "--report", report, "--format", "ndjson", "--jobs", jobs)
        assert convert(run, EXAMPLES, *out).exit_code == 0
    first, second = tmp_path / "1", tmp_path / "2"
    assert names(first) == names(second)
    assert filecmp.cmpfiles(first, second, names(first), shallow=False)[0] == names(first)
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()


@pytest.mark.parametrize("kind", ["duckdb", "csv"])
def test_omop_tables_are_written(run, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "cdm"
    result = convert(run, EXAMPLES, "--format", kind, "--out", out, "--lang", "en", to="omop")
    assert result.exit_code == 0, result.output
    assert out.is_file() if kind == "duckdb" else (out / "person.csv").is_file()
    assert "condition_occurrence" in result.stderr


def test_hostile_files_are_each_refused_in_one_line_and_the_others_go_on(run, tmp_path: Path, hostile: Path) -> None:
    report = tmp_path / "loss.json"
    result = convert(run, hostile, EXAMPLES, "--out", tmp_path / "out", "--report", report, "--quiet")
    assert result.exit_code == 3
    lines = dict(re.findall(r"^semantix: .*/([\w.]+): (.*)$", result.stderr, re.MULTILINE))
    assert lines.keys() == REFUSED.keys()
    assert {name: words for name, words in REFUSED.items() if words not in lines[name]} == {}
    assert len(names(tmp_path / "out")) == DOCUMENTS
    refused = json.loads(report.read_bytes())["unreadable"]
    assert [Path(item["name"]).name for item in refused] == sorted(REFUSED)
    assert {item["error"] for item in refused} == {"UnreadableInput"}


def test_no_message_quotes_the_content_of_a_hostile_file(run, tmp_path: Path, hostile: Path) -> None:
    result = convert(run, hostile, "--out", tmp_path / "out", "--quiet")
    family = re.search(rb"<family[^>]*>([^<]+)<", VSM.read_bytes())
    assert family is not None
    assert family[1].decode() not in result.output


def test_every_refusal_is_explained_in_french(run, tmp_path: Path, hostile: Path) -> None:
    report, page = tmp_path / "loss.json", tmp_path / "loss.html"
    convert(run, hostile, "--out", tmp_path / "out", "--report", report, "--report-html", page, "--lang", "fr")
    words = html.unescape(page.read_text("utf-8"))
    messages = [item["message"] for item in json.loads(report.read_bytes())["unreadable"]]
    assert [message for message in messages if message in words] == []


def test_nothing_readable_is_exit_code_4(run, tmp_path: Path, hostile: Path) -> None:
    result = convert(run, hostile / "empty.xml", "--out", tmp_path / "out")
    assert result.exit_code == 4
    assert "no document was read" in result.stderr


def test_a_missing_input_is_a_usage_error(run, tmp_path: Path) -> None:
    assert convert(run, tmp_path / "absent.xml", "--out", tmp_path / "out").exit_code == 2


@pytest.mark.parametrize(
    ("to", "extra"),
    [
        ("fhir", ("--format", "duckdb")),
        ("omop", ("--format", "bundle")),
        ("fhir", ("--keep-text",)),
        ("fhir", ("--vocabulary", ".")),
        ("omop", ("--check",)),
    ],
)
def test_options_of_the_other_target_are_refused(run, tmp_path: Path, to: str, extra: tuple[str, ...]) -> None:
    result = convert(run, VSM, "--out", tmp_path / "out", *extra, to=to)
    assert result.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_target_that_is_not_empty_is_refused_unless_overwritten(run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert convert(run, VSM, "--out", out).exit_code == 0
    refused = convert(run, VSM, "--out", out)
    assert refused.exit_code == 6
    assert "--overwrite" in refused.stderr
    assert convert(run, VSM, "--out", out, "--overwrite").exit_code == 0
    assert names(out) == ["vsm.json"]


def test_a_file_as_target_folder_is_refused(run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("here first")
    assert convert(run, VSM, "--out", tmp_path / "out").exit_code == 6


def test_overwriting_ndjson_leaves_no_file_of_the_earlier_run(run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "Basic.ndjson").write_text('{"resourceType":"Basic","id":"1"}\n')
    (out / "Mine.ndjson").write_text("{}\n")
    (out / "notes.txt").write_text("mine")
    assert convert(run, VSM, "--format", "ndjson", "--out", out, "--overwrite").exit_code == 0
    assert "Basic.ndjson" not in names(out)
    assert "notes.txt" in names(out)


def test_strict_refuses_a_loss_after_writing(run, tmp_path: Path) -> None:
    out, report = tmp_path / "cdm.duckdb", tmp_path / "loss.json"
    result = convert(run, VSM, "--out", out, "--strict", "--report", report, to="omop")
    assert json.loads(report.read_bytes())["totals"]["codes"]["not_carried"] > 0
    assert result.exit_code == 5
    assert out.is_file()


def test_the_report_balances(run, tmp_path: Path) -> None:
    path = tmp_path / "loss.json"
    assert convert(run, EXAMPLES, "--out", tmp_path / "cdm", "--report", path, to="omop").exit_code == 0
    report = json.loads(path.read_bytes())
    assert report["schema"] == "semantix-loss-report/1"
    for kind in ("codes", "statements"):
        for tally in (report["totals"][kind], *(document[kind] for document in report["documents"])):
            assert tally["read"] == tally["carried"] + tally["implied"] + tally["not_carried"]
    for document in report["documents"]:
        codes = [loss for loss in document["losses"] if loss["kind"] == "code"]
        assert len(codes) == document["codes"]["read"] - document["codes"]["carried"]
    assert sum(row["read"] for row in report["by_system"]) == report["totals"]["codes"]["read"]
    assert len(report["documents"]) == DOCUMENTS


def test_no_report_holds_a_value_of_the_patient(run, tmp_path: Path) -> None:
    json_report, page = tmp_path / "loss.json", tmp_path / "loss.html"
    reports = ("--report", json_report, "--report-html", page)
    result = convert(run, EXAMPLES, "--out", tmp_path / "out", *reports)
    said = json_report.read_text("utf-8") + page.read_text("utf-8") + result.output
    for path in (EXAMPLES / "cda").glob("*.xml"):
        text = path.read_text("utf-8")
        header = text[text.index("<recordTarget") : text.index("</recordTarget>")]
        values = re.findall(r"<(?:family|given|city|streetName)[^>]*>([^<]{3,})<|extension=\"(\w{6,})\"", header)
        found = [value for pair in values for value in pair if value and re.search(rf"\b{re.escape(value)}\b", said)]
        assert found == [], path.name


def test_check_finds_nothing_to_say_about_the_examples(run, tmp_path: Path) -> None:
    pytest.importorskip("fhir.resources")
    report = tmp_path / "loss.json"
    assert convert(run, EXAMPLES, "--out", tmp_path / "out", "--check", "--report", report).exit_code == 0
    issues = [i for document in json.loads(report.read_bytes())["documents"] for i in document["issues"]]
    assert [issue for issue in issues if issue["code"] == "SX901"] == []


@pytest.mark.parametrize(("lang", "words"), [("fr", "Éléments codés"), ("en", "Coded elements")])
def test_the_summary_speaks_both_languages(run, tmp_path: Path, lang: str, words: str) -> None:
    page = tmp_path / "loss.html"
    result = convert(run, VSM, "--out", tmp_path / "out", "--lang", lang, "--report-html", page)
    assert words in result.stderr
    assert result.stdout == ""
    assert f'<html lang="{lang}">' in page.read_text("utf-8")


def test_quiet_says_nothing_when_all_is_well(run, tmp_path: Path) -> None:
    assert convert(run, VSM, "--out", tmp_path / "out", "--quiet").output == ""


def test_max_size_is_a_limit_that_can_be_moved(run, tmp_path: Path) -> None:
    padded = tmp_path / "padded.xml"
    padded.write_bytes(VSM.read_bytes() + b" " * 1_500_000)
    refused = convert(run, padded, "--out", tmp_path / "out", "--max-size", 1)
    assert "the limit is 1 MB" in refused.stderr
    assert convert(run, padded, "--out", tmp_path / "out", "--max-size", 2).exit_code == 0


def test_a_bug_in_one_document_is_named_without_values_and_the_others_go_on(run, tmp_path: Path, monkeypatch) -> None:
    from semantix.emitters import fhir

    emit = fhir.emit

    def fail_on_vsm(document, options, mapped):
        if document.source.name.endswith("vsm.xml"):
            raise KeyError("DUPONT")
        return emit(document, options, mapped)

    monkeypatch.setattr(fhir, "emit", fail_on_vsm)
    result = convert(run, EXAMPLES, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "KeyError at" in result.stderr
    assert "DUPONT" not in result.output
    assert len(names(tmp_path / "out")) == DOCUMENTS - 1


def test_the_installed_command_works_in_a_process_of_its_own(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "semantix_cli",
        "convert",
        VSM,
        "--to",
        "fhir",
        "--out",
        tmp_path / "out",
        "-j",
        "2",
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert names(tmp_path / "out") == ["vsm.json"]
