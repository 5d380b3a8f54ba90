"""How a text is divided: line ends, separator, quotes, header; each choice with its evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from types import MappingProxyType

from msgspec import Struct

from semantix.parsers.tabular.delimited import Shape, read_rows
from semantix.profiling import shapes
from semantix.profiling.figures import Counted, Dialect, Remark, ranked

SEPARATORS = ("\t", ";", "|", ",", "^", "~")
LOOKED = 1_000
"""Lines that the separator is looked for in."""
HEADER_LOOKED = 30
ALIKE = 0.9
_ENOUGH = 0.3
DECIMAL_COMMAS = 0.6
"""Below it, nearly all commas stand between two digits or before a blank."""
SEPARATOR_NAMES = MappingProxyType({"\t": "TAB"})


class Division(Struct, frozen=True):
    """How the lines of a text are cells: with a separator, at fixed places, or not at all."""

    dialect: Dialect
    shape: Shape | None = None
    fields: tuple[tuple[int, int], ...] = ()


def line_ends(text: str) -> Counted:
    """How often each line end is met."""
    crlf = text.count("\r\n")
    counts = {"crlf": crlf, "lf": text.count("\n") - crlf, "cr": text.count("\r") - crlf}
    return ranked({key: count for key, count in counts.items() if count}, 3)


def divide(lines: Sequence[str], ends: Counted) -> Division:
    """Choose how the lines are divided."""
    looked = [line for line in lines if line.strip()][:LOOKED]
    doubts = [Remark("mixed-line-ends")] if len(ends) > 1 else []
    best = max((_Trial.of(looked, separator) for separator in SEPARATORS), key=lambda trial: trial.score)
    if best.cells >= 2 and best.share >= _ENOUGH and best.score > 0:
        evidence, more = _told(best, len(looked))
        dialect = Dialect(
            separator=best.shape.separator,
            quote=best.shape.quote,
            line_ends=ends,
            evidence=evidence,
            doubts=tuple(doubts + more),
        )
        return Division(dialect, best.shape)
    fields = fixed_fields(looked)
    if fields:
        values = {"width": str(_usual_width(looked)), "columns": str(len(fields))}
        evidence = (Remark("fixed-width", MappingProxyType(values)),)
        return Division(Dialect(line_ends=ends, evidence=evidence, doubts=tuple(doubts)), None, fields)
    nothing = Remark("no-separator")
    shape = Shape(separator="\t", quote="")
    return Division(Dialect(separator="\t", line_ends=ends, doubts=(*doubts, nothing)), shape)


class _Trial(Struct, frozen=True):
    """A separator tried: how many cells most rows have, in what share of them; the quotes that make it so."""

    shape: Shape
    cells: int
    share: float
    score: float
    quoted: int
    sizes: Counted

    @classmethod
    def of(cls, lines: Sequence[str], separator: str) -> _Trial:
        """Try one."""
        quoted = sum(line.startswith('"') or f'{separator}"' in line for line in lines)
        shape = Shape(separator=separator, quote='"' if quoted else "")
        sizes = Counter(len(row.cells) for row in read_rows(lines, shape) if any(map(str.strip, row.cells)))
        several = {size: count for size, count in sizes.items() if size > 1}
        total = sum(sizes.values()) or 1
        cells, count = max(several.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        share = count / total
        score = share * min(cells, 6) ** 0.5 * (sum(several.values()) / total)
        if separator == ",":
            trust = _comma_trust(lines)
            score *= trust if trust > DECIMAL_COMMAS or (share >= ALIKE and cells > 2) else 0
        return cls(shape, cells, share, score, quoted, ranked({str(k): v for k, v in sizes.items()}, 4))


def _comma_trust(lines: Sequence[str]) -> float:
    """A comma between digits is a decimal mark in France, a comma before a blank belongs to a sentence."""
    commas = sum(line.count(",") for line in lines) or 1
    other = sum(
        1
        for line in lines
        for at in range(1, len(line) - 1)
        if line[at] == "," and (line[at + 1] == " " or (line[at - 1].isdigit() and line[at + 1].isdigit()))
    )
    return 1 - 0.6 * other / commas


def _told(best: _Trial, lines: int) -> tuple[tuple[Remark, ...], list[Remark]]:
    separator = SEPARATOR_NAMES.get(best.shape.separator, best.shape.separator)
    agreeing = round(best.share * lines)
    values = {"separator": separator, "cells": str(best.cells), "count": str(agreeing), "lines": str(lines)}
    evidence = [Remark("separator", MappingProxyType(values))]
    evidence.append(
        Remark("quoted", MappingProxyType({"count": str(best.quoted)})) if best.quoted else Remark("no-quote")
    )
    doubts = []
    if best.share < ALIKE:
        sizes = ", ".join(f"{size} × {count}" for size, count in best.sizes)
        doubts.append(Remark("rows-unlike", MappingProxyType({"sizes": sizes})))
    return tuple(evidence), doubts


# --- fixed width ----------------------------------------------------------------------------------------------------


def _usual_width(lines: Sequence[str]) -> int:
    return Counter(map(len, lines)).most_common(1)[0][0] if lines else 0


def fixed_fields(lines: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where the columns of a fixed-width text begin (from 0) and how wide they are; nothing when it is none."""
    width = _usual_width(lines)
    same = [line for line in lines if len(line) == width]
    if len(lines) < 3 or width < 8 or width > 2_000 or len(same) < ALIKE * len(lines):
        return ()
    blank = [sum(line[at] == " " for line in same) / len(same) for at in range(width)]
    starts = [0] + [at for at in range(1, width) if blank[at - 1] >= 1 and blank[at] < 1]
    starts = [at for at in starts if at == 0 or blank[at] < 0.9]
    if len(starts) < 2:
        return ()
    ends = [*starts[1:], width]
    return tuple((start, end - start) for start, end in zip(starts, ends, strict=True))


