"""``semantix run`` on a small warehouse: each command as it is documented, its words, its exit codes."""

import json
import os
import re
import shlex
import shutil
import sqlite3
import stat
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.runs_documents import Paper, ins, write
from tests.runs_warehouse import Here, rows_of

from semantix.runs import conduct
from semantix.runs.register import Register
from semantix_cli.main import main
from semantix_cli.run_words import say

ROOT = Path(__file__).resolve().parents[2]
PLAN = """\
inputs: [in/]
targets:
  - {kind: duckdb, path: cdm.duckdb}
  - {kind: fhir, path: fhir}
key: file:project.key
limits: {bad_share: 1}
report: {min_group: 1}
jobs: 1
"""


class Near(Here):
    """The local engine, in this process."""

    def __init__(self, work: Any, jobs: int) -> None:
        super().__init__(work)


def run(*arguments: object, code: int = 0) -> Result:
    told = CliRunner().invoke(main, ["run", *map(str, arguments)], prog_name="semantix")
    assert told.exit_code == code, told.output
    return told


@pytest.fixture(scope="module", autouse=True)
def _near(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conduct, "LocalEngine", Near)
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a warehouse of two runs: two documents and a poisoned one, then one more of the first person."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "in").mkdir()
    run("key", folder / "project.key")
    (folder / "plan.yaml").write_text(PLAN)
    for number in "12":
        (folder / "in" / f"{number}.xml").write_bytes(write(Paper(number, person=number)))
    (folder / "in" / "bad.xml").write_bytes(b"<bad")
    (folder / "first.out").write_text(run(folder / "plan.yaml", "--lang", "en").output)
    (folder / "in" / "3.xml").write_bytes(write(Paper("3", person="1", results=(("29463-7", "70"),))))
    (folder / "second.out").write_text(run("start", folder / "plan.yaml", "--lang", "fr").stdout)
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """Give a copy of that warehouse whose inputs stay where they were."""
    folder = tmp_path / "copy"
    shutil.copytree(made, folder, ignore=shutil.ignore_patterns("in"))
    plan = PLAN.replace("[in/]", f"[{made / 'in'}]").replace("file:project.key", f"file:{folder / 'project.key'}")
    (folder / "plan.yaml").write_text(plan)
    return folder


# --- start and status -------------------------------------------------------------------------------------------------


def test_a_run_tells_what_it_did(made: Path) -> None:
    for name, lang, run_, new, same, read, bad in (("first", "en", 1, 3, 0, 2, 1), ("second", "fr", 2, 1, 3, 1, 0)):
        told = (made / f"{name}.out").read_text()
        assert say("ended", lang, run=run_, kind=say("kind run", lang)) in told
        assert say("files", lang, new=new, changed=0, gone=0, kept=0, same=same) in told
        assert say("read", lang, documents=read, chunks=1, bad=bad) in told
        assert say("fates", lang, fates=f"{say('fate live', lang)} {read + run_ - 1 + (run_ == 2)}") in told
        for target in ("duckdb", "fhir"):
            start = say("published", lang, target=target, put="#", gone=0).partition("#")[0]
            assert re.search(re.escape(start) + "[1-9]", told)
    assert say("quarantine hint", "en") in (made / "first.out").read_text()


def test_a_run_with_nothing_new_says_so(place: Path) -> None:
    assert say("nothing published", "en") in run(place / "plan.yaml", "--lang", "en").stdout


def test_options_are_a_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "practices").mkdir()
    (tmp_path / "practices" / "1.xml").write_bytes(write(Paper("1")))
    run("--input", "practices/", "--state", "warehouse/", "--duckdb", "cdm.duckdb", "--jobs", 1)
    assert len(rows_of(tmp_path / "cdm.duckdb")["measurement"]) == 1
    assert stat.S_IMODE((tmp_path / "warehouse").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "warehouse" / "key").stat().st_mode) == 0o600
    # The state folder knows the plan.
    monkeypatch.chdir("/")
    told = json.loads(run("status", tmp_path / "warehouse", "--json").stdout)
    assert [one["state"] for one in told["runs"]] == ["done"]
    run("--input", "x", code=20)


