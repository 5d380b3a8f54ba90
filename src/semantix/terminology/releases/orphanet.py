"""Orphanet: rare diseases, from Orphadata (product 1) or the nomenclature pack, with their correspondences.

Source: Orphadata, "Rare diseases and alignment with other terminologies"; CC BY 4.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from lxml import etree

from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Record, Successor, Term
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.releases._xml import elements, root_name, text
from semantix.terminology.source import Source

_RELATIONS: Mapping[str, str] = MappingProxyType(
    {"E": "equivalent", "NTBT": "broader", "BTNT": "narrower", "ND": "related"}
)
"""From the disorder's side: ``NTBT`` is a narrower term mapped to a broader one, so that the target is broader."""

_SOURCES: Mapping[str, str] = MappingProxyType({"ICD-10": "cim10", "ICD-11": "cim11", "MedDRA": "meddra"})
_WORD = re.compile(r"[A-Z]+")
_DATE = re.compile(r"""\bdate\s*=\s*["'](\d{4}-\d\d-\d\d)""")
_LANG = re.compile(rb"""<Name\s+lang=["']([a-z]{2})["']""")
_INACTIVE = re.compile(r"inacti|obsol|deprecat|dépréci", re.IGNORECASE)
_MOVED = re.compile(r"moved|déplac", re.IGNORECASE)
_REFERRED = re.compile(r"referred|référ|renvoy", re.IGNORECASE)


def _members(source: Source) -> tuple[str, ...]:
    return tuple(name for name in source.find("*.xml") if root_name(source.head(name, 4096))[0] == "JDBOR")


def _claims(source: Source, _: Hints) -> bool:
    return bool(_members(source))


def _describe(source: Source, hints: Hints) -> Release:
    members = _members(source)
    dates = [_DATE.search(root_name(source.head(name, 4096))[1]) for name in members]
    version = hints.version or max((found[1] for found in dates if found), default="")
    if not version:
        raise Refused(f'{source.name}: found no <JDBOR date="yyyy-mm-dd">; give --version')
    lang = _lang(source, members[0])
    return Release("orphanet" if lang == "fr" else f"orphanet-{lang}", version, ("orpha",), "Orphanet, CC BY 4.0")


def _lang(source: Source, name: str) -> str:
    found = _LANG.search(source.head(name))
    return found[1].decode() if found else "fr"


def _read(source: Source, _: Hints) -> Iterator[Record]:
    tally = Tally()
    seen: set[str] = set()
    for name in _members(source):
        lang = _lang(source, name)
        count = 0
        for disorder in elements(source, name, "Disorder"):
            above = disorder.getparent()
            if above is None or above.tag != "DisorderList":
                continue
            count += 1
            code = codes.canonical("orpha", disorder.findtext("OrphaCode") or "")
            if not code.isdecimal():
                tally.add("disorder without an OrphaCode", f"{base(name)}, disorder {count}")
                continue
            if code not in seen and disorder.findtext("Name"):
                seen.add(code)
                yield from _concept(disorder, code, lang)
            yield from _links(disorder, code, tally)
            yield from _successors(disorder, code, tally)
        if not count:
            raise Refused(f"{base(name)}: found <JDBOR> without any Disorder in a DisorderList")
    yield from tally.records()


def _concept(disorder: etree._Element, code: str, lang: str) -> Iterator[Record]:
    facts = {
        "level": text(disorder.find("ClassificationLevel/Name")),
        "status": text(disorder.find("Totalstatus")),
    }
    others: dict[str, list[str]] = {}
    for reference in disorder.iterfind("ExternalReferenceList/ExternalReference"):
        kind = text(reference.find("Source"))
        if kind not in _SOURCES:
            others.setdefault(kind.lower(), []).append(text(reference.find("Reference")))
    facts.update((kind, " | ".join(values)) for kind, values in others.items())
    flags = [text(flag) for flag in disorder.iterfind("DisorderFlagList/DisorderFlag/Label")]
    active = not any(_INACTIVE.search(word) for word in (facts["status"], *flags))
    display = text(disorder.find("Name"))
    yield Concept(
        "orpha",
        code,
        display,
        text(disorder.find("DisorderType/Name")),
        active=active,
        assignable=active,
        properties={key: facts[key] for key in sorted(facts) if key and facts[key]},
    )
    if lang != "fr":
        yield Term("orpha", code, display, "preferred", lang)
    for synonym in disorder.iterfind("SynonymList/Synonym"):
        if words := text(synonym):
            yield Term("orpha", code, words, "synonym", synonym.get("lang") or lang)
    for section in disorder.iterfind("SummaryInformationList//TextSection/Contents"):
        if words := text(section):
            yield Term("orpha", code, words, "note", lang)


def _links(disorder: etree._Element, code: str, tally: Tally) -> Iterator[Record]:
    for reference in disorder.iterfind("ExternalReferenceList/ExternalReference"):
        system = _SOURCES.get(text(reference.find("Source")))
        if system is None:
            continue
        target = codes.canonical(system, text(reference.find("Reference")))
        word = _WORD.match(text(reference.find("DisorderMappingRelation/Name")))
        relation = _RELATIONS.get(word[0]) if word else None
        if not target:
            tally.add("correspondence without a code", code)
        elif relation is None:
            tally.add("correspondence whose relation is not E, NTBT, BTNT or ND", code)
        else:
            yield Link("orpha", code, system, target, relation)


def _successors(disorder: etree._Element, code: str, tally: Tally) -> Iterator[Record]:
    for association in disorder.iterfind("DisorderDisorderAssociationList/DisorderDisorderAssociation"):
        target = codes.canonical("orpha", text(association.find("TargetDisorder/OrphaCode")))
        kind = text(association.find("DisorderDisorderAssociationType/Name"))
        if not target or target == code:
            continue
        if _MOVED.search(kind):
            yield Successor("orpha", code, target, "replaced-by")
        elif _REFERRED.search(kind):
            yield Successor("orpha", code, target, "possibly-equivalent")
        else:
            tally.add("association that is neither moved to nor referred to", code)


IMPORTER = Importer("orphanet", "Orphanet nomenclature and correspondences, XML", _claims, _describe, _read)
