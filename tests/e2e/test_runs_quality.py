"""What a run writes passes the data-quality definitions, in DuckDB and PostgreSQL, but for what needs a vocabulary.

The input is synthetic and says what a database wants to know (sex, birth, dates, kind of visit): what fails is not its
fault. The lists are those of ``docs/reference/quality.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.postgres import running_server
from tests.practices import delimited, documents, messages
from tests.practices.content import make
from tests.quality_database import TODAY
from tests.runs_warehouse import around, plan_in

from semantix.quality.builtin import builtin_definitions
from semantix.quality.database import open_database
from semantix.quality.definitions import Definitions, Selection, read_definitions
from semantix.quality.outcomes import ERROR, FAILED, Result
from semantix.quality.running import run_checks
from semantix.runs.conduct import start

ROOT = Path(__file__).resolve().parents[2]
WRITERS = {
    "hl7": messages.hl7,
    "fhir-bulk": messages.bulk,
    "hellodoc": delimited.hellodoc,
    "eo-medecin": documents.eo_medecin,
}
DOCUMENTS = ("e-prescription.xml", "vsm.xml")
NEED_A_VOCABULARY: Mapping[str, set[str]] = {
    "standardConceptRecordCompleteness": {
        "condition_occurrence.condition_concept_id",
        "drug_exposure.drug_concept_id",
        "measurement.measurement_concept_id",
        "measurement.unit_concept_id",
        "observation.observation_concept_id",
        "procedure_occurrence.procedure_concept_id",
    },
    "sourceValueCompleteness": {
        "condition_occurrence.condition_source_value",
        "drug_exposure.drug_source_value",
        "measurement.measurement_source_value",
        "procedure_occurrence.procedure_source_value",
    },
    "isStandardValidConcept": {"observation.obs_event_field_concept_id", "source_to_concept_map.target_concept_id"},
    "measurePersonCompleteness": {"condition_era", "drug_era"},
}
"""The checks that fail without a vocabulary on the input of this test, by the place that they look at."""


@pytest.fixture(scope="module")
def targets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, tuple[str, str]]]:
    """One run to a DuckDB file and to a server: the place of each database and its schema."""
    folder = tmp_path_factory.mktemp("quality")
    for name, write in WRITERS.items():
        (folder / "in" / name).mkdir(parents=True)
        write(folder / "in" / name, make(name, 7, people=2))
    (folder / "in" / "hospital").mkdir()
    for name in DOCUMENTS:
        (folder / "in" / "hospital" / name).write_bytes((ROOT / "examples" / "cda" / name).read_bytes())
    with running_server() as url:
        (folder / "url").write_text(url)
        wanted: list[dict[str, Any]] = [
            {"kind": "duckdb", "path": "cdm.duckdb"},
            {"kind": "postgres", "url": "file:url", "schema": "cdm"},
        ]
        outcome = start(plan_in(folder, targets=wanted, chunks={"files": 400}), around())
        assert (outcome.quarantined, set(outcome.published)) == (0, {"duckdb", "postgres"})
        yield {"duckdb": (str(folder / "cdm.duckdb"), ""), "postgres": (url, "cdm")}


@pytest.fixture(scope="module", params=["built in", "published"])
def results(request: pytest.FixtureRequest, targets: Mapping[str, tuple[str, str]]) -> Mapping[str, Sequence[Result]]:
    """The results of both databases, by the definitions built in and by the published ones."""
    known = builtin_definitions() if request.param == "built in" else _published(request)
    return {name: _checked(place, known) for name, place in targets.items()}


def _published(request: pytest.FixtureRequest) -> Definitions:
    shared: Path = request.getfixturevalue("shared")
    return read_definitions(shared / "spec" / "dqd")


def _checked(place: tuple[str, str], known: Definitions) -> Sequence[Result]:
    with open_database(*place) as database:
        return run_checks(database, known, Selection(), TODAY, lambda: 0.0).results


def _told(results: Sequence[Result]) -> list[tuple[object, ...]]:
    return [(r.check.id, r.status, r.reason, r.counted.violated, r.counted.denominator) for r in results]


def test_both_databases_get_the_same_verdicts_and_counts(results: Mapping[str, Sequence[Result]]) -> None:
    assert _told(results["duckdb"]) == _told(results["postgres"])


def test_every_check_could_be_run_and_none_that_is_fatal_fails(results: Mapping[str, Sequence[Result]]) -> None:
    for found in results.values():
        assert [one.check.id for one in found if one.status == ERROR] == []
        assert [one.check.id for one in found if one.status == FAILED and one.check.kind.severity == "fatal"] == []


def test_what_fails_is_what_needs_a_vocabulary(results: Mapping[str, Sequence[Result]]) -> None:
    for found in results.values():
        failed: dict[str, set[str]] = {}
        for one in found:
            if one.status == FAILED:
                failed.setdefault(one.check.kind.name, set()).add(one.check.place)
        assert failed == NEED_A_VOCABULARY
