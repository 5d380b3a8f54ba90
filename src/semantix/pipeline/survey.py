"""Say what files are, without converting them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from semantix.errors import UnreadableInput
from semantix.io import Limits, discover, read
from semantix.parsers import Identity, Parser, identify
from semantix.pipeline.faults import unreadable
from semantix.pipeline.inputs import Archive, Inputs, Task
from semantix.pipeline.packs import parsers_of
from semantix.report import Unreadable


def identify_all(
    inputs: Iterable[Path], limits: Limits | None = None, packs: tuple[Path, ...] = ()
) -> Iterator[Identity | Unreadable]:
    """Say what each file under ``inputs`` is; a container comes before what it holds. ``packs`` are the user's own.

    Raises UnreadableInput when a path does not exist, and BadPack.
    """
    limits, parsers = limits or Limits(), parsers_of(packs)
    for step in Inputs(limits, parsers).steps(discover(inputs).files):
        if isinstance(step, Archive):
            if step.kind:
                yield Identity(name=step.name, format=step.kind, why=_described(step))
        elif isinstance(step, Unreadable):
            yield step
        elif step.cut is None or step.cut.line == 1:
            yield _identify(step, limits, parsers)


def _described(archive: Archive) -> str:
    if archive.kind == "ZIP":
        return f"ZIP archive, {archive.documents} file(s)"
    if archive.kind == "mail":
        return f"mail, {archive.documents} file(s)"
    return f"ZIP archive, {archive.documents} XML document(s)"


def _identify(task: Task, limits: Limits, parsers: Iterable[Parser]) -> Identity | Unreadable:
    name, claim = task.entry.name, task.claim
    if claim is not None and task.cut is not None:
        return Identity(
            name=name, format=claim.format, version=claim.version, confidence=claim.confidence, why=claim.why
        )
    try:
        return identify(read(task.entry, limits), name, tuple(parsers))
    except UnreadableInput as error:
        return unreadable(name, error)
