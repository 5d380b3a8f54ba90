"""SSSOM TSV (and its CSV variants) as metadata and rows of cells, and back.

Source: SSSOM 1.1, "The SSSOM/TSV serialisation format": YAML behind ``#``, a header line, cells quoted as in RFC 4180.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from msgspec import Struct

from semantix.errors import BadMappings
from semantix.io import shown
from semantix.parsers.packs.yaml_tree import BadYaml, Tree
from semantix.review.formats.exchange import Problem
from semantix.terminology.table_files import COLUMNS

SLOTS: Final = tuple(
    """
    record_id subject_id subject_label subject_category predicate_id predicate_label predicate_modifier object_id
    object_label object_category mapping_justification author_id author_label reviewer_id reviewer_label creator_id
    creator_label license subject_type subject_source subject_source_version object_type object_source
    object_source_version predicate_type mapping_provider mapping_source mapping_cardinality cardinality_scope
    mapping_tool mapping_tool_id mapping_tool_version mapping_date publication_date review_date confidence
    reviewer_agreement curation_rule curation_rule_text subject_match_field object_match_field match_string
    subject_preprocessing object_preprocessing similarity_score similarity_measure see_also issue_tracker_item other
    comment
    """.split()
)
"""The slots of a mapping, in the order of the schema."""
PROPAGATED: Final = tuple(
    """
    subject_type subject_source subject_source_version object_type object_source object_source_version predicate_type
    mapping_provider cardinality_scope mapping_tool mapping_tool_id mapping_tool_version mapping_date
    subject_match_field object_match_field subject_preprocessing object_preprocessing similarity_measure curation_rule
    curation_rule_text
    """.split()
)
"""The slots that hold for every mapping when the set has them and no mapping does."""

_REQUIRED = ("predicate_id", "object_id")
_NEEDS_QUOTES = re.compile(r'["\t\r\n]')
_DELIMITERS = ("\t", ",", ";")
_TYPED = re.compile(
    r"[-+.\d][\d.,:_eE+-]*|[\d-]+T.*|(?:true|false|yes|no|on|off|null|y|n|~|\.inf|\.nan)", re.IGNORECASE
)
_SPECIAL = frozenset("&*!|>{}[]@`%\"'#,?:-=<")


class Cells(Struct, frozen=True):
    """A table: what its metadata says, and its rows by the names of the columns, each with its line.

    ``rows`` hold the cells that are not empty. ``columns`` are those of the header, in order.
    """

    metadata: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    problems: tuple[Problem, ...] = ()

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes that are declared, and what they stand for."""
        found = self.metadata.get("curie_map")
        if not isinstance(found, dict):
            return MappingProxyType({})
        return {key: value for key, value in found.items() if isinstance(value, str)}


# --- reading -----------------------------------------------------------------------------------


