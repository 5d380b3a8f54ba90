"""Tables that list codes with their labels, one code a row, the code in the first column; columns go by their names.

Where the label stands first, the table lists wordings instead: see term_tables.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Record, Term
from semantix.terminology.releases._cells import (
    first_lines,
    fold,
    only_member,
    parents_by_prefix,
    separator_of,
    shorter_atc,
    shorter_cim10,
    split,
    stem,
    suffix,
    system_named,
    system_of,
    table,
    version_of,
)
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.source import Source

DISPLAY = (
    "libelle_long",
    "nom_long",
    "label_fr",
    "libelle_fr",
    "display_fr",
    "name_fr",
    "libelle",
    "label",
    "display",
    "designation",
    "intitule",
    "nom",
    "name",
)
SHORT = ("libelle_court", "nom_court", "libcourt", "label_court", "shortname")
ENGLISH = ("label_en", "libelle_en", "display_en", "name_en", "long_common_name_en", "long_common_name")
SYNONYMS = ("synonyms_fr", "synonymes", "synonyms")
LINKS = ("codes_cim10", "cim10", "icd10")
COUNT = "n_files_occurrences"
PROPERTIES: Mapping[str, str] = MappingProxyType(
    {"date_debut": "start", "date_fin": "end", "omim": "omim", "umls": "umls", "ucum": "ucum"}
)
_WORDINGS = re.compile(r"synonym|index|alphab|inclusion|terms?(?![a-z])|denomination")
_PATTERNS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "loinc": re.compile(r"(L[AP])?\d+-\d"),
        "atc": re.compile(r"[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?"),
        "cisp2": re.compile(r"[A-Z]\d\d"),
        "ccam": re.compile(r"[A-Z]{4}\d{3}\w*"),
        "cim10": re.compile(r"[A-Z]\d\d.*"),
        "orpha": re.compile(r"\d+"),
        "lpp": re.compile(r"\d{7}"),
    }
)
_ELSEWHERE: Mapping[str, str] = MappingProxyType({"csarr": "https://smt.esante.gouv.fr/terminologie-csarr"})
"""Systems that have no key, by the word that names them in a file's name."""

SHORTER: Mapping[str, Callable[[str], str]] = MappingProxyType({"atc": shorter_atc, "cim10": shorter_cim10})
LICENCES: Mapping[str, str] = MappingProxyType(
    {
        "loinc": "LOINC (c) Regenstrief Institute, Inc.: free under http://loinc.org/license",
        "ccam": "Licence Ouverte 2.0 (CNAM, ATIH)",
        "lpp": "Licence Ouverte 2.0 (CNAM)",
        "cisp2": "CISP-2 (c) WONCA",
        "orpha": "CC BY 4.0 (Orphanet)",
        "edqm": "CC BY 4.0 (EDQM)",
        "atc": "ATC (c) WHO Collaborating Centre: no resale",
    }
)


class Layout(Struct, frozen=True):
    """Which column of a table plays which part; an empty name is a part that no column plays."""

    system: str
    code: str
    display: str = ""
    short: str = ""
    english: str = ""
    synonyms: str = ""
    links: str = ""
    count: str = ""


def layout_of(source: Source, hints: Hints) -> Layout | None:
    """Recognise a table of codes by its header and its name; nothing where it is not one."""
    name = only_member(source)
    if not name or hints.kind or suffix(name) not in {".tsv", ".csv", ".txt"}:
        return None
    first = first_lines(source, name, 1)
    separator = separator_of(first[0]) if first else ""
    if not separator or (not hints.code_column and _WORDINGS.search(stem(name))):
        return None
    header = [fold(cell) for cell in split(first[0], separator)]
    return _layout(header, hints, _system(header, hints, name))


def _system(header: list[str], hints: Hints, name: str) -> str:
    if not hints.system:
        named = system_named(header[0].removeprefix("code_"))
        if named:
            return named
        for word, uri in _ELSEWHERE.items():
            if word in stem(name):
                return uri
    return system_of(hints, name)


def _layout(header: list[str], hints: Hints, system: str) -> Layout | None:
    code = fold(hints.code_column) or header[0]
    named_so = code == "code" or bool(system_named(code.removeprefix("code_"))) or bool(hints.code_column)
    display = _first(header, (fold(hints.label_column), *DISPLAY))
    short = _first(header, SHORT)
    english = _first(header, ENGLISH)
    # A level beside the code is a tabular list, whose labels depend on those above them.
    if code not in header or not named_so or not system or not (display or short or english) or "level" in header:
        return None
    return Layout(
        system,
        code,
        display,
        short,
        english,
        _first(header, SYNONYMS),
        _first([each for each in header if each != code], LINKS),
        COUNT if COUNT in header else "",
    )


def _first(header: list[str], wanted: tuple[str, ...]) -> str:
    return next((each for each in wanted if each and each in header), "")


def _claims(source: Source, hints: Hints) -> bool:
    return layout_of(source, hints) is not None


def _wanted(source: Source, hints: Hints) -> Layout:
    layout = layout_of(source, hints)
    if layout is None:
        raise Refused(f"{source.name}: expected a header with a code first, then a label; or name both columns")
    return layout


