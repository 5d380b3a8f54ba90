"""What is found in the text of a practice record: one small value for every kind."""

from __future__ import annotations

from msgspec import Struct

from semantix.text.values import Number


class Day(Struct, frozen=True):
    """A date in a text: ``iso`` at its own precision, ``text`` as written."""

    iso: str
    text: str


class Finding(Struct, frozen=True, kw_only=True):
    """One item of a text, and what it says.

    ``kind`` is ``problem``, ``history`` (a problem told in a history), ``family``, ``procedure``, ``allergy``, ``ald``,
    ``tobacco``, ``alcohol``, ``immunization``, ``vital-sign``, ``absence`` (nothing known, nothing asked...) or
    ``note``: words that are kept and not interpreted, for a ``reason``.

    ``text`` is the item as written, a part of the text that was read; ``words`` is what it is about, without marks and
    dates. ``relative`` is the HL7 RoleCode of whom it is about, when that is not the patient, ``relative_text`` as
    written. ``on`` is a point in time, ``start`` and ``end`` bounds. ``code`` is of ``system``, a key of
    semantix.systems. ``about`` says what an absence is about (``problem``, ``allergy``, ``family``...) or of which sort
    an allergy is (``medication``, ``food``, ``environment``).

    ``status``: ``never``, ``former``, ``current``, ``none`` (not now), ``unknown`` of tobacco and alcohol; ``allergy``,
    ``intolerance``; ``none-known``, ``not-asked``, ``not-recorded``, ``unknown`` of an absence; ``resolved``,
    ``remission``, ``inactive`` of a problem; ``planned``, ``refused`` of a vaccination. ``rank`` is that of a dose, or
    the number of an ALD. ``implied_unit`` is true when the unit of ``number`` is not in the text.
    """

    kind: str
    text: str
    words: str = ""
    negated: bool = False
    suspected: bool = False
    past: bool = False
    relative: str = ""
    relative_text: str = ""
    on: Day | None = None
    start: Day | None = None
    end: Day | None = None
    code: str = ""
    system: str = ""
    number: Number | None = None
    implied_unit: bool = False
    status: str = ""
    about: str = ""
    site: str = ""
    lot: str = ""
    rank: int | None = None
    reason: str = ""
