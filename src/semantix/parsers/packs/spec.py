"""A mapping pack: the models are the schema; ``docs/reference/mapping-packs.md`` says it in words."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Struct
from pydantic import BaseModel, Field

from semantix.parsers.packs.spec_expressions import STRICT
from semantix.parsers.packs.spec_files import Aside, File

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]


class Given(BaseModel):
    """The content of one file of a test: ``text`` as it would be decoded, or ``rows`` of cells (workbooks, dBASE).

    ``rows`` count from the first row of the sheet, or are the records of a dBASE file. ``tables`` are rows by sheet.
    ``line_ends`` replaces the line ends of ``text``; ``encoding`` is what it is written in.
    """

    model_config = STRICT
    text: str | None = None
    rows: list[list[str]] | None = None
    tables: dict[str, list[list[str]]] | None = None
    line_ends: Literal["lf", "crlf", "cr"] = "lf"
    encoding: str = "utf-8"
    name: str | None = None


class Outside(BaseModel):
    """Lines that became no fact."""

    model_config = STRICT
    reason: Aside | Literal["repeated", "unreadable", "unknown-kind", "damaged"]
    lines: int = Field(ge=1)


class Example(BaseModel):
    """Rows in, facts out. ``facts`` are all the facts, in order; of each, the fields said must be equal.

    The fields of a fact are those of ``semantix.parsers.packs.told``: ``patient``, ``kind``, ``code``, ``system``,
    ``display``, ``text``, ``value``, ``unit``, ``comparator``, ``low``, ``high``, ``flag``, ``time``, ``end``...
    """

    model_config = STRICT
    name: str = Field(min_length=1)
    practice: str = "cabinet-essai"
    files: dict[str, Given] = Field(min_length=1)
    facts: list[dict[str, str]] = Field(default_factory=list)
    aside: list[Outside] = Field(default_factory=list)
    doubts: list[str] = Field(default_factory=list)


class PackSpec(BaseModel):
    """One mapping pack. ``pack`` is its identity, ``evidence`` says where the layout is known from."""

    model_config = STRICT
    format: Literal["semantix-pack/1"] = Field(default="semantix-pack/1", alias="schema")
    pack: Name
    version: Annotated[str, Field(pattern=r"^\d+(\.\d+){0,2}$")]
    software: str = Field(min_length=1)
    title: str = Field(min_length=1)
    evidence: str = Field(min_length=10)
    licence: str = "Apache-2.0"
    notes: str = ""
    files: dict[Name, File] = Field(min_length=1)
    tests: list[Example] = Field(default_factory=list)


class Pack(Struct, frozen=True, eq=False):
    """A pack loaded. ``digest`` is the SHA-256 of its content, however laid out; ``name`` is the file it came from."""

    id: str
    version: str
    digest: str
    name: str
    spec: PackSpec

    @property
    def label(self) -> str:
        """Identity, version and the beginning of the digest, as evidence shows them."""
        return f"{self.id} {self.version} ({self.digest[:12]})"


class TestOutcome(Struct, frozen=True):
    """What came of one test of a pack: ``differences`` say what was expected and found; none, when it passed."""

    pack: str
    test: str
    differences: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """True when everything was as the test says."""
        return not self.differences


def pack_schema() -> dict[str, Any]:
    """The JSON Schema of a pack."""
    schema = PackSpec.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
