"""What a FHIR ConceptMap cannot carry, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LOSSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "conceptmap-characters": (
            "texts with damaged characters (lone surrogates) are written with another character in their place",
            "les textes aux caractères endommagés (demi-codets isolés) sont écrits avec un caractère de remplacement",
        ),
        "conceptmap-number": (
            "a score that is not a finite number is written as 0",
            "un score qui n’est pas un nombre fini est écrit 0",
        ),
    }
)
"""By reason, in English and in French."""
