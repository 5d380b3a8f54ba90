"""What a result field holds: a number and its unit, a bound, a range, a flag, or words and why they stay so.

A field is read from its beginning, part by part: a flag, a comparator, a number, its unit, then a second measurement,
reference bounds, a flag or a comment. What cannot be told for sure stays text with a reason.
"""

from __future__ import annotations

from semantix.text._flags import flag_of
from semantix.text._numerals import Marks
from semantix.text._ranges import range_of
from semantix.text._readings import Number as Number
from semantix.text._readings import RangeReading as RangeReading
from semantix.text._readings import ValueReading as ValueReading
from semantix.text._results import value_of
from semantix.text._told import result_of


def read_value(
    text: str, *, unit: str | None = None, decimal: str | None = None, grouping: str | None = None
) -> ValueReading:
    """Read a value field. ``unit`` is that of its own column, if any; it wins over none in the field.

    ``decimal`` and ``grouping`` are the marks that a pack declares. Undeclared, a comma is decimal, and one dot before
    exactly three digits (``2.920``) is read by the unit: thousands where it counts cells a volume (``/mm3``; declared
    or not, for such counts have no decimals), decimals where values stay below a thousand (``g/L``, ``G/L``,
    ``mmol/L``); with another unit or none, the field stays text, since the two readings differ a thousandfold.

    Nothing (``""``, ``.``, ``---``, ``NaN``) gives the empty reading. ``soit 7,2 mmol/L`` alone gives ``second`` only.
    """
    return value_of(text, Marks(decimal, grouping, unit))


def read_range(  # noqa: PLR0913 - the two fields, and what is known of how they are written
    low: str,
    high: str = "",
    *,
    unit: str | None = None,
    decimal: str | None = None,
    grouping: str | None = None,
    columns: bool = False,
) -> RangeReading:
    """Read reference bounds from one field (``2.20-2.60``, ``inf. à 2,00``, ``(<100)``, ``VR: < 5,18``) or two.

    With ``columns`` the two fields are the columns of a source: one number in the first alone is then the lower bound,
    while one number in a field of its own may be either, and stays text.

    Bounds by age, sex or state, bounds in the wrong order and words stay text, with the reason. Nothing gives the empty
    reading, and so do two bounds of zero, which is how software writes that there are none.
    """
    return range_of(low, high, Marks(decimal, grouping, unit), columns=columns)


def read_flag(text: str) -> str | None:
    """``L``, ``H``, ``LL``, ``HH``, ``A`` or ``N`` for what senders write (``*``, ``+``, ``H``, ``bas``...)."""
    return flag_of(text)


def read_result_line(line: str) -> tuple[str, ValueReading] | None:
    """A result in prose (``Glycémie : 1,30 g/L (0,74-1,06)``): its label and value, or None where that is not sure.

    A label, then a colon, dots or spaces, then a number with a unit of a laboratory or with reference bounds.
    """
    return result_of(line)
