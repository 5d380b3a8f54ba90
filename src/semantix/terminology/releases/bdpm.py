"""BDPM: the public database of medicines (ANSM), five files without header, tab-separated, without quoting.

Source: https://base-donnees-publique.medicaments.gouv.fr/telechargement, and its description of the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Record, Term
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base, decode, lines, one
from semantix.terminology.source import Source

FILES: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "CIS_bdpm.txt": (12,),
        "CIS_CIP_bdpm.txt": (13,),
        "CIS_COMPO_bdpm.txt": (8, 9),
        "CIS_GENER_bdpm.txt": (5, 6),
        "CIS_MITM.txt": (4,),
    }
)
"""The files that a release needs, with the numbers of columns they have had (a last empty one before 2026)."""

_GENERIC = {"0": "princeps", "1": "generic", "2": "generic by complementarity of doses", "4": "substitutable generic"}
_DATE = re.compile(r"(\d\d)/(\d\d)/(20\d\d)")
_ATC = re.compile(r"[A-Z]\d\d[A-Z]{2}(\d\d)?")
_ORPHAN = "the medicine (CIS) is not in CIS_bdpm.txt"


def _claims(source: Source, _: Hints) -> bool:
    return any(source.find(name) for name in FILES)


def _describe(source: Source, hints: Hints) -> Release:
    version = hints.version or _last_date(source)
    return Release("bdpm", version, ("cis", "cip"), "Licence Ouverte 2.0 (ANSM)")


def _last_date(source: Source) -> str:
    """The files bear no date: the version is the last declaration of marketing that they hold."""
    latest = ""
    for row in _rows(source, "CIS_CIP_bdpm.txt", Tally()):
        found = _DATE.fullmatch(row[5].strip())
        if found:
            day, month, year = found.groups()
            latest = max(latest, f"{year}-{month}-{day}")
    if not latest:
        raise Refused(f"{source.name}: CIS_CIP_bdpm.txt holds no date dd/mm/yyyy in its sixth column; give --version")
    return latest


def _members(source: Source) -> Mapping[str, str]:
    missing = [name for name in FILES if not source.find(name)]
    if missing:
        raise Refused(
            f"{source.name}: found {', '.join(n for n in FILES if source.find(n))}; missing {', '.join(missing)}: "
            "give the folder that holds the five files"
        )
    return {name: one(source, name) for name in FILES}


def _rows(source: Source, file: str, tally: Tally) -> Iterator[list[str]]:
    """Give the rows of one file, blanks around values removed; a row of another width is counted as skipped."""
    name = _members(source)[file]
    widths = FILES[file]
    good = False
    for number, line in lines(decode(source.read(name), name, fallback="cp1252")):
        row = [value.strip() for value in line.split("\t")]
        while len(row) > widths[0] and not row[-1]:
            row.pop()
        if len(row) not in widths:
            if not good:
                raise Refused(f"{base(name)}: found {len(row)} columns in line {number}, expected {widths[0]}")
            tally.add(f"{file}: not {widths[0]} columns", f"line {number}")
            continue
        good = True
        yield row
    if not good:
        raise Refused(f"{base(name)}: found no row, expected {widths[0]} columns separated by tabs")


def _read(source: Source, _: Hints) -> Iterator[Record]:
    tally = Tally()
    names: dict[str, str] = {}
    doses, terms = _composition(source, tally)
    groups = _generics(source, tally)
    for row in _rows(source, "CIS_bdpm.txt", tally):
        cis = row[0]
        if not re.fullmatch(r"\d{8}", cis) or not row[1]:
            tally.add("CIS_bdpm.txt: no code of 8 digits or no denomination", cis)
            continue
        if cis in names:
            tally.add("CIS_bdpm.txt: a code already seen", cis)
            continue
        names[cis] = row[1]
        yield _speciality(row, doses.get(cis, {}), groups.get(cis, {}))
        for text in sorted(terms.get(cis, ())):
            yield Term("cis", cis, text, "substance")
    for file, known in (("CIS_COMPO_bdpm.txt", terms), ("CIS_GENER_bdpm.txt", groups)):
        for cis in sorted(set(known) - set(names)):
            tally.add(f"{file}: {_ORPHAN}", cis)
    yield from _packs(source, names, tally)
    yield from _classes(source, names, tally)
    yield from tally.records()


def _speciality(row: list[str], doses: Mapping[str, None], groups: Mapping[str, None]) -> Concept:
    cis, name, form, routes, status, procedure, marketed, _, _, number, holder, watched = row[:12]
    properties = {
        "form": form,
        "generic_group": " | ".join(groups),
        "holder": holder,
        "eu_number": number,
        "marketed": marketed,
        "procedure": procedure,
        "reinforced_monitoring": watched,
        "routes": routes,
        "status": status,
        "substances": " + ".join(doses),
    }
    return Concept(
        "cis",
        codes.canonical("cis", cis),
        name,
        "speciality",
        active=status == "Autorisation active",
        properties={key: properties[key] for key in sorted(properties) if properties[key]},
    )


def _composition(source: Source, tally: Tally) -> tuple[dict[str, dict[str, None]], dict[str, set[str]]]:
    """By CIS: the substances with their doses, in the order of the file, and the names of all substances.

    An active substance (SA) and its therapeutic fractions (FT) share a link number; the fraction, which bears the dose
    that people prescribe, stands for both where it exists.
    """
    links: dict[str, dict[str, dict[str, list[str]]]] = {}
    terms: dict[str, set[str]] = {}
    for row in _rows(source, "CIS_COMPO_bdpm.txt", tally):
        cis, _, _, substance, dose, _, nature, link = row[:8]
        if nature not in {"SA", "FT"} or not substance:
            tally.add("CIS_COMPO_bdpm.txt: neither SA nor FT, or no substance", cis)
            continue
        terms.setdefault(cis, set()).add(substance)
        natures = links.setdefault(cis, {}).setdefault(link, {})
        natures.setdefault(nature, []).append(f"{substance} {dose}".strip())
    doses = {
        cis: {text: None for natures in by_link.values() for text in natures.get("FT") or natures["SA"]}
        for cis, by_link in links.items()
    }
    return doses, terms


def _generics(source: Source, tally: Tally) -> dict[str, dict[str, None]]:
    groups: dict[str, dict[str, None]] = {}
    for row in _rows(source, "CIS_GENER_bdpm.txt", tally):
        group, label, cis, kind = row[:4]
        if kind not in _GENERIC:
            tally.add("CIS_GENER_bdpm.txt: an unknown kind of generic", cis)
            continue
        groups.setdefault(cis, {})[f"{group}: {label} ({_GENERIC[kind]})"] = None
    return groups


def _packs(source: Source, names: Mapping[str, str], tally: Tally) -> Iterator[Record]:
    """Each pack has two codes, CIP7 and CIP13: two concepts, linked with one another and with their medicine."""
    seen: set[str] = set()
    for row in _rows(source, "CIS_CIP_bdpm.txt", tally):
        cis, cip7, label, status, state, _, cip13 = row[:7]
        if cis not in names:
            tally.add(f"CIS_CIP_bdpm.txt: {_ORPHAN}", cip13 or cip7)
            continue
        pair = {"CIP7": codes.canonical("cip", cip7), "CIP13": codes.canonical("cip", cip13)}
        for kind, code in pair.items():
            if not re.fullmatch(r"\d{7}" if kind == "CIP7" else r"\d{13}", code) or code in seen:
                tally.add(f"CIS_CIP_bdpm.txt: no {kind}, or one already seen", cip13 or cip7)
                continue
            seen.add(code)
            other = pair["CIP13" if kind == "CIP7" else "CIP7"]
            facts = {"cis": cis, "marketing": state, "other_code": other, "pack": label, "status": status}
            properties = {key: value for key, value in facts.items() if value}
            display = f"{names[cis]}, {label}" if label else names[cis]
            yield Concept("cip", code, display, kind, active=status == "Présentation active", properties=properties)
            yield Link("cip", code, "cis", cis)
            if other:
                yield Link("cip", code, "cip", other)


def _classes(source: Source, names: Mapping[str, str], tally: Tally) -> Iterator[Record]:
    """A class of level 5 is what the medicine is; one of level 4 is only the group it belongs to."""
    seen: set[tuple[str, str]] = set()
    for row in _rows(source, "CIS_MITM.txt", tally):
        cis, atc = row[0], codes.canonical("atc", row[1])
        if cis not in names:
            tally.add(f"CIS_MITM.txt: {_ORPHAN}", cis)
        elif not _ATC.fullmatch(atc):
            tally.add("CIS_MITM.txt: not an ATC code of level 4 or 5", cis)
        elif (cis, atc) not in seen:
            seen.add((cis, atc))
            yield Link("cis", cis, "atc", atc, "equivalent" if len(atc) == 7 else "broader")


IMPORTER = Importer("bdpm", "BDPM: medicines, packs, substances, generic groups, ATC (ANSM)", _claims, _describe, _read)
