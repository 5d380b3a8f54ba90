"""Which resource belongs to which patient, and what becomes of those that belong to none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, structs

from semantix.model import Document, Issue, SetAside, Severity, Withdrawn
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.documents import BUILDERS, Group, Origin, make
from semantix.parsers.fhir.library import Library, references_in, subject_of, target_of
from semantix.parsers.fhir.lineage import withdrawn
from semantix.parsers.fhir.shapes import Json, extension, first, integer, items, kind_of, text

ASSUMED = "SX428"
LOOKED_UP = frozenset(
    "Practitioner PractitionerRole Organization Location Medication Substance RelatedPerson Device Specimen "
    "Binary".split()
)
"""Types that are read where another resource refers to them."""
ADMINISTRATIVE = frozenset(
    "Account ActivityDefinition Appointment AppointmentResponse AuditEvent Basic CapabilityStatement CatalogEntry "
    "ChargeItem ChargeItemDefinition Claim ClaimResponse CodeSystem CompartmentDefinition ConceptMap Contract Coverage "
    "CoverageEligibilityRequest CoverageEligibilityResponse Endpoint EnrollmentRequest EnrollmentResponse "
    "ExplanationOfBenefit GraphDefinition Group HealthcareService ImplementationGuide InsurancePlan Invoice Library "
    "Linkage Measure MessageDefinition MessageHeader NamingSystem OperationDefinition OperationOutcome "
    "OrganizationAffiliation Parameters PaymentNotice PaymentReconciliation Person PlanDefinition Provenance "
    "Questionnaire Schedule SearchParameter Slot StructureDefinition StructureMap Subscription Task "
    "TerminologyCapabilities TestReport TestScript ValueSet VerificationResult".split()
)
"""Types that tell no fact of a patient's health."""


class Entry(Struct, frozen=True):
    """One resource: where it stands (``entry-3``, ``line-12``), under which URL, how many lines it takes."""

    resource: Json
    where: str
    full_url: str | None = None
    lines: int = 0


