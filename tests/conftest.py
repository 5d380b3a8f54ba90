"""What every test may use: the reference material beside the checkout, and the settings of hypothesis."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SEMANTIX_SHARED", ROOT.parent / "shared"))

# The same examples on every run: a failure on one machine is a failure on all, however slow they are.
settings.register_profile("semantix", deadline=None, derandomize=True)
settings.load_profile("semantix")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the person who changed an output on purpose write the expected files again."""
    parser.addoption("--update-golden", action="store_true", help="write tests/golden again from the present output")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests that ask for the reference material, so that ``-m "not shared"`` leaves them out."""
    if "shared" in getattr(item, "fixturenames", ()):
        item.add_marker("shared")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of the reference material, which the project never copies; skip where it is absent."""
    if not (SHARED / "corpus").is_dir():
        pytest.skip("needs the reference material in ../shared or $SEMANTIX_SHARED")
    return SHARED
