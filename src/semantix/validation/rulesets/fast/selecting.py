"""The nodes that the contexts of rules match: one tree of steps for all rules of a layer, walked once a document.

``a/b[test]`` matches a ``b`` with the test whose parent is an ``a``: contexts that begin alike share their beginning,
and where that finds nothing, all that follow are passed over. A test that asks for a template takes its candidates
from the index. An error within a context means that the node does not match, as in XSLT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from semantix.validation.rulesets.fast.indexing import DocumentIndex
from semantix.validation.rulesets.fast.kinds import static, walk_context
from semantix.validation.rulesets.fast.native import Translator
from semantix.validation.rulesets.fast.quick import Quick, quick
from semantix.validation.rulesets.fast.running import Run
from semantix.validation.rulesets.fast.syntax import (
    ANY_NODE,
    Binary,
    Call,
    DynamicError,
    Filter,
    Literal,
    Node,
    NotUnderstood,
    Path,
    Step,
    Test,
)
from semantix.validation.rulesets.fast.values import Element

if TYPE_CHECKING:
    from semantix.validation.rulesets.fast.compiler import Compiler

Tester = Callable[[Element, Run], bool]
DOCUMENT = Path(True)
HL7 = "urn:hl7-org:v3"


class Place:
    """A step in the tree: the elements of ``tag`` (None: any) below those of its parent that pass the tests.

    The first place, without a parent, is the document itself; its node is given as the root element.
    """

    __slots__ = ("_testers", "deep", "number", "parent", "step", "tag", "template")

    def __init__(self, parent: Place | None, step: Step | None, deep: bool, number: int) -> None:
        self.parent, self.step, self.deep, self.number = parent, step, deep, number
        self.tag: str | None = None
        self.template: str | None = None
        self._testers: list[Tester] | None = None


class Selector:
    """All contexts of a layer."""

    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler
        self.root = Place(None, None, False, 0)
        self._places: dict[tuple[int, bool, Step], Place] = {}

    def add(self, tree: Node) -> tuple[Place, ...]:
        """The places of a context; empty if it can match no element. Raises NotUnderstood."""
        return tuple(place for branch in _branches(tree) for place in [self._add(branch)] if place is not None)

    def _add(self, path: Node) -> Place | None:
        if path == DOCUMENT:
            return self.root
        if not isinstance(path, Path) or not path.steps:
            raise NotUnderstood("a context that is no path")
        place, deep = self.root, not path.absolute
        for position, step in enumerate(path.steps):
            if step == ANY_NODE:
                deep = True
                continue
            if isinstance(step, Filter):
                raise NotUnderstood("a context with a step that is no name")
            if step.axis == "attribute" or step.test.kind in {"text", "comment", "processing-instruction"}:
                if position == len(path.steps) - 1:
                    return None
                raise NotUnderstood("a context through what is no element")
            if step.axis != "child" or step.test.kind not in {"name", "element"}:
                raise NotUnderstood(f"the axis {step.axis} in a context")
            place = self._below(place, step, deep)
            deep = False
        return place

    def _below(self, parent: Place, step: Step, deep: bool) -> Place:
        key = (parent.number, deep, step)
        place = self._places.get(key)
        if place is None:
            place = Place(parent, step, deep, len(self._places) + 1)
            place.tag = self._tag(step.test)
            for test in step.predicates:
                self._understood(test)
            if parent is self.root and deep:
                place.template = self._template(step)
            self._places[key] = place
        return place

    def _tag(self, test: Test) -> str | None:
        if test.kind == "element" or (test.local == "*" and test.prefix in {"", "*"}):
            return None
        if test.prefix == "*":
            return f"{{*}}{test.local}"
        return self.compiler.expanded(test)

    def _understood(self, test: Node) -> None:
        if static(test, self.compiler.globals).kind in {"number", "any"} or any(
            isinstance(part, Call) and part.name in {"position", "last"} for part in walk_context(test)
        ):
            raise NotUnderstood("a place in a context")

    def _template(self, step: Step) -> str | None:
        """The template that a step asks for, whatever else it asks."""
        for test in step.predicates:
            for part in _conjuncts(test):
                found = self._asked(part)
                if found is not None:
                    return found
        return None

    def _asked(self, test: Node) -> str | None:
        """``templateId/@root = '…'``."""
        if not isinstance(test, Binary) or test.op != "=" or not isinstance(test.right, Literal):
            return None
        path = test.left
        if not isinstance(path, Path) or path.absolute or len(path.steps) != 2 or test.right.kind != "string":
            return None
        child, attribute = path.steps
        if not isinstance(child, Step) or not isinstance(attribute, Step) or child.predicates:
            return None
        if child.axis != "child" or child.test.local != "templateId" or child.test.prefix in {"", "*"}:
            return None
        if self.compiler.uri(child.test.prefix) != HL7 or attribute != Step("attribute", Test("name", "", "root")):
            return None
        return test.right.text

    # -- on a document -------------------------------------------------------------------------------

    def testers(self, place: Place) -> list[Tester]:
        """The tests of a step, made when it is first reached."""
        if place._testers is None:
            place._testers = self._of_step(place)
        return place._testers

    def _of_step(self, place: Place) -> list[Tester]:
        """The tests of a step: the simple ones in Python first, all others in one XPath."""
        predicates = place.step.predicates if place.step is not None else ()
        parts = [part for test in predicates for part in _conjuncts(test)]
        if place.template is not None:
            parts = [part for part in parts if self._asked(part) != place.template]
        testers: list[Tester] = []
        others = []
        for part in parts:
            test = quick(part, self.compiler)
            if test is None:
                others.append(part)
            else:
                testers.append(_of_element(test))
        if others:
            translator = Translator(self.compiler, self.compiler.globals)
            text = " and ".join(translator.truth(part) for part in others)
            testers.append(self.compiler.truth_of(text, translator.tags))
        return testers


def _of_element(test: Quick) -> Tester:
    return lambda element, run: test(element)


class Selection:
    """The nodes of each place on one document."""

    def __init__(self, selector: Selector, run: Run) -> None:
        self.selector, self.run, self.document = selector, run, run.document
        self._found: dict[int, list[Element]] = {}

    def nodes(self, place: Place) -> list[Element]:
        """The elements of a place, in the order of the document, each once."""
        found = self._found.get(place.number)
        if found is None:
            found = self._found[place.number] = self._select(place)
        return found

    def _select(self, place: Place) -> list[Element]:
        parent = place.parent
        if parent is None:
            return [self.document.root]
        if parent.parent is None:
            candidates: Iterable[Element] = self._from_root(place)
        else:
            above = self.nodes(parent)
            if not above:
                return []
            candidates = _below(above, place, self.document)
        testers = self.selector.testers(place)
        if not testers:
            return list(candidates)
        return [element for element in candidates if self._passes(element, testers)]

    def _passes(self, element: Element, testers: list[Tester]) -> bool:
        run = self.run
        run.at(element)
        try:
            return all(test(element, run) for test in testers)
        except DynamicError:
            return False

    def _from_root(self, place: Place) -> Iterator[Element]:
        document = self.document
        if not place.deep:
            yield from _named([document.root], place.tag)
        elif place.template is not None:
            yield from _named(document.templates.get(place.template, ()), place.tag)
        elif place.tag is None:
            yield from document.elements
        elif "*" in place.tag:
            yield from _named(document.elements, place.tag)
        else:
            yield from document.by_tag.get(place.tag, ())


def _named(elements: Iterable[Element], tag: str | None) -> Iterator[Element]:
    if tag is None:
        yield from elements
    elif tag.endswith("*"):
        start = tag[:-1]
        yield from (element for element in elements if element.tag.startswith(start))
    elif tag.startswith("{*}"):
        local = tag[3:]
        yield from (element for element in elements if element.tag.rpartition("}")[2] == local)
    else:
        yield from (element for element in elements if element.tag == tag)


def _below(above: list[Element], place: Place, document: DocumentIndex) -> list[Element]:
    tag = place.tag or "*"
    if not place.deep:
        return [child for element in above for child in element.iterchildren(tag)]
    if len(above) == 1:
        return list(above[0].iterdescendants(tag))
    found = {child for element in above for child in element.iterdescendants(tag)}
    return sorted(found, key=document.place)


def _branches(tree: Node) -> list[Node]:
    if isinstance(tree, Binary) and tree.op == "|":
        return [*_branches(tree.left), *_branches(tree.right)]
    return [tree]


def _conjuncts(test: Node) -> list[Node]:
    if isinstance(test, Binary) and test.op == "and":
        return [*_conjuncts(test.left), *_conjuncts(test.right)]
    return [test]
