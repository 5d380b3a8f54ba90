"""Curated tables as files: SSSOM TSV with one layout (``docs/reference/curated-tables.md``).

:func:`parse` reads a text into rows, :func:`layout` writes them in the one order. The metadata block is YAML of the
kind that is written here (scalars, a mapping of scalars, a list of mappings of scalars); anything else is refused.
What is wrong inside a row is for :mod:`semantix.terminology.table_lint` to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, unquote

from msgspec import Struct, structs

from semantix import systems
from semantix.errors import BadTable

Metadata = Mapping[str, "str | Mapping[str, str] | tuple[Mapping[str, str], ...]"]


class Line(Struct, frozen=True, gc=False):
    """One row as written, its cells in the order of the columns."""

    subject_id: str = ""
    subject_label: str = ""
    subject_type: str = ""
    predicate_id: str = ""
    predicate_modifier: str = ""
    object_id: str = ""
    mapping_justification: str = ""
    author_label: str = ""
    mapping_date: str = ""
    confidence: str = ""
    comment: str = ""
    sender: str = ""
    unit: str = ""
    specimen: str = ""
    section: str = ""


class TableFile(Struct, frozen=True):
    """A whole table. ``numbers`` are the line numbers of the rows; ``ignored`` the columns that were left out."""

    metadata: Metadata
    rows: tuple[Line, ...]
    numbers: tuple[int, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def curie_map(self) -> Mapping[str, str]:
        """The prefixes that the file declares, and what they stand for."""
        found = self.metadata.get("curie_map")
        return found if isinstance(found, Mapping) else MappingProxyType({})


COLUMNS: Final = Line.__struct_fields__
CONDITIONS: Final = ("sender", "unit", "specimen", "section")
REQUIRED: Final = ("predicate_id", "object_id")
_DESCRIPTIVE = (
    "object_label object_type object_source object_source_version object_category subject_source subject_category "
    "subject_source_version author_id creator_id creator_label reviewer_id reviewer_label license mapping_tool "
    "mapping_tool_version mapping_source mapping_provider issue_tracker_item see_also other publication_date "
    "match_string curation_rule curation_rule_text record_id"
)
DESCRIPTIVE: Final = frozenset(_DESCRIPTIVE.split())
"""Columns of SSSOM that change nothing in what a row claims: passed over when a table from elsewhere is read."""
SPECIMENS: Final = ("blood", "serum", "plasma", "urine", "csf", "stool", "saliva", "other")
PREDICATES: Final = ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")
LITERAL: Final = "rdfs literal"
LOCAL: Final = "LOCAL"
"""The prefix of the codes that a laboratory or a software made for itself: a row needs its ``sender``."""

_SYSTEM_PREFIXES: Final = MappingProxyType(
    {system.key.upper().replace("-", "_"): system.key for system in systems.SYSTEMS} | {"CVX": "cvx", LOCAL: "local"}
)
_PLAIN_IN_CURIE = "/.*+-()':,;!&@$=_~"
_NAMED_PREFIX = re.compile(r"(?:FHIR|V3|ANS)_[A-Z0-9][A-Z0-9_]*")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_TYPED = re.compile(r"[-+.\d][\d.,:_eE+-]*|[\d-]+T.*|(?:true|false|yes|no|on|off|null|y|n|~)", re.IGNORECASE)
_SPECIAL = frozenset("&*!|>{}[]@`%\"'#,?:-")


def system_of(prefix: str) -> str:
    """Return the key of the code system of a prefix: ``CIM10`` is ``cim10``, ``FHIR_FLAG_STATUS`` ``fhir-flag-status``.

    Empty when the prefix is not one of ours.
    """
    known = _SYSTEM_PREFIXES.get(prefix)
    if known is None and _NAMED_PREFIX.fullmatch(prefix):
        known = prefix.lower().replace("_", "-")
    return known or ""


def curie(prefix: str, code: str) -> str:
    """Write a code with its prefix; what a CURIE may not hold (``[``, ``{``, ``%``) is percent-encoded."""
    return f"{prefix}:{quote(code, safe=_PLAIN_IN_CURIE)}"


def split_curie(text: str) -> tuple[str, str]:
    """Return the prefix and the code of a CURIE; the code is empty when there is no colon."""
    prefix, _, code = text.partition(":")
    return prefix, unquote(code) if "%" in code else code


def parse(text: str, name: str) -> TableFile:
    """Read a table. Raises BadTable when it is not one, with the line and what was expected there."""
    lines = [line.rstrip("\r") for line in text.removeprefix("\ufeff").split("\n")]
    block = [line for line in lines if line.startswith("#")]
    if any(line.startswith("#") for line in lines[len(block) :]):
        raise BadTable(f"{name}: a line below the header begins with #; the metadata block comes first, and once")
    metadata = parse_metadata(block, name)
    if not any(lines[len(block) :]):
        raise BadTable(f"{name}: no header line; expected the columns {', '.join(COLUMNS)}")
    header = lines[len(block)].split("\t")
    picks, ignored = _columns(header, name)
    rows: list[Line] = []
    numbers: list[int] = []
    plain = header == list(COLUMNS)
    for number, line in enumerate(lines[len(block) + 1 :], len(block) + 2):
        if not line:
            continue
        cells = line.split("\t")
        if len(cells) != len(header):
            raise BadTable(f"{name}: line {number} has {len(cells)} cells and the header {len(header)}; one tab a cell")
        rows.append(Line(*cells) if plain else Line(*[cells[at] if at >= 0 else "" for at in picks]))
        numbers.append(number)
    return TableFile(metadata, tuple(rows), tuple(numbers), ignored)


def _columns(header: Sequence[str], name: str) -> tuple[list[int], tuple[str, ...]]:
    expected = ", ".join(COLUMNS)
    unknown = [column for column in header if column not in COLUMNS and column not in DESCRIPTIVE]
    missing = [column for column in REQUIRED if column not in header]
    if missing or not {"subject_id", "subject_label"}.intersection(header):
        wanted = ", ".join(missing) or "subject_id or subject_label"
        raise BadTable(f"{name}: the header has no column {wanted}; expected {expected}, tab-separated")
    if unknown or len(set(header)) < len(header):
        found = ", ".join(unknown) or "one column twice"
        raise BadTable(f"{name}: the header has {found}, which may limit what a row claims; expected {expected}")
    ignored = tuple(column for column in header if column not in COLUMNS)
    return [header.index(column) if column in header else -1 for column in COLUMNS], ignored


def layout(table: TableFile) -> str:
    """Write a table in the one layout: metadata by key, the columns in order, rows sorted by their cells."""
    body = sorted(structs.astuple(row) for row in table.rows)
    lines = [*format_metadata(table.metadata), "\t".join(COLUMNS), *("\t".join(cells) for cells in body)]
    return "\n".join(lines) + "\n"


# --- metadata --------------------------------------------------------------------------------


def parse_metadata(block: Iterable[str], name: str = "") -> Metadata:
    """Read the lines of a metadata block, each with its ``#``. Raises BadTable for YAML that is not the simple kind."""
    lines = [line[1:].rstrip() for line in block]
    shown = [line for line in lines if line]
    margin = min((len(line) - len(line.lstrip(" ")) for line in shown), default=0)
    reader = _Block([line[margin:] for line in lines], name)
    return MappingProxyType(dict(sorted(reader.read())))


class _Block:
    """The lines of a metadata block, read once from the top."""

    def __init__(self, lines: Sequence[str], name: str) -> None:
        self.lines = lines
        self.name = name
        self.at = 0

    def read(self) -> Iterator[tuple[str, str | Mapping[str, str] | tuple[Mapping[str, str], ...]]]:
        seen: set[str] = set()
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line:
                self.at += 1
                continue
            key, value = self._pair(line)
            if key in seen:
                raise self._bad(f"the key {key} stands twice")
            seen.add(key)
            self.at += 1
            yield key, value if value is not None else self._nested()

    def _nested(self) -> str | Mapping[str, str] | tuple[Mapping[str, str], ...]:
        following = self.lines[self.at] if self.at < len(self.lines) else ""
        if following.lstrip(" ").startswith("- "):
            return tuple(self._items())
        return MappingProxyType(self._mapping()) if following.startswith(" ") else ""

    def _mapping(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while self.at < len(self.lines) and self.lines[self.at].startswith(" "):
            key, value = self._pair(self.lines[self.at].strip())
            if value is None or key in found:
                raise self._bad("a mapping inside a mapping, or a key that stands twice")
            found[key] = value
            self.at += 1
        return found

    def _items(self) -> Iterator[Mapping[str, str]]:
        while self.at < len(self.lines) and (line := self.lines[self.at]).lstrip(" ").startswith("- "):
            dash = len(line) - len(line.lstrip(" "))
            found: dict[str, str] = {}
            line = line[dash + 2 :]
            while True:
                key, value = self._pair(line.strip())
                if value is None:
                    raise self._bad("a mapping inside a list of mappings")
                found[key] = value
                self.at += 1
                if self.at >= len(self.lines) or not self.lines[self.at].startswith(" " * (dash + 2)):
                    break
                line = self.lines[self.at]
            yield MappingProxyType(found)

    def _pair(self, line: str) -> tuple[str, str | None]:
        key, colon, rest = line.partition(":")
        if not colon or not _KEY.fullmatch(key) or (rest and not rest.startswith(" ")):
            raise self._bad("this is not `key: value`")
        return key, self._scalar(rest.strip()) if rest.strip() else None

    def _scalar(self, text: str) -> str:
        if len(text) > 1 and text[0] == text[-1] == "'" and "'" not in text[1:-1].replace("''", ""):
            return text[1:-1].replace("''", "'")
        if len(text) > 1 and text[0] == text[-1] == '"' and not {'"', "\\"} & set(text[1:-1]):
            return text[1:-1]
        if text[0] in _SPECIAL or ": " in text or " #" in text or text.endswith(":"):
            raise self._bad("this value needs single quotes, or is YAML of a kind that tables do not use")
        return text

    def _bad(self, problem: str) -> BadTable:
        return BadTable(
            f"{self.name}: metadata, line {self.at + 1}: {problem}; only `key: value`, a mapping and a list are known"
        )


def format_metadata(metadata: Metadata) -> list[str]:
    """Write a metadata block, sorted by key, each line with its ``#``."""
    lines: list[str] = []
    for key, value in sorted(metadata.items()):
        if isinstance(value, str):
            lines.append(f"#{key}: {_quoted(value)}" if value else f"#{key}:")
        elif isinstance(value, Mapping):
            lines.append(f"#{key}:")
            lines += [f"#  {name}: {_quoted(text)}" for name, text in sorted(value.items())]
        else:
            lines.append(f"#{key}:")
            for item in value:
                marks = ("- ", *("  ",) * len(item))
                lines += [f"#{mark}{key}: {_quoted(item[key])}" for mark, key in zip(marks, sorted(item), strict=False)]
    return lines


def _quoted(text: str) -> str:
    plain = text and text == text.strip() and text[0] not in _SPECIAL and not _TYPED.fullmatch(text)
    if plain and ": " not in text and " #" not in text and not text.endswith(":"):
        return text
    return "'" + text.replace("'", "''") + "'"
