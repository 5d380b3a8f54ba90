"""Who a message is about, and the people around: PID, NK1, ROL, PV1.

Source: HL7 v2.5, chapter 3; IHE PAM, French national extension 2.11 (PID-3 INS, PID-32 VALI, PID-11 BDL).
"""

from __future__ import annotations

from semantix import systems
from semantix.identifiers import QUALIFIED, ins_of
from semantix.model import Address, Concept, Identifier, Organization, Party, Patient, Severity
from semantix.parsers.hl7v2.datatypes import (
    BIRTHPLACES,
    Frame,
    address,
    authority,
    birth,
    concept,
    cx,
    names,
    person,
    professional,
    telecom,
    when,
)
from semantix.parsers.hl7v2.message import Part, Segment

NOT_QUALIFIED = "SX404"
GENDER = "2.16.840.1.113883.5.1"
_NATIONAL = frozenset({"INS", "INS-C", "INS-A", "INS-NIR", "INS-NIA", "NH", "SS", "NNFRA", "NI", "SSN"})
"""Types of PID-3 whose number is national: a NIR, or derived from one."""
_SEXES = {"M": "M", "F": "F", "U": "U", "O": "UN", "A": "UN", "N": "UN"}
_YES, _NO = frozenset({"Y", "O", "1"}), frozenset({"N", "0"})


def patient(frame: Frame, pid: Segment | None) -> Patient:
    """The patient of PID; one without it is known by the document alone."""
    if pid is None:
        return Patient(at=frame.book.spot("PID"), path="PID")
    homes, birthplace = _places(pid)
    order = pid.text(25)
    return Patient(
        at=frame.book.spot(pid.path),
        path=pid.path,
        ids=_numbers(frame, pid),
        names=names(pid.parts(5)),
        gender=_gender(frame, pid),
        birth=birth(frame, pid, 7),
        birth_place=birthplace,
        birth_place_name=pid.text(23) or None,
        addresses=homes,
        telecoms=tuple(t for field in (13, 14) for p in pid.parts(field) if (t := telecom(p)) is not None),
        marital_status=_table(frame, pid, 16, "0002"),
        deceased=_flag(pid.text(30)),
        deceased_time=when(frame, pid, 29),
        multiple_birth=_flag(pid.text(24)),
        multiple_birth_order=int(order) if order.isascii() and order.isdigit() and len(order) < 3 else None,
        languages=(pid.text(15).lower(),) if len(pid.text(15)) == 2 and pid.text(15).isalpha() else (),
    )


def _numbers(frame: Frame, pid: Segment) -> tuple[Identifier, ...]:
    """The INS if the identity is qualified, then the local numbers. No other national number leaves the message."""
    statuses = {part.text(1).upper() for part in pid.parts(32)}
    found: list[Identifier] = []
    left_out = 0
    for part in (*pid.parts(3), *pid.parts(2)):
        oid = authority(part.text(4, 1), part.text(4, 2))
        if oid in systems.INS_OIDS:
            ins = ins_of(part.text(1), oid or "", QUALIFIED if QUALIFIED in statuses else "")
            left_out += ins is None
            found[:0] = [ins] if ins is not None else []
        elif oid == systems.INS_C or part.text(5).upper() in _NATIONAL:
            left_out += 1
        elif (local := cx(frame, part, "patient")) is not None:
            found.append(local)
    if left_out:
        words = f"{left_out} national numbers were left out: an INS is one only with the status VALI (PID-32)"
        frame.book.doubt(NOT_QUALIFIED, f"{pid.path}/3", words, Severity.INFORMATION)
    return tuple(dict.fromkeys(found))


def _places(pid: Segment) -> tuple[tuple[Address, ...], Address | None]:
    homes = []
    birthplace = None
    for part in pid.parts(11):
        found = address(part)
        if found is None:
            continue
        if part.text(7).upper() in BIRTHPLACES:
            birthplace = birthplace or found
        else:
            homes.append(found)
    return tuple(homes), birthplace


def _gender(frame: Frame, pid: Segment) -> Concept | None:
    code = pid.text(8).upper()
    if not code:
        return None
    path = f"{pid.path}/8"
    known = _SEXES.get(code)
    if known == code:
        return frame.book.concept(path, frame.book.coding(path, code, GENDER, in_body=False, implied=True))
    written = frame.book.coding(path, code, table_system("0001"), in_body=False, implied=True)
    meant = (frame.book.derived(path, known, GENDER),) if known else ()
    return frame.book.concept(path, *meant, written)


