"""Patient numbers that a practice or a laboratory gave to several people: told, and the people are kept apart."""

from __future__ import annotations

from hashlib import blake2b

from semantix.identifiers import number_and_birth
from semantix.model import Document, Issue, Severity
from semantix.pipeline.remembering import First

SEVERAL_PEOPLE = "SX906"


class Namesakes:
    """Remembers the birth date that each number came with first, by their digests."""

    def __init__(self) -> None:
        self._births = First()

    def issue(self, claimed: tuple[bytes, bytes] | None) -> Issue | None:
        """A doubt when a number that was met before comes with another birth date."""
        if claimed is None or not self._births.is_other(*claimed):
            return None
        words = "the number of this patient was met before with another birth date: kept apart, as two people"
        return Issue(SEVERAL_PEOPLE, Severity.WARNING, "patient", words)


def claimed_by(document: Document) -> tuple[bytes, bytes] | None:
    """The number and the birth date of a patient known by a local number alone, as digests."""
    found = number_and_birth(document.patient)
    if found is None:
        return None
    number, birth = (blake2b(part.encode("utf-8", "replace"), digest_size=12).digest() for part in found)
    return number, birth
