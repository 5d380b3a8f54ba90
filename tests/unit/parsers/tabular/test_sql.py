"""Rows of SQL dumps."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.parsers.tabular.sql import plain_name, read_inserts, tables_in


def rows(text: str) -> list[tuple[str, tuple[str, ...], list[str]]]:
    return [(row.table, row.columns, row.cells) for row in read_inserts(text)]


def cells(text: str) -> list[list[str]]:
    return [row.cells for row in read_inserts(text)]


def test_a_statement_may_hold_many_rows_and_its_columns() -> None:
    text = "INSERT INTO t (a, `b`, \"c\") VALUES (1,2.5,-3), ('x', NULL, DEFAULT);\ninsert t values(7)"
    assert rows(text) == [
        ("t", ("a", "b", "c"), ["1", "2.5", "-3"]),
        ("t", ("a", "b", "c"), ["x", "", "DEFAULT"]),
        ("t", (), ["7"]),
    ]


def test_columns_come_from_the_definition_when_a_statement_has_none() -> None:
    text = """CREATE TABLE IF NOT EXISTS `t` (
      `id` int(11) NOT NULL AUTO_INCREMENT, -- a comment, (
      `v` decimal(10,2) DEFAULT '0,(', `key` enum('a','b'),
      PRIMARY KEY (`id`), KEY `k` (`v`), CONSTRAINT c CHECK (v > 0)
    ) ENGINE=InnoDB;
    INSERT INTO `t` VALUES (1,2,'a');"""
    assert rows(text) == [("t", ("id", "v", "key"), ["1", "2", "a"])]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("'l''eau'", "l'eau"),
        ("E'a\\nb\\'c\\\\d\\tE'", "a\nb'c\\d\tE"),
        ("E'\\303\\251\\x41\\u00e9\\U0001F600\\q'", "Ã©Aé😀q"),
        ("'C:\\dir'", "C:\\dir"),
        ("'x'::character varying(20)", "x"),
        ("N'x'", "x"),
        ("now()", "now()"),
        ("CAST('1' AS int)", "CAST('1' AS int)"),
        ("1.5e3", "1.5e3"),
        ("'a;b)--c'", "a;b)--c"),
        ("''", ""),
        ("true", "true"),
        ("/* c */ 'x' -- d\n", "x"),
        ("'many\nlines'", "many\nlines"),
        ("E'\\uD800'", "\ufffd"),
    ],
)
def test_values_of_postgresql(value: str, cell: str) -> None:
    assert cells(f"INSERT INTO t VALUES (1, {value}, 2);") == [["1", cell, "2"]]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (r"'l\'eau'", "l'eau"),
        (r"'a\\'", "a\\"),
        (r"'a\nb\0c\Z\%'", "a\nb\0c\x1a\\%"),
        ("_binary 'x'", "x"),
        ("'d''e'", "d'e"),
    ],
)
def test_values_of_mysql(value: str, cell: str) -> None:
    assert cells(f"INSERT INTO `t` VALUES (1,{value},2);") == [["1", cell, "2"]]


def test_what_stands_in_strings_and_comments_is_no_statement() -> None:
    text = (
        "-- INSERT INTO a VALUES (1);\n/* INSERT INTO b VALUES (1) */ SELECT 'INSERT INTO c "
        "VALUES (1)'; INSERT INTO d VALUES ('INSERT INTO e VALUES (1)'); REINSERT INTO g VALUES (1);"
    )
    assert [table for table, _, _ in rows(text)] == ["d"]


def test_a_hash_begins_a_comment_of_mysql_only() -> None:
    text = "SELECT `a`; # INSERT INTO f VALUES (1)\nINSERT INTO g VALUES (2);"
    assert [table for table, _, _ in rows(text)] == ["g"]
    text = "SELECT 'C:\\' # 2; SELECT E'it\\'s'; INSERT INTO g VALUES (2);"
    assert [table for table, _, _ in rows(text)] == ["g"]


def test_a_dump_of_nothing_but_damage_is_left() -> None:
    assert len(list(read_inserts("INSERT INTO t VALUES ([a b]);\n" * 3_000))) == 1_000


def test_a_row_that_cannot_be_read_is_told_and_the_next_statement_goes_on() -> None:
    found = list(read_inserts("INSERT INTO t VALUES (1, [2]x y, 3); INSERT INTO u VALUES (4);"))
    assert [(row.table, bool(row.broken)) for row in found] == [("t", True), ("u", False)]
    found = list(read_inserts("INSERT INTO t VALUES (1),(2, 'never closed"))
    assert [(row.cells, bool(row.broken)) for row in found] == [(["1"], False), ([], True)]


def test_rows_are_followed_by_other_clauses() -> None:
    assert cells("INSERT INTO t VALUES (1),(2) ON DUPLICATE KEY UPDATE a=1; INSERT INTO t VALUES (3) RETURNING a;") == [
        ["1"],
        ["2"],
        ["3"],
    ]
    assert cells("INSERT INTO t VALUES (1) x (2)") == [["1"]]


def test_names_lose_their_quotes_and_schemas() -> None:
    assert [plain_name(name) for name in ("a", "`a b`", 'public."A"', "[dbo].[x]")] == ["a", "a b", "A", "x"]
    assert tables_in("CREATE TABLE A (x int); INSERT INTO s.B VALUES (1)") == {"a", "b"}


def test_a_long_line_takes_a_time_of_its_length() -> None:
    row = "(1,'" + "x" * 200 + "',NULL),"
    began = time.perf_counter()
    assert sum(1 for _ in read_inserts("INSERT INTO t VALUES " + row * 10_000)) == 10_000
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    "text",
    [
        "'" * 20_001,
        "INSERT INTO t VALUES (" * 3_000,
        "(" * 50_000,
        "/*" * 20_000,
        "INSERT INTO t VALUES (" + "((" * 10_000,
        "E'" + "\\" * 20_001,
        "E'" + "\\'" * 50_000,
        "`" + "INSERT INTO t VALUES ('a\n" * 20_000,
        "CREATE TABLE t (" * 2_000,
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    began = time.perf_counter()
    list(read_inserts(text))
    assert time.perf_counter() - began < 5


@given(st.text(st.sampled_from("INSERT INTO tVALUES(),;'`\"\\-/*#\nE1x"), max_size=80))
def test_any_text_is_read(text: str) -> None:
    for row in read_inserts(text):
        assert row.cells or row.broken
        list(read_inserts("INSERT INTO t VALUES (" + text))


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=1, max_size=4))
def test_what_is_quoted_is_read_back(values: list[str]) -> None:
    text = "INSERT INTO t VALUES (" + ",".join("'" + value.replace("'", "''") + "'" for value in values) + ");"
    assert cells(text) == [values] or "`" in text[:200]
