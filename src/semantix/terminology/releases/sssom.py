"""SSSOM: mappings between codes in TSV, with their metadata above the table or in a YAML file beside it.

Source: https://mapping-commons.github.io/sssom/spec-formats-tsv/. Of the YAML, ``key: value`` lines and the prefixes
below ``curie_map`` are read; the rest describes the set and is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from msgspec import Struct

from semantix.systems import BY_URI
from semantix.terminology import codes
from semantix.terminology.records import Link, Record
from semantix.terminology.releases._cells import first_lines, fold, split, system_named, version_of
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base, decode, lines
from semantix.terminology.source import Source

REQUIRED = ("subject_id", "predicate_id", "object_id")
PREDICATES: Mapping[str, str] = MappingProxyType(
    {
        "skos:exactMatch": "equivalent",
        "owl:sameAs": "equivalent",
        "owl:equivalentClass": "equivalent",
        "skos:closeMatch": "related",
        "skos:relatedMatch": "related",
        "oboInOwl:hasDbXref": "related",
        "skos:broadMatch": "broader",
        "rdfs:subClassOf": "broader",
        "skos:narrowMatch": "narrower",
    }
)
"""What the object is to the subject; a close match is not an equivalent one."""

BASES: Mapping[str, str] = MappingProxyType(
    {
        "http://snomed.info/id/": "snomed",
        "http://snomed.info/sct/": "snomed",
        "https://loinc.org/": "loinc",
        "http://loinc.org/rdf/": "loinc",
        "http://www.orpha.net/ORDO/Orphanet_": "orpha",
        "http://www.whocc.no/atc_ddd_index/?code=": "atc",
        "https://www.whocc.no/atc_ddd_index/?code=": "atc",
        "http://data.esante.gouv.fr/atih/cim10/": "cim10",
        "http://data.esante.gouv.fr/whocc/atc/": "atc",
        "https://icd.who.int/browse10/2019/en#/": "cim10",
    }
)
"""IRIs with which the codes of a system begin, beside its own URI."""
_CONDITIONS = ("sender", "unit", "specimen", "section")
_REVIEWED = frozenset({"", "semapv:ManualMappingCuration", "semapv:MappingReview"})
_LINE = re.compile(r"(\s*)([\w.-]+)\s*:\s*(.*)")


class _Mappings(Struct, frozen=True):
    """One table: its metadata, its prefixes, its columns and its rows with their line numbers."""

    name: str
    about: Mapping[str, str]
    prefixes: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]


def _members(source: Source) -> tuple[str, ...]:
    return tuple(name for name in source.find("*.tsv") if _is_sssom(source, name))


def _is_sssom(source: Source, name: str) -> bool:
    first = next((line for line in first_lines(source, name, 10_000) if not line.startswith("#")), "")
    return set(REQUIRED) <= set(split(first, "\t"))


def _claims(source: Source, _: Hints) -> bool:
    return len(source.names) <= 1000 and bool(_members(source))


def _mappings(source: Source, name: str) -> _Mappings:
    above: list[str] = []
    columns: tuple[str, ...] = ()
    rows: list[tuple[int, list[str]]] = []
    for number, line in lines(decode(source.read(name), name)):
        if line.startswith("#") and not columns:
            above.append(line[1:].removeprefix(" ") if line.startswith("# ") else line[1:])
        elif not columns:
            columns = tuple(split(line, "\t"))
        else:
            rows.append((number, split(line, "\t")))
    missing = [each for each in REQUIRED if each not in columns]
    if missing:
        raise Refused(f"{base(name)}: found no column {', '.join(missing)}; expected an SSSOM table")
    about, prefixes = _metadata([*_beside(source, name), *above])
    return _Mappings(name, about, prefixes, columns, tuple(rows))


def _beside(source: Source, name: str) -> list[str]:
    """The lines of the YAML file beside a table, of the same name or the only one there."""
    files = (*source.find("*.yml"), *source.find("*.yaml"))
    stem = PurePosixPath(name).name.partition(".")[0]
    found = [each for each in files if PurePosixPath(each).name.partition(".")[0] == stem]
    chosen = (found or (files if len(files) == 1 else []))[:1]
    return [line for each in chosen for _, line in lines(decode(source.read(each), each))]


def _metadata(text: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    about: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    above = ""
    for line in text:
        found = _LINE.fullmatch(line.rstrip())
        if found is None:
            continue
        indent, key, value = found.groups()
        value = value.strip("\"' ")
        if not indent:
            above = key
            about[key] = value
        elif above == "curie_map":
            prefixes[key] = value
    return about, prefixes


def _describe(source: Source, hints: Hints) -> Release:
    tables = [_mappings(source, name) for name in _members(source)]
    if not tables:
        raise Refused(f"{source.name}: found no SSSOM table; expected a .tsv with the columns {' '.join(REQUIRED)}")
    first = tables[0]
    systems = {record.system for table in tables for record in _links(table, Tally()) if isinstance(record, Link)}
    name = fold(PurePosixPath(first.about.get("mapping_set_id", "")).name or PurePosixPath(first.name).stem)
    version = hints.version or first.about.get("mapping_set_version") or first.about.get("mapping_date") or ""
    return Release(
        f"sssom-{name.replace('_', '-')}",
        version or version_of(source, hints, first.name),
        tuple(sorted(systems)),
        first.about.get("license", ""),
    )


def _read(source: Source, _: Hints) -> Iterator[Record]:
    tally = Tally()
    for name in _members(source):
        yield from _links(_mappings(source, name), tally)
    yield from tally.records()


def _links(table: _Mappings, tally: Tally) -> Iterator[Record]:
    for number, cells in table.rows:
        row = dict(zip(table.columns, [*cells, *[""] * (len(table.columns) - len(cells))], strict=False))
        where = f"{base(table.name)} line {number}"
        if len(cells) > len(table.columns):
            tally.add("row with more cells than its header", where)
        elif row.get("predicate_modifier"):
            tally.add("refused mapping (predicate modifier Not)", where)
        elif not row["subject_id"]:
            tally.add("the subject is a wording, not a code", where)
        elif row["predicate_id"] not in PREDICATES:
            tally.add(f"predicate not read: {row['predicate_id'][:60]}", where)
        else:
            subject = _code(row["subject_id"], table.prefixes)
            target = _code(row["object_id"], table.prefixes)
            if subject is None or target is None:
                tally.add("identifier that no prefix explains, or without a code", where)
            else:
                yield Link(*subject, *target, PREDICATES[row["predicate_id"]], _rule(row))


def _code(identifier: str, prefixes: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the system and the code of a CURIE, or of an IRI that begins as a prefix of the table does."""
    if identifier.startswith(("http://", "https://")):
        bases = [each for each in (*prefixes.values(), *BASES) if each and identifier.startswith(each)]
        if not bases:
            return None
        start = max(bases, key=len)
        system, local = _system(start, ""), identifier.removeprefix(start)
    else:
        prefix, _, local = identifier.partition(":")
        system = _system(prefixes.get(prefix, ""), prefix)
    code = codes.canonical(system, local) if system else ""
    return (system, code) if code else None


def _system(start: str, prefix: str) -> str:
    """The system of a prefix: by what it stands for, else by its own name, else what it stands for as it is."""
    bare = start.rstrip("/#")
    known = BY_URI.get(bare) or BY_URI.get(start)
    if known:
        return known.key
    return BASES.get(start) or (system_named(fold(prefix)) if prefix else "") or bare


def _rule(row: Mapping[str, str]) -> str:
    """The conditions of a row. What no person has reviewed, or is not certain of, holds only under that reserve."""
    said = [f"{column}={row[column]}" for column in _CONDITIONS if row.get(column)]
    confidence = row.get("confidence", "")
    if confidence and confidence not in {"1", "1.0", "1.00"}:
        said.append(f"confidence {confidence}")
    if row.get("mapping_justification", "") not in _REVIEWED:
        said.append(row["mapping_justification"])
    return "; ".join(said)


IMPORTER = Importer("sssom", "SSSOM mappings, TSV", _claims, _describe, _read)
