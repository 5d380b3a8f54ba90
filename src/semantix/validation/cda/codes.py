"""Codes: their form, their presence in their system, the OID they stand under, what is missing beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from semantix.systems import BY_OID, System
from semantix.validation._cda import XSI_TYPE, Cda, Element
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation._terms import Standing
from semantix.validation.cda import codes_words as words
from semantix.validation.code_forms import look_of, looks_of_another, shown
from semantix.validation.system_oids import Wrong, fault_of, named, shown_oid

RULES: tuple[RuleInfo, ...] = words.RULES

_FIXED = frozenset({"statusCode", "languageCode", "signatureCode", "realmCode", "event"})
"""Elements whose system the standard fixes."""
_DROPPING = frozenset({"cip", "cis", "ucd"})
"""Systems whose public list leaves out what was withdrawn: that a code is not there proves nothing."""
_PRESCRIBED: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("SPRECEIVE", "1.3.5.1.4.1.19376.1.5.3.2"): "1.2.250.1.213.1.1.1.55",
        ("xx-MCH-PsychoMDev", "2.16.840.1.113883.6.1"): "1.3.6.1.4.1.19376.1.7.3.1.1.13.4",
        ("XX-ANTENATALTESTINGBATTERY", "2.16.840.1.113883.6.1"): "1.3.6.1.4.1.19376.1.5.3.1.1.21.3.10",
    }
)
"""Codes that are wrong where they stand and that the official rules demand there, so that no writer can correct them;
and the template of a document, a section or an entry whose rules these are."""
_TITLES: Mapping[str, System] = {each.key: each for each in BY_OID.values()}
_OF_FAULT = {Wrong.NOT_OID: words.NOT_OID, Wrong.CUT: words.OID_CUT, Wrong.TYPO: words.OID_TYPO,
             Wrong.VALUE_SET: words.SET_OID}  # fmt: skip


_Coded = tuple[str, str, str, str]
"""code, codeSystem, codeSystemName and nullFlavor of an element: elements with the same ones are judged once."""
_Verdict = tuple[RuleInfo, str, Mapping[str, str]]


def check(cda: Cda) -> Iterator[Finding]:
    """Find what is wrong with the coded elements of a document."""
    day = day_of(cda)
    known: dict[_Coded, tuple[_Verdict, ...]] = {}
    for element in cda.coded:
        get = element.get
        coded = get("code", ""), get("codeSystem", ""), get("codeSystemName", ""), get("nullFlavor", "")
        verdicts = known.get(coded)
        if verdicts is None:
            verdicts = known[coded] = tuple(_judge(cda, coded, day))
        for rule, attribute, facts in verdicts:
            if rule is words.NO_SYSTEM and not _needs_system(element):
                continue
            yield _found(cda, element, (rule, attribute, facts))
    for element in cda.by_name.get("translation", ()):
        parent = element.getparent()
        same = element.get("code"), element.get("codeSystem")
        if all(same) and parent is not None and (parent.get("code"), parent.get("codeSystem")) == same:
            facts = {"code": shown(same[0] or ""), "oid": shown_oid(same[1] or "")}
            yield _found(cda, element, (words.SAME_TRANSLATION, "", facts))


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
        facts = {**facts, "element": element.tag.rpartition("}")[2]}
    return finding(rule, path, line, **facts)


def _needs_system(element: Element) -> bool:
    """The type CS has none; a quantity in another unit has a unit for a code: the rules on units see to it."""
    if element.tag.rpartition("}")[2] in _FIXED or element.get("value") is not None:
        return False
    return element.get(XSI_TYPE, "").rpartition(":")[2] != "CS"


# --- the attributes of one element --------------------------------------------------------------------------------


def _judge(cda: Cda, coded: _Coded, day: date | None) -> Iterator[_Verdict]:
    code, oid, name, null = coded
    if null:
        yield words.NULL_CODE, "nullFlavor", {"null": shown(null)}
    if code.split() != [code] or len(oid.split()) != bool(oid) or oid != oid.strip():
        yield words.SPACES, "code", {}
        return
    if not oid:
        yield words.NO_SYSTEM, "code", {}
        return
    if _PRESCRIBED.get((code, oid)) in cda.templates:
        yield words.PRESCRIBED, "code", {"code": code, "oid": oid}
        return
    meant = named(name) if name else None
    system = BY_OID.get(oid)
    if system is None:
        yield from _unknown_system(code, oid, meant)
        return
    if meant is not None and meant is not system:
        yield words.NAME, "codeSystem", {"named": meant.title, "oid": oid, "right": meant.oids[0]}
    standing = cda.terms.standing(system, code, day)
    if standing not in (Standing.VALID, Standing.UNCHECKED):
        yield _poor(standing, system, {"code": code, "system": system.title, "oid": oid})


def _unknown_system(code: str, oid: str, meant: System | None) -> Iterator[_Verdict]:
    fault = fault_of(oid)
    if fault is not None:
        facts = {"oid": shown_oid(oid)}
        if fault.wrong is Wrong.CUT:
            meant = meant or _TITLES.get(look_of(code))
            facts["right"] = meant.oids[0] if meant is not None else f"{oid}.…"
        elif fault.right:
            facts["right"] = shown_oid(fault.right)
        yield _OF_FAULT[fault.wrong], "codeSystem", facts
    elif meant is not None:
        yield words.NAME, "codeSystem", {"named": meant.title, "oid": shown_oid(oid), "right": meant.oids[0]}


def _poor(standing: Standing, system: System, facts: dict[str, str]) -> _Verdict:
    other = _TITLES.get(looks_of_another(system.key, facts["code"])) if standing is Standing.MALFORMED else None
    facts["code"] = shown(facts["code"])
    if other is not None:
        return words.OTHER_SYSTEM, "code", {**facts, "other": other.title, "right": other.oids[0]}
    if standing is Standing.MALFORMED:
        return words.MALFORMED, "code", facts
    if system.key in _DROPPING:
        return words.NOT_LISTED, "code", facts
    return (words.ABSENT if standing is Standing.ABSENT else words.RETIRED), "code", facts
