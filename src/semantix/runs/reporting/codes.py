"""Lists of codes of sources: the unmapped ones, those that are new, those that should be there and are not."""

from __future__ import annotations

import duckdb

from semantix.runs.reporting.facts import Limits
from semantix.runs.reporting.figures import CodeCount, Codes

_THOUSAND = 1000
_COUNTED = "count(DISTINCT document) AS documents, sum(n)::BIGINT AS n"


def unmapped_codes(db: duckdb.DuckDBPyConnection, limits: Limits) -> Codes:
    """Codes for which one of the target was looked for, and not found or not accepted."""
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE listed AS SELECT system, code, {_COUNTED}, "
        "list_sort(list_distinct(list(target))) AS targets "
        "FROM now_fact WHERE is_unmapped AND code <> '' GROUP BY system, code"
    )
    return _listed(db, limits)


def new_codes(db: duckdb.DuckDBPyConnection, limits: Limits) -> Codes:
    """Local codes of this run that no earlier run had, whatever became of its documents; none in a first run."""
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE listed AS SELECT system, code, {_COUNTED}, "
        "list_sort(list_distinct(list(target))) AS targets FROM now_fact SEMI JOIN local_system USING (system) "
        "ANTI JOIN (SELECT DISTINCT system, code FROM past) USING (system, code) "
        "WHERE code <> '' AND EXISTS (SELECT 1 FROM document WHERE NOT is_now) GROUP BY system, code"
    )
    return _listed(db, limits)


def gone_codes(db: duckdb.DuckDBPyConnection, limits: Limits) -> Codes:
    """Local codes of earlier runs that this one should have, given what its practices send, and has not.

    What is expected of a code is, over practices, its share of the facts of earlier runs times the facts of this run.
    """
    db.execute(
        "CREATE OR REPLACE TEMP TABLE missing AS "
        "WITH had AS (SELECT practice, system, code, sum(n)::BIGINT AS n FROM past "
        "SEMI JOIN local_system USING (system) WHERE is_live AND code <> '' GROUP BY ALL), "
        "before AS (SELECT practice, sum(n)::BIGINT AS k FROM past WHERE is_live GROUP BY practice), "
        "now AS (SELECT practice, sum(n)::BIGINT AS k FROM now_fact GROUP BY practice) "
        f"SELECT system, code FROM had JOIN before USING (practice) JOIN now USING (practice) "
        "ANTI JOIN (SELECT DISTINCT system, code FROM now_fact) USING (system, code) GROUP BY system, code "
        f"HAVING sum(had.n::HUGEINT * now.k * {_THOUSAND} // before.k) >= $1",
        [int(limits.min_expected * _THOUSAND)],
    )
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE listed AS SELECT system, code, {_COUNTED}, "
        "list_sort(list_distinct(list(target))) AS targets FROM past_fact SEMI JOIN missing USING (system, code) "
        "WHERE is_live GROUP BY system, code"
    )
    return _listed(db, limits)


def _listed(db: duckdb.DuckDBPyConnection, limits: Limits) -> Codes:
    """The list, without naming codes that so few documents have that one might be known by it."""
    named = db.execute(
        "SELECT system, code, documents, n, targets FROM listed WHERE documents >= $1 "
        "ORDER BY n DESC, system, code LIMIT $2",
        [limits.min_group, limits.codes],
    ).fetchall()
    counted = db.execute(
        "SELECT count(*) FILTER (documents >= $1), count(*) FILTER (documents < $1), "
        "coalesce(sum(n) FILTER (documents < $1), 0)::BIGINT FROM listed",
        [limits.min_group],
    ).fetchone()
    assert counted is not None
    often, rare, rare_n = counted
    codes = tuple(
        CodeCount(system, code, documents, n, tuple(targets)) for system, code, documents, n, targets in named
    )
    return Codes(codes, often - len(codes), rare, rare_n)
