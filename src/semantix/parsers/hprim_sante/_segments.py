"""Physical lines to segments: declared delimiters, continuations that may split a word, escapes.

Source: HPRIM Santé 2.x, after ASTM E1238: ``H`` declares the field, component, repetition, escape and sub-component
delimiters; ``A`` continues the segment before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

CONTINUATION = "A"
MOST_LINES = 10_000
"""Lines that one segment may have; more is no text."""

_NAME = re.compile(r"[A-Z][A-Z0-9]{0,2}\Z")
_HEADER = re.compile(r"H([^\w\s])([^\w\s])([^\w\s])?([^\w\s])?([^\w\s])?")
_VERSION = re.compile(r"H?(2\.[0-9])(?:(.)([CLR]))?\s*\Z", re.IGNORECASE)


class Delimiters(Struct, frozen=True):
    """The five delimiters of a message; an empty one is not declared."""

    field: str = "|"
    component: str = "~"
    repetition: str = "^"
    escape: str = "\\"
    sub: str = "&"


class Segment(Struct, frozen=True):
    """One segment: its fields from its name on (the standard's field 2 is ``fields[1]``), its lines, its first line."""

    name: str
    fields: tuple[str, ...]
    line: int
    lines: int

    def field(self, number: int) -> str:
        """A field by its number in the standard; the name is 1."""
        return self.fields[number - 1].strip() if number <= len(self.fields) else ""


class Broken(Struct, frozen=True):
    """A line that is in no segment."""

    line: int


def delimiters_of(header: str) -> tuple[Delimiters, str]:
    """The delimiters that an H segment declares, and a doubt when its own fields use another one.

    The version field, ``H2.3~C``, is written with the component delimiter: what stands there is what is used.
    """
    found = _HEADER.match(header)
    if found is None:
        return Delimiters(), "an H segment without delimiters; the usual ones were taken"
    default = Delimiters()
    declared = header[2:].split(found[1], 1)[0]
    given = [*declared[:4], *("" for _ in range(4 - len(declared[:4])))]
    made = Delimiters(found[1], given[0] or default.component, given[1], given[2], given[3])
    fields = header.split(found[1])
    version = _VERSION.match(fields[12].strip()) if len(fields) > 12 else None
    used = version[2] if version is not None else None
    if not used or used == made.component or used.isalnum():
        return made, ""
    repetition = made.component if used == made.repetition else made.repetition
    changed = Delimiters(made.field, used, repetition, made.escape, "" if used == made.sub else made.sub)
    return changed, "the components of the H segment are not separated by the delimiter that it declares"


def is_header(line: str) -> bool:
    """True for a line that begins with H and delimiters."""
    return line.lstrip()[:1] == "H" and _HEADER.match(line.lstrip()) is not None


def version_of(header: Segment) -> str | None:
    """``2.3`` of ``H2.3~C``."""
    found = _VERSION.match(header.field(13))
    return found[1] if found is not None else None


def segments_of(lines: Sequence[str], first: int, delimiter: str) -> Iterator[Segment | Broken]:
    """Join continued lines into segments. ``first`` is the number of the first line; blank lines are skipped.

    A line that does not begin with the name of a segment is broken.
    """
    held: list[str] = []
    at = count = 0
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        start = line.lstrip()
        name, separator, rest = start.partition(delimiter)
        if separator and name == CONTINUATION and held and count < MOST_LINES:
            held.append(rest)
            count += 1
            continue
        if held:
            yield _segment("".join(held), at, count, delimiter)
            held = []
        if (separator and _NAME.match(name)) or name.strip() in {"H", "P", "L", "C"}:
            held, at, count = [start], number, 1
        else:
            yield Broken(number)
    if held:
        yield _segment("".join(held), at, count, delimiter)


def _segment(text: str, line: int, count: int, delimiter: str) -> Segment:
    fields = text.split(delimiter)
    return Segment(fields[0].strip(), tuple(fields), line, count)


class Syntax:
    """Takes fields apart with the delimiters of one message, and undoes its escapes."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        mark = re.escape(delimiters.escape)
        self._escape = re.compile(f"{mark}([A-Za-z.0-9]{{1,12}}){mark}") if delimiters.escape.strip() else None
        self._meanings = {
            "F": delimiters.field,
            "S": delimiters.component,
            "R": delimiters.repetition,
            "E": delimiters.escape,
            "T": delimiters.sub,
            "H": "",
            "N": "",
            ".BR": "\n",
        }

    def repeats(self, field: str) -> list[str]:
        """The repetitions of a field that say something."""
        mark = self.delimiters.repetition
        if not field or not mark or mark not in field:
            return [field] if field.strip() else []
        return [one for one in field.split(mark) if one.strip()]

    def components(self, field: str) -> list[str]:
        """The components of a field or of a repetition, as words."""
        mark = self.delimiters.component
        return [self.words(one) for one in field.split(mark)] if mark in field else [self.words(field)]

    def words(self, text: str) -> str:
        """Words, escapes undone, sub-components apart."""
        if text.isalnum():
            return text
        if self._escape is not None and self.delimiters.escape in text:
            return " ".join(self._sub(part) for part in self._parts(text)).strip()
        return " ".join(self._parts(text)).strip()

    def _parts(self, text: str) -> list[str]:
        mark = self.delimiters.sub
        return [part for part in text.split(mark) if part] if mark and mark in text else [text]

    def _sub(self, text: str) -> str:
        assert self._escape is not None
        return self._escape.sub(lambda found: self._meanings.get(found[1].upper(), found[0]), text)
