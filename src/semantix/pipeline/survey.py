"""Say what files are, without converting them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from semantix.errors import UnreadableInput
from semantix.io import Limits, discover, read
from semantix.parsers import Identity, identify
from semantix.pipeline.inputs import Archive, Task, tasks_in, unreadable
from semantix.report import Unreadable


def identify_all(inputs: Iterable[Path], limits: Limits | None = None) -> Iterator[Identity | Unreadable]:
    """Say what each file under ``inputs`` is; an archive comes before its documents.

    Raises UnreadableInput when a path does not exist.
    """
    limits = limits or Limits()
    for found in discover(inputs).files:
        for step in tasks_in(found, limits):
            if isinstance(step, Archive):
                if step.documents:
                    words = f"ZIP archive, {step.documents} XML document(s)"
                    yield Identity(name=step.name, format=step.kind, why=words)
            else:
                yield _identify(step, limits) if isinstance(step, Task) else step


def _identify(task: Task, limits: Limits) -> Identity | Unreadable:
    name = task.entry.name
    try:
        return identify(read(task.entry, limits), name)
    except UnreadableInput as error:
        return unreadable(name, error)
