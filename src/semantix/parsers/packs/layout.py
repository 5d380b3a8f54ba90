"""How one delimited or fixed-width file is laid out, decided once from its beginning and told to every cut of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from msgspec import Struct

from semantix.parsers.packs.spec_files import File
from semantix.parsers.tabular.delimited import Shape, read_rows, split_lines
from semantix.text.decoding import Decoded, decode

WIDE = ("utf-16-le", "utf-16-be")


class Layout(Struct, frozen=True):
    """``skip`` rows come before the data, ``footer`` rows after; ``header`` are the cells that name the columns."""

    encoding: str
    header: tuple[str, ...] = ()
    skip: int = 0
    footer: int = 0

    def context(self) -> Mapping[str, str]:
        """As a cut carries it."""
        return {
            "encoding": self.encoding,
            "header": json.dumps(self.header, ensure_ascii=False),
            "skip": str(self.skip),
            "footer": str(self.footer),
        }


def layout_in(context: Mapping[str, str]) -> Layout:
    """The layout that a cut carries."""
    header = tuple(str(cell) for cell in json.loads(context["header"]))
    return Layout(context["encoding"], header, int(context["skip"]), int(context["footer"]))


def shape_of(file: File) -> Shape:
    """How the cells of a file are separated."""
    dialect = file.dialect
    return Shape(dialect.separator, dialect.quote, dialect.escape, dialect.line_ends)


def decode_head(head: bytes, file: File) -> Decoded:
    """The text of the beginning of a file, whose last character may be cut."""
    tried = tuple(file.dialect.encodings)
    trimmed = head
    if len(head) > 4:
        # A character of several bytes must not be cut: back to the last line end, unless there is none.
        end = max(head.rfind(b"\n"), head.rfind(b"\r"))
        if end > 0 and not head.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" not in head[:200]:
            trimmed = head[: end + 1]
    return decode(trimmed, tried)


def layout_of(head: bytes, file: File) -> Layout:
    """Look at the beginning of a file: its encoding, its header and where its data begin."""
    found = decode_head(head, file)
    dialect = file.dialect
    lines = split_lines(found.text, dialect.line_ends)
    skip = (dialect.first or dialect.header + 1) - 1
    header: tuple[str, ...] = ()
    if dialect.header and file.kind == "delimited":
        for number, row in enumerate(read_rows(lines, shape_of(file)), 1):
            if number == dialect.header:
                header = tuple(cell.strip() for cell in row.cells)
                break
    return Layout(found.encoding, header, skip, dialect.footer)


def decode_cut(data: bytes, layout: Layout, file: File) -> Decoded:
    """The text of a part of a file whose encoding was chosen on its beginning."""
    allowed: Sequence[str] = file.dialect.encodings
    if layout.encoding == "utf-8" and not _is_utf8(data):
        # The beginning was ASCII, or the file is a mixture: what is left to choose from decides.
        return decode(data, tuple(allowed))
    tried: tuple[str, ...] = (layout.encoding,)
    if layout.encoding not in WIDE and layout.encoding != "utf-8" and (not allowed or "utf-8" in allowed):
        tried = ("utf-8", layout.encoding)
    return decode(data, tried)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
