"""From the events of one item to where it stands: a pure function, the only place where states come from.

An event that a later one undid does not count. The rules of each mode are in ``docs/review-design.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from semantix.review.model import (
    OPEN_STATES,
    Audit,
    Event,
    How,
    Judged,
    Judgement,
    Kind,
    Mode,
    Standing,
    State,
    Target,
)

FRESH = Standing()
ASIDE_KINDS = frozenset({Kind.NOTED, Kind.KEPT_ASIDE, Kind.SAMPLED, Kind.UNDONE})
"""Events that do not change what somebody who looks at the item has to know before they save."""


def fold(events: Sequence[Event]) -> Standing:
    """Return what the events of one item, in the order of the log, amount to."""
    standing = FRESH
    for event in counting(events):
        standing = extend(standing, event)
    undone = [event.seq for event in events if event.kind is Kind.UNDONE]
    # What was taken back is a change too: who looked at the item before must look again.
    return replace(standing, version=max(standing.version, *undone)) if undone else standing


def extend(standing: Standing, event: Event) -> Standing:
    """Return the standing after one more event, which is no ``undone``: the same as folding all again."""
    after = _STEPS[event.kind](standing, event)
    return after if event.kind in ASIDE_KINDS else replace(after, version=event.seq)


def counting(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events that count: those that nobody undid."""
    undone = {event.undoes for event in events if event.kind is Kind.UNDONE}
    return tuple(event for event in events if event.seq not in undone and event.kind is not Kind.UNDONE)


# --- judgements ---------------------------------------------------------------------------------------------------


def _brought(standing: Standing, event: Event) -> Standing:
    """A file says what was decided elsewhere. It never overrules what the desk holds, or once held."""
    assert event.judgement is not None
    said, state = _judged(event), State(event.detail.get("state", State.MAPPED))
    if state is State.TO_RECONCILE and _may_differ(standing, said.who):
        return replace(standing, state=state, judged=(*standing.judged, said), how=How.IMPORTED)
    held = [each.judgement for each in standing.judged]
    held += [standing.judgement] if standing.judgement is not None else []
    before = [standing.before] if standing.before is not None else []
    if any(each.agrees(event.judgement) for each in (*held, *before)):
        return standing
    if held or _names_refused(standing, event.judgement):
        known = any((each.who, each.judgement) == (said.who, said.judgement) for each in standing.aside)
        return standing if known else replace(standing, aside=(*standing.aside, said))
    return _taken(standing, event, said, state)


def _taken(standing: Standing, event: Event, said: Judged, state: State) -> Standing:
    """Take what a file says of an item of which the desk holds nothing."""
    standing = replace(
        standing,
        refused=_refusals(standing, said.judgement.refused),
        said_people=tuple(filter(None, event.detail.get("people", "").split("\n"))),
        said_automatic="automatic" in event.detail,
    )
    if state is State.UNMAPPED:
        return standing
    if state is State.REJECTED:
        refused = _refusals(standing, said.judgement.chosen)
        standing = replace(standing, state=state, judgement=said.judgement, refused=refused, how=How.IMPORTED)
        return replace(standing, decided_by=said.who, decided_at=said.at)
    if state is State.ACCEPTED:
        standing = _accepted(standing, event, said.judgement, How.IMPORTED)
        return replace(standing, judged=(said,))
    state = State.MAPPED if state is State.TO_RECONCILE else state
    return replace(standing, state=state, judgement=said.judgement, judged=(said,), how=How.IMPORTED)


def _may_differ(standing: Standing, who: str) -> bool:
    """Tell whether a file may add one of the judgements that differ: to a fresh item, or beside the first of them."""
    fresh = not standing.judged and standing.judgement is None and standing.before is None
    second = standing.state is State.TO_RECONCILE and len(standing.judged) < 2 and who not in standing.people
    return fresh or second


def _names_refused(standing: Standing, judgement: Judgement) -> bool:
    refused = {(each.part, each.system, each.code) for each in standing.refused}
    return any((each.part, each.system, each.code) in refused for each in judgement.chosen)


