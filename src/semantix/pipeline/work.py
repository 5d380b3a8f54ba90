"""One document: bytes → Document → resources or rows, with its account. This is what runs in each process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from semantix.errors import UnreadableInput
from semantix.io import File, Limits, read
from semantix.ledger import Ledger
from semantix.model import Decision, Document, Issue, LineCount, SetAside, Severity, Withdrawn
from semantix.parsers import Parser, Piece, choose
from semantix.parsers.xdm import verify
from semantix.pipeline.faults import INTERNAL_ERROR, bug, unreadable
from semantix.pipeline.inputs import Task
from semantix.pipeline.namesakes import claimed_by
from semantix.pipeline.packs import parsers_of
from semantix.pipeline.people import PACK, People
from semantix.pipeline.plan import Options, Plan
from semantix.pipeline.stages import Payload, Stage, open_stage
from semantix.pipeline.versions import numbered_by
from semantix.report import DocumentLine, Figures, Reading, Unreadable, encode_document, figures_of, line_of
from semantix.text import decoding

if TYPE_CHECKING:
    from semantix.pipeline.mapping import Mapper

DIED = "the process that read it died (out of memory?)"
OTHER_CONTENT = "SX903"
OTHER_VERSION = "other-version"
"""The reason of all that a document says under the identifier of another one: it is left out whole."""


class Converted(Struct, frozen=True):
    """One document converted: its name among the outputs, what to write, and what to say of it.

    ``detail`` is its part of the JSON report, when one is wanted; ``task`` and ``rank`` are where it was read;
    ``review`` are the decisions of the terminology engine that wait for a person; ``claimed`` is the number and the
    birth date of a patient known by a local number alone, ``numbered`` the number of a report and which version it is.
    """

    label: str
    payload: Payload
    figures: Figures
    line: DocumentLine
    detail: bytes | None
    task: Task
    rank: int = 1
    review: tuple[Decision, ...] = ()
    claimed: tuple[bytes, bytes] | None = None
    numbered: tuple[bytes, bytes] | None = None


class Finished(Struct, frozen=True):
    """A task is done: the account of the lines of its file, or of the cut of it."""

    name: str
    reading: Reading
    is_first: bool = True


Result = Converted | Unreadable | Finished


class Worker:
    """Reads and converts one task after the other; loads what the target needs once.

    ``mapper`` finds codes that the source lacks.
    """

    def __init__(self, plan: Plan, mapper: Mapper | None = None) -> None:
        self._plan = plan
        self._parsers = parsers_of(plan.packs)
        self._stage: Stage = open_stage(plan)
        self._mapper = mapper
        self._people = People(plan.limits, self._parsers)

    def do(self, task: Task) -> Iterator[Result]:
        """Convert the documents of one task; what cannot be read is described instead. The last result is Finished.

        A bug is described too, without any value: the exception's words could hold some. It must not lose
        the other million documents of a run; the exit code tells.
        """
        name, reading = task.entry.name, Reading()
        try:
            lists = [entry for role, entry in task.others if role == PACK]
            for document in documents_of(
                task, self._plan.limits, self._parsers, reading, narratives=self._plan.narratives
            ):
                completed = self._people.complete(document, lists, task.practice)
                yield self._convert(task, completed, reading.documents)
        except UnreadableInput as error:
            quarantine(task, reading)
            yield unreadable(name, error)
        except Exception as error:  # noqa: BLE001 - see above: reported as a bug, never hidden
            quarantine(task, reading)
            yield bug(name, error)
        if reading.unaccounted:
            yield Unreadable(name, INTERNAL_ERROR, f"{reading.unaccounted} lines of which nothing is known")
        yield Finished(name, reading, task.cut is None or task.cut.line == 1)

    def _convert(self, task: Task, document: Document, rank: int) -> Converted:
        plan = self._plan
        found = self._mapper.map(document) if self._mapper is not None else None
        made = self._stage.convert(document, found.codings if found is not None else None)
        account = made.ledger.account(document)
        issues = document.issues + (found.issues if found is not None else ()) + made.issues
        figures = figures_of(document, made.ledger, account, made.produced, issues)
        figures.mapped = dict(made.mapped)
        if found is not None:
            figures.decided = dict(found.counts)
        detail = encode_document(document, account, figures, issues) if plan.detail else None
        review = found.review if found is not None else ()
        line, label = line_of(document, figures), label_of(task, rank)
        return Converted(label, made.payload, figures, line, detail, task, rank, review, *_known_by(document))


class Conversion(Struct, frozen=True):
    """The work of a run of convert, as the pool knows it."""

    plan: Plan

    def doer(self) -> Worker:
        """A worker with a mapper of its own. Raises BadStore and BadTable."""
        return Worker(self.plan, mapper_of(self.plan))

    def lost(self, task: Task) -> list[Result]:
        """The account of a task that killed the process that read it."""
        reading = Reading()
        quarantine(task, reading)
        return [Unreadable(task.entry.name, INTERNAL_ERROR, DIED), Finished(task.entry.name, reading)]


def _known_by(document: Document) -> tuple[tuple[bytes, bytes] | None, tuple[bytes, bytes] | None]:
    return claimed_by(document), numbered_by(document)


def documents_of(
    task: Task, limits: Limits, parsers: Sequence[Parser], reading: Reading, *, narratives: bool = True
) -> Iterator[Document]:
    """The documents of a task, named by their rank; ``reading`` takes account of the lines. Raises UnreadableInput.

    Without ``narratives``, those of sections are only read where nothing is gained by leaving them out.

    What the source says to withdraw is kept for who asks for it in ``reading``: a run without memory has no use for it.
    """
    entry, cut = task.entry, task.cut
    data = cut.data if cut is not None else read(entry, limits)
    if task.claim is not None:
        parser = next(parser for parser in parsers if parser.name == task.parser)
        claim = task.claim
    else:
        parser, claim = choose(data, entry.name, parsers)
    piece = Piece(
        data=data,
        name=entry.name,
        label=entry.label,
        practice=task.practice,
        line=cut.line if cut is not None else 1,
        context=cut.context if cut is not None else {},
        others={role: File(other, limits) for role, other in task.others if role != PACK},
        claim=claim,
        narratives=narratives,
    )
    for told in parser.read(piece):
        if isinstance(told, SetAside):
            reading.put_aside(told)
        elif isinstance(told, LineCount):
            reading.total += told.lines
        elif isinstance(told, Withdrawn):
            if reading.withdrawn is not None:
                reading.withdrawn.append(told)
        else:
            reading.documents += 1
            reading.read += told.lines
            yield _named(told, task, data, reading.documents)


def _named(document: Document, task: Task, data: bytes, rank: int) -> Document:
    """A document under the name of its file and its rank in it, confronted with what a manifest says of the file."""
    suffix = suffix_of(task, rank)
    if task.listed is not None:
        document = structs.replace(document, issues=document.issues + verify(task.listed, data))
    if not suffix:
        return document
    return structs.replace(document, source=structs.replace(document.source, name=task.entry.name + suffix))


def label_of(task: Task, rank: int) -> str:
    """The name of a document among the outputs: that of its file, with its rank when there may be several."""
    return task.entry.label + suffix_of(task, rank)


def suffix_of(task: Task, rank: int) -> str:
    """``#41-2`` for the second document of the cut that begins on line 41; nothing for the first of a whole file."""
    if task.cut is not None and not (task.cut.line == rank == 1):
        return f"#{task.cut.line}-{rank}"
    return f"#{rank}" if rank > 1 else ""


