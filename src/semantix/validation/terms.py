"""Terminology at hand for the rules: a terminology store, the value sets of a rule set, both, or neither.

What is said of a code, from the surest: its form (which needs nothing); a small closed system of HL7 that is built in;
what the store says of it; that a value set of the rule set or of the store publishes it. That a code is *absent* is
only said against a list that holds all codes of its system: a release of the system itself, never a table of labels
that people gathered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

from semantix.systems import SYSTEMS, System
from semantix.terminology.codes import canonical
from semantix.terminology.records import Concept
from semantix.terminology.store import Store
from semantix.terminology.table_keys import words_of
from semantix.validation._terms import Standing
from semantix.validation.closed_codes import CLOSED, MEANINGS
from semantix.validation.code_forms import has_form
from semantix.validation.rulesets.value_sets import ValueSets

COMPLETE: Final = frozenset(
    {
        "athena", "bdpm", "cim10-atih", "claml", "cnam-dbf", "codes-list", "edqm-api", "loinc", "orphanet", "smt-owl",
        "smt-rdf", "snomed", "ucd-cip",
    }
)  # fmt: skip
"""Importers of releases that hold every code of the system that they are about."""
MOST_SYSTEMS: Final = 5
"""A release of more systems than this is a collection: complete for none of them."""
_VALUE_SETS: Final = "svs"
_SET: Final = "valueset"
_CCAM: Final = 4
"""Letters that a CCAM code begins with."""
_WORDS_ONLY: Final = frozenset({"exclusion", "note"})
_DATE = re.compile(r"([12][0-9]{3})-?([01][0-9])-?([0-3][0-9])")
_MOST: Final = 500
"""Codes whose words hold those of a wording that are looked at."""
_REMEMBERED: Final = 200_000
_BY_KEY: Final = MappingProxyType({each.key: each for each in SYSTEMS})

_Values = frozenset[tuple[str, str]]


class OpenTerms:
    """Terms that are open for one process; it remembers its answers."""

    def __init__(self, store: Store | None = None, value_sets: ValueSets | None = None) -> None:
        self._store, self._sets = store, value_sets
        self._standings: dict[tuple[str, str, date | None], Standing] = {}
        self._labels: dict[tuple[str, str], tuple[str, ...]] = {}
        self._named: dict[tuple[str, str], tuple[str, ...]] = {}
        self._words: Mapping[tuple[str, tuple[str, ...]], frozenset[str]] | None = None
        self._values: dict[str, _Values | None] = {}
        self._published: Mapping[tuple[str, str], tuple[str, ...]] | None = None
        self._complete = _complete(store)
        self._systems = frozenset(store.systems()) if store is not None else frozenset()

    def names(self) -> tuple[str, ...]:
        """What is at hand, for people: ``cim10-atih 2021``; the value sets (JDV) of the rule set are counted."""
        found = [f"{each.name} {each.version}" for each in self._store.releases()] if self._store is not None else []
        count = len(self._sets.names()) if self._sets is not None else 0
        return tuple(found + ([f"{count} JDV"] if count else []))

    def standing(self, system: System, code: str, on: date | None = None) -> Standing:
        """The standing of a code, on a day when the release says until when codes hold."""
        key = (system.key, code, on)
        known = self._standings.get(key)
        if known is None:
            if len(self._standings) >= _REMEMBERED:
                self._standings.clear()
            known = self._standings[key] = self._stand(system, code, on)
        return known

    def labels(self, system: System, code: str) -> tuple[str, ...]:
        """The labels and synonyms of a code, best first; empty when none is at hand."""
        key = (system.key, code)
        known = self._labels.get(key)
        if known is None:
            if len(self._labels) >= _REMEMBERED:
                self._labels.clear()
            known = self._labels[key] = self._label(system, code)
        return known

    def codes_of(self, system: System, wording: str) -> tuple[str, ...]:
        """The codes that have a wording for a name, word for word, sorted; empty when none is at hand."""
        key = (system.key, wording)
        known = self._named.get(key)
        if known is None:
            if len(self._named) >= _REMEMBERED:
                self._named.clear()
            known = self._named[key] = tuple(sorted(self._name(system, words_of(wording)))) if wording else ()
        return known

    def value_set(self, name: str) -> frozenset[tuple[str, str]] | None:
        """The (code, OID of its system) of a value set, by its OID or the name of its file; ``None`` if not there."""
        if name not in self._values:
            found = self._sets.get(name) if self._sets is not None else None
            if found is not None:
                found = frozenset((code.strip(), oid.strip()) for code, oid in found)
            self._values[name] = found if found is not None else self._stored_set(name)
        return self._values[name]

    # --- one code ---------------------------------------------------------------------------------------------------

    def _stand(self, system: System, code: str, on: date | None) -> Standing:
        closed = CLOSED.get(system.key)
        if closed is not None and code in closed:
            return Standing.VALID
        if has_form(system.key, code) is False:
            return Standing.VALID if self._is_listed(system, code) else Standing.MALFORMED
        concept = self._look(system, code)
        if concept is not None:
            return Standing.RETIRED if not concept.active and _is_over(concept, on) else Standing.VALID
        if self._is_published(system, code):
            return Standing.VALID
        is_whole = closed is not None or (system.key in self._complete and not _is_part(system, code))
        return Standing.ABSENT if is_whole else Standing.UNCHECKED

    def _is_listed(self, system: System, code: str) -> bool:
        """A code without the form of its system may stand in a list all the same, as it is written."""
        listed = self._store is not None and system.key in self._systems
        if listed and self._store is not None and self._store.lookup(system.key, code) is not None:
            return True
        return self._is_published(system, code)

    def _look(self, system: System, code: str) -> Concept | None:
        """The concept, unless only value sets hold it and say that it left them: it is no less a code of its system."""
        if self._store is None or system.key not in self._systems:
            return None
        form = canonical(system.key, code)
        concept = self._store.lookup(system.key, form)
        if concept is None or concept.active:
            return concept
        release = self._store.volume(self._store.definer(system.key, form))
        return None if release is not None and release.manifest.importer == _VALUE_SETS else concept

    def _is_published(self, system: System, code: str) -> bool:
        published = self._publish()
        return any((code, oid) in published for oid in system.oids) if published else False

    def _label(self, system: System, code: str) -> tuple[str, ...]:
        found: list[str] = []
        if self._store is not None and system.key in self._systems:
            form = canonical(system.key, code)
            found += [term.text for term, _ in self._store.terms_of(system.key, form) if term.kind not in _WORDS_ONLY]
        published = self._publish()
        for oid in system.oids if published else ():
            found += published.get((code, oid), ())
        found += MEANINGS.get((system.key, code), ())
        return tuple(dict.fromkeys(filter(None, found)))

    def _name(self, system: System, wording: tuple[str, ...]) -> set[str]:
        if self._words is None:
            self._words = _by_words(self._publish())
        found = {code for oid in system.oids for code in self._words.get((oid, wording), ())}
        if wording and self._store is not None and system.key in self._systems:
            match = " AND ".join(f'"{word}"' for word in wording if word.isalnum())
            described = self._store.described(system.key)
            codes = (
                {code for volume in described.current for code in volume.found(system.key, match, _MOST)}
                if match
                else ()
            )
            found.update(
                code
                for code in codes
                for term, _ in self._store.terms_of(system.key, code)
                if term.kind not in _WORDS_ONLY and words_of(term.text) == wording
            )
        return found

    # --- value sets -------------------------------------------------------------------------------------------------

    def _publish(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The labels of every (code, OID) in the value sets of the rule set."""
        if self._published is None:
            self._published = self._sets.concepts() if self._sets is not None else MappingProxyType({})
        return self._published

    def _stored_set(self, oid: str) -> _Values | None:
        """A value set of the store, by its OID."""
        if self._store is None or _SET not in self._systems or self._store.lookup(_SET, oid) is None:
            return None
        found: set[tuple[str, str]] = set()
        for key in self._systems:
            links = self._store.links_of(_SET, oid, key)
            oids = _oids(key) if links else ()
            found.update((link.target, each) for link, _ in links for each in oids)
        return frozenset(found)


