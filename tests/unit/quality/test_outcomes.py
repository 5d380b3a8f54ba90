"""Pass, fail, not applicable and error follow the rules of the DataQualityDashboard."""

import pytest
from tests.quality_database import TODAY, check, definitions, one, verdicts

from semantix.quality.database import database_of
from semantix.quality.definitions import Check, Definitions, Selection
from semantix.quality.kinds import LEVELS, Kind
from semantix.quality.measures import bound
from semantix.quality.names import Unmeasurable
from semantix.quality.outcomes import ERROR, FAILED, NOT_APPLICABLE, PASSED, Counted, exceeds
from semantix.quality.running import run_checks


def _kind(name: str, level: str = "FIELD") -> Kind:
    return Kind(level, name, "Verification", "Plausibility", "", "convention", (), "")


@pytest.mark.parametrize(
    ("threshold", "violated", "denominator", "fails"),
    [
        (None, 0, 10, False),
        (None, 1, 10, True),
        (0.0, 1, 1000, True),
        (5.0, 5, 100, False),
        (5.0, 6, 100, True),
        (5.0, 51, 1000, True),
        (5.0, 0, 0, False),
        (100.0, 10, 10, False),
    ],
)
def test_a_check_fails_above_its_threshold(threshold: float | None, violated: int, denominator: int, fails: bool):
    wanted = Check(_kind("plausibleValueLow"), {}, "person", "year_of_birth", "", "", threshold)
    assert exceeds(wanted, Counted(violated, denominator)) is fails


@pytest.mark.parametrize(
    ("wanted", "change", "reason"),
    [
        ("table_measurepersoncompleteness_note", "DROP TABLE note", "table_missing"),
        ("field_cdmfield_note_note_id", "DROP TABLE note", "table_missing"),
        ("field_isrequired_note_note_id", "DROP TABLE note", "table_missing"),
        ("field_isrequired_note_note_id", "", "table_empty"),
        ("field_measurevaluecompleteness_note_note_id", "", "table_empty"),
        ("table_measureobservationperiodoverlap_observation_period", "DELETE FROM observation_period", "table_empty"),
        (
            "field_measurevaluecompleteness_person_provider_id",
            "ALTER TABLE person DROP COLUMN provider_id",
            "field_missing",
        ),
        ("field_isrequired_person_gender_concept_id", "UPDATE person SET gender_concept_id = NULL", "field_empty"),
        (
            "concept_plausiblegender_condition_occurrence_condition_concept_id_103",
            "DELETE FROM condition_occurrence WHERE condition_concept_id = 103",
            "concept_missing",
        ),
        (
            "concept_plausiblevaluelow_measurement_measurement_concept_id_300_8840",
            "UPDATE measurement SET unit_concept_id = 8753",
            "unit_missing",
        ),
        (
            "table_measureconditioneracompleteness_condition_era",
            "DELETE FROM condition_occurrence",
            "no_conditions",
        ),
        (
            "table_measureconditioneracompleteness_condition_era",
            "DROP TABLE condition_occurrence",
            "no_conditions",
        ),
        ("field_isforeignkey_person_gender_concept_id", "DELETE FROM concept", "no_vocabulary"),
        ("field_fkdomain_person_gender_concept_id", "DROP TABLE concept", "no_vocabulary"),
        ("field_isstandardvalidconcept_person_gender_concept_id", "DROP TABLE concept", "no_vocabulary"),
    ],
)
def test_a_check_without_an_object_does_not_apply(sound, wanted: str, change: str, reason: str):
    if change:
        sound.session.execute(change)
    result = one(sound, wanted)
    assert (result.status, result.reason) == (NOT_APPLICABLE, reason)


