"""What a check finds, and what is known of each kind of finding: values that every report shows alike.

A finding never holds a patient value: its facts are codes, systems, units, element and template names, never a name, a
date, a measured value or a passage of text.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from semantix.model import Severity

Text = tuple[str, str]
"""A text in (English, French), as ``semantix.report.words.LANGUAGES`` says."""


class RuleInfo(Struct, frozen=True, kw_only=True):
    """One rule of ours: its stable ``code`` (``SX-TOPIC-NN``), its weight, and its words.

    ``title`` says what is wrong in one line. ``found``, ``expected`` and ``fix`` are templates filled with the facts
    of a finding (``"{code}"``); a fact that a template names is always given. ``why`` says what goes wrong downstream.
    ``source`` names the published rule: document, section and, where there is one, its address.
    """

    code: str
    severity: Severity
    title: Text
    found: Text
    expected: Text
    fix: Text
    why: Text
    source: str


class Finding(Struct, frozen=True, kw_only=True):
    """One thing found in one document.

    ``path`` is an XPath for XML, else a place in the words of the format (``PID-3``, ``row 12, column "date"``);
    ``line`` counts from 1, ``None`` where the format has none. ``layer`` is who says so: ``form``, ``xsd``,
    ``semantix``, ``fhir``, ``hl7-validator``, or a layer of the rule set. ``message`` is what an official rule says
    itself, in its own language, without values of the document; the words of our own come from the catalogue.
    """

    code: str
    severity: Severity
    layer: str
    path: str = ""
    line: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)  # a read-only view would not cross to other processes
    message: str = ""


class LayerRun(Struct, frozen=True, kw_only=True):
    """One layer of checks over one document: was it run, by which engine, else why not.

    ``state`` is ``run``, ``skipped`` (it does not apply: ``reason`` says why) or ``failed`` (it could not be finished:
    the document is then never said to conform). ``reason`` is a stable word; see ``semantix.validation.report``.
    """

    name: str
    state: str
    engine: str = ""
    reason: str = ""


class Coverage(Struct, kw_only=True):
    """Whether the codes of a source are understood, apart from whether it is well formed.

    ``counts`` are coded elements by system (a key of ``semantix.systems``, else the OID or URI as written, else ``""``)
    and state: ``valid`` (the list of the system is at hand and has the code), ``unchecked`` (its form is right or not
    known, no list at hand), ``mapped`` (a local code or label that has a standard code by exact or curated evidence),
    ``local`` (a local code or label without one), ``retired`` and ``unknown`` (the code is not in its system, or has
    not the form of its codes). ``worst`` counts the codes that are local, retired or unknown, and may be shown, by
    ``system|code``.
    """

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    worst: dict[str, int] = field(default_factory=dict)

    def count(self, system: str, state: str, code: str = "") -> None:
        """Count one coded element; ``code`` only where it may be shown."""
        states = self.counts.setdefault(system, {})
        states[state] = states.get(state, 0) + 1
        if code:
            key = f"{system}|{code}"
            self.worst[key] = self.worst.get(key, 0) + 1

    def add(self, other: Coverage) -> None:
        """Add the counts of another document."""
        for system, states in other.counts.items():
            mine = self.counts.setdefault(system, {})
            for state, count in states.items():
                mine[state] = mine.get(state, 0) + count
        for key, count in other.worst.items():
            self.worst[key] = self.worst.get(key, 0) + count


class Checked(Struct, frozen=True, kw_only=True):
    """All that is said of one document, or of one file that is none. ``format`` is as ``semantix identify`` says.

    ``name`` is the path as given (with ``#2`` for a second document of a file), ``known`` the number of findings that a
    baseline accepts, which are no longer in ``findings``.
    """

    name: str
    format: str = ""
    version: str = ""
    findings: tuple[Finding, ...] = ()
    layers: tuple[LayerRun, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    known: int = 0


class RuleSetInfo(Struct, frozen=True, kw_only=True):
    """The rule set used: its name among those installed, what it says of itself, and the SHA-256 of its content."""

    name: str
    title: str
    digest: str


class ValidationReport(Struct, kw_only=True):
    """What one run of ``validate`` found. ``day`` is its day (ISO), ``ignored`` the files passed over by kind.

    ``terms`` name the terminologies at hand (``cim10 2026``), for people.
    """

    version: str
    day: str
    documents: list[Checked] = field(default_factory=list)
    ruleset: RuleSetInfo | None = None
    terms: tuple[str, ...] = ()
    ignored: dict[str, int] = field(default_factory=dict)


def finding(
    rule: RuleInfo, path: str = "", line: int | None = None, *, layer: str = "semantix", **facts: str
) -> Finding:
    """Make the finding of one of our own rules."""
    return Finding(code=rule.code, severity=rule.severity, layer=layer, path=path, line=line, facts=facts)
