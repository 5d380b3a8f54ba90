"""Codes first: what a code given with a query says about the target, from the store alone and without any guess.

In order: a valid code of the target, its usual malformations, a retired code and what took its place; then the official
maps from the system of the code. A code is never read in a system other than the one stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from semantix import systems
from semantix.model import Candidate, Evidence, Outcome, Query
from semantix.terminology.codes import canonical
from semantix.terminology.maps import Reached, reach
from semantix.terminology.records import Concept
from semantix.terminology.store import Store
from semantix.terminology.text import STOP_WORDS, fold, split_words, stem

_KEYS = {each.key: each.key for each in systems.SYSTEMS} | {each.title.casefold(): each.key for each in systems.SYSTEMS}
_LONGEST_CHAIN = 8
_DISTINCTIVE = {
    "cim10": re.compile(r"[A-Z]\d\d\.\d.*"),
    "atc": re.compile(r"[A-Z]\d\d[A-Z]{2}\d\d"),
    "ccam": re.compile(r"[A-Z]{4}\d{3}"),
    "loinc": re.compile(r"\d+-\d"),
    "cip": re.compile(r"34009\d{8}"),
    "ucd": re.compile(r"34008\d{8}"),
    "snomed": re.compile(r"\d{9,18}"),
}
"""Codes whose shape alone tells their system; any other without a system needs a text that agrees."""


class Resolution(Struct, frozen=True):
    """What the code of a query says: the outcome, the candidates best first, and how."""

    outcome: Outcome
    candidates: tuple[Candidate, ...]
    reason: str


class Located(Struct, frozen=True):
    """A code found in its system: the concept, and what had to be done to find it."""

    concept: Concept
    evidence: tuple[Evidence, ...] = ()


def resolve(store: Store, query: Query, target: str) -> Resolution | None:
    """Decide from the code of a query, or None when it has none that says anything about ``target``."""
    if not query.code.strip():
        return None
    if not query.system.strip():
        return _without_system(store, query, target)
    system = system_key(query.system)
    if system == target:
        return _own(store, target, query.code)
    return _through_maps(store, system, query.code, target)


def system_key(written: str) -> str:
    """The key of a system written as a key, title, OID, ``urn:oid:`` or URI; an unknown one stays as it is written."""
    text = written.strip()
    known = systems.find(text)
    return known.key if known else _KEYS.get(text.casefold(), text)


def locate(store: Store, system: str, written: str) -> Located | None:
    """Find a code as people write it: as it stands, in canonical form, else in another length of the same number."""
    code = written.strip()
    form = canonical(system, code)
    for variant in (form, *_variants(system, form)):
        concept = store.lookup(system, variant)
        if concept is not None:
            source = store.definer(system, variant)
            evidence = [Evidence("code", f"{system} {variant}", source)]
            if variant != code:
                evidence.append(Evidence("malformed code", f"{variant} is the usual form", source))
            if not concept.assignable:
                words = concept.kind or "grouping"
                evidence.append(Evidence("not assignable", f"{variant} may not be recorded ({words})", source))
            return Located(concept, tuple(evidence))
    return None


def _variants(system: str, code: str) -> Iterator[str]:
    """CIP and UCD have 7 or 13 digits; NABM loses its leading zeros in spreadsheets."""
    head = {"cip": "34009", "ucd": "34008"}.get(system)
    if head and code.isascii() and code.isdigit():
        if len(code) == 7:
            yield head + code + _check_digit(head + code)
        elif len(code) == 13 and code.startswith(head) and code[-1] == _check_digit(code[:-1]):
            yield code[5:12]
    elif system == "nabm" and code.isascii() and code.isdigit():
        if len(code) < 4:
            yield code.zfill(4)
        if code.startswith("0"):
            yield code.lstrip("0")


def _check_digit(digits: str) -> str:
    """The last digit of an EAN-13 code."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-total % 10)


# --- a code of the target ---------------------------------------------------------------------------------------


def _own(store: Store, target: str, written: str) -> Resolution | None:
    located = locate(store, target, written)
    if located is None:
        code = canonical(target, written)
        return _succeeded(store, target, code, (Evidence("code", f"{target} {code}"),))
    if not located.concept.active:
        found = _succeeded(store, target, located.concept.code, located.evidence)
        return found or _lapsed(located)
    malformed = any(each.kind == "malformed code" for each in located.evidence)
    reason = "usual malformation of a valid code" if malformed else "valid code"
    if not located.concept.assignable:
        reason += ", not assignable"
    return Resolution(Outcome.EXACT, (_candidate(located.concept, located.evidence),), reason)


def _lapsed(located: Located) -> Resolution:
    source = located.evidence[0].source
    evidence = (*located.evidence, Evidence("retired code", "nothing takes its place", source))
    candidate = _candidate(located.concept, evidence, ("retired",))
    return Resolution(Outcome.CANDIDATE, (candidate,), "retired code without successor")


def _succeeded(store: Store, system: str, code: str, evidence: tuple[Evidence, ...]) -> Resolution | None:
    """What takes the place of a retired code; None when nothing does."""
    reached = _successors(store, system, code, evidence)
    if not reached:
        return None
    certain = [each for each, sure in reached if sure]
    if len(reached) == 1 and certain:
        return Resolution(Outcome.EXACT, (certain[0],), "retired code with one successor")
    candidates = tuple(replace(each, probability=0.0, conflicts=("retired",)) for each, _ in reached)
    return Resolution(Outcome.CANDIDATE, candidates, "retired code whose successor is not certain")


