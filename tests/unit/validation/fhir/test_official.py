"""HL7's validator: how it is found and run, and what its answers become."""

import json
import shutil
import stat
import sys
from pathlib import Path

import pytest

from semantix.model import Severity
from semantix.validation._findings import LayerRun
from semantix.validation.fhir._outcomes import Answer, answers_of, answers_of_line, finding_of, masked
from semantix.validation.fhir.official import Validator, find_validator, run_validator

ROOT = Path(__file__).resolve().parents[4]
HL7 = "http://hl7.org/fhir/StructureDefinition/operationoutcome-"
PATIENT = b'{"resourceType": "Patient", "gender": "homme"}'


def issue(severity: str = "error", text: str = "Unknown code 'homme'", **more: object) -> dict:
    extensions = [
        {"url": f"{HL7}issue-line", "valueInteger": 3},
        {"url": f"{HL7}message-id", "valueCode": "Terminology_TX_NoValid_16"},
    ]
    base = {"severity": severity, "code": "code-invalid", "details": {"text": text}, "expression": ["Patient.gender"]}
    return base | {"extension": extensions} | more


def outcome(*issues: dict, file: str = "") -> dict:
    made: dict = {"resourceType": "OperationOutcome", "issue": list(issues)}
    return made | ({"extension": [{"url": f"{HL7}file", "valueString": file}]} if file else {})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Unknown code 'homme'", "Unknown code …"),
        ("Le code « x » est inconnu", "Le code … est inconnu"),
        ("Not a valid date format: '1980-13-45'", "Not a valid date format: …"),
        ("The value set 'http://hl7.org/fhir/ValueSet/x' has no 'Jean'", "The value set … has no …"),
        ("See https://hl7.fr/ig/fhir/core/x", "See https://hl7.fr/ig/fhir/core/x"),
        ("Constraint failed: dom-6: 'a narrative'", "Constraint failed: dom-6: 'a narrative'"),
        ("urn:uuid:1d6f0e4c-7a52-4f0e-9d0b-111111111111 not found", "… not found"),
        ("born on 1980-01-02", "born on …"),
    ],
)  # fmt: skip
def test_values_that_a_message_quotes_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("severity", "code", "weight"),
    [
        ("fatal", "SX-FHIR-96", Severity.ERROR),
        ("error", "SX-FHIR-96", Severity.ERROR),
        ("warning", "SX-FHIR-97", Severity.WARNING),
        ("information", "SX-FHIR-98", Severity.INFORMATION),
    ],
)
def test_a_message_is_a_finding_of_its_weight(severity: str, code: str, weight: Severity) -> None:
    found = finding_of(
        Answer(severity, "http://hl7.org/fhir/StructureDefinition/Patient#pat-1", "Patient.gender", 3, "'x'")
    )
    assert found is not None
    assert (found.code, found.severity, found.layer, found.line) == (code, weight, "hl7-validator", 3)
    assert (dict(found.facts), found.message) == ({"issue": "pat-1", "element": "gender"}, "…")


@pytest.mark.parametrize(("severity", "text"), [("information", "All OK"), ("success", "x"), ("None", "x")])
def test_what_says_that_all_is_right_is_no_finding(severity: str, text: str) -> None:
    assert finding_of(Answer(severity, "", "", None, text)) is None


def test_a_place_is_shown_without_ids_and_addresses() -> None:
    place = "Bundle.entry[0].resource/*Patient/jean-martin*/.extension[url='http://x/Martin'].value"
    found = finding_of(Answer("error", "not a key!", place, None, ""))
    assert found is not None
    assert (found.path, found.facts["issue"]) == ("Bundle.entry[0].resource.extension.value", "?")
    assert finding_of(Answer("error", "k", "Jean Martin", None, "")).path == ""  # type: ignore[union-attr]


def test_outcomes_are_read_alone_or_in_a_bundle() -> None:
    bundle = {"resourceType": "Bundle", "entry": [{"resource": outcome(issue(), file="/tmp/1.json")}, {}, 3]}
    ((file, one),) = answers_of(bundle)
    assert (file, one) == (
        "/tmp/1.json",
        Answer("error", "Terminology_TX_NoValid_16", "Patient.gender", 3, "Unknown code 'homme'"),
    )
    bare = {"severity": "error", "code": "invalid", "diagnostics": "x"}
    assert list(answers_of(outcome(bare))) == [("", Answer("error", "invalid", "", None, "x"))]
    assert list(answers_of([])) == []


def test_lines_of_the_harness_are_read() -> None:
    told = {
        "file": "1.json",
        "messages": [{"severity": "error", "id": "k", "location": "Patient", "line": 0, "text": "x"}],
    }
    assert list(answers_of_line(told)) == [("1.json", Answer("error", "k", "Patient", None, "x"))]
    assert list(answers_of_line(3)) == []


# --- finding and running it -------------------------------------------------------------------------------------------


def test_a_validator_that_is_not_asked_for_is_skipped() -> None:
    assert find_validator(None) == LayerRun(name="hl7-validator", state="skipped", reason="not-asked")


def test_without_java_it_is_skipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert find_validator(tmp_path / "v.jar") == LayerRun(name="hl7-validator", state="skipped", reason="no-java")


