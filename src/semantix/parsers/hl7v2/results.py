"""Results: OBR as batteries, OBX as results, their comments and specimens.

Source: HL7 v2.5, chapter 7 and tables 0074, 0078, 0085.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct, structs

from semantix.model import (
    Concept,
    Link,
    Note,
    Observation,
    Organization,
    Panel,
    Party,
    Range,
    ReferenceRange,
    Severity,
    Specimen,
    Statement,
    Text,
    TimeSpan,
    Value,
)
from semantix.parsers.hl7v2.datatypes import Frame, concept, entity, system_named, when
from semantix.parsers.hl7v2.identity import doctors
from semantix.parsers.hl7v2.message import Message, Part, Segment
from semantix.parsers.hl7v2.values import Cell, flag_of, quantity, values
from semantix.text.values import read_flag, read_range

UNKNOWN_STATUS = "SX410"
NO_CODE = "SX411"
CORRECTED = "SX413"
INTERPRETATION = "2.16.840.1.113883.5.83"
_FLAGS = frozenset("L H LL HH N A AA S R I MS VS U D B W < >".split())
_STATUS: Mapping[str, str] = MappingProxyType(
    {
        "F": "completed",
        "C": "corrected",
        "U": "completed",
        "B": "completed",
        "V": "completed",
        "P": "active",
        "R": "active",
        "S": "active",
        "I": "new",
        "O": "new",
        "X": "cancelled",
        "N": "cancelled",
        "D": "nullified",
        "W": "nullified",
    }
)
"""HL7 table 0085 to HL7 v3 act statuses: cannot be obtained is cancelled, deleted or wrong was
never true."""
_ORDERED = {"F": "completed", "C": "corrected", "P": "active", "R": "active", "S": "active", "A": "active"}
"""HL7 table 0123, OBR-25, where it says something of the battery as a whole."""
_ELSEWHERE = frozenset("RAD RX CT CTH CUS NMR NMS NRS OUS RUS US VUS XRC EC EN PHY RT RTH".split())
"""HL7 table 0074, OBR-24: departments whose observations are no laboratory results."""
_LINES = frozenset({"TX", "FT"})


class Group(Struct):
    """One OBR with what follows it: its OBX, each with its comments; its own comments and specimens."""

    obr: Segment | None
    orc: Segment | None = None
    results: list[tuple[Segment, list[Segment]]] = []
    notes: list[Segment] = []
    specimens: list[Segment] = []


def groups(message: Message) -> list[Group]:
    """The segments of results as they belong together; OBX before any OBR stand in a group without one."""
    out: list[Group] = []
    orc: Segment | None = None
    for one in message.segments:
        if one.name == "ORC":
            orc = one
        elif one.name == "OBR":
            out.append(Group(one, orc))
            orc = None
        elif one.name in ("OBX", "SPM") and not out:
            out.append(Group(None, orc))
        if one.name == "OBX":
            out[-1].results.append((one, []))
        elif one.name == "SPM":
            out[-1].specimens.append(one)
        elif one.name == "NTE" and out:
            held = out[-1].results[-1][1] if out[-1].results else out[-1].notes
            held.append(one)
    return out


def kind_of(group: Group) -> str:
    """``lab-result``, unless the department says that it is none."""
    section = group.obr.text(24).upper() if group.obr is not None else ""
    return "observation" if section in _ELSEWHERE else "lab-result"


def battery(frame: Frame, group: Group, kept: Iterable[Segment], kind: str) -> Statement | None:
    """The OBR as a panel of its results, of which only ``kept`` are read; ``None`` when there is nothing to say."""
    wanted = {id(one) for one in kept}
    obr = group.obr
    start = when(frame, obr, 7) if obr is not None else None
    span = frame.book.at(f"{obr.path}/7", start) if obr is not None else None
    inside = [pair for pair in group.results if id(pair[0]) in wanted]
    members = [result(frame, lines, notes, kind, span) for lines, notes in _joined(inside)]
    if obr is None and not members:
        return None
    path = obr.path if obr is not None else members[0].path.replace("OBX", "OBR")
    return Panel(
        at=frame.book.statement(path),
        path=path,
        kind="lab-battery" if kind == "lab-result" else "panel",
        code=concept(frame, obr.part(4), f"{path}/4") if obr is not None else None,
        status=_ORDERED.get(obr.text(25).upper()) if obr is not None else None,
        time=span,
        notes=notes_of(frame, group.notes),
        specimens=_specimens(frame, group),
        parties=doctors(frame, obr, 16, "participant", "REF") if obr is not None else (),
        links=tuple(Link("COMP", one) for one in members),
    )


def _joined(pairs: list[tuple[Segment, list[Segment]]]) -> Iterable[tuple[list[Segment], list[Segment]]]:
    """Lines of one text, which some senders write one OBX a line, together."""
    out: list[tuple[list[Segment], list[Segment]]] = []
    for obx, notes in pairs:
        last = out[-1][0][-1] if out else None
        if last is not None and not out[-1][1] and _continues(last, obx):
            out[-1][0].append(obx)
            out[-1][1].extend(notes)
        else:
            out.append(([obx], list(notes)))
    return out


def _continues(last: Segment, obx: Segment) -> bool:
    same = all(last.raw(field) == obx.raw(field) for field in (2, 3, 4, 11))
    return same and is_text(obx) and bool(obx.raw(3))


def is_text(obx: Segment) -> bool:
    """True for lines of a text."""
    return obx.text(2).upper() in _LINES


def words_of(segments: Iterable[Segment]) -> str:
    """The text of observations, a line a repetition."""
    return "\n".join(part.marks.clear(part.raw) for obx in segments for part in obx.parts(5))


def result(
    frame: Frame, lines: list[Segment], notes: list[Segment], kind: str, around: TimeSpan | None = None
) -> Observation:
    """An OBX, or several that are the lines of one text; without a time of its own it has that of its battery."""
    obx = lines[0]
    unit = unit_of(obx)
    code = concept(frame, obx.part(3), f"{obx.path}/3")
    if code is None:
        frame.book.doubt(NO_CODE, f"{obx.path}/3", "a result without a code or a label")
    found = [value for one in lines for value in values(frame, one, unit)]
    status = _status(frame, obx)
    return Observation(
        at=frame.book.statement(obx.path),
        path=obx.path,
        kind=kind,
        code=code,
        status=status,
        null=None if found else "NA" if status == "cancelled" else "NI",
        time=_time(frame, obx) or around,
        values=_text(found),
        interpretations=_interpretations(frame, obx),
        ranges=_ranges(frame, obx, unit),
        methods=_methods(frame, obx),
        notes=notes_of(frame, notes),
        parties=_performers(frame, obx),
    )


def unit_of(obx: Segment) -> str | None:
    """OBX-6 as written: the code, else the label."""
    return obx.text(6) or obx.text(6, 2) or None


def _text(found: list[Value]) -> tuple[Value, ...]:
    """Several texts of one result are one text; other answers stay several."""
    if len(found) > 1 and all(isinstance(one, Text) for one in found):
        first = found[0]
        assert isinstance(first, Text)
        return (structs.replace(first, value="\n".join(one.value for one in found if isinstance(one, Text))),)
    return tuple(found)


def _status(frame: Frame, obx: Segment) -> str | None:
    code = obx.text(11).upper()
    found = _STATUS.get(code)
    if code and found is None:
        frame.book.doubt(UNKNOWN_STATUS, f"{obx.path}/11", "a status that is not in HL7 table 0085: left out")
    if code == "C":
        frame.book.doubt(CORRECTED, f"{obx.path}/11", "it corrects a result sent before", Severity.INFORMATION)
    return found


def _time(frame: Frame, obx: Segment) -> TimeSpan | None:
    return frame.book.at(f"{obx.path}/14", when(frame, obx, 14))


def _interpretations(frame: Frame, obx: Segment) -> tuple[Concept, ...]:
    found = [_flag(frame, part, f"{obx.path}/8") for part in obx.parts(8) if part.text(1)]
    inside = flag_of(frame, obx)
    if inside is not None:
        path = f"{obx.path}/5"
        found.append(frame.book.concept(path, frame.book.derived(path, inside, INTERPRETATION)))
    return tuple(found)


def _flag(frame: Frame, part: Part, path: str) -> Concept:
    """A flag of table 0078, else what a sender's own sign (``*``, ``++``) is read as, before the sign itself."""
    code = part.text(1)
    if code.upper() in _FLAGS:
        return frame.book.concept(path, frame.book.coding(path, code.upper(), INTERPRETATION))
    read = read_flag(code)
    meant = (frame.book.derived(path, read, INTERPRETATION),) if read is not None else ()
    written = frame.book.coding(path, code, system_named(frame, part.text(3)), part.text(2) or None)
    return frame.book.concept(path, *meant, written)


