"""From entries to files: each format, of which states, and the same bytes each time."""

import pytest
from msgspec.structs import replace
from tests.desk_values import choice, entry

from semantix.errors import BadMappings
from semantix.review.exporting import DECIDED, FORMATS, Wanted, export, format_of, shipped_tables, states_of
from semantix.review.model import State

ENTRIES = (
    entry("toux", 3, code="L1", judgement=choice("A00"), state=State.ACCEPTED, status_by="ann", status_on="2026-03-02"),
    entry("rhume", 2, code="L2"),
    entry("gale", 1, code="L3", judgement=choice(), state=State.ACCEPTED, status_by="ann", status_on="2026-03-02"),
)


def wanted(name):
    return Wanted(format=name, date="2026-03-02", version="1", set_id="https://example.org/m")


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_is_written_the_same_each_time(name):
    entries = [each for each in ENTRIES if name != "tables" or each.state in DECIDED]
    first, second = export(entries, wanted(name)), export(entries, wanted(name))
    assert first == second
    assert all(content for content in first.files.values())
    # Codes of no system make no table, and that is told.
    assert (set(first.files) == {""}) is (name != "tables")
    assert ("curated-system" in [loss.reason for loss in first.losses]) is (name == "tables")


def test_states_are_those_asked_for_or_those_of_the_format():
    assert states_of(wanted("sssom")) == ()
    assert states_of(wanted("tables")) == DECIDED
    assert states_of(replace(wanted("tables"), states=(State.ACCEPTED,))) == (State.ACCEPTED,)


def test_a_format_that_is_none_is_refused():
    with pytest.raises(BadMappings, match="expected one of sssom"):
        format_of("excel")


def test_the_tables_beside_those_of_a_desk_are_read_by_name():
    assert shipped_tables()
    assert all(name.endswith(".sssom.tsv") for name in shipped_tables())
