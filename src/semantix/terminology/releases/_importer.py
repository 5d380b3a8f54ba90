"""What an importer is: does it claim a source, which release is it, and the records that it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from semantix.errors import BadRelease as Refused
from semantix.terminology.records import Record
from semantix.terminology.source import Source

__all__ = ["Hints", "Importer", "Refused", "Release"]


class Release(Struct, frozen=True):
    """The identity of one release: ``name`` is ours and stable (``cim10-atih``), ``version`` the publisher's.

    ``systems`` are those whose concepts or terms it holds; ``licence`` one line for ``list`` and ``info``.
    A release with ``supplement`` true adds terms to concepts that another release defines (an alphabetical index).
    """

    name: str
    version: str
    systems: tuple[str, ...]
    licence: str = ""
    supplement: bool = False


class Hints(Struct, frozen=True, kw_only=True):
    """What the user said about a source that its content may not say; an empty field was not given.

    ``system`` is a key of semantix.systems, or a URI; ``version`` the publisher's; ``kind`` one of TERM_KINDS, for a
    plain table of terms whose columns are ``code_column`` and ``label_column``.
    """

    system: str = ""
    version: str = ""
    kind: str = ""
    code_column: str = ""
    label_column: str = ""


class Importer(Struct, frozen=True):
    """One format.

    ``claims(source, hints)`` looks at names and first bytes only, and never raises on foreign content.
    ``describe(source, hints)`` reads what it takes to name the release. ``read(source, hints)`` streams the records,
    and raises Refused, saying what was found and expected, when the file is not what it claims to be.
    """

    name: str
    title: str
    claims: Callable[[Source, Hints], bool]
    describe: Callable[[Source, Hints], Release]
    read: Callable[[Source, Hints], Iterator[Record]]
