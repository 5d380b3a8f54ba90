"""The terminology store: every release in one folder, seen as one set of systems.

Rules where several releases describe one system:

- The newest version of each release *name* is current, the others are past. Versions that have no order (the digests
  of files that state none) are all current.
- A code that current releases define is described by the first of them that labels it: the releases made for few
  systems before collections of many (Athena, a FHIR package), those in French before the others, then the one that
  defines most codes of the system, then by name. Its terms, parents, links and successors are those of all current
  releases together.
- A code that only past releases define stays available, inactive, as its newest release described it.
- A supplement adds terms, parents and links to codes that another release defines; its other terms are left out.
"""

from __future__ import annotations

import hashlib
import heapq
import weakref
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import msgspec

from semantix.terminology.layout import COLLECTION, Manifest, is_ordered, read_manifest, release_folders, version_key
from semantix.terminology.records import TERM_KINDS, Concept, Link, Successor, Term
from semantix.terminology.volume import Row, Volume

Look = Callable[[str], Concept | None]

_CACHED = 50_000
_UNSEEN = object()


class Described(NamedTuple):
    """The releases of one system, each kind in the order in which it is asked."""

    defining: tuple[Volume, ...]
    past: tuple[Volume, ...]
    supplements: tuple[Volume, ...]

    @property
    def current(self) -> tuple[Volume, ...]:
        """The current releases: those that define, then the supplements."""
        return self.defining + self.supplements


