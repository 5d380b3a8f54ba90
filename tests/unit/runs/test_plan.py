"""The plan of a warehouse run: what each key becomes, what is refused and in which words, what the state keeps."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from semantix.errors import BadPlan
from semantix.io import MEGABYTE
from semantix.runs.plan import KEPT, MAX_BYTES, RunLimits, RunPlan, digest_of, parse_plan, read_plan
from semantix_cli.run_options import changes_of, read

SMALL: dict[str, Any] = {"inputs": ["in"], "targets": [{"kind": "duckdb", "path": "cdm.duckdb"}]}
HERE = Path("/w")


def parsed(changes: dict[str, Any] | None = None, **told: Any) -> RunPlan:
    return parse_plan(yaml.safe_dump(SMALL | told).encode(), "plan.yaml", HERE, changes, "plan")


def refused(**told: Any) -> str:
    with pytest.raises(BadPlan) as found:
        parsed(**told)
    return str(found.value)


def test_a_plan_of_inputs_and_a_target_has_the_documented_defaults() -> None:
    plan = parsed()
    assert plan.state == Path("/w/plan.state")
    assert plan.inputs == ("/w/in",)
    assert (plan.lists, plan.packs, plan.tables, plan.store, plan.vocabulary, plan.practice) == (
        (),
        (),
        (),
        None,
        None,
        None,
    )
    assert (plan.key, plan.policy, plan.spool, plan.reprocess, plan.engine, plan.jobs) == (
        "",
        None,
        False,
        "auto",
        "local",
        0,
    )
    assert plan.limits == RunLimits(bad_share=0.01, bad_minimum=100, missing_share=0.1)
    assert (plan.reading.document, plan.reading.entries, plan.reading.total) == (
        100 * MEGABYTE,
        10_000,
        2_000 * MEGABYTE,
    )
    assert (plan.chunk_files, plan.chunk_bytes) == (400, 32 * MEGABYTE)
    assert (plan.reports, plan.min_group, plan.lang, plan.accept, plan.keep_text) == (None, 10, "fr", 0.98, False)
    assert plan.workers == (os.cpu_count() or 1)
    assert plan.fhir is None
    assert plan.has_omop


def test_every_key_is_read_and_paths_are_below_the_folder_of_the_plan() -> None:
    plan = parsed(
        inputs=["practices", "hospital/*.zip"],
        lists=["more.txt"],
        state="warehouse",
        targets=[
            {"kind": "fhir", "path": "out/fhir"},
            {"kind": "parquet", "path": "../out"},
            {"kind": "postgres", "url": "file:secrets/url", "schema": "omop"},
        ],
        practice="Cabinet",
        packs=["a.yaml"],
        store="store",
        tables=["t"],
        accept=0.9,
        vocabulary="/athena",
        keep_text=True,
        key="file:project.key",
        pseudonymisation={"project": "p"},
        spool=True,
        reprocess="never",
        jobs=3,
        limits={
            "bad_share": 0.5,
            "bad_minimum": 7,
            "missing_share": 0.2,
            "document_mb": 2,
            "archive_entries": 5,
            "archive_mb": 9,
        },
        chunks={"files": 4, "megabytes": 0.5},
        report={"folder": "r", "min_group": 3, "lang": "en"},
    )
    assert plan.inputs == ("/w/practices", "/w/hospital/*.zip")
    assert (plan.lists, plan.state, plan.packs) == ((Path("/w/more.txt"),), Path("/w/warehouse"), (Path("/w/a.yaml"),))
    assert (plan.store, plan.tables, plan.vocabulary) == (Path("/w/store"), (Path("/w/t"),), Path("/athena"))
    fhir, parquet, postgres = plan.targets
    assert (fhir.path, fhir.keeps_identities, parquet.path) == (Path("/w/out/fhir"), False, Path("/out"))
    assert (postgres.url, postgres.schema, postgres.path) == ("file:/w/secrets/url", "omop", None)
    assert plan.fhir is fhir
    assert plan.key == "file:/w/project.key"
    assert plan.policy is not None
    assert plan.policy.project == "p"
    assert (plan.practice, plan.accept, plan.keep_text, plan.spool, plan.reprocess) == (
        "Cabinet",
        0.9,
        True,
        True,
        "never",
    )
    assert (plan.jobs, plan.workers) == (3, 3)
    assert plan.limits == RunLimits(bad_share=0.5, bad_minimum=7, missing_share=0.2)
    assert (plan.reading.document, plan.reading.entries, plan.reading.total) == (2 * MEGABYTE, 5, 9 * MEGABYTE)
    assert (plan.chunk_files, plan.chunk_bytes) == (4, MEGABYTE // 2)
    assert (plan.reports, plan.min_group, plan.lang) == (Path("/w/r"), 3, "en")


def test_a_table_of_documents_is_read_by_spark() -> None:
    plan = parsed(
        inputs=[], engine="spark", spark={"master": "local[2]", "conf": {"a": "b"}, "table": "t", "format": "delta"}
    )
    assert plan.engine == "spark"
    assert plan.spark == {"master": "local[2]", "conf": {"a": "b"}, "table": "t", "format": "delta", "base": "/w"}


def test_identities_are_kept_in_fhir_unless_people_are_pseudonymised() -> None:
    fhir = {"kind": "fhir", "path": "fhir"}
    withheld = {"targets": [fhir], "key": "env:K", "pseudonymisation": {"project": "p"}}
    assert parsed(targets=[fhir]).targets[0].keeps_identities
    assert not parsed(**withheld).targets[0].keeps_identities
    assert parsed(**(withheld | {"targets": [fhir | {"identities": "keep"}]})).targets[0].keeps_identities
    assert not parsed(targets=[fhir]).has_omop


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"inputs": []}, "nothing to read: give inputs, lists, or spark: table"),
        ({"spark": {"table": "t"}}, "a table of documents is read by engine: spark"),
        ({"pseudonymisation": {"project": "p"}}, "pseudonymisation needs key"),
        ({"targets": []}, "targets: "),
        ({"targets": [{"kind": "postgres"}]}, "a postgres target has url"),
        ({"targets": [{"kind": "parquet"}]}, "a parquet target has a path"),
        ({"targets": [{"kind": "duckdb", "path": "x", "identities": "keep"}]}, "OMOP never holds any"),
        ({"targets": [{"kind": "fhir", "path": "a"}, {"kind": "fhir", "path": "b"}]}, "one fhir target at most"),
        ({"targets": [SMALL["targets"][0], {"kind": "parquet", "path": "./cdm.duckdb"}]}, "have the same place"),
        ({"targets": [{"kind": "csv", "path": "x"}]}, "targets.0.kind: "),
        ({"targets": [{"kind": "postgres", "url": "env:U", "schema": "a; drop"}]}, "targets.0.schema: "),
        ({"limits": {"bad_share": 2}}, "limits.bad_share: "),
        ({"limits": {"bad_share": float("nan")}}, "limits.bad_share: "),
        ({"chunks": {"files": 0}}, "chunks.files: "),
        ({"jobs": -1}, "jobs: "),
        ({"reprocess": "some"}, "reprocess: "),
        ({"report": {"lang": "de"}}, "report.lang: "),
        ({"accept": 0}, "accept: "),
        ({"pseudonymisation": {"project": "p", "birth": "hour"}, "key": "env:K"}, "pseudonymisation.birth: "),
        ({"pseudonymisation": {"project": "p", "allow": ["x"]}, "key": "env:K"}, "pseudonymisation.allow: unknown x"),
        ({"input": ["in"]}, "input: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_key(told: dict[str, Any], words: str) -> None:
    assert words in refused(**told)


@pytest.mark.parametrize(
    "told",
    [
        {"targets": [{"kind": "postgres", "url": "postgresql://me:hunter2@db/cdm"}]},
        {"targets": [{"kind": "postgres", "url": "postgresql://me:hunter2@db/cdm?sslrootcert=file:ca.pem"}]},
        {"targets": [{"kind": "postgres", "url": ["hunter2"]}]},
        {"targets": [{"kind": "duckdb", "path": "x", "password": "hunter2"}]},
        {"key": "hunter2"},
        {"key": "hunter2 env:KEY"},
        {"jobs": "hunter2"},
        {"spool": "hunter2"},
        {"reprocess": "hunter2"},
        {"spark": {"conf": {"a": ["hunter2"]}}},
        {"pseudonymisation": {"project": "p", "birth": "hunter2"}, "key": "env:K"},
    ],
)
def test_a_secret_written_in_a_plan_is_not_said_again(told: dict[str, Any]) -> None:
    assert "hunter2" not in refused(**told)


@pytest.mark.parametrize("data", [b"key: *hunter2", b"key: !hunter2 x", b"key: !!python/hunter2 x", b'key: "hunter2'])
def test_a_secret_that_yaml_stumbles_on_is_not_said_again(data: bytes) -> None:
    with pytest.raises(BadPlan, match=r"^p.yaml line 1: is not YAML: ") as found:
        parse_plan(data, "p.yaml", HERE)
    assert "hunter2" not in str(found.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a: b: c", "p.yaml line 1: is not YAML: mapping values are not allowed here"),
        (b"a: \x00", "p.yaml: is not YAML: cannot be read"),
        (b"a: 2024-13-45", "p.yaml: is not YAML that can be read (ValueError)"),
        (b"- in", "p.yaml: holds no plan; keys such as inputs and targets were expected"),
        (b"", "p.yaml: holds no plan"),
    ],
)
def test_what_is_no_plan_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(BadPlan) as found:
        parse_plan(data, "p.yaml", HERE)
    assert words in str(found.value)


def test_five_faults_are_told_at_most() -> None:
    assert refused(**{f"key{number}": 1 for number in range(9)}).count("not permitted") == 5


def test_a_plan_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "nightly.yaml"
    path.write_bytes(yaml.safe_dump(SMALL).encode())
    plan = read_plan(path)
    assert plan.state == tmp_path / "nightly.state"
    assert plan.inputs == (str(tmp_path / "in"),)


def test_a_plan_that_is_not_there_or_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPlan, match="cannot be opened: No such file"):
        read_plan(tmp_path / "no.yaml")
    with pytest.raises(BadPlan, match=f"{KEPT}: cannot be opened"):
        read_plan(tmp_path)
    (tmp_path / "long.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(BadPlan, match="more than 1000000 bytes; a plan was expected"):
        read_plan(tmp_path / "long.yaml")


TOLD = {
    "inputs": ["in", "more/*.zip"],
    "lists": ["list.txt"],
    "targets": [
        {"kind": "fhir", "path": "fhir", "identities": "keep"},
        {"kind": "duckdb", "path": "cdm.duckdb"},
        {"kind": "postgres", "url": "file:url", "schema": "omop"},
        {"kind": "postgres", "url": "env:CDM_URL"},
    ],
    "packs": ["p.yaml"],
    "tables": ["t"],
    "store": "store",
    "vocabulary": "athena",
    "key": "file:k",
    "pseudonymisation": {"project": "p", "ages": {"day": "2024"}},
    "report": {"folder": "r", "lang": "en"},
    "limits": {"bad_share": 0.5},
}


def test_the_plan_that_is_kept_means_the_same_elsewhere(tmp_path: Path) -> None:
    plan = parsed(**TOLD)
    (tmp_path / KEPT).write_text(plan.told)
    kept = read_plan(tmp_path / KEPT)
    again = read_plan(tmp_path / KEPT, {"state": "/w/plan.state"})
    assert kept == again
    assert {name for name in plan.__struct_fields__ if getattr(plan, name) != getattr(kept, name)} == {"spark"}
    assert digest_of(plan) == digest_of(kept)
    assert digest_of(plan) != digest_of(parsed())


def test_a_state_folder_is_where_it_is(tmp_path: Path) -> None:
    (tmp_path / KEPT).write_text(parsed(**TOLD).told)
    assert read_plan(tmp_path).state == tmp_path
    assert read_plan(tmp_path, {"state": "/else"}).state == Path("/else")


def test_home_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/srv/me")
    plan = parsed(state="~/s", key="file:~/k")
    assert (plan.state, plan.key) == (Path("/srv/me/s"), "file:/srv/me/k")


# --- options ----------------------------------------------------------------------------------------------------------


def test_options_are_enough_and_mean_what_the_plan_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    options = {
        "inputs": ("in", "more/*.zip"),
        "lists": (Path("list.txt"),),
        "state": Path("state"),
        "fhir": Path("fhir"),
        "duckdb": Path("cdm.duckdb"),
        "parquet": Path("parquet"),
        "postgres": "file:url",
        "schema": "omop",
        "practice": "Cabinet",
        "packs": (Path("p.yaml"),),
        "store": Path("store"),
        "tables": (Path("t"),),
        "accept": 0.9,
        "vocabulary": Path("athena"),
        "keep_text": True,
        "key": "file:k",
        "spool": True,
        "reprocess": "all",
        "jobs": 0,
        "engine": "spark",
        "master": "local[2]",
        "bad_share": 0.5,
    }
    plan = {
        "inputs": ["in", "more/*.zip"],
        "lists": ["list.txt"],
        "state": "state",
        "targets": [
            {"kind": "fhir", "path": "fhir"},
            {"kind": "duckdb", "path": "cdm.duckdb"},
            {"kind": "parquet", "path": "parquet"},
            {"kind": "postgres", "url": "file:url", "schema": "omop"},
        ],
        "practice": "Cabinet",
        "packs": ["p.yaml"],
        "store": "store",
        "tables": ["t"],
        "accept": 0.9,
        "vocabulary": "athena",
        "keep_text": True,
        "key": "file:k",
        "spool": True,
        "reprocess": "all",
        "jobs": 0,
        "engine": "spark",
        "spark": {"master": "local[2]"},
        "limits": {"bad_share": 0.5},
    }
    wanted = parse_plan(yaml.safe_dump(plan).encode(), "plan", tmp_path)
    assert read(None, changes_of(options)) == wanted
    # Beside a plan elsewhere, paths of options are below the working folder all the same.
    other = tmp_path / "plans"
    other.mkdir()
    (other / "plan.yaml").write_bytes(yaml.safe_dump(SMALL).encode())
    assert read(other / "plan.yaml", changes_of(options)).told == wanted.told


def test_options_change_their_part_of_a_section_alone() -> None:
    told = {"limits": {"bad_share": 0.1, "missing_share": 0.5}, "spark": {"conf": {"a": "b"}}}
    plan = parsed(changes_of({"bad_share": 0.2, "master": "local[3]", "jobs": None, "inputs": ()}), **told)
    assert plan.limits == RunLimits(bad_share=0.2, missing_share=0.5)
    assert plan.spark["conf"] == {"a": "b"}
    assert plan.spark["master"] == "local[3]"


def test_no_plan_at_all_says_what_to_give() -> None:
    for changes in (None, {"inputs": ["in"]}):
        with pytest.raises(BadPlan, match=r"no plan: give PLAN\.yaml, or --input, --state and a target"):
            read(None, changes)
