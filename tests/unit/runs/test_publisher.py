"""Targets in step with their register: late ones, lost ones, those of others, and copies put back."""

import shutil
from pathlib import Path

import pytest
from tests.runs_documents import Paper, write
from tests.runs_warehouse import around, outputs_of, plan_in, rows_of

from semantix.errors import BadTarget, UnfinishedRun
from semantix.runs.conduct import Outcome, resume, start
from semantix.runs.plan import RunPlan, TargetPlan
from semantix.runs.publishing import publisher
from semantix.runs.publishing.publisher import open_targets, place_of, since_of
from semantix.runs.register import Register

DUCKDB = {"kind": "duckdb", "path": "cdm.duckdb"}
FHIR = {"kind": "fhir", "path": "fhir"}
PARQUET = {"kind": "parquet", "path": "parquet"}
LATE = {"kind": "duckdb", "path": "late.duckdb"}


def put(folder: Path, *papers: Paper) -> None:
    (folder / "in").mkdir(exist_ok=True)
    for paper in papers:
        (folder / "in" / f"{paper.number}.xml").write_bytes(write(paper))


def plan_of(folder: Path, *targets: dict[str, str], inputs: Path | None = None) -> RunPlan:
    here = [str(inputs / "in"), "in"] if inputs else ["in"]
    return plan_in(folder, targets=list(targets), inputs=here)


