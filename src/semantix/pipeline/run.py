"""A run: every input in order, on one process or several, with the same bytes written in both cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field, structs

from semantix.errors import UnreadableInput
from semantix.io import Output, discover
from semantix.model import Issue, Severity
from semantix.pipeline.faults import INTERNAL_ERROR, unreadable
from semantix.pipeline.guard import refuse_overlap
from semantix.pipeline.inputs import Archive, Inputs
from semantix.pipeline.namesakes import Namesakes
from semantix.pipeline.packs import parsers_of
from semantix.pipeline.plan import Options, plan_of
from semantix.pipeline.pool import in_order
from semantix.pipeline.targets import Target, open_target, refuse_target
from semantix.pipeline.versions import Versions
from semantix.pipeline.work import Conversion, Converted, Finished, Result, Worker, left_out, mapper_of
from semantix.report import (
    DocumentLine,
    Figures,
    LossReport,
    Page,
    Reading,
    Rest,
    Unreadable,
    with_issues,
    without_produce,
)
from semantix.resources import version
from semantix.sinks.fate import Fate

if TYPE_CHECKING:
    from semantix.terminology.candidates import CandidateLog

SEVERAL_VERSIONS = "SX902"

Outcome = Result | Archive

MAX_LINES = 1_000
"""Documents listed one by one for people; the JSON report lists all documents."""


class Progress(Struct, frozen=True):
    """How far a run is: inputs done, inputs known so far, and the last one."""

    done: int
    total: int
    name: str


class RunReport(Struct, kw_only=True):
    """What a run did. ``lines`` are the first thousand documents; ``ignored`` the files passed over, by kind.

    ``readings`` tell what became of the lines of each file that is made of lines, or of which something was set aside,
    the first thousand one by one; ``reading`` is their sum.
    """

    target: str
    kind: str
    figures: Figures = field(default_factory=Figures)
    lines: list[DocumentLine] = field(default_factory=list)
    archives: list[tuple[str, tuple[Issue, ...]]] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    ignored: dict[str, int] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    written: dict[str, int] = field(default_factory=dict)

    @property
    def bugs(self) -> int:
        """Inputs on which the program failed, rather than the input."""
        return sum(item.error == INTERNAL_ERROR for item in self.unreadable)

    def page(self) -> Page:
        """Return what the HTML report tells."""
        return Page(
            target=self.target,
            version=version(),
            figures=self.figures,
            lines=self.lines,
            unreadable=self.unreadable,
            ignored=self.ignored,
            reading=self.reading,
            readings=self.readings,
        )

    def note(self, outcome: Outcome) -> None:
        """Take account of one outcome."""
        if isinstance(outcome, Unreadable):
            self.unreadable.append(outcome)
        elif isinstance(outcome, Archive):
            self.figures.add_issues(outcome.issues)
            for kind, count in outcome.ignored:
                self.ignored[kind] = self.ignored.get(kind, 0) + count
            if outcome.issues:
                self.archives.append((outcome.name, outcome.issues))
        elif isinstance(outcome, Finished):
            self._note_reading(outcome)
        else:
            self.figures.add(outcome.figures)
            if len(self.lines) < MAX_LINES:
                self.lines.append(outcome.line)

    def _note_reading(self, outcome: Finished) -> None:
        """Add the lines of a task to those of its file, and to the sum."""
        self.reading.add(outcome.reading)
        if not outcome.reading.is_empty and (outcome.name in self.readings or len(self.readings) < MAX_LINES):
            self.readings.setdefault(outcome.name, Reading()).add(outcome.reading)


class _Counter:
    """Tells the progress: the total grows when an archive turns out to hold several documents."""

    def __init__(self, total: int, tell: Callable[[Progress], None] | None) -> None:
        self.total = total
        self.done = 0
        self._tell = tell

    def count(self, outcome: Outcome) -> None:
        if isinstance(outcome, Archive):
            self.total += max(outcome.documents, 1) - 1
        elif isinstance(outcome, Finished):
            self.done += 1
            self.total += not outcome.is_first
            if self._tell:
                self._tell(Progress(self.done, self.total, outcome.name))


def convert(
    inputs: Iterable[Path],
    out: Path,
    options: Options,
    progress: Callable[[Progress], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> RunReport:
    """Convert every document under ``inputs`` and write them in ``out``; say what became of each.

    ``tell`` hears of what takes long besides documents: a terminology that is learned. An unreadable input is recorded
    in the report and the others go on. Raises BadTarget, BadVocabulary, BadStore and BadTable before reading anything,
    UnreadableInput when a path does not exist.
    """
    inputs = tuple(inputs)
    parsers = parsers_of(options.packs)
    discovery = discover(inputs)
    refuse_overlap(inputs, discovery.files, out, options)
    refuse_target(options, out)
    plan = plan_of(options)
    mapper = mapper_of(plan, tell)
    report = RunReport(target=options.target, kind=options.kind, ignored=dict(discovery.ignored))
    counter = _Counter(len(discovery.files), progress)
    with ExitStack() as stack:
        target = open_target(options, out, plan.vocabulary)
        stack.push(lambda kind, *_: target.abandon() if kind else None)
        details = _open_details(options, stack)
        steps = Inputs(options.limits, parsers, options.practice).steps(discovery.files)
        if options.jobs > 1 and mapper is not None:
            # Once, here: each process would learn the same.
            mapper.prepare()
        worker = Worker(plan, mapper) if options.jobs == 1 else None
        flow = stack.enter_context(closing(in_order(steps, Conversion(plan), options.jobs, worker)))
        log = _open_candidates(options)
        earlier = Namesakes(), Versions()
        for found in flow:
            if isinstance(found, Converted):
                outcome: Outcome = _write(_told(found, *earlier), target, details, options)
            else:
                outcome = found
            report.note(outcome)
            if log is not None and isinstance(outcome, Converted):
                for decision in outcome.review:
                    log.add(decision)
            counter.count(outcome)
        report.written = target.close()
        if options.target == "omop":
            report.figures.produced = dict(report.written)
        if target.versions:
            report.figures.issues[SEVERAL_VERSIONS, str(Severity.INFORMATION)] = target.versions
        if details:
            rest = Rest(report.unreadable, report.ignored, report.archives, report.readings, report.reading)
            details.close(report.figures, rest)
        if log is not None and options.candidates is not None:
            log.write(options.candidates)
    return report


def _open_candidates(options: Options) -> CandidateLog | None:
    if options.candidates is None:
        return None
    from semantix.terminology.candidates import CandidateLog  # noqa: PLC0415 - most runs do without the engine

    return CandidateLog()


def _open_details(options: Options, stack: ExitStack) -> LossReport | None:
    if options.report is None:
        return None
    file = stack.enter_context(Output(options.report))
    return LossReport(file.write, version=version(), target=options.target)


def _write(outcome: Converted, target: Target, details: LossReport | None, options: Options) -> Converted | Unreadable:
    """Write one document, unless the target has it already; return what to count of it."""
    fate = target.admits(outcome.payload)
    output = target.write(outcome.label, outcome.payload)
    if fate is not Fate.NEW:
        try:
            outcome = _not_written(outcome, fate, options)
        except UnreadableInput as error:  # gone since the worker read it
            return unreadable(outcome.task.entry.name, error)
    if details and outcome.detail:
        details.add(outcome.detail, output)
    return outcome


def _told(outcome: Converted, namesakes: Namesakes, versions: Versions) -> Converted:
    """A document beside those before it: a patient who may be somebody else, a report that is there already."""
    found = namesakes.issue(outcome.claimed), versions.issue(outcome.numbered)
    issues = [issue for issue in found if issue is not None]
    if not issues:
        return outcome
    outcome.figures.add_issues(issues)
    line = structs.replace(outcome.line, issues=outcome.line.issues + len(issues))
    detail = with_issues(outcome.detail, issues) if outcome.detail else None
    return structs.replace(outcome, line=line, detail=detail)


def _not_written(outcome: Converted, fate: Fate, options: Options) -> Converted:
    """A document met twice adds no row; what another one says under the same identifier is lost, and is told."""
    if fate is Fate.OTHER_VERSION:
        return left_out(outcome, options)
    figures = structs.replace(outcome.figures, produced={}, mapped={}, decided={})
    detail = without_produce(outcome.detail) if outcome.detail else None
    return structs.replace(outcome, figures=figures, detail=detail, review=())
