"""One concept as the desk shows it: its terms, where it stands, its neighbours, successors and official links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from msgspec import Struct

from semantix.review.lookup_values import Step, step_of
from semantix.terminology.records import Concept
from semantix.terminology.store import Store

__all__ = ["Heir", "Linked", "Named", "Neighbours", "View", "view_of"]

MOST_CHAINS = 4
MOST_CHILDREN = 50
MOST_LINKS = 50
AROUND = 6
"""Neighbours that are shown before a code, and after it."""
_DEEPEST = 20
_LINKED = (
    "SELECT key FROM system WHERE id IN (SELECT target_system FROM link "
    "WHERE system = (SELECT id FROM system WHERE key = ?) AND code = ?)"
)


class Named(Struct, frozen=True):
    """One term, and the release that gives it."""

    text: str
    kind: str
    lang: str
    release: str


class Neighbours(Struct, frozen=True):
    """Some concepts in the order of their codes, out of ``count``."""

    steps: tuple[Step, ...] = ()
    count: int = 0


class Heir(Struct, frozen=True):
    """What takes the place of a retired code; ``kind`` is ``replaced-by``, ``same-as`` or ``possibly-equivalent``."""

    kind: str
    step: Step


class Linked(Struct, frozen=True, kw_only=True):
    """An official correspondence. ``relation`` says what the other code is to this one; ``incoming`` tells direction.

    The display of ``step`` is empty when the store does not have the other system.
    """

    step: Step
    relation: str
    rule: str = ""
    release: str = ""
    incoming: bool = False


class View(Struct, frozen=True, kw_only=True):
    """Everything to show of one concept. ``chains`` are the ways from the top, highest first, itself not among them.

    ``siblings`` are around it in the order of codes, itself not among them.
    """

    concept: Step
    release: str
    properties: Mapping[str, str]
    terms: tuple[Named, ...] = ()
    chains: tuple[tuple[Step, ...], ...] = ()
    children: Neighbours = Neighbours()
    siblings: Neighbours = Neighbours()
    successors: tuple[Heir, ...] = ()
    links: tuple[Linked, ...] = ()

    def terms_by_kind(self) -> dict[str, tuple[Named, ...]]:
        """The terms by kind, in the order of kinds; those of French first."""
        kinds: dict[str, list[Named]] = {}
        for term in self.terms:
            kinds.setdefault(term.kind, []).append(term)
        return {kind: tuple(sorted(found, key=lambda each: not _is_french(each))) for kind, found in kinds.items()}


def view_of(store: Store, system: str, code: str) -> View | None:
    """Gather what is shown of a code in canonical form; None when the store does not have it."""
    concept = store.lookup(system, code)
    if concept is None:
        return None
    return View(
        concept=step_of(concept),
        release=store.definer(system, code),
        properties=concept.properties,
        terms=tuple(Named(term.text, term.kind, term.lang, ref) for term, ref in store.terms_of(system, code)),
        chains=tuple(islice(_chains(store, concept, (code,)), MOST_CHAINS)),
        children=_children(store, system, code),
        siblings=_siblings(store, system, code),
        successors=tuple(
            Heir(each.kind, _step(store, system, each.successor)) for each in store.successors(system, code)
        ),
        links=tuple(islice(_links(store, system, code), MOST_LINKS)),
    )


def _chains(store: Store, concept: Concept, seen: tuple[str, ...]) -> Iterator[tuple[Step, ...]]:
    """The ways up from a concept, each highest first; what leads back to itself ends there."""
    if len(seen) > _DEEPEST:
        yield ()
        return
    above = [
        found
        for parent in store.parents(concept.system, concept.code)
        if parent not in seen and (found := store.lookup(concept.system, parent)) is not None
    ]
    if not above and len(seen) > 1:
        yield ()
    for parent in above:
        for chain in _chains(store, parent, (*seen, parent.code)):
            yield (*chain, step_of(parent))


def _children(store: Store, system: str, code: str) -> Neighbours:
    codes = store.children(system, code)
    return Neighbours(_steps(store, system, codes[:MOST_CHILDREN]), len(codes))


def _siblings(store: Store, system: str, code: str) -> Neighbours:
    """The codes under the same parents, those that stand nearest in their order."""
    codes = sorted({child for parent in store.parents(system, code) for child in store.children(system, parent)})
    if code not in codes:
        return Neighbours()
    place = codes.index(code)
    near = codes[max(0, place - AROUND) : place] + codes[place + 1 : place + 1 + AROUND]
    return Neighbours(_steps(store, system, near), len(codes) - 1)


def _links(store: Store, system: str, code: str) -> Iterator[Linked]:
    """The links from a code, then those to it, by system."""
    linking = [each for each in store.releases() if any(count.links for count in each.counts.values())]
    targets: set[str] = set()
    for manifest in linking:
        volume = store.volume(manifest.ref)
        if volume is not None and volume.count(system).links:
            targets.update(key for (key,) in volume.ask_plainly(_LINKED, (system, code)))
    for target in sorted(targets):
        for link, ref in store.links_of(system, code, target):
            step = _step(store, target, link.target)
            yield Linked(step=step, relation=link.relation, rule=link.rule, release=ref)
    sources = {key for each in linking for key, count in each.counts.items() if count.links}
    for source in sorted(sources):
        for link, ref in store.links_to(source, system, code):
            relation = _REVERSED.get(link.relation, link.relation)
            step = _step(store, source, link.code)
            yield Linked(step=step, relation=relation, rule=link.rule, release=ref, incoming=True)


_REVERSED: Mapping[str, str] = MappingProxyType({"broader": "narrower", "narrower": "broader"})


def _steps(store: Store, system: str, codes: Iterable[str]) -> tuple[Step, ...]:
    return tuple(_step(store, system, code) for code in codes)


def _step(store: Store, system: str, code: str) -> Step:
    """A concept in short; a code that the store does not have is given without display."""
    found = store.lookup(system, code)
    return step_of(found) if found is not None else Step(system, code, "")


def _is_french(term: Named) -> bool:
    return term.lang.startswith("fr")
