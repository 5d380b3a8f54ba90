"""Small documents made by hand: every place is a number, and the account of what the source holds follows from them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from semantix import model
from semantix.emitters.omop import OmopEmission, OmopOptions, emit
from semantix.vocabulary import Vocabulary

SNOMED, LOINC, CIM10 = "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.3"
ACT_CODE, ROLE, CIP, CIS, CCAM = (
    "2.16.840.1.113883.5.4",
    "2.16.840.1.113883.5.111",
    "1.2.250.1.213.2.3.2",
    "1.2.250.1.213.2.3.1",
    "1.2.250.1.215.300.1",
)
INS = "1.2.250.1.213.1.4.8"


def parts(value: Any) -> Iterator[Any]:
    """Every struct inside a value."""
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item)
    elif isinstance(value, msgspec.Struct):
        yield value
        for name in value.__struct_fields__:
            yield from parts(getattr(value, name))


class Maker:
    """Builds values with fresh places."""

    def __init__(self) -> None:
        self._places = count(1)
        self.ids = count(1)

    @property
    def at(self) -> int:
        return next(self._places)

    def concept(self, code: str, system: str | None = SNOMED, display: str | None = None, **rest: Any) -> model.Concept:
        return model.Concept((model.Coding(code, system, display, self.at),), self.at, **rest)

    def concepts(self, *pairs: tuple[str, str]) -> model.Concept:
        return model.Concept(tuple(model.Coding(c, s, None, self.at) for s, c in pairs), self.at)

    def point(self, iso: str) -> model.PartialDate:
        return model.PartialDate(iso.replace("-", ""), iso, self.at)

    def span(
        self, low: str | None = None, high: str | None = None, width: model.Quantity | None = None
    ) -> model.TimeSpan:
        return model.TimeSpan(
            self.at, low=self.point(low) if low else None, high=self.point(high) if high else None, width=width
        )

    def on(self, iso: str) -> model.TimeSpan:
        return model.TimeSpan(self.at, value=self.point(iso))

    def quantity(self, value: str, unit: str | None = None, comparator: str | None = None) -> model.Quantity:
        return model.Quantity(Decimal(value), unit, self.at, comparator)

    def statement(self, kind: type[Any], word: str, **fields: Any) -> Any:
        place = self.at
        return kind(at=place, path=f"/entry[{place}]", kind=word, **fields)

    def observation(self, code: str = "99999-1", *values: Any, word: str = "lab-result", **fields: Any) -> Any:
        fields.setdefault("time", self.on("2024-03-08"))
        return self.statement(model.Observation, word, code=self.concept(code, LOINC), values=values, **fields)

    def problem(self, what: Any, **fields: Any) -> Any:
        fields.setdefault("time", self.span("2024-01-02"))
        return self.statement(model.Problem, fields.pop("word", "problem"), problem=what, **fields)

    def medication(self, code: model.Concept | None, **fields: Any) -> Any:
        fields.setdefault("time", self.span("2024-02-01"))
        product = model.Product(at=self.at, path="/product", code=code, **fields.pop("product", {}))
        return self.statement(model.Medication, fields.pop("word", "medication"), product=product, **fields)

    def patient(self, **changes: Any) -> model.Patient:
        fields: dict[str, Any] = {
            "at": self.at,
            "path": "/patient",
            "ids": (model.Identifier(INS, "299999999999934"),),
            "gender": self.concept("F", "2.16.840.1.113883.5.1"),
            "birth": self.point("1980-05-17"),
        }
        return model.Patient(**{**fields, **changes})

    def party(self, role: str = "author", code: str | None = "G15_10/SM26", **fields: Any) -> model.Party:
        place = self.at
        return model.Party(
            at=place,
            path=f"/{role}[{place}]",
            role=role,
            code=self.concept(code, "1.2.250.1.213.1.1.4.5") if code else None,
            **fields,
        )

    def document(self, *statements: Any, **changes: Any) -> model.Document:
        section = model.Section(
            at=self.at, path="/section[1]", code=self.concept("11450-4", LOINC), statements=statements
        )
        fields: dict[str, Any] = {
            "source": model.Source(name="doc.xml", size=1, sha256=f"sha-{next(self.ids)}"),
            "format": "CDA R2",
            "ids": (model.Identifier("1.2.3", f"doc-{next(self.ids)}"),),
            "at": self.at,
            "locate": lambda place: model.Origin(f"/{place}"),
            "code": self.concept("11488-4", LOINC, "Compte rendu"),
            "time": self.point("2024-03-10T10:00:00+01:00"),
            "language": "fr-FR",
            "patient": self.patient(),
            "sections": (section,),
        }
        draft = model.Document(**{**fields, **changes})
        found = list(parts(draft))
        return msgspec.structs.replace(
            draft,
            coded=tuple(dict.fromkeys(p.at for p in found if isinstance(p, model.Coding))),
            statement_places=tuple(dict.fromkeys(p.at for p in found if isinstance(p, model.Statement))),
        )

    def emit(self, *statements: Any, options: OmopOptions | None = None, **changes: Any) -> OmopEmission:
        document = self.document(*statements, **changes)
        emission = emit(document, options)
        assert emission.ledger is not None
        account = emission.ledger.account(document)
        assert [loss for loss in account.losses if loss.reason == "not-carried"] == []
        return emission


@pytest.fixture
def make() -> Maker:
    return Maker()


@pytest.fixture(scope="session")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    folder = Path(__file__).parents[3] / "data" / "vocabulary"
    return Vocabulary.load(folder, tmp_path_factory.mktemp("vocabulary") / "index.duckdb")
