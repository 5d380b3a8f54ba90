"""From a desk to files: which format is written how, of which states, and what it could not carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from semantix.errors import BadMappings
from semantix.review.formats._conceptmap_heading import Heading
from semantix.review.formats.conceptmap import write_conceptmap
from semantix.review.formats.curated import write_curated
from semantix.review.formats.exchange import Concepts, Entry, Exchange, Written
from semantix.review.formats.sssom import write_sssom
from semantix.review.formats.stcm import write_stcm
from semantix.review.formats.usagi import write_usagi
from semantix.review.formats.usagi_review import write_usagi_review
from semantix.review.model import State

SET_ID = "https://semantix.invalid/mappings/review-desk"
LICENCE = "https://w3id.org/sssom/license/unspecified"
DECIDED = (State.ACCEPTED, State.REJECTED)


class Wanted(Struct, frozen=True, kw_only=True):
    """What is to be written, and how the set of mappings calls itself.

    ``set_id`` and ``license`` are IRIs; ``date`` is the day, ISO 8601; ``vocabulary`` is the source_vocabulary_id of a
    SOURCE_TO_CONCEPT_MAP, of 20 characters at most. ``states`` limits what is written; empty = what the format is for.
    """

    format: str
    set_id: str = SET_ID
    license: str = LICENCE
    version: str = ""
    date: str = ""
    title: str = ""
    vocabulary: str = "SEMANTIX"
    tool_version: str = ""
    states: tuple[State, ...] = ()


class Format(Struct, frozen=True):
    """One format: the ending of its files, the states that it is for (empty = all), and what writes it."""

    suffix: str
    states: tuple[State, ...]
    write: Callable[[Exchange, Wanted, Concepts | None], Mapping[str, Written]]


def export(entries: Sequence[Entry], wanted: Wanted, concepts: Concepts | None = None) -> Mapping[str, Written]:
    """Write entries in a format. A format of one file has it under the empty name; curated tables are several files.

    ``concepts`` finds the OMOP concepts that some formats need. Raises BadMappings for a format that is not one.
    """
    return format_of(wanted.format).write(Exchange(entries=tuple(entries)), wanted, concepts)


def format_of(name: str) -> Format:
    """Find a format by its name. Raises BadMappings."""
    found = FORMATS.get(name)
    if found is None:
        raise BadMappings(f"{name} is no format of exports; expected one of {', '.join(FORMATS)}")
    return found


def states_of(wanted: Wanted) -> tuple[State, ...]:
    """The states that are written: those asked for, else those that the format is for; empty = all."""
    return wanted.states or format_of(wanted.format).states


def _sssom(exchange: Exchange, wanted: Wanted, _: Concepts | None) -> Mapping[str, Written]:
    written = write_sssom(
        exchange,
        mapping_set_id=wanted.set_id,
        license=wanted.license,
        version=wanted.version,
        date=wanted.date,
        tool_version=wanted.tool_version,
    )
    return {"": written}


def _usagi(exchange: Exchange, _: Wanted, concepts: Concepts | None) -> Mapping[str, Written]:
    return {"": write_usagi(exchange, concepts)}


def _usagi_review(exchange: Exchange, _: Wanted, concepts: Concepts | None) -> Mapping[str, Written]:
    return {"": write_usagi_review(exchange, concepts)}


def _stcm(exchange: Exchange, wanted: Wanted, concepts: Concepts | None) -> Mapping[str, Written]:
    return {"": write_stcm(exchange, concepts, vocabulary=wanted.vocabulary)}


def _r4(exchange: Exchange, wanted: Wanted, _: Concepts | None) -> Mapping[str, Written]:
    return {"": write_conceptmap(exchange, "R4", _heading(wanted))}


def _r5(exchange: Exchange, wanted: Wanted, _: Concepts | None) -> Mapping[str, Written]:
    return {"": write_conceptmap(exchange, "R5", _heading(wanted))}


def _heading(wanted: Wanted) -> Heading:
    return Heading(url=wanted.set_id, version=wanted.version, date=wanted.date, title=wanted.title)


def _tables(exchange: Exchange, wanted: Wanted, _: Concepts | None) -> Mapping[str, Written]:
    return write_curated(
        exchange, date=wanted.date, license=wanted.license, set_id=wanted.set_id, version=wanted.version
    )


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "sssom": Format(".sssom.tsv", (), _sssom),
        "usagi": Format(".csv", (), _usagi),
        "usagi-review": Format(".csv", (), _usagi_review),
        "stcm": Format(".csv", (State.ACCEPTED,), _stcm),
        "conceptmap-r4": Format(".json", (), _r4),
        "conceptmap-r5": Format(".json", (), _r5),
        "tables": Format(".sssom.tsv", DECIDED, _tables),
    }
)
"""Every format that a desk is given back in."""
