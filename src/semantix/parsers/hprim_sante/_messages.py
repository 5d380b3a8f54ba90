"""The messages of a piece: which segments are of which patient, and which lines are of none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from semantix.model import Document, SetAside
from semantix.parsers._claims import Piece
from semantix.parsers.hprim_medecin._lines import Lines, read_lines
from semantix.parsers.hprim_medecin._values import Readings
from semantix.parsers.hprim_sante._document import Around, read_patient
from semantix.parsers.hprim_sante._segments import Broken, Segment, Syntax, delimiters_of, is_header, segments_of

TEST = frozenset({"T", "D"})
"""H.12: a message to test or to debug, which tells no fact."""


def read_messages(lines: Lines, piece: Piece) -> Iterator[Document | SetAside]:
    """Read every message, one patient after the other."""
    text = lines.text
    readings = Readings()
    starts = [i for i, line in enumerate(text) if is_header(line)]
    first = starts[0] if starts else len(text)
    yield from _continued(lines, piece, first, readings)
    for start, end in pairwise([*starts, len(text)]):
        yield from _message(lines, piece, (start, end), (), readings)


def _continued(lines: Lines, piece: Piece, end: int, readings: Readings) -> Iterator[Document | SetAside]:
    """Lines before the first header: of a message that began in an earlier part of the file, or of none."""
    head = read_lines(piece.context.get("head", "").encode("latin-1", "replace")).text
    if head and is_header(head[0]):
        yield from _message(lines, piece, (0, end), head, readings)
        return
    held = [i for i in range(end) if lines.text[i].strip()]
    if held:
        words = "segments before any H segment: whose delimiters they use and who sent them is not known"
        where = f"lines {piece.line + held[0]}-{piece.line + held[-1]}"
        yield SetAside(where, len(held), "unreadable", words, quarantined=True)


def _message(
    lines: Lines, piece: Piece, bounds: tuple[int, int], head: Sequence[str], readings: Readings
) -> Iterator[Document | SetAside]:
    start, end = bounds
    text = lines.text[start:end]
    delimiters, doubt = delimiters_of((head[0] if head else text[0]).lstrip())
    known = [s for s in segments_of(head, 0, delimiters.field) if isinstance(s, Segment)]
    found = list(segments_of(text, piece.line + start, delimiters.field))
    segments = [one for one in found if isinstance(one, Segment)]
    yield from _broken([one.line for one in found if isinstance(one, Broken)])
    header = (known or segments)[0]
    rest = segments if known else segments[1:]
    structure = sum(s.lines for s in rest if s.name == "L") + (0 if known else header.lines)
    if structure:
        yield SetAside(f"line {header.line or piece.line}", structure, "structure", "header and end of a message")
    rest = [s for s in rest if s.name != "L"]
    if header.field(12).upper() in TEST:
        if rest:
            words = "a message that says that it is a test (H.12)"
            yield SetAside(f"line {rest[0].line}", sum(s.lines for s in rest), "administrative", words)
        return
    syntax = Syntax(delimiters)
    before, patients = _patients(rest, known)
    comments = tuple(filter(None, (syntax.words(s.field(4)) for s in before if s.name == "C")))
    if before:
        words = "comments or segments of the message, before any patient"
        reason = "comment" if all(s.name == "C" for s in before) else "administrative"
        yield SetAside(f"line {before[0].line}", sum(s.lines for s in before), reason, words)
    around = Around(
        header=header,
        syntax=syntax,
        doubt=doubt,
        comments=comments,
        name=piece.name,
        practice=piece.practice,
        readings=readings,
        damage=lines.damage,
        first=piece.line,
    )
    for segments in patients:
        document, aside = read_patient(around, segments)
        yield document
        yield from aside


def _patients(segments: Sequence[Segment], known: Sequence[Segment]) -> tuple[list[Segment], list[list[Segment]]]:
    """The segments before the first patient, then those of each; ``known`` are those of an earlier part."""
    before: list[Segment] = []
    patients: list[list[Segment]] = []
    person = next((s for s in known if s.name == "P"), None)
    if person is not None and segments and segments[0].name != "P":
        patients.append([Segment(person.name, person.fields, person.line, 0)])
    for segment in segments:
        if segment.name == "P":
            patients.append([segment])
        elif patients:
            patients[-1].append(segment)
        else:
            before.append(segment)
    return before, patients


def _broken(numbers: list[int]) -> Iterator[SetAside]:
    if numbers:
        where = f"line {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} lines from line {numbers[0]}"
        words = "lines that begin with no segment name: a line break inside a field, or another format"
        yield SetAside(where, len(numbers), "unreadable", words, quarantined=True)
