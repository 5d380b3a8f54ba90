"""``semantix trace``: why a fact is there, in words and as JSON."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.runs_documents import Paper, write
from tests.runs_warehouse import around, plan_in

from semantix.runs.conduct import start
from semantix.runs.tracing import trace as find
from semantix_cli.main import main
from semantix_cli.run_words import say

LABORATORY = Path(__file__).resolve().parents[2] / "examples" / "sources" / "laboratoire"


def trace(*arguments: object, code: int = 0) -> Result:
    told = CliRunner().invoke(main, ["trace", *map(str, arguments)], prog_name="semantix")
    assert told.exit_code == code, told.output
    return told


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the state folder of a warehouse of a laboratory and of seven documents of one person."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(LABORATORY, folder / "in")
    for number in range(1, 8):
        (folder / "in" / f"{number}.xml").write_bytes(write(Paper(str(number))))
    start(plan_in(folder, targets=[{"kind": "duckdb", "path": "cdm.duckdb"}], chunks={"files": 50}), around())
    return folder / "state"


def measured(state: Path, name: str) -> str:
    """The first row of a measurement from a file."""
    numbers: Any = range(1, 20)
    return next(fact for n in numbers if name in find(state, fact := f"measurement/{n}").told[0].file)


def test_a_row_is_told_in_two_languages(state: Path) -> None:
    fact = measured(state, "ionogramme")
    [one] = find(state, fact).told
    for lang, colon in (("fr", "\u202f: "), ("en", ": ")):
        told = trace(state, fact, "--lang", lang)
        assert told.stderr == ""
        assert told.stdout.startswith(f"{say('fact', lang)} {fact}\n")
        lines = {
            line.strip().replace("\u00a0: ", " : ").replace("\u202f: ", " : ") for line in told.stdout.splitlines()
        }
        shown = " : " if lang == "fr" else colon
        for name, value in (
            ("row file", one.file),
            ("row sha256", one.sha256),
            ("row read", say("run and chunk", lang, run=1, chunk=1, rank=one.rank)),
            ("row place", "OBX[1]"),
        ):
            assert f"{say(name, lang)}{shown}{value}" in lines
        assert f"{say('row decision', lang)}{shown}OBX[1]/3 → 2951-2 (curated, 0.85)" in told.stdout.replace(
            "\u202f", " "
        )
        assert "measurement_source_value NA" in told.stdout
        assert "semantix" in told.stdout


def test_a_row_whose_code_is_the_source_s_own_says_so(state: Path) -> None:
    told = trace(state, measured(state, ".xml"), "--lang", "en").stdout
    assert say("no decision", "en") in told
    assert "measurement_source_value 8302-2" in told


def test_a_person_of_many_documents_is_told_shortly(state: Path) -> None:
    number = next(n for n in range(1, 5) if find(state, f"person/{n}").others)
    assert say("other documents", "en", count=2) in trace(state, f"person/{number}", "--lang", "en").stdout


def test_json_holds_the_same(state: Path) -> None:
    fact = measured(state, "ionogramme")
    told = json.loads(trace(state, fact, "--json").stdout)
    assert (told["fact"], told["others"], len(told["told"])) == (fact, 0, 1)
    [one] = told["told"]
    assert one["place"] == "OBX[1]"
    assert one["decisions"][0]["code"] == "2951-2"
    assert "store" not in "".join(one["versions"])


@pytest.mark.parametrize("fact", ["measurement/99999", "measurement/x", "nothing", "Patient/none"])
def test_what_cannot_be_traced_is_20(state: Path, fact: str) -> None:
    told = trace(state, fact, code=20)
    assert fact in told.stderr
    assert told.stdout == ""
