"""The registry of importers: nobody is forgotten, and no two claim the same file."""

import importlib
import pkgutil
from pathlib import Path

from semantix.terminology import releases
from semantix.terminology.releases import IMPORTERS, Hints
from semantix.terminology.source import Source

FOREIGN = (b"", b"\x00\xff\xfe", b"\xff\xfe\x00", b"<", b"{", b'";";"\n', b"PK\x03\x04", b"\x03" + b"\0" * 40)


def test_every_module_of_importers_is_registered() -> None:
    found = set()
    for module in pkgutil.iter_modules(releases.__path__):
        importer = getattr(importlib.import_module(f"{releases.__name__}.{module.name}"), "IMPORTER", None)
        if importer is not None:
            found.add(importer.name)
    assert found == {importer.name for importer in IMPORTERS}


def test_names_are_unique() -> None:
    names = [importer.name for importer in IMPORTERS]
    assert len(names) == len(set(names))


def test_no_file_of_the_reference_material_is_claimed_twice(shared: Path) -> None:
    twice = {}
    for path in sorted(each for each in shared.rglob("*") if each.is_file()):
        source = Source(path)
        claims = [importer.name for importer in IMPORTERS if importer.claims(source, Hints())]
        if len(claims) > 1:
            twice[path.relative_to(shared).as_posix()] = claims
    assert twice == {}


def test_foreign_bytes_raise_nothing(tmp_path: Path) -> None:
    for name in ("x.xml", "x.rdf", "x.owl", "x.json", "x.csv", "x.tsv", "x.txt", "x.xlsx", "x.dbf", "Loinc.csv"):
        for content in (
            b"",
            b"\x00\xff\xfe",
            b"\xff\xfe\x00",
            b"<",
            b"{",
            b'";";"\n',
            b"PK\x03\x04",
            b"\x03" + b"\0" * 40,
        ):
            path = tmp_path / name
            path.write_bytes(content)
            if content[:2] == b"PK" and not name.endswith("xlsx"):
                continue
            for importer in IMPORTERS:
                assert isinstance(importer.claims(Source(path), Hints()), bool)
