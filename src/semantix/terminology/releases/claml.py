"""ClaML 2 and 3 (ISO 13120): CIM-10 of ATIH, ICD-10 of WHO and of BfArM, with notes, marks and modifiers.

A modifier is a list of endings shared by many classes. The codes that it makes are not written in the file: each class
without subclasses gets them from its own modifiers and those of its ancestors, minus the excluded ones. The file may
allow more codes than a country does; each such concept says in its properties which modifiers made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from lxml import etree
from msgspec import Struct

from semantix.terminology import codes
from semantix.terminology.records import Concept, Link, Parent, Record, Term
from semantix.terminology.releases import _claml_labels as labels
from semantix.terminology.releases._cells import only_member, system_of, version_of
from semantix.terminology.releases._importer import Hints, Importer, Refused, Release
from semantix.terminology.releases._tabular import Tally, base
from semantix.terminology.releases._xml import local, parse, root_name
from semantix.terminology.source import Source

_SYSTEMS = (
    (re.compile(r"CIM-?O|ICD-?O", re.IGNORECASE), "cimo3"),
    (re.compile(r"(CIM|ICD)-?\s?10", re.IGNORECASE), "cim10"),
    (re.compile(r"\b(CIF|ICF)\b"), "icf"),
)
_NOT_ASSIGNABLE = frozenset({"chapter", "block"})
_POSITION = re.compile(r"_(\d)$")
_MOST = 20_000
"""Codes that one class may get from its modifiers; a file that makes more is not a classification."""


class Modified(Struct, frozen=True):
    """One use of a modifier by a class; ``valid`` lists the only endings allowed, where the class does."""

    modifier: str
    valid: frozenset[str]


class Ending(Struct, frozen=True):
    """One class of a modifier: what it adds to a code and to a label, and the preceding endings that forbid it."""

    code: str
    label: str
    after: frozenset[str]


class Made(Struct, frozen=True):
    """A code under construction, with the endings used so far, by modifier."""

    code: str
    label: str
    used: tuple[tuple[str, str], ...]


class Classification(Struct):
    """A file once parsed: its classes by code, in order, and the endings of its modifiers."""

    classes: dict[str, etree._Element]
    parents: dict[str, tuple[str, ...]]
    endings: dict[str, list[Ending]]
    leaves: set[str]


def _member(source: Source) -> str:
    """The only XML of the source whose root is ClaML."""
    names = [source.names[0]] if only_member(source) else source.find("*.xml")
    found = [name for name in names if root_name(source.head(name, 4096))[0] == "ClaML"]
    return found[0] if len(found) == 1 and not source.find("*.rdf") else ""


def _claims(source: Source, _: Hints) -> bool:
    return bool(_member(source))


def _describe(source: Source, hints: Hints) -> Release:
    name = _member(source)
    root = parse(source, name)
    title = root.find("{*}Title")
    stated = title.get("version", "") if title is not None else ""
    system = _system(source, root, hints)
    version = hints.version or stated or version_of(source, hints, name)
    return Release(f"{system}-claml" if ":" not in system else "claml", version, (system,), _licence(root))


def _licence(root: etree._Element) -> str:
    owner = next((each.get("authority", "") for each in root.iterfind("{*}Identifier") if each.get("authority")), "")
    return f"see {owner}: CIM-10 is not to be redistributed" if owner else "not to be redistributed"


def _system(source: Source, root: etree._Element, hints: Hints) -> str:
    if hints.system:
        return system_of(hints, "")
    heads = [*root.iterfind("{*}Identifier"), *root.iterfind("{*}Title")]
    stated = [str(value) for each in heads for value in each.attrib.values()]
    texts = " ".join([*stated, *(labels.flat(each) for each in heads), source.path.name])
    for words, system in _SYSTEMS:
        if words.search(texts):
            return system
    raise Refused(f"{source.name}: neither its title nor its identifier names CIM-10, CIM-O or CIF; give --system")


def _read(source: Source, hints: Hints) -> Iterator[Record]:
    name = _member(source)
    if not name:
        raise Refused(f"{source.name}: expected one XML file whose root is ClaML")
    root = parse(source, name)
    system = _system(source, root, hints)
    tally = Tally()
    content = _content(root, tally)
    if not content.classes:
        raise Refused(f"{base(name)}: found a ClaML root without any Class that has a code")
    for code in content.classes:
        yield from _class(system, content, code, tally)
    yield from tally.records()


def _content(root: etree._Element, tally: Tally) -> Classification:
    classes: dict[str, etree._Element] = {}
    endings: dict[str, list[Ending]] = {}
    for element in root:
        code = element.get("code", "")
        if local(element) == "Class" and code:
            if code in classes:
                tally.add("a class given again", code)
            classes.setdefault(code, element)
        elif local(element) == "ModifierClass" and code:
            endings.setdefault(element.get("modifier", ""), []).append(_ending(element))
    parents = {
        code: tuple(each.get("code", "") for each in element.iterfind("{*}SuperClass"))
        for code, element in classes.items()
    }
    above = set(chain.from_iterable(parents.values()))
    leaves = {code for code in classes if code not in above and classes[code].find("{*}SubClass") is None}
    return Classification(classes, parents, endings, leaves)


def _ending(element: etree._Element) -> Ending:
    """``excludeOnPrecedingModifier`` names the endings ("S04E10_4 .6") that this one may not follow."""
    forbidding = frozenset(
        " ".join(each.get("value", "").split())
        for each in element.iterfind("{*}Meta")
        if each.get("name", "") == "excludeOnPrecedingModifier"
    )
    return Ending(element.get("code", ""), labels.preferred(element).text, forbidding)


def _class(system: str, content: Classification, code: str, tally: Tally) -> Iterator[Record]:
    element = content.classes[code]
    kind = element.get("kind", "")
    name = labels.preferred(element)
    key = codes.canonical(system, code)
    made = list(_made(content, code, name.text, tally)) if code in content.leaves else []
    usage = element.get("usage", "")
    own = any(each.get("name", "") == "frenchspecific" for each in element.iterfind("{*}Meta"))
    properties = {**({"frenchspecific": "yes"} if own else {}), **({"usage": usage} if usage else {})}
    if not name.text:
        tally.add("a class without a preferred label", code)
    yield Concept(
        system,
        key,
        name.text,
        kind,
        assignable=kind not in _NOT_ASSIGNABLE and code in content.leaves and not made,
        properties=properties,
    )
    if name.language != "fr" and name.text:
        yield Term(system, key, name.text, "preferred", name.language)
    for parent in content.parents[code]:
        if parent in content.classes:
            yield Parent(system, key, codes.canonical(system, parent))
        else:
            tally.add("a parent that is not in the file", code)
    yield from _rubrics(system, key, element, name.text)
    yield from _expanded(system, key, made, properties)


def _rubrics(system: str, key: str, element: etree._Element, display: str) -> Iterator[Record]:
    said = {("preferred", display)}
    for found in labels.terms(element):
        if (found.kind, found.text) in said or found.text == display:
            continue
        said.add((found.kind, found.text))
        yield Term(system, key, found.text, found.kind, found.language)
    for target, usage in labels.partners(element):
        yield Link(system, key, system, codes.canonical(system, target), "related", usage)


def _expanded(system: str, key: str, made: list[Made], properties: dict[str, str]) -> Iterator[Record]:
    """The last modifier makes the codes that may be recorded; those before it only group them."""
    deepest = {each.code for each in made}
    above = {_shorter(each.code, deepest, key) for each in made}
    for each in made:
        code = codes.canonical(system, each.code)
        facts = {**properties, "modifiers": " ".join(modifier for modifier, _ in each.used)}
        yield Concept(
            system,
            code,
            each.label,
            "category",
            assignable=each.code not in above,
            properties=dict(sorted(facts.items())),
        )
        shorter = _shorter(each.code, deepest, key)
        yield Parent(system, code, codes.canonical(system, shorter) if shorter else key)


def _shorter(code: str, made: set[str], key: str) -> str:
    """The longest made code that begins this one, or nothing: it is then directly below its class."""
    return next((code[:end] for end in range(len(code) - 1, len(key) - 1, -1) if code[:end] in made), "")


def _made(content: Classification, code: str, label: str, tally: Tally) -> Iterator[Made]:
    """Apply the modifiers of a class one after the other, and give what each step makes."""
    current = [Made(code, label, ())]
    for modified in _modifiers(content, code):
        grown = [
            _grown(each, modified.modifier, ending)
            for each in current
            for ending in content.endings.get(modified.modifier, ())
            if not modified.valid or ending.code in modified.valid
            if not ending.after.intersection(f"{before} {end}" for before, end in each.used)
        ]
        good = [each for each in grown if each.code not in content.classes and _fits(each.code, modified.modifier)]
        if len(good) < len(grown):
            tally.add("a code made by a modifier that exists, or is too short", code, len(grown) - len(good))
        if len(good) > _MOST:
            raise Refused(f"class {code}: its modifiers make {len(good)} codes, expected at most {_MOST}")
        yield from good
        current = good or current


def _grown(made: Made, modifier: str, ending: Ending) -> Made:
    code = made.code + (ending.code[1:] if ending.code.startswith(".") and "." in made.code else ending.code)
    return Made(code, f"{made.label}, {ending.label}", (*made.used, (modifier, ending.code)))


def _modifiers(content: Classification, code: str) -> list[Modified]:
    """The modifiers of a class and of its ancestors, farthest first, then in the order of the places they fill."""
    found: dict[str, Modified] = {}
    excluded: set[str] = set()
    for step in _lineage(content, code):
        element = content.classes[step]
        excluded.update(each.get("code", "") for each in element.iterfind("{*}ExcludeModifier"))
        for each in element.iterfind("{*}ModifiedBy"):
            valid = frozenset(one.get("code", "") for one in each.iterfind("{*}ValidModifierClass"))
            found.setdefault(each.get("code", ""), Modified(each.get("code", ""), valid))
    kept = [found[modifier] for modifier in reversed(found) if modifier not in excluded]
    return sorted(kept, key=lambda each: _place(each.modifier))


def _lineage(content: Classification, code: str) -> list[str]:
    """A class and its ancestors, nearest first; a loop in the file ends it."""
    steps: list[str] = []
    wanted = [code]
    while wanted:
        step = wanted.pop(0)
        if step in content.classes and step not in steps:
            steps.append(step)
            wanted += content.parents[step]
    return steps


def _place(modifier: str) -> int:
    found = _POSITION.search(modifier)
    return int(found[1]) if found else 0


def _fits(code: str, modifier: str) -> bool:
    """``S04E10_4`` fills the fourth character (or that and the next ones, where its endings are longer)."""
    place = _place(modifier)
    return not place or len(re.sub(r"[.+]", "", code)) >= place


IMPORTER = Importer("claml", "ClaML 2 or 3: CIM-10 of ATIH, of WHO, of BfArM", _claims, _describe, _read)
