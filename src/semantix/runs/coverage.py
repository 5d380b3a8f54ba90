"""Which facts of a document are coded in the system that its target wants, and how: rows of ``coverage.parquet``.

A fact is what a statement is about: the problem, the agent of an allergy, the drug, the vaccine, the test, the act. It
is counted once, whether it has codes or only words; what says that there is nothing ("no known allergy"), refuses to
answer, is nullified or is only a group is no fact. What is asked of the engine is decided by
:mod:`semantix.pipeline.questions`; the answers come from :class:`semantix.pipeline.mapping.Mapped`, by place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from semantix import systems
from semantix.model import (
    Absent,
    Allergy,
    Coding,
    Concept,
    Document,
    Encounter,
    Immunization,
    Medication,
    Observation,
    Place,
    Problem,
    Procedure,
    Product,
    Section,
    Statement,
    Supply,
    Text,
)
from semantix.pipeline.mapping import NOTHING, Mapped
from semantix.pipeline.questions import ACTS, LABORATORY, LONGEST, OTHER_ALLERGY, unit_of
from semantix.runs.grouping import dimensions_of

SOURCE, UNASKED = "source", "unasked"
"""Outcomes that are not the engine's: the source has a code of the target; nothing is asked about such a fact."""
LONGEST_CODE = 32
"""Characters; what is longer is no code."""
_ABSENT = "ips-absent"
_UNSAID = frozenset({"ASKU", "NASK", "MSK", "NA"})
_Key = tuple[str, str, str, str, str, str]
_LOINC = systems.BY_OID["2.16.840.1.113883.6.1"]


def coverage_of(
    document: Document, found: Mapped | None = None, rename: Callable[[str], str] | None = None
) -> list[dict[str, Any]]:
    """The rows of one document, as ``staging.COVERAGE`` without ``document``, in the order of their first fact.

    ``found`` is what the mapper answered about the same document; without it, nothing was found. ``rename`` gives the
    pseudonym of a system: those of local codes hold the name of their sender, which may be that of a person.
    """
    tally = _Tally(found.outcomes if found is not None else {})
    for section in document.sections:
        tally.section(section, "")
    return [
        {
            "section": section,
            "domain": domain,
            "system": rename(system) if rename is not None and system else system,
            "code": code,
            "target": target,
            "outcome": outcome,
            "n": number,
        }
        for (section, domain, system, code, target, outcome), number in tally.counts.items()
    ]


class _Tally:
    """Counts the facts of one document."""

    __slots__ = ("_domain", "_outcomes", "_section", "counts")

    def __init__(self, outcomes: Mapping[tuple[Place, str], str]) -> None:
        self._outcomes = outcomes
        self._section = self._domain = ""
        self.counts: dict[_Key, int] = {}

    def section(self, section: Section, above: str) -> None:
        """Count a section; one without a LOINC code is under the code above it."""
        own = _loinc_of(section) or above
        for statement in section.statements:
            self._section = own
            self.statement(statement)
        for part in section.sections:
            self.section(part, own)

    def statement(self, statement: Statement) -> None:
        """Count a statement and those inside it."""
        if statement.status == "nullified":
            return
        counting = _COUNTING.get(type(statement))
        if counting is not None and not statement.kind.startswith("no-"):
            domain, count = counting
            self._domain = domain
            count(self, statement)
        for link in statement.links:
            self.statement(link.statement)

    def fact(
        self,
        place: Place,
        target: str,
        concepts: Iterable[Concept | None],
        words: str | None = None,
        is_asked: bool = True,
    ) -> None:
        """Count a fact, unless it says that there is nothing, or says nothing at all."""
        first: tuple[Coding, Concept] | None = None
        is_worded = _is_name(words)
        for concept in concepts:
            if concept is None or concept.null in _UNSAID:
                continue
            is_worded = is_worded or _is_name(concept.text)
            for coding in concept.codings:
                known = systems.find(coding.system)
                key = known.key if known is not None else ""
                if key == _ABSENT:
                    return
                if key and key == target:
                    self._add(coding, concept, target, SOURCE)
                    return
                if coding.code and (first is None or (first[0].system is None and coding.system is not None)):
                    first = (coding, concept)
        outcome = self._outcomes.get((place, target), NOTHING) if is_asked else UNASKED
        if first is not None:
            self._add(*first, target, outcome)
        elif is_worded:
            self._count("", "", target, outcome)

    def _add(self, coding: Coding, concept: Concept, target: str, outcome: str) -> None:
        if coding.system is None:
            self._count("", "", target, outcome)
        else:
            known = systems.find(coding.system)
            # A system that is written by an OID here and a URI there is one.
            name = known.oids[0] if known is not None else coding.system.removeprefix("urn:oid:")
            self._count(name, code_of(coding, concept.text), target, outcome)

    def _count(self, system: str, code: str, target: str, outcome: str) -> None:
        key = (self._section, self._domain, system, code, target, outcome)
        self.counts[key] = self.counts.get(key, 0) + 1


