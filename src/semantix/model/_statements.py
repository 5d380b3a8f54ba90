"""Clinical statements: what a document says of its patient."""

from __future__ import annotations

from msgspec import Struct

from semantix.model._people import DeviceRef, Organization, Party, Relative
from semantix.model._values import (
    Absent,
    Attachment,
    Concept,
    Identifier,
    PartialDate,
    Place,
    Quantity,
    Range,
    Ratio,
    Text,
    TimeSpan,
    Timing,
    Value,
)


class Note(Struct, frozen=True):
    """A comment attached to a statement."""

    text: str
    at: Place
    author: Party | None = None
    time: PartialDate | None = None


class ExternalReference(Struct, frozen=True):
    """A pointer to another document or object: its ids and a URL or local name."""

    at: Place
    type_code: str | None = None
    ids: tuple[Identifier, ...] = ()
    url: str | None = None
    code: Concept | None = None


class ReferenceRange(Struct, frozen=True):
    """Normal values of a result: ``value`` a Range, Concept or words, ``applies`` what the range means (``N``...)."""

    at: Place
    value: Value | None = None
    text: str | None = None
    interpretation: Concept | None = None
    applies: Concept | None = None


class Specimen(Struct, frozen=True):
    """What was sampled. In an isolate (``MIC``) ``code`` is the micro-organism."""

    at: Place
    path: str
    ids: tuple[Identifier, ...] = ()
    code: Concept | None = None
    class_code: str | None = None
    name: str | None = None
    text: str | None = None
    quantity: Quantity | None = None


class Link(Struct, frozen=True):
    """A statement inside another; ``type_code`` is CDA's: ``COMP``, ``SUBJ``, ``REFR``, ``RSON``, ``CAUS``, ``MFST``...

    ``inverted``: the inner statement is the source of the relation. ``negated``: the relation is denied.
    """

    type_code: str
    statement: Statement
    inverted: bool = False
    negated: bool = False
    sequence: int | None = None


class Statement(Struct, frozen=True, kw_only=True):
    """What is common to every clinical statement, and the class of those whose template says no more (``act``).

    ``kind`` is semantix's own word for the template (``lab-result``, ``vital-sign``...; the list is
    ``semantix.parsers.cda.templates.KINDS``); emitters choose a category by it, never by an OID.
    ``mood`` is the HL7 mood: ``EVN`` happened, ``INT`` intended, ``RQO`` requested, ``PRP`` proposed, ``ARQ``
    appointment requested, ``GOL`` goal, ``DEF`` definition.
    ``subject`` is somebody else than the patient, told by the statement itself or by what is around it.
    ``absorbed`` are statements of the source that this one already says (its severity, its concern act, its comments):
    carrying this one carries them.
    """

    at: Place
    path: str
    kind: str
    mood: str = "EVN"
    templates: tuple[str, ...] = ()
    ids: tuple[Identifier, ...] = ()
    code: Concept | None = None
    negated: bool = False
    null: str | None = None
    status: str | None = None
    time: TimeSpan | None = None
    text: str | None = None
    priority: Concept | None = None
    parties: tuple[Party, ...] = ()
    subject: Relative | None = None
    notes: tuple[Note, ...] = ()
    links: tuple[Link, ...] = ()
    references: tuple[ExternalReference, ...] = ()
    specimens: tuple[Specimen, ...] = ()
    absorbed: tuple[Place, ...] = ()


class Observation(Statement, frozen=True, kw_only=True):
    """A measured, seen or asserted fact: ``code`` is the question, ``values`` the answers (usually one)."""

    values: tuple[Value, ...] = ()
    interpretations: tuple[Concept, ...] = ()
    methods: tuple[Concept, ...] = ()
    sites: tuple[Concept, ...] = ()
    ranges: tuple[ReferenceRange, ...] = ()


class Panel(Statement, frozen=True, kw_only=True):
    """A group of statements (organizer): members are its ``COMP`` links in order.

    ``kind``: ``lab-battery``, ``lab-isolate`` (the micro-organism is the first specimen), ``vital-signs``,
    ``family-history`` (``subject`` is the relative, members are Problems or Observations), ``pregnancy-history``,
    ``birth``, ``attached-document`` (members: Media and an Observation telling the document type), ``panel``.
    """


class Concern(Struct, frozen=True):
    """The concern act around problems or allergies: tracked since when, and whether still."""

    at: Place
    ids: tuple[Identifier, ...] = ()
    status: str | None = None
    time: TimeSpan | None = None
    code: Concept | None = None


class Problem(Statement, frozen=True, kw_only=True):
    """A diagnosis, symptom, finding or complaint. ``code`` is its category (diagnosis...), ``problem`` what it is.

    ``negated`` says that the patient does not have it. A "no known problem" statement has kind ``no-problem`` when its
    code says so (IPS absent/unknown data).
    """

    problem: Concept | Absent | Text | None = None
    clinical_status: Concept | None = None
    verification: Concept | None = None
    severity: Concept | None = None
    patient_status: Concept | None = None
    stages: tuple[Observation, ...] = ()
    sites: tuple[Concept, ...] = ()
    methods: tuple[Concept, ...] = ()
    concern: Concern | None = None


