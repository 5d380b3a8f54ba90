import pytest

from semantix import model
from semantix.emitters.omop import OmopOptions

BASE = 2_100_000_000
CIP, CIS = "1.2.250.1.213.2.3.2", "1.2.250.1.213.2.3.1"


@pytest.mark.parametrize(
    ("intent", "mood", "type_concept"),
    [
        ("prescribed", "RQO", 32838),
        ("prescribed", "INT", 32838),
        ("administered", "EVN", 32818),
        ("taken", "EVN", 32817),
    ],
)
def test_the_type_tells_prescriptions_from_administrations(make, intent, mood, type_concept):
    row = make.emit(make.medication(make.concept("6000001", CIS), intent=intent, mood=mood)).rows["drug_exposure"][0]
    assert row["drug_type_concept_id"] == type_concept


@pytest.mark.parametrize(("intent", "mood"), [("prescribed", "PRP"), ("taken", "INT"), ("taken", "GOL")])
def test_what_is_only_proposed_is_not_an_exposure(make, intent, mood):
    emission = make.emit(make.medication(make.concept("6000001", CIS), intent=intent, mood=mood))
    assert "drug_exposure" not in emission.rows
    assert emission.excluded == {("medication", "status-excluded"): 1}


def test_a_refused_treatment_is_not_an_exposure(make):
    assert make.emit(make.medication(make.concept("6000001", CIS), negated=True)).excluded == {
        ("medication", "negated"): 1
    }


def test_a_cip13_is_found_by_its_cip7(make, vocabulary):
    drug = make.medication(make.concepts((CIS, "6000001"), (CIP, "3400934000010")))
    row = make.emit(drug, options=OmopOptions(vocabulary=vocabulary)).rows["drug_exposure"][0]
    assert row["drug_source_value"] == "3400934000010"
    assert (row["drug_concept_id"], row["drug_source_concept_id"]) == (BASE + 6, BASE + 7)


def test_the_end_is_told_or_computed_or_the_start(make):
    told = make.medication(make.concept("A", CIS), time=make.span("2024-02-01", "2024-02-10"))
    width = make.medication(make.concept("B", CIS), time=make.span("2024-02-01", width=make.quantity("2", "wk")))
    open_end = make.medication(make.concept("C", CIS))
    rows = make.emit(told, width, open_end).rows["drug_exposure"]
    assert [r["drug_exposure_end_date"] for r in rows] == ["2024-02-10", "2024-02-14", "2024-02-01"]
    assert [r.get("verbatim_end_date") for r in rows] == ["2024-02-10", None, None]
    assert [r["days_supply"] for r in rows] == [10, 14, None]


def test_quantity_refills_route_dose_and_lot(make):
    dosage = model.Dosage(
        at=make.at, dose=make.quantity("2", "{tbl}"), route=make.concept("PO", "2.16.840.1.113883.5.112")
    )
    span = model.Dosage(at=make.at, dose=model.Range(make.quantity("1"), make.quantity("2"), make.at))
    drug = make.medication(
        make.concept("A", CIS),
        product={"lot": "L42"},
        dosages=(dosage, span),
        repeats=3,
        supply_quantity=make.quantity("30"),
        supply_time=make.span(width=make.quantity("15", "d")),
    )
    row = make.emit(drug).rows["drug_exposure"][0]
    assert (row["quantity"], row["refills"], row["days_supply"], row["lot_number"]) == (30.0, 3, 15, "L42")
    assert (row["route_source_value"], row["dose_unit_source_value"], row["sig"]) == ("PO", "{tbl}", "2 {tbl}; 1-2")
    assert row["drug_exposure_end_date"] == "2024-02-15"


def test_a_drug_without_code_is_named_only_when_text_is_kept(make):
    quiet = make.emit(make.medication(None, product={"name": "FICTOL"}))
    loud = make.emit(make.medication(None, product={"name": "FICTOL"}), options=OmopOptions(keep_text=True))
    assert quiet.excluded == {("medication", "identifying"): 1}
    assert loud.rows["drug_exposure"][0]["drug_source_value"] == "FICTOL"
    assert make.emit(make.medication(None)).excluded == {("medication", "null-code"): 1}


