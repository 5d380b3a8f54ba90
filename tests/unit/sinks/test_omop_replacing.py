"""The OMOP sinks: nothing of somebody else replaced, nothing half-written, whatever fails."""

import errno
import shutil
import sqlite3
from pathlib import Path

import duckdb
import pytest
from tests.unit.sinks.conftest import dump, emission, write

from semantix.errors import BadTarget, BadVocabulary
from semantix.sinks.omop import KeyRegistry, SinkOptions, open_sink


def stop_after(sink, one):
    sink.write(one)
    raise RuntimeError("stop")


def test_an_existing_target_is_left_alone(tmp_path):
    target = tmp_path / "cdm.duckdb"
    target.write_text("precious")
    with pytest.raises(BadTarget, match="exists"):
        open_sink("duckdb", target)
    assert target.read_text() == "precious"


def test_the_tables_of_a_folder_are_replaced_when_asked_for(tmp_path):
    target = tmp_path / "out"
    write(target, emission(1), kind="csv")
    before = sorted(p.name for p in target.iterdir())
    write(target, emission(1), emission(2), kind="csv", overwrite=True)
    assert sorted(p.name for p in target.iterdir()) == before
    assert (target / "observation.csv").read_text().count("2024-01-01") == 4
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "out.keys.sqlite"]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("name", ["thesis.docx", "patients.csv", "note.txt", "person.CSV"])
def test_a_folder_with_other_files_is_never_overwritten(tmp_path, kind, name):
    target = tmp_path / "out"
    target.mkdir()
    (target / name).write_text("precious")
    with pytest.raises(BadTarget, match="no tables of an earlier run"):
        open_sink(kind, target, SinkOptions(overwrite=True))
    assert [(p.name, p.read_text()) for p in target.iterdir()] == [(name, "precious")]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_database_does_not_take_the_place_of_a_folder_nor_of_another_file(tmp_path):
    folder, file = tmp_path / "folder", tmp_path / "report.docx"
    folder.mkdir()
    (folder / "a").write_text("precious")
    file.write_text("precious, and long enough")
    for target in (folder, file):
        with pytest.raises(BadTarget):
            open_sink("duckdb", target, SinkOptions(overwrite=True))
    assert (folder / "a").read_text() == "precious"
    assert file.read_text().startswith("precious")


