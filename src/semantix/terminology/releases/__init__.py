"""One importer a format of official releases. ``IMPORTERS`` is the registry: a hand-written tuple."""

from __future__ import annotations

from semantix.terminology.releases import (
    athena,
    bdpm,
    snomed,
)
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release

__all__ = ["IMPORTERS", "Hints", "Importer", "Refused", "Release"]

IMPORTERS: tuple[Importer, ...] = (
    bdpm.IMPORTER,
    snomed.IMPORTER,
    athena.IMPORTER,
)
"""Asked in this order whether they claim a source; two claims are an error, never "first wins"."""
