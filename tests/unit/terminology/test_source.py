"""What the user gives to import, seen as named streams: hostile archives are refused before anything is read."""

import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from semantix.errors import UnreadableInput
from semantix.terminology import source as module
from semantix.terminology.source import Source


def archive(path: Path, names: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in names.items():
            made.writestr(name, content)
    return path


def test_members_are_found_by_base_name_whatever_the_folder_and_the_case(tmp_path: Path) -> None:
    source = Source(archive(tmp_path / "a.zip", {"top/CONCEPT.csv": b"x", "top/deep/other.txt": b"y"}))
    assert source.find("concept.CSV") == ("top/CONCEPT.csv",)
    assert source.read("top/CONCEPT.csv") == b"x"
    assert source.head("top/deep/other.txt", 1) == b"y"


def test_a_folder_leaves_out_what_is_hidden(tmp_path: Path) -> None:
    (tmp_path / ".hidden").mkdir()
    for name in (".hidden/a.txt", "b.txt", ".c"):
        (tmp_path / name).write_bytes(b"")
    assert Source(tmp_path).names == ("b.txt",)


@pytest.mark.parametrize("name", ["../out.txt", "/out.txt", "a/../../out.txt", "C:out.txt"])
def test_a_name_that_leaves_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableInput, match="leaves the archive"):
        Source(archive(tmp_path / "a.zip", {name: b"x"}))


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.txt": b"x"})
    content = bytearray(path.read_bytes())
    # The general purpose flags, in the local header and in the central directory.
    content[6] |= module.ENCRYPTED
    content[content.index(b"PK\x01\x02") + 8] |= module.ENCRYPTED
    path.write_bytes(content)
    with pytest.raises(UnreadableInput, match="encrypted"):
        Source(path)


def test_a_member_that_swells_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="swells"):
        Source(archive(tmp_path / "a.zip", {"bomb.txt": bytes(3_000_000)}))


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.txt": b"x" * 1000})
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UnreadableInput, match="damaged archive"):
        Source(path)


def test_a_package_is_read_as_a_tar_archive(tmp_path: Path) -> None:
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as made:
        info = tarfile.TarInfo("package/a.json")
        info.size = 2
        made.addfile(info, BytesIO(b"{}"))
    assert (Source(path).names, Source(path).read("package/a.json")) == (("package/a.json",), b"{}")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="cannot be opened"):
        Source(tmp_path / "absent.zip")


def test_the_digest_of_a_folder_tells_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    before = Source(tmp_path).sha256()
    (tmp_path / "a").rename(tmp_path / "b")
    assert Source(tmp_path).sha256() != before
