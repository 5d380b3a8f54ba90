"""Compare both Schematron engines on documents as they are and broken at random: they must say the same.

    python conformance/schematron.py DOCUMENTS... [--ruleset NAME|FOLDER] [--mutated N] [--seed S]

A difference is one place, role or message that one engine has and the other has not, in one layer of one document. Exit
codes: 0 none, 1 some, 2 nothing to compare. Messages quote documents: they are shown with ``--show``, on documents that
are nobody's.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from semantix.errors import SemantixError, UnreadableInput
from semantix.parsers._xml import parse_xml
from semantix.parsers.cda.document import clinical_document
from semantix.validation.rulesets._failed import Verdict
from semantix.validation.rulesets.checker import RuleSetChecker

ROOT = Path(__file__).resolve().parent.parent
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
HL7 = "{urn:hl7-org:v3}"
Element = etree._Element
Key = tuple[str, str, str]
_TIMES = (5, 40)
"""How many times a document is broken: a rule looks at few places."""


@dataclass
class Tally:
    """What was compared. ``stopped`` are layers that a dynamic error ended in both engines, ``alone`` in one."""

    documents: int = 0
    layers: int = 0
    failed: int = 0
    stopped: int = 0
    differences: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """How many broken documents to compare, by which seed, and what to print."""

    mutated: int = 0
    seed: int = 1
    show: bool = False
    every: int = 0


@dataclass(frozen=True)
class Broken:
    """A broken copy of a document; the rules of the ``original`` are asked of it, whatever it says now."""

    name: str
    root: Element
    original: Element


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, print the figures, return the exit code."""
    asked = _asked(arguments)
    try:
        checker = opened(asked.ruleset)
    except SemantixError as error:
        print(error, file=sys.stderr)
        return 2
    originals = list(documents(asked.documents))
    if not originals:
        print("no document to compare", file=sys.stderr)
        return 2
    tally = Tally()
    wish = Wish(mutated=asked.mutated, seed=asked.seed, show=asked.show, every=asked.every)
    compare_all(checker, originals, tally, wish)
    _print(tally)
    for line in tally.differences:
        print(line)
    return 1 if tally.differences else 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("documents", nargs="+", type=Path, help="CDA documents, or folders of them")
    parser.add_argument("--ruleset", default="", help="installed rule set, or the folder of a publication")
    parser.add_argument("--mutated", type=int, default=0, help="how many broken documents to compare as well")
    parser.add_argument("--seed", type=int, default=1, help="another seed breaks them in other ways")
    parser.add_argument("--show", action="store_true", help="show what differs, with values of the documents")
    parser.add_argument("--every", type=int, default=0, help="print the figures every so many documents")
    return parser.parse_args(arguments)


def opened(ruleset: str) -> RuleSetChecker:
    """The rule set of that name, or in that folder."""
    is_folder = bool(ruleset) and (os.sep in ruleset or Path(ruleset).is_dir())
    return RuleSetChecker.open(Path(ruleset) if is_folder else ruleset, _home())


def _home() -> Path:
    given = os.environ.get("SEMANTIX_RULESETS")
    shared = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(given) if given else Path(shared) / "semantix" / "rulesets"


def documents(paths: Iterable[Path]) -> Iterator[tuple[str, Element]]:
    """The CDA documents of files and folders, each as a tree of its own."""
    for path in paths:
        for file in sorted(path.rglob("*.xml")) if path.is_dir() else [path]:
            try:
                root = clinical_document(parse_xml(file.read_bytes(), file.name), file.name)
            except UnreadableInput:
                continue
            yield file.name, alone(root)


def alone(root: Element) -> Element:
    """A document as a tree of its own."""
    if root.getparent() is None:
        return root
    own = deepcopy(root)
    own.tail = None
    return own


