"""BDPM: five files, two codes a pack, the fraction that bears the dose, and what is refused."""

from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Link, Record, Skipped, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.bdpm import IMPORTER
from semantix.terminology.source import Source

CIS = (
    "60000001\tFICTOL 5 mg, comprimé\tcomprimé\torale;buccale\tAutorisation active\tProcédure nationale\t"
    "Commercialisée\t12/03/1998\t\t\t LABO FICTIF\tNon\r\n"
    "60000002\tANCIENOL, gélule\tgélule\torale\tAutorisation abrogée\tProcédure nationale\tNon commercialisée\t"
    "01/01/1990\t\t\t LABO\tNon\r\n"
)
CIP = (
    "60000001\t3400001\tplaquette de 30\tPrésentation active\tDéclaration de commercialisation\t16/03/2011\t"
    "3400900000001\toui\t65 %\t1,46\t1,48\t0,02\t\n"
    "69999999\t3400002\tplaquette de 30\tPrésentation active\tDéclaration de commercialisation\t16/03/2924\t"
    "3400900000002\toui\t65 %\t1,46\t1,48\t0,02\t\n"
)
COMPO = (
    "60000001\tcomprimé\t00042\tCHLORHYDRATE DE FICTINE\t6 mg\tun comprimé\tSA\t1\t\r\n"
    "60000001\tcomprimé\t00043\tFICTINE\t5 mg\tun comprimé\tFT\t1\t\r\n"
    "60000001\tcomprimé\t00044\tADJUVINE\t1 mg\tun comprimé\tSA\t2\t\r\n"
)
GENER = "7\tFICTINE 5 mg - FICTOL 5 mg, comprimé\t60000001\t0\t1\r\n7\tFICTINE\t68888888\t1\t2\r\n"
MITM = "60000001\tZ99XX01\tFICTOL\thttp://example.org\r\n60000001\tZ99XX\tFICTOL\thttp://example.org"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "CIS_bdpm.txt").write_bytes(CIS.encode("cp1252"))
    (tmp_path / "CIS_CIP_bdpm.txt").write_bytes(CIP.encode())
    (tmp_path / "CIS_COMPO_bdpm.txt").write_bytes(COMPO.encode("cp1252"))
    (tmp_path / "CIS_GENER_bdpm.txt").write_bytes(GENER.encode("cp1252"))
    (tmp_path / "CIS_MITM.txt").write_bytes(MITM.encode("cp1252"))
    return tmp_path


def records(folder: Path) -> list[Record]:
    return list(IMPORTER.read(Source(folder), Hints()))


def test_version_is_the_last_plausible_date_of_marketing(folder: Path) -> None:
    release = IMPORTER.describe(Source(folder), Hints())
    assert (release.name, release.version, release.systems) == ("bdpm", "2011-03-16", ("cis", "cip"))
    assert IMPORTER.describe(Source(folder), Hints(version="x")).version == "x"


def test_files_of_two_encodings_read_alike_and_the_fraction_bears_the_dose(folder: Path) -> None:
    first, second = (r for r in records(folder) if isinstance(r, Concept) and r.system == "cis")
    assert first.display == "FICTOL 5 mg, comprimé"
    assert first.properties["substances"] == "FICTINE 5 mg + ADJUVINE 1 mg"
    assert first.properties["generic_group"] == "7: FICTINE 5 mg - FICTOL 5 mg, comprimé (princeps)"
    assert first.properties["routes"] == "orale;buccale"
    assert list(first.properties) == sorted(first.properties)
    assert (first.active, second.active) == (True, False)


def test_every_substance_is_a_term(folder: Path) -> None:
    terms = [(r.code, r.text, r.kind) for r in records(folder) if isinstance(r, Term)]
    assert terms == [
        ("60000001", "ADJUVINE", "substance"),
        ("60000001", "CHLORHYDRATE DE FICTINE", "substance"),
        ("60000001", "FICTINE", "substance"),
    ]


def test_both_codes_of_a_pack_lead_to_its_medicine_and_the_medicine_to_its_class(folder: Path) -> None:
    links = [(r.system, r.code, r.target_system, r.target, r.relation) for r in records(folder) if isinstance(r, Link)]
    assert links == [
        ("cip", "3400001", "cis", "60000001", "equivalent"),
        ("cip", "3400001", "cip", "3400900000001", "equivalent"),
        ("cip", "3400900000001", "cis", "60000001", "equivalent"),
        ("cip", "3400900000001", "cip", "3400001", "equivalent"),
        ("cis", "60000001", "atc", "Z99XX01", "equivalent"),
        ("cis", "60000001", "atc", "Z99XX", "broader"),
    ]


