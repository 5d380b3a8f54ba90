"""CNAM's dBASE tables: latest rows, long labels in pieces, menus, lists of UCD; and our reader against dbfread."""

import struct
from pathlib import Path

import dbfread
import pytest

from semantix.terminology.records import Concept, Link, Parent, Record, Skipped, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases._dbf import is_dbf, rows
from semantix.terminology.releases.cnam import IMPORTER
from semantix.terminology.source import Source


def dbf(columns: dict[str, int], *records: tuple[str, ...], deleted: int = -1) -> bytes:
    """Build a dBASE III table of text columns."""
    head = b"".join(struct.pack("<11sc4xB15x", name.upper().encode(), b"C", width) for name, width in columns.items())
    body = b"".join(
        (b"*" if number == deleted else b" ")
        + b"".join(cell.encode("cp850").ljust(width) for cell, width in zip(record, columns.values(), strict=True))
        for number, record in enumerate(records)
    )
    size, width = 32 + len(head) + 1, 1 + sum(columns.values())
    return struct.pack("<BBBBIHH20x", 3, 26, 1, 31, len(records), size, width) + head + b"\r" + body + b"\x1a"


ACTS = dbf(
    {
        "cod_acte": 7,
        "dt_modif": 8,
        "menu_cod": 4,
        "nom_court": 12,
        "nom_long": 8,
        "nom_long0": 8,
        "dt_effet": 8,
        "dt_fin": 8,
    },
    ("ZZZZ001", "20290101", "3", "vieux", "Vieux", "", "20290101", ""),
    ("ZZZZ001", "20300101", "3", "act. fictif", "Épreuve ", "fictive", "20300101", ""),
    ("ZZZZ002", "20300101", "9", "perdu", "Perdu", "", "", "20301231"),
    ("ZZZZ003", "20300101", "3", "effacé", "Effacé", "", "", ""),
    deleted=3,
)
MENUS = dbf(
    {"cod_menu": 4, "rang": 2, "libelle": 20, "cod_pere": 4},
    ("1", "1", "RACINE", "0"),
    ("2", "4", "CHAPITRE", "1"),
    ("3", "12", "Section", "2"),
)
NOTES = dbf(
    {"acte_cod": 7, "typnot_cod": 2, "texte_note": 10, "texte_not0": 10},
    ("ZZZZ001", "01", "à l'exclus", "ion de rien"[:10]),
    ("ZZZZ001", "2", "avec tout", ""),
)
UCD = dbf(
    {
        "code_ucd": 7,
        "liste": 1,
        "nom_court": 12,
        "nom_long1": 12,
        "nom_long2": 8,
        "dt_dinscri": 8,
        "dt_finscri": 8,
        "cod_atc": 7,
    },
    ("9000001", "R", "FICTOL 5MG", "FICTOL 5 mg ", "cpr", "20200101", "20250101", "Z99AA01"),
    ("9000001", "S", "FICTOL 5MG", "FICTOL 5 mg ", "cpr", "20210101", "", "Z99AA01"),
    ("9000002", "R", "VIEUXOL", "", "", "20200101", "20250101", "?"),
    ("12", "R", "RIEN", "", "", "", "", ""),
)


def read(source: Source) -> list[Record]:
    assert IMPORTER.claims(source, Hints())
    return list(IMPORTER.read(source, Hints()))


@pytest.fixture
def ccam(tmp_path: Path) -> Source:
    folder = tmp_path / "CCAM08400"
    folder.mkdir()
    for name, content in (("R_ACTE.dbf", ACTS), ("R_MENU.dbf", MENUS), ("R_NOTE_ACTE", NOTES), ("R_TB.dbf", UCD[:33])):
        (folder / name).write_bytes(content)
    return Source(folder)


def test_the_latest_row_of_an_act_counts_and_pieces_are_joined(ccam: Source) -> None:
    records = read(ccam)
    assert Concept("ccam", "ZZZZ001", "Épreuve fictive", properties={"start": "20300101"}) in records
    assert Term("ccam", "ZZZZ001", "act. fictif", "short") in records
    assert Skipped("an older row of a code", 1, "ZZZZ001") in records
    assert not any(isinstance(each, Concept) and each.code == "ZZZZ003" for each in records)