def broken(originals: Sequence[tuple[str, Element]], count: int, seed: int) -> Iterator[Broken]:
    """Copies of documents, one after the other, each broken in many places."""
    chance = random.Random(seed)
    stock = _Stock(root for _, root in originals)
    for number in range(count):
        name, root = originals[number % len(originals)]
        copy = deepcopy(root)
        for _ in range(chance.randint(*_TIMES)):
            chance.choice(WAYS)(copy, chance, stock)
        yield Broken(f"{name}~{seed}.{number}", copy, root)


class _Stock:
    """Values seen in all documents, by attribute: what is put in the wrong place is right somewhere."""

    def __init__(self, roots: Iterable[Element]) -> None:
        seen: dict[str, set[str]] = {}
        for root in roots:
            for element in root.iter(etree.Element):
                for name, value in element.attrib.items():
                    seen.setdefault(str(name), set()).add(str(value))
        self.values = {name: sorted(values) for name, values in seen.items()}


def _any(root: Element, chance: random.Random, *names: str) -> Element:
    found = [each for each in root.iter(*names or [etree.Element]) if each is not root]
    return chance.choice(found) if found else root


def remove_element(root: Element, chance: random.Random, _: _Stock) -> None:
    """Take an element away."""
    gone = _any(root, chance)
    parent = gone.getparent()
    if parent is not None:
        parent.remove(gone)


def repeat_element(root: Element, chance: random.Random, _: _Stock) -> None:
    """Write an element twice."""
    twice = _any(root, chance)
    if twice is not root:
        twice.addnext(deepcopy(twice))


def swap_elements(root: Element, chance: random.Random, _: _Stock) -> None:
    """Put an element before its elder."""
    moved = _any(root, chance)
    before = moved.getprevious()
    if before is not None:
        before.addprevious(moved)


def rename_element(root: Element, chance: random.Random, _: _Stock) -> None:
    """Give an element the name of another."""
    renamed = _any(root, chance)
    renamed.tag = _any(root, chance).tag


def remove_attribute(root: Element, chance: random.Random, _: _Stock) -> None:
    """Take an attribute away."""
    element = _any(root, chance)
    if element.attrib:
        del element.attrib[chance.choice(sorted(map(str, element.attrib)))]


def empty_attribute(root: Element, chance: random.Random, _: _Stock) -> None:
    """Leave an attribute without its value."""
    element = _any(root, chance)
    if element.attrib:
        element.set(chance.choice(sorted(map(str, element.attrib))), chance.choice(("", " ")))


def exchange_value(root: Element, chance: random.Random, stock: _Stock) -> None:
    """Give an attribute a value that it has elsewhere."""
    element = _any(root, chance)
    if element.attrib:
        name = chance.choice(sorted(map(str, element.attrib)))
        element.set(name, chance.choice(stock.values.get(name, [""])))


def damage_value(root: Element, chance: random.Random, _: _Stock) -> None:
    """Lose or add a character of an attribute."""
    element = _any(root, chance)
    if element.attrib:
        name = chance.choice(sorted(map(str, element.attrib)))
        value = element.get(name, "")
        place = chance.randint(0, len(value))
        element.set(name, value[:place] + chance.choice(("", "", "0", "9", "x", ".", "-", "é")) + value[place + 1 :])


def damage_time(root: Element, chance: random.Random, _: _Stock) -> None:
    """Write a time in another precision, or as none."""
    tags = [f"{HL7}{name}" for name in ("effectiveTime", "time", "low", "high", "birthTime", "center")]
    time_ = _any(root, chance, *tags)
    wrong = ("2024", "202402", "20240230", "20241301", "202402011260", "20240201+0100", "20240201120000", "hier", "")
    time_.set("value", chance.choice(wrong))


def put_null(root: Element, chance: random.Random, _: _Stock) -> None:
    """Say that a value is not known, whether it is there or not."""
    _any(root, chance).set("nullFlavor", chance.choice(("UNK", "NA", "NI", "OTH", "MSK", "NAV", "XX")))


