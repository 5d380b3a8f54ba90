"""Evaluation of the engine against pairs that people decided: how often it is right, and whether its doubt is honest.

A query is right when its first candidate is one of the accepted codes; both are compared in canonical form. The
top-level figures describe all the queries; ``without_exact`` holds those of the queries that do not stand verbatim in
the store, which are the harder ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from semantix.errors import BadTable
from semantix.model import SECTIONS, Candidate, Context, Decision, Evidence, Outcome, Query
from semantix.terminology.codes import canonical
from semantix.terminology.matching import Request
from semantix.terminology.metrics import Answer, Figures, category, figures_of, thin
from semantix.terminology.query_tables import QueryTable

DEPTH = 10
"""How many candidates are asked for: the largest k of the top-k figures."""
_FIRM = frozenset({Outcome.EXACT, Outcome.CURATED, Outcome.EQUIVALENT})
_CHUNK = 5_000
_MOST_LISTED = 50
_MOST_POINTS = 200

Describe = Callable[[str], str | None]
"""Gives the display of a code of the target, or None when the store does not define it."""


class Decider(Protocol):
    """What is evaluated."""

    def decide_many(
        self, requests: Sequence[Request], target: str, top: int = 10, alternatives: bool = False
    ) -> list[Decision]:
        """Decide each request; with ``alternatives``, a firm decision is followed by what else is near."""
        ...

    def verbatim(self, text: str, target: str) -> bool:
        """Tell whether a text stands in the store as it is."""
        ...


class Columns(Struct, frozen=True, kw_only=True):
    """Where a gold table says what; ``separator`` splits the accepted codes of a row, empty = a row has one."""

    query: str
    code: str
    unit: str = ""
    section: str = ""
    separator: str = ""


class Gold(Struct, frozen=True):
    """One question and the codes that people accept as its answer, in canonical form."""

    line: int
    request: Request
    codes: tuple[str, ...]


class GoldSet(Struct, frozen=True):
    """What was read of a gold table: the questions, and how many rows had no query or no code."""

    name: str
    target: str
    golds: tuple[Gold, ...]
    without_query: int
    without_code: int


class Judged(Struct, frozen=True):
    """One question with what the engine answered."""

    gold: Gold
    decision: Decision
    answer: Answer

    @property
    def chosen(self) -> Candidate | None:
        """The first candidate."""
        return self.decision.candidates[0] if self.decision.candidates else None


class Confusion(Struct, frozen=True):
    """A code that was expected and the one that came first; ``chosen`` is empty when none came.

    Where several codes were accepted, ``gold`` is the first one and ``others`` counts those behind it.
    """

    gold: str
    others: int
    gold_display: str
    chosen: str
    chosen_display: str
    count: int


class Mistake(Struct, frozen=True):
    """A wrong first candidate. ``rank`` is the place of the right one, 0 when it is not among the ten."""

    line: int
    query: str
    unit: str
    section: str
    gold: tuple[str, ...]
    gold_display: str
    chosen: str
    chosen_display: str
    probability: float
    outcome: str
    accepted: bool
    rank: int
    evidence: tuple[Evidence, ...]


class Evaluation(Struct, frozen=True, kw_only=True):
    """The whole evaluation. ``unknown_gold`` counts the questions none of whose codes the store defines."""

    name: str
    target: str
    figures: Figures
    without_exact: Figures | None
    confusions: tuple[Confusion, ...]
    mistakes: tuple[Mistake, ...]
    accepted_mistakes: int
    without_query: int
    without_code: int
    unknown_gold: int


def read_gold(table: QueryTable, columns: Columns, target: str, section: str = "", limit: int | None = None) -> GoldSet:
    """Read the questions of a table, at most ``limit``; ``section`` is the context of the rows that say none.

    Raises BadTable when a column is missing or when no row has both a query and a code.
    """
    reader = _GoldReader(table, columns, target, section)
    golds: list[Gold] = []
    for gold in reader:
        if limit is not None and len(golds) >= limit:
            break
        golds.append(gold)
    if not golds:
        raise BadTable(f"{table.name}: no row has both a query and a code")
    return GoldSet(table.name, target, tuple(golds), reader.without_query, reader.without_code)


class _GoldReader:
    """Goes through the rows once, and counts those it leaves out."""

    def __init__(self, table: QueryTable, columns: Columns, target: str, section: str) -> None:
        self.table, self.columns, self.target, self.section = table, columns, target, section
        self.without_query = self.without_code = 0
        self._query, self._code = table.index(columns.query), table.index(columns.code)
        self._unit = table.index(columns.unit) if columns.unit else -1
        self._section = table.index(columns.section) if columns.section else -1

    def __iter__(self) -> Iterator[Gold]:
        for row in self.table.rows:
            text, written = row.cells[self._query].strip(), row.cells[self._code].strip()
            given = written.split(self.columns.separator) if self.columns.separator else [written]
            codes = tuple(dict.fromkeys(code for each in given if (code := canonical(self.target, each))))
            if not text or not codes:
                self.without_query += not text
                self.without_code += bool(text)
                continue
            unit = row.cells[self._unit].strip() if self._unit >= 0 else ""
            section = row.cells[self._section].strip() if self._section >= 0 else ""
            if section and section not in SECTIONS:
                known = ", ".join(SECTIONS)
                raise BadTable(f"{self.table.name}: line {row.line}: not a section; the sections are {known}")
            yield Gold(row.line, Request(Query(text=text), Context(unit=unit, section=section or self.section)), codes)


def evaluate(
    engine: Decider,
    gold: GoldSet,
    clock: Callable[[], float],
    *,
    describe: Describe,
    exclude_exact: bool = False,
) -> Evaluation:
    """Ask every question and judge the answers.

    ``clock`` measures the decisions alone, after one that warms the engine up. With ``exclude_exact`` the verbatim
    queries are asked apart, so that the others have a speed of their own. A firm decision names its code alone; where
    that one is wrong, the alternatives are asked for, outside of the time, to know the place of the right one.
    """
    target = gold.target
    engine.decide_many([gold.golds[0].request], target, DEPTH)
    verbatim: list[Gold] = []
    others: list[Gold] = []
    for each in gold.golds:
        exact = exclude_exact and engine.verbatim(each.request.query.text, target)
        (verbatim if exact else others).append(each)
    judged, seconds = _asked(engine, others, target, clock)
    without_exact = figures_of([each.answer for each in judged], seconds) if exclude_exact else None
    first, first_seconds = _asked(engine, verbatim, target, clock)
    everything = sorted(first + judged, key=lambda each: each.gold.line)
    wrong = [each for each in everything if not each.answer.right]
    return Evaluation(
        name=gold.name,
        target=target,
        figures=figures_of([each.answer for each in everything], first_seconds + seconds),
        without_exact=without_exact,
        confusions=_confusions(wrong, describe),
        mistakes=_mistakes(wrong, describe),
        accepted_mistakes=sum(each.answer.accepted for each in wrong),
        without_query=gold.without_query,
        without_code=gold.without_code,
        unknown_gold=sum(all(describe(code) is None for code in each.codes) for each in gold.golds),
    )


def judge(gold: Gold, decision: Decision) -> Judged:
    """Compare an answer with the codes accepted."""
    target = decision.target
    codes = [canonical(target, each.code) for each in decision.candidates]
    rank = next((place for place, code in enumerate(codes, 1) if code in gold.codes), 0)
    wanted = {category(target, code) for code in gold.codes}
    answer = Answer(
        probability=decision.candidates[0].probability if decision.candidates else None,
        rank=rank,
        right_category=bool(codes) and category(target, codes[0]) in wanted,
        accepted=decision.accepted,
        outcome=decision.outcome,
    )
    return Judged(gold, decision, answer)


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as JSON values: the figures of all the queries at the top, then the rest."""
    found: dict[str, Any] = _figures(evaluation.figures)
    found["target"], found["gold"] = evaluation.target, evaluation.name
    if evaluation.without_exact:
        found["without_exact"] = _figures(evaluation.without_exact)
    for key in ("without_query", "without_code", "unknown_gold", "accepted_mistakes", "confusions", "mistakes"):
        found[key] = msgspec.to_builtins(getattr(evaluation, key))
    return found


