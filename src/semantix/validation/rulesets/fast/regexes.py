"""Regular expressions of XPath 2 → those of Python; what has no sure equivalent is NotUnderstood."""

from __future__ import annotations

import re

from semantix.validation.rulesets.fast.syntax import DynamicError, NotUnderstood

_SPACE = " \\t\\n\\r"
_CLASSES = {"d": "\\d", "D": "\\D", "s": f"[{_SPACE}]", "S": f"[^{_SPACE}]", "n": "\\n", "r": "\\r", "t": "\\t"}
_IN_CLASS = {"d": "\\d", "D": "\\D", "s": _SPACE, "n": "\\n", "r": "\\r", "t": "\\t"}
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}
_ESCAPABLE = frozenset("\\|.?*+(){}[]^$-")
_NESTED = re.compile(r"[*+}]\)[*+{]")
MAX_NESTED = 20_000
"""Texts longer than this are not given to an expression whose repetitions are nested: it might never end."""


class Regex:
    """A compiled expression, and the length of text that it is trusted with."""

    __slots__ = ("limit", "pattern")

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.limit = MAX_NESTED if _NESTED.search(pattern.pattern) else None

    def checked(self, text: str) -> str:
        """The text, unless it is too long for this expression."""
        if self.limit is not None and len(text) > self.limit:
            raise DynamicError("a text too long for the regular expression of the rule")
        return text

    def matches(self, text: str) -> bool:
        """``fn:matches``."""
        return self.pattern.search(self.checked(text)) is not None


def compile_regex(pattern: str, flags: str = "") -> Regex:
    """Compile an expression; raises NotUnderstood."""
    options = re.RegexFlag(0)
    for flag in flags:
        if flag not in _FLAGS:
            raise NotUnderstood(f"flag {flag} of a regular expression")
        options |= _FLAGS[flag]
    try:
        return Regex(re.compile(_translated(pattern, dotall="s" in flags, lines="m" in flags), options))
    except re.error as error:
        raise NotUnderstood(f"regular expression {pattern!r}: {error}") from None


def _translated(pattern: str, *, dotall: bool, lines: bool) -> str:
    out: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "\\":
            out.append(_escape(pattern[at : at + 1], _CLASSES))
            at += 1
        elif char == "[":
            text, at = _class(pattern, at)
            out.append(text)
        elif char == ".":
            out.append("." if dotall else "[^\\n\\r]")
        elif char == "$":
            out.append("$" if lines else "\\Z")
        elif char == "^":
            text, at = _anchor(pattern, at)
            out.append(text)
        elif char == "(" and pattern[at : at + 1] == "?":
            raise NotUnderstood("a group with options in a regular expression")
        else:
            out.append(char)
    return "".join(out)


def _anchor(pattern: str, at: int) -> tuple[str, int]:
    """``^``, which may be repeated in XPath: once or more is once, perhaps none is nothing."""
    quantifier = pattern[at : at + 1]
    if quantifier not in {"+", "*", "?"}:
        return "^", at
    at += 2 if pattern[at + 1 : at + 2] == "?" else 1
    return ("^" if quantifier == "+" else ""), at


def _escape(char: str, known: dict[str, str]) -> str:
    if char in known:
        return known[char]
    if char in _ESCAPABLE and char:
        return "\\" + char
    raise NotUnderstood(f"\\{char} in a regular expression")


def _class(pattern: str, at: int) -> tuple[str, int]:
    out = ["["]
    if pattern[at : at + 1] == "^":
        out.append("^")
        at += 1
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "]":
            return "".join(out) + "]", at
        if char == "\\":
            out.append(_escape(pattern[at : at + 1], _IN_CLASS))
            at += 1
        elif char == "[":
            raise NotUnderstood("a subtraction in a class of a regular expression")
        else:
            out.append("\\" + char if char in "&~|[" else char)
    raise NotUnderstood("a class without its end in a regular expression")


def replacement(text: str, groups: int) -> str:
    r"""The replacement of ``fn:replace`` for Python: ``$1`` is ``\g<1>``, or nothing if there is no such group."""
    out: list[str] = []
    at = 0
    while at < len(text):
        char, following = text[at], text[at + 1 : at + 2]
        at += 1
        if char not in "$\\":
            out.append(char)
        elif char == "$" and following in _DIGITS:
            number, at = _group(text, at, groups)
            out.append(f"\\g<{number}>" if number <= groups else "")
        elif char == "\\" and following in _ESCAPED:
            out.append(_ESCAPED[following])
            at += 1
        else:
            raise NotUnderstood("the replacement of a regular expression")
    return "".join(out)


_DIGITS = frozenset("0123456789")
_ESCAPED = {"\\": "\\\\", "$": "$"}


def _group(text: str, at: int, groups: int) -> tuple[int, int]:
    """The number at ``at``: more than one digit only while there are that many groups."""
    number = int(text[at])
    at += 1
    while text[at : at + 1] in _DIGITS and number * 10 + int(text[at]) <= groups:
        number = number * 10 + int(text[at])
        at += 1
    return number, at
