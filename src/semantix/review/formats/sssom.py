"""SSSOM 1.1 as TSV: entries written without loss, and the tables of any tool read.

Source: https://mapping-commons.github.io/sssom/, versions 1.0 and 1.1 (model, SSSOM/TSV).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from semantix.review.encoding import decode, encode
from semantix.review.formats import _sssom_slots as slots
from semantix.review.formats._sssom_cells import SLOTS, Cells, joined, layout, parse
from semantix.review.formats._sssom_reading import RowReader
from semantix.review.formats._sssom_systems import SYSTEM_BASE, SYSTEM_PREFIX
from semantix.review.formats._sssom_writing import RowWriter
from semantix.review.formats._tally import Tally
from semantix.review.formats.exchange import Entry, Exchange, Loss, Written

VERSION: Final = "1.1"
TOOL: Final = "semantix"
_SHARED: Mapping[str, str] = {
    "title": "mapping_set_title",
    "description": "mapping_set_description",
}
_SET: Mapping[str, str] = {
    "mapping_set_id": "id",
    "mapping_set_version": "version",
    "mapping_set_title": "title",
    "mapping_set_description": "description",
    "license": "license",
    "publication_date": "date",
}
_ASIDE = frozenset({"curie_map", "extension_definitions", "sssom_version", "ext_meta", "mappings"})
_GIVEN = frozenset({"id", "version", "license", "date", "mapping_tool", "mapping_tool_version"})


def write_sssom(  # noqa: PLR0913 - all but the first are keywords, named as SSSOM does
    exchange: Exchange,
    *,
    mapping_set_id: str,
    license: str,  # noqa: A002 - the name of the slot
    version: str = "",
    date: str = "",
    tool_version: str = "",
) -> Written:
    """Write every entry, one row a claim; :func:`read_sssom` gives the same entries back.

    ``mapping_set_id`` and ``license`` are IRIs, which SSSOM asks for. Displays of targets are written
    (``object_label``): whoever hands the file on looks at the licence of the terminology first.
    """
    entries, losses = _finite(exchange.entries)
    writer = RowWriter()
    rows = list(writer.rows(entries))
    used = {column for row in rows for column, cell in row.items() if cell}
    prefixes = writer.prefixes.declared()
    if any(row.get("object_source") or row.get("subject_id", "").startswith(f"{SYSTEM_PREFIX}:") for row in rows):
        prefixes[SYSTEM_PREFIX] = SYSTEM_BASE
    others = {key: value for key, value in exchange.meta.items() if key not in _GIVEN and key not in _SHARED and value}
    extensions = [slot for slot in slots.TYPES if slot in used or (slot == "ext_meta" and others)]
    extensions.sort(key=lambda slot: slots.definition(slot)["property"])
    metadata: list[tuple[str, Any]] = [
        ("sssom_version", VERSION),
        ("curie_map", dict(sorted(prefixes.items()))),
        ("mapping_set_id", mapping_set_id),
        ("mapping_set_version", version),
        *((slot, exchange.meta.get(key, "")) for key, slot in _SHARED.items()),
        ("license", license),
        ("mapping_tool", TOOL),
        ("mapping_tool_version", tool_version),
        ("publication_date", date),
        ("extension_definitions", [slots.definition(slot) for slot in extensions]),
        ("ext_meta", encode(others) if others else ""),
    ]
    text = layout([(key, value) for key, value in metadata if value], (*SLOTS, *extensions), rows)
    return Written(text.encode(), losses)


def read_sssom(data: bytes, name: str, beside: bytes = b"") -> Exchange:
    """Read a table of mappings: one written here, a curated table, or one from elsewhere.

    ``beside`` is the metadata file of a table that has it apart. What a person stands behind
    (``semapv:ManualMappingCuration``, ``semapv:MappingReview``) is a decision; everything else is a candidate.
    Raises BadMappings.
    """
    cells = parse(data, name, beside)
    reader = RowReader(cells.prefixes, cells.columns)
    entries = reader.entries(cells.rows)
    problems = sorted((*cells.problems, *reader.problems), key=lambda problem: (problem.line, problem.found))
    return Exchange(entries=tuple(entries), meta=_meta(cells), problems=tuple(problems))


def _meta(cells: Cells) -> dict[str, str]:
    """What is said of the set; the name and version of the tool only where it is another."""
    said = {slot: joined(value) for slot, value in cells.metadata.items() if slot not in _ASIDE}
    if said.get("mapping_tool") == TOOL:
        said.pop("mapping_tool")
        said.pop("mapping_tool_version", None)
    found = {_SET.get(slot, slot): value for slot, value in said.items() if value}
    kept = cells.metadata.get("ext_meta")
    return (decode(kept, dict[str, str]) if isinstance(kept, str) and kept else {}) | found


def _finite(entries: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], tuple[Loss, ...]]:
    """The entries with numbers alone, and which had something else: neither a cell nor JSON holds an infinity."""
    tally = Tally()
    kept: list[Entry] = []
    for place, entry in enumerate(entries, 1):
        given = entry.proposal.candidates
        numbers = [entry.score or 0.0, *(each.score for each in given), *(each.probability for each in given)]
        if not all(map(math.isfinite, numbers)):
            tally.add("score", entry.source, place, "sssom-number")
            candidates = tuple(
                replace(each, score=_number(each.score), probability=_number(each.probability)) for each in given
            )
            score = entry.score if entry.score is not None and math.isfinite(entry.score) else None
            kept.append(replace(entry, score=score, proposal=replace(entry.proposal, candidates=candidates)))
        else:
            kept.append(entry)
    return tuple(kept), tally.losses()


def _number(value: float) -> float:
    return value if math.isfinite(value) else 0.0
