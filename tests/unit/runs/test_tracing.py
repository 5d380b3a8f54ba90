"""From a row or a resource back to its file, its place and the decision."""

import shutil
from pathlib import Path

import duckdb
import pytest
from tests.runs_documents import Paper, write
from tests.runs_warehouse import around, plan_in, rows_of

from semantix.emitters.omop import SCHEMA
from semantix.errors import BadPlan
from semantix.runs.conduct import start
from semantix.runs.tracing import SHOWN, trace

LABORATORY = Path(__file__).resolve().parents[3] / "examples" / "sources" / "laboratoire"
Row = dict[str, object]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a warehouse of a laboratory and of seven documents of one person, one of them received twice."""
    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(LABORATORY, folder / "in")
    for number in range(1, 8):
        (folder / "in" / f"{number}.xml").write_bytes(write(Paper(str(number), day=f"2024030{number}")))
    (folder / "in" / "z.xml").write_bytes(write(Paper("1", day="20240301")))
    targets = [{"kind": "duckdb", "path": "cdm.duckdb"}, {"kind": "fhir", "path": "fhir"}]
    start(plan_in(folder, targets=targets, chunks={"files": 4}), around())
    return folder


def table(folder: Path, name: str) -> list[Row]:
    names = [field.name for field in SCHEMA[name].fields]
    return [dict(zip(names, row, strict=True)) for row in rows_of(folder / "cdm.duckdb")[name]]


def test_a_row_leads_to_its_line_its_code_and_the_decision(made: Path) -> None:
    row = next(one for one in table(made, "measurement") if one["measurement_source_value"] == "K")
    found = trace(made / "state", f"measurement/{row['measurement_id']}")
    [told] = found.told
    assert (found.others, Path(told.file).name, told.place, told.fate) == (0, "ionogramme.hl7", "OBX[2]", "live")
    assert (told.format, told.run, told.rank) == ("HL7 v2", 1, told.document % (1 << 24))
    assert told.source["measurement_source_value"] == "K"
    assert [(one["code"], one["method"]) for one in told.decisions if one["system"] == "2.16.840.1.113883.6.1"] == [
        ("2823-3", "curated")
    ]
    assert all(one["place"].startswith("OBX[2]/") for one in told.decisions)
    assert told.versions["semantix"]
    assert "labs__loinc" in told.versions["tables:loinc"]


def test_every_row_of_an_event_leads_to_a_file_that_holds_its_code(made: Path) -> None:
    for row in table(made, "measurement"):
        [told] = trace(made / "state", f"measurement/{row['measurement_id']}").told
        assert str(row["measurement_source_value"]).encode("cp1252") in Path(told.file).read_bytes()
        assert told.place


def test_a_decision_on_line_20_is_not_one_on_line_2(made: Path) -> None:
    from semantix.runs.tracing import _is_at

    assert _is_at("record line 2/value", "record line 2")
    assert _is_at("record line 2", "record line 2")
    assert not _is_at("record line 20/value", "record line 2")
    assert not _is_at("OBX[1]/3", "OBX[2]")


def test_a_person_is_given_by_several_documents_of_which_some_are_told(made: Path) -> None:
    births = {row["year_of_birth"]: row["person_id"] for row in table(made, "person")}
    for name in ("person", "observation_period"):
        found = trace(made / "state", f"{name}/{births[1956]}")
        assert (len(found.told), found.others) == (SHOWN, 2)
        # The document that came twice is told once, and by the one that counts.
        assert [Path(one.file).name for one in found.told] == ["1.xml", "2.xml", "3.xml", "4.xml", "5.xml"]
        assert {one.fate for one in found.told} == {"live"}


def test_a_local_concept_leads_to_the_documents_that_use_it(made: Path) -> None:
    concepts = [row for row in table(made, "concept") if row["concept_code"] == "HB"]
    found = trace(made / "state", f"concept/{concepts[0]['concept_id']}")
    assert [Path(one.file).name for one in found.told] == ["240612-087.HPR"]


def test_a_resource_leads_to_its_documents(made: Path) -> None:
    import json

    [patient] = [
        resource
        for path in (made / "fhir").glob("Patient.*.ndjson")
        for resource in map(json.loads, path.read_text().splitlines())
        if resource.get("birthDate") == "1956-03-12"
    ]
    found = trace(made / "state", f"Patient/{patient['id']}")
    assert (found.fact, len(found.told), found.others) == (f"Patient/{patient['id']}", SHOWN, 3)
    assert all(one.place == "" for one in found.told)
    assert {one.fate for one in found.told} | {"repeated"} == {"live", "repeated"}


@pytest.mark.parametrize("fact", [
    "measurement/0", "measurement/99999", "measurement/99999999999999999999", "person/99", "metadata/1", "Patient/none",
    "concept/2100000000", "Nothing/1", "Observation/a/b",
])  # fmt: skip
def test_what_nothing_gave_is_told_so(made: Path, fact: str) -> None:
    with pytest.raises(BadPlan, match=f"{fact}: no document that was read gives it; is it of another state folder"):
        trace(made / "state", fact)


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("measurement/x", "a row is told as measurement/NUMBER"),
        ("measurement/-1", "a row is told as measurement/NUMBER"),
        ("measurement/٣", "a row is told as measurement/NUMBER"),
        ("measurement", "a row is told as measurement/NUMBER"),
        ("Patient", "a table and a number"),
        ("/", "a table and a number"),
        ("a'; --/1", "a table and a number"),
        ("", "a table and a number"),
    ],
)
def test_what_is_no_fact_is_told_so(made: Path, fact: str, words: str) -> None:
    with pytest.raises(BadPlan, match=words):
        trace(made / "state", fact)


def test_a_warehouse_that_published_nothing_has_no_row_to_trace(made: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    shutil.copytree(made / "state", state)
    (state / "numbers.duckdb").unlink()
    shutil.rmtree(state / "staged")
    for fact in ("measurement/1", "person/1", "Patient/x"):
        with pytest.raises(BadPlan, match="no document that was read gives it"):
            trace(state, fact)
    with pytest.raises(BadPlan, match="no run was made there"):
        trace(tmp_path, "measurement/1")


def test_while_a_run_publishes_rows_are_not_traced(made: Path) -> None:
    with (
        duckdb.connect(str(made / "state" / "numbers.duckdb")),
        pytest.raises(BadPlan, match="cannot be read now; a run that publishes holds it: wait for its end"),
    ):
        trace(made / "state", "measurement/1")
