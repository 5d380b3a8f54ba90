"""The list of patients that a practice gives beside exports that hold numbers only: joined by number, or not at all.

A number that the list gives to two people joins nothing. Sources that name their patients are left as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import structs

from semantix.errors import UnreadableInput
from semantix.io import Entry, File, Limits
from semantix.model import Document, Issue, Patient, Severity
from semantix.parsers import Parser, Piece
from semantix.pipeline.packs import Packs

PACK, ROLE = "patient-list", "patients"
AMBIGUOUS = "SX513"
_KEPT = 8
Listed = Mapping[tuple[str | None, str | None], Patient | None]


class People:
    """Completes patients from the lists of their folders; each list is read once."""

    def __init__(self, limits: Limits, parsers: Sequence[Parser]) -> None:
        self._limits = limits
        self._packs = next((parser for parser in parsers if isinstance(parser, Packs)), None)
        self._lists: dict[tuple[tuple[Entry, ...], str], Listed] = {}

    def complete(self, document: Document, lists: Sequence[Entry], practice: str) -> Document:
        """A document with what the lists say of its patient, who is known by a number alone."""
        patient = document.patient
        if not lists or patient.birth is not None or patient.names or not patient.ids:
            return document
        listed = self._listed(tuple(lists), practice)
        identifier = patient.ids[0]
        key = (identifier.root, identifier.extension)
        if key not in listed:
            return document
        found = listed[key]
        if found is None:
            words = "the list of patients gives this number to several people: nothing was joined"
            issue = Issue(AMBIGUOUS, Severity.WARNING, patient.path, words)
            return structs.replace(document, issues=(*document.issues, issue))
        told = structs.replace(
            patient,
            names=found.names,
            birth=found.birth,
            gender=patient.gender or found.gender,
            addresses=patient.addresses or found.addresses,
        )
        codings = found.gender.codings if found.gender is not None and patient.gender is None else ()
        derived = document.derived.union(coding.at for coding in codings)
        return structs.replace(document, patient=told, derived=derived)

    def _listed(self, lists: tuple[Entry, ...], practice: str) -> Listed:
        known = self._lists.get((lists, practice))
        if known is None:
            while len(self._lists) >= _KEPT:
                self._lists.pop(next(iter(self._lists)))
            known = self._lists[lists, practice] = self._read(lists, practice)
        return known

    def _read(self, lists: Sequence[Entry], practice: str) -> Listed:
        found: dict[tuple[str | None, str | None], Patient | None] = {}
        if self._packs is None:
            return found
        for entry in lists:
            file = File(entry, self._limits)
            try:
                piece = Piece(data=file.read(), name=file.name, practice=practice)
                people = list(self._packs.people(piece))
            except UnreadableInput:
                continue  # told when its turn comes
            for one in people:
                if not one.ids:
                    continue
                key = (one.ids[0].root, one.ids[0].extension)
                known = found.setdefault(key, one)
                if known is not None and _traits(known) != _traits(one):
                    found[key] = None
        return found


def _traits(patient: Patient) -> tuple[object, ...]:
    """What makes two rows of a list one person."""
    names = tuple((part.kind, part.value.casefold()) for name in patient.names for part in name.parts)
    return names, patient.birth.iso if patient.birth is not None else None
