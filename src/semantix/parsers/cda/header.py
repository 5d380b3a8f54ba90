"""The header: patient, parties, orders, events, encounter, related documents, consents.

Source: CI-SIS "Structuration minimale de documents de santé", CDA R2 header.
"""

from __future__ import annotations

from semantix.model import (
    Consent,
    EncompassingEncounter,
    Facility,
    Order,
    Party,
    Patient,
    RelatedDocument,
    ServiceEvent,
)
from semantix.parsers.cda.context import Context, Kids, every, first, kids
from semantix.parsers.cda.datatypes import boolean, concept, identifier, identifiers, integer, words
from semantix.parsers.cda.node import imply
from semantix.parsers.cda.parties import address, contacts, name, organization, parties, party
from semantix.parsers.cda.times import instant, timespan

PARTIES = (
    "author",
    "dataEnterer",
    "informant",
    "custodian",
    "informationRecipient",
    "legalAuthenticator",
    "authenticator",
    "participant",
)


def patient(ctx: Context, found: Kids, path: str) -> Patient:
    """``recordTarget``; a document without one gives a Patient that says nothing."""
    target = first(found, "recordTarget")
    role = first(kids(target), "patientRole") if target is not None else None
    if role is None:
        ctx.doubt("SX009", ctx.root, "a patient (recordTarget/patientRole) was expected")
        return Patient(at=ctx.root, path=path)
    path = f"{path}/recordTarget[1]/patientRole[1]"
    outer = kids(role)
    inner = kids(outer["patient"][0]) if "patient" in outer else {}
    addresses, telecoms = contacts(outer)
    birth = first(inner, "birthTime")
    guardians = enumerate(every(inner, "guardian"), 1)
    return Patient(
        at=role,
        path=path,
        ids=identifiers(outer),
        names=tuple(map(name, every(inner, "name"))),
        gender=concept(ctx, first(inner, "administrativeGenderCode")),
        birth=instant(ctx, birth),
        birth_null=birth.get("nullFlavor") if birth is not None else None,
        **_birth_place(inner),
        addresses=addresses,
        telecoms=telecoms,
        guardians=tuple(party(ctx, e, f"{path}/patient[1]/guardian[{i}]", "guardian") for i, e in guardians),
        marital_status=concept(ctx, first(inner, "maritalStatusCode")),
        deceased=boolean(first(inner, "deceasedInd")),
        deceased_time=instant(ctx, first(inner, "deceasedTime")),
        multiple_birth=boolean(first(inner, "multipleBirthInd")),
        multiple_birth_order=integer(ctx, first(inner, "multipleBirthOrderNumber")),
        languages=_languages(inner),
        provider_organization=organization(ctx, first(outer, "providerOrganization"), path),
    )


def _birth_place(inner: Kids) -> dict:  # type: ignore[type-arg]
    holder = first(inner, "birthplace")
    place = first(kids(holder), "place") if holder is not None else None
    if place is None:
        return {}
    found = kids(place)
    where = first(found, "addr")
    return {
        "birth_place": address(where) if where is not None else None,
        "birth_place_name": words(first(found, "name")),
    }


def _languages(inner: Kids) -> tuple[str, ...]:
    codes = (first(kids(e), "languageCode") for e in every(inner, "languageCommunication"))
    return tuple(c.get("code", "") for c in codes if c is not None and c.get("code"))


def header_parties(ctx: Context, found: Kids, path: str) -> tuple[Party, ...]:
    """Everybody in the header but the patient and the encounter's people."""
    out = parties(ctx, found, path, tuple(t for t in PARTIES if t != "custodian"))
    keeper = first(found, "custodian")
    if keeper is None:
        return out
    return (*out, party(ctx, keeper, f"{path}/custodian[1]"))


