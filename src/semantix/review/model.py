"""The values of the review desk: items, judgements, events, and what follows from them. No behaviour but comparison."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

from semantix.model import Candidate

NO_TEXTS: Mapping[str, str] = MappingProxyType({})
NO_COUNTS: Mapping[str, int] = MappingProxyType({})


class State(StrEnum):
    """Where an item stands. Only ``accepted`` is used by exports as a decision."""

    UNMAPPED = "unmapped"
    DRAFT = "draft"
    MAPPED = "mapped"
    IN_REVIEW = "in-review"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TO_RECONCILE = "to-reconcile"


OPEN_STATES = tuple(state for state in State if state is not State.ACCEPTED)
"""The states that wait for somebody."""


class Role(StrEnum):
    """What a person may do; each role may also do what those before it may."""

    READER = "reader"
    AUTHOR = "author"
    REVIEWER = "reviewer"
    RECONCILER = "reconciler"


class Mode(StrEnum):
    """How many people an acceptance takes: one; one and a second look; two who do not see each other's choice."""

    SINGLE = "single"
    SECOND_LOOK = "second-look"
    BLIND_DUAL = "blind-dual"


class Relation(StrEnum):
    """What the target is to the source, as SKOS says it: ``broad`` = the target is broader than the source."""

    EXACT = "exact"
    CLOSE = "close"
    BROAD = "broad"
    NARROW = "narrow"
    RELATED = "related"


class Part(StrEnum):
    """What of the source a target stands for: Usagi's MAPS_TO, MAPS_TO_VALUE, MAPS_TO_UNIT and so on."""

    TARGET = "target"
    VALUE = "value"
    UNIT = "unit"
    OPERATOR = "operator"
    TYPE = "type"
    NUMBER = "number"


class How(StrEnum):
    """Who accepted: a person, the rule of automatic acceptance, or a file that said so when it was imported."""

    PERSON = "person"
    AUTOMATIC = "automatic"
    IMPORTED = "imported"


class Audit(StrEnum):
    """What the sample of automatic acceptances says of an item."""

    NONE = ""
    WANTED = "wanted"
    RIGHT = "right"
    WRONG = "wrong"


class Source(Struct, frozen=True, kw_only=True):
    """What is to be mapped. Two items of a desk never have the same Source.

    ``system`` is a key of :mod:`semantix.systems`, or an OID or URI as written, or empty. ``sender`` is given only
    where the code means nothing without it (a local code); who sent a wording is counted in ``Item.senders``.
    ``target`` is the system that is wanted, a key of the store, or empty for any.
    """

    system: str = ""
    code: str = ""
    label: str = ""
    unit: str = ""
    specimen: str = ""
    section: str = ""
    sender: str = ""
    target: str = ""


class Proposal(Struct, frozen=True, kw_only=True):
    """What the engine, or the file that was imported, proposes for an item: candidates best first."""

    candidates: tuple[Candidate, ...] = ()
    outcome: str = ""
    accepted: bool = False
    reason: str = ""
    engine: str = ""
    store: str = ""

    @property
    def probability(self) -> float | None:
        """The calibrated probability of the first candidate; None when unknown."""
        return self.candidates[0].probability or None if self.candidates else None


class Target(Struct, frozen=True, kw_only=True):
    """One target of a judgement. ``refused`` says that the source is *not* this (SSSOM ``Not``).

    ``created_by`` and ``created_on`` (UTC, ISO 8601) are who added the target where a file says it, empty elsewhere.
    """

    system: str
    code: str
    display: str = ""
    relation: Relation = Relation.EXACT
    part: Part = Part.TARGET
    refused: bool = False
    created_by: str = ""
    created_on: str = ""

    @property
    def claim(self) -> tuple[str, str, str, str, bool]:
        """What is claimed, whatever the display."""
        return self.part, self.system, self.code, self.relation, self.refused


class Judgement(Struct, frozen=True, kw_only=True):
    """What a person (or a rule) says of an item: its targets, or that there is no suitable one.

    A valid judgement has at least one target that is not refused, or ``no_target``; never both.
    """

    targets: tuple[Target, ...] = ()
    no_target: bool = False
    note: str = ""

    @property
    def chosen(self) -> tuple[Target, ...]:
        """The targets that are not refused, in the order given."""
        return tuple(target for target in self.targets if not target.refused)

    @property
    def refused(self) -> tuple[Target, ...]:
        """The targets that are refused."""
        return tuple(target for target in self.targets if target.refused)

    def codes(self) -> frozenset[tuple[str, str, str]]:
        """What is chosen, relations aside: (part, system, code); empty for no suitable target."""
        return frozenset((target.part.value, target.system, target.code) for target in self.chosen)

    def agrees(self, other: Judgement) -> bool:
        """Tell whether both choose the same targets with the same relations; notes and refusals do not count."""
        return self.no_target == other.no_target and {t.claim for t in self.chosen} == {t.claim for t in other.chosen}