def test_the_package_the_class_or_the_only_ingredient_names_a_drug(make):
    atc = make.concept("N02BE01", "2.16.840.1.113883.6.73")
    substance = model.Ingredient(make.at, make.concept("9000011"))
    rows = make.emit(
        make.medication(None, product={"classes": (atc,)}),
        make.medication(None, product={"ingredients": (substance,)}),
        make.medication(None, product={"packaging": (model.Packaging(make.at, make.concept("3400001", CIP)),)}),
    ).rows["drug_exposure"]
    assert [r["drug_source_value"] for r in rows] == ["N02BE01", "9000011", "3400001"]


def test_no_known_treatment_is_an_observation(make):
    none = make.medication(
        make.concept("no-known-medications", "2.16.840.1.113883.5.1150.1"), word="no-medication", negated=True
    )
    rows = make.emit(none).rows
    assert rows["observation"][0]["observation_source_value"] == "no-known-medications"
    assert "drug_exposure" not in rows


def vaccination(make, **fields):
    product = model.Product(at=make.at, path="/v", code=make.concept("J07BM", "2.16.840.1.113883.6.73"))
    return make.statement(
        model.Immunization,
        "immunization",
        product=product,
        time=make.on("2024-01-05"),
        code=make.concept("IMMUNIZ", "2.16.840.1.113883.5.4"),
        **fields,
    )


def test_a_vaccination_done_is_an_exposure_and_one_refused_is_not(make):
    emission = make.emit(vaccination(make), vaccination(make, negated=True), vaccination(make, mood="INT"))
    assert len(emission.rows["drug_exposure"]) == 1
    assert emission.excluded == {("immunization", "negated"): 1, ("immunization", "status-excluded"): 1}


def test_a_reaction_is_an_observation_related_to_the_vaccination(make):
    reaction = make.problem(make.concept("R1"), time=make.span())
    rows = make.emit(vaccination(make, reactions=(reaction,))).rows
    assert "condition_occurrence" not in rows
    row = rows["observation"][0]
    assert (row["observation_source_value"], row["qualifier_source_value"]) == ("R1", "reaction")
    assert row["observation_date"] == "2024-01-05"
    first = rows["fact_relationship"][0]
    assert (first["fact_id_1"], first["fact_id_2"]) == (("drug_exposure", 0), ("observation", 0))


def test_a_reaction_in_words_is_left_out(make):
    words = make.problem(model.Text("Mme X", make.at))
    assert make.emit(vaccination(make, reactions=(words,))).excluded == {("problem", "identifying"): 1}


def test_a_dose_between_two_equal_bounds_is_one_dose(make):
    one, two = make.quantity("1", "{tablet}"), make.quantity("2", "{tablet}")
    same = model.Dosage(at=make.at, dose=model.Range(one, make.quantity("1", "{tablet}"), make.at))
    other = model.Dosage(at=make.at, dose=model.Range(one, two, make.at))
    row = make.emit(make.medication(make.concept("A"), dosages=(same, other))).rows["drug_exposure"][0]
    assert row["sig"] == "1 {tablet}; 1 {tablet}-2 {tablet}"


def test_the_time_of_the_injection_dates_a_treatment_without_interval(make):
    vaccine = make.medication(make.concept("A"), time=None, occurrences=(make.on("2024-02-03"),))
    assert make.emit(vaccine).rows["drug_exposure"][0]["drug_exposure_start_date"] == "2024-02-03"


def test_the_end_of_a_partial_date_is_its_last_day_and_is_not_verbatim(make):
    ends = ("2024", "2024-02", "2023-01-20")
    drugs = [make.medication(make.concept("A", CIS), time=make.span("2023-01-15", end)) for end in ends]
    emission = make.emit(*drugs)
    rows = emission.rows["drug_exposure"]
    assert [r["drug_exposure_end_date"] for r in rows] == ["2024-12-31", "2024-02-29", "2023-01-20"]
    assert [r.get("verbatim_end_date") for r in rows] == [None, None, "2023-01-20"]
    assert [r["days_supply"] for r in rows] == [None, None, 6]
    assert emission.imputed == {("drug_exposure", "end"): 2}
