"""A message taken apart: segments, fields, repetitions and components, and the text inside them.

The library ``hl7`` reads the header: which characters separate. Fields are split by the first of them, components only
when they are asked for, because a field may hold a whole XML document in which every separator is only a letter.
Source: HL7 v2.5, chapter 2, sections 2.5 (delimiters), 2.7 (escape sequences) and 2.10 (batches).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import hl7  # type: ignore[import-untyped]
from msgspec import Struct, structs

_HEADER = re.compile(r"MSH(?P<field>[^\w\s])(?P<others>[^\w\s]{2,5})(?P=field)")
_CDA_END = "ClinicalDocument>"
_FORMATTING = {
    "H": "",
    "N": "",
    ".br": "\n",
    ".ce": "\n",
    ".sp": "\n",
    ".fi": "",
    ".nf": "",
    ".in": "",
    ".ti": "",
    ".sk": " ",
}
_HEX = re.compile(r"X(?:[0-9A-Fa-f]{2})+")
_COUNTED = re.compile(r"(\.(?:sp|in|ti|sk))[+-]?[0-9]{0,4}")


class Delimiters(Struct, frozen=True):
    """The five characters that a header declares, and the encoding of hexadecimal escapes."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str
    encoding: str

    def clear(self, text: str) -> str:
        """Text without its escape sequences; a backslash that begins none stays."""
        if not self.escape or self.escape not in text:
            return text
        pieces = text.split(self.escape)
        out = [pieces[0]]
        at = 1
        while at < len(pieces):
            known = self._meaning(pieces[at]) if at + 1 < len(pieces) else None
            if known is None:
                out.append(self.escape + pieces[at])
                at += 1
            else:
                out += (known, pieces[at + 1])
                at += 2
        return "".join(out)

    def _meaning(self, sequence: str) -> str | None:
        if len(sequence) == 1 and sequence in "FSTRE":
            marks = (self.field, self.component, self.subcomponent, self.repetition, self.escape)
            return marks["FSTRE".index(sequence)]
        if sequence in _FORMATTING:
            return _FORMATTING[sequence]
        if _HEX.fullmatch(sequence):
            return bytes.fromhex(sequence[1:]).decode(self.encoding, "replace")
        counted = _COUNTED.fullmatch(sequence)
        return _FORMATTING[counted[1]] if counted else None


def delimiters(text: str, encoding: str) -> Delimiters | None:
    """The delimiters that a message declares in its header; ``None`` when they could not be told apart."""
    found = _HEADER.match(text)
    if found is None or len({found["field"], *found["others"]}) != 1 + len(found["others"]):
        return None
    header = hl7.parse(found[0])
    field, repetition, component, subcomponent = header.separators[1:5]
    marks = (field, component, repetition, header.esc, subcomponent)
    return Delimiters(*marks, encoding) if len(set(marks)) == len(marks) else None


def split(segment: str, marks: Delimiters) -> tuple[str, ...]:
    """The fields of a segment, its name first; a header declares its separators in its first two."""
    field = marks.field
    if segment.startswith("MSH"):
        _, declared, *others = segment.split(field)
        return ("MSH", field, declared, *others)
    start, end = segment.find("<"), segment.rfind(_CDA_END)
    if not 0 <= start < end:
        return tuple(segment.split(field))
    # A document that came as it is: the separators inside it are letters.
    end += len(_CDA_END)
    *before, opening = segment[:start].split(field)
    closing, *after = segment[end:].split(field)
    return (*before, opening + segment[start:end] + closing, *after)


class Part(Struct, frozen=True):
    """One repetition of a field: its components, from 1, and their subcomponents."""

    raw: str
    marks: Delimiters

    def __bool__(self) -> bool:
        return bool(self.raw.strip(self.marks.component + self.marks.subcomponent + ' "'))

    def text(self, component: int = 1, subcomponent: int = 0) -> str:
        """A component without escapes and blanks, or one of its subcomponents; empty when it is absent or null."""
        if not self.raw:
            return ""
        found = _nth(self.raw, self.marks.component, component)
        if subcomponent:
            found = _nth(found, self.marks.subcomponent, subcomponent)
        found = self.marks.clear(found).strip()
        return "" if found == '""' else found

    def whole(self) -> str:
        """All of it as text, components joined by blanks."""
        words = (self.marks.clear(piece).strip() for piece in self.raw.split(self.marks.component))
        return " ".join(word for word in words if word and word != '""')


def _nth(text: str, mark: str, number: int) -> str:
    pieces = text.split(mark, number)
    return pieces[number - 1] if len(pieces) >= number else ""


class Segment(Struct, frozen=True):
    """One segment. ``number`` counts those of the same name in the message; ``line`` is in the file, from 1."""

    name: str
    number: int
    line: int
    lines: int
    marks: Delimiters
    fields: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where it stands in its message: ``OBX[3]``."""
        return f"{self.name}[{self.number}]"

    def raw(self, field: int) -> str:
        """A field as written, empty when it is absent."""
        return self.fields[field] if field < len(self.fields) else ""

    def parts(self, field: int) -> tuple[Part, ...]:
        """The repetitions of a field that say something."""
        raw = self.raw(field)
        if not raw:
            return ()
        if self.marks.repetition not in raw:
            part = Part(raw, self.marks)
            return (part,) if part else ()
        parts = (Part(piece, self.marks) for piece in raw.split(self.marks.repetition))
        return tuple(part for part in parts if part)

    def part(self, field: int) -> Part:
        """The first repetition of a field that says something."""
        found = self.parts(field)
        return found[0] if found else Part("", self.marks)

    def text(self, field: int, component: int = 1, subcomponent: int = 0) -> str:
        """A component of the first repetition of a field."""
        return self.part(field).text(component, subcomponent) if self.raw(field) else ""


class Message(Struct, frozen=True):
    """One message: its segments in order, the bytes that it was, and in which encoding they were read."""

    segments: tuple[Segment, ...]
    data: bytes
    line: int
    doubts: tuple[str, ...] = ()

    @property
    def header(self) -> Segment:
        """The MSH segment."""
        return self.segments[0]

    @property
    def kind(self) -> str:
        """``ORU``, ``ADT``..."""
        return self.header.text(9, 1).upper()

    @property
    def event(self) -> str:
        """``R01``, ``A08``..."""
        return self.header.text(9, 2).upper()

    def first(self, name: str) -> Segment | None:
        """The first segment of a name."""
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Segment]:
        """Every segment of a name."""
        return (one for one in self.segments if one.name == name)

    def by_patient(self) -> tuple[Message, ...]:
        """The message of each patient: what comes before the first PID is of all, and counted with the first alone."""
        starts = [number for number, one in enumerate(self.segments) if one.name == "PID"]
        if len(starts) < 2:
            return (self,)
        before = self.segments[: starts[0]]
        again = tuple(structs.replace(one, lines=0) for one in before)
        found: list[Message] = []
        for start, end in zip(starts, [*starts[1:], None], strict=True):
            own = self.segments[start:end]
            data = "\r".join(one.marks.field.join(one.fields) for one in own).encode("utf-8", "replace")
            line = own[0].line if found else self.line
            found.append(structs.replace(self, segments=(*(again if found else before), *own), data=data, line=line))
        return tuple(found)
