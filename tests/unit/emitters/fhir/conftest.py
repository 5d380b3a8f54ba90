"""Documents made by hand: every coding and statement made is counted, so that the account can be checked."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from msgspec import Struct

from semantix.emitters.fhir import Emission, FhirOptions, emit
from semantix.model import (
    Coding,
    Concept,
    Document,
    Identifier,
    Name,
    NamePart,
    Origin,
    PartialDate,
    Patient,
    Quantity,
    Section,
    Source,
    Statement,
    TimeSpan,
)

LOINC = "2.16.840.1.113883.6.1"
SNOMED = "2.16.840.1.113883.6.96"
Json = dict[str, Any]


def reach(value: Any) -> tuple[list[Any], list[Any]]:
    """The places of the codings and of the statements inside a value: what the document holds, whoever wrote it."""
    coded: list[Any] = []
    statements: list[Any] = []
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, tuple):
            todo.extend(one)
        elif isinstance(one, Struct):
            if isinstance(one, Coding):
                coded.append(one.at)
            elif isinstance(one, Statement):
                statements.append(one.at)
            todo.extend(getattr(one, name) for name in one.__struct_fields__)
    return coded, statements


class Maker:
    """Makes values of the model with places of their own."""

    def __init__(self) -> None:
        self.origins: dict[int, Origin] = {}
        self._next = 0

    def at(self) -> int:
        self._next += 1
        return self._next

    def coding(self, code: str, system: str | None = SNOMED, display: str | None = None) -> Coding:
        place = self.at()
        self.origins[place] = Origin(f"/{place}", system, code)
        return Coding(code, system, display, place)

    def concept(self, code: str, system: str | None = SNOMED, **fields: Any) -> Concept:
        return Concept((self.coding(code, system),), self.at(), **fields)

    def quantity(self, value: str, unit: str | None = None, **fields: Any) -> Quantity:
        return Quantity(Decimal(value), unit, self.at(), **fields)

    def date(self, iso: str) -> PartialDate:
        return PartialDate(iso, iso, self.at())

    def when(self, iso: str) -> TimeSpan:
        return TimeSpan(at=self.at(), value=self.date(iso))

    def make(self, kind: type[Statement], name: str = "observation", **fields: Any) -> Any:
        place = self.at()
        return kind(at=place, path=f"/{name}[{place}]", kind=name, **fields)

    def document(self, *statements: Statement, **fields: Any) -> Document:
        section = Section(at=self.at(), path="/section", title="Section", statements=statements)
        given: Json = {
            "source": Source(name="d.xml", size=10, sha256="0" * 64),
            "format": "cda",
            "ids": (Identifier("1.2.250.1.999.1", "D1"),),
            "at": self.at(),
            "locate": lambda place: self.origins.get(place, Origin(f"/{place}")),
            "time": self.date("2024-03-05T10:15:00+01:00"),
            "title": "Document",
            "sections": (section,),
            **fields,
        }
        if "patient" not in given:
            given["patient"] = self.patient()
        coded, statements = reach(tuple(given.values()))
        return Document(coded=tuple(dict.fromkeys(coded)), statement_places=tuple(dict.fromkeys(statements)), **given)

    def patient(self, **fields: Any) -> Patient:
        parts = (NamePart("family", "TEST", "BR"), NamePart("given", "ANNE MARIE"), NamePart("given", "ANNE", "BR"))
        given: Json = {
            "ids": (Identifier("1.2.250.1.213.1.4.10", "299999999999999"),),
            "names": (Name(parts),),
            "birth": self.date("1979"),
            **fields,
        }
        if "gender" not in given:
            given["gender"] = self.concept("F", "2.16.840.1.113883.5.1")
        return Patient(at=self.at(), path="/patient", **given)


@pytest.fixture
def m() -> Maker:
    return Maker()


@pytest.fixture
def emitted(m: Maker) -> Callable[..., Emission]:
    """Emit statements and check what must hold of every emission: the account balances, the resources are valid."""
    pytest.importorskip("fhir.resources")
    from semantix.emitters.fhir import _r4 as r4

    def run(*statements: Statement, **fields: Any) -> Emission:
        document = m.document(*statements, **fields)
        emission = emit(document, FhirOptions())
        account = emission.ledger.account(document)
        assert account.losses == ()
        assert [problem for r in emission.resources for problem in r4.check(r)] == []
        return emission

    return run


@pytest.fixture
def resource(emitted: Callable[..., Emission]) -> Callable[..., Json]:
    """The first resource of a type that one statement becomes."""

    def find(kind: str, *statements: Statement, **fields: Any) -> Json:
        return next(r for r in emitted(*statements, **fields).resources if r["resourceType"] == kind)

    return find