def test_an_act_with_an_end_is_inactive(ccam: Source) -> None:
    gone = next(each for each in read(ccam) if isinstance(each, Concept) and each.code == "ZZZZ002")
    assert (gone.active, gone.properties) == (False, {"end": "20301231"})


def test_menus_are_numbered_from_below_the_root(ccam: Source) -> None:
    records = read(ccam)
    assert Concept("ccam", "04", "CHAPITRE", "chapter", assignable=False) in records
    assert [each for each in records if isinstance(each, Parent)] == [
        Parent("ccam", "0412", "04"),
        Parent("ccam", "ZZZZ001", "0412"),
    ]
    assert Skipped("an act below no menu", 1, "ZZZZ002") in records


def test_notes_are_terms_by_their_type(ccam: Source) -> None:
    terms = [each for each in read(ccam) if isinstance(each, Term) and each.kind in {"exclusion", "inclusion"}]
    assert terms == [
        Term("ccam", "ZZZZ001", "à l'exclusion de rie", "exclusion"),
        Term("ccam", "ZZZZ001", "avec tout", "inclusion"),
    ]


def test_the_version_of_ccam_is_in_its_name(ccam: Source) -> None:
    release = IMPORTER.describe(ccam, Hints())
    assert (release.name, release.version) == ("ccam-cnam", "8400")


def test_a_medicine_is_active_while_on_one_list(tmp_path: Path) -> None:
    path = tmp_path / "ucd_total_00802_20310907.dbf"
    path.write_bytes(UCD)
    assert read(Source(path)) == [
        Concept("ucd", "9000001", "FICTOL 5 mg cpr"),
        Term("ucd", "9000001", "FICTOL 5MG", "short"),
        Link("ucd", "9000001", "atc", "Z99AA01"),
        Concept("ucd", "9000002", "VIEUXOL", active=False, properties={"end": "20250101"}),
        Skipped("not a UCD code", 1, "12"),
        Skipped("not an ATC code of level 4 or 5", 1, "9000002"),
    ]
    assert IMPORTER.describe(Source(path), Hints()).version == "20310907"


def test_nabm_and_lpp_are_read_by_their_columns(tmp_path: Path) -> None:
    nabm = tmp_path / "NABM_FICHE_TOT105.dbf"
    nabm.write_bytes(
        dbf(
            {
                "code_nabm": 4,
                "nom_court": 8,
                "nom_long": 9,
                "date_debut": 8,
                "date_fin": 8,
            },
            ("126", "TQ", "FICTINE", "", ""),
        )
    )
    assert read(Source(nabm)) == [Concept("nabm", "0126", "FICTINE"), Term("nabm", "0126", "TQ", "short")]
    lpp = tmp_path / "lpp_fiche_tot901.dbf"
    lpp.write_bytes(dbf({"code_tips": 7, "nom_court": 9, "date_fin": 8}, ("9900001", "BANDE", "")))
    assert read(Source(lpp)) == [Concept("lpp", "9900001", "BANDE")]
    assert IMPORTER.describe(Source(lpp), Hints()).version == "901"


def test_our_reader_agrees_with_dbfread(tmp_path: Path) -> None:
    path = tmp_path / "acts.dbf"
    path.write_bytes(ACTS)
    theirs = [dict(each) for each in dbfread.DBF(str(path), encoding="cp850", lowernames=True)]
    ours = [{name: value.strip() for name, value in row.items()} for row in rows(ACTS, "acts.dbf")]
    assert ours == [{name: value.strip() for name, value in row.items()} for row in theirs]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x03 something else entirely, not a table", "not a dBASE table"),
        (ACTS[:-40], "its header says 4"),
        (ACTS[:10] + b"\x09\x00" + ACTS[12:], "make 64 bytes, its header 9"),
    ],
)
def test_damaged_tables_are_refused(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        list(rows(content, "x.dbf"))


def test_other_files_are_no_tables() -> None:
    assert not is_dbf(b"")
    assert not is_dbf(b"\x03" + b"\0" * 60)


def test_a_table_without_records_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lpp.dbf"
    path.write_bytes(dbf({"code_tips": 7, "nom_court": 9}))
    with pytest.raises(Refused, match="without a record"):
        list(IMPORTER.read(Source(path), Hints()))
