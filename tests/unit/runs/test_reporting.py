"""The figures of a run's report, against counts made by hand and against the plain formulas."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.runs.model import RANKS
from semantix.runs.reporting import Limits, QualityFigures, RunFacts, collect, to_json
from semantix.runs.reporting.contrasts import Moments, compare, discovery_rates, student_quantile, student_tail
from semantix.runs.reporting.divergence import divergence
from semantix.runs.reporting.figures import OTHER, Group, Share
from semantix.runs.reporting.grouped import pooled
from semantix.runs.staging import COVERAGE, DOCUMENTS, folder_of

LOCAL, CIM10 = "urn:semantix:local:labo", "2.16.840.1.113883.6.3"
ALL = Limits(min_group=1)
Facts = Sequence[tuple[str, str, str, int]]
"""Facts of a document: (system, code, outcome, n)."""


class Warehouse:
    """Writes chunks as they are staged; one chunk a run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._runs: dict[int, list[tuple[dict[str, Any], bool, list[dict[str, Any]]]]] = {}

    def add(self, run: int, facts: Facts, *, is_live: bool = True, **grouped: str) -> None:
        documents = self._runs.setdefault(run, [])
        number = run * RANKS + len(documents)
        row = {"document": number, "practice": "A", "software": "S", "sex": "F", "age_band": "25-44", **grouped}
        section = row.pop("section", "11450-4")
        target = row.pop("target", "cim10")
        told = [
            {"document": number, "section": section, "domain": "problem", "system": system, "code": code,
             "target": target, "outcome": outcome, "n": n}
            for system, code, outcome, n in facts
        ]  # fmt: skip
        documents.append(({"period": "2024-03", **row}, is_live, told))

    def collect(self, run: int, limits: Limits = ALL, facts: RunFacts | None = None) -> QualityFigures:
        chunks, known = {}, []
        for number, documents in self._runs.items():
            chunks[number] = folder_of(self.folder, number)
            chunks[number].mkdir(parents=True, exist_ok=True)
            rows = [row for row, _, _ in documents]
            known += [(row["document"], is_live, number) for row, is_live, _ in documents]
            _write(chunks[number] / "documents.parquet", rows, DOCUMENTS)
            _write(chunks[number] / "coverage.parquet", [one for *_, told in documents for one in told], COVERAGE)
        columns = list(zip(*known, strict=True)) or [(), (), ()]
        names = {"document": pa.int64(), "is_live": pa.bool_(), "run": pa.int64()}
        table = pa.table(
            {name: pa.array(column, kind) for (name, kind), column in zip(names.items(), columns, strict=True)}
        )
        return collect(table, chunks, facts or RunFacts(run=run), limits, self.folder)


def _write(path: Path, rows: list[dict[str, Any]], schema: pa.Schema) -> None:
    table = pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema)
    pq.write_table(table, path)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path)


def named(groups: Sequence[Group]) -> dict[str, Share]:
    return {group.name: group.share for group in groups}


GOOD, BAD = (CIM10, "I10", "source", 3), (LOCAL, "D1", "nothing", 1)


# --- shares ---------------------------------------------------------------------------------------------------------


def test_facts_are_counted_by_occurrences_and_by_how_they_are_coded(warehouse: Warehouse) -> None:
    warehouse.add(1, [GOOD, BAD, (LOCAL, "D2", "curated", 2), ("", "", "review", 4), (LOCAL, "D3", "unasked", 8)])
    found = warehouse.collect(1)
    assert found.total == Share(1, 3, 2, 5, 8)
    assert (found.total.facts, found.total.unmapped_share) == (10, 0.5)
    assert found.targets == {"cim10": {"source": 3, "nothing": 1, "curated": 2, "review": 4, "unasked": 8}}
    assert named(found.dimensions["system"]) == {
        LOCAL: Share(1, 0, 2, 1, 8), CIM10: Share(1, 3, 0, 0, 0), "": Share(1, 0, 0, 4, 0),
    }  # fmt: skip


