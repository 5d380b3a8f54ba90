"""What a profile tells, as values: counts and shapes; a value of a patient only where the user asked for values."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

NO_VALUES: Mapping[str, str] = MappingProxyType({})
Counted = tuple[tuple[str, int], ...]
"""Words and how often, the most frequent first."""


class Remark(Struct, frozen=True):
    """A reason or a doubt: a key of the catalogue of words, and what fills its blanks."""

    key: str
    values: Mapping[str, str] = NO_VALUES


class Dates(Struct, frozen=True):
    """The cells that are dates: how many, in which formats (as packs write them), how many with a two-digit year."""

    count: int
    formats: Counted = ()
    two_digit_years: int = 0
    unreadable: int = 0


class Numbers(Struct, frozen=True):
    """The cells that are numbers alone. ``decimal`` and ``grouping`` are the marks, empty when none is seen.

    ``ambiguous`` counts cells such as ``2.920``, which one mark or the other may explain.
    """

    count: int
    whole: int = 0
    decimal: str = ""
    grouping: str = ""
    ambiguous: int = 0
    compared: int = 0
    flagged: int = 0


class Units(Struct, frozen=True):
    """Units: cells that are one (``alone``), cells that hold a number and one, and how many of these are known."""

    alone: int = 0
    with_number: int = 0
    known: int = 0


class Column(Struct, frozen=True, kw_only=True):
    """One column. ``type`` is a type of mapping packs; ``type_count`` of the ``filled`` cells agree with it.

    ``distinct`` is exact unless ``distinct_more``. ``looked`` cells were looked at one by one for all that follows.
    ``top`` values are there only when the user asked for them.
    """

    position: int
    name: str = ""
    at: str = ""
    width: int = 0
    rows: int = 0
    filled: int = 0
    missing: Counted = ()
    distinct: int = 0
    distinct_more: bool = False
    looked: int = 0
    longest: int = 0
    constant: bool = False
    type: str = "text"
    type_count: int = 0
    dates: Dates | None = None
    numbers: Numbers | None = None
    units: Units | None = None
    identifiers: Counted = ()
    systems: Counted = ()
    words: Counted = ()
    shapes: Counted = ()
    top: Counted = ()
    role: str = ""
    reason: Remark | None = None
    doubts: tuple[Remark, ...] = ()

    @property
    def fill(self) -> float:
        """The share of rows that have something in the column."""
        return self.filled / self.rows if self.rows else 0.0

    def share(self, count: int) -> float:
        """A share of the cells that were looked at."""
        return count / self.looked if self.looked else 0.0


class Table(Struct, frozen=True, kw_only=True):
    """Rows of one kind. ``header`` is the row that names the columns, from 1 (0: none); ``first`` the first of data."""

    name: str = ""
    source: str = ""
    rows: int = 0
    blank: int = 0
    cells: Counted = ()
    header: int = 0
    first: int = 1
    header_reason: Remark | None = None
    columns: tuple[Column, ...] = ()
    doubts: tuple[Remark, ...] = ()


class Encoding(Struct, frozen=True):
    """How the bytes were read: the encoding, how sure, why, and the kinds of damage with the number of lines."""

    name: str
    confidence: float
    evidence: tuple[str, ...] = ()
    damage: Counted = ()


class Dialect(Struct, frozen=True, kw_only=True):
    """How a text is divided. ``line_ends`` counts ``lf``, ``crlf`` and ``cr`` in the part that was looked at."""

    separator: str = ""
    quote: str = ""
    line_ends: Counted = ()
    evidence: tuple[Remark, ...] = ()
    doubts: tuple[Remark, ...] = ()


class FileProfile(Struct, frozen=True, kw_only=True):
    """One file: its physical kind (a kind of mapping packs), how it is written, and its tables."""

    name: str
    size: int
    kind: str
    encoding: Encoding | None = None
    dialect: Dialect | None = None
    tables: tuple[Table, ...] = ()
    doubts: tuple[Remark, ...] = ()
    shows_values: bool = False


def ranked(counts: Mapping[str, int], limit: int) -> Counted:
    """The most frequent words, ties in alphabetical order."""
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit])