class Allergy(Statement, frozen=True, kw_only=True):
    """An allergy or intolerance. ``code`` is its type; ``agents`` the substances; ``reactions`` what was seen.

    Without agents ``value`` may hold the agent or an absence statement (``no-known-allergies``, ``no-allergy-info``).
    """

    agents: tuple[Party, ...] = ()
    value: Concept | Absent | Text | None = None
    clinical_status: Concept | None = None
    verification: Concept | None = None
    criticality: Concept | None = None
    severity: Concept | None = None
    reactions: tuple[Problem, ...] = ()
    concern: Concern | None = None


class Ingredient(Struct, frozen=True):
    """One substance of a product, with its strength."""

    at: Place
    code: Concept | None = None
    name: str | None = None
    strength: Ratio | None = None
    active: bool = True


class Packaging(Struct, frozen=True):
    """The package of a product: its code (CIP), name, form and capacity."""

    at: Place
    code: Concept | None = None
    name: str | None = None
    form: Concept | None = None
    capacity: Quantity | None = None


class Product(Struct, frozen=True, kw_only=True):
    """A drug, vaccine or other consumable. ``code`` holds CIS with translations (CIP, UCD, ATC, Medicabase...)."""

    at: Place
    path: str
    code: Concept | None = None
    name: str | None = None
    name_null: str | None = None
    ids: tuple[Identifier, ...] = ()
    form: Concept | None = None
    lot: str | None = None
    lot_null: str | None = None
    expiry: PartialDate | None = None
    classes: tuple[Concept, ...] = ()
    ingredients: tuple[Ingredient, ...] = ()
    packaging: tuple[Packaging, ...] = ()
    manufacturer: Organization | None = None


class Precondition(Struct, frozen=True):
    """The condition under which to act ("si besoin")."""

    at: Place
    code: Concept | None = None
    text: str | None = None
    value: Value | None = None


class Dosage(Struct, frozen=True, kw_only=True):
    """One dosing instruction; a prescription has several when it changes in time (``sequence``).

    Instructions with the same ``sequence`` hold together. ``as_needed`` is "if needed" without a precondition that says
    why; ``instructions`` are further words on how to take the drug ("à jeun").
    """

    at: Place
    sequence: int | None = None
    text: str | None = None
    bounds: TimeSpan | None = None
    timings: tuple[Timing, ...] = ()
    route: Concept | None = None
    sites: tuple[Concept, ...] = ()
    dose: Quantity | Range | None = None
    rate: Quantity | Range | None = None
    max_dose: Ratio | None = None
    preconditions: tuple[Precondition, ...] = ()
    unit: Concept | None = None
    as_needed: bool = False
    instructions: tuple[str, ...] = ()


class Medication(Statement, frozen=True, kw_only=True):
    """A drug prescribed, taken, administered or dispensed.

    ``intent``: ``prescribed`` (order), ``taken`` (statement of treatment), ``administered``, ``dispensed``.
    ``time`` is the treatment's interval; ``occurrences`` further times beside it (the injection itself); ``dosages``
    hold timing and dose. Kind ``no-medication`` marks the
    "no known treatment"/"no information" statements (code tells which).
    ``patient_instructions``/``pharmacist_instructions`` come from PINSTRUCT/FINSTRUCT.
    ``supply_quantity`` is what to dispense (or was dispensed).
    """

    intent: str = "taken"
    product: Product | None = None
    dosages: tuple[Dosage, ...] = ()
    occurrences: tuple[TimeSpan, ...] = ()
    repeats: int | None = None
    supply_quantity: Quantity | None = None
    supply_time: TimeSpan | None = None
    supply_repeats: int | None = None
    patient_instructions: tuple[str, ...] = ()
    pharmacist_instructions: tuple[str, ...] = ()
    substitution: Concept | None = None


class Immunization(Statement, frozen=True, kw_only=True):
    """A vaccination done (``EVN``), not done (``negated``), or planned (``INT``). ``dose_number`` is the rank."""

    product: Product | None = None
    dosages: tuple[Dosage, ...] = ()
    occurrences: tuple[TimeSpan, ...] = ()
    dose_number: int | None = None
    reactions: tuple[Problem, ...] = ()


class Procedure(Statement, frozen=True, kw_only=True):
    """An act done (``EVN``) or to do (``INT``, ``RQO``, ``PRP``, ``ARQ``)."""

    methods: tuple[Concept, ...] = ()
    sites: tuple[Concept, ...] = ()
    approach_sites: tuple[Concept, ...] = ()


class Encounter(Statement, frozen=True, kw_only=True):
    """A visit or stay, past or planned (mood), told in the body."""


class Supply(Statement, frozen=True, kw_only=True):
    """A device or other thing supplied: implanted or used device, or a dispensation order."""

    device: DeviceRef | None = None
    product: Product | None = None
    quantity: Quantity | None = None
    repeats: int | None = None
    expected_use: TimeSpan | None = None
    independent: bool | None = None


class Media(Statement, frozen=True, kw_only=True):
    """An embedded image, PDF or other object."""

    content: Attachment | None = None
