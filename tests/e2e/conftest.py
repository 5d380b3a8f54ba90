"""Browsers and places of desks for the end-to-end tests of the review desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.e2e import desk_browser
from tests.e2e.desk_browser import CHROMIUM, Site, write_store
from tests.postgres import running_server


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium, once a module."""
    playwright_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if CHROMIUM is None:
        pytest.skip("needs Chromium in /usr/bin")
    with playwright_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def desk_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented terminology, only to be read."""
    return write_store(tmp_path_factory.mktemp("desk-store"))


@pytest.fixture(scope="session")
def new_database() -> Iterator[Callable[[], str]]:
    """Make databases on a private PostgreSQL server."""
    psycopg = pytest.importorskip("psycopg", reason="needs psycopg")
    numbers = count(1)
    with running_server(60) as url:

        def make() -> str:
            name = f"desk{next(numbers)}"
            with psycopg.connect(url, autocommit=True) as session:
                session.execute(f"create database {name}")
            return url.replace("/postgres?", f"/{name}?")

        yield make


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path, desk_store: Path) -> Iterator[Site]:
    """A desk that is not made yet, in a file and in a database of PostgreSQL."""
    place = str(tmp_path / "desk.sqlite") if request.param == "sqlite" else request.getfixturevalue("new_database")()
    made = Site(place, tmp_path, desk_store)
    yield made
    made.stop()


@pytest.fixture
def windows(browser: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """Windows of browsers on the desk."""
    with desk_browser.windows(browser, site) as new:
        yield new
