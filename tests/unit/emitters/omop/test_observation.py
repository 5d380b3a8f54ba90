import pytest

from semantix import model
from semantix.emitters.omop import OmopOptions

BASE = 2_100_000_000
IPS = "2.16.840.1.113883.5.1150.1"


def allergy(make, *agents, **fields):
    fields.setdefault("time", make.span("2020-01-01"))
    return make.statement(
        model.Allergy,
        fields.pop("word", "allergy"),
        agents=tuple(make.party("participant", None, entity=a) for a in agents),
        **fields,
    )


def test_an_allergy_is_a_kind_with_its_substance_as_value(make, vocabulary):
    item = allergy(make, make.concept("9000011", "x"), code=make.concept("9000010"), criticality=make.concept("high"))
    row = make.emit(item, options=OmopOptions(vocabulary=vocabulary)).rows["observation"][0]
    assert (row["observation_concept_id"], row["observation_source_value"]) == (BASE + 10, "9000010")
    assert (row["value_source_value"], row["qualifier_source_value"]) == ("9000011", "high")


def test_an_allergy_without_kind_is_its_substance(make):
    item = allergy(make, make.concept("9000011"), make.concept("9000012"))
    assert [r["observation_source_value"] for r in make.emit(item).rows["observation"]] == ["9000011", "9000012"]


def test_the_substance_may_be_the_value(make):
    item = allergy(make, value=make.concept("9000011"), code=make.concept("ALG"))
    assert make.emit(item).rows["observation"][0]["value_source_value"] == "9000011"


def test_no_known_allergy_and_no_information_stay_two_codes(make):
    items = [
        allergy(make, word="no-allergy", value=make.concept(c, IPS), code=make.concept("ALG"))
        for c in ("no-known-allergies", "no-allergy-info")
    ]
    rows = make.emit(*items).rows["observation"]
    assert [(r["observation_source_value"], r["qualifier_source_value"]) for r in rows] == [
        ("no-known-allergies", "ALG"),
        ("no-allergy-info", "ALG"),
    ]


def test_a_refuted_allergy_says_so_and_an_error_is_left_out(make):
    denied = allergy(make, make.concept("9000011"), negated=True)
    wrong = allergy(make, make.concept("9000011"), verification=make.concept("entered-in-error"))
    emission = make.emit(denied, wrong)
    assert emission.rows["observation"][0]["qualifier_source_value"] == "negated"
    assert emission.excluded == {("allergy", "status-excluded"): 1}


def test_an_allergy_in_words_only_is_left_out(make):
    words = make.statement(
        model.Allergy,
        "allergy",
        agents=(make.party("participant", None, entity_name="pollen"),),
        time=make.on("2020-01-01"),
    )
    assert make.emit(words, allergy(make)).excluded == {("allergy", "identifying"): 1, ("allergy", "null-code"): 1}


def test_a_reaction_is_related_to_its_allergy(make):
    hives = make.problem(make.concept("126485001"), negated=True)
    uncoded = make.problem(None)
    nested = make.observation("99999-2", make.concept("severe"), word="observation")
    rash = make.problem(make.concept("R2"), links=(model.Link("SUBJ", nested),))
    emission = make.emit(allergy(make, make.concept("9000011"), reactions=(hives, uncoded, rash)))
    rows = emission.rows
    assert [r.get("qualifier_source_value") for r in rows["observation"]] == [None, "negated", "reaction", None]
    assert "condition_occurrence" not in rows
    assert len(rows["fact_relationship"]) == 4
    assert emission.excluded == {("problem", "null-code"): 1}


def family(make, *members, **fields):
    relative = model.Relative(at=make.at, path="/rel", code=make.concept("FTH", "2.16.840.1.113883.5.111"))
    links = tuple(model.Link("COMP", m) for m in members)
    return make.statement(model.Panel, "family-history", subject=relative, links=links, **fields)


