"""What a person may do with an item: the actions, who may take them and when, and the event that each one makes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from semantix.errors import ActionRefused
from semantix.review.accounts import LONGEST_NAME
from semantix.review.model import NO_TEXTS, Audit, Event, How, Judgement, Kind, Mode, Role, Standing, State

LONGEST_NOTE = 4_000
MOST_TARGETS = 50
_RANK = {role: rank for rank, role in enumerate(Role)}


class Person(Struct, frozen=True):
    """Who acts."""

    name: str
    role: Role

    def may(self, role: Role) -> bool:
        """Tell whether the person has this role, or one that includes it."""
        return _RANK[self.role] >= _RANK[role]


class Action(Struct, frozen=True, kw_only=True):
    """One thing to do. ``kind`` is one of ACTIONS; what else it needs is said there.

    ``judgement``: judged, drafted, reconciled, and an audit that finds a mistake. ``reason``: sent-back and reopened.
    ``to``: assigned (empty takes the assignment away). ``text``: noted. ``right``: audited.
    """

    kind: Kind
    judgement: Judgement | None = None
    reason: str = ""
    to: str = ""
    text: str = ""
    right: bool = True


ACTIONS: Mapping[Kind, Role] = MappingProxyType(
    {
        Kind.DRAFTED: Role.AUTHOR,
        Kind.JUDGED: Role.AUTHOR,
        Kind.CLAIMED: Role.AUTHOR,
        Kind.RELEASED: Role.AUTHOR,
        Kind.NOTED: Role.AUTHOR,
        Kind.AGREED: Role.REVIEWER,
        Kind.SENT_BACK: Role.REVIEWER,
        Kind.ASSIGNED: Role.REVIEWER,
        Kind.AUDITED: Role.REVIEWER,
        Kind.RECONCILED: Role.RECONCILER,
        Kind.REOPENED: Role.RECONCILER,
    }
)
"""The actions on one item, and the least role that may take each."""

JUDGING = frozenset({Kind.DRAFTED, Kind.JUDGED, Kind.RECONCILED, Kind.AUDITED})
"""The actions that carry a judgement; with any other it is not kept."""

UNDO = Role.AUTHOR
BULK = Role.REVIEWER
ACCEPT_AUTOMATICALLY = Role.RECONCILER


def check(person: Person, action: Action, standing: Standing, mode: Mode) -> None:
    """Raise ActionRefused when a person may not take an action, or not on an item that stands so."""
    check_asked(person, action)
    _CHECKS.get(action.kind, _nothing)(person, action, standing, mode)


def check_asked(person: Person, action: Action) -> None:
    """Raise ActionRefused for what a person may never do, wherever an item stands: by role, or as it is asked."""
    needed = ACTIONS.get(action.kind)
    if needed is None:
        raise ActionRefused(f"{action.kind} is not something that a person does with an item", "unknown_action")
    if not person.may(needed):
        raise ActionRefused(f"{action.kind} needs the role {needed}; {person.role} was found", "role_needed")
    if action.judgement is not None:
        check_judgement(action.judgement)
    if any(map(holds_no_text, _texts(action))):
        raise ActionRefused("a text holds a sign that is none", "bad_choice")
    if max(len(action.reason), len(action.text)) > LONGEST_NOTE or len(action.to) > LONGEST_NAME:
        raise ActionRefused(f"a note longer than {LONGEST_NOTE:,} characters", "note_too_long")


def holds_no_text(text: str) -> bool:
    """Tell whether a text holds what no database keeps: the sign zero, or half a sign."""
    return "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text)


def _texts(action: Action) -> Iterator[str]:
    yield from (action.reason, action.text, action.to)
    if action.judgement is not None:
        yield action.judgement.note
        for each in action.judgement.targets:
            yield from (each.system, each.code, each.display, each.created_by, each.created_on)


def check_judgement(judgement: Judgement) -> None:
    """Raise ActionRefused for a judgement that says nothing, or two things at once."""
    if judgement.no_target and judgement.chosen:
        raise ActionRefused("targets were chosen, and no suitable target too", "targets_and_none")
    if not judgement.no_target and not judgement.chosen:
        raise ActionRefused("no target was chosen; choose one, or say that none is suitable", "no_choice")
    claims = [(target.part, target.system, target.code) for target in judgement.targets]
    if len(set(claims)) < len(claims):
        raise ActionRefused("one target stands twice, or is chosen and refused at once", "target_twice")
    if any(not target.system or not target.code for target in judgement.targets):
        raise ActionRefused("a target has no system or no code", "target_incomplete")
    if len(judgement.targets) > MOST_TARGETS or len(judgement.note) > LONGEST_NOTE:
        raise ActionRefused(f"more than {MOST_TARGETS} targets, or a note that is too long", "note_too_long")


def event_detail(action: Action) -> Mapping[str, str]:
    """The texts that the event of an action keeps."""
    if action.kind in {Kind.SENT_BACK, Kind.REOPENED}:
        return MappingProxyType({"reason": action.reason.strip()})
    if action.kind is Kind.ASSIGNED:
        return MappingProxyType({"to": action.to})
    if action.kind is Kind.NOTED:
        return MappingProxyType({"text": action.text.strip()})
    if action.kind is Kind.AUDITED:
        found = {"verdict": (Audit.RIGHT if action.right else Audit.WRONG).value}
        return MappingProxyType(found | ({"reason": action.reason.strip()} if action.reason.strip() else {}))
    return NO_TEXTS


# --- what each action needs -----------------------------------------------------------------------------------------


def _nothing(_: Person, __: Action, ___: Standing, ____: Mode) -> None:
    """No more is needed."""


def _judge(person: Person, action: Action, standing: Standing, mode: Mode) -> None:
    _needs_judgement(person, action, standing, mode)
    if mode is Mode.SINGLE:
        return
    # Both have seen by now what the other chose: in blind mode nobody comes round.
    late = mode is Mode.BLIND_DUAL or person.name not in standing.people
    if standing.state is State.TO_RECONCILE and late:
        raise ActionRefused("two people judged and differ; a reconciler decides", "waits_for_reconciler")
    waits = standing.state in {State.MAPPED, State.IN_REVIEW} and person.name not in standing.people
    if mode is Mode.SECOND_LOOK and waits and not person.may(Role.REVIEWER):
        raise ActionRefused(f"a second look needs the role {Role.REVIEWER}; {person.role} was found", "role_needed")


def _needs_judgement(_: Person, action: Action, __: Standing, ___: Mode) -> None:
    if action.judgement is None:
        raise ActionRefused("no judgement was given", "no_choice")


def _agree(person: Person, _: Action, standing: Standing, mode: Mode) -> None:
    if mode is not Mode.SECOND_LOOK:
        raise ActionRefused("agreeing with what is seen belongs to the mode second-look", "not_in_this_mode")
    _needs_first(standing)
    if person.name in standing.people:
        raise ActionRefused("nobody agrees with themselves; somebody else has to look", "own_work")


def _send_back(person: Person, action: Action, standing: Standing, mode: Mode) -> None:
    if mode is Mode.BLIND_DUAL:
        raise ActionRefused("the first choice is not seen in the mode blind-dual", "not_in_this_mode")
    _needs_first(standing)
    if person.name in standing.people:
        raise ActionRefused("nobody sends back their own work; judge it again", "own_work")
    if not action.reason.strip():
        raise ActionRefused("no reason was given; the author needs one", "reason_needed")


def _needs_first(standing: Standing) -> None:
    if standing.state not in {State.MAPPED, State.IN_REVIEW} or standing.judgement is None:
        raise ActionRefused("nobody has judged this item, or it is decided already", "nothing_to_review")


def _reconcile(person: Person, action: Action, standing: Standing, mode: Mode) -> None:
    _needs_judgement(person, action, standing, mode)
    if standing.state is not State.TO_RECONCILE:
        raise ActionRefused("there is nothing to reconcile", "nothing_to_reconcile")


def _reopen(_: Person, action: Action, standing: Standing, __: Mode) -> None:
    if standing.state is not State.ACCEPTED:
        raise ActionRefused("only what is accepted can be reopened", "not_accepted")
    if not action.reason.strip():
        raise ActionRefused("no reason was given", "reason_needed")


def _audit(_: Person, action: Action, standing: Standing, __: Mode) -> None:
    if standing.how is not How.AUTOMATIC or standing.audit is not Audit.WANTED:
        raise ActionRefused("the item is not in the sample that people check", "not_sampled")
    if action.right and action.judgement is not None:
        raise ActionRefused("an acceptance that is right needs no other judgement", "targets_and_none")


def _note(_: Person, action: Action, __: Standing, ___: Mode) -> None:
    if not action.text.strip():
        raise ActionRefused("the note is empty", "note_empty")


def _claim(_: Person, __: Action, standing: Standing, ___: Mode) -> None:
    if standing.state is State.ACCEPTED:
        raise ActionRefused("the item is decided already", "nothing_to_review")


def _release(person: Person, _: Action, standing: Standing, __: Mode) -> None:
    if standing.claimed_by != person.name:
        raise ActionRefused("the item is not in your hands", "not_claimed")


_CHECKS = MappingProxyType(
    {
        Kind.DRAFTED: _needs_judgement,
        Kind.JUDGED: _judge,
        Kind.CLAIMED: _claim,
        Kind.RELEASED: _release,
        Kind.NOTED: _note,
        Kind.AGREED: _agree,
        Kind.SENT_BACK: _send_back,
        Kind.AUDITED: _audit,
        Kind.RECONCILED: _reconcile,
        Kind.REOPENED: _reopen,
    }
)


WAITING = frozenset({State.DRAFT, State.MAPPED, State.IN_REVIEW})
"""The states in which a first choice waits for a second one."""


def is_hidden(state: State, people: Collection[str], viewer: Person, mode: Mode) -> bool:
    """Tell whether a choice waits on an item that this person must not see: blind mode hides all but one's own."""
    return mode is Mode.BLIND_DUAL and state in WAITING and bool(people) and viewer.name not in people


def visible(standing: Standing, person: Person, mode: Mode) -> Standing:
    """What of a standing a person may see: in blind mode nobody sees a first choice that is not their own.

    Drafts are private in every mode.
    """
    own = {person.name: standing.drafts[person.name]} if person.name in standing.drafts else {}
    shown = replace(standing, drafts=MappingProxyType(own))
    if not is_hidden(standing.state, standing.people, person, mode):
        return shown
    # What a new release did to a target tells of it too.
    return replace(shown, judgement=None, judged=(), refused=(), aside=(), fate="")


def may_see(event: Event, standing: Standing, viewer: Person, mode: Mode) -> bool:
    """Tell whether an event of an item may be shown: drafts are private, choices wait in blind mode.

    There, a choice of somebody that was taken back is not shown either until the item is decided: they may give it
    again.
    """
    if event.who == viewer.name or event.judgement is None:
        return True
    if event.kind is Kind.DRAFTED:
        return False
    if is_hidden(standing.state, standing.people, viewer, mode):
        return False
    undecided = mode is Mode.BLIND_DUAL and standing.state in {*WAITING, State.UNMAPPED}
    return not (undecided and viewer.name not in standing.people and event.kind in {Kind.JUDGED, Kind.KEPT_ASIDE})
