"""Steps of paths, as texts of XPath 1."""

from __future__ import annotations

from semantix.validation.rulesets.fast.syntax import Binary, Dot, Filter, Literal, Node, Step

HERE, RULE, ROOT = "", "$c", "/"
"""Where relative paths start: the context of XPath, the node of the rule, the root of its document."""


def united(node: Node) -> list[Node]:
    """The operands of ``a | b | c``."""
    if isinstance(node, Binary) and node.op == "|":
        return [*united(node.left), *united(node.right)]
    return [node]


def leads_to_many(step: Step | Filter) -> bool:
    """Whether a step can lead from one node to several."""
    if isinstance(step, Filter):
        return not isinstance(step.of, Dot)
    if step.axis in {"self", "parent"} or (
        step.axis == "attribute" and step.test.local != "*" and step.test.prefix != "*" and step.test.kind == "name"
    ):
        return False
    return not (step.axis == "child" and any(isinstance(t, Literal) and t.text == "1" for t in step.predicates[:1]))


_DEEP = "/descendant-or-self::node()"


def joined(way: str, part: str) -> str:
    """A step after the way so far; ``//`` in its short form, which libxml2 runs best."""
    if way in {HERE, ROOT}:
        return way + part
    if way.endswith(_DEEP) and "::" not in part.partition("[")[0] and part[0] not in ".@":
        return f"{way.removesuffix(_DEEP)}//{part}"
    return f"{way}/{part}"
