"""The reference page names every field of every model, and no other; the packs shipped pass their own tests."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from tests.conftest import ROOT

from semantix.parsers import packs
from semantix.parsers.packs import spec, spec_expressions, spec_facts, spec_files
from semantix.parsers.packs.checks import FIELDS

PAGE = (ROOT / "docs" / "reference" / "mapping-packs.md").read_text(encoding="utf-8")
PACKS = sorted((ROOT / "mappings" / "exports").glob("*.yaml"))


def section(title: str) -> str:
    found = re.search(rf"^#+ {re.escape(title)}$(.*?)(?=^#+ |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def rows(title: str) -> list[str]:
    return re.findall(r"^\| `([\w-]+)` \|", section(title), re.MULTILINE)


def names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


@pytest.mark.parametrize(
    ("title", "model", "elsewhere"),
    [
        ("The pack", spec.PackSpec, set()),
        ("Files", spec_files.File, set(spec_files.Table.model_fields)),
        ("Tables", spec_files.Table, set()),
        ("dialect", spec_files.Dialect, set()),
        ("expects", spec_files.Expects, set()),
        ("columns", spec_files.Column, set()),
        ("rows", spec_files.RowKind, set()),
        ("joins", spec_files.JoinTo, set()),
        ("patient", spec_facts.Person, set()),
        ("document", spec_facts.Gathering, set()),
        ("Facts", spec_facts.Fact, set()),
        ("value", spec_facts.Valued, set()),
        ("Tests", spec.Example, set()),
    ],
)
def test_every_field_is_in_the_reference_and_no_other(title: str, model: type[BaseModel], elsewhere: set[str]) -> None:
    assert sorted(rows(title)) == sorted(set(names(model)) - elsewhere)


def test_every_kind_of_fact_and_way_of_reading_is_in_the_reference() -> None:
    for kind in FIELDS:
        assert f"`{kind}`" in section("Facts"), kind
    for way in spec_facts.Reading.__args__:  # type: ignore[attr-defined]
        assert f"`{way}`" in section("findings"), way
    for way in spec_facts.Parts.model_fields["read"].annotation.__args__:  # type: ignore[union-attr]
        assert f"`{way}`" in section("parts"), way


def test_every_expression_and_condition_is_in_the_reference() -> None:
    for key in spec_expressions.EXPRESSION_KEYS:
        assert f"{{{key}: " in PAGE, key
    for key in ("eq", "in", "matches", "empty", "cells", "all", "any", "not"):
        assert f"{key}: " in section("Expressions"), key


def test_every_doubt_is_in_the_reference() -> None:
    folder = ROOT / "src" / "semantix" / "parsers" / "packs"
    used = {code for path in folder.glob("*.py") for code in re.findall(r"\bSX5\d\d\b", path.read_text("utf-8"))}
    assert used == set(re.findall(r"^\| `(SX5\d\d)`", PAGE, re.MULTILINE))


def test_the_yaml_of_the_reference_is_yaml() -> None:
    import yaml

    for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL):
        assert yaml.safe_load(block)


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_a_pack_that_is_shipped_passes_its_own_tests(path: Path) -> None:
    pack = packs.load_pack(path.read_bytes(), path.name)
    assert pack.id == path.stem
    outcomes = packs.test_pack(pack)
    assert outcomes
    assert [(one.test, one.differences) for one in outcomes if not one.passed] == []
