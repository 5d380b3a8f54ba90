"""Shares by dimension, small groups pooled, each group against the rest."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from semantix.runs.grouping import AGE_BANDS, OLDEST
from semantix.runs.reporting.contrasts import Moments, Test, compare, discovery_rates
from semantix.runs.reporting.facts import Limits
from semantix.runs.reporting.figures import DIMENSIONS, OF_FACTS, OTHER, Contrast, Group, Share

DIGITS = 6
"""Decimals kept of what is computed in floating point."""
_SUMS = (
    "coalesce(sum(n) FILTER (outcome = 'source'), 0)::BIGINT AS source, "
    "coalesce(sum(n) FILTER (outcome NOT IN ('source', 'unasked', 'review', 'nothing')), 0)::BIGINT AS engine, "
    "coalesce(sum(n) FILTER (is_unmapped), 0)::BIGINT AS unmapped, "
    "coalesce(sum(n) FILTER (outcome = 'unasked'), 0)::BIGINT AS unasked"
)
_MOMENTS = (
    "count(*), sum(source), sum(engine), sum(unmapped), sum(unasked), count(*) FILTER (n > 0), "
    "count(*) FILTER (k > 0), count(*) FILTER (k > n), sum(unmapped), sum(n), sum(unmapped * unmapped), "
    "sum(unmapped * n), sum(n * n), sum(unmapped * t), sum(unmapped * k), sum(n * t), sum(n * k)"
)
_REGROUPED = (
    "(SELECT document, CASE WHEN name IN (FROM small) THEN '" + OTHER + "' ELSE name END AS name, "
    "sum(source)::BIGINT AS source, sum(engine)::BIGINT AS engine, sum(unmapped)::BIGINT AS unmapped, "
    "sum(unasked)::BIGINT AS unasked FROM part GROUP BY ALL)"
)
_BANDS = ("", *(name for _, name in AGE_BANDS), OLDEST)


def total_of(db: duckdb.DuckDBPyConnection, fact: str, condition: str) -> Share:
    """The share of all live documents of one side; documents without any fact count as documents."""
    row = db.execute(f"SELECT {_SUMS} FROM {fact} WHERE is_live").fetchone()
    counted = db.execute(f"SELECT count(*) FROM document WHERE is_live AND {condition}").fetchone()
    assert row is not None
    assert counted is not None
    return Share(counted[0], *row)


def targets_of(db: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """Facts of this run by target system and outcome."""
    found: dict[str, dict[str, int]] = {}
    rows = db.execute("SELECT target, outcome, sum(n)::BIGINT FROM now_fact GROUP BY ALL ORDER BY ALL").fetchall()
    for target, outcome, number in rows:
        found.setdefault(target, {})[outcome] = number
    return found


def dimensions_of(db: duckdb.DuckDBPyConnection, limits: Limits) -> dict[str, tuple[Group, ...]]:
    """The groups of each dimension, compared with the rest.

    Comparisons of groups of documents are corrected together, and those of groups of facts: among the latter many
    differ for good reasons, and would let too much pass among the former.
    """
    db.execute(f"CREATE TEMP TABLE of_document AS SELECT document, {_SUMS} FROM now_fact GROUP BY document")
    whole = db.execute(
        "SELECT count(*), sum(unmapped), sum(k), sum(unmapped * unmapped), sum(unmapped * k), sum(k * k) "
        "FROM (SELECT unmapped, source + engine + unmapped AS k FROM of_document) WHERE k > 0"
    ).fetchone()
    assert whole is not None
    found = {dimension: _measured(db, dimension, limits, whole) for dimension in DIMENSIONS}
    contrasts: dict[tuple[str, str], Contrast] = {}
    for of_facts in (False, True):
        tests = [
            ((dimension, name), test)
            for dimension, groups in found.items()
            if (dimension in OF_FACTS) == of_facts
            for name, (_, test, _) in groups.items()
            if test is not None
        ]
        rates = discovery_rates([test.p for _, test in tests])
        contrasts |= {key: _contrast(test, rate, limits) for (key, test), rate in zip(tests, rates, strict=True)}
    return {
        dimension: _ordered(
            dimension,
            [
                Group(name, share, contrasts.get((dimension, name)), pooled)
                for name, (share, _, pooled) in groups.items()
            ],
        )
        for dimension, groups in found.items()
    }


def _measured(
    db: duckdb.DuckDBPyConnection, dimension: str, limits: Limits, whole: tuple[int, ...]
) -> dict[str, tuple[Share, Test | None, int]]:
    """The share, the comparison and how many names are pooled, of each group of a dimension."""
    db.execute("DROP TABLE IF EXISTS part")
    if dimension in OF_FACTS:
        db.execute(
            f"CREATE TEMP TABLE part AS SELECT document, {dimension} AS name, {_SUMS} FROM now_fact GROUP BY ALL"
        )
    else:
        db.execute(
            f"CREATE TEMP TABLE part AS SELECT document, coalesce({dimension}, '') AS name, "
            "coalesce(source, 0) AS source, coalesce(engine, 0) AS engine, coalesce(unmapped, 0) AS unmapped, "
            "coalesce(unasked, 0) AS unasked FROM document LEFT JOIN of_document USING (document) "
            "WHERE is_now AND is_live"
        )
    counts = dict(db.execute("SELECT name, count(*) FROM part GROUP BY name").fetchall())
    small = pooled(counts, limits.min_group, are_apart=dimension not in OF_FACTS)
    db.execute("CREATE OR REPLACE TEMP TABLE small (name VARCHAR)")
    if small:
        db.executemany("INSERT INTO small VALUES ($1)", [[name] for name in sorted(small)])
    source = _REGROUPED if small else "part"
    rows = db.execute(
        f"SELECT name, {_MOMENTS} FROM (SELECT g.*, g.source + g.engine + g.unmapped AS n, d.unmapped AS t, "
        f"d.source + d.engine + d.unmapped AS k FROM {source} g LEFT JOIN of_document d USING (document)) "
        "GROUP BY name ORDER BY name"
    ).fetchall()
    return {
        name: (Share(*map(int, sums[:5])), _test(sums[5:], whole, limits), len(small) if name == OTHER else 0)
        for name, *sums in rows
    }


def pooled(counts: Mapping[str, int], least: int, *, are_apart: bool) -> frozenset[str]:
    """The names to show together: those of too few documents and, if these are still too few, the next ones.

    Were one small group pooled alone, the total would give it away. ``are_apart`` says that no document is in two
    groups; else as many documents as the largest group has are sure to be there.
    """
    order = sorted(counts, key=lambda name: (counts[name], name))
    small = [name for name in order if counts[name] < least]
    while small and len(small) < len(order):
        numbers = [counts[name] for name in small]
        if len(small) > 1 and (sum(numbers) if are_apart else max(numbers)) >= least:
            break
        small.append(order[len(small)])
    return frozenset(small)


def _test(sums: list[int | None], whole: tuple[int, ...], limits: Limits) -> Test | None:
    """Compare a group with the rest, where both have documents enough to be shown."""
    documents, counted, mixed, *products = (int(each or 0) for each in sums)
    all_documents, t, k, tt, tk, kk = (int(each or 0) for each in whole)
    u, n, uu, un, nn, ut, uk, nt, nk = products
    others = all_documents - counted + mixed
    if min(documents, others) < limits.min_group:
        return None
    return compare(Moments(documents, others, u, n, t, k, uu, un, nn, ut, uk, nt, nk, tt, tk, kk))


def _contrast(test: Test, rate: float, limits: Limits) -> Contrast:
    # A zero has no sign once rounded.
    difference, low, high = (round(each, DIGITS) + 0.0 for each in (test.difference, *test.interval()))
    is_told = rate <= limits.discovery_rate and abs(test.difference) >= limits.min_difference
    verdict = "alike" if not is_told else "more" if difference > 0 else "less"
    return Contrast(difference, low, high, round(rate, DIGITS), verdict)


def _ordered(dimension: str, groups: list[Group]) -> tuple[Group, ...]:
    """Ages and periods in their order, others by how many facts they have; what is pooled comes last."""
    if dimension == "age_band":
        return tuple(sorted(groups, key=lambda g: (g.name == OTHER, g.name not in _BANDS, _band(g.name), g.name)))
    if dimension == "period":
        return tuple(sorted(groups, key=lambda g: (g.name == OTHER, not g.name, g.name)))
    return tuple(sorted(groups, key=lambda g: (g.name == OTHER, -g.share.facts, g.name)))


def _band(name: str) -> int:
    return _BANDS.index(name) if name in _BANDS else 0
