"""The words of one finding: those of its rule filled with its facts, or those of the official rule itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from semantix.validation._findings import Finding, RuleInfo, Text
from semantix.validation.catalogue import CATALOGUE
from semantix.validation.report.words import ReportWords, report_words

SAID = ("found", "expected", "fix")
"""The parts of what is told that may differ from one finding of a rule to another."""
UNSAID = "…"
"""Stands for a fact that a template names and a finding does not give."""
_BLANK = re.compile(r"\{(\w*)\}")
_PLAIN_WORD = re.compile(r"[^\W\d_A-Z]+(?=[\s’,;:.!?]|$)")


class Told(Struct, frozen=True, kw_only=True):
    """A finding in one language."""

    title: str
    found: str
    expected: str
    fix: str
    why: str
    source: str


class Teller(Struct, frozen=True):
    """Tells findings in one language, from the words of a catalogue of rules."""

    words: ReportWords
    catalogue: Mapping[str, RuleInfo] = CATALOGUE

    def rule(self, code: str) -> RuleInfo | None:
        """Return the rule of a code, or of its family (``SX-SCH`` for ``SX-SCH-min-0a1b``)."""
        while code:
            if code in self.catalogue:
                return self.catalogue[code]
            code = code.rpartition("-")[0]
        return None

    def tell(self, finding: Finding) -> Told:
        """Tell a finding; a fact that its rule names and that it does not give is shown as ``…``."""
        rule = self.rule(finding.code)
        if rule is None:
            return self._official(finding)
        facts = {"layer": self.words.layer(finding.layer), "message": finding.message, **finding.facts}

        def say(text: Text) -> str:
            return self.words.set(sentence(fill(text[self.words.column], facts)))

        is_family = rule.code != finding.code and bool(finding.message)
        return Told(
            title=finding.message.removesuffix(".") if is_family else say(rule.title).removesuffix("."),
            found=say(rule.found),
            expected=say(rule.expected),
            fix=say(rule.fix),
            why=say(rule.why),
            source=fill(rule.source, facts),
        )

    def _official(self, finding: Finding) -> Told:
        """Tell what no rule of the catalogue tells: an official rule speaks for itself."""
        words, layer = self.words, self.words.layer(finding.layer)
        if not finding.code.startswith(("SX-SCH", "SX-XSD")):
            title = finding.message or words("unknown_title", code=finding.code)
            return Told(title=title, found=title, expected="", fix="", why="", source="")
        title = finding.message or words("official_title", layer=layer)
        return Told(
            title=title.removesuffix("."),
            found=title,
            expected=words("official_expected"),
            fix=words("official_fix"),
            why=words("official_why"),
            source=words("official_source", layer=layer),
        )


def words_of(finding: Finding, lang: str) -> Told:
    """Tell a finding in French or in English."""
    return Teller(report_words(lang)).tell(finding)


def differing(told: Iterable[Told]) -> tuple[str, ...]:
    """Return which of SAID do not say the same in all of ``told``."""
    several = tuple(told)
    return tuple(key for key in SAID if len({getattr(one, key) for one in several}) > 1)


def fill(template: str, facts: Mapping[str, str]) -> str:
    """Fill the blanks of a template with facts; whatever else it holds stays as it is."""
    return _BLANK.sub(lambda blank: str(facts.get(blank[1], UNSAID)), template)


def blanks(template: str) -> frozenset[str]:
    """Return the names of the facts that a template asks for."""
    return frozenset(_BLANK.findall(template))


def sentence(text: str) -> str:
    """Begin a text with a capital, unless it begins with the name of an element or a code."""
    return text[:1].upper() + text[1:] if _PLAIN_WORD.match(text) else text
