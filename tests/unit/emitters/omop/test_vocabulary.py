import os
import pickle
import shutil
import stat
from pathlib import Path

import duckdb
import pytest

from semantix.emitters.omop import Resolved
from semantix.errors import BadVocabulary
from semantix.vocabulary import Vocabulary

BASE = 2_100_000_000
FOLDER = Path(__file__).parents[3] / "data" / "vocabulary"


def test_a_source_code_reaches_its_standard_concept(vocabulary):
    assert vocabulary.resolve(("CIM10",), "X12.3") == Resolved(BASE + 8, ((BASE + 1, "Condition"),))


def test_a_withdrawn_relation_or_concept_is_not_followed(vocabulary):
    assert vocabulary.resolve(("CIM10",), "X14") == Resolved(BASE + 14)


def test_a_standard_code_is_itself(vocabulary):
    assert vocabulary.resolve(("UCUM",), "mg") == Resolved(BASE + 17, ((BASE + 17, "Unit"),))


def test_maps_to_value_is_kept_apart(vocabulary):
    assert vocabulary.resolve(("CIM10",), "X99") == Resolved(BASE + 9, ((BASE + 10, "Observation"),), (BASE + 11,))


def test_the_first_vocabulary_that_knows_the_code_answers(vocabulary):
    assert vocabulary.resolve(("ICD10", "CIM10"), "X12.3").source_concept_id == BASE + 8
    assert vocabulary.resolve(("ICD10",), "X12.3") is None


def test_the_release_and_the_domains_are_known(vocabulary):
    assert vocabulary.release == "v5.0 01-JAN-26"
    assert vocabulary.domain_concept("Condition") == BASE + 19
    assert vocabulary.domain_concept("Elsewhere") == 0


def test_it_travels_to_another_process_as_a_path(vocabulary):
    copy = pickle.loads(pickle.dumps(vocabulary))
    assert copy.resolve(("CIM10",), "X12.3") == vocabulary.resolve(("CIM10",), "X12.3")


def test_the_index_is_built_once_and_again_when_the_folder_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "athena"
    shutil.copytree(FOLDER, folder)
    first = Vocabulary.load(folder)
    assert Vocabulary.load(folder).index == first.index
    with (folder / "VOCABULARY.csv").open("a") as file:
        file.write("New\tNew\tsynthetic\t\t0\n")
    assert Vocabulary.load(folder).index != first.index
    assert not first.index.exists()


def test_the_index_is_its_users_own_and_older_versions_go(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache = tmp_path / "semantix"
    cache.mkdir(mode=0o755)
    (cache / "vocabulary-v0-abc-def.duckdb").write_text("old")
    (cache / "vocabulary-v1-other-folder.duckdb").write_text("another download")
    (cache / "mine.txt").write_text("mine")
    index = Vocabulary.load(FOLDER).index
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert sorted(p.name for p in cache.iterdir()) == sorted(
        ["mine.txt", "vocabulary-v1-other-folder.duckdb", index.name]
    )


def test_a_damaged_index_is_made_again(tmp_path):
    index = tmp_path / "index"
    index.write_text("this is no database, whatever its name says")
    assert Vocabulary.load(FOLDER, index).resolve(("UCUM",), "mg") is not None


def test_a_damaged_optional_table_is_refused_before_anything(tmp_path):
    folder = tmp_path / "athena"
    shutil.copytree(FOLDER, folder)
    (folder / "CONCEPT_ANCESTOR.csv").write_text("<html>not found</html>\n")
    with pytest.raises(BadVocabulary, match=r"CONCEPT_ANCESTOR\.csv: column ancestor_concept_id not found"):
        Vocabulary.load(folder, tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_domains_are_optional(tmp_path):
    folder = tmp_path / "athena"
    shutil.copytree(FOLDER, folder)
    (folder / "DOMAIN.csv").unlink()
    assert Vocabulary.load(folder, tmp_path / "index").domain_concept("Condition") == 0


def test_a_folder_that_is_no_vocabulary_is_refused(tmp_path):
    with pytest.raises(BadVocabulary, match=r"CONCEPT\.csv"):
        Vocabulary.load(tmp_path)
    for name in ("CONCEPT", "CONCEPT_RELATIONSHIP", "VOCABULARY"):
        (tmp_path / f"{name}.csv").write_text("something\telse\n1\t2\n")
    with pytest.raises(BadVocabulary, match="tab-separated"):
        Vocabulary.load(tmp_path, tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_a_full_cache_starts_again(vocabulary, monkeypatch):
    monkeypatch.setattr("semantix.vocabulary._CACHED", 1)
    assert vocabulary.resolve(("CIM10",), "absent-1") is None
    assert vocabulary.resolve(("CIM10",), "absent-2") is None


def test_a_required_table_with_a_damaged_line_is_refused(tmp_path):
    folder = tmp_path / "athena"
    shutil.copytree(FOLDER, folder)
    with (folder / "CONCEPT.csv").open("a") as file:
        file.write("not a number\tX\tX\tX\tX\tX\tX\t20200101\t20991231\t\n")
    with pytest.raises(BadVocabulary, match="not readable as an Athena download"):
        Vocabulary.load(folder, tmp_path / "index")
    assert [p.name for p in tmp_path.iterdir()] == ["athena"]


def test_without_a_place_for_the_index_one_is_asked_for(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(BadVocabulary, match="XDG_CACHE_HOME"):
        Vocabulary.load(FOLDER)


def test_what_a_killed_run_left_goes_and_what_a_running_one_writes_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache = tmp_path / "semantix"
    dead, alive = (cache / f"vocabulary-v1-x.duckdb.abc.{pid}.partial" for pid in (2**30, os.getpid()))
    for folder in (dead, alive):
        folder.mkdir(parents=True)
        (folder / "index").write_text("half")
    index = Vocabulary.load(FOLDER).index
    assert sorted(p.name for p in cache.iterdir()) == sorted([alive.name, index.name])


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError("Query interrupted")])
def test_an_index_that_is_stopped_leaves_nothing(tmp_path, monkeypatch, error):
    def stopped(path):
        Path(path).write_text("half")
        raise error

    monkeypatch.setattr("semantix.vocabulary.duckdb.connect", stopped)
    with pytest.raises((KeyboardInterrupt, RuntimeError)):
        Vocabulary.load(FOLDER, tmp_path / "index")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_not_the_fault_of_the_vocabulary(tmp_path, monkeypatch):
    def full(*_, **__):
        raise duckdb.IOException("IO Error: No space left on device")

    monkeypatch.setattr("semantix.vocabulary.duckdb.connect", full)
    with pytest.raises(BadVocabulary, match="cannot be written: the disk is full"):
        Vocabulary.load(FOLDER, tmp_path / "index")
    assert list(tmp_path.iterdir()) == []
