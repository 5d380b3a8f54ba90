"""``semantix map``, ``evaluate`` and ``terminology learn``: what they print and write, and what they refuse."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.terminology.deciding import DISPLAYS, MadeUp

from semantix.errors import BadStore, BadTable
from semantix.model import Outcome
from semantix.terminology.engine import Engine
from semantix.terminology.records import Concept
from semantix.terminology.store import Store
from semantix_cli.main import main

ANSWERS = {
    "asthme": (Outcome.CURATED, True, ("J45.9", 0.95)),
    "hta": (Outcome.CANDIDATE, False, ("J46", 0.6), ("I10", 0.3)),
    "zona": (Outcome.EXACT, True, ("B02.9", 1.0)),
}


class MadeUpStore:
    def __enter__(self) -> "MadeUpStore":
        return self

    def __exit__(self, *_: object) -> None: ...

    def lookup(self, system: str, code: str) -> Concept | None:
        return Concept(system, code, DISPLAYS[code]) if code in DISPLAYS else None


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> MadeUp:
    made = MadeUp(ANSWERS, verbatim=frozenset({"zona"}))

    def opened(
        store: Path,
        *,
        precision: float = 0.98,
        extra_tables: tuple[Path, ...] = (),
        embeddings: Path | None = None,
        tell: object = None,
    ) -> MadeUp:
        tell("cim10")
        return made

    monkeypatch.setattr(Engine, "open", opened)
    monkeypatch.setattr(Store, "open", lambda folder: MadeUpStore())
    return made


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    file = tmp_path / "gold.tsv"
    file.write_text("label\tcode\nasthme\tJ459\nzona\tB029\nhta\tI10\ninconnu\tI10\n", "utf-8")
    return file


ASK = ("--target", "CIM-10", "--query-column", "label", "--code-column", "code", "--lang", "en")


# --- evaluate ---------------------------------------------------------------------------------------------


def test_evaluate_prints_a_table_and_writes_json_and_a_page(run, gold: Path, tmp_path: Path):
    result = run("evaluate", gold, *ASK, "--json", tmp_path / "e.json", "--html", tmp_path / "e.html")
    assert result.exit_code == 0, result.output
    assert "Right code first" in result.stdout
    assert "learning: cim10" in result.stderr
    figures = json.loads((tmp_path / "e.json").read_text("utf-8"))
    assert (figures["n"], figures["top1"], figures["top5"]) == (4, 0.5, 0.75)
    assert figures["coverage_at_precision"] == {"0.95": 0.5, "0.98": 0.5, "0.99": 0.5}
    assert figures["queries_per_second"] > 0
    assert "<svg" in (tmp_path / "e.html").read_text("utf-8")


def test_evaluate_prints_json_alone_when_asked(run, gold: Path):
    result = run("evaluate", gold, *ASK, "--json", "-", "--exclude-exact", "--limit", "3")
    figures = json.loads(result.stdout)
    assert (figures["n"], figures["without_exact"]["n"]) == (3, 2)


def test_evaluate_in_french_says_so(run, gold: Path):
    result = run("evaluate", gold, *ASK[:-1], "fr")
    assert "Évaluation de la correspondance vers CIM-10" in result.stdout
    assert "apprentissage : cim10" in result.stderr


def test_evaluate_refuses_a_missing_column_in_one_line(run, gold: Path):
    result = run("evaluate", gold, "--target", "cim10", "--query-column", "libelle", "--code-column", "code")
    assert result.exit_code == BadTable.exit_code
    assert result.stderr == "semantix: gold.tsv: no column is called libelle; the columns are label, code\n"


def test_evaluate_without_error_lists_no_confusion(run, tmp_path: Path):
    (tmp_path / "g.csv").write_text("label,code\nzona,B02.9\n", "utf-8")
    result = run("evaluate", tmp_path / "g.csv", *ASK)
    assert result.exit_code == 0, result.output
    assert "Most frequent confusions" not in result.stdout


# --- map --------------------------------------------------------------------------------------------------


def test_map_shows_each_text_with_its_candidates(run):
    result = run("map", "asthme", "hta", "inconnu", "--target", "cim10", "--lang", "en")
    assert result.exit_code == 0, result.output
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert "asthme → J45.9  (curated; as made up)" in lines
    assert "hta → to review  (candidate; as made up)" in lines
    assert "inconnu → to review  (abstained; no name of the target is near)" in lines
    assert "Gêne des bronches" in result.stdout


def test_map_prints_one_json_object_a_text(run):
    result = run("map", "asthme", "hta", "--target", "cim10", "--section", "problem", "--json", "--top", "1")
    first, second = map(json.loads, result.stdout.splitlines())
    assert (first["accepted"], first["candidates"][0]["code"]) == (True, "J45.9")
    assert len(second["candidates"]) == 1
    assert second["context"]["section"] == "problem"


def test_map_reads_texts_from_stdin():
    result = CliRunner().invoke(main, ["map", "-", "--target", "cim10", "--json"], input="asthme\n\nhta\n")
    assert [json.loads(line)["query"]["text"] for line in result.stdout.splitlines()] == ["asthme", "hta"]


def test_map_takes_a_code_without_text(run):
    result = run("map", "--code", "X1", "--system", "local", "--sender", "labo", "--target", "cim10", "--json")
    found = json.loads(result.stdout)
    assert (found["query"]["code"], found["query"]["system"]) == ("X1", "local")
    assert found["context"]["sender"] == "labo"


def test_map_takes_a_text_that_is_no_unicode(run):
    result = run("map", b"a\xff".decode("utf-8", "surrogateescape"), "--target", "cim10", "--json")
    assert json.loads(result.stdout)["query"]["text"] == "a\N{REPLACEMENT CHARACTER}"


def test_map_writes_a_table_with_columns_added(run, gold: Path, tmp_path: Path):
    out = tmp_path / "mapped.tsv"
    result = run("map", "--file", gold, "--column", "label", "--target", "cim10", "--out", out)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines(), delimiter="\t"))
    assert [(row["label"], row["target_code"]) for row in rows] == [
        ("asthme", "J45.9"),
        ("zona", "B02.9"),
        ("hta", ""),
        ("inconnu", ""),
    ]


def test_map_writes_a_table_to_stdout_and_the_same_bytes_twice(run, gold: Path):
    ask = ("map", "--file", gold, "--column", "label", "--target", "cim10")
    first, second = run(*ask), run(*ask)
    assert first.stdout == second.stdout
    assert next(csv.reader(io.StringIO(first.stdout), delimiter="\t"))[:3] == ["label", "code", "target_code"]


def test_map_prints_a_json_object_a_row(run, gold: Path):
    result = run("map", "--file", gold, "--column", "label", "--target", "cim10", "--json")
    assert [json.loads(line)["line"] for line in result.stdout.splitlines()] == [2, 3, 4, 5]


def test_map_reads_a_table_from_stdin():
    ask = ["map", "--file", "-", "--column", "label", "--target", "cim10"]
    result = CliRunner().invoke(main, ask, input="label,n\nasthme,1\n")
    assert result.stdout.splitlines()[1].startswith("asthme,1,J45.9,Gêne des bronches,curated,yes,0.9500,")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("asthme", "--file", "{gold}", "--column", "label"),
        ("--file", "{gold}"),
        ("asthme", "hta", "--code", "X"),
        ("asthme", "--out", "o.csv"),
        ("--file", "{gold}", "--column", "label", "--out", "{gold}"),
    ],
)
def test_map_refuses_what_makes_no_sense(run, gold: Path, arguments: tuple[str, ...]):
    result = run("map", *(each.format(gold=gold) for each in arguments), "--target", "cim10")
    assert result.exit_code == 2
    assert gold.read_text("utf-8").startswith("label\tcode\n")


def test_an_archive_of_several_files_is_no_table(run, tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "label\n")
        archive.writestr("b.csv", "label\n")
    result = run("map", "--file", tmp_path / "two.zip", "--column", "label", "--target", "cim10")
    assert result.exit_code == BadTable.exit_code
    assert "2 files; one CSV or TSV was expected" in result.stderr


def test_no_value_of_a_row_is_in_an_error(run, tmp_path: Path):
    (tmp_path / "q.csv").write_text("label,n\nDUPONT,JEAN,X\n", "utf-8")
    result = run("map", "--file", tmp_path / "q.csv", "--column", "label", "--target", "cim10")
    assert result.exit_code == BadTable.exit_code
    assert "DUPONT" not in result.output


# --- learn ------------------------------------------------------------------------------------------------


def test_learn_learns_every_target_or_those_named(run, engine: MadeUp):
    assert run("terminology", "learn", "--lang", "en").stdout == "atc: learned\ncim10: learned\n"
    assert run("terminology", "learn", "--target", "CIM-10", "--lang", "fr").stdout == "cim10 : appris\n"
    assert engine.learned == ["atc", "cim10", "cim10"]


def test_a_store_that_is_not_there_is_said_in_one_line(run, monkeypatch: pytest.MonkeyPatch):
    def absent(store: Path, **_: object) -> None:
        raise BadStore("no store here")

    monkeypatch.setattr(Engine, "open", absent)
    result = run("map", "asthme", "--target", "cim10")
    assert (result.exit_code, result.stderr) == (BadStore.exit_code, "semantix: no store here\n")
