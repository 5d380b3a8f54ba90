"""``semantix pack``: the tests of packs, what is wrong with a pack and where, and the schema that packs follow."""

import json
from pathlib import Path

import pytest
import yaml
from tests.unit.parsers.packs.packs_in_words import FILE, HEAD

from semantix.parsers.packs import load_pack

TESTS = """
tests:
  - name: one result
    files: {results: {text: "no;jour;quoi;combien;unite\\n1;2020-01-02;CRP;4;mg/L\\n"}}
    facts: [{patient: "1", code: CRP, value: 4, unit: mg/L}]
  - name: nothing asked
    files: {results: {text: "no;jour;quoi;combien;unite\\n2;2020-01-02;CRP;5;mg/L\\n"}}
    facts: [{patient: "2", code: CRP}]
"""
GOOD = HEAD + FILE + TESTS
FAILING = GOOD.replace("value: 4, unit", "value: 7, unit")
BROKEN = GOOD.replace("type: date", "type: day")


@pytest.fixture
def written(tmp_path: Path):
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.mark.parametrize(("lang", "words"), [("en", "2/2 tests passed"), ("fr", "2/2 tests réussis")])
def test_a_good_pack_passes_its_tests(run, written, lang: str, words: str) -> None:
    result = run("pack", "test", written("essai.yaml", GOOD), "--lang", lang)
    assert (result.exit_code, result.stderr) == (0, "")
    assert words in result.stdout
    assert f"essai 1 ({load_pack(GOOD.encode(), 'essai.yaml').digest[:8]})" in result.stdout


def test_what_differs_is_told_and_the_exit_code_says_so(run, written) -> None:
    result = run("pack", "test", written("essai.yaml", FAILING), "--lang", "en")
    assert result.exit_code == 11
    assert "1/2 tests passed" in result.stdout
    assert result.stderr.splitlines() == ["  one result: fact 1: value: expected '7', found '4'"]


def test_a_broken_pack_is_one_line_with_the_line_of_the_fault(run, written) -> None:
    result = run("pack", "test", written("essai.yaml", BROKEN), "--lang", "en")
    assert (result.exit_code, result.stdout) == (11, "")
    (said,) = result.stderr.splitlines()
    line = next(n for n, text in enumerate(BROKEN.splitlines(), 1) if "type: day" in text)
    assert f"essai.yaml: line {line}: files/results/columns/jour/type" in said


@pytest.mark.parametrize("text", ["pack: [a", "- a\n- b\n", "", "pack: &a 1\nversion: *a\n"])
def test_what_is_no_pack_is_refused_in_one_line(run, written, text: str) -> None:
    result = run("pack", "test", written("essai.yaml", text))
    assert (result.exit_code, len(result.stderr.splitlines())) == (11, 1)
    assert "essai.yaml" in result.stderr


def test_every_pack_of_a_folder_is_tested_in_the_order_of_names(run, written, tmp_path: Path) -> None:
    written("packs/b.yaml", FAILING.replace("pack: essai", "pack: second"))
    written("packs/a.yaml", GOOD)
    written("packs/lisez-moi.md", "no pack")
    result = run("pack", "test", tmp_path / "packs", "--lang", "en")
    assert result.exit_code == 11
    assert [line.rpartition("): ")[2] for line in result.stdout.splitlines()] == [
        "2/2 tests passed",
        "1/2 tests passed",
    ]


def test_json_has_one_object_a_test(run, written) -> None:
    result = run("pack", "test", written("essai.yaml", FAILING), "--json")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 11
    assert [(one["pack"], one["version"], one["test"], one["differences"]) for one in found] == [
        ("essai", "1", "one result", ["fact 1: value: expected '7', found '4'"]),
        ("essai", "1", "nothing asked", []),
    ]
    assert {one["digest"] for one in found} == {load_pack(FAILING.encode(), "x").digest}


def test_the_schema_names_its_version_and_the_fields_of_a_pack(run) -> None:
    result = run("pack", "schema")
    schema = json.loads(result.stdout)
    assert result.exit_code == 0
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "semantix-pack/1" in json.dumps(schema["properties"]["schema"])
    assert set(yaml.safe_load(GOOD)) <= set(schema["properties"])
    assert set(schema["required"]) <= set(yaml.safe_load(GOOD))
    assert schema["additionalProperties"] is False


def test_every_reference_of_the_schema_leads_somewhere(run) -> None:
    schema = json.loads(run("pack", "schema").stdout)

    def references(node: object):
        if isinstance(node, dict):
            yield from (node[key] for key in ("$ref",) if isinstance(node.get(key), str))
            for inner in node.values():
                yield from references(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from references(inner)

    found = set(references(schema))
    assert found
    assert {one.removeprefix("#/$defs/") for one in found} <= set(schema["$defs"])


def test_a_path_that_is_not_there_is_a_fault_of_use(run, tmp_path: Path) -> None:
    assert run("pack", "test", tmp_path / "none.yaml").exit_code == 2
