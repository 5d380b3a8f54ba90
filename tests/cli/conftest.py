"""What the tests of the command line share: the examples, and files that a careful reader refuses."""

import os
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
VSM = EXAMPLES / "cda" / "vsm.xml"


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the index of a vocabulary out of the user's own cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def run():
    """Run the command line in this process and return click's result."""
    from semantix_cli.main import main

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="semantix")

    return invoke


def _zip(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return path


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Make a folder of files that must each be refused in one line."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    vsm = VSM.read_bytes()
    (folder / "truncated.xml").write_bytes(vsm[: len(vsm) // 2])
    (folder / "malformed.xml").write_bytes(vsm.replace(b"</title>", b"</titel>", 1))
    (folder / "encoding.xml").write_bytes(b'<?xml version="1.0" encoding="UTF-8"?><a>\xe9\xe8</a>')
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
    (folder / "entities.xml").write_bytes(bomb)
    with (folder / "large.xml").open("wb") as large:
        os.truncate(large.fileno(), 209_000_000)
    (folder / "empty.xml").write_bytes(b"")
    (folder / "other.xml").write_bytes(b"<Messages><Message/></Messages>")
    _zip(folder / "bomb.zip", DOC_xml=b"\0" * 20_000_000)
    _zip(folder / "escape.zip", **{"..__..__etc__passwd.xml": b"<a/>"})
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 not really")
    (folder / "nothing.zip").write_bytes(_zip(folder / "n.tmp", README=b"hello").read_bytes())
    (folder / "n.tmp").unlink()
    return folder
