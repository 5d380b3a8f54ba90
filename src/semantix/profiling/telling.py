"""A profile in words: the same sentences and rows for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Iterator

from semantix.profiling.figures import Column, Counted, FileProfile, Remark, Table
from semantix.profiling.tally import DISTINCT, KEPT
from semantix.profiling.words import ProfileWords

SHAPES = 4
HEADS = ("position", "column", "filled", "distinct", "type", "role", "looks", "doubts")


def file_sentences(profile: FileProfile, words: ProfileWords) -> Iterator[str]:
    """How the file is written, and its doubts."""
    if profile.encoding:
        encoding = profile.encoding
        yield words("encoding", name=encoding.name, sure=words.percent(encoding.confidence))
        if encoding.evidence:
            yield words("evidence", words="; ".join(encoding.evidence))
        if encoding.damage:
            yield words("damage", words=counted(encoding.damage, words))
    if profile.dialect:
        dialect = profile.dialect
        ends = ", ".join(f"{words('end_' + end)} ({words.number(count)})" for end, count in dialect.line_ends)
        if ends:
            yield words("line_ends", words=ends)
        for remark in (*dialect.evidence, *dialect.doubts):
            yield _sentence(remark, words)
    for remark in profile.doubts:
        yield _sentence(remark, words)


def table_sentences(table: Table, words: ProfileWords) -> Iterator[str]:
    """How many rows, and where their names come from."""
    yield words("rows", rows=words.number(table.rows), blank=words.number(table.blank))
    if len(table.cells) > 1:
        yield words("cells", words=counted(table.cells, words))
    if table.header_reason:
        yield words("header", words=words.remark(table.header_reason))
    for remark in table.doubts:
        yield _sentence(remark, words)


def title_of(profile: FileProfile, words: ProfileWords) -> str:
    """The file, its kind and its size."""
    size = f"{profile.size / 1e6:.1f} MB" if profile.size >= 1e6 else f"{max(profile.size // 1000, 1)} kB"
    if words.lang == "fr":
        size = size.replace(".", ",").replace("MB", "Mo").replace("kB", "ko")
    return words("file", name=profile.name, kind=words("kind_" + profile.kind), size=size)


def column_cells(column: Column, words: ProfileWords) -> list[str]:
    """One column, in the order of :data:`HEADS`."""
    distinct = words.number(column.distinct)
    kind = words("type_" + column.type)
    if column.filled and column.type_count < column.looked:
        kind += f" ({words.percent(column.share(column.type_count))})"
    role = words("role_" + column.role) if column.role else ""
    if column.role and column.reason and column.reason.key != "by-name":
        role += f" ({words.remark(column.reason)})"
    return [
        str(column.position),
        column.name or "–",
        words.percent(column.fill),
        words("more_than", count=distinct) if column.distinct_more else distinct,
        kind if column.filled else words("empty"),
        role or "–",
        "; ".join(_holds(column, words)) or "–",
        "; ".join(words.remark(doubt) for doubt in column.doubts) or "–",
    ]


def column_doubts(table: Table, words: ProfileWords) -> Iterator[str]:
    """The doubts of the columns, each with the place and the name of its column."""
    for column in table.columns:
        for doubt in column.doubts:
            yield f"{column.position} {column.name}".strip() + f": {words.remark(doubt)}"


def _holds(column: Column, words: ProfileWords) -> Iterator[str]:
    if column.constant:
        yield words("constant")
    if column.dates and column.dates.formats:
        yield words("formats", words=counted(column.dates.formats, words))
    yield from _numbers(column, words)
    yield from _units(column, words)
    for key, pairs in (
        ("identifiers", column.identifiers),
        ("systems", column.systems),
        ("closed", column.words),
        ("missing", column.missing),
        ("shapes", () if column.words or column.type == "date" else column.shapes[:SHAPES]),
        ("top_short", column.top),
    ):
        if pairs:
            yield words(key, words=counted(pairs, words))


def _numbers(column: Column, words: ProfileWords) -> Iterator[str]:
    numbers = column.numbers
    if numbers is None or column.type not in {"number", "value", "integer"}:
        return
    for key, mark in (("decimal", numbers.decimal), ("grouping", numbers.grouping)):
        if mark:
            yield words(key, mark=words("space") if mark == " " else mark)
    for key, count in (("compared", numbers.compared), ("flagged", numbers.flagged)):
        if count:
            yield words(key, count=words.number(count))


def _units(column: Column, words: ProfileWords) -> Iterator[str]:
    units = column.units
    if units is None or column.share(units.alone + units.with_number) < 0.05:
        return
    if units.alone:
        yield words("units", count=words.number(units.alone))
    if units.with_number:
        yield words("with_units", count=words.number(units.with_number))
    if units.known:
        yield words("units_known", share=words.percent(units.known / (units.alone + units.with_number)))


def counted(pairs: Counted, words: ProfileWords) -> str:
    """Words with their counts."""
    return ", ".join(f"{word} ({words.number(count)})" for word, count in pairs)


def closing(words: ProfileWords, *, shows_values: bool) -> Iterator[str]:
    """How to read it, and whether it holds values."""
    yield words("explain_shapes", distinct=words.number(DISTINCT), kept=str(KEPT))
    yield words("with_values" if shows_values else "no_values")


def _sentence(remark: Remark, words: ProfileWords) -> str:
    text = words.remark(remark)
    return text[0].upper() + text[1:]
