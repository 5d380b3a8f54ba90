"""UCUM: the units of ``ucum-essence.xml``, or a table of example units in XML rows with their names and synonyms.

Prefixes are not concepts: ``m`` is a metre, and only before another unit a thousandth.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from semantix.terminology.records import Concept, Record, Term
from semantix.terminology.releases._cells import version_of
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.releases._xml import local, parse, root_name, text
from semantix.terminology.source import Source

ESSENCE = "http://unitsofmeasure.org/ucum-essence"
_ROW = {"code", "name", "synonyms"}
_LICENCE = "UCUM licence: free, unmodified"


def _member(source: Source) -> tuple[str, bool]:
    """Return the only member that holds units, and whether it is the essence; an empty name where there is none."""
    for name in source.find("*.xml") if len(source.names) <= 20 else source.find("ucum-essence*.xml"):
        head = source.head(name, 4096)
        root, attributes = root_name(head)
        if root == "root" and ESSENCE in attributes:
            return name, True
        if root == "root" and len(source.names) == 1 and b"<LOINCProperty>" in head and b"<code>" in head:
            return name, False
    return "", False


def _claims(source: Source, _: Hints) -> bool:
    return bool(_member(source)[0])


def _describe(source: Source, hints: Hints) -> Release:
    name, is_essence = _member(source)
    if not is_essence:
        return Release("ucum-examples", version_of(source, hints, name), ("ucum",), _LICENCE)
    version = hints.version or parse(source, name).get("version", "")
    if not version:
        raise Refused(f"{base(name)}: found no version on the root element; give --version")
    return Release("ucum", version, ("ucum",), _LICENCE)


def _read(source: Source, _: Hints) -> Iterator[Record]:
    name, is_essence = _member(source)
    tally = Tally()
    count = 0
    for element in parse(source, name):
        for record in _unit(element, tally) if is_essence else _example(element, tally):
            count += 1
            yield record
    if not count:
        raise Refused(f"{base(name)}: found no unit; expected <unit Code=…> or rows with <code>")
    yield from tally.records()


def _unit(element: etree._Element, tally: Tally) -> Iterator[Record]:
    kind, code = local(element), element.get("Code", "")
    if kind not in {"unit", "base-unit"}:
        tally.add(f"{kind}: not a unit", code)
        return
    if not code:
        tally.add("unit without a code")
        return
    parts: dict[str, list[str]] = {}
    for child in element:
        parts.setdefault(local(child), []).append(text(child))
    value = next((child for child in element if local(child) == "value"), None)
    facts = {
        "case_insensitive": element.get("CODE", ""),
        "class": element.get("class", ""),
        "dimension": element.get("dim", ""),
        "is_arbitrary": element.get("isArbitrary", ""),
        "is_metric": element.get("isMetric", ""),
        "is_special": element.get("isSpecial", ""),
        "property": "; ".join(parts.get("property", ())),
    }
    if value is not None:
        facts["value"] = f"{value.get('value', '')} {value.get('Unit', '')}".strip()
    names = parts.get("name", [])
    yield Concept(
        "ucum",
        code,
        names[0] if names else code,
        kind,
        properties={key: facts[key] for key in sorted(facts) if facts[key]},
    )
    for word in names[1:]:
        yield Term("ucum", code, word, "synonym", "en")
    for symbol in parts.get("printSymbol", ()):
        if symbol and symbol != code:
            yield Term("ucum", code, symbol, "short", "en")


def _example(element: etree._Element, tally: Tally) -> Iterator[Record]:
    cells = {local(child): text(child) for child in element}
    if not cells.keys() >= _ROW or not cells["code"]:
        tally.add("row without code, name and synonyms", f"line {element.sourceline}")
        return
    synonyms = [word for word in (each.strip() for each in cells["synonyms"].split(";")) if word]
    display = cells["name"] or next(iter(synonyms), cells["code"])
    facts = {"category": cells.get("category", ""), "loinc_property": cells.get("LOINCProperty", "")}
    properties = {key: value for key, value in facts.items() if value}
    yield Concept("ucum", cells["code"], display, "example", properties=properties)
    for word in dict.fromkeys(synonyms):
        if word != display:
            yield Term("ucum", cells["code"], word, "synonym", "en")
    if guidance := cells.get("Guidance"):
        yield Term("ucum", cells["code"], guidance, "note", "en")


IMPORTER = Importer("ucum", "UCUM units: ucum-essence.xml, or example units in XML", _claims, _describe, _read)
