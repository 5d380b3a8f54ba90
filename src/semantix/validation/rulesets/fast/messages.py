"""The message of a failed assert: as the official report writes it, and as it may be shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from semantix.validation.code_forms import may_be_shown
from semantix.validation.rulesets._schema import Part
from semantix.validation.rulesets.fast.closures import Closures
from semantix.validation.rulesets.fast.kinds import Scope
from semantix.validation.rulesets.fast.running import Run
from semantix.validation.rulesets.fast.sequences import Closure, Env
from semantix.validation.rulesets.fast.steps import HERE
from semantix.validation.rulesets.fast.syntax import Binary, Call, If, Literal, Node, Path, Step, Variable
from semantix.validation.rulesets.fast.values import atoms, owner, written

if TYPE_CHECKING:
    from semantix.validation.rulesets.fast.compiler import Compiler

HIDDEN = "…"
_SAFE_ATTRIBUTES = frozenset(
    "code codeSystem unit nullFlavor typeCode classCode moodCode determinerCode use qualifier operator mediaType"
    " representation language type root".split()
)
_SAFE_CALLS = frozenset(
    "name local-name namespace-uri namespace-uri-from-QName local-name-from-QName count string-length".split()
)
_UNIT = re.compile(r"[A-Za-z0-9.*/%\[\]{}_'^+-]{1,40}")
_LONGEST = 64
_TEMPLATES = ("}templateId", "}typeId")


class Message:
    """A message, made ready when it is first written."""

    def __init__(self, compiler: Compiler, parts: tuple[Part, ...], scope: Scope, base: str = HERE) -> None:
        self._of = (compiler, parts, scope, base)
        self._parts: list[tuple[str, Closure | None, bool]] | None = None

    @property
    def parts(self) -> list[tuple[str, Closure | None, bool]]:
        """Each part as a text or a closure, and whether it may be shown; raises NotUnderstood."""
        if self._parts is None:
            compiler, parts, scope, base = self._of
            closures = Closures(compiler, scope, base=base)
            self._parts = [_part(closures, part) for part in parts]
        return self._parts

    def write(self, run: Run) -> tuple[str, str]:
        """The message, and the same with what may be a value of the patient as ``…``."""
        said: list[str] = []
        shown: list[str] = []
        for text, closure, safe in self.parts:
            if closure is None:
                said.append(text)
                shown.append(text)
                continue
            items = closure(run.node, Env(run))
            values = [written(value) for value in atoms(items)]
            said.append(" ".join(values))
            hidden = values if safe and all(map(_may_be_shown, items, values)) else [HIDDEN] if any(values) else []
            shown.append(" ".join(hidden))
        return " ".join("".join(said).split()), " ".join("".join(shown).split())


def _part(closures: Closures, part: Part) -> tuple[str, Closure | None, bool]:
    if part.kind == "text":
        return part.text, None, True
    tree = closures.compiler.parse(part.text)
    return "", closures.build(tree), is_safe(tree, closures.scope)


def _may_be_shown(item: Any, value: str) -> bool:
    name = getattr(item, "attrname", None) or getattr(item, "name", None)
    if name is None:
        return True
    if name == "root":
        parent = owner(item)
        return parent is not None and str(parent.tag).endswith(_TEMPLATES)
    if name == "unit" and _UNIT.fullmatch(value):
        return True
    return value == "" or may_be_shown(value, _LONGEST)


def is_safe(node: Node, scope: Scope) -> bool:
    """Whether an expression can give no value of the patient: constants, codes, units, names."""
    match node:
        case Variable():
            bound = scope.get(node.name)
            return bound is not None and is_safe(bound.tree, bound.scope)
        case If():
            return is_safe(node.then, scope) and is_safe(node.other, scope)
        case Path(steps=(*_, Step(axis="attribute") as last)):
            return last.test.local in _SAFE_ATTRIBUTES
        case Binary(op="+" | "-" | "*" | "=" | "<" | ">"):
            return is_safe(node.left, scope) and is_safe(node.right, scope)
        case _:
            return isinstance(node, Literal) or (isinstance(node, Call) and node.name in _SAFE_CALLS)
