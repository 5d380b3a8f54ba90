"""A document against an installed rule set: XSD, generic layers, the layer of its kind, in one of two engines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from semantix.errors import BadRuleSet, UnreadableInput
from semantix.model import Severity
from semantix.parsers.cda.context import path_of
from semantix.validation._findings import Finding, LayerRun, RuleSetInfo, finding
from semantix.validation.rulesets import saxon, words
from semantix.validation.rulesets._failed import Failed, RuleError, Verdict
from semantix.validation.rulesets._fast import FAST, Fast
from semantix.validation.rulesets._schema import Assert, Schema, rule_id
from semantix.validation.rulesets._screen import screened
from semantix.validation.rulesets.choosing import Choice, choose
from semantix.validation.rulesets.expand import read_schema
from semantix.validation.rulesets.install import COMPILED, Installed, find, of_folder
from semantix.validation.rulesets.layout import VALUE_SETS, Layer, generic_layers, volets
from semantix.validation.rulesets.value_sets import ValueSets
from semantix.validation.rulesets.xsd import LAYER as XSD_LAYER
from semantix.validation.rulesets.xsd import Xsd

Element = etree._Element
AUTO, SAXON = "auto", saxon.NAME
ENGINES = (AUTO, FAST, SAXON)
VOLET = "volet"
"""The name of the layer of one kind of document, where no volet was chosen."""
_CODE = re.compile(r"SX-SCH-(.+)-([0-9A-Fa-f]{8})")
_SEVERITIES: Mapping[str, Severity] = MappingProxyType(
    {
        "warning": Severity.WARNING,
        "warn": Severity.WARNING,
        "info": Severity.INFORMATION,
        "information": Severity.INFORMATION,
        "hint": Severity.INFORMATION,
    }
)
"""The weight of a role; any other, or none, is an error: the publication leaves it out for these."""


class AssertPage(Struct, frozen=True, kw_only=True):
    """One official rule, as its file has it. ``message`` has the expressions of its values in braces."""

    code: str
    severity: Severity
    layer: str
    title: str
    file: str
    pattern: str
    context: str
    test: str
    message: str
    report: bool = False


class RuleSetChecker:
    """Checks documents against one rule set. Parts are compiled when first needed; not for several threads at once.

    ``volets`` are used in place of those that the document calls for.
    """

    def __init__(self, ruleset: Installed, *, engine: str = AUTO, volets: Sequence[str] = ()) -> None:
        """Raises BadRuleSet when the engine is not known or not installed, or a volet is not in the rule set."""
        if engine not in ENGINES:
            raise BadRuleSet(f"{engine}: no such engine; there are {', '.join(ENGINES)}")
        self._ruleset, self._engine = ruleset, engine
        manifest = ruleset.manifest
        self.info = RuleSetInfo(name=manifest.name, title=manifest.title, digest=manifest.digest)
        self.value_sets = ValueSets(ruleset.top / VALUE_SETS)
        self._schemas: dict[str, Schema] = {}
        self._override = tuple(volets)
        unknown = [each for each in volets if each not in self.volets]
        if unknown:
            raise BadRuleSet(f"{unknown[0]}: no such volet in {manifest.name}; there are {', '.join(self.volets)}")
        if engine == SAXON:
            _ = self._saxon

    @classmethod
    def open(cls, name: str | Path, home: Path, *, engine: str = AUTO, volets: Sequence[str] = ()) -> RuleSetChecker:
        """The checker of a rule set installed under ``home``, or of the folder of a publication (a Path).

        Without a name, the only one installed. Raises BadRuleSet.
        """
        ruleset = of_folder(name) if isinstance(name, Path) else find(home, name)
        return cls(ruleset, engine=engine, volets=volets)

    @cached_property
    def volets(self) -> Mapping[str, Layer]:
        """The layers of one kind of document each, by name."""
        return {layer.name: layer for layer in volets(self._ruleset.top)}

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All layers: those of every document, then the volets."""
        return (*generic_layers(), *self.volets.values())

    def chosen(self, root: Element) -> tuple[tuple[Layer, ...], Choice]:
        """The layers that a document gets, and why it has no volet if it has none."""
        choice = choose(root, self.volets, self._override)
        return (*generic_layers(), *(self.volets[name] for name in choice.volets)), choice

    def check(self, root: Element) -> tuple[tuple[Finding, ...], tuple[LayerRun, ...]]:
        """All that the rule set says of a document (its ``ClinicalDocument``), and which layers said it."""
        own, above = _alone(root)
        layers, choice = self.chosen(own)
        found: list[Finding] = []
        runs: list[LayerRun] = []
        for some, run in (self._structure(own), *(self._run(layer, own) for layer in layers)):
            found += some
            runs.append(run)
        self._fast.forget()
        if choice.reason:
            runs.append(LayerRun(name=VOLET, state="skipped", reason=choice.reason))
        if above:
            found = [replace(each, path=above + each.path) for each in found]
        return tuple(found), tuple(runs)

    def verdict(self, layer: Layer, root: Element, engine: str = "") -> Verdict | str:
        """What one layer says of a document, or the reason why it cannot be run (a word of ``LayerRun``)."""
        engine = engine or self._engine
        try:
            if engine != SAXON:
                if not self._fast.unsupported(layer):
                    return self._fast.check(layer, root)
                if engine == FAST or not saxon.available():
                    return "unknown-expression"
            return self._saxon.check(layer, root, lambda: self.schema(layer))
        except (BadRuleSet, UnreadableInput):
            return f"missing-part: {layer.path}"

    def unsupported(self, layer: Layer) -> tuple[str, ...]:
        """The expressions of a layer that the fast engine does not know. Raises BadRuleSet or UnreadableInput."""
        return self._fast.unsupported(layer)

    def prepare(self) -> Iterator[int]:
        """Compile every layer for the fast engine, so that it is there at the next start; count them."""
        for count, layer in enumerate(self.layers, 1):
            with suppress(BadRuleSet, UnreadableInput):
                self._fast.unsupported(layer)
            self._schemas.pop(layer.name, None)
            yield count

    def schema(self, layer: Layer) -> Schema:
        """The expanded schema of a layer. Raises UnreadableInput when a part of it is missing."""
        if layer.name not in self._schemas:
            self._schemas[layer.name] = read_schema(self._ruleset.top / layer.path, self._ruleset.top)
        return self._schemas[layer.name]

    def explain(self, code: str) -> AssertPage | None:
        """The official rule of a code (``SX-SCH-MIN-0123abcd``); None if this rule set has none such."""
        found = _CODE.fullmatch(code.strip())
        if not found:
            return None
        name, digest = found.group(1).upper(), found.group(2).lower()
        layer = next((each for each in self.layers if each.name.upper() == name), None)
        if layer is None:
            return None
        schema = self.schema(layer)
        for pattern in schema.patterns:
            for rule in pattern.rules:
                for each in rule.body:
                    if isinstance(each, Assert) and rule_id(layer.name, pattern.id, rule.context, each.test) == digest:
                        return _page(layer, schema.title, (pattern.id, rule.context), each)
        return None

    def _structure(self, root: Element) -> tuple[tuple[Finding, ...], LayerRun]:
        try:
            found = self._xsd.check(root)
        except BadRuleSet:
            return (), LayerRun(name=XSD_LAYER, state="failed", engine="lxml", reason="missing-part")
        return found, LayerRun(name=XSD_LAYER, state="run", engine="lxml")

    def _run(self, layer: Layer, root: Element) -> tuple[tuple[Finding, ...], LayerRun]:
        verdict = self.verdict(layer, root)
        if isinstance(verdict, str):
            return (), LayerRun(name=layer.name, state="failed", engine=self._engine, reason=verdict)
        findings = (*map(official, verdict.failed), *map(unevaluated, verdict.errors))
        state, reason = ("failed", "rule-error") if verdict.errors else ("run", "")
        return findings, LayerRun(name=layer.name, state=state, engine=verdict.engine, reason=reason)

    @cached_property
    def _xsd(self) -> Xsd:
        return Xsd.load(self._ruleset.top)

    @cached_property
    def _fast(self) -> Fast:
        return Fast(self._ruleset, self.schema)

    @cached_property
    def _saxon(self) -> saxon.Saxon:
        kept = self._ruleset.folder / COMPILED / SAXON if self._ruleset.kept else None
        return saxon.Saxon(self._ruleset.top, kept)


