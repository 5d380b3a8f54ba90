import pytest

from semantix import model
from semantix.emitters.omop import OmopOptions

BASE = 2_100_000_000


def test_a_quantity_is_a_number_a_unit_and_its_operator(make):
    row = make.emit(make.observation("99999-1", make.quantity("0.10", "g/L", "<"))).rows["measurement"][0]
    assert (row["value_as_number"], row["unit_concept_id"], row["unit_source_value"]) == (0.1, 8636, "g/L")
    assert (row["operator_concept_id"], row["value_source_value"]) == (4171756, "<0.10")
    assert (row["measurement_source_value"], row["measurement_concept_id"]) == ("99999-1", 0)
    assert row["measurement_date"] == "2024-03-08"


def test_an_unknown_unit_has_concept_zero_and_its_text(make):
    row = make.emit(make.observation("99999-1", make.quantity("1", "{truc}"))).rows["measurement"][0]
    assert (row["unit_concept_id"], row["unit_source_value"]) == (0, "{truc}")


def test_the_usual_range_is_kept_and_implies_its_normal_flag(make):
    usual = model.ReferenceRange(
        make.at,
        value=model.Range(make.quantity("1"), make.quantity("2"), make.at),
        interpretation=make.concept("N", "2.16.840.1.113883.5.83"),
    )
    document = make.document(make.observation("99999-1", make.quantity("1.5"), ranges=(usual,)))
    from semantix.emitters.omop import emit

    emission = emit(document)
    row = emission.rows["measurement"][0]
    assert (row["range_low"], row["range_high"]) == (1.0, 2.0)
    losses = {loss.reason for loss in emission.ledger.account(document).losses if loss.kind == "code"}
    assert "implied" in losses


def test_an_interval_keeps_both_bounds_as_written(make):
    span = model.Range(make.quantity("1.0", "mmol/L"), make.quantity("2.0", "mmol/L"), make.at)
    row = make.emit(make.observation("99999-1", span)).rows["measurement"][0]
    assert (row["value_source_value"], row.get("value_as_number"), row["unit_concept_id"]) == ("1.0-2.0", None, 8753)


def test_half_an_interval_is_a_number_with_an_operator(make):
    high = model.Range(None, make.quantity("2"), make.at, high_closed=False)
    low = model.Range(make.quantity("3"), None, make.at)
    empty = model.Range(None, None, make.at)
    rows = make.emit(make.observation("99999-1", high, low, empty)).rows["measurement"]
    assert [(r.get("value_as_number"), r.get("operator_concept_id")) for r in rows] == [
        (2.0, 4171756),
        (3.0, 4171755),
        (None, None),
    ]


def test_each_value_is_a_row(make):
    value = make.concept("9000002", display="Positif")
    rows = make.emit(make.observation("99999-1", make.quantity("1"), value)).rows["measurement"]
    assert [r["value_source_value"] for r in rows] == ["1", "9000002"]


def test_a_titre_is_kept_as_written(make):
    titre = model.Ratio(make.quantity("1"), make.quantity("160"), make.at)
    assert make.emit(make.observation("99999-1", titre)).rows["measurement"][0]["value_source_value"] == "1/160"


def test_numbers_truth_and_dates_are_values(make):
    day = make.span("2024-01-01", "2024-02-01")
    rows = make.emit(make.observation("99999-1", 3, True, day, model.TimeSpan(make.at))).rows["measurement"]
    assert [r.get("value_source_value") for r in rows] == ["3", "true", "2024-01-01/2024-02-01", "value not kept"]


def test_words_are_left_out_unless_asked_for(make):
    words = model.Text("Mme Fictive va bien", make.at)
    quiet = make.emit(make.observation("99999-1", words)).rows["measurement"][0]
    loud = make.emit(make.observation("99999-1", words), options=OmopOptions(keep_text=True)).rows["measurement"][0]
    assert (quiet["value_source_value"], quiet.get("value_as_string")) == ("text withheld", None)
    assert loud["value_source_value"] == "Mme Fictive va bien"


def test_a_result_without_value_says_that_the_test_was_done(make):
    assert len(make.emit(make.observation("99999-1", model.Absent("UNK", make.at))).rows["measurement"]) == 1


def test_the_domain_of_the_concept_chooses_the_table(make, vocabulary):
    options = OmopOptions(vocabulary=vocabulary)
    smoking = make.observation("99999-2", make.quantity("3"), word="lab-result")
    rows = make.emit(smoking, options=options).rows
    assert rows["observation"][0]["observation_concept_id"] == BASE + 5
    assert "measurement" not in rows


def test_a_time_is_written_in_the_one_zone(make):
    noon = make.observation("99999-1", make.quantity("1"), time=make.on("2024-07-01T23:30:00+00:00"))
    row = make.emit(noon, time=make.point("2024-07-02")).rows["measurement"][0]
    assert (row["measurement_date"], row["measurement_datetime"]) == ("2024-07-02", "2024-07-02 01:30:00")
    assert row["measurement_time"] == "01:30:00"


