"""FHIR CodeSystem, ValueSet and ConceptMap (R4, R5): one file, a Bundle, a folder, or an NPM package (``.tgz``).

The index of a package is not used: it may be absent, empty or stale. Examples of a package are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType

from semantix import systems
from semantix.terminology import codes
from semantix.terminology.records import Concept, Parent, Record, Successor, Term
from semantix.terminology.releases._cells import version_of
from semantix.terminology.releases._fhir import (
    Bundle,
    CodeSystem,
    ConceptMap,
    Designation,
    Kind,
    Node,
    Package,
    Resource,
    ValueSet,
    decode,
)
from semantix.terminology.releases._fhir_sets import concept_map, value_set
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._naming import Collected, system_key
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.source import Source

_TYPE = re.compile(rb'"resourceType"\s*:\s*"(CodeSystem|ValueSet|ConceptMap|Bundle)"')
_KINDS: Mapping[str, type[Resource]] = MappingProxyType(
    {"CodeSystem": CodeSystem, "ValueSet": ValueSet, "ConceptMap": ConceptMap}
)
_STANDARD = "http://hl7.org/fhir/concept-properties#"
_USES: Mapping[str, str] = MappingProxyType(
    {
        "900000000000003001": "fsn",
        "900000000000013009": "synonym",
        "900000000000548007": "preferred",
        "900000000000550004": "note",
        "LibelleCourt": "short",
        "preferredForLanguage": "preferred",
    }
)
_OVER = frozenset({"inactive", "retired", "deprecated"})
_ENDS = frozenset({"deprecationDate", "deprecated", "retirementDate", "dateFin"})


def _names(source: Source) -> tuple[str, ...]:
    return tuple(name for name in source.find("*.json") if not base(name).startswith("."))


def _claims(source: Source, _: Hints) -> bool:
    if source.kind == "tgz":
        return "package/package.json" in source.names
    if source.find("*.tabs"):
        return False
    return any(_TYPE.search(source.head(name, 65_536)) for name in _names(source))


def _contents(source: Source, tally: Tally) -> Iterator[tuple[str, bytes]]:
    """The JSON members but examples, in one pass."""
    wanted = []
    for name in _names(source):
        if source.kind == "tgz" and "example" in PurePosixPath(name).parts[:-1]:
            tally.add("example of a package", base(name))
        else:
            wanted.append(name)
    yield from source.each(wanted)


def _resources(source: Source, tally: Tally) -> Iterator[Resource]:
    for name, content in _contents(source, tally):
        found = decode(content, Kind, name).resource_type
        if found == "Bundle":
            for entry in decode(content, Bundle, name).entry:
                kind = _KINDS.get(decode(entry.resource, Kind, name).resource_type)
                if kind:
                    yield decode(entry.resource, kind, name)
                else:
                    tally.add("resource of another type", base(name))
        elif found in _KINDS:
            yield decode(content, _KINDS[found], name)
        else:
            tally.add("resource of another type", base(name))


def _describe(source: Source, hints: Hints) -> Release:
    package = _package(source)
    found: dict[str, None] = {}
    resources = 0
    only = Resource()
    for only in _resources(source, Tally()):
        resources += 1
        for record in _records(only, Collected(), Tally()):
            if isinstance(record, Concept):
                found[record.system] = None
    if not resources:
        raise Refused(f"{source.name}: found no CodeSystem, ValueSet or ConceptMap; expected at least one")
    licence = " ".join(only.copyright.split())[:200] if resources == 1 else ""
    if package is not None:
        name, version = package.package_id or package.name, hints.version or package.version
    elif resources == 1:
        name, version = f"fhir-{only.id or only.name or 'resource'}", hints.version or only.version or only.date[:10]
    else:
        name, version = f"fhir-{PurePosixPath(source.name).stem}", hints.version
    return Release(name, version or version_of(source, hints), tuple(sorted(found)), licence)


def _package(source: Source) -> Package | None:
    """What names the whole: ``package.json`` at its place, or the implementation guide in a folder of resources."""
    for name in (*source.find("package.json"), *source.find("ImplementationGuide-*.json")):
        if len(PurePosixPath(name).parts) <= 2:
            package = decode(source.read(name), Package, name)
            if package.version and (package.package_id or package.name):
                return package
    return None


def _read(source: Source, _: Hints) -> Iterator[Record]:
    tally = Tally()
    collected = Collected()
    later: list[Resource] = []
    for resource in _resources(source, tally):
        if isinstance(resource, CodeSystem):
            yield from _records(resource, collected, tally)
        else:
            later.append(resource)
    # A code system describes its codes better than the sets that pick some of them.
    for resource in later:
        yield from _records(resource, collected, tally)
    yield from tally.records()


def _records(resource: Resource, collected: Collected, tally: Tally) -> Iterator[Record]:
    if isinstance(resource, CodeSystem):
        yield from _Reader(resource, collected, tally).read()
    elif isinstance(resource, ValueSet):
        yield from value_set(resource, collected, tally)
    elif isinstance(resource, ConceptMap):
        yield from concept_map(resource, tally)


class _Reader:
    """The concepts of one CodeSystem."""

    def __init__(self, resource: CodeSystem, collected: Collected, tally: Tally) -> None:
        self._resource = resource
        self._collected = collected
        self._tally = tally
        self._lang = resource.language.partition("-")[0] or "fr"
        self._standard = {
            each.code: each.uri.removeprefix(_STANDARD) for each in resource.property if each.uri.startswith(_STANDARD)
        }
        self._adds = resource.content == "supplement"
        self.system = _system(resource)

    def read(self) -> Iterator[Record]:
        """Yield the concepts in the order of the resource, each before those below it."""
        where = self._resource.url or self._resource.id
        if not self.system:
            self._tally.add("CodeSystem without url", where)
        elif not self._resource.concept:
            self._tally.add(f"CodeSystem without its concepts (content {self._resource.content or 'unstated'})", where)
        else:
            yield from self._below(self._resource.concept, "")

    def _below(self, nodes: tuple[Node, ...], parent: str) -> Iterator[Record]:
        for node in nodes:
            code = codes.canonical(self.system, node.code)
            if not code:
                self._tally.add("concept without a code", self._resource.url)
                continue
            yield from self._node(node, code)
            if parent:
                yield Parent(self.system, code, parent)
            yield from self._below(node.concept, code)

    def _node(self, node: Node, code: str) -> Iterator[Record]:
        active, assignable = True, True
        facts: dict[str, list[str]] = {}
        for each in node.property:
            name, value = self._standard.get(each.code, each.code), each.text()
            if name in {"parent", "subsumedBy"}:
                yield Parent(self.system, code, codes.canonical(self.system, value))
            elif name == "child":
                yield Parent(self.system, codes.canonical(self.system, value), code)
            elif name == "replacedBy":
                yield Successor(self.system, code, codes.canonical(self.system, value), "replaced-by")
            else:
                facts.setdefault(name, []).append(value)
                active = active and not self._is_over(name, value)
                assignable = assignable and not (name == "notSelectable" and value == "true")
        if not self._adds:
            properties = {name: " | ".join(facts[name]) for name in sorted(facts) if name}
            yield from self._collected.add(
                Concept(
                    self.system,
                    code,
                    node.display,
                    active=active,
                    assignable=active and assignable,
                    properties=properties,
                ),
                self._lang,
            )
        elif node.display:
            yield Term(self.system, code, node.display, "synonym", self._lang)
        yield from self._terms(node, code)

    def _is_over(self, name: str, value: str) -> bool:
        """Without a clock, an end is in the past when it is before the date of the resource."""
        if name == "status":
            return value in _OVER
        if name in {"inactive", "deprecated"} and value in {"true", "false"}:
            return value == "true"
        if name not in _ENDS or not value:
            return False
        return not self._resource.date or _day(value) <= _day(self._resource.date)

    def _terms(self, node: Node, code: str) -> Iterator[Record]:
        for each in node.designation:
            lang = each.language.partition("-")[0] or self._lang
            if each.value and (each.value != node.display or lang != self._lang):
                yield Term(self.system, code, each.value, _use(each), lang)
        if node.definition and node.definition != node.display:
            yield Term(self.system, code, node.definition, "note", self._lang)


def _use(designation: Designation) -> str:
    return _USES.get(designation.use.code, "synonym")


def _day(text: str) -> str:
    return re.sub(r"\D", "", text)[:8].ljust(8, "0")


def _system(resource: CodeSystem) -> str:
    """The system of a CodeSystem: by its URL, else by an OID among its identifiers, else its URL."""
    url = resource.supplements if resource.content == "supplement" else resource.url
    key = system_key(url)
    if key == url or not key:
        known = (systems.find(each.value) for each in resource.identifier)
        return next((system.key for system in known if system), key)
    return key


IMPORTER = Importer(
    "fhir", "FHIR CodeSystem, ValueSet, ConceptMap: file, Bundle, folder or package", _claims, _describe, _read
)
