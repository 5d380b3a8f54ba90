"""A document without identities: from a Document to a Document, before anything is emitted.

Pseudonymised data are personal data (GDPR, article 4(5) and recital 26): the key, or enough knowledge of somebody,
leads back to them. ``docs/explanation/pseudonymisation.md`` says what each option does and what it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct, structs

from semantix.emitters.omop.tables.person import person_key
from semantix.identifiers import number_and_birth
from semantix.model import (
    Document,
    Identifier,
    Issue,
    Lineage,
    Origin,
    PartialDate,
    Party,
    Patient,
    Place,
    Section,
    Source,
    Statement,
)
from semantix.parsers._book import LOCAL
from semantix.runs.pseudonyms.actions import birth_of, organization, parties, rewrite, statement
from semantix.runs.pseudonyms.dates import shifted_iso
from semantix.runs.pseudonyms.fields import RULES, RULES_WITH_PATHS
from semantix.runs.pseudonyms.numbers import Numbers
from semantix.runs.pseudonyms.policy import Policy
from semantix.runs.pseudonyms.rewriting import Rewriting
from semantix.runs.pseudonyms.words import Labels, names_in
from semantix.systems import INS_NIA, INS_NIR, INS_NIR_DEMO, INS_NIR_TEST

_INS = (INS_NIR, INS_NIA, INS_NIR_TEST, INS_NIR_DEMO)
_HEADER = (("orders", "orders"), ("events", "events"), ("consents", "consents"))
_PATIENT = (
    ("gender", "patient.gender"),
    ("birth", "patient.birth"),
    ("birth_null", "patient.birth"),
    ("birth_place", "patient.birth-place"),
    ("addresses", "patient.address"),
    ("guardians", "patient.relatives"),
    ("marital_status", "patient.marital-status"),
    ("deceased", "patient.deceased"),
    ("deceased_time", "patient.deceased"),
    ("multiple_birth", "patient.multiple-birth"),
    ("multiple_birth_order", "patient.multiple-birth"),
    ("languages", "patient.languages"),
)


class Pseudonymiser:
    """Rewrites the documents of one project. It keeps pseudonyms and labels that it has met, and nothing of anybody."""

    __slots__ = ("_labels", "_numbers", "_policy")

    def __init__(self, policy: Policy, key: bytes) -> None:
        self._policy = policy
        self._numbers = Numbers(key, policy.project)
        self._labels = Labels()

    def apply(self, document: Document) -> Document:
        """The same document under pseudonyms. Places stay the same, so that codes found for them still stand.

        What is taken away is told by ``pseudonymised`` and ``not_allowed``, for the loss report.
        """
        is_fhir = document.format.startswith("fhir")
        rw = Rewriting(self._policy, self._numbers, self._labels, RULES_WITH_PATHS if is_fhir else RULES)
        rw.has_ids_in_paths = is_fhir
        source = document.source
        person = person_key(document.patient, source.sha256 or document.key)
        rw.days = self._numbers.offset(person, self._policy.shift_days)
        rw.day = _day(document, rw)
        rw.names = names_of(document)
        rw.own = self._own(document.patient)
        patient = self._patient(rw, document.patient)
        made = structs.replace(
            document,
            source=self._source(source),
            ids=rw.ids(document.ids),
            locate=_located(document.locate, rw),
            system_at=_system_at(document.system_at, rw),
            set_id=rw.identifier(document.set_id) if document.set_id is not None else None,
            code=rw.concept(document.code) if document.code is not None else None,
            title=rw.text(document.title) if document.title is not None else None,
            time=rw.point(document.time) if document.time is not None else None,
            confidentiality=rw.concept(document.confidentiality) if document.confidentiality is not None else None,
            patient=patient,
            parties=parties(rw, document.parties, document),
            related=tuple(rewrite(rw, one) for one in document.related),
            sections=_sections(rw, document.sections),
            attachments=tuple(map(rw.attachment, document.attachments)),
            lineage=Lineage(),
            sender=self._numbers.word("sender", document.sender) if document.sender is not None else None,
            encounter=self._encounter(rw, document),
            **self._around(rw, document),
        )
        return structs.replace(
            made,
            issues=(*_renamed(document.issues, rw), *rw.issues.values()),
            pseudonymised=frozenset(rw.withheld),
            not_allowed=frozenset(rw.not_allowed),
        )

    def _source(self, source: Source) -> Source:
        """A name and a digest of its own: those of the file would lead back to it, and its size may."""
        digest = self._numbers.digest("source", source.sha256 or source.name).hex()
        return Source(name=f"document-{digest[:16]}", size=0, sha256=digest, media_type=source.media_type)

    # --- the patient ------------------------------------------------------------------------------------------------

    def _own(self, patient: Patient) -> dict[Identifier, Identifier]:
        """Pseudonyms of numbers that are this patient's only with this birth date."""
        numbered = number_and_birth(patient)
        if numbered is None:
            return {}
        return {
            Identifier(one.root, one.extension): self._numbers.local(one, numbered[1])
            for one in patient.ids
            if one.root and one.extension and not one.null
        }

    def _patient(self, rw: Rewriting, one: Patient) -> Patient:
        allow = self._policy.allow
        gone = [name for name, field in _PATIENT if field not in allow]
        if gone:
            rw.remove(*(getattr(one, name) for name in gone))
            one = structs.replace(one, **{name: () if isinstance(getattr(one, name), tuple) else None for name in gone})
        birth_place = rw.address(one.birth_place) if one.birth_place is not None else None
        return structs.replace(
            one,
            path=rw.place_name(one.path),
            ids=rw.ids(_best_first(one.ids)),
            names=rw.people(one.names) if one.names else (),
            gender=rw.concept(one.gender) if one.gender is not None else None,
            birth=birth_of(rw, one.birth) if one.birth is not None else None,
            birth_place=birth_place,
            birth_place_name=None,
            addresses=rw.addresses(one.addresses),
            telecoms=(),
            guardians=parties(rw, one.guardians, one),
            marital_status=rw.concept(one.marital_status) if one.marital_status is not None else None,
            deceased_time=rw.point(one.deceased_time) if one.deceased_time is not None else None,
            provider_organization=organization(rw, one.provider_organization, one)
            if one.provider_organization is not None
            else None,
        )

    # --- the header -------------------------------------------------------------------------------------------------

    def _encounter(self, rw: Rewriting, document: Document) -> Any:
        encounter = document.encounter
        if encounter is not None and "encounters" not in self._policy.allow:
            rw.remove(encounter)
            return None
        return rewrite(rw, encounter)

    def _around(self, rw: Rewriting, document: Document) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, field in _HEADER:
            held = getattr(document, name)
            if field not in self._policy.allow:
                rw.remove(held)
                held = ()
            found[name] = tuple(rewrite(rw, one) for one in held)
        return found


