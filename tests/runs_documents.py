"""Small CDA documents of invented people, made of what a test wants to say: who, which identifiers, which results."""

from __future__ import annotations

from dataclasses import dataclass, field

INS = "1.2.250.1.213.1.4.10"
ROOT = "1.2.250.1.999.7"
BODY = "2.16.840.1.113883.6.1"


@dataclass(frozen=True)
class Paper:
    """One document. ``results`` are (LOINC code, value); ``number`` is its own identifier, ``person`` that of whom."""

    number: str
    person: str = "1"
    results: tuple[tuple[str, str], ...] = (("8302-2", "170"),)
    set_id: str = ""
    version: int = 0
    replaces: str = ""
    day: str = "20240308"
    birth: str = "19560312"
    family: str = "PATIENTE"
    given: tuple[str, ...] = field(default=("ORIANE",))


def ins(person: str) -> str:
    """A test INS for a short number, with its key."""
    thirteen = f"256037512{int(person):04d}"
    return f"{thirteen}{97 - int(thirteen) % 97:02d}"


def write(paper: Paper) -> bytes:
    """The document as CDA R2."""
    related = ""
    if paper.replaces:
        parent = f'<parentDocument><id root="{ROOT}" extension="{paper.replaces}"/></parentDocument>'
        related = f'<relatedDocument typeCode="RPLC">{parent}</relatedDocument>'
    numbered = f'<setId root="{ROOT}.1" extension="{paper.set_id}"/>' if paper.set_id else ""
    numbered += f'<versionNumber value="{paper.version}"/>' if paper.version else ""
    names = "".join(f"<given>{name}</given>" for name in paper.given)
    entries = "".join(_entry(code, value, paper.day) for code, value in paper.results)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>'
        f'<id root="{ROOT}" extension="{paper.number}"/>'
        f'<code code="34133-9" codeSystem="{BODY}"/><title>Synthese</title>'
        f'<effectiveTime value="{paper.day}101500+0100"/>'
        '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="fr-FR"/>'
        f"{numbered}<recordTarget><patientRole>"
        f'<id root="{INS}" extension="{ins(paper.person)}"/>'
        f"<patient><name><family>{paper.family}</family>{names}</name>"
        '<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>'
        f'<birthTime value="{paper.birth}"/></patient></patientRole></recordTarget>{related}'
        "<component><structuredBody><component><section>"
        f'<code code="8716-3" codeSystem="{BODY}"/><title>Mesures</title><text>voir</text>{entries}'
        "</section></component></structuredBody></component></ClinicalDocument>"
    ).encode()


def _entry(code: str, value: str, day: str) -> str:
    return (
        '<entry><observation classCode="OBS" moodCode="EVN">'
        f'<code code="{code}" codeSystem="{BODY}"/><statusCode code="completed"/>'
        f'<effectiveTime value="{day}"/><value xsi:type="PQ" value="{value}" unit="cm"/></observation></entry>'
    )
