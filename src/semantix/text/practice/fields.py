"""Fields that hold one kind of thing: tobacco, alcohol, a vaccination, allergies."""

from __future__ import annotations

from semantix.text.practice._finding import Finding
from semantix.text.practice._habits import read_habit
from semantix.text.practice._split import pieces
from semantix.text.practice._vaccines import read_vaccination as _vaccination
from semantix.text.practice._words import LONGEST, Item
from semantix.text.practice.histories import read_history


def read_tobacco(text: str) -> tuple[Finding, ...]:
    """A field about tobacco: one finding, or none when it is empty."""
    return _habit("tobacco", text)


def read_alcohol(text: str) -> tuple[Finding, ...]:
    """A field about alcohol: one finding, or none when it is empty."""
    return _habit("alcohol", text)


def read_allergy(text: str) -> tuple[Finding, ...]:
    """A field about allergies: substances, or that there are none, or that nothing is known."""
    return read_history(text, section="allergy")


def read_vaccination(text: str) -> tuple[Finding, ...]:
    """A field about vaccinations, one finding an item."""
    if len(text) > LONGEST:
        return read_history(text, section="vaccination")
    return tuple(_vaccination(piece.item, piece.item.raw) for piece in pieces(Item.of(text), "vaccination"))


def _habit(kind: str, text: str) -> tuple[Finding, ...]:
    item = Item.of(text[:LONGEST]).part()
    if not item.low:
        return ()
    found = read_habit(item, item.raw, kind=kind)
    return (found,) if found is not None else ()
