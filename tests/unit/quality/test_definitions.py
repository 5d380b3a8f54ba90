"""Definitions: read from the files of the DataQualityDashboard, or built in and equal to them."""

from pathlib import Path

import pytest

from semantix.errors import BadDefinitions
from semantix.quality.builtin import builtin_definitions
from semantix.quality.definitions import Check, Definitions, Selection, read_definitions, select
from semantix.quality.explanations import EXPLANATIONS, explain
from semantix.quality.kinds import builtin_kinds, parse_filter

HEAD = (
    "checkLevel,checkName,checkDescription,kahnContext,kahnCategory,kahnSubcategory,sqlFile,evaluationFilter,severity"
)
FILES = {
    "Check_Descriptions": (
        f"{HEAD}\n"
        "FIELD,isRequired,Nothing in @cdmFieldName of @cdmTableName (@absent),Validation,Conformance,Relational,"
        "a.sql,isRequired=='Yes',fatal\n"
        "CONCEPT,plausibleGender,Gender of @conceptName,Validation,Plausibility,,b.sql,plausibleGender!='',convention\n"
        "TABLE,unused,,Validation,Plausibility,,,,convention\n"
    ),
    "Table_Level": "cdmTableName\nPERSON\nCONCEPT\n",
    "Field_Level": (
        "cdmTableName,cdmFieldName,isRequired,isRequiredThreshold,isRequiredNotes\n"
        'PERSON,person_id,Yes,0,"why,\nhow"\n'
        "PERSON,gender_concept_id,No,,\n"
        "PERSON,race_concept_id,NA,,\n"
        "NOTE_NLP,offset,Yes,0,\n"
        "CONCEPT,concept_id,Yes,,\n"
    ),
    "Concept_Level": (
        "cdmTableName,cdmFieldName,conceptId,conceptName,unitConceptId,plausibleGender,plausibleGenderThreshold\n"
        'CONDITION_OCCURRENCE,CONDITION_CONCEPT_ID,"1 , 2",one,,Male,5.5\n'
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / f"OMOP_CDMv5.4_{name}.csv").write_text(f"\N{BYTE ORDER MARK}{text}", "utf-8")
    return tmp_path


def _checks(known: Definitions, *, tables: tuple[str, ...] = ()) -> dict[str, Check]:
    return {check.id: check for check in select(known, Selection(tables=tables))}


def test_rows_that_the_filter_keeps_become_checks(folder: Path):
    checks = _checks(read_definitions(folder))
    assert list(checks) == [
        "field_isrequired_person_person_id",
        "concept_plausiblegender_condition_occurrence_condition_concept_id_1,2",
    ]
    required, gender = checks.values()
    assert (required.threshold, required.notes) == (0.0, "why,\nhow")
    assert required.description == "Nothing in PERSON_ID of PERSON (@absent)"
    assert (gender.threshold, gender.place) == (5.5, "condition_occurrence.condition_concept_id")


def test_tables_of_athena_are_checked_when_they_are_named(folder: Path):
    assert list(_checks(read_definitions(folder), tables=("concept",))) == ["field_isrequired_concept_concept_id"]


def test_levels_may_be_chosen(folder: Path):
    assert [c.kind.level for c in select(read_definitions(folder), Selection(levels=("CONCEPT",)))] == ["CONCEPT"]


def test_files_are_named_with_their_digest(folder: Path):
    known = read_definitions(folder)
    assert known.name == str(folder)
    assert known.files[0][0] == "OMOP_CDMv5.4_Check_Descriptions.csv"
    assert {len(digest) for _, digest in known.files} == {64}
    assert len({digest for _, digest in known.files}) == 4


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("Check_Descriptions", HEAD.replace("evaluationFilter", "x"), "no column evaluationFilter"),
        ("Check_Descriptions", f"{HEAD}\nFIELD,a,,,C,,,isRequired>3,fatal\n", "expected comparisons"),
        ("Check_Descriptions", f"{HEAD}\nROW,a,,,C,,,a=='b',fatal\n", "unknown level or severity"),
        ("Field_Level", "cdmTableName,cdmFieldName,isRequired,isRequiredThreshold\nA,b,Yes,much\n", "is not a number"),
        ("Table_Level", "", "no column cdmTableName"),
        ("Concept_Level", "a\0b", "Concept_Level"),
    ],
)
def test_what_is_no_definition_is_refused(folder: Path, name: str, text: str, words: str):
    (folder / f"OMOP_CDMv5.4_{name}.csv").write_text(text, "utf-8")
    with pytest.raises(BadDefinitions, match=words):
        _checks(read_definitions(folder))


