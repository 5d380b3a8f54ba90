"""Official correspondences followed from one code to a target system: directly, backwards, or along a known road."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

from msgspec import Struct

from semantix.model import Evidence
from semantix.terminology.records import Link
from semantix.terminology.store import Store

ROADS: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        ("cip", "atc"): (("cip", "cis", "atc"),),
        ("ucd", "atc"): (("ucd", "cip", "cis", "atc"), ("ucd", "cis", "atc")),
        ("ucd", "cis"): (("ucd", "cip", "cis"),),
    }
)
"""The ways to a target through other systems, tried in order when no direct correspondence answers."""

MEDICINES = frozenset({"cis", "cip", "ucd"})
"""A medicine, its packs, its units: a step between two of them changes the count, never the medicine."""

UNCONDITIONAL = frozenset({"", "TRUE"})
_OPPOSITE = {"broader": "narrower", "narrower": "broader"}
_MOST = 200


class Reached(Struct, frozen=True):
    """A target code, what it is to the source (one of RELATIONS), the condition if any, and each step of the way."""

    code: str
    relation: str
    rule: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_equivalent(self) -> bool:
        """Whether the target says the same as the source, without a condition."""
        return self.relation == "equivalent" and self.rule.strip().upper() in UNCONDITIONAL


def reach(store: Store, system: str, code: str, target: str) -> tuple[Reached, ...]:
    """Follow the official correspondences of a code; equivalents first, then by code. Nothing when there are none."""
    found = _step(store, (system, target), Reached(code, "equivalent"))
    for road in ROADS.get((system, target), ()):
        if found:
            break
        found = _along(store, road, code)
    return _gathered(found)


def _along(store: Store, road: tuple[str, ...], code: str) -> list[Reached]:
    here = [Reached(code, "equivalent")]
    for step in pairwise(road):
        there = _gathered([reached for start in here for reached in _step(store, step, start)])
        # A road that spreads this wide says nothing of one code.
        here = list(there) if len(there) <= _MOST else []
    return here


def _step(store: Store, step: tuple[str, str], start: Reached) -> list[Reached]:
    system, target = step
    forward = [_reached(start, step, link, ref) for link, ref in store.links_of(system, start.code, target)]
    if forward:
        return forward
    return [
        _reached(start, step, _turned(store, link), ref) for link, ref in store.links_to(target, system, start.code)
    ]


def _turned(store: Store, link: Link) -> Link:
    """A correspondence read backwards. One of a set that stands for its source is only narrower than it."""
    relation = _OPPOSITE.get(link.relation, link.relation)
    siblings = {each.target for each, _ in store.links_of(link.system, link.code, link.target_system)}
    if relation == "equivalent" and len(siblings) > 1:
        relation = "broader"
    return Link(link.target_system, link.target, link.system, link.code, relation, link.rule)


def _reached(start: Reached, step: tuple[str, str], link: Link, ref: str) -> Reached:
    system, target = step
    rule = link.rule if link.rule.strip().upper() not in UNCONDITIONAL else ""
    said = f"{system} {start.code} -> {target} {link.target} ({link.relation}{'; ' + rule if rule else ''})"
    relation = start.relation if MEDICINES.issuperset(step) else _composed(start.relation, link.relation)
    rules = "; ".join(filter(None, (start.rule, rule)))
    return Reached(link.target, relation, rules, (*start.evidence, Evidence("map", said, ref)))


def _composed(first: str, second: str) -> str:
    if "equivalent" in (first, second):
        return second if first == "equivalent" else first
    return first if first == second else "related"


def _gathered(found: list[Reached]) -> tuple[Reached, ...]:
    """One entry a target: an equivalence wins, then the first way; ordered."""
    best: dict[str, Reached] = {}
    for reached in found:
        known = best.get(reached.code)
        if known is None or (reached.is_equivalent and not known.is_equivalent):
            best[reached.code] = reached
    return tuple(sorted(best.values(), key=lambda each: (not each.is_equivalent, each.code)))
