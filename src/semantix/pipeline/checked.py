"""What the tasks of a run of ``validate`` say, put together file by file in its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from msgspec import Struct, field, structs

from semantix.errors import UnreadableInput
from semantix.io import Entry, File, Limits, members
from semantix.parsers.fhir import claims
from semantix.pipeline.faults import INTERNAL_ERROR
from semantix.pipeline.inputs import Archive, Task
from semantix.pipeline.run import Progress
from semantix.report import Reading, Unreadable
from semantix.validation._findings import Checked, Coverage, Finding, LayerRun, ValidationReport, finding
from semantix.validation.form.archives import archive_form, metadata_form
from semantix.validation.form.lines import from_issue, from_reading
from semantix.validation.form.refusals import refused
from semantix.validation.run_words import MORE

FORM = "form"
FHIR_FORMATS = frozenset({claims.JSON, claims.XML, claims.BULK})
MOST = 1_000
"""Findings of one code that are listed, a file; the others are counted."""


class Part(Struct, frozen=True, kw_only=True):
    """What one task says: of a whole file, or of a cut of it (the first one, or not).

    ``fhir`` is the file, where it is one that HL7's validator takes.
    """

    name: str
    format: str = ""
    version: str = ""
    findings: tuple[Finding, ...] = ()
    layers: tuple[LayerRun, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    reading: Reading = field(default_factory=Reading)
    is_first: bool = True
    fhir: Entry | None = None


def refusal(refused_: Unreadable, task: Task | None = None) -> Part:
    """What is said of a file, or of a cut of it, that cannot be read."""
    is_bug = refused_.error == INTERNAL_ERROR
    form = layer_run(FORM, is_failed=is_bug)
    is_first = task is None or task.cut is None or task.cut.line == 1
    return Part(name=refused_.name, findings=(refused(refused_),), layers=(form,), is_first=is_first)


def layer_run(name: str, *, is_failed: bool = False) -> LayerRun:
    """One layer over one document: finished, or ended by a bug of ours."""
    return LayerRun(name=name, state="failed", reason=INTERNAL_ERROR) if is_failed else LayerRun(name=name, state="run")


class Files:
    """Puts the parts of each file together, in order, and the files in the report."""

    def __init__(
        self, report: ValidationReport, limits: Limits, total: int, tell: Callable[[Progress], None] | None
    ) -> None:
        self._report, self._limits, self._tell = report, limits, tell
        self._done, self._total = 0, total
        self._open: Part | None = None
        self._findings: list[Finding] = []
        self._counts: Counter[str] = Counter()
        self._layers: dict[LayerRun, None] = {}
        self.fhir: dict[str, Entry] = {}

    def take(self, outcome: Part | Archive | Unreadable) -> None:
        """Take account of what was found next."""
        if isinstance(outcome, Archive):
            self._archive(outcome)
            return
        part = refusal(outcome) if isinstance(outcome, Unreadable) else outcome
        if self._open is None or part.is_first or part.name != self._open.name:
            self.close()
            self._open = part
        else:
            self._open.coverage.add(part.coverage)
            self._open.reading.add(part.reading)
            if not self._open.format:  # its first cut could not be read
                self._open = structs.replace(self._open, format=part.format, version=part.version)
        self._layers |= dict.fromkeys(part.layers)
        if part.fhir is not None:
            self.fhir[part.name] = part.fhir
        for found in part.findings:
            self._add(found)

    def _add(self, found: Finding) -> None:
        self._counts[found.code] += 1
        if self._counts[found.code] <= MOST:
            self._findings.append(found)

    def close(self) -> None:
        """Put the file that is open in the report."""
        part = self._open
        if part is None:
            return
        for found in from_reading(part.reading, is_fhir=part.format in FHIR_FORMATS):
            self._add(found)
        rest = [(code, count - MOST) for code, count in sorted(self._counts.items()) if count > MOST]
        self._findings += [finding(MORE, layer=FORM, code=code, count=str(count)) for code, count in rest]
        self._put(
            Checked(
                name=part.name,
                format=part.format,
                version=part.version,
                findings=tuple(self._findings),
                layers=tuple(self._layers),
                coverage=part.coverage,
            )
        )
        self._open = None
        self._findings, self._counts, self._layers = [], Counter(), {}

    def _put(self, checked: Checked) -> None:
        self._report.documents.append(checked)
        self._done += 1
        self._total = max(self._total, self._done)
        if self._tell:
            self._tell(Progress(self._done, self._total, checked.name))

    def _archive(self, archive: Archive) -> None:
        self.close()
        for kind, count in archive.ignored:
            self._report.ignored[kind] = self._report.ignored.get(kind, 0) + count
        if not archive.kind:
            return
        self._total += archive.documents
        findings = [from_issue(issue) for issue in archive.issues]
        if archive.entry is not None:
            findings += _of_archive(archive, self._limits)
        form = layer_run(FORM)
        self._put(Checked(name=archive.name, format=archive.kind, findings=tuple(findings), layers=(form,)))


def _of_archive(archive: Archive, limits: Limits) -> Iterator[Finding]:
    """The names in an archive, and its lists of contents."""
    assert archive.entry is not None
    try:
        names = members(archive.entry, limits)
        yield from archive_form(archive.name, names)
        for name in names:
            if name.upper().rpartition("/")[2] == "METADATA.XML":
                yield from metadata_form(File(archive.entry.member(name), limits).read(), name)
    except UnreadableInput:
        return  # told by the step of the archive itself
