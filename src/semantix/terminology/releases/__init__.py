"""One importer a format of official releases. ``IMPORTERS`` is the registry: a hand-written tuple."""

from __future__ import annotations

from semantix.terminology.releases._importer import Importer, Refused, Release

__all__ = ["IMPORTERS", "Importer", "Refused", "Release"]

IMPORTERS: tuple[Importer, ...] = ()
"""Asked in this order whether they claim a source; two claims are an error, never "first wins"."""
