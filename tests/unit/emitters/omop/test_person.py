import pytest

from semantix import model
from semantix.emitters.omop.tables.person import person_key
from semantix.emitters.omop.tables.provider import department_of

INS, IPP = "1.2.250.1.213.1.4.8", "1.2.3.4"


def test_a_person_has_a_birth_and_a_sex_but_no_name_nor_identifier(make):
    person = make.emit().rows["person"][0]
    assert (person["year_of_birth"], person["month_of_birth"], person["day_of_birth"]) == (1980, 5, 17)
    assert (person["gender_concept_id"], person["gender_source_value"]) == (8532, "F")
    assert person.get("person_source_value") is None
    assert (person["race_concept_id"], person["ethnicity_concept_id"]) == (0, 0)


@pytest.mark.parametrize(("birth", "expected"), [("1980", (1980, None, None)), ("1980-05", (1980, 5, None))])
def test_a_partial_birth_stays_partial(make, birth, expected):
    person = make.emit(patient=make.patient(birth=make.point(birth))).rows["person"][0]
    assert (person["year_of_birth"], person["month_of_birth"], person["day_of_birth"]) == expected


def test_an_unknown_sex_is_concept_zero(make):
    person = make.emit(patient=make.patient(gender=None)).rows["person"][0]
    assert person["gender_concept_id"] == 0


def test_without_a_birth_nothing_is_stored_and_everything_is_reported(make):
    inner = make.observation("99999-1", make.quantity("1"))
    outer = make.statement(model.Panel, "panel", links=(model.Link("COMP", inner),))
    emission = make.emit(outer, patient=make.patient(birth=None))
    assert not any(emission.rows.values())
    assert emission.excluded[("person", "no-date")] == 1
    assert emission.excluded[("lab-result", "no-date")] == 1


def test_the_ins_comes_before_any_other_identifier(make):
    ids = (model.Identifier(IPP, "77"), model.Identifier(INS, "1"))
    assert person_key(make.patient(ids=ids), "scope") == f"{INS}^1"
    assert person_key(make.patient(ids=ids[:1]), "scope") == f"{IPP}^77"
    assert person_key(make.patient(ids=(model.Identifier(None, None, "UNK"),)), "scope") == "document^scope"


def test_a_number_of_a_practice_is_one_person_only_with_one_birth_date(make):
    number = model.Identifier("urn:semantix:patient:cabinet", "7")
    born, later = (make.patient(ids=(number,), birth=make.point(day)) for day in ("1980-01-04", "1987-09-23"))
    assert person_key(born, "scope") != person_key(later, "scope")
    assert person_key(born, "scope") == person_key(born, "other scope")
    qualified = make.patient(ids=(number, model.Identifier(INS, "1")))
    assert person_key(qualified, "scope") == f"{INS}^1"


def test_a_death_needs_its_date(make):
    known = make.emit(patient=make.patient(deceased_time=make.point("2024-03")))
    unknown = make.emit(patient=make.patient(deceased=True))
    assert known.rows["death"][0]["death_date"] == "2024-03-01"
    assert known.imputed[("death", "month")] == 1
    assert "death" not in unknown.rows
    assert unknown.excluded[("death", "no-date")] == 1


def test_the_period_goes_from_the_first_to_the_last_event(make):
    first = make.problem(make.concept("A"), time=make.span("2001-01-01"))
    period = make.emit(first).rows["observation_period"][0]
    assert period["observation_period_start_date"] == "2001-01-01"
    assert period["observation_period_end_date"] == "2024-03-10"


def test_an_event_before_the_birth_is_left_out(make):
    early = make.problem(make.concept("A"), time=make.span("1975-01-01"))
    assert make.emit(early).excluded == {("problem", "no-date"): 1}


def test_a_document_before_the_birth_has_no_note(make):
    emission = make.emit(make.problem(make.concept("A"), time=None), time=make.point("1970-01-01"))
    assert "note" not in emission.rows
    assert emission.excluded == {("problem", "no-date"): 1}
    assert "observation_period" not in emission.rows


@pytest.mark.parametrize(
    ("postal", "department"),
    [("75011", "75"), ("97410", "974"), ("20000", "20"), ("", None), (None, None), ("1234", None), ("SW1A1", None)],
)
def test_only_the_department_of_an_address_is_kept(postal, department):
    assert department_of(postal) == department


def test_a_location_is_a_department(make):
    home = model.Address((("streetName", "rue Fictive"), ("postalCode", "75011"), ("city", "PARIS")))
    rows = make.emit(patient=make.patient(addresses=(home,))).rows
    assert rows["location"] == [{"location_id": "75", "county": "75", "location_source_value": "75"}]
    assert rows["person"][0]["location_id"] == "75"


def test_a_birth_and_a_death_keep_the_day_that_the_source_wrote(make):
    patient = make.patient(
        birth=make.point("1980-01-01T00:30:00+04:00"), deceased_time=make.point("2024-03-01T23:30:00-04:00")
    )
    rows = make.emit(patient=patient).rows
    person, death = rows["person"][0], rows["death"][0]
    assert (person["year_of_birth"], person["month_of_birth"], person["day_of_birth"]) == (1980, 1, 1)
    assert person["birth_datetime"] == "1980-01-01 00:30:00"
    assert (death["death_date"], death["death_datetime"]) == ("2024-03-01", "2024-03-01 23:30:00")


def test_what_happens_at_a_birth_overseas_is_not_before_it(make):
    patient = make.patient(birth=make.point("2024-01-02T00:30:00+04:00"))
    score = make.observation("99999-1", make.quantity("9"), time=make.on("2024-01-02T00:31:00+04:00"))
    before = make.observation("99999-1", make.quantity("9"), time=make.on("2023-12-30"))
    emission = make.emit(score, before, patient=patient)
    assert [r["measurement_date"] for r in emission.rows["measurement"]] == ["2024-01-02"]
    assert emission.excluded == {("lab-result", "no-date"): 1}
