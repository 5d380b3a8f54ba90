"""Tables of wordings: an alphabetical index, inclusion notes, synonyms, names of medicines; TSV, CSV, or JSON.

The label stands first and the codes after it, in columns that go by their names; or the user names the columns. Such a
table adds terms to concepts that a release defines. Unless its name or the user says what its wordings are, they only
help to find candidates (``related``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from semantix.terminology import codes
from semantix.terminology.records import TERM_KINDS, Record, Term
from semantix.terminology.releases import code_tables
from semantix.terminology.releases._cells import (
    first_lines,
    fold,
    only_member,
    separator_of,
    split,
    stem,
    suffix,
    system_named,
    system_of,
    table,
    text_of,
    version_of,
)
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.source import Source

LABELS = (
    *("label_fr", "label", "libelle", "libelle_fr", "term", "terme", "text", "texte", "name_fr", "name", "shortform"),
    *("wording", "denomination", "designation", "intitule", "synonym", "synonyme"),
)
"""Folded names of the columns that hold wordings."""

_KINDS = (
    ("index", re.compile(r"index|alphab")),
    ("inclusion", re.compile(r"inclusion")),
    ("short", re.compile(r"libelle_court|abrege")),
    ("brand", re.compile(r"denomination")),
    ("substance", re.compile(r"substance")),
)
_ATC_ONLY = frozenset({"brand", "substance"})
_TARGET = re.compile(r"(?:^|_)to_([a-z0-9]+)")
_CODES = re.compile(r"\s*\|\s*")
_JSON = re.compile(rb'\s*\{\s*"[A-Za-z0-9.+-]{1,20}"\s*:\s*\[\s*"')
_GOOD = frozenset({"", "ok", "good", "verified", "oui", "yes", "y"})


class Plan(Struct, frozen=True):
    """Which column holds the wordings, which the codes of which system, and what the wordings are."""

    system: str
    label: str
    code: str
    kind: str


def plan_of(source: Source, hints: Hints) -> Plan | None:
    """Recognise a table of wordings by its header and its name; nothing where it is not one."""
    name = only_member(source)
    if not name or code_tables.layout_of(source, hints) is not None:
        return None
    if suffix(name) == ".json":
        system = system_of(hints, name)
        is_map = _JSON.match(source.head(name, 4096)) is not None
        return Plan(system, "", "", _kind(name, hints, system)) if system and is_map else None
    first = first_lines(source, name, 1)
    separator = separator_of(first[0]) if first else ""
    if not separator or suffix(name) not in {".tsv", ".csv", ".txt"}:
        return None
    return _plan([fold(cell) for cell in split(first[0], separator)], name, hints)


def _plan(header: list[str], name: str, hints: Hints) -> Plan | None:
    label = fold(hints.label_column) or next((each for each in header if each in LABELS), "")
    columns = {each: _column_system(each) for each in header if each != label}
    system = system_of(hints, "") or _target(name, columns)
    code = fold(hints.code_column) or next((each for each, named in columns.items() if named == system), "")
    if not code and "code" in columns:
        code, system = "code", system_of(hints, name)
    if label not in header or code not in header or not system or _links_two_systems(header):
        return None
    return Plan(system, label, code, _kind(name, hints, system))


def _links_two_systems(header: list[str]) -> bool:
    """A set of LOINC codes beside a NABM code is a correspondence: see nabm_loinc."""
    return {"nabm", "loinc_set"} <= set(header)


def _column_system(column: str) -> str:
    bare = column.removeprefix("code_").removeprefix("codes_")
    for end in ("_set", "_accepted", "_code", "_codes"):
        bare = bare.removesuffix(end)
    return system_named(bare)


def _target(name: str, columns: Mapping[str, str]) -> str:
    """The system after ``_to_`` in the name of the file, else the only one that has a column."""
    found = _TARGET.search(fold(stem(name)))
    named = system_named(found[1]) if found else ""
    present = set(columns.values()) - {""}
    return named if named in present else present.pop() if len(present) == 1 else ""


def _kind(name: str, hints: Hints, system: str) -> str:
    if hints.kind:
        return hints.kind
    folded = fold(stem(name))
    for kind, words in _KINDS:
        if words.search(folded) and (system == "atc" or kind not in _ATC_ONLY):
            return kind
    return "related"


def _claims(source: Source, hints: Hints) -> bool:
    return plan_of(source, hints) is not None


def _wanted(source: Source, hints: Hints) -> Plan:
    plan = plan_of(source, hints)
    if plan is None:
        raise Refused(f"{source.name}: found no column of wordings with one of codes; name them, and the system")
    if plan.kind not in TERM_KINDS:
        raise Refused(f"{source.name}: {plan.kind} is no kind of term; expected one of {', '.join(TERM_KINDS)}")
    return plan


def _describe(source: Source, hints: Hints) -> Release:
    plan = _wanted(source, hints)
    name = fold(stem(only_member(source))).replace("_", "-") or "terms"
    return Release(name, version_of(source, hints, only_member(source)), (plan.system,), "", supplement=True)


def _read(source: Source, hints: Hints) -> Iterator[Record]:
    plan = _wanted(source, hints)
    tally = Tally()
    seen: set[tuple[str, str]] = set()
    pairs = _rows(source, plan, tally) if plan.label else _json(source, plan, tally)
    for code, text in pairs:
        if (code, text) in seen:
            tally.add("a wording already seen for this code", code)
            continue
        seen.add((code, text))
        yield Term(plan.system, code, text, plan.kind)
    if not seen:
        raise Refused(f"{base(only_member(source))}: found no wording with a code of {plan.system}")
    yield from tally.records()


def _rows(source: Source, plan: Plan, tally: Tally) -> Iterator[tuple[str, str]]:
    """Give (code, wording). A row whose quality is doubted is left out; a second code is a partner, never a target."""
    for number, row in table(source, only_member(source)):
        text = " ".join(row[plan.label].split())
        found = [codes.canonical(plan.system, each) for each in _CODES.split(row[plan.code]) if each]
        quality = row.get("quality", "") or row.get("qualite", "")
        if not text or not found:
            tally.add("no wording or no code", f"line {number}")
        elif fold(quality) not in _GOOD:
            tally.add(f"quality: {fold(quality)[:40]}", f"line {number}")
        else:
            if any(row[column] for column in row if column.endswith("_second")):
                tally.add("a second code (asterisk or cause), not kept", f"line {number}")
            for code in found:
                yield code, text


def _json(source: Source, plan: Plan, tally: Tally) -> Iterator[tuple[str, str]]:
    name = only_member(source)
    try:
        content = msgspec.json.decode(text_of(source, name), type=dict[str, list[str]])
    except (msgspec.DecodeError, RecursionError):
        raise Refused(f"{base(name)}: expected an object of codes, each with a list of wordings") from None
    for code, texts in content.items():
        for text in texts:
            if text.strip():
                yield codes.canonical(plan.system, code), " ".join(text.split())
            else:
                tally.add("an empty wording", code)


IMPORTER = Importer(
    "term-table", "Table of wordings and codes (TSV, CSV, JSON; label first)", _claims, _describe, _read
)
