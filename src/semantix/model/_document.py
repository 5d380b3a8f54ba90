"""The document around the statements: sections, orders, events, encounter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.model._people import Address, Organization, Party, Patient, Relative
from semantix.model._statements import Statement
from semantix.model._values import Attachment, Concept, Identifier, Issue, Origin, PartialDate, Place, Source, TimeSpan


class Section(Struct, frozen=True, kw_only=True):
    """A titled part of the body. ``narrative`` is XHTML inside FHIR's allowed subset (a ``<div>``), or ``None``."""

    at: Place
    path: str
    templates: tuple[str, ...] = ()
    ids: tuple[Identifier, ...] = ()
    code: Concept | None = None
    title: str | None = None
    narrative: str | None = None
    null: str | None = None
    parties: tuple[Party, ...] = ()
    subject: Relative | None = None
    statements: tuple[Statement, ...] = ()
    sections: tuple[Section, ...] = ()


class Order(Struct, frozen=True):
    """``inFulfillmentOf``: the request that this document answers."""

    at: Place
    path: str
    ids: tuple[Identifier, ...] = ()
    code: Concept | None = None
    accession: tuple[Identifier, ...] = ()
    priority: Concept | None = None


class ServiceEvent(Struct, frozen=True, kw_only=True):
    """``documentationOf``: the act that this document reports."""

    at: Place
    path: str
    ids: tuple[Identifier, ...] = ()
    code: Concept | None = None
    status: str | None = None
    time: TimeSpan | None = None
    parties: tuple[Party, ...] = ()


class Facility(Struct, frozen=True):
    """Where the encompassing encounter took place; ``code`` is the setting (cadre d'exercice, TRE_A01)."""

    at: Place
    path: str
    ids: tuple[Identifier, ...] = ()
    code: Concept | None = None
    name: str | None = None
    address: Address | None = None
    organization: Organization | None = None


class EncompassingEncounter(Struct, frozen=True, kw_only=True):
    """The visit or stay during which the document was made."""

    at: Place
    path: str
    ids: tuple[Identifier, ...] = ()
    code: Concept | None = None
    time: TimeSpan | None = None
    discharge: Concept | None = None
    admission_source: Concept | None = None
    facility: Facility | None = None
    parties: tuple[Party, ...] = ()


class RelatedDocument(Struct, frozen=True):
    """A document that this one replaces (``RPLC``), appends to (``APND``) or transforms (``XFRM``)."""

    at: Place
    type_code: str
    ids: tuple[Identifier, ...] = ()
    set_id: Identifier | None = None
    version: int | None = None
    code: Concept | None = None


class Consent(Struct, frozen=True):
    """``authorization/consent``."""

    at: Place
    path: str
    ids: tuple[Identifier, ...] = ()
    code: Concept | None = None
    status: str | None = None


class Lineage(Struct, frozen=True, kw_only=True):
    """What a source says of a document as one among others, for those who keep documents from one day to the next.

    ``names`` are further identifiers under which it may be replaced or withdrawn (a number of a message, a logical id
    of a server); ``replaces`` those that it takes the place of. ``is_correction``: it takes the place of what came
    before it under a name of its own.
    """

    names: tuple[Identifier, ...] = ()
    replaces: tuple[Identifier, ...] = ()
    is_correction: bool = False


NO_LINEAGE = Lineage()


