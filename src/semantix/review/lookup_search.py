"""Search while somebody types: the codes that a code’s beginning or a few words lead to, in bounded time.

The word index of a release gives the codes that match, and SQLite orders them by what may be recorded and by the length
of their display, so that only the nearest few are read and ranked. :mod:`semantix.terminology.searching` reads them
all: slower for two letters, the same for words that few codes have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, groupby, islice
from operator import itemgetter

from msgspec import Struct

from semantix.review.lookup_values import DOMAINS, Filters, Hit, domain_of, hit_of, step_of
from semantix.review.lookup_words import MOST_WORDS, Known, Memory, words_of
from semantix.terminology.codes import canonical
from semantix.terminology.records import TERM_KINDS, Concept, Term
from semantix.terminology.searching import path_of
from semantix.terminology.store import Store
from semantix.terminology.text import stem
from semantix.terminology.volume import Volume

__all__ = ["RANKED", "Searcher", "domains_of"]

RANKED = 50
"""Codes of one release that are read for one query: enough for a page, few enough for a key stroke."""
MATCHED = 12_000
"""Codes that are put in order at most; two letters of a very large vocabulary match more."""
MOST_RANKED = 300
"""Codes of one system that are ranked at most, whatever the number of its releases."""
SCANNED = 500
_LEAST_RANKED = 12
_MOST_DOMAINS = 500
_MOST_TRIES = 24
_LONGEST_CODE = 20
_LAST = "\U0010ffff"
_DOMAIN_SQL = "coalesce(" + ", ".join(f"json_extract(CAST(c.properties AS TEXT), '$.{name}')" for name in DOMAINS) + ")"
_STANDARD_SQL = "coalesce(json_extract(CAST(c.properties AS TEXT), '$.standard'), '')"
_VALID_SQL = "(c.flags & 3) = 3"
_NUMBER = "(SELECT id FROM system WHERE key = ?)"
_BY_WORDS = (
    "SELECT found.code FROM (SELECT entry.system, entry.code FROM finder JOIN entry ON entry.id = finder.rowid "
    f"WHERE finder MATCH ? AND entry.system = {_NUMBER} LIMIT {MATCHED}) AS found "
    "LEFT JOIN concept AS c ON c.system = found.system AND c.code = found.code WHERE 1"
)
_IN_ORDER = f" ORDER BY coalesce({_VALID_SQL}, 1) = 0, coalesce(nullif(length(c.display), 0), 80), found.code LIMIT ?"
_BY_CODE = f"SELECT c.code FROM concept AS c WHERE c.system = {_NUMBER} AND c.code >= ? AND c.code < ?"
_DISTINCT = f"SELECT DISTINCT {_DOMAIN_SQL} FROM concept AS c WHERE c.system = {_NUMBER} LIMIT {_MOST_DOMAINS}"

Rank = tuple[object, ...]
_Told = tuple[tuple[int, int, bool, int, int], Known, tuple[str, ...]]
"""The rank of a term, the term, and the words that it lacks."""


class _Asked(Struct, frozen=True):
    """What is asked of the words of several systems."""

    systems: tuple[str, ...]
    words: tuple[str, ...]
    filters: Filters
    scan: bool


def domains_of(store: Store, system: str) -> tuple[str, ...]:
    """Every domain of a system, sorted: this reads all its concepts."""
    rows = (
        value for volume in store.described(system).defining for (value,) in volume.ask_plainly(_DISTINCT, (system,))
    )
    return tuple(sorted({str(value) for value in rows if value}))


class Searcher:
    """Searches one store."""

    def __init__(self, store: Store, memory: Memory) -> None:
        self._store, self._memory = store, memory

    def search(self, text: str, filters: Filters, wanted: slice, *, scan: bool = False) -> tuple[Hit, ...]:
        """Find the codes that a text leads to, best first: the code itself, codes it begins, codes by their words."""
        asked = _Asked(filters.systems or self._store.systems(), words_of(text), filters, scan)
        exact, begun = self._by_code(asked.systems, text, filters)
        named = self._by_words(asked)
        # ``E11`` begins codes; ``card`` is more likely a word, but may begin a code of CCAM too.
        groups = (exact, begun, named) if any(letter.isdigit() for letter in text) else (exact, named, begun)
        found: dict[tuple[str, str], Hit] = {}
        for group in groups:
            for hit in group:
                found.setdefault((hit.system, hit.code), hit)
        return tuple(self._with_path(hit) for hit in list(found.values())[wanted])

    def _with_path(self, hit: Hit) -> Hit:
        concept = self._store.lookup(hit.system, hit.code)
        assert concept is not None
        path = tuple(step_of(each) for each in path_of(self._store, concept))
        return hit_of(concept, Term(hit.system, hit.code, hit.term, hit.term_kind, hit.term_lang), hit.missing, path)

    # --- by code ----------------------------------------------------------------------------------------------------

    def _by_code(self, systems: Iterable[str], text: str, filters: Filters) -> tuple[list[Hit], list[Hit]]:
        """The code that is written, and the codes that it begins."""
        exact: list[Hit] = []
        begun: list[Hit] = []
        written = text.strip()
        if not written or len(written) > _LONGEST_CODE or not written.isprintable():
            return exact, begun
        for system in systems:
            code = canonical(system, written)
            whole = self._passing(system, code, filters)
            if whole is not None:
                exact.append(hit_of(whole, Term(system, code, whole.display, "preferred")))
            for beginning in dict.fromkeys((code, written.upper())):
                for longer in self._beginning(system, beginning):
                    concept = self._passing(system, longer, filters)
                    if concept is not None and longer != code:
                        begun.append(hit_of(concept, Term(system, longer, concept.display, "preferred")))
        return exact, begun

    def _beginning(self, system: str, code: str) -> list[str]:
        if not code:
            return []
        found: set[str] = set()
        described = self._store.described(system)
        for volume in described.defining + described.past:
            rows = volume.ask_plainly(f"{_BY_CODE} ORDER BY c.code LIMIT {RANKED}", (system, code, code + _LAST))
            found.update(each for (each,) in rows)
        return sorted(found)[:RANKED]

    def _passing(self, system: str, code: str, filters: Filters) -> Concept | None:
        """The concept of a code, when the filters let it through."""
        concept = self._store.lookup(system, code) if code else None
        if concept is None:
            return None
        is_valid = concept.active and concept.assignable
        is_standard = concept.properties.get("standard") == "standard"
        passes = (
            filters.valid in (None, is_valid)
            and filters.standard in (None, is_standard)
            and (not filters.domain or domain_of(concept) == filters.domain)
        )
        return concept if passes else None

    # --- by words ---------------------------------------------------------------------------------------------------

    def _by_words(self, asked: _Asked) -> list[Hit]:
        """Codes with all the words; when there are none, those with as many as any code has, words left out named."""
        words = asked.words
        if not words:
            return []
        found = self._ranked(asked, [words])
        if found or len(words) == 1:
            return found
        met = tuple(word for word in words if self._is_met(asked, word))
        tries = islice(_fewer(met, whole=len(met) < len(words)), _MOST_TRIES)
        groups = ([*group] for _, group in groupby(tries, key=len))
        return next((found for group in groups if (found := self._ranked(asked, group))), [])

    def _is_met(self, asked: _Asked, word: str) -> bool:
        return any(self._codes(system, (word,), asked, 1) for system in asked.systems)

    def _ranked(self, asked: _Asked, groups: Iterable[tuple[str, ...]]) -> list[Hit]:
        """The codes that have all the words of one of these groups, best first."""
        groups = list(groups)
        limit = max(_LEAST_RANKED, min(RANKED, 2 * RANKED // (len(groups) * len(asked.systems))))
        ranked = []
        for system in asked.systems:
            codes: dict[str, bool] = {}
            for words in groups:
                codes |= self._codes(system, words, asked, limit)
            for code, is_near in islice(codes.items(), MOST_RANKED):
                concept = self._passing(system, code, asked.filters)
                is_read = is_near or len(codes) <= limit
                met = len(groups[0])
                found = self._rank(concept, asked.words, met, is_read=is_read) if concept is not None else None
                if found is not None:
                    ranked.append(found)
        ranked.sort(key=itemgetter(0))
        return [hit for _, hit in ranked]

    def _codes(self, system: str, words: tuple[str, ...], asked: _Asked, limit: int) -> dict[str, bool]:
        """The codes that have these words, of each release the nearest few; true of those known to have them whole."""
        described = self._store.described(system)
        past = () if asked.filters.valid else described.past
        found: dict[str, bool] = {}
        is_common = False
        for volume in described.defining + past + described.supplements:
            whole: list[str] = []
            codes: list[str] = []
            if not volume.manifest.searchable:
                codes = volume.scanned(system, list(words), SCANNED) if asked.scan else []
            elif not (is_common and volume.manifest.supplement):
                codes = _nearest(volume, system, _match(words, begun=True), (asked.filters, limit))
                is_common = is_common or len(codes) == limit > _LEAST_RANKED
            if is_common and volume.manifest.searchable:
                # The terms of a supplement have no order: where there is much to choose from, whole words only.
                whole = _nearest(volume, system, _match(words, begun=False), (asked.filters, limit))
            found = dict.fromkeys(codes, False) | found | dict.fromkeys(whole, True)
        return found

    def _rank(self, concept: Concept, words: tuple[str, ...], met: int, *, is_read: bool) -> tuple[Rank, Hit] | None:
        """Rank a code by its best term: fewest words missing, most words whole, begun alike, closest in length.

        Of many codes (not ``is_read``), a display that has the ``met`` words looked for is good enough: most terms are
        not read.
        """
        best: _Told | None = None
        if concept.display:
            best = self._told(self._memory.display(concept), words)
        if best is None or len(best[2]) > len(words) - met or (is_read and -best[0][1] < met):
            terms = self._memory.terms(self._store, concept.system, concept.code)
            best = min((self._told(known, words) for known in terms), key=itemgetter(0), default=None)
        if best is None or len(best[2]) == len(words):
            return None
        rank, known, missing = best
        demoted = "vocabulary" in concept.properties and concept.properties.get("standard") != "standard"
        order: Rank = (
            rank[0],
            not concept.active,
            not concept.assignable,
            demoted,
            *rank[1:],
            concept.system,
            concept.code,
        )
        return order, hit_of(concept, known.term, missing)

    def _told(self, known: Known, words: tuple[str, ...]) -> _Told:
        missing = tuple(word for word in words if not known.has(word, self._memory.stem(word)))
        whole = sum(1 for word in words if word in known.words)
        begins = bool(known.words) and known.words[0].startswith(words[0])
        return (len(missing), -whole, not begins, known.size, TERM_KINDS.index(known.term.kind)), known, missing


# --- words ----------------------------------------------------------------------------------------------------------


def _fewer(words: tuple[str, ...], *, whole: bool) -> Iterator[tuple[str, ...]]:
    """Groups of fewer words, the largest first: all of them where some were left out already, one less, two less, one.

    Each size gives few groups, so that the last are reached.
    """
    sizes = dict.fromkeys(size for size in (len(words) if whole else 0, len(words) - 1, len(words) - 2, 1) if size > 0)
    for size in sizes:
        yield from islice(combinations(words, size), MOST_WORDS)


def _match(words: Iterable[str], *, begun: bool) -> str:
    """The query of the word index: each word as it is written or by its stem, whole or as a beginning."""
    groups = []
    for word in words:
        star = "*" if begun and len(word) > 1 else ""
        groups.append(" OR ".join(f'"{form}"{star}' for form in dict.fromkeys((word, stem(word)))))
    return " AND ".join(f"({group})" for group in groups)


def _nearest(volume: Volume, system: str, match: str, wanted: tuple[Filters, int]) -> list[str]:
    """The codes of a release that match, the nearest few."""
    filters, limit = wanted
    where, values = _conditions(volume, filters)
    rows = volume.ask_plainly(_BY_WORDS + where + _IN_ORDER, (match, system, *values, limit))
    return [code for (code,) in rows]


def _conditions(volume: Volume, filters: Filters) -> tuple[str, tuple[str, ...]]:
    """The filters that a release can answer; a supplement knows terms only."""
    if volume.manifest.supplement:
        return "", ()
    where = ""
    values: tuple[str, ...] = ()
    if filters.valid is True:
        # False is left to the store: what is valid in one release may be retired by another.
        where += f" AND (c.code IS NULL OR {_VALID_SQL})"
    if filters.standard is not None:
        where += f" AND {_STANDARD_SQL} {'=' if filters.standard else '<>'} 'standard'"
    if filters.domain:
        where += f" AND {_DOMAIN_SQL} = ?"
        values = (filters.domain,)
    return where, values
