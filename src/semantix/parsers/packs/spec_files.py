"""The files of an export: how each is recognised, written and divided in columns."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from semantix.parsers.packs.spec_expressions import STRICT, Condition, Expression, Pattern
from semantix.parsers.packs.spec_facts import Bounds, Fact, Gathering, ImpliedUnit, Person
from semantix.text.decoding import ENCODINGS

Physical = Literal["delimited", "fixed-width", "workbook", "dbase", "sql-insert", "xml", "json", "hprim-records"]
Aside = Literal["structure", "comment", "administrative", "description", "blank", "withdrawn", "no-patient"]


def _is_encoding(name: str) -> str:
    if name not in ENCODINGS:
        raise ValueError(f"one of {', '.join(ENCODINGS)} was expected")
    return name


Encoding = Annotated[str, AfterValidator(_is_encoding)]


class Dialect(BaseModel):
    """How the cells of a file are written.

    ``header`` is the row that names the columns, from 1 (0: none); ``first`` the first row of data (after the header,
    by default); the ``footer`` last rows are none. A row is a physical line unless a quoted cell goes over several.
    ``missing`` are the words for "nothing". ``decimal`` and ``grouping`` are the marks inside numbers, where known.
    ``line_ends`` is ``any`` unless CR or LF may stand alone inside a row.
    """

    model_config = STRICT
    separator: str = Field(default=";", min_length=1, max_length=4)
    quote: str = Field(default='"', max_length=1)
    escape: Literal["double", "backslash", "none"] = "double"
    encodings: list[Encoding] = Field(default_factory=list)
    header: int = Field(default=1, ge=0, le=10_000)
    first: int | None = Field(default=None, ge=1, le=10_000)
    footer: int = Field(default=0, ge=0, le=1_000)
    missing: list[str] = Field(default_factory=lambda: ["."])
    decimal: Literal[".", ","] | None = None
    grouping: Literal[".", ",", " "] | None = None
    line_ends: Literal["any", "lf", "crlf", "cr"] = "any"


class Expects(BaseModel):
    """What must be there for a file to be this one; everything that is said must hold.

    ``first_line`` and ``contains`` look at the text; ``columns`` at the header; ``header`` at the header cell of a
    position; ``cells`` and ``matches`` (a column, an expression) at the first rows of data, of which three quarters
    must agree; ``tables`` at the sheets, SQL tables; ``root`` at the root element of XML.
    """

    model_config = STRICT
    first_line: Pattern | None = None
    contains: list[str] = Field(default_factory=list)
    columns: list[str] = Field(default_factory=list)
    header: dict[int, Pattern] = Field(default_factory=dict)
    cells: int | tuple[int, int] | None = None
    matches: dict[str, Pattern] = Field(default_factory=dict)
    tables: list[str] = Field(default_factory=list)
    root: str | None = None


class Column(BaseModel):
    """One column.

    ``at`` says where: a position from 1, a name, several names of which the first found counts; in XML an XPath and in
    JSON a JSONPath, from the row. It is the column's own name when nothing is said. A fixed-width column also has a
    ``width``. Types:

    * ``text``, ``code``: as written, blanks around left out, an Excel ``="…"`` unwrapped;
    * ``integer``, ``number``: thousands marks left out (``1.234`` where ``grouping`` is ``.``);
    * ``value``: a result, read where a fact uses it;
    * ``date``: ``formats`` in order, or every usual shape; ``pivot`` for two-digit years;
    * ``flag``: ``L``, ``H``, ``LL``, ``HH``, ``A``, ``N``;
    * ``boolean``, ``sex``: by ``words`` (what is written: ``true`` or ``false``; ``M`` or ``F``), or the usual ones.

    A ``required`` column that is empty or cannot be read puts its row in quarantine. A ``surrogate`` is a number or a
    time that the software gives to the row itself: rows that differ in nothing else say the same twice.
    """

    model_config = STRICT
    at: Annotated[int, Field(strict=True, ge=1, le=100_000)] | str | list[str] | None = Field(
        default=None, union_mode="left_to_right"
    )
    width: int | None = Field(default=None, ge=1, le=100_000)
    type: Literal["text", "code", "integer", "number", "value", "date", "flag", "boolean", "sex"] = "text"
    required: bool = False
    surrogate: bool = False
    formats: list[str] = Field(default_factory=list)
    pivot: int | None = Field(default=None, ge=0, le=99)
    words: dict[str, str] = Field(default_factory=dict)
    says: str | None = None
    """What the column means, for readers of the pack."""


class RowKind(BaseModel):
    """One kind of row, told by its shape; the first whose ``when`` holds counts.

    ``columns`` are added to those of the table. A kind that ``carry``s gives these columns to the rows that follow,
    until the next such row. A kind with ``aside`` holds no fact. Neither: it holds the facts that are ``on`` it.
    """

    model_config = STRICT
    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    when: Condition | None = None
    columns: dict[str, Column] = Field(default_factory=dict)
    carry: list[str] = Field(default_factory=list)
    aside: Aside | None = None


class JoinTo(BaseModel):
    """A row of another table (or of this one) found by a key. Case, accents and blanks of keys do not count.

    A key that is met twice there joins nothing, and is a doubt. With ``names`` and ``values`` the rows of one key are
    one row whose columns are named by ``names`` (entity, attribute, value); the last value of a name counts.
    """

    model_config = STRICT
    to: str
    key: list[Expression] = Field(min_length=1)
    their_key: list[Expression] = Field(default_factory=list)
    names: Expression | None = None
    values: Expression | None = None


class Table(BaseModel):
    """The rows of one kind: a delimited file, a sheet, a SQL table, the elements of an XPath, the items of a JSONPath.

    ``source`` is the sheet, the SQL table, the XPath or the JSONPath. ``use`` is ``lookup`` when its rows are only read
    for other tables. ``withdrawn`` says which rows their source calls deleted or outdated.
    """

    model_config = STRICT
    source: str | None = None
    use: Literal["facts", "lookup", "description"] = "facts"
    columns: dict[str, Column] = Field(default_factory=dict)
    rows: list[RowKind] = Field(default_factory=list)
    joins: dict[str, JoinTo] = Field(default_factory=dict)
    withdrawn: Condition | None = None
    patient: Person | None = None
    document: Gathering = Field(default_factory=Gathering)
    facts: list[Fact] = Field(default_factory=list)
    units: list[ImpliedUnit] = Field(default_factory=list)
    bounds: list[Bounds] = Field(default_factory=list)


class File(Table):
    """One file of the export. It holds one table, said here, or several (``tables``: sheets, SQL tables...).

    ``names`` are patterns (``*``, ``?``) of its name, whatever the case; without any, the content alone tells.
    """

    kind: Physical
    names: list[str] = Field(default_factory=list)
    dialect: Dialect = Field(default_factory=Dialect)
    expects: Expects = Field(default_factory=Expects)
    tables: dict[str, Table] = Field(default_factory=dict)


def tables_of(role: str, file: File) -> dict[str, Table]:
    """The tables of a file by name; a file of one table has the name of its role."""
    return dict(file.tables) or {role: file}


__all__ = [
    "Column",
    "Dialect",
    "Expects",
    "Expression",
    "File",
    "JoinTo",
    "RowKind",
    "Table",
    "tables_of",
]