def test_status_is_a_table_and_json(made: Path) -> None:
    for lang in ("en", "fr"):
        shown = run("status", made / "plan.yaml", "--lang", lang).output
        assert re.search(rf"1\s+{say('kind run', lang)}\s+{say('state done', lang)}\s+2\s+1/1\s+1", shown)
        assert say("fates", lang, fates=f"{say('fate live', lang)} 3") in shown
        assert say("publication", lang, number=2) in shown
        assert say("in quarantine", lang, count=1) in shown
        assert "bad.xml" not in shown
        assert "bad.xml" in run("status", made / "plan.yaml", "--quarantine", "--lang", lang).output
    told = json.loads(run("status", made / "plan.yaml", "--json", "--quarantine").stdout)
    assert [(one["run"], one["kind"], one["state"], one["documents"]) for one in told["runs"]] == [
        (1, "run", "done", 2),
        (2, "run", "done", 1),
    ]
    assert (told["unfinished"], told["fates"], told["publication"], told["left_out"]) == (0, {"live": 3}, 2, 0)
    [held] = told["quarantine"]
    assert held["name"].endswith("/in/bad.xml")
    assert held["error"] == "UnreadableInput"
    assert all(one["began"] <= one["ended"] for one in told["runs"])


def test_a_state_without_runs_has_no_status(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN)
    told = run("status", tmp_path / "plan.yaml", code=20)
    assert "no run was made there; start one with semantix run PLAN.yaml" in told.stderr
    assert told.stdout == ""
    run("resume", tmp_path / "plan.yaml", code=20)


# --- exit codes -------------------------------------------------------------------------------------------------------


