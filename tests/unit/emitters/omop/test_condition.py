import pytest

from semantix import model
from semantix.emitters.omop import OmopOptions

BASE = 2_100_000_000
CIM10 = "2.16.840.1.113883.6.3"
STATUS = "2.16.840.1.113883.4.642.1.1074"


def test_a_problem_is_a_condition_with_its_status(make):
    problem = make.problem(
        make.concept("X12.3", CIM10),
        time=make.span("2024-01-02", "2024-01-05"),
        clinical_status=make.concept("active", STATUS),
    )
    row = make.emit(problem).rows["condition_occurrence"][0]
    assert (row["condition_source_value"], row["condition_concept_id"]) == ("X12.3", 0)
    assert (row["condition_start_date"], row["condition_end_date"]) == ("2024-01-02", "2024-01-05")
    assert (row["condition_status_source_value"], row["condition_type_concept_id"]) == ("active", 32817)


def test_an_end_before_the_start_is_left_out(make):
    row = make.emit(make.problem(make.concept("A"), time=make.span("2024-02-02", "2024-01-01"))).rows[
        "condition_occurrence"
    ][0]
    assert row.get("condition_end_date") is None


@pytest.mark.parametrize("certainty", ["provisional", "differential", "refuted", "unconfirmed"])
def test_an_unsure_problem_is_an_observation_with_its_certainty(make, vocabulary, certainty):
    problem = make.problem(
        make.concept("9000001"), verification=make.concept(certainty, "2.16.840.1.113883.4.642.1.1075")
    )
    rows = make.emit(problem, options=OmopOptions(vocabulary=vocabulary)).rows
    assert "condition_occurrence" not in rows
    row = rows["observation"][0]
    assert (row["observation_concept_id"], row["value_as_concept_id"]) == (0, BASE + 1)
    assert (row["observation_source_value"], row["qualifier_source_value"]) == ("9000001", certainty)


def test_a_denied_problem_is_an_observation_that_says_so(make):
    row = make.emit(make.problem(make.concept("9000001"), negated=True)).rows["observation"][0]
    assert (row["observation_source_value"], row["qualifier_source_value"]) == ("9000001", "negated")


def test_an_error_is_never_stored(make):
    wrong = make.problem(make.concept("A"), verification=make.concept("entered-in-error"))
    emission = make.emit(wrong)
    assert emission.excluded == {("problem", "status-excluded"): 1}
    assert "condition_occurrence" not in emission.rows


def test_no_known_problem_and_no_information_stay_two_codes(make):
    ips = "2.16.840.1.113883.5.1150.1"
    rows = make.emit(
        make.problem(make.concept("no-known-problems", ips), word="no-problem"),
        make.problem(make.concept("no-problem-info", ips), word="no-problem"),
    ).rows
    assert [r["observation_source_value"] for r in rows["observation"]] == ["no-known-problems", "no-problem-info"]
    assert "condition_occurrence" not in rows


def test_a_problem_in_words_only_is_left_out_as_identifying(make):
    assert make.emit(make.problem(model.Text("Mme X", make.at))).excluded == {("problem", "identifying"): 1}
    assert make.emit(make.problem(model.Absent("UNK", make.at))).excluded == {("problem", "null-code"): 1}


def test_one_code_for_two_diseases_is_two_rows(make, vocabulary):
    rows = make.emit(make.problem(make.concept("X13", CIM10)), options=OmopOptions(vocabulary=vocabulary)).rows
    found = [(r["condition_concept_id"], r["condition_source_concept_id"]) for r in rows["condition_occurrence"]]
    assert found == [(BASE + 1, BASE + 13), (BASE + 12, BASE + 13)]


def test_a_code_whose_target_is_withdrawn_has_concept_zero_and_its_source_concept(make, vocabulary):
    row = make.emit(make.problem(make.concept("X14", CIM10)), options=OmopOptions(vocabulary=vocabulary)).rows[
        "condition_occurrence"
    ][0]
    assert (row["condition_concept_id"], row["condition_source_concept_id"]) == (0, BASE + 14)


def test_a_problem_whose_concept_is_a_measurement_goes_there(make, vocabulary):
    rows = make.emit(make.problem(make.concept("X15", CIM10)), options=OmopOptions(vocabulary=vocabulary)).rows
    assert rows["measurement"][0]["measurement_concept_id"] == BASE + 4
    assert "condition_occurrence" not in rows


def test_a_substance_beside_the_concept_is_the_value(make, vocabulary):
    row = make.emit(make.problem(make.concept("X99", CIM10)), options=OmopOptions(vocabulary=vocabulary)).rows[
        "observation"
    ][0]
    assert (row["observation_concept_id"], row["value_as_concept_id"]) == (BASE + 10, BASE + 11)


def test_what_the_patient_said_is_marked_as_such(make):
    said = make.problem(make.concept("A"), parties=(make.party("informant", "MTH", class_code="NOK"),))
    assert make.emit(said).rows["condition_occurrence"][0]["condition_type_concept_id"] == 32865


def test_stages_and_severity_are_kept_beside_the_condition(make):
    stage = make.observation("21908-9", make.concept("IIA"), word="stage")
    problem = make.problem(make.concept("A"), stages=(stage,), severity=make.concept("grave"), code=make.concept("dx"))
    rows = make.emit(problem).rows["observation"]
    assert [r["value_source_value"] for r in rows] == ["dx", "grave", "IIA"]


def test_an_end_in_the_year_of_the_start_is_kept(make):
    emission = make.emit(make.problem(make.concept("A"), time=make.span("2024-01-15", "2024")))
    assert emission.rows["condition_occurrence"][0]["condition_end_date"] == "2024-12-31"
    assert emission.imputed == {("condition_occurrence", "end"): 1}
