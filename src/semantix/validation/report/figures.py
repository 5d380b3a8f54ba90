"""What a report says in figures: the two verdicts, findings by cause, codes by what is known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct, field

from semantix.model import Severity
from semantix.validation._findings import Checked, Coverage, Finding, ValidationReport
from semantix.validation.report.layer_words import LAYERS, OWN, VOLET

STATES = ("valid", "mapped", "unchecked", "local", "retired", "unknown")
"""What is known of a code, the best first; see ``Coverage``."""
KNOWN = frozenset({"valid", "mapped"})
ORDER: Mapping[str, int] = MappingProxyType({severity: rank for rank, severity in enumerate(Severity)})
OUR_FAULT = "SX-FORM-27"
"""The finding on a file that met a bug of semantix."""
MEANING = frozenset({"CODE", "LABEL", "JDV"})
"""Topics of the findings that are about the meaning of codes."""


MOST_KINDS = 3
"""So many kinds of documents are counted each for itself among the checks."""


class Conformity(StrEnum):
    """The verdict on form and rules. ``ACCEPTED``: nothing is left but what a baseline accepts."""

    CONFORMANT = "conformant"
    ACCEPTED = "accepted"
    NOT_CONFORMANT = "not-conformant"
    NOT_CHECKED = "not-checked"
    EMPTY = "empty"


GRAVEST = (
    Conformity.NOT_CONFORMANT,
    Conformity.NOT_CHECKED,
    Conformity.ACCEPTED,
    Conformity.CONFORMANT,
    Conformity.EMPTY,
)
"""The verdicts in the order in which people want to see them."""


class Understanding(StrEnum):
    """The verdict on the codes."""

    UNDERSTOOD = "understood"
    PARTLY = "partly"
    NOT_UNDERSTOOD = "not-understood"
    UNCHECKED = "unchecked"
    NO_CODES = "no-codes"


class Codes(Struct, frozen=True):
    """Coded elements by what is known of them: ``known`` are valid or mapped, ``open`` could not be checked."""

    total: int
    known: int
    open: int

    @property
    def checked(self) -> int:
        """How many could be checked."""
        return self.total - self.open

    @property
    def is_mostly_open(self) -> bool:
        """True when there is none, or when too few could be checked for their share to say anything."""
        return not self.checked or self.checked < self.open

    @property
    def share(self) -> float:
        """The share known among those checked, 1 when none was."""
        return self.known / self.checked if self.checked else 1.0


class Summary(Struct, kw_only=True):
    """A whole report in figures. ``documents`` counts by ``Conformity``, ``findings`` by severity."""

    conformity: Conformity
    understanding: Understanding
    codes: Codes
    coverage: Coverage
    documents: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    known: int = 0
    meaning: int = 0
    with_errors: int = 0
    official_errors: int = 0
    """Errors that the layers of the rule set found."""
    official: bool = False
    """Was any layer of the rule set run?"""

    @property
    def total(self) -> int:
        """The number of documents."""
        return sum(self.documents.values())


class LayerFigures(Struct, kw_only=True):
    """One layer over all documents: how many by engine it was run on, and by reason it was not."""

    name: str
    run: int = 0
    skipped: int = 0
    failed: int = 0
    engines: set[str] = field(default_factory=set)
    reasons: dict[tuple[str, str], int] = field(default_factory=dict)
    """Documents by (state, reason)."""
    volets: dict[str, int] = field(default_factory=dict)
    """Documents by kind, where the layers of many kinds are counted as one."""


def topic_of(code: str) -> str:
    """Return the topic of a code: ``CODE`` of ``SX-CODE-02``."""
    parts = code.split("-", 2)
    return parts[1] if len(parts) > 1 else ""


def conformity_of(checked: Checked) -> Conformity:
    """Say whether one document conforms; never that it does when a layer could not be finished or none was run.

    A file on which semantix itself failed is not said to be wrong: it was not checked.
    """
    if any(found.severity == Severity.ERROR and found.code != OUR_FAULT for found in checked.findings):
        return Conformity.NOT_CONFORMANT
    states = {layer.state for layer in checked.layers}
    if "failed" in states or "run" not in states:
        return Conformity.NOT_CHECKED
    return Conformity.ACCEPTED if checked.known else Conformity.CONFORMANT


def codes_of(coverage: Coverage) -> Codes:
    """Count the coded elements of a coverage."""
    counts: Counter[str] = Counter()
    for states in coverage.counts.values():
        counts.update(states)
    return Codes(counts.total(), sum(counts[state] for state in KNOWN), counts["unchecked"])


def understanding_of(codes: Codes, meaning: int = 0) -> Understanding:
    """Say whether codes are understood; ``meaning`` is the number of errors and warnings about what they mean.

    What little could be checked says nothing of the rest: less than half is not enough to say that all is understood.
    """
    if not codes.total:
        return Understanding.NO_CODES
    if not codes.checked:
        return Understanding.PARTLY if meaning else Understanding.UNCHECKED
    if not codes.known:
        return Understanding.NOT_UNDERSTOOD
    if codes.known != codes.checked or meaning:
        return Understanding.PARTLY
    return Understanding.UNCHECKED if codes.is_mostly_open else Understanding.UNDERSTOOD


def meaning_findings(findings: Iterable[Finding]) -> int:
    """Count the errors and warnings about the meaning of codes."""
    return sum(found.severity != Severity.INFORMATION and topic_of(found.code) in MEANING for found in findings)


def summary_of(report: ValidationReport) -> Summary:
    """Sum a report up."""
    documents: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    coverage = Coverage()
    known = meaning = with_errors = official_errors = 0
    official = False
    for checked in report.documents:
        documents[conformity_of(checked)] += 1
        severities = Counter(str(found.severity) for found in checked.findings)
        findings.update(severities)
        with_errors += bool(severities[Severity.ERROR])
        official_errors += sum(
            found.severity == Severity.ERROR and found.layer not in OWN for found in checked.findings
        )
        known += checked.known
        meaning += meaning_findings(checked.findings)
        coverage.add(checked.coverage)
        official = official or any(layer.state == "run" and layer.name not in OWN for layer in checked.layers)
    codes = codes_of(coverage)
    return Summary(
        conformity=_overall(documents),
        understanding=understanding_of(codes, meaning),
        codes=codes,
        coverage=coverage,
        documents=dict(documents),
        findings=dict(findings),
        known=known,
        meaning=meaning,
        with_errors=with_errors,
        official_errors=official_errors,
        official=official,
    )


def _overall(documents: Counter[str]) -> Conformity:
    return next((verdict for verdict in GRAVEST if documents[verdict]), Conformity.EMPTY)


def by_verdict(report: ValidationReport) -> list[tuple[Conformity, Checked]]:
    """List the documents with their verdicts: the gravest first, then those with most errors, then as they came."""
    pairs = [(conformity_of(checked), checked) for checked in report.documents]
    return sorted(pairs, key=lambda pair: (GRAVEST.index(pair[0]), -_errors(pair[1])))


def _errors(checked: Checked) -> int:
    return sum(found.severity == Severity.ERROR for found in checked.findings)


def layers_of(report: ValidationReport) -> list[LayerFigures]:
    """Count each layer over all documents, in the order in which they were met; kinds of documents are one if many."""
    kinds = {run.name for checked in report.documents for run in checked.layers if run.name.lower() not in LAYERS}
    folded = kinds if len(kinds) > MOST_KINDS else frozenset()
    layers: dict[str, LayerFigures] = {}
    for checked in report.documents:
        for run in checked.layers:
            name = VOLET if run.name in folded else run.name
            figures = layers.setdefault(name, LayerFigures(name=name))
            if run.name in folded:
                figures.volets[run.name] = figures.volets.get(run.name, 0) + 1
            if run.state == "run":
                figures.run += 1
                if run.engine:
                    figures.engines.add(run.engine)
                continue
            if run.state == "failed":
                figures.failed += 1
            else:
                figures.skipped += 1
            key = (run.state, run.reason)
            figures.reasons[key] = figures.reasons.get(key, 0) + 1
    return list(layers.values())
