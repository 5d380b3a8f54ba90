"""A practice whose software exports the portability archive: one IHE XDM archive a patient, a CDA document a day."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

from tests.portability_archive import SUBSET, Portability, entry, metadata, transverse_archive, zipped
from tests.practices.content import Practice, Result
from tests.practices.delimited import people_list

NAME = "PA20260613T101500.ZIP"
_RESULT = """<entry><observation classCode="OBS" moodCode="EVN">
 <templateId root="1.3.6.1.4.1.19376.1.3.1.6"/><id root="2.25.77" extension="{number}-{rank}"/>
 <code code={code} displayName={label} codeSystem="2.25.4242"/><statusCode code="completed"/>
 <effectiveTime value="{day}"/>{value}
</observation></entry>"""
_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><templateId root="1.2.250.1.213.1.1.1.1"/>
 <id root="2.25.88" extension="{practice}-{number}"/>
 <code code="11502-2" displayName="CR d'examens biologiques" codeSystem="2.16.840.1.113883.6.1"/>
 <title>Biologie</title><effectiveTime value="{day}"/>
 <recordTarget><patientRole><id root="2.25.99.1" extension="{person}"/><patient>
  <name><family qualifier="BR">{family}</family><given>{given}</given></name>
  <administrativeGenderCode code="{sex}" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="{birth}"/>
 </patient></patientRole></recordTarget>
 <author><time value="{day}"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="899900001217"/>
  <assignedPerson><name><family>{doctor}</family></name></assignedPerson></assignedAuthor></author>
 <custodian><assignedCustodian><representedCustodianOrganization>
  <id root="urn:semantix:practice" extension="{practice}"/><name>{practice}</name>
 </representedCustodianOrganization></assignedCustodian></custodian>
 <component><structuredBody><component><section>
  <code code="26436-6" codeSystem="2.16.840.1.113883.6.1"/><title>Biologie</title><text>Biologie</text>
  {results}
 </section></component></structuredBody></component>
</ClinicalDocument>"""


def _value(one: Result) -> str:
    unit = f" unit={quoteattr(one.unit)}" if one.unit else ' unit="1"'
    if one.comparator:
        bound = "high" if one.comparator == "<" else "low"
        return f'<value xsi:type="IVL_PQ"><{bound} value="{one.value}"{unit} inclusive="false"/></value>'
    return f'<value xsi:type="PQ" value="{one.value}"{unit}/>'


def _document(practice: Practice, number: int, day: list[Result]) -> bytes:
    person = day[0].person
    results = "".join(
        _RESULT.format(
            number=number,
            rank=rank,
            code=quoteattr(one.label),
            label=quoteattr(one.label),
            day=one.day.strftime("%Y%m%d"),
            value=_value(one),
        )
        for rank, one in enumerate(day, 1)
    )
    return _DOCUMENT.format(
        practice=practice.name,
        number=number,
        day=day[0].day.strftime("%Y%m%d"),
        person=person.number,
        family=person.family,
        given=person.given,
        sex=person.sex,
        birth=person.birth.strftime("%Y%m%d"),
        doctor=practice.doctor,
        results=results,
    ).encode()


def portability(folder: Path, practice: Practice) -> None:
    """The whole archive; a document sent twice is there twice."""
    numbers: dict[tuple[str, object], int] = {}
    held: dict[str, dict[str, bytes]] = {}
    for day in practice.sent():
        number = numbers.setdefault((day[0].person.number, day[0].day), len(numbers) + 1)
        files = held.setdefault(day[0].person.number, {})
        files[f"DOC{len(files) + 1:05d}.XML"] = _document(practice, number, day)
    export = Portability(patients=0)
    export.members = {"TRANSVERSE.ZIP": transverse_archive()}
    for rank, files in enumerate(held.values(), 1):
        members = {
            f"{SUBSET}/METADATA.XML": metadata(files),
            **{f"{SUBSET}/{name}": one for name, one in files.items()},
        }
        export.members[f"PAT{rank:05d}.ZIP"] = zipped(members)
    export.listed = [entry(name, data) for name, data in export.members.items()]
    export.counts = {"patientArchiveCount": str(len(held)), "transverseArchiveCount": "1"}
    (folder / NAME).write_bytes(export.data())


def eo_medecin(folder: Path, practice: Practice) -> None:
    """Five columns and CR alone; the practice's list of patients beside."""
    rows = [
        f"{one.person.number}\t{one.day.isoformat()}\t{one.label}\t{one.written()}\t{one.unit}"
        for day in practice.sent()
        for one in day
    ]
    (folder / "biologie.txt").write_bytes(("\r".join(rows) + "\r").encode("mac-roman"))
    people_list(folder, practice)
