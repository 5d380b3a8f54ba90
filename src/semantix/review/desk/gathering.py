"""The whole desk as an Exchange: what formats write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection, select

from semantix.review.actions import Person, visible
from semantix.review.desk import log
from semantix.review.desk.projection import Arrival
from semantix.review.desk.schema import arrival, item, queue
from semantix.review.encoding import decode
from semantix.review.folding import counting
from semantix.review.formats.exchange import Entry
from semantix.review.model import Event, How, Judged, Judgement, Kind, Mode, Source, Standing, State

CHUNK = 1_000
_JUDGING = frozenset({Kind.BROUGHT, Kind.JUDGED, Kind.AGREED, Kind.RECONCILED, Kind.AUTO_ACCEPTED, Kind.AUDITED})


def entries(
    connection: Connection, states: Sequence[State], viewer: Person | None = None, mode: Mode = Mode.SINGLE
) -> Iterator[Entry]:
    """Every item in some states (all when none are named) with what stands and what stood before, by number.

    With a viewer, what blind mode hides from them is left out.
    """
    after = 0
    wanted = [queue.c.state.in_([state.value for state in states])] if states else []
    while rows := connection.execute(
        select(queue.c.item, item.c.source, arrival.c.body, queue.c.standing)
        .join(item, item.c.id == queue.c.item)
        .join(arrival, arrival.c.id == queue.c.arrival)
        .where(queue.c.item > after, *wanted)
        .order_by(queue.c.item)
        .limit(CHUNK)
    ).fetchall():
        events = log.of_items(connection, [row[0] for row in rows])
        for row in rows:
            standing = decode(row[3], Standing)
            shown = visible(standing, viewer, mode) if viewer is not None else standing
            past = () if shown.judgement != standing.judgement else _history(standing, events[row[0]])
            yield _entry(decode(row[1], Source), decode(row[2], Arrival), shown, past)
        after = rows[-1][0]


def _entry(source: Source, said: Arrival, standing: Standing, history: tuple[Judged, ...]) -> Entry:
    last = standing.judged[-1] if standing.judged else None
    imported = standing.how is How.IMPORTED
    # Nobody judged what a rule accepted elsewhere.
    people = () if imported and standing.said_automatic else standing.people
    return Entry(
        source=source,
        state=standing.state,
        judgement=_with_refusals(standing),
        proposal=said.proposal,
        frequency=said.frequency,
        senders=said.senders,
        extra=said.extra,
        score=said.score if said.score is not None else said.proposal.probability,
        justification=said.justification if imported else "",
        status_by=standing.decided_by or (last.who if last else ""),
        status_on=standing.decided_at or (last.at if last else ""),
        reviewer=standing.assignee,
        automatic=standing.how is How.AUTOMATIC or (imported and standing.said_automatic),
        acceptance=standing.acceptance,
        people=(standing.said_people if imported else ()) or people,
        history=history,
    )


def _with_refusals(standing: Standing) -> Judgement | None:
    """What stands, with the targets that were refused so far; two that differ stand as nothing but their history."""
    # Who drafts anew what was sent back has not said the old choice again.
    is_old = standing.state is State.DRAFT and not standing.judged
    judgement = None if is_old else standing.judgement
    if standing.state is State.REJECTED or not standing.refused:
        return judgement
    judgement = judgement or Judgement()
    known = {(target.part, target.system, target.code) for target in judgement.targets}
    more = tuple(each for each in standing.refused if (each.part, each.system, each.code) not in known)
    return replace(judgement, targets=(*judgement.targets, *more))


def _history(standing: Standing, events: Sequence[Event]) -> tuple[Judged, ...]:
    """The judgements that were given and do not stand, in order; where two differ, those two last."""
    found: list[Judged] = []
    for event in counting(events):
        if event.judgement is None or event.kind not in _JUDGING | {Kind.NOTED, Kind.KEPT_ASIDE}:
            continue
        if event.kind is Kind.BROUGHT and event.detail.get("state") == State.UNMAPPED:
            # Targets that a file refuses, and no choice: they are told of with what stands.
            continue
        who = event.detail.get("said_by") or event.who
        at = event.detail.get("said_on") or event.at
        if standing.judgement is None or event.judgement != standing.judgement:
            found.append(Judged(who=who, judgement=event.judgement, event=event.seq, at=at))
    if standing.state is State.TO_RECONCILE and standing.judgement is None:
        live = {each.event for each in standing.judged}
        return (*(each for each in found if each.event not in live), *standing.judged)
    return tuple(found)
