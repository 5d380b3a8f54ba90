"""The page of a rule: on a terminal in one language, in the documentation in both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from semantix.validation._findings import RuleInfo, Text
from semantix.validation.catalogue import CATALOGUE, FAMILIES
from semantix.validation.report.figures import topic_of
from semantix.validation.report.rule_examples import TOPICS, example_facts
from semantix.validation.report.telling import SAID, blanks, fill, sentence, stopped
from semantix.validation.report.text import Line
from semantix.validation.report.words import ReportWords, report_words

_MARKS = re.compile(r"([<>|*_\[\]])")
_ADDRESS = re.compile(r"https?://[^\s,;)»”]+[^\s,;)»”.]")
_INDEX = """# Rules

Every code that `semantix validate` may show, by topic, in English and in French. `semantix explain CODE` prints the
same page. Codes are stable: one is never used again for something else. Made by `scripts/rule_pages.py`.

Official rules have codes of their own, made from the rule itself: """
_HEADS: tuple[tuple[str, str, str], ...] = (("en", "English", "english"), ("fr", "Français", "français"))


def rule_lines(rule: RuleInfo, lang: str, member: str = "") -> Iterator[Line]:
    """Tell a rule in one language: what is wrong, an example of what is said, why, and by which publication.

    ``member`` is the code of one of the family that the rule speaks for: it has its own weight and words elsewhere.
    """
    words = report_words(lang)
    yield Line(member, "title") if member else Line(f"{rule.code} · {words(str(rule.severity))}", str(rule.severity))
    yield Line(_said(rule.title, rule, words), "title")
    yield Line("")
    yield Line(_said(rule.why, rule, words))
    yield Line("")
    if not member:
        yield Line(words("example"))
        for key, text in _example(rule, words):
            yield Line(f"  {words(key)}{words.colon}{text}")
        yield Line("")
    yield Line(f"{words('source')}{words.colon}{rule.source}")


def rule_markdown(rule: RuleInfo) -> str:
    """Write a rule as a page of the documentation, in English then in French."""
    topic = TOPICS.get(topic_of(rule.code), (topic_of(rule.code),) * 2)
    english, french = report_words("en"), report_words("fr")
    weight = str(rule.severity)
    rows = (
        ("Severity · Gravité", f"{english(weight)} · {french(weight)}"),
        ("Topic · Thème", " · ".join(topic)),
        ("Source", _linked(rule.source)),
    )
    parts = [
        f"# {rule.code}: {_marked(_said(rule.title, rule, english))}",
        " · ".join(f"[{name}](#{anchor})" for _, name, anchor in _HEADS) + " · [all rules](README.md)",
        "\n".join(["| | |", "|---|---|", *(f"| {head} | {text} |" for head, text in rows)]),
    ]
    parts += [_part(rule, name, report_words(lang)) for lang, name, _ in _HEADS]
    return "\n\n".join(parts) + "\n"


def index_markdown(catalogue: Mapping[str, RuleInfo] = CATALOGUE) -> str:
    """Write the list of all rules, by topic."""
    families = ", ".join(f"`{start}-…` ([{code}]({code}.md))" for start, code in FAMILIES.items())
    groups = (_group(topic, rules) for topic, rules in by_topic(catalogue).items())
    return "\n\n".join(
        [*_INDEX, f"Official rules have codes of their own, made from the rule itself: {families}.", *groups, ""]
    )


def _group(topic: str, rules: Iterable[RuleInfo]) -> str:
    english, french = TOPICS.get(topic, (topic, topic))
    rows = [
        f"| [{rule.code}]({rule.code}.md) | {rule.severity} | "
        + " | ".join(_marked(sentence(title)) for title in rule.title)
        + " |"
        for rule in rules
    ]
    head = ["| code | severity | title | titre |", "|---|---|---|---|"]
    return f"## {topic}: {english}\n\n*{french}*\n\n" + "\n".join([*head, *rows])


def by_topic(catalogue: Mapping[str, RuleInfo] = CATALOGUE) -> dict[str, list[RuleInfo]]:
    """Group the rules by topic, each group in the order of its codes."""
    groups: dict[str, list[RuleInfo]] = {}
    for rule in catalogue.values():
        groups.setdefault(topic_of(rule.code), []).append(rule)
    return {topic: sorted(rules, key=lambda rule: rule.code) for topic, rules in groups.items()}


def facts_of(rule: RuleInfo) -> frozenset[str]:
    """Return the names of all facts that the texts of a rule ask for."""
    texts: Iterable[Text] = (rule.title, rule.found, rule.expected, rule.fix, rule.why)
    return frozenset().union(*(blanks(side) for text in texts for side in text))


def _part(rule: RuleInfo, name: str, words: ReportWords) -> str:
    colon = words.colon
    example = "\n".join(f"  {words(key)}{colon}{text}" for key, text in _example(rule, words))
    head = f"{words(str(rule.severity))} {rule.code}  {_said(rule.title, rule, words)}"
    return (
        f"## {name}\n\n**{_marked(_said(rule.title, rule, words))}.**\n\n"
        f"{_marked(_said(rule.why, rule, words))}\n\n{words('example')}\n\n```text\n{head}\n{example}\n```"
    )


def _example(rule: RuleInfo, words: ReportWords) -> Iterator[tuple[str, str]]:
    for key in SAID:
        text = _said(getattr(rule, key), rule, words)
        if text:
            yield key, text


def _said(text: Text, rule: RuleInfo, words: ReportWords) -> str:
    said = stopped(fill(sentence(text[words.column]), example_facts(rule, facts_of(rule))))
    return said.removesuffix(".") if text is rule.title else said


def _marked(text: str) -> str:
    """Keep the signs of a text from being read as marks of Markdown, but for code between backticks."""
    pieces = text.split("`")
    return "`".join(piece if rank % 2 else _MARKS.sub(r"\\\1", piece) for rank, piece in enumerate(pieces))


def _linked(text: str) -> str:
    marked, end = "", 0
    for found in _ADDRESS.finditer(text):
        marked += _marked(text[end : found.start()]) + f"<{found[0]}>"
        end = found.end()
    return marked + _marked(text[end:])
