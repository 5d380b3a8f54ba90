"""Date formats as a mapping pack writes them (``dd/mm/yyyy hh:mm``), made into patterns."""

from __future__ import annotations

import re
from functools import lru_cache

EXCEL = "excel-serial"
ISO = "iso"

_TOKENS = re.compile(r"y{2,4}|m{1,4}|d{1,2}|h{1,2}|n{1,2}|s{1,2}|f+|z+|[^a-z]+|[a-z]", re.ASCII)
_FIELDS = {
    "yyyy": r"(?P<year>[0-9]{4})",
    "yy": r"(?P<short>[0-9]{2})",
    "mmmm": r"(?P<name>[^\W\d_][^\s\d]{1,11})",
    "mmm": r"(?P<name>[^\W\d_][^\s\d]{1,11})",
    "mm": r"(?P<month>[0-9]{2})",
    "m": r"(?P<month>[0-9]{1,2})",
    "dd": r"(?P<day>[0-9]{2})",
    "d": r"(?P<day>[0-9]{1,2})(?:er)?",
    "hh": r"(?P<hour>[0-9]{2})",
    "h": r"(?P<hour>[0-9]{1,2})",
    "ss": r"(?P<second>[0-9]{2})",
    "s": r"(?P<second>[0-9]{1,2})",
    "z": r"(?P<zone>Z|[+-][0-9]{2}(?::?[0-9]{2})?)",
    "f": r"(?P<fraction>[0-9]{1,9})",
}
_MINUTES = {
    "mm": r"(?P<minute>[0-9]{2})",
    "m": r"(?P<minute>[0-9]{1,2})",
    "nn": r"(?P<minute>[0-9]{2})",
    "n": r"(?P<minute>[0-9]{1,2})",
}


@lru_cache(maxsize=128)
def pattern_of(shape: str) -> re.Pattern[str]:
    """The pattern of a format. After an hour, ``mm`` and ``m`` are minutes; letters alone stand for themselves.

    Raises ValueError when the format names a field twice, or no field at all.
    """
    parts: list[str] = []
    hour = False
    for token in _TOKENS.findall(shape.strip().lower()):
        hour = hour or token in ("h", "hh")
        field = _MINUTES.get(token) if hour else None
        field = field or _FIELDS.get(token) or _FIELDS.get(token[0] if token[0] in "fz" else "")
        parts.append(field or re.escape(token))
    try:
        found = re.compile("".join(parts), re.IGNORECASE)
    except re.error:
        raise ValueError(f"the date format {shape!r} names a field twice") from None
    if not found.groupindex:
        raise ValueError(f"the date format {shape!r} names no year, month or day (write yyyy, mm, dd)")
    return found