# --- sections -------------------------------------------------------------------------------------------------------


def _sections(rw: Rewriting, many: tuple[Section, ...]) -> tuple[Section, ...]:
    return tuple([found for found in [_section(rw, one) for one in many] if found is not None])


def _section(rw: Rewriting, one: Section) -> Section | None:
    """A section with what stays of it; ``None`` for one of which the allow-list leaves nothing."""
    rw.path = one.path
    held = [found for found in [statement(rw, each) for each in one.statements] if found is not None]
    inner = _sections(rw, one.sections)
    if (one.statements or one.sections) and not (held or inner):
        rw.remove(one)
        return None
    rw.path = one.path
    narrative = rw.narrative(one.narrative) if one.narrative is not None else None
    null = one.null
    if one.narrative and not (narrative or held or inner):
        null = null or "MSK"
    return structs.replace(
        one,
        path=rw.place_name(one.path),
        ids=rw.ids(one.ids),
        code=rw.concept(one.code) if one.code is not None else None,
        title=rw.text(one.title) if one.title is not None else None,
        narrative=narrative,
        null=null,
        parties=parties(rw, one.parties, one),
        subject=rewrite(rw, one.subject),
        statements=tuple(held),
        sections=inner,
    )


# --- what is known before -------------------------------------------------------------------------------------------


