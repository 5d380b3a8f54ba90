"""A table decided row by row: order, added columns, and codes only where the answer is accepted."""

import csv
import io
from collections.abc import Iterator

import pytest
from tests.unit.terminology.deciding import MadeUp

from semantix.errors import BadTable
from semantix.model import Context, Decision, Outcome, Query
from semantix.terminology.mapping_table import ADDED, Asked, Sources, added_cells, decide_rows, written
from semantix.terminology.query_tables import Row, parse

ENGINE = MadeUp(
    {
        "asthme": (Outcome.CURATED, True, ("J45.9", 0.95)),
        "hta": (Outcome.CANDIDATE, False, ("J46", 0.6), ("I10", 0.3)),
    }
)
LINES = ("id;label;code;unit\n", "1;hta;;\n", "2;asthme;X1;mg\n", "3;=cmd;;\n", "4;;;\n")
SOURCES = Sources(text="label", code="code", unit="unit", system="local", context=Context(section="problem", unit="g"))


def decided(lines: tuple[str, ...] = LINES, sources: Sources = SOURCES) -> Iterator[tuple[Row, Decision]]:
    return decide_rows(ENGINE, parse(lines, "q.csv"), sources, Asked("cim10", 5))


def test_rows_keep_their_order_and_none_is_lost():
    assert [row.cells[0] for row, _ in decided()] == ["1", "2", "3", "4"]


def test_the_unit_of_a_row_wins_and_a_system_goes_with_a_code():
    decisions = [decision for _, decision in decided()]
    assert decisions[1].query == Query(text="asthme", code="X1", system="local")
    assert decisions[0].query == Query(text="hta")
    assert [each.context.unit for each in decisions] == ["g", "mg", "g", "g"]
    assert {each.context.section for each in decisions} == {"problem"}


def test_a_missing_column_is_told_before_any_row_is_read():
    with pytest.raises(BadTable, match="no column is called libellé"):
        decided(sources=Sources(text="libellé"))


def test_the_target_code_is_only_there_when_the_answer_is_accepted():
    cells = [dict(zip(ADDED, added_cells(decision), strict=True)) for _, decision in decided()]
    assert [each["target_code"] for each in cells] == ["", "J45.9", "", ""]
    assert [each["candidate_code"] for each in cells] == ["J46", "J45.9", "", ""]
    assert cells[0]["alternatives"] == "I10 Tension haute (0.30)"
    assert [each["accepted"] for each in cells] == ["no", "yes", "no", "no"]
    assert cells[3]["outcome"] == "abstained"


def test_the_table_is_written_in_its_own_delimiter_with_its_cells_as_they_were():
    table = parse(LINES, "q.csv")
    text = "".join(written(table, decide_rows(ENGINE, table, SOURCES, Asked("cim10", 5))))
    header, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert header == ["id", "label", "code", "unit", *ADDED]
    assert [row[:2] for row in rows] == [["1", "hta"], ["2", "asthme"], ["3", "=cmd"], ["4", ""]]


def test_the_mark_of_encoding_is_kept():
    table = parse(("\ufeffa;b\n",), "q.csv")
    assert "".join(written(table, ())).startswith("\ufeffa;b;target_code")


def test_a_column_that_exists_already_gets_a_number():
    table = parse(("label,target_code,target_code_2\n",), "q.csv")
    assert "".join(written(table, ())).startswith("label,target_code,target_code_2,target_code_3,target_display")


def test_rows_are_read_a_thousand_at_a_time():
    engine = MadeUp({})
    table = parse(("label\n", *(f"w{number}\n" for number in range(2_500))), "q.csv")
    pairs = decide_rows(engine, table, Sources(text="label"), Asked("cim10", 5))
    next(pairs)
    assert engine.asked == [1_000]
    assert sum(1 for _ in pairs) == 2_499
    assert "".join(written(table, ())).count("\n") == 1


def test_a_long_table_is_written_piece_by_piece():
    table = parse(("label\n", *(f"w{number}\n" for number in range(2_500))), "q.csv")
    pieces = list(written(table, decide_rows(MadeUp({}), table, Sources(text="label"), Asked("cim10", 5))))
    assert len(pieces) == 3
    assert "".join(pieces).count("\n") == 2_501
