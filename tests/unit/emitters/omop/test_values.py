from semantix import model
from semantix.emitters.omop import OmopOptions

BASE = 2_100_000_000


def test_a_unit_is_found_in_the_vocabulary_first(make, vocabulary):
    result = make.observation("99999-1", make.quantity("5", "mg"), make.quantity("5", "g/L"))
    rows = make.emit(result, options=OmopOptions(vocabulary=vocabulary)).rows["measurement"]
    assert [r["unit_concept_id"] for r in rows] == [BASE + 17, 8636]


def test_a_quantity_without_value_and_a_unit_of_one_say_nothing(make):
    absent = model.Quantity(None, "g/L", make.at, null="UNK")
    rows = make.emit(make.observation("99999-1", absent, make.quantity("2", "1"))).rows["measurement"]
    assert [r.get("unit_source_value") for r in rows] == [None, None]
    assert rows[0].get("value_as_number") is None


def test_the_value_of_a_code_is_its_maps_to_value(make, vocabulary):
    coded = make.statement(
        model.Observation,
        "lab-result",
        code=make.concept("X99", "2.16.840.1.113883.6.3"),
        time=make.on("2024-01-01"),
        values=(make.concept("9000002"),),
    )
    row = make.emit(coded, options=OmopOptions(vocabulary=vocabulary)).rows["observation"][0]
    assert row["value_as_concept_id"] == BASE + 2


def test_a_concept_of_the_specimen_domain_is_a_specimen(make):
    from semantix.emitters.omop import Resolved

    class Blood:
        release = "test"

        def resolve(self, vocabularies, code):
            return Resolved(5, ((7, "Specimen"),)) if code == "B" else None

        def domain_concept(self, domain):
            return 0

    row = make.emit(make.problem(make.concept("B")), options=OmopOptions(vocabulary=Blood())).rows["specimen"][0]
    assert (row["specimen_concept_id"], row["specimen_source_value"]) == (7, "B")


def test_a_field_of_the_cdm_is_a_concept_when_the_vocabulary_has_it(make, vocabulary):
    problem = make.problem(make.concept("X99", "2.16.840.1.113883.6.3"), severity=make.concept("grave"))
    rows = make.emit(problem, options=OmopOptions(vocabulary=vocabulary)).rows["observation"]
    assert rows[1]["obs_event_field_concept_id"] == BASE + 21


def test_a_dose_range_has_a_unit_and_text_wins_in_a_sig_that_keeps_text(make):
    dose = model.Range(make.quantity("1", "mL"), make.quantity("2", "mL"), make.at)
    dosages = (model.Dosage(at=make.at, dose=dose, text="matin et soir"), model.Dosage(at=make.at))
    drug = make.medication(make.concept("A"), dosages=dosages)
    row = make.emit(drug, options=OmopOptions(keep_text=True)).rows["drug_exposure"][0]
    assert (row["dose_unit_source_value"], row["sig"]) == ("mL", "matin et soir")
    words = make.medication(make.concept("B"), text="un par jour")
    assert make.emit(words, options=OmopOptions(keep_text=True)).rows["drug_exposure"][0]["sig"] == "un par jour"


def test_a_number_too_large_for_its_column_is_left_out_and_told(make):
    days = make.medication(make.concept("A"), time=make.span("2024-02-01", width=make.quantity("99999999999", "d")))
    endless = make.medication(make.concept("B"), time=make.span("2024-02-01", width=make.quantity("1e400", "d")))
    repeats = make.medication(make.concept("C"), repeats=99999999999)
    device = make.statement(
        model.Supply, "device", code=make.concept("D"), time=make.on("2024-01-01"), quantity=make.quantity("1e999999")
    )
    result = make.observation("99999-1", 10**400, make.quantity("1e400"), 10**5000, make.quantity("5"))
    emission = make.emit(days, endless, repeats, device, result)
    rows = emission.rows
    assert [r["days_supply"] for r in rows["drug_exposure"]] == [None, None, None]
    assert [r["refills"] for r in rows["drug_exposure"]] == [None, None, None]
    assert rows["device_exposure"][0]["quantity"] is None
    assert [r["value_as_number"] for r in rows["measurement"]] == [None, None, None, 5.0]
    told = [days, endless, repeats, device, result, result, result]
    assert [(i.code, i.path) for i in emission.issues] == [("SX905", s.path) for s in told]
    assert not any("9999" in i.message for i in emission.issues)


def test_the_largest_whole_numbers_of_a_column_are_kept(make):
    some = [make.medication(make.concept("A"), repeats=n) for n in (2**31 - 1, 2**31)]
    assert [r["refills"] for r in make.emit(*some).rows["drug_exposure"]] == [2**31 - 1, None]
