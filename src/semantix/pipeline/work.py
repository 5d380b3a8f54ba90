"""One document: bytes → Document → resources or rows, with its account. This is what runs in each process."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from semantix.errors import UnreadableInput
from semantix.io import read
from semantix.ledger import Ledger
from semantix.model import Decision, Document, Issue, Severity
from semantix.parsers import parse
from semantix.parsers.xdm import verify
from semantix.pipeline.inputs import Task, unreadable
from semantix.pipeline.plan import Options, Plan
from semantix.pipeline.stages import Payload, Stage, open_stage
from semantix.report import DocumentLine, Figures, Unreadable, encode_document, figures_of, line_of

if TYPE_CHECKING:
    from semantix.pipeline.mapping import Mapper

INTERNAL_ERROR = "internal-error"
OTHER_CONTENT = "SX903"
OTHER_VERSION = "other-version"
"""The reason of all that a document says under the identifier of another one: it is left out whole."""


class Converted(Struct, frozen=True):
    """One document converted: its name among the outputs, what to write, and what to say of it.

    ``detail`` is its part of the JSON report, when one is wanted; ``task`` is where it was read; ``review`` are the
    decisions of the terminology engine that wait for a person.
    """

    label: str
    payload: Payload
    figures: Figures
    line: DocumentLine
    detail: bytes | None
    task: Task
    review: tuple[Decision, ...] = ()


class Worker:
    """Converts documents one by one; loads what the target needs once. ``mapper`` finds codes that the source lacks."""

    def __init__(self, plan: Plan, mapper: Mapper | None = None) -> None:
        self._plan = plan
        self._stage: Stage = open_stage(plan)
        self._mapper = mapper

    def do(self, task: Task) -> Converted | Unreadable:
        """Convert one document; what cannot be read is described instead.

        A bug is described too, without any value: the exception's words could hold some. It must not lose
        the other million documents of a run; the exit code tells.
        """
        name = task.entry.name
        try:
            return self._convert(task)
        except UnreadableInput as error:
            return unreadable(name, error)
        except Exception as error:  # noqa: BLE001 - see above: reported as a bug, never hidden
            return Unreadable(name, INTERNAL_ERROR, f"{type(error).__name__} at {code_place(error)}")

    def _convert(self, task: Task) -> Converted:
        plan = self._plan
        data = read(task.entry, plan.limits)
        document = parse(data, task.entry.name)
        found = self._mapper.map(document) if self._mapper is not None else None
        made = self._stage.convert(document, found.codings if found is not None else None)
        account = made.ledger.account(document)
        issues = self._issues(task, data, document) + made.issues
        figures = figures_of(document, made.ledger, account, made.produced, issues)
        figures.mapped = dict(made.mapped)
        if found is not None:
            figures.decided = dict(found.counts)
        detail = encode_document(document, account, figures, issues) if plan.detail else None
        review = found.review if found is not None else ()
        return Converted(task.entry.label, made.payload, figures, line_of(document, figures), detail, task, review)

    @staticmethod
    def _issues(task: Task, data: bytes, document: Document) -> tuple[Issue, ...]:
        return document.issues + (verify(task.listed, data) if task.listed else ())


def mapper_of(plan: Plan, tell: Callable[[str], None] | None = None) -> Mapper | None:
    """Open the terminology engine of a plan, if there is one. Raises BadStore and BadTable."""
    if plan.store is None:
        return None
    from semantix.pipeline.mapping import open_mapper  # noqa: PLC0415 - most runs do without the engine

    return open_mapper(plan.store, plan.accept, plan.tables, *([tell] if tell else []))


def left_out(outcome: Converted, options: Options) -> Converted:
    """A document of which nothing is written, read again to say so of each of its elements; no code is repeated."""
    document = parse(read(outcome.task.entry, options.limits), outcome.task.entry.name)
    words = "same document identifier as an earlier one, with other content: left out"
    issues = (*document.issues, Issue(OTHER_CONTENT, Severity.WARNING, "/ClinicalDocument/id", words))
    account = Ledger().account(document)
    losses = tuple(structs.replace(loss, reason=OTHER_VERSION, code=None) for loss in account.losses)
    account = structs.replace(account, losses=losses)
    figures = figures_of(document, Ledger(), account, {}, issues)
    detail = encode_document(document, account, figures, issues) if options.report else None
    return structs.replace(outcome, figures=figures, line=line_of(document, figures), detail=detail, review=())


def code_place(error: BaseException) -> str:
    """Return where in semantix's code an exception was raised: ``emitters/fhir/condition.py:41``."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "semantix" in PurePath(frame.filename).parts] or list(frames)
    if not ours:
        return "an unknown place"
    parts = PurePath(ours[-1].filename).parts
    start = max((i for i, part in enumerate(parts) if part == "semantix"), default=len(parts) - 2)
    return f"{'/'.join(parts[start + 1 :])}:{ours[-1].lineno}"
