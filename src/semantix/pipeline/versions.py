"""Reports that have the number of an earlier one: what completes or corrects it adds its facts beside, and is told."""

from __future__ import annotations

from hashlib import blake2b

from semantix.model import Document, Identifier, Issue, Severity
from semantix.pipeline.remembering import First

SEVERAL_REPORTS = "SX907"
REPORT = "lab-report"


class Versions:
    """Remembers which document each number of a report came with first, by their digests."""

    def __init__(self) -> None:
        self._first = First()

    def issue(self, numbered: tuple[bytes, bytes] | None) -> Issue | None:
        """A doubt when another document had the same number."""
        if numbered is None or not self._first.is_other(*numbered):
            return None
        words = (
            "another document with the number of this report was read before: if this one completes or corrects it, "
            "the facts of both are in the output"
        )
        return Issue(SEVERAL_REPORTS, Severity.WARNING, "document", words)


def numbered_by(document: Document) -> tuple[bytes, bytes] | None:
    """The number of a report, which its versions share, and the identity of this one, as digests.

    Numbers are given again: to another patient it is another report, and a laboratory's own on another day too.
    """
    day = document.time.date if document.time is not None and document.set_id is None else ""
    number = document.set_id or _reported(document)
    if number is None or not number.root or not number.extension:
        return None
    patient = next((f"{one.root}^{one.extension}" for one in document.patient.ids if one.extension), "")
    parts = ("|".join((number.root, number.extension, patient, day)), document.key)
    first, second = (blake2b(part.encode("utf-8", "replace"), digest_size=12).digest() for part in parts)
    return first, second


def _reported(document: Document) -> Identifier | None:
    """The number of the laboratory's report, if the document is one."""
    statements = (one for section in document.sections for one in section.statements if one.kind == REPORT)
    return next((number for one in statements for number in one.ids), None)
