"""The table of candidates that ``convert --candidates`` writes, read back: one entry a source, best candidate first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from semantix.errors import BadMappings
from semantix.io import shown
from semantix.model import Candidate, Outcome
from semantix.review.formats.exchange import Entry, Exchange, Problem
from semantix.review.intake.gathering import clean, fault_of, gather, system_of
from semantix.review.intake.sheets import Sheet, open_text
from semantix.review.model import Proposal, Source
from semantix.terminology.candidates import COLUMNS, parse_evidence, plain_cell
from semantix.terminology.query_tables import Row

SIGNS = frozenset({"source_label", "rank", "target_code", "outcome", "evidence"})
"""Columns that only this table has together."""
_RELEASED = frozenset({"target", "label", "synonym", "code"})
"""Kinds of evidence whose source is the release that defines the candidate."""
_OUTCOMES = tuple(outcome.value for outcome in Outcome)
Cells = Mapping[str, str]


_OWN = frozenset({"rank", "target_code", "target_display", "probability", "accepted", "evidence", "conflicts"})
"""Columns that differ from candidate to candidate; the rows of one decision have the others in common."""
_SHARED = frozenset(COLUMNS) - _OWN


class _About(Struct, frozen=True):
    """What the rows of one decision say together; ``extra`` are columns that somebody added."""

    source: Source
    frequency: int
    outcome: str
    reason: str
    extra: Cells


class _Line(Struct, frozen=True):
    """One row: what it is about, and its candidate if it has one."""

    line: int
    about: _About
    rank: int
    candidate: Candidate | None
    accepted: bool

    @property
    def source(self) -> Source:
        """What is to be mapped."""
        return self.about.source


def read_candidates(data: bytes, name: str) -> Exchange:
    """Read the table from text. Raises BadTable and BadMappings."""
    return read_sheet(open_text(data, name), name)


def read_sheet(sheet: Sheet, name: str) -> Exchange:
    """Read the rows of an opened table (a spreadsheet may have saved it as a workbook). Raises BadMappings."""
    columns = [column.strip().casefold() for column in sheet.columns]
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise BadMappings(f"{shown(name)}: not a whole table of candidates: no column {', '.join(missing)}")
    problems: list[Problem] = list(sheet.problems)
    entries = gather(_entries(_lines(sheet.rows, columns, problems), problems)).entries
    return Exchange(entries=entries, problems=tuple(problems))


def _lines(rows: Iterator[Row], columns: Sequence[str], problems: list[Problem]) -> Iterator[_Line]:
    extra = [column for column in dict.fromkeys(columns) if column and column not in COLUMNS]
    shared = [(place, column) for place, column in enumerate(columns) if column in _SHARED or column in extra]
    own = [(place, column) for place, column in enumerate(columns) if column in _OWN]
    last: tuple[str, ...] | None = None
    about: _About | Problem | None = None
    for row in rows:
        # What the rows of one decision have in common is looked at once.
        told = tuple(row.cells[place] for place, _ in shared)
        if told != last or about is None:
            last, about = told, _about(row.line, _plain(row, shared), extra)
        found = about if isinstance(about, Problem) else _line(row.line, _plain(row, own), about)
        if isinstance(found, Problem):
            problems.append(replace(found, line=row.line))
        else:
            yield found


def _plain(row: Row, places: Sequence[tuple[int, str]]) -> Cells:
    found = {}
    for place, column in places:
        cell = row.cells[place]
        found[column] = clean(plain_cell(cell) if cell[:1] == "'" else cell)
    return found


def _about(line: int, cells: Cells, extra: Sequence[str]) -> _About | Problem:
    """What the rows of one decision say together."""
    frequency = _whole(cells["frequency"])
    if frequency is None or frequency < 1:
        return Problem(line, "a frequency that is no whole number", "a number from 1")
    if cells["outcome"] not in _OUTCOMES:
        return Problem(line, "an unknown outcome", f"one of {', '.join(_OUTCOMES)}")
    source = Source(
        system=system_of(cells["source_system"]),
        code=cells["source_code"],
        label=cells["source_label"],
        unit=cells["unit"],
        specimen=cells["specimen"],
        section=cells["section"],
        sender=cells["sender"],
        target=system_of(cells["target_system"]),
    )
    more = MappingProxyType({name: cells[name] for name in extra if cells[name]})
    return _About(source, frequency, cells["outcome"], cells["reason"], more)


def _line(line: int, cells: Cells, about: _About) -> _Line | Problem:
    rank, probability = _whole(cells["rank"]), _share(cells["probability"])
    if rank is None or (rank > 0) != bool(cells["target_code"]):
        return Problem(line, "a rank that does not fit", "a number from 1 for a candidate, 0 where there is none")
    if probability is None:
        return Problem(line, "a probability that cannot be read", "a number from 0 to 1, or nothing")
    candidate = Candidate(
        about.source.target,
        cells["target_code"],
        cells["target_display"],
        0.0,
        probability,
        parse_evidence(cells["evidence"]),
        tuple(filter(None, cells["conflicts"].split(", "))),
    )
    return _Line(line, about, rank, candidate if rank else None, cells["accepted"] == "yes")


def _entries(lines: Iterator[_Line], problems: list[Problem]) -> Iterator[Entry]:
    """Put the rows of one decision together: they follow each other, their ranks rise from 1, or the one row has 0."""
    held: list[_Line] = []
    refused: Source | None = None
    for each in lines:
        continues = bool(held) and each.source == held[-1].source and each.rank > held[-1].rank > 0
        if continues:
            held.append(each)
            continue
        if held:
            yield _entry(held)
            held = []
        fault = fault_of(each.source, each.line)
        if fault is None and each.rank > 1:
            fault = Problem(each.line, f"a candidate of rank {each.rank} alone", "after that of rank 1, in their order")
        if fault is None:
            held, refused = [each], None
        elif each.source != refused:
            # One problem says it for all rows of a decision.
            problems.append(fault)
            refused = each.source
    if held:
        yield _entry(held)


def _entry(rows: Sequence[_Line]) -> Entry:
    first = rows[0]
    candidates = tuple(row.candidate for row in rows if row.candidate is not None)
    proposal = Proposal(
        candidates=candidates,
        outcome=first.about.outcome,
        accepted=first.accepted,
        reason=first.about.reason,
        store=_release(candidates),
    )
    return Entry(
        source=first.source,
        proposal=proposal,
        score=proposal.probability,
        frequency=first.about.frequency,
        extra=first.about.extra,
        line=first.line,
    )


def _release(candidates: Sequence[Candidate]) -> str:
    """The release that defines the first candidate, where its evidence says so."""
    for evidence in candidates[0].evidence if candidates else ():
        if evidence.kind in _RELEASED and "@" in evidence.source:
            return evidence.source
    return ""


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def _share(text: str) -> float | None:
    """A probability; 0 when it is unknown. A French spreadsheet may have put a comma."""
    if not text:
        return 0.0
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
