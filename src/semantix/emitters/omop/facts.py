"""The common shape of a clinical fact, so that the domain of its concept can choose its table."""

from __future__ import annotations

from msgspec import Struct

from semantix.emitters.omop.codes import NOTHING, Chosen
from semantix.emitters.omop.context import Context, Row
from semantix.emitters.omop.dates import END, When
from semantix.model import Quantity, Range, Statement, Value


class Fact(Struct, kw_only=True):
    """What a row of any event table can be made of. ``qualifier`` and ``status`` are written where a table has room."""

    statement: Statement
    main: Chosen
    start: When
    type_concept: int
    end: When | None = None
    value: Value | None = None
    value_concepts: tuple[int, ...] = ()
    qualifier: Chosen = NOTHING
    qualifier_text: str | None = None
    status: Chosen = NOTHING
    provider: str | None = None
    quantity: Quantity | None = None
    reference: Range | None = None
    route: Chosen = NOTHING
    dose_unit: str | None = None
    refills: int | None = None
    days_supply: int | None = None
    lot: str | None = None
    sig: str | None = None


def common(context: Context, fact: Fact, prefix: str) -> Row:
    """The columns that every event table has."""
    return {
        "person_id": context.person,
        f"{prefix}_type_concept_id": fact.type_concept,
        "provider_id": fact.provider or context.author,
        "visit_occurrence_id": context.visit_on(fact.start.day),
        f"{prefix}_source_value": fact.main.source_value,
        f"{prefix}_source_concept_id": fact.main.source_concept or 0,
    }


def ending(context: Context, end: When | None, table: str, prefix: str) -> Row:
    """The columns of an end, if there is one; an end made up from a partial date is counted."""
    if end is None:
        return {}
    if end.imputed == END:
        context.imputed[table, END] += 1
    return {f"{prefix}_end_date": end.day, f"{prefix}_end_datetime": end.time}


def short(text: str | None, length: int = 50) -> str | None:
    """A text cut to what the column holds; codes are never cut, they are refused before."""
    if not text:
        return None
    return text if len(text) <= length else text[:length]
