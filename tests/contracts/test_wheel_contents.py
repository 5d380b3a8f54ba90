"""The wheel holds every file of the packages and data folders that git knows, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Where each shipped folder lands in the wheel.
SHIPPED = {
    "src/": "",
    "cli/": "",
    "terminologies/": "semantix/_data/terminologies/",
    "mappings/": "semantix/_data/mappings/",
}
DATA = ("terminologies/", "mappings/")


@pytest.fixture
def expected(known_to_git: tuple[str, ...]) -> set[str]:
    """Name, as they stand in the wheel, the files that it must hold."""
    return {
        target + name.removeprefix(folder)
        for name in known_to_git
        for folder, target in SHIPPED.items()
        if name.startswith(folder) and not (folder in DATA and name.endswith(".py"))
    }


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Build the wheel from the working tree and list what it holds."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    result = subprocess.run(build, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    (path,) = out.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return tuple(archive.namelist())


@pytest.fixture
def packaged(contents: tuple[str, ...]) -> set[str]:
    """Leave out the metadata that the build adds."""
    return {name for name in contents if ".dist-info/" not in name}


@pytest.mark.slow
def test_wheel_holds_every_shipped_file(expected: set[str], packaged: set[str]) -> None:
    assert expected - packaged == set()


@pytest.mark.slow
def test_wheel_holds_nothing_unknown_to_git(expected: set[str], packaged: set[str]) -> None:
    assert packaged - expected == set()


@pytest.mark.slow
def test_wheel_holds_only_the_two_packages(packaged: set[str]) -> None:
    assert {name.split("/")[0] for name in packaged} == {"semantix", "semantix_cli"}


@pytest.mark.slow
def test_wheel_is_marked_as_typed_and_carries_its_licence(contents: tuple[str, ...]) -> None:
    licences = {name.rsplit("/", 1)[1] for name in contents if ".dist-info/licenses/" in name}
    assert "semantix/py.typed" in contents
    assert licences == {"LICENSE", "NOTICE"}


def test_data_folders_hold_no_python(known_to_git: tuple[str, ...]) -> None:
    assert [name for name in known_to_git if name.startswith(DATA) and name.endswith(".py")] == []
