import csv

import duckdb

from semantix.emitters.omop import SCHEMA, TABLES


def test_there_are_39_tables_and_432_fields():
    assert len(SCHEMA) == 39
    assert sum(len(t.fields) for t in SCHEMA.values()) == 432


def test_every_table_can_be_created():
    with duckdb.connect() as connection:
        for table in SCHEMA.values():
            connection.execute(table.create())
        found = connection.execute("SELECT count(*) FROM information_schema.tables").fetchone()
    assert found == (39,)


def test_a_field_knows_its_type_and_target():
    fields = {f.name: f for f in SCHEMA["person"].fields}
    assert (fields["gender_source_value"].sql_type, fields["gender_source_value"].length) == ("VARCHAR(50)", 50)
    assert (fields["person_id"].primary, fields["person_id"].required) == (True, True)
    assert fields["location_id"].target == "location"
    assert SCHEMA["death"].key is None


def test_the_tables_populated_are_tables_of_the_cdm():
    assert set(TABLES) <= set(SCHEMA)


def test_the_schema_is_the_official_one(shared):
    path = shared / "spec" / "omop-cdm-5.4" / "OMOP_CDMv5.4_Field_Level.csv"
    types = {
        "integer": "INTEGER",
        "float": "DOUBLE",
        "date": "DATE",
        "datetime": "TIMESTAMP",
        "varchar(max)": "VARCHAR",
    }
    with path.open(encoding="utf-8-sig", newline="") as file:
        expected = {
            (row["cdmTableName"], row["cdmFieldName"].strip('"')): (
                types.get(row["cdmDatatype"].lower(), row["cdmDatatype"].upper()),
                row["isRequired"].lower() == "yes",
                row["isPrimaryKey"].lower() == "yes",
                row["fkTableName"].lower() if row["isForeignKey"].lower() == "yes" else None,
            )
            for row in csv.DictReader(file)
        }
    actual = {
        (t.name, f.name): (f.sql_type, f.required, f.primary, f.target) for t in SCHEMA.values() for f in t.fields
    }
    assert actual == expected
