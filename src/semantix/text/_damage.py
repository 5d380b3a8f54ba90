"""What was damaged in a text, and where, gathered line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

SHOWN = 8
"""How many line numbers are kept for each kind of damage."""

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


class Damage(Struct, frozen=True):
    """One kind of damage: ``html-entities``, ``rtf``, ``double``, ``iso646``, ``lossy``, ``mixed-encodings``...

    ``lines`` are the first line numbers where it is seen (from 1), ``count`` how many lines have it. ``repaired`` is
    false when the text is kept as it came because more than one reading is possible.
    """

    kind: str
    count: int
    lines: tuple[int, ...] = ()
    repaired: bool = False


class Ledger:
    """Kinds of damage with the lines that have them."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, bool], set[int]] = {}

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of damage that were repaired."""
        return frozenset(kind for kind, repaired in self._lines if repaired)

    def see(self, line: int, kinds: Iterable[str]) -> None:
        """Note what the repair of a line named; a leading ``?`` is damage that was left."""
        for kind in kinds:
            self._lines.setdefault((kind.lstrip("?"), not kind.startswith("?")), set()).add(line)

    def note(self, kind: str, lines: Iterable[int], *, repaired: bool) -> None:
        """Note a kind of damage of many lines."""
        self._lines.setdefault((kind, repaired), set()).update(lines)

    def closed(self) -> tuple[Damage, ...]:
        """All of it, in the order of the kinds."""
        return tuple(
            Damage(kind, len(lines), tuple(sorted(lines)[:SHOWN]), repaired)
            for (kind, repaired), lines in sorted(self._lines.items())
            if lines
        )


def lines_of(text: str) -> Iterator[tuple[str, str]]:
    """The lines of a text, each with its line end as written."""
    for found in _LINE.finditer(text):
        if found.end() > found.start():
            yield found[1], found[2]


_END = re.compile(r"[\r\n]|\Z")


def line_end(text: str, start: int) -> int:
    """Where the line that holds a place ends."""
    found = _END.search(text, start)
    return found.start() if found else len(text)


def ends_between(text: str, start: int, end: int) -> int:
    """How many lines end between two places, of which the second is not inside a CR LF."""
    return text.count("\n", start, end) + text.count("\r", start, end) - text.count("\r\n", start, end)
