"""Which documents count: from what is known of them to a fate each. Pure, without history, whatever their order.

The rules, and the doubtful cases, are told in ``docs/explanation/lineage.md``. Where a source does not say enough, both
documents stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from semantix.runs.model import DocumentFacts, Fate, Settled, Withdrawal


def settle(
    documents: Sequence[DocumentFacts],
    withdrawals: Sequence[Withdrawal],
    excluded: AbstractSet[bytes],
) -> list[Settled]:
    """The fate of each document, in the order of their numbers.

    ``excluded`` are digests of persons and of identifiers of patients. Documents tied by
    :func:`semantix.runs.lineage.links_of` are given together; others may be left out and change nothing.
    """
    ordered = sorted(documents, key=lambda one: one.id)
    fates: dict[int, Settled] = {}
    gone: list[DocumentFacts] = []
    left: list[DocumentFacts] = []
    orders = _Orders(ordered, withdrawals)
    for one in ordered:
        if one.subject in excluded or not excluded.isdisjoint(one.subject_ids):
            fates[one.id] = Settled(one.id, Fate.EXCLUDED)
        elif (by := orders.against(one)) is not None:
            fates[one.id] = Settled(one.id, Fate.WITHDRAWN, by)
            gone.append(one)
        else:
            left.append(one)
    heads = []
    for group in _grouped(left):
        head, others = _chosen(group)
        heads.append(head)
        for other in others:
            fates[other.id] = other
    fates |= {told.id: told for told in _superseded(heads, gone)}
    return [fates[one.id] for one in ordered]


def _identity(one: DocumentFacts) -> tuple[bytes, bytes, bytes]:
    """What copies of one document share."""
    return one.key, one.content, one.subject


def _is_later(one: str, other: str) -> bool:
    """Whether a moment is after another, as far as the less precise of both tells; never when one is unknown."""
    shared = min(len(one), len(other))
    return shared > 0 and one[:shared] > other[:shared]


# --- withdrawals ------------------------------------------------------------------------------------------------


class _Orders:
    """What sources said to withdraw, by key."""

    def __init__(self, ordered: Sequence[DocumentFacts], withdrawals: Iterable[Withdrawal]) -> None:
        self._by_key: dict[bytes, list[Withdrawal]] = {}
        self._first: dict[tuple[bytes, bytes, bytes], int] = {}
        for one in ordered:
            self._first.setdefault(_identity(one), one.id)
            for key in one.withdraws:
                self._add(Withdrawal(one.id, one.file, key, one.subject, one.moment))
        for order in withdrawals:
            self._add(order)

    def _add(self, order: Withdrawal) -> None:
        self._by_key.setdefault(order.key, []).append(order)

    def against(self, one: DocumentFacts) -> int | None:
        """The first to withdraw a document, if any does."""
        if not self._by_key:
            return None
        keys = {one.key, *one.names, one.set_key, one.report} - {None}
        found = (order for key in keys if key is not None for order in self._by_key.get(key, ()))
        return min((order.by for order in found if self._concerns(order, one)), default=None)

    def _concerns(self, order: Withdrawal, one: DocumentFacts) -> bool:
        """What came after the withdrawal is not concerned: by its own time, else by when it was first received.

        Nor is a document that says the same itself.
        """
        if order.key in one.withdraws or (order.subject is not None and order.subject != one.subject):
            return False
        if order.moment and one.moment:
            return not _is_later(one.moment, order.moment)
        return self._first[_identity(one)] < order.by


# --- one identifier ---------------------------------------------------------------------------------------------


class _Head(Struct):
    """The one document that counts under its identifier, with what all its copies say of others.

    One that was withdrawn is here too, as it may stand between two others; ``counts`` is then false.
    """

    facts: DocumentFacts
    counts: bool
    names: set[bytes]
    replaces: set[bytes]
    sets: set[tuple[bytes, int | None]]
    is_correction: bool


def _head(facts: DocumentFacts, copies: Iterable[DocumentFacts] = (), *, counts: bool = True) -> _Head:
    found = _Head(facts, counts, set(), set(), set(), is_correction=False)
    for one in (facts, *copies):
        found.names |= set(one.names)
        found.replaces |= set(one.replaces)
        found.sets |= set(one.replaces_sets)
        found.is_correction |= one.is_correction
    return found


def _grouped(ordered: Iterable[DocumentFacts]) -> Iterator[list[DocumentFacts]]:
    groups: dict[bytes, list[DocumentFacts]] = {}
    for one in ordered:
        groups.setdefault(one.key, []).append(one)
    yield from groups.values()


def _chosen(group: Sequence[DocumentFacts]) -> tuple[_Head, list[Settled]]:
    """Of the documents of one identifier, the one that counts: the first received, unless a later one renews it."""
    chosen = group[0]
    for one in group[1:]:
        if _renews(one, chosen):
            chosen = one
    others = []
    for one in group:
        if _identity(one) == _identity(chosen):
            fate = Fate.REPEATED
        else:
            fate = Fate.SUPERSEDED if _renews(chosen, one) else Fate.OTHER_VERSION
        if one is not chosen:
            others.append(Settled(one.id, fate, chosen.id))
    copies = (one for one in group if one is not chosen and _identity(one) == _identity(chosen))
    return _head(chosen, copies), others


def _renews(new: DocumentFacts, old: DocumentFacts) -> bool:
    """Whether a document says that it takes the place of another of the same identifier."""
    if new.subject != old.subject or new.content == old.content:
        return False
    if new.set_key is not None and new.set_key == old.set_key and new.version is not None and old.version is not None:
        return new.version > old.version
    says_so = new.is_correction or new.key in new.replaces
    return says_so and _is_later(new.moment, old.moment)


# --- several identifiers ----------------------------------------------------------------------------------------


def _superseded(heads: Sequence[_Head], gone: Sequence[DocumentFacts]) -> Iterator[Settled]:
    """Fates of the documents that count under their identifier. What goes round in a circle replaces nothing."""
    nodes = [*heads, *(_head(one, counts=False) for one in gone)]
    below = _edges(nodes)
    circle = _circles(below)
    above: list[list[int]] = [[] for _ in nodes]
    for new, olds in enumerate(below):
        for old in olds:
            if circle[new] != circle[old]:
                above[old].append(new)
    for index, head in enumerate(heads):
        by = max((nodes[one].facts.id for one in _counting_above(index, above, nodes)), default=0)
        yield Settled(head.facts.id, Fate.SUPERSEDED if by else Fate.LIVE, by)


def _counting_above(index: int, above: Sequence[Sequence[int]], nodes: Sequence[_Head]) -> Iterator[int]:
    """What replaces a document: at once, or through some that were withdrawn and replaced in their turn."""
    seen, waiting = {index}, [index]
    while waiting:
        for one in above[waiting.pop()]:
            if one in seen:
                continue
            seen.add(one)
            if nodes[one].counts:
                yield one
            else:
                waiting.append(one)


class _Shelf:
    """Documents by what others may call them."""

    def __init__(self, nodes: Sequence[_Head]) -> None:
        self.called: dict[bytes, list[int]] = {}
        self.reports: dict[bytes, list[int]] = {}
        self.sets: dict[bytes, list[int]] = {}
        for index, node in enumerate(nodes):
            for name in {node.facts.key, *node.names}:
                self.called.setdefault(name, []).append(index)
            if node.facts.report is not None:
                self.reports.setdefault(node.facts.report, []).append(index)
            if node.facts.set_key is not None:
                self.sets.setdefault(node.facts.set_key, []).append(index)

    def candidates(self, node: _Head) -> set[int]:
        """The documents that one may replace."""
        found: set[int] = set()
        for name in node.replaces | (node.names if node.is_correction else set()):
            found.update(self.called.get(name, ()))
        for key in {node.facts.set_key, *(key for key, _ in node.sets)}:
            found.update(self.sets.get(key, ()) if key is not None else ())
        if node.is_correction and node.facts.report is not None:
            found.update(self.reports.get(node.facts.report, ()))
        return found


def _edges(nodes: Sequence[_Head]) -> list[list[int]]:
    """For each document, those that it says to replace."""
    shelf = _Shelf(nodes)
    return [[i for i in sorted(shelf.candidates(node)) if _replaces(node, nodes[i])] for node in nodes]


def _replaces(new: _Head, old: _Head) -> bool:
    """Whether a document says that it takes the place of another, of the same person."""
    one, other = new.facts, old.facts
    if one.subject != other.subject or one.key == other.key:
        return False
    if other.key in new.replaces:
        return True
    if new.replaces & old.names and not _is_later(other.moment, one.moment):
        return True
    return _replaces_in_set(new, other) or (new.is_correction and _corrects(new, old))


def _replaces_in_set(new: _Head, old: DocumentFacts) -> bool:
    if old.set_key is None:
        return False
    one = new.facts
    if one.set_key == old.set_key and one.version is not None and old.version is not None:
        if one.version > old.version:
            return True
        if one.version < old.version:
            return False
    if old.version is not None and (old.set_key, old.version) in new.sets:
        return True
    # A set without a version: what it held until then.
    return (old.set_key, None) in new.sets and _is_later(one.moment, old.moment)


def _corrects(new: _Head, old: _Head) -> bool:
    """A correction, later than what has one of its names; or than a report for all of which it has a result."""
    one, other = new.facts, old.facts
    if _is_later(other.moment, one.moment):
        return False
    if not _is_later(one.moment, other.moment) and one.id < other.id:
        return False
    if new.names & old.names:
        return True
    is_same = one.report is not None and one.report == other.report
    return is_same and bool(other.results) and set(other.results) <= set(one.results)


def _circles(below: Sequence[Sequence[int]]) -> list[int]:
    """The number of the circle that each document is in (strongly connected components, Tarjan, without recursion)."""
    count = 0
    order, low, circle = [-1] * len(below), [0] * len(below), [-1] * len(below)
    held: list[int] = []
    for start in range(len(below)):
        work = [(start, 0)] if order[start] < 0 else []
        while work:
            node, step = work.pop()
            if step == 0:
                order[node] = low[node] = count
                count += 1
                held.append(node)
            if step < len(below[node]):
                work.append((node, step + 1))
                inner = below[node][step]
                if order[inner] < 0:
                    work.append((inner, 0))
                elif circle[inner] < 0:
                    low[node] = min(low[node], order[inner])
                continue
            for inner in below[node]:
                if circle[inner] < 0:
                    low[node] = min(low[node], low[inner])
            if low[node] == order[node]:
                while circle[node] < 0:
                    circle[held.pop()] = node
    return circle


__all__ = ["settle"]
