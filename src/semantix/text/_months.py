"""Names of months as practice software writes them, whole, abbreviated or damaged."""

from __future__ import annotations

import re
import unicodedata

NAMES = (
    "janvier janv jan january",
    "fevrier fevr fev fe february feb",
    "mars mar mrs march",
    "avril avr avl april apr",
    "mai may",
    "juin jun june",
    # JUI is July in the software that writes JUN for June.
    "juillet juill juil jui jul jlt july",
    "aout aou aug august",
    "septembre sept sep september",
    "octobre oct october",
    "novembre nov november",
    "decembre dec december",
)
MONTHS = {name: number for number, names in enumerate(NAMES, 1) for name in names.split()}

# An accent lost, or read under another encoding: whatever stands in its place, one month fits only.
_DAMAGED = (
    (2, re.compile(r"f[^a-z]{0,4}vr(?:ier)?")),
    (8, re.compile(r"ao[^a-z]{0,4}t")),
    (12, re.compile(r"d[^a-z]{0,4}c(?:embre)?")),
)

LOST = "an accent of the month is lost"


def month_of(word: str) -> tuple[int | None, str]:
    """The month that a word names, and a doubt when the word is damaged."""
    plain = unicodedata.normalize("NFD", word.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).strip(".")
    if (found := MONTHS.get(plain)) is not None:
        return found, ""
    damaged = word.casefold().strip(".")
    for number, pattern in _DAMAGED:
        if pattern.fullmatch(damaged):
            return number, LOST
    return None, ""