def _describe(source: Source, hints: Hints) -> Release:
    layout = _wanted(source, hints)
    name = fold(re.sub(r"(?<!\d)20\d\d(?!\d)", "", stem(only_member(source)))).replace("_", "-")
    version = version_of(source, hints, only_member(source))
    return Release(name or "table", version, (layout.system,), LICENCES.get(layout.system, ""))


class _Entry(Struct):
    labels: dict[str, int]
    row: dict[str, str]


def _read(source: Source, hints: Hints) -> Iterator[Record]:
    layout = _wanted(source, hints)
    tally = Tally()
    entries = _entries(source, layout, tally)
    if not entries:
        raise Refused(f"{base(only_member(source))}: found no row with a code of {layout.system} and a label")
    for code, entry in entries.items():
        yield from _entry(layout, code, entry)
    yield from _links(layout, entries, tally)
    shorter = SHORTER.get(layout.system)
    if shorter:
        yield from parents_by_prefix(layout.system, tuple(entries), shorter)
    yield from tally.records()


def _entries(source: Source, layout: Layout, tally: Tally) -> dict[str, _Entry]:
    """Gather the rows of each code: several rows of one code are several labels of it."""
    pattern = _PATTERNS.get(layout.system)
    main = layout.display or layout.short or layout.english
    entries: dict[str, _Entry] = {}
    for number, row in table(source, only_member(source)):
        code = codes.canonical(layout.system, html.unescape(row[layout.code]))
        label = " ".join(html.unescape(row[main]).split())
        if not code or (pattern and not pattern.fullmatch(code)):
            tally.add(f"not a code of {layout.system}", f"line {number}")
        elif not label:
            tally.add("no label", code)
        else:
            entry = entries.setdefault(code, _Entry({}, row))
            count = row.get(layout.count, "")
            entry.labels[label] = entry.labels.get(label, 0) + (int(count) if count.isdecimal() else 1)
    return entries


def _entry(layout: Layout, code: str, entry: _Entry) -> Iterator[Record]:
    ranked = sorted(entry.labels, key=lambda label: -entry.labels[label])
    display = ranked[0]
    properties = {PROPERTIES[name]: entry.row[name] for name in entry.row if name in PROPERTIES and entry.row[name]}
    yield Concept(
        layout.system,
        code,
        display,
        _kind(layout.system, code),
        active=not is_over(properties.get("end", "")),
        assignable=not code.startswith("LP") if layout.system == "loinc" else True,
        properties=dict(sorted(properties.items())),
    )
    language = "fr" if layout.display or layout.short else "en"
    if language != "fr":
        yield Term(layout.system, code, display, "preferred", language)
    for label in ranked[1:]:
        yield Term(layout.system, code, label, "synonym", language)
    short = entry.row.get(layout.short, "")
    if short and short != display:
        yield Term(layout.system, code, short, "short")
    english = entry.row.get(layout.english, "")
    if english and language == "fr":
        yield Term(layout.system, code, english, "synonym", "en")
    for synonym in re.split(r"\s*[;|]\s+|\|", entry.row.get(layout.synonyms, "")):
        if synonym.strip() and synonym.strip() != display:
            yield Term(layout.system, code, synonym.strip(), "synonym")


def is_over(date: str) -> bool:
    """Say whether an end date, however written, is a real one: 2099 or 9999 stand for "no end"."""
    return bool(date.strip()) and not re.search(r"2099|9999", date)


def _kind(system: str, code: str) -> str:
    if system == "loinc":
        return {"LA": "answer", "LP": "part"}.get(code[:2], "")
    return {1: "level 1", 3: "level 2", 4: "level 3", 5: "level 4", 7: "level 5"}[len(code)] if system == "atc" else ""


def _links(layout: Layout, entries: Mapping[str, _Entry], tally: Tally) -> Iterator[Record]:
    """CISP-2 lists the codes it spans, and a code shared by several rubrics is wider than each; others do not say."""
    if not layout.links or layout.system == "cim10":
        return
    targets: dict[str, list[str]] = {}
    for code, entry in entries.items():
        for text in re.split(r"[,;|\s]+", entry.row[layout.links]):
            target = codes.canonical("cim10", text)
            if re.fullmatch(r"[A-Z]\d\d([.+]\w+)*", target):
                targets.setdefault(code, []).append(target)
            elif text:
                tally.add("a link that is not a CIM-10 code", code)
    yield from span_links(layout.system, targets)


def span_links(system: str, targets: Mapping[str, list[str]]) -> Iterator[Record]:
    """Link codes to the CIM-10 codes that they span, where the system is known to mean that (CISP-2)."""
    sources: dict[str, int] = {}
    for target in (each for found in targets.values() for each in dict.fromkeys(found)):
        sources[target] = sources.get(target, 0) + 1
    for code, found in targets.items():
        for target in dict.fromkeys(found):
            relation = "related"
            if system == "cisp2":
                alone = len(found) == 1
                relation = "narrower" if not alone else "equivalent" if sources[target] == 1 else "broader"
            yield Link(system, code, "cim10", target, relation)


IMPORTER = Importer("code-table", "Table of codes and labels (TSV, CSV; code first)", _claims, _describe, _read)
