"""What was learned, kept beside the store: written whole or not at all, anew when stale."""

from pathlib import Path

import pytest

from semantix.errors import BadStore
from semantix.terminology.learned import FOLDER, keep, place


def write(folder: Path) -> None:
    (folder / "content").write_text("learned", "utf-8")


def test_what_is_learned_is_written_once(tmp_path: Path) -> None:
    written: list[Path] = []

    def once(folder: Path) -> None:
        written.append(folder)
        write(folder)

    first, second = keep(tmp_path, "cim10", "a" * 64, once), keep(tmp_path, "cim10", "a" * 64, once)
    assert first == second == place(tmp_path, "cim10", "a" * 64)
    assert (len(written), (first / "content").read_text("utf-8")) == (1, "learned")


def test_another_key_learns_anew_and_removes_what_is_stale(tmp_path: Path) -> None:
    old, other = keep(tmp_path, "cim10", "a" * 64, write), keep(tmp_path, "atc", "a" * 64, write)
    new = keep(tmp_path, "cim10", "b" * 64, write)
    assert (old.exists(), new.exists(), other.exists()) == (False, True, True)


def test_targets_whose_names_begin_alike_are_apart(tmp_path: Path) -> None:
    long = keep(tmp_path, "cim10-fr", "a" * 64, write)
    keep(tmp_path, "cim10", "a" * 64, write)
    keep(tmp_path, "cim10", "b" * 64, write)
    assert long.exists()


def test_a_target_named_by_its_address_has_a_place(tmp_path: Path) -> None:
    found = keep(tmp_path, "https://smt.esante.gouv.fr/terminologie-csarr", "a" * 64, write)
    assert (found / "content").exists()


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        write(folder)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keep(tmp_path, "cim10", "a" * 64, fail)
    assert list((tmp_path / FOLDER / "cim10").iterdir()) == []


def test_a_failure_keeps_what_another_key_learned(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        raise BadStore("nothing to learn")

    old = keep(tmp_path, "cim10", "a" * 64, write)
    with pytest.raises(BadStore, match="nothing to learn"):
        keep(tmp_path, "cim10", "b" * 64, fail)
    assert (old / "content").exists()


def test_a_store_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("in the way", "utf-8")
    with pytest.raises(BadStore, match="cannot be written beside the store"):
        keep(tmp_path, "cim10", "a" * 64, write)


def test_who_comes_second_takes_what_the_first_wrote(tmp_path: Path) -> None:
    def meanwhile(folder: Path) -> None:
        write(folder)
        keep(tmp_path, "cim10", "a" * 64, write)

    found = keep(tmp_path, "cim10", "a" * 64, meanwhile)
    assert (found / "content").read_text("utf-8") == "learned"
    assert [path.name for path in found.parent.iterdir()] == [found.name]


def test_an_error_of_the_disk_is_no_error_when_the_work_is_done(tmp_path: Path) -> None:
    def late(folder: Path) -> None:
        keep(tmp_path, "cim10", "a" * 64, write)
        raise OSError(28, "No space left on device")

    assert (keep(tmp_path, "cim10", "a" * 64, late) / "content").exists()
