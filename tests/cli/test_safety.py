"""What a run never destroys, and what it leaves when it is stopped."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from tests.cli.conftest import EXAMPLES, VSM


def convert(run, *arguments, to="omop"):
    return run("convert", *arguments, "--to", to, "--quiet")


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.xml").write_bytes(VSM.read_bytes())
    return folder


@pytest.mark.parametrize("kind", ["duckdb", "csv", "parquet", "bundle", "ndjson"])
@pytest.mark.parametrize("place", ["documents", "documents/a.xml", "."])
def test_no_target_takes_the_place_of_an_input(run, tmp_path: Path, documents: Path, kind: str, place: str) -> None:
    to = "fhir" if kind in {"bundle", "ndjson"} else "omop"
    result = convert(run, documents, "--out", tmp_path / place, "--format", kind, "--overwrite", to=to)
    assert result.exit_code == 6, result.output
    assert "input" in result.stderr
    assert [p.name for p in documents.iterdir()] == ["a.xml"]
    assert (documents / "a.xml").read_bytes() == VSM.read_bytes()


def test_the_current_folder_is_no_database(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    result = convert(run, VSM, "--out", ".", "--overwrite")
    assert result.exit_code == 6
    assert "is a folder" in result.stderr
    assert list(work.iterdir()) == []


@pytest.mark.parametrize("option", ["--report", "--report-html"])
def test_a_report_replaces_neither_an_input_nor_the_target(run, tmp_path: Path, documents: Path, option: str) -> None:
    out = tmp_path / "cdm.duckdb"
    for report in (documents / "a.xml", out, tmp_path / "cdm.duckdb.keys.sqlite", documents):
        result = convert(run, documents, "--out", out, option, report)
        assert result.exit_code in {2, 6}, result.output
    assert (documents / "a.xml").read_bytes() == VSM.read_bytes()
    assert not out.exists()


@pytest.mark.parametrize(("to", "kind"), [("omop", "csv"), ("fhir", "bundle"), ("fhir", "ndjson")])
def test_the_reports_may_be_in_the_output_folder(run, tmp_path: Path, to: str, kind: str) -> None:
    out = tmp_path / "out"
    options = ("--out", out, "--format", kind, "--report", out / "loss.json", "--report-html", out / "loss.html")
    assert convert(run, VSM, *options, to=to).exit_code == 0
    assert convert(run, VSM, *options, "--overwrite", to=to).exit_code == 0
    assert json.loads((out / "loss.json").read_bytes())["totals"]["documents"] == 1
    assert not [p.name for p in out.iterdir() if p.name.startswith(".")]


def test_a_document_received_twice_adds_nothing_and_another_content_is_told(run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.xml").write_bytes(VSM.read_bytes())
    changed = VSM.read_bytes().replace(b"<title>", b"<title>Autre ", 1)
    (tmp_path / "c.xml").write_bytes(changed)
    alone, report = tmp_path / "alone.json", tmp_path / "all.json"
    assert convert(run, VSM, "--out", tmp_path / "1.duckdb", "--report", alone).exit_code == 0
    inputs = [tmp_path / f"{name}.xml" for name in "abc"]
    assert convert(run, *inputs, "--out", tmp_path / "3.duckdb", "--report", report).exit_code == 0
    first, all_three = json.loads(alone.read_bytes()), json.loads(report.read_bytes())
    # The table of the run's own counts says more; every other one has the same rows.
    assert all_three["totals"]["produced"] | {"metadata": 0} == first["totals"]["produced"] | {"metadata": 0}
    assert all_three["totals"]["mapped"] == first["totals"]["mapped"]
    assert [d["issues"][-1]["code"] for d in all_three["documents"][2:]] == ["SX903"]
    lost = all_three["documents"][2]["codes"]
    assert (lost["carried"], lost["not_carried"]) == (0, lost["read"])
    codes = all_three["totals"]["codes"]
    assert codes["read"] == codes["carried"] + codes["implied"] + codes["not_carried"]
    with duckdb.connect(str(tmp_path / "3.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone() == (1,)


def _start(*arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "semantix_cli", "convert", *map(str, arguments), "--quiet"]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def _children(pid: int) -> list[int]:
    return [int(c) for t in Path(f"/proc/{pid}/task").iterdir() for c in (t / "children").read_text().split()]


def _many(folder: Path) -> Path:
    folder.mkdir()
    for number in range(3000):
        (folder / f"{number}.xml").write_bytes(VSM.read_bytes())
    return folder


def _wait(condition, seconds: float = 30) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc")
def test_sigterm_cleans_like_ctrl_c(tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = _start(_many(tmp_path / "in"), "--to", "fhir", "--format", "ndjson", "--out", out)
    assert _wait(lambda: out.is_dir() and any(out.iterdir()))
    process.send_signal(signal.SIGTERM)
    _, words = process.communicate(timeout=60)
    assert process.returncode == 130, words
    assert list(out.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc")
def test_workers_end_when_their_main_process_is_killed(tmp_path: Path) -> None:
    process = _start(_many(tmp_path / "in"), "--to", "fhir", "--out", tmp_path / "out", "--jobs", 2)
    assert _wait(lambda: len(_children(process.pid)) >= 2 and len(list((tmp_path / "out").glob("*.json"))) > 0)
    workers = _children(process.pid)
    process.kill()
    process.communicate(timeout=60)
    assert _wait(lambda: not [pid for pid in workers if _is_alive(pid)])


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_what_a_killed_run_left_is_no_content(run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / ".vsm.json.part").write_text("half")
    assert convert(run, EXAMPLES / "cda" / "vsm.xml", "--out", out, to="fhir").exit_code == 0
    assert [p.name for p in out.iterdir()] == ["vsm.json"]


@pytest.mark.parametrize(
    ("kind", "report"), [("csv", "out/person.csv"), ("duckdb", "athena/loss.json"), ("duckdb", "same.html")]
)
def test_a_report_takes_no_name_that_has_another_use(run, tmp_path: Path, kind: str, report: str) -> None:
    (tmp_path / "athena").mkdir()
    (tmp_path / "athena" / "CONCEPT.csv").write_text("")
    options = ("--out", tmp_path / "out", "--format", kind, "--report-html", tmp_path / "same.html")
    result = convert(run, VSM, *options, "--report", tmp_path / report, "--vocabulary", tmp_path / "athena")
    assert result.exit_code == 6, result.output
    assert not (tmp_path / "out").exists()


def test_the_keys_of_another_run_are_no_input(run, tmp_path: Path) -> None:
    keys = tmp_path / "cdm.duckdb.keys.sqlite"
    keys.write_bytes(VSM.read_bytes())
    assert convert(run, keys, "--out", tmp_path / "cdm.duckdb").exit_code == 6
    assert keys.read_bytes() == VSM.read_bytes()


def test_an_input_behind_a_link_is_an_input(run, tmp_path: Path, documents: Path) -> None:
    link = tmp_path / "link.xml"
    link.symlink_to(documents / "a.xml")
    assert convert(run, link, "--out", documents, "--format", "csv", "--overwrite").exit_code == 6
    assert [p.name for p in documents.iterdir()] == ["a.xml"]
