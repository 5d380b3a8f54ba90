"""What an input is called, and what it may weigh."""

from __future__ import annotations

import os

from msgspec import Struct

MEGABYTE = 1_000_000
MANIFEST = "METADATA.XML"
"""The list of contents of an IHE XDM archive, in each of its ``IHE_XDM/*`` folders."""


class Limits(Struct, frozen=True):
    """What one input may weigh.

    ``ratio`` bounds how much a ZIP member larger than 1 MB may swell; ``depth`` how many containers may stand one
    inside the other; ``nested`` how many files all of them may hold together.
    """

    document: int = 100 * MEGABYTE
    entries: int = 10_000
    total: int = 2_000 * MEGABYTE
    ratio: int = 200
    depth: int = 4
    nested: int = 1_000_000


class Found(Struct, frozen=True):
    """One file to look into: its path, the name that reports give it, and its name below the folder given.

    ``named`` is true when the user named the file itself, and not a folder that holds it.
    """

    path: str
    name: str
    label: str
    named: bool = False


class Entry(Struct, frozen=True):
    """One readable thing: the file at ``path``, or what is ``inside`` it, container after container."""

    path: str
    name: str
    label: str
    inside: tuple[str, ...] = ()

    def member(self, name: str) -> Entry:
        """What the container that this entry is holds under a name."""
        inner = f"!/{shown(name)}"
        return Entry(self.path, self.name + inner, self.label + inner, (*self.inside, name))


def shown(path: str | os.PathLike[str]) -> str:
    """Return the name to show and to write: valid Unicode, no control character, ``/`` between folders."""
    text = os.fsencode(path).decode("utf-8", "replace").replace(os.sep, "/")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def megabytes(size: int) -> str:
    """Write a size in MB with at most one decimal: ``209``, ``0.5``."""
    return f"{size / MEGABYTE:.1f}".removesuffix(".0")
