"""What is looked at, and sets: exports in several tables are read together, again whole, and replaced whole."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.runs_documents import Paper, write
from tests.runs_warehouse import around, plan_in, rows_of

from semantix.emitters.omop import SCHEMA
from semantix.errors import BadPlan
from semantix.pipeline.packs import parsers_of
from semantix.runs.conduct import start
from semantix.runs.plan import RunPlan
from semantix.runs.register import Register
from semantix.runs.register.inputs import chunk_of
from semantix.runs.scanning import hash_files, inputs_of, look
from semantix.runs.status import status_of

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
PRACTICE = EXAMPLES / "sources" / "cabinet-des-tilleuls"
DUCKDB = [{"kind": "duckdb", "path": "cdm.duckdb"}]


def plan_of(folder: Path, **changes: Any) -> RunPlan:
    return plan_in(folder, **({"targets": DUCKDB, "chunks": {"files": 1}} | changes))


# --- what is there ----------------------------------------------------------------------------------------------------


def test_inputs_are_paths_patterns_and_lists(tmp_path: Path) -> None:
    for name in ("in/a.xml", "h/1.zip", "h/2.zip", "h/3.txt", "x[1].xml", "l/one.xml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "l" / "list.txt").write_bytes(b"# two of them\n\none.xml\r\n  ../in/a.xml \n")
    plan = plan_of(tmp_path, inputs=["in", "h/*.zip", "x[1].xml", "none/*.xml"], lists=["l/list.txt"])
    assert [os.path.relpath(path, tmp_path) for path in inputs_of(plan)] == [
        "in", "h/1.zip", "h/2.zip", "x[1].xml", "l/one.xml", "in/a.xml",
    ]  # fmt: skip


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("gone.xml\n")
    for changes, words in (
        ({"inputs": ["gone"]}, "gone: no such file or folder; nothing was read"),
        ({"inputs": [], "lists": ["list.txt"]}, "gone.xml: no such file or folder"),
        ({"inputs": [], "lists": ["no.txt"]}, "no.txt: cannot be opened: No such file"),
    ):
        with pytest.raises(BadPlan, match=words):
            inputs_of(plan_of(tmp_path, **changes))


def test_what_a_run_writes_is_no_input_even_through_a_link(tmp_path: Path) -> None:
    for name in ("a.xml", "state/b.xml", "fhir/c.xml", "statement.xml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "link.xml").symlink_to(tmp_path / "state" / "b.xml")
    seen = look([tmp_path], [tmp_path / "state", tmp_path / "fhir"])
    assert [Path(one.path).name for one in seen] == ["a.xml", "statement.xml"]


def test_a_file_that_cannot_be_opened_is_known_by_its_refusal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    [seen] = look([tmp_path])
    (tmp_path / "a.txt").unlink()
    [hashed] = hash_files([seen], ())
    assert (len(hashed.sha256), hashed.folder) == (32, None)


def test_files_that_a_pack_reads_are_of_the_set_of_their_folder(tmp_path: Path) -> None:
    shutil.copytree(PRACTICE, tmp_path / "a")
    shutil.copytree(PRACTICE, tmp_path / "b")
    (tmp_path / "a" / "1.xml").write_bytes(write(Paper("1")))
    (tmp_path / "a" / "empty.txt").write_bytes(b"")
    folders = {one.path: one.folder for one in hash_files(look([tmp_path]), parsers_of(()))}
    of = {str(Path(path).relative_to(tmp_path)): folder for path, folder in folders.items()}
    assert of["a/biologie.txt"] == of["a/patients.csv"] != of["b/biologie.txt"]
    assert of["b/biologie.txt"] == of["b/patients.csv"] is not None
    assert of["a/1.xml"] is of["a/empty.txt"] is None
    assert "tilleuls" not in str(of["a/biologie.txt"])


def test_a_reader_that_fails_on_a_head_does_not_stop_the_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from semantix.runs import scanning

    def failing(*_: object) -> Any:
        raise KeyError

    (tmp_path / "a.txt").write_bytes(b"a")
    monkeypatch.setattr(scanning, "claims_on", failing)
    assert [one.folder for one in hash_files(look([tmp_path]), ())] == [None]


# --- sets -------------------------------------------------------------------------------------------------------------


def values(folder: Path) -> list[float]:
    place = [field.name for field in SCHEMA["measurement"].fields].index("value_as_number")
    found = (row[place] for row in rows_of(folder / "cdm.duckdb")["measurement"])
    return [value for value in found if value is not None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a warehouse of a practice's export and a document, one file a chunk."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "in").mkdir()
    shutil.copytree(PRACTICE, folder / "in" / "practice")
    (folder / "in" / "1.xml").write_bytes(write(Paper("1")))
    start(plan_of(folder), around())
    return folder


def test_a_chunk_keeps_a_set_together(made: Path) -> None:
    with Register.open(made / "state", write=False) as register:
        chunks = [[Path(one.path).name for one in chunk_of(register, number).files] for number in (1, 2)]
        assert register.rows("SELECT count(*) FROM chunk") == [(2,)]
    assert sorted(map(sorted, chunks)) == [["1.xml"], ["biologie.txt", "patients.csv"]]
    assert status_of(made / "state").fates == {"live": 3}
    births = {row[2] for row in rows_of(made / "cdm.duckdb")["person"]}
    assert births == {1948, 1961, 1956}


def test_a_table_that_changed_has_its_set_read_again_and_replaced_whole(made: Path) -> None:
    """One history, for each step rests on the one before: changed, kept by a spool, gone, back."""
    rows = made / "in" / "practice" / "biologie.txt"
    people = made / "in" / "practice" / "patients.csv"
    assert 2.41 in values(made)

    # The list of patients changes: the results are read again with it.
    people.write_bytes(people.read_bytes().replace(b"1948", b"1949"))
    outcome = start(plan_of(made), around())
    assert (outcome.differences.changed, outcome.chunks, outcome.documents) == (1, 1, 2)
    assert {row[2] for row in rows_of(made / "cdm.duckdb")["person"]} == {1949, 1961, 1956}
    assert outcome.fates == {"live": 3}

    # A result changes: what was there goes.
    rows.write_bytes(rows.read_bytes().replace(b"2,41", b"3,52"))
    start(plan_of(made), around())
    assert 3.52 in values(made)
    assert 2.41 not in values(made)

    # In a spool too, a set is replaced whole when one of its tables takes the place of another.
    rows.write_bytes(rows.read_bytes().replace(b"3,52", b"4,63"))
    outcome = start(plan_of(made, spool=True), around())
    assert (outcome.differences.changed, outcome.differences.kept) == (1, 0)
    assert 4.63 in values(made)
    assert 3.52 not in values(made)

    # When all of it passed through, it stays; and a folder that mirrors withdraws it.
    shutil.move(made / "in" / "practice", made / "away")
    outcome = start(plan_of(made, spool=True), around())
    assert (outcome.differences.kept, outcome.published, outcome.fates) == (2, {}, {"live": 3})
    outcome = start(plan_of(made), around())
    assert (outcome.differences.gone, outcome.fates) == (2, {"live": 1})
    assert 4.63 not in values(made)


def test_a_set_whose_people_are_gone_is_read_without_them(tmp_path: Path) -> None:
    shutil.copytree(PRACTICE, tmp_path / "in")
    start(plan_of(tmp_path), around())
    (tmp_path / "in" / "patients.csv").unlink()
    outcome = start(plan_of(tmp_path), around())
    assert (outcome.differences.gone, outcome.chunks, outcome.documents) == (1, 1, 2)
    assert outcome.fates == {"live": 2}
    assert 1948 not in {row[2] for row in rows_of(tmp_path / "cdm.duckdb")["person"]}
