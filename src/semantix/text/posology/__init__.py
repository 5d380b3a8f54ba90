"""French dosage text, read into doses and times, or left as text with the reason.

Nothing is guessed: every word of the text must be understood, and the whole must say one thing. A text with one word
too many, or with two readings, stays text.
"""

from __future__ import annotations

from collections.abc import Sequence

from semantix.text.posology._items import Item
from semantix.text.posology._phrases import items
from semantix.text.posology._reading import Amount, Doubt, Limit, Posology, Span, Step
from semantix.text.posology._steps import steps
from semantix.text.posology._tokens import fold, tokens

__all__ = ["Amount", "Limit", "Posology", "Span", "Step", "read_posology"]

LONGEST = 1000
"""Characters; a longer text is no dosage."""

_ASIDE = frozenset({"supply", "repeats", "box", "again", "and"})


def read_posology(text: str) -> Posology:
    """Read one dosage text, such as ``1 cp matin et soir pendant 5 jours``."""
    if len(text) > LONGEST:
        return Posology(text=text, reason="words", span=(0, len(text)))
    folded, where = fold(text)
    cut = tokens(folded)
    if not cut:
        return Posology(text=text, reason="empty")
    try:
        found = items(cut, lambda start, end: text[where[start] : where[end]])
        supply = _one_of([x for x in found if x.kind == "supply"])
        repeats = _one_of([x for x in found if x.kind == "repeats"])
        read = steps([x for x in found if x.kind not in _ASIDE])
        if repeats is not None and repeats.unit is None and any(x.as_needed or not x.is_timed for x in read):
            raise Doubt("ambiguous", repeats.start, repeats.end)
    except Doubt as doubt:
        return Posology(text=text, reason=doubt.reason, span=_place(doubt, where))
    return Posology(
        text=text,
        steps=read,
        supply=supply.span if supply is not None else None,
        repeats=int(repeats.amount.low) if repeats is not None and repeats.amount is not None else None,
    )


def _one_of(many: list[Item]) -> Item | None:
    if len(many) > 1:
        raise Doubt("ambiguous", many[1].start, many[1].end)
    return many[0] if many else None


def _place(doubt: Doubt, where: Sequence[int]) -> tuple[int, int] | None:
    return (where[doubt.start], where[doubt.end]) if doubt.end else None
