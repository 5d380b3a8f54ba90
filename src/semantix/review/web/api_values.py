"""What the HTTP interface answers. Every field is always there; values are those of :mod:`semantix.review.model`."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from semantix.review.acceptance import NoRule
from semantix.review.actions import Person, visible
from semantix.review.desk import BulkPreview, Row
from semantix.review.desk.history import Line
from semantix.review.lookup import Hit
from semantix.review.model import (
    Acceptance,
    Audit,
    Event,
    How,
    Item,
    Judged,
    Judgement,
    Kind,
    Mode,
    Proposal,
    Role,
    Source,
    Standing,
    State,
    Target,
)
from semantix.review.web.faults import Problem


class Me(Struct, frozen=True, kw_only=True):
    """Who asks, in which mode the desk is, and the token that unsafe requests bring back as ``X-CSRF-Token``."""

    name: str
    role: Role
    mode: Mode
    language: str
    csrf: str


class ItemAnswer(Struct, frozen=True, kw_only=True):
    """One thing to map, as it was imported last."""

    id: int
    source: Source
    frequency: int
    proposal: Proposal
    senders: Mapping[str, int]
    extra: Mapping[str, str]


class StandingAnswer(Struct, frozen=True, kw_only=True):
    """Where an item stands, as far as the person may see it; ``draft`` is their own. ``version`` is what they saw."""

    state: State
    judgement: Judgement | None
    how: How | None
    judged: tuple[Judged, ...]
    draft: Judgement | None
    assignee: str
    claimed_by: str
    audit: Audit
    refused: tuple[Target, ...]
    reason: str
    fate: str
    before: Judgement | None
    acceptance: Acceptance | None
    aside: tuple[Judged, ...]
    decided_by: str
    decided_at: str
    version: int


class ItemView(Struct, frozen=True, kw_only=True):
    """An item, where it stands, and the actions that the person may take now."""

    item: ItemAnswer
    standing: StandingAnswer
    may: tuple[str, ...]


class Near(Struct, frozen=True, kw_only=True):
    """An item with words in common."""

    item: ItemAnswer
    standing: StandingAnswer


class NearItems(Struct, frozen=True):
    """Items with words in common, most first."""

    items: tuple[Near, ...]


class EventAnswer(Struct, frozen=True, kw_only=True):
    """One line of the log; ``item`` is 0 for the desk, ``undoes`` 0 when the event takes nothing back.

    Digests are left out: each seals the event before it, and a choice that waits could be guessed and tried on it.
    """

    seq: int
    at: str
    who: str
    kind: Kind
    item: int
    batch: str
    mode: Mode
    judgement: Judgement | None
    acceptance: Acceptance | None
    detail: Mapping[str, str]
    undoes: int
    store: str
    engine: str


class ItemHistory(Struct, frozen=True):
    """The events of one item that the person may see, newest first."""

    events: tuple[EventAnswer, ...]


class LogLine(Struct, frozen=True, kw_only=True):
    """One event, or the first of a batch with how many events of each kind it has; ``undone`` were taken back."""

    event: EventAnswer
    counts: Mapping[str, int]
    undone: int


class Log(Struct, frozen=True):
    """Lines newest first, and the ``before`` of the next page, 0 at the end."""

    lines: tuple[LogLine, ...]
    before: int


class Items(Struct, frozen=True, kw_only=True):
    """Lines of the queue, how many items the filters keep, and the cursor of the next page, empty at the end."""

    items: tuple[Row, ...]
    total: int
    after: str


class SavedAnswer(Struct, frozen=True, kw_only=True):
    """What came of an action: its event, where the item stands now, and what the person may do now."""

    event: int
    standing: StandingAnswer
    may: tuple[str, ...]


class Outdated(Struct, frozen=True, kw_only=True):
    """Somebody acted first: a problem, with where the item stands (RFC 9457, section 3.2).

    ``kept`` is the event that keeps the judgement aside, 0 when there was none.
    """

    type: str
    status: int
    title: str
    detail: str
    key: str
    kept: int
    standing: StandingAnswer


class UndoneAnswer(Struct, frozen=True, kw_only=True):
    """What was taken back; ``left`` are items on which somebody acted since."""

    kind: Kind
    items: tuple[int, ...]
    left: tuple[int, ...]


class SearchAnswer(Struct, frozen=True, kw_only=True):
    """Codes found, best first. ``store`` is false when no store is open; ``unindexed`` are found with ``scan`` only."""

    hits: tuple[Hit, ...]
    more: bool
    store: bool
    unindexed: tuple[str, ...]


class SystemAnswer(Struct, frozen=True, kw_only=True):
    """A code system of the store, with the releases that are current."""

    key: str
    title: str
    releases: str


class Systems(Struct, frozen=True):
    """The code systems of the store."""

    systems: tuple[SystemAnswer, ...]


class Counted(Struct, frozen=True):
    """Items, and the records behind them."""

    codes: int
    records: int


class ProgressAnswer(Struct, frozen=True, kw_only=True):
    """How far the desk is."""

    codes: int
    records: int
    states: Mapping[str, Counted]


class Choices(Struct, frozen=True, kw_only=True):
    """The values that filters may have on this desk."""

    target: tuple[str, ...]
    system: tuple[str, ...]
    section: tuple[str, ...]
    sender: tuple[str, ...]
    assignee: tuple[str, ...]


class PreviewAnswer(Struct, frozen=True, kw_only=True):
    """What a bulk action would do; ``token`` names exactly this selection. ``left`` are left out, by reason."""

    what: str
    items: int
    records: int
    token: str
    examples: tuple[Row, ...]
    left: Mapping[str, int]
    rule: Acceptance | None
    no_rule: NoRule | None
    expected_wrong: float
    sample: int


def item_answer(item: Item) -> ItemAnswer:
    """Tell of an item."""
    return ItemAnswer(
        id=item.id,
        source=item.source,
        frequency=item.frequency,
        proposal=item.proposal,
        senders=item.senders,
        extra=item.extra,
    )


def standing_answer(standing: Standing, who: Person, mode: Mode) -> StandingAnswer:
    """Tell where an item stands, no more than a person may see."""
    shown = visible(standing, who, mode)
    return StandingAnswer(
        state=shown.state,
        judgement=shown.judgement,
        how=shown.how,
        judged=shown.judged,
        draft=shown.drafts.get(who.name),
        assignee=shown.assignee,
        claimed_by=shown.claimed_by,
        audit=shown.audit,
        refused=shown.refused,
        reason=shown.reason,
        fate=shown.fate,
        before=shown.before,
        acceptance=shown.acceptance,
        aside=shown.aside,
        decided_by=shown.decided_by,
        decided_at=shown.decided_at,
        version=shown.version,
    )


def event_answer(event: Event) -> EventAnswer:
    """Tell of an event that the person may see."""
    return EventAnswer(
        seq=event.seq,
        at=event.at,
        who=event.who,
        kind=event.kind,
        item=event.item,
        batch=event.batch,
        mode=event.mode,
        judgement=event.judgement,
        acceptance=event.acceptance,
        detail=event.detail,
        undoes=event.undoes,
        store=event.store,
        engine=event.engine,
    )


def line_answer(line: Line) -> LogLine:
    """Tell of a line of the log."""
    counts = {kind.value: count for kind, count in line.counts.items()}
    return LogLine(event=event_answer(line.event), counts=counts, undone=line.undone)


def preview_answer(found: BulkPreview) -> PreviewAnswer:
    """Tell what a bulk action would do."""
    return PreviewAnswer(
        what=found.what,
        items=found.items,
        records=found.records,
        token=found.token,
        examples=found.examples,
        left=found.left,
        rule=found.rule,
        no_rule=found.no_rule,
        expected_wrong=found.expected_wrong,
        sample=found.sample,
    )


def outdated_answer(problem: Problem, kept: int, standing: StandingAnswer) -> Outdated:
    """Tell that somebody acted first."""
    return Outdated(
        type=problem.type,
        status=problem.status,
        title=problem.title,
        detail=problem.detail,
        key=problem.key,
        kept=kept,
        standing=standing,
    )
