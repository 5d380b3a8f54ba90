"""Sources and targets as cells of curated tables. What a row cannot say is named: nothing is claimed more widely."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from semantix.model import SECTIONS
from semantix.review.formats._sssom_systems import BUILT_IN, base_of
from semantix.review.model import Source, Target
from semantix.terminology.codes import canonical
from semantix.terminology.table_conditions import SPECIMEN_WORDS
from semantix.terminology.table_files import LITERAL, LOCAL, curie, system_of
from semantix.terminology.table_keys import words_of
from semantix.terminology.table_rows import system_key, unit_class
from semantix.terminology.text import fold
from semantix.terminology.units import Units

_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")
_CODE = re.compile(r"[^\s:|]+")
_OWNED: Final = (
    ("http://terminology.hl7.org/CodeSystem/v3-", "V3_"),
    ("http://terminology.hl7.org/CodeSystem/", "FHIR_"),
    ("http://hl7.org/fhir/", "FHIR_"),
    ("https://mos.esante.gouv.fr/NOS/", "ANS_"),
    ("https://smt.esante.gouv.fr/", "ANS_"),
    ("2.16.840.1.113883.", "V3_"),
    ("1.2.250.1.213.", "ANS_"),
)
"""Roots of HL7 and of the ANS: their systems have a prefix even when semantix has no key for them."""
ALWAYS: Final = ("rdfs", "semapv", "skos")


class Refused(ValueError):
    """Something that a curated table cannot say: the field, and the reason as a key of the words."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


class Subject(Struct, frozen=True):
    """The cells of a row that say what is mapped, and under which conditions."""

    subject_id: str = ""
    subject_label: str = ""
    subject_type: str = ""
    sender: str = ""
    unit: str = ""
    specimen: str = ""
    section: str = ""

    def key(self, folded: bool) -> tuple[str, ...]:
        """What makes two subjects one, as the lint of tables sees it."""
        label = fold(self.subject_label) if folded else self.subject_label
        return self.subject_id, label, fold(self.sender), self.unit, self.specimen, self.section


class Prefixes:
    """The prefixes of curated tables, and what those that were used stand for."""

    def __init__(self) -> None:
        self._bases: dict[str, str] = {}
        self._named: dict[str, str] = {}
        self._targets: dict[tuple[str, str], tuple[str, str, str]] = {}

    def target(self, target: Target) -> tuple[str, str, str]:
        """The system, the code and the CURIE of a target. Raises Refused."""
        key = target.system, target.code
        found = self._targets.get(key)
        if found is None:
            found = self._targets[key] = self._target(target)
        return found

    def _target(self, target: Target) -> tuple[str, str, str]:
        system = system_key(target.system)
        prefix = system.upper().replace("-", "_")
        if not system or system_of(prefix) != system:
            raise Refused("target", "curated-target-system")
        code = _written(system, target.code, "target")
        self._bases.setdefault(prefix, _base(system, prefix))
        return system, code, curie(prefix, code)

    def source(self, source: Source) -> str:
        """The CURIE of a source code. Raises Refused."""
        system = system_key(source.system)
        prefix = system.upper().replace("-", "_")
        if system and system != "local" and system_of(prefix) == system:
            base = _base(system, prefix)
        elif named := self._owned(system):
            prefix, base = named, base_of(system)
        elif source.sender:
            system, prefix, base = "local", LOCAL, base_of("")
        else:
            raise Refused("code", "curated-system")
        code = _written(system, source.code, "code")
        self._bases.setdefault(prefix, base)
        return curie(prefix, code)

    def declared(self, used: frozenset[str]) -> dict[str, str]:
        """What the prefixes stand for that are used, and the three of SSSOM itself."""
        return {prefix: self._bases[prefix] for prefix in used} | {prefix: BUILT_IN[prefix] for prefix in ALWAYS}

    def _owned(self, system: str) -> str:
        """A prefix for a system of HL7 or of the ANS that has no key; empty for any other."""
        if system in self._named:
            return self._named[system]
        root, start = next(((root, start) for root, start in _OWNED if system.startswith(root)), ("", ""))
        name = re.sub(r"[^A-Z0-9]+", "_", system.removeprefix(root).upper()).strip("_") if root else ""
        if not name or system.endswith(("/", "#", ":", "|")) or not (_OID.fullmatch(system) or "://" in system):
            return ""
        prefix, number = f"{start}{name}", 2
        while prefix in self._bases or prefix in self._named.values():
            prefix, number = f"{start}{name}_{number}", number + 1
        self._named[system] = prefix
        return prefix


class UnitCodes:
    """The UCUM codes of units as written, each read once."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._codes: dict[str, str] = {"": ""}

    def of(self, text: str) -> str:
        """The code of a unit. Raises Refused when there is none."""
        text = text.strip()
        code = self._codes.get(text)
        if code is None:
            code = self._units.read(text).code or ""
            if unit_class(code) is None or one_line(code) != code or "|" in code:
                code = ""
            self._codes[text] = code
        if text and not code:
            raise Refused("unit", "curated-unit")
        return code


def subject_of(source: Source, prefixes: Prefixes, units: UnitCodes) -> Subject:
    """The subject of rows. Raises Refused for what would make the row claim more, or something else, if left out."""
    conditions = {
        "sender": _sender(source.sender),
        "unit": units.of(source.unit),
        "specimen": _specimen(source.specimen),
        "section": _section(source.section),
    }
    if not source.code.strip():
        return Subject(subject_label=_label(source.label, wording=True), subject_type=LITERAL, **conditions)
    # With a sender the label is a condition too; without one the code alone is the subject.
    label = _label(source.label, wording=False) if source.sender else ""
    return Subject(subject_id=prefixes.source(source), subject_label=label, **conditions)


def one_line(text: str) -> str:
    """A text as a cell of a table holds it: composed, on one line, blanks single, nothing that does not print."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in composed).split())


def _written(system: str, code: str, field: str) -> str:
    written = canonical(system, code)
    loose = system in {"local", "ucum"}
    if not written or canonical(system, written) != written or not (loose or _CODE.fullmatch(written)):
        raise Refused(field, "curated-code")
    if system == "ucum" and unit_class(written) is None:
        raise Refused(field, "curated-code")
    return written


def _base(system: str, prefix: str) -> str:
    if prefix.startswith("FHIR_"):
        return f"http://hl7.org/fhir/{system.removeprefix('fhir-')}/"
    return base_of(system)


def _label(text: str, wording: bool) -> str:
    label = one_line(text)
    if fold(label) != fold(text) or (wording and not (words_of(label) and words_of(label) == words_of(text))):
        raise Refused("label", "curated-label")
    if text.strip() and not fold(label):
        raise Refused("label", "curated-label")
    return label


def _sender(text: str) -> str:
    sender = one_line(text)
    if "|" in sender or fold(sender) != fold(text) or (text and not fold(sender)):
        raise Refused("sender", "curated-sender")
    return sender


def _specimen(text: str) -> str:
    if not text:
        return ""
    found = SPECIMEN_WORDS.get(fold(text), "")
    if not found:
        raise Refused("specimen", "curated-specimen")
    return found


def _section(text: str) -> str:
    if text and text not in SECTIONS:
        raise Refused("section", "curated-section")
    return text


def definitions(base: str) -> tuple[Mapping[str, str], ...]:
    """The definitions of the conditions, which SSSOM does not have."""
    return tuple(
        {
            "property": f"{base}sssom/{slot}",
            "slot_name": slot,
            "type_hint": "http://www.w3.org/2001/XMLSchema#string",
        }
        for slot in ("sender", "unit", "specimen", "section")
    )
