"""Verification finds the one release whose bytes changed; removal takes one release and leaves the others."""

from pathlib import Path

import pytest
from tests.unit.terminology.conftest import Shelve

from semantix.errors import BadStore
from semantix.terminology.layout import DATABASE, MANIFEST, digest
from semantix.terminology.records import Concept
from semantix.terminology.store import Store
from semantix.terminology.upkeep import Verified, remove, verify

FEVER = Concept("cim10", "X12", "Fièvre fictive")


@pytest.fixture
def damaged(shelve: Shelve, folder: Path) -> Path:
    """Give the database of a release that a test damages, beside a sound one."""
    shelve(FEVER, name="sound")
    shelve(FEVER, name="worn")
    return folder / "worn@1" / DATABASE


def problem(folder: Path) -> str:
    sound, worn = verify(folder)
    assert (sound, worn.ref) == (Verified("sound@1"), "worn@1")
    return worn.problem


def test_a_sound_store_has_no_problem(damaged: Path, folder: Path) -> None:
    assert problem(folder) == ""


def test_one_changed_byte_is_found(damaged: Path, folder: Path) -> None:
    data = bytearray(damaged.read_bytes())
    data[5000] ^= 1
    damaged.write_bytes(data)
    assert "checksum" in problem(folder)


def test_a_cut_file_is_found(damaged: Path, folder: Path) -> None:
    damaged.write_bytes(damaged.read_bytes()[:-100])
    assert "size" in problem(folder)


def test_a_missing_file_is_found(damaged: Path, folder: Path) -> None:
    damaged.unlink()
    assert "cannot be read" in problem(folder)


def test_a_damaged_manifest_is_found(damaged: Path, folder: Path) -> None:
    (damaged.parent / MANIFEST).write_bytes(b"{")
    assert "damaged" in problem(folder)


def test_damage_that_has_the_right_checksum_is_found(damaged: Path, folder: Path) -> None:
    before = digest(damaged)
    data = bytearray(damaged.read_bytes())
    data[4096:8192] = b"\xff" * 4096
    damaged.write_bytes(data)
    manifest = damaged.parent / MANIFEST
    manifest.write_bytes(manifest.read_bytes().replace(before.encode(), digest(damaged).encode()))
    assert "damaged inside" in problem(folder)


def test_a_release_is_removed_alone(damaged: Path, folder: Path) -> None:
    assert remove(folder, "worn@1", dry_run=True) == "worn@1"
    assert len(Store.open(folder).releases()) == 2
    assert remove(folder, "worn@1") == "worn@1"
    assert [each.ref for each in Store.open(folder).releases()] == ["sound@1"]
    assert [path.name for path in folder.iterdir()] == ["sound@1"]


def test_a_damaged_release_can_be_removed(damaged: Path, folder: Path) -> None:
    (damaged.parent / MANIFEST).unlink()
    remove(folder, "worn@1")
    assert [each.ref for each in Store.open(folder).releases()] == ["sound@1"]


def test_a_release_that_is_not_there_is_refused_with_those_that_are(damaged: Path, folder: Path) -> None:
    with pytest.raises(BadStore, match="worn@2: no such release in the store; there are: sound@1, worn@1"):
        remove(folder, "worn@2")
