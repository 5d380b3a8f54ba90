"""French identifiers in FHIR, and what the profiles of FR Core ask of the resources that declare them.

Source: FR Core 2.2 (cardinalities, patterns and required bindings of its profiles); the référentiel INS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from semantix.identifiers import Check, check_finess, check_nir, check_ps_idnat, check_rpps, check_struct_idnat, luhn
from semantix.parsers.fhir.shapes import Json, extension, extensions, first, items, text, texts
from semantix.systems import INS_C, INS_NIA, INS_NIR, INS_NIR_DEMO, INS_NIR_TEST, PS_ID_NAT, STRUCT_ID_NAT
from semantix.validation._findings import Finding, RuleInfo
from semantix.validation.fhir import words_french as rules
from semantix.validation.fhir._telling import told
from semantix.validation.fhir._walk import Element, Held

CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition/"
RELIABILITY = f"{CORE}fr-core-identity-reliability"
COMMUNE = f"{CORE}fr-core-address-insee-code"
_FOREIGN = "cannot be checked"

INS_TYPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        f"urn:oid:{INS_NIR}": ("INS-NIR", "NH"),
        f"urn:oid:{INS_NIA}": ("INS-NIA",),
        f"urn:oid:{INS_NIR_TEST}": ("INS-NIR-TEST",),
        f"urn:oid:{INS_NIR_DEMO}": ("INS-NIR-DEMO",),
    }
)
"""The code of the type by system; the number of a social security holder (``NH``) has the system of the INS."""


def _check_sirene(value: str) -> Check:
    is_right = value.isascii() and value.isdigit() and len(value) in (9, 14)
    is_post = value.startswith("356000000") and sum(map(int, value)) % 5 == 0 if is_right else False
    return Check(
        is_right and (luhn(value) or is_post), "SIREN / SIRET", "wrong key" if is_right else "not 9 or 14 digits"
    )


PROFESSIONALS: Mapping[str, tuple[str, str, Callable[[str], Check]]] = MappingProxyType(
    {
        "https://rpps.esante.gouv.fr": ("RPPS", "RPPS", check_rpps),
        f"urn:oid:{PS_ID_NAT}": ("IDNPS", "PS_IdNat", check_ps_idnat),
    }
)
STRUCTURES: Mapping[str, tuple[str, str, Callable[[str], Check]]] = MappingProxyType(
    {
        "https://finess.esante.gouv.fr": ("", "FINESS", check_finess),
        f"urn:oid:{STRUCT_ID_NAT}": ("IDNST", "Struct_IdNat", check_struct_idnat),
        "https://sirene.fr": ("", "SIREN / SIRET", _check_sirene),
    }
)
_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "wrong key": "clé fausse",
        "no key": "pas de clé",
        "a placeholder for the key": "clé de remplissage",
        "no month or pseudo-month": "pas de mois de naissance",
        "no department of birth": "pas de département de naissance",
        "no rank in the register": "pas de numéro d’ordre",
        "not 11 digits": "pas 11 chiffres",
        "not 9 or 14 digits": "ni 9 ni 14 chiffres",
        "not 9 digits, the second possibly A or B after 2": "pas 9 caractères",
    }
)
_INSEE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")
_STATUS = re.compile(r"[A-Za-z-]{1,20}")


def french(held: Held) -> Iterator[Finding]:
    """What is wrong with the French identifiers of a resource, whatever it declares."""
    resource = held.resource
    for one in held.parts:
        if one.name == "identifier":
            yield from _identifier(one, is_patient=held.kind == "Patient")
        elif one.value.get("url") == COMMUNE:
            yield from _commune(one)
    if held.kind == "Patient":
        yield from _identity(held)
    for n, name in enumerate(items(resource.get("name")) if held.kind == "Patient" else ()):
        if text(name.get("use")) == "official":
            for element in ("family", "given"):
                if not texts(name.get(element)) and f"_{element}" not in name:
                    yield told(rules.OFFICIAL_NAME, f"{held.place}.name[{n}]", element=element)


def _identifier(one: Element, *, is_patient: bool) -> Iterator[Finding]:
    system, value = text(one.value.get("system")) or "", text(one.value.get("value")) or ""
    if system in INS_TYPES and is_patient:
        yield from _ins(one, system, value)
    elif system == f"urn:oid:{INS_C}":
        yield told(rules.INS_C, one.place)
    elif system in PROFESSIONALS:
        yield from _national(one, PROFESSIONALS[system], rules.WRONG_PROFESSIONAL)
    elif system in STRUCTURES:
        yield from _national(one, STRUCTURES[system], rules.WRONG_STRUCTURE)


def _ins(one: Element, system: str, value: str) -> Iterator[Finding]:
    checked = check_nir(value)
    reason = checked.reason if not checked.ok or checked.reason else ""
    if value and reason:
        yield told(rules.WRONG_INS, f"{one.place}.value", **_said(reason))
    kinds = _types(one.value)
    expected = INS_TYPES[system]
    if not kinds & set(expected):
        facts = {"system": system, "expected": expected[0]}
        yield told(rules.INS_TYPE, f"{one.place}.type", **facts)
    use = text(one.value.get("use")) or ""
    if use not in ("official", "old") and "NH" not in kinds:
        shown = use if _STATUS.fullmatch(use) else "–"
        yield told(rules.INS_USE, f"{one.place}.use", use=shown)


def _types(identifier: Json) -> set[str]:
    holder = first(identifier.get("type")) or {}
    return {text(coding.get("code")) or "" for coding in items(holder.get("coding"))}


def _said(reason: str) -> dict[str, str]:
    return {"reason": reason, "reason_fr": _REASONS.get(reason, "forme incorrecte")}


def _national(one: Element, known: tuple[str, str, Callable[[str], Check]], rule: RuleInfo) -> Iterator[Finding]:
    kind, label, check = known
    value = text(one.value.get("value")) or ""
    checked = check(value)
    if value and not checked.ok and _FOREIGN not in checked.reason:
        yield told(rule, f"{one.place}.value", kind=label, **_said(checked.reason))
    if kind and kind not in _types(one.value):
        system = text(one.value.get("system")) or ""
        yield told(rules.IDENTIFIER_TYPE, f"{one.place}.type", system=system, expected=kind)


def _commune(one: Element) -> Iterator[Finding]:
    coding = first(one.value.get("valueCoding"))
    code = text(coding.get("code")) if coding is not None else None
    if code and not _INSEE.fullmatch(code):
        yield told(rules.BAD_COMMUNE, f"{one.place}.valueCoding.code")


def _identity(held: Held) -> Iterator[Finding]:
    """Invariants fr-core-1 and fr-core-2: a qualified identity has one official identifier, its INS."""
    statuses = {
        text(coding.get("code"))
        for one in extensions(held.resource, RELIABILITY)
        if (status := extension(one, "identityStatus")) is not None
        for coding in items(status.get("valueCoding"))
    }
    if "VALI" not in statuses:
        return
    official = [one for one in items(held.resource.get("identifier")) if text(one.get("use")) == "official"]
    if not any(text(one.get("system")) in INS_TYPES for one in official):
        yield told(rules.VALID_NO_INS, held.place)
    elif len(official) > 1:
        yield told(rules.SEVERAL_OFFICIAL, f"{held.place}.identifier", count=str(len(official)))
