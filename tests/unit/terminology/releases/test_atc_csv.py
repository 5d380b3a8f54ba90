"""ATC as code;English;French;German."""

from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Parent, Record, Skipped, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.atc_csv import IMPORTER
from semantix.terminology.source import Source

ROWS = (
    '"Z";"ALL THINGS FICTITIOUS";"CHOSES FICTIVES";"FIKTIVES"',
    '"Z99";"FICTIONS";"FICTIONS";""',
    '"Z99AA01";"FICTINE; PLAIN";"FICTINE";"FICTIN"',
    '"Z99AA01";"FICTINE";"FICTINE BIS";"FICTIN"',
    '"ZXX";"PRIVATE";"PRIVÉ";"PRIVAT"',
)


def read(folder: Path, rows: tuple[str, ...] = ROWS) -> list[Record]:
    path = folder / "atc_2030.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return list(IMPORTER.read(Source(path), Hints()))


def test_french_is_the_display_and_other_languages_are_terms(tmp_path: Path) -> None:
    records = read(tmp_path)
    assert Concept("atc", "Z", "CHOSES FICTIVES", "level 1", assignable=False) in records
    assert Concept("atc", "Z99AA01", "FICTINE", "level 5") in records
    assert Term("atc", "Z99AA01", "FICTINE; PLAIN", "synonym", "en") in records
    assert Term("atc", "Z99AA01", "FICTIN", "synonym", "de") in records
    assert Term("atc", "Z99AA01", "FICTINE BIS", "related") in records
    assert Parent("atc", "Z99AA01", "Z99") in records


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    assert read(tmp_path)[-2:] == [Skipped("a code already seen", 1, "Z99AA01"), Skipped("not an ATC code", 1, "ZXX")]


def test_a_row_of_another_width_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="line 2 has 3 columns"):
        read(tmp_path, (ROWS[0], '"Z99";"A";"B"'))


def test_it_claims_by_the_first_lines(tmp_path: Path) -> None:
    read(tmp_path)
    assert IMPORTER.claims(Source(tmp_path / "atc_2030.csv"), Hints())
    assert IMPORTER.describe(Source(tmp_path / "atc_2030.csv"), Hints()).version == "2030"
    (tmp_path / "other.csv").write_text("code;label;a;b\nZ;a;b;c\n", encoding="utf-8")
    assert not IMPORTER.claims(Source(tmp_path / "other.csv"), Hints())


def test_the_real_table_is_read(shared: Path) -> None:
    records = list(IMPORTER.read(Source(shared / "terminologies/labels/atc_fr_2011.csv"), Hints()))
    assert sum(isinstance(each, Concept) for each in records) == 5488
    assert Parent("atc", "A01AA01", "A01AA") in records
