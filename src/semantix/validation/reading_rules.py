"""The doubts of the readers as rules: ``SX012`` of the loss report is ``SX-READ-012`` of a validation report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix.model import Severity
from semantix.report.issue_words import ISSUES
from semantix.validation._findings import RuleInfo, Text
from semantix.validation._reading_kinds import KINDS

_OF_OUTPUTS = "SX9"
"""Doubts about what is written by a conversion: no reader has them."""

_KIND_OF: Mapping[str, str] = MappingProxyType(
    {
        number: kind
        for kind, numbers in (
            ("date", "002 304 305 333 403 420 432 506 507"),
            ("zone", "001 422"),
            ("number", "004 402 421 435"),
            ("readings", "310 313 314 316 317 334 409 508 509"),
            ("status", "311 312 315 336 337 410"),
            ("identity", "332 404 424 425 433 512"),
            ("encoding", "320 401 427 431 511"),
            ("base64", "008 408"),
            ("archive", "101 102 103 104 105 107 601 602 603 604 605 606 607 609 611"),
            ("notice", "106 407 413 608 610"),
            ("patient", "009 301 306 406 426 428 502 513"),
            ("header", "302 303 330 331"),
            ("reference", "003 338 423 501 510"),
            ("nameless", "339 411 434"),
            ("words", "280 436"),
            ("unit", "211 281 503 504"),
            ("type", "006 335 505"),
            ("body", "010 405"),
            ("space", "005"),
        )
        for number in numbers.split()
    }
)
_ERRORS = frozenset("101 107 406 601 603".split())
_INFORMATION = frozenset("001 106 280 281 332 404 407 413 424 433 503 608 610".split())

_SOURCES: tuple[tuple[str, str], ...] = (
    ("6", "Cahier des charges de la portabilité des dossiers patients (Ségur, vague 2), manifeste et archives"),
    ("5", "semantix, mapping packs (docs/reference/mapping-packs.md)"),
    ("43", "PN13-SIPh, Phast, guide de mise en œuvre"),
    ("42", "HL7 FHIR R4 (4.0.1), https://hl7.org/fhir/R4/; FR Core 2.1"),
    ("40", "HL7 v2.5, chapters 2, 3 and 7; IHE PAM France for PID-32"),
    ("41", "HL7 v2.5, chapters 2, 7 and 9"),
    ("33", "HPRIM Santé 2.x, guide de transmission"),
    ("3", "HPRIM Médecin 3.0, transmission de résultats"),
    ("2", "semantix, values and text of any source (docs/reference/loss-report.md)"),
    ("1", "IHE ITI TF-2, 3.32 (XDM), and TF-3, 4.2 (document entries)"),
    ("0", "HL7 CDA R2 (2005) and data types R1; CI-SIS, volet Structuration minimale des documents de santé"),
)


def reading_code(code: str) -> str:
    """Return the code of a reader's doubt in a validation report: ``SX-READ-012`` for ``SX012``."""
    return f"SX-READ-{code.removeprefix('SX')}"


def _rules() -> Iterator[RuleInfo]:
    for code, words in sorted(ISSUES.items()):
        if code.startswith(_OF_OUTPUTS):
            continue
        number = code.removeprefix("SX")
        kind = KINDS[_KIND_OF[number]]
        title = _sentences(words)
        yield RuleInfo(
            code=reading_code(code),
            severity=_severity(number),
            title=title,
            found=_stops(title),
            expected=kind.expected,
            fix=kind.fix,
            why=kind.why,
            source=next(source for start, source in _SOURCES if number.startswith(start)),
        )


def _severity(number: str) -> Severity:
    if number in _ERRORS:
        return Severity.ERROR
    return Severity.INFORMATION if number in _INFORMATION else Severity.WARNING


def _sentences(words: Text) -> Text:
    english, french = words
    return english[0].upper() + english[1:], french[0].upper() + french[1:]


def _stops(words: Text) -> Text:
    english, french = words
    return (english if english.endswith("?") else f"{english}."), (french if french.endswith("?") else f"{french}.")


RULES: tuple[RuleInfo, ...] = tuple(_rules())
