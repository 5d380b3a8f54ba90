"""Documents to rows of the OMOP CDM 5.4.

:func:`emit` turns one document into rows whose keys are still *source keys* (strings): any number of workers may
emit in parallel, and the one writer (:mod:`semantix.sinks.omop`) gives the integers, in the order of its input.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from semantix.emitters.omop.checks import check_database
from semantix.emitters.omop.codes import Resolved, Resolver
from semantix.emitters.omop.concepts import SELF_REPORT
from semantix.emitters.omop.context import Context, OmopOptions, Ref, Row, is_lay
from semantix.emitters.omop.schema import SCHEMA
from semantix.emitters.omop.statements import Scope, inside, reactions_of, visit
from semantix.emitters.omop.sweep import sweep
from semantix.emitters.omop.tables import EVENTS, TABLES
from semantix.emitters.omop.tables.note import note
from semantix.emitters.omop.tables.person import observation_period, person
from semantix.emitters.omop.tables.provider import provider
from semantix.emitters.omop.tables.sources import sources
from semantix.emitters.omop.tables.visit import encompassing_visit
from semantix.ledger import Ledger, Reason
from semantix.model import Document, Issue, MappedCodings, Section, Statement

__all__ = [
    "EVENTS",
    "SCHEMA",
    "TABLES",
    "OmopEmission",
    "OmopOptions",
    "Ref",
    "Resolved",
    "Resolver",
    "Row",
    "check_database",
    "emit",
]


class OmopEmission(Struct, kw_only=True):
    """What one document gives. ``rows`` hold source keys; ``trace`` the XPath and the imputation of each event row.

    ``excluded`` counts statements left out by (kind, reason); ``imputed`` dates made up by (table, rule). ``ledger``
    holds places of the source and does not travel between processes: account for it, then set it to ``None``.
    ``open_visits`` are those whose end no date tells: what another document says of it goes before theirs.
    ``issues`` are doubts about the data that only this target meets.
    """

    name: str
    key: str
    sha256: str
    day: str | None
    rows: dict[str, list[Row]]
    trace: dict[str, list[tuple[str, str | None]]]
    excluded: dict[tuple[str, str], int]
    imputed: dict[tuple[str, str], int]
    ledger: Ledger | None
    issues: tuple[Issue, ...] = ()
    open_visits: frozenset[str] = frozenset()


def emit(document: Document, options: OmopOptions | None = None, mapped: MappedCodings | None = None) -> OmopEmission:
    """Rows of one document; ``mapped`` are codes that take part after the source's own. Nothing is written anywhere."""
    context = Context(document, options or OmopOptions(), mapped)
    if person(context):
        _body(context)
    else:
        _without_person(context)
    sweep(context.ledger, document, Reason.ADMINISTRATIVE)
    for section in _sections(document.sections):
        sweep(context.ledger, section, Reason.NO_TARGET)
    return OmopEmission(
        name=document.source.name,
        key=document.key,
        sha256=document.source.sha256,
        day=context.day.day if context.day else None,
        rows=context.rows,
        trace=context.trace,
        excluded=dict(context.excluded),
        imputed=dict(context.imputed),
        ledger=context.ledger,
        issues=tuple(context.issues),
        open_visits=frozenset(context.open_visits),
    )


def _body(context: Context) -> None:
    document = context.document
    context.day = context.living(context.calendar.read(document.time))
    author = next((p for p in document.parties if p.role == "author"), None)
    if author is not None and (is_lay(author) or _is_patient(context, author.ids)):
        context.type_concept = SELF_REPORT
    for party in document.parties:
        key = provider(context, party)
        if party is author:
            context.author = key
    for event in document.events:
        for party in event.parties:
            provider(context, party)
    if context.day is None:
        spans = [document.encounter.time] if document.encounter else []
        context.day = context.when(*spans, *(e.time for e in document.events))
    encompassing_visit(context)
    note(context)
    context.day = context.document_day(context.day)
    for section in _sections(document.sections):
        for statement in section.statements:
            visit(context, statement, Scope(section.subject))
    observation_period(context)
    sources(context)


def _is_patient(context: Context, ids: tuple[object, ...]) -> bool:
    return any(i in context.document.patient.ids for i in ids)


def _without_person(context: Context) -> None:
    """No birth year, hence no person: every statement is left out for want of a date that the CDM requires."""
    context.excluded["person", Reason.NO_DATE.value] += 1
    for section in _sections(context.document.sections):
        for statement in section.statements:
            _explain_all(context, statement)


def _explain_all(context: Context, statement: Statement) -> None:
    context.exclude(statement, Reason.NO_DATE)
    sweep(context.ledger, statement, Reason.NO_DATE)
    for inner in (*inside(statement), *reactions_of(statement)):
        _explain_all(context, inner)


def _sections(some: tuple[Section, ...]) -> Iterator[Section]:
    for section in some:
        yield section
        yield from _sections(section.sections)