def _ranges(frame: Frame, obx: Segment, unit: str | None) -> tuple[ReferenceRange, ...]:
    text = obx.part(7).whole()
    if not text:
        return ()
    path = f"{obx.path}/7"
    read = read_range(text, unit=unit)
    cell = Cell(frame, obx, unit)
    low, high = (quantity(cell, one, path) if one is not None else None for one in (read.low, read.high))
    held = None
    if low is not None or high is not None:
        held = Range(low, high, frame.book.spot(path), read.low_closed, read.high_closed)
    return (ReferenceRange(frame.book.spot(path), held, text),)


def _methods(frame: Frame, obx: Segment) -> tuple[Concept, ...]:
    found = [concept(frame, part, f"{obx.path}/17") for part in obx.parts(17)]
    return tuple(one for one in found if one is not None)


def _performers(frame: Frame, obx: Segment) -> tuple[Party, ...]:
    """Who answers for a result: the laboratory of OBX-15, the person of OBX-16."""
    found = list(doctors(frame, obx, 16, "performer", "PRF"))
    name = obx.text(15, 2) or obx.text(15, 1)
    if name:
        path = f"{obx.path}/15"
        firm = Organization(frame.book.spot(path), path, names=(name,))
        found.append(Party(at=frame.book.spot(path), path=path, role="performer", type_code="PRF", organization=firm))
    return tuple(found)


