"""A folder converted to FHIR, and what its resources say, as short rows."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.practices.content import Practice

from semantix import Options, RunReport, convert
from semantix.parsers import HEAD, claims_on
from semantix.pipeline.packs import parsers_of

Told = tuple[str, str, str, str, str, str]
"""Number of the patient, label, comparator, value or words, unit, day."""


def claims_of(data: bytes, name: str) -> list[tuple[str, str]]:
    """The pack and the role of every claim on a file, or the format of another reader."""
    return [(claim.pack or claim.format, claim.role) for _, claim in claims_on(data[:HEAD], name, parsers_of())]


class Run:
    """What came of a folder."""

    def __init__(self, folder: Path) -> None:
        out = folder.parent / f"{folder.name}-out"
        self.report: RunReport = convert([folder], out, Options(format="ndjson", curated=False))
        assert self.report.reading.unaccounted == 0
        self.resources: dict[str, list[dict[str, Any]]] = {
            path.stem: [json.loads(line, parse_float=Decimal) for line in path.read_text("utf-8").splitlines()]
            for path in out.glob("*.ndjson")
        }

    @property
    def refused(self) -> list[str]:
        return [item.name for item in self.report.unreadable]

    @property
    def reasons(self) -> dict[str, int]:
        """Lines that became no fact, by reason; those before the data are left out."""
        found: Counter[str] = Counter()
        for (reason, _), lines in self.report.reading.reasons.items():
            found[reason] += lines
        return {reason: lines for reason, lines in found.items() if reason not in {"structure", "administrative"}}

    @property
    def doubts(self) -> set[str]:
        return {code for code, _ in self.report.figures.issues}

    def patients(self) -> dict[str, dict[str, Any]]:
        """Patients by reference."""
        return {f"Patient/{one['id']}": one for one in self.resources.get("Patient", [])}

    def results(self) -> list[Told]:
        """Every result, in order."""
        patients = self.patients()
        return [_told(one, patients) for one in self.resources.get("Observation", []) if _is_result(one)]

    def by_number(self) -> dict[str, tuple[str, str, str, str]]:
        """Family name, given name, sex and birth of patients, by their number."""
        return {_number(one): _traits(one) for one in self.resources.get("Patient", [])}


def _is_result(one: dict[str, Any]) -> bool:
    return any(coding["code"] == "laboratory" for part in one.get("category", ()) for coding in part["coding"])


def _told(one: dict[str, Any], patients: dict[str, dict[str, Any]]) -> Told:
    amount = one.get("valueQuantity", {})
    value = str(amount["value"]) if "value" in amount else one.get("valueString", "")
    label = one["code"]["coding"][0]["display"]
    number = _number(patients[one["subject"]["reference"]])
    return number, label, amount.get("comparator", ""), value, amount.get("unit", ""), one["effectiveDateTime"]


def _number(patient: dict[str, Any]) -> str:
    return next((one["value"] for one in patient.get("identifier", ())), "")


def _traits(patient: dict[str, Any]) -> tuple[str, str, str, str]:
    name = next(iter(patient.get("name", ())), {})
    sex = {"male": "M", "female": "F"}.get(patient.get("gender", ""), "")
    return name.get("family", ""), " ".join(name.get("given", ())), sex, patient.get("birthDate", "")


def expected(practice: Practice) -> Counter[tuple[object, ...]]:
    """The results of a practice as they must be read, each once."""
    return Counter(
        (one.person.number, one.label, one.comparator, one.value, one.unit, one.day.isoformat())
        for one in practice.results
    )


def read_back(run: Run) -> Counter[tuple[object, ...]]:
    """The results of a run, values as numbers."""
    return Counter((number, label, sign, Decimal(value), *rest) for number, label, sign, value, *rest in run.results())


def people_of(practice: Practice) -> dict[str, tuple[str, str, str, str]]:
    """Traits of the patients of a practice by number."""
    known = {one.person.number: one.person for one in practice.results}
    return {n: (p.family, p.given, p.sex, p.birth.isoformat()) for n, p in known.items()}
