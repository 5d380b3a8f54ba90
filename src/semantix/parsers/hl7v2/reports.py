"""ORU and MDM: results as a document of laboratory results, carried files as documents of their own.

Source: HL7 v2.5, chapters 7 and 9; CI-SIS, volet "Transmission d'un document CDA-R2 en HL7v2" 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import structs

from semantix.errors import UnreadableInput
from semantix.model import (
    Attachment,
    Concept,
    Document,
    Identifier,
    Issue,
    Lineage,
    Link,
    Patient,
    RelatedDocument,
    Section,
    SetAside,
    Severity,
    Statement,
    Withdrawn,
)
from semantix.parsers._claims import Told
from semantix.parsers.cda import parse
from semantix.parsers.hl7v2.account import Fates, whole
from semantix.parsers.hl7v2.datatypes import Frame, concept, entity, when
from semantix.parsers.hl7v2.embedded import Carried, carried, is_carrier, is_metadata, packed, restriction
from semantix.parsers.hl7v2.identity import doctors, patient, relative
from semantix.parsers.hl7v2.message import Segment
from semantix.parsers.hl7v2.results import CORRECTED, Group, battery, groups, is_text, kind_of, words_of
from semantix.parsers.hl7v2.sent import Sent, order, report_id
from semantix.parsers.hl7v2.visit import encounter

NOT_A_CDA = "SX405"
OTHER_PATIENT = "SX406"
RESTRICTED = "SX407"
DAMAGED = "SX408"
LOINC = "2.16.840.1.113883.6.1"
_LABORATORY, _LABORATORY_NAME = "11502-2", "Compte rendu d'examens biologiques"
_CANCELLED = frozenset({"CA", "OC", "DC", "OD", "CR"})
"""HL7 table 0119, ORC-1: the order, and with it the document sent under it, is cancelled."""
_RELATIONS = {"T05": "APND", "T06": "APND", "T07": "RPLC", "T08": "RPLC", "T09": "RPLC", "T10": "RPLC"}
"""What the document of an MDM event is to its parent (TXA-13)."""
_REPLACES = "it replaces a document sent before under the same order"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WITHDRAWN_EVENTS = frozenset({"T11"})
_EDITED = frozenset({"T07", "T08", "T09", "T10"})
"""MDM events of a document that takes the place of what its number had."""
_NOT_AVAILABLE = frozenset({"CA", "OB"})
"""HL7 table 0273, TXA-19: cancelled, obsolete."""
_KIND = re.compile(r"(?:[A-Z][A-Z0-9]{2})?")
"""The form of a type of message and of its event."""


class Report:
    """One message being read: its groups, and the fate of its segments."""

    def __init__(self, sent: Sent) -> None:
        self.sent = sent
        self.message = sent.message
        self.fates = Fates(self.message)
        self.groups = groups(self.message)
        self.txa = self.message.first("TXA")
        self.restrictions: list[str] = []

    def read(self) -> Iterator[Told]:
        """What is withdrawn, documents, then what no document took."""
        yield from self._withdrawn()
        if not any(group.obr is not None or group.results for group in self.groups):
            yield whole(self.message, "administrative", "a notification that holds neither a result nor a document")
            return
        for _, obx in self._observations():
            if is_metadata(obx):
                self.fates.put_aside(obx, "administrative", "a wish about the transport of the document, not a result")
                asked = restriction(obx)
                self.restrictions += [asked] if asked else []
        yield from self._files()
        yield from self._results()
        self.fates.put_aside(self.message.header, "structure", "the header of the message")
        yield from self.fates.rest()

    def _observations(self) -> Iterator[tuple[Group, Segment]]:
        return ((group, obx) for group in self.groups for obx, _ in group.results)

    # --- carried files ------------------------------------------------------------------------------------------

    def _files(self) -> Iterator[Told]:
        for group, obx in self._observations():
            if is_metadata(obx) or not is_carrier(obx):
                continue
            found = carried(obx)
            if found is None:
                self.fates.put_aside(obx, "administrative", "an observation of type ED without content")
            elif self._is_withdrawn(group, obx):
                words = f"the document{self._named(found)} is deleted by its sender"
                for one in (group.orc, group.obr, obx):
                    if one is not None:
                        self.fates.put_aside(one, "withdrawn", words)
                yield self._deleted(group, obx, found)
            else:
                yield self._file(group, obx, found)

    def _is_withdrawn(self, group: Group, obx: Segment) -> bool:
        if obx.text(11).upper() in ("D", "W") or self.message.event in _WITHDRAWN_EVENTS:
            return True
        if self.txa is not None and self.txa.text(19).upper() in _NOT_AVAILABLE:
            return True
        return group.orc is not None and group.orc.text(1).upper() in _CANCELLED

    def _named(self, found: Carried) -> str:
        """The identifier of a carried CDA document, which names nobody, for those who hold it already."""
        document = _cda(found, self.sent.name)
        return f" {document.key}" if document is not None else ""

    def _file(self, group: Group, obx: Segment, found: Carried) -> Document:
        name = f"{self.sent.name}/{obx.path}" if "!/" in self.sent.name else f"{self.sent.name}!/{obx.path}"
        document = _cda(found, name)
        if document is not None:
            return self._linked(document, group, obx)
        return self._attachment(group, obx, found, name)

    def _linked(self, document: Document, group: Group, obx: Segment) -> Document:
        """A CDA document with the order and the parent that the message gives it."""
        frame = self.sent.frame()
        told = order(frame, group.orc, group.obr, document.at)
        known = {one for each in document.orders for one in each.ids}
        orders = document.orders if told is None or set(told.ids) <= known else (*document.orders, told)
        related = document.related or self._parents(frame, document.at)
        who = patient(frame, self.message.first("PID"))
        issues = (*document.issues, *frame.book.issues, *self._doubts(document, who, obx))
        lines = self.fates.take(obx, group.orc, group.obr, self.txa)
        lineage = self._lineage(frame, group, obx)
        return structs.replace(document, orders=orders, related=related, issues=issues, lines=lines, lineage=lineage)

    def _parents(self, frame: Frame, at: object = None) -> tuple[RelatedDocument, ...]:
        relation = _RELATIONS.get(self.message.event)
        parent = entity(frame, self.txa.part(13), "report") if self.txa is not None else None
        if relation is None or parent is None:
            return ()
        return (RelatedDocument(frame.book.spot("TXA[1]/13") if at is None else at, relation, (parent,)),)

    def _doubts(self, document: Document, who: Patient, obx: Segment) -> Iterator[Issue]:
        births = {one.date for one in (document.patient.birth, who.birth) if one is not None}
        if len(births) > 1:
            words = "the message and the document it carries give two birth dates: check for whom it is"
            yield Issue(OTHER_PATIENT, Severity.ERROR, f"{obx.path}/5", words)
        if obx.text(11).upper() == "C":
            yield Issue(CORRECTED, Severity.INFORMATION, f"{obx.path}/11", _REPLACES)
        yield from (Issue(RESTRICTED, Severity.INFORMATION, obx.path, words) for words in self._restricted())

    def _restricted(self) -> Iterator[str]:
        return (
            f"the sender asks that this document be {one}; the output does not hide it" for one in self.restrictions
        )

    def _attachment(self, group: Group, obx: Segment, found: Carried, name: str) -> Document:
        """A file that is no CDA document, kept as it is."""
        frame = self.sent.frame()
        book = frame.book
        if found.is_damaged:
            book.doubt(DAMAGED, f"{obx.path}/5", "not whole base64: kept as it came")
        elif obx.text(5, 3).upper() == "XML" or found.is_xml:
            words = f"announced as XML, no CDA R2 document was found ({found.media_type}): kept as a file"
            book.doubt(NOT_A_CDA, f"{obx.path}/5", words)
        for words in self._restricted():
            book.doubt(RESTRICTED, obx.path, words, Severity.INFORMATION)
        if obx.text(11).upper() == "C":
            book.doubt(CORRECTED, f"{obx.path}/11", _REPLACES, Severity.INFORMATION)
        told = order(frame, group.orc, group.obr)
        label = obx.text(3, 2)
        held = Attachment(book.spot(f"{obx.path}/5"), found.media_type, packed(found.data))
        return self.sent.document(
            frame,
            data=found.data,
            name=name,
            ids=self.sent.ids(obx.path, obx.raw(3), found.data),
            code=concept(frame, obx.part(3), f"{obx.path}/3", in_body=False),
            title=label or None,
            attachments=(held,),
            orders=(told,) if told is not None else (),
            set_id=report_id(frame, group.orc, group.obr),
            lineage=self._lineage(frame, group, obx),
            **self._header(frame, group),
            lines=self.fates.take(*self._around(), group.orc, group.obr, obx),
        )

    # --- as one among others --------------------------------------------------------------------------------------

    def _lineage(self, frame: Frame, group: Group | None = None, obx: Segment | None = None) -> Lineage:
        """The names of a document: the number of TXA-12, and the place that a carried file has under its order."""
        is_edited = self.txa is not None and self.message.event in _EDITED
        is_corrected = obx is not None and obx.text(11).upper() == "C"
        names = (*self._numbers(frame), *self._place(frame, group, obx))
        return Lineage(names=names, is_correction=is_edited or is_corrected)

    def _numbers(self, frame: Frame) -> tuple[Identifier, ...]:
        found = entity(frame, self.txa.part(12), "report") if self.txa is not None else None
        return (found,) if found is not None else ()

    def _place(self, frame: Frame, group: Group | None, obx: Segment | None) -> tuple[Identifier, ...]:
        number = report_id(frame, group.orc, group.obr) if group is not None and obx is not None else None
        if number is None or obx is None:
            return ()
        return (Identifier(f"{number.root}:file", f"{number.extension}/{obx.path}"),)

    def _deleted(self, group: Group, obx: Segment, found: Carried) -> Withdrawn:
        """A carried file that its sender deletes: under its own identifier, its place, or the content given again."""
        frame = self.sent.frame()
        document = _cda(found, self.sent.name)
        own = document.ids[:1] if document is not None else self.sent.ids(obx.path, obx.raw(3), found.data)
        ids = (*own, *self._numbers(frame), *self._place(frame, group, obx))
        return Withdrawn(ids=ids, time=self.sent.sent_at(frame))

    def _withdrawn(self) -> Iterator[Withdrawn]:
        """A document that is cancelled by its number, and reports of which a laboratory says that there are none."""
        frame = self.sent.frame()
        time = self.sent.sent_at(frame)
        numbers = self._numbers(frame)
        is_gone = self.txa is not None and self.txa.text(19).upper() in _NOT_AVAILABLE
        if numbers and (is_gone or self.message.event in _WITHDRAWN_EVENTS):
            yield Withdrawn(ids=numbers, time=time)
        batteries = [group for group in self.groups if group.obr is not None]
        if self.txa is not None or any(group.results for group in self.groups):
            return
        for group in batteries:
            number = report_id(frame, group.orc, group.obr)
            if number is not None and group.obr is not None and group.obr.text(25).upper() == "X":
                yield Withdrawn(number=number, patient=patient(frame, self.message.first("PID")), time=time)

    # --- results ------------------------------------------------------------------------------------------------

    def _results(self) -> Iterator[Document]:
        kept = [obx for _, obx in self._observations() if not is_metadata(obx) and not is_carrier(obx)]
        if not kept and any(group.results for group in self.groups):
            return
        frame = self.sent.frame()
        # The text of a document is no observation of anything.
        is_words = self.message.kind == "MDM" and bool(kept) and all(map(is_text, kept))
        statement = () if is_words else self._statement(frame, kept)
        first = self.groups[0]
        numbers = {report_id(frame, group.orc, group.obr) for group in self.groups}
        told = [order(frame, group.orc, group.obr) for group in self.groups]
        is_lab = any(kind_of(group) == "lab-result" for group in self.groups) and self.message.kind != "MDM"
        code = _type_of(frame, self.txa) if not is_lab else None
        if is_lab:
            code = frame.book.concept("ORU", frame.book.derived("ORU", _LABORATORY, LOINC, _LABORATORY_NAME))
        title = first.obr.text(4, 2) if first.obr is not None else ""
        if not title and self.txa is not None:
            title = self.txa.text(2, 2)
        yield self.sent.document(
            frame,
            ids=self.sent.ids(),
            code=code,
            title=title or (_LABORATORY_NAME if is_lab else "Document"),
            sections=(
                Section(
                    at=frame.book.spot("ORU/section"),
                    path="ORU/section",
                    title=title or None,
                    narrative=narrative(words_of(kept)) if is_words else None,
                    statements=statement,
                ),
            ),
            orders=tuple(one for one in told if one is not None),
            set_id=numbers.pop() if len(numbers) == 1 else None,
            related=self._parents(frame),
            lineage=self._lineage(frame),
            **self._header(frame, first),
            lines=self.fates.take(*self._around(), *self._told_by(kept)),
        )

    def _statement(self, frame: Frame, kept: list[Segment]) -> tuple[Statement, ...]:
        is_mdm = self.message.kind == "MDM"
        kinds = ("observation" if is_mdm else kind_of(group) for group in self.groups)
        found = [battery(frame, group, kept, kind) for group, kind in zip(self.groups, kinds, strict=True)]
        batteries = [one for one in found if one is not None]
        if not any(one.kind == "lab-battery" for one in batteries):
            return tuple(batteries)
        report = Statement(
            at=frame.book.statement("ORU/report"),
            path="ORU/report",
            kind="lab-report",
            code=frame.book.concept("ORU/report", frame.book.derived("ORU/report", _LABORATORY, LOINC)),
            status=_overall(batteries),
            links=tuple(Link("COMP", one) for one in batteries),
        )
        return (report,)

    def _told_by(self, kept: list[Segment]) -> Iterator[Segment | None]:
        wanted = {id(one) for one in kept}
        for group in self.groups:
            yield from (group.orc, group.obr, *group.notes, *group.specimens)
            for obx, notes in group.results:
                if id(obx) in wanted:
                    yield from (obx, *notes)

    # --- both -----------------------------------------------------------------------------------------------------

    def _around(self) -> Iterator[Segment | None]:
        message = self.message
        yield from (message.header, message.first("PID"), message.first("PV1"), self.txa, *message.all("NK1"))

    def _header(self, frame: Frame, group: Group) -> dict[str, Any]:
        """What a document that is made of the message has in its header."""
        txa, obr = self.txa, group.obr
        time = when(frame, txa, 6) or when(frame, txa, 4) if txa is not None else None
        time = time or (when(frame, obr, 22) if obr is not None else None) or self.sent.sent_at(frame)
        people = [one for nk1 in self.message.all("NK1") if (one := relative(frame, nk1)) is not None]
        if txa is not None:
            people += [*doctors(frame, txa, 9, "author", "AUT"), *doctors(frame, txa, 10, "legalAuthenticator", "LA")]
        if obr is not None:
            people += doctors(frame, obr, 32, "participant", "PRF")
        return {
            "patient": patient(frame, self.message.first("PID")),
            "encounter": encounter(frame, self.message),
            "parties": (*self.sent.parties(frame), *people),
            "time": time,
        }


def _type_of(frame: Frame, txa: Segment | None) -> Concept | None:
    """The type of the document that TXA-2 gives."""
    return concept(frame, txa.part(2), "TXA[1]/2", in_body=False) if txa is not None else None


def narrative(text: str) -> str | None:
    """The words of a document as a narrative, lines kept; ``None`` when there are none."""
    if not text.strip():
        return None
    escaped = _CONTROL.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<div xmlns="http://www.w3.org/1999/xhtml"><pre>{escaped}</pre></div>'


def _overall(batteries: list[Statement]) -> str | None:
    """The one status of the batteries, if they have one."""
    found = {one.status for one in batteries}
    return found.pop() if len(found) == 1 else None


def _cda(found: Carried, name: str) -> Document | None:
    if not found.is_xml:
        return None
    try:
        return parse(found.data, name, max_bytes=max(len(found.data), 1))
    except UnreadableInput:
        return None


def refused(sent: Sent) -> SetAside:
    """A kind of message that is not read: it may tell facts."""
    header = sent.message.header
    said = "^".join(one if _KIND.fullmatch(one) else "…" for one in (header.text(9, 1), header.text(9, 2)))
    return whole(sent.message, "unknown-kind", f"a message {said}; ORU, MDM and ADT are read", quarantined=True)
