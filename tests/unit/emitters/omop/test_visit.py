from msgspec import structs

from semantix import model
from semantix.emitters.omop import OmopOptions

ACT = "2.16.840.1.113883.5.4"


def encounter(make, code="AMB", **fields):
    fields.setdefault("time", make.span("2024-03-01", "2024-03-03"))
    return model.EncompassingEncounter(
        at=make.at,
        path="/enc",
        ids=(model.Identifier("1.2.3", "V1"),),
        code=make.concept(code, ACT),
        **fields,
    )


def test_the_encounter_of_the_document_is_the_visit_of_its_events(make):
    problem = make.problem(make.concept("A"), time=make.span("2024-03-02"))
    rows = make.emit(problem, encounter=encounter(make, "IMP")).rows
    visit = rows["visit_occurrence"][0]
    assert (visit["visit_concept_id"], visit["visit_source_value"]) == (9201, "IMP")
    assert (visit["visit_start_date"], visit["visit_end_date"]) == ("2024-03-01", "2024-03-03")
    assert rows["condition_occurrence"][0]["visit_occurrence_id"] == visit["visit_occurrence_id"]


def test_a_stay_that_goes_on_ends_for_now_on_the_day_of_the_document(make):
    open_stay = encounter(make, "IMP", time=make.span("2024-03-01"))
    visit = make.emit(encounter=open_stay).rows["visit_occurrence"][0]
    assert visit["visit_end_date"] == "2024-03-10"
    consultation = make.emit(encounter=encounter(make, "AMB", time=make.span("2024-03-01"))).rows["visit_occurrence"][0]
    assert consultation["visit_end_date"] == "2024-03-01"


def test_a_document_without_encounter_makes_no_visit(make):
    rows = make.emit(make.problem(make.concept("A"))).rows
    assert "visit_occurrence" not in rows
    assert rows["condition_occurrence"][0]["visit_occurrence_id"] is None


def test_where_one_came_from_went_to_and_was(make):
    place = model.Facility(
        at=make.at,
        path="/place",
        code=make.concept("SA07", "1.2.250.1.213.1.1.4.9"),
        name="Cabinet du Dr Fictif",
        address=model.Address((("postalCode", "59000"),)),
    )
    doctor = make.party("responsibleParty", ids=(model.Identifier("1.2.250.1.71.4.2.1", "899"),))
    stay = encounter(
        make,
        "EMER",
        admission_source=make.concept("8", "x"),
        discharge=make.concept("home", "y"),
        facility=place,
        parties=(doctor,),
    )
    rows = make.emit(encounter=stay).rows
    visit = rows["visit_occurrence"][0]
    assert (visit["admitted_from_source_value"], visit["discharged_to_source_value"]) == ("8", "home")
    assert visit["visit_concept_id"] == 9203
    assert rows["care_site"][0]["place_of_service_source_value"] == "SA07"
    assert rows["care_site"][0]["location_id"] == "59"
    assert visit["provider_id"] == rows["provider"][0]["provider_id"]
    assert "care_site_name" not in rows["care_site"][0]


def test_a_visit_without_any_date_is_left_out(make):
    emission = make.emit(encounter=encounter(make, time=None), time=None)
    assert emission.excluded[("encounter", "no-date")] == 1


def test_a_past_visit_is_kept_and_a_planned_one_is_not(make):
    past = make.statement(
        model.Encounter,
        "encounter",
        code=make.concept("HH", ACT),
        time=make.span("2023-01-01"),
        parties=(make.party("performer"),),
    )
    planned = make.statement(model.Encounter, "encounter", code=make.concept("AMB", ACT), mood="ARQ")
    emission = make.emit(past, planned)
    assert [v["visit_concept_id"] for v in emission.rows["visit_occurrence"]] == [581476]
    assert emission.excluded == {("encounter", "status-excluded"): 1}


def test_a_past_visit_without_date_is_left_out(make):
    lost = make.statement(model.Encounter, "encounter", code=make.concept("HH", ACT))
    assert make.emit(lost, time=None).excluded == {("encounter", "no-date"): 1}


def test_an_event_far_from_the_visit_has_no_visit(make):
    days = ("2005-06-01", "2024-02-22", "2024-02-23", "2024-03-10", "2024-03-11")
    results = [
        make.observation("99999-1", make.quantity("1"), time=make.on(day), methods=(make.concept("M"),)) for day in days
    ]
    rows = make.emit(*results, encounter=encounter(make)).rows
    for table in ("measurement", "observation"):
        assert [row["visit_occurrence_id"] is not None for row in rows[table]] == [False, False, True, True, False]


def test_a_local_code_is_not_the_hl7_code_spelt_the_same(make):
    stay = model.EncompassingEncounter(at=make.at, path="/e", code=make.concept("HH", "1.2.3"), time=make.span("2024"))
    rows = make.emit(encounter=stay, patient=make.patient(gender=make.concept("F", "1.2.3"))).rows
    visit = rows["visit_occurrence"][0]
    assert (visit["visit_concept_id"], visit["visit_source_value"]) == (0, "HH")
    assert (rows["person"][0]["gender_concept_id"], rows["person"][0]["gender_source_value"]) == (0, "F")


def test_a_concept_of_another_domain_is_neither_a_visit_nor_a_route_nor_a_specimen(make, vocabulary):
    finding = {"code": "9000002", "system": "2.16.840.1.113883.6.96"}
    place = model.Facility(at=make.at, path="/place", code=make.concept(**finding))
    stay = encounter(make, facility=place, discharge=make.concept(**finding))
    stay = structs.replace(stay, code=make.concept(**finding), parties=(make.party("responsibleParty", None),))
    doctor = make.party(code=None, ids=(model.Identifier("1.2", "1"),))
    doctor = structs.replace(doctor, code=make.concept(**finding))
    drug = make.medication(make.concept("A"), dosages=(model.Dosage(at=make.at, route=make.concept(**finding)),))
    sample = model.Specimen(make.at, "/s", code=make.concept(**finding))
    result = make.observation("99999-1", make.quantity("1"), specimens=(sample,))
    options = OmopOptions(vocabulary=vocabulary)
    rows = make.emit(drug, result, encounter=stay, parties=(doctor,), options=options).rows
    found = [
        rows[table][0][column]
        for table, column in (
            ("visit_occurrence", "visit_concept_id"),
            ("visit_occurrence", "discharged_to_concept_id"),
            ("care_site", "place_of_service_concept_id"),
            ("provider", "specialty_concept_id"),
            ("drug_exposure", "route_concept_id"),
            ("specimen", "specimen_concept_id"),
        )
    ]
    assert found == [0] * 6
    assert rows["visit_occurrence"][0]["visit_source_concept_id"] == 2_100_000_002


def test_a_past_visit_with_the_identifier_of_another_one_is_left_out_and_counted(make):
    same = make.statement(
        model.Encounter,
        "encounter",
        ids=(model.Identifier("1.2.3", "V1"),),
        code=make.concept("IMP", ACT),
        time=make.span("2023-01-01"),
    )
    emission = make.emit(same, encounter=encounter(make))
    assert [v["visit_source_value"] for v in emission.rows["visit_occurrence"]] == ["AMB"]
    assert emission.excluded == {("encounter", "not-preferred"): 1}
    assert same.at not in emission.ledger.carried
