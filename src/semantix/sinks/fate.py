"""What becomes of a document that a sink is given."""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    """A target that merges documents writes the facts of each identifier once."""

    NEW = "new"
    """Written."""
    TWICE = "twice"
    """The same bytes were written already."""
    OTHER_VERSION = "other-version"
    """Other bytes were written under the same document identifier: left out."""
