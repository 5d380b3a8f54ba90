"""Other ways to read what a person wrote: abbreviations spelt out, everyday phrases in official words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from semantix.terminology.lexicon import Lexicon
from semantix.terminology.matching.names import MARKS, Words
from semantix.terminology.text import STOP_WORDS, fold, split_words, stem

MOST = 4
LOOKED_AT = 16
"""Readings that are made at all: a text of a thousand words would have thousands."""
SENSES = 3
Tokens = tuple[str, ...]


def variants(words: Words, lexicon: Lexicon, section: str, known: Callable[[str], bool]) -> list[Words]:
    """Return at most four readings of a query: as written, and with its abbreviations spelt out.

    The one as written comes first, and only when the index ``known``s all its words or there is no other.
    """
    spelt = _spelt_out(words.sequence, lexicon, section)
    readings = list(dict.fromkeys([words.sequence, *islice(spelt, LOOKED_AT)]))[:MOST]
    if len(readings) == 1:
        return [words]
    found = [_words(tokens, words) for tokens in readings]
    return found if all(known(token) for token in words.sequence) else found[1:]


def rewrites(words: Words, lexicon: Lexicon, known: Callable[[str], bool] = lambda _: True) -> list[Words]:
    """Return at most three readings with an everyday phrase or a group of words in the words of the classification."""
    readings = dict.fromkeys(islice(_rewritten(words.sequence, lexicon, known), LOOKED_AT))
    return [_words(tokens, words) for tokens in readings if tokens != words.sequence][: MOST - 1]


def _words(tokens: Tokens, words: Words) -> Words:
    optional = tuple(word for word in words.optional if word in tokens)
    required = tuple(dict.fromkeys(token for token in tokens if token not in optional))
    return Words(required or tokens, optional if required else (), tokens)


def _spelt_out(sequence: Tokens, lexicon: Lexicon, section: str) -> Iterator[Tokens]:
    """Replace abbreviations: all by their usual sense, then each in turn by its other senses."""
    places = []
    at = 0
    longest = min(lexicon.longest["abbreviation"], 3)
    starts = lexicon.starts["abbreviation"]
    while at < len(sequence):
        # SAI and NCA were read already: they are marks of the classification.
        looked = longest if sequence[at] in starts and sequence[at] not in MARKS else 0
        for size in range(looked, 0, -1):
            known = lexicon.senses.get(" ".join(sequence[at : at + size]), ()) if at + size <= len(sequence) else ()
            if known:
                allowed = lexicon.senses_of(" ".join(sequence[at : at + size]), section) or known
                places.append((at, size, [_content(row.expansion) for row in allowed[:SENSES]]))
                at += size - 1
                break
        at += 1
    if not places:
        return
    yield _replace(sequence, [(at, size, senses[0]) for at, size, senses in places])
    for turn, (_, _, senses) in enumerate(places):
        for sense in senses[1:]:
            chosen = [(a, s, sense if n == turn else others[0]) for n, (a, s, others) in enumerate(places)]
            yield _replace(sequence, chosen)


def _replace(sequence: Tokens, places: Sequence[tuple[int, int, Tokens]]) -> Tokens:
    tokens: list[str] = []
    done = 0
    for at, size, others in places:
        tokens += [*sequence[done:at], *others]
        done = at + size
    return (*tokens, *sequence[done:])


def _rewritten(tokens: Tokens, lexicon: Lexicon, known: Callable[[str], bool]) -> Iterator[Tokens]:
    """Replace the longest phrase that has an official wording, then groups that have synonyms of another length."""
    stems = tuple(stem(token) for token in tokens)
    for table, name in ((lexicon.rewrites, "phrase"), (lexicon.partners, "synonym")):
        starts = [at for at, root in enumerate(stems) if root in lexicon.starts[name]]
        for size in range(min(lexicon.longest[name], len(stems)) if starts else 0, 0, -1):
            for at in starts:
                for other in table.get(" ".join(stems[at : at + size]), ()):
                    replacement = _content(other)
                    # What one known word may stand for is among its expansions already.
                    if size > 1 or len(replacement) > 1 or table is lexicon.rewrites or not known(tokens[at]):
                        yield _replace(tokens, [(at, size, replacement)])


def _content(text: str) -> Tokens:
    return tuple(word for word in split_words(fold(text)) if word not in STOP_WORDS)
