"""What the package knows of itself: its version, and the data that ships with it."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path


def version() -> str:
    """Return the installed version of semantix, or ``0`` when it runs from files that nobody installed."""
    try:
        return metadata.version("semantix")
    except metadata.PackageNotFoundError:
        return "0"


def data_dir(name: str) -> Path:
    """Return the folder of shipped data ``mappings`` or ``terminologies``: that of the wheel, else of the checkout.

    Raises FileNotFoundError when neither is there: an installation that lost its data.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "_data" / name, package.parent.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no folder of shipped data is called {name}: the installation of semantix is incomplete")


def data_lines(name: str, path: str) -> list[str]:
    """Read the lines of one shipped text file, such as ``data_lines("mappings", "lexicon/molar.tsv")``."""
    return (data_dir(name) / path).read_text(encoding="utf-8").splitlines()
