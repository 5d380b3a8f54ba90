"""The readers of a run: those of semantix, and the mapping packs, its own and the user's.

Packs are read when the first file that one of them may describe is met: a run over XML documents does without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from semantix.errors import BadPack
from semantix.io import shown
from semantix.parsers import PARSERS, Claim, Cut, Input, Parser, Piece, Told
from semantix.resources import data_dir

if TYPE_CHECKING:
    from semantix.model import Patient
    from semantix.parsers.packs import Pack, PacksParser

FOLDER = "exports"
SUFFIX = ".yaml"
_OF_XML = b"kind: xml"
MAX_BYTES = 1_000_000
"""Bytes of a pack."""


def read_pack(path: Path) -> Pack:
    """Read one pack. Raises BadPack."""
    from semantix.parsers.packs import load_pack  # noqa: PLC0415 - slow to import; runs over XML do without

    return load_pack(_bytes(path), shown(path.name))


@cache
def builtin_packs() -> tuple[Pack, ...]:
    """The packs that come with semantix, in the order of their names."""
    return tuple(map(read_pack, _builtin()))


def _builtin() -> list[Path]:
    return sorted((data_dir("mappings") / FOLDER).glob(f"*{SUFFIX}"))


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise BadPack(f"{shown(path)}: not a regular file; a mapping pack was expected")
        with path.open("rb") as file:
            # One byte more than a pack may have: its reader refuses it.
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadPack(f"{shown(path)}: cannot be opened: {error.strerror or type(error).__name__}") from None


def _is_xml(head: bytes) -> bool:
    """XML for certain: rows of text may begin with a mark in angle brackets too."""
    start = head[:4_096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and (start.startswith(b"<?xml") or b"xmlns" in start)


class Packs:
    """The parser that packs drive: a pack of the user takes the place of one of semantix that has its id."""

    name = "pack"
    cuts = True

    def __init__(self, own: Sequence[Path]) -> None:
        """Read the user's packs at once, those of semantix when they are needed. Raises BadPack."""
        self._own = tuple(map(read_pack, own))
        self._reads_xml = any(_OF_XML in _bytes(path) for path in (*_builtin(), *own))

    @cached_property
    def _parser(self) -> PacksParser:
        from semantix.parsers.packs import packs_parser  # noqa: PLC0415 - see above

        replaced = {pack.id for pack in self._own}
        return packs_parser((*(pack for pack in builtin_packs() if pack.id not in replaced), *self._own))

    def claims(self, head: bytes, name: str) -> Claim | None:
        """The pack and the role of a file. Raises UnreadableInput when two packs, or two roles, claim it."""
        if not self._reads_xml and _is_xml(head):
            return None
        return self._parser.claims(head, name)

    def cut(self, source: Input, claim: Claim) -> Iterator[Cut]:
        """Cut a delimited file between documents; give any other whole."""
        return self._parser.cut(source, claim)

    def read(self, piece: Piece) -> Iterator[Told]:
        """Read a file or a cut of it. Raises UnreadableInput."""
        return self._parser.read(piece)

    def people(self, piece: Piece) -> Iterator[Patient]:
        """The patients that the rows of a file are about, one a row. Raises UnreadableInput."""
        return self._parser.people(piece)


@cache
def parsers_of(packs: tuple[Path, ...] = ()) -> Sequence[Parser]:
    """Every reader, that of packs last. Raises BadPack."""
    return (*PARSERS, Packs(packs))
