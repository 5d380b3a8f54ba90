"""A table of wordings or local codes, decided row by row: the columns added to it, and its rows in their order.

``target_code`` is filled only when the decision is accepted; the best candidate, accepted or not, has its own columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from semantix.model import Candidate, Context, Decision, Query
from semantix.terminology.candidates import in_words, known_probability, safe_cell
from semantix.terminology.matching import Request
from semantix.terminology.query_tables import BOM, QueryTable, Row

ADDED = (
    "target_code", "target_display", "outcome", "accepted", "probability", "evidence", "candidate_code",
    "candidate_display", "alternatives", "reason",
)  # fmt: skip
"""The columns added after those of the table."""
_CHUNK = 1_000


class Decider(Protocol):
    """What decides."""

    def decide_many(self, requests: Sequence[Request], target: str, top: int = 10) -> list[Decision]:
        """Decide each request."""
        ...


class Sources(Struct, frozen=True, kw_only=True):
    """Where a table says what: names of columns, empty = none; ``system`` and ``context`` hold for all rows."""

    text: str = ""
    code: str = ""
    unit: str = ""
    system: str = ""
    context: Context = Context()


class Asked(Struct, frozen=True):
    """What is asked of the engine for every row."""

    target: str
    top: int


def decide_rows(engine: Decider, table: QueryTable, sources: Sources, asked: Asked) -> Iterator[tuple[Row, Decision]]:
    """Decide the rows in their order, a thousand at a time. Raises BadTable, for a missing column at once."""
    requests = _requester(table, sources)

    def pairs() -> Iterator[tuple[Row, Decision]]:
        while chunk := list(islice(table.rows, _CHUNK)):
            decisions = engine.decide_many([requests(row) for row in chunk], asked.target, asked.top)
            yield from zip(chunk, decisions, strict=True)

    return pairs()


def _requester(table: QueryTable, sources: Sources) -> Callable[[Row], Request]:
    """How a row becomes a request."""
    names = (sources.text, sources.code, sources.unit)
    places = tuple(table.index(each) if each else -1 for each in names)

    def request(row: Row) -> Request:
        text, code, unit = (row.cells[place].strip() if place >= 0 else "" for place in places)
        query = Query(text=text, code=code, system=sources.system if code else "")
        return Request(query, replace(sources.context, unit=unit) if unit else sources.context)

    return request


def written(table: QueryTable, pairs: Iterable[tuple[Row, Decision]]) -> Iterator[str]:
    """The table with the added columns, as pieces of text in the table's own delimiter and mark of encoding."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=table.delimiter, lineterminator="\n")
    buffer.write(BOM if table.has_bom else "")
    writer.writerow((*table.columns, *added_columns(table.columns)))
    for number, (row, decision) in enumerate(pairs, 1):
        writer.writerow((*row.cells, *added_cells(decision)))
        if number % _CHUNK == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def added_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """The names of the added columns, with a number behind where the table has the name already."""
    taken = set(columns)
    return tuple(next(name for name in _numbered(each) if name not in taken) for each in ADDED)


def added_cells(decision: Decision) -> tuple[str, ...]:
    """The added cells of one row, safe to open in a spreadsheet; the cells of the table itself stay as they are."""
    first = decision.candidates[0] if decision.candidates else None
    sure = first if decision.accepted else None
    probability = known_probability(first) if first else None
    cells = (
        sure.code if sure else "",
        sure.display if sure else "",
        decision.outcome.value,
        "yes" if decision.accepted else "no",
        "" if probability is None else f"{probability:.4f}",
        in_words(first.evidence) if first else "",
        first.code if first else "",
        first.display if first else "",
        " | ".join(map(_alternative, decision.candidates[1:])),
        decision.reason,
    )
    return tuple(map(safe_cell, cells))


def _alternative(candidate: Candidate) -> str:
    probability = known_probability(candidate)
    sure = f" ({probability:.2f})" if probability is not None else ""
    return f"{candidate.code} {candidate.display}{sure}"


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