# --- pieces -----------------------------------------------------------------------------------------------


def _figures(figures: Figures) -> dict[str, Any]:
    thinned = replace(figures, curve=thin(figures.curve, _MOST_POINTS))
    found: dict[str, Any] = msgspec.to_builtins(thinned)
    return found


def _asked(
    engine: Decider, golds: Sequence[Gold], target: str, clock: Callable[[], float]
) -> tuple[list[Judged], float]:
    judged: list[Judged] = []
    seconds = 0.0
    for start in range(0, len(golds), _CHUNK):
        chunk = golds[start : start + _CHUNK]
        requests = [each.request for each in chunk]
        begins = clock()
        decisions = engine.decide_many(requests, target, DEPTH)
        seconds += clock() - begins
        judged += map(judge, chunk, decisions)
    return _placed(engine, judged, target), seconds


def _placed(engine: Decider, judged: list[Judged], target: str) -> list[Judged]:
    """Find the place of the right code behind a wrong firm decision."""
    firm = [place for place, each in enumerate(judged) if each.decision.outcome in _FIRM and not each.answer.rank]
    requests = [judged[place].gold.request for place in firm]
    if not requests:
        return judged
    for place, longer in zip(firm, engine.decide_many(requests, target, DEPTH, alternatives=True), strict=True):
        each = judged[place]
        rank = judge(each.gold, longer).answer.rank
        judged[place] = replace(each, answer=replace(each.answer, rank=rank if rank > 1 else 0))
    return judged


def _confusions(wrong: Iterable[Judged], describe: Describe) -> tuple[Confusion, ...]:
    counts = Counter(
        (each.gold.codes[0], len(each.gold.codes) - 1, each.chosen.code if each.chosen else "") for each in wrong
    )
    worst = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_LISTED]
    return tuple(
        Confusion(gold, others, describe(gold) or "", chosen, (describe(chosen) or "") if chosen else "", count)
        for (gold, others, chosen), count in worst
    )


def _mistakes(wrong: Iterable[Judged], describe: Describe) -> tuple[Mistake, ...]:
    """The wrong answers that were given with most confidence; an accepted one comes before any other."""
    answered = [(each, each.chosen) for each in wrong if each.chosen]
    answered.sort(key=lambda pair: (not pair[0].answer.accepted, -pair[1].probability, pair[0].gold.line))
    return tuple(
        Mistake(
            line=each.gold.line,
            query=each.gold.request.query.text,
            unit=each.gold.request.context.unit,
            section=each.gold.request.context.section,
            gold=each.gold.codes,
            gold_display=describe(each.gold.codes[0]) or "",
            chosen=chosen.code,
            chosen_display=chosen.display,
            probability=round(chosen.probability, 6),
            outcome=each.answer.outcome.value,
            accepted=each.answer.accepted,
            rank=each.answer.rank,
            evidence=chosen.evidence,
        )
        for each, chosen in answered[:_MOST_LISTED]
    )
