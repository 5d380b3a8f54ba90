"""``semantix tables``: lint tells, fmt writes the one layout, list counts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from tests.cli.conftest import ROOT

from semantix.terminology import table_files

Run = Callable[..., Result]
COLUMNS = list(table_files.COLUMNS)
METADATA = """#curie_map:
#  CIM10: http://hl7.org/fhir/sid/icd-10/
#extension_definitions:
#- property: https://semantix.invalid/sssom/sender
#  slot_name: sender
#license: https://www.apache.org/licenses/LICENSE-2.0
#mapping_set_id: https://semantix.invalid/mappings/invented
#mapping_set_version: '1'
"""


def row(label: str, target: str = "CIM10:I10", modifier: str = "") -> str:
    cells = ["", label, "rdfs literal", "skos:exactMatch", modifier, target, "semapv:ManualMappingCuration", "semantix"]
    return "\t".join([*cells, "2026-11-26", "0.90", "invented", "", "", "", ""])


def table(*rows: str, columns: list[str] = COLUMNS) -> str:
    return METADATA + "\t".join(columns) + "\n" + "".join(line + "\n" for line in rows)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good__cim10.sssom.tsv"
    path.write_text(table(row("HTA"), row("tension", "CIM10:R03.0", "Not")), "utf-8")
    return path


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    path = tmp_path / "untidy__cim10.sssom.tsv"
    path.write_text(table(row("tension"), row("HTA")), "utf-8")
    return path


def test_shipped_tables_have_nothing_wrong(run: Run) -> None:
    result = run("tables", "lint")
    assert (result.output, result.exit_code) == ("", 0)


def test_lint_says_where_what_and_what_to_do(run: Run, good: Path) -> None:
    good.write_text(table(row("HTA", "CIM10:i10"), row("HTA", "CIM10:i10")), "utf-8")
    result = run("tables", "lint", good)
    assert result.exit_code == 10
    assert (
        "good__cim10.sssom.tsv:10: object_id: 'i10' is not how CIM10 codes are written; expected I10: write this\n"
        in (result.stdout)
    )
    assert "good__cim10.sssom.tsv:11: the claim of line 10 again" in result.stdout


def test_lint_in_json(run: Run, good: Path, untidy: Path) -> None:
    assert json.loads(run("tables", "lint", good, "--json").stdout) == []
    result = run("tables", "lint", untidy, "--json")
    (problem,) = json.loads(result.stdout)
    assert (result.exit_code, problem["file"], problem["line"]) == (10, untidy.name, 0)
    assert problem["todo"] == "run `semantix tables fmt`"


def test_fmt_writes_once_and_then_changes_nothing(run: Run, untidy: Path) -> None:
    before = untidy.read_bytes()
    assert run("tables", "fmt", untidy, "--dry-run").stdout == "(--dry-run) formatted: untidy__cim10.sssom.tsv\n"
    assert untidy.read_bytes() == before
    assert run("tables", "fmt", untidy.parent).stdout == "formatted: untidy__cim10.sssom.tsv\n"
    assert untidy.read_text("utf-8") == table(row("HTA"), row("tension"))
    assert run("tables", "fmt", untidy).stdout == ""
    assert run("tables", "lint", untidy).exit_code == 0


def test_fmt_takes_a_byte_order_mark_and_carriage_returns_out(run: Run, good: Path) -> None:
    expected = good.read_bytes()
    good.write_bytes(b"\xef\xbb\xbf" + expected.replace(b"\n", b"\r\n"))
    assert run("tables", "fmt", good).exit_code == 0
    assert good.read_bytes() == expected


def test_fmt_drops_no_column(run: Run, good: Path) -> None:
    text = table(row("HTA") + "\tHypertension", columns=[*COLUMNS, "object_label"])
    good.write_text(text, "utf-8")
    result = run("tables", "fmt", good)
    assert (result.exit_code, good.read_text("utf-8")) == (10, text)
    assert "object_label would be lost" in result.stderr


def test_fmt_says_what_cannot_be_written(run: Run, untidy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    result = run("tables", "fmt", untidy)
    assert (result.exit_code, "No space left on device" in result.stderr) == (6, True)


def test_list_counts_claims_refusals_and_wordings(run: Run, good: Path) -> None:
    (found,) = json.loads(run("tables", "list", good, "--json").stdout)
    assert found == {
        "file": good.name,
        "version": "1",
        "targets": ["CIM10"],
        "claims": 1,
        "refusals": 1,
        "wordings": 2,
    }
    assert good.name in run("tables", "list", good.parent).stdout
    assert "labs__loinc.sssom.tsv" in run("tables", "list", ROOT / "mappings").stdout


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"#a: 1\n", b"#a: [1]\nsubject_id\n", b"x\ty\n1\t2\n"])
@pytest.mark.parametrize("command", ["fmt", "list"])
def test_a_file_that_is_no_table_is_refused_in_one_line(run: Run, tmp_path: Path, command: str, content: bytes) -> None:
    path = tmp_path / "other.tsv"
    path.write_bytes(content)
    result = run("tables", command, path)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (10, "", 1)
    assert run("tables", "lint", path).exit_code == 10


def test_a_folder_without_tables_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("tables", "lint", tmp_path)
    assert (result.exit_code, "no *.sssom.tsv" in result.stderr) == (10, True)
