"""The queue row of an item: what filters, orders and lists need, derived from its last arrival and its standing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from semantix.review.encoding import encode
from semantix.review.folding import is_open
from semantix.review.model import NO_COUNTS, NO_TEXTS, Judgement, Proposal, Source, Standing
from semantix.terminology.text import fold, split_words

LEAST_DOUBT = 0.02
"""However sure the engine is, a frequent item comes before a rare one."""
LONGEST_WORD = 40
MOST_WORDS = 40
MOST_SEARCHED = 8
NO_TARGET = "∅"
"""How the queue writes "no suitable target"; no code is written so."""
_SHOWN = 300


class Arrival(Struct, frozen=True, kw_only=True):
    """What an import said of an item; ``score`` where it is not the probability of the first candidate."""

    frequency: int = 1
    senders: Mapping[str, int] = NO_COUNTS
    extra: Mapping[str, str] = NO_TEXTS
    proposal: Proposal = Proposal()
    score: float | None = None
    justification: str = ""


def row_of(item: int, source: Source, arrival: tuple[int, Arrival], standing: Standing) -> dict[str, Any]:
    """The queue row of an item."""
    number, said = arrival
    first = said.proposal.candidates[0] if said.proposal.candidates else None
    probability = said.proposal.probability
    return {
        "item": item,
        "arrival": number,
        "priority": said.frequency * doubt(probability),
        "frequency": said.frequency,
        "probability": probability,
        "system": source.system,
        "code": source.code,
        "label": source.label,
        "sorted_label": fold(source.label)[:_SHOWN],
        "unit": source.unit,
        "section": source.section,
        "target": source.target,
        "candidate_code": first.code if first else "",
        "candidate_display": first.display[:_SHOWN] if first else "",
        "conflicts": bool(first and first.conflicts),
        **standing_columns(standing),
    }


def standing_columns(standing: Standing) -> dict[str, Any]:
    """The columns of a queue row that change with the standing."""
    return {
        "state": standing.state.value,
        "open": is_open(standing),
        "chosen": _chosen(standing.judgement),
        "chosen_display": _display(standing.judgement),
        "people": "\n".join(" ".join(name.split()) for name in standing.people),
        "assignee": standing.assignee,
        "how": standing.how.value if standing.how else "",
        "audit": standing.audit.value,
        "fate": standing.fate,
        "decided_at": standing.decided_at,
        "version": standing.version,
        "standing": encode(standing),
    }


def doubt(probability: float | None) -> float:
    """How much an item is in doubt: from 1 (nothing is known) to LEAST_DOUBT."""
    return max(LEAST_DOUBT, 1 - (probability or 0.0))


def words_of(source: Source) -> tuple[str, ...]:
    """The words by which an item is found: of its label, its code and its unit, folded, each once."""
    code = source.code.strip().lower()
    found = (code, *split_words(fold(source.code)), *split_words(fold(f"{source.label} {source.unit}")))
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in found if word))[:MOST_WORDS]


def searched(text: str) -> tuple[str, ...]:
    """What a search looks for: the beginnings of words, folded as :func:`words_of` does, each once.

    A text of signs that make no word is looked for as it is, since it may be a code.
    """
    text = text.replace("\0", "").encode("utf-8", "ignore").decode()
    found = split_words(fold(text)) or (text.strip().lower(),)
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in found if word))[:MOST_SEARCHED]


def _chosen(judgement: Judgement | None) -> str:
    if judgement is None:
        return ""
    return NO_TARGET if judgement.no_target else " ".join(target.code for target in judgement.chosen)


def _display(judgement: Judgement | None) -> str:
    if judgement is None or not judgement.chosen:
        return ""
    return judgement.chosen[0].display[:_SHOWN]
