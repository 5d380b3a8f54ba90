"""Entries that come without candidates, put before the engine: what it answers is a proposal, whatever its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from semantix.model import SECTIONS, Context, Decision, Query
from semantix.review.formats.exchange import Entry
from semantix.review.model import NO_TEXTS, Proposal
from semantix.terminology.matching import Request

TOP = 10
"""Candidates kept."""
_CHUNK = 1_000


class Decider(Protocol):
    """What decides: the engine of semantix."""

    def decide_many(self, requests: Sequence[Request], target: str, top: int = TOP) -> list[Decision]:
        """Decide each request."""
        ...


class Versions(Struct, frozen=True, kw_only=True):
    """What stands behind a proposal: the version of semantix, and the releases of the store by target."""

    engine: str = ""
    stores: Mapping[str, str] = NO_TEXTS


def _silent(_done: int, _wanted: int) -> None:
    """Tell nobody."""


def propose(
    entries: Sequence[Entry], engine: Decider, versions: Versions, tell: Callable[[int, int], None] = _silent
) -> tuple[Entry, ...]:
    """Ask the engine for the entries that have no candidate and say which target they want; the others stay.

    An exact or curated answer is a proposal like another: nobody judged. ``tell`` hears how many of how many were
    decided. The order is kept, and what an entry gets does not depend on the others. Raises BadStore for a target that
    the store does not have.
    """
    asked: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        if entry.source.target and not entry.proposal.candidates:
            asked.setdefault(entry.source.target, []).append(place)
    wanted, done = sum(map(len, asked.values())), 0
    proposed = list(entries)
    for target, places in sorted(asked.items()):
        store = versions.stores.get(target, "")
        for start in range(0, len(places), _CHUNK):
            chunk = places[start : start + _CHUNK]
            decisions = engine.decide_many([request_of(entries[place]) for place in chunk], target, TOP)
            for place, decision in zip(chunk, decisions, strict=True):
                proposed[place] = _with(entries[place], proposal_of(decision, versions.engine, store))
            done += len(chunk)
            tell(done, wanted)
    return tuple(proposed)


def request_of(entry: Entry) -> Request:
    """What is asked for an entry. The sender counts when there is one only."""
    source = entry.source
    sender = source.sender or (next(iter(entry.senders)) if len(entry.senders) == 1 else "")
    section = source.section if source.section in SECTIONS else ""
    context = Context(sender=sender, unit=source.unit, specimen=source.specimen, section=section)
    return Request(Query(text=source.label, code=source.code, system=source.system), context)


def proposal_of(decision: Decision, engine: str, store: str) -> Proposal:
    """What an answer of the engine proposes."""
    return Proposal(
        candidates=decision.candidates[:TOP],
        outcome=decision.outcome.value,
        accepted=decision.accepted,
        reason=decision.reason,
        engine=engine,
        store=store,
    )


def targets_of(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The targets for which :func:`propose` would ask: a caller looks up their releases, and lets them be learned."""
    return tuple(sorted({each.source.target for each in entries if not each.proposal.candidates} - {""}))


def _with(entry: Entry, proposal: Proposal) -> Entry:
    score = entry.score if entry.score is not None else proposal.probability
    return replace(entry, proposal=proposal, score=score)