def table_system(number: str) -> str:
    """The URI of an HL7 v2 table."""
    return f"http://terminology.hl7.org/CodeSystem/v2-{number}"


def _table(frame: Frame, segment: Segment, field: int, number: str) -> Concept | None:
    part = segment.part(field)
    code = part.text(1)
    if not code:
        return None
    path = f"{segment.path}/{field}"
    coding = frame.book.coding(path, code, table_system(number), part.text(2) or None, in_body=False)
    return frame.book.concept(path, coding)


def _flag(text: str) -> bool | None:
    return True if text.upper() in _YES else False if text.upper() in _NO else None


# --- people around --------------------------------------------------------------------------------------------------


def doctor(frame: Frame, part: Part, path: str, role: str, type_code: str) -> Party | None:
    """XCN: somebody who takes part, by number or by name."""
    number, name = professional(frame, part), person(part)
    if number is None and not name:
        return None
    return Party(
        at=frame.book.spot(path),
        path=path,
        role=role,
        type_code=type_code,
        class_code="ASSIGNED",
        ids=(number,) if number is not None else (),
        names=name,
    )


def doctors(frame: Frame, segment: Segment, field: int, role: str, type_code: str) -> tuple[Party, ...]:
    """Everybody of a field of type XCN, once."""
    path = f"{segment.path}/{field}"
    found = [doctor(frame, part, f"{path}/{n}", role, type_code) for n, part in enumerate(segment.parts(field), 1)]
    return tuple(one for one in found if one is not None)


def role_holder(frame: Frame, rol: Segment) -> Party | None:
    """ROL: a professional with a function around the patient (``ODRP``, the declared general practitioner)."""
    found = doctor(frame, rol.part(4), rol.path, "participant", "IND")
    if found is None:
        return None
    return Party(
        at=found.at,
        path=found.path,
        role=found.role,
        type_code=found.type_code,
        class_code=found.class_code,
        ids=found.ids,
        names=found.names,
        function=concept(frame, rol.part(3), f"{rol.path}/3", in_body=False),
        addresses=tuple(a for part in rol.parts(11) if (a := address(part)) is not None),
        telecoms=tuple(t for part in rol.parts(12) if (t := telecom(part)) is not None),
    )


def relative(frame: Frame, nk1: Segment) -> Party | None:
    """NK1: somebody close to the patient, whom to call or to trust."""
    called = names(nk1.parts(2))
    if not called:
        return None
    return Party(
        at=frame.book.spot(nk1.path),
        path=nk1.path,
        role="participant",
        type_code="IND",
        class_code="NOK" if nk1.text(7).upper() == "N" else "ECON",
        code=concept(frame, nk1.part(3), f"{nk1.path}/3", in_body=False),
        names=called,
        addresses=tuple(a for part in nk1.parts(4) if (a := address(part)) is not None),
        telecoms=tuple(t for field in (5, 6) for p in nk1.parts(field) if (t := telecom(p)) is not None),
    )


def sender_party(frame: Frame, name: str) -> Party:
    """Who sent the message, as its author."""
    book = frame.book
    maker = Organization(
        at=book.spot("MSH[1]/4"), path="MSH[1]/4", ids=(Identifier(_sender_root(frame), name),), names=(name,)
    )
    return Party(at=book.spot("MSH[1]/4/party"), path="MSH[1]/4/party", role="author", organization=maker)


def _sender_root(frame: Frame) -> str:
    return "urn:semantix:sender" if not frame.practice else f"urn:semantix:sender:{'-'.join(frame.practice.split())}"


def custodian(frame: Frame) -> tuple[Party, ...]:
    """The practice that keeps the message."""
    if not frame.practice:
        return ()
    book = frame.book
    keeper = Organization(
        at=book.spot("practice"),
        path="practice",
        ids=(Identifier("urn:semantix:practice", frame.practice),),
        names=(frame.practice,),
    )
    return (Party(at=book.spot("practice/party"), path="practice/party", role="custodian", organization=keeper),)