def _alone(root: Element) -> tuple[Element, str]:
    """A document that stands inside another (a page that presents itself) as a tree of its own, and where it stood."""
    parent = root.getparent()
    if parent is None:
        return root, ""
    own = deepcopy(root)
    own.tail = None
    return own, path_of(parent)


def code_of(layer: str, rule: str) -> str:
    """The stable code of an official rule."""
    return f"SX-SCH-{layer.upper()}-{rule}" if rule else words.OFFICIAL.code


def severity_of(role: str) -> Severity:
    """The weight that the role of a rule gives it."""
    return _SEVERITIES.get(role.strip().lower(), Severity.ERROR)


def official(failed: Failed) -> Finding:
    """The finding of a failed assert. Its message is the rule's own text without values of the document."""
    return Finding(
        code=code_of(failed.layer, failed.rule),
        severity=severity_of(failed.role),
        layer=failed.layer,
        path=failed.location,
        line=failed.line,
        message=screened(failed.shown),
    )


def unevaluated(error: RuleError) -> Finding:
    """The finding of a rule that stopped."""
    assertion = code_of(error.layer, error.rule) if error.rule else error.layer
    return finding(
        words.NOT_EVALUATED,
        error.location,
        layer=error.layer,
        assertion=assertion,
        origin=error.layer,
        reason=error.reason,
    )


def _page(layer: Layer, title: str, where: tuple[str, str], found: Assert) -> AssertPage:
    pattern, context = where
    parts = (part.text if part.kind == "text" else f"{{{part.text}}}" for part in found.parts)
    return AssertPage(
        code=code_of(layer.name, rule_id(layer.name, pattern, context, found.test)),
        severity=severity_of(found.role),
        layer=layer.name,
        title=title,
        file=layer.path,
        pattern=pattern,
        context=" ".join(context.split()),
        test=" ".join(found.test.split()),
        message=" ".join("".join(parts).split()),
        report=found.report,
    )