def test_a_report_may_be_in_the_folder(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    report = target / "loss.json"
    report.write_text("{}")
    write(target, emission(1), kind="csv", overwrite=True, beside=(report,))
    assert report.read_text() == "{}"
    assert (target / "person.csv").exists()


@pytest.mark.parametrize("kind", ["duckdb", "csv"])
def test_keys_that_cannot_be_kept_bring_the_old_target_back(tmp_path, monkeypatch, kind):
    target = tmp_path / "cdm"
    write(target, emission(1), kind=kind)
    file = target if kind == "duckdb" else target / "person.csv"
    before = file.read_bytes()

    def fail(_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(KeyRegistry, "close", fail)
    with pytest.raises(BadTarget, match="disk is full"):
        write(target, emission(2, person="ins^2"), kind=kind, overwrite=True)
    assert file.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cdm", "cdm.keys.sqlite"]
    with pytest.raises(BadTarget):
        write(tmp_path / "new", emission(1), kind=kind)
    assert not (tmp_path / "new").exists()


def test_the_target_behind_a_link_is_replaced_and_the_link_stays(tmp_path):
    (tmp_path / "data").mkdir()
    link, real = tmp_path / "cdm.duckdb", tmp_path / "data" / "v1.duckdb"
    link.symlink_to(real)
    write(link, emission(1))
    write(link, emission(1), overwrite=True)
    assert link.is_symlink()
    assert len(dump(real)["person"]) == 1
    assert (tmp_path / "data" / "v1.duckdb.keys.sqlite").exists()


def test_two_runs_on_one_target_do_not_mix(tmp_path, monkeypatch):
    monkeypatch.setattr("semantix.sinks.omop.keys.PATIENCE", 0.05)
    target, scratch = tmp_path / "cdm.duckdb", tmp_path / "scratch"
    scratch.mkdir()
    with open_sink("duckdb", target, SinkOptions(scratch=scratch)) as first:
        with pytest.raises(BadTarget, match="in use by another run"):
            open_sink("duckdb", target, SinkOptions(scratch=scratch))
        first.write(emission(1))
    assert len(dump(target)["person"]) == 1
    assert list(scratch.iterdir()) == []


def test_a_key_file_that_is_something_else_is_refused_in_one_line(tmp_path):
    keys = tmp_path / "cdm.duckdb.keys.sqlite"
    keys.write_text("this is not a database at all, but it is long enough to look at")
    with pytest.raises(BadTarget, match="not a key file"):
        open_sink("duckdb", tmp_path / "cdm.duckdb", SinkOptions(scratch=tmp_path))
    assert [p.name for p in tmp_path.iterdir()] == [keys.name]


def test_a_full_disk_is_told_in_one_line_and_leaves_no_scratch(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("semantix.sinks.omop.staging.Staging.write", full)
    (tmp_path / "scratch").mkdir()
    with pytest.raises(BadTarget, match="No space left"):
        write(tmp_path / "cdm.duckdb", emission(1), scratch=tmp_path / "scratch")
    assert list((tmp_path / "scratch").iterdir()) == []
    assert not (tmp_path / "cdm.duckdb").exists()


def test_a_damaged_line_of_a_vocabulary_is_a_bad_vocabulary(tmp_path, request):
    folder = tmp_path / "athena"
    shutil.copytree(request.config.rootpath / "tests" / "data" / "vocabulary", folder)
    with (folder / "RELATIONSHIP.csv").open("a") as file:
        file.write("Damaged\tDamaged\t0\t0\tX\tnot a number\n")
    with pytest.raises(BadVocabulary, match=r"RELATIONSHIP\.csv"):
        write(tmp_path / "cdm.duckdb", emission(1), vocabulary=folder)
    assert not (tmp_path / "cdm.duckdb").exists()


def test_a_run_that_fails_leaves_neither_target_nor_keys(tmp_path):
    target = tmp_path / "cdm.duckdb"
    write(target, emission(1))
    sink = open_sink("duckdb", target, SinkOptions(overwrite=True))
    with pytest.raises(RuntimeError, match="stop"), sink:
        stop_after(sink, emission(9, person="ins^9"))
    write(target, emission(1), emission(2, person="ins^2"), overwrite=True)
    assert sorted(r[0] for r in dump(target)["person"]) == [1, 2]


def test_a_build_that_fails_leaves_the_target_alone(tmp_path):
    target = tmp_path / "cdm.duckdb"
    write(target, emission(1))
    before = target.read_bytes()
    broken = emission(2)
    broken.rows["observation"][0]["observation_date"] = "no date"
    with pytest.raises(duckdb.Error):
        write(target, broken, overwrite=True)
    assert target.read_bytes() == before


def test_a_root_is_no_target_and_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(BadTarget, match="not a name"):
        open_sink("duckdb", Path("/"))
    with pytest.raises(BadTarget, match="a folder was expected"):
        open_sink("csv", tmp_path / "file", SinkOptions(overwrite=True))
    (tmp_path / "out").mkdir()
    write(tmp_path / "out", emission(1), kind="csv")
    with pytest.raises(BadTarget, match="not empty"):
        open_sink("csv", tmp_path / "out")


def test_a_scratch_folder_that_is_not_there_is_told_and_frees_the_keys(tmp_path):
    target = tmp_path / "cdm.duckdb"
    with pytest.raises(BadTarget, match="cannot be written"):
        open_sink("duckdb", target, SinkOptions(scratch=tmp_path / "absent"))
    write(target, emission(1))
    assert target.exists()
