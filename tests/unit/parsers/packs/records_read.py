"""What FHIR resources tell of records, counted as the truth of a synthetic practice counts it."""

from typing import Any

from tests.practices.records import RecordsTruth
from tests.unit.parsers.packs.runs import Run

ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
CCAM = "1.2.250.1.215.300.1"


def counted(run: Run) -> RecordsTruth:
    """How many of each were read."""
    of = run.resources
    procedures = of.get("Procedure", [])
    acts = [one for one in procedures if any(CCAM in system for system, _ in _codes(one["code"]))]
    allergies = [_codes(one["code"]) for one in of.get("AllergyIntolerance", [])]
    absent = [codes for codes in allergies if any(system == ABSENT for system, _ in codes)]
    drugs = [*of.get("MedicationRequest", []), *of.get("MedicationStatement", [])]
    return RecordsTruth(
        problems=len(of.get("Condition", [])),
        operations=len(procedures) - len(acts),
        relatives=len(of.get("FamilyMemberHistory", [])),
        allergies=len(allergies) - len(absent),
        none_known=sum((ABSENT, "no-known-allergies") in codes for codes in absent),
        not_asked=sum("NASK" in dict(codes).values() for codes in absent),
        drugs=len(drugs),
        dosages=sum(any(map(_is_read, one.get("dosageInstruction", one.get("dosage", [])))) for one in drugs),
        vaccines=len(of.get("Immunization", [])),
        signs=sum(map(_signs, of.get("Observation", []))),
        acts=len(acts),
    )


def _codes(concept: dict[str, Any]) -> list[tuple[str, str]]:
    return [(coding.get("system", ""), coding["code"]) for coding in concept.get("coding", ())]


def _is_read(dosage: dict[str, Any]) -> bool:
    return bool({"timing", "doseAndRate"} & dosage.keys())


def _signs(one: dict[str, Any]) -> int:
    """Measures of vital signs; both pressures of one measure are two."""
    is_sign = any(code == "vital-signs" for part in one.get("category", ()) for _, code in _codes(part))
    return ("valueQuantity" in one) + len(one.get("component", ())) if is_sign else 0