def notes_of(frame: Frame, segments: Iterable[Segment]) -> tuple[Note, ...]:
    """NTE-3, one note a segment."""
    found = []
    for one in segments:
        text = "\n".join(line for part in one.parts(3) if (line := part.marks.clear(part.raw).strip()))
        if text:
            found.append(Note(text, frame.book.spot(one.path)))
    return tuple(found)


# --- specimens ------------------------------------------------------------------------------------------------------


def _specimens(frame: Frame, group: Group) -> tuple[Specimen, ...]:
    found = [_specimen(frame, one) for one in group.specimens]
    if not found and group.obr is not None:
        found = [_source(frame, group.obr)]
    return tuple(one for one in found if one is not None)


def _specimen(frame: Frame, spm: Segment) -> Specimen | None:
    code = concept(frame, spm.part(4), f"{spm.path}/4")
    pair = spm.part(2)
    numbers = (entity(frame, _inner(pair, n), "specimen") for n in (1, 2))
    ids = tuple(dict.fromkeys(one for one in numbers if one is not None))
    return Specimen(frame.book.spot(spm.path), spm.path, ids, code) if ids or code is not None else None


def _inner(pair: Part, number: int) -> Part:
    """A component made of an EI, its subcomponents as components."""
    pieces = [pair.text(number, n) for n in (1, 2, 3)]
    return Part(pair.marks.component.join(pieces), pair.marks)


def _source(frame: Frame, obr: Segment) -> Specimen | None:
    """OBR-15, whose first component is itself a coded element, its parts separated by ``&``."""
    part = obr.part(15)
    code, label, system = (part.text(1, n) for n in (1, 2, 3))
    label = label or part.text(3)
    if not code and not label:
        return None
    path = f"{obr.path}/15"
    coding = frame.book.coding(path, code or label, system_named(frame, system or "HL70070"), label or None)
    return Specimen(frame.book.spot(path), path, code=frame.book.concept(path, coding))