def test_only_live_documents_of_the_run_are_counted(warehouse: Warehouse) -> None:
    warehouse.add(1, [BAD])
    warehouse.add(2, [GOOD])
    warehouse.add(2, [BAD], is_live=False)
    warehouse.add(3, [BAD])
    found = warehouse.collect(2)
    assert (found.total, found.before) == (Share(1, 3, 0, 0, 0), Share(1, 0, 0, 1, 0))


def test_a_document_without_facts_is_a_document(warehouse: Warehouse) -> None:
    warehouse.add(1, [])
    warehouse.add(1, [GOOD])
    found = warehouse.collect(1)
    assert found.total.documents == 2
    assert named(found.dimensions["practice"]) == {"A": Share(2, 3, 0, 0, 0)}


def test_without_any_document_there_is_nothing(warehouse: Warehouse) -> None:
    found = warehouse.collect(1)
    assert found.total == Share()
    assert (set(found.dimensions.values()), found.drift) == ({()}, ())


def test_ages_and_months_are_in_their_order(warehouse: Warehouse) -> None:
    for band, period in (("90+", "2024-10"), ("0-1", "2024-09"), ("15-24", "2023-12"), ("", "")):
        warehouse.add(1, [GOOD], age_band=band, period=period)
    found = warehouse.collect(1).dimensions
    assert [group.name for group in found["age_band"]] == ["", "0-1", "15-24", "90+"]
    assert [group.name for group in found["period"]] == ["2023-12", "2024-09", "2024-10", ""]


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 40), max_size=8), st.booleans())
def test_what_is_pooled_is_never_too_small_while_there_is_more(counts: dict[str, int], are_apart: bool) -> None:
    together = pooled(counts, 10, are_apart=are_apart)
    numbers = [counts[name] for name in together]
    assert {name for name, number in counts.items() if number < 10} <= together
    if len(together) < len(counts) and together:
        assert len(together) > 1
        assert (sum(numbers) if are_apart else max(numbers)) >= 10


def test_small_groups_are_shown_together(warehouse: Warehouse) -> None:
    for practice, number in (("A", 12), ("B", 11), ("C", 3), ("D", 2)):
        for _ in range(number):
            warehouse.add(1, [GOOD, BAD], practice=practice)
    found = warehouse.collect(1, Limits())
    groups = found.dimensions["practice"]
    assert [(group.name, group.share.documents, group.pooled) for group in groups] == [("A", 12, 0), (OTHER, 16, 3)]
    assert all(name not in to_json(found).decode() for name in ('"C"', '"D"', '"B"'))


# --- representativity -----------------------------------------------------------------------------------------------


def test_a_group_that_is_coded_less_is_told(warehouse: Warehouse) -> None:
    for rank in range(40):
        for practice in "ABCD":
            share = [GOOD, BAD] if practice != "D" or rank % 4 == 0 else [BAD, (LOCAL, "D9", "review", 3)]
            warehouse.add(1, share, practice=practice, sex="FMM"[rank % 3])
    found = warehouse.collect(1, Limits())
    told = [(dimension, group.name) for dimension, group in found.differing(of_facts=False)]
    assert ("practice", "D") in told
    assert not any(dimension == "sex" for dimension, _ in told)
    contrast = next(group for group in found.dimensions["practice"] if group.name == "D").contrast
    assert contrast is not None
    assert contrast.verdict == "more"
    assert contrast.low < contrast.difference < contrast.high
    assert contrast.difference == pytest.approx(130 / 160 - 0.25)


