"""Coverage of meaning: of every coded concept of a source, whatever its format, is its code understood."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final, cast, get_args, get_type_hints

from msgspec import Struct

from semantix import model
from semantix.systems import System, find
from semantix.validation._findings import Coverage
from semantix.validation._terms import Standing, Terms
from semantix.validation.code_forms import may_be_shown
from semantix.validation.system_oids import INSIDE, OID, fault_of

VALID, UNCHECKED, MAPPED, LOCAL, RETIRED, UNKNOWN = "valid", "unchecked", "mapped", "local", "retired", "unknown"
BEST: Final = (VALID, UNCHECKED, MAPPED, RETIRED, UNKNOWN, LOCAL)
"""States of a concept, the best first: that of its best code counts."""
SURE: Final = frozenset({model.Outcome.EXACT, model.Outcome.CURATED, model.Outcome.EQUIVALENT})
"""How a code was found that counts without a person: never by likeness."""
LONGEST_CODE: Final = 20
_ISO: Final = "1.0."
"""What the OID of a code system of ISO begins with."""
_PUBLISHERS: Final = (
    "http://terminology.hl7.org/", "http://hl7.org/", "https://hl7.fr/", "https://mos.esante.gouv.fr/",
    "https://smt.esante.gouv.fr/", "http://loinc.org", "http://snomed.info/", "urn:ietf:", "urn:iso:",
)  # fmt: skip
"""What the addresses of published code systems begin with."""
_REFUSED: Final = frozenset({"ASKU", "NASK", "MSK", "NA", "NI", "UNK", "NAV"})
"""NullFlavors of a concept that is not there, whatever is written beside it."""
_BARREN: Final = (model.Quantity, model.Range, model.Ratio, model.Timing, model.TimeSpan, model.Attachment)
"""Values without a concept of their own, but for units."""
_STATES: Final = {
    Standing.VALID: VALID,
    Standing.UNCHECKED: UNCHECKED,
    Standing.RETIRED: RETIRED,
    Standing.ABSENT: UNKNOWN,
    Standing.MALFORMED: UNKNOWN,
}
_NONE_MAPPED: model.MappedCodings = MappingProxyType({})


def coverage_of(document: model.Document, terms: Terms, mapped: model.MappedCodings = _NONE_MAPPED) -> Coverage:
    """Count the coded concepts of a document by system and state, each once, by its best code.

    ``mapped`` are the codes found for what the source codes otherwise, by place, as ``semantix.pipeline`` finds them.
    """
    coverage = Coverage()
    day = _day(document)
    for concept in concepts_of(document):
        sure = any(each.method in SURE for each in mapped.get(concept.at, ()))
        judged = [(*_judge(coding, terms, day), coding.code) for coding in concept.codings]
        if not judged:
            # Words alone are a local label where the source has such labels, else an answer in words.
            if sure or (document.sender is not None and concept.text and concept.null not in _REFUSED):
                coverage.count("", MAPPED if sure else LOCAL)
            continue
        state, system, code = min(judged, key=lambda each: BEST.index(each[0]))
        if sure and BEST.index(state) > BEST.index(MAPPED):
            state = MAPPED
        is_poor = state in (LOCAL, RETIRED, UNKNOWN)
        # A code without a system may be anything: the commune of a birth, a local number.
        is_shown = is_poor and system and may_be_shown(code, LONGEST_CODE)
        coverage.count(system, state, code if is_shown else "")
    return coverage


def concepts_of(document: model.Document) -> Iterator[model.Concept]:
    """Every concept that a document holds, each once; those that the format only implies are left out."""
    seen = set(document.derived)
    waiting: list[object] = [document]
    while waiting:
        here = waiting.pop()
        kind = type(here)
        if kind is tuple:
            waiting += cast("tuple[object, ...]", here)
            continue
        if kind is model.Concept:
            concept = cast("model.Concept", here)
            if concept.at not in seen:
                seen.add(concept.at)
                yield concept
        for name in _fields(cast("Hashable", kind)):
            value = getattr(here, name)
            if value:
                waiting.append(value)


@lru_cache(maxsize=256)
def _fields(kind: Hashable) -> tuple[str, ...]:
    """The fields of a value of a class that may lead to a concept."""
    if not isinstance(kind, type) or not issubclass(kind, Struct) or issubclass(kind, _BARREN):
        return ()
    hints = get_type_hints(kind)
    return tuple(name for name in kind.__struct_fields__ if any(map(_is_struct, _types(hints[name]))))


def _types(hint: object) -> Iterator[object]:
    inner = get_args(hint)
    if not inner:
        yield hint
    for each in inner:
        yield from _types(each)


def _is_struct(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, Struct) and not issubclass(hint, _BARREN)


# --- one code -----------------------------------------------------------------------------------------------------


def _judge(coding: model.Coding, terms: Terms, day: date | None) -> tuple[str, str]:
    """The state of a code and the name of its system."""
    written = coding.system or ""
    system = find(written)
    if system is not None:
        return _STATES[terms.standing(system, coding.code, day)], system.key
    oid = written.removeprefix("urn:oid:")
    if OID.fullmatch(oid) is None:
        return (UNCHECKED if written.startswith(_PUBLISHERS) else LOCAL), written
    if fault_of(oid) is not None:
        return UNKNOWN, oid
    state = _STATES[terms.standing(_unnamed(oid), coding.code, day)]
    return (state if state is VALID or oid.startswith((*INSIDE, _ISO)) else LOCAL), oid


@lru_cache(maxsize=1024)
def _unnamed(oid: str) -> System:
    return System(f"urn:oid:{oid}", oid, (oid,))


def _day(document: model.Document) -> date | None:
    text = document.time.date if document.time is not None else ""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
