from semantix.emitters import fhir, omop

NUMBER = 1_800_175_123_456
INS = f"{NUMBER}{97 - NUMBER % 97:02d}"


def pid(*, ins=INS, status="VALI", more=""):
    numbers = f"000003^^^CHU DES DUNES&000897406&N^PI~{ins}^^^ASIP&1.2.250.1.213.1.4.10&ISO^INS"
    return (
        f"PID|1||{numbers}||LEMOINE^Zoé^Zoé Anne^^^^L~DURIEUX^Zoé^^^^^D~Z^^^^^^S||19800104|F|||"
        "4 rue du Môle^^BREST^^29200^FRA^H~^^^^^^BDL^^29019||^PRN^PH^^^^^^^^^0298000000|||M||"
        f"240006^^^CHU DES DUNES&000897406&M^AN|||||||1|||{more or '||'}||{status}"
    )


EVN = "EVN||20240306111154||||20240306110000"
PV1 = (
    "PV1|1|I|^^^CHU DES DUNES&000897406&M|R|||801234567897^RIOU^Jean^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
    "||||||||||||897^^^CHU DES DUNES&000897406&M^VN"
)
ZBE = "ZBE|001^CHU|20240306110000||INSERT|N||Chirurgie V^^^^^CHU^UF^^^6268||HMS"


def test_an_admission_is_a_stay_with_its_number_unit_and_date(read):
    document = read(EVN, PV1, ZBE, pid=pid(), kind="ADT^A01^ADT_A01").document
    stay = document.encounter
    assert [one.extension for one in stay.ids] == ["897", "240006"]
    assert stay.time.low.iso == "2024-03-06T11:00:00+01:00"
    assert [c.code for c in stay.code.codings] == ["IMP", "I"]
    assert (stay.facility.name, stay.facility.organization.part_of.names) == ("Chirurgie V", ("CHU DES DUNES",))
    assert stay.parties[0].ids[0].extension == "801234567897"
    encounter = next(r for r in fhir.emit(document).resources if r["resourceType"] == "Encounter")
    assert (encounter["class"]["code"], encounter["period"]["start"][:10]) == ("IMP", "2024-03-06")
    visit = omop.emit(document).rows["visit_occurrence"][0]
    assert (visit["visit_concept_id"], visit["visit_start_date"]) == (9201, "2024-03-06")


def test_a_discharge_ends_the_stay(read):
    document = read(EVN, PV1, pid=pid(), kind="ADT^A03").document
    assert (document.encounter.time.low, document.encounter.time.high.date) == (None, "2024-03-06")


def test_dates_of_the_stay_go_before_those_of_the_event(read):
    pv1 = PV1 + "|" * 25 + "20240301|20240309"
    assert pv1.split("|")[44] == "20240301"
    time = read(EVN, pv1, pid=pid(), kind="ADT^A03").document.encounter.time
    assert (time.low.iso, time.high.iso) == ("2024-03-01", "2024-03-09")


def test_a_class_alone_is_no_stay(read):
    assert read(EVN, "PV1|1|N", pid="PID|1||7", kind="ADT^A08").document.encounter is None


def test_a_movement_without_an_event_time_is_dated_by_the_movement(read):
    document = read(PV1, ZBE, pid=pid(), kind="ADT^A01").document
    assert document.encounter.time.low.date == "2024-03-06"
    assert document.time.date == "2024-03-12"


def test_modes_of_the_pmsi_are_told(read):
    stay = read(EVN, PV1, "ZFM|8|6||", pid=pid(), kind="ADT^A03").document.encounter
    assert (stay.admission_source.codings[0].code, stay.discharge.codings[0].code) == ("8", "6")


def test_an_identity_has_its_traits(read):
    patient = read(EVN, pid=pid(more="||"), kind="ADT^A28").document.patient
    assert patient.birth.iso == "1980-01-04"
    assert patient.birth_place.get("county") == "29019"
    (home,) = patient.addresses
    assert (home.use, home.get("city")) == ("H", "BREST")
    named = patient.names[0]
    assert (named.values("family", "BR"), named.values("family", "CL")) == (("LEMOINE",), ("DURIEUX",))
    assert named.values("given", None) == ("Zoé", "Anne")
    assert patient.names[1].use == "P"
    assert patient.telecoms[0].value == "tel:0298000000"
    assert patient.multiple_birth_order == 1


def test_an_ins_is_one_only_when_qualified(read):
    qualified = read(EVN, pid=pid(), kind="ADT^A28").document
    assert qualified.patient.ids[0].root == "1.2.250.1.213.1.4.10"
    provisional = read(EVN, pid=pid(status="PROV"), kind="ADT^A28").document
    assert [one.extension for one in provisional.patient.ids] == ["000003"]
    assert "SX404" in [one.code for one in provisional.issues]


def test_no_other_national_number_is_kept(read):
    numbers = "PID|1||7^^^CHU^PI~180017512345614^^^CPAM^NH~180017512345614^^^^SS"
    assert [one.extension for one in read(EVN, pid=numbers, kind="ADT^A28").document.patient.ids] == ["7"]


def test_other_sexes_and_deaths_are_told(read):
    document = read(EVN, pid="PID|1||7||||19300101|O" + "|" * 21 + "20240305|Y", kind="ADT^A08").document
    assert [c.code for c in document.patient.gender.codings] == ["UN", "O"]
    assert (document.patient.deceased, document.patient.deceased_time.iso) == (True, "2024-03-05")
    assert omop.emit(document).rows["death"][0]["death_date"] == "2024-03-05"
    strange = read(EVN, pid="PID|1||7||||19300101|X", kind="ADT^A08").document
    assert [c.code for c in strange.patient.gender.codings] == ["X"]


