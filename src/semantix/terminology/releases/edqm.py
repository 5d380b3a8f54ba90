"""EDQM Standard Terms as their web service gives them: JSON, one object a term, with its translations.

Fields: code, class, domain, english, translations (language, term), status, version, creation_date, modification_date,
links, replacement, mapping. Source: EDQM, Standard Terms web services.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from semantix.terminology.records import Concept, Record, Successor, Term
from semantix.terminology.releases._cells import only_member, suffix, version_of
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.releases.code_tables import LICENCES
from semantix.terminology.source import Source

_MARKS = (b'"english"', b'"translations"', b'"code"')
_GONE = frozenset({"deprecated", "rejected", "obsolete"})


class _Translation(Struct):
    language: str = ""
    term: str | None = None


class _Entry(Struct, rename={"category": "class"}):
    code: str | int
    english: str
    category: str = ""
    domain: str = ""
    status: str = ""
    modification_date: str | None = None
    translations: list[_Translation] = msgspec.field(default_factory=list)
    replacement: Any = None


class _Answer(Struct):
    content: list[_Entry]


def _claims(source: Source, _: Hints) -> bool:
    name = only_member(source)
    if not name or suffix(name) != ".json":
        return False
    head = source.head(name, 8192)
    return all(mark in head for mark in _MARKS) and b'"resourceType"' not in head


def _describe(source: Source, hints: Hints) -> Release:
    return Release("edqm", version_of(source, hints, only_member(source)), ("edqm",), LICENCES["edqm"])


def _entries(source: Source) -> list[_Entry]:
    name = only_member(source)
    try:
        found = msgspec.json.decode(source.read(name), type=_Answer | list[_Entry])
    except (msgspec.DecodeError, RecursionError) as error:
        reason = str(error).partition(" - ")[0] if isinstance(error, msgspec.ValidationError) else "not JSON"
        raise Refused(f"{base(name)}: {reason}; expected a list of Standard Terms") from None
    return found.content if isinstance(found, _Answer) else found


def _read(source: Source, _: Hints) -> Iterator[Record]:
    tally = Tally()
    seen: set[str] = set()
    for entry in _entries(source):
        code = str(entry.code).strip()
        if code.isdecimal() and code not in seen:
            seen.add(code)
            yield from _term(code, entry)
        else:
            tally.add("no code, or one already seen", code)
    if not seen:
        raise Refused(f"{source.name}: found no Standard Term")
    yield from tally.records()


def _term(code: str, entry: _Entry) -> Iterator[Record]:
    """The French term is the display; some have none, and are then shown in English."""
    french = [one.term.strip() for one in entry.translations if one.language.lower()[:2] == "fr" and one.term]
    status = entry.status.strip().lower()
    facts = {"domain": entry.domain, "modified": entry.modification_date or "", "status": entry.status}
    yield Concept(
        "edqm",
        code,
        french[0] if french else entry.english.strip(),
        entry.category,
        active=status not in _GONE,
        assignable=status != "pending",
        properties={name: value for name, value in facts.items() if value},
    )
    yield Term("edqm", code, entry.english.strip(), "synonym" if french else "preferred", "en")
    for text in french[1:]:
        yield Term("edqm", code, text)
    replacement = entry.replacement if isinstance(entry.replacement, str | int) else ""
    if str(replacement).strip() not in {"", "None", code}:
        yield Successor("edqm", code, str(replacement).strip())


IMPORTER = Importer("edqm-api", "EDQM Standard Terms (JSON of the web service)", _claims, _describe, _read)