def test_a_small_difference_is_not_told_however_sure(warehouse: Warehouse) -> None:
    for rank in range(60):
        warehouse.add(1, [(CIM10, "I10", "source", 97), ("", "", "nothing", 3)], practice="A")
        warehouse.add(1, [(CIM10, "I10", "source", 99), ("", "", "nothing", 1 + rank % 2)], practice="B")
    found = warehouse.collect(1)
    assert all(group.contrast is not None and group.contrast.rate < 0.05 for group in found.dimensions["practice"])
    assert found.differing(of_facts=False) == []


def test_a_group_alone_is_compared_with_nothing(warehouse: Warehouse) -> None:
    for _ in range(12):
        warehouse.add(1, [GOOD, BAD])
    assert [group.contrast for group in warehouse.collect(1).dimensions["practice"]] == [None]


Document = tuple[int, int, int, int]
"""Unmapped facts and facts of the group, unmapped facts and facts of the rest, in one document."""


def moments(documents: Sequence[Document]) -> Moments:
    sums = dict.fromkeys(("u", "n", "t", "k", "uu", "un", "nn", "ut", "uk", "nt", "nk", "tt", "tk", "kk"), 0)
    for u, n, v, m in documents:
        value = {"u": u, "n": n, "t": u + v, "k": n + m}
        for name in sums:
            sums[name] += math.prod(value[letter] for letter in name)
    return Moments(sum(n > 0 for _, n, _, _ in documents), sum(m > 0 for *_, m in documents), **sums)


@st.composite
def a_document(draw: st.DrawFn) -> Document:
    n, m = draw(st.integers(0, 9)), draw(st.integers(0, 9))
    return draw(st.integers(0, n)), n, draw(st.integers(0, m)), m


@given(st.lists(a_document(), min_size=4, max_size=30))
def test_the_variance_is_the_sum_of_squares_of_what_documents_add(documents: list[Document]) -> None:
    whole, rest = sum(n for _, n, _, _ in documents), sum(m for *_, m in documents)
    sums = moments(documents)
    test = compare(sums)
    if whole == 0 or rest == 0 or min(sums.documents, sums.others) < 2:
        assert test is None
        return
    p, q = sum(u for u, *_ in documents) / whole, sum(v for _, _, v, _ in documents) / rest
    least = min(sums.documents, sums.others)
    naive = sum(((u - p * n) / whole - (v - q * m) / rest) ** 2 for u, n, v, m in documents) * least / (least - 1)
    assert test is not None
    assert test.difference == pytest.approx(p - q)
    assert test.error**2 >= naive * (1 - 1e-9) - 1e-12
    low, high = test.interval()
    assert -1 <= low <= test.difference <= high <= 1
    assert 0 <= test.p <= 1


def test_facts_that_come_by_documents_are_less_sure_than_independent_ones() -> None:
    apart = compare(moments([(u, 1, 0, 0) for u in [0, 1] * 40] + [(0, 0, u, 1) for u in [0, 0, 0, 1] * 20]))
    together = compare(
        moments([(u * 8, 8, 0, 0) for u in [0, 1] * 5] + [(0, 0, u * 8, 8) for u in [0, 0, 0, 1, 0] * 2])
    )
    assert apart is not None
    assert together is not None
    assert together.error > 2 * apart.error


@pytest.mark.parametrize(
    ("ratio", "freedom", "expected"),
    [(12.7062, 1, 0.05), (2.2281, 10, 0.05), (3.1693, 10, 0.01), (1.96, 100_000, 0.05), (0.0, 5, 1.0)],
)
def test_the_tails_of_student_are_those_of_tables(ratio: float, freedom: int, expected: float) -> None:
    assert student_tail(ratio, freedom) == pytest.approx(expected, rel=2e-4)


def test_the_quantile_is_the_inverse_of_the_tail() -> None:
    assert student_quantile(10) == pytest.approx(2.228139, rel=1e-6)
    assert student_tail(math.inf, 4) == 0.0


def test_discovery_rates_are_those_of_benjamini_and_hochberg() -> None:
    assert discovery_rates([0.01, 0.04, 0.03, 0.2]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.2])
    assert discovery_rates([]) == []


