"""A Usagi save file → entries. Rows of one code that follow each other are one entry, taken whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import isfinite

from msgspec.structs import replace

from semantix.review.formats import _usagi_columns as columns_of
from semantix.review.formats._cells import plain, unpack
from semantix.review.formats._usagi_standing import SAID, standing, usual_words
from semantix.review.formats._usagi_table import Line, Table, read_table
from semantix.review.formats._usagi_targets import USAGI, Recorded, Shown, candidate_of, recorded, rule_of, targets_of
from semantix.review.formats._usagi_words import (
    GREATEST,
    RELATIONS,
    STATES,
    TYPES,
    UNREVIEWED,
    milliseconds,
    moment,
    number_of,
)
from semantix.review.formats.exchange import Entry, Exchange, Problem
from semantix.review.model import Judgement, Proposal, Source

_AUTO = re.compile(r"[0-9]{1,10}(;[0-9]{1,10})*", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]+([.,][0-9]*)?([eE][+-]?[0-9]+)?|[.,][0-9]+", re.ASCII)
_MADE_UP = re.compile(r"semantix:[0-9a-f]{16}", re.ASCII)


def read_usagi(data: bytes, name: str) -> Exchange:
    """Read a file that Usagi saved, of any version. Raises BadMappings when it is none.

    An entry with a row that cannot be read is left out, with a Problem; an optional number that is none is left empty,
    with a Problem.
    """
    reader = _Reader(read_table(data, name, columns_of.REQUIRED))
    entries = tuple(reader.entries())
    return Exchange(entries=entries, problems=tuple(sorted(reader.problems, key=lambda problem: problem.line)))


class _Reader:
    def __init__(self, table: Table) -> None:
        self.problems: list[Problem] = []
        self._table = table
        self._places = {name: place for place, name in reversed(list(enumerate(table.columns)))}
        self._hidden: dict[str, int] = {}
        self._extra: list[tuple[str, int]] = []
        for name, place in self._places.items():
            if not name.startswith(columns_of.ADDED):
                continue
            own = name.removeprefix(columns_of.ADDED)
            field = own.removeprefix(columns_of.HIDDEN)
            if field != own and field in columns_of.HIDDEN_FIELDS:
                self._hidden[field] = place
            else:
                self._extra.append((own.removeprefix(columns_of.OTHER), place))
        self._extra.sort(key=lambda column: column[1])

    def entries(self) -> Iterator[Entry]:
        code, label = self._places["sourceCode"], self._places["sourceName"]
        for _, lines in groupby(self._table.rows, key=lambda line: (line.cells[code], line.cells[label])):
            entry = self._entry(tuple(lines))
            if entry:
                yield entry

    def _entry(self, lines: tuple[Line, ...]) -> Entry | None:
        first = lines[0]
        status = self._text(first, "mappingStatus").strip()
        equivalence = self._text(first, "equivalence").strip() or UNREVIEWED
        if not self._is_one_of(first, "mappingStatus", status, STATES):
            return None
        if not self._is_one_of(first, "equivalence", equivalence, RELATIONS):
            return None
        rows = [self._shown(line) for line in lines]
        if None in rows:
            return None
        shown = [row for row in rows if row and row.number]
        return self._worded(self._put_together(first, status, equivalence, shown), status, equivalence, shown, first)

    def _put_together(self, first: Line, status: str, equivalence: str, shown: list[Shown]) -> Entry:
        known = self._recorded(first)
        state, judged = standing(status, equivalence, shown, known, self._kept(first, "state"))
        targets = targets_of(shown, known, equivalence)
        score, note = self._score(first), self._text(first, "comment")
        judgement, proposal = None, Proposal()
        if judged:
            chosen = any(not target.refused for target in targets)
            judgement = Judgement(targets=targets, no_target=not chosen, note=note)
        else:
            refused = tuple(target for target in targets if target.refused)
            judgement = Judgement(targets=refused, note=note) if refused else None
            candidates = tuple(candidate_of(target, score or 0.0) for target in targets if not target.refused)
            proposal = Proposal(candidates=candidates, outcome=USAGI) if candidates else proposal
        return Entry(
            source=self._source(first),
            state=state,
            judgement=judgement,
            proposal=proposal,
            frequency=self._frequency(first),
            senders=self._senders(first),
            extra=self._extras(first, "" if judgement else note),
            score=score,
            status_by=self._text(first, "statusSetBy"),
            status_on=self._status_on(first),
            reviewer=self._text(first, "assignedReviewer"),
            automatic=self._kept(first, "automatic") == "yes",
            acceptance=rule_of(self._kept(first, "acceptance")),
            people=tuple(each[0] for each in unpack(self._kept(first, "people"))),
            justification=self._kept(first, "justification"),
            line=first.number,
        )

    def _worded(self, entry: Entry, status: str, equivalence: str, shown: Sequence[Shown], first: Line) -> Entry:
        """Keep the words of the file where ours would be others, so that they can be written again."""
        if self._kept(first, "state") or (status, equivalence) == usual_words(entry, shown):
            return entry
        if entry.judgement and shown and status == "APPROVED" and equivalence == "UNMATCHED":
            self._say(first, "APPROVED, with concepts and UNMATCHED", "concepts or UNMATCHED; it is to be reconciled")
        said = f"{status} {equivalence} {milliseconds(entry.status_on)}"
        return replace(entry, extra={**entry.extra, SAID: said})

    # --- cells ------------------------------------------------------------------------------------------------

    def _text(self, line: Line, column: str) -> str:
        place = self._places.get(column)
        return "" if place is None else plain(line.cells[place])

    def _kept(self, line: Line, field: str) -> str:
        place = self._hidden.get(field)
        return "" if place is None else plain(line.cells[place])

    def _say(self, line: Line, found: str, expected: str) -> None:
        self.problems.append(Problem(line.number, found, expected))

    def _is_one_of(self, line: Line, column: str, word: str, known: Mapping[str, object]) -> bool:
        if word not in known:
            self._say(line, f"{column}: an unknown word", f"one of {', '.join(known)}; the entry is left out")
        return word in known

    def _number(self, line: Line, column: str) -> int:
        """An optional number; 0 when there is none."""
        text = self._text(line, column).strip()
        number = number_of(text) if text else 0
        if number is None:
            self._say(line, f"{column}: not a whole number", "a whole number; it is left empty")
        return number or 0

    def _shown(self, line: Line) -> Shown | None:
        """What a row says of its target; None when the row cannot be read, and with it the entry."""
        width = len(self._table.columns)
        if len(line.cells) > width:
            self._say(line, f"{len(line.cells)} cells", f"{width} cells, as in the first line; the entry is left out")
            return None
        number = number_of(self._text(line, "conceptId") or "0")
        if number is None or number > GREATEST:
            self._say(line, "conceptId: not the number of a concept", "a whole number; the entry is left out")
            return None
        kind = self._text(line, "mappingType").strip() or "MAPS_TO"
        if not self._is_one_of(line, "mappingType", kind, TYPES):
            return None
        by, on = self._text(line, "createdBy"), self._number(line, "createdOn")
        return Shown(number, self._text(line, "conceptName"), TYPES[kind], by, on)

    def _recorded(self, line: Line) -> Recorded:
        cell = self._kept(line, "targets")
        known = recorded(cell)
        if cell and not known:
            self._say(line, "ADD_INFO:semantix_targets: damaged", "what semantix wrote; the other columns were read")
        return known

    def _source(self, line: Line) -> Source:
        code, kept = self._text(line, "sourceCode"), self._kept(line, "code")
        if kept.startswith(columns_of.CODE_MARK):
            code = kept.removeprefix(columns_of.CODE_MARK)
        elif _MADE_UP.fullmatch(code):
            code = ""
        facts = {field: self._kept(line, field) for field in columns_of.SOURCE_FIELDS}
        return Source(code=code, label=self._text(line, "sourceName"), **facts)

    def _frequency(self, line: Line) -> int:
        written, kept = self._text(line, "sourceFrequency").strip(), number_of(self._kept(line, "frequency"))
        if kept and kept > GREATEST and written == str(GREATEST):
            return kept
        if written.startswith("-") and number_of(written[1:]) is not None:
            return 1
        return max(1, self._number(line, "sourceFrequency"))

    def _senders(self, line: Line) -> Mapping[str, int]:
        found = {}
        for record in unpack(self._kept(line, "senders")):
            count = number_of(record[1]) if len(record) == 2 else None
            if count:
                found[record[0]] = count
        return found

    def _score(self, line: Line) -> float | None:
        written = self._text(line, "matchScore").strip()
        score = _decimal(written)
        if written and score is None:
            self._say(line, "matchScore: not a number", "a number such as 0.85; it is left empty")
        kept = _decimal(self._kept(line, "score"))
        if kept is not None and f"{kept:.2f}" == written:
            return kept
        return score or None

    def _status_on(self, line: Line) -> str:
        number, kept = self._number(line, "statusSetOn"), self._kept(line, "status_on")
        return kept if kept and milliseconds(kept) == number else moment(number)

    def _extras(self, line: Line, note: str) -> Mapping[str, str]:
        found = {name: text for name, place in self._extra if (text := plain(line.cells[place]))}
        if note:
            found[columns_of.NOTE] = note
        frequency = self._text(line, "sourceFrequency").strip()
        if frequency.lstrip("-").isdecimal() and int(frequency) < 1:
            found[columns_of.FREQUENCY] = frequency
        auto = self._text(line, "sourceAutoAssignedConceptIds").strip()
        if _AUTO.fullmatch(auto):
            found[columns_of.AUTO] = auto
        elif auto:
            self._say(
                line, "sourceAutoAssignedConceptIds: not numbers", "numbers with ; between them; it is left empty"
            )
        return found


def _decimal(text: str) -> float | None:
    number = float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None
    return number if number is not None and isfinite(number) else None
