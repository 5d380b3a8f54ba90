"""The key of a warehouse: that of the plan, else one made for its state folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from semantix.errors import BadPlan
from semantix.runs.plan import RunPlan
from semantix.runs.pseudonyms import new_key, read_key

OWN = "key"


def key_of(plan: RunPlan, environment: Mapping[str, str]) -> bytes:
    """The key of digests and pseudonyms. Raises BadPlan.

    A warehouse whose plan names none gets one of its own at first: its digests are then of no use elsewhere.
    """
    if plan.key:
        kind, _, rest = plan.key.partition(":")
        if kind == "env":
            return read_key(None, environment.get(rest) or _no_variable(rest))
        return read_key(Path(rest), None)
    path = plan.state / OWN
    if not path.exists():
        plan.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(new_key())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    return read_key(path, None)


def _no_variable(name: str) -> str:
    raise BadPlan(f"key: the environment variable {name} is not set; set it, or give key: file:PATH")


def secret_of(told: str, environment: Mapping[str, str]) -> str:
    """What ``env:NAME`` or ``file:PATH`` holds, such as the URL of a database. Raises BadPlan, never saying it."""
    kind, _, rest = told.partition(":")
    if kind == "env":
        return environment.get(rest) or _no_variable(rest)
    try:
        return Path(rest).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadPlan(f"{rest}: cannot be read ({type(error).__name__})") from None
