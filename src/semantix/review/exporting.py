"""From a desk to files: which format is written how, of which states, and what it could not carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from semantix.errors import BadMappings
from semantix.review.formats._conceptmap_heading import Heading
from semantix.review.formats.conceptmap import write_conceptmap
from semantix.review.formats.curated import Curation, write_curated
from semantix.review.formats.exchange import Concepts, Entry, Exchange, Loss, Written
from semantix.review.formats.sssom import write_sssom
from semantix.review.formats.stcm import write_stcm
from semantix.review.formats.usagi import write_usagi
from semantix.review.formats.usagi_review import write_usagi_review
from semantix.review.model import State
from semantix.terminology.serving import mappings_folder
from semantix.terminology.tables import SUFFIX

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


class Exported(Struct, frozen=True):
    """Files by name, and what none of them holds. The file of a format that has only one is under the empty name."""

    files: Mapping[str, bytes]
    losses: tuple[Loss, ...] = ()


class Format(Struct, frozen=True):
    """One format: the ending of its files, the states that it is for (empty = all), and what writes it."""

    suffix: str
    states: tuple[State, ...]
    write: Callable[[Exchange, Wanted, Concepts | None], Exported]


def export(entries: Sequence[Entry], wanted: Wanted, concepts: Concepts | None = None) -> Exported:
    """Write entries in a format: one file, or for curated tables one a target.

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


def _sssom(exchange: Exchange, wanted: Wanted, _: Concepts | None) -> Exported:
    written = write_sssom(
        exchange,
        mapping_set_id=wanted.set_id,
        license=wanted.license,
        version=wanted.version,
        date=wanted.date,
        tool_version=wanted.tool_version,
    )
    return _one(written)


def _usagi(exchange: Exchange, _: Wanted, concepts: Concepts | None) -> Exported:
    return _one(write_usagi(exchange, concepts))


def _usagi_review(exchange: Exchange, _: Wanted, concepts: Concepts | None) -> Exported:
    return _one(write_usagi_review(exchange, concepts))


def _stcm(exchange: Exchange, wanted: Wanted, concepts: Concepts | None) -> Exported:
    return _one(write_stcm(exchange, concepts, vocabulary=wanted.vocabulary))


def _r4(exchange: Exchange, wanted: Wanted, _: Concepts | None) -> Exported:
    return _one(write_conceptmap(exchange, "R4", _heading(wanted)))


def _r5(exchange: Exchange, wanted: Wanted, _: Concepts | None) -> Exported:
    return _one(write_conceptmap(exchange, "R5", _heading(wanted)))


def _heading(wanted: Wanted) -> Heading:
    return Heading(url=wanted.set_id, version=wanted.version, date=wanted.date, title=wanted.title)


def _tables(exchange: Exchange, wanted: Wanted, _: Concepts | None) -> Exported:
    curation = Curation(
        date=wanted.date,
        license=wanted.license,
        version=wanted.version,
        base=wanted.set_id.rstrip("/") + "/",
        beside=shipped_tables(),
    )
    done = write_curated(exchange, curation)
    return Exported(done.files, done.losses)


def shipped_tables() -> Mapping[str, str]:
    """The curated tables of semantix by file name, beside which those of a desk will be read."""
    folder = mappings_folder() / "tables"
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*" + SUFFIX))}


def _one(written: Written) -> Exported:
    return Exported({"": written.content}, written.losses)


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
