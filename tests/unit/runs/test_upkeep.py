"""What is done to a warehouse besides reading: runs taken back, quarantine tried again, persons left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from tests.runs_documents import ins
from tests.runs_histories import BOMB, LOCAL, Crash, Sheet, Warehouse, digests_of, files_with
from tests.runs_warehouse import around

from semantix.errors import BadPlan, UnfinishedRun
from semantix.runs import conduct
from semantix.runs.conduct import resume
from semantix.runs.register import Register

ONE = Sheet("1", "1", results=(("8302-2", "171"),))
TWO = Sheet("2", "2", results=(("8302-2", "172"),))


@pytest.fixture(autouse=True)
def _no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports are tried elsewhere, and take as long as the rest."""
    monkeypatch.setattr(conduct, "write_reports", lambda *_: None)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    made = Warehouse(tmp_path, ("fhir",))
    made.put("1.xml", ONE)
    made.run()
    return made


def held(warehouse: Warehouse) -> list[float]:
    return sorted(value for _, _, value, _ in warehouse.facts()["fhir"].elements())


def entry(warehouse: Warehouse, run: int, kind: str) -> dict[str, object]:
    with Register.open(warehouse.plan.state, write=False) as register:
        [one] = register.entries(run, kind)
    return one.body


# --- undo -----------------------------------------------------------------------------------------------------------


def test_what_a_run_replaced_counts_again_under_its_numbers_and_the_next_run_reads_again(warehouse):
    before = warehouse.numbered("fhir")
    warehouse.put("1.xml", replace(ONE, results=(("8302-2", "181"),)))
    warehouse.put("2.xml", TWO)
    warehouse.run()
    assert held(warehouse) == [172, 181]
    outcome = warehouse.undo()
    assert (outcome.kind, outcome.fates) == ("undo", {"live": 1})
    assert warehouse.numbered("fhir").rows == before.rows
    assert entry(warehouse, 3, "begin")["undo"] == 2
    assert warehouse.run().differences.new == 1
    assert held(warehouse) == [172, 181]


def test_runs_are_taken_back_one_after_the_other_until_none_is_left(warehouse):
    warehouse.put("2.xml", TWO)
    warehouse.run()
    warehouse.undo()
    warehouse.undo()
    assert held(warehouse) == []
    assert warehouse.fates() == {}
    with pytest.raises(BadPlan, match="no run is left to take back"):
        warehouse.undo()


def test_a_run_that_was_stopped_holds_the_others_back_and_is_taken_back_unfinished(warehouse):
    warehouse.put("2.xml", TWO)
    with pytest.raises(Crash), BOMB.armed(14):
        warehouse.run()
    for other in (warehouse.run, warehouse.retry, lambda: warehouse.exclude(ins("1"))):
        with pytest.raises(UnfinishedRun, match="run 2 was stopped before its end"):
            other()
    assert warehouse.undo().fates == {"live": 1}
    assert held(warehouse) == [171]
    with pytest.raises(BadPlan, match="nothing to resume"):
        resume(warehouse.plan, around())


# --- retry ----------------------------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_tried_again_by_its_digest_or_all_at_once(warehouse):
    with pytest.raises(BadPlan, match="nothing in quarantine"):
        warehouse.retry()
    cut = replace(TWO, is_cut=True)
    warehouse.put("2.xml", cut)
    assert warehouse.run().quarantined == 1
    with pytest.raises(BadPlan, match="nothing in quarantine"):
        warehouse.retry("ffffffff")
    assert warehouse.retry().quarantined == 1
    assert warehouse.quarantined() == 1
    warehouse.put("2.xml", TWO)
    with Register.open(warehouse.plan.state, write=False) as register:
        [(digest,)] = register.rows("SELECT lower(hex(sha256)) FROM file WHERE name LIKE '%2.xml'")
    outcome = warehouse.retry(digest[:9].upper())
    assert (outcome.kind, outcome.documents, outcome.quarantined) == ("retry", 1, 0)
    assert held(warehouse) == [171, 172]
    assert warehouse.undo().fates == {"live": 1}
    assert warehouse.quarantined() == 1


# --- exclude --------------------------------------------------------------------------------------------------------


def test_faults_of_the_list_name_lines_and_no_value_and_nobody_is_left_out(warehouse):
    lines = [ins("1"), "256037512999900", "# a remark", "", "cabinet;4711;hier", "a;b;c;d"]
    with pytest.raises(BadPlan) as caught:
        warehouse.exclude(*lines)
    words = str(caught.value)
    assert "nobody was left out" in words
    assert all(f"line {number}:" in words for number in (2, 5, 6))
    assert not any(value in words for value in (ins("1"), "256037512999900", "4711", "hier"))
    assert held(warehouse) == [171]


def test_a_person_goes_whole_with_what_was_superseded_and_stays_out(warehouse):
    warehouse.put("2.xml", replace(TWO, is_local=True))
    warehouse.put("3.xml", replace(TWO, number="3", is_national=False, is_local=True))
    warehouse.put("4.xml", replace(TWO, number="4", replaces="2", is_local=True))
    assert warehouse.run().fates == {"live": 3, "superseded": 1}
    outcome = warehouse.exclude(ins("2"))
    assert (outcome.kind, outcome.fates) == ("exclude", {"live": 1})
    assert outcome.published["fhir"]["put"] > 0
    assert entry(warehouse, 3, "begin")["subjects"] == 1
    assert entry(warehouse, 3, "settled")["fates"] == {"live": 1, "excluded": 3}
    assert entry(warehouse, 3, "erased") == {"documents": 3}
    assert held(warehouse) == [171]
    digests = digests_of(replace(TWO, is_local=True))
    assert set(files_with(warehouse.folder, digests)) == {"state/register.sqlite"}
    data = (warehouse.plan.state / "register.sqlite").read_bytes()
    assert max(data.count(one) for one in digests) == 1
    # Later, by either number.
    warehouse.put("5.xml", replace(TWO, number="5"))
    warehouse.put("6.xml", replace(TWO, number="6", is_national=False, is_local=True))
    assert warehouse.run().fates == {"live": 1}
    assert held(warehouse) == [171]
    assert set(files_with(warehouse.folder, digests)) == {"state/register.sqlite"}
    # And a run taken back brings nobody back.
    warehouse.undo()
    warehouse.undo()
    assert Counter(held(warehouse)) == Counter([171])


def test_a_number_of_a_system_is_told_with_it_and_somebody_unknown_is_kept_out_beforehand(warehouse):
    outcome = warehouse.exclude(f"{LOCAL}|2", ins("9"))
    assert outcome.fates == {"live": 1}
    warehouse.put("2.xml", replace(TWO, is_national=False, is_local=True))
    warehouse.put("9.xml", replace(ONE, number="9", person="9"))
    assert warehouse.run().fates == {"live": 1}
    assert held(warehouse) == [171]


def test_an_erasure_that_was_stopped_is_ended_by_whoever_comes_and_is_never_taken_back(warehouse):
    warehouse.put("2.xml", TWO)
    warehouse.run()
    with pytest.raises(Crash), BOMB.armed(8):
        warehouse.exclude(ins("2"))
    outcome = warehouse.undo()
    assert (outcome.kind, outcome.fates) == ("exclude", {"live": 1})
    assert held(warehouse) == [171]
    assert set(files_with(warehouse.folder, digests_of(TWO))) == {"state/register.sqlite"}
