"""Rows as an emitter would give them, and a look at what a sink wrote."""

import duckdb

from semantix.emitters.omop import SCHEMA, OmopEmission
from semantix.sinks.omop import SinkOptions, open_sink


def emission(number=1, day="2024-01-01", person="ins^1", sha=None, **more):
    rows = {
        "person": [
            {
                "person_id": person,
                "year_of_birth": 1980,
                "gender_concept_id": 8507,
                "race_concept_id": 0,
                "ethnicity_concept_id": 0,
                **more,
            }
        ],
        "observation_period": [
            {
                "person_id": person,
                "observation_period_start_date": day,
                "observation_period_end_date": day,
                "period_type_concept_id": 32817,
            }
        ],
        "visit_occurrence": [
            {
                "visit_occurrence_id": f"{person}|v1",
                "person_id": person,
                "visit_concept_id": 9202,
                "visit_start_date": day,
                "visit_end_date": day,
                "visit_type_concept_id": 32817,
            }
        ],
        "observation": [
            {
                "person_id": person,
                "visit_occurrence_id": f"{person}|v1",
                "observation_concept_id": 0,
                "observation_date": day,
                "observation_type_concept_id": 32817,
                "observation_source_concept_id": f"local|C{i}",
                "value_as_string": 'a "quoted", \n value',
                "observation_event_id": ("observation", 0),
            }
            for i in range(2)
        ],
        "concept": [
            {
                "concept_id": f"local|C{i}",
                "concept_name": "c",
                "domain_id": "Observation",
                "vocabulary_id": "local",
                "concept_class_id": "Source code",
                "concept_code": f"C{i}",
                "valid_start_date": "1970-01-01",
                "valid_end_date": "2099-12-31",
            }
            for i in range(2)
        ],
        "vocabulary": [{"vocabulary_id": "local", "vocabulary_name": "local", "vocabulary_concept_id": 0}],
    }
    return OmopEmission(
        name=f"doc-{number}.xml",
        key=f"doc-{number}",
        sha256=sha or f"sha-{number}",
        day=day,
        rows=rows,
        trace={"observation": [("/a", None), ("/b", "document")]},
        excluded={("procedure", "status-excluded"): 1},
        imputed={("observation", "document"): 1},
        ledger=None,
    )


def dump(path):
    with duckdb.connect(str(path), read_only=True) as connection:
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in SCHEMA}


def write(target, *emissions, kind="duckdb", **options):
    with open_sink(kind, target, SinkOptions(**options)) as sink:
        for one in emissions:
            sink.write(one)
    return sink
