"""From a fact to rows: the domain of the standard concept chooses the table, else the kind of the statement does."""

from __future__ import annotations

from semantix.emitters.omop.codes import Chosen
from semantix.emitters.omop.concepts import EHR, TABLE_OF_DOMAIN
from semantix.emitters.omop.context import Context, Ref
from semantix.emitters.omop.dates import When
from semantix.emitters.omop.details import details
from semantix.emitters.omop.facts import Fact
from semantix.emitters.omop.tables import EVENTS
from semantix.emitters.omop.tables.provider import provider
from semantix.emitters.omop.tables.specimen import specimen
from semantix.model import Specimen, Statement

HOLDING_A_VALUE = frozenset({"measurement", "observation"})
"""The tables that have columns for a value. The others assert their concept: a value would be lost there."""


def asserts(fact: Fact) -> bool:
    """True when the fact claims its concept by itself: it has no value, or it is answered by "true"."""
    return fact.value is None or fact.value is True


def table_of(domain: str, default: str) -> str:
    """The table of a domain of the vocabulary; ``default`` without one."""
    return TABLE_OF_DOMAIN.get(domain, "observation") if domain else default


def write(context: Context, fact: Fact, table: str, *, fixed: bool = False) -> Ref:
    """One row for each standard concept of the main code, in the table of its domain; else one row in ``table``.

    A value is never lost: a fact that has one stays in a table that holds it. ``fixed`` keeps to ``table``.
    """
    statement = fact.statement
    if fact.provider is None:
        fact.provider = _provider(context, statement)
    if not fact.value_concepts:
        fact.value_concepts = fact.main.values
    ref: Ref | None = None
    for concept_id, domain in fact.main.concepts or ((0, ""),):
        name = table if fixed else table_of(domain, table)
        if name not in HOLDING_A_VALUE and not asserts(fact):
            name = "observation"
        ref = EVENTS[name](context, fact, concept_id)
    assert ref is not None
    context.refs.setdefault(statement.path, ref)
    details(context, ref, fact)
    for sample in samples(statement):
        specimen(context, sample, fact.start, fact.type_concept)
    context.done(statement)
    return ref


def samples(statement: Statement) -> tuple[Specimen, ...]:
    """What was taken from the patient: the organism of an isolate, which CDA writes as a specimen, was not."""
    some = statement.specimens[1:] if statement.kind == "lab-isolate" else statement.specimens
    return tuple(s for s in some if s.class_code != "MIC")


def assert_only(context: Context, fact: Fact) -> Ref:
    """An observation that does not claim the concept itself: refuted, unsure, about a relative, a reaction.

    The standard concept is the value, never ``observation_concept_id``: a query for the disease must not find it.
    """
    fact.value_concepts = (fact.main.concept_id,) if fact.main.concept_id else ()
    fact.main = Chosen(fact.main.coding, fact.main.source_value, fact.main.source_concept)
    return write(context, fact, "observation", fixed=True)


def new_fact(context: Context, statement: Statement, main: Chosen, start: When, default: int = EHR) -> Fact:
    """A fact about the patient, with its type concept."""
    return Fact(statement=statement, main=main, start=start, type_concept=context.type_of(statement, default))


def _provider(context: Context, statement: Statement) -> str | None:
    """Who did it, else who wrote it."""
    for role in ("performer", "author"):
        for party in statement.parties:
            if party.role == role and (key := provider(context, party)) is not None:
                return key
    return None
