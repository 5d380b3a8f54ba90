"""What a document is grouped by in the quality report of a run: values of a few bytes that tell nobody apart."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from semantix import systems
from semantix.model import Coding, Document, PartialDate
from semantix.pipeline.questions import age_on

AGE_BANDS = ((0, "0-1"), (2, "2-14"), (15, "15-24"), (25, "25-44"), (45, "45-64"), (65, "65-79"), (80, "80-89"))
OLDEST = "90+"
_OLDEST_FROM, _OLDEST_LIKELY = 90, 130
_SEXES: Mapping[str, str] = MappingProxyType(
    {"M": "M", "MALE": "M", "F": "F", "FEMALE": "F", "UN": "O", "O": "O", "OTHER": "O", "A": "O"}
)
LONGEST_NAME = 60
_MONTH = 7


def dimensions_of(document: Document, day: str) -> dict[str, str]:
    """The columns of ``staging.DOCUMENTS`` that group documents, but the practice; ``day`` is the document's, ISO 8601.

    What is not known is ``""`` (``U`` for the sex); a year alone has no period.
    """
    patient = document.patient
    return {
        "kind": _code_of(document),
        "software": software_of(document),
        "sex": _SEXES.get(_gender(document), "U"),
        "age_band": age_band(age_on(patient.birth, PartialDate(day, day, document.at))) if day else "",
        "period": day[:_MONTH] if len(day) >= _MONTH else "",
        "day": day[:10],
    }


def age_band(age: float | None) -> str:
    """The band of an age in years; ``""`` when it is unknown, or cannot be."""
    if age is None or age >= _OLDEST_LIKELY:
        return ""
    if age >= _OLDEST_FROM:
        return OLDEST
    return next((name for least, name in reversed(AGE_BANDS) if age >= least), "")


def software_of(document: Document) -> str:
    """What made a document: the device that is its author, else the format, which names the software of an export."""
    for party in document.parties:
        device = party.device
        if party.role == "author" and device is not None and (device.software or device.model):
            return " ".join((device.software or device.model or "").split())[:LONGEST_NAME]
    return document.format[:LONGEST_NAME]


def _gender(document: Document) -> str:
    gender = document.patient.gender
    return gender.codings[0].code.upper() if gender is not None and gender.codings else ""


def _code_of(document: Document) -> str:
    """The LOINC code of the kind of document, else its first code."""
    codings = document.code.codings if document.code is not None else ()
    return next((one.code for one in codings if _is_loinc(one)), codings[0].code if codings else "")


def _is_loinc(coding: Coding) -> bool:
    known = systems.find(coding.system)
    return known is not None and known.key == "loinc"


__all__ = ["age_band", "dimensions_of", "software_of"]
