"""ADT: identity and stay of a patient, and the diagnoses, allergies, acts and measures that come with them.

Source: HL7 v2.5, chapters 3 and 6; IHE PAM, French national extension 2.11 (ZBE, ZFA, ZFD, ZFM).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from semantix.model import (
    Allergy,
    Coding,
    Concept,
    Consent,
    Document,
    Identifier,
    Lineage,
    Observation,
    Party,
    Problem,
    Procedure,
    Section,
    Statement,
    Text,
    Withdrawn,
)
from semantix.parsers._book import LOCAL
from semantix.parsers._claims import Told
from semantix.parsers._findings import Setting, statements
from semantix.parsers.hl7v2.account import Fates, whole
from semantix.parsers.hl7v2.datatypes import Frame, concept, entity, time_of, when
from semantix.parsers.hl7v2.embedded import is_carrier
from semantix.parsers.hl7v2.identity import doctors, patient, relative, role_holder
from semantix.parsers.hl7v2.message import Message, Segment
from semantix.parsers.hl7v2.results import result
from semantix.parsers.hl7v2.sent import Sent
from semantix.parsers.hl7v2.visit import ACT_CODE, encounter
from semantix.text.practice import read_allergy

CANCELLATIONS = frozenset("A11 A12 A13 A23 A25 A26 A27 A29 A32 A33 A38 A52 A53 A55".split())
MERGES = frozenset("A24 A30 A34 A35 A36 A37 A39 A40 A41 A42 A43 A44 A45 A46 A47 A48 A49 A50 A51".split())
CANCELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"A11": ("A01", "A04"), "A13": ("A03",), "A38": ("A05",), "A27": ("A14",), "A25": ("A16",)}
)
"""What a cancellation cancels, of the events that a visit has once."""
_ONCE = frozenset(event for events in CANCELS.values() for event in events)
SWAP = "A17"
"""Two patients change places: each has his own segments."""
_TAKEN = ("MSH", "EVN", "PID", "PV1", "ZBE", "ZFM")
_CONSENTS = ((9, "Alimentation du DMP"), (11, "Consultation du DMP"))
"""ZFA: what the patient said of the feeding and of the consultation of the shared record, each with its date."""
_DMP = f"{LOCAL}pam-fr-zfa"
_SAID = {
    "INO": "informé et non opposé",
    "IO": "informé et opposé",
    "IC": "informé et consentant",
    "INC": "informé et non consentant",
}
_ALLERGY_KINDS = {"DA": "DALG", "FA": "FALG", "EA": "EALG", "AA": "EALG", "PA": "EALG", "LA": "EALG", "MA": "ALG"}
"""HL7 table 0127 to HL7 v3 ActCode."""


def read(sent: Sent) -> Iterator[Told]:
    """The document of an ADT message, or why there is none."""
    message = sent.message
    zbe = message.first("ZBE")
    if message.event in CANCELLATIONS or (zbe is not None and zbe.text(4).upper() == "CANCEL"):
        words = f"cancels what was sent before{_movement(zbe)}, which stays in the output if it was read"
        yield whole(message, "withdrawn", f"{_event(message)}: {words}")
        withdrawn = _withdrawn(sent)
        if withdrawn.ids:
            yield withdrawn
        return
    if message.event in MERGES:
        words = "joins, links or parts numbers of patients; that is not done here: their facts stay under each number"
        yield whole(message, "unknown-kind", f"{_event(message)}: {words}", quarantined=True)
        return
    if message.first("PID") is None:
        yield whole(message, "unreadable", f"{_event(message)}: a patient (PID) was expected", quarantined=True)
        return
    fates = Fates(message)
    yield _document(sent, fates)
    yield from fates.rest()


def _event(message: Message) -> str:
    event = message.event
    return f"ADT^{event}" if event.isascii() and event.isalnum() and len(event) == 3 else "ADT"


def _movement(zbe: Segment | None) -> str:
    number = zbe.text(1) if zbe is not None else ""
    return f" (movement {number})" if number.isascii() and number.isalnum() and len(number) < 20 else ""


def _withdrawn(sent: Sent) -> Withdrawn:
    """What a cancellation cancels: a movement by its number, else the event of the visit."""
    frame, message = sent.frame(), sent.message
    names = _movements(frame, message) or _events(frame, message, CANCELS.get(message.event, ()))
    evn = message.first("EVN")
    told = [when(frame, evn, 6), when(frame, evn, 2)] if evn is not None else []
    times = [one for one in (*told, sent.sent_at(frame)) if one is not None]
    # What is cancelled may have been planned for later than today.
    return Withdrawn(ids=names, time=max(times, key=lambda one: one.iso, default=None))


def _lineage(frame: Frame, message: Message) -> Lineage:
    """The names of a movement: its number (ZBE-1), and its event in the visit when a visit has one."""
    zbe = message.first("ZBE")
    names = (*_movements(frame, message), *_events(frame, message, (message.event,)))
    return Lineage(names=names, is_correction=zbe is not None and zbe.text(4).upper() == "UPDATE")


def _movements(frame: Frame, message: Message) -> tuple[Identifier, ...]:
    zbe = message.first("ZBE")
    found = (entity(frame, part, "movement") for part in (zbe.parts(1) if zbe is not None else ()))
    return tuple(Identifier(f"{one.root}:movement", one.extension) for one in found if one is not None)


def _events(frame: Frame, message: Message, events: Iterable[str]) -> tuple[Identifier, ...]:
    visit = encounter(frame, message)
    number = visit.ids[0] if visit is not None and visit.ids else None
    wanted = (event for event in events if event in _ONCE)
    return tuple(
        Identifier(f"{number.root}:event", f"{number.extension}/{event}") for event in wanted if number is not None
    )


def _document(sent: Sent, fates: Fates) -> Document:
    frame = sent.frame()
    message = sent.message
    statements = _statements(frame, message, fates)
    consents = tuple(_consents(frame, message, fates))
    people = tuple(_people(frame, message, fates))
    evn = message.first("EVN")
    happened = (when(frame, evn, 6) or when(frame, evn, 2)) if evn is not None else None
    section = Section(at=frame.book.spot("ADT/section"), path="ADT/section", statements=statements)
    return sent.document(
        frame,
        ids=sent.ids(),
        title=f"Mouvement {_event(message)}",
        time=happened or sent.sent_at(frame),
        patient=patient(frame, message.first("PID")),
        parties=(*sent.parties(frame), *people),
        encounter=encounter(frame, message),
        consents=consents,
        lineage=_lineage(sent.frame(), message),
        sections=(section,) if statements else (),
        lines=fates.take(*(message.first(name) for name in _TAKEN)) + fates.lines,
    )


def _people(frame: Frame, message: Message, fates: Fates) -> Iterator[Party]:
    for name, read_one in (("NK1", relative), ("ROL", role_holder)):
        for segment in message.all(name):
            found = read_one(frame, segment)
            if found is not None:
                fates.keep(segment)
                yield found


def _consents(frame: Frame, message: Message, fates: Fates) -> Iterator[Consent]:
    zfa = message.first("ZFA")
    if zfa is None:
        return
    for field, words in _CONSENTS:
        code = zfa.text(field).upper()
        if not code:
            continue
        fates.keep(zfa)
        path = f"{zfa.path}/{field}"
        said = _SAID.get(code)
        label = f"{words}: {said}" if said else words
        coding = frame.book.coding(path, code, f"{_DMP}-{field}", label, in_body=False)
        yield Consent(frame.book.spot(path), path, code=frame.book.concept(path, coding), status="completed")


# --- facts ----------------------------------------------------------------------------------------------------------


def _statements(frame: Frame, message: Message, fates: Fates) -> tuple[Statement, ...]:
    readers = {"DG1": _diagnosis, "AL1": _allergy, "PR1": _act, "OBX": _measure}
    found = []
    for one in message.segments:
        reader = readers.get(one.name)
        statement = reader(frame, one) if reader is not None else None
        if statement is not None:
            fates.keep(one)
            found.append(statement)
    return tuple(found)


def _diagnosis(frame: Frame, dg1: Segment) -> Problem | None:
    """DG1: a diagnosis of the stay; without a code, its words."""
    code = concept(frame, dg1.part(3), f"{dg1.path}/3")
    words = dg1.text(4)
    if code is None and not words:
        return None
    when_told = when(frame, dg1, 5)
    what: Concept | Text = code if code is not None else frame.book.text(f"{dg1.path}/4", words)
    is_past = dg1.text(21).upper() == "D" or dg1.text(20).upper() == "D"
    return Problem(
        at=frame.book.statement(dg1.path),
        path=dg1.path,
        kind="problem",
        status="nullified" if is_past else "completed",
        time=frame.book.between(f"{dg1.path}/5", when_told, None),
        text=words or None,
        problem=what,
        parties=doctors(frame, dg1, 16, "author", "AUT"),
    )


def _allergy(frame: Frame, al1: Segment) -> Statement | None:
    """AL1: an allergy of the patient, or that none is known, which some software writes as if it were one."""
    said = read_allergy(al1.text(3, 2) or al1.text(3, 1))
    if said and all(one.kind == "absence" for one in said):
        return next(iter(statements(frame.book, al1.path, said[:1], Setting(sender=frame.sender))), None)
    agent = concept(frame, al1.part(3), f"{al1.path}/3")
    if agent is None:
        return None
    path = al1.path
    kind = al1.text(2).upper()
    meant = _ALLERGY_KINDS.get(kind)
    codings: tuple[Coding, ...] = (frame.book.derived(f"{path}/2", meant, ACT_CODE),) if meant else ()
    if kind:
        system = "http://terminology.hl7.org/CodeSystem/v2-0127"
        codings = (*codings, frame.book.coding(f"{path}/2", kind, system, implied=bool(meant)))
    severity = al1.text(4).upper()
    reaction = al1.text(5)
    return Allergy(
        at=frame.book.statement(path),
        path=path,
        kind="allergy",
        status="completed",
        code=frame.book.concept(f"{path}/2", *codings) if codings else None,
        time=frame.book.between(f"{path}/6", time_of(frame, al1.text(6), f"{path}/6"), None),
        agents=(
            Party(
                at=frame.book.spot(path),
                path=path,
                role="participant",
                type_code="CSM",
                class_code="MANU",
                entity=agent,
                entity_name=agent.label,
            ),
        ),
        severity=_severity(frame, severity, path) if severity else None,
        text=f"Réaction : {reaction}" if reaction else None,
    )


def _severity(frame: Frame, code: str, path: str) -> Concept:
    system = "http://terminology.hl7.org/CodeSystem/v2-0128"
    return frame.book.concept(f"{path}/4", frame.book.coding(f"{path}/4", code, system))


def _act(frame: Frame, pr1: Segment) -> Procedure | None:
    """PR1: an act done during the stay."""
    code = concept(frame, pr1.part(3), f"{pr1.path}/3")
    words = pr1.text(4)
    if code is None and not words:
        return None
    return Procedure(
        at=frame.book.statement(pr1.path),
        path=pr1.path,
        kind="procedure",
        status="completed",
        code=code,
        text=words or None,
        time=frame.book.at(f"{pr1.path}/5", when(frame, pr1, 5)),
        parties=tuple(one for field in (11, 12) for one in doctors(frame, pr1, field, "performer", "PRF")),
    )


def _measure(frame: Frame, obx: Segment) -> Observation | None:
    """OBX: a weight, a size... A file has no place here."""
    return None if is_carrier(obx) else result(frame, [obx], [], "observation")
