"""A small OMOP database in which every data-quality check passes, and one change a check that makes it fail."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import NamedTuple

from semantix.emitters.omop.schema import SCHEMA, VOCABULARY_TABLES
from semantix.quality.builtin import builtin_definitions
from semantix.quality.database import Connection, Database, database_of
from semantix.quality.definitions import Check, Definitions, Selection, select
from semantix.quality.kinds import LEVELS, Kind, builtin_kinds, parse_filter
from semantix.quality.outcomes import Result
from semantix.quality.running import QualityRun, run_checks

TODAY = date(2026, 1, 15)

CONCEPTS = (
    # concept_id, domain_id, concept_class_id, standard_concept, invalid_reason
    (0, "Metadata", "Undefined", None, None),
    (8507, "Gender", "Gender", "S", None),
    (8532, "Gender", "Gender", "S", None),
    (9201, "Visit", "Visit", "S", None),
    (32817, "Type Concept", "Type Concept", "S", None),
    (100, "Condition", "Disorder", "S", None),
    (101, "Condition", "Source code", None, None),
    (102, "Condition", "Disorder", "S", "U"),
    (103, "Condition", "Disorder", "S", None),
    (104, "Condition", "Disorder", "S", None),
    (200, "Drug", "Ingredient", "S", None),
    (201, "Drug", "Clinical Drug", "S", None),
    (300, "Measurement", "Lab Test", "S", None),
    (8840, "Unit", "Unit", "S", None),
    (8753, "Unit", "Unit", "S", None),
)


def _rows() -> dict[str, list[dict[str, object]]]:
    """Three persons, each with a stay, a condition and its eras; the first one died."""
    days = {1: "2015-03-01", 2: "2016-03-01", 3: "2017-03-01"}
    ends = {1: "2015-03-05", 2: "2016-03-05", 3: "2017-03-05"}
    births: dict[int, dict[str, object]] = {
        1: {"gender": 8507, "year": 1980, "month": 3, "day": 1, "time": "1980-03-01 04:00:00"},
        2: {"gender": 8532, "year": 1990},
        3: {"gender": 8532, "year": 2000, "month": 11, "day": 5},
    }
    found: dict[str, list[dict[str, object]]] = {
        "location": [{"location_id": 1}],
        "death": [{"person_id": 1, "death_date": "2018-01-01", "death_type_concept_id": 32817}],
        "person": [
            {
                "person_id": n,
                "gender_concept_id": birth["gender"],
                "year_of_birth": birth["year"],
                "month_of_birth": birth.get("month"),
                "day_of_birth": birth.get("day"),
                "birth_datetime": birth.get("time"),
                "race_concept_id": 0,
                "ethnicity_concept_id": 0,
                "location_id": 1 if n == 1 else None,
                "provider_id": None,
            }
            for n, birth in births.items()
        ],
        "cdm_source": [
            {
                "cdm_source_name": "invented",
                "cdm_source_abbreviation": "inv",
                "cdm_holder": "nobody",
                "source_release_date": "2025-01-01",
                "cdm_release_date": "2025-02-01",
                "cdm_version_concept_id": 0,
                "vocabulary_version": "none",
            }
        ],
        "observation_period": [],
        "visit_occurrence": [],
        "condition_occurrence": [],
        "condition_era": [],
        "drug_era": [],
        "measurement": [],
    }
    for n, (concept, source) in enumerate(((100, "A"), (103, "B"), (104, "C")), 1):
        person: dict[str, object] = {"person_id": n}
        found["observation_period"].append(
            person
            | {
                "observation_period_id": n,
                "observation_period_start_date": "2010-01-01",
                "observation_period_end_date": "2018-01-01" if n == 1 else "2020-12-31",
                "period_type_concept_id": 32817,
            }
        )
        found["visit_occurrence"].append(
            person
            | {
                "visit_occurrence_id": n,
                "visit_concept_id": 9201,
                "visit_start_date": days[n],
                "visit_end_date": ends[n],
                "visit_type_concept_id": 32817,
            }
        )
        found["condition_occurrence"].append(
            person
            | {
                "condition_occurrence_id": n,
                "condition_concept_id": concept,
                "condition_start_date": days[n],
                "condition_end_date": ends[n] if n == 1 else None,
                "condition_type_concept_id": 32817,
                "condition_source_value": source,
                "condition_source_concept_id": 101,
                "visit_occurrence_id": n,
            }
        )
        era = person | {"condition_era_id": n, "condition_concept_id": concept, "condition_occurrence_count": 1}
        era |= {"condition_era_start_date": days[n], "condition_era_end_date": ends[n]}
        found["condition_era"].append(era)
        era = person | {"drug_era_id": n, "drug_concept_id": 200, "drug_exposure_count": 1, "gap_days": 0}
        found["drug_era"].append(era | {"drug_era_start_date": days[n], "drug_era_end_date": ends[n]})
    for n in range(1, 5):
        found["measurement"].append(
            {
                "measurement_id": n,
                "person_id": min(n, 3),
                "measurement_concept_id": 300,
                "measurement_date": days[min(n, 3)],
                "measurement_type_concept_id": 32817,
                "value_as_number": 100,
                "unit_concept_id": 8840 if n < 4 else None,
                "visit_occurrence_id": min(n, 3),
            }
        )
    return found


def _vocabulary() -> dict[str, list[dict[str, object]]]:
    dates = {"valid_start_date": "1970-01-01", "valid_end_date": "2099-12-31"}
    return {
        "concept": [
            {
                "concept_id": number,
                "concept_name": f"concept {number}",
                "domain_id": domain,
                "vocabulary_id": "None",
                "concept_class_id": kind,
                "standard_concept": standard,
                "concept_code": str(number),
                "invalid_reason": reason,
                **dates,
            }
            for number, domain, kind, standard, reason in CONCEPTS
        ],
        "concept_ancestor": [
            {"ancestor_concept_id": above, "descendant_concept_id": below}
            | {"min_levels_of_separation": 1, "max_levels_of_separation": 1}
            for above, below in ((4095793, 103), (4090861, 100))
        ],
    }


def statements(*, vocabulary: bool = True) -> list[str]:
    """SQL that DuckDB and PostgreSQL both read: every table without its constraints, and the rows."""
    made = [
        f"CREATE TABLE {table.name} ({', '.join(f'{_quoted(f.name)} {_type(f.sql_type)}' for f in table.fields)})"
        for table in SCHEMA.values()
    ]
    rows = _rows() | (_vocabulary() if vocabulary else {})
    for table, some in rows.items():
        made += [
            f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(map(_cell, row.values()))})" for row in some
        ]
    return made


def _quoted(name: str) -> str:
    return f'"{name}"'


def _type(name: str) -> str:
    return "DOUBLE PRECISION" if name == "DOUBLE" else name


def _cell(value: object) -> str:
    return "NULL" if value is None else f"'{value}'"


@cache
def definitions() -> Definitions:
    """The built-in definitions, and a concept for each of the checks that need some."""
    kinds = (
        *builtin_kinds(),
        *(
            Kind(
                "CONCEPT", name, "Verification", "Plausibility", "", "characterization", parse_filter(f"{name}!=''"), ""
            )
            for name in ("plausibleValueLow", "plausibleValueHigh")
        ),
    )
    condition = {"cdmTableName": "CONDITION_OCCURRENCE", "cdmFieldName": "CONDITION_CONCEPT_ID"}
    measurement = {"cdmTableName": "MEASUREMENT", "cdmFieldName": "MEASUREMENT_CONCEPT_ID"}
    concepts = (
        {**condition, "conceptId": "103", "plausibleGender": "Female", "plausibleGenderThreshold": "5"},
        {
            **measurement,
            "conceptId": "300",
            "plausibleUnitConceptIds": "8840",
            "plausibleUnitConceptIdsThreshold": "5",
        },
        {
            **measurement,
            "conceptId": "300",
            "unitConceptId": "8840",
            "plausibleValueLow": "50",
            "plausibleValueLowThreshold": "5",
            "plausibleValueHigh": "500",
            "plausibleValueHighThreshold": "5",
        },
    )
    own = builtin_definitions()
    return Definitions(own.name, own.files, kinds, {**own.rows, "CONCEPT": (*own.rows["CONCEPT"], *concepts)})


class Case(NamedTuple):
    """A check, its counts in the sound database, and its counts after a change (``None`` where there are none)."""

    check: str
    sound: tuple[int, int]
    change: str
    broken: tuple[int | None, int | None]


def _condition(number: int, **values: object) -> str:
    assigned = ", ".join(f"{name} = {_cell(value)}" for name, value in values.items())
    return f"UPDATE condition_occurrence SET {assigned} WHERE condition_occurrence_id = {number}"


_DATE = "condition_occurrence_condition_start_date"
_CONCEPT = "condition_occurrence_condition_concept_id"
_UNITS = "concept_plausibleunitconceptids_measurement_measurement_concept_id_300"
_PERIOD = (
    "INSERT INTO observation_period (observation_period_id, person_id, observation_period_start_date, "
    "observation_period_end_date) VALUES (9, 2, '{}', '2022-12-31')"
)

CASES = (
    Case("table_cdmtable_note", (0, 1), "DROP TABLE note", (None, None)),
    Case("field_cdmfield_person_provider_id", (0, 1), "ALTER TABLE person DROP COLUMN provider_id", (None, None)),
    Case(
        "table_measurepersoncompleteness_observation_period",
        (0, 3),
        "DELETE FROM observation_period WHERE person_id = 3",
        (1, 3),
    ),
    Case(
        "table_measureconditioneracompleteness_condition_era",
        (0, 3),
        "DELETE FROM condition_era WHERE person_id = 2",
        (1, 3),
    ),
    Case("table_measureobservationperiodoverlap_observation_period", (0, 3), _PERIOD.format("2020-06-01"), (1, 3)),
    Case("table_measureobservationperiodoverlap_observation_period", (0, 3), _PERIOD.format("2021-01-01"), (1, 3)),
    Case(
        "field_isrequired_person_gender_concept_id",
        (0, 3),
        "UPDATE person SET gender_concept_id = NULL WHERE person_id = 2",
        (1, 3),
    ),
    Case(
        "field_cdmdatatype_person_year_of_birth",
        (0, 3),
        "ALTER TABLE person ALTER year_of_birth TYPE VARCHAR; UPDATE person SET year_of_birth = '19x0' "
        "WHERE person_id = 2; UPDATE person SET year_of_birth = '1980.5' WHERE person_id = 1",
        (2, 3),
    ),
    Case(
        "field_cdmdatatype_person_year_of_birth",
        (0, 3),
        "ALTER TABLE person ALTER year_of_birth TYPE DOUBLE PRECISION; UPDATE person SET year_of_birth = 1980.5 "
        "WHERE person_id = 1",
        (1, 3),
    ),
    Case(
        "field_cdmdatatype_person_year_of_birth",
        (0, 3),
        "ALTER TABLE person ALTER year_of_birth TYPE DECIMAL(8, 2)",
        (3, 3),
    ),
    Case(
        "field_cdmdatatype_person_year_of_birth",
        (0, 3),
        "ALTER TABLE person DROP COLUMN year_of_birth; ALTER TABLE person ADD COLUMN year_of_birth DATE; "
        "UPDATE person SET year_of_birth = DATE '1980-01-01' WHERE person_id = 1",
        (1, 3),
    ),
    Case(
        "field_isprimarykey_condition_occurrence_condition_occurrence_id",
        (0, 3),
        "INSERT INTO condition_occurrence SELECT * FROM condition_occurrence WHERE condition_occurrence_id = 1",
        (2, 4),
    ),
    Case(
        "field_isforeignkey_person_location_id", (0, 3), "UPDATE person SET location_id = 9 WHERE person_id = 2", (1, 3)
    ),
    Case(f"field_isforeignkey_{_CONCEPT}", (0, 3), _condition(1, condition_concept_id=999), (1, 3)),
    Case(f"field_fkdomain_{_CONCEPT}", (0, 3), _condition(1, condition_concept_id=200), (1, 3)),
    Case(
        "field_fkclass_drug_era_drug_concept_id",
        (0, 3),
        "UPDATE drug_era SET drug_concept_id = 201 WHERE drug_era_id = 1",
        (1, 3),
    ),
    Case(f"field_isstandardvalidconcept_{_CONCEPT}", (0, 3), _condition(1, condition_concept_id=101), (1, 3)),
    Case(f"field_isstandardvalidconcept_{_CONCEPT}", (0, 3), _condition(1, condition_concept_id=102), (1, 3)),
    Case(
        "field_measurevaluecompleteness_person_gender_concept_id",
        (0, 3),
        "UPDATE person SET gender_concept_id = NULL WHERE person_id <> 2",
        (2, 3),
    ),
    Case(f"field_standardconceptrecordcompleteness_{_CONCEPT}", (0, 3), _condition(1, condition_concept_id=0), (1, 3)),
    Case(
        "field_standardconceptrecordcompleteness_measurement_unit_concept_id",
        (0, 3),
        "UPDATE measurement SET unit_source_value = 'mg' WHERE unit_concept_id IS NULL",
        (1, 4),
    ),
    Case(
        "field_sourceconceptrecordcompleteness_condition_occurrence_condition_source_concept_id",
        (0, 3),
        _condition(2, condition_source_concept_id=0),
        (1, 3),
    ),
    Case(
        "field_sourcevaluecompleteness_condition_occurrence_condition_source_value",
        (0, 3),
        _condition(2, condition_concept_id=0),
        (1, 3),
    ),
    Case(
        "field_sourcevaluecompleteness_condition_occurrence_condition_source_value",
        (0, 3),
        # A missing source value counts as one value.
        _condition(2, condition_concept_id=0, condition_source_value=None),
        (1, 3),
    ),
    Case(
        "field_plausiblevaluelow_person_year_of_birth",
        (0, 3),
        "UPDATE person SET year_of_birth = 1849 WHERE person_id = 2",
        (1, 3),
    ),
    Case(f"field_plausiblevaluelow_{_DATE}", (0, 3), _condition(1, condition_start_date="1949-12-31"), (1, 3)),
    Case(
        "field_plausiblevaluehigh_person_year_of_birth",
        (0, 3),
        "UPDATE person SET year_of_birth = 2028 WHERE person_id = 2",
        (1, 3),
    ),
    Case(f"field_plausiblevaluehigh_{_DATE}", (0, 3), _condition(1, condition_start_date="2026-01-17"), (1, 3)),
    Case(f"field_plausibletemporalafter_{_DATE}", (0, 3), _condition(3, condition_start_date="2000-05-31"), (1, 3)),
    Case(f"field_plausibletemporalafter_{_DATE}", (0, 3), _condition(1, condition_start_date="1980-02-29"), (1, 3)),
    Case(
        "field_plausibletemporalafter_condition_occurrence_condition_end_date",
        (0, 3),
        _condition(1, condition_end_date="2015-02-28"),
        (1, 3),
    ),
    Case(f"field_plausibleduringlife_{_DATE}", (0, 1), _condition(1, condition_start_date="2018-03-03"), (1, 1)),
    Case(f"field_plausiblebeforedeath_{_DATE}", (0, 1), _condition(1, condition_start_date="2018-03-03"), (1, 1)),
    Case(f"field_withinvisitdates_{_DATE}", (0, 3), _condition(1, condition_start_date="2015-03-13"), (1, 3)),
    Case(f"field_withinvisitdates_{_DATE}", (0, 3), _condition(1, condition_start_date="2015-02-21"), (1, 3)),
    Case(f"field_plausibleafterbirth_{_DATE}", (0, 3), _condition(1, condition_start_date="1980-02-29"), (1, 3)),
    Case(f"field_plausibleafterbirth_{_DATE}", (0, 3), _condition(2, condition_start_date="1989-12-31"), (1, 3)),
    Case(f"field_plausibleafterbirth_{_DATE}", (0, 3), _condition(3, condition_start_date="2000-11-04"), (1, 3)),
    Case(f"field_plausiblestartbeforeend_{_DATE}", (0, 1), _condition(1, condition_start_date="2015-03-06"), (1, 1)),
    Case(
        f"concept_plausiblegender_{_CONCEPT}_103",
        (0, 1),
        "UPDATE person SET gender_concept_id = 8507 WHERE person_id = 2",
        (1, 1),
    ),
    Case(
        f"concept_plausiblegenderusedescendants_{_CONCEPT}_4095793,443343,4024004,4172857,444094,197810,4158481",
        (0, 1),
        "UPDATE person SET gender_concept_id = 8507 WHERE person_id = 2",
        (1, 1),
    ),
    Case(
        f"concept_plausiblegenderusedescendants_{_CONCEPT}_4090861,4025213",
        (0, 1),
        "UPDATE person SET gender_concept_id = 8532 WHERE person_id = 1",
        (1, 1),
    ),
    Case(_UNITS, (0, 4), "UPDATE measurement SET unit_concept_id = 8753 WHERE measurement_id = 1", (1, 4)),
    Case(
        "concept_plausiblevaluelow_measurement_measurement_concept_id_300_8840",
        (0, 3),
        "UPDATE measurement SET value_as_number = 49 WHERE measurement_id IN (1, 4)",
        (1, 3),
    ),
    Case(
        "concept_plausiblevaluehigh_measurement_measurement_concept_id_300_8840",
        (0, 3),
        "UPDATE measurement SET value_as_number = 501 WHERE measurement_id IN (1, 4)",
        (1, 3),
    ),
)
"""Each check of the definitions at least once; what it counts in both states, worked out by hand."""

BOUNDARIES = (
    ("table_measureobservationperiodoverlap_observation_period", _PERIOD.format("2021-01-02"), (0, 3)),
    (f"field_plausiblevaluelow_{_DATE}", _condition(1, condition_start_date="1950-01-01"), (0, 3)),
    (f"field_plausiblevaluehigh_{_DATE}", _condition(1, condition_start_date="2026-01-16"), (0, 3)),
    (f"field_plausibletemporalafter_{_DATE}", _condition(3, condition_start_date="2000-06-01"), (0, 3)),
    (f"field_plausibleduringlife_{_DATE}", _condition(1, condition_start_date="2018-03-02"), (0, 1)),
    (f"field_plausiblebeforedeath_{_DATE}", _condition(1, condition_start_date="2018-03-02"), (0, 1)),
    (f"field_withinvisitdates_{_DATE}", _condition(1, condition_start_date="2015-03-12"), (0, 3)),
    (f"field_plausibleafterbirth_{_DATE}", _condition(1, condition_start_date="1980-03-01"), (0, 3)),
    (f"field_plausibleafterbirth_{_DATE}", _condition(3, condition_start_date="2000-11-05"), (0, 3)),
    (f"field_plausiblestartbeforeend_{_DATE}", _condition(1, condition_start_date="2015-03-05"), (0, 1)),
    # A unit of 0 is for another check: the record is not looked at.
    (_UNITS, "UPDATE measurement SET unit_concept_id = 0 WHERE measurement_id = 1", (0, 3)),
    # Condition eras are wanted of mapped conditions only.
    (
        "table_measureconditioneracompleteness_condition_era",
        f"DELETE FROM condition_era WHERE person_id = 2; {_condition(2, condition_concept_id=0)}",
        (0, 2),
    ),
    # A birth that no calendar has does not stop the check: 31 February is 3 March.
    (
        f"field_plausibleafterbirth_{_DATE}",
        "UPDATE person SET month_of_birth = 2, day_of_birth = 31 WHERE person_id = 3; "
        + _condition(3, condition_start_date="2000-03-03"),
        (0, 3),
    ),
    # A concept that the vocabulary lacks is for isForeignKey alone.
    (f"field_fkdomain_{_CONCEPT}", _condition(1, condition_concept_id=999), (0, 3)),
    (f"field_isstandardvalidconcept_{_CONCEPT}", _condition(1, condition_concept_id=999), (0, 3)),
)
"""Changes that a check just tolerates."""


def check(connection: Connection, selection: Selection | None = None, known: Definitions | None = None) -> QualityRun:
    """Run the checks over a connection on a fixed day, without a clock."""
    return run_checks(database_of(connection, "", ""), known or definitions(), selection or Selection(), TODAY, _still)


def verdicts(database: Database, known: Definitions) -> list[tuple[object, ...]]:
    """Run the checks; give the verdict and the counts of each, which no engine may change."""
    run = run_checks(database, known, Selection(), TODAY, _still)
    return [(r.check.id, r.status, r.reason, r.counted.violated, r.counted.denominator) for r in run.results]


def _still() -> float:
    return 0.0


def one(connection: Connection, wanted: str) -> Result:
    """Run one check alone."""
    found = _checks()[wanted]
    rows = {level: (found.row,) if level == found.kind.level else () for level in LEVELS}
    known = Definitions("one", (), (found.kind,), rows)
    return check(connection, known=known).results[0]


@cache
def _checks() -> dict[str, Check]:
    return {each.id: each for each in select(definitions(), Selection())}


def build(execute: Callable[[str], object], *, vocabulary: bool = True) -> None:
    """Write the sound database."""
    assert set(_vocabulary()) <= set(VOCABULARY_TABLES)
    for statement in statements(vocabulary=vocabulary):
        execute(statement)