def test_methods_sites_and_interpretations_become_observations_about_the_row(make):
    result = make.observation(
        "99999-1",
        make.quantity("1"),
        methods=(make.concept("M1"),),
        sites=(make.concept("S1"),),
        interpretations=(make.concept("H", "2.16.840.1.113883.5.83", "Haut"),),
    )
    rows = make.emit(result).rows["observation"]
    assert [r["value_source_value"] for r in rows] == ["H", "M1", "S1"]
    assert {r["observation_event_id"] for r in rows} == {("measurement", 0)}
    assert rows[0]["observation_source_concept_id"] == "semantix|aspect-interpretation"
    assert rows[0]["obs_event_field_concept_id"] == "semantix|field-measurement.measurement_id"


def test_a_qualifier_is_a_question_and_an_answer(make):
    inner = model.Qualifier(make.concept("Q2"), make.concept("A2"))
    answer = model.Concept((model.Coding("A1", None, None, make.at),), make.at, qualifiers=(inner,))
    code = model.Concept(
        (model.Coding("99999-1", None, None, make.at),),
        make.at,
        qualifiers=(model.Qualifier(make.concept("Q1"), answer), model.Qualifier(make.concept("Q3"), None)),
    )
    rows = make.emit(make.statement(model.Observation, "lab-result", code=code, time=make.on("2024-01-01")))
    found = [(r["observation_source_value"], r["value_source_value"]) for r in rows.rows["observation"]]
    assert found == [("Q1", "A1"), ("Q2", "A2")]


def test_only_the_normal_range_is_a_reference_and_only_in_the_unit_of_the_value(make):
    def usual(low, high, unit, meaning):
        code = make.concept(meaning, "2.16.840.1.113883.5.83") if meaning else None
        bounds = model.Range(make.quantity(low, unit), make.quantity(high, unit), make.at)
        return model.ReferenceRange(make.at, value=bounds, interpretation=code)

    def bounds(*ranges):
        row = make.emit(make.observation("99999-1", make.quantity("5", "g/L"), ranges=ranges)).rows["measurement"][0]
        return row.get("range_low"), row.get("range_high")

    high, normal, plain = usual("7", "9", "g/L", "H"), usual("4", "6", "g/L", "N"), usual("1", "2", "g/L", None)
    assert bounds(high, plain, normal) == (4.0, 6.0)
    assert bounds(high, plain) == (1.0, 2.0)
    assert bounds(high) == (None, None)
    assert bounds(usual("40", "60", "mmol/L", "N")) == (None, None)
    assert bounds(usual("4", "6", None, "N")) == (4.0, 6.0)


def test_a_withheld_answer_leaves_a_mark(make):
    words = model.Concept((), make.at, text="négatif")
    quiet = make.emit(make.observation("99999-2", words, word="survey")).rows["observation"][0]
    loud = make.emit(make.observation("99999-2", words, word="survey"), options=OmopOptions(keep_text=True))
    assert quiet["value_source_value"] == "text withheld"
    assert loud.rows["observation"][0]["value_as_string"] == "négatif"


def test_an_isolated_organism_is_no_specimen(make):
    germ = model.Specimen(make.at, "/s", (), make.concept("112283007"), class_code="MIC")
    isolate = make.statement(
        model.Panel, "lab-isolate", code=make.concept("18725-2"), specimens=(germ,), time=make.on("2024-01-01")
    )
    rows = make.emit(isolate).rows
    assert rows["measurement"][0]["value_source_value"] == "112283007"
    assert "specimen" not in rows


def test_the_qualifier_of_an_answer_is_about_the_row_of_that_answer(make):
    left = (model.Qualifier(make.concept("Q"), make.concept("LEFT")),)
    rows = make.emit(make.observation("99999-1", make.concept("A"), make.concept("B", qualifiers=left))).rows
    assert [r["observation_event_id"] for r in rows["observation"]] == [("measurement", 1)]


@pytest.mark.parametrize("status", ["active", "new"])
def test_a_preliminary_result_of_a_message_is_left_out_for_the_one_that_follows(make, status):
    result = make.observation("2345-7", make.quantity("5.1", "mmol/L"), status=status)
    emission = make.emit(result, sender="LABO", lines=12)
    assert emission.rows.get("measurement", []) == []
    assert emission.excluded == {("lab-result", "status-excluded"): 1}


def test_a_result_that_a_cda_document_calls_active_is_kept(make):
    result = make.observation("2345-7", make.quantity("5.1", "mmol/L"), status="active")
    assert len(make.emit(result).rows["measurement"]) == 1


@pytest.mark.parametrize("status", ["completed", "corrected", None])
def test_a_final_or_corrected_result_of_a_message_is_a_measurement(make, status):
    result = make.observation("2345-7", make.quantity("5.1", "mmol/L"), status=status)
    assert len(make.emit(result, sender="LABO", lines=12).rows["measurement"]) == 1
