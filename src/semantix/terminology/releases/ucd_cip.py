"""The assembly of UCD and CIP codes (Club inter pharmaceutique): one UCD for each pack, several packs for a UCD.

``UCDTOT_Assemblage_ANS_<date>.zip``, a CSV in UTF-16 with a title line before its header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Record
from semantix.terminology.releases._cells import first_lines, fold, only_member, rows, text_of, version_of
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.source import Source

_NEEDED = ("codeucd", "codecip", "libelleucd", "libellecip", "codeucd13", "codecip13")
_DATE = re.compile(r"(20\d{6})")


def _claims(source: Source, _: Hints) -> bool:
    name = only_member(source)
    return bool(name) and any({*_NEEDED} <= set(_header(line)) for line in first_lines(source, name, 3))


def _header(line: str) -> list[str]:
    return [fold(cell) for cell in line.split(";")]


def _describe(source: Source, hints: Hints) -> Release:
    found = _DATE.search(source.path.name) or _DATE.search(only_member(source))
    version = hints.version or (found[1] if found else version_of(source, hints))
    return Release("ucd-cip", version, ("ucd", "cip"), "Club inter pharmaceutique")


def _read(source: Source, _: Hints) -> Iterator[Record]:
    name = only_member(source)
    tally = Tally()
    header: list[str] = []
    seen: set[str] = set()
    for number, row in rows(text_of(source, name), ";"):
        if not header:
            folded = [fold(cell) for cell in row]
            header = folded if {*_NEEDED} <= set(folded) else []
            continue
        if any(row[len(header) :]):
            raise Refused(f"{base(name)}: line {number} has {len(row)} columns, its header {len(header)}")
        yield from _pack(dict(zip(header, row, strict=False)), seen, f"line {number}", tally)
    if not seen:
        raise Refused(f"{base(name)}: found no row below the columns {', '.join(_NEEDED)}")
    yield from tally.records()


def _pack(row: dict[str, str], seen: set[str], where: str, tally: Tally) -> Iterator[Record]:
    """Codes of 7 and of 13 digits name the same things; links go between codes of all lengths."""
    sides: dict[str, list[str]] = {}
    for system in ("ucd", "cip"):
        found = [codes.canonical(system, row.get(f"code{system}{length}", "")) for length in ("", "13")]
        sides[system] = [code for code in found if re.fullmatch(r"\d{7}|\d{13}", code)]
    if not sides["ucd"] or not sides["cip"]:
        tally.add("no UCD code or no CIP code", where)
        return
    gone = bool(row.get("date_de_suppression", "").strip())
    for system, found in sides.items():
        label = row[f"libelle{system}"]
        for code in found:
            if f"{system}:{code}" not in seen:
                seen.add(f"{system}:{code}")
                yield Concept(system, code, label, active=system == "ucd" or not gone)
    for cip in sides["cip"]:
        for ucd in sides["ucd"]:
            # A pack is narrower than its unit: the unit says nothing of the number in the box.
            yield Link("cip", cip, "ucd", ucd, "broader")
            yield Link("ucd", ucd, "cip", cip, "narrower")


IMPORTER = Importer("ucd-cip", "Assembly of UCD and CIP codes (Club inter pharmaceutique)", _claims, _describe, _read)