class Asides:
    """What is set aside, counted by type and reason: one line of a report for each."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str, str, bool], list[tuple[str, int]]] = {}

    def add(self, entry: Entry, reason: str, message: str, *, quarantined: bool = False) -> None:
        """Set one resource aside."""
        key = (kind_of(entry.resource) or "resource", reason, message, quarantined)
        self._held.setdefault(key, []).append((entry.where, entry.lines))

    def told(self) -> Iterator[SetAside]:
        """One value for each type and reason."""
        for (kind, reason, message, quarantined), places in self._held.items():
            more = f" and {len(places) - 1} more" if len(places) > 1 else ""
            lines = sum(lines for _, lines in places)
            yield SetAside(f"{places[0][0]}{more}", lines, reason, f"{len(places)} {kind}: {message}", quarantined)


def read_entries(
    entries: list[Entry], library: Library, origin: Origin, bundle: Json | None = None
) -> Iterator[Document | SetAside | Withdrawn]:
    """Documents of the patients of some resources, then what was set aside."""
    asides = Asides()
    kept = list(_newest(entries, asides, is_history=text((bundle or {}).get("type")) == "history"))
    for entry in kept:
        library.add(entry.resource, entry.full_url)
        yield from withdrawn(entry.resource, origin.practice, bundle)
    sorter = _Sorter(kept, library, asides, bundle)
    used: set[int] = set()
    for group in sorter.groups():
        made = make(group, library, origin)
        used |= made.used
        yield _noted(made.document, sorter.assumed) if group.members and sorter.assumed else made.document
    for entry in sorter.lookups:
        if id(entry.resource) not in used:
            is_lost = kind_of(entry.resource) == "Binary"
            words = "no resource that was read refers to it"
            asides.add(entry, "unknown-kind" if is_lost else "administrative", words, quarantined=is_lost)
    yield from asides.told()


def _noted(document: Document, assumed: int) -> Document:
    words = f"{assumed} resources say of nobody whom they are about; taken to be of the only patient there is"
    issue = Issue(ASSUMED, Severity.WARNING, "/", words)
    return structs.replace(document, issues=(*document.issues, issue))


# --- versions -----------------------------------------------------------------------------------------------------


def _newest(entries: list[Entry], asides: Asides, *, is_history: bool) -> Iterator[Entry]:
    """One version of each resource: the newest as far as ``meta`` tells, else the last (the first of a history)."""
    held: dict[str, Entry] = {}
    for entry in entries:
        named = text(entry.resource.get("id"))
        key = f"{kind_of(entry.resource)}/{named}" if named else entry.where
        other = held.get(key)
        if other is None:
            held[key] = entry
            continue
        newer = _is_newer(entry.resource, other.resource, default=not is_history)
        dropped = other if newer else entry
        if newer:
            held[key] = entry
        if entry.resource == other.resource:
            asides.add(dropped, "repeated", "the same resource is there twice")
        else:
            asides.add(dropped, "withdrawn", "another version of it is newer")
    yield from held.values()


def _is_newer(one: Json, other: Json, *, default: bool) -> bool:
    for reader in (integer, text):
        name = "versionId" if reader is integer else "lastUpdated"
        a, b = (reader((first(x.get("meta")) or {}).get(name)) for x in (one, other))
        if a is not None and b is not None and a != b:
            return bool(a > b)  # type: ignore[operator]
    return default


# --- patients -----------------------------------------------------------------------------------------------------


class _Sorter:
    """Gives each resource its place."""

    def __init__(self, entries: list[Entry], library: Library, asides: Asides, bundle: Json | None) -> None:
        self.library = library
        self.asides = asides
        self.bundle = bundle
        self.lookups: list[Entry] = []
        self.assumed = 0
        self._patients: dict[int, Entry] = {}
        self._compositions: list[Entry] = []
        self._by_key: dict[Any, Group] = {}
        members: list[Entry] = []
        for entry in entries:
            self._classify(entry, members)
        only = next(iter(self._patients.values())).resource if len(self._patients) == 1 else None
        for entry in members:
            self._place(entry, only)

    def _classify(self, entry: Entry, members: list[Entry]) -> None:
        kind = kind_of(entry.resource)
        if kind == "Patient":
            self._patients[id(entry.resource)] = entry
        elif kind == "Composition":
            self._compositions.append(entry)
        elif kind in LOOKED_UP and (kind not in BUILDERS or subject_of(entry.resource) is None):
            self.lookups.append(entry)
        elif (kind in BUILDERS or kind == "Consent") and _is_modified(entry.resource):
            words = "a modifier extension that is not understood may change what it means"
            self.asides.add(entry, "unknown-kind", words, quarantined=True)
        elif kind in BUILDERS or kind == "Consent":
            members.append(entry)
        elif kind in ADMINISTRATIVE:
            self.asides.add(entry, "administrative", "tells no fact of a patient's health")
        else:
            words = "a type of resource that is not read; Patient, Observation, Condition... were expected"
            self.asides.add(entry, "unknown-kind", words, quarantined=True)

    def _place(self, entry: Entry, only: Json | None) -> None:
        reference = subject_of(entry.resource)
        if reference is None:
            if only is None:
                self.asides.add(entry, "no-patient", "it says of nobody whom it is about", quarantined=True)
                return
            self.assumed += 1
            self._group(only, None, id(only)).lines += entry.lines
            self._put(self._group(only, None, id(only)), entry)
            return
        found = self.library.find(reference, entry.resource)
        named = target_of(reference)
        if found is not None and kind_of(found) == "Patient":
            group = self._group(found, None, id(found))
        elif found is not None or (named is not None and named[0] != "Patient"):
            self.asides.add(entry, "no-patient", "it is about something else than a patient")
            return
        else:
            known = named[1] if named is not None else _other_id(reference)
            if known is None:
                self.asides.add(entry, "no-patient", "whom it is about cannot be told", quarantined=True)
                return
            group = self._group(None, known, known)
        group.lines += entry.lines
        self._put(group, entry)

    def _put(self, group: Group, entry: Entry) -> None:
        held = group.consents if kind_of(entry.resource) == "Consent" else group.members
        held.append((entry.resource, entry.where))

    def _group(self, patient: Json | None, reference_id: str | None, key: Any) -> Group:
        group = self._by_key.get(key)
        if group is None:
            group = self._by_key[key] = Group(patient, reference_id, [])
            own = self._patients.pop(id(patient), None) if patient is not None else None
            group.lines = own.lines if own is not None else 0
        return group

    def groups(self) -> Iterator[Group]:
        """Groups of Compositions first, then those of patients, then patients of whom nothing is told."""
        is_document = text((self.bundle or {}).get("type")) == "document"
        for rank, entry in enumerate(self._compositions):
            yield self._composed(entry, takes_all=is_document and rank == 0)
        for group in self._by_key.values():
            if group.members or group.consents or group.lines != 0 or group.patient is None:
                yield group
        for entry in self._patients.values():
            yield Group(entry.resource, None, [], entry.lines)

    def _composed(self, entry: Entry, *, takes_all: bool) -> Group:
        """What a Composition is about: all there is of its patient, or what its sections list."""
        reference = subject_of(entry.resource)
        found = self.library.find(reference, entry.resource) if reference is not None else None
        if found is not None and kind_of(found) != "Patient":
            found = None
        named = (target_of(reference) or (None, _other_id(reference)))[1] if reference is not None else None
        if reference is None and len(self._patients) + len(self._by_key) == 1:
            found = next((g.patient for g in self._by_key.values()), None) or next(
                (e.resource for e in self._patients.values()), None
            )
        group = self._group(found, named, id(found) if found is not None else named or entry.where)
        listed = {id(x) for x in self._listed(entry.resource)}
        taken = [one for one in group.members if takes_all or id(one[0]) in listed]
        out = Group(group.patient, group.reference_id, taken, entry.lines, (entry.resource, entry.where), self.bundle)
        out.lines += len(taken) * min(entry.lines, 1)
        group.lines -= len(taken) * min(entry.lines, 1)
        group.members = [one for one in group.members if not any(one is x for x in taken)]
        self._drop_source(entry.resource, out)
        if takes_all:
            out.consents, group.consents = group.consents, []
        if not group.members and not group.consents:
            out.lines, group.lines = out.lines + group.lines, 0
        return out

    def _drop_source(self, composition: Json, group: Group) -> None:
        """The record that semantix's own output keeps of the file it was made from is no fact of the patient."""
        kept = extension(composition, url.SOURCE_DOCUMENT)
        found = self.library.find(kept.get("valueReference"), composition) if kept is not None else None
        for one in [x for x in group.members if x[0] is found]:
            group.members.remove(one)
            self.asides.add(Entry(*one), "administrative", "tells of the file that the document was made from")

    def _listed(self, composition: Json) -> Iterable[Json]:
        for reference in references_in(composition.get("section")):
            found = self.library.find(reference, composition)
            if found is not None:
                yield found


def _is_modified(resource: Json) -> bool:
    """True when an extension that nobody here knows may change the meaning of what it stands in (f2o-063)."""
    stack: list[Any] = [resource]
    while stack:
        one = stack.pop()
        if type(one) is dict:
            if any(text(x.get("url")) not in url.UNDERSTOOD for x in items(one.get("modifierExtension"))):
                return True
            stack += [x for x in one.values() if type(x) in (dict, list)]
        elif type(one) is list:
            stack += one
    return False


def _other_id(reference: Any) -> str | None:
    """What else a reference says of a patient who is nowhere: a URN, an identifier."""
    one = first(reference) or {}
    said = text(one.get("reference"))
    inner = first(one.get("identifier")) or {}
    return said or text(inner.get("value"))
