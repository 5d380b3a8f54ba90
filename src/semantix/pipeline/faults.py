"""What went wrong with one input, in words that hold nothing of it: a refusal, or a bug of ours."""

from __future__ import annotations

import traceback
from pathlib import PurePath

from semantix.errors import UnreadableInput
from semantix.report import Unreadable

INTERNAL_ERROR = "internal-error"


def unreadable(name: str, error: UnreadableInput) -> Unreadable:
    """Describe an input that was refused, its name not said twice."""
    return Unreadable(name, type(error).__name__, str(error).removeprefix(f"{name}: "))


def bug(name: str, error: BaseException) -> Unreadable:
    """Describe a bug met on an input, without the exception's own words: they could hold a value."""
    return Unreadable(name, INTERNAL_ERROR, f"{type(error).__name__} at {code_place(error)}")


def code_place(error: BaseException) -> str:
    """Return where in semantix's code an exception was raised: ``emitters/fhir/condition.py:41``."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "semantix" in PurePath(frame.filename).parts] or list(frames)
    if not ours:
        return "an unknown place"
    parts = PurePath(ours[-1].filename).parts
    start = max((i for i, part in enumerate(parts) if part == "semantix"), default=len(parts) - 2)
    return f"{'/'.join(parts[start + 1 :])}:{ours[-1].lineno}"