def test_a_plan_that_cannot_be_followed_is_20_and_says_no_value(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(
        "inputs: [in]\ntargets: [{kind: postgres, url: 'postgresql://me:hunter2@db'}]\n"
    )
    told = run(tmp_path / "plan.yaml", code=20)
    assert "targets.0.url" in told.stderr
    assert "hunter2" not in told.output


def test_a_run_at_work_is_20(made: Path) -> None:
    with Register.open(made / "plan.state"):
        assert "another run is at work there" in run(made / "plan.yaml", code=20).stderr
        run("status", made / "plan.yaml")


def test_unfinished_is_21_unreadable_is_22_and_resume_takes_a_limit(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.xml").write_bytes(write(Paper("1")))
    (tmp_path / "in" / "2.xml").write_bytes(b"<bad")
    (tmp_path / "plan.yaml").write_text(
        PLAN.replace("{bad_share: 1}", "{bad_share: 0.1, bad_minimum: 2}").replace("key: file:project.key\n", "")
    )
    told = run(tmp_path / "plan.yaml", code=22)
    assert "1 of 2 inputs cannot be read" in told.stderr
    assert told.stdout == ""
    assert "semantix run resume goes on with it" in run(tmp_path / "plan.yaml", code=21).stderr
    for lang in ("fr", "en"):
        shown = run("status", tmp_path / "plan.yaml", "--lang", lang).output
        assert say("state stopped", lang) in shown
        assert "semantix run resume" in shown
    resumed = run("resume", tmp_path / "plan.state", "--bad-share", 0.6, "--lang", "en")
    assert say("ended", "en", run=1, kind=say("kind run", "en")) in resumed.stdout
    assert "no run was stopped before its end" in run("resume", tmp_path / "plan.yaml", code=20).stderr


def test_a_target_that_cannot_be_written_is_6(made: Path, tmp_path: Path) -> None:
    (tmp_path / "cdm.duckdb").mkdir()
    options = ("--input", made / "in" / "1.xml", "--state", tmp_path / "s", "--duckdb", tmp_path / "cdm.duckdb")
    assert "is a folder; the database is one file" in run(*options, code=6).stderr


def test_the_target_of_another_warehouse_is_6(made: Path, tmp_path: Path) -> None:
    options = ("--input", made / "in" / "1.xml", "--state", tmp_path / "s", "--fhir", made / "fhir")
    assert "which this state folder did not write there" in run(*options, code=6).stderr


# --- what is asked of a warehouse -------------------------------------------------------------------------------------


def test_a_report_is_printed_or_written(made: Path, tmp_path: Path) -> None:
    printed = run("report", made / "plan.yaml")
    figures = json.loads(printed.stdout)
    assert printed.stderr == ""
    assert figures["run"]["run"] == 2
    told = run(
        "report",
        made / "plan.yaml",
        "--run",
        1,
        "--html",
        tmp_path / "r.html",
        "--json",
        tmp_path / "r.json",
        "--lang",
        "fr",
    )
    assert told.stdout == ""
    assert say("written", "fr", file=tmp_path / "r.html") in told.stderr
    assert 'lang="fr"' in (tmp_path / "r.html").read_text()
    assert (tmp_path / "r.json").read_bytes() == (made / "plan.state" / "reports" / "run-0001.json").read_bytes()
    assert "run 9: no run of that number read anything" in run("report", made / "plan.yaml", "--run", 9, code=20).stderr


def test_runs_are_compared(made: Path) -> None:
    shown = run("compare", made / "plan.yaml", 1, 2, "--lang", "fr").output
    assert say("of run", "fr", run=1) in shown
    assert re.search(r"sorts / en vigueur +2 +3", shown)
    assert not re.search(r"counts|produced|carried", shown)
    told = json.loads(run("compare", made / "plan.yaml", 1, 2, "--json").stdout)
    assert {"what": "documents", "before": 2, "after": 1} in told
    assert not [one for one in told if one["what"].startswith("cost")]
    assert say("alike", "en") in run("compare", made / "plan.yaml", 2, 2, "--lang", "en").output
    assert "run 7: no such run" in run("compare", made / "plan.yaml", 1, 7, code=20).stderr


def test_a_row_is_traced_in_words(made: Path) -> None:
    told = CliRunner().invoke(main, ["trace", str(made / "plan.yaml"), "measurement/1", "--lang", "fr"])
    assert told.exit_code == 0
    assert "  sort : en vigueur\n" in told.stdout
    assert "  lu dans : exécution 1, lot 1, rang 0\n" in told.stdout
    assert "measurement_source_concept_id loinc|8302-2" in told.stdout
    assert "  version, vocabulaire : sans\n" in told.stdout


def test_the_journal_is_printed_and_names_nobody(made: Path) -> None:
    printed = run("journal", made / "plan.yaml")
    entries = [json.loads(line) for line in printed.stdout.splitlines()]
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert {entry["kind"] for entry in entries if entry["run"] == 1} == {
        "begin",
        "chunk",
        "settled",
        "published",
        "end",
    }
    assert all(later["previous"] == earlier["hash"] for earlier, later in pairwise(entries))
    for secret in ("PATIENTE", ins("1"), str(made), "bad.xml", (made / "project.key").read_text().strip()):
        assert secret not in printed.stdout
    only = [json.loads(line) for line in run("journal", made / "plan.yaml", "--run", 2).stdout.splitlines()]
    assert {entry["run"] for entry in only} == {2}
    checked = run("journal", made / "plan.yaml", "--check", "--lang", "fr").stdout
    assert say("chain holds", "fr", count=len(entries)) in checked
    assert say("head", "fr", hash=entries[-1]["hash"]) in checked


def test_a_journal_that_was_tampered_with_is_20(place: Path) -> None:
    with sqlite3.connect(place / "plan.state" / "register.sqlite") as db:
        with pytest.raises(sqlite3.IntegrityError, match="written once"):
            db.execute("UPDATE journal SET body = '{}' WHERE seq = 2")
        db.execute("DROP TRIGGER journal_is_written_once")
        db.execute("UPDATE journal SET body = replace(body, '\"documents\":2', '\"documents\":3') WHERE seq = 2")
    db.close()
    told = run("journal", place / "plan.yaml", "--check", "--lang", "en", code=20)
    assert say("chain breaks", "en", seq=2) in told.stderr
    assert told.stdout == ""


def test_a_key_is_made_once_for_its_owner(tmp_path: Path) -> None:
    told = run("key", tmp_path / "k", "--lang", "fr")
    key = (tmp_path / "k").read_text().strip()
    assert re.fullmatch("[0-9a-f]{64}", key)
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o600
    assert key not in told.output
    assert say("key made", "fr", file=tmp_path / "k") in told.stderr
    assert told.stdout == ""
    assert "a key is never written over" in run("key", tmp_path / "k", code=6).stderr
    assert (tmp_path / "k").read_text().strip() == key
    assert "cannot be written: No such file or directory" in run("key", tmp_path / "no" / "k", code=6).stderr


# --- what is done to a warehouse --------------------------------------------------------------------------------------


def test_what_is_in_quarantine_is_tried_again(place: Path) -> None:
    digest = json.loads(run("status", place / "plan.yaml", "--json").stdout)["quarantine"][0]["sha256"]
    assert (
        "nothing in quarantine is to be tried again"
        in run("retry", place / "plan.yaml", "--input", "zz", code=20).stderr
    )
    told = run("retry", place / "plan.yaml", "--input", digest[:8].upper(), "--lang", "fr")
    assert "L’exécution 3 (nouvel essai) est terminée." in told.stdout
    assert "Mis en quarantaine : 1." in told.stdout
    assert len(json.loads(run("status", place / "plan.yaml", "--json").stdout)["quarantine"]) == 1


def test_the_last_run_is_taken_back(place: Path) -> None:
    told = run("undo", place / "plan.yaml", "--lang", "en")
    assert say("ended", "en", run=3, kind=say("kind undo", "en")) in told.stdout
    assert say("taken back", "en", run=2) in told.stdout
    assert say("fates", "en", fates=f"{say('fate live', 'en')} 2") in told.stdout
    assert len(rows_of(place / "cdm.duckdb")["measurement"]) == 2
    assert say("state undone", "fr") in run("status", place / "plan.yaml", "--lang", "fr").output


def test_people_are_left_out(place: Path) -> None:
    subjects = place / "opposed.csv"
    subjects.write_text("not a number\n")
    told = run("exclude", place / "plan.yaml", "--subject", subjects, code=20)
    assert "line 1" in told.stderr
    assert "not a number" not in told.output
    subjects.write_bytes("é".encode("latin-1"))
    assert (
        "is not UTF-8 text; save it as UTF-8"
        in run("exclude", place / "plan.yaml", "--subject", subjects, code=20).stderr
    )
    subjects.write_text(f"\ufeff{ins('1')}\n", encoding="utf-8")
    told = run("exclude", place / "plan.yaml", "--subject", subjects, "--lang", "fr")
    assert say("ended", "fr", run=3, kind=say("kind exclude", "fr")) in told.stdout
    assert ins("1") not in told.output
    assert len(rows_of(place / "cdm.duckdb")["person"]) == 1
    left_out = say("people left out", "fr", count="#").partition("#")[0]
    assert left_out in run("status", place / "plan.yaml", "--lang", "fr").output


# --- as documented ----------------------------------------------------------------------------------------------------


def documented() -> list[str]:
    text = (ROOT / "docs" / "reference" / "cli.md").read_text()
    section = text[text.index("\n## semantix run\n") : text.index("\n## semantix explain\n")]
    return [line for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL) for line in block.splitlines()]


def test_every_documented_command_runs_as_written(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the page, on a warehouse that is as each command wants it."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(made / "in", tmp_path / "practices")
    shutil.copytree(made / "in", tmp_path / "in")
    (tmp_path / "plan.yaml").write_text(PLAN.replace("key: file:project.key\n", "").replace("cdm.", "plan."))
    (tmp_path / "opposed.csv").write_text(f"{ins('2')}\n")
    refused = {"resume": 20}
    ran = set()
    for line in documented():
        words = shlex.split(line.partition(" > ")[0])
        assert words[0] == "semantix"
        if words[1] == "trace":
            continue
        # No run 4 is there yet, nor an unfinished one; a digest of the page is that of no file here.
        arguments = [{"3": "1", "4": "1", "36c469f2": _bad(tmp_path)}.get(word, word) for word in words[1:]]
        told = CliRunner().invoke(main, arguments, prog_name="semantix")
        assert told.exit_code == refused.get(words[2], 0), (line, told.output)
        ran.add(words[2])
    assert ran >= {"start", "resume", "status", "report", "compare", "retry", "undo", "exclude", "journal", "key"}
    assert (tmp_path / "report.html").exists()


def _bad(folder: Path) -> str:
    from hashlib import sha256

    return sha256((folder / "in" / "bad.xml").read_bytes()).hexdigest()[:8]


@pytest.mark.parametrize(
    "command", ["start", "resume", "status", "report", "compare", "retry", "undo", "exclude", "journal", "key"]
)
def test_every_option_is_documented_and_no_other(command: str) -> None:
    from semantix_cli.run import run as group

    text = (ROOT / "docs" / "reference" / "cli.md").read_text()
    usage = re.search(rf"```\nsemantix run {command} (.*?)```", text, re.DOTALL)
    assert usage is not None
    told = set(re.findall(r"--[a-z-]+", usage[1]))
    there = {name for one in group.commands[command].params for name in one.opts if name.startswith("--")}
    assert told == there


def test_help_names_the_commands() -> None:
    told = run("--help").stdout
    assert "secondary use of health data; it takes no clinical decision" in told
    assert os.linesep.join(told.splitlines()).count("semantix run plan.yaml") == 1
