"""The hand-made knowledge of French medical wording: abbreviations with their senses, synonyms, rewrites of phrases.

Three tables of ``mappings/lexicon`` (``docs/reference/curated-tables.md``), UTF-8, tab-separated, without quoting.
:class:`Lexicon` reads them and answers by *key*: the folded words of a text joined by blanks, without stop words for
synonyms and phrases. ``format_rows`` gives the one order in which the rows of a table are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from msgspec import Struct, structs

from semantix.errors import BadTable
from semantix.model import SECTIONS
from semantix.terminology.source import Source
from semantix.terminology.text import STOP_WORDS, fold, split_words, stem

__all__ = [
    "SOURCES", "Abbreviation", "Lexicon", "Phrase", "Synonym", "content_key", "format_rows", "parse_abbreviations",
    "parse_phrases", "parse_synonyms", "word_key",
]  # fmt: skip

SOURCES: Final = ("usage", "inventory", "classification", "anatomy", "CCAM")
"""Where a row comes from: French medical usage, a public sense inventory, the wording of CIM-10, Terminologia
Anatomica, the wording of CCAM."""


class Abbreviation(Struct, frozen=True):
    """One sense of an abbreviation. ``section`` is one of SECTIONS, or empty for any; rank 1 is the usual sense."""

    abbreviation: str
    expansion: str
    section: str = ""
    rank: int = 1
    source: str = "usage"


class Synonym(Struct, frozen=True):
    """Two words or short groups that mean the same in a diagnosis or an act; neither comes first."""

    left: str
    right: str
    source: str = "usage"


class Phrase(Struct, frozen=True):
    """How people say it, and how the classification words it."""

    written: str
    official: str
    source: str = "usage"


Row = Abbreviation | Synonym | Phrase
_ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    "": (),
    "other": (),
    # A history tells diseases and operations alike.
    "history": ("", "history", "problem", "procedure"),
    "family-history": ("", "family-history", "problem"),
}
"""The sections of the senses that a section of a document allows; none stands for all."""
_R = TypeVar("_R", Abbreviation, Synonym, Phrase)


def word_key(text: str) -> str:
    """Return the folded words of an abbreviation, stop words kept: ``S/P`` gives ``s p``, ``T.M.`` gives ``tm``."""
    return " ".join(split_words(fold(text)))


def content_key(text: str) -> str:
    """Return the stems of the words that carry meaning, in order: ``calculs du rein`` gives ``calcul rein``."""
    return " ".join(stem(word) for word in split_words(fold(text)) if word not in STOP_WORDS)


class Lexicon(Struct, frozen=True):
    """The three tables and their look-ups; an empty one knows nothing.

    ``senses`` is keyed on :func:`word_key`, ranked. ``partners`` and ``rewrites`` are keyed on :func:`content_key`;
    their values are texts as written in the tables. ``longest`` is the most words that a key has, ``starts`` the first
    words of its keys, by table.
    """

    abbreviations: tuple[Abbreviation, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    senses: Mapping[str, tuple[Abbreviation, ...]] = MappingProxyType({})
    partners: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    rewrites: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    longest: Mapping[str, int] = MappingProxyType({"abbreviation": 0, "synonym": 0, "phrase": 0})
    starts: Mapping[str, frozenset[str]] = MappingProxyType(
        {"abbreviation": frozenset(), "synonym": frozenset(), "phrase": frozenset()}
    )

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """Read the tables of a folder. Raises BadTable for a table that is missing or has a bad row."""
        source = Source(folder)
        return cls.of(
            parse_abbreviations(_lines(source, "abbreviations.tsv")),
            parse_synonyms(_lines(source, "synonyms.tsv")),
            parse_phrases(_lines(source, "phrases.tsv")),
        )

    @classmethod
    def of(
        cls,
        abbreviations: Iterable[Abbreviation] = (),
        synonyms: Iterable[Synonym] = (),
        phrases: Iterable[Phrase] = (),
    ) -> Lexicon:
        """Build the look-ups. The order of the rows does not matter."""
        abbreviations, synonyms, phrases = format_rows(abbreviations), format_rows(synonyms), format_rows(phrases)
        senses: dict[str, list[Abbreviation]] = {}
        for row in sorted(abbreviations, key=lambda row: (row.rank, fold(row.expansion), row.section)):
            senses.setdefault(word_key(row.abbreviation), []).append(row)
        pairs = [(row.left, row.right) for row in synonyms] + [(row.right, row.left) for row in synonyms]
        ranked = {key: tuple(found) for key, found in sorted(senses.items())}
        partners = _by_key(pairs)
        rewrites = _by_key((row.written, row.official) for row in phrases)
        longest = {"abbreviation": _longest(ranked), "synonym": _longest(partners), "phrase": _longest(rewrites)}
        return cls(
            abbreviations,
            synonyms,
            phrases,
            MappingProxyType(ranked),
            MappingProxyType(partners),
            MappingProxyType(rewrites),
            MappingProxyType(longest),
            MappingProxyType({
                "abbreviation": _starts(ranked), "synonym": _starts(partners), "phrase": _starts(rewrites),
            }),
        )  # fmt: skip

    def senses_of(self, text: str, section: str = "") -> tuple[Abbreviation, ...]:
        """Return the senses of an abbreviation, the usual one first; in a known section, only those it allows."""
        found = self.senses.get(word_key(text), ())
        allowed = _ALLOWED.get(section, ("", section))
        return tuple(row for row in found if not allowed or row.section in allowed)

    def synonyms_of(self, text: str) -> tuple[str, ...]:
        """Return what a word or a short group may be replaced by."""
        return self.partners.get(content_key(text), ())

    def rewrites_of(self, text: str) -> tuple[str, ...]:
        """Return the official wordings of a whole phrase."""
        return self.rewrites.get(content_key(text), ())


def parse_abbreviations(lines: Iterable[str]) -> tuple[Abbreviation, ...]:
    """Read ``abbreviations.tsv``, its header included. Raises BadTable at the first row that is not one."""
    rows = []
    for number, cells in _cells(lines, "abbreviations.tsv", Abbreviation):
        abbreviation, expansion, section, rank, source = cells
        if section and section not in SECTIONS:
            raise _bad("abbreviations.tsv", number, f"the section {section!r} is not one of {', '.join(SECTIONS)}")
        if not (rank.isascii() and rank.isdigit() and int(rank)):
            raise _bad("abbreviations.tsv", number, f"the rank {rank!r} is not a whole number from 1")
        rows.append(Abbreviation(abbreviation, expansion, section, int(rank), source))
    return tuple(rows)


def parse_synonyms(lines: Iterable[str]) -> tuple[Synonym, ...]:
    """Read ``synonyms.tsv``, its header included. Raises BadTable at the first row that is not one."""
    return tuple(Synonym(*cells) for _, cells in _cells(lines, "synonyms.tsv", Synonym))


def parse_phrases(lines: Iterable[str]) -> tuple[Phrase, ...]:
    """Read ``phrases.tsv``, its header included. Raises BadTable at the first row that is not one."""
    return tuple(Phrase(*cells) for _, cells in _cells(lines, "phrases.tsv", Phrase))


def format_rows(rows: Iterable[_R]) -> tuple[_R, ...]:
    """Put the rows of one table in its one order: the folded first column, then the rank, then the rest."""
    return tuple(sorted(rows, key=_order))


def _order(row: Row) -> tuple[str, int, tuple[str, ...]]:
    first, *rest = (str(value) for value in structs.astuple(row))
    rank = row.rank if isinstance(row, Abbreviation) else 0
    return fold(first), rank, (first, *rest)


def _by_key(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for written, other in sorted(pairs):
        found.setdefault(content_key(written), {})[other] = None
    return {key: tuple(others) for key, others in sorted(found.items())}


def _starts(table: Mapping[str, object]) -> frozenset[str]:
    return frozenset(key.split(" ", 1)[0] for key in table)


def _longest(table: Mapping[str, object]) -> int:
    return max((key.count(" ") + 1 for key in table), default=0)


def _lines(source: Source, name: str) -> Sequence[str]:
    if name not in source.names:
        raise BadTable(f"{source.name}: {name} is not there; a lexicon is a folder with the three tables")
    try:
        return source.read(name).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadTable(f"{name}: not UTF-8 (byte {error.start})") from None


def _cells(lines: Iterable[str], name: str, kind: type[Row]) -> Iterable[tuple[int, list[str]]]:
    columns = list(kind.__struct_fields__)
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r\n").split("\t")
        if number == 1:
            if cells != columns:
                raise _bad(name, 1, f"the columns are not {', '.join(columns)}")
            continue
        if len(cells) != len(columns):
            raise _bad(name, number, f"{len(cells)} cells where {len(columns)} are expected")
        if any(cell != cell.strip() for cell in cells):
            raise _bad(name, number, "a cell begins or ends with a blank")
        if not (word_key(cells[0]) and word_key(cells[1])):
            raise _bad(name, number, f"{columns[0]} and {columns[1]} must each hold a word")
        if cells[-1] not in SOURCES:
            raise _bad(name, number, f"the source {cells[-1]!r} is not one of {', '.join(SOURCES)}")
        yield number, cells


def _bad(name: str, number: int, reason: str) -> BadTable:
    return BadTable(f"{name}, line {number}: {reason}")
