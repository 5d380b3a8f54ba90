"""Keys and other secrets: where they are read, and that they are not said."""

import stat
from pathlib import Path
from typing import Any

import pytest
from tests.runs_warehouse import KEY, plan_in

from semantix.errors import BadPlan
from semantix.runs.keeping import key_of, secret_of
from semantix.runs.plan import RunPlan


def plan_of(folder: Path, **changes: Any) -> RunPlan:
    return plan_in(folder, **changes)


def test_the_key_is_that_of_a_file_or_of_the_environment(tmp_path: Path) -> None:
    assert key_of(plan_of(tmp_path), {}) == KEY
    assert key_of(plan_of(tmp_path, key="env:KEY"), {"KEY": KEY.hex()}) == KEY


@pytest.mark.parametrize("environment", [{}, {"KEY": ""}])
def test_a_variable_that_is_not_set_is_named(tmp_path: Path, environment: dict[str, str]) -> None:
    with pytest.raises(BadPlan, match="key: the environment variable KEY is not set; set it, or give key: file:PATH"):
        key_of(plan_of(tmp_path, key="env:KEY"), environment)


def test_a_key_of_the_environment_that_is_none_is_not_said(tmp_path: Path) -> None:
    with pytest.raises(BadPlan) as found:
        key_of(plan_of(tmp_path, key="env:KEY"), {"KEY": "hunter2"})
    assert "hunter2" not in str(found.value)


def test_a_warehouse_without_a_key_gets_one_of_its_own(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, key=None)
    key = key_of(plan, {})
    path = plan.state / "key"
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(plan.state.stat().st_mode) == 0o700
    assert key_of(plan, {}) == key
    assert list(plan.state.iterdir()) == [path]


def test_secrets_are_read_and_not_said(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://me:hunter2@db\n")
    assert secret_of("env:URL", {"URL": "postgresql://me@db"}) == "postgresql://me@db"
    assert secret_of(f"file:{tmp_path / 'url'}", {}) == "postgresql://me:hunter2@db"
    with pytest.raises(BadPlan, match="variable URL is not set"):
        secret_of("env:URL", {})
    with pytest.raises(BadPlan, match=r"no: cannot be read \(FileNotFoundError\)"):
        secret_of(f"file:{tmp_path / 'no'}", {})
    (tmp_path / "url").write_bytes(b"hunter2 \xff")
    with pytest.raises(BadPlan, match=r"url: cannot be read \(UnicodeDecodeError\)") as found:
        secret_of(f"file:{tmp_path / 'url'}", {})
    assert "hunter2" not in str(found.value)
