"""The filters of the queue in an address, and back: what is not understood does not limit, and is not kept."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Protocol
from urllib.parse import urlencode

from semantix.review.desk import ALL, ORDERS, Filters
from semantix.review.model import OPEN_STATES, State

LONGEST = 200
TEXTS = ("target", "system", "section", "sender", "assignee", "person", "text")
"""The filters that are a text, by their name in the address."""
_DIGITS = 6
_KNOWN_STATES = tuple(state.value for state in State)
_OPEN = frozenset(state.value for state in OPEN_STATES)


class Fields(Protocol):
    """The fields of a form or of an address, each of which may come several times."""

    def get(self, key: str, default: str, /) -> object:
        """The last value of a field."""
        ...

    def getlist(self, key: str, /) -> Iterable[object]:
        """All values of a field, in their order."""
        ...


def filters_of(fields: Fields) -> Filters:
    """Read filters. Scores are written in percent, as people say them."""
    texts = {name: _text(fields.get(name, "")) for name in TEXTS}
    order = next((each for each in ORDERS if each == fields.get("order", "")), ORDERS[0])
    return Filters(
        states=_states(fields.getlist("state")),
        low=share_of(fields.get("low", "")),
        high=share_of(fields.get("high", "")),
        audit=fields.get("audit", "") == "1",
        order=order,
        **texts,
    )


def pairs_of(filters: Filters) -> tuple[tuple[str, str], ...]:
    """Write filters as fields, those that limit nothing left out."""
    pairs = [("state", state) for state in filters.states]
    pairs += [(name, value) for name in TEXTS if (value := getattr(filters, name))]
    pairs += [
        (name, written_percent(share))
        for name, share in (("low", filters.low), ("high", filters.high))
        if share is not None
    ]
    if filters.audit:
        pairs.append(("audit", "1"))
    if filters.order != ORDERS[0]:
        pairs.append(("order", filters.order))
    return tuple(pairs)


def query_of(filters: Filters, *more: tuple[str, str]) -> str:
    """Write filters as the query of an address, with other fields after them; empty when there is nothing to say."""
    return urlencode([*pairs_of(filters), *(pair for pair in more if pair[1])])


def address(path: str, filters: Filters, *more: tuple[str, str]) -> str:
    """Return the address of a page for these filters."""
    query = query_of(filters, *more)
    return f"{path}?{query}" if query else path


def is_narrowed(filters: Filters) -> bool:
    """Tell whether something but the order differs from the queue as it opens."""
    return filters != Filters(order=filters.order)


def written_percent(share: float | None) -> str:
    """Write a share of 1 in percent, so that reading it back gives the same share."""
    if share is None:
        return ""
    text = f"{Decimal(repr(share)) * 100:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _states(given: Iterable[object]) -> tuple[str, ...]:
    wanted = {str(each) for each in given}
    if ALL in wanted:
        return (ALL,)
    known = tuple(state for state in _KNOWN_STATES if state in wanted)
    return () if set(known) == _OPEN else known


def share_of(given: object) -> float | None:
    """Read a percentage; a French keyboard writes a comma."""
    try:
        value = Decimal(str(given)[:30].strip().replace(",", ".") or "NaN") / 100
    except InvalidOperation:
        return None
    return round(float(value), _DIGITS) if value.is_finite() and 0 <= value <= 1 else None


def _text(given: object) -> str:
    # A database does not keep NUL, and nothing is found by it.
    return str(given).replace("\0", "").strip()[:LONGEST].strip()
