"""Regular expressions that a pack may hold: none whose time grows out of bounds with the length of a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 500
"""Characters of an expression."""
READ = 4_096
"""Characters of a cell that an expression looks at; what is longer does not match."""
LINE = 100_000
"""Characters of a text that is looked through for parts."""
MANY = 4
"""Repetitions of "any character" in one expression."""
_COUNTS = re.compile(r"\{(\d*)(,?)(\d*)\}")


def compile_pattern(text: str) -> re.Pattern[str]:
    """Compile an expression. Raises ValueError for one that is wrong, too long, or that may take for ever."""
    if len(text) > LONGEST:
        raise ValueError(f"an expression of {len(text)} characters, at most {LONGEST} expected")
    try:
        found = re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"not a regular expression: {error}") from None
    _refuse_slow(text)
    return found


def _refuse_slow(text: str) -> None:
    """Refuse a repeated group that holds a repetition or alternatives, and many "any character" repeated."""
    holding = [False]
    many = 0
    last = ""
    for token in _tokens(text):
        if token == "(":
            holding.append(False)
        elif token == ")":
            inner = holding.pop()
            holding[-1] |= inner
            last = "held" if inner else "group"
            continue
        elif token == "|":
            holding[-1] = True
        elif _is_repeat(token):
            if last == "held":
                raise ValueError("a repeated group holds a repetition or alternatives: it may take for ever")
            many += last == "."
            holding[-1] = True
        last = token
    if many > MANY:
        raise ValueError(f"{many} times any character repeated, at most {MANY} expected: it may take for ever")


def _is_repeat(token: str) -> bool:
    """True for a repetition without a small bound."""
    if token in {"*", "+"}:
        return True
    counts = _COUNTS.fullmatch(token)
    if counts is None:
        return False
    low, comma, high = counts.groups()
    return bool(comma and not high) or max(int(low or 0), int(high or 0)) > 20


def _tokens(text: str) -> Iterator[str]:
    """Characters of an expression; an escape, a class, a count and the opening of a group are one token each."""
    at = 0
    while at < len(text):
        char = text[at]
        end = at + 1
        if char == "\\":
            end = at + 2
        elif char == "[":
            end = _class_end(text, at)
        elif char == "{" and (counts := _COUNTS.match(text, at)):
            end = counts.end()
        yield text[at:end]
        at = end


def _class_end(text: str, at: int) -> int:
    end = at + 1
    if text[end : end + 1] == "^":
        end += 1
    if text[end : end + 1] == "]":
        end += 1
    while end < len(text) and text[end] != "]":
        end += 2 if text[end] == "\\" else 1
    return end + 1
