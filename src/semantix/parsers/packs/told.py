"""The facts of a document as plain words, for the tests of a pack."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import fromstring

from msgspec import structs

from semantix.model import (
    Allergy,
    Coding,
    Concept,
    Document,
    Immunization,
    Medication,
    Observation,
    Panel,
    PartialDate,
    Patient,
    Problem,
    Quantity,
    Range,
    Section,
    Statement,
    Text,
)


def tell(document: Document) -> Iterator[dict[str, str]]:
    """Every fact of a document, a field where it says something; a note is a fact of its own."""
    person = _person(document.patient)
    around = {"sender": document.sender or "", "title": document.title or ""}
    for section in document.sections:
        for statement in _flat(section.statements):
            yield {key: value for key, value in (person | around | _fact(statement)).items() if value}
        if section.narrative:
            yield person | around | {"kind": "note", "text": _plain(section)}


def _plain(section: Section) -> str:
    return "\n".join(part.strip() for part in fromstring(section.narrative or "").itertext() if part.strip())


def _flat(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    for one in statements:
        if not isinstance(one, Panel):
            yield one
            continue
        for link in one.links:
            yield structs.replace(link.statement, subject=one.subject, time=link.statement.time or one.time)


def _person(patient: Patient) -> dict[str, str]:
    names = {part.kind: part.value for name in patient.names for part in reversed(name.parts)}
    gender = patient.gender.codings[0].code if patient.gender is not None and patient.gender.codings else ""
    return {
        "patient": next((one.extension or "" for one in reversed(patient.ids)), ""),
        "family": names.get("family", ""),
        "given": names.get("given", ""),
        "sex": gender,
        "birth": _date(patient.birth),
    }


def _date(when: PartialDate | None) -> str:
    return when.iso if when is not None else ""


def _fact(one: Statement) -> dict[str, str]:
    found = {"kind": one.kind, "status": one.status or "", "negated": "true" if one.negated else ""}
    if one.time is not None:
        found["time"] = _date(one.time.value or one.time.low)
        found["end"] = _date(one.time.high)
    found["note"] = "\n".join(note.text for note in one.notes)
    found["relative"] = one.subject.code.label or "" if one.subject is not None and one.subject.code is not None else ""
    return found | _subject(one) | _answer(one)


def _subject(one: Statement) -> dict[str, str]:
    """What the fact is about."""
    about: Any = one.code
    found: dict[str, str] = {}
    if isinstance(one, Problem):
        about = one.problem
        found["suspected"] = "true" if one.verification is not None else ""
        found["inactive"] = "true" if one.clinical_status is not None else ""
    elif isinstance(one, Allergy):
        about = one.agents[0].entity if one.agents else one.value
        found["reaction"] = "".join(_words(each.problem) for each in one.reactions)
    elif isinstance(one, Medication | Immunization) and one.product is not None:
        about = one.product.code
        found |= {"words": one.product.name or "", "lot": one.product.lot or ""}
        found["dosage"] = "; ".join(each.text for each in one.dosages if each.text)
    if isinstance(about, Concept):
        main: Coding | None = about.codings[0] if about.codings else None
        if main is not None:
            found |= {"code": main.code, "system": main.system or "", "display": main.display or ""}
        if about.text:
            found["words"] = about.text
    if one.kind == "comment":
        found["text"] = one.text or ""
    return found


def _words(about: object) -> str:
    return about.label or "" if isinstance(about, Concept) else ""


def _answer(one: Statement) -> dict[str, str]:
    if not isinstance(one, Observation):
        return {}
    found: dict[str, str] = {}
    for value in one.values[:1]:
        if isinstance(value, Quantity):
            found |= {"value": _number(value), "unit": value.unit or "", "comparator": value.comparator or ""}
        elif isinstance(value, Range):
            found["value"] = f"{_number(value.low)}-{_number(value.high)}"
        elif isinstance(value, Text):
            found["text"] = value.value
        elif isinstance(value, Concept):
            found["text"] = value.label or value.codings[0].code
        elif isinstance(value, bool):
            found["text"] = "true" if value else "false"
    for reference in one.ranges[:1]:
        if isinstance(reference.value, Range):
            found |= {"low": _number(reference.value.low), "high": _number(reference.value.high)}
    for flag in one.interpretations[:1]:
        found["flag"] = flag.codings[0].code
    return found


def _number(value: Quantity | None) -> str:
    return format(value.value, "f") if value is not None and isinstance(value.value, Decimal) else ""
