"""FHIR ValueSet and ConceptMap to records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Record
from semantix.terminology.releases._fhir import ConceptMap, Listed, Target, ValueSet
from semantix.terminology.releases._naming import Collected, system_key
from semantix.terminology.releases._tabular import Tally

RELATIONS: Mapping[str, str] = MappingProxyType(
    {
        # R4 ConceptMapEquivalence: what the target is to the source.
        "relatedto": "related",
        "equivalent": "equivalent",
        "equal": "equivalent",
        "wider": "broader",
        "subsumes": "broader",
        "narrower": "narrower",
        "specializes": "narrower",
        "inexact": "related",
        # R5 ConceptMapRelationship.
        "related-to": "related",
        "source-is-narrower-than-target": "broader",
        "source-is-broader-than-target": "narrower",
    }
)
_NONE = frozenset({"unmatched", "disjoint", "not-related-to"})


def value_set(resource: ValueSet, collected: Collected, tally: Tally) -> Iterator[Record]:
    """Yield a value set as a concept of system ``valueset``, and its members where they are listed."""
    oids = [each.value.removeprefix("urn:oid:") for each in resource.identifier if each.value.startswith("urn:oid:")]
    key = (oids or [resource.url or resource.id])[0]
    if not key:
        tally.add("ValueSet without url, OID and id")
        return
    facts = {"name": resource.name, "url": resource.url, "version": resource.version}
    yield from collected.add(
        Concept(
            "valueset",
            key,
            resource.title or resource.name or key,
            properties={name: value for name, value in facts.items() if value},
        )
    )
    if resource.expansion.contains:
        for listed in resource.expansion.contains:
            yield from _listed(listed, key, collected, tally)
        return
    excluded = {(each.system, listed.code) for each in resource.compose.exclude for listed in each.concept}
    if not all(each.concept for each in resource.compose.exclude):
        # Which of the codes listed it takes away cannot be told.
        tally.add("ValueSet: an exclude by rule; its members are not read", key)
        return
    for include in resource.compose.include:
        if not include.concept:
            tally.add("ValueSet: an include by rule, not by a list of codes", key)
        for listed in include.concept:
            if (include.system, listed.code) not in excluded:
                yield from _member(listed, (key, include.system), collected, tally)


def _listed(listed: Listed, key: str, collected: Collected, tally: Tally) -> Iterator[Record]:
    """An abstract entry only groups those below it."""
    if not listed.abstract:
        yield from _member(listed, (key, listed.system), collected, tally)
    for each in listed.contains:
        yield from _listed(each, key, collected, tally)


def _member(listed: Listed, where: tuple[str, str], collected: Collected, tally: Tally) -> Iterator[Record]:
    key, system = where[0], system_key(where[1])
    code = codes.canonical(system, listed.code) if system else ""
    if not code:
        tally.add("ValueSet: a member without a code or a system", key)
        return
    if listed.display:
        yield from collected.add(Concept(system, code, listed.display, active=not listed.inactive))
    yield Link("valueset", key, system, code, "related", "member")


def concept_map(resource: ConceptMap, tally: Tally) -> Iterator[Record]:
    """Yield the correspondences of a map, each in the direction that its version of FHIR means."""
    where = resource.url or resource.id
    for group in resource.group:
        source, target_system = system_key(group.source), system_key(group.target)
        if not source or not target_system:
            tally.add("ConceptMap: a group without source or target", where, len(group.element))
            continue
        for element in group.element:
            code = codes.canonical(source, element.code)
            if element.no_map or not element.target:
                tally.add("ConceptMap: a code without a target", where)
            for target in element.target:
                said = target.equivalence or target.relationship
                other = codes.canonical(target_system, target.code)
                if said in _NONE or not other:
                    tally.add("ConceptMap: a code without a target", where)
                elif said not in RELATIONS or not code:
                    tally.add("ConceptMap: a target without a known relation", where)
                else:
                    yield Link(source, code, target_system, other, RELATIONS[said], _rule(target))


def _rule(target: Target) -> str:
    return "; ".join(
        f"{each.property or each.attribute}={each.value or each.value_code or each.value_string}"
        for each in target.depends_on
    )
