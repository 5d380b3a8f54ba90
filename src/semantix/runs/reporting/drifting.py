"""What changed in a practice between the runs before and this one: where codes come from, sections, volumes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median

import duckdb

from semantix.runs.reporting.divergence import divergence
from semantix.runs.reporting.facts import Limits
from semantix.runs.reporting.figures import Drift

DIGITS = 6
FEWEST_RUNS = 3
"""Earlier runs from which the documents a run of a practice have a custom."""
_Sides = tuple[dict[str, int], dict[str, int]]


def drift_of(db: duckdb.DuckDBPyConnection, limits: Limits) -> tuple[tuple[Drift, ...], int]:
    """What drifts, by practice, and in how many practices it was looked for."""
    least = max(limits.min_drift, limits.min_group)
    documents = {
        practice: (before, now)
        for practice, before, now in db.execute(
            "SELECT practice, count(*) FILTER (NOT is_now), count(*) FILTER (is_now) FROM document WHERE is_live "
            "GROUP BY practice HAVING least(count(*) FILTER (NOT is_now), count(*) FILTER (is_now)) >= $1 "
            "ORDER BY practice",
            [least],
        ).fetchall()
    }
    db.execute("CREATE OR REPLACE TEMP TABLE compared (practice VARCHAR)")
    if documents:
        db.executemany("INSERT INTO compared VALUES ($1)", [[practice] for practice in documents])
    found: list[Drift] = []
    for column, measure in (("system", "systems"), ("section", "sections")):
        sides = _sides(db, column)
        found += _divergences(sides, documents, measure, limits)
        if column == "section":
            found += _volumes(sides, documents, limits)
    counted = _received(db)
    found += _received_apart(counted, least, limits)
    watched = len({*documents, *counted})
    return tuple(sorted(found, key=lambda one: (one.verdict != "drifted", one.practice, one.measure))), watched


def _sides(db: duckdb.DuckDBPyConnection, column: str) -> dict[str, _Sides]:
    """Facts by value of a column, before and now, of each practice that is compared."""
    sides: dict[str, _Sides] = {}
    for place, fact in enumerate(("past", "now_fact")):
        rows = db.execute(
            f"SELECT practice, {column}, sum(n)::BIGINT FROM {fact} SEMI JOIN compared USING (practice) "
            "WHERE is_live GROUP BY ALL"
        ).fetchall()
        for practice, name, number in rows:
            sides.setdefault(practice, ({}, {}))[place][name] = number
    return sides


def _divergences(
    sides: Mapping[str, _Sides], documents: Mapping[str, tuple[int, int]], measure: str, limits: Limits
) -> Iterator[Drift]:
    for practice, (before, now) in sides.items():
        value = round(divergence(before, now, documents[practice]), DIGITS)
        if value >= limits.moved:
            verdict = "drifted" if value >= limits.drifted else "moved"
            former, latter = documents[practice]
            yield Drift(practice, measure, value, float(former), float(latter), verdict)


def _volumes(sides: Mapping[str, _Sides], documents: Mapping[str, tuple[int, int]], limits: Limits) -> Iterator[Drift]:
    """Facts a document; a practice without any before has none to compare with."""
    for practice, counted in documents.items():
        before, now = (
            sum(side.values()) / number for side, number in zip(sides.get(practice, ({}, {})), counted, strict=True)
        )
        yield from _ratio(practice, "volume", (before, now), limits)


def _received(db: duckdb.DuckDBPyConnection) -> dict[str, tuple[float, int]]:
    """How many documents a run a practice used to send, and sent now, where it has sent since some runs."""
    runs = [run for (run,) in db.execute("SELECT DISTINCT run FROM document WHERE NOT is_now ORDER BY run").fetchall()]
    counts: dict[str, dict[int, int]] = {}
    now: dict[str, int] = {}
    rows = db.execute("SELECT practice, run, is_now, count(*) FROM document GROUP BY ALL").fetchall()
    for practice, run, is_now, number in rows:
        if is_now:
            now[practice] = number
        else:
            counts.setdefault(practice, {})[run] = number
    found = {}
    for practice, by_run in counts.items():
        since = [run for run in runs if run >= min(by_run)]
        if len(since) >= FEWEST_RUNS:
            found[practice] = (float(median(by_run.get(run, 0) for run in since)), now.get(practice, 0))
    return found


def _received_apart(counted: Mapping[str, tuple[float, int]], least: int, limits: Limits) -> Iterator[Drift]:
    for practice, (usual, now) in counted.items():
        if usual >= least:
            yield from _ratio(practice, "documents", (usual, float(now)), limits)


def _ratio(practice: str, measure: str, sides: tuple[float, float], limits: Limits) -> Iterator[Drift]:
    before, now = sides
    if not before:
        return
    ratio = now / before
    apart = max(ratio, 1 / ratio) if ratio else limits.volume_drifted
    if apart >= limits.volume_moved:
        verdict = "drifted" if apart >= limits.volume_drifted else "moved"
        yield Drift(practice, measure, round(ratio, DIGITS), round(before, DIGITS), round(now, DIGITS), verdict)
