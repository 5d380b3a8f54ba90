"""What is found, what is refused, and what appears on disk."""

import os
import struct
import zipfile
from pathlib import Path

import pytest

from semantix.errors import BadTarget, UnreadableInput
from semantix.io import (
    Entry,
    Found,
    Limits,
    Output,
    discover,
    is_archive,
    megabytes,
    members,
    prepare_folder,
    read,
    shown,
    write_text,
)


def found(path: Path) -> Found:
    return Found(str(path), path.name, path.name)


def held(path: Path, limits: Limits | None = None) -> tuple[str, ...]:
    return members(entry(path), limits or Limits())


def entry(path: Path, member: str | None = None) -> Entry:
    whole = Entry(str(path), path.name, path.name)
    return whole if member is None else whole.member(member)


def archive(path: Path, *names: str, data: bytes = b"<a/>") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as writer:
        for name in names:
            writer.writestr(name, data)
    return path


def test_folders_are_searched_in_depth_and_in_order(tmp_path: Path) -> None:
    for name in ("b/2.xml", "b/1.XML", "a/3.zip", "c.xml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert [file.label for file in discover([tmp_path]).files] == ["c.xml", "a/3.zip", "b/1.XML", "b/2.xml"]


def test_what_is_passed_over_unopened_is_counted_by_kind(tmp_path: Path) -> None:
    for name in ("a.xml", ".hidden.xml", "x.pdf", "README", "METADATA.XML"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "linked").symlink_to(tmp_path)
    found = discover([tmp_path, tmp_path / "a.xml"])
    assert [file.label for file in found.files] == ["README", "a.xml", "x.pdf"]
    assert dict(found.ignored) == {"XDM manifest": 1, "duplicate": 1, "hidden": 1, "linked folder": 1}


def test_hidden_folders_are_not_searched(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.xml").write_bytes(b"")
    assert discover([tmp_path]).files == ()


def test_a_named_file_is_kept_whatever_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "letter.cda").write_bytes(b"")
    assert [file.label for file in discover([tmp_path / "letter.cda"]).files] == ["letter.cda"]


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no such file"):
        discover([tmp_path / "absent"])


@pytest.mark.skipif(os.name == "nt", reason="Windows names are Unicode")
def test_names_are_shown_without_control_or_invalid_characters() -> None:
    assert shown(os.fsdecode(b"caf\xe9\x1b[31m.xml")) == "caf\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}[31m.xml"


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 209_000_000)
    with pytest.raises(UnreadableInput) as refused:
        read(entry(path), Limits())
    assert str(refused.value) == "large.xml: file is 209 MB, the limit is 100 MB; raise with --max-size"


@pytest.mark.parametrize(("size", "words"), [(209_000_000, "209"), (1_500_000, "1.5"), (0, "0")])
def test_sizes_are_written_in_megabytes(size: int, words: str) -> None:
    assert megabytes(size) == words


def test_a_folder_or_an_absent_file_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent.xml"):
        assert not is_archive(found(path))
        with pytest.raises(UnreadableInput):
            read(entry(path), Limits())


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<a/>")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert not is_archive(found(path))
    with pytest.raises(UnreadableInput, match="cannot be opened: Permission denied"):
        read(entry(path), Limits())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    assert not is_archive(found(tmp_path / "pipe.xml"))
    with pytest.raises(UnreadableInput, match="not a regular file"):
        read(entry(tmp_path / "pipe.xml"), Limits())


def test_members_of_an_archive_are_listed_and_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "IHE_XDM/DOC.XML", "README.TXT", data=b"hello")
    assert is_archive(found(path))
    assert held(path) == ("IHE_XDM/DOC.XML", "README.TXT")
    assert read(entry(path, "README.TXT"), Limits()) == b"hello"


@pytest.mark.parametrize("name", ["../a.xml", "a/../../b.xml", "/etc/a.xml", "..\\a.xml", "C:\\a.xml"])
def test_a_name_that_leaves_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "a.zip", name)
    with pytest.raises(UnreadableInput, match="leaves the archive"):
        held(path)


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "DOC.XML", data=b"\0" * 20_000_000)
    with pytest.raises(UnreadableInput, match="zip bomb"):
        held(path)


def test_too_many_files_or_too_large_a_sum_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "1.xml", "2.xml", data=b"x" * 100)
    with pytest.raises(UnreadableInput, match="2 files in the archive, the limit is 1"):
        held(path, Limits(entries=1))
    with pytest.raises(UnreadableInput, match="once opened"):
        held(path, Limits(total=150))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "1.xml", "1.xml")
    with pytest.raises(UnreadableInput, match="same name"):
        held(path)


def _patched(path: Path, signature: bytes, offset: int, value: bytes) -> None:
    """Change some bytes of the first header with that signature."""
    data = bytearray(path.read_bytes())
    start = data.index(signature) + offset
    data[start : start + len(value)] = value
    path.write_bytes(data)


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "1.xml")
    _patched(path, b"PK\x01\x02", 8, struct.pack("<H", 1))
    with pytest.raises(UnreadableInput, match="encrypted"):
        held(path)


def test_a_member_that_lies_on_its_size_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "1.xml", data=b"x" * 5_000)
    _patched(path, b"PK\x01\x02", 24, struct.pack("<I", 10))
    with pytest.raises(UnreadableInput, match="damaged"):
        read(entry(path, "1.xml"), Limits())


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(UnreadableInput, match="damaged"):
        held(path)


def test_an_absent_member_or_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "1.xml")
    with pytest.raises(UnreadableInput, match="no such file in the archive"):
        read(entry(path, "2.xml"), Limits())
    with pytest.raises(UnreadableInput, match="cannot be opened"):
        held(tmp_path / "absent.zip")


def test_a_large_member_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", "1.xml", data=b"x" * 500)
    with pytest.raises(UnreadableInput, match="raise with --max-size"):
        read(entry(path, "1.xml"), Limits(document=100))


def test_an_output_appears_only_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    with Output(path) as file:
        file.write(b"all of it")
        assert not path.exists()
    assert path.read_bytes() == b"all of it"
    assert [p.name for p in path.parent.iterdir()] == ["file.txt"]


def test_an_output_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_text(path, "earlier")

    def fail() -> None:
        with Output(path) as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "earlier"
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"]


def test_an_output_that_cannot_be_written_is_a_bad_target(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadTarget):
        Output(tmp_path / "file" / "below.txt")
    (tmp_path / "folder").mkdir()
    file = Output(tmp_path / "folder")
    with pytest.raises(BadTarget):
        file.complete()
    file.discard()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
def test_a_full_disk_is_a_bad_target(tmp_path: Path) -> None:
    (tmp_path / ".file.part").symlink_to("/dev/full")
    file = Output(tmp_path / "file")
    with pytest.raises(BadTarget, match="No space left"):
        file.write(b"x" * 1_000_000)
    file.discard()


def test_a_folder_to_write_in_is_new_or_empty(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "a" / "b", overwrite=False)
    with pytest.raises(BadTarget, match="--overwrite"):
        prepare_folder(tmp_path / "a", overwrite=False)
    prepare_folder(tmp_path / "a", overwrite=True)
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(BadTarget):
            prepare_folder(path, overwrite=True)