def test_family_history_is_an_observation_qualified_by_the_tie(make, vocabulary):
    rows = make.emit(
        family(
            make,
            make.problem(make.concept("9000001")),
            make.problem(make.concept("9000001"), negated=True),
            make.observation("99999-2", make.concept("9000002"), word="observation"),
            make.problem(None),
        ),
        options=OmopOptions(vocabulary=vocabulary),
    ).rows
    assert "condition_occurrence" not in rows
    found = rows["observation"]
    assert [r.get("qualifier_source_value") for r in found] == ["FTH", "negated", None, "FTH"]
    assert (found[0]["observation_concept_id"], found[0]["value_as_concept_id"]) == (0, BASE + 1)
    assert (found[2]["value_source_value"], found[2]["observation_event_id"]) == ("FTH", ("observation", 1))
    assert found[3]["value_source_value"] == "9000002"


def test_somebody_else_is_not_the_patient(make):
    child = model.Relative(at=make.at, path="/rel", code=make.concept("CHILD", "2.16.840.1.113883.5.111"))
    emission = make.emit(make.observation("99999-1", make.quantity("1"), subject=child))
    assert emission.excluded == {("lab-result", "no-person"): 1}


def test_an_act_is_an_observation_unless_it_is_only_structure(make):
    code = make.concept("A1")
    emission = make.emit(
        make.statement(model.Statement, "act", code=code, time=make.on("2024-01-01"), priority=make.concept("R")),
        make.statement(model.Statement, "lab-report", code=make.concept("18719-5")),
        make.statement(model.Statement, "coverage", code=make.concept("C")),
        make.statement(model.Statement, "act"),
        make.statement(model.Media, "media"),
    )
    assert [r["observation_source_value"] for r in emission.rows["observation"] if "observation_source_value" in r] == [
        "A1"
    ]
    assert emission.excluded == {
        ("lab-report", "no-target"): 1,
        ("coverage", "administrative"): 1,
        ("act", "null-code"): 1,
        ("media", "no-target"): 1,
    }


def test_a_denied_observation_says_so(make):
    denied = make.observation("99999-2", make.concept("9000002", display="oui"), word="social-history", negated=True)
    row = make.emit(denied).rows["observation"][0]
    assert (row["qualifier_source_value"], row["value_as_string"]) == ("negated", "oui")


def test_an_observation_without_code_nor_value_is_reported(make):
    nothing = make.statement(model.Observation, "observation", time=make.on("2024-01-01"))
    assert make.emit(nothing).excluded == {("observation", "null-code"): 1}


def test_without_any_date_nothing_can_be_stored(make):
    code = make.concept("A")
    some = (
        make.statement(model.Statement, "act", code=code),
        make.statement(model.Panel, "panel"),
        make.statement(model.Observation, "observation", code=make.concept("A")),
        make.problem(make.concept("A"), time=None),
        allergy(make, make.concept("A"), time=None),
        make.medication(make.concept("A"), time=None),
        make.statement(model.Procedure, "procedure", code=make.concept("A")),
        make.statement(model.Supply, "device", code=make.concept("A")),
        family(make, make.problem(make.concept("A"), time=None)),
    )
    emission = make.emit(*some, time=None)
    assert set(emission.rows) <= {"person", "concept", "source_to_concept_map", "vocabulary"}
    assert sum(n for (_, reason), n in emission.excluded.items() if reason == "no-date") == 9


def test_the_date_of_the_document_is_an_imputation(make):
    emission = make.emit(
        make.problem(make.concept("A"), time=None), make.problem(make.concept("B"), time=make.span("2020"))
    )
    assert [r["condition_start_date"] for r in emission.rows["condition_occurrence"]] == ["2024-03-10", "2020-01-01"]
    assert emission.imputed == {("condition_occurrence", "document"): 1, ("condition_occurrence", "year"): 1}
    assert emission.trace["condition_occurrence"][0][1] == "document"


