"""Delimited and fixed-width text."""

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.parsers.tabular.delimited import (
    MAX_JOINED,
    Shape,
    count_lines,
    fixed_rows,
    line_starts,
    read_rows,
    row_boundary,
    split_lines,
)
from semantix.parsers.tabular.rows import MAX_CELLS


def cells(text: str, **shape: str) -> list[list[str]]:
    made = Shape(**shape)  # type: ignore[arg-type]
    return [row.cells for row in read_rows(split_lines(text, made.line_ends), made)]


@pytest.mark.parametrize(
    ("text", "ends", "expected"),
    [
        ("a\nb\r\nc\rd", "any", ["a", "b", "c", "d"]),
        ("a\rb\r", "any", ["a", "b"]),
        ("a\n\nb\n", "any", ["a", "", "b"]),
        ("a\u2028b\x0bc\x85d", "any", ["a\u2028b\x0bc\x85d"]),
        ("a\rb\nc\n", "lf", ["a\rb", "c"]),
        ("a\nb\r\nc", "crlf", ["a\nb", "c"]),
        ("a\nb\rc", "cr", ["a\nb", "c"]),
        ("", "any", []),
    ],
)
def test_lines_end_where_the_dialect_says(text: str, ends: str, expected: list[str]) -> None:
    assert split_lines(text, ends) == expected  # type: ignore[arg-type]
    assert count_lines(text.encode(), ends) == len(expected)  # type: ignore[arg-type]
    assert len(line_starts(text.encode(), ends)) == (len(expected) + 1 if text else 1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;b", [["a", "b"]]),
        ('"a;b";c', [["a;b", "c"]]),
        ('"a""b";c', [['a"b', "c"]]),
        ('"a\nb";c\nd;e', [["a\nb", "c"], ["d", "e"]]),
        ('5" aiguille;b\nc;d', [['5" aiguille', "b"], ["c", "d"]]),
        ('"never closed;b\nc;d', [['"never closed', "b"], ["c", "d"]]),
        ('"a"b;c', [["ab", "c"]]),
        ('a;""', [["a", ""]]),
        ('a;"b', [["a", '"b']]),
        ('"";"";x', [["", "", "x"]]),
        ('x;"a\nb"\n"c";d', [["x", "a\nb"], ["c", "d"]]),
    ],
)
def test_quotes_open_only_where_a_cell_begins(text: str, expected: list[list[str]]) -> None:
    assert cells(text) == expected


def test_quotes_may_be_escaped_by_a_backslash_or_not_at_all() -> None:
    assert cells(r'"a\"b;c\\";d', escape="backslash") == [['a"b;c\\', "d"]]
    assert cells(r'"a\";d', escape="none") == [["a\\", "d"]]
    assert cells('"a";b', quote="") == [['"a"', "b"]]
    assert cells("'a||b'||c", separator="||", quote="'") == [["a||b", "c"]]


def test_a_quote_that_is_not_closed_for_long_is_a_character() -> None:
    text = '"open;a\n' + "x;y\n" * (MAX_JOINED + 5) + 'end";z\n'
    assert cells(text)[:2] == [['"open', "a"], ["x", "y"]]


def test_a_row_has_the_number_of_its_first_line() -> None:
    rows = list(read_rows(split_lines('a;"b\nc\nd"\ne;f'), Shape(), 10))
    assert [(row.line, row.lines) for row in rows] == [(10, 3), (13, 1)]


def test_a_row_of_too_many_cells_is_broken() -> None:
    row = next(read_rows([";" * MAX_CELLS], Shape()))
    assert row.cells == []
    assert "cells, at most" in row.broken


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=8), min_size=2, max_size=5),
        min_size=1,
        max_size=8,
    )
)
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    assert cells(out.getvalue(), line_ends="lf") == rows


@given(st.text(st.sampled_from('a;"\n\r\\'), max_size=60), st.sampled_from(["double", "backslash", "none"]))
def test_every_line_is_in_one_row(text: str, escape: str) -> None:
    shape = Shape(escape=escape)  # type: ignore[arg-type]
    rows = list(read_rows(split_lines(text), shape))
    assert sum(row.lines for row in rows) == count_lines(text.encode())


def test_the_end_of_a_row_is_not_told_before_its_quote_is_closed() -> None:
    data = b'a;b\n"c\nd";e\n"f\n'
    assert row_boundary(data, Shape(), bytes.decode) == [4, 12]
    assert row_boundary(b"a\nb\n", Shape(quote=""), bytes.decode) == [2, 4]


def test_fixed_width_lines_are_cut_at_their_columns() -> None:
    rows = list(fixed_rows(["12 CRP  4", "", "1"], [(0, 3), (3, 5), (8, 4)]))
    assert [row.cells for row in rows] == [["12 ", "CRP  ", "4"], [""], ["1", "", ""]]


def test_quotes_take_no_more_time_than_the_text_is_long() -> None:
    text = ('"' * 5_000 + "\n") * 40
    began = time.perf_counter()
    list(read_rows(split_lines(text), Shape()))
    assert time.perf_counter() - began < 5
