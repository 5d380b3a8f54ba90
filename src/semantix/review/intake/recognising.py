"""Which kind of file this is, by what stands in it: the columns of a header, or the type of a resource. Never its name.

A registry written by hand says which file each format claims. Two that claim one file is an error, and so is none.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.errors import BadMappings
from semantix.io import shown
from semantix.parsers.tabular.workbook import ZIP, is_workbook
from semantix.review.intake.candidates import SIGNS
from semantix.review.intake.open_document import is_open_document
from semantix.text.decoding import decode

_HEAD = 65_536
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_CONCEPT_MAP = re.compile(rb'"resourceType"\s*:\s*"ConceptMap"')


class Seen(Struct, frozen=True):
    """What a claim may look at: the bytes, and the columns of a text that could be a table, in lower case."""

    data: bytes
    columns: frozenset[str]


def _is_candidates(seen: Seen) -> bool:
    return seen.columns >= SIGNS


def _is_usagi(seen: Seen) -> bool:
    return {"sourcecode", "sourcename"} <= seen.columns and not seen.columns.isdisjoint(
        {"matchscore", "mappingstatus", "conceptid"}
    )


def _is_sssom(seen: Seen) -> bool:
    return "predicate_id" in seen.columns and not seen.columns.isdisjoint({"mapping_justification", "object_id"})


def _is_stcm(seen: Seen) -> bool:
    return {"source_code", "source_vocabulary_id", "target_concept_id"} <= seen.columns


def _is_concept_map(seen: Seen) -> bool:
    return _opens(seen.data) == b"{" and _CONCEPT_MAP.search(seen.data) is not None


def _is_workbook(seen: Seen) -> bool:
    return holds_workbook(seen.data)


def _is_table(seen: Seen) -> bool:
    return bool(seen.columns)


MAPPINGS: Mapping[str, Callable[[Seen], bool]] = MappingProxyType(
    {
        "candidates": _is_candidates,
        "usagi": _is_usagi,
        "sssom": _is_sssom,
        "conceptmap": _is_concept_map,
        "stcm": _is_stcm,
        "workbook": _is_workbook,
    }
)
"""What claims a file by signs that no other file has."""
PLAIN: Mapping[str, Callable[[Seen], bool]] = MappingProxyType({"table": _is_table})
"""What takes a file that nothing else claims."""
FORMATS = (*MAPPINGS, *PLAIN)


def recognise(data: bytes, name: str) -> str:
    """Name the format of a file: one of FORMATS. Raises BadMappings when none or several claim it.

    ``data`` is the whole file, or as much of its beginning as holds the header.
    """
    seen = Seen(data, _columns(data))
    for claims in (MAPPINGS, PLAIN):
        found = [each for each, is_claimed in claims.items() if is_claimed(seen)]
        if len(found) == 1:
            return found[0]
        if found:
            raise BadMappings(f"{shown(name)}: this may be {' or '.join(found)}; say which with --format")
    raise BadMappings(f"{shown(name)}: {_what_it_is(data)}; expected one of {', '.join(FORMATS)}")


def holds_workbook(data: bytes) -> bool:
    """Tell whether these are the bytes of an XLSX, XLS or ODS workbook, as far as their beginning says."""
    return is_workbook(data[:_HEAD]) or is_open_document(data)


def format_of_columns(columns: Iterable[str]) -> str:
    """Name the format of mappings that has these columns; empty for a table of any other kind."""
    seen = Seen(b"", frozenset(column.strip().casefold() for column in columns))
    return next((each for each, is_claimed in MAPPINGS.items() if is_claimed(seen)), "")


def _columns(data: bytes) -> frozenset[str]:
    """The cells of the first line that is no comment; none for what is no text, or no table."""
    head = data[:_HEAD]
    if len(data) > _HEAD:
        head = head[: head.rfind(b"\n") + 1] or head
    if head.startswith((ZIP, b"%PDF")) or _opens(head) in (b"{", b"[", b"<"):
        return frozenset()
    text = decode(head, repair=False).text.removeprefix("\ufeff")
    line = next((each for each in text.splitlines() if each.strip() and not each.lstrip('"').startswith("#")), "")
    if _CONTROL.search(line):
        return frozenset()
    delimiter = max("\t;,", key=line.count)
    cells = next(csv.reader((line,), delimiter=delimiter), [])
    return frozenset(cell.strip().casefold() for cell in cells) - {""}


def _opens(data: bytes) -> bytes:
    return data[:1_000].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]


def _what_it_is(data: bytes) -> str:
    if not data.strip():
        return "the file is empty"
    if data.startswith(ZIP):
        return "an archive or a document that is no workbook"
    if _opens(data) in (b"{", b"["):
        return "JSON that is no ConceptMap"
    if _opens(data) == b"<":
        return "XML or HTML"
    return "no table, no workbook and no mappings"
