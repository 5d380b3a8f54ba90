"""A SOURCE_TO_CONCEPT_MAP file → entries."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from semantix.errors import BadMappings
from semantix.model import Candidate, Evidence
from semantix.review.formats import _stcm_columns as columns_of
from semantix.review.formats._cells import decoded, delimiter_of, plain
from semantix.review.formats._usagi_words import number_of
from semantix.review.formats.exchange import Concepts, Entry, Exchange, Problem
from semantix.review.formats.omop_concepts import OMOP, VOCABULARIES
from semantix.review.model import Judgement, Proposal, Source, State, Target

if TYPE_CHECKING:
    from _csv import Reader

_SYSTEMS = MappingProxyType({name.casefold(): key for key, names in VOCABULARIES.items() for name in names})
_NULLS = frozenset({"", "null", "\\n"})
_OUTCOME = "stcm"
_LONGEST = 10_000_000


class _Row(Struct, frozen=True):
    line: int
    number: int
    facts: Mapping[str, str]

    @property
    def reason(self) -> str:
        """Why the row is no longer valid, empty when it is."""
        return self.facts["invalid_reason"]


def read_stcm(data: bytes, name: str, concepts: Concepts | None) -> Exchange:
    """Read a table; ``concepts`` gives the names of the targets. Raises BadMappings when it is none.

    A row that cannot be read is left out, with a Problem, and so is the entry that it belongs to.
    """
    problems: list[Problem] = []
    groups: dict[tuple[str, ...], list[_Row]] = {}
    damaged: set[tuple[str, ...]] = set()
    for line, facts, damage in _rows(data, name):
        key = tuple(facts[column] for column in ("source_vocabulary_id", "source_code", "source_code_description"))
        number = number_of(facts["target_concept_id"] or "0")
        if damage or number is None:
            found = damage or "target_concept_id: not a number"
            problems.append(Problem(line, found, "nine columns, numbers as ids; the entry is left out"))
            damaged.add(key)
        else:
            groups.setdefault(key, []).append(_Row(line, number, facts))
    entries = tuple(_entry(rows, concepts, problems) for key, rows in groups.items() if key not in damaged)
    vocabularies = {key[0] for key in groups}
    meta = {columns_of.SOURCE_VOCABULARY: vocabularies.pop()} if len(vocabularies) == 1 else {}
    return Exchange(entries=entries, meta=meta, problems=tuple(sorted(problems, key=lambda problem: problem.line)))


_Found = tuple[int, dict[str, str], str]


def _rows(data: bytes, name: str) -> Iterator[_Found]:
    text = decoded(data)
    first = text.partition("\n")[0]
    delimiter = delimiter_of(first, columns_of.COLUMNS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    limit = csv.field_size_limit(_LONGEST)
    try:
        yield from _read(reader, name)
    except csv.Error as error:
        raise BadMappings(f"{name}, line {reader.line_num}: no table ({error}); expected a CSV file") from None
    finally:
        csv.field_size_limit(limit)


def _read(reader: Reader, name: str) -> Iterator[_Found]:
    """Line, cells by column, and what is wrong with the row."""
    header = [cell.strip().casefold() for cell in next(reader, [])]
    missing = [column for column in columns_of.REQUIRED if column not in header]
    if missing:
        found = f"{len(header)} columns without {', '.join(missing)}" if any(header) else "an empty first line"
        wanted = ", ".join(columns_of.COLUMNS)
        raise BadMappings(f"{name}, line 1: {found}; expected the columns of SOURCE_TO_CONCEPT_MAP: {wanted}")
    before = 1
    for cells in reader:
        line, before = before + 1, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        damage = f"{len(cells)} cells" if any(cells[len(header) :]) else ""
        given = dict(zip(header, cells, strict=False))
        yield line, {column: _value(column, given.get(column, "")) for column in columns_of.COLUMNS}, damage


def _value(column: str, cell: str) -> str:
    if column == "source_code":
        return cell
    if column == "source_code_description":
        return plain(cell)
    return "" if cell.strip().casefold() in _NULLS else cell.strip()


def _entry(rows: list[_Row], concepts: Concepts | None, problems: list[Problem]) -> Entry:
    facts = rows[0].facts
    valid = [row for row in rows if not row.reason]
    chosen = dict.fromkeys(row.number for row in valid if row.number)
    if valid and chosen and any(not row.number for row in valid):
        problems.append(Problem(rows[0].line, "concept 0 beside others", "one or the other; 0 is left out"))
    vocabulary = facts["source_vocabulary_id"]
    source = Source(
        system=_SYSTEMS.get(vocabulary.casefold(), ""),
        code=facts["source_code"],
        label=facts["source_code_description"],
    )
    judgement = None
    if valid:
        judgement = Judgement(targets=tuple(_target(each, concepts) for each in chosen), no_target=not chosen)
    return Entry(
        source=source,
        state=State.ACCEPTED if valid else State.UNMAPPED,
        judgement=judgement,
        proposal=Proposal() if valid else _retired(rows, concepts),
        extra=_extra(rows),
        line=rows[0].line,
    )


def _target(number: int, concepts: Concepts | None) -> Target:
    known = concepts.concept(number) if concepts else None
    return Target(system=OMOP, code=str(number), display=known.name if known else "")


def _retired(rows: list[_Row], concepts: Concepts | None) -> Proposal:
    """What a code was mapped to until its rows were made invalid: candidates, not decisions."""
    reasons = {row.number: row.reason for row in rows if row.number}
    targets = [(_target(number, concepts), reason) for number, reason in reasons.items()]
    candidates = tuple(
        Candidate(target.system, target.code, target.display, 0.0, 0.0, (Evidence("invalid", reason),))
        for target, reason in targets
    )
    return Proposal(candidates=candidates, outcome=_OUTCOME if candidates else "")


def _extra(rows: list[_Row]) -> Mapping[str, str]:
    """What the rows say beside: the vocabulary, the concept of the source, dates that are not the usual ones."""
    facts = next(chain((row.facts for row in rows if not row.reason), (row.facts for row in rows)))
    usual = {
        columns_of.SOURCE_VOCABULARY: "",
        columns_of.SOURCE_CONCEPT: "0",
        columns_of.VALID_FROM: columns_of.FIRST_DAY,
        columns_of.VALID_TO: columns_of.LAST_DAY,
    }
    return {name: facts[name] for name, value in usual.items() if facts[name] not in ("", value)}
