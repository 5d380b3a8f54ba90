"""What the tests of quirks share: a fixture converted the public way, and its output as facts that a person can check.

Every conversion also checks the promise that all of them rest on: no bug, and every line read, set aside with a reason,
or quarantined.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from semantix import Options, RunReport, convert

FIXTURES = Path(__file__).parent / "fixtures"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/iso21090-PQ-translation"

Json = dict[str, Any]


class Fact(Struct, kw_only=True):
    """One Observation, its numbers as they are written. ``low`` and ``high`` are the first range's.

    ``value`` is the number with its comparator and its unit as written (``"<0.12 mg/l"``), ``seconds`` the same result
    in other units; ``text`` an answer in words. ``others`` are the further ranges, ``range_text`` a range in words.
    """

    who: str
    label: str
    local: str
    system: str
    loinc: tuple[str, ...]
    value: str | None = None
    ucum: str | None = None
    seconds: tuple[str, ...] = ()
    text: str | None = None
    low: str | None = None
    high: str | None = None
    others: tuple[tuple[str | None, str | None], ...] = ()
    range_text: str | None = None
    flag: str | None = None
    when: str | None = None
    notes: tuple[str, ...] = ()
    status: str = "final"
    absent: str | None = None

    @property
    def range(self) -> tuple[str | None, str | None]:
        """Both bounds of the first range."""
        return self.low, self.high


class Person(Struct, frozen=True):
    """One Patient."""

    family: str
    given: str
    birth: str | None
    numbers: tuple[str, ...]


class Found(Struct):
    """What a conversion gave."""

    report: RunReport
    facts: list[Fact]
    people: list[Person]
    resources: dict[str, list[Json]]
    bytes: bytes

    def fact(self, label: str) -> Fact:
        """The only fact with this label."""
        (found,) = [fact for fact in self.facts if fact.label == label]
        return found

    def of(self, who: str) -> dict[str, Fact]:
        """The facts of a person, known by the family name, by label."""
        return {fact.label: fact for fact in self.facts if fact.who == who}

    def doubts(self) -> set[str]:
        """The codes of all doubts, but that one report is there in the several writings of a quirk."""
        return {code for code, _ in self.report.figures.issues if code != "SX907"}

    def aside(self) -> dict[str, int]:
        """Lines set aside or quarantined, by reason; ``!`` marks quarantine."""
        return {("!" if bad else "") + reason: lines for reason, bad, lines in self.report.reading.by_reason()}


def read(folder: Path, out: Path, *, packs: tuple[Path, ...] = ()) -> Found:
    """Convert a folder to FHIR."""
    report = convert([folder], out, Options(format="ndjson", packs=packs))
    check(report)
    written = {path.stem: path.read_bytes() for path in sorted(out.rglob("*.ndjson"))}
    resources = {
        name: [json.loads(line, parse_float=str, parse_int=str) for line in data.splitlines()]
        for name, data in written.items()
    }
    people = {f"Patient/{one['id']}": person_of(one) for one in resources.get("Patient", [])}
    facts = [fact_of(one, people) for one in resources.get("Observation", []) if not one.get("hasMember")]
    return Found(report, facts, list(people.values()), resources, b"".join(written.values()))


def quirk(name: str, out: Path) -> Found:
    """Convert the fixture of a quirk, with its own pack if it has one."""
    pack = FIXTURES / name / "pack.yaml"
    return read(FIXTURES / name / "cabinet", out, packs=(pack,) if pack.exists() else ())


def measurements(name: str, out: Path) -> list[dict[str, str]]:
    """Convert the fixture of a quirk to OMOP; the rows of MEASUREMENT as they are written."""
    report = convert([FIXTURES / name / "cabinet"], out, Options(target="omop", format="csv"))
    check(report)
    with (out / "measurement.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def check(report: RunReport) -> None:
    """No bug, and every line accounted for: their number is counted here once more, where lines are lines."""
    assert report.bugs == 0, report.unreadable
    reading = report.reading
    assert reading.total == reading.read + reading.aside + reading.quarantined
    for name, one in report.readings.items():
        data = Path(name).read_bytes()
        assert one.total == one.read + one.aside + one.quarantined
        if not data.startswith((b"\xff\xfe", b"\xd0\xcf\x11\xe0")):
            assert one.total == len(data.splitlines()), name


# --- resources to facts ----------------------------------------------------------------------------------------------


def person_of(patient: Json) -> Person:
    """A Patient as its user reads it."""
    name: Json = next(iter(patient.get("name", [])), {})
    numbers = tuple(one["value"] for one in patient.get("identifier", []) if "value" in one)
    return Person(name.get("family", ""), " ".join(name.get("given", [])), patient.get("birthDate"), numbers)


def fact_of(one: Json, people: dict[str, Person]) -> Fact:
    """An Observation as its user reads it."""
    codings = one["code"].get("coding", [])
    local: Json = next((coding for coding in codings if coding["system"].startswith("urn:semantix:local")), {})
    value = one.get("valueQuantity", {})
    ranges = [(_bound(each.get("low")), _bound(each.get("high"))) for each in one.get("referenceRange", [])]
    person = people.get(one["subject"]["reference"])
    return Fact(
        who=person.family if person else "",
        label=one["code"].get("text") or local.get("display") or local.get("code", ""),
        local=local.get("code", ""),
        system=local.get("system", "").removeprefix("urn:semantix:local:"),
        loinc=tuple(coding["code"] for coding in codings if coding["system"] == LOINC),
        value=_amount(value) if value else _interval(one.get("valueRange")),
        ucum=value.get("code") if value.get("system") == UCUM else None,
        seconds=tuple(_amount(each) for each in _translations(value)),
        text=one.get("valueString"),
        low=ranges[0][0] if ranges else None,
        high=ranges[0][1] if ranges else None,
        others=tuple(ranges[1:]),
        range_text=next((each["text"] for each in one.get("referenceRange", []) if "text" in each), None),
        flag=next((each["coding"][0]["code"] for each in one.get("interpretation", [])), None),
        when=one.get("effectiveDateTime"),
        notes=tuple(note["text"] for note in one.get("note", [])),
        status=one["status"],
        absent=next((each["code"] for each in one.get("dataAbsentReason", {}).get("coding", [])), None),
    )


def _translations(value: Json) -> Iterator[Json]:
    return (each["valueQuantity"] for each in value.get("extension", []) if each["url"] == TRANSLATION)


def _amount(value: Json) -> str:
    return f"{value.get('comparator', '')}{value.get('value', '')} {value.get('unit', '')}".strip()


def _bound(value: Json | None) -> str | None:
    return value["value"] if value else None


def _interval(value: Json | None) -> str | None:
    return f"{_bound(value.get('low'))}-{_bound(value.get('high'))}" if value else None