# --- codes ----------------------------------------------------------------------------------------------------------


def test_unmapped_codes_are_listed_by_occurrences(warehouse: Warehouse) -> None:
    warehouse.add(1, [(LOCAL, "D1", "nothing", 2), (LOCAL, "D2", "review", 5), (LOCAL, "D3", "exact", 9)])
    warehouse.add(1, [(LOCAL, "D1", "nothing", 1), ("", "", "nothing", 7)])
    found = warehouse.collect(1).unmapped
    assert [(one.code, one.documents, one.n, one.targets) for one in found.named] == [
        ("D2", 1, 5, ("cim10",)),
        ("D1", 2, 3, ("cim10",)),
    ]
    assert (found.more, found.rare, found.rare_n) == (0, 0, 0)


def test_rare_codes_are_counted_and_not_named(warehouse: Warehouse) -> None:
    for rank in range(12):
        warehouse.add(1, [BAD, (LOCAL, f"X{rank}", "nothing", 1), (LOCAL, "D0", "review", 1)])
    found = warehouse.collect(1, Limits(codes=1)).unmapped
    assert ([one.code for one in found.named], found.more, found.rare, found.rare_n) == (["D0"], 1, 12, 12)


def test_new_local_codes_were_in_no_earlier_run(warehouse: Warehouse) -> None:
    warehouse.add(1, [BAD], is_live=False)
    warehouse.add(2, [BAD, (LOCAL, "D2", "curated", 1), (CIM10, "J45", "source", 1)])
    assert [one.code for one in warehouse.collect(2).new_codes.named] == ["D2"]
    assert warehouse.collect(1).new_codes.named == ()


def test_a_code_has_disappeared_when_its_practices_should_have_sent_it(warehouse: Warehouse) -> None:
    for _ in range(10):
        warehouse.add(1, [(LOCAL, "OLD", "curated", 1), GOOD])
        warehouse.add(1, [(LOCAL, "FAR", "curated", 9)], practice="B")
    warehouse.add(1, [(LOCAL, "ONCE", "curated", 1)])
    for _ in range(10):
        warehouse.add(2, [GOOD])
    assert [(one.code, one.documents, one.n) for one in warehouse.collect(2).gone_codes.named] == [("OLD", 10, 10)]


# --- drift ----------------------------------------------------------------------------------------------------------


def drifts(found: QualityFigures) -> dict[tuple[str, str], str]:
    return {(one.practice, one.measure): one.verdict for one in found.drift}


def test_a_practice_that_changes_its_codes_drifts(warehouse: Warehouse) -> None:
    for _ in range(40):
        warehouse.add(1, [(LOCAL, "D1", "curated", 1)])
        warehouse.add(1, [GOOD], practice="B")
        warehouse.add(2, [("urn:new", "D1", "curated", 1)], section="8716-3")
        warehouse.add(2, [GOOD], practice="B")
    found = warehouse.collect(2)
    assert drifts(found) == {("A", "systems"): "drifted", ("A", "sections"): "drifted"}
    assert found.watched == 2


def test_few_documents_are_not_watched(warehouse: Warehouse) -> None:
    for _ in range(29):
        warehouse.add(1, [(LOCAL, "D1", "curated", 1)])
        warehouse.add(2, [("urn:new", "D1", "curated", 1)])
    found = warehouse.collect(2)
    assert (found.drift, found.watched) == ((), 0)


def test_facts_a_document_and_documents_a_run_are_watched(warehouse: Warehouse) -> None:
    for run in (1, 2, 3):
        for _ in range(60):
            warehouse.add(run, [GOOD])
            warehouse.add(run, [GOOD], practice="B")
    for _ in range(36):
        warehouse.add(4, [GOOD, GOOD, GOOD])
    found = warehouse.collect(4)
    assert drifts(found) == {("A", "volume"): "drifted", ("A", "documents"): "moved", ("B", "documents"): "drifted"}
    assert {(one.practice, one.measure): (one.value, one.before, one.now) for one in found.drift} == {
        ("A", "volume"): (3.0, 3.0, 9.0),
        ("A", "documents"): (0.6, 60.0, 36.0),
        ("B", "documents"): (0.0, 60.0, 0.0),
    }


