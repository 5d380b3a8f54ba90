"""``Engine.decide``: from a local code or a wording to a code of a target system, with evidence and a calibrated doubt.

The order of evidence: an exact code; a curated row; an exact label; an official map; an exact synonym; a candidate of a
matcher. A stronger kind always wins; a score only orders candidates of one kind. A refused mapping (``Not``) takes its
target away from every weaker kind. A candidate is accepted alone only when the calibration says "right at least that
often" with its lower confidence bound, and nothing contradicts it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import structs

from semantix.model import Candidate, Context, Decision, Evidence, Outcome, Query
from semantix.terminology.cases import Case, answer, once, rows_to_show, source_kind, unrefused, why_nothing, why_open
from semantix.terminology.conflicts import Conflict, Marks, compare, hard_names, marks_of
from semantix.terminology.decided import Decided, impersonal
from semantix.terminology.matching import Ranked, Request
from semantix.terminology.matching.embedding import load_model
from semantix.terminology.resolving import resolve
from semantix.terminology.serving import MAKERS, Ground, Served, learned, mappings_folder, serve
from semantix.terminology.store import Store
from semantix.terminology.tables import Row, Tables
from semantix.terminology.verbatim import DECIDING, PROBABILITY, STRENGTH, Standing

PRECISION = 0.98
MARKS_KEPT = 20_000
"""Names of the store whose marks are kept, of more than 1 kB each."""
TOP = 10
AMBIGUOUS_SHARE = 0.9
CODE_LIKE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{2,13}")
LABORATORY = "loinc"
"""The target whose labels differ by specimen, quantity and method."""
NO_CONTEXT = Context()


def _silent(_: str) -> None:
    """Tell nobody."""


class Engine:
    """Decides. Open one a process; it keeps what it decided, and learns a target the first time it is asked for."""

    def __init__(
        self,
        ground: Ground,
        precision: float = PRECISION,
        tell: Callable[[str], None] = _silent,
        tables: Tables | None = None,
    ) -> None:
        self._ground, self._precision, self._tell = ground, precision, tell
        self._tables = ground.tables if tables is None else tables
        self._served: dict[str, Served] = {}
        self._thresholds: dict[tuple[str, str], float | None] = {}
        self._marks: dict[str, Marks] = {}
        self._decided = Decided()

    @classmethod
    def open(  # noqa: PLR0913 - all but the first are keywords with a default
        cls,
        store: Path,
        *,
        precision: float = PRECISION,
        tables: Path | None = None,
        extra_tables: Sequence[Path] = (),
        embeddings: Path | None = None,
        tell: Callable[[str], None] = _silent,
    ) -> Engine:
        """Open a store with the tables and lexicon of ``tables`` (a ``mappings`` folder; by default that of semantix).

        ``extra_tables`` are a site's own curated tables: they decide, and change nothing that is learned.
        ``embeddings`` is the folder of a model that finds more candidates for the generic matcher.
        ``precision`` is what automatic acceptance must guarantee. ``tell`` hears which target is learned, which takes
        minutes the first time. Raises BadStore and BadTable.
        """
        mappings = tables or mappings_folder()
        taught = Tables.load(mappings / "tables")
        asked = Tables.load(mappings / "tables", extra_tables) if extra_tables else taught
        model = load_model(embeddings) if embeddings is not None else None
        return cls(Ground(Store.open(store), taught, mappings, model), precision, tell, asked)

    def targets(self) -> tuple[str, ...]:
        """The systems of the store that can be a target."""
        return self._ground.store.systems()

    def learn(self, target: str) -> None:
        """Learn what a target needs, unless it is there. Raises BadStore for a target that the store does not have."""
        if target not in self._served:
            self._served[target] = serve(self._ground, target, self._tell)

    def prepare(self, target: str) -> None:
        """Have a target learned for other processes, unless it was: it is not opened in this one. Raises BadStore."""
        if self._ground.embeddings is not None:
            self.learn(target)  # a model of sentences learns from what is open
        elif target not in self._served:
            learned(self._ground, target, self._tell)

    def verbatim(self, text: str, target: str) -> bool:
        """Tell whether a text stands, folded, as a name of the target in the store."""
        return bool(self._serve(target).verbatim.find(text))

    def held_out(self, target: str) -> tuple[tuple[float, bool], ...]:
        """The held-out pairs of a target: the probability that was said, as candidates carry it, and if it was right.

        Most probable first. Raises BadStore for a target that the store does not have.
        """
        calibration = self._serve(target).calibration
        said = [
            (round(calibration.probability(kind, confidence), 4), right)
            for kind, examples in sorted(calibration.examples.items())
            for confidence, right in examples
        ]
        return tuple(sorted(said, reverse=True))

    def decide(self, query: Query | str, target: str, context: Context = NO_CONTEXT) -> Decision:
        """Decide for one query, or for a text alone. Raises BadStore for a target that the store does not have."""
        asked = Query(text=query) if isinstance(query, str) else query
        return self.decide_many([Request(asked, context)], target)[0]

    def decide_many(
        self, requests: Sequence[Request], target: str, top: int = TOP, alternatives: bool = False
    ) -> list[Decision]:
        """Decide for many queries at once; the answers do not depend on their order or company.

        With ``alternatives``, an exact or curated decision is followed by what else a matcher would propose.
        """
        sort = target, top, alternatives
        found = [self._decided.find(request, sort) for request in requests]
        missing = list(dict.fromkeys(each for each, known in zip(requests, found, strict=True) if known is None))
        if not missing:
            return [known for known in found if known is not None]
        made: dict[Request, Decision] = {}
        for case, decided in self._decide(missing, target, top, alternatives):
            made[case.request] = decided
            self._decided.keep(sort, decided, is_personal=case.is_personal)
        return [known or made[each] for each, known in zip(requests, found, strict=True)]

    # --- one decision -----------------------------------------------------------------------------------------------

    def _serve(self, target: str) -> Served:
        self.learn(target)
        return self._served[target]

    def _decide(
        self, requests: Sequence[Request], target: str, top: int, alternatives: bool
    ) -> Iterator[tuple[Case, Decision]]:
        cases = [self._case(request, target) for request in requests]
        strong = [self._strong(case) for case in cases]
        wanted = [
            bool(case.request.query.text.strip()) and (decided is None or alternatives)
            for case, (decided, _) in zip(cases, strong, strict=True)
        ]
        asked = [case.asked for case, want in zip(cases, wanted, strict=True) if want]
        ranked = iter(self._serve(target).matcher.rank(asked, top + 2))
        for case, (decided, weak), want in zip(cases, strong, wanted, strict=True):
            proposed = next(ranked) if want else ()
            if decided is None:
                yield case, self._propose(case, weak, proposed, top)
            elif alternatives:
                more = (*decided.candidates, *self._matched(case, proposed))
                yield case, structs.replace(decided, candidates=once(more)[:top])
            else:
                yield case, decided

    def _case(self, request: Request, target: str) -> Case:
        context = impersonal(request.context)
        asked = request if context is request.context else Request(request.query, context)
        return Case(request, asked, target, self._serve(target), self._tables.find(request.query, context, target))

    def _strong(self, case: Case) -> tuple[Decision | None, tuple[Candidate, ...]]:
        """Look for evidence that needs no calibration; else return the candidates that codes and names already give."""
        query = case.request.query
        resolution = resolve(self._ground.store, query, case.target)
        if resolution is None and not query.code and CODE_LIKE.fullmatch(query.text.strip()):
            # A code typed where a text is asked for, if its shape belongs to one system only.
            typed = resolve(self._ground.store, Query(code=query.text), case.target)
            resolution = typed if typed is not None and typed.outcome is Outcome.EXACT else None
        if resolution is not None and resolution.outcome is Outcome.EXACT:
            return answer(case, Outcome.EXACT, resolution.candidates, resolution.reason), ()
        row = case.found.decided
        if row is not None:
            return self._in_context(case, Outcome.CURATED, self._of_row(row, row.confidence), row), ()
        named, is_label = self._standing(case)
        if named is not None and is_label and named.accepted:
            return named, ()
        mapped = unrefused(resolution.candidates, case.found) if resolution is not None else ()
        if mapped and resolution is not None and resolution.outcome is Outcome.EQUIVALENT:
            return answer(case, Outcome.EQUIVALENT, mapped, resolution.reason), ()
        if named is not None and named.accepted:
            return named, ()
        return None, mapped + (named.candidates if named is not None else ())

    def _of_row(self, row: Row, probability: float) -> Candidate:
        said = f"{row.label or row.code} → {row.target} ({row.predicate})"
        conditions = "; ".join(
            f"{name} {'|'.join(values)}"
            for name, values in (
                ("sender", row.sender), ("unit", row.unit), ("specimen", row.specimen), ("section", row.section),
            )
            if values
        )  # fmt: skip
        evidence = [Evidence("curated", said, f"{row.table}@{row.version}")]
        if self._ground.store.lookup(row.target_system, row.target) is None:
            evidence.append(Evidence("not in the store", row.target))
        if conditions:
            evidence.append(Evidence("condition", conditions, f"{row.table}@{row.version}"))
        return Candidate(row.target_system, row.target, self._display(row.target_system, row.target), 1.0,
                         round(probability, 4), tuple(evidence))  # fmt: skip

    def _standing(self, case: Case) -> tuple[Decision | None, bool]:
        """What the names in the store say: a decision when the text is one of them, and whether it is a label."""
        text, served = case.request.query.text, case.served
        standing = [
            each
            for each in (served.verbatim.find(text) if text.strip() else ())
            if STRENGTH[each.kind] <= DECIDING and served.codes[each.code] not in case.found.refused
        ]
        if not standing:
            return None, False
        strongest = [each for each in standing if STRENGTH[each.kind] == STRENGTH[standing[0].kind]]
        is_label = STRENGTH[standing[0].kind] <= STRENGTH["short"]
        if len({each.code for each in strongest}) > 1:
            share = round(AMBIGUOUS_SHARE / len(standing), 4)
            several = tuple(self._of_name(case, each, share) for each in standing)
            return answer(case, Outcome.ABSTAINED, several, "the text is a name of several codes"), is_label
        candidate = self._of_name(case, strongest[0], PROBABILITY[standing[0].kind])
        return self._in_context(case, Outcome.EXACT, candidate), is_label

    def _in_context(self, case: Case, outcome: Outcome, candidate: Candidate, row: Row | None = None) -> Decision:
        """Take an exact name or a curated row, unless the context (a family history) speaks against the code.

        A row for this very section was written with the section in mind.
        """
        conflicts: tuple[str, ...] = ()
        if row is None or not row.section:
            label = self._marks_of(candidate.display, case.target)
            conflicts = hard_names(case.against(label))
        if conflicts:
            candidate = structs.replace(candidate, conflicts=conflicts)
            return answer(case, Outcome.ABSTAINED, (candidate,), f"against the context: {', '.join(conflicts)}")
        kind = candidate.evidence[0].kind
        reason = f"curated row of {row.table}" if row is not None else f"exact {kind}"
        return answer(case, outcome, (candidate,), reason)

    def _of_name(self, case: Case, standing: Standing, probability: float) -> Candidate:
        code = case.served.codes[standing.code]
        kind = "label" if STRENGTH[standing.kind] <= STRENGTH["short"] else "synonym"
        evidence = [Evidence(kind, standing.kind, self._ground.store.definer(case.target, code))]
        concept = self._ground.store.lookup(case.target, code)
        if concept is not None and not concept.assignable:
            evidence.append(Evidence("not assignable", code))
        return Candidate(case.target, code, self._display(case.target, code), 1.0, probability, tuple(evidence))

    # --- candidates --------------------------------------------------------------------------------------------------

    def _propose(self, case: Case, weak: tuple[Candidate, ...], proposed: tuple[Ranked, ...], top: int) -> Decision:
        """Put what codes, tables and names suggest before the candidates of the matcher; apply the acceptance rule."""
        matched = self._matched(case, proposed)
        leading = weak + self._suggested(case, matched)
        candidates = once((*leading, *matched))[:top]
        if not candidates:
            return answer(case, Outcome.ABSTAINED, (), why_nothing(case))
        if leading:
            return answer(case, Outcome.ABSTAINED, candidates, why_open(case, leading))
        doubt = self._doubt(case, candidates[0], proposed)
        if doubt:
            return answer(case, Outcome.ABSTAINED, candidates, doubt)
        return answer(case, Outcome.CANDIDATE, candidates, f"a precision of {self._precision:g} is guaranteed")

    def _suggested(self, case: Case, matched: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """Rows that name several codes, or need to know more: candidates that share the probability."""
        rows = rows_to_show(case)
        share = AMBIGUOUS_SHARE / max(1, len({row.target for row in rows}))
        # The matcher knows the same rows: among those of the tables, its order is the better one.
        place = {candidate.code: at for at, candidate in enumerate(matched)}
        candidates = [self._of_row(row, row.confidence * share) for row in rows]
        return tuple(
            sorted(candidates, key=lambda each: (place.get(each.code, len(place)), -each.probability, each.code))
        )

    def _doubt(self, case: Case, first: Candidate, proposed: tuple[Ranked, ...]) -> str:
        """Say why the first candidate of the matcher may not be accepted; empty when it may."""
        if first.conflicts:
            return f"conflict: {', '.join(first.conflicts)}"
        if first.code != proposed[0].code:
            return "the first candidate was refused by a curated row"
        kind = source_kind(case, proposed)
        threshold = self._threshold(case, kind)
        if threshold is None:
            return f"nothing guarantees a precision of {self._precision:g} for {kind} wording"
        if proposed[0].confidence < threshold:
            return f"below the threshold that guarantees a precision of {self._precision:g} for {kind} wording"
        return ""

    def _matched(self, case: Case, proposed: tuple[Ranked, ...]) -> tuple[Candidate, ...]:
        """The candidates of the matcher that no row refuses, with calibrated probabilities, never rising."""
        if not proposed:
            return ()
        kind = source_kind(case, proposed)
        candidates: list[Candidate] = []
        for each in proposed:
            if each.code in case.found.refused:
                continue
            display = case.served.displays.get(each.code) or self._display(case.target, each.code)
            conflicts, evidence = each.conflicts, each.evidence
            if not candidates:
                conflicts = tuple(dict.fromkeys((*conflicts, *self._against(case, display, each.evidence))))
                release = self._ground.store.definer(case.target, each.code)
                evidence = (*evidence, Evidence("target", each.code, release))
            probability = round(case.served.calibration.probability(kind, each.confidence), 4)
            if candidates:
                # The curve was fitted on first candidates: what they leave is shared by the others.
                probability = min(probability, candidates[-1].probability, round(1 - candidates[0].probability, 4))
            candidates.append(Candidate(case.target, each.code, display, each.score, probability, evidence, conflicts))
        return tuple(candidates)

    def _threshold(self, case: Case, kind: str) -> float | None:
        key = (case.target, kind)
        if key not in self._thresholds:
            self._thresholds[key] = case.served.calibration.threshold(kind, self._precision)
        return self._thresholds[key]

    def _against(self, case: Case, display: str, evidence: Sequence[Evidence]) -> tuple[str, ...]:
        """Name what in the query or its context contradicts a candidate: its label, and the name that met the query."""
        context = case.request.context
        against: tuple[Conflict, ...] = ()
        if context != NO_CONTEXT:
            against = case.against(self._marks_of(display, case.target))
        if case.target not in MAKERS:
            # The matchers of medicines and of the laboratory tell their own conflicts.
            said = {each.kind: each.detail for each in evidence}
            query = marks_of(said.get("reading", case.request.query.text), section=context.section)
            against = (*compare(query, self._marks_of(said.get("name") or display, case.target)), *against)
        return hard_names(against)

    def _marks_of(self, name: str, target: str) -> Marks:
        """The marks of a name of the store, kept: names come back, queries seldom do."""
        key = f"{target} {name}"
        marks = self._marks.get(key)
        if marks is None:
            if len(self._marks) >= MARKS_KEPT:
                self._marks.clear()
            marks = self._marks[key] = marks_of(name, laboratory=target == LABORATORY)
        return marks

    def _display(self, system: str, code: str) -> str:
        concept = self._ground.store.lookup(system, code)
        return concept.display if concept is not None else ""
