"""What the desk shows of the terminology store, to many people at once: search, concepts, domains, releases."""

from __future__ import annotations

import queue
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from semantix.errors import BadStore
from semantix.io import shown
from semantix.review.lookup_search import Searcher, domains_of
from semantix.review.lookup_values import Filters, Hit, Step, step_of
from semantix.review.lookup_views import Heir, Linked, Named, Neighbours, View, view_of
from semantix.review.lookup_words import Memory
from semantix.terminology.codes import canonical
from semantix.terminology.store import Store

__all__ = ["Filters", "Heir", "Hit", "Linked", "Lookup", "Named", "Neighbours", "Step", "View"]

STORES = 4
"""Openings of the store: so many people search at the same moment, the others wait their turn."""
_ANY = Filters()
_MOST_ANSWERS = 2_000


class Lookup:
    """A terminology store opened several times, for a server whose threads ask at once.

    Each question has one opening for itself. Answers of the same search are kept; what is imported into the store
    later is seen by the next Lookup.
    """

    def __init__(self, folder: Path, stores: tuple[Store, ...]) -> None:
        self.folder = folder
        self._free: queue.LifoQueue[Store] = queue.LifoQueue()
        self._stores = stores
        for store in stores:
            self._free.put(store)
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple[object, ...], tuple[Hit, ...]] = OrderedDict()
        self._memory = Memory()
        self._domains: dict[str, tuple[str, ...]] = {}
        self._closed = False

    @classmethod
    def open(cls, folder: Path, stores: int = STORES) -> Lookup:
        """Open a store. Raises BadStore when there is none, or when it is damaged."""
        return cls(folder, tuple(Store.open(folder) for _ in range(stores)))

    def close(self) -> None:
        """Close all openings, when the questions being answered are answered."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        for _ in self._stores:
            self._free.get().close()
        # Whoever still waits for an opening is told.
        for store in self._stores:
            self._free.put(store)

    def __enter__(self) -> Lookup:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- search -----------------------------------------------------------------------------------------------------

    def search(
        self, text: str, filters: Filters = _ANY, *, limit: int = 20, offset: int = 0, scan: bool = False
    ) -> tuple[Hit, ...]:
        """Find the codes that a text leads to, best first; ask for one more than is shown to know of others.

        Common beginnings are cut: some hundreds of codes are ranked at most. ``scan`` also reads the displays of the
        releases without a word index (seconds), for a search that somebody sends rather than types.
        """
        key = (text.strip(), filters, limit, offset, scan)
        with self._lock:
            known = self._answers.get(key)
            if known is not None:
                self._answers.move_to_end(key)
                return known
        with self._store() as store:
            wanted = slice(offset, offset + limit)
            found = Searcher(store, self._memory).search(text, filters, wanted, scan=scan)
        with self._lock:
            self._answers[key] = found
            if len(self._answers) > _MOST_ANSWERS:
                self._answers.popitem(last=False)
        return found

    def unindexed(self) -> tuple[str, ...]:
        """The systems of which a release has no word index: their words are only found with ``scan``."""
        with self._store() as store:
            bare = [each for each in store.releases() if not each.searchable]
        return tuple(sorted({key for each in bare for key, count in each.counts.items() if count.concepts}))

    # --- what is known ----------------------------------------------------------------------------------------------

    def concept(self, system: str, code: str) -> View | None:
        """Everything to show of a code, in any usual writing; None when the store does not have it."""
        with self._store() as store:
            return view_of(store, system, canonical(system, code))

    def step(self, system: str, code: str) -> Step | None:
        """A concept in short: its display and whether it may be recorded."""
        with self._store() as store:
            found = store.lookup(system, canonical(system, code))
        return step_of(found) if found is not None else None

    def systems(self) -> tuple[str, ...]:
        """Every system with at least one concept."""
        with self._store() as store:
            return store.systems()

    def domains(self, system: str) -> tuple[str, ...]:
        """The domains (OMOP) or classes (LOINC) of a system, sorted; empty when it has none. Read once."""
        known = self._domains.get(system)
        if known is None:
            with self._store() as store:
                self._domains[system] = known = domains_of(store, system)
        return known

    # --- releases ---------------------------------------------------------------------------------------------------

    def version(self, system: str) -> str:
        """The current releases of a system that define its codes: ``cim10-atih@2021``; empty when there is none."""
        with self._store() as store:
            return ", ".join(volume.ref for volume in store.described(system).defining)

    def fingerprint(self, systems: tuple[str, ...] = ()) -> str:
        """A digest of the releases of these systems, of all when none is given."""
        with self._store() as store:
            return store.fingerprint(systems or store.systems())

    @contextmanager
    def _store(self) -> Iterator[Store]:
        store = self._free.get()
        try:
            if self._closed:
                raise BadStore(f"{shown(self.folder)}: the store was closed; open the desk again")
            yield store
        finally:
            self._free.put(store)