# --- header ---------------------------------------------------------------------------------------------------------

_NAME_WORDS = frozenset(
    "nom prenom date naissance sexe numero num id code libelle label valeur resultat unite patient dossier adresse"
    " ville cp postal telephone tel mail medecin type commentaire texte analyse examen min max norme poids taille motif"
    " lot name birth value unit result sex number test comment posologie medicament produit traitement vaccin"
    " diagnostic antecedent debut fin ipp nss nir".split()
)


def header_row(rows: Sequence[Sequence[str]]) -> tuple[int, Remark]:
    """The row that names the columns, from 1, and why; 0 when none does. Rows before it are no data."""
    widths = Counter(_filled(row) for row in rows if _filled(row))
    if not widths:
        return 0, Remark("no-header")
    usual = max(widths, key=lambda width: (widths[width], width))
    for position, row in enumerate(rows[:HEADER_LOOKED], start=1):
        if _filled(row) < max(1, round(0.7 * usual)) or (usual > 1 and _filled(row) < 2):
            continue
        return _judged(row, rows[position:], position)
    return 0, Remark("no-header")


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _judged(row: Sequence[str], below: Sequence[Sequence[str]], position: int) -> tuple[int, Remark]:
    """Names are words, differ from each other, and are not what stands below them."""
    cells = [cell.strip() for cell in row]
    filled = [cell for cell in cells if cell]
    if any(_is_data(cell) for cell in filled) or len({shapes.folded(cell) for cell in filled}) < len(filled):
        return 0, Remark("no-header-data")
    known = sum(map(is_name, filled))
    unlike = sum(_is_unlike(cell, at, below) for at, cell in enumerate(cells) if cell)
    values = MappingProxyType(
        {"row": str(position), "known": str(known), "unlike": str(unlike), "count": str(len(filled))}
    )
    if known >= 2 or (known and known + unlike >= 2) or known == len(filled):
        return position, Remark("header", values)
    if unlike and unlike >= len(filled) / 3 and len(below) >= 2:
        # Words that no list knows may be the names of people: they are not told.
        return position, Remark("header-unsure", values)
    return 0, Remark("no-header")


def is_name(text: str) -> bool:
    """True for words that are known to name a column, rather than a value."""
    return bool(_NAME_WORDS.intersection(_words(text)))


def _words(cell: str) -> set[str]:
    return set(shapes.folded(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cell)).split())


def _is_data(cell: str) -> bool:
    """A number, a date or an identifier names no column."""
    number = shapes.number_shape(cell)
    return bool(shapes.date_shape(cell)) or (number is not None and not number.unit) or len(cell) > 80


def _is_unlike(cell: str, at: int, below: Sequence[Sequence[str]]) -> bool:
    """The name is a word and most of what stands below is not; what comes back below is no name."""
    column = [row[at].strip() for row in below if at < len(row) and row[at].strip()]
    if not column or cell in column:
        return False
    return sum(_is_data(each) for each in column) >= 0.6 * len(column)
