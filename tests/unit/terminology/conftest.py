"""A store made of records written in the test, as an importer would yield them."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from tests.unit.terminology.invented import write_mappings, write_source

from semantix.terminology.building import Imported, Wishes, import_source
from semantix.terminology.engine import Engine
from semantix.terminology.records import Record
from semantix.terminology.releases import Hints, Importer, Release
from semantix.terminology.serving import Ground, Served, serve
from semantix.terminology.source import Source
from semantix.terminology.store import Store
from semantix.terminology.tables import Tables

Shelve = Callable[..., Imported]


def importer(records: Iterable[Record], name: str, version: str, *, supplement: bool = False) -> Importer:
    """Return an importer of these records that claims ``<name>.txt``."""
    kept = tuple(records)
    systems = tuple(dict.fromkeys(each.system for each in kept if hasattr(each, "system")))
    return Importer(
        name,
        f"the format of {name}",
        lambda source, _: bool(source.find(f"{name}.txt")),
        lambda _, hints: Release(name, version or hints.version, systems, "free", supplement),
        lambda _, __: iter(kept),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def shelve(tmp_path: Path, folder: Path) -> Shelve:
    """Put records in the store as the release ``name@version``."""

    def put(
        *records: Record, name: str = "base", version: str = "1", supplement: bool = False, replace: bool = False
    ) -> Imported:
        file = tmp_path / f"{name}.txt"
        file.write_text(f"{version}\n{records!r}", "utf-8")
        wishes = Wishes(hints=Hints(), replace=replace)
        made = importer(records, name, version, supplement=supplement)
        return import_source(Source(file), folder, wishes, (made,)).imported[0]

    return put


def silent(_: str) -> None:
    """Tell nobody."""


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """The invented terminology in a store of its own, with its curated table and lexicon; only to be read."""
    base = tmp_path_factory.mktemp("invented")
    source = Source(write_source(base / "invented.json"))
    import_source(source, base / "store", Wishes(hints=Hints(version="1")))
    mappings = write_mappings(base / "mappings")
    return Ground(Store.open(base / "store"), Tables.load(mappings / "tables"), mappings)


@pytest.fixture(scope="session")
def served(invented: Ground) -> Served:
    """What is learned from the invented terminology, once a session."""
    return serve(invented, "cim10", silent)


def open_engine(ground: Ground, precision: float = 0.98) -> Engine:
    """An engine that has decided nothing yet."""
    return Engine.open(ground.store.folder, tables=ground.mappings, precision=precision)


@pytest.fixture(scope="session")
def engine(invented: Ground, served: Served) -> Engine:
    assert served.codes
    return open_engine(invented)
