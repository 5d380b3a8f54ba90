"""The visit or stay of a message: PV1, ZBE and ZFM, and the account number of PID-18.

Source: HL7 v2.5, chapter 3; IHE PAM, French national extension 2.11 (ZBE movement, ZFM PMSI modes).
"""

from __future__ import annotations

from semantix.model import Concept, EncompassingEncounter, Facility, Identifier, Organization, PartialDate, Party
from semantix.parsers._book import LOCAL
from semantix.parsers.hl7v2.datatypes import Frame, cx, root, when
from semantix.parsers.hl7v2.identity import doctors, table_system
from semantix.parsers.hl7v2.message import Message, Segment

ACT_CODE = "2.16.840.1.113883.5.4"
_CLASSES = {"I": "IMP", "O": "AMB", "E": "EMER", "P": "PRENC"}
"""HL7 table 0004, patient class: inpatient, outpatient, emergency, preadmit."""
STARTS = frozenset({"A01", "A04"})
ENDS = frozenset({"A03"})
_PEOPLE = ((7, "ATND"), (8, "REF"), (9, "CON"), (17, "ADM"))
_PMSI_ENTRY, _PMSI_EXIT = f"{LOCAL}pmsi-mode-d-entree", f"{LOCAL}pmsi-mode-de-sortie"


def encounter(frame: Frame, message: Message) -> EncompassingEncounter | None:
    """The visit that the message tells of; ``None`` when it has neither a number nor a date: a class is no contact."""
    pv1, pid = message.first("PV1"), message.first("PID")
    if pv1 is None:
        return None
    ids = _numbers(frame, pv1, pid)
    start, end = _bounds(frame, message, pv1)
    if not ids and start is None and end is None:
        return None
    zfm = message.first("ZFM")
    return EncompassingEncounter(
        at=frame.book.spot(pv1.path),
        path=pv1.path,
        ids=ids,
        code=_class(frame, pv1),
        time=frame.book.between(f"{pv1.path}/44", start, end),
        admission_source=_mode(frame, zfm, 1, _PMSI_ENTRY) or _table(frame, pv1, 14, "0023"),
        discharge=_mode(frame, zfm, 2, _PMSI_EXIT) or _table(frame, pv1, 36, "0112"),
        facility=_facility(frame, message, pv1),
        parties=_people(frame, pv1),
    )


def _numbers(frame: Frame, pv1: Segment, pid: Segment | None) -> tuple[Identifier, ...]:
    parts = [*pv1.parts(19), *(pid.parts(18) if pid is not None else ())]
    found = [cx(frame, part, "visit") for part in parts]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _class(frame: Frame, pv1: Segment) -> Concept | None:
    code = pv1.text(2).upper()
    if not code:
        return None
    path = f"{pv1.path}/2"
    written = frame.book.coding(path, code, table_system("0004"), in_body=False, implied=code in _CLASSES)
    meant = (frame.book.derived(path, _CLASSES[code], ACT_CODE),) if code in _CLASSES else ()
    return frame.book.concept(path, *meant, written)


def _bounds(frame: Frame, message: Message, pv1: Segment) -> tuple[PartialDate | None, PartialDate | None]:
    """Admission and discharge: their own fields, else the time of the event when it is one of them."""
    start, end = when(frame, pv1, 44), when(frame, pv1, 45)
    if start is None and message.event in STARTS:
        start = _happened(frame, message)
    if end is None and message.event in ENDS:
        end = _happened(frame, message)
    return start, end


def _happened(frame: Frame, message: Message) -> PartialDate | None:
    evn, zbe = message.first("EVN"), message.first("ZBE")
    found = when(frame, evn, 6) if evn is not None else None
    return found or (when(frame, zbe, 2) if zbe is not None else None)


def _mode(frame: Frame, zfm: Segment | None, field: int, system: str) -> Concept | None:
    code = zfm.text(field) if zfm is not None else ""
    if not code:
        return None
    path = f"ZFM[1]/{field}"
    return frame.book.concept(path, frame.book.coding(path, code, system, in_body=False))


def _table(frame: Frame, pv1: Segment, field: int, number: str) -> Concept | None:
    code = pv1.text(field)
    if not code:
        return None
    path = f"{pv1.path}/{field}"
    return frame.book.concept(path, frame.book.coding(path, code, table_system(number), in_body=False))


def _facility(frame: Frame, message: Message, pv1: Segment) -> Facility | None:
    """The unit of the movement (ZBE-7, else the point of care of PV1-3) inside its establishment."""
    house = _house(frame, pv1)
    zbe = message.first("ZBE")
    unit, number = (zbe.text(7, 1), zbe.text(7, 10)) if zbe is not None else ("", "")
    unit, number = unit or pv1.text(3, 1), number or unit or pv1.text(3, 1)
    if not unit and not number:
        if house is None:
            return None
        return Facility(frame.book.spot(f"{pv1.path}/3"), f"{pv1.path}/3", organization=house)
    path = f"{pv1.path}/3/unit"
    ids = (Identifier(root(frame, "unit"), number),)
    ward = Organization(frame.book.spot(path), path, ids, (unit or number,), part_of=house)
    return Facility(frame.book.spot(f"{pv1.path}/3"), f"{pv1.path}/3", ids, name=unit or None, organization=ward)


def _house(frame: Frame, pv1: Segment) -> Organization | None:
    part = pv1.part(3)
    name, number = part.text(4, 1), part.text(4, 2)
    if not name and not number:
        return None
    path = f"{pv1.path}/3/4"
    ids = (Identifier(root(frame, "facility"), number),) if number else ()
    return Organization(frame.book.spot(path), path, ids, (name,) if name else ())


def _people(frame: Frame, pv1: Segment) -> tuple[Party, ...]:
    found: dict[object, Party] = {}
    for field, kind in _PEOPLE:
        for one in doctors(frame, pv1, field, "encounterParticipant", kind):
            found.setdefault((one.ids, one.names, kind), one)
    return tuple(found.values())
