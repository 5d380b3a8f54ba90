"""From what sources send to what is kept of it, and from there to fates: messages, Bundles and documents of nobody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from semantix.model import Document, PartialDate, Withdrawn
from semantix.parsers import PARSERS, Piece, read
from semantix.report import Reading
from semantix.runs.lineage import facts_of, links_of, moment_of, withdrawals_of
from semantix.runs.model import DocumentFacts, Fate, Withdrawal
from semantix.runs.sealing import Seal
from semantix.runs.settling import settle

SEAL = Seal(b"a key of nobody, for tests")
LIVE, SUPERSEDED, WITHDRAWN, REPEATED = Fate.LIVE, Fate.SUPERSEDED, Fate.WITHDRAWN, Fate.REPEATED
PERSON = "PID|1||{number}^^^LABO DU PORT^PI||LEMOINE^Zoé^^^^^L||19800104|F"


class Desk:
    """Receives files one after the other, as a register would."""

    def __init__(self) -> None:
        self.documents: list[DocumentFacts] = []
        self.withdrawals: list[Withdrawal] = []

    def receive(self, text: str, name: str = "labo.hl7", practice: str = "Cabinet des Dunes") -> Desk:
        reading = Reading(withdrawn=[])
        assert reading.withdrawn is not None
        for told in read(Piece(data=text.encode(), name=name, practice=practice), PARSERS):
            if isinstance(told, Document):
                number = len(self.documents) + 1
                self.documents.append(facts_of(told, SEAL, id=number, file=1))
            elif isinstance(told, Withdrawn):
                reading.withdrawn.append(told)
        self.withdrawals += withdrawals_of(reading, SEAL, len(self.documents) + 1, 1)
        return self

    def fates(self) -> list[Fate]:
        return [one.fate for one in settle(self.documents, self.withdrawals, frozenset())]


def message(kind: str, *segments: str, day: int = 12, control: str = "77", number: str = "P-12") -> str:
    head = f"MSH|^~\\&|SIL|LABO DU PORT|DPI|CABINET|202403{day}101500||{kind}|{control}|P|2.5|||||FRA|UNICODE UTF-8"
    return "\r".join((head, PERSON.format(number=number), *segments)) + "\r"


def oru(*results: str, day: int = 12, number: str = "P-12", obr: str = "F") -> str:
    """A report R-9 of results such as ``K 4.1 F``."""
    lines = []
    for rank, one in enumerate(results, 1):
        code, value, status = one.split()
        lines.append(f"OBX|{rank}|NM|{code}^{code}^L||{value}|mmol/L|||||{status}")
    battery = f"OBR|1||R-9|BIO^Biologie^L|||20240312080000||||||||||||||||||{obr}"
    return message("ORU^R01^ORU_R01", battery, *lines, day=day, number=number)


# --- laboratory -----------------------------------------------------------------------------------------------------


def test_a_report_sent_again_in_a_bigger_file_is_the_same_one() -> None:
    first, other = oru("K 4.1 F"), oru("NA 140 F", number="P-13")
    desk = Desk().receive(first).receive(other + first.replace("|77|", "|78|"), name="nuit.hl7")
    assert desk.fates() == [LIVE, LIVE, REPEATED]


def test_a_corrected_report_takes_the_place_of_the_first() -> None:
    assert Desk().receive(oru("K 4.1 F", "NA 140 F")).receive(oru("K 5.1 C", "NA 140 F", day=13)).fates() == [
        SUPERSEDED,
        LIVE,
    ]


def test_a_deleted_result_among_others_corrects_the_report() -> None:
    assert Desk().receive(oru("K 4.1 F", "NA 140 F")).receive(oru("K 4.1 D", "NA 140 F", day=13)).fates() == [
        SUPERSEDED,
        LIVE,
    ]


def test_a_correction_of_one_result_alone_stands_beside() -> None:
    assert Desk().receive(oru("K 4.1 F", "NA 140 F")).receive(oru("K 5.1 C", day=13)).fates() == [LIVE, LIVE]


def test_a_report_that_adds_results_stands_beside() -> None:
    assert Desk().receive(oru("K 4.1 F")).receive(oru("K 4.1 F", "NA 140 F", day=13)).fates() == [LIVE, LIVE]


def test_results_that_cannot_be_had_any_more_take_the_place_of_the_report() -> None:
    assert Desk().receive(oru("K 4.1 F")).receive(oru("K 0 X", day=13)).fates() == [SUPERSEDED, LIVE]


@pytest.mark.parametrize("status", ["D", "W"])
def test_a_report_of_deleted_results_withdraws_the_report(status: str) -> None:
    desk = Desk().receive(oru("K 4.1 F", "NA 140 F")).receive(oru(f"K 4.1 {status}", day=13))
    assert desk.fates() == [WITHDRAWN, LIVE]
    assert desk.receive(oru("K 4.4 F", day=14)).fates() == [WITHDRAWN, LIVE, LIVE]


def test_a_report_that_is_cancelled_as_a_whole_is_withdrawn() -> None:
    assert Desk().receive(oru("K 4.1 F")).receive(oru(day=13, obr="X")).fates() == [WITHDRAWN, LIVE]


def test_the_same_number_for_somebody_else_is_another_report() -> None:
    desk = Desk().receive(oru("K 4.1 F")).receive(oru("K 4.1 D", day=13, number="P-99"))
    assert desk.fates() == [LIVE, LIVE]


def test_a_result_at_another_time_of_sampling_is_another_result() -> None:
    later = oru("K 5.1 C", day=13).replace("20240312080000", "20240312090000")
    assert Desk().receive(oru("K 4.1 F")).receive(later).fates() == [LIVE, LIVE]


# --- documents in messages ------------------------------------------------------------------------------------------


def carried(status: str, order: str = "NW", content: str = "JVBERi0xLjQK", day: int = 12) -> str:
    return message(
        "ORU^R01^ORU_R01",
        f"ORC|{order}|D-1|R-9",
        "OBR|1|D-1|R-9|11502-2^CR d'examens biologiques^LN",
        f"OBX|1|ED|11502-2^CR^LN||^AP^PDF^Base64^{content}||||||{status}",
        day=day,
    )


def test_a_carried_file_is_replaced_under_its_order() -> None:
    assert Desk().receive(carried("F")).receive(carried("C", "RO", "JVBERi0xLjUK", 13)).fates() == [SUPERSEDED, LIVE]


def test_a_carried_file_is_deleted_under_its_order_whatever_the_content() -> None:
    assert Desk().receive(carried("F")).receive(carried("D", "CA", "JVBERi0xLjUK", 13)).fates() == [WITHDRAWN]
    assert Desk().receive(carried("D", "CA", day=13)).receive(carried("F")).fates() == [WITHDRAWN]


def mdm(event: str, number: str, words: str = "Bilan", parent: str = "", day: int = 12, state: str = "AV") -> str:
    relation = f"{parent}^DPI" if parent else ""
    txa = f"TXA|1|CR^Compte rendu^L|TX||20240312090000|202403{day}090000||||||{number}^DPI|{relation}||||AU||{state}"
    obx = [f"OBX|1|TX|CR^Compte rendu^L||{words}||||||F"] if words else []
    return message(f"MDM^{event}", txa, *obx, day=day)


def test_an_edited_or_replaced_document_leaves_to_the_new_one() -> None:
    first = mdm("T02", "D1")
    assert Desk().receive(first).receive(mdm("T10", "D2", "Autre", "D1", 13)).fates() == [SUPERSEDED, LIVE]
    assert Desk().receive(first).receive(mdm("T08", "D1", "Autre", day=13)).fates() == [SUPERSEDED, LIVE]
    assert Desk().receive(first).receive(mdm("T06", "D2", "Suite", "D1", 13)).fates() == [LIVE, LIVE]


def test_a_cancelled_document_is_withdrawn_with_or_without_its_words() -> None:
    assert Desk().receive(mdm("T02", "D1")).receive(mdm("T11", "D1", "", day=13)).fates() == [WITHDRAWN]
    assert Desk().receive(mdm("T02", "D1")).receive(mdm("T11", "D1", "Annulé", day=13)).fates() == [WITHDRAWN] * 2


# --- movements ------------------------------------------------------------------------------------------------------


def adt(event: str, action: str = "", day: int = 12, visit: str = "V-1") -> str:
    zbe = (f"ZBE|M-1^CHU|202403{day}||{action}|N",) if action else ()
    return message(
        f"ADT^{event}", f"EVN||202403{day}101500", f"PV1|1|I|||||||||||||||||{visit}^^^CHU^VN", *zbe, day=day
    )


@pytest.mark.parametrize(("event", "cancels"), [("A01", "A11"), ("A03", "A13"), ("A05", "A38")])
def test_a_cancelled_event_of_a_visit_is_withdrawn(event: str, cancels: str) -> None:
    assert Desk().receive(adt(event)).receive(adt(cancels, day=13)).fates() == [WITHDRAWN]
    assert Desk().receive(adt(event)).receive(adt(cancels, day=13, visit="V-2")).fates() == [LIVE]


def test_a_movement_is_updated_and_cancelled_under_its_number() -> None:
    desk = Desk().receive(adt("A02", "INSERT")).receive(adt("Z99", "UPDATE", 13))
    assert desk.fates() == [SUPERSEDED, LIVE]
    assert desk.receive(adt("A12", "CANCEL", 14)).fates() == [WITHDRAWN, WITHDRAWN]


def test_an_update_of_a_person_stands_beside() -> None:
    assert Desk().receive(adt("A01")).receive(adt("A08", day=13)).fates() == [LIVE, LIVE]


# --- FHIR -----------------------------------------------------------------------------------------------------------

PATIENT = {"resourceType": "Patient", "id": "p1", "identifier": [{"system": "urn:oid:1.2.3", "value": "7"}]}


def composition(number: str = "C1", day: int = 8, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Composition",
        "id": "k1",
        "status": "final",
        "identifier": {"system": "urn:oid:1.2.250.1.999.9", "value": number},
        "type": {"coding": [{"system": "http://loinc.org", "code": "11502-2"}]},
        "title": "Compte rendu",
        "date": f"2024-03-0{day}T12:00:00+01:00",
        "subject": {"reference": "Patient/p1"},
        **more,
    }


def bundle(*resources: dict[str, Any], kind: str = "collection", number: str = "") -> str:
    outer = {"identifier": {"system": "urn:oid:1.2.250.1.999.8", "value": number}} if number else {}
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": [{"resource": r} for r in resources], **outer})


def received(*texts: str) -> Desk:
    desk = Desk()
    for text in texts:
        desk.receive(text, "export.json")
    return desk


def test_a_composition_that_replaces_or_amends_supersedes() -> None:
    first = bundle(composition(), PATIENT, kind="document", number="B1")
    says = {
        "relatesTo": [{"code": "replaces", "targetIdentifier": {"system": "urn:oid:1.2.250.1.999.9", "value": "C1"}}]
    }
    replacing = bundle(composition("C2", 9, **says), PATIENT, kind="document", number="B2")
    amended = bundle(composition(day=9, status="amended"), PATIENT, kind="document", number="B2")
    assert received(first, replacing).fates() == [SUPERSEDED, LIVE]
    assert received(first, amended).fates() == [SUPERSEDED, LIVE]


def test_ids_inside_a_document_that_travels_are_no_identity() -> None:
    first, second = (bundle(composition(f"C{n}", n), PATIENT, kind="document", number=f"B{n}") for n in (1, 2))
    assert received(first, second).fates() == [LIVE, LIVE]


def test_a_resource_of_a_server_takes_the_place_of_its_earlier_version() -> None:
    first = bundle(composition("C1", 8, meta={"versionId": "1"}), PATIENT)
    second = bundle(composition("C2", 9, meta={"versionId": "2"}), PATIENT)
    assert received(first, second).fates() == [SUPERSEDED, LIVE]


def test_what_was_entered_in_error_is_withdrawn_with_who_says_so() -> None:
    first = bundle(composition(), PATIENT, kind="document", number="B1")
    wrong = bundle(composition(day=9, status="entered-in-error"), PATIENT, kind="document", number="B2")
    assert received(first, wrong).fates() == [WITHDRAWN, WITHDRAWN]


def test_a_deleted_resource_is_withdrawn_until_it_is_made_again() -> None:
    served = composition(meta={"versionId": "1"})
    gone = {
        "request": {"method": "DELETE", "url": "Composition/k1"},
        "response": {"lastModified": "2024-03-08T13:00:00Z"},
    }
    history = json.dumps({"resourceType": "Bundle", "type": "history", "entry": [gone]})
    desk = received(bundle(served, PATIENT), history)
    assert desk.fates() == [WITHDRAWN]
    desk.receive(bundle(composition("C2", 9, meta={"versionId": "3"}), PATIENT), "export.json")
    assert desk.fates() == [WITHDRAWN, LIVE]


def test_the_deleted_files_of_a_bulk_export_withdraw() -> None:
    line = json.dumps(
        {
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [{"request": {"method": "DELETE", "url": "Composition/k1"}}],
        }
    )
    lines = "\n".join((json.dumps(composition(meta={"versionId": "1"})), json.dumps(PATIENT)))
    desk = Desk().receive(lines + "\n", "export.ndjson").receive(f"{line}\n{line}\n", "deleted.ndjson")
    assert desk.fates() == [WITHDRAWN]


def test_a_reference_to_a_document_replaces_another() -> None:
    def reference(name: str, day: int, **more: Any) -> dict[str, Any]:
        return {
            "resourceType": "DocumentReference",
            "id": name,
            "meta": {"versionId": "1"},
            "status": "current",
            "subject": {"reference": "Patient/p1"},
            "date": f"2024-03-0{day}T12:00:00Z",
            "content": [{"attachment": {"title": name}}],
            **more,
        }

    says = {"relatesTo": [{"code": "replaces", "target": {"reference": "DocumentReference/r1"}}]}
    desk = received(bundle(reference("r1", 8), PATIENT), bundle(reference("r2", 9, **says), PATIENT))
    assert desk.fates() == [SUPERSEDED, LIVE]
    desk.receive(bundle(reference("r2", 9, status="entered-in-error"), PATIENT), "export.json")
    assert desk.fates() == [LIVE, WITHDRAWN, WITHDRAWN]


# --- facts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("iso", "moment"),
    [
        ("2024", "2024"),
        ("2024-03-08", "2024-03-08"),
        ("2024-03-08T10:30:00+01:00", "2024-03-08T09:30:00Z"),
        ("2024-03-08T10:30:00", "2024-03-08"),
        ("2024-13-08T10:30:00Z", "2024-13-08"),
        ("0001-01-01T00:30:00+01:00", "0001-01-01"),
    ],
)
def test_a_moment_is_in_utc_at_the_precision_of_its_source(iso: str, moment: str) -> None:
    assert moment_of(PartialDate(iso, iso, 1)) == moment


def test_a_document_without_a_time_has_no_moment() -> None:
    assert moment_of(None) == ""


def test_nothing_that_is_kept_holds_a_value_of_the_patient() -> None:
    (facts,) = Desk().receive(oru("K 4.1 F")).documents
    kept = repr(facts)
    assert all(word not in kept for word in ("LEMOINE", "P-12", "1980", "R-9"))
    assert facts.report in links_of(facts)
    assert facts.subject_ids


def shared_facts(parts: Sequence[str]) -> list[DocumentFacts]:
    desk = Desk()
    for text in parts:
        desk.receive(text)
    return desk.documents


def test_one_person_has_one_subject_in_every_message() -> None:
    one, other, stranger = shared_facts((oru("K 4.1 F"), oru("NA 140 F"), oru("K 4.1 F", number="P-99")))
    assert one.subject == other.subject != stranger.subject
    assert one.subject_ids == other.subject_ids != stranger.subject_ids


# --- other sources --------------------------------------------------------------------------------------------------

HPRIM = (
    "H|~^\\&|F1||LABTIL~LABO DES TILLEULS||ORU|||ROSEAU~DR ROSEAU||P|H2.3~C|2024011{day}1030\n"
    "P|1|1234||||ROUX~LEA||19840308|F\n"
    "OBR|1|E-1|E-1|NFS~Numération~L|||202401150900\n"
    "OBX|1|NM|HB~Hémoglobine~L||{value}|g/dL|12.0-16.0|N|||{status}|||202401150900\n"
)


def hprim(value: str, status: str, day: int) -> str:
    return HPRIM.replace("{value}", value).replace("{status}", status).replace("{day}", str(day))


def test_a_report_of_hprim_sante_is_corrected_and_withdrawn_by_the_number_of_its_specimen() -> None:
    first = hprim("13,8", "F", 5)
    assert received_as("x.hpr", first, hprim("11,8", "C", 6)).fates() == [SUPERSEDED, LIVE]
    assert received_as("x.hpr", first, hprim("13,8", "D", 6)).fates() == [WITHDRAWN, LIVE]
    assert received_as("x.hpr", first, hprim("11,8", "F", 6)).fates() == [LIVE, LIVE]


def received_as(name: str, *texts: str) -> Desk:
    desk = Desk()
    for text in texts:
        desk.receive(text, name)
    return desk


def cda(number: str, version: int, parent: str = "", day: int = 1, person: str = "7") -> str:
    return (
        '<ClinicalDocument xmlns="urn:hl7-org:v3"><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>'
        f'<id root="1.2.250.1.999.1" extension="{number}"/><code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/>'
        f'<effectiveTime value="2024030{day}101500+0100"/><setId root="1.2.250.1.999.2" extension="S"/>'
        f'<versionNumber value="{version}"/><recordTarget><patientRole>'
        f'<id root="1.2.250.1.999.3" extension="{person}"/><patient/></patientRole></recordTarget>'
        f"{parent}<component><nonXMLBody><text>-</text></nonXMLBody></component></ClinicalDocument>"
    )


def parent(code: str, number: str) -> str:
    inner = f'<id root="1.2.250.1.999.1" extension="{number}"/>'
    return f'<relatedDocument typeCode="{code}"><parentDocument>{inner}</parentDocument></relatedDocument>'


def in_set(version: str = "") -> str:
    inner = f'<id nullFlavor="NI"/><setId root="1.2.250.1.999.2" extension="S"/>{version}'
    return f'<relatedDocument typeCode="RPLC"><parentDocument>{inner}</parentDocument></relatedDocument>'


def test_cda_documents_follow_their_set_and_their_parents() -> None:
    first = cda("A", 1)
    assert received_as("x.xml", first, cda("B", 2)).fates() == [SUPERSEDED, LIVE]
    assert received_as("x.xml", first, cda("B", 2, person="8")).fates() == [LIVE, LIVE]
    assert received_as("x.xml", first, cda("B", 1)).fates() == [LIVE, LIVE]
    assert received_as("x.xml", first, cda("B", 1, parent("RPLC", "A"))).fates() == [SUPERSEDED, LIVE]
    assert received_as("x.xml", first, cda("B", 1, parent("APND", "A"))).fates() == [LIVE, LIVE]
    assert received_as("x.xml", first, cda("B", 1, in_set('<versionNumber value="1"/>'))).fates() == [SUPERSEDED, LIVE]
    assert received_as("x.xml", first, first).fates() == [LIVE, REPEATED]


def test_the_deletions_of_the_corpus_withdraw_what_they_carry(shared: Path) -> None:
    folder = shared / "corpus" / "hl7v2" / "oru"
    for sent, deleted in (
        ("message_ORU_CR_Bio_INIT_N1_N3.hl7", "message_ORU_CR_Bio_DEL_N1_N3.er7"),
        ("message_ORU_CR_Bio_RPLC_N1_Base64_N3_Base64.er7", "message_ORU_CR_Bio_DEL_N1_Base64_N3_Base64.er7"),
    ):
        texts = [(folder / name).read_text("utf-8") for name in (sent, deleted)]
        for order in (texts, texts[::-1]):
            desk = Desk()
            for text in order:
                desk.receive(text)
            assert desk.documents
            assert WITHDRAWN in desk.fates()
