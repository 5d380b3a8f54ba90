"""What an importer is: does it claim a source, which release is it, and the records that it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from semantix.errors import BadRelease as Refused
from semantix.terminology.records import Record
from semantix.terminology.source import Source

__all__ = ["Importer", "Refused", "Release"]


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


class Importer(Struct, frozen=True):
    """One format.

    ``claims(source)`` looks at names and first bytes only, and never raises on foreign content.
    ``describe(source)`` reads what it takes to name the release. ``read(source)`` streams the records, and raises
    Refused, saying what was found and expected, when the file is not what it claims to be.
    ``system`` of ``--system`` overrides are passed as ``hint`` (empty when the user gave none).
    """

    name: str
    title: str
    claims: Callable[[Source, str], bool]
    describe: Callable[[Source, str], Release]
    read: Callable[[Source, str], Iterator[Record]]
