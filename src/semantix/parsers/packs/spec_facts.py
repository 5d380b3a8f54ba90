"""What a row says: the patient, the document that gathers rows, and the facts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Discriminator, Field, Tag

from semantix import systems
from semantix.parsers.packs.spec_expressions import EXPRESSION_KEYS, STRICT, Condition, Expression, Pattern

LOCAL = "local"
_SYSTEMS = frozenset(system.key for system in systems.SYSTEMS)

Kind = Literal[
    "lab-result", "vital-sign", "observation", "social-history", "problem", "history", "family-history", "allergy",
    "no-allergy", "no-problem", "medication", "immunization", "procedure", "encounter", "note", "coverage", "findings",
]  # fmt: skip
"""The kinds of statement that a row may become; ``findings`` are whatever a text of a practice record says."""
Reading = Literal[
    "history", "diagnosis", "allergy", "vaccination", "tobacco", "alcohol", "ald", "vital-signs", "pressure", "pulse",
    "respiration", "weight", "height", "bmi", "temperature", "saturation", "head",
]  # fmt: skip
"""How a text is read into findings; from ``pressure`` on, a cell that is one measure (in the unit of ``value``)."""


def _is_system(key: str) -> str:
    if key != LOCAL and key not in _SYSTEMS:
        raise ValueError(f"'local' or a key of semantix.systems was expected: {', '.join(sorted(_SYSTEMS))}")
    return key


SystemKey = Annotated[str, AfterValidator(_is_system)]


class Coded(BaseModel):
    """What a fact is about. Of several codings the first is the main one; a coding whose code is empty is left out.

    ``text`` are the words of the author. A coding of the system ``local`` without a code takes its display as code.
    """

    model_config = STRICT

    class OneCode(BaseModel):
        """A code, its system (``local`` or a key of ``semantix.systems``) and what its source calls it."""

        model_config = STRICT
        system: SystemKey = LOCAL
        code: Expression | None = None
        display: Expression | None = None

    codings: list[OneCode] = Field(default_factory=list)
    text: Expression | None = None


class Valued(BaseModel):
    """The answer of a fact.

    ``read``: ``auto`` takes numbers, bounds and units out of the text; ``text`` keeps it; ``code`` makes a coded answer
    of it (``system``); ``boolean`` expects a boolean column. ``unit`` is the unit's own column, if any; ``decimal`` and
    ``grouping`` win over those of the dialect. ``second`` is the same in another unit.
    """

    model_config = STRICT
    of: Expression
    read: Literal["auto", "text", "code", "boolean"] = "auto"
    unit: Expression | None = None
    system: SystemKey = LOCAL
    display: Expression | None = None
    decimal: Literal[".", ","] | None = None
    grouping: Literal[".", ",", " ", ""] | None = None
    second: Expression | None = None
    second_unit: Expression | None = None


class Limits(BaseModel):
    """The normal range: two columns, or one text that holds both (``of``)."""

    model_config = STRICT
    of: Expression | None = None
    low: Expression | None = None
    high: Expression | None = None


class Parts(BaseModel):
    """A text that says several facts: the fact is made once for each part, read with ``part.<name>``.

    ``lines`` and ``list`` (between ``separator``) give ``text``; ``pattern`` gives its named groups, as often as it is
    found; ``result-lines`` gives ``label``, ``value``, ``unit``, ``low``, ``high``, ``text`` of each line that is
    unmistakably a result; ``history`` gives ``text``, ``category``, ``date``, ``end``, ``cim10``, ``negated``,
    ``suspected``, ``relative``; ``vital-signs`` gives ``label``, ``value``, ``unit``.
    """

    model_config = STRICT
    of: Expression
    read: Literal["lines", "list", "pattern", "result-lines", "history", "vital-signs"] = "lines"
    separator: str | None = Field(default=None, min_length=1)
    pattern: Pattern | None = None


def _shape(value: Any) -> str:
    """Tell an expression from a mapping of its own."""
    if isinstance(value, Coded | Valued | Limits):
        return "whole"
    return "whole" if isinstance(value, dict) and EXPRESSION_KEYS.isdisjoint(value) else "expression"


_SHAPE = Discriminator(_shape)
Code = Annotated[Annotated[Expression, Tag("expression")] | Annotated[Coded, Tag("whole")], _SHAPE]
Answer = Annotated[Annotated[Expression, Tag("expression")] | Annotated[Valued, Tag("whole")], _SHAPE]
Normal = Annotated[Annotated[Expression, Tag("expression")] | Annotated[Limits, Tag("whole")], _SHAPE]


class Fact(BaseModel):
    """One fact of a row. Which fields count depends on the kind; a field that a kind has not is refused.

    ``on`` names the kinds of rows that it is made of (all that hold facts, by default); ``each`` makes the fact once
    for each entry, whose values replace ``$name`` inside the fact.
    """

    model_config = STRICT
    kind: Kind
    on: list[str] = Field(default_factory=list)
    when: Condition | None = None
    each: list[dict[str, str]] = Field(default_factory=list)
    parts: Parts | None = None
    id: Expression | None = None
    code: Code | None = None
    category: Code | None = None
    time: Expression | None = None
    end: Expression | None = None
    note: Expression | None = None
    performer: Expression | None = None
    negated: Condition | None = None
    # Results, signs and other observations.
    value: Answer | None = None
    range: Normal | None = None
    flag: Expression | None = None
    specimen: Expression | None = None
    preliminary: Condition | None = None
    # Problems and histories.
    inactive: Condition | None = None
    suspected: Condition | None = None
    relative: Expression | None = None
    # Allergies.
    about: Literal["drug", "food", "other"] | None = None
    reaction: Expression | None = None
    severity: Expression | None = None
    # Treatments and vaccinations.
    intent: Literal["prescribed", "taken", "administered", "dispensed"] | None = None
    dosage: Expression | None = None
    quantity: Expression | None = None
    lot: Expression | None = None
    rank: Expression | None = None
    # Notes, and texts that are read.
    title: Expression | None = None
    text: Expression | None = None
    read: Reading | None = None
    section: Expression | None = None
    onset: Expression | None = None


class Person(BaseModel):
    """Who a row is about. ``number`` is the practice's own; it is the patient's identity.

    ``sex`` gives ``M`` or ``F`` (a ``sex`` column does). ``ins`` and ``ins_type`` (``NIR`` or ``NIA``) are used only
    where ``ins_qualified`` holds. There is no field for a social security number: it is not an identity.
    """

    model_config = STRICT
    number: Expression | None = None
    family: Expression | None = None
    birth_name: Expression | None = None
    given: Expression | None = None
    sex: Expression | None = None
    birth: Expression | None = None
    birth_place: Expression | None = None
    death: Expression | None = None
    phone: Expression | None = None
    address: Expression | None = None
    postcode: Expression | None = None
    city: Expression | None = None
    ins: Expression | None = None
    ins_type: Expression | None = None
    ins_qualified: Condition | None = None


class Author(BaseModel):
    """Who signed the rows: a professional, with a national number where the export has it."""

    model_config = STRICT
    name: Expression | None = None
    family: Expression | None = None
    given: Expression | None = None
    rpps: Expression | None = None
    adeli: Expression | None = None


class Gathering(BaseModel):
    """Which rows make one document, and what is said of it.

    ``day`` is its date (the time of the first fact, by default); ``sender`` is the laboratory whose local codes the
    rows use (the practice, by default); rows of two senders or authors are never in one document.
    """

    model_config = STRICT
    by: Literal["patient-day", "patient", "row", "file"] = "patient-day"
    day: Expression | None = None
    title: Expression | None = None
    sender: Expression | None = None
    author: Author | None = None


class ImpliedUnit(BaseModel):
    """The unit of a result whose label matches, when the row has none."""

    model_config = STRICT
    label: Pattern
    unit: str = Field(min_length=1)


class Bounds(BaseModel):
    """What is plausible for a label (and a unit): outside, the value is kept and doubted, never corrected."""

    model_config = STRICT
    label: Pattern
    unit: Pattern | None = None
    low: float | None = None
    high: float | None = None
