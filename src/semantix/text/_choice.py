"""The choice of a single-byte encoding, by the words that hold bytes beyond ASCII."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from semantix.text._charsets import SINGLE as SINGLE
from semantix.text._charsets import read
from semantix.text._french import is_known, is_odd, score

_CHUNK = 1 << 20
_SCORED = 2_000
"""Distinct words that decide; more change nothing."""
_JUDGED = 100_000
"""Distinct words looked at for another encoding; no French text has more."""
_LONGEST = 40
"""Bytes; what is longer is no word."""

_LETTERS = bytes(byte if byte >= 0x80 or chr(byte).isalpha() or byte == 0x27 else 0x20 for byte in range(256))
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_MARGIN = 2.0
_CLOSE = 1.0
"""A lead below this leaves a doubt."""
_EQUAL = 0.2
"""Below this the most careful encoding is kept."""


class Choice(Struct, frozen=True):
    """The encoding of most words, how sure, and the words that are clearly in another one."""

    name: str
    confidence: float
    evidence: tuple[str, ...]
    outliers: Mapping[bytes, str] = MappingProxyType({})
    holds_utf8: bool = False
    rivals: tuple[str, ...] = ()

    def rival_lines(self, data: bytes) -> list[int]:
        """The lines that read differently under the rivals."""
        found: list[int] = []
        for number, line in enumerate(_lines(data), 1):
            if not line.isascii() and any(read(line, self.name) != read(line, rival) for rival in self.rivals):
                found.append(number)
        return found


def choose(data: bytes, names: tuple[str, ...] = ()) -> Choice:
    """Score the distinct words under each encoding in ``names`` (all of them by default, the most careful first)."""
    candidates = names or SINGLE
    words = high_words(data)
    utf8 = {word for word in words if _is_utf8(word)}
    judged = sorted(words - utf8) or sorted(utf8)
    board = _Board(judged[:: max(1, len(judged) // _SCORED)], candidates)
    best = board.best()
    outliers = _outliers(judged[:_JUDGED], best, candidates) if len(candidates) > 1 else {}
    board.leave_out(outliers)
    leads = {name: board.lead(best, name) for name in candidates if name != best}
    rivals = [name for name in leads if leads[name] < _CLOSE]
    equals = [name for name in rivals if leads[name] < _EQUAL]
    chosen = min((best, *equals), key=candidates.index)
    return Choice(
        chosen,
        board.confidence(chosen, min(leads.values(), default=9.0)),
        board.evidence(chosen),
        outliers,
        bool(utf8),
        tuple(name for name in (best, *rivals) if name != chosen),
    )


class _Board:
    """The scores of words under each encoding."""

    def __init__(self, words: Sequence[bytes], names: tuple[str, ...]) -> None:
        self.names = names
        self.words = words
        self.texts = {name: [read(word, name) for word in words] for name in names}
        self.scores = {name: [score(text) for text in self.texts[name]] for name in names}
        self.kept = list(range(len(words)))

    def leave_out(self, words: Mapping[bytes, str]) -> None:
        """Judge by the other words, where there are any."""
        kept = [place for place in self.kept if self.words[place] not in words]
        self.kept = kept or self.kept

    def mean(self, name: str) -> float:
        """The score of a word, on average."""
        return sum(self.scores[name][place] for place in self.kept) / max(1, len(self.kept))

    def lead(self, one: str, other: str) -> float:
        """By how much one is better, a word that the two read differently; much where there is none."""
        texts, others = self.texts[one], self.texts[other]
        leads = [
            self.scores[one][place] - self.scores[other][place] for place in self.kept if texts[place] != others[place]
        ]
        return sum(leads) / len(leads) if leads else 9.0

    def best(self) -> str:
        """The encoding that no other one beats where they differ."""
        best = max(self.names, key=self.mean)
        for name in self.names:
            best = name if self.lead(best, name) < 0 else best
        return best

    def confidence(self, name: str, lead: float) -> float:
        """From 0.2 to 0.98: how French the words are, by how much the next encoding is worse, on how many words."""
        quality, margin = (min(4.0, max(0.0, value)) / 4 for value in (self.mean(name), lead))
        return round(0.2 + 0.4 * quality + 0.38 * margin * len(self.kept) / max(1, len(self.words)), 2)

    def evidence(self, name: str) -> tuple[str, ...]:
        """Why, in words and figures."""
        first = f"{name} {self.mean(name):.1f} a word on {len(self.kept)} distinct words with bytes beyond ASCII"
        others = ", ".join(f"{one} {self.mean(one):.1f}" for one in self.names if one != name)
        return first, f"the others: {others}" if others else "the only encoding told"


def high_words(data: bytes) -> set[bytes]:
    """The distinct words that hold a byte beyond ASCII."""
    words: set[bytes] = set()
    for chunk in _chunks(data):
        words.update(word[:_LONGEST] for word in set(chunk.translate(_LETTERS).split()) if not word.isascii())
    return words


def read_lines(data: bytes, choice: Choice, *, utf8: bool) -> tuple[str, list[int], str]:
    """Each line in its own encoding: the text, the lines that are in another than most, and the name of most."""
    parts = [_line(line, choice, utf8) for line in _lines(data)]
    used = [name for _, name in parts if name]
    name = max((*SINGLE, "utf-8"), key=lambda one: (used.count(one), one == choice.name))
    others = [number for number, (_, one) in enumerate(parts, 1) if one and one != name]
    return "".join(text for text, _ in parts), others, name


def _line(line: bytes, choice: Choice, utf8: bool) -> tuple[str, str]:
    """The text of a line and its encoding; no encoding for a line of ASCII, which says nothing."""
    if line.isascii():
        return line.decode("ascii"), ""
    if utf8 and _UTF8.search(line):
        try:
            return line.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    words = [word[:_LONGEST] for word in line.translate(_LETTERS).split() if not word.isascii()]
    wanted = {choice.outliers[word] for word in words if word in choice.outliers}
    if not wanted:
        return read(line, choice.name), choice.name
    candidates = (choice.name, *sorted(wanted))
    best = max(candidates, key=lambda name: sum(score(read(word, name)) for word in words))
    return read(line, best), best


def _outliers(words: Sequence[bytes], chosen: str, candidates: tuple[str, ...]) -> dict[bytes, str]:
    """The words that are damage under the chosen encoding and French under another one."""
    found: dict[bytes, str] = {}
    for word in words:
        now = score(read(word, chosen))
        if now >= 0:
            continue
        values = {name: score(read(word, name)) for name in candidates if name != chosen}
        best = max(values, key=lambda name: values[name])
        if values[best] >= 2.0 and values[best] - now >= _MARGIN and _is_better(read(word, best), read(word, chosen)):
            found[word] = best
    return found


def _is_better(text: str, other: str) -> bool:
    """Whether a word is French rather than of another language: it is in the list, or no language writes the other."""
    return is_known(text) or (is_odd(other) and not is_odd(text))


def _is_utf8(word: bytes) -> bool:
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _chunks(data: bytes) -> Iterator[bytes]:
    """Parts of the bytes that end with a line, or anywhere when no line end is near."""
    start = 0
    while start < len(data):
        end = start + _CHUNK
        cut = max(data.rfind(b"\n", start, end), data.rfind(b"\r", start, end)) + 1 if end < len(data) else len(data)
        end = cut if cut > start else end
        yield data[start:end]
        start = end


def _lines(data: bytes) -> Iterator[bytes]:
    for found in _LINE.finditer(data):
        if found.end() > found.start():
            yield found[0]