def _drafted(standing: Standing, event: Event) -> Standing:
    assert event.judgement is not None
    drafts = MappingProxyType({**standing.drafts, event.who: event.judgement})
    standing = replace(standing, drafts=drafts)
    if standing.state in {State.UNMAPPED, State.REJECTED}:
        return replace(standing, state=State.DRAFT)
    if standing.state is State.MAPPED and event.who not in standing.people:
        return replace(standing, state=State.IN_REVIEW)
    return standing


def _judge(standing: Standing, event: Event) -> Standing:
    assert event.judgement is not None
    standing = replace(standing, drafts=_without(standing.drafts, event.who))
    said = _judged(event)
    standing = replace(standing, refused=_refusals(standing, event.judgement.refused))
    if event.mode is Mode.SINGLE:
        return replace(_accepted(standing, event, event.judgement), judged=(said,))
    if standing.state is State.ACCEPTED or not standing.judged:
        # What was accepted is judged anew: one person's word, until somebody else has looked.
        others: tuple[Judged, ...] = ()
    else:
        others = tuple(each for each in standing.judged if each.who != event.who)
    judged = (*others, said) if len(others) < 2 else (*others[:1], said)
    standing = replace(standing, judged=judged, judgement=event.judgement, claimed_by="", reason="", fate="")
    standing = replace(standing, acceptance=None, decided_by="", decided_at="")
    if len(judged) == 1:
        return replace(standing, state=State.MAPPED, how=None)
    if judged[0].judgement.agrees(judged[1].judgement):
        return _accepted(standing, event, judged[0].judgement)
    return replace(standing, state=State.TO_RECONCILE, judgement=None, how=None)


def _agreed(standing: Standing, event: Event) -> Standing:
    assert standing.judgement is not None
    said = Judged(who=event.who, judgement=standing.judgement, event=event.seq, at=event.at)
    standing = replace(standing, judged=(*standing.judged[:1], said), drafts=_without(standing.drafts, event.who))
    return _accepted(standing, event, standing.judgement or said.judgement)


def _sent_back(standing: Standing, event: Event) -> Standing:
    chosen = standing.judgement.chosen if standing.judgement is not None else ()
    return replace(
        standing,
        state=State.REJECTED,
        judged=(),
        how=None,
        refused=_refusals(standing, chosen),
        reason=event.detail.get("reason", ""),
        claimed_by="",
        decided_by=event.who,
        decided_at=event.at,
    )


def _reconciled(standing: Standing, event: Event) -> Standing:
    assert event.judgement is not None
    standing = replace(standing, refused=_refusals(standing, event.judgement.refused))
    return _accepted(standing, event, event.judgement)


def _auto_accepted(standing: Standing, event: Event) -> Standing:
    assert event.judgement is not None
    return _accepted(standing, event, event.judgement, How.AUTOMATIC)


# --- around judgements --------------------------------------------------------------------------------------------


def _claimed(standing: Standing, event: Event) -> Standing:
    second = standing.state is State.MAPPED and event.who not in standing.people
    return replace(standing, claimed_by=event.who, state=State.IN_REVIEW if second else standing.state)


def _released(standing: Standing, _: Event) -> Standing:
    state = State.MAPPED if standing.state is State.IN_REVIEW else standing.state
    return replace(standing, claimed_by="", state=state)


def _assigned(standing: Standing, event: Event) -> Standing:
    return replace(standing, assignee=event.detail.get("to", ""))


def _reopened(standing: Standing, event: Event) -> Standing:
    return replace(
        standing,
        state=State.UNMAPPED,
        judged=(),
        judgement=None,
        how=None,
        before=standing.judgement or standing.before,
        reason=event.detail.get("reason", ""),
        fate=event.detail.get("fate", standing.fate),
        audit=standing.audit if standing.audit is Audit.WRONG else Audit.NONE,
        claimed_by="",
        acceptance=None,
        decided_by="",
        decided_at="",
    )


