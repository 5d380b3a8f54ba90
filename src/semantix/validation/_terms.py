"""What the rules ask of terminologies: a store, the value sets of a rule set, or neither, behind one face."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Protocol

from semantix.systems import System


class Standing(StrEnum):
    """What is known of a code."""

    VALID = "valid"
    RETIRED = "retired"
    ABSENT = "absent"
    """The list of the system is at hand, and the code is not in it."""
    MALFORMED = "malformed"
    """It has not the form that every code of the system has; needs no list."""
    UNCHECKED = "unchecked"
    """Its form is right or unknown, and no list is at hand."""


class Terms(Protocol):
    """Terminology at hand. Systems are those of ``semantix.systems``; answers are remembered, a call is cheap."""

    def standing(self, system: System, code: str, on: date | None = None) -> Standing:
        """The standing of a code, on a day when the release says since when and until when codes hold."""
        ...

    def labels(self, system: System, code: str) -> tuple[str, ...]:
        """The labels and synonyms of a code, best first; empty when none is at hand."""
        ...

    def codes_of(self, system: System, wording: str) -> tuple[str, ...]:
        """The codes that have a wording for a name, word for word, sorted; empty when none is at hand."""
        ...

    def value_set(self, name: str) -> frozenset[tuple[str, str]] | None:
        """The (code, OID of its system) of a value set, by its OID or the name of its file; ``None`` if not there."""
        ...
