"""What is learned on the user's machine from the user's own terminologies; seeded, repeatable, never shipped.

Some names are held out: the associations and the encoder of training never saw them, and each is ranked with every name
of the same words taken out of the index. On those, on labels misspelt at random, and on official short labels that the
table of shortenings did not see, the ranker is fitted; other held-out queries, never used for that, calibrate it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from msgspec import Struct

from semantix.terminology.matching.index import Entry, bag_key
from semantix.terminology.matching.names import parse_name, query_words
from semantix.terminology.text import fold, stem

HELD_OUT = 0.12
MOST_HELD = 6_000
CURATED = "curated"
CURATED_HELD_OUT = 0.4
"""Curated wordings are how people write: they are worth more as examples than any other name."""
MISSPELT = 3_000
SHORTENED = 3_000
SAMPLED = 6
ALONE = 0.4
"""How many codes with one name are trained on: they only teach that a text is like itself."""
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


class PseudoQuery(Struct, frozen=True):
    """A query whose right code is known: ``ban`` is the bag to take out of the index, or 0."""

    text: str
    code: int
    kind: str
    ban: int = 0


class Split(Struct, frozen=True):
    """Names held out: bags of words, and places in the list of short labels."""

    bags: frozenset[int]
    shorts: frozenset[int]


def split(entries: Sequence[Entry], shorts: int, generator: random.Random) -> Split:
    """Choose what to hold out: a share of the bags of names that are not labels, and of the short labels."""
    curated = sorted({bag_key(entry.name.bag) for entry in entries if entry.kind == CURATED})
    bags = sorted({bag_key(entry.name.bag) for entry in entries if entry.kind not in {"preferred", CURATED}})
    generator.shuffle(bags)
    generator.shuffle(curated)
    bags = bags[: min(MOST_HELD, int(len(bags) * HELD_OUT))] + curated[: int(len(curated) * CURATED_HELD_OUT)]
    places = list(range(shorts))
    generator.shuffle(places)
    return Split(frozenset(bags), frozenset(places[: min(SHORTENED, shorts // 4)]))


def pseudo_queries(
    entries: Sequence[Entry], shorts: Sequence[tuple[int, str]], held: Split, generator: random.Random
) -> list[PseudoQuery]:
    """Make the queries to learn from, in random order: held-out names, misspelt labels, held-out short labels."""
    queries = []
    seen: set[int] = set()
    for entry in entries:
        bag = bag_key(entry.name.bag)
        if entry.kind != "preferred" and bag in held.bags and bag not in seen:
            seen.add(bag)
            queries.append(PseudoQuery(entry.text, entry.code, "free-text", bag))
    labels = [entry for entry in entries if entry.kind == "preferred"]
    queries += [
        PseudoQuery(misspell(entry.text, generator), entry.code, "label")
        for entry in generator.sample(labels, min(MISSPELT, len(labels)))
    ]
    for place in sorted(held.shorts):
        code, text = shorts[place]
        queries.append(PseudoQuery(text, code, "abbreviated"))
    generator.shuffle(queries)
    return queries


def misspell(text: str, generator: random.Random) -> str:
    """One to three random edits, and accents dropped half of the time."""
    letters = list(fold(text) if generator.random() < 0.5 else text)
    for _ in range(generator.randint(1, 3)):
        at, kind = generator.randrange(len(letters)), generator.randrange(4)
        if kind == 0:
            letters[at] = generator.choice(ALPHABET)
        elif kind == 1 and len(letters) > 2:
            del letters[at]
        elif kind == 2:
            letters.insert(at, generator.choice(ALPHABET))
        elif at + 1 < len(letters):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def name_pairs(
    entries: Sequence[Entry], place: dict[str, int], leave_out: frozenset[int], generator: random.Random
) -> list[tuple[list[int], list[int]]]:
    """Pairs of names of one code, as stems: the label with each other name, and some pairs of other names."""
    by_code: dict[int, list[list[int]]] = {}
    for entry in entries:
        if entry.kind == "preferred" or bag_key(entry.name.bag) not in leave_out:
            by_code.setdefault(entry.code, []).append([place[word] for word in entry.name.bag])
    pairs = []
    for names in by_code.values():
        pairs += [(names[0], other) for other in names[1:]]
        if len(names) > 2:
            for _ in range(min(len(names), SAMPLED)):
                one, other = generator.sample(names, 2)
                pairs.append((one, other))
    return pairs


def text_pairs(entries: Sequence[Entry], leave_out: frozenset[int], generator: random.Random) -> list[tuple[int, int]]:
    """Pairs of entries (places) of one code for the encoder; a code with one name is paired with itself."""
    by_code: dict[int, list[int]] = {}
    for at, entry in enumerate(entries):
        if entry.kind == "preferred" or bag_key(entry.name.bag) not in leave_out:
            by_code.setdefault(entry.code, []).append(at)
    pairs = []
    for places in by_code.values():
        if len(places) == 1 and generator.random() < ALONE:
            pairs.append((places[0], places[0]))
        for other in places[1:]:
            pairs.append((places[0], other))
            pairs.append((other, generator.choice(places)))
    return pairs


def short_pairs(
    shorts: Sequence[tuple[int, str]], labels: Sequence[str], leave_out: Iterable[int]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Short labels with the stems of their long label, but those left out."""
    skipped = frozenset(leave_out)
    return [
        (tuple(stem(word) for word in query_words(text).required), parse_name(labels[code]).bag)
        for place, (code, text) in enumerate(shorts)
        if place not in skipped and labels[code]
    ]
