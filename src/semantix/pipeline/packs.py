"""The readers of a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from semantix.parsers import PARSERS, Parser


def parsers_of(packs: tuple[Path, ...] = ()) -> Sequence[Parser]:
    """Every reader."""
    return PARSERS