def test_a_document_without_time_takes_that_of_its_encounter(make):
    stay = model.EncompassingEncounter(at=make.at, path="/e", time=make.span("2024-02-02"))
    emission = make.emit(make.problem(make.concept("A"), time=None), time=None, encounter=stay)
    assert emission.rows["condition_occurrence"][0]["condition_start_date"] == "2024-02-02"


DISEASE, ACT = "9000001", "9000016"


@pytest.mark.parametrize("code", [DISEASE, ACT])
def test_a_false_answer_never_claims_its_concept(make, vocabulary, code):
    asked = make.statement(
        model.Observation, "social-history", code=make.concept(code), values=(False,), time=make.on("2024-01-01")
    )
    rows = make.emit(asked, options=OmopOptions(vocabulary=vocabulary)).rows
    assert not {"condition_occurrence", "procedure_occurrence"} & set(rows)
    row = rows["observation"][0]
    assert (row["observation_concept_id"], row["value_as_concept_id"]) == (0, BASE + int(code[-2:]))
    assert (row["qualifier_source_value"], row["value_source_value"]) == ("negated", "false")


def test_a_true_answer_claims_its_concept(make, vocabulary):
    asked = make.statement(
        model.Observation, "social-history", code=make.concept(DISEASE), values=(True,), time=make.on("2024-01-01")
    )
    rows = make.emit(asked, options=OmopOptions(vocabulary=vocabulary)).rows
    assert rows["condition_occurrence"][0]["condition_concept_id"] == BASE + 1


def test_a_value_stays_in_a_table_that_holds_it_and_claims_no_disease(make, vocabulary):
    words, unknown = model.Text("non", make.at), model.Absent("UNK", make.at)
    for value in (make.quantity("2"), make.concept("373067005"), words, unknown):
        asked = make.statement(
            model.Observation, "survey", code=make.concept(DISEASE), values=(value,), time=make.on("2024-01-01")
        )
        rows = make.emit(asked, options=OmopOptions(vocabulary=vocabulary)).rows
        assert "condition_occurrence" not in rows
        row = rows["observation"][0]
        assert (row["observation_concept_id"], row["observation_source_concept_id"]) == (0, BASE + 1)
        assert row["value_source_value"] in {"2", "373067005", "text withheld", "nullFlavor UNK"}


def test_the_substance_of_an_allergy_is_kept_whatever_the_domain_of_its_kind(make, vocabulary):
    item = allergy(make, make.concept("9000011", "x"), code=make.concept(DISEASE))
    rows = make.emit(item, options=OmopOptions(vocabulary=vocabulary)).rows
    assert "condition_occurrence" not in rows
    assert rows["observation"][0]["value_source_value"] == "9000011"


@pytest.mark.parametrize("kind", [model.Observation, model.Procedure, model.Statement])
@pytest.mark.parametrize("values", [(), (True,), (False,)])
def test_a_wish_is_neither_an_act_nor_a_disease(make, vocabulary, kind, values):
    fields = {"values": values} if kind is model.Observation else {}
    for code in (DISEASE, ACT):
        wish = make.statement(kind, "advance-directive", code=make.concept(code), time=make.on("2024-01-01"), **fields)
        rows = make.emit(wish, options=OmopOptions(vocabulary=vocabulary)).rows
        assert not {"condition_occurrence", "procedure_occurrence"} & set(rows)
        row = rows["observation"][0]
        assert (row["observation_concept_id"], row["value_as_concept_id"]) == (0, BASE + int(code[-2:]))
        assert row["qualifier_source_value"] in {"preference", "negated"}


def test_an_absence_is_an_observation_whatever_the_domain_of_its_code(make, vocabulary):
    options = OmopOptions(vocabulary=vocabulary)
    none = make.problem(make.concept(DISEASE), word="no-problem")
    nothing = make.statement(model.Procedure, "no-procedure", code=make.concept(ACT), time=make.on("2024-01-01"))
    rows = make.emit(none, nothing, options=options).rows
    assert not {"condition_occurrence", "procedure_occurrence"} & set(rows)
    assert len(rows["observation"]) == 2