def quarantine(task: Task, reading: Reading) -> None:
    """Count the lines of a cut that could not be read to its end."""
    if task.cut is None or not task.claim:
        reading.total = 0
        return
    reading.total = max(decoding.count_lines(task.cut.data), reading.read + reading.aside + reading.quarantined)
    reading.put_aside(SetAside(f"line {task.cut.line} on", reading.unaccounted, "unreadable", quarantined=True))


def mapper_of(plan: Plan, tell: Callable[[str], None] | None = None) -> Mapper | None:
    """Open the terminology engine of a plan, else the curated tables alone. Raises BadStore and BadTable."""
    from semantix.pipeline.mapping import open_curated, open_mapper  # noqa: PLC0415 - some runs do without

    if plan.store is None:
        return open_curated(plan.tables) if plan.curated else None
    return open_mapper(plan.store, plan.accept, plan.tables, *([tell] if tell else []))


def left_out(outcome: Converted, options: Options) -> Converted:
    """A document of which nothing is written, read again to say so of each of its elements; no code is repeated."""
    parsers = parsers_of(options.packs)
    several = documents_of(outcome.task, options.limits, parsers, Reading())
    document = next(islice(several, outcome.rank - 1, None))
    words = "same document identifier as an earlier one, with other content: left out"
    issues = (*document.issues, Issue(OTHER_CONTENT, Severity.WARNING, "/ClinicalDocument/id", words))
    account = Ledger().account(document)
    losses = tuple(structs.replace(loss, reason=OTHER_VERSION, code=None) for loss in account.losses)
    account = structs.replace(account, losses=losses)
    figures = figures_of(document, Ledger(), account, {}, issues)
    detail = encode_document(document, account, figures, issues) if options.report else None
    return structs.replace(outcome, figures=figures, line=line_of(document, figures), detail=detail, review=())
