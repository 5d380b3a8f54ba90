"""A run: every input in order, on one process or several, with the same bytes written in both cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct, field

from semantix.io import Found, Output, discover
from semantix.model import Issue, Severity
from semantix.pipeline.inputs import Archive, Step, tasks_in
from semantix.pipeline.plan import Options, plan_of
from semantix.pipeline.pool import in_order
from semantix.pipeline.targets import Target, open_target
from semantix.pipeline.work import INTERNAL_ERROR, Converted
from semantix.report import DocumentLine, Figures, LossReport, Page, Unreadable
from semantix.resources import version

SEVERAL_VERSIONS = "SX902"

MAX_LINES = 1_000
"""Documents and archives listed one by one for people; the JSON report lists all documents."""


class Progress(Struct, frozen=True):
    """How far a run is: inputs done, inputs known so far, and the last one."""

    done: int
    total: int
    name: str


class RunReport(Struct, kw_only=True):
    """What a run did. ``lines`` are the first thousand documents; ``ignored`` the files passed over, by kind."""

    target: str
    kind: str
    figures: Figures = field(default_factory=Figures)
    lines: list[DocumentLine] = field(default_factory=list)
    archives: list[tuple[str, tuple[Issue, ...]]] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    ignored: dict[str, int] = field(default_factory=dict)
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
        )

    def note(self, outcome: Converted | Archive | Unreadable) -> None:
        """Take account of one outcome."""
        if isinstance(outcome, Unreadable):
            self.unreadable.append(outcome)
        elif isinstance(outcome, Archive):
            self.figures.add_issues(outcome.issues)
            for kind, count in outcome.ignored:
                self.ignored[kind] = self.ignored.get(kind, 0) + count
            if outcome.issues:
                self.archives.append((outcome.name, outcome.issues))
        else:
            self.figures.add(outcome.figures)
            if len(self.lines) < MAX_LINES:
                self.lines.append(outcome.line)


class _Counter:
    """Tells the progress: the total grows when an archive turns out to hold several documents."""

    def __init__(self, total: int, tell: Callable[[Progress], None] | None) -> None:
        self.total = total
        self.done = 0
        self._tell = tell

    def count(self, outcome: Converted | Archive | Unreadable) -> None:
        if isinstance(outcome, Archive):
            self.total += max(outcome.documents, 1) - 1
            return
        self.done += 1
        if self._tell:
            name = outcome.name if isinstance(outcome, Unreadable) else outcome.line.name
            self._tell(Progress(self.done, self.total, name))


def convert(
    inputs: Iterable[Path], out: Path, options: Options, progress: Callable[[Progress], None] | None = None
) -> RunReport:
    """Convert every document under ``inputs`` and write them in ``out``; say what became of each.

    An unreadable input is recorded in the report and the others go on. Raises BadTarget and BadVocabulary
    before reading anything, UnreadableInput when a path does not exist.
    """
    discovery = discover(inputs)
    plan = plan_of(options)
    report = RunReport(target=options.target, kind=options.kind, ignored=dict(discovery.ignored))
    counter = _Counter(len(discovery.files), progress)
    with ExitStack() as stack:
        details = _open_details(options, stack)
        target = open_target(options, out, plan.vocabulary)
        stack.push(lambda kind, *_: target.abandon() if kind else None)
        for outcome in in_order(_steps(discovery.files, options), plan, options.jobs):
            report.note(outcome)
            if isinstance(outcome, Converted):
                _write(outcome, target, details)
            counter.count(outcome)
        report.written = target.close()
        if target.versions:
            report.figures.issues[SEVERAL_VERSIONS, str(Severity.INFORMATION)] = target.versions
        if details:
            details.close(report.figures, report.unreadable, report.ignored, report.archives)
    return report


def _steps(files: Iterable[Found], options: Options) -> Iterator[Step]:
    for found in files:
        yield from tasks_in(found, options.limits)


def _open_details(options: Options, stack: ExitStack) -> LossReport | None:
    if options.report is None:
        return None
    file = stack.enter_context(Output(options.report))
    return LossReport(file.write, version=version(), target=options.target)


def _write(outcome: Converted, target: Target, details: LossReport | None) -> None:
    output = target.write(outcome.label, outcome.payload)
    if details and outcome.detail:
        details.add(outcome.detail, output)
