"""The sums of a run: what the journal tells of each of its chunks, added up."""

from __future__ import annotations

from typing import Any

from semantix.runs.accounts import add_counts
from semantix.runs.register import Register


def sums_of(register: Register, run: int) -> dict[str, Any]:
    """The sums of the chunks of a run: what the journal tells of each, added up."""
    counts: dict[str, dict[str, int]] = {}
    cost = {"seconds": 0.0, "cpu": 0.0, "engine_cpu": 0.0}
    sums = {"chunks": 0, "documents": 0, "withdrawals": 0, "bytes": 0}
    quarantined: dict[str, int] = {}
    for entry in register.entries(run, "chunk"):
        body = entry.body
        add_counts(counts, body["counts"])
        for name, spent in body["cost"].items():
            cost[name] = round(cost[name] + spent, 6)
        for error, count in body["quarantined"].items():
            quarantined[error] = quarantined.get(error, 0) + count
        sums["chunks"] += 1
        for name in ("documents", "withdrawals", "bytes"):
            sums[name] += body[name]
    return sums | {"counts": counts, "quarantined": quarantined, "cost": cost}
