"""CIM-10 of ATIH: six columns, deletion marks, PMSI types, parents by prefix."""

from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Parent, Record, Skipped, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.cim10_atih import IMPORTER
from semantix.terminology.source import Source

LINES = (
    "X12   |3|NNN|3|FIEVRE FICTIVE|Fièvre fictive",
    "X123  |0|OOO|0|FIEVRE FICTIVE AIGUE|Fièvre fictive aiguë",
    "X123+0|4|NNO|1|FIEVRE FICTIVE CHRONIQUE|Fièvre fictive chronique (G07*)",
    "X129  |3|NNN|3|*** SU24 *** FIEVRE SAI|*** SU24 *** Fièvre fictive, sans précision",
)


def read(folder: Path, lines: tuple[str, ...] = LINES, name: str = "LIBCIM10MULTI.TXT") -> list[Record]:
    path = folder / name
    path.write_bytes("\r\n".join((*lines, "")).encode("latin-1"))
    return list(IMPORTER.read(Source(path), Hints()))


def test_rows_become_concepts_with_their_pmsi_types(tmp_path: Path) -> None:
    concepts = {each.code: each for each in read(tmp_path) if isinstance(each, Concept)}
    assert list(concepts) == ["X12", "X12.3", "X12.3+0", "X12.9"]
    assert concepts["X12.3"] == Concept(
        "cim10",
        "X12.3",
        "Fièvre fictive aiguë",
        "subcategory",
        properties={"mco": "0", "psy": "0", "ssr": "OOO"},
    )
    assert (concepts["X12"].kind, concepts["X12"].assignable) == ("category", False)


def test_a_deleted_code_loses_its_mark_and_is_inactive(tmp_path: Path) -> None:
    records = read(tmp_path)
    gone = next(each for each in records if isinstance(each, Concept) and each.code == "X12.9")
    assert (gone.display, gone.active, gone.assignable) == ("Fièvre fictive, sans précision", False, False)
    assert Term("cim10", "X12.9", "FIEVRE SAI", "short") in records


def test_parents_are_the_longest_codes_that_begin_a_code(tmp_path: Path) -> None:
    parents = [each for each in read(tmp_path) if isinstance(each, Parent)]
    assert parents == [
        Parent("cim10", "X12.3", "X12"),
        Parent("cim10", "X12.3+0", "X12.3"),
        Parent("cim10", "X12.9", "X12"),
    ]


def test_a_repeated_code_is_counted(tmp_path: Path) -> None:
    assert read(tmp_path, (*LINES, LINES[0]))[-1] == Skipped("a code already seen", 1, "X12")


def test_a_row_of_another_form_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"line 2 is not code\|type MCO"):
        read(tmp_path, (LINES[0], "X123|0|OOO|FIEVRE|Fièvre"))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="found no row"):
        read(tmp_path, ())


def test_the_version_comes_from_the_user_else_from_a_name(tmp_path: Path) -> None:
    path = tmp_path / "cim10_2031.csv"
    path.write_text("\n".join(LINES), encoding="utf-8")
    assert IMPORTER.claims(Source(path), Hints())
    assert IMPORTER.describe(Source(path), Hints()).version == "2031"
    assert IMPORTER.describe(Source(path), Hints(version="2032")).version == "2032"
    bare = path.rename(tmp_path / "LIBCIM10MULTI.TXT")
    assert len(IMPORTER.describe(Source(bare), Hints()).version) == 12


def test_the_real_list_is_read_whole(shared: Path) -> None:
    source = Source(shared / "terminologies/labels/cim10_fr_atih_2021.csv")
    records = list(IMPORTER.read(source, Hints()))
    concepts = {each.code: each for each in records if isinstance(each, Concept)}
    assert len(concepts) == 42_880
    assert sum(not each.active for each in concepts.values()) == 400
    assert not any("***" in each.display for each in concepts.values())
    assert not any(isinstance(each, Skipped) for each in records)
    assert Parent("cim10", "A00.0", "A00") in records
