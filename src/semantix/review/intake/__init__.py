"""How a file becomes entries of a desk: recognised by what stands in it, read, and freed of what tells of people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from semantix.errors import BadMappings
from semantix.io import MEGABYTE, Limits, shown
from semantix.io import Entry as Place
from semantix.io import read as read_file
from semantix.review.formats.conceptmap import read_conceptmap
from semantix.review.formats.exchange import Concepts, Entry, Exchange
from semantix.review.formats.sssom import read_sssom
from semantix.review.formats.stcm import read_stcm
from semantix.review.formats.usagi import read_usagi
from semantix.review.intake import candidates, tables
from semantix.review.intake.gathering import system_of
from semantix.review.intake.privacy import set_aside
from semantix.review.intake.recognising import FORMATS, format_of_columns, holds_workbook, recognise
from semantix.review.intake.sheets import Sheet, open_text, open_workbook
from semantix.review.intake.tables import UNTOLD, TableOptions
from semantix.review.model import Judgement

__all__ = ["DEFAULTS", "FORMATS", "LIMITS", "READERS", "Options", "TableOptions", "parse", "read"]

LIMITS = Limits(document=200 * MEGABYTE)


class Options(Struct, frozen=True, kw_only=True):
    """What the user says of a file: its ``format`` (one of FORMATS; empty = recognise it), and how to read a table.

    ``keep_personal`` keeps what seems to tell of a person. ``concepts`` finds the OMOP concepts of a
    SOURCE_TO_CONCEPT_MAP. The target of ``table`` is that of every entry that says none, whatever the format.
    """

    format: str = ""
    keep_personal: bool = False
    table: TableOptions = UNTOLD
    concepts: Concepts | None = None


DEFAULTS = Options()
Reader = Callable[[bytes, str, Options], Exchange]


def read(path: Path, options: Options = DEFAULTS) -> Exchange:
    """Read a file. Raises UnreadableInput, BadTable and BadMappings.

    The problems tell what was left out: those of privacy have the words of :data:`privacy.FOUND`.
    """
    name = shown(path)
    return parse(read_file(Place(str(path), name, name), LIMITS), name, options)


def parse(data: bytes, name: str, options: Options = DEFAULTS) -> Exchange:
    """Read the bytes of a file. Raises UnreadableInput, BadTable and BadMappings."""
    if options.format and options.format not in READERS:
        raise BadMappings(f"{shown(options.format)} is no format; expected one of {', '.join(READERS)}")
    exchange = READERS[options.format or recognise(data, name)](data, name, options)
    exchange = _called_by_keys(exchange)
    target = system_of(options.table.target)
    if target:
        exchange = _wanting(exchange, target)
    if options.keep_personal:
        return exchange
    kept, aside = set_aside(exchange)
    return replace(kept, problems=(*kept.problems, *aside))


def _called_by_keys(exchange: Exchange) -> Exchange:
    """Call every known system by its key: a source named by OID, URI or name in several files is one item."""
    keys = lru_cache(maxsize=None)(system_of)

    def targets(judgement: Judgement) -> Judgement:
        found = tuple(replace(each, system=keys(each.system)) for each in judgement.targets)
        return judgement if found == judgement.targets else replace(judgement, targets=found)

    def called(entry: Entry) -> Entry:
        source, proposal, judgement = entry.source, entry.proposal, entry.judgement
        return replace(
            entry,
            source=replace(source, system=keys(source.system), target=keys(source.target)),
            proposal=replace(
                proposal, candidates=tuple(replace(each, system=keys(each.system)) for each in proposal.candidates)
            ),
            judgement=targets(judgement) if judgement is not None else None,
            history=tuple(replace(each, judgement=targets(each.judgement)) for each in entry.history),
        )

    return replace(exchange, entries=tuple(map(called, exchange.entries)))


def _wanting(exchange: Exchange, target: str) -> Exchange:
    """Give a target to the entries that have none."""
    entries = tuple(
        each if each.source.target else replace(each, source=replace(each.source, target=target))
        for each in exchange.entries
    )
    return replace(exchange, entries=entries)


def _sheet(data: bytes, name: str, options: Options) -> Sheet:
    """A table as it was saved: the text of a CSV or TSV, or a sheet of a workbook."""
    if holds_workbook(data):
        return tables.chosen_sheet(open_workbook(data, name), options.table.sheet, name)
    return open_text(data, name)


def _read_workbook(data: bytes, name: str, options: Options) -> Exchange:
    """A workbook holds a table of codes, or the candidates that somebody looked at in a spreadsheet."""
    sheet = _sheet(data, name, options)
    held = format_of_columns(sheet.columns)
    if held == "candidates":
        return candidates.read_sheet(sheet, name)
    if held:
        raise BadMappings(f"{shown(name)}: the columns are those of {held}; save this sheet as CSV and import that")
    return tables.read_sheet(sheet, name, options.table)


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "candidates": lambda data, name, options: candidates.read_sheet(_sheet(data, name, options), name),
        "usagi": lambda data, name, _: read_usagi(data, name),
        "sssom": lambda data, name, _: read_sssom(data, name),
        "conceptmap": lambda data, name, _: read_conceptmap(data, name),
        "stcm": lambda data, name, options: read_stcm(data, name, options.concepts),
        "workbook": _read_workbook,
        "table": lambda data, name, options: tables.read_sheet(_sheet(data, name, options), name, options.table),
    }
)
"""How each format is read."""
