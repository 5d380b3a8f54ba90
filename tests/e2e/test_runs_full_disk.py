"""A run whose disk fills up says so in one line, publishes nothing half, and goes on once there is room."""

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.runs_crash import differences, finish, told_of, write_inputs

from semantix.errors import BadPlan, BadTarget
from semantix.runs import conduct

STATE = (64, 250, 480, 700, 1200)
"""Kilobytes of a disk: the register does not fit, the chunks, the integers, what is computed to publish."""
TARGET = {"cdm.duckdb": (100, 1300, 2500), "fhir": (16, 48)}


def mount(*words: str) -> None:
    made = subprocess.run(["mount", *words], capture_output=True, timeout=60, check=False)
    if made.returncode:
        pytest.skip(f"a tmpfs cannot be mounted here: {made.stderr.decode().strip()}")


@pytest.fixture(autouse=True)
def no_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conduct, "write_reports", lambda *_: None)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few kilobytes, for a folder of the run."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=64k", "semantix", str(folder))
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True, timeout=60)


def elsewhere(folder: Path, names: tuple[str, ...], disk: Path) -> None:
    """Have parts of a warehouse on another disk."""
    for name in names:
        (disk / name).mkdir(parents=True)
        (folder / name).symlink_to(disk / name)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a run that has room gives."""
    folder = tmp_path_factory.mktemp("whole")
    write_inputs(folder, "first")
    finish(folder, "first")
    return compared(folder)


def compared(folder: Path) -> dict[str, Any]:
    """Below a link names are not listed, and what is staged tells the folder of its files."""
    return told_of(folder, 1) | {"names": {}, "staged": {}}


def refusals_of(folder: Path, disk: Path, sizes: Sequence[int]) -> list[str]:
    """Run and resume on a disk that grows; returns what each refusal said."""
    said = []
    for kilobytes in sizes:
        mount("-o", f"remount,size={kilobytes}k", str(disk))
        with pytest.raises((BadTarget, BadPlan)) as refused:
            finish(folder, "first")
        said.append(str(refused.value))
        assert "\n" not in said[-1]
    mount("-o", "remount,size=64m", str(disk))
    return said


def test_a_state_folder_without_room_stops_the_run_at_any_step_and_nothing_is_lost(
    tmp_path, small, expected, record_property
):
    folder = tmp_path / "w"
    write_inputs(folder, "first")
    elsewhere(folder, ("state",), small)
    said = refusals_of(folder, small, STATE)
    assert not (folder / "cdm.duckdb").exists()
    assert not (folder / "fhir").exists()
    finish(folder, "first")
    record_property("full disk", f"state folder: {len(said)} refusals, at {len(set(said))} steps")
    assert [any(word in one for one in said) for word in ("disk is full", "could not be kept", "numbers")] == [True] * 3
    assert differences(expected, compared(folder)) == []
    assert [path.name for path in (folder / "state").iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("name", TARGET)
def test_a_target_without_room_is_as_it_was_and_takes_it_all_later(tmp_path, small, expected, record_property, name):
    folder = small if name == "cdm.duckdb" else tmp_path / "w"
    write_inputs(folder, "first")
    if name == "fhir":
        (small / "there").mkdir()
        (folder / name).symlink_to(small / "there" / name)
    else:
        elsewhere(folder, ("state", "fhir"), tmp_path / "large")
    said = refusals_of(folder, small, TARGET[name])
    assert not (folder / name).exists()
    assert not list(small.rglob(".*"))
    finish(folder, "first")
    record_property("full disk", f"{name}: {len(said)} refusals")
    assert all("cannot be written" in one for one in said)
    assert differences(expected, compared(folder)) == []
