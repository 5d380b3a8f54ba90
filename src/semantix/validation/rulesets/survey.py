"""What a rule set holds, and what it lacks: its layers, their rules, their engines, its lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from semantix.errors import BadRuleSet, UnreadableInput
from semantix.validation.rulesets import saxon
from semantix.validation.rulesets._fast import FAST
from semantix.validation.rulesets._schema import Assert, Let, Schema
from semantix.validation.rulesets.checker import RuleSetChecker
from semantix.validation.rulesets.choosing import known_volets
from semantix.validation.rulesets.layout import TERMINOLOGIES, Layer

LISTING = "Terminologies.txt"
"""The publication's own list of the terminologies that it checks: an OID and a name a line."""
_LISTED = re.compile(r"^\s*([0-9.]+)\s*==>\s*(\S.*?)\s*$", re.MULTILINE)
_ADDRESS = re.compile(r"'((?:\.\./)+[^'$]+\.xml)'")
_LARGEST = 100_000
_SUFFIXES = (".rdf", ".xml")


class LayerSurvey(Struct, frozen=True, kw_only=True):
    """One layer. ``engine`` is what runs it (``""``: nothing can), ``unsupported`` what the fast engine does not know.

    ``problem`` says why its files cannot be read at all. ``missing`` are files of value sets that it names.
    ``automatic`` is false for a volet that must be asked for: no template leads to it.
    """

    name: str
    title: str = ""
    file: str
    patterns: int = 0
    rules: int = 0
    asserts: int = 0
    engine: str = ""
    unsupported: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    problem: str = ""
    automatic: bool = True


class Terminology(Struct, frozen=True):
    """A terminology that the publication checks, by OID and name; without its list no code of it is checked."""

    oid: str
    name: str
    there: bool


class RuleSetSurvey(Struct, frozen=True, kw_only=True):
    """A whole rule set: the layers of every document, the volets, the value sets and the terminologies."""

    name: str
    title: str
    digest: str
    generic: tuple[LayerSurvey, ...]
    volets: tuple[LayerSurvey, ...]
    value_sets: int
    terminologies: tuple[Terminology, ...]


def survey(checker: RuleSetChecker, top: Path) -> RuleSetSurvey:
    """Read every layer of a rule set; ``top`` is the folder of the publication."""
    known = known_volets()
    surveyed = [_surveyed(checker, layer, top, known) for layer in checker.layers]
    volets = frozenset(checker.volets)
    return RuleSetSurvey(
        name=checker.info.name,
        title=checker.info.title,
        digest=checker.info.digest,
        generic=tuple(each for each in surveyed if each.name not in volets),
        volets=tuple(each for each in surveyed if each.name in volets),
        value_sets=len(checker.value_sets.names()),
        terminologies=tuple(terminologies(top)),
    )


def terminologies(top: Path) -> Iterator[Terminology]:
    """The terminologies that the publication says it checks, and those of which it has a list."""
    folder = top / TERMINOLOGIES
    try:
        listed = dict(_LISTED.findall((folder / LISTING).read_bytes()[:_LARGEST].decode("utf-8", "replace")))
    except OSError:
        listed = {}
    try:
        there = {path.stem for path in folder.iterdir() if path.suffix in _SUFFIXES}
    except OSError:
        there = set()
    for oid in sorted(listed.keys() | there):
        yield Terminology(oid, listed.get(oid, ""), oid in there)


def _surveyed(checker: RuleSetChecker, layer: Layer, top: Path, known: frozenset[str]) -> LayerSurvey:
    automatic = layer.name not in checker.volets or layer.name in known
    try:
        schema = checker.schema(layer)
        unsupported = checker.unsupported(layer)
    except (BadRuleSet, UnreadableInput) as error:
        return LayerSurvey(name=layer.name, file=layer.path, problem=str(error), automatic=automatic)
    rules = [rule for pattern in schema.patterns for rule in pattern.rules]
    return LayerSurvey(
        name=layer.name,
        title=schema.title,
        file=layer.path,
        patterns=len(schema.patterns),
        rules=len(rules),
        asserts=sum(isinstance(each, Assert) for rule in rules for each in rule.body),
        engine=_engine(unsupported),
        unsupported=unsupported,
        missing=tuple(sorted(_missing(schema, (top / layer.path).parent))),
        automatic=automatic,
    )


def _engine(unsupported: tuple[str, ...]) -> str:
    if not unsupported:
        return FAST
    return saxon.NAME if saxon.available() else ""


def _missing(schema: Schema, base: Path) -> set[str]:
    """The files that are named by a fixed address and are not there."""
    named: set[str] = set()
    for expression in _expressions(schema):
        named.update(_ADDRESS.findall(expression))
    return {Path(each).name for each in named if not (base / each).is_file()}


def _expressions(schema: Schema) -> Iterator[str]:
    yield from (let.value for let in schema.lets)
    for pattern in schema.patterns:
        for rule in pattern.rules:
            for each in rule.body:
                yield each.value if isinstance(each, Let) else each.test
