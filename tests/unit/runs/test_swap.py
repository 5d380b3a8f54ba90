"""A folder is the old generation or the new one whenever the process is killed, and holds nothing of anybody else."""

import os
from itertools import count
from pathlib import Path

import pytest

from semantix.errors import BadTarget
from semantix.runs.publishing.swap import Generation, Index, Kept, read_index, recover

CALLS = ("rename", "unlink", "rmdir", "mkdir", "hardlink_to", "touch", "write_bytes")


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """No power is cut here: nothing waits for the disk."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


class Killed(BaseException):
    """The process is no more: nothing after it runs."""


def write(target: Path, files: dict[str, str], number: int) -> None:
    """Write a generation without the ``with`` that would put things right when it fails."""
    generation = Generation(target, read_index(target, "test"))
    generation.__enter__()
    for name, text in files.items():
        if (target / name).exists() and (target / name).read_text() == text:
            generation.keep(name)
        else:
            generation.path(name).write_bytes(text.encode())
            generation.take(name, 1)
    generation.finish(number, {"lines": len(files)})


def content(target: Path) -> dict[str, str]:
    found = {p.relative_to(target).as_posix(): p for p in target.rglob("*") if p.is_file()}
    return {name: path.read_text() for name, path in sorted(found.items()) if name != "index.json"}


OLD = {"a": "1", "year=2023/b": "2", "year=2024/c": "3"}
NEW = {"a": "1", "year=2024/c": "4", "year=2025/d": "5"}


def kill_at(monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    """Let the n-th change of the file system be the last that is tried."""
    numbers = count()

    def watched(real):
        def call(*args, **kwargs):
            if next(numbers) == n:
                raise Killed
            return real(*args, **kwargs)

        return call

    for name in CALLS:
        monkeypatch.setattr(Path, name, watched(getattr(Path, name)))
    monkeypatch.setattr(os, "fsync", watched(os.fsync))


def outcomes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: dict[str, str]):
    """The folder after each point at which a replacement may be killed, and after the first that none was."""
    for n in count():
        target = tmp_path / str(n) / "target"
        if first:
            write(target, first, 1)
        with monkeypatch.context() as patched:
            kill_at(patched, n)
            try:
                write(target, NEW, 2)
            except Killed:
                pass
            else:
                assert content(target) == NEW
                return
        yield target


@pytest.mark.parametrize("first", [OLD, {}], ids=["replaced", "new"])
def test_a_kill_leaves_the_old_or_the_new_generation(tmp_path, monkeypatch, first):
    numbers = set()
    for target in outcomes(tmp_path, monkeypatch, first):
        recover(target)
        number = read_index(target, "test").number
        numbers.add(number)
        assert content(target) == {0: {}, 1: OLD, 2: NEW}[number]
        assert list(target.parent.glob(".*")) == []
        write(target, NEW, 3)
        assert content(target) == NEW
    assert numbers == {1 if first else 0, 2}


def test_a_kill_while_it_recovers_loses_nothing(tmp_path, monkeypatch):
    for target in outcomes(tmp_path, monkeypatch, OLD):
        for n in count():
            with monkeypatch.context() as patched:
                kill_at(patched, n)
                try:
                    recover(target)
                    break
                except Killed:
                    continue
        assert content(target) == {1: OLD, 2: NEW}[read_index(target, "test").number]


def test_a_failure_leaves_the_old_generation_and_nothing_beside(tmp_path):
    target = tmp_path / "target"
    write(target, OLD, 1)

    def fail() -> None:
        with Generation(target, read_index(target, "test")) as generation:
            generation.path("a").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert content(target) == OLD
    assert list(tmp_path.iterdir()) == [target]


def test_unchanged_files_are_links_and_the_others_are_not(tmp_path):
    target = tmp_path / "target"
    write(target, OLD, 1)
    before = {name: (target / name).stat().st_ino for name in OLD}
    write(target, NEW, 2)
    assert (target / "a").stat().st_ino == before["a"]
    assert (target / "year=2024/c").stat().st_ino != before["year=2024/c"]
    assert {path.stat().st_nlink for path in target.rglob("*") if path.is_file()} == {1}
    assert not (target / "year=2023").exists()


def test_files_are_copied_where_there_are_no_links(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError

    target = tmp_path / "target"
    write(target, OLD, 1)
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write(target, NEW, 2)
    assert content(target) == NEW


def test_the_index_tells_what_was_written(tmp_path):
    target = tmp_path / "target"
    write(target, {"a": "1"}, 7)
    sha256 = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    assert read_index(target, "test") == Index("test", 7, {"lines": 1}, {"a": Kept(1, sha256, 1)})


def test_the_mode_of_the_folder_stays(tmp_path):
    target = tmp_path / "target"
    target.mkdir(mode=0o700)
    write(target, OLD, 1)
    assert target.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda target: (target / "notes.txt").write_text("mine"), r"no run wrote \(notes.txt\)"),
        (lambda target: (target / "link").symlink_to(target / "a"), r"no run wrote \(link\)"),
        (lambda target: (target / "a").write_text("longer"), r"changed since it was published \(a\)"),
        (lambda target: (target / "a").unlink(), r"changed since it was published \(a\)"),
        (lambda target: (target / "index.json").write_text("{}"), "index.json is not one"),
        (lambda target: (target / "index.json").unlink(), "no run wrote"),
    ],
)
def test_a_folder_that_is_not_as_it_was_left_is_refused(tmp_path, change, words):
    target = tmp_path / "target"
    write(target, OLD, 1)
    change(target)
    with pytest.raises(BadTarget, match=words):
        read_index(target, "test")


def test_a_target_of_another_sort_is_refused(tmp_path):
    write(tmp_path / "target", OLD, 1)
    with pytest.raises(BadTarget, match=r"of another sort \(test\), parquet was expected"):
        read_index(tmp_path / "target", "parquet")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "target").write_text("mine")
    with pytest.raises(BadTarget, match="this is a file"):
        read_index(tmp_path / "target", "test")


def test_what_was_put_in_the_folder_meanwhile_is_not_lost(tmp_path):
    target = tmp_path / "target"
    write(target, OLD, 1)

    def replace() -> None:
        with Generation(target, read_index(target, "test")) as generation:
            (target / "mine").write_text("mine")
            generation.finish(2, {})

    with pytest.raises(BadTarget, match="no run wrote"):
        replace()
    assert content(target) == OLD | {"mine": "mine"}


def test_a_folder_beside_that_is_none_of_ours_is_kept(tmp_path):
    other = tmp_path / ".target.old"
    other.mkdir()
    (other / "mine").write_text("mine")
    with pytest.raises(BadTarget, match=r"no run wrote \(mine\)"):
        recover(tmp_path / "target")
    assert (other / "mine").read_text() == "mine"


def test_a_refusal_of_the_system_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadTarget, match="cannot be written: "):
        write(tmp_path / "file" / "target", OLD, 1)


def test_many_files_wait_for_the_disk_once(tmp_path, monkeypatch):
    called = []
    monkeypatch.setattr(os, "sync", lambda: called.append("sync"))
    monkeypatch.setattr("sys.platform", "linux")
    write(tmp_path / "target", {str(number): "1" for number in range(100)}, 1)
    assert called == ["sync"]
    write(tmp_path / "target", {str(number): "1" for number in range(100)}, 2)
    assert called == ["sync"]