def go(folder: Path, *targets: dict[str, str], inputs: Path | None = None) -> Outcome:
    return start(plan_of(folder, *targets, inputs=inputs), around())


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a warehouse at publication 2, with a copy of what its targets held at publication 1 in ``old``."""
    folder = tmp_path_factory.mktemp("two")
    put(folder, Paper("1"))
    go(folder, DUCKDB, FHIR, PARQUET)
    (folder / "old").mkdir()
    for name in ("cdm.duckdb", "fhir", "parquet"):
        copy = shutil.copy if name == "cdm.duckdb" else shutil.copytree
        copy(folder / name, folder / "old" / name)
    put(folder, Paper("2", person="2"))
    go(folder, DUCKDB, FHIR, PARQUET)
    return folder


@pytest.fixture
def place(two: Path, tmp_path: Path) -> Path:
    """Give that warehouse with its inputs where they were, and all else moved to a place of its own."""
    folder = tmp_path / "moved"
    shutil.copytree(two, folder, ignore=shutil.ignore_patterns("in"))
    (folder / "in").mkdir()
    return folder


def test_a_target_that_comes_later_is_filled_whole_and_the_others_are_left(two: Path, place: Path) -> None:
    before = outputs_of(place)
    outcome = go(place, DUCKDB, FHIR, PARQUET, LATE, inputs=two)
    assert (set(outcome.published), outcome.differences.same) == ({"duckdb 2"}, 2)
    assert rows_of(place / "late.duckdb") == rows_of(place / "cdm.duckdb")
    assert outputs_of(place) == before
    assert go(place, DUCKDB, FHIR, PARQUET, LATE, inputs=two).published == {}


def test_documents_are_read_again_for_a_fhir_target_when_no_resource_was_staged(tmp_path: Path) -> None:
    put(tmp_path, Paper("1"))
    go(tmp_path, DUCKDB)
    outcome = go(tmp_path, DUCKDB, FHIR)
    assert outcome.documents == 1
    assert list((tmp_path / "fhir").glob("Patient.*.ndjson"))


@pytest.mark.parametrize("name", ["cdm.duckdb", "fhir"])
def test_a_target_put_back_from_a_copy_is_refused_until_it_is_moved_away(two: Path, place: Path, name: str) -> None:
    expected = outputs_of(place)
    path = place / name
    path.rename(place / "away")
    (place / "old" / name).rename(path)
    with pytest.raises(BadTarget, match=r"holds publication 1, the register is at 2: .* Move it away"):
        go(place, DUCKDB, FHIR, PARQUET, inputs=two)
    with pytest.raises(UnfinishedRun):
        go(place, DUCKDB, FHIR, PARQUET, inputs=two)
    path.rename(place / "copy")
    resume(plan_of(place, DUCKDB, FHIR, PARQUET, inputs=two), around())
    assert outputs_of(place) == expected


def test_the_target_of_another_warehouse_is_refused(two: Path, tmp_path: Path) -> None:
    put(tmp_path, Paper("9", person="9"))
    theirs = [one | {"path": str(two / "old" / one["path"])} for one in (DUCKDB, FHIR, PARQUET)]
    words = "holds publication 1, which this state folder did not write there"
    with pytest.raises(BadTarget, match=words):
        go(tmp_path, *theirs)
    for one in theirs:
        with pytest.raises(BadTarget, match=words):
            resume(plan_of(tmp_path, *(own for own in (DUCKDB, FHIR) if own["kind"] != one["kind"]), one), around())
    # The run is not lost: with targets of its own it goes on.
    outcome = resume(plan_of(tmp_path, DUCKDB, FHIR), around())
    assert set(outcome.published) == {"duckdb", "fhir"}


def test_a_register_put_back_from_a_copy_does_not_pass_over_its_targets(two: Path, place: Path) -> None:
    shutil.copytree(place / "state", place / "older")
    put(place, Paper("3", person="3"))
    go(place, DUCKDB, inputs=two)
    shutil.rmtree(place / "state")
    (place / "older").rename(place / "state")
    with pytest.raises(BadTarget, match="holds publication 3, which this state folder did not write there"):
        go(place, DUCKDB, inputs=two)


def test_targets_that_were_taken_before_a_stop_are_told_and_not_taken_twice(
    two: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(place, Paper("3", person="3"))
    real = publisher.ParquetTarget.apply

    def full(self: object, delta: object) -> None:
        raise BadTarget("no room")

    monkeypatch.setattr(publisher.ParquetTarget, "apply", full)
    with pytest.raises(BadTarget, match="no room"):
        go(place, DUCKDB, FHIR, PARQUET, inputs=two)
    assert len(rows_of(place / "cdm.duckdb")["person"]) == 3
    monkeypatch.setattr(publisher.ParquetTarget, "apply", real)
    outcome = resume(plan_of(place, DUCKDB, FHIR, PARQUET, inputs=two), around())
    assert set(outcome.published) == {"duckdb", "fhir", "parquet"}
    assert outcome.published["duckdb"] == outcome.published["parquet"]
    with Register.open(place / "state", write=False) as register:
        assert register.about("publication 3") is None
        assert register.rows("SELECT number, done FROM publication ORDER BY 1") == [(1, 1), (2, 1), (3, 1)]
    assert not list((place / "state").glob(".publishing-*"))


def test_since_when_a_target_is() -> None:
    assert since_of("duckdb", 3, 3, is_new=True) is None
    assert since_of("duckdb", 0, 3, is_new=False) == "nothing"
    assert since_of("duckdb", 2, 3, is_new=True) == "previous"
    for marker, is_new in ((2, False), (1, True), (4, True)):
        with pytest.raises(BadTarget, match=f"holds publication {marker}, the register is at 3"):
            since_of("duckdb", marker, 3, is_new=is_new)


def test_targets_of_a_kind_are_told_apart_and_not_by_their_place(tmp_path: Path) -> None:
    plan = plan_in(
        tmp_path,
        targets=[
            DUCKDB,
            DUCKDB | {"path": "two.duckdb"},
            PARQUET,
            DUCKDB | {"path": "three.duckdb"},
            {"kind": "postgres", "url": "env:URL", "schema": "cdm"},
        ],
    )
    opened = open_targets(plan, {"URL": "postgresql://nowhere/x"})
    assert list(opened) == ["duckdb", "duckdb 2", "parquet", "duckdb 3", "postgres"]


def test_the_place_of_a_target_counts_from_its_state_folder() -> None:
    one = place_of(TargetPlan("duckdb", Path("/a/out/x")), Path("/a/state"))
    assert one == place_of(TargetPlan("duckdb", Path("/b/out/x")), Path("/b/state"))
    assert one != place_of(TargetPlan("duckdb", Path("/a/x")), Path("/a/state"))
    assert place_of(TargetPlan("postgres", url="env:U"), Path("/a")) != place_of(
        TargetPlan("postgres", url="env:U", schema="other"), Path("/a")
    )
