"""Entries as rows of SSSOM. What a row would not give back as it is stands once more in ``ext_exact``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from semantix.model import Candidate
from semantix.review.encoding import encode
from semantix.review.formats import _sssom_slots as slots
from semantix.review.formats._sssom_cells import join_values
from semantix.review.formats._sssom_slots import Exact
from semantix.review.formats._sssom_systems import NO_TERM, NOTHING, Identifiers, Prefixes
from semantix.review.formats.exchange import Entry
from semantix.review.model import Judgement, Part, Proposal, Relation, Source, State, Target
from semantix.terminology.table_files import LITERAL
from semantix.terminology.text import fold

_NAMES = frozenset({"code", "label", "synonym"})
Row = dict[str, str]


class RowWriter:
    """Writes entries as rows, and gathers the prefixes and slots that they need."""

    def __init__(self) -> None:
        self.prefixes = Prefixes()
        self._sources: dict[str, str] = {}
        self._targets: dict[Target, Row] = {}

    def rows(self, entries: Iterable[Entry]) -> Iterator[Row]:
        """The rows of entries, those of one entry together, in their order."""
        for number, entry in enumerate(entries, 1):
            subject = self._subject(entry.source) | {"ext_entry": str(number), "ext_state": entry.state.value}
            yield from self._entry(entry, subject)

    def _entry(self, entry: Entry, subject: Row) -> Iterator[Row]:
        exact, own = _entry_cells(entry, self._unlike(entry.source, subject))
        claims = self._claims(entry)
        for place, (claim, odd) in enumerate(claims):
            row = {**subject, **claim}
            if not place:
                row.update(own)
            if odd is not None or (exact is not None and not place):
                source = exact if not place else None
                target = odd if isinstance(odd, Target) else None
                candidate = odd if isinstance(odd, Candidate) else None
                row["ext_exact"] = encode(Exact(source, target, candidate))
            yield row

    def _claims(self, entry: Entry) -> list[tuple[Row, Target | Candidate | None]]:
        judgement = entry.judgement
        if judgement is None:
            return [self._candidate(each) for each in entry.proposal.candidates] or [
                (_nothing(slots.UNDECIDED, slots.UNSPECIFIED), None)
            ]
        about = _about(entry, judgement)
        claims: list[tuple[Row, Target | Candidate | None]] = [
            self._target(entry, target, about) for target in judgement.targets
        ]
        if judgement.no_target:
            justification = _justification(entry) if entry.state is State.ACCEPTED else slots.UNSPECIFIED
            row = {**about, **_nothing(slots.NO_TARGET, justification)}
            row["object_source"] = self.prefixes.source(entry.source.target)
            claims.append((row, None))
        return claims or [({**about, **_nothing(slots.JUDGED, slots.UNSPECIFIED)}, None)]

    # --- the subject -----------------------------------------------------------------------------------------------

    def _subject(self, source: Source) -> Row:
        row = {
            "subject_label": source.label,
            "sender": source.sender,
            "unit": source.unit,
            "specimen": source.specimen,
            "section": source.section,
            "ext_wanted": source.target,
        }
        if source.code:
            row["subject_id"] = self.prefixes.curie(source.system, source.code)
        elif fold(source.label):
            row["subject_type"] = LITERAL
        else:
            # SSSOM asks for an identifier where there is no wording either.
            row["subject_id"] = NOTHING
        return row

    def _unlike(self, source: Source, row: Row) -> Source | None:
        """The source when its cells would not give it back."""
        if not source.code:
            return source if source.system or "subject_id" in row else None
        system = self._sources.get(source.system)
        if system is None:
            identifiers = Identifiers(self.prefixes.declared())
            system = self._sources[source.system] = identifiers.source(row["subject_id"])[0]
        return None if system == source.system else source

    # --- what is claimed -------------------------------------------------------------------------------------------

    def _target(self, entry: Entry, target: Target, about: Row) -> tuple[Row, Target | None]:
        decided = entry.state in {State.ACCEPTED, State.REJECTED}
        negated = target.refused or entry.state is State.REJECTED
        row = {
            **about,
            "object_id": self.prefixes.curie(target.system, target.code),
            "object_label": target.display,
            "predicate_id": slots.PREDICATES[target.relation if decided else Relation.CLOSE],
            "predicate_modifier": "Not" if negated else "",
            "mapping_justification": _justification(entry) if decided else slots.UNSPECIFIED,
            "ext_relation": "" if decided or target.relation is Relation.CLOSE else target.relation.value,
            "ext_row": slots.REFUSED if target.refused else slots.TARGET,
            "ext_part": "" if target.part is Part.TARGET else target.part.value,
            "ext_created_by": target.created_by,
            "ext_created_on": target.created_on,
        }
        return row, None if self._as_it_is(target.system, target.code) else target

    def _candidate(self, candidate: Candidate) -> tuple[Row, Candidate | None]:
        lexical = bool(candidate.evidence) and candidate.evidence[0].kind in _NAMES
        probable, scored = 0 < candidate.probability <= 1, 0 <= candidate.score <= 1
        row = {
            "object_id": self.prefixes.curie(candidate.system, candidate.code),
            "object_label": candidate.display,
            "predicate_id": slots.PREDICATES[Relation.CLOSE],
            "mapping_justification": slots.LEXICAL if lexical else slots.COMPOSITE,
            "confidence": number(candidate.probability) if probable else "",
            "similarity_score": number(candidate.score) if scored else "",
            "ext_row": slots.CANDIDATE,
            "ext_evidence": encode(candidate.evidence) if candidate.evidence else "",
            "ext_conflicts": encode(candidate.conflicts) if candidate.conflicts else "",
        }
        plain = scored and (probable or not candidate.probability)
        return row, None if plain and self._as_it_is(candidate.system, candidate.code) else candidate

    def _as_it_is(self, system: str, code: str) -> bool:
        if not code or system == "local":
            return False
        key = f"target {system}"
        found = self._sources.get(key)
        if found is None:
            identifiers = Identifiers(self.prefixes.declared())
            found = self._sources[key] = identifiers.target(self.prefixes.curie(system, code))[0]
        return found == system


def agreeing(entry: Entry) -> tuple[str, ...]:
    """The people behind the judgement that stands: who judged and did not say otherwise, and who set the state."""
    judgement = entry.judgement
    last = {each.who: each.judgement for each in entry.history}
    same = {who for who, said in last.items() if judgement is not None and said.agrees(judgement)}
    people = dict.fromkeys((*entry.people, *(who for who in last if who in same), entry.status_by))
    return tuple(who for who in people if who and (who not in last or who in same or who == entry.status_by))


def number(value: float) -> str:
    """A number as the shortest text that gives it back."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def day_of(moment: str) -> str:
    """The day of a moment in ISO 8601; empty when there is none."""
    try:
        return date.fromisoformat(moment[:10]).isoformat()
    except ValueError:
        return ""


