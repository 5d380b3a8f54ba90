"""Generated histories of a warehouse: nights, corrections, crashes, people who leave; a plain model is the judge."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from tests.postgres import running_server
from tests.runs_histories import Judge, Sheet, Warehouse, digests_of, files_with
from tests.runs_warehouse import around, plan_in

from semantix.errors import BadPlan
from semantix.runs.conduct import start
from semantix.runs.upkeep import exclude

EXAMPLES = int(os.environ.get("SEMANTIX_HISTORIES", "8"))
"""Histories told; a campaign has more."""
STEPS = 12
PATHS = [f"{folder}/{number}.xml" for folder in "ab" for number in range(4)]
CODES = ("8302-2", "29463-7", "8867-4")
PEOPLE = ("1", "2", "3")
NUMBERS = ("41", "42", "43", "44", "45")

HOW: Counter[str] = Counter()

paths = st.sampled_from(PATHS)
ways = st.sampled_from([(True, False), (True, False), (True, True), (False, True)])


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """A document: new or known number, patient, set and version, what it replaces, one or two results."""
    is_national, is_local = draw(ways)
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, max_size=2, unique=True))
    return Sheet(
        number=draw(st.sampled_from(NUMBERS)),
        person=draw(st.sampled_from(PEOPLE)),
        results=tuple((code, str(draw(st.integers(100, 999)))) for code in codes),
        set_id=draw(st.sampled_from(["", "", "61", "62"])),
        version=draw(st.integers(0, 3)),
        replaces=draw(st.sampled_from(["", "", *NUMBERS])),
        day=draw(st.sampled_from(["20240308", "20240309", "20240310"])),
        is_national=is_national,
        is_local=is_local,
    )


writes = st.tuples(st.just("write"), paths, sheets())
copies = st.tuples(st.just("copy"), paths, paths)
mendings = st.tuples(st.sampled_from(["delete", "touch", "cut", "mend"]), paths, st.none())
edits = st.lists(st.one_of(writes, writes, copies, mendings), max_size=4)
crashes = st.one_of(st.just(0), st.integers(1, 60))


class Histories(RuleBasedStateMachine):
    """Nights of a warehouse; each is compared with what the judge says."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="histories-"))
        self.judge = Judge()
        self.ids: dict[tuple[object, ...], set[str]] = {}
        self.people: dict[tuple[str, str], set[str]] = {}
        self.met: list[Sheet] = []

    @initialize(has_parquet=st.sampled_from([False, False, False, True]))
    def begin(self, has_parquet: bool) -> None:
        self.warehouse = Warehouse(self.folder, ("parquet", "fhir") if has_parquet else ("duckdb", "fhir"))

    def teardown(self) -> None:
        if hasattr(self, "warehouse"):
            self._from_nothing()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- what happens -----------------------------------------------------------------------------------------------

    @rule(edits=edits, crash=crashes)
    def night(self, edits: list[tuple[str, str, object]], crash: int) -> None:
        self._edit(edits)
        self._then(self.warehouse.run, self.judge.run, crash)

    @rule(edits=edits, crash=crashes)
    def busy_night(self, edits: list[tuple[str, str, object]], crash: int) -> None:
        self.night(edits, crash)

    @precondition(lambda self: self.judge.pasts)
    @rule(crash=crashes)
    def undo(self, crash: int) -> None:
        self._then(self.warehouse.undo, self.judge.undo, crash)

    @rule(edits=edits, crash=crashes)
    def retry(self, edits: list[tuple[str, str, object]], crash: int) -> None:
        self._edit(edits)
        if self.judge.bad:
            self._then(self.warehouse.retry, self.judge.retry, crash)
        else:
            with pytest.raises(BadPlan, match="nothing in quarantine"):
                self.warehouse.retry()

    @precondition(lambda self: self.judge.known and not self.judge.asked)
    @rule(person=st.sampled_from(PEOPLE), is_national=st.booleans(), crash=crashes)
    def exclude(self, person: str, is_national: bool, crash: int) -> None:
        [number] = Sheet("", person, is_national=is_national, is_local=not is_national).subjects
        self.judge.asked.add(number)
        self._then(lambda: self.warehouse.exclude(number), lambda: None, crash)

    # --- how it is done ---------------------------------------------------------------------------------------------

    def _edit(self, edits: list[tuple[str, str, object]]) -> None:
        disk = self.judge.disk
        for what, path, more in edits:
            place = self.folder / "in" / path
            if what == "write":
                assert isinstance(more, Sheet)
                disk[path] = more
            elif what == "copy":
                if more not in disk:
                    continue
                disk[path] = disk[str(more)]
            elif path not in disk:
                continue
            elif what == "delete":
                del disk[path]
                place.unlink()
                continue
            elif what == "touch":
                os.utime(place)
                continue
            else:
                disk[path] = replace(disk[path], is_cut=what == "cut")
            self.warehouse.put(path, disk[path])
            self.met.append(disk[path])

    def _then(self, engine, model, crash: int) -> None:
        HOW[self.warehouse.do(engine, crash)] += 1
        model()
        self._compare()

    def _compare(self) -> None:
        warehouse, judge = self.warehouse, self.judge
        assert warehouse.fates() == judge.fates
        assert sum(warehouse.fates().values()) == len(judge.kept)
        assert warehouse.quarantined() == len(judge.bad)
        assert warehouse.chain_holds()
        for kind in warehouse.kinds:
            held = warehouse.numbered(kind)
            assert Counter(held.elements()) == judge.facts, kind
            self._keep_numbers(kind, held)
        self._forgotten()

    def _keep_numbers(self, kind: str, held) -> None:
        """A row that was published keeps its identifier as long as its document is there, and when it comes back."""
        now = {(kind, *fact): rows for fact, rows in held.rows.items()}
        for fact, rows in now.items():
            before = self.ids.get(fact)
            if before is not None and len(before) == len(rows) == 1 and self._is_of_one(fact):
                assert rows == before, fact
        self.ids.update(now)

    def _is_of_one(self, fact: tuple[object, ...]) -> bool:
        """Whether one document only ever said a fact."""
        return len({one.data for one in self.met if fact[1:] in one.facts}) == 1

    def _forgotten(self) -> None:
        """Nothing but the digests that keep persons out is left of them."""
        gone = self.judge.left_out
        sheets = [one for one in self.met if gone & set(one.subjects)]
        if not sheets:
            return
        left = set().union(*(digests_of(one) for one in sheets))
        digests = {one: count for one, count in files_with(self.folder, left).items() if one != "state/register.sqlite"}
        assert digests == {}
        data = (self.folder / "state" / "register.sqlite").read_bytes()
        assert all(data.count(one) <= 1 for one in left)
        names = {f"NOMPROPRE{one.person}X".encode() for one in sheets}
        others = {one.person for one in self.met if not gone & set(one.subjects)}
        names -= {f"NOMPROPRE{one}X".encode() for one in others}
        assert files_with(self.folder, names) == {}

    def _from_nothing(self) -> None:
        """The same inputs, read at once, by people who never knew those who are left out."""
        fresh = Warehouse(self.folder / "fresh", self.warehouse.kinds)
        judge = Judge(disk=dict(self.judge.disk), met=set(self.judge.met), asked=set(self.judge.left_out))
        for path, sheet in judge.disk.items():
            fresh.put(path, sheet)
        if judge.asked:
            fresh.exclude(*sorted(judge.asked))
        fresh.run()
        judge.run()
        assert fresh.fates() == judge.fates
        for kind in fresh.kinds:
            assert Counter(fresh.numbered(kind).elements()) == judge.facts