class Store:
    """A folder of compiled releases, opened for reading.

    It pickles as the path of its folder. Threads may share it where ``sqlite3.threadsafety`` is 3 (as CPython is
    usually built); elsewhere open one a thread. What is imported or removed later is seen by the next opening.
    """

    def __init__(self, folder: Path, volumes: Iterable[Volume]) -> None:
        self.folder = folder
        self._volumes = tuple(volumes)
        self._described: dict[str, Described] = {}
        self._lookers: dict[str, tuple[tuple[Look, bool], ...]] = {}
        self._cache: dict[tuple[str, str], Concept | None] = {}
        # A store that is forgotten closes its files; closing it by hand is only sooner.
        self._closing = weakref.finalize(self, _close, self._volumes)

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open a store. Raises BadStore when there is none, or when the manifest of a release is damaged."""
        return cls(folder, (Volume(path, read_manifest(path)) for path in release_folders(folder)))

    def close(self) -> None:
        """Close the files of all releases."""
        self._closing()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[Callable[[Path], Store], tuple[Path]]:
        return Store.open, (self.folder,)

    # --- releases -----------------------------------------------------------------------------------------------

    def releases(self) -> tuple[Manifest, ...]:
        """The manifests of all releases, by name and version."""
        ordered = sorted(self._volumes, key=lambda volume: (volume.manifest.name, version_key(volume.manifest.version)))
        return tuple(volume.manifest for volume in ordered)

    def volume(self, ref: str) -> Volume | None:
        """Find a release by ``name@version``, or the newest of a ``name``."""
        name, _, version = ref.partition("@")
        found = [
            each for each in self._volumes if each.manifest.name == name and version in ("", each.manifest.version)
        ]
        return max(found, key=_newness, default=None)

    def systems(self) -> tuple[str, ...]:
        """Every system with at least one concept."""
        return tuple(sorted({key for volume in self._volumes for key, count in volume.manifest.counts.items()
                             if count.concepts and not volume.manifest.supplement}))  # fmt: skip

    def described(self, system: str) -> Described:
        """The releases that speak of a system, by the rules of this module."""
        known = self._described.get(system)
        if known is None:
            self._described[system] = known = _described(system, self._volumes)
        return known

    def fingerprint(self, systems: tuple[str, ...]) -> str:
        """A digest of the releases that hold these systems: the key of what is learned from them."""
        held = {
            (volume.ref, volume.manifest.database.sha256)
            for volume in self._volumes
            if not volume.manifest.counts.keys().isdisjoint(systems)
        }
        return hashlib.sha256(msgspec.json.encode([sorted(set(systems)), sorted(held)])).hexdigest()

    # --- codes --------------------------------------------------------------------------------------------------

    def lookup(self, system: str, code: str) -> Concept | None:
        """Find a concept by its code in canonical form (>= 100,000/s)."""
        key = (system, code)
        known = self._cache.get(key, _UNSEEN)
        if known is not _UNSEEN:
            return known  # type: ignore[return-value]
        found = self._look(system, code)
        if len(self._cache) >= _CACHED:
            self._cache.clear()
        self._cache[key] = found
        return found

    def validate(self, system: str, code: str) -> bool:
        """Tell whether a code in canonical form exists, is active and may be recorded."""
        concept = self.lookup(system, code)
        return concept is not None and concept.active and concept.assignable

    def definer(self, system: str, code: str) -> str:
        """Name the release that describes a code (``cim10-atih@2021``); empty when none does."""
        described = self.described(system)
        for volumes in (described.defining, described.past):
            found = [(each, concept) for each in volumes if (concept := each.looker(system)(code)) is not None]
            if found:
                return next((each.ref for each, concept in found if concept.display), found[0][0].ref)
        return ""

    def concepts(self, system: str) -> Iterator[Concept]:
        """Every concept of a system, active or not, ordered by code."""
        return (concept for concept, _, _ in self._defined(system))

    def parents(self, system: str, code: str) -> tuple[str, ...]:
        """The codes directly above, sorted."""
        return _merged(volume.parents(system, code) for volume in self._speaking(system, code))

    def children(self, system: str, code: str) -> tuple[str, ...]:
        """The codes directly below, sorted."""
        return _merged(volume.children(system, code) for volume in self._speaking(system, code))

    def successors(self, system: str, code: str) -> tuple[Successor, ...]:
        """What takes the place of a retired code, sorted by code."""
        found = {each for volume in self._speaking(system, code) for each in volume.successors(system, code)}
        return tuple(sorted(found, key=lambda each: (each.successor, each.kind)))

    # --- terms --------------------------------------------------------------------------------------------------

    def terms(self, system: str) -> Iterator[tuple[Term, str]]:
        """Every term of a system with the name of its release (``cim10-atih@2021``), ordered by code, kind, text.

        The display of a concept is its term of kind ``preferred``. Terms of codes that no release defines are left out.
        """
        described = self.described(system)
        streams = {volume: _Stream(volume.terms(system)) for volume in described.current + described.past}
        for concept, displays, volumes in self._defined(system):
            code = concept.code
            rows = [(row, volume.ref) for volume in volumes for row in streams[volume].of(code)]
            for term, ref in _ordered(rows, displays):
                yield Term(system, code, *term), ref

    def terms_of(self, system: str, code: str) -> tuple[tuple[Term, str], ...]:
        """The terms of one code, as ``terms`` gives them."""
        concept = self.lookup(system, code)
        if concept is None:
            return ()
        volumes = self._speaking(system, code)
        displays = [(volume.ref, found.display) for volume in volumes if (found := volume.looker(system)(code))]
        rows = [
            ((code, TERM_KINDS.index(term.kind), term.text, term.lang), volume.ref)
            for volume in volumes
            for term in volume.terms_of(system, code)
        ]
        return tuple((Term(system, code, *term), ref) for term, ref in _ordered(rows, displays))

    # --- correspondences ----------------------------------------------------------------------------------------

    def links(self, system: str, target_system: str) -> Iterator[tuple[Link, str]]:
        """Every official correspondence between two systems, with the name of its release."""
        described = self.described(system)
        for volume in described.current:
            for link in volume.links(system, target_system):
                yield link, volume.ref
        for volume in described.past:
            for link in volume.links(system, target_system):
                if volume in self._speaking(system, link.code):
                    yield link, volume.ref

    def links_of(self, system: str, code: str, target_system: str) -> tuple[tuple[Link, str], ...]:
        """The official correspondences of one code, sorted by target."""
        found = [
            (link, volume.ref)
            for volume in self._speaking(system, code)
            for link in volume.links_of(system, code, target_system)
        ]
        return tuple(sorted(found, key=_by_link))

    def links_to(self, system: str, target_system: str, target: str) -> tuple[tuple[Link, str], ...]:
        """The official correspondences that end on one code of ``target_system``, sorted by their source code."""
        found = [
            (link, volume.ref)
            for volume in self.described(system).current
            for link in volume.links_to(system, target_system, target)
        ]
        return tuple(sorted(found, key=_by_link))

    # --- the rules ----------------------------------------------------------------------------------------------

    def _look(self, system: str, code: str) -> Concept | None:
        lookers = self._lookers.get(system)
        if lookers is None:
            described = self.described(system)
            self._lookers[system] = lookers = tuple(
                (volume.looker(system), volume in described.past) for volume in described.defining + described.past
            )
        bare: Concept | None = None
        for look, is_past in lookers:
            if is_past and bare is not None:
                break
            found = look(code)
            if found is not None and found.display:
                return _retired(found) if is_past else found
            if found is not None and bare is None:
                bare = _retired(found) if is_past else found
        return bare

    def _speaking(self, system: str, code: str) -> tuple[Volume, ...]:
        """The releases that say something of a code: the current ones, or the past one that alone defines it."""
        described = self.described(system)
        if not described.past or any(volume.looker(system)(code) for volume in described.defining):
            return described.current
        last = next((volume for volume in described.past if volume.looker(system)(code)), None)
        return (last, *described.supplements) if last else described.current

    def _defined(self, system: str) -> Iterator[tuple[Concept, list[tuple[str, str]], tuple[Volume, ...]]]:
        """Each code once: its concept, its displays by release, and the releases that say something of it."""
        described = self.described(system)
        first_past = len(described.defining)
        volumes = described.defining + described.past
        streams = [_numbered(place, volume.concepts(system)) for place, volume in enumerate(volumes)]
        for _, rows in groupby(heapq.merge(*streams, key=itemgetter(0, 1)), key=itemgetter(0)):
            found = [(place, concept) for _, place, concept in rows]
            place, concept = found[0]
            if place < first_past:
                concept = next((each for at, each in found if each.display and at < first_past), concept)
                displays = [(volumes[each].ref, given.display) for each, given in found if each < first_past]
                yield concept, displays, described.current
            else:
                place, concept = next(((at, each) for at, each in found if each.display), (place, concept))
                volume = volumes[place]
                yield _retired(concept), [(volume.ref, concept.display)], (volume, *described.supplements)


class _Stream:
    """Rows of terms ordered by code, read beside concepts ordered by code."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, code: str) -> list[Row]:
        """The rows of a code, those of earlier codes passed over."""
        rows: list[Row] = []
        while (row := self._next) is not None and row[0] <= code:
            if row[0] == code:
                rows.append(row)
            self._next = next(self._rows, None)
        return rows