class Item(Struct, frozen=True, kw_only=True):
    """One thing to map, as it was imported last. ``senders`` are who uses it and how often; ``extra`` other columns.

    ``frequency`` is the number of records behind it, at least 1.
    """

    id: int
    source: Source
    frequency: int
    proposal: Proposal
    senders: Mapping[str, int] = NO_COUNTS
    extra: Mapping[str, str] = NO_TEXTS
    first_import: int = 0
    last_import: int = 0


class Judged(Struct, frozen=True, kw_only=True):
    """A judgement that counts: who gave it, by which event, when (UTC, ISO 8601)."""

    who: str
    judgement: Judgement
    event: int
    at: str


class Acceptance(Struct, frozen=True, kw_only=True):
    """The rule by which items were accepted automatically, and what stood behind it.

    ``threshold`` is the least probability; ``bound`` the lower 95 % confidence bound of the precision above it;
    ``right`` of ``seen`` are the judgements behind it, of which ``desk_right`` of ``desk_seen`` are the desk's own.
    """

    target: str
    precision: float
    threshold: float
    bound: float
    right: int
    seen: int
    desk_right: int
    desk_seen: int


class Standing(Struct, frozen=True, kw_only=True):
    """What the events of one item amount to.

    ``judgement`` is the one that stands: of the last who judged, of the reconciler, or of the rule. ``judged`` are the
    live judgements of people, in order (two where a second one is asked for). ``drafts`` are unfinished, by person.
    ``version`` is the last event that changed the standing: whoever saves says which one they saw. ``refused`` are
    targets that were rejected or refused so far. ``fate`` says what a new terminology version did to the target, and
    ``before`` is the judgement that stood before the item was reopened. ``acceptance`` is the rule that accepted it, if
    one did. ``aside`` are judgements that came too late to count and were kept. ``said_people`` and
    ``said_automatic`` are what the file of an imported decision says of it: who judged, and that a rule accepted it.
    """

    state: State = State.UNMAPPED
    judgement: Judgement | None = None
    how: How | None = None
    judged: tuple[Judged, ...] = ()
    drafts: Mapping[str, Judgement] = MappingProxyType({})
    assignee: str = ""
    claimed_by: str = ""
    audit: Audit = Audit.NONE
    refused: tuple[Target, ...] = ()
    reason: str = ""
    fate: str = ""
    before: Judgement | None = None
    acceptance: Acceptance | None = None
    aside: tuple[Judged, ...] = ()
    decided_by: str = ""
    decided_at: str = ""
    said_people: tuple[str, ...] = ()
    said_automatic: bool = False
    version: int = 0

    @property
    def people(self) -> tuple[str, ...]:
        """Who judged, in order."""
        return tuple(each.who for each in self.judged)


class Kind(StrEnum):
    """What an event says. Those of the first group are about the desk, the others about one item."""

    IMPORTED = "imported"
    MODE_SET = "mode-set"
    USER_ADDED = "user-added"
    USER_CHANGED = "user-changed"
    EXPORTED = "exported"
    REMAP = "remap"

    BROUGHT = "brought"
    DRAFTED = "drafted"
    JUDGED = "judged"
    AGREED = "agreed"
    SENT_BACK = "sent-back"
    RECONCILED = "reconciled"
    CLAIMED = "claimed"
    RELEASED = "released"
    ASSIGNED = "assigned"
    NOTED = "noted"
    REOPENED = "reopened"
    AUTO_ACCEPTED = "auto-accepted"
    SAMPLED = "sampled"
    AUDITED = "audited"
    REMAPPED = "remapped"
    KEPT_ASIDE = "kept-aside"
    UNDONE = "undone"


class Event(Struct, frozen=True, kw_only=True):
    """One line of the log. ``item`` is 0 for the desk; ``batch`` joins the events of one bulk action or import.

    ``judgement``, ``acceptance`` and ``detail`` hold what the kind needs: ``detail`` is short texts by name (the reason
    of a sent-back, the assignee, the mode, the fate of a code, the digest of an imported file). ``mode`` is the mode of
    the desk at that moment. ``undoes`` is the event that an ``undone`` takes back. ``store`` and ``engine`` are the
    releases and the version that were in use. ``digest`` chains the log: SHA-256 of the one before and of this event.
    """

    seq: int = 0
    at: str
    who: str
    kind: Kind
    item: int = 0
    batch: str = ""
    mode: Mode = Mode.SINGLE
    judgement: Judgement | None = None
    acceptance: Acceptance | None = None
    detail: Mapping[str, str] = NO_TEXTS
    undoes: int = 0
    store: str = ""
    engine: str = ""
    digest: str = ""
