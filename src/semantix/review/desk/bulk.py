"""Acting on many items at once: first a preview, then the action on exactly what was previewed, in one batch."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select, update

from semantix.errors import ActionRefused
from semantix.review import acceptance, actions
from semantix.review.acceptance import NoRule
from semantix.review.actions import ACCEPT_AUTOMATICALLY, BULK, Action, Person
from semantix.review.desk import log, queue
from semantix.review.desk.evidence import desk_evidence
from semantix.review.desk.projection import Arrival, standing_columns
from semantix.review.desk.queue import Filters, Row
from semantix.review.desk.schema import arrival
from semantix.review.desk.schema import queue as rows
from semantix.review.encoding import decode, encode
from semantix.review.folding import extend
from semantix.review.model import Acceptance, Event, Judgement, Kind, Mode, Role, Standing, State, Target

What = Literal["accept", "none", "agree", "assign"]
WHATS: tuple[What, ...] = ("accept", "none", "agree", "assign")
MOST = 20_000
"""Items that one action may touch: what is more waits for the next one."""
SHOWN = 20
CHUNK = 1_000

ROLES: Mapping[What, Role] = MappingProxyType(
    {"accept": ACCEPT_AUTOMATICALLY, "none": BULK, "agree": BULK, "assign": BULK}
)
"""The least role for each."""


class Bulk(Struct, frozen=True, kw_only=True):
    """What is to be done with all items that the filters keep.

    ``accept``: accept first candidates automatically, by the rule for ``precision``; ``share`` of them, and at least
    ``least``, are put before people. ``none``: no suitable target. ``agree``: agree with the author. ``assign``: give
    to ``to`` (empty: to nobody). ``note`` goes with a judgement.
    """

    what: What
    filters: Filters
    precision: float = 0.98
    share: float = 0.02
    least: int = 50
    to: str = ""
    note: str = ""


class BulkPreview(Struct, frozen=True, kw_only=True):
    """What would be done: to how many items and records, a few of them, and how many are left by reason.

    ``token`` names exactly this selection: the action is refused when it is no longer the same. ``rule`` or ``no_rule``
    for an automatic acceptance; ``sample`` of the items would be checked by people.
    """

    what: What
    items: int
    records: int
    token: str
    examples: tuple[Row, ...]
    left: Mapping[str, int] = MappingProxyType({})
    rule: Acceptance | None = None
    no_rule: NoRule | None = None
    expected_wrong: float = 0.0
    sample: int = 0


class BulkDone(Struct, frozen=True):
    """What was done: the batch, the items, and those of them in the sample that people check."""

    batch: str
    items: int
    sample: int


class Setting(Struct, frozen=True):
    """What every event of a bulk action carries, and the evidence of the engine for an automatic acceptance.

    ``stores`` are the releases in use by target system, where items of several are touched; else ``store`` is.
    """

    at: str
    batch: str
    mode: Mode
    engine: str
    store: str
    held_out: Sequence[tuple[float, bool]] = ()
    stores: Callable[[str], str] | None = None


class _Chosen(Struct, frozen=True):
    """One item that is touched: its standing and what is judged of it."""

    id: int
    frequency: int
    standing: Standing
    target: str
    judgement: Judgement | None = None
    probability: float | None = None


class _Selection(Struct, frozen=True):
    chosen: tuple[_Chosen, ...]
    left: Mapping[str, int]
    rule: Acceptance | None = None
    no_rule: NoRule | None = None


def preview(connection: Connection, person: Person, bulk: Bulk, setting: Setting) -> BulkPreview:
    """Tell what an action would do. Raises ActionRefused when the person may not take it, or it makes no sense."""
    selection = _select(connection, person, bulk, setting)
    numbers = [each.id for each in selection.chosen[:SHOWN]]
    rule = selection.rule
    expected = acceptance.preview(rule, [each.probability for each in selection.chosen]) if rule else None
    return BulkPreview(
        what=bulk.what,
        items=len(selection.chosen),
        records=sum(each.frequency for each in selection.chosen),
        token=_token(person, bulk, selection, setting.mode),
        examples=queue.rows_of(connection, numbers, person, setting.mode),
        left=selection.left,
        rule=rule,
        no_rule=selection.no_rule,
        expected_wrong=expected.expected_wrong if expected else 0.0,
        sample=len(_sample(bulk, selection, "")) if rule else 0,
    )


def apply(connection: Connection, person: Person, bulk: Bulk, token: str, setting: Setting) -> BulkDone:
    """Do what was previewed under a token, inside a writing transaction. Raises ActionRefused when it has changed."""
    selection = _select(connection, person, bulk, setting)
    expected = _token(person, bulk, selection, setting.mode)
    if token != expected:
        raise ActionRefused("the selection is no longer the one that was shown; look at it again", "selection_changed")
    if not selection.chosen:
        raise ActionRefused("no item is left to act on", "nothing_selected")
    events = [_event(person, bulk, each, selection.rule, setting) for each in selection.chosen]
    sample = _sample(bulk, selection, expected) if selection.rule else ()
    events += [_sampled(person, number, setting) for number in sample]
    standings = {each.id: each.standing for each in selection.chosen}
    for event in log.append(connection, events):
        standings[event.item] = extend(standings[event.item], event)
    write_standings(connection, standings)
    return BulkDone(setting.batch, len(selection.chosen), len(sample))


def write_standings(connection: Connection, standings: Mapping[int, Standing]) -> None:
    """Write where items stand now into the queue."""
    values = [{"b_item": number, **standing_columns(standing)} for number, standing in standings.items()]
    if not values:
        return
    columns: dict[str, Any] = {name: bindparam(name) for name in values[0] if name != "b_item"}
    statement = update(rows).where(rows.c.item == bindparam("b_item")).values(**columns)
    for start in range(0, len(values), CHUNK):
        connection.execute(statement, values[start : start + CHUNK])


# --- what is selected -----------------------------------------------------------------------------------------------


def _select(connection: Connection, person: Person, bulk: Bulk, setting: Setting) -> _Selection:
    role = ROLES.get(bulk.what)
    if role is None:
        raise ActionRefused(f"no such bulk action; there are {', '.join(WHATS)}", "unknown_action")
    if not person.may(role):
        raise ActionRefused(f"this needs the role {role}; {person.role} was found", "role_needed")
    if bulk.what == "accept":
        return _select_by_rule(connection, bulk, setting)
    action = _action(bulk)
    actions.check_asked(person, action)
    chosen: list[_Chosen] = []
    left: Counter[str] = Counter()
    for row in _candidates(connection, bulk.filters):
        standing = decode(row.standing, Standing)
        reason = _why_not(person, action, standing, setting.mode)
        if reason:
            left[reason] += 1
        elif len(chosen) == MOST:
            left["too_many"] += 1
        else:
            chosen.append(_Chosen(row.item, row.frequency, standing, row.target, action.judgement))
    return _Selection(tuple(chosen), MappingProxyType(dict(sorted(left.items()))))


def _candidates(connection: Connection, filters: Filters) -> Sequence[Any]:
    columns = (rows.c.item, rows.c.frequency, rows.c.standing, rows.c.arrival, rows.c.probability, rows.c.target)
    return connection.execute(queue.ordered(select(*columns).where(*queue.conditions(filters)), filters.order)).all()


def _action(bulk: Bulk) -> Action:
    if bulk.what == "none":
        return Action(kind=Kind.JUDGED, judgement=Judgement(no_target=True, note=bulk.note.strip()))
    return Action(kind=Kind.AGREED) if bulk.what == "agree" else Action(kind=Kind.ASSIGNED, to=bulk.to)


def _why_not(person: Person, action: Action, standing: Standing, mode: Mode) -> str:
    """Why one item is left out: a key of the words, or nothing. What is decided is not decided again in bulk."""
    judged = standing.judgement is not None or bool(standing.judged)
    if action.kind is Kind.JUDGED and judged and standing.state is not State.REJECTED:
        return "judged_already"
    if action.kind is Kind.ASSIGNED and standing.assignee == action.to:
        return "assigned_already"
    try:
        actions.check(person, action, standing, mode)
    except ActionRefused as refusal:
        return refusal.key
    return ""


def _select_by_rule(connection: Connection, bulk: Bulk, setting: Setting) -> _Selection:
    """The unmapped items that the rule takes, each with the judgement that its first candidate is the same."""
    target = bulk.filters.target
    if not target:
        raise ActionRefused("choose one target system: each has its own calibration", "target_needed")
    if not 0.5 <= bulk.precision < 1 or not 0 < bulk.share <= 1:
        raise ActionRefused("the precision is from 0.5 to below 1, the share of the sample above 0", "bad_precision")
    rule = acceptance.find_rule(target, bulk.precision, setting.held_out, desk_evidence(connection, target))
    if isinstance(rule, NoRule):
        return _Selection((), MappingProxyType({}), no_rule=rule)
    left: Counter[str] = Counter()
    taken: list[Any] = []
    for row in _candidates(connection, bulk.filters):
        standing = decode(row.standing, Standing)
        if standing.state is not State.UNMAPPED or standing.before is not None:
            left["judged_already"] += 1
        elif row.probability is None or row.probability < rule.threshold:
            left["below_threshold"] += 1
        elif len(taken) == MOST:
            left["too_many"] += 1
        else:
            taken.append((row, standing))
    chosen = _expected(_with_candidates(connection, taken, rule, left), bulk.precision, left)
    return _Selection(tuple(chosen), MappingProxyType(dict(sorted(left.items()))), rule)


def _expected(found: Sequence[_Chosen], precision: float, left: Counter[str]) -> Sequence[_Chosen]:
    """Keep the most probable items, as many as are right that often by their own probabilities.

    The bound is of other wordings than these: where the desk's items lie lower than those, fewer of them are taken.
    """
    ordered = sorted(found, key=lambda each: (-(each.probability or 0.0), each.id))
    kept, total = 0, 0.0
    for count, each in enumerate(ordered, 1):
        total += each.probability or 0.0
        if total / count >= precision:
            kept = count
    if kept < len(ordered):
        left["expected_below"] += len(ordered) - kept
    return ordered[:kept]


def _with_candidates(
    connection: Connection, taken: Sequence[Any], rule: Acceptance, left: Counter[str]
) -> Sequence[_Chosen]:
    chosen: list[_Chosen] = []
    for start in range(0, len(taken), CHUNK):
        part = taken[start : start + CHUNK]
        wanted = [row.arrival for row, _ in part]
        said = dict(connection.execute(select(arrival.c.id, arrival.c.body).where(arrival.c.id.in_(wanted))).all())
        for row, standing in part:
            proposal = decode(said[row.arrival], Arrival).proposal
            first = proposal.candidates[0] if proposal.candidates else None
            refused = {(each.system, each.code) for each in standing.refused}
            if first is None or not acceptance.takes(rule, proposal):
                left["conflict"] += 1
            elif (first.system, first.code) in refused:
                left["refused_before"] += 1
            else:
                target = Target(system=first.system, code=first.code, display=first.display)
                judgement = Judgement(targets=(target,))
                chosen.append(_Chosen(row.item, row.frequency, standing, row.target, judgement, proposal.probability))
    return chosen


# --- what is written ------------------------------------------------------------------------------------------------


def _event(person: Person, bulk: Bulk, each: _Chosen, rule: Acceptance | None, setting: Setting) -> Event:
    action = _action(bulk) if rule is None else None
    return Event(
        at=setting.at,
        who=person.name,
        kind=action.kind if action else Kind.AUTO_ACCEPTED,
        item=each.id,
        batch=setting.batch,
        mode=setting.mode,
        judgement=each.judgement,
        acceptance=rule,
        detail=actions.event_detail(action) if action else MappingProxyType({}),
        store=setting.stores(each.target) if setting.stores else setting.store,
        engine=setting.engine,
    )


def _sampled(person: Person, number: int, setting: Setting) -> Event:
    return Event(at=setting.at, who=person.name, kind=Kind.SAMPLED, item=number, batch=setting.batch,
                 mode=setting.mode, engine=setting.engine)  # fmt: skip


def _sample(bulk: Bulk, selection: _Selection, seed: str) -> tuple[int, ...]:
    return acceptance.audit_sample([each.id for each in selection.chosen], bulk.share, bulk.least, seed)


def _token(person: Person, bulk: Bulk, selection: _Selection, mode: Mode) -> str:
    said = [person.name, mode, bulk, selection.rule, [(each.id, each.standing.version) for each in selection.chosen]]
    return hashlib.sha256(encode(said).encode()).hexdigest()
