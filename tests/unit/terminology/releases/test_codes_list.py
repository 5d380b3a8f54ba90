"""A list of codes: they exist, and nothing more is said."""

from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Skipped
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.codes_list import IMPORTER
from semantix.terminology.source import Source


def test_the_system_is_in_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "valid_codes_cim10.txt"
    path.write_text("code\nX123\n\nX12.3\n")
    source = Source(path)
    assert IMPORTER.claims(source, Hints())
    assert IMPORTER.describe(source, Hints(version="1")).name == "cim10-codes"
    assert list(IMPORTER.read(source, Hints())) == [
        Concept("cim10", "X12.3", ""), Skipped("a code given again", 1, "line 4"),
    ]  # fmt: skip


def test_a_list_without_a_system_or_of_another_column_is_not_claimed(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("code\n1\n")
    assert not IMPORTER.claims(Source(path), Hints())
    assert IMPORTER.claims(Source(path), Hints(system="atc"))
    path.write_text("label\n1\n")
    assert not IMPORTER.claims(Source(path), Hints(system="atc"))


def test_a_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "atc.txt"
    path.write_text("code\nA\tB\n")
    with pytest.raises(Refused, match="line 2 has several columns"):
        list(IMPORTER.read(Source(path), Hints()))


def test_the_real_lists_are_read(shared: Path) -> None:
    for name, count in (("medicabase", 4430), ("edqm", 1288)):
        source = Source(shared / f"terminologies/codes/ans_valid_codes_{name}.txt")
        assert IMPORTER.claims(source, Hints())
        assert sum(isinstance(r, Concept) for r in IMPORTER.read(source, Hints())) == count
