from decimal import Decimal

from semantix.emitters import fhir, omop
from semantix.model import Concept, Quantity, Range, Ratio, Text, TimeSpan

LOINC = "2.16.840.1.113883.6.1"
OBR = "OBR|1|D-1^CABINET|R-9^LABO|NFS^Numération^L|||20240312080000||||||||SANG&Sang total|||||||20240312100000||LAB|F"


def value_of(observation):
    (value,) = observation.values
    return value


def test_a_number_keeps_its_digits_unit_range_flag_and_date(result):
    one = result("OBX|1|NM|718-7^Hémoglobine^LN^HB^Hb^L||13.40|g/dL|12.0 - 16.0|N|||F|||20240312093000")
    value = value_of(one)
    assert (str(value.value), value.unit) == ("13.40", "g/dL")
    assert [(c.system, c.code) for c in one.code.codings] == [
        (LOINC, "718-7"),
        ("urn:semantix:local:labo-du-port", "HB"),
    ]
    (reference,) = one.ranges
    assert (reference.value.low.value, reference.value.high.value, reference.text) == (
        Decimal("12.0"),
        Decimal("16.0"),
        "12.0 - 16.0",
    )
    assert one.interpretations[0].codings[0].code == "N"
    assert (one.status, one.time.value.iso) == ("completed", "2024-03-12T09:30:00+01:00")


def test_a_national_code_goes_before_a_local_one_wherever_it_stands(result):
    one = result("OBX|1|NM|K^Potassium^L^2823-3^Potassium^LN||4.1|mmol/L|||||F")
    assert [c.code for c in one.code.codings] == ["2823-3", "K"]


def test_a_label_without_a_code_is_its_own_local_code(result):
    coding = result("OBX|1|NM|^Potassium||4.1|mmol/L|||||F").code.codings[0]
    assert (coding.code, coding.display) == ("Potassium", "Potassium")


def test_other_systems_keep_their_name(result):
    def system(name):
        return result(f"OBX|1|NM|X^Y^{name}||1|||||||F").code.codings[0].system

    assert system("2.16.840.1.113883.6.1") == LOINC
    assert system("HL70163") == "http://terminology.hl7.org/CodeSystem/v2-0163"
    assert system("99LAB") == "urn:semantix:local:labo-du-port"
    assert system("CLA") == "urn:semantix:local:labo-du-port-cla"


def test_without_its_own_date_a_result_has_that_of_its_battery(result):
    assert result("OBX|1|NM|K^Potassium^L||4.1|||||||F").time.value.iso == "2024-03-12T08:00:00+01:00"


def test_a_number_with_a_comma_or_a_bound_is_read(result):
    assert value_of(result("OBX|1|NM|K^K^L||4,1|mmol/L|||||F")).value == Decimal("4.1")
    bound = value_of(result("OBX|1|ST|CRP^CRP^L||< 5|mg/L|||||F"))
    assert (bound.comparator, bound.value, bound.unit) == ("<", Decimal(5), "mg/L")


def test_a_number_that_is_none_stays_text_with_a_doubt(read):
    reading = read(OBR, "OBX|1|NM|PLQ^Plaquettes^L||agrégats|G/L|||||F")
    assert "SX402" in reading.codes()
    assert all("agrégats" not in issue.message for issue in reading.document.issues)


def test_structured_numbers_are_bounds_titres_and_intervals(result):
    def read_one(text):
        return value_of(result(f"OBX|1|SN|T^Titre^L||{text}|UI/mL|||||F"))

    assert read_one(">^200").comparator == ">"
    titre = read_one("^1^:^128")
    assert isinstance(titre, Ratio)
    assert titre.denominator.value == 128
    interval = read_one("^10^-^20")
    assert isinstance(interval, Range)
    assert (interval.low.value, interval.high.value) == (10, 20)
    assert isinstance(read_one("^3^+"), Text)
    assert isinstance(read_one("^beaucoup"), Text)
    assert isinstance(read_one("~^7"), Quantity)


