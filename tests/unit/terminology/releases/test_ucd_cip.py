"""The assembly of UCD and CIP codes: UTF-16, a title line, links both ways."""

import zipfile
from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Link, Record, Skipped
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.ucd_cip import IMPORTER
from semantix.terminology.source import Source

TITLE = "Assemblage fictif\r\n"
HEADER = (
    "CodeUCD;CodeCIP;LibelleUCD;LibelleCIP;Laboratoire;Qte;EphMRA;CodeUCD13;CodeCIP13;Date de commercialisation;"
    "Date de suppression\r\n"
)
ROW = "9000001;3400001;FICTOL 5MG CPR;FICTOL 5MG CPR 30;LABO;30;N02B ;3400890000001;3400900000001;01/02/2020;\r\n"
GONE = "9000001;3400002;FICTOL 5MG CPR;FICTOL 5MG CPR 60;LABO;60;N02B ;;;01/02/2020;01/01/2021\r\n"


def archive(folder: Path, content: str) -> Source:
    path = folder / "UCDTOT_Assemblage_ANS_20310101.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("UCDTOT.csv ", b"\xff\xfe" + content.encode("utf-16-le"))
    return Source(path)


def read(source: Source) -> list[Record]:
    assert IMPORTER.claims(source, Hints())
    return list(IMPORTER.read(source, Hints()))


def test_a_pack_and_its_unit_are_linked_whatever_the_length_of_their_codes(tmp_path: Path) -> None:
    source = archive(tmp_path, TITLE + HEADER + ROW + GONE + ";;a;b;;;;;;;\r\n")
    records = read(source)
    assert IMPORTER.describe(source, Hints()).version == "20310101"
    assert [each for each in records if isinstance(each, Concept)] == [
        Concept("ucd", "9000001", "FICTOL 5MG CPR"),
        Concept("ucd", "3400890000001", "FICTOL 5MG CPR"),
        Concept("cip", "3400001", "FICTOL 5MG CPR 30"),
        Concept("cip", "3400900000001", "FICTOL 5MG CPR 30"),
        Concept("cip", "3400002", "FICTOL 5MG CPR 60", active=False),
    ]
    assert Link("cip", "3400900000001", "ucd", "9000001", "broader") in records
    assert Link("ucd", "9000001", "cip", "3400002", "narrower") in records
    assert records[-1] == Skipped("no UCD code or no CIP code", 1, "line 5")


def test_a_row_that_is_too_wide_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="line 3 has 13 columns, its header 11"):
        read(archive(tmp_path, TITLE + HEADER + ROW.replace("LABO", "LA;BO").replace("\r\n", ";x\r\n")))


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="found no row"):
        read(archive(tmp_path, TITLE + HEADER))


def test_broken_utf16_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xff\xfe" + (TITLE + HEADER).encode("utf-16-le") + b"\x00\xd8")
    with pytest.raises(Refused, match="begins like UTF-16"):
        read(Source(path))
