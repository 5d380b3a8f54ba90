"""Usagi's words for status, equivalence, part and time, and what they mean here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from semantix.review.model import Part, Relation, State

STATES: Mapping[str, State] = MappingProxyType(
    {
        "APPROVED": State.ACCEPTED,
        "FLAGGED": State.TO_RECONCILE,
        "UNCHECKED": State.UNMAPPED,
        "AUTO_MAPPED": State.UNMAPPED,
        "AUTO_MAPPED_TO_1": State.UNMAPPED,
        "INVALID_TARGET": State.UNMAPPED,
        "IGNORED": State.UNMAPPED,
    }
)
"""The state that each status gives when nothing else is known."""

STATUSES: Mapping[State, str] = MappingProxyType(
    {
        State.ACCEPTED: "APPROVED",
        State.TO_RECONCILE: "FLAGGED",
        State.REJECTED: "FLAGGED",
        State.UNMAPPED: "UNCHECKED",
        State.DRAFT: "UNCHECKED",
        State.MAPPED: "UNCHECKED",
        State.IN_REVIEW: "UNCHECKED",
    }
)

UNREVIEWED = "UNREVIEWED"
UNMATCHED = "UNMATCHED"
RELATIONS: Mapping[str, Relation | None] = MappingProxyType(
    {
        "EQUAL": Relation.EXACT,
        "EQUIVALENT": Relation.EXACT,
        "WIDER": Relation.BROAD,
        "NARROWER": Relation.NARROW,
        "INEXACT": Relation.RELATED,
        UNMATCHED: None,
        UNREVIEWED: None,
    }
)
"""The relation that each equivalence says, None where it says none. WIDER: the *target* is wider, as in HL7's list."""

EQUIVALENCES: Mapping[Relation, str] = MappingProxyType(
    {
        Relation.EXACT: "EQUAL",
        Relation.BROAD: "WIDER",
        Relation.NARROW: "NARROWER",
        Relation.CLOSE: "INEXACT",
        Relation.RELATED: "INEXACT",
    }
)

TYPES: Mapping[str, Part] = MappingProxyType(
    {
        "MAPS_TO": Part.TARGET,
        "MAPS_TO_VALUE": Part.VALUE,
        "MAPS_TO_UNIT": Part.UNIT,
        "MAPS_TO_OPERATOR": Part.OPERATOR,
        "MAPS_TO_TYPE": Part.TYPE,
        "MAPS_TO_NUMBER": Part.NUMBER,
        "EVENT": Part.TARGET,
        "VALUE": Part.VALUE,
        "UNIT": Part.UNIT,
    }
)
"""The part that each mapping type stands for; the last three are of older files."""

TYPE_OF: Mapping[Part, str] = MappingProxyType(
    {part: f"MAPS_TO_{part.name}" for part in Part} | {Part.TARGET: "MAPS_TO"}
)

GREATEST = 2**31 - 1
"""The greatest number that Usagi reads."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 253_402_300_799_999
_NUMBER = re.compile(r"\s*([0-9]{1,19})(?:[.,]0+)?\s*", re.ASCII)


def number_of(text: str) -> int | None:
    """A whole number, as Usagi or a spreadsheet writes it; None when it is none."""
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def concept_number(code: str) -> int:
    """The number of a concept in its own form, 0 when the code is none that Usagi reads."""
    number = int(code) if code.isascii() and code.isdecimal() and len(code) < 11 else 0
    return number if number <= GREATEST and str(number) == code else 0


def moment(milliseconds: int) -> str:
    """A time in milliseconds since 1970 as ISO 8601 in UTC; empty for 0 and for what no calendar holds."""
    if not 0 < milliseconds <= _LAST:
        return ""
    at = _EPOCH + timedelta(milliseconds=milliseconds)
    return at.isoformat(timespec="milliseconds" if milliseconds % 1000 else "seconds").replace("+00:00", "Z")


def milliseconds(text: str) -> int:
    """A time in ISO 8601 as milliseconds since 1970, in UTC where it says nothing else; 0 when it is none."""
    try:
        at = datetime.fromisoformat(text) if text else _EPOCH
    except ValueError:
        return 0
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0, (at - _EPOCH) // timedelta(milliseconds=1))