def test_codes_dates_and_pointers_are_themselves(result):
    coded = value_of(result("OBX|1|CWE|GS^Groupe^L||A^Groupe A^L^^^^^^groupe A||||||F"))
    assert isinstance(coded, Concept)
    assert (coded.codings[0].code, coded.text) == ("A", "groupe A")
    dated = value_of(result("OBX|1|DT|D^Date^L||20240301||||||F"))
    assert isinstance(dated, TimeSpan)
    assert dated.value.iso == "2024-03-01"
    assert value_of(result("OBX|1|DT|D^Date^L||bientôt||||||F")).value == "bientôt"
    pointer = value_of(result("OBX|1|RP|I^Image^L||//serveur/1.jpg^PACS^image^jpeg||||||F"))
    assert (pointer.url, pointer.media_type) == ("//serveur/1.jpg", "image/jpeg")
    assert value_of(result("OBX|1|XPN|N^Nom^L||LE GALL^Anne||||||F")).value == "LE GALL Anne"


def test_lines_of_one_text_are_one_result(read):
    text = "OBX|{n}|TX|COM^Commentaire^L||{words}||||||F"
    reading = read(OBR, text.format(n=1, words="Un"), text.format(n=2, words="Deux\\.br\\Trois"), "NTE|1||vu")
    (link,) = reading.document.sections[0].statements[0].links[0].statement.links
    assert value_of(link.statement).value == "Un\nDeux\nTrois"
    assert [note.text for note in link.statement.notes] == ["vu"]


def test_several_coded_answers_stay_several(result):
    one = result("OBX|1|CE|GERME^Germe^L||ECO^E. coli^L~KLP^K. pneumoniae^L||||||F")
    assert [value.codings[0].code for value in one.values] == ["ECO", "KLP"]


def test_statuses_say_what_never_was(result, read):
    def status(code):
        return result(f"OBX|1|NM|K^K^L||4|mmol/L||||{'' if not code else '|' + code}").status

    assert (status("F"), status("P"), status("X"), status("D"), status("W"), status("")) == (
        "completed",
        "active",
        "cancelled",
        "nullified",
        "nullified",
        None,
    )
    assert "SX410" in read(OBR, "OBX|1|NM|K^K^L||4|mmol/L|||||?").codes()
    assert "SX413" in read(OBR, "OBX|1|NM|K^K^L||4|mmol/L|||||C").codes()


def test_a_result_that_cannot_be_obtained_has_no_value_and_says_so(result):
    one = result("OBX|1|NM|K^Potassium^L||||||||X")
    assert (one.values, one.null, one.status) == ((), "NA", "cancelled")


def test_flags_of_a_sender_are_kept_beside_what_they_mean(result):
    (flag,) = result("OBX|1|NM|K^K^L||4,1|mmol/L||*|||F").interpretations
    assert [c.code for c in flag.codings] == ["A", "*"]
    (flag,) = result("OBX|1|NM|K^K^L||4,1|mmol/L||bizarre|||F").interpretations
    assert [c.code for c in flag.codings] == ["bizarre"]


def test_a_flag_inside_the_value_is_read(result):
    one = result("OBX|1|ST|CHOL^Cholestérol^L||2,19 *|g/L|||||F")
    assert value_of(one).value == Decimal("2.19")
    assert one.interpretations[0].codings[0].code == "A"


def test_a_range_that_is_words_stays_words(result):
    (reference,) = result("OBX|1|NM|K^K^L||4.1|mmol/L|selon l'âge||||F").ranges
    assert (reference.value, reference.text) == (None, "selon l'âge")


