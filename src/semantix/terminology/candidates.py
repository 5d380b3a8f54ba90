"""Decisions that wait for a person: counted, ordered, and written as a table that spreadsheets open.

One row a candidate; a decision without candidates is one row all the same, with its reason. The file holds labels as
the source wrote them: it is as confidential as the source. Sex and age only tell decisions apart and are not written.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import astuple, replace

from semantix.io import Output
from semantix.model import Candidate, Context, Decision, Evidence
from semantix.terminology.decision_words import EVIDENCE
from semantix.terminology.text import fold

_FORMULA = frozenset("=+-@＝＋－＠")
_CHUNK = 1_000
_KIND = re.compile(rf"(?:{'|'.join(map(re.escape, EVIDENCE))})(?=: | \(|$)")
_BREAK = re.compile(r"\\.|; ", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\;()])")


class Row(Struct, frozen=True):
    """One line of the table. ``rank`` is 0 and the candidate empty when the engine proposed nothing.

    ``probability`` is None when it is unknown; ``frequency`` counts how often the question was asked.
    """

    source_system: str
    source_code: str
    source_label: str
    unit: str
    specimen: str
    section: str
    sender: str
    frequency: int
    target_system: str
    rank: int
    target_code: str
    target_display: str
    probability: float | None
    outcome: str
    accepted: bool
    evidence: str
    conflicts: str
    reason: str


COLUMNS = Row.__struct_fields__


class CandidateLog:
    """Decisions and how often each was taken. Logs of several processes merge to the log of one."""

    def __init__(self) -> None:
        self._counts: Counter[Decision] = Counter()

    def add(self, decision: Decision, frequency: int = 1) -> None:
        """Count a decision, whatever its outcome; it is for the caller to leave out what needs no review."""
        known = decision.context
        if known.sex or known.age is not None:
            decision = replace(decision, context=_without_person(known))
        self._counts[decision] += frequency

    def merge(self, other: CandidateLog) -> None:
        """Add what another log counted."""
        self._counts.update(other._counts)

    def __len__(self) -> int:
        """How many different decisions there are."""
        return len(self._counts)

    def rows(self) -> Iterator[Row]:
        """The rows, most frequent question first, then by label; the candidates of one decision follow each other."""
        for decision, frequency in sorted(self._counts.items(), key=_order):
            yield from _rows(decision, frequency)

    def write(self, path: Path) -> None:
        """Write the table as UTF-8 TSV, quoted as spreadsheets do. Raises BadTarget."""
        with Output(path) as file:
            for chunk in _encoded(self.rows()):
                file.write(chunk)


def _without_person(context: Context) -> Context:
    return Context(sender=context.sender, unit=context.unit, specimen=context.specimen, section=context.section)


def _order(item: tuple[Decision, int]) -> tuple[object, ...]:
    decision, frequency = item
    query = decision.query
    return -frequency, fold(query.text), query.text, query.system, query.code, repr(decision)


def _rows(decision: Decision, frequency: int) -> Iterator[Row]:
    query, context = decision.query, decision.context
    for rank, each in enumerate(decision.candidates or (None,), 1 if decision.candidates else 0):
        yield Row(
            source_system=query.system,
            source_code=query.code,
            source_label=query.text,
            unit=context.unit,
            specimen=context.specimen,
            section=context.section,
            sender=context.sender,
            frequency=frequency,
            target_system=decision.target,
            rank=rank,
            target_code=each.code if each else "",
            target_display=each.display if each else "",
            probability=known_probability(each) if each else None,
            outcome=decision.outcome.value,
            accepted=decision.accepted and rank == 1,
            evidence=in_words(each.evidence) if each else "",
            conflicts=", ".join(each.conflicts) if each else "",
            reason=decision.reason,
        )


def known_probability(candidate: Candidate) -> float | None:
    """The calibrated probability, or None when it is unknown."""
    return candidate.probability or None


def in_words(evidence: Iterable[Evidence]) -> str:
    """Write evidence on one line: ``word: diabete; missing: type (cim10-atih@2021)``.

    A backslash stands before what would read as a sign of this form: ``;`` within a detail, its last ``)`` when no
    source follows, ``(`` within a source. :func:`parse_evidence` reads it back.
    """
    return "; ".join(_reason(each) for each in evidence)


def parse_evidence(text: str) -> tuple[Evidence, ...]:
    """Read what :func:`in_words` wrote: exactly, for every kind of evidence of the engine.

    Texts written before the backslashes are read too: what follows ``; `` and begins with no known kind is detail.
    """
    pieces: list[str] = []
    for piece in _cut(text):
        if pieces and not _KIND.match(piece):
            pieces[-1] += f"; {piece}"
        else:
            pieces.append(piece)
    return tuple(_parsed(piece) for piece in pieces if piece)


def _reason(evidence: Evidence) -> str:
    detail = evidence.detail.replace("\\", "\\\\").replace("; ", "\\; ")
    if evidence.source:
        source = evidence.source.replace("\\", "\\\\").replace("; ", "\\; ").replace("(", "\\(")
        return f"{evidence.kind}: {detail} ({source})" if detail else f"{evidence.kind} ({source})"
    if detail.endswith(")"):
        detail = f"{detail[:-1]}\\)"
    return f"{evidence.kind}: {detail}" if detail else evidence.kind


def _cut(text: str) -> Iterator[str]:
    if "\\" not in text:
        yield from text.split("; ")
        return
    begin = 0
    for found in _BREAK.finditer(text):
        if found[0] == "; ":
            yield text[begin : found.start()]
            begin = found.end()
    yield text[begin:]


def _parsed(piece: str) -> Evidence:
    source = ""
    before = piece.removesuffix(")")
    opening = before.rfind(" (")
    if before != piece and opening >= 0 and (len(before) - len(before.rstrip("\\"))) % 2 == 0:
        piece, source = before[:opening], before[opening + 2 :]
    kind, _, detail = piece.partition(": ")
    if "\\" in detail:
        detail = _ESCAPED.sub(r"\1", detail)
    if "\\" in source:
        source = _ESCAPED.sub(r"\1", source)
    return Evidence(kind, detail, source)


# --- cells ------------------------------------------------------------------------------------------------


def safe_cell(text: str) -> str:
    """Make a text safe to open in a spreadsheet: one line, and never a formula.

    Blanks of any kind become one space. A cell that begins with ``=``, ``+``, ``-`` or ``@`` (their full-width forms
    too) would be computed: an apostrophe is put before it, as spreadsheets do for text. :func:`plain_cell` removes it.
    """
    line = " ".join(text.split())
    return f"'{line}" if _is_computed(line) else line


def plain_cell(cell: str) -> str:
    """Take off the apostrophe that :func:`safe_cell` put."""
    return cell[1:] if cell.startswith("'") and _is_computed(cell) else cell


def _is_computed(text: str) -> bool:
    return text.lstrip("'")[:1] in _FORMULA if text else False


def _cells(row: Row) -> list[str]:
    return [_cell(value) for value in astuple(row)]


def _cell(value: str | int | float | None) -> str:
    if isinstance(value, str):
        return safe_cell(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    return "" if value is None else f"{value:.4f}"


def _encoded(rows: Iterable[Row]) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, row in enumerate(rows, 1):
        writer.writerow(_cells(row))
        if number % _CHUNK == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    """The text so far as bytes, taken out of the buffer; a lone surrogate, which has no bytes, becomes ``?``."""
    data = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return data