def change_type(root: Element, chance: random.Random, _: _Stock) -> None:
    """Give a value another type."""
    _any(root, chance, f"{HL7}value").set(
        f"{XSI}type", chance.choice(("CD", "CE", "PQ", "ST", "IVL_TS", "IVL_PQ", "BL", "INT", "TS", "ED", "ZZ"))
    )


def declare_template(root: Element, chance: random.Random, stock: _Stock) -> None:
    """Declare a template of another kind on an element, so that other rules look at it."""
    owners = [each.getparent() for each in root.iter(f"{HL7}templateId")]
    owner = chance.choice(owners) if owners else None
    if owner is not None:
        template = etree.Element(f"{HL7}templateId", root=chance.choice(stock.values.get("root", [""])))
        owner.insert(0, template)


def change_text(root: Element, chance: random.Random, _: _Stock) -> None:
    """Put a text where there is another, or none."""
    _any(root, chance).text = chance.choice(("", " ", "text", "12,5", "éà «»", "0"))


WAYS = (
    remove_element,
    remove_element,
    repeat_element,
    swap_elements,
    rename_element,
    remove_attribute,
    empty_attribute,
    exchange_value,
    exchange_value,
    damage_value,
    damage_time,
    put_null,
    change_type,
    declare_template,
    change_text,
)


def compare_all(checker: RuleSetChecker, originals: Sequence[tuple[str, Element]], tally: Tally, wish: Wish) -> None:
    """Compare both engines on documents as they are, then on broken copies of them."""
    whole = (Broken(name, root, root) for name, root in originals)
    for each in (*whole, *broken(originals, wish.mutated, wish.seed)):
        compare(checker, each, tally, show=wish.show)
        if wish.every and tally.documents % wish.every == 0:
            _print(tally)


def compare(checker: RuleSetChecker, document: Broken, tally: Tally, *, show: bool = False) -> None:
    """Run every layer of a document in both engines."""
    tally.documents += 1
    for layer in checker.chosen(document.original)[0]:
        tally.layers += 1
        verdicts = {}
        for engine in ("fast", "saxon"):
            start = time.perf_counter()
            verdicts[engine] = checker.verdict(layer, document.root, engine)
            tally.seconds[engine] = tally.seconds.get(engine, 0.0) + time.perf_counter() - start
        different = difference(verdicts["fast"], verdicts["saxon"], show=show)
        if different:
            tally.differences.append(f"{document.name}: {layer.name}: {different}")
        reference = verdicts["saxon"]
        if isinstance(reference, Verdict):
            tally.failed += len(reference.failed)
            tally.stopped += bool(reference.errors)


def difference(fast: Verdict | str, reference: Verdict | str, *, show: bool = False) -> str:
    """How two verdicts differ; empty when they say the same."""
    if isinstance(fast, str) or isinstance(reference, str):
        return f"not run: {fast if isinstance(fast, str) else reference}"
    if reference.errors or fast.errors:
        # The reference says nothing of a layer that it could not end: there is nothing more to compare.
        both = bool(reference.errors) and bool(fast.errors)
        return "" if both else f"stopped in one engine alone: fast {fast.errors}, saxon {reference.errors}"
    ours, theirs = _said(fast), _said(reference)
    more, less = ours - theirs, theirs - ours
    if not more and not less:
        return ""
    words = f"{more.total()} more, {less.total()} less"
    return f"{words}: {list(more.items())[:3]} {list(less.items())[:3]}" if show else words


def _said(verdict: Verdict) -> Counter[Key]:
    return Counter((each.location, each.role, each.message) for each in verdict.failed)


def _print(tally: Tally) -> None:
    print(
        f"{tally.documents} documents, {tally.layers} layers, {tally.failed} failed asserts, "
        f"{tally.stopped} layers stopped by an error, {len(tally.differences)} differences; "
        + ", ".join(f"{engine} {seconds:.1f} s" for engine, seconds in tally.seconds.items()),
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