Histories.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    # A history costs seconds: the failing one is told as it is.
    phases=[Phase.generate],
    derandomize="SEMANTIX_HISTORIES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
TestHistories = Histories.TestCase
TestHistories.__test__ = True


def teardown_module() -> None:
    print(f"steps: {dict(HOW)}")


def test_a_person_who_is_left_out_is_in_no_target_and_does_not_come_back(tmp_path: Path) -> None:
    psycopg = pytest.importorskip("psycopg", reason="needs psycopg")
    gone = Sheet("1", "1", results=(("8302-2", "171.2345"),), is_local=True)
    other = Sheet("2", "2", results=(("8302-2", "172.2345"),))
    by_practice = replace(gone, number="3", is_national=False, results=(("8302-2", "173.2345"),))
    warehouse = Warehouse(tmp_path, ("duckdb", "parquet", "fhir"))
    (tmp_path / "in" / "c").mkdir()
    for name, sheet in (("c/1.xml", gone), ("c/2.xml", other), ("c/3.xml", by_practice)):
        warehouse.put(name, sheet)
    with running_server() as url:
        (tmp_path / "url").write_text(url)
        targets = [{"kind": kind, "path": kind} for kind in warehouse.kinds]
        plan = plan_in(tmp_path, targets=[*targets, {"kind": "postgres", "url": "file:url"}])

        def held() -> dict[str, set[float]]:
            found = {kind: {fact[2] for fact in warehouse.numbered(kind).rows} for kind in warehouse.kinds}
            with psycopg.connect(url) as session:
                query = "SELECT value_as_number, person_id FROM cdm.measurement JOIN cdm.person USING (person_id)"
                rows = session.execute(query).fetchall()
                assert session.execute("SELECT count(*) FROM cdm.person").fetchone() == (len({one[1] for one in rows}),)
            return found | {"postgres": {float(value) for value, _ in rows}}

        start(plan, around())
        assert set(map(frozenset, held().values())) == {frozenset({171.2345, 172.2345, 173.2345})}
        outcome = exclude(plan, around(), gone.subjects[:1])
        assert outcome.fates == {"live": 1}
        assert set(outcome.published) == {"duckdb", "parquet", "fhir", "postgres"}
        assert set(map(frozenset, held().values())) == {frozenset({172.2345})}
        warehouse.put("c/4.xml", replace(gone, number="4"))
        warehouse.put("c/5.xml", replace(by_practice, number="5"))
        assert start(plan, around()).fates == {"live": 1}
        assert set(map(frozenset, held().values())) == {frozenset({172.2345})}
    assert set(files_with(tmp_path, digests_of(gone))) == {"state/register.sqlite"}
    assert files_with(tmp_path, {b"NOMPROPRE1X", b"171.2345", b"173.2345"}) == {}
