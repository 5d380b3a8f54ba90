"""A run of ``validate``: every input in order, each read once, checked by every layer that applies to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from semantix.errors import UnreadableInput
from semantix.io import Limits, discover, read
from semantix.model import Document, Issue, Source
from semantix.parsers import Claim, choose, hl7v2, hprim_medecin, hprim_sante
from semantix.parsers._xml import parse_xml
from semantix.parsers.cda import FORMAT as CDA_FORMAT
from semantix.parsers.cda.document import clinical_document, read_document
from semantix.parsers.cda.index import Index
from semantix.parsers.fhir import claims
from semantix.parsers.xdm import verify
from semantix.pipeline.checked import FHIR_FORMATS, FORM, Files, Part, layer_run, refusal
from semantix.pipeline.faults import INTERNAL_ERROR, bug, code_place, unreadable
from semantix.pipeline.inputs import Inputs, Task
from semantix.pipeline.packs import parsers_of
from semantix.pipeline.pool import in_order
from semantix.pipeline.run import Progress
from semantix.pipeline.work import DIED, documents_of
from semantix.report import Reading, Unreadable
from semantix.resources import version
from semantix.validation._cda import Cda
from semantix.validation._findings import Coverage, Finding, LayerRun, ValidationReport, finding
from semantix.validation.cda import CHECKS
from semantix.validation.coverage import coverage_of
from semantix.validation.form.archives import listed_form
from semantix.validation.form.hl7 import Hl7Form
from semantix.validation.form.hprim import medecin_form, sante_form
from semantix.validation.form.lines import from_issue
from semantix.validation.form.xml import xml_form
from semantix.validation.run_words import UNFINISHED
from semantix.validation.system_oids import OID
from semantix.validation.terms import OpenTerms, open_terms

if TYPE_CHECKING:
    from semantix.pipeline.mapping import Mapper
    from semantix.validation.fhir.checking import FhirChecked
    from semantix.validation.rulesets.checker import RuleSetChecker

ZONE = ZoneInfo("Europe/Paris")
OURS = "semantix"
NO_ZONE, READ_ZONE = "SX-DATE-04", "SX001"
"""Times without a zone, as our rules and as the reader tell them: the reader counts them for the whole document."""


class Checks(Struct, frozen=True, kw_only=True):
    """What to check with; it crosses to other processes.

    ``day`` is the day of the check. ``ruleset`` names a rule set installed under ``rulesets``, ``None`` for none;
    ``engine`` is ``auto``, ``fast`` or ``saxon``; ``volets`` are used in place of those that documents call for.
    ``store`` is a terminology store, ``tables`` are curated tables of the site's own. ``validator`` is the JAR of HL7's
    FHIR validator. ``packs`` and ``practice`` are as for ``convert``.
    """

    day: date
    ruleset: str | None = None
    rulesets: Path = Path()
    engine: str = "auto"
    volets: tuple[str, ...] = ()
    store: Path | None = None
    tables: tuple[Path, ...] = ()
    packs: tuple[Path, ...] = ()
    practice: str | None = None
    validator: Path | None = None
    limits: Limits = field(default_factory=Limits)


def open_rules(checks: Checks) -> RuleSetChecker | None:
    """Open the rule set to check with, if any. Raises BadRuleSet."""
    if checks.ruleset is None:
        return None
    from semantix.validation.rulesets.checker import RuleSetChecker  # noqa: PLC0415 - most runs may do without

    return RuleSetChecker.open(checks.ruleset, checks.rulesets, engine=checks.engine, volets=checks.volets)


def validate(
    inputs: Iterable[Path], checks: Checks, *, jobs: int = 1, progress: Callable[[Progress], None] | None = None
) -> ValidationReport:
    """Check every file under ``inputs``; what cannot be read is a finding, and the others go on.

    Raises BadRuleSet, BadStore, BadTable and BadPack before reading anything, UnreadableInput when a path is not there.
    """
    parsers = parsers_of(checks.packs)
    discovery = discover(inputs)
    checker = Checker(checks)
    rules, terms = checker.rules, checker.terms
    report = ValidationReport(
        version=version(),
        day=checks.day.isoformat(),
        ruleset=rules.info if rules is not None else None,
        terms=terms.names(),
        ignored=dict(discovery.ignored),
    )
    steps = Inputs(checks.limits, parsers, checks.practice).steps(discovery.files)
    files = Files(report, checks.limits, len(discovery.files), progress)
    with closing(in_order(steps, Checking(checks), jobs, checker if jobs == 1 else None)) as flow:
        for outcome in flow:
            files.take(outcome)
    files.close()
    if checks.validator is not None:
        from semantix.pipeline.official import add_official  # noqa: PLC0415 - only when it is asked for

        add_official(report, files.fhir, checks.validator, checks.limits)
    return report


class Checking(Struct, frozen=True):
    """The work of a run of validate, as the pool knows it."""

    checks: Checks

    def doer(self) -> Checker:
        """A checker of its own. Raises BadRuleSet, BadStore and BadTable."""
        return Checker(self.checks)

    def lost(self, task: Task) -> list[Part]:
        """What is said of a file that killed the process that read it."""
        return [refusal(Unreadable(task.entry.name, INTERNAL_ERROR, DIED), task)]


class Checker:
    """Checks one task after the other; loads what the layers need once."""

    def __init__(self, checks: Checks) -> None:
        self._checks = checks
        self._parsers = parsers_of(checks.packs)

    @cached_property
    def rules(self) -> RuleSetChecker | None:
        """The rule set, opened when first needed. Raises BadRuleSet."""
        return open_rules(self._checks)

    @cached_property
    def terms(self) -> OpenTerms:
        """The terminology at hand. Raises BadStore."""
        return open_terms(self._checks.store, self.rules.value_sets if self.rules is not None else None)

    @cached_property
    def _mapper(self) -> Mapper:
        from semantix.pipeline.mapping import open_curated  # noqa: PLC0415 - a run over CDA alone does without

        return open_curated(self._checks.tables)

    def do(self, task: Task) -> Iterator[Part]:
        """Check one task. Whatever is wrong with it is a finding; a bug of ours is one too, without any value."""
        try:
            yield self._check(task)
        except UnreadableInput as error:
            yield refusal(unreadable(task.entry.name, error), task)
        except Exception as error:  # noqa: BLE001 - a bug costs one file, and is told; the others go on
            yield refusal(bug(task.entry.name, error), task)

    def _check(self, task: Task) -> Part:
        name = task.entry.name
        data = task.cut.data if task.cut is not None else read(task.entry, self._checks.limits)
        claim = task.claim or choose(data, name, self._parsers)[1]
        if claim.format == CDA_FORMAT:
            return self._cda(task, data)
        return self._source(task, data, claim)

    # --- CDA ----------------------------------------------------------------------------------------------------------

    def _cda(self, task: Task, data: bytes) -> Part:
        name = task.entry.name
        whole = parse_xml(data, name, max_bytes=max(len(data), 1))
        root = clinical_document(whole, name)
        index = Index(root)
        # Nothing of a check names a document by the digest of its bytes.
        source = Source(name=name, size=len(data), sha256="")
        document = read_document(root, source, ZONE, index, narratives=False)
        findings = list(xml_form(data, whole))
        if task.listed is not None:
            findings += [from_issue(issue) for issue in verify(task.listed, data)]
            findings += listed_form(task.listed, root)
        layers = [layer_run(FORM)]
        cda = Cda(index, name, terms=self.terms, day=self._checks.day, document=document)
        ours = self._ours(cda, layers)
        findings += [from_issue(issue, root) for issue in _untold(document.issues, ours)]
        findings += ours
        if self.rules is not None:
            official, runs = self.rules.check(root)
            findings += official
            layers += runs
        else:
            layers.append(LayerRun(name="official", state="skipped", reason="no-ruleset"))
        return Part(
            name=name,
            format=CDA_FORMAT,
            version=_volet(document),
            findings=tuple(findings),
            layers=tuple(layers),
            coverage=coverage_of(document, self.terms),
        )

    def _ours(self, cda: Cda, layers: list[LayerRun]) -> list[Finding]:
        """Our own rules, topic by topic: a bug in one costs that one, and the document is then not said to conform."""
        findings: list[Finding] = []
        is_failed = False
        for topic, check in CHECKS.items():
            try:
                findings += check(cda)
            except Exception as error:  # noqa: BLE001 - see above
                is_failed = True
                findings.append(finding(UNFINISHED, topic=topic, place=f"{type(error).__name__} {code_place(error)}"))
        layers.append(layer_run(OURS, is_failed=is_failed))
        return findings

    # --- other formats ------------------------------------------------------------------------------------------------

    def _source(self, task: Task, data: bytes, claim: Claim) -> Part:
        reading, coverage = Reading(), Coverage()
        findings: list[Finding] = []
        for document in documents_of(task, self._checks.limits, self._parsers, reading):
            found = self._mapper.map(document)
            findings += [from_issue(issue) for issue in (*document.issues, *found.issues)]
            coverage.add(coverage_of(document, self.terms, found.codings))
        findings += _layout(claim.format, data, task)
        layers = [layer_run(FORM)]
        if claim.format in FHIR_FORMATS:
            checked = self._fhir(task, data, claim)
            findings += checked.findings
            layers += checked.layers
        return Part(
            name=task.entry.name,
            format=claim.format,
            version=claim.version or "",
            findings=tuple(findings),
            layers=tuple(layers),
            coverage=coverage,
            reading=reading,
            is_first=task.cut is None or task.cut.line == 1,
            fhir=task.entry if claim.format in (claims.JSON, claims.XML) else None,
        )

    def _fhir(self, task: Task, data: bytes, claim: Claim) -> FhirChecked:
        """The resources of a file, or of a cut of NDJSON."""
        from semantix.validation.fhir import checking  # noqa: PLC0415 - slow to import; a run over other sources does without

        if claim.format == claims.BULK:
            line = task.cut.line if task.cut is not None else 1
            found = tuple(checking.check_lines(data, self._checks.day, line))
            return checking.FhirChecked(found, checking.layer_runs())
        return checking.check(data, task.entry.name, self._checks.day)


def _untold(doubts: Iterable[Issue], ours: Iterable[Finding]) -> Iterator[Issue]:
    """The doubts of the reader that no rule of ours tells better, at the same element or attribute."""
    told = {found.path.partition("/@")[0] for found in ours}
    zones = any(found.code == NO_ZONE for found in ours)
    for doubt in doubts:
        if doubt.path.partition("/@")[0] not in told and not (zones and doubt.code == READ_ZONE):
            yield doubt


def _layout(format_: str, data: bytes, task: Task) -> Iterator[Finding]:
    """What the layout of messages, records and XML of other kinds shows."""
    line = task.cut.line if task.cut is not None else 1
    if format_ == hl7v2.PARSER.name:
        yield from Hl7Form().check(data, line)
    elif format_ == hprim_medecin.PARSER.name:
        yield from medecin_form(data, line)
    elif format_ == hprim_sante.PARSER.name:
        yield from sante_form(data, line)
    elif task.cut is None and data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        yield from xml_form(data, parse_xml(data, task.entry.name, max_bytes=max(len(data), 1)))


def _volet(document: Document) -> str:
    """The most specific template of the CI-SIS that the document declares, as ``semantix identify`` tells it."""
    own = [root for root in document.templates if root.startswith("1.2.250.1.213.1.1.1.") and OID.fullmatch(root)]
    return next((root for root in own if root != "1.2.250.1.213.1.1.1.1"), own[0] if own else "")