def test_a_file_in_another_encoding_is_refused(folder: Path):
    (folder / "OMOP_CDMv5.4_Table_Level.csv").write_bytes(b"cdmTableName\n\xff\xfe\n")
    with pytest.raises(BadDefinitions, match="not readable as CSV in UTF-8"):
        read_definitions(folder)


def test_a_missing_file_is_named(folder: Path):
    (folder / "OMOP_CDMv5.4_Concept_Level.csv").unlink()
    with pytest.raises(BadDefinitions, match=r"OMOP_CDMv5\.4_Concept_Level\.csv cannot be read"):
        read_definitions(folder)


def test_filters_are_read_as_r_does():
    equal, different = parse_filter("isForeignKey=='Yes' & fkDomain != \"\"")
    assert equal.holds({"isForeignKey": "Yes"})
    assert not equal.holds({"isForeignKey": "No"})
    assert different.holds({"fkDomain": "Drug"})
    # A missing value meets no condition.
    assert not different.holds({"fkDomain": ""})
    assert not equal.holds({})


def test_built_in_definitions_are_the_same_every_time():
    assert builtin_definitions() == builtin_definitions()


def test_every_check_is_explained_in_both_languages():
    assert {kind.name for kind in builtin_kinds()} == set(EXPLANATIONS)
    for explanation in EXPLANATIONS.values():
        for english, french in (explanation.title, explanation.why, explanation.fix):
            assert english
            assert french
            assert english != french
            assert "'" not in french
    assert explain("ofTheirOwn").title[0] == "A check of your own"


# --- beside the published files ------------------------------------------------------------

WIDER = {
    f"field_cdmdatatype_{field}"
    for field in (
        "episode_episode_id",
        "episode_episode_parent_id",
        "episode_person_id",
        "episode_event_episode_id",
        "episode_event_event_id",
        "measurement_measurement_event_id",
        "note_note_event_id",
        "observation_observation_event_id",
        "observation_value_as_concept_id",
        "visit_detail_admitted_from_concept_id",
        "visit_detail_visit_detail_source_concept_id",
        "visit_occurrence_visit_type_concept_id",
    )
}
PARAMETERS = (
    "fkTableName",
    "fkFieldName",
    "fkDomain",
    "fkClass",
    "standardConceptFieldName",
    "plausibleValueLow",
    "plausibleValueHigh",
    "plausibleTemporalAfterTableName",
    "plausibleTemporalAfterFieldName",
    "plausibleStartBeforeEndFieldName",
)


@pytest.fixture(scope="session")
def published(shared: Path) -> Definitions:
    return read_definitions(shared / "spec" / "dqd")


def test_the_published_kinds_are_the_built_in_ones(published: Definitions):
    def facts(known: Definitions) -> list[tuple[object, ...]]:
        return [(k.level, k.name, k.context, k.category, k.subcategory, k.severity, k.applies) for k in known.kinds]

    assert facts(published) == facts(builtin_definitions())


@pytest.mark.parametrize("tables", [(), ("concept", "vocabulary", "domain", "relationship", "concept_relationship")])
def test_built_in_checks_of_tables_and_fields_are_the_published_ones(published: Definitions, tables: tuple[str, ...]):
    ours, theirs = (
        {name: check for name, check in _checks(known, tables=tables).items() if check.kind.level != "CONCEPT"}
        for known in (builtin_definitions(), published)
    )
    assert set(ours) - set(theirs) == (WIDER if not tables else set())
    odd = {"field_isforeignkey_cohort_definition_cohort_definition_id"}
    assert set(theirs) - set(ours) == (odd if not tables else set())
    for name in set(ours) & set(theirs):
        assert ours[name].threshold == theirs[name].threshold, name


def test_built_in_parameters_are_the_published_ones(published: Definitions):
    ours, theirs = _checks(builtin_definitions()), _checks(published)
    for name in set(ours) & set(theirs):
        for parameter in PARAMETERS:
            told = ours[name].row.get(parameter, "")
            if told and told != theirs[name].row.get(parameter):
                assert ours[name].place == "cdm_source.source_release_date", name


def test_every_published_check_can_be_counted(published: Definitions):
    from semantix.quality.concept_measures import MEASURES

    counted = {*MEASURES, ("TABLE", "cdmTable"), ("FIELD", "cdmField")}
    assert {(kind.level, kind.name) for kind in published.kinds} <= counted
    assert len(select(published, Selection())) == 2374
