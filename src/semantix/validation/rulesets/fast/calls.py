"""Function calls in XPath 1: those that mean the same there, and a few that are handed to Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from semantix.validation.rulesets.fast.depends import is_fixed
from semantix.validation.rulesets.fast.kinds import literal_of, static
from semantix.validation.rulesets.fast.syntax import Call, Dot, Literal, Node

if TYPE_CHECKING:
    from semantix.validation.rulesets.fast.native import Native, Translator

Said = tuple[str, str]
"""The text of an XPath 1 and its kind; see `Native`."""
Calling = Callable[["Translator", Call, str], Said | None]


def called(translator: Translator, node: Call, base: str) -> Said | None:
    """A call in XPath 1, or None if there is none that means it."""
    fewest, most, call = _CALLS.get(node.name, (0, -1, _never))
    return call(translator, node, base) if fewest <= len(node.args) <= most else None


def _never(*_: object) -> None:
    return None


def _bare(translator: Translator, node: Call, base: str) -> Said:
    return f"{node.name}()", static(node, translator.scope).kind


def _truth(translator: Translator, node: Call, base: str) -> Said:
    return f"{node.name}({translator.truth(node.args[0], base)})", "truth"


def _current(translator: Translator, node: Call, base: str) -> Said:
    return "$c", "nodes"


def _counted(translator: Translator, node: Call, base: str) -> Said | None:
    name, arg = node.name, node.args[0]
    if name == "count" and not translator.once_over and is_fixed(arg, translator.scope):
        return translator.once("number", node), "number"
    nodes = translator.value(arg, base)
    if nodes.kind != "nodes":
        return None
    if name == "count":
        return f"count({nodes.text})", "number"
    return f"{'not' if name == 'empty' else 'boolean'}({nodes.text})", "truth"


def _named(translator: Translator, node: Call, base: str) -> Said | None:
    nodes = translator.value(node.args[0] if node.args else Dot(), base)
    if nodes.kind != "nodes" or nodes.many:
        return None
    return f"{node.name}({nodes.text})", "text"


def _string(translator: Translator, node: Call, base: str) -> Said | None:
    found = translator.value(node.args[0] if node.args else Dot(), base)
    if found.kind == "text":
        return found.text, "text"
    return None if found.kind != "nodes" else (_one(translator, found), "text")


def _one(translator: Translator, nodes: Native) -> str:
    """The string of nodes of which there must be at most one."""
    if not nodes.many:
        return f"string({nodes.text})"
    translator.lifts = True
    return f"sx:one({nodes.text})"


def _text(translator: Translator, arg: Node, base: str) -> str | None:
    """An argument declared ``xs:string?``."""
    found = translator.value(arg, base)
    if found.kind == "text":
        return found.text
    return _one(translator, found) if found.kind == "nodes" else None


def _of_texts(translator: Translator, node: Call, base: str) -> Said | None:
    texts = [_text(translator, arg, base) for arg in node.args or (Dot(),)]
    known = [text for text in texts if text is not None]
    if len(known) != len(texts):
        return None
    return f"{node.name}({', '.join(known)})", static(node, translator.scope).kind


def _substring(translator: Translator, node: Call, base: str) -> Said | None:
    first, *others = node.args
    numbers = [arg.text for arg in others if isinstance(arg, Literal) and arg.kind == "integer"]
    text = _text(translator, first, base) if len(numbers) == len(others) else None
    return None if text is None else (f"substring({', '.join([text, *numbers])})", "text")


def _matches(translator: Translator, node: Call, base: str) -> Said | None:
    first, *others = node.args
    constants = [literal_of(arg, translator.scope) for arg in others]
    texts = [constant.text for constant in constants if constant is not None and constant.kind == "string"]
    text = _text(translator, first, base) if len(texts) == len(others) else None
    if text is None:
        return None
    number = translator.compiler.regex(*texts)
    translator.lifts = True
    return f"sx:matches({number}, {text})", "truth"


def _number(translator: Translator, node: Call, base: str) -> Said | None:
    text = _text(translator, node.args[0] if node.args else Dot(), base)
    translator.lifts = True
    return None if text is None else (f"sx:number({text})", "number")


_CALLS: dict[str, tuple[int, int, Calling]] = {
    **dict.fromkeys(("true", "false", "position", "last"), (0, 0, _bare)),
    **dict.fromkeys(("not", "boolean"), (1, 1, _truth)),
    **dict.fromkeys(("count", "empty", "exists"), (1, 1, _counted)),
    **dict.fromkeys(("name", "local-name", "namespace-uri"), (0, 1, _named)),
    **dict.fromkeys(("contains", "starts-with", "substring-before", "substring-after"), (2, 2, _of_texts)),
    **dict.fromkeys(("normalize-space", "string-length"), (0, 1, _of_texts)),
    "translate": (3, 3, _of_texts),
    "concat": (2, 99, _of_texts),
    "current": (0, 0, _current),
    "string": (0, 1, _string),
    "substring": (2, 3, _substring),
    "matches": (2, 3, _matches),
    "number": (0, 1, _number),
}
