"""Two runs beside each other: what their journals tell differently, cost aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from semantix.errors import BadPlan
from semantix.runs.register import Register
from semantix.runs.sums import sums_of


class Difference(Struct, frozen=True):
    """One thing that both runs tell, each its own way; ``None`` is said by neither."""

    what: str
    before: Any
    after: Any


def compare(register: Register, before: int, after: int) -> list[Difference]:
    """What differs between two runs: versions, inputs, counts, decisions, fates. Raises BadPlan for an unknown run."""
    one, other = (dict(_flat("", _facts(register, run))) for run in (before, after))
    names = sorted(one.keys() | other.keys())
    return [Difference(name, one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name)]


def _facts(register: Register, run: int) -> dict[str, Any]:
    known = next((each for each in register.runs() if each.id == run), None)
    if known is None:
        raise BadPlan(f"run {run}: no such run; semantix run status lists them")
    sums = sums_of(register, run)
    sums.pop("cost")
    end = next((entry.body for entry in register.entries(run, "end")), {})
    return {
        "kind": known.kind,
        "state": known.state.value,
        "versions": register.basis_parts(known.basis),
        "fates": end.get("fates", {}),
        "published": end.get("published", {}),
        **sums,
    }


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(f"{prefix} / {name}" if prefix else str(name), inner)
    else:
        yield prefix, value
