"""The words of one finding: those of its rule filled with its facts, or those of the official rule itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from semantix.validation._findings import Finding, RuleInfo, Text
from semantix.validation.catalogue import CATALOGUE, rule_of
from semantix.validation.report.words import ReportWords, report_words

SAID = ("found", "expected", "fix")
"""The parts of what is told that may differ from one finding of a rule to another."""
UNSAID = "…"
"""Stands for a fact that a template names and a finding does not give."""
_BLANK = re.compile(r"\{(\w*)\}")
_FILES = re.compile(r"(?:\[[^\]\s]{1,60}\]\s+)+(?=\S)")
"""What official messages begin with: the files or numbers of their rules, which ``semantix explain`` tells."""
LONGEST_TITLE = 140
_ARTICLE = re.compile(r"(?:an?|the|no|une?|les?|la|des?|du|aucune?) ")
_PLAIN_WORD = re.compile(r"[^\W\d_A-Z]+(?=[\s’,;.!?]|$)")


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
        """Return the rule of a code, or of its family: that of all official asserts for one of them."""
        return rule_of(code, self.catalogue)

    def tell(self, finding: Finding) -> Told:
        """Tell a finding; a fact that its rule names and that it does not give is shown as ``…``."""
        rule = self.rule(finding.code)
        if rule is None:
            title = finding.message or self.words("unknown_title", code=finding.code)
            return Told(title=title, found=title, expected="", fix="", why="", source="")
        facts = {"layer": self.words.layer(finding.layer), "message": finding.message, **finding.facts}

        def say(text: Text) -> str:
            said = fill(sentence(text[self.words.column]), facts)
            said = said[:1].upper() + said[1:] if _ARTICLE.match(said) else said
            return self.words.set(stopped(said))

        own = _FILES.sub("", finding.message, count=1) if rule.code != finding.code else ""
        return Told(
            title=shortened(own or say(rule.title)).removesuffix("."),
            found=own or say(rule.found),
            expected=say(rule.expected),
            fix=say(rule.fix).replace(" CODE`", f" {finding.code}`"),
            why=say(rule.why),
            source=fill(rule.source, facts),
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


def stopped(text: str) -> str:
    """End a text with a full stop, unless it ends with a sign of its own."""
    return f"{text}." if text and text[-1] not in ".!?…" else text


def shortened(text: str) -> str:
    """Cut a text that is too long for a title, between two words."""
    if len(text) <= LONGEST_TITLE:
        return text
    return f"{text[:LONGEST_TITLE].rpartition(' ')[0] or text[:LONGEST_TITLE]} {UNSAID}"


def sentence(text: str) -> str:
    """Begin a text with a capital, unless it begins with the name of an element or a code."""
    return text[:1].upper() + text[1:] if _PLAIN_WORD.match(text) else text
