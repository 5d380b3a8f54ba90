"""What files are, said without converting them: containers before what they hold, a file that is cut once."""

from pathlib import Path

import pytest
from tests.portability_archive import cda, zipped

from semantix import Limits, identify_all
from semantix.errors import UnreadableInput
from semantix.parsers import Identity
from semantix.report import Unreadable

ROOT = Path(__file__).resolve().parents[3]
RESULTS = b"P1\r\nMARTEL\r\nAgathe\r\n\r\n\r\n\r\n02/03/1960\r\n\r\nL1\r\n05/06/2020\r\nLAB\r\nMED\r\n****LAB****\r\n"
RESULTS += b"RES|Sodium|NA|N|140|mmol/L|136|145|N|F\r\n****FIN****\r\n"


def said(path: Path, **more: Limits) -> list[tuple[str, str]]:
    found = identify_all([path], **more)
    return [(one.format or "", one.why) for one in found if isinstance(one, Identity)]


def test_an_archive_comes_before_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"1.xml": cda(1), "2.hpr": RESULTS}))
    found = said(tmp_path)
    assert found[0] == ("ZIP", "ZIP archive, 2 file(s)")
    assert [name for name, _ in found[1:]] == ["CDA R2", "HPRIM Médecin"]


def test_an_archive_with_a_manifest_counts_its_documents() -> None:
    assert said(ROOT / "examples" / "xdm")[0] == ("IHE XDM", "ZIP archive, 1 XML document(s)")


def test_a_file_read_in_several_cuts_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "year.hpr").write_bytes(RESULTS * 4000)
    assert [name for name, _ in said(tmp_path)] == ["HPRIM Médecin"]


def test_what_cannot_be_read_is_told_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"")
    (tmp_path / "b.xml").write_bytes(cda(1))
    (tmp_path / "c.zip").write_bytes(b"PK\x03\x04 damaged")
    refused = [Path(one.name).name for one in identify_all([tmp_path]) if isinstance(one, Unreadable)]
    assert "c.zip" in refused
    assert [name for name, _ in said(tmp_path)][-1] == "CDA R2"


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput):
        list(identify_all([tmp_path / "none"]))