def _remapped(standing: Standing, event: Event) -> Standing:
    """A new release: a retired target reopens the item, another change is noted beside its acceptance."""
    if event.detail.get("reopens"):
        return _reopened(standing, event)
    judgement = event.judgement or standing.judgement
    return replace(standing, judgement=judgement, fate=event.detail.get("fate", ""))


def _sampled(standing: Standing, _: Event) -> Standing:
    return replace(standing, audit=Audit.WANTED)


def _audited(standing: Standing, event: Event) -> Standing:
    """Somebody checked an automatic acceptance: it stays, or their own judgement takes its place, or it reopens."""
    if event.detail.get("verdict") == Audit.RIGHT:
        return replace(standing, audit=Audit.RIGHT)
    wrong = standing.judgement.chosen if standing.judgement is not None else ()
    standing = replace(standing, audit=Audit.WRONG, refused=_refusals(standing, wrong))
    if event.judgement is None:
        return _reopened(standing, event)
    return _judge(replace(standing, judged=(), judgement=None), event)


def _kept_aside(standing: Standing, event: Event) -> Standing:
    return replace(standing, aside=(*standing.aside, _judged(event))) if event.judgement is not None else standing


def _noted(standing: Standing, _: Event) -> Standing:
    return standing


# --- pieces -------------------------------------------------------------------------------------------------------


def _judged(event: Event) -> Judged:
    assert event.judgement is not None
    who = event.detail.get("said_by") or event.who
    return Judged(who=who, judgement=event.judgement, event=event.seq, at=event.detail.get("said_on") or event.at)


def _accepted(standing: Standing, event: Event, judgement: Judgement, how: How = How.PERSON) -> Standing:
    """An acceptance takes its targets off the list of what was refused."""
    claims = {(target.part, target.system, target.code) for target in judgement.chosen}
    imported = how is How.IMPORTED
    return replace(
        standing,
        state=State.ACCEPTED,
        judgement=judgement,
        how=how,
        refused=tuple(each for each in standing.refused if (each.part, each.system, each.code) not in claims),
        decided_by=(event.detail.get("said_by") if imported else "") or event.who,
        decided_at=(event.detail.get("said_on") if imported else "") or event.at,
        reason="",
        fate="",
        claimed_by="",
        acceptance=event.acceptance,
    )


def _refusals(standing: Standing, targets: Iterable[Target]) -> tuple[Target, ...]:
    """What was refused so far and these targets, each once."""
    found: dict[tuple[str, str, str], Target] = {(t.part.value, t.system, t.code): t for t in standing.refused}
    for target in targets:
        found.setdefault((target.part.value, target.system, target.code), replace(target, refused=True))
    return tuple(found.values())


def _without(drafts: Mapping[str, Judgement], who: str) -> Mapping[str, Judgement]:
    return MappingProxyType({name: draft for name, draft in drafts.items() if name != who})


_STEPS: Mapping[Kind, Callable[[Standing, Event], Standing]] = MappingProxyType(
    {
        Kind.BROUGHT: _brought,
        Kind.DRAFTED: _drafted,
        Kind.JUDGED: _judge,
        Kind.AGREED: _agreed,
        Kind.SENT_BACK: _sent_back,
        Kind.RECONCILED: _reconciled,
        Kind.CLAIMED: _claimed,
        Kind.RELEASED: _released,
        Kind.ASSIGNED: _assigned,
        Kind.NOTED: _noted,
        Kind.REOPENED: _reopened,
        Kind.AUTO_ACCEPTED: _auto_accepted,
        Kind.SAMPLED: _sampled,
        Kind.AUDITED: _audited,
        Kind.REMAPPED: _remapped,
        Kind.KEPT_ASIDE: _kept_aside,
    }
)


def is_open(standing: Standing) -> bool:
    """Tell whether somebody still has to act on the item."""
    return standing.state in OPEN_STATES
