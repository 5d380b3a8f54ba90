"""SNOMED CT: an RF2 snapshot, International, a national edition, an extension, or several together.

Files are streamed; what is kept in memory is one entry a concept and one small number a description.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Parent, Record, Successor, Term
from semantix.terminology.releases import _rf2
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.source import Source

_ACCEPTABLE = 1000
_TAG = re.compile(r"\(([^()]+)\)$")
_CIM10 = re.compile(r"[A-Z]\d\d(\.[0-9A-Z]+)?")
_TRUE = frozenset({"", "TRUE", "OTHERWISE TRUE"})


def _claims(source: Source, _: Hints) -> bool:
    return _rf2.claimed(source)


def _describe(source: Source, hints: Hints) -> Release:
    files = _rf2.files(source, "concept") or _rf2.files(source, "description")
    if not files:
        raise Refused(
            f"{source.name}: found {_rf2.found_instead(source)}, expected a Snapshot "
            "(sct2_Concept_Snapshot_…, sct2_Description_Snapshot…)"
        )
    releases = [_rf2.release(name) for name in files]
    editions = sorted({edition.lower() for edition, _ in releases} - {""})
    version = hints.version or max(date for _, date in releases)
    if not version:
        raise Refused(f"{source.name}: no date yyyymmdd at the end of the file names; give --version")
    return Release(
        "-".join(("snomed", *editions)),
        version,
        ("snomed",),
        "SNOMED CT affiliate licence: not to be redistributed",
        supplement=not _is_whole(source),
    )


def _is_whole(source: Source) -> bool:
    """An extension alone has no root concept: it adds to the International edition."""
    wanted = f"{_rf2.ROOT}\t"
    return any(line.startswith(wanted) for _, block in _rf2.blocks(source, "concept") for line in block)


def _read(source: Source, _: Hints) -> Iterator[Record]:
    tally = Tally()
    if not _rf2.files(source, "description"):
        raise Refused(f"{source.name}: found concepts, no sct2_Description_Snapshot… file; expected both")
    for name in _rf2.unread(source):
        tally.add("file of another kind: not read", base(name))
    active = _active(source, tally)
    names = _Names(source, tally)
    yield from names.read(source, tally)
    reasons = {row[5]: row[6] for row in _members(source, "attribute", tally) if row[4] == _rf2.INACTIVATION}
    yield from names.concepts(active, reasons)
    yield from _parents(source, tally)
    yield from _successors(source, tally)
    yield from _maps(source, tally)
    yield from tally.records()


def _active(source: Source, tally: Tally) -> dict[str, bool]:
    """Whether each concept is active; of two rows of one concept, the one with the latest time."""
    found: dict[str, tuple[str, bool]] = {}
    for row in _rf2.rows(source, "concept", tally):
        before = found.get(row[0])
        if before is None or before[0] < row[1]:
            found[row[0]] = (row[1], row[2] == "1")
    return {code: active for code, (_, active) in found.items()}


def _members(source: Source, kind: str, tally: Tally) -> Iterator[list[str]]:
    """The active members of the reference sets of one kind, each once."""
    several = len(_rf2.files(source, kind)) > 1
    seen: set[str] = set()
    for row in _rf2.rows(source, kind, tally):
        if several:
            if row[0] in seen:
                continue
            seen.add(row[0])
        if row[2] == "1":
            yield row


class _Names:
    """The wordings of the concepts: the best display of each, and the terms that are yielded on the way."""

    def __init__(self, source: Source, tally: Tally) -> None:
        """Read the language reference sets: how well each description is placed in the dialects."""
        self._ranks: dict[str, int] = {}
        self._best: dict[str, dict[str, tuple[int, str]]] = {"fr": {}, "en": {}}
        self._fsn: dict[str, str] = {}
        order = {refset: rank for rank, refset in enumerate(_rf2.DIALECTS)}
        ranks = self._ranks
        for row in _members(source, "language", tally):
            rank = order.get(row[4], len(order))
            if row[6] != _rf2.PREFERRED:
                rank += _ACCEPTABLE
            if ranks.get(row[5], 2 * _ACCEPTABLE) > rank:
                ranks[row[5]] = rank

    def read(self, source: Source, tally: Tally) -> Iterator[Record]:
        """Yield the terms that are not the display of a concept, and keep those that may be."""
        several = len(_rf2.files(source, "description")) > 1
        seen: set[str] = set()
        retired = foreign = unused = 0
        for row in _rf2.rows(source, "description", tally):
            if several:
                if row[0] in seen:
                    continue
                seen.add(row[0])
            if row[2] != "1":
                retired += 1
                continue
            lang = row[5]
            if lang not in self._best:
                foreign += 1
                continue
            rank = self._ranks.get(row[0]) if self._ranks else _ACCEPTABLE
            if rank is None:
                unused += 1
                continue
            yield from self._term(row, lang, rank)
        for row in _rf2.rows(source, "definition", tally):
            if row[2] == "1" and row[5] in self._best:
                yield Term("snomed", row[4], row[7], "note", row[5])
        for reason, count in (
            ("description: inactive", retired),
            ("description: neither French nor English", foreign),
            ("description: in no language reference set", unused),
        ):
            if count:
                tally.add(reason, count=count)

    def _term(self, row: list[str], lang: str, rank: int) -> Iterator[Record]:
        code, text = row[4], row[7]
        if row[6] == _rf2.FSN:
            if lang == "en" or code not in self._fsn:
                self._fsn[code] = text
            yield Term("snomed", code, text, "fsn", lang)
        elif rank >= _ACCEPTABLE:
            yield Term("snomed", code, text, "synonym", lang)
        else:
            best = self._best[lang]
            before = best.get(code)
            if before is None:
                best[code] = (rank, text)
            elif before[0] <= rank:
                yield Term("snomed", code, text, "synonym", lang)
            else:
                best[code] = (rank, text)
                yield Term("snomed", code, before[1], "synonym", lang)

    def concepts(self, active: Mapping[str, bool], reasons: Mapping[str, str]) -> Iterator[Record]:
        """Yield the concepts: the display is the French preferred term, else the English one, else the full name.

        A concept of another edition, which an extension names, gets terms only.
        """
        french, english = self._best["fr"], self._best["en"]
        for code, state in active.items():
            full = self._fsn.get(code, "")
            tag = _TAG.search(full)
            plain = full[: tag.start()].rstrip() if tag else full
            _, display = french.get(code) or english.get(code) or (0, plain or code)
            reason = reasons.get(code)
            properties = {"inactivation": _rf2.REASONS.get(reason, reason)} if reason else {}
            yield Concept(
                "snomed", code, display, tag[1] if tag else "", active=state, assignable=state, properties=properties
            )
        for code, (_, text) in english.items():
            yield Term("snomed", code, text, "preferred", "en")
        for code, (_, text) in french.items():
            if code not in active:
                yield Term("snomed", code, text, "preferred", "fr")


def _parents(source: Source, tally: Tally) -> Iterator[Record]:
    """Only the lines that hold the identifier of is-a are cut: three in four are attributes."""
    mark = f"\t{_rf2.IS_A}\t"
    several = len(_rf2.files(source, "relationship")) > 1
    seen: set[str] = set()
    width = len(_rf2.COLUMNS["relationship"])
    others = 0
    for _, block in _rf2.blocks(source, "relationship"):
        for line in block:
            if mark not in line:
                others += 1
                continue
            row = line.split("\t")
            if len(row) != width:
                tally.add(f"relationship: not {width} columns", row[0])
            elif row[7] != _rf2.IS_A:
                others += 1
            elif not several or row[0] not in seen:
                if several:
                    seen.add(row[0])
                if row[2] == "1":
                    yield Parent("snomed", row[4], row[5])
    if others:
        tally.add("relationship: an attribute, not is-a", count=others)


def _successors(source: Source, tally: Tally) -> Iterator[Record]:
    for row in _members(source, "association", tally):
        kind = _rf2.ASSOCIATIONS.get(row[4])
        if not _is_concept(row[5]):
            tally.add("association: of a description, not of a concept", row[5])
        elif kind is None:
            tally.add("association: says nothing of what takes the concept's place", row[4])
        else:
            yield Successor("snomed", row[5], row[6], kind)


def _is_concept(code: str) -> bool:
    """The last digit but one of the partition is 0 for concepts (SNOMED CT identifier, partition)."""
    return code[-3:-1] in {"00", "10"}


def _maps(source: Source, tally: Tally) -> Iterator[Record]:
    for row in _members(source, "simple-map", tally):
        yield from _link(row[5], row[4], row[6], ("equivalent" if row[4] in _rf2.MAPS else "related", ""), tally)
    rows: dict[tuple[str, str], list[list[str]]] = {}
    for row in _members(source, "extended-map", tally):
        rows.setdefault((row[4], row[5]), []).append(row[6:])
    for (refset, code), members in rows.items():
        members.sort(key=lambda each: (each[0].zfill(4), each[1].zfill(4)))
        groups = len({each[0] for each in members})
        for each in members:
            group, priority, rule, advice, target, correlation = each[:6]
            alone = groups == 1 and len(members) == 1 and rule in _TRUE
            said = "" if alone else f"group {group} of {groups}, priority {priority}: {rule}; {advice}"
            relation = _rf2.CORRELATIONS.get(correlation, "broader")
            yield from _link(code, refset, target, (relation, said), tally)


def _link(code: str, refset: str, target: str, how: tuple[str, str], tally: Tally) -> Iterator[Record]:
    """An unstated correlation with a classification is ``broader``: a class holds the concept, and others with it."""
    system = _rf2.MAPS.get(refset) or f"http://snomed.info/sct?fhir_cm={refset}"
    other = codes.canonical(system, target)
    if not other or (system == "cim10" and not _CIM10.fullmatch(other)):
        tally.add(f"map {refset}: no code to map to", code)
        return
    yield Link("snomed", code, system, other, *how)


IMPORTER = Importer(
    "snomed", "SNOMED CT RF2 snapshot: concepts, French and English terms, hierarchy, maps", _claims, _describe, _read
)
