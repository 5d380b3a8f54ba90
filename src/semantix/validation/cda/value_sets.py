"""Value sets: codes are those of the table of their place; small closed HL7 sets are always checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from semantix.systems import BY_OID
from semantix.validation._cda import V3, XSI_TYPE, Cda, Element, child
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.cda import value_sets_words as words
from semantix.validation.cda.value_set_places import (
    ALLERGY_STATUS,
    ALLERGY_TEMPLATES,
    CONDITION_STATUS,
    FLUID,
    HEADER,
    MEDICATION,
    PLACES,
    ROUTES,
    SECTIONS,
    STATUS_TEMPLATE,
    ValueSet,
)
from semantix.validation.closed_codes import ACT_STATUS, MOODS, NULL_FLAVORS
from semantix.validation.code_forms import shown
from semantix.validation.system_oids import shown_oid

RULES: tuple[RuleInfo, ...] = words.RULES

_LOINC = "2.16.840.1.113883.6.1"
_CODED_TYPES = frozenset({"CD", "CE", "CV", ""})
_OF_PLACE = tuple((place, "/".join(f"{V3}{name}" for name in place.path.split("/"))) for place in PLACES)
_NAMES = tuple(dict.fromkeys(name for name, _, _ in HEADER))
_ACTS = (
    "act", "encounter", "observation", "organizer", "procedure", "substanceAdministration", "supply",
    "observationMedia", "regionOfInterest", "section", "serviceEvent", "encompassingEncounter", "consent", "order",
)  # fmt: skip
"""Elements with a moodCode."""


def check(cda: Cda) -> Iterator[Finding]:
    """Find codes that are not of the value set of their place."""
    yield from _closed(cda)
    yield from _sections(cda)
    yield from _routes(cda)
    yield from _header(cda)
    for place, steps in _OF_PLACE:
        for owner in cda.templates.get(place.template, ()):
            if not place.unless or _templates(owner).isdisjoint(place.unless):
                for element in owner.iterfind(steps):
                    yield from _member(cda, element, place.sets)
    for status in cda.templates.get(STATUS_TEMPLATE, ()):
        yield from _status(cda, status)


# --- places -------------------------------------------------------------------------------------------------------


def _header(cda: Cda) -> Iterator[Finding]:
    for name in _NAMES:
        for element in cda.by_name.get(name, ()):
            parent = element.getparent()
            above = parent.getparent() if parent is not None else None
            if parent is None:
                continue
            over = above.tag.removeprefix(V3) if above is not None else ""
            mother = parent.tag.removeprefix(V3)
            found = HEADER.get((name, mother, over)) or HEADER.get((name, mother, ""))
            if found is not None and (over != "performer" or _is_of_service(above)):
                yield from _member(cda, element, (found,))


def _is_of_service(performer: Element | None) -> bool:
    """The performers of the documented event; those of acts in the body may be of any profession."""
    event = performer.getparent() if performer is not None else None
    return event is not None and event.tag == f"{V3}serviceEvent"


def _status(cda: Cda, status: Element) -> Iterator[Finding]:
    """The status of an allergy and that of a problem are of two tables: the observation above tells which."""
    link = status.getparent()
    above = link.getparent() if link is not None else None
    if above is None or not above.tag.endswith("}observation"):
        return
    is_allergy = not _templates(above).isdisjoint(ALLERGY_TEMPLATES)
    for value in status.iterchildren(f"{V3}value"):
        yield from _member(cda, value, (ALLERGY_STATUS if is_allergy else CONDITION_STATUS,))


def _templates(element: Element) -> set[str]:
    return {each.get("root", "") for each in element.iterchildren(f"{V3}templateId")}


def _member(cda: Cda, element: Element, sets: tuple[ValueSet, ...]) -> Iterator[Finding]:
    code, oid = element.get("code"), element.get("codeSystem")
    if not code or not oid or element.get(XSI_TYPE, "").rpartition(":")[2] not in _CODED_TYPES:
        return
    members = [cda.terms.value_set(each.oid) for each in sets]
    if any(each is None or (code, oid) in each or _is_of_alias(each, code, oid) for each in members):
        return
    path, line = cda.place(element, "code")
    facts = {"element": element.tag.rpartition("}")[2], "code": shown(code), "oid": shown_oid(oid), "set": sets[0].name}
    right = next((under for each in members if each for of, under in sorted(each) if of == code), "")
    if right:
        yield finding(words.OTHER_OID, path, line, **facts, right=right)
    else:
        yield finding(words.NOT_MEMBER, path, line, **facts, set_oid=sets[0].oid)


def _is_of_alias(members: frozenset[tuple[str, str]], code: str, oid: str) -> bool:
    """Is the code a member under another OID of the same system."""
    system = BY_OID.get(oid)
    return system is not None and any((code, each) in members for each in system.oids)


# --- what needs no list -------------------------------------------------------------------------------------------


def _closed(cda: Cda) -> Iterator[Finding]:
    yield from _outside(cda, words.NULL_FLAVOR, "nullFlavor", NULL_FLAVORS, cda.nulls)
    yield from _outside(cda, words.MOOD, "moodCode", MOODS, cda.named(*_ACTS))
    yield from _outside(cda, words.STATUS, "code", ACT_STATUS, cda.by_name.get("statusCode", ()))


def _outside(
    cda: Cda, rule: RuleInfo, attribute: str, values: frozenset[str], elements: Iterable[Element]
) -> Iterator[Finding]:
    for element in elements:
        value = element.get(attribute)
        if value is not None and value not in values:
            path, line = cda.place(element, attribute)
            yield finding(rule, path, line, element=element.tag.rpartition("}")[2], code=shown(value))


def _sections(cda: Cda) -> Iterator[Finding]:
    for section in cda.by_name.get("section", ()):
        rights = {root: SECTIONS[root] for root in _templates(section) if root in SECTIONS}
        code = child(section, f"{V3}code") if rights else None
        if code is None or not code.get("code"):
            continue
        written = code.get("code", ""), code.get("codeSystem", "")
        if all((right, _LOINC) != written for right in rights.values()):
            root, right = min(rights.items())
            path, line = cda.place(code, "code")
            facts = {"template": root, "code": shown(written[0]), "oid": shown_oid(written[1]), "right": right}
            yield finding(words.SECTION, path, line, **facts)


def _routes(cda: Cda) -> Iterator[Finding]:
    for owner in cda.templates.get(MEDICATION, ()):
        route = child(owner, f"{V3}routeCode")
        oid = route.get("codeSystem") if route is not None else None
        if route is not None and oid and oid not in ROUTES and FLUID not in _templates(owner):
            path, line = cda.place(route, "codeSystem")
            yield finding(words.ROUTE, path, line, oid=shown_oid(oid))
