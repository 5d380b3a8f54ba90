"""What the expressions of one layer share: names, XPaths, and the functions that XPath calls in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple, cast

from lxml import etree

from semantix.validation.rulesets._schema import Let, Schema
from semantix.validation.rulesets.fast.closures import Closures
from semantix.validation.rulesets.fast.depends import NODE, leaves
from semantix.validation.rulesets.fast.kinds import Bound, Scope, walk_context
from semantix.validation.rulesets.fast.parsing import parse
from semantix.validation.rulesets.fast.regexes import Regex, compile_regex
from semantix.validation.rulesets.fast.running import Run, XPath
from semantix.validation.rulesets.fast.sequences import Check, Env
from semantix.validation.rulesets.fast.steps import HERE, ROOT
from semantix.validation.rulesets.fast.syntax import Call, DynamicError, Node, NotUnderstood, Path, Step, Test
from semantix.validation.rulesets.fast.values import Element, Items, number, text_of

SX = "urn:semantix:rules"
_IMPLIED = {"xs": "http://www.w3.org/2001/XMLSchema", "xsd": "http://www.w3.org/2001/XMLSchema"}
_SUBTREE = Path(False, (Step("descendant-or-self", Test("name", "*", "*")),))


class Said(NamedTuple):
    """An XPath 1, and the names whose elements it is to be given."""

    text: str
    tags: frozenset[str]


class Compiler:
    """What the expressions of one layer share: names, XPaths, closures called from XPath, the run of the moment."""

    def __init__(self, schema: Schema) -> None:
        self.namespaces = {**_IMPLIED, **{prefix: uri for prefix, uri in schema.namespaces if prefix != "xml"}}
        self.run: Run | None = None
        self.strict = False
        self.globals: Scope = {}
        self._numbers = 0
        self._trees: dict[str, Node] = {}
        self.said: dict[tuple[str, str], Said] = {}
        self._xpaths: dict[str, etree.XPath] = {}
        self._lifts: list[Any] = []
        self._lifted: dict[tuple[str, Node, int], int] = {}
        self._scopes: list[Scope] = []
        self._regexes: dict[tuple[str, ...], int] = {}
        self._compiled: list[Regex] = []
        self._memos: dict[str, int] = {}
        self._onces: dict[str, int] = {}
        self._calls: list[Callable[[Any, Run], Any]] = []
        self._variables: dict[int, Bound] = {}
        self._tags: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        self._extensions = {
            (SX, "test"): self._call_test,
            (SX, "matches"): lambda _, number_, text: self._compiled[int(number_)].matches(text),
            (SX, "one"): lambda _, nodes: text_of(nodes),
            (SX, "number"): lambda _, text: number(text),
            (SX, "all"): self._call_all,
            (SX, "var"): self._call_variable,
            (SX, "once"): self._call_once,
        }

    # -- names and variables -------------------------------------------------------------------------

    def uri(self, prefix: str) -> str:
        """The address of a prefix; raises NotUnderstood if it is not declared."""
        if prefix == "xml":
            return "http://www.w3.org/XML/1998/namespace"
        if prefix not in self.namespaces:
            raise NotUnderstood(f"the prefix {prefix} is not declared")
        return self.namespaces[prefix]

    def expanded(self, test: Test) -> str:
        """The tag of lxml for a name."""
        return f"{{{self.uri(test.prefix)}}}{test.local}" if test.prefix else test.local

    def bind(self, let: Let, scope: Scope, *, root: bool = False) -> dict[str, Bound]:
        """The scope after a variable."""
        self._numbers += 1
        return {**scope, let.name: Bound(partial(self.parse, let.value), scope, self._numbers, root=root)}

    def parse(self, text: str) -> Node:
        """The tree of an expression; raises NotUnderstood."""
        tree = self._trees.get(text)
        if tree is None:
            tree = parse(text)
            if any(isinstance(part, Call) and part.name in {"position", "last"} for part in walk_context(tree)):
                raise NotUnderstood("the place of the node among those that the stylesheet walks through")
            self._trees[text] = tree
        return tree

    def bound(self, bound: Bound) -> None:
        """Make the closure of a variable; raises NotUnderstood."""
        if bound.closure is not None:
            return
        bound.closure = Closures(self, bound.scope, base=ROOT if bound.root else HERE).build(bound.tree)
        found = None if bound.root else leaves(bound.tree, bound.scope)
        if found is not None and not found.rule & NODE:
            bound.depends = tuple(sorted(self.expanded(Test("name", *name)) for name in found.item | found.rule))

    def variable(self, bound: Bound) -> int:
        """The number of a variable that XPath asks for."""
        self.bound(bound)
        self._variables[bound.number] = bound
        return bound.number

    def tag(self, tag: str) -> str:
        """The XPath variable of the elements of a name."""
        name = self._tags.setdefault(tag, f"i{len(self._tags)}")
        self._by_name[name] = tag
        return name

    # -- XPath ---------------------------------------------------------------------------------------

    def lift(self, function: str, node: Node, scope: Scope) -> int:
        """The number of a closure that XPath calls."""
        key = (function, node, id(scope))
        if key not in self._lifted:
            check = self.remembered(node, scope)
            self._lifted[key] = len(self._lifts)
            self._lifts.append(check)
            self._scopes.append(scope)
        return self._lifted[key]

    def remembered(self, node: Node, scope: Scope, *, top: bool = False) -> Check:
        """The check of an expression; where it depends on a few attributes only, asked once a document for each."""
        check = Closures(self, scope).check(node)
        found = leaves(node, scope)
        if found is None or (top and found.rule & NODE):
            return check
        whole = bool(found.rule & NODE)
        self._numbers += 1
        number_ = self._numbers
        item_names = tuple(sorted(self.expanded(Test("name", *name)) for name in found.item))
        rule_names = () if whole else tuple(sorted(self.expanded(Test("name", *name)) for name in found.rule))

        def ask(item: Any, env: Env) -> bool:
            if item_names and not isinstance(item, Element):
                return check(item, env)
            run = env.run
            node = run.node
            key = (number_, node if whole else None, *map(item.get, item_names), *map(node.get, rule_names))
            answer = run.answers.get(key)
            if answer is None:
                try:
                    answer = check(item, env)
                except DynamicError as error:
                    answer = error
                run.answers[key] = answer
            if isinstance(answer, DynamicError):
                raise answer
            return answer

        return ask

    def regex(self, pattern: str, flags: str = "") -> int:
        """The number of a regular expression."""
        key = (pattern, flags)
        if key not in self._regexes:
            self._compiled.append(compile_regex(pattern, flags))
            self._regexes[key] = len(self._compiled) - 1
        return self._regexes[key]

    def memo(self, source: Node, tests: str) -> int | None:
        """The number of a test of all elements below a node: answered once a document; None if it cannot be."""
        if source != _SUBTREE or "$" in tests:
            return None
        return self._memos.setdefault(tests, len(self._memos))

    def once(self, text: str, tags: Iterable[str]) -> int:
        """The number of an XPath that is the same everywhere in a document."""
        if text not in self._onces:
            self._onces[text] = len(self._calls)
            self._calls.append(self.call(text, tags))
        return self._onces[text]

    def xpath(self, text: str, tags: Iterable[str]) -> XPath:
        """The function of an XPath whose value are nodes."""
        return self.call(text, tags)

    def truth_of(self, text: str, tags: Iterable[str]) -> Callable[[Element, Run], bool]:
        """The function of an XPath whose value is a truth."""
        call = self.call(text, tags)
        return lambda item, run: bool(call(item, run))

    def call(self, text: str, tags: Iterable[str]) -> Callable[[Any, Run], Any]:
        """The function of an XPath: compiled when first run."""
        named = [(name, self._by_name[name]) for name in tags]
        if self.strict:
            self.compiled(text)
        if not named and "$c" not in text:
            return self._plain(text)

        def run_it(item: Any, run: Run) -> Any:
            self.run = run
            named_in = run.document.named
            given: dict[str, Any] = {name: named_in(tag) for name, tag in named}
            return self.compiled(text)(item, c=cast(Any, run.node), **given)

        return run_it

    def _plain(self, text: str) -> Callable[[Any, Run], Any]:
        ready: list[etree.XPath] = []

        def run_it(item: Any, run: Run) -> Any:
            self.run = run
            if not ready:
                ready.append(self.compiled(text))
            return ready[0](item)

        return run_it

    def compiled(self, text: str) -> etree.XPath:
        """The XPath of lxml; raises NotUnderstood."""
        found = self._xpaths.get(text)
        if found is None:
            # libxml2 registers them all again at each call: only those of this text.
            namespaces = {prefix: uri for prefix, uri in self.namespaces.items() if f"{prefix}:" in text}
            extensions = {name: call for name, call in self._extensions.items() if f"sx:{name[1]}(" in text}
            try:
                found = etree.XPath(text, namespaces={**namespaces, "sx": SX}, extensions=extensions or None)
            except etree.XPathSyntaxError as error:
                raise NotUnderstood(f"XPath 1: {error}") from None
            self._xpaths[text] = found
        return found

    def _call_test(self, _: Any, number_: float, nodes: Items) -> bool:
        run = self.run
        assert run is not None
        check: Check = self._lifts[int(number_)]
        return check(nodes[0], run.env)

    def _call_variable(self, _: Any, number_: float) -> Any:
        run = self.run
        assert run is not None
        value = run.scalar(self._variables[int(number_)])
        self.run = run
        return value

    def _call_once(self, _: Any, number_: float) -> Any:
        run = self.run
        assert run is not None
        found = run.constants.get(int(number_))
        if found is None:
            found = run.constants[int(number_)] = self._calls[int(number_)](run.document.root, run)
        return found

    def _call_all(self, _: Any, number_: float, nodes: Items) -> bool:
        run = self.run
        assert run is not None
        wrong = run.unreached.get(int(number_))
        if wrong is None:
            tests = next(tests for tests, place in self._memos.items() if place == int(number_))
            found = cast("list[Element]", self.compiled(f"//*[not({tests})]")(run.document.root))
            wrong = run.unreached[int(number_)] = _with_ancestors(found)
        return nodes[0] not in wrong


def _with_ancestors(elements: list[Element]) -> set[Element]:
    found: set[Element] = set()
    for element in elements:
        current: Element | None = element
        while current is not None and current not in found:
            found.add(current)
            current = current.getparent()
    return found
