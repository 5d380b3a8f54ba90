"""What is written here is read without error by the reference reader of SSSOM."""

import logging
import warnings

import pytest
from tests.conftest import ROOT

from semantix.terminology.table_files import COLUMNS, parse

MOST = 300
PATHS = sorted((ROOT / "mappings" / "tables").glob("*.sssom.tsv"))


def sampled(text: str) -> str:
    """A table with some hundreds of its rows, spread over it: the reader takes milliseconds a row."""
    lines = text.splitlines(keepends=True)
    head = next(place for place, line in enumerate(lines) if not line.startswith("#")) + 1
    rows = lines[head:]
    return "".join(lines[:head] + rows[:: 1 + len(rows) // MOST])


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_reference_reader_reads_the_rows(path, tmp_path, caplog: pytest.LogCaptureFixture) -> None:
    text = sampled(path.read_text("utf-8"))
    copied = tmp_path / path.name
    copied.write_text(text, "utf-8")
    with warnings.catch_warnings():
        # The reader and its own dependencies are not ours to mend.
        warnings.simplefilter("ignore")
        from sssom.parsers import parse_sssom_table

        with caplog.at_level(logging.ERROR):
            read = parse_sssom_table(str(copied))
    expected = parse(text, path.name)
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert len(read.df) == len(expected.rows)
    assert set(read.df.columns) <= set(COLUMNS)
    assert list(read.df["object_id"]) == [row.object_id for row in expected.rows]
    assert read.metadata["mapping_set_id"] == expected.metadata["mapping_set_id"]