def test_methods_and_who_answers_are_kept(result):
    one = result(
        "OBX|1|NM|K^K^L||4.1|mmol/L|||||F||||^LABO ANNEXE"
        "|801234567897^RIOU^Jean^^^^^^&1.2.250.1.71.4.2.1&ISO|EISE^Ionométrie^L"
    )
    assert one.methods[0].codings[0].code == "EISE"
    assert {party.organization.names[0] for party in one.parties if party.organization} == {"LABO ANNEXE"}
    assert [party.ids[0].extension for party in one.parties if party.ids] == ["801234567897"]


def test_the_order_the_specimen_and_the_comments_are_told(read):
    reading = read(
        "ORC|RE|D-1^CABINET|R-9^LABO",
        OBR,
        "NTE|1||À jeun",
        "SPM|1|S1&CABINET^S2&LABO||SER^Sérum^L",
        "OBX|1|NM|K^K^L||4.1|mmol/L|||||F",
    )
    document = reading.document
    (order,) = document.orders
    assert [one.extension for one in order.ids] == ["D-1", "R-9"]
    battery = document.sections[0].statements[0].links[0].statement
    assert (battery.kind, battery.status, battery.notes[0].text) == ("lab-battery", "completed", "À jeun")
    assert [one.extension for one in battery.specimens[0].ids] == ["S1", "S2"]
    assert battery.specimens[0].code.codings[0].code == "SER"
    assert document.set_id.extension == "R-9"
    assert document.time.iso == "2024-03-12T10:00:00+01:00"


def test_the_source_of_an_obr_is_a_specimen(read):
    battery = read(OBR, "OBX|1|NM|K^K^L||4.1").document.sections[0].statements[0].links[0].statement
    assert battery.specimens[0].code.codings[0].display == "Sang total"


def test_what_no_laboratory_did_is_an_observation(read):
    obr = "OBR|1||R-1|ECHO^Échographie^L|||20240312|||||||||||||||||US|F"
    statement = read(obr, "OBX|1|TX|CR^Compte rendu^L||Normal||||||F").document.sections[0].statements[0]
    assert (statement.kind, statement.links[0].statement.kind) == ("panel", "observation")


def test_observations_without_an_order_are_read(read):
    reading = read("OBX|1|NM|K^K^L||4.1|mmol/L|||||F")
    assert reading.document.sections[0].statements[0].links[0].statement.links


def test_an_order_without_results_is_told(read):
    battery = read(OBR).document.sections[0].statements[0].links[0].statement
    assert battery.links == ()


def test_a_notification_without_results_is_set_aside(read):
    assert read().reasons == ["administrative"]


def test_what_is_sent_again_is_the_same_document(raw, message):
    first = message("PID|1||7", OBR, "OBX|1|NM|K^K^L||4.1")
    again = first.replace("|77|P|", "|78|P|").replace("20240312101500", "20240313111111")
    other = first.replace("||4.1", "||4.2")
    keys = [raw(text.encode()).document.key for text in (first, again, other)]
    assert keys[0] == keys[1] != keys[2]


def test_unknown_segments_are_quarantined_one_by_one(read):
    reading = read(OBR, "OBX|1|NM|K^K^L||4.1", "ZZZ|1", "ZZZ|2")
    assert [(one.reason, one.lines, one.quarantined) for one in reading.aside] == [("unknown-kind", 1, True)] * 2


def test_a_message_of_results_reaches_both_targets_whole(read):
    document = read(
        "ORC|RE|D-1^CABINET|R-9^LABO",
        OBR,
        "OBX|1|NM|718-7^Hémoglobine^LN||13.4|g/dL|12-16|H|||F",
        "OBX|2|NM|NA^Sodium^L||999|mmol/L|||||W",
        "OBX|3|CE|GS^Groupe^L||A^Groupe A^L||||||F",
    ).document
    emission = fhir.emit(document)
    account = emission.ledger.account(document)
    assert (account.codes_read, account.statements_read) == (account.codes_carried, account.statements_carried)
    observations = [r for r in emission.resources if r["resourceType"] == "Observation"]
    assert {r["status"] for r in observations} == {"final", "entered-in-error"}
    rows = omop.emit(document)
    assert rows.ledger.account(document).balanced
    assert [row["value_as_number"] for row in rows.rows["measurement"] if "value_as_number" in row] == [13.4]


