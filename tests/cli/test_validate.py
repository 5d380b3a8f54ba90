"""``semantix validate`` from the command line: verdicts, reports, baselines, exit codes, hostile input."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from tests.cli.conftest import EXAMPLES, VSM
from tests.mutations.bases import base

MISSPELT = "SX-CODE-11"


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "clean.xml"
    path.parent.mkdir()
    path.write_bytes(base("cr-bio"))
    return path


def report_of(run, *arguments: object) -> dict:
    return json.loads(run("validate", *arguments, "--ruleset", "none", "--format", "json").stdout)


def codes(report: dict) -> set[str]:
    return {found["code"] for document in report["documents"] for found in document["findings"]}


def test_a_document_without_a_defect_conforms(run, clean: Path) -> None:
    result = run("validate", clean, "--ruleset", "none", "--lang", "en")
    assert result.exit_code == 0
    assert "CONFORMANT" in result.stdout
    assert "NOT CONFORMANT" not in result.stdout


def test_an_error_fails_the_command_and_is_shown_with_its_place_in_both_languages(run) -> None:
    result = run("validate", VSM, "--ruleset", "none", "--lang", "en")
    assert result.exit_code == 1
    assert MISSPELT in result.stdout
    assert re.search(r"line \d+ +/ClinicalDocument\[1\]/component", result.stdout)
    french = run("validate", VSM, "--ruleset", "none", "--lang", "fr")
    assert "NON CONFORME" in french.stdout
    assert "ligne" in french.stdout


def test_warnings_fail_the_command_when_asked_to(run, tmp_path: Path) -> None:
    path = tmp_path / "warned.xml"
    path.write_bytes(base("cr-bio").replace(b'value="#b-glu"', b'value="b-glu"'))
    assert run("validate", path, "--ruleset", "none").exit_code == 0
    assert run("validate", path, "--ruleset", "none", "--fail-on", "warning").exit_code == 1


def test_reports_are_written_by_their_extensions(run, clean: Path, tmp_path: Path) -> None:
    names = ("page.html", "found.json", "found.sarif", "junit.xml", "found.txt")
    reports = [part for name in names for part in ("--report", tmp_path / name)]
    result = run("validate", clean, "--ruleset", "none", "-q", *reports)
    assert (result.exit_code, result.stdout) == (0, "")
    page, _, _, junit, text = ((tmp_path / name).read_text("utf-8") for name in names)
    assert page.startswith("<!DOCTYPE html>")
    assert "<testsuite" in junit
    assert "clean.xml" in text
    assert json.loads((tmp_path / "found.json").read_text("utf-8"))["documents"]
    assert json.loads((tmp_path / "found.sarif").read_text("utf-8"))["version"] == "2.1.0"


@pytest.mark.parametrize("name", ["report.pdf", "report"])
def test_a_report_of_an_unknown_kind_is_refused(run, clean: Path, tmp_path: Path, name: str) -> None:
    assert run("validate", clean, "--report", tmp_path / name).exit_code == 2


def test_a_report_never_takes_the_place_of_an_input(run, clean: Path, tmp_path: Path) -> None:
    assert run("validate", clean, "--report", clean).exit_code == 2
    assert run("validate", clean.parent, "--report", clean.parent / "junit.xml").exit_code == 2
    twice = tmp_path / "a.html"
    assert run("validate", clean, "--report", twice, "--report", twice).exit_code == 2
    assert clean.read_bytes() == base("cr-bio")


def test_a_baseline_leaves_new_findings_only(run, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    assert run("validate", VSM, "--ruleset", "none", "--write-baseline", known, "-q").exit_code == 1
    again = run("validate", VSM, "--ruleset", "none", "--baseline", known, "--lang", "en")
    assert again.exit_code == 0
    broken = tmp_path / "vsm.xml"
    broken.write_bytes(VSM.read_bytes().replace(b'value="19580517"', b'value="19580231"'))
    baseline = json.loads(known.read_text("utf-8"))
    for entry in baseline["accepted"]:
        entry["document"] = str(broken)
    known.write_text(json.dumps(baseline), "utf-8")
    worse = run("validate", broken, "--ruleset", "none", "--baseline", known, "--format", "json")
    assert worse.exit_code == 1
    assert codes(json.loads(worse.stdout)) >= {"SX-DATE-02"}
    assert MISSPELT not in codes(json.loads(worse.stdout))


def test_a_file_that_is_no_baseline_is_refused(run, clean: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"a": 1}', "utf-8")
    assert run("validate", clean, "--ruleset", "none", "--baseline", other).exit_code == 10


def test_two_processes_give_the_same_report(run, tmp_path: Path) -> None:
    folder = tmp_path / "several"
    folder.mkdir()
    for name in ("vsm", "cr-bio", "discharge-letter", "level1-pdf"):
        (folder / f"{name}.xml").write_bytes((EXAMPLES / "cda" / f"{name}.xml").read_bytes())
    one = run("validate", folder, "--ruleset", "none", "--format", "json")
    two = run("validate", folder, "--ruleset", "none", "--format", "json", "-j", "2")
    assert one.stdout == two.stdout


def test_the_day_of_the_check_says_what_is_in_the_future(run, clean: Path) -> None:
    before = run("validate", clean, "--ruleset", "none", "--day", "2020-01-01", "--format", "json")
    assert "SX-DATE-07" in codes(json.loads(before.stdout))


def test_every_source_is_checked_in_one_call(run) -> None:
    report = report_of(run, EXAMPLES)
    formats = {document["format"] for document in report["documents"]}
    assert {"CDA R2", "IHE XDM"} <= formats
    assert len(formats) > 3


def test_nothing_to_check_is_said(run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("validate", tmp_path / "empty").exit_code == 4


def test_an_unknown_rule_set_is_refused(run, clean: Path, tmp_path: Path) -> None:
    assert run("validate", clean, "--ruleset", "nowhere", "--rulesets", tmp_path / "none").exit_code == 12


def _zip(*members: tuple[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


HOSTILE = {
    "not-xml.xml": (b"this is no XML", "SX-FORM-04"),
    "empty.xml": (b"", "SX-FORM-01"),
    "truncated.xml": (base("cr-bio")[:4_000], "SX-FORM-03"),
    "bomb.xml": (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>',
        "SX-FORM-06",
    ),
    "deep.xml": (b"<a>" * 5_000 + b"</a>" * 5_000, "SX-FORM-07"),
    "bomb.zip": (_zip(("a.xml", b"<a>" + b" " * 30_000_000 + b"</a>")), "SX-FORM-09"),
    "escape.zip": (_zip(("../../escape.xml", b"<a/>")), "SX-FORM-10"),
    "other.xml": (b"<Messages/>", "SX-FORM-20"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_gives_a_finding_and_the_others_go_on(run, tmp_path: Path, clean: Path, name: str) -> None:
    data, expected = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(data)
    result = run("validate", path, clean, "--ruleset", "none", "--format", "json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert codes({"documents": report["documents"][:1]}) == {expected}
    assert {found["severity"] for found in report["documents"][-1]["findings"]} <= {"information"}


def test_a_file_beyond_the_size_asked_for_is_a_finding(run, tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    path.write_bytes(base("cr-bio") + b" " * 1_100_000)
    report = json.loads(run("validate", path, "--ruleset", "none", "--max-size", "1", "--format", "json").stdout)
    assert codes(report) == {"SX-FORM-08"}


def test_no_value_of_the_patient_is_shown_in_any_format(run) -> None:
    secrets = ("ESSAI", "INDIGO", "258052923298154", "SPECIMEN", "19580517", "0639981177")
    for kind in ("text", "json", "html", "sarif", "junit"):
        shown = run("validate", EXAMPLES / "cda", "--ruleset", "none", "--format", kind).stdout
        assert [secret for secret in secrets if secret in shown] == []


def test_a_bug_of_semantix_leaves_a_document_unchecked_not_wrong(run, clean: Path, monkeypatch) -> None:
    from semantix.pipeline import validating

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(validating, "read_document", broken)
    result = run("validate", clean, "--ruleset", "none", "--lang", "en")
    assert result.exit_code == 15
    assert "NOT CONFORMANT" not in result.stdout
    assert "ZeroDivisionError" not in result.stdout


def test_a_bug_in_one_topic_costs_that_topic_alone(run, clean: Path, monkeypatch) -> None:
    from semantix.pipeline import validating

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(validating, "CHECKS", {**validating.CHECKS, "dates": broken})
    result = run("validate", clean, "--ruleset", "none", "--format", "json", "--day", "2020-01-01")
    assert result.exit_code == 15
    assert "SX-RUN-02" in codes(json.loads(result.stdout))
