"""The nodes that the contexts of rules match: one tree of steps for all rules of a layer, walked once a document.

``a/b[test]`` matches a ``b`` with the test whose parent is an ``a``: contexts that begin alike share their beginning,
and where that finds nothing, all that follow are passed over. A test that asks for a template takes its candidates
from the index. An error within a context means that the node does not match, as in XSLT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from lxml import etree

from semantix.validation.rulesets.fast.indexing import TEMPLATE
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
_ROOT = Step("attribute", Test("name", "", "root"))


class Place:
    """A step in the tree: the elements of ``tag`` (None: any) below those of its parent that pass the tests.

    The first place, without a parent, is the document itself; its node is given as the root element.
    """

    __slots__ = ("_testers", "deep", "number", "parent", "step", "tag", "templates")

    def __init__(self, parent: Place | None, step: Step | None, deep: bool, number: int) -> None:
        self.parent, self.step, self.deep, self.number = parent, step, deep, number
        self.tag: str | None = None
        self.templates: tuple[str, ...] = ()
        self._testers: list[Tester] | None = None


class Selector:
    """All contexts of a layer."""

    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler
        self.root = Place(None, None, False, 0)
        self.places: list[Place] = []
        self._known: dict[tuple[int, bool, Step], Place] = {}

    def add(self, tree: Node) -> tuple[Place, ...]:
        """The places of a context; empty if it can match no element. Raises NotUnderstood."""
        return tuple(place for branch in _operands("|", tree) for place in [self._add(branch)] if place is not None)

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
        place = self._known.get(key)
        if place is None:
            place = Place(parent, step, deep, len(self._known) + 1)
            place.tag = self._tag(step.test)
            for test in step.predicates:
                self._understood(test)
            if parent is self.root and deep:
                place.templates = self._templates(step)
            self._known[key] = place
            self.places.append(place)
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

    def _templates(self, step: Step) -> tuple[str, ...]:
        """The templates of which a step asks for one, whatever else it asks."""
        for test in step.predicates:
            for part in _operands("and", test):
                found = self._asked(part)
                if found:
                    return found
        return ()

    def _asked(self, test: Node) -> tuple[str, ...]:
        """``templateId/@root = '…'``, perhaps several of them, with ``or``."""
        found = [self._asked_one(part) for part in _operands("or", test)]
        known = tuple(template for template in found if template is not None)
        return known if len(known) == len(found) else ()

    def _asked_one(self, test: Node) -> str | None:
        match test:
            case Binary(
                op="=",
                left=Path(absolute=False, steps=(Step(predicates=()) as child, Step() as attribute)),
                right=Literal(kind="string", text=text),
            ):
                pass
            case Path(
                absolute=False,
                steps=(
                    Step(
                        predicates=(
                            Binary(
                                op="=",
                                left=Path(absolute=False, steps=(Step() as attribute,)),
                                right=Literal(kind="string", text=text),
                            ),
                        )
                    ) as child,
                ),
            ):
                pass
            case _:
                return None
        if child.axis != "child" or attribute != _ROOT or child.test.kind != "name" or "*" in child.test.prefix:
            return None
        return text if child.test.local != "*" and self.compiler.expanded(child.test) == TEMPLATE else None

    def verify(self, place: Place) -> None:
        """Make the tests of a place and of all above; raises NotUnderstood or NotNative."""
        current: Place | None = place
        while current is not None:
            self.testers(current)
            current = current.parent

    # -- on a document -------------------------------------------------------------------------------

    def testers(self, place: Place) -> list[Tester]:
        """The tests of a step, made when it is first reached."""
        if place._testers is None:
            place._testers = self._of_step(place)
        return place._testers

    def _of_step(self, place: Place) -> list[Tester]:
        """The tests of a step: the simple ones in Python first, all others in one XPath."""
        predicates = place.step.predicates if place.step is not None else ()
        parts = [part for test in predicates for part in _operands("and", test)]
        if place.templates:
            parts = [part for part in parts if self._asked(part) != place.templates]
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
    """The nodes of each place on one document: from the root down, nothing below what was not found."""

    def __init__(self, selector: Selector, run: Run) -> None:
        self.selector, self.run, self.document = selector, run, run.document
        self._found: dict[int, list[Element]] = {selector.root.number: [self.document.root]}
        self._children: dict[int, dict[str, list[Element]]] = {}
        for place in selector.places:
            elements = self._select(place)
            if elements:
                self._found[place.number] = elements

    def nodes(self, places: tuple[Place, ...]) -> Sequence[Element]:
        """The elements of the places of a context, in the order of the document, each once."""
        if len(places) == 1:
            return self._found.get(places[0].number, ())
        found = {node for place in places for node in self._found.get(place.number, ())}
        return sorted(found, key=self.document.place)

    def _select(self, place: Place) -> list[Element]:
        parent = place.parent
        above = self._found.get(parent.number) if parent is not None else None
        if parent is None or not above:
            return []
        candidates = list(self._from_root(place)) if parent.parent is None else self._below(above, place)
        testers = self.selector.testers(place) if candidates else []
        if not testers:
            return candidates
        return [element for element in candidates if self._passes(element, testers)]

    def _passes(self, element: Element, testers: list[Tester]) -> bool:
        run = self.run
        run.at(element)
        try:
            return all(test(element, run) for test in testers)
        except (DynamicError, etree.XPathError):
            return False

    def _from_root(self, place: Place) -> Iterable[Element]:
        document = self.document
        if not place.deep:
            return _named([document.root], place.tag)
        if len(place.templates) == 1:
            return _named(document.templates.get(place.templates[0], ()), place.tag)
        if place.templates:
            owners = {owner for template in place.templates for owner in document.templates.get(template, ())}
            return _named(sorted(owners, key=document.place), place.tag)
        if place.tag is None or "*" in place.tag:
            return _named(document.elements, place.tag)
        return document.by_tag.get(place.tag, ())

    def _below(self, above: list[Element], place: Place) -> list[Element]:
        tag = place.tag or "*"
        if place.deep:
            found = {child for element in above for child in element.iterdescendants(tag)}
            return sorted(found, key=self.document.place)
        if "*" in tag or place.parent is None:
            return [child for element in above for child in element.iterchildren(tag)]
        number = place.parent.number
        children = self._children.get(number)
        if children is None:
            children = self._children[number] = {}
            for element in above:
                for child in element:
                    children.setdefault(child.tag, []).append(child)
        return children.get(tag, [])


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


def _operands(op: str, test: Node) -> list[Node]:
    if isinstance(test, Binary) and test.op == op:
        return [*_operands(op, test.left), *_operands(op, test.right)]
    return [test]