def test_a_birth_that_is_no_date_is_told(read):
    assert "SX403" in read(EVN, pid="PID|1||7||||jamais|F", kind="ADT^A08").codes()


def test_relatives_and_the_general_practitioner_are_people(read):
    document = read(
        EVN,
        "NK1|1|DURIEUX^Paul^^^^^L|SPO^Conjoint^HL70063|4 rue du Môle^^BREST^^29200|^PRN^CP^^^^^^^^^0600000000||N",
        "NK1|2||",
        "ROL||UC|ODRP|10000023084^RIOU^Jean^^^^^^&1.2.250.1.71.4.2.1&ISO^L^^^RPPS",
        "ROL||UC|ODRP|",
        pid=pid(),
        kind="ADT^A28",
    ).document
    relative = next(party for party in document.parties if party.class_code == "NOK")
    assert (relative.telecoms[0].use, relative.code.codings[0].code) == ("MC", "SPO")
    doctor = next(party for party in document.parties if party.function is not None)
    assert doctor.ids[0].extension == "810000023084"
    assert fhir.emit(document).ledger.account(document).balanced


def test_what_the_patient_said_of_the_shared_record_is_a_consent(read):
    document = read(EVN, "ZFA|ACTIF|20240306|||||||INO|20240306|INC|20240306", pid=pid(), kind="ADT^A28").document
    assert [one.code.codings[0].code for one in document.consents] == ["INO", "INC"]
    assert "non consentant" in document.consents[1].code.codings[0].display


def test_diagnoses_allergies_acts_and_measures_are_facts(read):
    document = read(
        EVN,
        PV1,
        "OBX|1|NM|29463-7^Poids^LN||64|kg|||||F",
        "AL1|1|DA|AMOX^Amoxicilline^L|SV|urticaire|20200101",
        "AL1|2|FA|",
        "DG1|1||I10^Hypertension^CIM10||20240306|W",
        "DG1|2|||Douleur abdominale",
        "DG1|3||",
        "PR1|1||HHFA016^Appendicectomie^CCAM||20240306",
        "PR1|2|",
        pid=pid(),
        kind="ADT^A01",
    ).document
    kinds = [statement.kind for statement in document.sections[0].statements]
    assert kinds == ["observation", "allergy", "problem", "problem", "procedure"]
    rows = omop.emit(document).rows
    assert rows["condition_occurrence"][0]["condition_source_value"] == "I10"
    assert rows["procedure_occurrence"][0]["procedure_source_value"] == "HHFA016"
    account = fhir.emit(document).ledger.account(document)
    assert (account.statements_read, account.codes_read - account.codes_carried) == (
        account.statements_carried,
        sum(loss.reason == "implied" for loss in account.losses),
    )


def test_a_file_in_an_adt_is_quarantined(read):
    reading = read(EVN, "OBX|1|ED|X^X^L||^TEXT^XML^Base64^YQ==||||||F", pid=pid(), kind="ADT^A28")
    assert [(one.reason, one.quarantined) for one in reading.aside] == [("unknown-kind", True)]


def test_a_cancellation_is_withdrawn(read):
    aside = read(EVN, PV1, ZBE.replace("INSERT", "CANCEL"), pid=pid(), kind="ADT^A02").aside
    assert [(one.reason, one.lines) for one in aside] == [("withdrawn", 5)]
    assert read(EVN, PV1, pid=pid(), kind="ADT^A11").reasons == ["withdrawn"]


def test_a_merge_of_numbers_is_quarantined(read):
    (merge,) = read(EVN, "MRG|8", pid=pid(), kind="ADT^A40").aside
    assert (merge.reason, merge.quarantined) == ("unknown-kind", True)
    assert "stay under each number" in merge.message


def test_an_adt_without_a_patient_is_quarantined(read):
    aside = read(EVN, kind="ADT^A08", pid="").aside[0]
    assert (aside.reason, aside.quarantined) == ("unreadable", True)
    assert read(EVN, kind="ADT^Zé", pid="").aside[0].message.startswith("ADT:")


def test_segments_that_tell_nothing_are_administrative(read):
    reading = read(EVN, PV1, "PD1||U", "PV2|||||||CS", "ZFD|||Y|N|INSI", "NK1|2||", pid=pid(), kind="ADT^A01")
    assert set(reading.reasons) == {"administrative"}


def test_an_allergy_that_says_there_is_none_is_none(read):
    document = read(
        EVN, "AL1|1|DA|^Aucune allergie connue", "AL1|2|DA|^Pénicilline^L", pid=pid(), kind="ADT^A01"
    ).document
    none, one = document.sections[0].statements
    assert (none.kind, none.value.codings[0].code) == ("no-allergy", "no-known-allergies")
    assert (one.kind, one.agents[0].entity_name) == ("allergy", "Pénicilline")
    codes = [
        r["code"]["coding"][0]["code"]
        for r in fhir.emit(document).resources
        if r["resourceType"] == "AllergyIntolerance"
    ]
    assert codes[0] == "716186003" or codes[0] == "no-known-allergies"


def test_patients_who_change_places_have_each_their_own_stay(read):
    found = read(EVN, "PID|1||7", PV1, "PID|2||8", PV1.replace("|897", "|898"), kind="ADT^A17", pid="")
    who = [(one.patient.ids[0].extension, one.encounter.ids[0].extension) for one in found.documents]
    assert who == [("7", "897"), ("8", "898")]
