"""What the concepts of the national terminology server say, whatever the syntax: triples made records.

One table of profiles says what each terminology means by the properties that all share (an alternative label is an
inclusion in CIM-10, an abbreviated label in CCAM); the rest is the same for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from msgspec import Struct
from rdflib import Literal, URIRef
from rdflib.term import Node

from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Parent, Record, Successor, Term
from semantix.terminology.releases._cells import fold, parents_by_prefix
from semantix.terminology.releases._tabular import Tally
from semantix.terminology.releases.code_tables import SHORTER, span_links

Triple = tuple[Node, Node, Node]
Facts = Mapping[str, list[Node]]

_BASE = "http://data.esante.gouv.fr/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_XKOS = "http://rdf-vocabulary.ddialliance.org/xkos#"
_ICD = "http://id.who.int/icd/schema/"
_CIM10 = _BASE + "atih-cim10#"
_CIM11 = _BASE + "ans-icd11#"
_EDQM = _BASE + "coe/standardterms#"
_CISP = "https://data.esante.gouv.fr/wonca-cispclub/cisp#"
_PROV = "http://www.w3.org/ns/prov#wasGeneratedBy"
_ADMS = "http://www.w3.org/ns/adms#status"
_DEPRECATED = "http://www.w3.org/2002/07/owl#deprecated"
_DC = "http://purl.org/dc/elements/1.1/"
_DCT = "http://purl.org/dc/terms/"
_NOTATION = (_SKOS + "notation", _ICD + "code")
_LABEL = (_RDFS + "label", _SKOS + "prefLabel")
_ABOVE = (_RDFS + "subClassOf", _SKOS + "broader")
_KIND = (_DC + "type", _DCT + "type", _ICD + "classKind", _EDQM + "class")
_REPLACED = (_DCT + "isReplacedBy", _EDQM + "replacement")
_NOTES: Mapping[str, str] = MappingProxyType(
    {
        _XKOS + "inclusionNote": "inclusion",
        _XKOS + "exclusionNote": "exclusion",
        _SKOS + "definition": "note",
        _SKOS + "scopeNote": "note",
        _SKOS + "note": "note",
        _ICD + "inclusion": "inclusion",
        _CIM11 + "inclusion": "inclusion",
        _CIM11 + "indexTerm": "index",
        _CIM11 + "exclusion": "exclusion",
        _CIM10 + "exclusion": "exclusion",
        _CISP + "consider": "note",
        _CISP + "criteria": "note",
    }
)
_PARTNERS = MappingProxyType({_CIM10 + "hasCausality": "dagger", _CIM10 + "hasManifestation": "aster"})
_TO_CIM10 = (_ICD + "icd10Code", _CIM11 + "icd10")
_PROPERTIES = MappingProxyType(
    {
        _DCT + "created": "created",
        _DCT + "modified": "modified",
        _DCT + "temporal": "effect",
        _EDQM + "domain": "domain",
    }
)
_GONE = frozenset({"inactive", "deprecated", "rejected", "obsolete", "retired", "withdrawn", "inactif", "retire"})
_XML_LITERAL = "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"
_ITEM = re.compile(r"^\s*[-–•]\s*")


class Profile(Struct, frozen=True):
    """One terminology: where its concepts live, what an alternative label is, which codes may be recorded."""

    system: str
    bases: tuple[str, ...]
    alternative: str = "synonym"
    assignable: str = ".*"
    leaves_only: bool = False


PROFILES: tuple[Profile, ...] = (
    Profile("cim10", (_BASE + "atih/cim10",), "inclusion", r"[A-Z]\d\d(\.\w+|\+\w+)*", leaves_only=True),
    Profile("atc", (_BASE + "whocc/atc",), assignable=r"[A-Z]\d\d\w*"),
    Profile("ccam", (_BASE + "cnam/ccam",), "short", r"[A-Z]{4}\d{3}\w*"),
    Profile("cim11", ("http://id.who.int/icd/release/11/mms",), assignable=r"(?!Block)\w\w\w\w.*"),
    Profile("edqm", (_BASE + "coe/standardterms",), assignable=r"\d{4,8}"),
    Profile("cisp2", ("https://data.esante.gouv.fr/wonca-cispclub/cisp2",), assignable=r"[A-Z]\d\d"),
    Profile("adicap", ("https://data.esante.gouv.fr/adicap",)),
    Profile("cladimed", ("https://data.esante.gouv.fr/assoc_cladimed/cladimed",)),
    Profile("emdn", (_BASE + "ec/emdn",)),
)


def profile_of(system: str) -> Profile:
    """Return the profile of a system; one that is not in the table has no habits of its own."""
    return next((each for each in PROFILES if each.system == system), Profile(system, ()))


class _Named(Struct, frozen=True):
    """A subject with its canonical code and all that is said of it."""

    code: str
    facts: Facts


def records(triples: Iterable[Triple], profile: Profile, tally: Tally) -> Iterator[Record]:
    """Give the records of every subject that has a notation, in the order of the codes."""
    named = _named(triples, profile, tally)
    by_node = {node: each.code for node, each in named.items()}
    parents = {each.code: _codes(each.facts, _ABOVE, by_node, each.code) for each in named.values()}
    if profile.system in SHORTER and not any(parents.values()):
        # A file of notations alone has no hierarchy but that of the codes.
        parents.update(
            (each.code, [each.parent])
            for each in parents_by_prefix(profile.system, sorted(parents), SHORTER[profile.system])
        )
    above = {parent for found in parents.values() for parent in found}
    targets: dict[str, list[str]] = {}
    for each in sorted(named.values(), key=lambda one: one.code):
        yield from _concept(profile, each, above)
        yield from _terms(profile, each, tally)
        yield from (Parent(profile.system, each.code, parent) for parent in parents[each.code])
        yield from _successors(profile, each, by_node)
        yield from _partners(profile, each, by_node)
        found = [codes.canonical("cim10", _last(node)) for node in _values(each.facts, _TO_CIM10)]
        targets[each.code] = sorted({code for code in found if re.fullmatch(r"[A-Z]\d\d([.+]\w+)*", code)})
    yield from span_links(profile.system, targets)


def _named(triples: Iterable[Triple], profile: Profile, tally: Tally) -> dict[Node, _Named]:
    facts: dict[Node, dict[str, list[Node]]] = {}
    for subject, predicate, value in triples:
        facts.setdefault(subject, {}).setdefault(str(predicate), []).append(value)
    named: dict[Node, _Named] = {}
    seen: set[str] = set()
    # Subjects without a name of their own come in no stable order: their notation gives one.
    for node in sorted(facts, key=lambda one: (not isinstance(one, URIRef), str(one))):
        notation = sorted(str(value) for value in _values(facts[node], _NOTATION))
        code = codes.canonical(profile.system, notation[0]) if notation else ""
        if not code:
            continue
        if code in seen:
            tally.add("a notation that another concept has", code)
            continue
        seen.add(code)
        named[node] = _Named(code, facts[node])
    return named


def _values(facts: Facts, predicates: Iterable[str]) -> list[Node]:
    return [value for predicate in predicates for value in facts.get(predicate, ())]


def _codes(facts: Facts, predicates: Iterable[str], by_node: Mapping[Node, str], own: str) -> list[str]:
    """The codes that a concept points to, restrictions (which have no notation) left out."""
    return sorted({by_node[value] for value in _values(facts, predicates) if value in by_node} - {own})


def _labels(facts: Facts) -> list[tuple[str, str]]:
    """(language, text), French first, then without a language, then the others."""
    order = {"fr": "0", "": "1", "en": "2"}
    found = {(_language(value), _text(value)) for value in _values(facts, _LABEL) if isinstance(value, Literal)}
    return sorted(found, key=lambda each: (order.get(each[0], each[0]), each[1]))


def _language(value: Literal) -> str:
    return str(value.language or "").lower().partition("-")[0]


def _text(value: Node) -> str:
    return " ".join(str(value).split())


def _last(value: Node) -> str:
    """The last part of an IRI, or a literal as it stands."""
    return re.split(r"[/#]", str(value).rstrip("/"))[-1] if isinstance(value, URIRef) else str(value)


def _word(facts: Facts, predicates: Iterable[str]) -> str:
    found = sorted(_last(value) for value in _values(facts, predicates))
    return found[0] if found else ""


def _concept(profile: Profile, each: _Named, above: set[str]) -> Iterator[Record]:
    labels = _labels(each.facts)
    kind = _word(each.facts, _KIND)
    status = _word(each.facts, (_ADMS,))
    deprecated = _word(each.facts, (_DEPRECATED,)).lower() in {"true", "1"}
    properties = {name: _word(each.facts, (predicate,)) for predicate, name in _PROPERTIES.items()}
    properties["status"] = status
    properties["generated"] = "yes" if _PROV in each.facts else ""
    leaf = not profile.leaves_only or each.code not in above
    yield Concept(
        profile.system,
        each.code,
        labels[0][1] if labels else "",
        kind,
        active=not deprecated and fold(status) not in _GONE,
        assignable=leaf and fold(status) != "pending" and bool(re.fullmatch(profile.assignable, each.code)),
        properties={name: properties[name] for name in sorted(properties) if properties[name]},
    )
    for language, text in labels[1:]:
        yield Term(profile.system, each.code, text, "synonym", language or "fr")
    if labels and labels[0][0] not in {"fr", ""}:
        yield Term(profile.system, each.code, labels[0][1], "preferred", labels[0][0])


def _terms(profile: Profile, each: _Named, tally: Tally) -> Iterator[Record]:
    found: set[tuple[str, str, str]] = set()
    display = {text for _, text in _labels(each.facts)}
    for value in each.facts.get(_SKOS + "altLabel", ()):
        if profile.system == "cim10" and _PROV in each.facts:
            # Those of codes that a modifier made name a part of the body.
            tally.add("an alternative label of a code made by a modifier", each.code)
        elif isinstance(value, Literal):
            found.add((profile.alternative, _language(value) or "fr", _text(value)))
    for predicate, kind in _NOTES.items():
        for value in each.facts.get(predicate, ()):
            # Notes may be given twice, the second time as XML.
            if isinstance(value, Literal) and str(value.datatype) != _XML_LITERAL:
                found.update((part, _language(value) or "fr", text) for part, text in _note(str(value), kind))
    for kind, language, text in sorted(found):
        if text and text not in display:
            yield Term(profile.system, each.code, text, kind, language)


def _note(text: str, kind: str) -> Iterator[tuple[str, str]]:
    """The dashed lines of an inclusion note are inclusions; what introduces them is a note. Others are one text."""
    lines = [line for line in text.splitlines() if line.strip()]
    if kind != "inclusion" or len(lines) < 2:
        yield kind, _ITEM.sub("", " ".join(text.split()))
        return
    for line in lines:
        dashed = _ITEM.match(line) is not None
        yield (kind if dashed else "note"), " ".join(_ITEM.sub("", line).split())


def _successors(profile: Profile, each: _Named, by_node: Mapping[Node, str]) -> Iterator[Record]:
    values = _values(each.facts, _REPLACED)
    found = {by_node.get(value) or codes.canonical(profile.system, _last(value)) for value in values} - {"", each.code}
    for successor in sorted(found):
        yield Successor(
            profile.system, each.code, successor, "replaced-by" if len(found) == 1 else "possibly-equivalent"
        )


def _partners(profile: Profile, each: _Named, by_node: Mapping[Node, str]) -> Iterator[Record]:
    for predicate, mark in _PARTNERS.items():
        for target in _codes(each.facts, (predicate,), by_node, each.code):
            yield Link(profile.system, each.code, profile.system, target, "related", mark)
