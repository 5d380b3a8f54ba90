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
from semantix.model import Statement


def write(context: Context, fact: Fact, table: str) -> None:
    """One row for each standard concept of the main code, in the table of its domain; else one row in ``table``."""
    statement = fact.statement
    if fact.provider is None:
        fact.provider = _provider(context, statement)
    if not fact.value_concepts:
        fact.value_concepts = fact.main.values
    ref: Ref | None = None
    for concept_id, domain in fact.main.concepts or ((0, ""),):
        name = TABLE_OF_DOMAIN.get(domain, "observation") if domain else table
        ref = EVENTS[name](context, fact, concept_id)
    assert ref is not None
    context.refs.setdefault(statement.path, ref)
    details(context, ref, fact)
    for sample in statement.specimens:
        specimen(context, sample, fact.start, fact.type_concept)
    context.done(statement)


def assert_only(context: Context, fact: Fact) -> None:
    """An observation that does not claim the concept itself: refuted, unsure, about a relative, a reaction.

    The standard concept is the value, never ``observation_concept_id``: a query for the disease must not find it.
    """
    fact.value_concepts = (fact.main.concept_id,) if fact.main.concept_id else ()
    fact.main = Chosen(fact.main.coding, fact.main.source_value, fact.main.source_concept)
    write(context, fact, "observation")


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
