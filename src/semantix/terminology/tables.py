"""Curated tables as the engine asks them: which codes people chose or refused for a code or a wording, in its context.

A row applies when its key is that of the query (a code; a local code of a sender; the words of a label) and none of its
conditions is contradicted by the context. It is *sure* when every condition is known to be met, *possible* when one of
them needs something that the context does not say. Among sure rows, the ones with more conditions win.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from semantix.errors import BadTable
from semantix.model import Context, Query
from semantix.terminology.codes import canonical
from semantix.terminology.source import Source
from semantix.terminology.table_conditions import Facts, UnitClasses, facts_of, holds
from semantix.terminology.table_files import TableFile, parse, parse_metadata, system_of
from semantix.terminology.table_keys import bag_of, words_of
from semantix.terminology.table_rows import STRENGTH, Row, rows_of, system_key
from semantix.terminology.text import fold
from semantix.terminology.units import Units, parse_units

__all__ = ["SUFFIX", "Found", "Row", "Tables"]

SUFFIX = ".sssom.tsv"
UNITS_FILE = "units__ucum.sssom.tsv"
_REMEMBERED = 4096


class Found(Struct, frozen=True):
    """What the tables say of one query and one target system.

    ``sure`` holds the rows whose conditions are all met, the most specific first; ``possible`` those that need context
    that is unknown; ``refused`` the codes that ``Not`` rows exclude here, by ``refusals``.
    """

    sure: tuple[Row, ...] = ()
    possible: tuple[Row, ...] = ()
    refused: frozenset[str] = frozenset()
    refusals: tuple[Row, ...] = ()

    @property
    def top(self) -> tuple[Row, ...]:
        """The sure rows that nothing outranks: as specific and as strong as the first, one a target."""
        best: dict[str, Row] = {}
        for row in self.sure:
            if _rank(row) == _rank(self.sure[0]):
                best.setdefault(row.target, row)
        return tuple(best.values())

    @property
    def decided(self) -> Row | None:
        """The row that may be used without review: alone on top, and no target that adds detail or is only related."""
        top = self.top
        return top[0] if len(top) == 1 and STRENGTH[top[0].predicate] >= STRENGTH["broadMatch"] else None


NOTHING = Found()


class _Bucket(Struct, frozen=True):
    """The rows of one key: claims, the most specific first; refusals with conditions; refusals in any context."""

    claims: tuple[Row, ...] = ()
    limited: tuple[Row, ...] = ()
    refusals: tuple[Row, ...] = ()


class _Index(Struct, frozen=True):
    """The rows of one target system by key."""

    rows: tuple[Row, ...]
    codes: Mapping[tuple[str, str], _Bucket]
    words: Mapping[tuple[str, ...], _Bucket]


class _Part(Struct):
    """One file: read at once, its rows parsed when a target that it serves is first asked for."""

    name: str
    text: str
    version: str
    targets: frozenset[str]
    rows: tuple[Row, ...] | None = None


class Tables:
    """The curated tables of a folder and of further files. Row order and file order change no answer."""

    def __init__(self, parts: Sequence[_Part] = (), units: Sequence[str] = ()) -> None:
        self._parts = tuple(parts)
        self._unit_lines = tuple(units)
        self._indexes: dict[str, _Index] = {}
        self._bags: dict[str, Mapping[tuple[str, ...], tuple[str, ...]]] = {}
        self._unit_classes: UnitClasses | None = None
        self._facts: dict[Context, Facts] = {}

    @classmethod
    def load(cls, folder: Path, extra: Sequence[Path] = ()) -> Tables:
        """Read every ``*.sssom.tsv`` of a folder, and further tables or folders of them.

        Raises BadTable for a file that is not one, and for a further folder without any.
        """
        source = Source(folder)
        texts = [(name, _text(name, source.read(name))) for name in source.find("*" + SUFFIX)]
        for path in extra:
            one = Source(path)
            names = one.find("*" + SUFFIX) if path.is_dir() else one.names
            if not names:
                raise BadTable(f"{one.name}: no *{SUFFIX} is in this folder; give one that has curated tables")
            texts += [(name, _text(name, one.read(name))) for name in names]
        return cls.of(texts)

    @classmethod
    def of(cls, texts: Sequence[tuple[str, str]]) -> Tables:
        """Take tables given as (file name, text). Raises BadTable for a text that is not one."""
        units = next((text.split("\n") for name, text in texts if name == UNITS_FILE), [])
        return cls([_part(name, text) for name, text in texts], units)

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """Each table with its version: the declared one with a digest of the content."""
        return tuple((part.name, part.version) for part in self._parts)

    def versions_for(self, target: str) -> tuple[tuple[str, str], ...]:
        """The tables that lead to a system, each with its version."""
        return tuple((part.name, part.version) for part in self._parts if target in part.targets)

    @property
    def targets(self) -> tuple[str, ...]:
        """The code systems that some table declares, sorted."""
        return tuple(sorted({target for part in self._parts for target in part.targets}))

    def rows(self, target: str) -> tuple[Row, ...]:
        """Return the positive rows with a label: wordings that a matcher may add to the names of their codes."""
        kept = (row for row in self._index(target).rows if row.label and not row.code and not row.refused)
        return tuple(sorted(kept, key=lambda row: (row.label, _order(row))))

    def find(self, query: Query, context: Context, target: str) -> Found:
        """Say what the tables hold for a query. Sure rows on its code win over rows on its label."""
        index = self._index(target)
        buckets = _code_buckets(index, query) if query.code else []
        label = self._label_bucket(index, target, query.text) if query.text else None
        if label is not None:
            buckets.append(label)
        if not buckets:
            return NOTHING
        facts = self._facts_of(context)
        folded = fold(query.text) if len(buckets) > (label is not None) else ""
        found = _answer(buckets, facts, folded)
        if found.sure or not facts.other_units:
            return found
        other = _answer(buckets, facts.with_other_units(), folded)
        return other if other.sure else found

    def _label_bucket(self, index: _Index, target: str, text: str) -> _Bucket | None:
        words = words_of(text)
        found = index.words.get(words)
        if found is None and (bag := bag_of(text, words)):
            if target not in self._bags:
                self._bags[target] = _bags(index)
            found = index.words.get(self._bags[target].get(bag, ()))
        return found

    def _index(self, target: str) -> _Index:
        index = self._indexes.get(target)
        if index is None:
            rows: list[Row] = []
            for part in self._parts:
                if target in part.targets:
                    if part.rows is None:
                        part.rows = tuple(rows_of(parse(part.text, part.name), part.name, part.version))
                        part.text = ""
                    rows += [row for row in part.rows if row.target_system == target]
            index = self._indexes[target] = _indexed(rows)
        return index

    def _facts_of(self, context: Context) -> Facts:
        known = self._facts.get(context)
        if known is None:
            if self._unit_classes is None:
                self._unit_classes = UnitClasses(parse_units(self._unit_lines) if self._unit_lines else Units({}, {}))
            if len(self._facts) >= _REMEMBERED:
                self._facts.clear()
            known = self._facts[context] = facts_of(context, self._unit_classes)
        return known


def _part(name: str, text: str) -> _Part:
    block = [line.rstrip("\r") for line in text.split("\n") if line.startswith("#")]
    metadata = parse_metadata(block, name)
    declared = TableFile(metadata, ()).curie_map
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    version = metadata.get("mapping_set_version", "")
    shown = f"{version}+{digest}" if version and isinstance(version, str) else digest
    targets = frozenset(filter(None, map(system_of, declared)))
    if not targets:
        raise BadTable(f"{name}: the metadata block declares no code system; expected a curie_map with it")
    return _Part(name, text, shown, targets)


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTable(f"{name}: not UTF-8 (byte {error.start}); save it as UTF-8") from None


def _code_buckets(index: _Index, query: Query) -> list[_Bucket]:
    system = system_key(query.system)
    keys = ((system, canonical(system, query.code)), ("local", query.code.strip().upper()))
    return [index.codes[key] for key in keys if key in index.codes]


def _indexed(rows: Sequence[Row]) -> _Index:
    codes: dict[tuple[str, str], list[Row]] = {}
    words: dict[tuple[str, ...], list[Row]] = {}
    keys: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.code:
            codes.setdefault((row.system, row.code), []).append(row)
            continue
        key = keys.get(row.label)
        if key is None:
            key = keys[row.label] = words_of(row.label)
        if key:
            words.setdefault(key, []).append(row)
    return _Index(
        tuple(rows),
        {key: _bucket(found) for key, found in codes.items()},
        {key: _bucket(found) for key, found in words.items()},
    )


def _bucket(rows: list[Row]) -> _Bucket:
    ordered = sorted(rows, key=_order) if len(rows) > 1 else rows
    refusals = [row for row in ordered if row.refused]
    return _Bucket(
        tuple(row for row in ordered if not row.refused),
        tuple(row for row in refusals if row.specificity),
        tuple(row for row in refusals if not row.specificity),
    )


def _bags(index: _Index) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """The words of each wording in any order, where only one wording has them."""
    bags: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for label in {row.label for row in index.rows if not row.code}:
        key = words_of(label)
        bags.setdefault(bag_of(label, key), set()).add(key)
    return {bag: next(iter(found)) for bag, found in bags.items() if bag and len(found) == 1}


# --- answers ---------------------------------------------------------------------------------


def _rank(row: Row) -> tuple[int, int]:
    return row.specificity, STRENGTH[row.predicate]


def _order(row: Row) -> tuple[int, int, float, str, str, str, tuple[tuple[str, ...], ...]]:
    """The most specific, the strongest, the most confident first; then by code, so that no order is left to chance."""
    conditions = (row.sender, row.unit, row.specimen, row.section)
    return -row.specificity, -STRENGTH[row.predicate], -row.confidence, row.target, row.label, row.table, conditions


def _answer(buckets: Sequence[_Bucket], facts: Facts, label: str) -> Found:
    """Sort out the rows that share a key: the buckets of codes come before that of the label, and win when sure.

    A refusal wins over a claim for the same code, unless the claim is more specific.
    """
    refusals: list[Row] = []
    for bucket in buckets:
        refusals += bucket.refusals
        refusals += [row for row in bucket.limited if holds(row, facts, label)]
    barred: dict[str, int] = {}
    for row in refusals:
        barred[row.target] = max(row.specificity, barred.get(row.target, 0))
    sure: list[Row] = []
    possible: list[Row] = []
    for bucket in buckets:
        for row in bucket.claims:
            if row.target in barred and row.specificity <= barred[row.target]:
                continue
            verdict = holds(row, facts, label)
            if verdict:
                sure.append(row)
            elif verdict is None:
                possible.append(row)
        if sure:
            break
    spared = {row.target for row in sure}
    return Found(tuple(sure), tuple(possible), frozenset(barred).difference(spared), tuple(refusals))