def code_of(coding: Coding, words: str | None = None) -> str:
    """The code of a coding, ``""`` when it may be words.

    Sources that have a label and no code give the label as its code, and a label may name somebody.
    """
    code = coding.code
    if len(code) > LONGEST_CODE or " " in code or not code.isprintable():
        return ""
    if code in {coding.display, coding.text, words} and not any(character.isdigit() for character in code):
        return ""
    return code


def _is_name(text: str | None) -> bool:
    """Whether words are short enough to name something, as for questions."""
    if not text:
        return False
    return 0 < len(" ".join(text.split())) <= LONGEST


def _loinc_of(section: Section) -> str:
    for coding in section.code.codings if section.code is not None else ():
        if systems.find(coding.system) is _LOINC:
            return coding.code
    return ""


# --- one class of statement -----------------------------------------------------------------------------------


def _problem(tally: _Tally, one: Statement) -> None:
    assert isinstance(one, Problem)
    what = one.problem
    if isinstance(what, Concept):
        tally.fact(what.at, "cim10", (what,))
    elif isinstance(what, Text):
        tally.fact(what.at, "cim10", (), what.value)
    elif isinstance(what, Absent):
        if what.null not in _UNSAID:
            tally.fact(what.at, "cim10", (), one.text)
    else:
        tally.fact(one.at, "cim10", (), one.text)


def _allergy(tally: _Tally, one: Statement) -> None:
    assert isinstance(one, Allergy)
    kinds = {coding.code for coding in one.code.codings} if one.code is not None else set()
    is_asked = kinds.isdisjoint(OTHER_ALLERGY)
    for agent in one.agents:
        coded = agent.entity or agent.code
        place = coded.at if coded is not None else agent.at
        tally.fact(place, "atc", (coded,), agent.entity_name or agent.entity_text, is_asked)
    if isinstance(one.value, Concept):
        tally.fact(one.value.at, "atc", (one.value,), None, is_asked)
    elif isinstance(one.value, Text):
        tally.fact(one.value.at, "atc", (), one.value.value, is_asked)
    for reaction in one.reactions:
        tally.statement(reaction)


def _observation(tally: _Tally, one: Statement) -> None:
    assert isinstance(one, Observation)
    if one.code is None:
        return
    kind = one.kind
    is_asked = one.mood != "GOL" and (
        kind == "vital-sign" or kind in LABORATORY or (kind == "observation" and bool(unit_of(one)))
    )
    tally.fact(one.code.at, "loinc", (one.code,), None, is_asked)


def _procedure(tally: _Tally, one: Statement) -> None:
    assert isinstance(one, Procedure)
    is_asked = one.kind in ACTS
    if one.code is not None:
        tally.fact(one.code.at, "ccam", (one.code,), None, is_asked)
    elif is_asked:
        tally.fact(one.at, "ccam", (), one.text)


def _medication(tally: _Tally, one: Statement) -> None:
    assert isinstance(one, Medication)
    _product(tally, one.product)


def _immunization(tally: _Tally, one: Statement) -> None:
    assert isinstance(one, Immunization)
    _product(tally, one.product)
    for reaction in one.reactions:
        tally.statement(reaction)


def _product(tally: _Tally, product: Product | None) -> None:
    if product is None:
        return
    place = product.code.at if product.code is not None else product.at
    classes = [one for one in product.classes if _has_atc(one)]
    packages = (package.code for package in product.packaging)
    tally.fact(place, "atc", (product.code, *classes, *packages), product.name)


def _has_atc(concept: Concept) -> bool:
    return any((known := systems.find(one.system)) is not None and known.key == "atc" for one in concept.codings)


def _other(tally: _Tally, one: Statement) -> None:
    if one.code is not None:
        tally.fact(one.code.at, "", (one.code,), None, False)


_COUNTING: Mapping[type[Statement], tuple[str, Callable[[_Tally, Statement], None]]] = MappingProxyType(
    {
        Problem: ("problem", _problem),
        Allergy: ("allergy", _allergy),
        Observation: ("observation", _observation),
        Procedure: ("procedure", _procedure),
        Medication: ("medication", _medication),
        Immunization: ("immunization", _immunization),
        Encounter: ("encounter", _other),
        Supply: ("supply", _other),
        Statement: ("act", _other),
    }
)
"""Groups (Panel) and embedded objects (Media) tell no fact of their own."""

__all__ = ["SOURCE", "UNASKED", "code_of", "coverage_of", "dimensions_of"]
