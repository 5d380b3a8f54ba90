"""Results told in the text: read when no line of fields tells them, and only where they are unmistakable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from semantix.model import Quantity
from semantix.parsers.hprim_medecin._results import PERCENT, Results
from semantix.text.specimens import is_heading
from semantix.text.values import ValueReading, read_result_line

ONLY_IN_TEXT = "SX316"
LONGEST = 300
"""Characters of a result line at most; a longer one is a paragraph."""

_DATED = re.compile(r"(?<![\d.,])\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})(?!\d)|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_NUMBER = re.compile(r"[0-9]{1,20}(?:[.,][0-9]{1,20})?")
_LABORATORY = re.compile(
    r"laborato|analyses|biolog|biochim|h[ée]mato|h[ée]mogramme|num[ée]ration|formule|chimie|s[ée]rolog|immuno|ionogramme"
    r"|bilan|dosages?|coagul|h[ée]mostase|hormon|lipid|glyc[ée]|r[ée]sultats",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")


def read_prose(results: Results, lines: Sequence[tuple[int, str]], *, is_laboratory: bool = False) -> None:
    """Read the result lines of a text; each comes with its number.

    Percentages alone (``FEVG : 45 %``) may be of any examination: they are results where the record ``is_laboratory``
    by its marks, or has a title of a laboratory, or another result.

    Beside lines of fields the text repeats what they say, in another writing: it adds no fact, and a result that the
    fields do not have is a doubt.
    """
    if results.drafts:
        _compare(results, lines)
        return
    results.current = None
    found = [_read(line) if _DIGIT.search(line) else None for _, line in lines]
    if not (is_laboratory or any(_LABORATORY.search(line) for _, line in lines if is_heading(line))):
        told = [one[1] for one in found if one is not None]
        if all(map(_is_bare_percentage, told)):
            return
    for (number, line), one in zip(lines, found, strict=True):
        if is_heading(line):
            results.heading(line)
            continue
        if not _DIGIT.search(line) or results.other_unit(line, number):
            continue
        results.current = None
        if one is not None:
            results.told(one[0], one[1], number)


def _is_bare_percentage(reading: ValueReading) -> bool:
    """True of a percentage without bounds, a flag or another unit."""
    number = reading.number
    is_more = reading.second is not None or reading.reference is not None or reading.flag is not None
    return number is not None and number.unit == PERCENT and not is_more


def _read(line: str) -> tuple[str, ValueReading] | None:
    """A result line; one that has a date of its own may be an earlier result, and is left as text."""
    found = None if len(line) > LONGEST or _DATED.search(line) else read_result_line(line)
    return found if found is not None and (found[1].number is not None or found[1].range is not None) else None


def _compare(results: Results, lines: Sequence[tuple[int, str]]) -> None:
    known = _numbers(results)
    missing = []
    for number, line in lines:
        said = _NUMBER.findall(line)
        if not said or any(Decimal(one.replace(",", ".")) in known for one in said):
            continue
        found = _read(line)
        if found is not None and found[1].number is not None and found[1].number.value not in known:
            missing.append(number)
    if missing:
        words = f"{len(missing)} result lines of the text that no RES line tells; they are kept as text"
        results.book.doubt(ONLY_IN_TEXT, f"line {missing[0]}", words)


def _numbers(results: Results) -> frozenset[Decimal | None]:
    held = [value for draft in results.drafts for value in draft.values if isinstance(value, Quantity)]
    return frozenset(one.value for value in held for one in (value, *value.translations))
