"""Value sets and code systems in IHE SVS XML, as the ANS publishes them (JDV and TRE of the NOS).

A folder of them makes one release: the codes by code system, each value set as a concept of system ``valueset`` under
its OID, linked with its members. Source: IHE ITI TF-2, Retrieve Value Set [ITI-48].
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Record, Term
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._naming import Collected, system_key
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.releases._xml import local, parse, root_name
from semantix.terminology.source import Source

NAMESPACE = "urn:ihe:iti:svs:2008"
LICENCE = "ANS, Licence Ouverte 2.0 (to confirm); codes of other systems keep their own"


def members(source: Source) -> tuple[str, ...]:
    """Return the XML files of a source when the first of them is an SVS response."""
    names = source.find("*.xml")
    for name in names[:20]:
        root, attributes = root_name(source.head(name, 4096))
        if root == "RetrieveValueSetResponse" and NAMESPACE in attributes:
            return names
    return ()


def _claims(source: Source, _: Hints) -> bool:
    return bool(members(source))


def _sets(source: Source) -> Iterator[tuple[str, etree._Element]]:
    for name in members(source):
        root = parse(source, name)
        if local(root) != "RetrieveValueSetResponse":
            raise Refused(f"{base(name)}: found <{local(root)}>, expected <RetrieveValueSetResponse> ({NAMESPACE})")
        sets = [element for element in root if local(element) == "ValueSet"]
        if not sets or not all(element.get("id") for element in sets):
            raise Refused(f"{base(name)}: found {len(sets)} ValueSet, expected at least one, with its OID in id")
        for element in sets:
            yield name, element


def _describe(source: Source, hints: Hints) -> Release:
    sets = [element for _, element in _sets(source)]
    systems = {system_key(each.get("codeSystem", "")) for element in sets for each in _concepts(element)}
    version = hints.version or max(_revision(element)[:10] for element in sets)
    if not version:
        raise Refused(f"{source.name}: no value set tells its revision date; give --version")
    name = "ans-jdv" if len(sets) > 1 else f"valueset-{sets[0].get('id')}"
    return Release(name, version, (*sorted(systems - {""}), "valueset"), LICENCE)


def _concepts(element: etree._Element) -> Iterator[etree._Element]:
    """The newer generator writes the name of the element in lower case."""
    return (each for each in element.iter() if local(each).lower() == "concept")


def _revision(element: etree._Element) -> str:
    return element.get("revisionDate") or element.get("effectiveDate") or ""


def _read(source: Source, _: Hints) -> Iterator[Record]:
    tally = Tally()
    collected = Collected()
    for name, element in _sets(source):
        oid = element.get("id", "")
        title = element.get("title") or element.get("description") or element.get("displayName") or oid
        facts = {
            "description": element.get("description", ""),
            "effective": element.get("effectiveDate", "")[:10],
            "name": element.get("name") or element.get("displayName") or "",
            "revision": _revision(element)[:10],
            "url": element.get("urlFichier", ""),
        }
        properties = {key: value for key, value in facts.items() if value}
        yield from collected.add(Concept("valueset", oid, title, element.get("typeFichier", ""), properties=properties))
        empty = True
        for each in _concepts(element):
            empty = False
            yield from _member(each, (oid, _revision(element)), collected, tally)
        if empty:
            tally.add("value set without any code", base(name))
    yield from tally.records()


def _member(each: etree._Element, valueset: tuple[str, str], collected: Collected, tally: Tally) -> Iterator[Record]:
    oid, revision = valueset
    system = system_key(each.get("codeSystem", ""))
    code = codes.canonical(system, each.get("code", "")) if system else ""
    if not code:
        tally.add("concept without a code or a code system", oid)
        return
    end = each.get("dateFin", "")
    # Ended before the set was revised: without a clock, nothing else says that an end is in the past.
    active = not end or end[:8] > revision[:10].replace("-", "")
    facts = {"end": end, "start": each.get("dateValid", "")}
    properties = {key: value for key, value in facts.items() if value}
    display = " ".join(each.get("displayName", "").split())
    yield from collected.add(Concept(system, code, display, active=active, properties=properties))
    for attribute, kind in (("shortDesignation", "short"), ("longDesignation", "synonym")):
        words = " ".join(each.get(attribute, "").split())
        if words and words != display:
            yield Term(system, code, words, kind)
    yield Link("valueset", oid, system, code, "related", "member")


IMPORTER = Importer("svs", "Value sets in IHE SVS XML (ANS JDV and TRE)", _claims, _describe, _read)