def _about(entry: Entry, judgement: Judgement) -> Row:
    """Who says it, when, and why."""
    score = number(entry.score) if entry.score is not None and 0 <= entry.score <= 1 else ""
    return {
        "author_label": join_values(agreeing(entry)),
        "mapping_date": day_of(entry.status_on),
        # People do not say how sure they are; of an automatic acceptance the precision is known, or the probability.
        "confidence": "" if not entry.automatic else number(entry.acceptance.bound) if entry.acceptance else score,
        "similarity_score": score,
        "comment": judgement.note,
    }


def _justification(entry: Entry) -> str:
    given = entry.justification if ":" in entry.justification else f"semapv:{entry.justification}"
    if given in slots.KNOWN:
        return given
    return slots.COMPOSITE if entry.automatic else slots.MANUAL


def _nothing(role: str, justification: str) -> Row:
    return {
        "object_id": NO_TERM,
        "predicate_id": slots.PREDICATES[Relation.EXACT if role == slots.NO_TARGET else Relation.RELATED],
        "mapping_justification": justification,
        "ext_row": role,
    }


def _entry_cells(entry: Entry, exact: Source | None) -> tuple[Source | None, Row]:
    """What stands once an entry, on its first row."""
    proposal: Any = entry.proposal
    if entry.judgement is None and proposal.candidates:
        proposal = Proposal(
            outcome=proposal.outcome,
            accepted=proposal.accepted,
            reason=proposal.reason,
            engine=proposal.engine,
            store=proposal.store,
        )
    row = {
        "ext_frequency": str(entry.frequency) if entry.frequency != 1 else "",
        "ext_senders": _json(entry.senders),
        "ext_info": _json(entry.extra),
        "ext_acceptance": encode(entry.acceptance) if entry.acceptance is not None else "",
        "ext_people": encode(entry.people) if entry.people else "",
        "ext_status_by": entry.status_by,
        "ext_status_on": entry.status_on,
        "ext_reviewer": entry.reviewer,
        "ext_automatic": "true" if entry.automatic else "",
        "ext_justification": entry.justification,
        "ext_history": encode(entry.history) if entry.history else "",
        "ext_proposal": encode(proposal) if proposal != Proposal() else "",
        "ext_score": "" if entry.score is None or not math.isfinite(entry.score) else number(entry.score),
    }
    return exact, row


def _json(value: Mapping[str, Any]) -> str:
    return encode(dict(value)) if value else ""
