"""One importer a format of official releases. ``IMPORTERS`` is the registry: a hand-written tuple."""

from __future__ import annotations

from semantix.terminology.releases import (
    atc_csv,
    athena,
    bdpm,
    cim10_atih,
    code_tables,
    known_tables,
    snomed,
    term_tables,
)
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release

__all__ = ["IMPORTERS", "Hints", "Importer", "Refused", "Release"]

IMPORTERS: tuple[Importer, ...] = (
    atc_csv.IMPORTER,
    athena.IMPORTER,
    bdpm.IMPORTER,
    cim10_atih.IMPORTER,
    code_tables.IMPORTER,
    known_tables.IMPORTER,
    snomed.IMPORTER,
    term_tables.IMPORTER,
)
"""Asked in this order whether they claim a source; two claims are an error, never "first wins"."""
