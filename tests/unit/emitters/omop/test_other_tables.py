"""Procedures, devices, specimens, notes, relations, sources."""

from semantix import model
from semantix.emitters.omop import OmopOptions
from semantix.emitters.omop.tables.note import plain

BASE = 2_100_000_000
CCAM = "1.2.250.1.215.300.1"
IPS = "2.16.840.1.113883.5.1150.1"


def procedure(make, code="ZZZZ001", **fields):
    fields.setdefault("time", make.on("2024-01-05"))
    concept = make.concept(code, CCAM) if code else None
    return make.statement(model.Procedure, fields.pop("word", "procedure"), code=concept, **fields)


def test_an_act_done_is_a_procedure_with_its_first_site(make, vocabulary):
    act = procedure(make, time=make.span("2024-01-05", "2024-01-06"), sites=(make.concept("S1"),), status="completed")
    row = make.emit(act, options=OmopOptions(vocabulary=vocabulary)).rows["procedure_occurrence"][0]
    assert (row["procedure_concept_id"], row["procedure_source_concept_id"]) == (BASE + 16, BASE + 15)
    assert (row["modifier_source_value"], row["procedure_end_date"]) == ("S1", "2024-01-06")


def test_acts_to_do_cancelled_unfinished_or_denied_are_left_out(make):
    emission = make.emit(
        procedure(make, mood="RQO"),
        procedure(make, status="cancelled"),
        procedure(make, status="active"),
        procedure(make, negated=True),
        procedure(make, None),
        procedure(make, None, text="mots"),
    )
    assert "procedure_occurrence" not in emission.rows
    assert emission.excluded == {
        ("procedure", "status-excluded"): 3,
        ("procedure", "negated"): 1,
        ("procedure", "null-code"): 1,
        ("procedure", "identifying"): 1,
    }


def test_no_known_procedure_is_an_observation_even_when_it_is_negated(make):
    none = make.statement(
        model.Procedure,
        "no-procedure",
        code=make.concept("no-known-procedures", IPS),
        negated=True,
        time=make.on("2024-01-01"),
    )
    assert make.emit(none).rows["observation"][0]["observation_source_value"] == "no-known-procedures"


def supply(make, **fields):
    fields.setdefault("time", make.span("2024-01-05"))
    return make.statement(model.Supply, fields.pop("word", "device"), **fields)


def test_a_device_has_a_code_and_a_count_but_no_serial_number(make):
    ref = model.DeviceRef(
        make.at, "/dev", (model.Identifier("1.2", "SERIAL42"),), make.concept("Z120102", "1.2.250.1.213.2.68")
    )
    rows = make.emit(supply(make, device=ref, quantity=make.quantity("2"))).rows["device_exposure"]
    assert (rows[0]["device_source_value"], rows[0]["quantity"]) == ("Z120102", 2)
    assert {"unique_device_id", "production_id"}.isdisjoint(rows[0])


def test_a_supplied_drug_is_an_exposure_and_a_thing_without_code_is_reported(make):
    product = model.Product(at=make.at, path="/p", code=make.concept("3400001", "1.2.250.1.213.2.3.2"))
    end = make.span("2024-01-05", "2024-02-05")
    emission = make.emit(
        supply(make, product=product, word="supply"),
        supply(make, code=make.concept("T1"), time=end),
        supply(make),
        supply(make, mood="RQO", code=make.concept("T2")),
    )
    assert len(emission.rows["drug_exposure"]) == 1
    assert emission.rows["device_exposure"][0]["device_exposure_end_date"] == "2024-02-05"
    assert emission.excluded == {("device", "null-code"): 1, ("device", "status-excluded"): 1}


def test_no_device_is_an_observation_and_nothing_at_all_is_reported(make):
    ref = model.DeviceRef(make.at, "/dev", (), make.concept("no-known-devices", IPS))
    emission = make.emit(supply(make, device=ref, word="no-device"), supply(make, word="no-device"))
    assert emission.rows["observation"][0]["observation_source_value"] == "no-known-devices"
    assert emission.excluded == {("no-device", "null-code"): 1}


def test_a_specimen_is_written_once_a_document_without_its_number(make):
    ids = (model.Identifier("1.2", "TUBE42"),)
    blood = [
        model.Specimen(make.at, "/s", ids, make.concept("119297000"), quantity=make.quantity("5", "mL"))
        for _ in range(2)
    ]
    bare = model.Specimen(make.at, "/t")
    first = make.observation("99999-1", make.quantity("1"), specimens=(blood[0], bare))
    second = make.statement(model.Panel, "lab-battery", time=make.on("2024-01-01"), specimens=(blood[1],))
    rows = make.emit(first, second).rows["specimen"]
    assert [(r["specimen_source_value"], r["quantity"]) for r in rows] == [("119297000", 5.0)]
    assert "specimen_source_id" not in rows[0]


