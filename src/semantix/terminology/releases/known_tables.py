"""Tables of one known layout each, which no general rule of columns can read.

- the hierarchy of CCAM: strate, code, parent, libelle, type (H a heading, A an act);
- NABM as the national data system keeps it (``BIO_PRS_IDE;BIO_INF_LIB;...``), one row a period of validity;
- NABM labels with their sets of LOINC codes;
- the tabular list of CIM-10 with French and English labels, which depend on those above them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Parent, Record
from semantix.terminology.releases import tabular_list
from semantix.terminology.releases._cells import (
    first_lines,
    fold,
    only_member,
    separator_of,
    split,
    stem,
    table,
    version_of,
)
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.releases.code_tables import is_over
from semantix.terminology.source import Source

Rows = Iterator[tuple[int, dict[str, str]]]
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_SAS_DATE = re.compile(r"(\d\d)([A-Z]{3})(\d{4})(:\d\d:\d\d:\d\d)?")


class Known(Struct, frozen=True):
    """One layout: the columns that it is known by, in any order, and how its rows become records."""

    title: str
    columns: tuple[str, ...]
    systems: tuple[str, ...]
    licence: str
    supplement: bool
    read: Callable[[Rows, Tally], Iterator[Record]]


def _hierarchy(found: Rows, tally: Tally) -> Iterator[Record]:
    """Headings become concepts under the number of their place (``01.02``); acts are only put below them."""
    places: dict[str, str] = {}
    acts: list[tuple[str, str]] = []
    headings: list[tuple[str, str]] = []
    for number, row in found:
        place = re.sub(r"(\.00)+$", "", row["strate"])
        if row["type"] == "A":
            acts.append((codes.canonical("ccam", row["code"]), row["parent"]))
        elif row["type"] != "H" or not re.fullmatch(r"\d\d(\.\d\d)*", place):
            tally.add("neither a heading (H) nor an act (A)", f"line {number}")
        elif place == "00":
            tally.add("the root of the tree", row["code"])
        else:
            places[row["code"]] = codes.canonical("ccam", place)
            headings.append((row["code"], row["parent"]))
            kind = {1: "chapter", 2: "section"}.get(place.count(".") + 1, "heading")
            yield Concept("ccam", places[row["code"]], row["libelle"], kind, assignable=False)
    for key, parent in headings:
        if parent in places:
            yield Parent("ccam", places[key], places[parent])
    for act, parent in acts:
        if parent in places:
            yield Parent("ccam", act, places[parent])
        else:
            tally.add("an act below no heading", act)


def _nabm(found: Rows, tally: Tally) -> Iterator[Record]:
    """Keep the row of each code whose period began last."""
    latest: dict[str, tuple[str, dict[str, str]]] = {}
    for number, row in found:
        code = codes.canonical("nabm", row["bio_prs_ide"])
        if not code.isdecimal() or not row["bio_inf_lib"]:
            tally.add("no NABM code or no label", f"line {number}")
            continue
        began = _iso(row["bio_his_dtd"])
        if code in latest:
            tally.add("an older period of a code", code)
        if code not in latest or began >= latest[code][0]:
            latest[code] = (began, row)
    for code, (began, row) in latest.items():
        places = [row.get(f"bio_arb_{part}", "") for part in ("cha", "sc1", "sc2", "sc3", "sc4")]
        properties = {
            "chapter": ".".join(each for each in places if each.strip("0")),
            "coefficient": row.get("bio_tar_cof", ""),
            "end": _iso(row.get("bio_sup_dat", "")),
            "start": began,
        }
        yield Concept(
            "nabm",
            code,
            " ".join(row["bio_inf_lib"].split()),
            active=not is_over(row.get("bio_sup_dat", "")),
            properties={name: value for name, value in properties.items() if value},
        )


def _iso(text: str) -> str:
    """``14APR2018:00:00:00`` → ``2018-04-14``; anything else gives nothing."""
    found = _SAS_DATE.fullmatch(text.strip().upper())
    if found is None or found[2] not in _MONTHS:
        return ""
    return f"{found[3]}-{_MONTHS.index(found[2]) + 1:02}-{found[1]}"


def _nabm_loinc(found: Rows, tally: Tally) -> Iterator[Record]:
    pairs: dict[str, list[str]] = {}
    for number, row in found:
        code = codes.canonical("nabm", row["nabm"])
        targets = [codes.canonical("loinc", each) for each in row["loinc_set"].split("|") if each.strip()]
        good = [each for each in targets if re.fullmatch(r"\d+-\d", each)]
        if not code.isdecimal() or not good:
            tally.add("no NABM code or no LOINC code", f"line {number}")
        if len(good) < len(targets):
            tally.add("not a LOINC code", f"line {number}", len(targets) - len(good))
        if code.isdecimal():
            pairs.setdefault(code, []).extend(each for each in good if each not in pairs.get(code, ()))
    yield from nabm_links(pairs)


def nabm_links(pairs: Mapping[str, list[str]]) -> Iterator[Record]:
    """Link acts to observations: an act is wider than each of several; one to one, and only so, is equivalent."""
    acts: dict[str, int] = {}
    for targets in pairs.values():
        for target in targets:
            acts[target] = acts.get(target, 0) + 1
    for code, targets in pairs.items():
        for target in targets:
            alone = len(targets) == 1 and acts[target] == 1
            yield Link("nabm", code, "loinc", target, "equivalent" if alone else "narrower")


def _tabular(found: Rows, tally: Tally) -> Iterator[Record]:
    entries: list[tabular_list.Entry] = []
    for number, row in found:
        code = codes.canonical("cim10", row["code"])
        if not re.fullmatch(r"[A-Z]\d\d(\.\d\w*)?", code) or row["code"].startswith("("):
            tally.add("a chapter or block, which the list of codes does not define", row["code"])
        elif not row["label_fr"]:
            tally.add("no French label", f"line {number}")
        else:
            entries.append(tabular_list.Entry(code, row["label_fr"], row["label_en"]))
    yield from tabular_list.terms(entries, tally)


LAYOUTS: Mapping[str, Known] = MappingProxyType(
    {
        "ccam-hierarchy": Known(
            "CCAM, hierarchy",
            ("strate", "code", "parent", "libelle", "type"),
            ("ccam",),
            "Licence Ouverte 2.0 (CNAM, ATIH)",
            False,
            _hierarchy,
        ),
        "nabm-snds": Known(
            "NABM of the national data system",
            ("bio_prs_ide", "bio_inf_lib", "bio_his_dtd"),
            ("nabm",),
            "Licence Ouverte 2.0 (CNAM)",
            False,
            _nabm,
        ),
        "nabm-loinc": Known(
            "NABM acts with their sets of LOINC codes",
            ("nabm", "loinc_set"),
            ("nabm", "loinc"),
            "LOINC (c) Regenstrief Institute, Inc.: free under http://loinc.org/license",
            True,
            _nabm_loinc,
        ),
        "cim10-tabular": Known(
            "CIM-10, tabular list in French and English",
            ("code", "level", "label_fr", "label_en"),
            ("cim10",),
            "CC BY-NC-ND 3.0 IGO (OMS): not to be redistributed",
            True,
            _tabular,
        ),
    }
)


def _found(source: Source, hints: Hints) -> tuple[str, str]:
    """Return the name of the layout and the separator, or nothing twice."""
    name = only_member(source)
    first = first_lines(source, name, 1) if name and not hints.code_column else ()
    separator = separator_of(first[0]) if first else ""
    if not separator:
        return "", ""
    header = {fold(cell) for cell in split(first[0], separator)}
    return next((key for key, known in LAYOUTS.items() if header.issuperset(known.columns)), ""), separator


def _claims(source: Source, hints: Hints) -> bool:
    return bool(_found(source, hints)[0])


def _describe(source: Source, hints: Hints) -> Release:
    key, _ = _found(source, hints)
    if not key:
        raise Refused(f"{source.name}: its header is none of the known layouts ({', '.join(LAYOUTS)})")
    known = LAYOUTS[key]
    return Release(
        key, version_of(source, hints, stem(only_member(source))), known.systems, known.licence, known.supplement
    )


def _read(source: Source, hints: Hints) -> Iterator[Record]:
    key, separator = _found(source, hints)
    if not key:
        raise Refused(f"{source.name}: its header is none of the known layouts ({', '.join(LAYOUTS)})")
    tally = Tally()
    name = only_member(source)
    some = False
    for record in LAYOUTS[key].read(table(source, name, separator), tally):
        some = True
        yield record
    if not some:
        raise Refused(f"{base(name)}: found no row of {LAYOUTS[key].title}")
    yield from tally.records()


IMPORTER = Importer("known-table", "Tables of one known layout (CCAM, NABM, CIM-10)", _claims, _describe, _read)
