"""A handful of names made ready to be searched, for what needs no learning."""

from collections.abc import Mapping
from types import MappingProxyType

from semantix.terminology.matching.index import (
    Entry,
    Lexicon,
    Vocabulary,
    build_lexicon,
    expand,
    read_entries,
    vocabulary_of,
)
from semantix.terminology.matching.queries import WordReader
from semantix.terminology.matching.spelling import Speller

NAMES = (
    (0, "Fracture du tibia", "preferred"),
    (0, "jambe cassée", "synonym"),
    (1, "Fracture du fémur (fermée)", "preferred"),
    (2, "Insuffisance rénale chronique, sans précision", "preferred"),
    (3, "Insuffisance cardiaque", "preferred"),
    (4, "Appendicite sans péritonite", "preferred"),
    (5, "Diabète de type 2", "preferred"),
)
"""(place of the code, text, kind)."""


class Small:
    """The index of NAMES."""

    def __init__(
        self,
        associated: Mapping[str, Mapping[str, float]] = MappingProxyType({}),
        shortenings: Mapping[str, Mapping[str, float]] = MappingProxyType({}),
        memory: int = 1000,
    ) -> None:
        self.entries: list[Entry] = read_entries(NAMES)
        self.stems = vocabulary_of(self.entries)
        self.place = {word: at for at, word in enumerate(self.stems)}
        self.lexicon: Lexicon = build_lexicon(self.entries, 6, self.stems)
        speller = Speller.build(self.stems)
        known = {self.place[w]: {self.place[o]: s for o, s in found.items()} for w, found in associated.items()}
        self.vocabulary = Vocabulary(self.stems, speller, *expand(self.stems, speller, known))
        read = {w: {self.place[o]: s for o, s in found.items()} for w, found in shortenings.items()}
        self.reader = WordReader(self.lexicon, self.vocabulary, read, memory)

    def readings(self, token: str) -> dict[str, float]:
        """What a word may stand for."""
        word = self.reader.word(token)
        return {self.stems[place]: alike for place, alike in zip(word.stems, word.sims, strict=True)}