def _successors(store: Store, system: str, code: str, evidence: tuple[Evidence, ...]) -> list[tuple[Candidate, bool]]:
    """The active codes at the end of the chains of successors, and whether each chain is certain."""
    found: dict[str, tuple[Candidate, bool]] = {}
    waiting: list[tuple[str, tuple[Evidence, ...], bool, int]] = [(code, evidence, True, 0)]
    seen = {code}
    while waiting:
        here, so_far, sure, depth = waiting.pop(0)
        for each in store.successors(system, here):
            if each.successor in seen or depth >= _LONGEST_CHAIN:
                continue
            seen.add(each.successor)
            words = f"{here} {each.kind} {each.successor}"
            grown = (*so_far, Evidence("retired code", words, store.definer(system, here)))
            certain = sure and each.kind != "possibly-equivalent"
            concept = store.lookup(system, each.successor)
            if concept is not None and concept.active:
                found[each.successor] = _candidate(concept, grown), certain
            else:
                waiting.append((each.successor, grown, certain, depth + 1))
    return [found[key] for key in sorted(found)]


def _candidate(concept: Concept, evidence: tuple[Evidence, ...], conflicts: tuple[str, ...] = ()) -> Candidate:
    sure = 0.0 if conflicts else 1.0
    return Candidate(concept.system, concept.code, concept.display, 1.0, sure, evidence, conflicts)


# --- a code without a system ------------------------------------------------------------------------------------


def _without_system(store: Store, query: Query, target: str) -> Resolution | None:
    """A valid code of the target whose text agrees, or, without a text, whose shape no other system has."""
    found = _own(store, target, query.code)
    if found is None:
        return None
    first = found.candidates[0]
    unstated = Evidence("system not stated", f"read as {target}")
    if query.text.strip():
        agrees = found.outcome is Outcome.EXACT and _agrees(store, first, query.text)
        doubt = "the text does not confirm it"
    else:
        shape = _DISTINCTIVE.get(target)
        agrees = shape is not None and shape.fullmatch(first.code) is not None
        doubt = "the shape of the code does not tell its system"
    if agrees:
        candidates = tuple(replace(each, evidence=(*each.evidence, unstated)) for each in found.candidates)
        return Resolution(found.outcome, candidates, f"{found.reason}; system not stated")
    candidates = tuple(
        replace(each, probability=0.0, evidence=(*each.evidence, unstated), conflicts=(*each.conflicts, "system"))
        for each in found.candidates
    )
    return Resolution(Outcome.CANDIDATE, candidates, f"{found.reason}, but its system is not stated and {doubt}")


def _agrees(store: Store, candidate: Candidate, text: str) -> bool:
    """Whether a text shares a word that means something with a term of the code."""
    words = _meaning(text)
    terms = store.terms_of(candidate.system, candidate.code)
    return any(words & _meaning(term.text) for term, _ in terms if term.kind not in {"exclusion", "note"})


def _meaning(text: str) -> set[str]:
    return {stem(word) for word in split_words(fold(text)) if word not in STOP_WORDS and len(word) > 2}


# --- a code of another system -----------------------------------------------------------------------------------


def _through_maps(store: Store, system: str, written: str, target: str) -> Resolution | None:
    """Follow the official maps from a code; one equivalent, active target decides, anything else is to review."""
    located = locate(store, system, written)
    code = located.concept.code if located else canonical(system, written)
    evidence = located.evidence if located else ()
    ways = reach(store, system, code, target)
    if not ways:
        ways, evidence = _from_successor(store, system, code, target, evidence)
    if not ways and not located:
        ways = next(filter(None, (reach(store, system, each, target) for each in _variants(system, code))), ())
    reached = [landed for way in ways for landed in _landed(store, target, way, evidence)]
    if not reached:
        return None
    equivalents = [candidate for candidate, sure in reached if sure]
    if len(equivalents) == 1:
        return Resolution(Outcome.EQUIVALENT, (equivalents[0],), f"official map from {system}")
    candidates = tuple(replace(candidate, probability=0.0) for candidate, _ in reached)
    what = f"{len(candidates)} codes" if len(candidates) > 1 else "a code that is not equivalent"
    return Resolution(Outcome.CANDIDATE, candidates, f"official map from {system} to {what}")


def _from_successor(
    store: Store, system: str, code: str, target: str, evidence: tuple[Evidence, ...]
) -> tuple[tuple[Reached, ...], tuple[Evidence, ...]]:
    """The ways from the one code that takes the place of a retired code."""
    followed = _succeeded(store, system, code, evidence)
    if followed is None or followed.outcome is not Outcome.EXACT:
        return (), evidence
    heir = followed.candidates[0]
    return reach(store, system, heir.code, target), heir.evidence


def _landed(
    store: Store, target: str, way: Reached, evidence: tuple[Evidence, ...]
) -> Iterator[tuple[Candidate, bool]]:
    """The target as the store knows it today, and whether it may be used without review."""
    so_far = (*evidence, *way.evidence)
    concept = store.lookup(target, way.code)
    score = 1.0 if way.is_equivalent else 0.5
    if concept is not None and concept.active:
        if not concept.assignable:
            said = f"{concept.code} may not be recorded ({concept.kind or 'grouping'})"
            so_far = (*so_far, Evidence("not assignable", said))
        sure = way.is_equivalent
        yield Candidate(target, concept.code, concept.display, score, float(sure), so_far), sure
        return
    if target not in store.systems():
        yield Candidate(target, way.code, "", score, float(way.is_equivalent), so_far), way.is_equivalent
        return
    followed = _succeeded(store, target, way.code, so_far)
    if followed is not None:
        sure = way.is_equivalent and followed.outcome is Outcome.EXACT
        for each in followed.candidates:
            yield replace(each, score=score, probability=float(sure)), sure
        return
    display, conflict = (concept.display, "retired") if concept else ("", "unknown code")
    yield Candidate(target, way.code, display, score, 0.0, so_far, (conflict,)), False