def test_what_has_no_medicine_is_counted(folder: Path) -> None:
    skipped = {(r.reason.split(":")[0], r.count, r.example) for r in records(folder) if isinstance(r, Skipped)}
    assert skipped == {("CIS_CIP_bdpm.txt", 1, "3400900000002"), ("CIS_GENER_bdpm.txt", 1, "68888888")}


def test_a_row_of_another_width_is_counted_and_a_first_one_refused(folder: Path) -> None:
    path = folder / "CIS_MITM.txt"
    path.write_text(MITM + "\n60000001\tZ99XX02\n")
    assert Skipped("CIS_MITM.txt: not 4 columns", 1, "line 3") in records(folder)
    path.write_text("60000001;Z99XX01\n")
    with pytest.raises(Refused, match=r"CIS_MITM.txt: found 1 columns in line 1, expected 4"):
        records(folder)
    path.write_text("")
    with pytest.raises(Refused, match="found no row"):
        records(folder)


def test_one_file_alone_is_refused_with_what_is_missing(folder: Path) -> None:
    source = Source(folder / "CIS_bdpm.txt")
    assert IMPORTER.claims(source, Hints())
    with pytest.raises(Refused, match="missing CIS_CIP_bdpm"):
        IMPORTER.describe(source, Hints())


def test_doubtful_rows_are_counted_not_read(folder: Path) -> None:
    (folder / "CIS_bdpm.txt").write_bytes((CIS + CIS.replace("60000002", "6000002")).encode("cp1252"))
    (folder / "CIS_COMPO_bdpm.txt").write_bytes((COMPO + COMPO.replace("\tSA\t", "\tXX\t")).encode("cp1252"))
    (folder / "CIS_GENER_bdpm.txt").write_bytes((GENER + GENER.replace("\t0\t", "\t9\t")).encode("cp1252"))
    (folder / "CIS_CIP_bdpm.txt").write_bytes((CIP + CIP.replace("3400900000001", "")).encode())
    (folder / "CIS_MITM.txt").write_bytes((MITM + "\n60000001\t?\t\t\n60000003\tZ99XX\t\t\n").encode())
    reasons = {r.reason: r.count for r in records(folder) if isinstance(r, Skipped)}
    assert reasons["CIS_bdpm.txt: no code of 8 digits or no denomination"] == 1
    assert reasons["CIS_bdpm.txt: a code already seen"] == 1
    assert reasons["CIS_COMPO_bdpm.txt: neither SA nor FT, or no substance"] == 2
    assert reasons["CIS_GENER_bdpm.txt: an unknown kind of generic"] == 1
    assert reasons["CIS_CIP_bdpm.txt: no CIP7, or one already seen"] == 1
    assert reasons["CIS_CIP_bdpm.txt: no CIP13, or one already seen"] == 1
    assert reasons["CIS_MITM.txt: not an ATC code of level 4 or 5"] == 1


def test_bytes_of_neither_encoding_are_refused(folder: Path) -> None:
    (folder / "CIS_MITM.txt").write_bytes(b"60000001\tZ99XX01\t\x81\t\n")
    with pytest.raises(Refused, match=r"neither UTF-8 nor cp1252 \(line 1\)"):
        records(folder)


def test_a_release_without_any_date_asks_for_the_version(folder: Path) -> None:
    (folder / "CIS_CIP_bdpm.txt").write_text(CIP.replace("16/03/2011", ""))
    with pytest.raises(Refused, match="give --version"):
        IMPORTER.describe(Source(folder), Hints())


def test_the_real_files_give_every_medicine_and_pack(shared: Path) -> None:
    found = records(shared / "terminologies/bdpm")
    concepts = [(r.system, r.kind) for r in found if isinstance(r, Concept)]
    assert concepts.count(("cis", "speciality")) == 15848
    assert concepts.count(("cip", "CIP13")) == 20899
    assert sum(isinstance(r, Link) and r.target_system == "atc" for r in found) == 7711
    assert sorted(r.count for r in found if isinstance(r, Skipped)) == [4, 2503]
