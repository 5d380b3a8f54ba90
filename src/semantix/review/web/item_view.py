"""What the item page shows, worked out from values: candidates, what may be done, what the form begins with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from semantix.errors import ActionRefused
from semantix.model import Candidate, Context, Decision, Outcome, Query
from semantix.review.actions import Action, Person, check
from semantix.review.desk import View
from semantix.review.evidence import Reading, highlight
from semantix.review.model import Event, Item, Judged, Judgement, Kind, Mode, Proposal, Standing, State, Target
from semantix.terminology.decision_words import CONFLICTS, EVIDENCE, OUTCOMES, evidence_in_words, reason_in_words

NOTHING = Judgement()
_SHARE = re.compile(r"\b([01])\.(\d+)\b")
_PROBE = Judgement(no_target=True)
_DECIDING = (Kind.RECONCILED, Kind.AUDITED, Kind.JUDGED)
ROADS: Mapping[Kind, str] = MappingProxyType(
    {Kind.JUDGED: "judge", Kind.RECONCILED: "reconcile", Kind.AUDITED: "audit"}
)
"""Where the form of the judgement is sent, by what it amounts to."""


class Card(Struct, frozen=True, kw_only=True):
    """One candidate: its number from 1, how it reads beside the label, and what the form says of it."""

    number: int
    candidate: Candidate
    reading: Reading
    conflicts: tuple[str, ...] = ()
    facts: str = ""
    name_kind: str = ""
    chosen: bool = False
    refused: bool = False


class Line(Struct, frozen=True, kw_only=True):
    """One event of the history; ``undone`` when a later one took it back."""

    event: Event
    undone: bool = False


class Side(Struct, frozen=True, kw_only=True):
    """One of two judgements that differ; ``differing`` are the places of the targets that the other does not have."""

    judged: Judged
    differing: frozenset[int] = frozenset()


def powers_of(person: Person, standing: Standing, mode: Mode) -> frozenset[str]:
    """What a person may do with an item that stands so: the kinds of actions, each tried."""
    tried = (
        Action(kind=Kind.JUDGED, judgement=_PROBE),
        Action(kind=Kind.DRAFTED, judgement=_PROBE),
        Action(kind=Kind.RECONCILED, judgement=_PROBE),
        Action(kind=Kind.AGREED),
        Action(kind=Kind.SENT_BACK, reason="-"),
        Action(kind=Kind.CLAIMED),
        Action(kind=Kind.RELEASED),
        Action(kind=Kind.ASSIGNED),
        Action(kind=Kind.NOTED, text="-"),
        Action(kind=Kind.REOPENED, reason="-"),
        Action(kind=Kind.AUDITED),
    )
    return frozenset(action.kind.value for action in tried if _may(person, action, standing, mode))


def deciding_kind(powers: frozenset[str]) -> Kind | None:
    """What saving a judgement amounts to: to reconcile, to correct a sampled acceptance, or to judge."""
    return next((kind for kind in _DECIDING if kind.value in powers), None)


def first_judgement(view: View, person: Person, mode: Mode) -> Judgement:
    """What the form holds at first: one's draft, what one said before, or what is to be looked at again."""
    standing = view.standing
    if person.name in standing.drafts:
        return standing.drafts[person.name]
    own = [each.judgement for each in standing.judged if each.who == person.name]
    if own:
        return own[-1]
    seen = standing.state in {State.ACCEPTED, State.REJECTED} or mode is Mode.SECOND_LOOK
    if standing.judgement is None or not seen:
        return NOTHING
    # What somebody else chose is a beginning; their note is theirs.
    return replace(standing.judgement, note="")


def cards_of(item: Item, judgement: Judgement, lang: str) -> tuple[Card, ...]:
    """The candidates of an item, best first."""
    chosen = {(each.system, each.code) for each in judgement.chosen}
    refused = {(each.system, each.code) for each in judgement.refused}
    cards = []
    for number, candidate in enumerate(item.proposal.candidates, 1):
        reading = highlight(item.source.label, candidate)
        place = candidate.system, candidate.code
        cards.append(
            Card(
                number=number,
                candidate=candidate,
                reading=reading,
                conflicts=tuple(CONFLICTS.get(name, (name, name))[lang == "fr"] for name in candidate.conflicts),
                facts=_facts(reading, lang),
                name_kind=EVIDENCE.get(reading.name_kind, (reading.name_kind, reading.name_kind))[lang == "fr"],
                chosen=place in chosen,
                refused=place in refused,
            )
        )
    return tuple(cards)


def why_open(proposal: Proposal, target: str, lang: str) -> tuple[str, str]:
    """What the engine made of an item and why, in words: the outcome and the reason; empty where nothing is said."""
    outcome = OUTCOMES.get(proposal.outcome, ("", ""))[lang == "fr"]
    if not proposal.reason:
        return outcome, ""
    # The words are found by the reason alone.
    told = Decision(
        Query(), Context(), target, Outcome.ABSTAINED, proposal.candidates, proposal.accepted, proposal.reason
    )
    words = reason_in_words(told, lang)
    return outcome, _SHARE.sub(r"\1,\2", words) if lang == "fr" else words


def lines_of(events: Sequence[Event]) -> tuple[Line, ...]:
    """The history of an item in the order given, what was taken back marked."""
    undone = {event.undoes for event in events if event.kind is Kind.UNDONE}
    return tuple(Line(event=event, undone=event.seq in undone) for event in events)


def sides_of(standing: Standing) -> tuple[Side, ...]:
    """The two judgements of an item to reconcile, what differs marked; empty when there are not two."""
    if len(standing.judged) < 2:
        return ()
    first, second = standing.judged[0], standing.judged[1]
    return _side(first, second.judgement), _side(second, first.judgement)


def known_targets(view: View) -> dict[tuple[str, str], Target]:
    """The targets that the item already speaks of, by system and code: their displays are taken from here."""
    known = {
        (each.system, each.code): Target(system=each.system, code=each.code, display=each.display)
        for each in view.item.proposal.candidates
    }
    standing = view.standing
    said = [
        standing.judgement,
        standing.before,
        *standing.drafts.values(),
        *(each.judgement for each in standing.judged),
    ]
    for judgement in said:
        for target in judgement.targets if judgement is not None else ():
            known[target.system, target.code] = target
    return known


def _may(person: Person, action: Action, standing: Standing, mode: Mode) -> bool:
    try:
        check(person, action, standing, mode)
    except ActionRefused:
        return False
    return True


def _side(judged: Judged, other: Judgement) -> Side:
    claims = {each.claim for each in other.chosen}
    differing = {place for place, each in enumerate(judged.judgement.chosen) if each.claim not in claims}
    return Side(judged=judged, differing=frozenset(differing))


def _facts(reading: Reading, lang: str) -> str:
    """The evidence that is not about words, on one line."""
    # Which release describes the code is told beside, with the concept.
    facts = (each for each in reading.facts if each.kind != "target")
    return evidence_in_words(facts, lang)
