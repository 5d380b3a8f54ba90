"""What is written here is read without error by the reference reader of SSSOM."""

import logging
import warnings

import pytest
from tests.conftest import ROOT

from semantix.terminology.table_files import COLUMNS, parse

PATHS = sorted((ROOT / "mappings" / "tables").glob("*.sssom.tsv"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_reference_reader_reads_every_row(path, caplog: pytest.LogCaptureFixture) -> None:
    with warnings.catch_warnings():
        # The reader and its own dependencies are not ours to mend.
        warnings.simplefilter("ignore")
        from sssom.parsers import parse_sssom_table

        with caplog.at_level(logging.ERROR):
            read = parse_sssom_table(str(path))
    expected = parse(path.read_text("utf-8"), path.name)
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert len(read.df) == len(expected.rows)
    assert set(read.df.columns) <= set(COLUMNS)
    assert list(read.df["object_id"]) == [row.object_id for row in expected.rows]
    assert read.metadata["mapping_set_id"] == expected.metadata["mapping_set_id"]