class Document(Struct, frozen=True, kw_only=True):
    """One clinical document, whole.

    ``coded`` and ``statement_places`` count what the source holds, independently of what the parser understood: every
    loss report is measured against them. ``locate`` gives a place in words; ``system_at``, if the
    parser offers it, only its code system, which costs far less.

    ``coded`` lists the place of each coded element of the source (header and body); ``body_coded`` those of the body;
    ``implied`` those whose meaning the model itself holds (the code "severity" of what became ``severity``); ``unread``
    those that the parser did not reach; ``derived`` those of codes that the format means without writing them, which an
    emitter may write and nobody counts. ``pseudonymised`` lists the places of what was taken out because it could
    identify somebody, ``not_allowed`` those of what a project does not take (:mod:`semantix.runs.pseudonyms`).

    ``sender`` is who uses the local codes of the document, for a source that has some: the laboratory or the practice.
    ``lines`` counts the lines (rows, segments) of the source that the document accounts for, when it is made of lines.
    """

    source: Source
    format: str
    ids: tuple[Identifier, ...]
    at: Place
    locate: Callable[[Place], Origin]
    coded: tuple[Place, ...] = ()
    body_coded: frozenset[Place] = frozenset()
    system_at: Callable[[Place], str | None] | None = None
    implied: frozenset[Place] = frozenset()
    derived: frozenset[Place] = frozenset()
    unread: frozenset[Place] = frozenset()
    pseudonymised: frozenset[Place] = frozenset()
    not_allowed: frozenset[Place] = frozenset()
    statement_places: tuple[Place, ...] = ()
    templates: tuple[str, ...] = ()
    set_id: Identifier | None = None
    version: int | None = None
    code: Concept | None = None
    title: str | None = None
    time: PartialDate | None = None
    confidentiality: Concept | None = None
    language: str | None = None
    realm: str | None = None
    patient: Patient
    parties: tuple[Party, ...] = ()
    orders: tuple[Order, ...] = ()
    events: tuple[ServiceEvent, ...] = ()
    encounter: EncompassingEncounter | None = None
    related: tuple[RelatedDocument, ...] = ()
    consents: tuple[Consent, ...] = ()
    sections: tuple[Section, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    issues: tuple[Issue, ...] = ()
    sender: str | None = None
    lines: int = 0
    lineage: Lineage = NO_LINEAGE

    @property
    def has_own_units(self) -> bool:
        """True for a source that writes units in its own way: ``G/L`` is giga a litre there, and gauss in UCUM."""
        return self.sender is not None and not self.format.startswith("fhir")

    def system_of(self, place: Place) -> str | None:
        """The code system written at a place."""
        return self.system_at(place) if self.system_at else self.locate(place).system

    @property
    def key(self) -> str:
        """The document's own identifier as ``root`` or ``root^extension``: what ids of resources are derived from."""
        if not self.ids:
            return self.source.sha256
        first = self.ids[0]
        return f"{first.root}^{first.extension}" if first.extension else first.root or self.source.sha256


class SetAside(Struct, frozen=True):
    """Lines of a source that become no fact, and why.

    ``reason`` is a word of ASIDE; ``where`` says which lines (``line 12``, ``lines 3-9``), ``message`` what was found
    and what was expected, without a patient value. What could not be understood is ``quarantined``: it may hold facts.
    """

    where: str
    lines: int
    reason: str
    message: str = ""
    quarantined: bool = False


class Withdrawn(Struct, frozen=True, kw_only=True):
    """What a source says to withdraw: documents known by ``ids``, or all of the report ``number`` of a patient.

    ``time`` is when it said so: what came later under the same number is not concerned.
    """

    ids: tuple[Identifier, ...] = ()
    number: Identifier | None = None
    patient: Patient | None = None
    time: PartialDate | None = None


class LineCount(Struct, frozen=True):
    """How many lines a source has in all, counted apart from reading: what reading is measured against."""

    lines: int


ASIDE: Mapping[str, str] = MappingProxyType(
    {
        "blank": "nothing is written on it",
        "structure": "a header, separator or end mark",
        "administrative": "routing, addresses or files that tell no fact of a patient",
        "acknowledgement": "an acknowledgement of another message",
        "comment": "a comment of the file, not of a result",
        "description": "tells how the other files are written",
        "repeated": "the same content from the same source was read before",
        "withdrawn": "its source says that it is deleted or outdated",
        "no-patient": "the patient that it names is not in the export",
        "unreadable": "not written as its format says",
        "unknown-kind": "a kind of record that the reader does not know",
        "damaged": "its characters cannot be told",
    }
)
"""Why lines are set aside or quarantined, in a word; the words that explain it are for reports."""