def isolate(make, code, organism):
    drug = make.observation("18862-3", make.concept("S", "2.16.840.1.113883.5.83"))
    group = make.statement(model.Panel, "panel", links=(model.Link("COMP", drug),))
    return make.statement(
        model.Panel,
        "lab-isolate",
        code=make.concept(code, "2.16.840.1.113883.6.1") if code else None,
        time=make.on("2024-01-01"),
        specimens=(model.Specimen(make.at, "/o", (), organism),),
        links=(model.Link("COMP", group),),
    )


def test_an_organism_is_a_result_related_to_its_antibiogram(make):
    rows = make.emit(isolate(make, "41852-5", make.concept("112283007", display="E. coli"))).rows
    assert rows["measurement"][0]["value_source_value"] == "112283007"
    one, other = rows["fact_relationship"]
    assert (one["fact_id_1"], one["fact_id_2"]) == (("measurement", 0), ("measurement", 1))
    assert (other["fact_id_1"], other["fact_id_2"]) == (("measurement", 1), ("measurement", 0))
    assert one["domain_concept_id_1"] == "semantix|domain-measurement"
    assert (one["relationship_concept_id"], other["relationship_concept_id"]) == (
        "semantix|has-part",
        "semantix|part-of",
    )
    assert rows["measurement"][1]["measurement_date"] == "2024-03-08"


def test_an_organism_without_question_is_its_own_result(make, vocabulary):
    rows = make.emit(isolate(make, None, make.concept("112283007")), options=OmopOptions(vocabulary=vocabulary)).rows
    assert rows["measurement"][0]["measurement_source_value"] == "112283007"
    assert rows["fact_relationship"][0]["domain_concept_id_1"] == BASE + 19


def test_a_member_without_date_takes_that_of_its_panel(make):
    member = make.observation("99999-1", make.quantity("1"), time=None)
    panel = make.statement(model.Panel, "vital-signs", time=make.on("2023-05-05"), links=(model.Link("COMP", member),))
    emission = make.emit(panel)
    assert emission.rows["measurement"][0]["measurement_date"] == "2023-05-05"
    assert emission.imputed == {("measurement", "enclosing"): 1}


def test_a_document_is_a_note_without_title_nor_text(make):
    row = make.emit(title="CR de Mme Fictive").rows["note"][0]
    assert (row["note_title"], row["note_text"], row["note_source_value"]) == ("Compte rendu", "", "11488-4")
    assert (row["language_concept_id"], row["note_date"]) == (0, "2024-03-10")


def test_the_text_is_there_when_asked_for(make):
    inner = model.Section(at=make.at, path="/i", narrative="<div><p>Un<br/>deux &amp; trois</p></div>")
    section = model.Section(at=make.at, path="/s", title="Motif", sections=(inner,))
    row = make.emit(sections=(section,), options=OmopOptions(keep_text=True), language=None).rows["note"][0]
    assert row["note_text"] == "Motif\nUn\ndeux & trois"
    assert row["language_concept_id"] == 0


def test_markup_becomes_lines():
    assert plain("<table><tr><td>a</td><td>b</td></tr></table>") == "a\nb"


def test_a_code_keeps_its_system_and_its_wording(make):
    rows = make.emit(make.problem(make.concept("X12.3", "2.16.840.1.113883.6.3", "Fièvre fictive"))).rows
    concept = next(c for c in rows["concept"] if c["concept_code"] == "X12.3")
    assert (concept["vocabulary_id"], concept["concept_name"], concept["domain_id"]) == (
        "cim10",
        "Fièvre fictive",
        "Condition",
    )
    mapping = next(m for m in rows["source_to_concept_map"] if m["source_code"] == "X12.3")
    assert (mapping["source_vocabulary_id"], mapping["target_concept_id"]) == ("cim10", 0)
    assert rows["condition_occurrence"][0]["condition_source_concept_id"] == concept["concept_id"]
    vocabulary = next(v for v in rows["vocabulary"] if v["vocabulary_id"] == "cim10")
    assert vocabulary["vocabulary_reference"] == "http://hl7.org/fhir/sid/icd-10"


def test_the_map_gives_each_standard_concept_found(make, vocabulary):
    problem = make.problem(make.concept("X13", "2.16.840.1.113883.6.3"))
    rows = make.emit(problem, options=OmopOptions(vocabulary=vocabulary)).rows
    found = [m["target_concept_id"] for m in rows["source_to_concept_map"] if m["source_code"] == "X13"]
    assert found == [BASE + 1, BASE + 12]


def test_a_code_that_is_too_long_is_refused_not_cut(make):
    rows = make.emit(make.problem(make.concept("x" * 51))).rows
    assert "condition_occurrence" not in rows


def test_a_commune_written_as_a_code_is_left_out(make):
    place = model.Concept((model.Coding("75056", None, "PARIS", make.at, None, "COG INSEE"),), make.at)
    row = make.emit(make.observation("99999-1", place)).rows["measurement"][0]
    assert row["value_source_value"] == "value not kept"
