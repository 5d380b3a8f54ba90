"""Promises of the whole repository: locks that fit, no private paths, targets that explain themselves."""

import os
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = tuple(PROJECT["project"]["dependencies"])
EXTRAS = tuple(line for lines in PROJECT["project"]["optional-dependencies"].values() for line in lines)
DEV = tuple(PROJECT["dependency-groups"]["dev"])

LOCKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)", re.MULTILINE)
HOME_PATH = re.compile(r"(?<![\w.)/])/(?:home|Users|root)/\w|\b[A-Z]:\\Users\\")


def locked_versions(lock: str) -> dict[str, str]:
    """Read the name and version of each package of a lock file."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return {canonicalize_name(found["name"]): found["version"] for found in LOCKED.finditer(text)}


@pytest.mark.parametrize(
    ("lock", "declared"),
    [("runtime.lock", RUNTIME), ("dev.lock", RUNTIME + EXTRAS + DEV)],
    ids=["runtime", "dev"],
)
def test_lock_satisfies_what_is_declared(lock: str, declared: tuple[str, ...]) -> None:
    locked = locked_versions(lock)
    unmet = [
        line
        for line, requirement in zip(declared, map(Requirement, declared), strict=True)
        if locked.get(canonicalize_name(requirement.name), "0") not in requirement.specifier
    ]
    assert unmet == [], "run `make lock`"


def test_both_locks_agree() -> None:
    assert locked_versions("runtime.lock").items() <= locked_versions("dev.lock").items()


@pytest.mark.parametrize("lock", ["runtime.lock", "dev.lock"])
def test_lock_names_no_index(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    assert re.findall(r"^\s*--(?!hash=).*", text, re.MULTILINE) == []


def test_every_make_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert targets == set(re.findall(r"^([a-z]+):.* ## \w", makefile, re.MULTILINE))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
@pytest.mark.parametrize("script", [".ci/run", "scripts/bootstrap", "scripts/lock", "scripts/python"])
def test_script_is_executable(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)


def test_licence_is_the_declared_one() -> None:
    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License\n                           Version 2.0" in (ROOT / "LICENSE").read_text("utf-8")


def test_no_file_names_a_path_of_one_machine(known_to_git: tuple[str, ...]) -> None:
    checkout = re.compile(rf"(?<![\w.-]){re.escape(str(ROOT))}(?![\w-])")
    offending = []
    for name in known_to_git:
        text = (ROOT / name).read_bytes().decode("utf-8", errors="replace")
        if HOME_PATH.search(text) or (len(ROOT.parts) > 2 and checkout.search(text)):
            offending.append(name)
    assert offending == []
