"""What a target says of itself: the row of CDM_SOURCE and those of METADATA."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import duckdb

from semantix.emitters.omop.concepts import CDM_5_4, EHR
from semantix.emitters.omop.schema import CDM_VERSION

if TYPE_CHECKING:
    from semantix.sinks.omop import SinkOptions

GUIDE = "HL7 FHIR to OMOP 2.0.0-ballot"

Counts = Mapping[tuple[str, str], int]
Metadata = tuple[str, str | None, float | None]


def describe(
    connection: duckdb.DuckDBPyConnection, options: SinkOptions, day: str | None, metadata: Iterable[Metadata]
) -> None:
    """Fill both tables; ``day`` is that of the latest document."""
    released = options.source_release_date or day or "1970-01-01"
    connection.execute(
        "INSERT INTO cdm_source VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            options.source_name[:255],
            options.source_abbreviation[:25],
            options.holder[:255],
            f"Time zone of every datetime: {options.time_zone}",
            None,
            options.software[:255],
            released,
            options.cdm_release_date or released,
            CDM_VERSION,
            CDM_5_4,
            (options.vocabulary_release or "none")[:20],
        ],
    )
    for i, (name, text, number) in enumerate(metadata, 1):
        connection.execute(
            "INSERT INTO metadata (metadata_id, metadata_concept_id, metadata_type_concept_id, name, "
            "value_as_string, value_as_number) VALUES (?, 0, ?, ?, ?, ?)",
            [i, EHR, name[:250], text, number],
        )


def metadata_of(options: SinkOptions, imputed: Counts, excluded: Counts) -> list[Metadata]:
    """The run: versions, dates imputed and statements excluded (f2o-062, 071, 102)."""
    out: list[Metadata] = [
        ("software", options.software, None),
        ("guide", GUIDE, None),
        ("OHDSI vocabulary release", options.vocabulary_release or "none", None),
        ("time zone", options.time_zone, None),
    ]
    if options.executed_at:
        out.append(("time of execution", options.executed_at, None))
    out += [(f"imputed: {t} ({rule})", None, n) for (t, rule), n in sorted(imputed.items())]
    out += [(f"excluded: {kind} ({why})", None, n) for (kind, why), n in sorted(excluded.items())]
    return out