def test_other_kinds_of_messages_are_told(read):
    assert read(kind="ACK^R01").reasons == ["acknowledgement"]
    assert read("MSA|AA|015", kind="ORU^R01", pid="").reasons == ["acknowledgement"]
    assert read(kind="QBP^Q22").reasons == ["acknowledgement"]
    unknown = read("SCH|1", kind="SIU^S12").aside[0]
    assert (unknown.reason, unknown.quarantined, unknown.lines) == ("unknown-kind", True, 3)


def test_quirk_34_a_point_alone_is_no_value(result):
    one = result("OBX|1|NM|TSH^TSH^L||.|mUI/L|||||F")
    assert (one.values, one.null) == ((), "NI")


def test_a_message_sent_again_under_another_number_is_the_same_document(raw, message):
    first = message("PID|1||7", "OBR|1||R-1", "OBX|1|NM|GLY^Glycémie^L||5.5|mmol/L|||||F")
    again = first.replace("20240312101500", "20240313080000").replace("|77|", "|78|")
    one, other = (raw(text.encode()).document for text in (first, again))
    assert (one.key, one.source.sha256) == (other.key, other.source.sha256)
    assert one.ids[1] != other.ids[1]


def test_each_patient_of_a_message_has_his_own_results(read):
    found = read(
        "PV1|1|I|CARD^1", "OBR|1||R-1|GLY^Glycémie^L", "OBX|1|NM|GLY^Glycémie^L||5.5|mmol/L|||||F",
        "PID|2||P-13^^^LABO DU PORT^PI||TANGUY^Loïc||19900202|M",
        "OBR|1||R-2|GLY^Glycémie^L", "OBX|1|NM|GLY^Glycémie^L||12.5|mmol/L|||||F",
    )  # fmt: skip
    said = {}
    for document in found.documents:
        battery = document.sections[0].statements[0].links[0].statement
        said[document.patient.ids[0].extension] = str(battery.links[0].statement.values[0].value)
    assert said == {"P-12": "5.5", "P-13": "12.5"}
    assert len({one.key for one in found.documents} | {one.source.sha256 for one in found.documents}) == 4
    assert found.documents[1].encounter is None
    people = {omop.emit(one).rows["person"][0]["person_id"] for one in found.documents}
    assert len(people) == 2


def test_patients_without_a_number_in_one_message_stay_two_people(read):
    found = read(
        "OBX|1|NM|GLY^Glycémie^L||5.5|mmol/L", "PID|2||||TANGUY^Loïc||19900202|M",
        "OBX|1|NM|GLY^Glycémie^L||12.5|mmol/L",
        pid="PID|1||||RIOU^Lia||19800101|F",
    )  # fmt: skip
    assert len({omop.emit(one).rows["person"][0]["person_id"] for one in found.documents}) == 2


def test_the_text_of_a_document_is_no_observation(read):
    document = read(
        "TXA|1|CRH^Compte rendu^L|TX|20240305", "OBX|1|TX|CRH^CR^L||Vu ce jour.",
        "OBX|2|TX|CRH^CR^L||TA < 14/8.", kind="MDM^T02"
    ).document  # fmt: skip
    (section,) = document.sections
    assert section.statements == ()
    assert "Vu ce jour.\nTA &lt; 14/8." in section.narrative
    assert document.title == "Compte rendu"
    rows = omop.emit(document, omop.OmopOptions(keep_text=True)).rows
    assert "measurement" not in rows
    assert "Vu ce jour.\nTA < 14/8." in rows["note"][0]["note_text"]


def test_a_kind_of_message_that_may_be_a_value_is_not_told(read):
    unknown = read("SCH|1", kind="M. ESSAI^ZQDUPOND").aside[0]
    assert unknown.message == "a message …^…; ORU, MDM and ADT are read"
