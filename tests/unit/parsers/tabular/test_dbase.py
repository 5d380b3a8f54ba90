"""dBASE tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.parsers.tabular.dbase_files import dbase

from semantix.errors import UnreadableInput
from semantix.parsers.tabular.dbase import Field, describe, is_dbase, records

DATA = dbase({"NO": ("N", 4), "NOM": ("C", 6)}, ("12", "Zoé"), ("13", "Luc"), deleted=(1,))


def test_a_table_says_its_columns_its_records_and_its_encoding() -> None:
    table = describe(DATA, "x.dbf")
    assert table.fields == (Field("NO", "N", 4), Field("NOM", "C", 6))
    assert (table.count, table.present, table.encoding) == (2, 2, "cp850")
    assert list(records(DATA, table)) == [(False, [b"12  ", b"Zo\x82   "]), (True, [b"13  ", b"Luc   "])]


def test_records_that_are_announced_and_missing_are_counted() -> None:
    assert (describe(DATA[:-8], "x").count, describe(DATA[:-8], "x").present) == (2, 1)


@pytest.mark.parametrize(
    ("version", "expected"), [(0x03, True), (0x05, True), (0x8B, True), (0x00, False), (0x41, False)]
)
def test_versions(version: int, expected: bool) -> None:
    assert is_dbase(bytes([version]) + DATA[1:]) is expected


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(UnreadableInput, match="not a dBASE table"):
        describe(b"\x03 something else entirely, not a table", "x")
    with pytest.raises(UnreadableInput, match="make 11 bytes, its header 9"):
        describe(DATA[:10] + b"\x09\x00" + DATA[12:], "x")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    for data in (noise, DATA[:40] + noise, DATA[: len(noise)] + noise):
        try:
            table = describe(data, "x")
        except UnreadableInput:
            continue
        assert len(list(records(data, table))) == table.present
