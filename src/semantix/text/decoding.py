"""Bytes to text: one scored choice among the encodings that French practice software writes, with its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "iso8859-15", "cp850", "mac-roman", "iso646-fr")


class Damage(Struct, frozen=True):
    """One kind of damage: ``html-entities``, ``rtf``, ``double``, ``iso646``, ``lossy``, ``mixed-encodings``...

    ``lines`` are the first line numbers where it is seen (from 1), ``count`` how many lines have it. ``repaired`` is
    false when the text is kept as it came because more than one reading is possible.
    """

    kind: str
    count: int
    lines: tuple[int, ...] = ()
    repaired: bool = False


class Decoded(Struct, frozen=True):
    """Text, the encoding chosen, how sure (0 to 1), why (for people, without a word of the text), and the damage."""

    text: str
    encoding: str
    confidence: float
    evidence: tuple[str, ...] = ()
    damage: tuple[Damage, ...] = ()


def decode(data: bytes, tried: Sequence[str] = (), *, repair: bool = True) -> Decoded:
    """Choose an encoding for the whole of ``data``; ``tried`` limits and orders the choice (a pack's encodings).

    Line ends are kept as written. With ``repair``, each line goes through :func:`repair_line`.
    """
    raise NotImplementedError


def repair_line(line: str) -> tuple[str, tuple[str, ...]]:
    """Undo the damage that has only one reading (entities, RTF escapes, UTF-8 read as cp1252); name what was undone.

    What has several readings (an accent lost, ``Cholest,rol``) stays as it came, and is named with a leading ``?``.
    """
    raise NotImplementedError
