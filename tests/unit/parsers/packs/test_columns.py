"""Cells by the type of their column."""

import pytest

from semantix.parsers.packs.entries import Dated, Odd, converter, is_wrong, text_of
from semantix.parsers.packs.spec_files import Column, Dialect


def cell(written: str, column: dict[str, object], dialect: dict[str, object] | None = None) -> object:
    return converter(Column.model_validate(column), Dialect.model_validate(dialect or {}))(written)


@pytest.mark.parametrize(
    ("written", "column", "dialect", "expected"),
    [
        (" a ", {}, {}, "a"),
        (".", {}, {}, ""),
        ("néant", {}, {"missing": ["néant"]}, ""),
        ('="0012"', {"type": "code"}, {}, "0012"),
        ('="a""b"', {}, {}, 'a"b'),
        ("=12", {}, {}, "12"),
        ("=A1+B2", {}, {}, "=A1+B2"),
        ("L&eacute;a", {}, {}, "Léa"),
        ("<5", {"type": "value"}, {}, "<5"),
        ("1.234", {"type": "integer"}, {"grouping": "."}, "1234"),
        ("1 234", {"type": "integer"}, {}, "1234"),
        ("12.0", {"type": "integer"}, {}, "12"),
        ("-3", {"type": "integer"}, {}, "-3"),
        ("1.234,5", {"type": "number"}, {"grouping": ".", "decimal": ","}, "1234.5"),
        ("", {"type": "integer"}, {}, ""),
        ("*", {"type": "flag"}, {}, "A"),
        ("Oui", {"type": "boolean"}, {}, "true"),
        ("0", {"type": "boolean"}, {}, "false"),
        ("V", {"type": "boolean", "words": {"v": "true", "f": "false"}}, {}, "true"),
        ("Mme", {"type": "sex"}, {}, "F"),
        ("h", {"type": "sex"}, {}, "M"),
    ],
)
def test_a_cell_is_what_its_column_says(written: str, column: dict, dialect: dict, expected: str) -> None:
    assert cell(written, column, dialect) == expected


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("12a", {"type": "integer"}),
        ("douze", {"type": "number"}),
        ("peut-être", {"type": "boolean"}),
        ("?", {"type": "sex"}),
    ],
)
def test_what_a_column_cannot_hold_is_odd(written: str, column: dict) -> None:
    found = cell(written, column)
    assert isinstance(found, Odd)
    assert is_wrong(found)


def test_a_date_is_kept_as_written_beside_its_reading() -> None:
    found = cell("12 février 2013", {"type": "date"})
    assert found == Dated("12 février 2013", "2013-02-12")
    assert text_of(found) == "12 février 2013"  # type: ignore[arg-type]
    assert is_wrong(cell("demain", {"type": "date"}))  # type: ignore[arg-type]
    assert cell("00/00/0000", {"type": "date"}) == ""


def test_the_pivot_of_a_pack_is_no_doubt_and_the_usual_one_is() -> None:
    assert cell("1/2/44", {"type": "date", "pivot": 45, "formats": ["d/m/yy"]}) == Dated("1/2/44", "2044-02-01")
    found = cell("1/2/12", {"type": "date"})
    assert isinstance(found, Dated)
    assert "two-digit year" in found.doubt