def test_a_practice_without_facts_before_has_no_volume_to_compare(warehouse: Warehouse) -> None:
    for _ in range(30):
        warehouse.add(1, [])
        warehouse.add(2, [GOOD])
    assert warehouse.collect(2).drift == ()


def test_a_small_move_is_to_be_watched(warehouse: Warehouse) -> None:
    for rank in range(400):
        warehouse.add(1, [(LOCAL, "D1", "curated", 1)] if rank % 2 else [(*GOOD[:3], 1)])
        warehouse.add(2, [(LOCAL, "D1", "curated", 1)] if rank % 10 < 3 else [(*GOOD[:3], 1)])
    assert drifts(warehouse.collect(2)) == {("A", "systems"): "moved"}


COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 50), max_size=6)


@given(COUNTS, COUNTS)
def test_a_divergence_is_between_nothing_and_one_and_has_no_direction(
    before: Mapping[str, int], now: Mapping[str, int]
) -> None:
    many = (10**9, 10**9)
    value = divergence(before, now, many)
    assert 0.0 <= value <= 1.0
    assert value == pytest.approx(divergence(now, before, many))
    assert divergence(before, before, many) == 0.0


def test_what_chance_makes_is_taken_off() -> None:
    before, now = {"a": 50, "b": 50}, {"a": 56, "b": 44}
    assert divergence(before, now, (10**9, 10**9)) > 0
    assert divergence(before, now, (30, 30)) == 0.0
    assert divergence({"a": 1}, {"b": 1}, (10**9, 10**9)) == pytest.approx(1.0)


# --- JSON -----------------------------------------------------------------------------------------------------------

FACTS = RunFacts(
    run=2, day="2024-03-10", state="ended", files=5, bytes_read=900, read=4, fates={"live": 3, "repeated": 1},
    quarantine={"UnreadableInput": 1}, decisions={"cim10": {"exact": 2}}, seconds=2.0, cpu=3.3333333,
    versions={"semantix": "1.0"},
)  # fmt: skip


def test_json_is_the_same_bytes_whatever_the_order_of_documents(tmp_path: Path) -> None:
    made = []
    for name, order in (("a", 1), ("b", -1)):
        warehouse = Warehouse(tmp_path / name)
        for practice, facts in [("A", [GOOD, BAD]), ("B", [BAD]), ("B", [GOOD])][::order]:
            warehouse.add(1, facts, practice=practice)
        made.append(to_json(warehouse.collect(1, facts=FACTS)))
    assert len(set(made)) == 1


def test_json_has_its_keys_in_order_and_says_what_the_journal_says(warehouse: Warehouse) -> None:
    for _ in range(40):
        warehouse.add(1, [GOOD])
        warehouse.add(2, [("urn:new", "D1", "curated", 1)])
    told = json.loads(to_json(warehouse.collect(2, facts=FACTS)))
    assert list(told) == sorted(told)
    assert told["run"]["documents_per_second"] == 2.0
    assert (told["run"]["cpu"], told["run"]["fates"]) == (3.333, {"live": 3, "repeated": 1})
    assert told["total"] == {
        "documents": 40, "facts": 40, "source": 0, "engine": 40, "unmapped": 0, "unasked": 0, "unmapped_share": 0.0,
    }  # fmt: skip
    assert told["new_codes"]["named"][0]["code"] == "D1"
    assert [one["measure"] for one in told["drift"]] == ["systems", "volume"]


def test_a_run_that_was_not_timed_has_no_pace() -> None:
    assert RunFacts(run=1).pace == 0.0