def parse(data: bytes, name: str, beside: bytes = b"") -> Cells:
    """Read a table; ``beside`` is its metadata when they are a file of their own. Raises BadMappings."""
    name = shown(name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadMappings(f"{name}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    above, body, skipped = _parted(text)
    header = body[: body.find("\n")] if "\n" in body else body
    delimiter = _delimiter(header, name)
    columns = _header(header.rstrip("\r"), delimiter)
    missing = [column for column in _REQUIRED if column not in columns]
    if missing or not {"subject_id", "subject_label"}.intersection(columns):
        wanted = ", ".join(missing) or "subject_id or subject_label"
        raise BadMappings(
            f"{name}: no column {wanted} in the header (line {skipped + 1}); expected an SSSOM table with the columns "
            "subject_id, predicate_id, object_id and mapping_justification"
        )
    if len(set(columns)) < len(columns):
        raise BadMappings(f"{name}: the header (line {skipped + 1}) has one column twice; expected each once")
    metadata = {**_metadata(_plain_block(above, delimiter), name), **_metadata(beside.decode("utf-8", "replace"), name)}
    problems: list[Problem] = []
    lines = _split(body, delimiter, columns, name)
    next(lines, None)
    rows = tuple(_rows(lines, columns, skipped, problems))
    return Cells(metadata, columns, _propagated(rows, metadata), tuple(problems))


def _parted(text: str) -> tuple[list[str], str, int]:
    """The lines of metadata without their ``#``, the rest, and how many lines stand before it."""
    above: list[str] = []
    at = 0
    while text.startswith(("#", '"#', "\n", "\r\n"), at):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        above.append(text[at:end].rstrip("\r"))
        at = min(end + 1, len(text))
    return above, text[at:], len(above)


def _plain_block(above: Iterable[str], delimiter: str) -> str:
    """The YAML of metadata lines. A spreadsheet fills them with delimiters, and quotes them."""
    lines: list[str] = []
    for line in above:
        kept = line.rstrip(delimiter) if delimiter != "\t" else line.rstrip()
        if kept.startswith('"#'):
            kept = kept.removeprefix('"').removesuffix('"').replace('""', '"')
        lines.append(kept.removeprefix("#"))
    shown_lines = [line for line in lines if line.strip()]
    margin = min((len(line) - len(line.lstrip(" ")) for line in shown_lines), default=0)
    return "\n".join(line[margin:] for line in lines)


def _metadata(block: str, name: str) -> dict[str, Any]:
    if not block.strip():
        return {}
    try:
        found = Tree(block.encode()).value
    except BadYaml as error:
        raise BadMappings(f"{name}: the metadata are not YAML: {error}; expected `key: value`") from None
    if not isinstance(found, dict):
        raise BadMappings(f"{name}: the metadata are not a mapping; expected `key: value` lines behind #")
    return found


def _delimiter(header: str, name: str) -> str:
    if "\t" in header:
        return "\t"
    found = max(_DELIMITERS, key=header.count)
    return found if header.count(found) else ("," if name.lower().endswith(".csv") else "\t")


def _header(line: str, delimiter: str) -> tuple[str, ...]:
    cells = next(csv.reader((line,), delimiter=delimiter), [])
    while cells and not cells[-1].strip():
        cells.pop()
    return tuple(cell.strip() for cell in cells)


def _split(body: str, delimiter: str, columns: tuple[str, ...], name: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Cut a table into rows, the header too, each with its line in the body.

    Curated tables hold quotation marks as they are; so does any table in which they are not those of RFC 4180.
    """
    if '"' not in body or columns == COLUMNS:
        yield from enumerate(_plain(body, delimiter), 1)
        return
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    try:
        quoted = list(_numbered(reader))
    except csv.Error as error:
        if delimiter != "\t" or any(len(cells) not in {1, len(columns)} for cells in _plain(body, delimiter)):
            raise BadMappings(
                f"{name}: near line {reader.line_num} of the table the quotation marks are not those of CSV ({error}); "
                "double each one inside a quoted cell"
            ) from None
        yield from enumerate(_plain(body, delimiter), 1)
        return
    yield from quoted


def _plain(body: str, delimiter: str) -> Iterator[Sequence[str]]:
    return (line.rstrip("\r").split(delimiter) for line in body.split("\n"))


def _numbered(reader: Any) -> Iterator[tuple[int, Sequence[str]]]:
    begins = 1
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _rows(
    lines: Iterable[tuple[int, Sequence[str]]], columns: tuple[str, ...], skipped: int, problems: list[Problem]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    width = len(columns)
    for number, cells in lines:
        if not any(cells):
            continue
        if any(cells[width:]):
            problems.append(Problem(skipped + number, f"{len(cells)} cells", f"{width}, as in the header"))
            continue
        yield skipped + number, {column: cell for column, cell in zip(columns, cells, strict=False) if cell}


def _propagated(
    rows: tuple[tuple[int, Mapping[str, str]], ...], metadata: Mapping[str, Any]
) -> tuple[tuple[int, Mapping[str, str]], ...]:
    """Give every row what the set says of all of them, where no row says it of itself."""
    said = {slot: joined(metadata[slot]) for slot in PROPAGATED if metadata.get(slot)}
    said = {slot: value for slot, value in said.items() if not any(slot in row for _, row in rows)}
    return tuple((line, {**said, **row}) for line, row in rows) if said else rows


def joined(value: Any) -> str:
    """A value of the metadata as the text of a cell; a list with ``|`` between its values."""
    if isinstance(value, list):
        return join_values(str(each) for each in value if not isinstance(each, dict | list))
    return "" if value is None or isinstance(value, dict) else str(value)


def join_values(values: Iterable[str]) -> str:
    """Several values in one cell."""
    return "|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in values)


def split_values(cell: str) -> tuple[str, ...]:
    """The values of one cell."""
    if "\\" not in cell:
        return tuple(cell.split("|")) if cell else ()
    values = [""]
    for piece in re.findall(r"\\[\\|]|\||[^\\|]+|\\", cell):
        if piece == "|":
            values.append("")
        else:
            values[-1] += piece[1] if len(piece) == 2 and piece[0] == "\\" and piece[1] in "\\|" else piece
    return tuple(values)


# --- writing -----------------------------------------------------------------------------------


def layout(metadata: Sequence[tuple[str, Any]], columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Write a table: the metadata in the order given, then of the columns those that some row fills."""
    kept = list(rows)
    used = {column for row in kept for column, cell in row.items() if cell}
    always = {"subject_id", "predicate_id", "object_id", "mapping_justification"}
    chosen = [column for column in columns if column in used or column in always]
    lines = [f"#{line}" for key, value in metadata for line in _yaml(key, value)]
    lines.append("\t".join(chosen))
    lines += ["\t".join([_quoted(row.get(column, "")) for column in chosen]) for row in kept]
    return "\n".join(lines) + "\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def _yaml(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield f"{key}: {yaml_scalar(value)}"
        return
    yield f"{key}:"
    if isinstance(value, Mapping):
        for name, text in value.items():
            yield f"  {name}: {yaml_scalar(text)}"
        return
    for item in value:
        for number, (name, text) in enumerate(item.items()):
            yield f"{'  ' if number else '- '}{name}: {yaml_scalar(text)}"


def yaml_scalar(text: str) -> str:
    """Write a text as YAML: plain where that is the same text again, else in double quotes, ASCII but for letters."""
    if (
        text
        and text.isprintable()
        and text == text.strip()
        and text[0] not in _SPECIAL
        and not _TYPED.fullmatch(text)
        and ": " not in text
        and " #" not in text
        and not text.endswith(":")
    ):
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    if sign.isprintable():
        return sign
    number = ord(sign)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