def orders(ctx: Context, found: Kids, path: str) -> tuple[Order, ...]:
    """``inFulfillmentOf/order``."""
    out = []
    for i, holder in enumerate(every(found, "inFulfillmentOf"), 1):
        for element in every(kids(holder), "order"):
            inner = kids(element)
            out.append(
                Order(
                    element,
                    f"{path}/inFulfillmentOf[{i}]/order[1]",
                    identifiers(inner),
                    concept(ctx, first(inner, "code")),
                    identifiers(inner, "accessionNumber"),
                    concept(ctx, first(inner, "priorityCode")),
                )
            )
    return tuple(out)


def events(ctx: Context, found: Kids, path: str) -> tuple[ServiceEvent, ...]:
    """``documentationOf/serviceEvent``."""
    out = []
    for i, holder in enumerate(every(found, "documentationOf"), 1):
        for element in every(kids(holder), "serviceEvent"):
            inner = kids(element)
            own = f"{path}/documentationOf[{i}]/serviceEvent[1]"
            status = first(inner, "statusCode")
            imply(ctx, status)
            out.append(
                ServiceEvent(
                    at=element,
                    path=own,
                    ids=identifiers(inner),
                    code=concept(ctx, first(inner, "code")),
                    status=status.get("code") if status is not None else None,
                    time=timespan(ctx, first(inner, "effectiveTime")),
                    parties=parties(ctx, inner, own, ("performer",)),
                )
            )
    return tuple(out)


def encounter(ctx: Context, found: Kids, path: str) -> EncompassingEncounter | None:
    """``componentOf/encompassingEncounter``."""
    holder = first(found, "componentOf")
    element = first(kids(holder), "encompassingEncounter") if holder is not None else None
    if element is None:
        return None
    path = f"{path}/componentOf[1]/encompassingEncounter[1]"
    inner = kids(element)
    return EncompassingEncounter(
        at=element,
        path=path,
        ids=identifiers(inner),
        code=concept(ctx, first(inner, "code")),
        time=timespan(ctx, first(inner, "effectiveTime")),
        discharge=concept(ctx, first(inner, "dischargeDispositionCode")),
        admission_source=concept(ctx, first(inner, "admissionReferralSourceCode")),
        facility=_facility(ctx, inner, path),
        parties=parties(ctx, inner, path, ("responsibleParty", "encounterParticipant")),
    )


def _facility(ctx: Context, found: Kids, path: str) -> Facility | None:
    holder = first(found, "location")
    element = first(kids(holder), "healthCareFacility") if holder is not None else None
    if element is None:
        return None
    path = f"{path}/location[1]/healthCareFacility[1]"
    inner = kids(element)
    place = kids(inner["location"][0]) if "location" in inner else {}
    where = first(place, "addr")
    return Facility(
        element,
        path,
        identifiers(inner),
        concept(ctx, first(inner, "code")),
        words(first(place, "name")),
        address(where) if where is not None else None,
        organization(ctx, first(inner, "serviceProviderOrganization"), path),
    )


def related(ctx: Context, found: Kids) -> tuple[RelatedDocument, ...]:
    """``relatedDocument/parentDocument``."""
    out = []
    for holder in every(found, "relatedDocument"):
        for element in every(kids(holder), "parentDocument"):
            inner = kids(element)
            series = first(inner, "setId")
            out.append(
                RelatedDocument(
                    element,
                    holder.get("typeCode") or "APND",
                    identifiers(inner),
                    identifier(series) if series is not None else None,
                    integer(ctx, first(inner, "versionNumber")),
                    concept(ctx, first(inner, "code")),
                )
            )
    return tuple(out)


def consents(ctx: Context, found: Kids, path: str) -> tuple[Consent, ...]:
    """``authorization/consent``."""
    out = []
    for i, holder in enumerate(every(found, "authorization"), 1):
        for element in every(kids(holder), "consent"):
            inner = kids(element)
            status = first(inner, "statusCode")
            out.append(
                Consent(
                    element,
                    f"{path}/authorization[{i}]/consent[1]",
                    identifiers(inner),
                    concept(ctx, first(inner, "code")),
                    status.get("code") if status is not None else None,
                )
            )
    return tuple(out)
