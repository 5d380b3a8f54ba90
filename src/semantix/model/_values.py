"""Places and doubts, and the data types that every statement is made of."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

Place = Hashable
"""Where a value stands in its source: opaque, hashable, unique in the document."""


class Origin(Struct, frozen=True):
    """A place in words: the XPath of the element and, if it is coded, its code system and code as written."""

    path: str
    system: str | None = None
    code: str | None = None


class Source(Struct, frozen=True, kw_only=True):
    """The bytes a document came from. ``name`` is the user's path (``archive.zip!/inner.xml`` inside an archive)."""

    name: str
    size: int
    sha256: str
    media_type: str = "text/xml"


class Severity(StrEnum):
    """How much a doubt about the data matters."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


class Issue(Struct, frozen=True):
    """A doubt about the data: stable ``code`` (``SX…``), place, and words without patient values."""

    code: str
    severity: Severity
    path: str
    message: str


class Coding(Struct, frozen=True):
    """One code in one code system. ``system`` is the OID or URI as written, ``None`` when the source omits it.

    ``text`` is the originalText of a translation of its own (a brand beside the code "brand").
    """

    code: str
    system: str | None
    display: str | None
    at: Place
    version: str | None = None
    system_name: str | None = None
    text: str | None = None


class Qualifier(Struct, frozen=True):
    """A CD qualifier: ``name`` says which aspect (laterality...), ``value`` or ``quantity`` says what."""

    name: Concept | None
    value: Concept | None
    quantity: Quantity | None = None


class Concept(Struct, frozen=True):
    """A coded value: the main code first, then its translations; ``text`` is the originalText, references resolved.

    Empty ``codings`` with a ``null`` is a concept that the source refuses to give, with its NullFlavor.
    """

    codings: tuple[Coding, ...]
    at: Place
    text: str | None = None
    null: str | None = None
    qualifiers: tuple[Qualifier, ...] = ()

    @property
    def label(self) -> str | None:
        """The wording closest to the author: the original text, else the first display."""
        if self.text:
            return self.text
        return next((c.display for c in self.codings if c.display), None)


class Identifier(Struct, frozen=True):
    """HL7 ``II``: ``root`` is an OID, a UUID or a URI; ``extension`` the value inside it, if any."""

    root: str | None
    extension: str | None = None
    null: str | None = None
    assigner: str | None = None


class Quantity(Struct, frozen=True):
    """A number with its digits as written, its unit as written, and the same quantity in other units.

    ``comparator`` is ``<``, ``<=``, ``>=`` or ``>``. ``value`` is ``None`` when ``null`` says why.
    """

    value: Decimal | None
    unit: str | None
    at: Place
    comparator: str | None = None
    null: str | None = None
    text: str | None = None
    translations: tuple[Quantity, ...] = ()
    unit_codes: tuple[Concept, ...] = ()


class Range(Struct, frozen=True):
    """HL7 ``IVL_PQ``/``IVL_REAL``/``IVL_INT`` with at least one bound; an open bound is ``None``."""

    low: Quantity | None
    high: Quantity | None
    at: Place
    low_closed: bool = True
    high_closed: bool = True


class Ratio(Struct, frozen=True):
    """HL7 ``RTO``: numerator over denominator."""

    numerator: Quantity | None
    denominator: Quantity | None
    at: Place


class PartialDate(Struct, frozen=True):
    """A point in time at the precision of its source.

    ``text`` is as written (HL7 ``TS``); ``iso`` the same instant in ISO 8601 at that precision (``2024``, ``2024-03``,
    ``2024-03-08``, ``2024-03-08T10:30:00+01:00``); seconds are zero-filled when the source stops at minutes.
    ``zone_assumed`` is true when the source gave a time without a zone and the reader's zone was used.
    """

    text: str
    iso: str
    at: Place
    zone_assumed: bool = False

    @property
    def date(self) -> str:
        """The date part: ``2024``, ``2024-03`` or ``2024-03-08``."""
        return self.iso[:10]

    @property
    def has_time(self) -> bool:
        """True when the source is more precise than a day."""
        return len(self.iso) > 10


class TimeSpan(Struct, frozen=True):
    """HL7 ``TS``/``IVL_TS``: a point (``value``) or an interval (``low``, ``high``, ``width``); each may be null."""

    at: Place
    value: PartialDate | None = None
    low: PartialDate | None = None
    high: PartialDate | None = None
    width: Quantity | None = None
    null: str | None = None
    low_null: str | None = None
    high_null: str | None = None

    @property
    def start(self) -> PartialDate | None:
        """The best-known beginning: the point, else the low bound."""
        return self.value or self.low

    @property
    def first(self) -> PartialDate | None:
        """Any date at all: the point, else the low, else the high bound."""
        return self.value or self.low or self.high


class Timing(Struct, frozen=True):
    """When to act: HL7 ``PIVL_TS`` (``period``), ``EIVL_TS`` (``event``), ``SXPR_TS`` (``parts`` with ``operator``).

    ``event`` is the HL7 TimingEvent code (``AC``, ``HS``...). ``bounds`` limits the repetition.

    Sources that count rather than nest (dosage text, FHIR) say how often in ``period`` with ``frequency``, either of
    them up to a ``..._max``; ``when`` holds codes that FHIR's ``when`` also has, ``days`` FHIR's ``mon`` to ``sun``,
    ``hours`` times such as ``08:00:00``; ``count`` is the number of occurrences in all, ``length`` an interval of
    lengths between which the schedule lasts.
    """

    at: Place
    bounds: TimeSpan | None = None
    period: Quantity | None = None
    phase: TimeSpan | None = None
    institution_specified: bool = False
    alignment: str | None = None
    event: Coding | None = None
    offset: Range | Quantity | None = None
    operator: str | None = None
    text: str | None = None
    parts: tuple[Timing, ...] = ()
    null: str | None = None
    frequency: int | None = None
    frequency_max: int | None = None
    period_max: Quantity | None = None
    when: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    count: int | None = None
    length: Range | None = None


class Text(Struct, frozen=True):
    """HL7 ``ST``/plain ``ED``: words with their place."""

    value: str
    at: Place


class Attachment(Struct, frozen=True):
    """HL7 ``ED`` with bytes or a pointer to them: ``data`` is base64 without white space, ``url`` a reference."""

    at: Place
    media_type: str | None = None
    data: str | None = None
    text: str | None = None
    url: str | None = None
    language: str | None = None


class Absent(Struct, frozen=True):
    """A value that the source refuses to give: ``null`` is the NullFlavor code."""

    null: str
    at: Place


Value = Concept | Quantity | Range | Ratio | TimeSpan | Timing | Text | Attachment | Absent | bool | int | Decimal
