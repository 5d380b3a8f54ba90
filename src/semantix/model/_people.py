"""People and organisations, and the role they play in a document or an act."""

from __future__ import annotations

from msgspec import Struct

from semantix.model._values import Concept, Identifier, PartialDate, Place, TimeSpan


class NamePart(Struct, frozen=True):
    """One part of a name: ``family``, ``given``, ``prefix`` or ``suffix``.

    ``qualifier`` is the HL7 one: ``BR`` birth, ``CL``/``SP`` used, ``AC`` academic...
    """

    kind: str
    value: str
    qualifier: str | None = None


class Name(Struct, frozen=True):
    """A person's name part by part in source order, or one ``text``."""

    parts: tuple[NamePart, ...] = ()
    text: str | None = None
    use: str | None = None
    null: str | None = None

    def values(self, kind: str, *qualifiers: str | None) -> tuple[str, ...]:
        """Values of one kind of part whose qualifier is among ``qualifiers`` (all of that kind if none is given)."""
        return tuple(p.value for p in self.parts if p.kind == kind and (not qualifiers or p.qualifier in qualifiers))


class Address(Struct, frozen=True):
    """HL7 ``AD``: ``parts`` in source order as (element name, text), e.g. ``("houseNumber", "28")``.

    ``county`` holds the INSEE commune code in a French birth place. ``text`` is free text of the element.
    """

    parts: tuple[tuple[str, str], ...] = ()
    text: str | None = None
    use: str | None = None
    null: str | None = None

    def get(self, name: str) -> str | None:
        """First part of that name."""
        return next((v for k, v in self.parts if k == name), None)


class Telecom(Struct, frozen=True):
    """``value`` as written (``tel:…``, ``mailto:…``); ``use`` as written (``H``, ``WP``, ``MC``...)."""

    value: str | None
    use: str | None = None
    null: str | None = None


class Organization(Struct, frozen=True):
    """An organisation or a part of one. ``ids`` often hold a FINESS number (root 1.2.250.1.71.4.2.2)."""

    at: Place
    path: str
    ids: tuple[Identifier, ...] = ()
    names: tuple[str, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    addresses: tuple[Address, ...] = ()
    type: Concept | None = None
    part_of: Organization | None = None


class DeviceRef(Struct, frozen=True):
    """A device as author, participant or supplied thing."""

    at: Place
    path: str
    ids: tuple[Identifier, ...] = ()
    code: Concept | None = None
    model: str | None = None
    software: str | None = None


class Party(Struct, frozen=True, kw_only=True):
    """Somebody or something that takes part, with its role.

    ``role`` is the CDA element: ``author``, ``dataEnterer``, ``informant``, ``custodian``, ``legalAuthenticator``,
    ``authenticator``, ``participant``, ``informationRecipient``, ``performer``, ``responsibleParty``,
    ``encounterParticipant``, ``guardian``. ``type_code`` refines it (``PRF``, ``CSM``, ``DEV``, ``INF``, ``REF``...).
    ``class_code`` is the role class (``ASSIGNED``, ``PROV``, ``ECON``, ``NOK``, ``MANU``, ``SDLOC``...).
    ``code`` is the role code: a profession or speciality (TRE_A02), or a family tie (RoleCode) for relatives.
    ``entity`` is the playing entity's code (a substance, a specimen type...), ``entity_name`` its name.
    """

    at: Place
    path: str
    role: str
    type_code: str | None = None
    class_code: str | None = None
    function: Concept | None = None
    time: TimeSpan | None = None
    signature: str | None = None
    ids: tuple[Identifier, ...] = ()
    code: Concept | None = None
    names: tuple[Name, ...] = ()
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    organization: Organization | None = None
    device: DeviceRef | None = None
    entity: Concept | None = None
    entity_name: str | None = None
    entity_text: str | None = None
    mode: Concept | None = None
    awareness: Concept | None = None

    @property
    def is_related(self) -> bool:
        """True for a relative, friend, guardian or trusted person rather than a professional."""
        if self.class_code == "AGNT" and self.organization is not None:
            return False
        return self.role == "guardian" or self.class_code in RELATED_CLASSES


RELATED_CLASSES = frozenset({"ECON", "NOK", "CON", "PRS", "CAREGIVER", "GUARD", "AGNT", "PAT", "QUAL"})


class Relative(Struct, frozen=True, kw_only=True):
    """The subject of a statement when it is not the patient: a family member, a foetus, a newborn."""

    at: Place
    path: str
    class_code: str | None = None
    code: Concept | None = None
    ids: tuple[Identifier, ...] = ()
    names: tuple[Name, ...] = ()
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    gender: Concept | None = None
    birth: PartialDate | None = None
    deceased: bool | None = None
    deceased_time: PartialDate | None = None
    multiple_birth: bool | None = None
    multiple_birth_order: int | None = None


class Patient(Struct, frozen=True, kw_only=True):
    """The record target. An INS is an identifier under 1.2.250.1.213.1.4.8 (NIR), .9 (NIA), .10/.11 (test, demo)."""

    at: Place
    path: str
    ids: tuple[Identifier, ...] = ()
    names: tuple[Name, ...] = ()
    gender: Concept | None = None
    birth: PartialDate | None = None
    birth_null: str | None = None
    birth_place: Address | None = None
    birth_place_name: str | None = None
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    guardians: tuple[Party, ...] = ()
    marital_status: Concept | None = None
    deceased: bool | None = None
    deceased_time: PartialDate | None = None
    multiple_birth: bool | None = None
    multiple_birth_order: int | None = None
    languages: tuple[str, ...] = ()
    provider_organization: Organization | None = None
