"""Tables that users bring: what is read, and how what is not a table is refused."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.errors import BadTable
from semantix.terminology.query_tables import QueryTable, parse, read_lines


def table_of(data: bytes, name: str = "gold.csv") -> QueryTable:
    return parse(read_lines(io.BytesIO(data), name), name)


def cells_of(data: bytes, name: str = "gold.csv") -> list[tuple[str, ...]]:
    return [row.cells for row in table_of(data, name).rows]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"text,code\nx,I10\n", "a.csv"),
        (b"text;code\r\nx;I10\r\n", "a.csv"),
        (b"text\tcode\nx\tI10", "a.tsv"),
        (b"\xef\xbb\xbftext\tcode\nx\tI10\n", "a"),
    ],
)
def test_the_delimiter_is_read_from_the_header(data: bytes, name: str):
    table = table_of(data, name)
    assert table.columns == ("text", "code")
    assert [row.cells for row in table.rows] == [("x", "I10")]


def test_a_tab_wins_over_commas_in_a_tsv():
    assert table_of(b"text, as written, or so\tcode\n", "a.tsv").columns == ("text, as written, or so", "code")


def test_a_table_of_one_column_keeps_its_commas():
    table = table_of(b'label\nfracture, closed\n"a; b"\n')
    assert [row.cells for row in table.rows] == [("fracture, closed",), ("a; b",)]
    assert table.delimiter == ","
    assert table_of(b"label\n", "a.tsv").delimiter == "\t"


def test_a_byte_order_mark_is_remembered():
    assert table_of("\ufefftext\n".encode()).has_bom
    assert not table_of(b"text\n").has_bom


def test_a_column_is_found_whatever_its_case():
    table = table_of(b"Text;CODE;code\n")
    assert (table.index("text"), table.index("code")) == (0, 2)


def test_a_missing_column_is_named_with_those_found():
    with pytest.raises(BadTable, match=r"gold.csv: no column is called label; the columns are text, code$"):
        table_of(b"text,code\n").index("label")


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(BadTable, match="2 columns are called code"):
        table_of(b"code,code\n").index("code")


def test_a_quotation_mark_inside_a_tsv_cell_is_text():
    assert cells_of(b'text\tcode\n"5 cm" scar\tL90\n"a ""b"""\t"X"\n', "a.tsv") == [
        ('"5 cm" scar', "L90"),
        ('a "b"', "X"),
    ]


def test_a_csv_row_may_span_lines_and_the_next_one_has_its_line():
    rows = list(table_of(b'text,code\n"a\nb",I10\nc,J45\n').rows)
    assert [(row.line, row.cells) for row in rows] == [(2, ("a\nb", "I10")), (4, ("c", "J45"))]


def test_cells_left_out_at_the_end_of_a_row_are_empty():
    assert cells_of(b"text,code,unit\nx\n\ny,I10,,,\n") == [("x", "", ""), ("y", "I10", "")]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no header line"),
        (b"text,code\nSecret,I10,more\n", "line 2 has 3 cells and the header 2"),
        (b"text,code\nSecret\xe9,I10\n", "line 2, byte 7: this is not UTF-8"),
        (b'text,code\n"Secret,I10\n', "begins on line 2 is not CSV"),
        (b"text,code\n" + b"S" * 1_000_001, "line 2 is longer"),
    ],
)
def test_what_is_not_a_table_is_refused_without_its_content(data: bytes, words: str):
    with pytest.raises(BadTable, match=words) as caught:
        cells_of(data)
    assert "Secret" not in str(caught.value)


@given(st.binary())
def test_no_bytes_raise_anything_else(data: bytes):
    for name in ("a.csv", "a.tsv"):
        with contextlib.suppress(BadTable):
            cells_of(data, name)
