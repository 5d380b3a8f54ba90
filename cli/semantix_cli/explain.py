"""``semantix explain``: what a code of a validation report means, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix_cli.options import lang
from semantix_cli.ruleset import rulesets

if TYPE_CHECKING:
    from semantix.validation.report import Line
    from semantix.validation.rulesets.checker import AssertPage

_READER = re.compile(r"SX\d{3}")
_ONE_DIGIT = re.compile(r"(SX-[A-Z]+-)(\d)")
_DIGEST = re.compile(r"(?<=-)[0-9A-F]{8}$")
_SAY = {
    "official": ("The official rule", "La règle officielle"),
    "rule": ("Rule", "Règle"),
    "file": ("File", "Fichier"),
    "pattern": ("Pattern", "Motif (pattern)"),
    "context": ("Context", "Contexte (context)"),
    "assert": ("Must be true", "Doit être vrai (assert)"),
    "report": ("Must not be true", "Ne doit pas être vrai (report)"),
    "message": ("Message", "Message"),
    "absent": (
        "No rule set installed here has this rule: semantix ruleset list shows which there are.",
        "Aucun jeu de règles installé ici n’a cette règle : semantix ruleset list montre ceux qui le sont.",
    ),
    "unknown": ("{code}: no such code", "{code} : ce code n’existe pas"),
    "nearest": ("; the nearest are {codes}", " ; les plus proches sont {codes}"),
    "list": ("; semantix explain alone lists all codes", " ; semantix explain seul liste tous les codes"),
}


@click.command(short_help="Explain a code of a validation report.")
@click.argument("code", metavar="[CODE]", required=False)
@rulesets
@lang
def explain(code: str | None, home: Path, lang: str) -> None:
    """Explain a code of a validation report: what is wrong, an example, why it matters, and which publication says so.

    Without CODE, list all codes. The code of an official rule (SX-SCH-...) shows the rule as the installed rule sets
    have it: its context, its test and its file.

    \b
    Examples:
      semantix explain SX-CODE-02
      semantix explain SX-ID-01 --lang fr
      semantix explain
    """
    from semantix.validation.catalogue import FAMILIES, rule_of
    from semantix.validation.report.rule_page import rule_lines

    if code is None:
        _list(lang)
        return
    wanted = _full(code)
    rule = rule_of(wanted)
    if rule is None:
        raise click.UsageError(_unknown(code, wanted, lang))
    member = wanted if rule.code in FAMILIES.values() and rule.code != wanted else ""
    _print(rule_lines(rule, lang, member))
    if member:
        _print(_official(member, home, lang))


def _full(code: str) -> str:
    """The code as reports have it: in capitals but for a digest, with two digits, a reader's doubt in its new form."""
    wanted = code.strip().upper()
    if _READER.fullmatch(wanted):
        return f"SX-READ-{wanted[2:]}"
    if short := _ONE_DIGIT.fullmatch(wanted):
        return f"{short[1]}0{short[2]}"
    return _DIGEST.sub(lambda found: found[0].lower(), wanted) if wanted.startswith("SX-SCH-") else wanted


def _unknown(code: str, wanted: str, lang: str) -> str:
    import difflib

    from semantix.validation.catalogue import CATALOGUE

    near = difflib.get_close_matches(wanted, list(CATALOGUE), n=4, cutoff=0.7)
    words = _say("unknown", lang).format(code=code)
    return words + (_say("nearest", lang).format(codes=", ".join(near)) if near else _say("list", lang))


def _list(lang: str) -> None:
    from semantix.validation.report.rule_page import by_topic
    from semantix.validation.report.telling import sentence
    from semantix.validation.report.words import report_words
    from semantix_cli.tables import print_table

    words = report_words(lang)
    rows = [
        (rule.code, words(str(rule.severity)), sentence(rule.title[words.column]))
        for rules in by_topic().values()
        for rule in rules
    ]
    print_table((words("code"), words("severity"), _say("rule", lang)), rows)


def _official(code: str, home: Path, lang: str) -> Iterator[Line]:
    from semantix.validation.report import Line

    found = _installed(code, home)
    yield Line("")
    if found is None:
        yield Line(_say("absent", lang))
        return
    yield Line(_say("official", lang), "title")
    test = "report" if found.report else "assert"
    for key, text in (
        ("file", found.file),
        ("pattern", found.pattern),
        ("context", found.context),
        (test, found.test),
        ("message", found.message),
    ):
        yield Line(f"  {_say(key, lang)}{' : ' if lang == 'fr' else ': '}{text}")


def _installed(code: str, home: Path) -> AssertPage | None:
    """The official rule of a code, in the first rule set that has it."""
    from semantix.validation.rulesets.checker import RuleSetChecker
    from semantix.validation.rulesets.install import installed

    for each in installed(home):
        page = RuleSetChecker.open(each.manifest.name, home).explain(code)
        if page is not None:
            return page
    return None


def _print(lines: Iterator[Line]) -> None:
    colours = {"error": "red", "warning": "yellow"}
    for line in lines:
        click.secho(line.text, fg=colours.get(line.style), bold=bool(line.style))


def _say(key: str, lang: str) -> str:
    return _SAY[key][("en", "fr").index(lang)]
