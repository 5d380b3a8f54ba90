"""What a dosage text says, in parts; none of them has a place in a source."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct


class Amount(Struct, frozen=True):
    """A number, or an interval when ``high`` is given (``1 à 2``)."""

    low: Decimal
    high: Decimal | None = None


class Span(Struct, frozen=True):
    """A length of time. ``unit`` is UCUM: ``min``, ``h``, ``d``, ``wk``, ``mo``, ``a``."""

    amount: Amount
    unit: str


class Limit(Struct, frozen=True):
    """At most ``value`` of ``unit`` in ``per``. The unit ``prise`` counts administrations."""

    value: Decimal
    unit: str | None
    per: Span


class Step(Struct, frozen=True, kw_only=True):
    """One instruction. Steps with the same ``sequence`` hold together, those with the next one follow.

    ``dose`` is what is taken each time; with ``is_total`` it is what is taken in the whole ``period``, in ``frequency``
    administrations if that is known. ``unit`` is the French word in full (``comprimé``), a unit of measure
    (``mg``, ``mg/kg``, ``µg``, ``UI``) or ``None``. ``frequency`` is told or follows from the period alone; it is
    ``None`` when moments, hours or days say it. ``moments`` are the codes of HL7's TimingEvent (``MORN``, ``NOON``,
    ``EVE``, ``HS``, ``ACM``...; ``IC`` between meals) and ``FAST`` (``à jeun``). ``days`` are FHIR's (``mon``),
    ``hours`` ``08:00``. ``offset`` is in minutes, before or after the meal as the moments say. ``as_needed`` with its
    ``reason`` as written, empty when none is told. ``once``: one administration in all. ``site`` and ``notes`` are as
    written; ``route`` is the name of the route (``orale``).
    """

    dose: Amount | None = None
    unit: str | None = None
    is_total: bool = False
    frequency: Amount | None = None
    period: Span | None = None
    moments: tuple[str, ...] = ()
    offset: int | None = None
    days: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    duration: Span | None = None
    once: bool = False
    as_needed: bool = False
    reason: str = ""
    maximum: Limit | None = None
    interval: Span | None = None
    route: str | None = None
    site: str | None = None
    notes: tuple[str, ...] = ()
    sequence: int | None = None

    @property
    def is_timed(self) -> bool:
        """True when the text says when, or how often."""
        return bool(self.frequency or self.moments or self.hours or self.days or self.period or self.once)


class Posology(Struct, frozen=True, kw_only=True):
    """A dosage text and what it says; ``steps`` is empty when it stays text, and ``reason`` says why.

    ``reason`` is ``empty``, ``words`` (``span`` is the first stretch that was not understood), ``ambiguous`` (it can be
    read in two ways), ``contradiction`` or ``nothing`` (no instruction at all). ``supply`` (``QSP 3 mois``) and
    ``repeats`` (``à renouveler 2 fois``) say what to dispense, not how long to treat.
    """

    text: str
    steps: tuple[Step, ...] = ()
    supply: Span | None = None
    repeats: int | None = None
    reason: str = ""
    span: tuple[int, int] | None = None

    @property
    def structured(self) -> bool:
        """True when the whole text was understood."""
        return bool(self.steps)


class Doubt(Exception):
    """Why a text stays text. Never leaves this package."""

    def __init__(self, reason: str, start: int = 0, end: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.start, self.end = reason, start, end
