"""Rows of SSSOM as entries: exactly where the table was written here, by its justifications where it was not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from semantix.model import Candidate, Evidence
from semantix.review.encoding import decode
from semantix.review.formats import _sssom_slots as slots
from semantix.review.formats._sssom_cells import SLOTS, split_values
from semantix.review.formats._sssom_slots import Exact
from semantix.review.formats._sssom_systems import NO_TERM, NOTHING, Identifiers
from semantix.review.formats._sssom_writing import day_of
from semantix.review.formats.exchange import Entry, Problem
from semantix.review.model import Acceptance, Judged, Judgement, Proposal, Relation, Source, State, Target
from semantix.terminology.table_files import LITERAL

T = TypeVar("T")
Cells = Mapping[str, str]
Lines = list[tuple[int, Cells]]
MOST_CONDITIONS: Final = 200
_HISTORY = slots.History
_TEXTS = dict[str, str]
_COUNTS = dict[str, int]
_USED = frozenset(
    """
    subject_id subject_label subject_type predicate_id predicate_modifier object_id object_label object_type
    object_source mapping_justification match_type author_label author_id reviewer_label reviewer_id mapping_date
    review_date confidence similarity_score semantic_similarity_score comment
    """.split()
) | set(slots.TYPES)
_EXTRAS = frozenset(SLOTS) - _USED
_AUTHORS = ("author_label", "author_id", "creator_label", "creator_id")
_REVIEWERS = ("reviewer_label", "reviewer_id")


class Claim(NamedTuple):
    """One row from elsewhere. ``target`` is None for no term; ``by_person`` says that a person stands behind it."""

    line: int
    cells: Cells
    target: Target | None
    by_person: bool


class RowReader:
    """Reads rows as entries; ``problems`` are the rows that were left out, or taken in part."""

    def __init__(self, prefixes: Mapping[str, str], columns: Iterable[str]) -> None:
        self._identifiers = Identifiers(prefixes)
        self._others = [column for column in columns if column in _EXTRAS or column not in _USED]
        self.problems: list[Problem] = []

    def entries(self, rows: Iterable[tuple[int, Cells]]) -> list[Entry]:
        """The entries, in the order of their first rows."""
        groups: dict[object, Lines | list[Claim]] = {}
        for line, cells in rows:
            if cells.get("ext_entry") and cells.get("ext_row") in slots.ROLES:
                groups.setdefault(cells["ext_entry"], []).append((line, cells))  # type: ignore[arg-type]
                continue
            claim = self._claim(line, cells)
            if claim is not None:
                for source in self._sources(line, cells, claim.target):
                    groups.setdefault(source, []).append(claim)  # type: ignore[arg-type]
        found: list[Entry] = []
        for key, group in groups.items():
            if isinstance(key, Source):
                found.append(self._foreign(key, group))  # type: ignore[arg-type]
            elif entry := self._own(group):  # type: ignore[arg-type]
                found.append(entry)
        return found

    # --- written here ----------------------------------------------------------------------------------------------

    def _own(self, lines: Lines) -> Entry | None:
        """One entry, from its rows. A row that cannot be read takes its entry with it, and is told."""
        line, first = lines[0]
        try:
            exact = [_exact(cells) for _, cells in lines]
            source = exact[0].source or self._source(first)
            targets: list[Target] = []
            candidates: list[Candidate] = []
            for (_, cells), odd in zip(lines, exact, strict=True):
                role = cells["ext_row"]
                if role in {slots.TARGET, slots.REFUSED}:
                    targets.append(odd.target or self._own_target(cells))
                elif role == slots.CANDIDATE:
                    candidates.append(odd.candidate or self._candidate(cells))
            return self._assembled(lines, source, tuple(targets), tuple(candidates))
        except (msgspec.MsgspecError, ValueError):
            self.problems.append(Problem(line, "an entry whose ext_ columns cannot be read", "the cells as exported"))
            return None

    def _assembled(
        self, lines: Lines, source: Source, targets: tuple[Target, ...], candidates: tuple[Candidate, ...]
    ) -> Entry:
        line, first = lines[0]
        roles = {cells["ext_row"] for _, cells in lines}
        judgement = None
        if roles & {slots.TARGET, slots.REFUSED, slots.NO_TARGET, slots.JUDGED}:
            judgement = Judgement(targets=targets, no_target=slots.NO_TARGET in roles, note=_first(lines, "comment"))
        proposal = _json(first, "ext_proposal", Proposal, Proposal())
        return Entry(
            source=source,
            state=State(first.get("ext_state", "")),
            judgement=judgement,
            proposal=replace(proposal, candidates=candidates) if candidates else proposal,
            frequency=int(first.get("ext_frequency", "1")),
            senders=_json(first, "ext_senders", _COUNTS, {}),
            extra=_json(first, "ext_info", _TEXTS, {}),
            score=float(first["ext_score"]) if "ext_score" in first else None,
            status_by=first.get("ext_status_by", ""),
            status_on=first.get("ext_status_on", ""),
            reviewer=first.get("ext_reviewer", ""),
            automatic=first.get("ext_automatic") == "true",
            acceptance=_json(first, "ext_acceptance", Acceptance, None),
            people=_json(first, "ext_people", tuple[str, ...], ()),
            justification=first.get("ext_justification", ""),
            history=_json(first, "ext_history", _HISTORY, ()),
            line=line,
        )

    def _source(self, cells: Cells) -> Source:
        system, code = "", ""
        subject = cells.get("subject_id", "")
        if subject and subject != NOTHING:
            system, code = self._identifiers.source(subject)
        conditions = {name: cells.get(name, "") for name in slots.CONDITIONS}
        return Source(
            system=system,
            code=code,
            label=cells.get("subject_label", ""),
            target=cells.get("ext_wanted", ""),
            **conditions,
        )

    def _own_target(self, cells: Cells) -> Target:
        system, code = self._identifiers.target(cells["object_id"])
        relation = cells.get("ext_relation", "")
        return Target(
            system=system,
            code=code,
            display=cells.get("object_label", ""),
            relation=Relation(relation) if relation else slots.RELATIONS[cells["predicate_id"]],
            part=slots.part_of(cells.get("ext_part", "")),
            refused=cells["ext_row"] == slots.REFUSED,
            created_by=cells.get("ext_created_by", ""),
            created_on=cells.get("ext_created_on", ""),
        )

    def _candidate(self, cells: Cells) -> Candidate:
        system, code = self._identifiers.target(cells["object_id"])
        return Candidate(
            system,
            code,
            cells.get("object_label", ""),
            _number(cells.get("similarity_score", "")) or 0.0,
            _number(cells.get("confidence", "")) or 0.0,
            _json(cells, "ext_evidence", tuple[Evidence, ...], ()),
            _json(cells, "ext_conflicts", tuple[str, ...], ()),
        )

    # --- from elsewhere --------------------------------------------------------------------------------------------

    def _claim(self, line: int, cells: Cells) -> Claim | None:
        subject, target = cells.get("subject_id", ""), cells.get("object_id", "")
        if subject == NO_TERM or not (subject or cells.get("subject_label")):
            self._tell(line, "no subject", "subject_id, or subject_label with the type rdfs literal")
            return None
        if not target:
            self._tell(line, f"no object_id, or the object is {LITERAL}", "the code that is the target")
            return None
        if cells.get("predicate_modifier", "") not in {"", "Not", "NOT", "not"}:
            self._tell(line, "a predicate_modifier that is not known", "Not, or nothing")
            return None
        by_person = _justified(cells) in slots.DECIDED
        if target == NO_TERM:
            return Claim(line, cells, None, by_person)
        refused = bool(cells.get("predicate_modifier"))
        if refused and not by_person:
            self._tell(line, "a refusal behind which no person stands", f"{slots.MANUAL} for a refusal")
            return None
        relation = slots.RELATIONS.get(cells.get("predicate_id", ""))
        if relation is None:
            self._tell(line, "a predicate that is not of SKOS; read as related", "skos:exactMatch and so on")
        system, code = self._identifiers.target(target)
        made = Target(
            system=system,
            code=code,
            display=cells.get("object_label", ""),
            relation=relation or Relation.RELATED,
            refused=refused,
        )
        return Claim(line, cells, made, by_person)

    def _tell(self, line: int, found: str, expected: str) -> None:
        self.problems.append(Problem(line, found, expected))

    def _sources(self, line: int, cells: Cells, target: Target | None) -> Iterable[Source]:
        """The subject under each of its conditions: one that lists several values holds for each of them."""
        wanted = target.system if target is not None else self._identifiers.name(cells.get("object_source", ""))
        source = replace(self._source(cells), target=wanted)
        named = [name for name in slots.CONDITIONS if "|" in cells.get(name, "")]
        if not named:
            return (source,)
        values = [tuple(dict.fromkeys(cells[name].split("|"))) for name in named]
        found = [replace(source, **dict(zip(named, each, strict=True))) for each in product(*values)]
        if len(found) > MOST_CONDITIONS:
            self._tell(line, f"{len(found)} combinations of conditions", f"at most {MOST_CONDITIONS} of them")
            return ()
        return found

    def _foreign(self, source: Source, claims: list[Claim]) -> Entry:
        people = [claim for claim in claims if claim.by_person]
        candidates = tuple(_proposed(claim) for claim in claims if not claim.by_person and claim.target is not None)
        ordered = tuple(sorted(candidates, key=lambda each: (-each.probability, -each.score)))
        first = (people or claims)[0]
        extra = {column: value for column in self._others if (value := _all(claims, column))}
        judgement, state = _judged(people)
        differing = _differing(people)
        if differing:
            judgement, state = None, State.TO_RECONCILE
        score = _number(first.cells.get("confidence", ""))
        similar = _number(first.cells.get("similarity_score", "") or first.cells.get("semantic_similarity_score", ""))
        if score is not None and similar is not None:
            extra["similarity_score"] = first.cells.get("similarity_score", "")
        return Entry(
            source=source,
            state=state,
            judgement=judgement,
            proposal=Proposal(candidates=ordered),
            extra=extra,
            score=similar if score is None else score,
            status_by=_who(first.cells, _AUTHORS) if people else "",
            status_on=day_of(first.cells.get("mapping_date", "")) if people else "",
            reviewer=_who(first.cells, _REVIEWERS) if people else "",
            justification=_justified(first.cells),
            history=differing,
            line=min(claim.line for claim in claims),
        )


def _differing(people: list[Claim]) -> tuple[Judged, ...]:
    """What each author says, where several are named and they say different things of one subject; else nothing."""
    by_author: dict[str, list[Claim]] = {}
    for claim in people:
        by_author.setdefault(_who(claim.cells, _AUTHORS), []).append(claim)
    if len(by_author) < 2 or "" in by_author:
        return ()
    found = tuple(
        Judged(who=who, judgement=said, event=0, at=day_of(claims[0].cells.get("mapping_date", "")))
        for who, claims in by_author.items()
        if (said := _judged(claims)[0]) is not None and (said.chosen or said.no_target)
    )
    return found if any(not found[0].judgement.agrees(each.judgement) for each in found[1:]) else ()


def _judged(people: list[Claim]) -> tuple[Judgement | None, State]:
    """What people say in the rows of one subject: decided, refused only, or against itself."""
    if not people:
        return None, State.UNMAPPED
    unique: dict[object, Target] = {}
    for claim in people:
        if claim.target is not None:
            unique.setdefault(claim.target.claim, claim.target)
    nothing = any(claim.target is None and not claim.cells.get("predicate_modifier") for claim in people)
    chosen = {(target.system, target.code) for target in unique.values() if not target.refused}
    denied = {(target.system, target.code) for target in unique.values() if target.refused}
    judgement = Judgement(
        targets=tuple(unique.values()), no_target=nothing and not chosen, note=_all(people, "comment")
    )
    if (chosen and nothing) or chosen & denied:
        return judgement, State.TO_RECONCILE
    return judgement, State.ACCEPTED if chosen or nothing else State.REJECTED


def _proposed(claim: Claim) -> Candidate:
    """A row that no person stands behind, as a candidate."""
    assert claim.target is not None
    cells = claim.cells
    similar = _number(cells.get("similarity_score", "") or cells.get("semantic_similarity_score", "")) or 0.0
    said = Evidence(
        "file", f"{_justified(cells)} {cells.get('predicate_id', '')}".strip(), cells.get("mapping_tool", "")
    )
    probability = _number(cells.get("confidence", "")) or 0.0
    return Candidate(claim.target.system, claim.target.code, claim.target.display, similar, probability, (said,))


def _justified(cells: Cells) -> str:
    given = cells.get("mapping_justification") or slots.MATCH_TYPES.get(cells.get("match_type", ""), "")
    return given.replace("https://w3id.org/semapv/vocab/", "semapv:").replace("https://w3id.org/semapv/", "semapv:")


def _who(cells: Cells, columns: Iterable[str]) -> str:
    return next(
        (", ".join(value.strip() for value in split_values(cells[column])) for column in columns if column in cells), ""
    )


def _all(claims: Iterable[Claim], column: str) -> str:
    return " | ".join(dict.fromkeys(claim.cells[column] for claim in claims if column in claim.cells))


def _first(lines: Lines, column: str) -> str:
    return next((cells[column] for _, cells in lines if column in cells), "")


def _number(cell: str) -> float | None:
    """A number from 0 to 1; None when there is none."""
    try:
        found = float(cell)
    except ValueError:
        return None
    return found if 0 <= found <= 1 else None


def _exact(cells: Cells) -> Exact:
    return decode(cells["ext_exact"], Exact) if "ext_exact" in cells else Exact()


def _json(cells: Cells, column: str, kind: Any, default: T) -> T:
    return decode(cells[column], kind) if column in cells else default