@pytest.mark.parametrize(
    ("wanted", "change", "status"),
    [
        # A field that is never filled is a finding of this check, within its threshold or not.
        ("field_measurevaluecompleteness_person_provider_id", "", PASSED),
        (
            "field_measurevaluecompleteness_person_gender_concept_id",
            "UPDATE person SET gender_concept_id = NULL",
            FAILED,
        ),
        # Nobody has a record in an empty table.
        ("table_measurepersoncompleteness_note", "", PASSED),
        ("table_measurepersoncompleteness_observation", "", FAILED),
        ("table_cdmtable_person", "DELETE FROM person", PASSED),
        ("field_cdmfield_person_person_id", "DELETE FROM person", PASSED),
        # Conditions without the table of their eras: the query cannot be run.
        ("table_measureconditioneracompleteness_condition_era", "DROP TABLE condition_era", ERROR),
        # Keys of other tables than those of the vocabularies.
        ("field_isforeignkey_person_location_id", "DROP TABLE location", ERROR),
        ("field_withinvisitdates_condition_occurrence_condition_start_date", "DROP TABLE visit_occurrence", ERROR),
    ],
)
def test_a_check_applies_although_something_is_missing(sound, wanted: str, change: str, status: str):
    if change:
        sound.session.execute(change)
    assert one(sound, wanted).status == status


def test_an_error_names_its_kind_and_never_a_value(alone):
    alone.session.execute("ALTER TABLE condition_occurrence ALTER condition_start_date TYPE VARCHAR")
    alone.session.execute("UPDATE condition_occurrence SET condition_start_date = 'Dupont'")
    result = one(alone, "field_plausiblevaluelow_condition_occurrence_condition_start_date")
    assert (result.status, result.counted.error) == (ERROR, "ConversionException")


def test_a_column_of_another_type_costs_its_own_checks_only(alone):
    alone.session.execute("ALTER TABLE measurement ALTER value_as_number TYPE VARCHAR")
    alone.session.execute("UPDATE measurement SET value_as_number = 'many'")
    run = check(alone, Selection(tables=("measurement",)))
    assert {result.check.id for result in run.results if result.status == ERROR} == {
        "concept_plausiblevaluelow_measurement_measurement_concept_id_300_8840",
        "concept_plausiblevaluehigh_measurement_measurement_concept_id_300_8840",
    }


def test_groups_that_cannot_be_read_are_an_error_of_their_checks(alone):
    alone.session.execute("ALTER TABLE measurement RENAME TO results")
    broken = "CAST('x' || unit_concept_id AS INTEGER) AS unit_concept_id"
    alone.session.execute(f"CREATE VIEW measurement AS SELECT * REPLACE ({broken}) FROM results")
    wanted = "concept_plausibleunitconceptids_measurement_measurement_concept_id_300"
    assert (one(alone, wanted).status, one(alone, wanted).counted.error) == (ERROR, "ConversionException")


def test_a_source_that_cannot_be_read_says_nothing(alone):
    alone.session.execute("ALTER TABLE cdm_source RENAME TO source")
    alone.session.execute("CREATE VIEW cdm_source AS SELECT * FROM source")
    alone.session.execute("ALTER TABLE source DROP COLUMN cdm_holder")
    assert check(alone, Selection(levels=("TABLE",))).source == {}


def test_the_query_that_is_shown_gives_the_counts(sound):
    result = one(sound, "field_plausibleafterbirth_condition_occurrence_condition_start_date")
    assert sound.rows(result.counted.sql) == [(0, 3)]
    result = one(sound, "field_isrequired_person_person_id")
    assert sound.rows(result.counted.sql) == [(0, 3)]


def test_the_run_says_what_was_checked(sound):
    run = check(sound)
    assert (run.schema, run.vocabulary_schema, run.has_vocabulary, run.day) == ("main", "main", True, TODAY)
    assert run.source["cdm_source_name"] == "invented"


@pytest.mark.parametrize("change", ["DROP TABLE cdm_source", "DELETE FROM cdm_source"])
def test_a_database_may_say_nothing_of_itself(sound, change: str):
    sound.session.execute(change)
    assert check(sound, Selection(levels=("TABLE",))).source == {}


def test_verdicts_are_the_same_on_each_run(sound):
    database = database_of(sound, "", "")
    assert verdicts(database, definitions()) == verdicts(database, definitions())