def test_each_member_of_a_family_history_has_its_own_subject(make):
    relative = model.Relative(at=make.at, path="/rel", code=make.concept("FTH", "2.16.840.1.113883.5.111"))
    members = tuple(model.Link("COMP", make.problem(make.concept(c), subject=relative)) for c in ("A", "B"))
    panel = make.statement(model.Panel, "family-history", subject=relative, links=members)
    rows = make.emit(panel).rows
    assert [r["qualifier_source_value"] for r in rows["observation"]] == ["FTH", "FTH"]
    assert "condition_occurrence" not in rows


def test_a_family_history_that_names_no_relative_is_not_the_patients(make):
    panel = make.statement(model.Panel, "family-history", links=(model.Link("COMP", make.problem(make.concept("A"))),))
    rows = make.emit(panel).rows
    assert "condition_occurrence" not in rows
    assert rows["observation"][0]["qualifier_source_value"] == "family"


def test_a_section_about_somebody_else_is_not_about_the_patient(make):
    child = model.Relative(at=make.at, path="/rel", code=make.concept("NCHILD", "2.16.840.1.113883.5.111"))
    weight = make.observation("99999-1", make.quantity("3200", "g"), subject=child)
    section = model.Section(at=make.at, path="/section[1]", subject=child, statements=(weight,))
    emission = make.emit(sections=(section,))
    assert "measurement" not in emission.rows
    assert emission.excluded == {("lab-result", "no-person"): 1}


VERIFICATION = "2.16.840.1.113883.4.642.1.1075"


def test_an_error_is_never_stored_wherever_it_is(make):
    error = {"verification": make.concept("entered-in-error", VERIFICATION)}
    cause = allergy(make, make.concept("9000011"), reactions=(make.problem(make.concept("R"), **error),))
    wrong = allergy(make, make.concept("9000012"), reactions=(make.problem(make.concept("R")),), **error)
    emission = make.emit(family(make, make.problem(make.concept("A"), **error)), cause, wrong)
    assert [r["observation_source_value"] for r in emission.rows["observation"]] == ["9000011"]
    assert emission.excluded["problem", "status-excluded"] == 3


@pytest.mark.parametrize("certainty", ["refuted", "provisional"])
def test_an_unsure_reaction_or_family_history_says_so(make, certainty):
    unsure = {"verification": make.concept(certainty, VERIFICATION)}
    reaction = make.problem(make.concept("R"), **unsure)
    member = make.problem(make.concept("A"), **unsure)
    rows = make.emit(allergy(make, make.concept("9000011"), reactions=(reaction,)), family(make, member)).rows
    found = [(r.get("observation_source_value"), r.get("qualifier_source_value")) for r in rows["observation"]]
    assert found[1:3] == [("R", certainty), ("A", certainty)]
    tie = rows["observation"][3]
    assert (tie["value_source_value"], tie["observation_event_id"]) == ("FTH", ("observation", 2))


def test_every_answer_of_a_family_history_is_written(make):
    weights = make.observation("99999-1", make.quantity("5"), make.quantity("7"))
    rows = make.emit(family(make, weights)).rows["observation"]
    assert [(r["value_as_number"], r["qualifier_source_value"]) for r in rows] == [(5.0, "FTH"), (7.0, "FTH")]


def test_an_unconfirmed_allergy_is_not_a_negated_one(make, vocabulary):
    item = allergy(
        make,
        make.concept("9000011", "x"),
        code=make.concept("9000010"),
        verification=make.concept("unconfirmed", VERIFICATION),
    )
    row = make.emit(item, options=OmopOptions(vocabulary=vocabulary)).rows["observation"][0]
    assert (row["observation_concept_id"], row["qualifier_source_value"]) == (0, "unconfirmed")
