"""Mediclick 3, 4 and 5: a ".xls" of tabs for each analyte; older Mediclick: two files that names and births join."""

from pathlib import Path

import pytest
from tests.practices import content, delimited
from tests.unit.parsers.packs.runs import Run, claims_of, expected, people_of, read_back

from semantix import Document, Options, convert
from semantix.parsers import HEAD, Piece
from semantix.parsers.packs import packs_parser
from semantix.parsers.packs.cutting import cut_file
from semantix.parsers.packs.plans import compile_pack
from semantix.parsers.packs.sources import Prepared
from semantix.parsers.packs.told import tell
from semantix.pipeline.packs import builtin_packs

EIGHT = "\t".join(f"C{number}" for number in range(1, 9))


def analyte(label: str, *rows: tuple[str, str, str], before: str = "") -> bytes:
    """A file of one analyte; ``before`` is one more column, as when positions count from zero."""
    lines = [f"{before}{EIGHT}\tDossier\t{label}\tDate"]
    lines += ["\t".join([before + "."] + ["."] * 7 + list(row)) for row in rows]
    return "".join(f"{line}\r\n" for line in lines).encode("cp1252")


def folder_of(root: Path, **files: bytes) -> Path:
    folder = root / "cabinet"
    folder.mkdir()
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


@pytest.mark.parametrize(("before", "role"), [("", "results"), ("x\t", "results-from-zero")])
def test_a_file_is_claimed_in_one_way(before: str, role: str) -> None:
    data = analyte("Ferritine", ("12", "85", "03/04/2011"), ("13", "03", "4 JUI 2012"), before=before)
    assert claims_of(data, "ferritine.xls") == [("mediclick", role)]
    assert claims_of(data, "ferritine.doc") == []


def test_the_analyte_is_named_in_the_header(tmp_path: Path) -> None:
    data = analyte("Ferritine (µg/l)", ("12", "85", "03/04/2011"), ("12", "<5 ng/ml", "04/04/2011"))
    assert Run(folder_of(tmp_path, f__xls=data)).results() == [
        ("12", "Ferritine (µg/l)", "", "85", "µg/l", "2011-04-03"),
        ("12", "Ferritine (µg/l)", "<", "5", "ng/ml", "2011-04-04"),
    ]


@pytest.mark.parametrize("label", ["Cholestérol (HDL)", "Bilan (à jeun)"])
def test_brackets_that_hold_no_unit_give_none(tmp_path: Path, label: str) -> None:
    found = Run(folder_of(tmp_path, f__xls=analyte(label, ("12", "0,5", "03/04/2011"))))
    assert [one[1:5] for one in found.results()] == [(label, "", "0.5", "")]


@pytest.mark.parametrize(
    ("day", "iso"),
    [
        ("3 JUI 2012", "2012-07-03"),
        ("3 JUN 2012", "2012-06-03"),
        ("03/06/2012", "2012-06-03"),
        ("1 AOU 2012", "2012-08-01"),
    ],
)
def test_july_is_not_june(tmp_path: Path, day: str, iso: str) -> None:
    assert Run(folder_of(tmp_path, f__xls=analyte("TSH", ("12", "2,1", day)))).results()[0][5] == iso


def test_two_analytes_with_the_same_rows_are_two_results(tmp_path: Path) -> None:
    row = ("12", "25 UI/L", "03/04/2011")
    found = Run(folder_of(tmp_path, asat__xls=analyte("ASAT", row), alat__xls=analyte("ALAT", row)))
    assert sorted(one[1] for one in found.results()) == ["ALAT", "ASAT"]


def test_the_same_file_sent_again_adds_nothing_to_a_warehouse(tmp_path: Path) -> None:
    data = analyte("ASAT", ("12", "25 UI/L", "03/04/2011"))
    people = b"numero;nom;prenom;naissance;sexe\r\n12;MARTEL;Agathe;02/03/1960;F\r\n"
    folder = folder_of(tmp_path, a__xls=data, b__xls=data, patients__csv=people)
    report = convert([folder], tmp_path / "cdm.duckdb", Options(target="omop"))
    assert report.written["measurement"] == 1


def test_every_cut_of_a_file_knows_its_header() -> None:
    data = analyte("TSH", *[(str(number), "2,1", "03/04/2011") for number in range(1, 501)])
    pack = next(pack for pack in builtin_packs() if pack.id == "mediclick")
    parser, table = packs_parser([pack]), compile_pack(pack).tables["results"]
    cuts = list(cut_file(Prepared("f.xls", data), table, block=4_096))
    claim = parser.claims(data[:HEAD], "f.xls")
    pieces = [Piece(data=cut.data, name="f.xls", line=cut.line, context=cut.context, claim=claim) for cut in cuts]
    told = [one for piece in pieces for one in parser.read(piece)]
    facts = [fact for one in told if isinstance(one, Document) for fact in tell(one)]
    assert len(cuts) > 2
    assert {fact["code"] for fact in facts} == {"TSH"}
    assert sorted(int(fact["patient"]) for fact in facts) == list(range(1, 501))


def test_a_practice_is_read_whole(tmp_path: Path) -> None:
    practice = content.make("cabinet", 43)
    folder = folder_of(tmp_path)
    delimited.mediclick(folder, practice)
    found = Run(folder)
    assert read_back(found) == expected(practice)
    assert found.by_number() == people_of(practice)
    assert (found.refused, found.report.reading.quarantined) == ([], 0)
