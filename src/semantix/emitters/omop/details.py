"""What a row has no column for (method, site, severity...), kept as observations that point to it (f2o-081).

Each is a question and an answer: ``observation_source_concept_id`` says which aspect, ``value_source_value`` holds
the code; ``observation_event_id`` is the row it is about, ``obs_event_field_concept_id`` the key column of that
row's table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix.emitters.omop.codes import NOTHING
from semantix.emitters.omop.context import Context, Ref, Row
from semantix.emitters.omop.facts import Fact, short
from semantix.emitters.omop.schema import SCHEMA
from semantix.emitters.omop.tables.sources import local
from semantix.model import (
    Allergy,
    Concept,
    Observation,
    Problem,
    Procedure,
    Qualifier,
    Statement,
)

_ASPECTS: Mapping[type, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        Observation: (("interpretations", "interpretation"), ("methods", "method"), ("sites", "site")),
        Problem: (
            ("code", "category"),
            ("clinical_status", "clinical-status"),
            ("verification", "verification"),
            ("severity", "severity"),
            ("patient_status", "patient-status"),
            ("sites", "site"),
            ("methods", "method"),
        ),
        Allergy: (
            ("criticality", "criticality"),
            ("severity", "severity"),
            ("clinical_status", "clinical-status"),
            ("verification", "verification"),
        ),
        Procedure: (("sites", "site"), ("methods", "method"), ("approach_sites", "approach-site")),
    }
)


def details(context: Context, ref: Ref, fact: Fact) -> None:
    """Add a row for each coded aspect of the statement that is not in a row yet."""
    statement = fact.statement
    for aspect, concept in _aspects(statement):
        if concept.codings and not any(c.at in context.ledger.carried for c in concept.codings):
            aspect_row(context, ref, fact, aspect, concept)
        for qualifier in concept.qualifiers:
            _qualifier(context, ref, fact, qualifier)
    for concept in _main_concepts(fact):
        for qualifier in concept.qualifiers:
            _qualifier(context, ref, fact, qualifier)


def _aspects(statement: Statement) -> Iterator[tuple[str, Concept]]:
    for field, aspect in _ASPECTS.get(type(statement), ()):
        found = getattr(statement, field)
        if isinstance(found, Concept):
            yield aspect, found
        elif found:
            for concept in found:
                yield aspect, concept
    if statement.priority is not None:
        yield "priority", statement.priority


def _main_concepts(fact: Fact) -> Iterator[Concept]:
    statement = fact.statement
    for concept in (statement.problem if isinstance(statement, Problem) else statement.code, fact.value):
        if isinstance(concept, Concept):
            yield concept


def _qualifier(context: Context, ref: Ref, fact: Fact, qualifier: Qualifier) -> None:
    """The name of a qualifier is the question, its value the answer; a value may be qualified in its turn."""
    value = qualifier.value
    if value is None or not value.codings:
        return
    question = context.choose(qualifier.name, "observation", "Observation")
    if not any(c.at in context.ledger.carried for c in value.codings):
        row = aspect_row(context, ref, fact, "qualifier", value)
        if question is not NOTHING and row is not None:
            row["observation_source_value"] = question.source_value
            row["observation_source_concept_id"] = question.source_concept
            context.keep(question)
    for inner in value.qualifiers:
        _qualifier(context, ref, fact, inner)


def aspect_row(context: Context, ref: Ref, fact: Fact, aspect: str, concept: Concept) -> Row | None:
    """Add the row that says one aspect of another row; ``None`` for a concept without a code that may be kept."""
    chosen = context.choose(concept, "value", "Observation")
    if chosen.coding is None:
        return None
    context.keep(chosen)
    row: Row = {
        "person_id": context.person,
        "observation_concept_id": 0,
        "observation_date": fact.start.day,
        "observation_datetime": fact.start.time,
        "observation_type_concept_id": fact.type_concept,
        "provider_id": fact.provider or context.author,
        "visit_occurrence_id": context.visit_on(fact.start.day),
        "observation_source_concept_id": local(context, f"aspect-{aspect}"),
        "value_source_value": chosen.source_value,
        "value_as_concept_id": chosen.concept_id,
        "value_as_string": short(chosen.coding.display, 60),
        "observation_event_id": ref,
        "obs_event_field_concept_id": _field(context, ref[0]),
    }
    context.add("observation", row, fact.statement.path, fact.start.imputed)
    return row


def _field(context: Context, table: str) -> int | str:
    name = f"{table}.{SCHEMA[table].key}"
    vocabulary = context.options.vocabulary
    if vocabulary is not None:
        resolved = vocabulary.resolve(("CDM",), name)
        if resolved and resolved.concepts:
            return resolved.concepts[0][0]
    return local(context, f"field-{name}")
