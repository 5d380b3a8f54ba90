"""One document being rewritten: what becomes of the values that every part of it is made of.

Values that stay as they are are returned themselves, so that what holds them need not be made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from msgspec import Struct, structs

from semantix import systems
from semantix.emitters.omop.codes import is_identifying
from semantix.model import (
    Address,
    Attachment,
    Coding,
    Concept,
    Identifier,
    Issue,
    Name,
    PartialDate,
    Place,
    Severity,
    Text,
    TimeSpan,
)
from semantix.parsers._book import LOCAL
from semantix.runs.pseudonyms.dates import shifted
from semantix.runs.pseudonyms.numbers import Numbers
from semantix.runs.pseudonyms.places import generalised
from semantix.runs.pseudonyms.policy import Policy
from semantix.runs.pseudonyms.words import Labels, words_of

MASKED = "[texte retiré]"
"""What stands where words stood alone: that something was said stays, what was said does not."""
MARK = "[texte libre] "
"""What free text that is kept begins with, when the policy asks for a mark."""
FREE_TEXT = "SX910"
_SURE = 4
"""Letters of a name that a code of an unknown system may not be made of."""


Rules = Mapping[type, Callable[["Rewriting", Any], Any]]


class Rewriting:
    """The state of one document.

    ``day`` is the date on which ages are told, ``days`` the offset of the patient, ``names`` the words of names,
    ``own`` pseudonyms of the patient's own numbers, ``withheld`` and ``not_allowed`` the places of codes left out.
    ``rules`` rewrite each class of the model.
    """

    __slots__ = (
        "day",
        "days",
        "has_ids_in_paths",
        "issues",
        "labels",
        "names",
        "not_allowed",
        "numbers",
        "own",
        "path",
        "policy",
        "rules",
        "withheld",
    )

    def __init__(self, policy: Policy, numbers: Numbers, labels: Labels, rules: Rules) -> None:
        self.rules = rules
        self.policy = policy
        self.numbers = numbers
        self.labels = labels
        self.day = ""
        self.days = 0
        self.names: frozenset[str] = frozenset()
        self.own: dict[Identifier, Identifier] = {}
        self.withheld: set[Place] = set()
        self.not_allowed: set[Place] = set()
        self.issues: dict[str, Issue] = {}
        self.path = "/"
        self.has_ids_in_paths = False

    # --- numbers ----------------------------------------------------------------------------------------------------

    def ids(self, many: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
        """Pseudonyms of identifiers, in their order."""
        return tuple(found for found in map(self.identifier, many) if found is not None)

    def identifier(self, one: Identifier) -> Identifier | None:
        """The pseudonym of one identifier; the patient's own numbers may have one of their own."""
        if self.own:
            plain = Identifier(one.root, one.extension)
            found = self.own.get(plain)
            if found is not None:
                return found
        return self.numbers.identifier(one)

    def place_name(self, path: str) -> str:
        """A place in words. In FHIR it begins with the type and the id of a resource, and an id may be anything."""
        if not self.has_ids_in_paths:
            return path
        kind, slash, rest = path.partition("/")
        if not (slash and kind[:1].isupper() and kind.isalpha()):
            return path
        identity, slash, rest = rest.partition("/")
        return f"{kind}/{self.numbers.word('path', identity)[:12]}{slash}{rest}"

    # --- dates ------------------------------------------------------------------------------------------------------

    def point(self, one: PartialDate) -> PartialDate:
        """A date moved."""
        return shifted(one, self.days) if self.days else one

    def end(self, one: PartialDate) -> PartialDate:
        """The end of something, moved."""
        return shifted(one, self.days, is_end=True) if self.days else one

    def span(self, one: TimeSpan) -> TimeSpan:
        """An interval moved whole."""
        days = self.days
        if not days:
            return one
        value, low, high = one.value, one.low, one.high
        return TimeSpan(
            one.at,
            shifted(value, days) if value is not None else None,
            shifted(low, days) if low is not None else None,
            shifted(high, days, is_end=True) if high is not None else None,
            one.width,
            one.null,
            one.low_null,
            one.high_null,
        )

    # --- words ------------------------------------------------------------------------------------------------------

    def text(self, words: str) -> str | None:
        """Free text beside something that says the same in codes."""
        return None if self.policy.text == "drop" else self.kept(words)

    def lone(self, words: str) -> str | None:
        """Free text that stands alone."""
        return MASKED if self.policy.text == "drop" else self.kept(words)

    def kept(self, words: str) -> str:
        """Free text that the policy keeps, with a mark and a doubt if it asks for them."""
        if self.policy.text == "flag":
            if self.path not in self.issues:
                told = "free text kept as the policy says: it may name somebody"
                self.issues[self.path] = Issue(FREE_TEXT, Severity.WARNING, self.place_name(self.path), told)
            return MARK + words
        return words

    def texts(self, many: tuple[str, ...]) -> tuple[str, ...]:
        """Free texts beside something else."""
        return () if self.policy.text == "drop" else tuple(map(self.kept, many))

    def label(self, words: str) -> str | None:
        """Words beside a code."""
        return words if self.labels.is_safe(words, self.names) else None

    def value_text(self, one: Text) -> Text:
        """An answer in words."""
        return Text(self.lone(one.value) or MASKED, one.at)

    def narrative(self, xhtml: str) -> str | None:
        """The text of a section."""
        if self.policy.text == "drop":
            return None
        if self.policy.text == "flag":
            mark = self.kept("").strip()
            head, closed, rest = xhtml.partition(">")
            return f"{head}{closed}<p>{mark}</p>{rest}" if closed and not head.endswith("/") else xhtml
        return xhtml

    # --- people and places ------------------------------------------------------------------------------------------

    def people(self, many: tuple[Name, ...]) -> tuple[Name, ...]:
        """That somebody has a name, and not which."""
        return _MASKED_NAME

    def addresses(self, many: tuple[Address, ...]) -> tuple[Address, ...]:
        """What the policy leaves of addresses."""
        return tuple(found for found in map(self.address, many) if found is not None)

    def address(self, one: Address) -> Address | None:
        """What the policy leaves of an address."""
        return generalised(one, self.policy.places)

    def attachment(self, one: Attachment) -> Attachment:
        """The type of a file, without its content."""
        return Attachment(one.at, one.media_type, language=one.language)

    # --- codes ------------------------------------------------------------------------------------------------------

    def concept(self, one: Concept) -> Concept:
        """A coded value: its codes and their labels; its own words are free text."""
        codings = one.codings
        kept = codings
        for index, coding in enumerate(codings):
            found = self.coding(coding)
            if found is not coding:
                kept = self._codings(codings, index)
                break
        text = one.text
        if text is not None:
            text = self.text(text) if kept else self.lone(text)
        qualifiers = one.qualifiers
        if qualifiers:
            qualifiers = tuple(
                structs.replace(
                    q,
                    name=self.concept(q.name) if q.name is not None else None,
                    value=self.concept(q.value) if q.value is not None else None,
                )
                for q in qualifiers
            )
        if kept is codings and text is one.text and qualifiers is one.qualifiers:
            return one
        null = one.null
        if codings and not kept and not text:
            null = null or "MSK"
        return Concept(kept, one.at, text, null, qualifiers)

    def _codings(self, many: tuple[Coding, ...], start: int) -> tuple[Coding, ...]:
        rest = (found for found in map(self.coding, many[start:]) if found is not None)
        return (*many[:start], *rest)

    def coding(self, one: Coding) -> Coding | None:
        """A code; ``None`` for one that is a number of a register, or that is made of a name."""
        system, code, display, name, text = one.system, one.code, one.display, one.system_name, one.text
        known = _is_known(system)
        if is_identifying(one) or (not known and not self._is_code(code)):
            self.withheld.add(one.at)
            return None
        if known and text is None and (display is None or self.labels.is_safe(display, self.names)):
            return one
        if display is not None:
            display = self.label(display)
        if not known:
            system = self.system(system)
            name = None if name is None or system is not one.system else self.label(name)
        if text is not None:
            text = self.label(text) if (one.system, one.code) in _NAMES_OF_THINGS else self.text(text)
        if display is one.display and system is one.system and name is one.system_name and text is one.text:
            return one
        return Coding(code, system, display, one.at, one.version, name, text)

    def _is_code(self, code: str) -> bool:
        names = self.names
        return not names or all(len(word) < _SURE or word not in names for word in words_of(code))

    def system(self, system: str | None) -> str | None:
        """The system of the local codes of a sender, under a pseudonym of the sender."""
        if system is None or not system.startswith(LOCAL):
            return system
        return LOCAL + self.sender(system[len(LOCAL) :])

    def sender(self, name: str) -> str:
        """The pseudonym of whoever uses local codes."""
        return self.numbers.word("sender", name)

    # --- accounts ---------------------------------------------------------------------------------------------------

    def remove(self, *many: Any) -> None:
        """Take account of all that is coded in what the allow-list leaves out."""
        self.not_allowed.update(places_in(many))

    def withhold(self, *many: Any) -> None:
        """Take account of all that is coded in what could identify somebody."""
        self.withheld.update(places_in(many))


def places_in(many: Iterable[Any]) -> Iterable[Place]:
    """Every place in some values."""
    for one in many:
        if isinstance(one, tuple | list):
            yield from places_in(one)
        elif isinstance(one, Struct):
            fields = one.__struct_fields__
            if "at" in fields:
                yield one.at  # type: ignore[attr-defined]
            if "absorbed" in fields:
                yield from one.absorbed  # type: ignore[attr-defined]
            yield from places_in(getattr(one, name) for name in fields if name not in _LEAVES)


_LEAVES = frozenset({"at", "absorbed", "path", "kind", "templates"})
_MASKED_NAME = (Name(null="MSK"),)
_NAMES_OF_THINGS = frozenset({("2.16.840.1.113883.3.26.1.1", "C101668"), ("2.16.840.1.113883.3.26.1.1", "C43383")})
"""Codes for the brand and the model of a device: their text is that, and no words of an author."""


@cache
def _is_known(system: str | None) -> bool:
    return systems.find(system) is not None