def test_a_validator_that_is_not_there_is_skipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/java")
    assert find_validator(tmp_path / "v.jar") == LayerRun(name="hl7-validator", state="skipped", reason="no-validator")
    (tmp_path / "v.jar").write_bytes(b"")
    found = find_validator(tmp_path / "v.jar", [tmp_path])
    assert found == Validator(path=tmp_path / "v.jar", java="/usr/bin/java", definitions=(tmp_path,))


def java_that(tmp_path: Path, script: str) -> str:
    """A program in the place of Java."""
    program = tmp_path / "java"
    program.write_text(f"#!{sys.executable}\nimport json, sys, time\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def jar(tmp_path: Path, script: str, **more: int) -> Validator:
    path = tmp_path / "validator_cli.jar"
    path.write_bytes(b"")
    return Validator(path=path, java=java_that(tmp_path, script), definitions=(tmp_path,), **more)


def test_the_jar_is_run_once_for_all_documents(tmp_path: Path) -> None:
    fine = issue("information", "All OK")
    told = {
        "resourceType": "Bundle",
        "entry": [{"resource": outcome(issue(), file="/x/1.json")}, {"resource": outcome(fine, file="/x/2.xml")}],
    }
    script = (
        "args = sys.argv[1:]\nassert '-jar' in args and args[args.index('-tx') + 1] == 'n/a' and '-ig' in args\n"
        f"open(args[args.index('-output') + 1], 'w').write({json.dumps(json.dumps(told))})"
    )
    ran = run_validator(jar(tmp_path, script), {"a.json": PATIENT, "b.xml": b"<Patient/>"})
    assert ran.layer == LayerRun(name="hl7-validator", state="run", engine="validator_cli.jar")
    assert {name: [one.path for one in found] for name, found in ran.findings.items()} == {
        "a.json": ["Patient.gender"],
        "b.xml": [],
    }


def test_an_outcome_that_names_no_file_is_of_the_only_document(tmp_path: Path) -> None:
    script = f"open(sys.argv[sys.argv.index('-output') + 1], 'w').write({json.dumps(json.dumps(outcome(issue())))})"
    ran = run_validator(jar(tmp_path, script), {"a.json": PATIENT})
    assert len(ran.findings["a.json"]) == 1


@pytest.mark.parametrize(
    ("script", "seconds", "reason"),
    [("sys.exit(3)", 120, "no-validator: exit code 3"), ("time.sleep(60)", 1, "timed-out")],
)
def test_a_validator_that_does_not_finish_has_failed(tmp_path: Path, script: str, seconds: int, reason: str) -> None:
    ran = run_validator(jar(tmp_path, script, seconds=seconds), {"a.json": PATIENT})
    assert (ran.layer.state, ran.layer.reason, ran.findings) == ("failed", reason, {})


@pytest.mark.parametrize("written", ["{", "[]", '{"resourceType": "OperationOutcome", "issue": []}'])
def test_an_outcome_that_answers_nothing_has_failed(tmp_path: Path, written: str) -> None:
    script = f"open(sys.argv[sys.argv.index('-output') + 1], 'w').write({written!r})"
    assert run_validator(jar(tmp_path, script), {"a.json": PATIENT}).layer.state == "failed"


def test_java_that_cannot_be_started_has_failed(tmp_path: Path) -> None:
    validator = Validator(path=tmp_path, java=str(tmp_path / "none"))
    assert run_validator(validator, {"a.json": PATIENT}).layer.reason == "no-java"


def test_without_documents_nothing_is_started(tmp_path: Path) -> None:
    assert run_validator(Validator(path=tmp_path, java="none"), {}).layer.state == "run"


def test_the_harness_is_given_the_files_line_by_line(tmp_path: Path) -> None:
    home = tmp_path / "conformance"
    home.mkdir()
    (home / "ValidateBundles.java").write_text("")
    script = (
        "assert sys.argv[-2] == '1' or sys.argv[-1] == '1'\n"
        "for file in sys.stdin.read().split():\n"
        "    told = {'severity': 'error', 'id': 'k', 'location': 'Patient.gender', 'line': 1, 'text': 'x'}\n"
        "    print(json.dumps({'file': file, 'messages': [told]}))\nprint('words')"
    )
    ran = run_validator(Validator(path=home, java=java_that(tmp_path, script)), {"a.json": PATIENT})
    assert [one.path for one in ran.findings["a.json"]] == ["Patient.gender"]


@pytest.mark.slow
def test_the_real_validator_finds_a_wrong_gender_without_showing_a_name(shared: Path) -> None:
    if shutil.which("java") is None or not list((ROOT / ".conformance").glob("jars-*")):
        pytest.skip("needs Java and the jars of `make conformance`")
    validator = find_validator(ROOT / "conformance", [shared / "spec" / "fr-core"])
    assert isinstance(validator, Validator)
    wrong = b'{"resourceType": "Patient", "gender": "homme", "name": [{"family": "MARTIN", "use": "martin"}]}'
    ran = run_validator(validator, {"a.json": wrong})
    assert ran.layer.state == "run"
    assert "Patient.gender" in [one.path for one in ran.findings["a.json"] if one.code == "SX-FHIR-96"]
    assert "martin" not in str(ran).lower()
