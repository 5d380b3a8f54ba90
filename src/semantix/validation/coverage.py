"""Coverage of meaning: of every coded concept of a source, whatever its format, is its code understood."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from datetime import date
from functools import lru_cache
from operator import attrgetter
from types import MappingProxyType
from typing import Final, cast, get_args, get_type_hints

from msgspec import Struct

from semantix import model
from semantix.systems import System, find
from semantix.validation._findings import Coverage
from semantix.validation._terms import Standing, Terms
from semantix.validation.code_forms import may_be_shown
from semantix.validation.system_oids import INSIDE, OID, fault_of, shown_system

VALID, UNCHECKED, MAPPED, LOCAL, RETIRED, UNKNOWN = "valid", "unchecked", "mapped", "local", "retired", "unknown"
BEST: Final = (VALID, UNCHECKED, MAPPED, RETIRED, UNKNOWN, LOCAL)
"""States of a concept, the best first: that of its best code counts."""
SURE: Final = frozenset({model.Outcome.EXACT, model.Outcome.CURATED, model.Outcome.EQUIVALENT})
"""How a code was found that counts without a person: never by likeness."""
LONGEST_CODE: Final = 20
_UNNAMED: Final = frozenset({"", "…"})
"""No system, or one that is not shown."""
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
    known: dict[tuple[str | None, str], tuple[int, str]] = {}
    for concept in concepts_of(document):
        sure = any(each.method in SURE for each in mapped.get(concept.at, ()))
        if not concept.codings:
            # Words alone are a local label where the source has such labels, else an answer in words.
            if sure or (document.sender is not None and concept.text and concept.null not in _REFUSED):
                coverage.count("", MAPPED if sure else LOCAL)
            continue
        rank, system, code = len(BEST), "", ""
        for coding in concept.codings:
            key = coding.system, coding.code
            judged = known.get(key)
            if judged is None:
                judged = known[key] = _judge(coding, terms, day)
            if judged[0] < rank:
                (rank, system), code = judged, coding.code
        state = MAPPED if sure and rank > BEST.index(MAPPED) else BEST[rank]
        is_poor = state in (LOCAL, RETIRED, UNKNOWN)
        # A code without a system may be anything: the commune of a birth, a local number.
        is_shown = is_poor and system not in _UNNAMED and may_be_shown(code, LONGEST_CODE)
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
        values = _values_of(cast("Hashable", kind))
        if values is not None:
            waiting += filter(None, values(here))


@lru_cache(maxsize=256)
def _values_of(kind: Hashable) -> Callable[[object], tuple[object, ...]] | None:
    """What gives the values of the fields of a class that may lead to a concept; ``None`` if it has no such field."""
    if not isinstance(kind, type) or not issubclass(kind, Struct) or issubclass(kind, _BARREN):
        return None
    hints = get_type_hints(kind)
    names = [name for name in kind.__struct_fields__ if any(map(_is_struct, _types(hints[name])))]
    if len(names) == 1:
        return lambda value: (getattr(value, names[0]),)
    return attrgetter(*names) if names else None


def _types(hint: object) -> Iterator[object]:
    inner = get_args(hint)
    if not inner:
        yield hint
    for each in inner:
        yield from _types(each)


def _is_struct(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, Struct) and not issubclass(hint, _BARREN)


# --- one code -----------------------------------------------------------------------------------------------------


def _judge(coding: model.Coding, terms: Terms, day: date | None) -> tuple[int, str]:
    """The rank of the state of a code, and the name of its system."""
    state, system = _stand(coding, terms, day)
    return BEST.index(state), system


def _stand(coding: model.Coding, terms: Terms, day: date | None) -> tuple[str, str]:
    written = coding.system or ""
    system = find(written)
    if system is not None:
        return _STATES[terms.standing(system, coding.code, day)], system.key
    oid = written.removeprefix("urn:oid:")
    if OID.fullmatch(oid) is None:
        return (UNCHECKED if written.startswith(_PUBLISHERS) else LOCAL), shown_system(written)
    if fault_of(oid) is not None:
        return UNKNOWN, shown_system(oid)
    state = _STATES[terms.standing(_unnamed(oid), coding.code, day)]
    return (state if state is VALID or oid.startswith((*INSIDE, _ISO)) else LOCAL), shown_system(oid)


@lru_cache(maxsize=1024)
def _unnamed(oid: str) -> System:
    return System(f"urn:oid:{oid}", oid, (oid,))


def _day(document: model.Document) -> date | None:
    text = document.time.date if document.time is not None else ""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