def _verdict(sound, row: dict[str, str], kind: Kind) -> tuple[str, str]:
    row = {"cdmTableName": "MEASUREMENT", "cdmFieldName": "VALUE_AS_NUMBER", "conceptId": "300", **row}
    known = Definitions("own", (), (kind,), {level: (row,) if level == kind.level else () for level in LEVELS})
    result = run_checks(database_of(sound, "", ""), known, Selection(), TODAY, lambda: 0.0).results[0]
    return result.status, result.counted.error


@pytest.mark.parametrize(
    ("row", "kind", "words"),
    [
        ({}, _kind("ofTheirOwn"), "semantix does not know the check ofTheirOwn"),
        ({"plausibleValueLow": "ISNULL(3)"}, _kind("plausibleValueLow"), "the bound ISNULL(3) is not a number"),
        ({}, _kind("isForeignKey"), "the definition has no fkTableName"),
        ({"conceptId": "many"}, _kind("plausibleGender", "CONCEPT"), "a conceptId that is not a number"),
        ({"conceptId": " "}, _kind("plausibleGender", "CONCEPT"), "the definition has no conceptId"),
        ({"plausibleValueLow": "1"}, _kind("plausibleValueLow", "CONCEPT"), "the definition has no unitConceptId"),
    ],
)
def test_a_definition_that_cannot_be_run_is_an_error_of_its_check(sound, row: dict[str, str], kind: Kind, words: str):
    status, error = _verdict(sound, row, kind)
    assert status == ERROR
    assert words in error


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("0.0000001", "0.0000001"),
        ("-3", "-3"),
        ("'19500101'", "DATE '1950-01-01'"),
        ("'1950-01-01'", "DATE '1950-01-01'"),
        ("DATEADD(dd,1,GETDATE())", "DATE '2026-01-16'"),
        ("dateadd(day, -15, getdate())", "DATE '2025-12-31'"),
        ("YEAR(GETDATE())+1", "2027"),
        ("YEAR(GETDATE()) - 2", "2024"),
        ("YEAR(GETDATE())", "2026"),
    ],
)
def test_bounds_are_read(text: str, sql: str):
    assert bound(text, TODAY) == sql


@pytest.mark.parametrize("text", ["1; DROP TABLE person", "'2020'", "GETDATE()"])
def test_other_bounds_are_refused(text: str):
    with pytest.raises(Unmeasurable):
        bound(text, TODAY)


def test_a_date_may_have_to_follow_one_of_a_person_or_of_its_own_row(sound):
    after = {
        "cdmFieldName": "MEASUREMENT_DATE",
        "plausibleTemporalAfterTableName": "OBSERVATION_PERIOD",
        "plausibleTemporalAfterFieldName": "MEASUREMENT_DATE",
    }
    assert _verdict(sound, after, _kind("plausibleTemporalAfter")) == (PASSED, "")
    own = {
        "cdmTableName": "PERSON",
        "cdmFieldName": "BIRTH_DATETIME",
        "plausibleTemporalAfterTableName": "PERSON",
        "plausibleTemporalAfterFieldName": "BIRTH_DATETIME",
    }
    assert _verdict(sound, own, _kind("plausibleTemporalAfter")) == (PASSED, "")
    assert _verdict(sound, own, _kind("plausibleAfterBirth")) == (PASSED, "")


@pytest.mark.parametrize(
    ("table", "field", "source"),
    [
        ("measurement", "unit_source_concept_id", "unit_source_value"),
        ("dose_era", "unit_concept_id", ""),
        ("provider", "gender_source_concept_id", "gender_source_value"),
        ("person", "gender_concept_id", ""),
        ("visit_occurrence", "admitted_from_concept_id", "admitted_from_source_value"),
        ("visit_occurrence", "admitting_source_concept_id", "admitting_source_value"),
        ("condition_occurrence", "condition_concept_id", ""),
        ("death", "cause_source_concept_id", "cause_source_value"),
    ],
)
def test_a_missing_concept_is_at_fault_where_the_source_has_a_value(table: str, field: str, source: str):
    from semantix.quality.measures import _source_of

    assert _source_of(table, field) == source
