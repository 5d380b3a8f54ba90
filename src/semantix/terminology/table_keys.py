"""The words of a wording as a key of the curated tables: everything that could change its meaning stays."""

from __future__ import annotations

import re

from semantix.terminology.text import fold, split_words

_SIGN = re.compile(r"([a-z0-9]+)(?:\s*([+-])+(?=\s*(?:$|[),;:]))|([+-])+(?=\s))")
_COMPARISON = re.compile(r"[<>≤≥?]")
_IONS = frozenset({"na", "k", "cl", "ca", "mg", "li", "hco3", "h", "zn", "fe"})
_ORDERED = frozenset({"sans", "non", "pas", "ni", "avec", "absence", "rapport", "ratio", "sur", "par", "vers"})
"""With one of these, or a slash, another order of the words is another meaning."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the folded words of a text, stop words and one-letter words kept, then its marks.

    Marks are a sign after a word (``HER2 -``; the charge of an ion is none), a comparison, a question mark: what a
    wording may differ by without differing in its words.
    """
    folded = fold(text)
    words = split_words(folded)
    if not folded.isalnum():
        if _COMPARISON.search(folded):
            words += _COMPARISON.findall(folded)
        if "+" in folded or "-" in folded:
            words += [a or b for word, a, b in _SIGN.findall(folded) if word not in _IONS]
    return tuple(words)


def bag_of(text: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words in one order for all, or nothing when their order carries meaning."""
    if len(words) < 2 or "/" in text or not _ORDERED.isdisjoint(words) or sum(word[0].isdigit() for word in words) > 1:
        return ()
    return tuple(sorted(words))