def names_of(document: Document) -> frozenset[str]:
    """The words of the names of everybody whom a document names."""
    patient = document.patient
    found = set(names_in(patient.names))
    encounter = document.encounter
    groups: list[Iterable[Party]] = [document.parties, patient.guardians, *(event.parties for event in document.events)]
    if encounter is not None:
        groups.append(encounter.parties)
    for group in groups:
        for party in group:
            if party.names:
                found |= names_in(party.names)
    for section in _all_sections(document.sections):
        _names_inside(section.parties, section.subject, found)
        for one in section.statements:
            _names_within(one, found)
    return frozenset(found)


def _names_within(one: Statement, found: set[str]) -> None:
    if one.parties or one.subject is not None:
        _names_inside(one.parties, one.subject, found)
    for note in one.notes:
        if note.author is not None:
            _names_inside((note.author,), None, found)
    for link in one.links:
        _names_within(link.statement, found)


def _names_inside(many: tuple[Party, ...], subject: Any, found: set[str]) -> None:
    for party in many:
        if party.names:
            found |= names_in(party.names)
    if subject is not None and subject.names:
        found |= names_in(subject.names)


def _all_sections(many: tuple[Section, ...]) -> Iterator[Section]:
    for one in many:
        yield one
        yield from _all_sections(one.sections)


def _best_first(ids: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
    """The national identifier before the others, as emitters choose it: under pseudonyms they cannot any more."""
    for root in _INS:
        for index, one in enumerate(ids):
            if one.root == root and one.extension and not one.null:
                return (one, *ids[:index], *ids[index + 1 :])
    return ids


def _day(document: Document, rw: Rewriting) -> str:
    """The day on which ages are told, on the calendar of the output: that of the policy, of the document, or the last.

    A document without a date has the latest one that it holds.
    """
    if rw.policy.on or not rw.policy.cap:
        return rw.policy.on
    if document.time is not None:
        return shifted_iso(document.time.iso, rw.days)
    points = (point for point in _points(document) if point.iso[:4].isdigit())
    last = max((point.iso for point in points), default="")
    return shifted_iso(last, rw.days) if last else ""


def _points(one: Any) -> Iterator[PartialDate]:
    """Every date in a value."""
    if isinstance(one, PartialDate):
        yield one
    elif isinstance(one, tuple):
        for each in one:
            yield from _points(each)
    elif isinstance(one, Struct):
        for name in one.__struct_fields__:
            if name not in {"at", "locate", "system_at"}:
                yield from _points(getattr(one, name))


def _renamed(issues: tuple[Issue, ...], rw: Rewriting) -> tuple[Issue, ...]:
    if not rw.has_ids_in_paths:
        return issues
    return tuple(structs.replace(one, path=rw.place_name(one.path)) for one in issues)


# --- places in words ------------------------------------------------------------------------------------------------


def _located(locate: Callable[[Place], Origin], rw: Rewriting) -> Callable[[Place], Origin]:
    """The origin of a place: the systems of senders under their pseudonyms, no code that was taken away."""

    def located(place: Place) -> Origin:
        found = locate(place)
        system = found.system
        code = None if place in rw.withheld else found.code
        path = rw.place_name(found.path)
        if path is found.path and code is found.code and not (system and system.startswith(LOCAL)):
            return found
        return Origin(path, rw.system(system), code)

    return located


def _system_at(system_at: Callable[[Place], str | None] | None, rw: Rewriting) -> Callable[[Place], str | None] | None:
    if system_at is None:
        return None
    known = system_at
    return lambda place: rw.system(known(place))
