"""Codes: their form, their presence in their system, the OID they stand under, what is missing beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from semantix.systems import BY_OID, System
from semantix.validation._cda import V3, Cda, Element
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation._terms import Standing
from semantix.validation.cda import codes_words as words
from semantix.validation.code_forms import look_of, looks_of_another, shown
from semantix.validation.system_oids import Wrong, fault_of, named, shown_oid

RULES: tuple[RuleInfo, ...] = words.RULES

_FIXED = frozenset({"statusCode", "languageCode", "signatureCode", "realmCode"})
"""Elements whose system the standard fixes."""
_DROPPING = frozenset({"cip", "cis", "ucd"})
"""Systems whose public list leaves out what was withdrawn: that a code is not there proves nothing."""
_TITLES: Mapping[str, System] = {each.key: each for each in BY_OID.values()}
_OF_FAULT = {Wrong.NOT_OID: words.NOT_OID, Wrong.CUT: words.OID_CUT, Wrong.TYPO: words.OID_TYPO,
             Wrong.VALUE_SET: words.SET_OID}  # fmt: skip


class _Coded(NamedTuple):
    """The attributes of a coded element: elements with the same ones are judged once."""

    code: str
    oid: str | None
    name: str
    null: str


_Verdict = tuple[RuleInfo, str, Mapping[str, str]]


def check(cda: Cda) -> Iterator[Finding]:
    """Find what is wrong with the coded elements of a document."""
    day = day_of(cda)
    known: dict[_Coded, tuple[_Verdict, ...]] = {}
    for element in cda.coded:
        get = element.get
        coded = _Coded(get("code", ""), get("codeSystem"), get("codeSystemName", ""), get("nullFlavor", ""))
        verdicts = known.get(coded)
        if verdicts is None:
            verdicts = known[coded] = tuple(_judge(cda, coded, day))
        for rule, attribute, facts in verdicts:
            if rule is words.NO_SYSTEM and not _needs_system(element):
                continue
            yield _found(cda, element, (rule, attribute, facts))
        if coded.oid and (parent := _translated(element)) is not None and _is_same(parent, coded):
            yield _found(
                cda, element, (words.SAME_TRANSLATION, "", {"code": shown(coded.code), "oid": shown_oid(coded.oid)})
            )


def day_of(cda: Cda) -> date | None:
    """The day of the document; ``None`` when it is not said to the day."""
    for element in cda.by_name.get("effectiveTime", ()):
        if element.getparent() is cda.root:
            text = element.get("value", "")[:8]
            try:
                return date(int(text[:4]), int(text[4:6]), int(text[6:]))
            except ValueError:
                return None
    return None


def _found(cda: Cda, element: Element, verdict: _Verdict) -> Finding:
    rule, attribute, facts = verdict
    path, line = cda.place(element, attribute)
    if "{element}" in rule.found[0]:
        facts = {**facts, "element": element.tag.removeprefix(V3).rpartition("}")[2]}
    return finding(rule, path, line, **facts)


def _needs_system(element: Element) -> bool:
    """A quantity in another unit has a unit for a code; the rules on units see to it."""
    return element.tag.rpartition("}")[2] not in _FIXED and element.get("value") is None


def _translated(element: Element) -> Element | None:
    return element.getparent() if element.tag.endswith("}translation") else None


def _is_same(parent: Element, coded: _Coded) -> bool:
    return parent.get("code") == coded.code and parent.get("codeSystem") == coded.oid


# --- the attributes of one element --------------------------------------------------------------------------------


def _judge(cda: Cda, coded: _Coded, day: date | None) -> Iterator[_Verdict]:
    if coded.null:
        yield words.NULL_CODE, "nullFlavor", {"null": shown(coded.null)}
    if coded.code.split() != [coded.code] or (coded.oid or "").split() != ([coded.oid] if coded.oid else []):
        yield words.SPACES, "code", {}
        return
    if not coded.oid:
        yield words.NO_SYSTEM, "code", {}
        return
    system = BY_OID.get(coded.oid)
    if system is None:
        yield from _unknown_system(coded, coded.oid)
        return
    other = named(coded.name) if coded.name else None
    if other is not None and other is not system:
        yield words.NAME, "codeSystem", {"named": other.title, "oid": coded.oid, "right": other.oids[0]}
    yield from _known_system(cda, system, coded, day)


def _unknown_system(coded: _Coded, oid: str) -> Iterator[_Verdict]:
    fault = fault_of(oid)
    meant = named(coded.name) if coded.name else None
    if fault is not None:
        rule = _OF_FAULT[fault.wrong]
        right = fault.right
        if fault.wrong is Wrong.CUT:
            meant = meant or _TITLES.get(look_of(coded.code))
            right = meant.oids[0] if meant is not None else f"{oid}.…"
        yield rule, "codeSystem", {"oid": shown_oid(oid)} | ({"right": right} if right else {})
    elif meant is not None:
        yield words.NAME, "codeSystem", {"named": meant.title, "oid": oid, "right": meant.oids[0]}


def _known_system(cda: Cda, system: System, coded: _Coded, day: date | None) -> Iterator[_Verdict]:
    standing = cda.terms.standing(system, coded.code, day)
    if standing in (Standing.VALID, Standing.UNCHECKED):
        return
    facts = {"code": shown(coded.code), "system": system.title, "oid": coded.oid or ""}
    if standing is Standing.MALFORMED:
        other = _TITLES.get(looks_of_another(system.key, coded.code))
        if other is not None:
            yield words.OTHER_SYSTEM, "code", {**facts, "other": other.title, "right": other.oids[0]}
        else:
            yield words.MALFORMED, "code", facts
    elif system.key in _DROPPING:
        yield words.NOT_LISTED, "code", facts
    else:
        yield (words.ABSENT if standing is Standing.ABSENT else words.RETIRED), "code", facts
