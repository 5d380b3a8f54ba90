"""Files given as mapping packs."""

import os
from pathlib import Path

import pytest

from semantix.errors import BadPack
from semantix.pipeline.packs import Packs, read_pack


def test_a_pipe_given_as_a_pack_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pack.yaml"
    os.mkfifo(pipe)
    with pytest.raises(BadPack, match="not a regular file"):
        read_pack(pipe)


def test_a_device_given_as_a_pack_is_refused() -> None:
    with pytest.raises(BadPack, match="not a regular file"):
        read_pack(Path(os.devnull))


def test_a_huge_file_given_as_a_pack_is_not_read_whole(tmp_path: Path) -> None:
    huge = tmp_path / "pack.yaml"
    with huge.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(BadPack, match="1000001 bytes, at most 1000000 expected"):
        read_pack(huge)


def test_a_pack_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match="cannot be opened"):
        read_pack(tmp_path / "none.yaml")


def test_rows_that_begin_with_a_mark_in_angle_brackets_are_no_xml() -> None:
    rows = "<form>\r\n312;BIOLOGIE;14/05/2012;;\r\nUrée;;0,31;;;;g/l\r\n".encode("cp1252")
    claim = Packs(()).claims(rows, "BIOLOGIES.ASC")
    assert claim is not None
    assert claim.pack == "hellodoc"
