"""Every reason for which something is not done has its words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from semantix import review
from semantix.review.web.words import catalogue

NOTICES = frozenset({"nothing_to_undo", "acted_since"})
"""Said as notices of the queue."""
ELSEWHERE = frozenset({"selection_changed", "unknown_state", "role_needed"})
"""A page shows the new selection; only an address can name a state that is none; a role has words of its own."""


def keys() -> Iterator[tuple[str, str]]:
    for source in sorted(Path(review.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ActionRefused" and len(node.args) > 1:
                key = node.args[1]
                if isinstance(key, ast.Constant):
                    yield f"{source.name}:{node.lineno}", str(key.value)


def test_every_refusal_has_its_words() -> None:
    words = catalogue()
    found = list(keys())
    assert len(found) > 40
    assert [
        at
        for at, key in found
        if f"refused_{key}" not in words and key not in ELSEWHERE and not (key in NOTICES and f"notice_{key}" in words)
    ] == []


def test_names_and_passwords_that_are_refused_have_their_words() -> None:
    words = catalogue()
    for key in ("name_empty", "name_long", "name_signs", "password_short", "password_long", "password_name"):
        assert f"refused_{key}" in words
