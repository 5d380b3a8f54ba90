"""The walk over clinical statements: what each inherits, what keeps it out, and who handles it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from semantix.emitters.omop import fhir_status
from semantix.emitters.omop.context import Context
from semantix.emitters.omop.details import aspect_row
from semantix.emitters.omop.handlers import HANDLERS, PREFERENCES, act, certainty, condition_of, doubted, has_text
from semantix.emitters.omop.routing import assert_only, new_fact
from semantix.emitters.omop.sweep import sweep
from semantix.emitters.omop.tables.provider import provider
from semantix.emitters.omop.tables.relationship import relate
from semantix.ledger import Reason
from semantix.model import (
    Allergy,
    Immunization,
    Medication,
    Observation,
    Panel,
    Problem,
    Relative,
    Statement,
    Text,
)

CANCELLED = frozenset({"cancelled", "aborted", "nullified", "obsolete"})

UNFINISHED = frozenset({"active", "new"})


class Scope(Struct, frozen=True):
    """What a statement inherits: whom it is about, and the allergy or vaccination that it is a reaction to."""

    relative: Relative | None = None
    family: bool = False
    cause: Statement | None = None


ABOUT_PATIENT = Scope()


def visit(context: Context, statement: Statement, scope: Scope = ABOUT_PATIENT) -> None:
    """Emit one statement and those inside it."""
    relative = statement.subject or scope.relative
    if relative is not scope.relative or statement.kind == "family-history":
        scope = Scope(relative, scope.family or statement.kind == "family-history")
    context.happens(statement)
    reason = _blocked(context, statement, scope) or _handle(context, statement, scope)
    if reason is Reason.NO_DATE and context.is_future:
        context.doubt_future(statement)
    if reason is not None:
        context.exclude(statement, reason)
    for party in statement.parties:
        provider(context, party)
    sweep(context.ledger, statement, reason or Reason.NO_TARGET)
    outer = context.enter(statement.time)
    for inner in inside(statement):
        visit(context, inner, scope if scope.cause is None else Scope(relative, scope.family))
    for reaction in reactions_of(statement):
        visit(context, reaction, Scope(relative, scope.family, statement))
    context.around = outer
    if statement.kind == "lab-isolate" and statement.path in context.refs:
        _antibiogram(context, statement)


def _handle(context: Context, statement: Statement, scope: Scope) -> Reason | None:
    if scope.relative is not None or scope.family:
        return _about_relative(context, statement, scope.relative)
    if scope.cause is not None and isinstance(statement, Problem):
        return _reaction(context, statement, scope.cause)
    if statement.kind in PREFERENCES and not isinstance(statement, Observation | Panel):
        return act(context, statement)
    return HANDLERS.get(type(statement), act)(context, statement)


def inside(statement: Statement) -> Iterator[Statement]:
    """Statements directly inside another, reactions apart."""
    for link in statement.links:
        yield link.statement
    if isinstance(statement, Problem):
        yield from statement.stages


def reactions_of(statement: Statement) -> tuple[Problem, ...]:
    """What an allergy or a vaccination did."""
    return statement.reactions if isinstance(statement, Allergy | Immunization) else ()


def _blocked(context: Context, statement: Statement, scope: Scope) -> Reason | None:
    in_error = any(s is not None and certainty(s) == "entered-in-error" for s in (statement, scope.cause))
    if in_error or statement.status in CANCELLED or _is_unfinished(context, statement):
        return Reason.STATUS
    if statement.mood != "EVN":
        ordered = isinstance(statement, Medication) and statement.intent == "prescribed"
        if not ordered or statement.mood not in {"INT", "RQO"}:
            return Reason.STATUS
    if context.document.format.startswith(fhir_status.FORMAT) and (reason := fhir_status.filtered(statement)):
        return reason
    if scope.relative is not None and not scope.family:
        return Reason.NO_PERSON
    sayable = isinstance(statement, Problem | Observation | Allergy) or statement.kind.startswith("no-")
    sayable = sayable or statement.kind in PREFERENCES
    if statement.negated and not sayable:
        return Reason.NEGATED
    return None


def _is_unfinished(context: Context, statement: Statement) -> bool:
    """True of a result that its laboratory calls preliminary or pending: a later message tells it for good."""
    is_message = context.document.sender is not None or context.document.lines > 0
    return is_message and statement.kind == "lab-result" and statement.status in UNFINISHED


def _reaction(context: Context, reaction: Problem, cause: Statement) -> Reason | None:
    """What an allergy or a vaccine did: an observation of its own, related to it, never a new diagnosis."""
    what = reaction.problem
    main = context.choose(condition_of(reaction), "condition", "Condition")
    if main.is_nothing:
        return Reason.IDENTIFYING if isinstance(what, Text) or has_text(what) else Reason.NULL_CODE
    start = context.when(reaction.time, cause.time)
    if start is None:
        return Reason.NO_DATE
    fact = new_fact(context, reaction, main, start)
    fact.qualifier_text = "reaction"
    doubted(context, fact)
    assert_only(context, fact)
    whole, part = context.refs.get(cause.path), context.refs.get(reaction.path)
    if whole is not None and part is not None:
        relate(context, whole, part)
    return None


def _about_relative(context: Context, statement: Statement, relative: Relative | None) -> Reason | None:
    """Family history: an observation of the patient, qualified by the family tie (``family`` when it is not told).

    What is denied or unsure has that for a qualifier, and the tie beside it.
    """
    what = condition_of(statement) if isinstance(statement, Problem) else statement.code
    main = context.choose(what, "condition", "Condition")
    start = context.when(statement.time)
    if isinstance(statement, Panel):
        return Reason.NO_TARGET
    if main.is_nothing:
        return Reason.NULL_CODE
    if start is None:
        return Reason.NO_DATE
    tie = relative.code if relative else None
    values = statement.values if isinstance(statement, Observation) else ()
    for value in values or (None,):
        fact = new_fact(context, statement, main, start)
        fact.value = value
        fact.qualifier, fact.qualifier_text = context.choose(tie, "value", "Relationship"), "family"
        is_doubted = doubted(context, fact)
        ref = assert_only(context, fact)
        if is_doubted and tie is not None:
            aspect_row(context, ref, fact, "relative", tie)
    return None


def _antibiogram(context: Context, isolate: Statement) -> None:
    whole = context.refs[isolate.path]
    pending = list(inside(isolate))
    while pending:
        statement = pending.pop(0)
        part = context.refs.get(statement.path)
        if part is not None:
            relate(context, whole, part)
        pending += inside(statement)
