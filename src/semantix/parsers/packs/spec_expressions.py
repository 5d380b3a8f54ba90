"""The closed set of expressions of a pack: from the cells of a row to a text. There is no ``eval``."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from semantix.parsers.packs.patterns import compile_pattern

STRICT = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, coerce_numbers_to_str=True)


def _is_pattern(text: str) -> str:
    compile_pattern(text)
    return text


_REFERENCE = re.compile(r"[^\W\d][\w-]*(\.[^\W\d][\w-]*)?|\$[a-z_]+")


def _is_reference(text: str) -> str:
    if not _REFERENCE.fullmatch(text):
        raise ValueError("the name of a column was expected (letters, digits, '_', '-'), or 'join.column'")
    return text


Pattern = Annotated[str, AfterValidator(_is_pattern)]
"""A regular expression of Python, bounded; it is searched anywhere unless it says ``^`` and ``$``."""
Reference = Annotated[str, AfterValidator(_is_reference)]
"""A column of the row (``label``), of a joined row (``who.birth``), or of a part of a text (``part.value``)."""


class From(BaseModel):
    """The text of a column. The shorthand is its name alone."""

    model_config = STRICT
    column: Reference = Field(alias="from")


class Const(BaseModel):
    """Always the same text."""

    model_config = STRICT
    const: str


class Cell(BaseModel):
    """The cell at a position, counted from 1, whether or not it is a column."""

    model_config = STRICT
    cell: int = Field(ge=1, le=4096)


class Header(BaseModel):
    """The text of the header row at a position, counted from 1: some exports name the analyte there."""

    model_config = STRICT
    header: int = Field(ge=1, le=4096)


class About(BaseModel):
    """What is known of the file itself: its ``file`` name without extension, the name of the ``table`` or sheet."""

    model_config = STRICT
    about: Literal["file", "table"]


class Lookup(BaseModel):
    """A column of the joined row; empty when nothing is joined. The shorthand is ``join.column``."""

    model_config = STRICT
    lookup: str
    column: str


class Mapped(BaseModel):
    """A text replaced by another; case, accents at both ends and blanks do not count.

    What the table does not hold gives ``otherwise``; without it, it gives nothing and a doubt.
    """

    model_config = STRICT
    table: dict[str, str] = Field(alias="map", min_length=1)
    of: Expression
    otherwise: Expression | None = None


class Join(BaseModel):
    """Texts one after the other, those that are empty left out, with something between them."""

    model_config = STRICT
    join: list[Expression] = Field(min_length=1)
    between: str = Field(default=" ", alias="with")


class Concat(BaseModel):
    """Texts one after the other with nothing between; empty when one of them is empty."""

    model_config = STRICT
    concat: list[Expression] = Field(min_length=1)


class Split(BaseModel):
    """One part of a text: the ``group`` of a ``pattern``, or the ``part`` (from 1; -1 is the last) between ``at``."""

    model_config = STRICT
    split: Expression
    pattern: Pattern | None = None
    group: str | None = None
    at: str | None = Field(default=None, min_length=1)
    part: int | None = None


class FirstOf(BaseModel):
    """The first text that is not empty."""

    model_config = STRICT
    first_of: list[Expression] = Field(min_length=1)


class When(BaseModel):
    """One text or another, on a condition."""

    model_config = STRICT
    when: Condition
    then: Expression
    otherwise: Expression | None = Field(default=None, alias="else")


class Parse(BaseModel):
    """A part of what is read in a text.

    ``value``: ``part`` is ``number``, ``unit``, ``comparator``, ``flag``, ``text`` or ``comment``; ``range``: ``low``
    or ``high``; ``date``: the date itself, by ``formats`` and ``pivot``; ``upper``: capitals without accents.
    """

    model_config = STRICT
    parse: Literal["value", "range", "date", "upper"]
    of: Expression
    part: str | None = None
    formats: list[str] = Field(default_factory=list)
    pivot: int | None = Field(default=None, ge=0, le=99)


class InFields(BaseModel):
    """A date in three fields, as precise as those that are filled: empty, ``.`` and zeros are nothing."""

    model_config = STRICT
    year: Expression
    month: Expression | None = None
    day: Expression | None = None
    pivot: int | None = Field(default=None, ge=0, le=99)


class Compared(BaseModel):
    """A text compared: ``eq``, ``in`` (case and outer blanks count for neither), ``matches``, ``empty``."""

    model_config = STRICT
    of: Expression
    eq: str | None = None
    among: list[str] | None = Field(default=None, alias="in")
    matches: Pattern | None = None
    empty: bool | None = None


class CellsAre(BaseModel):
    """How many cells a row has; the last ones count only when something is written in them."""

    model_config = STRICT

    class HowMany(BaseModel):
        """How few and how many, both allowed."""

        model_config = STRICT
        least: int = Field(default=0, alias="min", ge=0)
        most: int = Field(default=4096, alias="max", ge=0)

    cells: HowMany


class All(BaseModel):
    """Every condition holds."""

    model_config = STRICT
    every: list[Condition] = Field(alias="all", min_length=1)


class AnyOf(BaseModel):
    """One condition at least holds."""

    model_config = STRICT
    one: list[Condition] = Field(alias="any", min_length=1)


class Not(BaseModel):
    """The condition does not hold."""

    model_config = STRICT
    denied: Condition = Field(alias="not")


_EXPRESSIONS: dict[str, type[BaseModel]] = {
    "from": From, "const": Const, "cell": Cell, "header": Header, "about": About, "lookup": Lookup, "map": Mapped,
    "join": Join, "concat": Concat, "split": Split, "first_of": FirstOf, "when": When, "parse": Parse,
    "year": InFields,
}  # fmt: skip
_CONDITIONS: dict[str, type[BaseModel]] = {"of": Compared, "cells": CellsAre, "all": All, "any": AnyOf, "not": Not}


def _which(value: Any, keys: dict[str, type[BaseModel]], shorthand: bool) -> str | None:
    """The key that says which expression a mapping is."""
    if isinstance(value, str):
        return "name" if shorthand else None
    if isinstance(value, dict):
        return next((key for key in keys if key in value), None)
    return next((key for key, cls in keys.items() if isinstance(value, cls)), None)


def _expression_of(value: Any) -> str | None:
    return _which(value, _EXPRESSIONS, True)


def _condition_of(value: Any) -> str | None:
    return _which(value, _CONDITIONS, False)


Expression = Annotated[
    Annotated[Reference, Tag("name")]
    | Annotated[Const, Tag("const")]
    | Annotated[Cell, Tag("cell")]
    | Annotated[Header, Tag("header")]
    | Annotated[About, Tag("about")]
    | Annotated[Lookup, Tag("lookup")]
    | Annotated[Mapped, Tag("map")]
    | Annotated[Join, Tag("join")]
    | Annotated[Concat, Tag("concat")]
    | Annotated[Split, Tag("split")]
    | Annotated[FirstOf, Tag("first_of")]
    | Annotated[When, Tag("when")]
    | Annotated[Parse, Tag("parse")]
    | Annotated[InFields, Tag("year")]
    | Annotated[From, Tag("from")],
    Discriminator(
        _expression_of,
        custom_error_type="expression",
        custom_error_message="an expression was expected: the name of a column, or a mapping with one of "
        + ", ".join(_EXPRESSIONS),
    ),
]
Condition = Annotated[
    Annotated[Compared, Tag("of")]
    | Annotated[CellsAre, Tag("cells")]
    | Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")],
    Discriminator(
        _condition_of,
        custom_error_type="condition",
        custom_error_message="a condition was expected: a mapping with one of " + ", ".join(_CONDITIONS),
    ),
]

EXPRESSION_KEYS = frozenset(_EXPRESSIONS)
"""A mapping with one of these keys is an expression."""

for _model in (Mapped, Join, Concat, Split, FirstOf, When, Parse, InFields, Compared, All, AnyOf, Not):
    _model.model_rebuild()
