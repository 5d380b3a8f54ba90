"""A history in items: at line ends, semicolons, bullets, numbers and sentences; never inside parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from semantix.text.practice._labels import LABEL, NOT_A_TITLE, TITLE, section_of
from semantix.text.practice._words import Item

_BREAK = re.compile(
    r"\n|;|(?<![0-9]) - | - (?![0-9])|(?<= )[•·‣▪◦*] |[•‣▪◦]|(?<=[^\W\d_]{3})[.] +(?=[^\W\d_])|\s(?=[0-9]{1,2}\) )"
)
_BULLET = re.compile(r"\s*(?:[-•·‣▪◦*>+]+\s*|[0-9]{1,2}(?:\)|[./-](?=\s))\s*)")
_SHORT = frozenset(
    "env ant atcd atcds antcd chir fam med susp dtr inf sup dte gche post lat obst gyn cardio neuro".split()
)
_LAST_WORD = re.compile(r"[^\W\d_]+$")


class Piece(Struct, frozen=True):
    """One item. ``section`` is that of the title before it, ``mark`` the separator before it (``label`` after a title).

    ``is_unsure`` is true where it cannot be told whether the title before still holds.
    """

    item: Item
    section: str = ""
    mark: str = "\n"
    is_unsure: bool = False


class Part(Struct, frozen=True):
    """What stands between two separators."""

    item: Item
    mark: str
    has_bullet: bool
    after_blank: bool


_LASTING = frozenset({"family", "other"})
"""Sections whose items are not facts of the patient: it matters where they end."""


def pieces(whole: Item, section: str = "") -> Iterator[Piece]:
    """The items of a text, each with its section.

    A title alone on its line governs what follows, up to the next title; one with words on its line governs that line
    and the list of bullets under it.
    """
    current, is_inline, is_unsure = section, False, False
    is_titled = False
    for part in _parts(whole):
        if part.mark == "\n" and is_titled and (part.after_blank or (is_inline and not part.has_bullet)):
            is_unsure = current in _LASTING
            if not is_unsure:
                current, is_titled = section, False
        mark = part.mark
        for label, item in _labelled(part.item):
            if label is not None:
                current, is_titled, is_inline, is_unsure, mark = label, True, bool(item.low), False, "label"
            if item.low:
                yield Piece(item, current, mark, is_unsure)


def _labelled(part: Item) -> Iterator[tuple[str | None, Item]]:
    """The part before any title, then each title with what follows it."""
    title = TITLE.fullmatch(part.low)
    if title is not None:
        yield section_of(title), Item("", "")
        return
    has_mark = ":" in part.low or "=" in part.low
    found = [one for one in LABEL.finditer(part.low) if _is_title(part.low, one.start())] if has_mark else []
    yield None, part.part(0, found[0].start() if found else None)
    for place, one in enumerate(found, 1):
        end = found[place].start() if place < len(found) else None
        yield section_of(one), part.part(one.end(), end)


def _is_title(low: str, place: int) -> bool:
    """Neither inside parentheses nor after a word that makes it part of a sentence."""
    is_open = low.count("(", 0, place) > low.count(")", 0, place)
    return not is_open and NOT_A_TITLE.search(low, max(0, place - 12), place) is None


def _parts(whole: Item) -> Iterator[Part]:
    """Parts between separators; those inside parentheses separate nothing."""
    closed = _protected(whole.low)
    is_numbered = whole.low.lstrip().startswith("1)")
    start, mark, is_blank = 0, "\n", False
    ends = [one for one in _BREAK.finditer(whole.low) if one.start() not in closed and _breaks(whole, one, is_numbered)]
    for found in (*ends, None):
        end = found.start() if found is not None else len(whole.low)
        bullet = _BULLET.match(whole.low, start, end)
        item = whole.part(bullet.end() if bullet else start, end)
        if item.low:
            yield Part(item, mark, bullet is not None, is_blank)
        if found is not None:
            is_blank = not item.low and mark == "\n" and start > 0
            start, mark = found.end(), found[0].strip(" ") or ")"


def _breaks(whole: Item, found: re.Match[str], is_numbered: bool) -> bool:
    """A number in parentheses opens an item only in such a list; a point only before a capital, after no short form."""
    if found[0].strip() == "" and found[0] != "\n":
        return is_numbered
    if found[0].startswith("."):
        word = _LAST_WORD.search(whole.low, max(0, found.start() - 20), found.start())
        return whole.raw[found.end()].isupper() and (word is None or word[0] not in _SHORT)
    return True


def _protected(low: str) -> frozenset[int]:
    """The places of separators inside parentheses that are closed on their line."""
    out: set[int] = set()
    opened: list[int] = []
    for found in re.finditer(r"[()\n]", low):
        if found[0] == "(":
            opened.append(found.start())
        elif found[0] == "\n":
            opened.clear()
        elif opened:
            first = opened.pop()
            if not opened:
                out.update(range(first, found.start()))
    return frozenset(out)
