"""FR Core: the elements that each profile asks for, of the resources that declare it.

Source: FR Core 2.2, snapshots of its profiles: minimum and maximum cardinalities beyond those of R4, required bindings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix.parsers.fhir.shapes import Json, choice, extension, items, text, texts
from semantix.validation._findings import Finding
from semantix.validation.fhir import words_french as rules
from semantix.validation.fhir._telling import told
from semantix.validation.fhir._walk import Held, declared, indexed

CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition/"
_HL7_FRANCE = re.compile(r"https?://(?:www\.)?(?:hl7\.fr|interopsante\.org|fhir\.fr)/\S{1,200}")
BIRTH_PLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
GIVEN_LIST = f"{CORE}fr-core-patient-birth-list-given-name"
COMMUNE = f"{CORE}fr-core-address-insee-code"


class Profile(Struct, frozen=True, kw_only=True):
    """What one profile asks: elements that must be there (``a.b``: in each ``a``), and how many at most."""

    type: str
    least: tuple[str, ...] = ()
    most: Mapping[str, int] = MappingProxyType({})
    codes: Mapping[str, str] = MappingProxyType({})


_TELECOM = ("telecom.system", "telecom.value")
_ONE_PREFIX = MappingProxyType({"name.prefix": 1})
_VITAL = ("category", "code.coding", "subject", "effective[x]")


def _vital(*more: str) -> Profile:
    return Profile(type="Observation", least=(*_VITAL, *more))


_PATIENT = Profile(
    type="Patient",
    least=(*_TELECOM, "contact.telecom.system", "contact.telecom.value"),
    most=_ONE_PREFIX,
    codes=MappingProxyType({"gender": "male female unknown"}),
)
_ORGANIZATION = Profile(type="Organization", least=_TELECOM)
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "fr-core-patient": _PATIENT,
        "fr-core-patient-ins": Profile(
            type="Patient",
            least=(*_PATIENT.least, "identifier", "name", "gender", "birthDate"),
            most=_ONE_PREFIX,
            codes=_PATIENT.codes,
        ),
        "fr-core-practitioner": Profile(type="Practitioner", least=_TELECOM, most=_ONE_PREFIX),
        "fr-core-practitioner-role": Profile(type="PractitionerRole", least=_TELECOM),
        "fr-core-organization": _ORGANIZATION,
        "fr-core-organization-etablissement": _ORGANIZATION,
        "fr-core-organization-uac": _ORGANIZATION,
        "fr-core-organization-uf": _ORGANIZATION,
        "fr-core-encounter": Profile(
            type="Encounter",
            least=(
                "identifier", "identifier.type", "identifier.system", "identifier.value", "class.system", "class.code",
                "period",
            ),
            most=MappingProxyType({"type": 1, "account": 1}),
        ),
        "fr-core-related-person": Profile(
            type="RelatedPerson",
            least=("identifier", *_TELECOM),
            most=MappingProxyType({"identifier": 1, "name.prefix": 1}),
        ),
        "fr-core-location": Profile(type="Location"),
        "fr-core-appointment": Profile(type="Appointment"),
        "fr-core-healthcare-service": Profile(
            type="HealthcareService", least=_TELECOM, most=MappingProxyType({"category": 1})
        ),
        "fr-core-schedule": Profile(type="Schedule", most=MappingProxyType({"serviceCategory": 1, "serviceType": 0})),
        "fr-core-slot": Profile(type="Slot", most=MappingProxyType({"serviceCategory": 1})),
        "fr-core-observation-bmi": _vital(),
        "fr-core-observation-body-height": _vital(),
        "fr-core-observation-body-temperature": _vital(),
        "fr-core-observation-body-weight": _vital(),
        "fr-core-observation-bp": _vital("component", "component.code"),
        "fr-core-observation-head-circum": _vital(),
        "fr-core-observation-heartrate": _vital(),
        "fr-core-observation-resp-rate": _vital(),
        "fr-core-observation-saturation-oxygen": _vital(),
        "fr-core-medication-administration-inhaled-oxygen": Profile(
            type="MedicationAdministration", least=("medicationCodeableConcept.coding.code",)
        ),
    }
)  # fmt: skip


def profiles(held: Held) -> Iterator[Finding]:
    """What a resource lacks of the French profiles that it declares."""
    seen: set[tuple[str, str, str]] = set()
    for address in declared(held.resource):
        name = address.removeprefix(CORE) if address.startswith(CORE) else ""
        profile = PROFILES.get(name)
        if profile is not None and profile.type == held.kind:
            for one in _asked(held, name, profile):
                key = one.path, one.code, one.facts["element"]
                if key not in seen:
                    seen.add(key)
                    yield one
        elif profile is None and _HL7_FRANCE.fullmatch(address):
            yield told(rules.UNKNOWN_PROFILE, f"{held.place}.meta.profile", profile=address)


def _asked(held: Held, name: str, profile: Profile) -> Iterator[Finding]:
    for path in profile.least:
        for where, element in _lacking(held.resource, held.place, path.split(".")):
            facts = {"element": element, "profile": name}
            yield told(rules.PROFILE_LACKS, where, **facts)
    for path, most in profile.most.items():
        for where, element, count in _counted(held.resource, held.place, path.split(".")):
            if count > most:
                facts = {"element": element, "profile": name, "count": str(count), "most": str(most)}
                yield told(rules.PROFILE_ONE, where, **facts)
    for element, allowed in profile.codes.items():
        code = text(held.resource.get(element))
        if code and code not in allowed.split() and code.isalpha() and len(code) < 30:
            facts = {"element": element, "code": code, "codes": ", ".join(allowed.split()), "profile": name}
            yield told(rules.PROFILE_CODE, f"{held.place}.{element}", **facts)
    if name == "fr-core-patient-ins":
        yield from _traits(held, name)


def _lacking(holder: Json, place: str, steps: list[str]) -> Iterator[tuple[str, str]]:
    """Where an element is missing below what is there; what is not there above is asked for by a path of its own."""
    step, rest = steps[0], steps[1:]
    if rest:
        for where, inner in indexed(holder, step, place):
            for found, element in _lacking(inner, where, rest):
                yield found, f"{step}.{element}"
        return
    is_there = (
        choice(holder, step[:-3]) is not None if step.endswith("[x]") else holder.get(step) not in (None, [], "", {})
    )
    if not is_there and f"_{step.removesuffix('[x]')}" not in "".join(holder):
        yield place, step


def _counted(holder: Json, place: str, steps: list[str]) -> Iterator[tuple[str, str, int]]:
    step, rest = steps[0], steps[1:]
    if rest:
        for where, inner in indexed(holder, step, place):
            for found, element, count in _counted(inner, where, rest):
                yield found, f"{step}.{element}", count
        return
    value = holder.get(step)
    yield f"{place}.{step}", step, len(value) if type(value) is list else int(value is not None)


def _traits(held: Held, name: str) -> Iterator[Finding]:
    """The traits of a qualified identity that stand in extensions: place of birth, list of given names."""
    birth = extension(held.resource, BIRTH_PLACE)
    address = items(birth.get("valueAddress")) if birth is not None else []
    if not any(extension(one, COMMUNE) is not None for one in address):
        element = "extension (patient-birthPlace, fr-core-address-insee-code)"
        yield told(rules.PROFILE_LACKS, held.place, element=element, profile=name)
    official = [one for one in indexed(held.resource, "name", held.place) if text(one[1].get("use")) == "official"]
    if not official:
        yield told(rules.PROFILE_LACKS, f"{held.place}.name", element="name (official)", profile=name)
    for where, one in official:
        if extension(one, GIVEN_LIST) is None:
            element = "extension (fr-core-patient-birth-list-given-name)"
            yield told(rules.PROFILE_LACKS, where, element=element, profile=name)
        if len(texts(one.get("given"))) > 1:
            facts = {"element": "name.given", "profile": name, "count": str(len(texts(one.get("given")))), "most": "1"}
            yield told(rules.PROFILE_ONE, f"{where}.given", **facts)