def _described(system: str, volumes: tuple[Volume, ...]) -> Described:
    """Split the releases that hold a system by the rules of this module."""
    by_name: dict[str, list[Volume]] = {}
    for volume in volumes:
        if system in volume.manifest.counts:
            by_name.setdefault(volume.manifest.name, []).append(volume)
    current: list[Volume] = []
    past: list[Volume] = []
    for versions in by_name.values():
        ordered = sorted((each for each in versions if is_ordered(each.manifest.version)), key=_newness)
        current += ordered[-1:]
        current += (volume for volume in versions if not is_ordered(volume.manifest.version))
        past += (volume for volume in ordered[:-1] if not volume.manifest.supplement)

    def rank(volume: Volume) -> tuple[bool, bool, int, str]:
        systems = sum(1 for count in volume.manifest.counts.values() if count.concepts)
        count = volume.count(system)
        return systems > COLLECTION, 2 * count.foreign > count.concepts, -count.concepts, volume.ref

    current.sort(key=rank)
    # Newest first: two stable sorts.
    past.sort(key=rank)
    past.sort(key=_newness, reverse=True)
    return Described(
        tuple(volume for volume in current if not volume.manifest.supplement),
        tuple(past),
        tuple(volume for volume in current if volume.manifest.supplement),
    )


def _newness(volume: Volume) -> tuple[tuple[tuple[int, int, str], ...], str]:
    return version_key(volume.manifest.version), volume.manifest.version


def _numbered(place: int, concepts: Iterator[Concept]) -> Iterator[tuple[str, int, Concept]]:
    return ((concept.code, place, concept) for concept in concepts)


def _ordered(rows: list[tuple[Row, str]], displays: list[tuple[str, str]]) -> list[tuple[tuple[str, str, str], str]]:
    """Terms as (text, kind, language) with their release, ordered by kind and text.

    A display is a French preferred term, unless its release, or one before it, gives the same text as preferred.
    """
    own = {text for (_, kind, text, _), _ in rows if kind == 0}
    found = [(kind, text, lang, ref) for (_, kind, text, lang), ref in rows]
    for ref, display in displays:
        if display and display not in own:
            own.add(display)
            found.append((0, display, "fr", ref))
    if len(found) > 1:
        found.sort()
    return [((text, TERM_KINDS[kind], lang), ref) for kind, text, lang, ref in found]


def _by_link(found: tuple[Link, str]) -> tuple[str, str, str, str, str]:
    link, ref = found
    return link.code, link.target, link.relation, link.rule, ref


def _retired(concept: Concept) -> Concept:
    return msgspec.structs.replace(concept, active=False) if concept.active else concept


def _merged(found: Iterable[list[str]]) -> tuple[str, ...]:
    return tuple(sorted({code for codes in found for code in codes}))


def _close(volumes: tuple[Volume, ...]) -> None:
    for volume in volumes:
        volume.close()
