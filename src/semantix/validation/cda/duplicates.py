"""What is there twice: statements, identifiers, results, sections, templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from semantix.validation._cda import V3, Cda, child
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.cda._duplicate_rules import SAME_ENTRY, SAME_ID, SAME_SECTION, SAME_TEMPLATE, TWO_VALUES
from semantix.validation.cda._reading import (
    ACTS,
    CODE,
    ENTRY,
    OBSERVATION,
    TEXT,
    VALUE,
    Element,
    coding,
    local,
    number,
    shown_code,
    statements,
    type_of,
)
from semantix.validation.system_oids import shown_template

RULES: tuple[RuleInfo, ...] = (SAME_ENTRY, SAME_ID, TWO_VALUES, SAME_SECTION, SAME_TEMPLATE)

Key = tuple[object, ...]
_ID, _TIME, _TITLE = V3 + "id", V3 + "effectiveTime", V3 + "title"
_COMPONENT, _RELATION, _ORGANIZER = V3 + "component", V3 + "entryRelationship", V3 + "organizer"
_ACT = V3 + "act"
_ONLY_ID = frozenset({_ID})
_HOLDERS = frozenset({ENTRY, _COMPONENT, _RELATION})
_VALUES = frozenset({VALUE, TEXT, V3 + "interpretationCode", V3 + "referenceRange", V3 + "templateId", _ID})
_SMALLEST = 4
"""Elements below which two statements that are alike may well be two: a bare code says little."""
_INTERNAL = frozenset({"1.3.6.1.4.1.19376.1.5.3.1.4.4.1", "1.2.250.1.213.1.1.3.36"})
"""Templates of a statement that stands for another one, whose id it repeats."""
_NUMBERED = frozenset({"PQ", "INT", "REAL"})


def check(cda: Cda) -> Iterator[Finding]:
    """Look for twins."""
    yield from _statements(cda)
    yield from _identifiers(cda)
    for organizer in cda.by_name.get("organizer", ()):
        yield from _results(cda, organizer)
    yield from _sections(cda)
    yield from _templates(cda)


# --- statements ---------------------------------------------------------------------------------------------------


def _statements(cda: Cda) -> Iterator[Finding]:
    """Statements of one holder (a section, an organizer, an act) that say the same, their identifiers apart."""
    groups: dict[Key, list[Element]] = {}
    for act in statements(cda):
        holder = act.getparent()
        if holder is None or holder.tag not in _HOLDERS:
            continue
        code = next(act.iterchildren(CODE), None)
        key = (holder.getparent(), holder.get("typeCode"), act.tag, None if code is None else code.get("code"))
        groups.setdefault(key, []).append(act)
    for some in groups.values():
        if len(some) > 1:
            yield from _alike(cda, some)


def _alike(cda: Cda, some: Iterable[Element]) -> Iterator[Finding]:
    groups: dict[Key, list[Element]] = {}
    for act in some:
        groups.setdefault(_gist(act), []).append(act)
    for alike in groups.values():
        if len(alike) > 1:
            yield from _twins(cda, alike)


def _gist(act: Element) -> Key:
    """What is cheap to compare and tells nearly all statements apart."""
    told: list[object] = [act.tag]
    for each in act:
        tag = each.tag
        if tag == CODE:
            told.append(each.get("code"))
        elif tag in (VALUE, _TIME):
            told.append(tuple(each.attrib.values()))
        elif tag == TEXT:
            told.append(each.text if not len(each) else each[0].get("value"))
        elif tag == _RELATION:
            value = next(each.iterdescendants(VALUE), None)
            told.append(None if value is None else tuple(value.attrib.values()))
    return tuple(told)


def _twins(cda: Cda, some: Iterable[Element]) -> Iterator[Finding]:
    for act in _copies(some):
        if sum(1 for _ in act.iterdescendants()) >= _SMALLEST:
            yield finding(SAME_ENTRY, *cda.place(act), element=local(act))


def _copies(some: Iterable[Element]) -> Iterator[Element]:
    """Those that say word for word what one before them says; those of another size are not read."""
    sizes: dict[int, list[Element]] = {}
    for element in some:
        sizes.setdefault(sum(1 for _ in element.iterdescendants()), []).append(element)
    for alike in sizes.values():
        seen: set[Key] = set()
        for element in alike if len(alike) > 1 else ():
            whole = tuple(_content(element, _ONLY_ID))
            if whole in seen:
                yield element
            seen.add(whole)


def _content(element: Element, left_out: frozenset[str]) -> Iterator[Key]:
    """All that an element says, in order; blanks and some children left out."""
    yield (element.tag, *sorted(element.attrib.items()), (element.text or "").strip())
    for each in element:
        if each.tag not in left_out:
            yield from _content(each, left_out)
        tail = (each.tail or "").strip()
        if tail:
            yield (tail,)
    yield ("",)


# --- identifiers --------------------------------------------------------------------------------------------------


def _identifiers(cda: Cda) -> Iterator[Finding]:
    owners: dict[tuple[str, str], list[Element]] = {}
    for one in cda.by_name.get("id", ()):
        root, owner = one.get("root"), one.getparent()
        if root and owner is not None and owner.tag in ACTS and not one.get("nullFlavor"):
            owners.setdefault((root.lower(), one.get("extension", "")), []).append(owner)
    for some in owners.values():
        if len(some) > 1:
            above = {act for one in some for act in one.iterancestors(_ACT)}
            own = [owner for owner in dict.fromkeys(some) if not _stands_for_another(owner, above)]
            said = {_gist(owner) for owner in own}
            if len(said) > 1:
                yield finding(SAME_ID, *cda.place(own[1]), element=local(own[1]), count=str(len(own)))


def _stands_for_another(owner: Element, above: Set[Element]) -> bool:
    """A reference inside the document, or the concern act around the problem that it tracks, repeat an id rightly."""
    if any(template.get("root") in _INTERNAL for template in owner.iterchildren(V3 + "templateId")):
        return True
    return owner.tag == _ACT and owner in above


# --- results ------------------------------------------------------------------------------------------------------


def _results(cda: Cda, organizer: Element) -> Iterator[Finding]:
    """Results of a battery with one code and all else alike, but their numbers."""
    groups: dict[Key, list[Element]] = {}
    for component in organizer.iterchildren(_COMPONENT):
        for observation in component.iterchildren(OBSERVATION):
            values = list(observation.iterchildren(VALUE))
            system, code = coding(child(observation, CODE))
            time = child(observation, _TIME)
            if code and len(values) == 1 and type_of(values[0]) in _NUMBERED and time is not None and time.get("value"):
                groups.setdefault((system, code, time.get("value"), values[0].get("unit")), []).append(observation)
    for key, some in groups.items():
        if len(some) > 1 and len({_amount(one) for one in some}) > 1:
            rest = {tuple(_content(one, _VALUES)) for one in some}
            if len(rest) == 1:
                yield finding(TWO_VALUES, *cda.place(some[1]), code=shown_code(str(key[1])))


def _amount(observation: Element) -> object:
    value = child(observation, VALUE)
    return None if value is None else number(value.get("value"))


# --- sections and templates ---------------------------------------------------------------------------------------


def _sections(cda: Cda) -> Iterator[Finding]:
    """Sections side by side that say the same; the same words under two sections are of two things."""
    groups: dict[Key, list[Element]] = {}
    for section in cda.by_name.get("section", ()):
        entries = sum(1 for each in section if each.tag in _HOLDERS)
        holder = section.getparent()
        above = None if holder is None else holder.getparent()
        title = " ".join((section.findtext(_TITLE) or "").split())
        groups.setdefault((above, *coding(child(section, CODE)), title, entries), []).append(section)
    for some in groups.values():
        for section in _copies(some) if len(some) > 1 else ():
            yield finding(SAME_SECTION, *cda.place(section), code=shown_code(coding(child(section, CODE))[1]))


def _templates(cda: Cda) -> Iterator[Finding]:
    for root, owners in cda.templates.items():
        before: Element | None = None
        for owner in owners:
            if owner is before and _has_twice(owner, root):
                yield finding(SAME_TEMPLATE, *cda.place(owner), template=shown_template(root), element=local(owner))
            before = owner


def _has_twice(owner: Element, root: str) -> bool:
    """Whether a template is there twice in one version; two versions of it are two templates."""
    versions = [one.get("extension") for one in owner.iterchildren(V3 + "templateId") if one.get("root") == root]
    return len(set(versions)) < len(versions)
