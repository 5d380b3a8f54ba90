"""OMOP vocabularies as Athena delivers them: tab-separated ``.csv`` with a header, where a quote is a character.

A concept is a concept of system ``omop`` under its ``concept_id``. What ``Maps to`` says is a link from the code of the
source vocabulary, where that vocabulary is one of ours, to the target ``concept_id``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from types import MappingProxyType

from semantix.systems import SYSTEMS
from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Record, Successor, Term
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base, columns, one, stream
from semantix.terminology.source import Source

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "CONCEPT.csv": (
            "concept_id", "concept_name", "domain_id", "vocabulary_id", "concept_class_id", "standard_concept",
            "concept_code", "valid_start_date", "valid_end_date", "invalid_reason",
        ),
        "CONCEPT_RELATIONSHIP.csv": (
            "concept_id_1", "concept_id_2", "relationship_id", "valid_start_date", "valid_end_date", "invalid_reason",
        ),
        "CONCEPT_SYNONYM.csv": ("concept_id", "concept_synonym_name", "language_concept_id"),
        "VOCABULARY.csv": (
            "vocabulary_id", "vocabulary_name", "vocabulary_reference", "vocabulary_version", "vocabulary_concept_id",
        ),
    }
)  # fmt: skip
"""The files that are read, with their columns."""

_OPTIONAL = "CONCEPT_SYNONYM.csv"
_LANGUAGES: Mapping[str, str] = MappingProxyType({"4180186": "en", "4180190": "fr"})
_BEST: Mapping[str, str] = MappingProxyType({system.omop[0]: system.key for system in SYSTEMS if system.omop})
_SECOND: Mapping[str, str] = MappingProxyType({name: system.key for system in SYSTEMS for name in system.omop[1:]})
_VERSION = re.compile(r"v5\.\d (\d\d)-([A-Za-z]{3})-(\d\d)")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_STANDARD = {"S": "standard", "C": "classification"}
_REPLACED = {"Concept replaced by": "replaced-by", "Concept same_as to": "same-as", "Concept poss_eq to": ""}


def _claims(source: Source, _: Hints) -> bool:
    return any(source.find(name) for name in ("CONCEPT.csv", "CONCEPT_RELATIONSHIP.csv", "CONCEPT_SYNONYM.csv"))


def _describe(source: Source, hints: Hints) -> Release:
    missing = [name for name in COLUMNS if name != _OPTIONAL and not source.find(name)]
    if missing:
        raise Refused(f"{source.name}: missing {', '.join(missing)}; give the folder or archive that Athena delivered")
    version = hints.version or _version(source)
    return Release("omop", version, ("omop",), "OMOP vocabularies: each under its own licence")


def _version(source: Source) -> str:
    """The release of the whole is the version of the vocabulary named ``None``."""
    for block in _blocks(source, "VOCABULARY.csv"):
        for line in block:
            row = line.split("\t")
            if row[0] == "None" and len(row) > 3 and row[3]:
                return _sortable(row[3])
    raise Refused(f"{source.name}: VOCABULARY.csv has no version in the row of the vocabulary None; give --version")


def _sortable(version: str) -> str:
    """Write the date in ``v5.0 27-FEB-25`` so that versions sort; another version stays as it is."""
    found = _VERSION.fullmatch(version.strip())
    if not found or found[2].upper() not in _MONTHS:
        return version.strip()
    return f"20{found[3]}-{_MONTHS.index(found[2].upper()) + 1:02}-{found[1]}"


def _blocks(source: Source, file: str) -> Iterator[list[str]]:
    """Give the rows of a file, as lines, block by block. Raises Refused when its columns are others."""
    name = one(source, file)
    with source.open(name) as opened:
        blocks = stream(opened, name)
        first = next(blocks, [""])
        columns(first[0].removeprefix("\ufeff").lower().split("\t"), COLUMNS[file], name)
        yield from chain((first[1:],), blocks)


def _read(source: Source, _: Hints) -> Iterator[Record]:
    tally = Tally()
    unread = [name for name in source.names if base(name).upper() not in {each.upper() for each in COLUMNS}]
    for name in unread:
        tally.add("file of another kind: not read", base(name))
    ours: dict[str, tuple[str, str]] = {}
    yield from _concepts(source, ours, tally)
    yield from _relationships(source, ours, tally)
    yield from _synonyms(source, tally)
    yield from tally.records()


def _concepts(source: Source, ours: dict[str, tuple[str, str]], tally: Tally) -> Iterator[Record]:
    """Yield the concepts, and keep in ``ours`` those whose vocabulary is one of our systems.

    Where two vocabularies hold the codes of one system, the second speaks only for codes that the best one has not.
    """
    second: dict[str, tuple[str, str]] = {}
    wrong = 0
    for block in _blocks(source, "CONCEPT.csv"):
        for line in block:
            try:
                number, name, domain, vocabulary, kind, standard, code, _, _, invalid = line.split("\t")
            except ValueError:
                wrong += 1
                continue
            properties = {"code": code, "domain": domain, "vocabulary": vocabulary}
            if standard:
                properties["standard"] = _STANDARD.get(standard, standard)
            if invalid:
                properties["invalid"] = invalid
            yield Concept("omop", number, name, kind, not invalid, not invalid, properties)
            if key := _BEST.get(vocabulary):
                ours[number] = (key, codes.canonical(key, code))
            elif key := _SECOND.get(vocabulary):
                second[number] = (key, codes.canonical(key, code))
    if wrong:
        tally.add(f"CONCEPT.csv: not {len(COLUMNS['CONCEPT.csv'])} columns", count=wrong)
    keys = {key for key, _ in second.values()}
    better = {code for code in ours.values() if code[0] in keys}
    ours.update((number, code) for number, code in second.items() if code not in better)


def _relationships(source: Source, ours: Mapping[str, tuple[str, str]], tally: Tally) -> Iterator[Record]:
    """``Maps to`` is looked for in the line before it is cut: nine lines in ten are other relationships."""
    others: Counter[str] = Counter()
    width = len(COLUMNS["CONCEPT_RELATIONSHIP.csv"])
    for block in _blocks(source, "CONCEPT_RELATIONSHIP.csv"):
        for line in block:
            if "\tMaps to\t" not in line and "\tConcept " not in line:
                others["relationship: neither Maps to nor a replacement"] += 1
                continue
            row = line.split("\t")
            if len(row) != width:
                others[f"CONCEPT_RELATIONSHIP.csv: not {width} columns"] += 1
            elif row[5]:
                others["relationship: no longer valid"] += 1
            elif row[2] == "Maps to":
                known = ours.get(row[0])
                if known is None:
                    others["Maps to: of a vocabulary that is not one of ours, or not the best for its code"] += 1
                else:
                    yield Link(known[0], known[1], "omop", row[1])
            elif row[2] in _REPLACED:
                yield Successor("omop", row[0], row[1], _REPLACED[row[2]] or "possibly-equivalent")
            else:
                others["relationship: neither Maps to nor a replacement"] += 1
    for reason, count in others.items():
        tally.add(reason, count=count)


def _synonyms(source: Source, tally: Tally) -> Iterator[Record]:
    if not source.find(_OPTIONAL):
        tally.add(f"{_OPTIONAL} is not there: no synonym, and no French name")
        return
    languages = _LANGUAGES
    wrong = foreign = 0
    for block in _blocks(source, "CONCEPT_SYNONYM.csv"):
        for line in block:
            try:
                number, text, language = line.split("\t")
            except ValueError:
                wrong += 1
                continue
            lang = languages.get(language)
            if lang is None:
                foreign += 1
            else:
                yield Term("omop", number, text, "synonym", lang)
    if wrong:
        tally.add(f"CONCEPT_SYNONYM.csv: not {len(COLUMNS['CONCEPT_SYNONYM.csv'])} columns", count=wrong)
    if foreign:
        tally.add("synonym: neither French nor English", count=foreign)


IMPORTER = Importer("athena", "OMOP vocabularies from Athena: concepts, synonyms, Maps to", _claims, _describe, _read)