def open_terms(store: Path | None, value_sets: ValueSets | None) -> OpenTerms:
    """Open what is there. Raises BadStore when a folder is given that is no store."""
    return OpenTerms(Store.open(store) if store is not None else None, value_sets)


def _complete(store: Store | None) -> frozenset[str]:
    """The systems of which some current release holds every code."""
    if store is None:
        return frozenset()
    return frozenset(
        key
        for release in store.releases()
        if release.importer in COMPLETE and not release.supplement
        if release.importer == "athena" or len(release.systems) <= MOST_SYSTEMS
        for key, count in release.counts.items()
        if count.concepts
    )


def _by_words(
    published: Mapping[tuple[str, str], tuple[str, ...]],
) -> Mapping[tuple[str, tuple[str, ...]], frozenset[str]]:
    """The codes of each system by the words of their labels."""
    found: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for (code, oid), labels in published.items():
        for label in labels:
            found.setdefault((oid, words_of(label)), set()).add(code)
    return MappingProxyType({key: frozenset(codes) for key, codes in found.items()})


def _is_part(system: System, code: str) -> bool:
    """The letters of the axes that a CCAM code is built from (site, action, access) are in no list of acts."""
    return system.key == "ccam" and len(code) < _CCAM


def _is_over(concept: Concept, on: date | None) -> bool:
    """Was a code that is retired today retired on a day already: yes, unless the release says when it ended."""
    end = _DATE.match(concept.properties.get("end", ""))
    return on is None or end is None or on.isoformat() >= "-".join(end.groups())


def _oids(key: str) -> tuple[str, ...]:
    known = _BY_KEY.get(key)
    return known.oids if known is not None else (key.removeprefix("urn:oid:"),)
