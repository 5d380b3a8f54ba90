"""Bytes to text: one scored choice among the encodings that French practice software writes, with its evidence.

A byte order mark decides, then valid UTF-8, then how French the words with bytes beyond ASCII look under each
single-byte encoding (``_french``). The choice is made once for the whole; lines that are clearly in another encoding
(a feed of many senders) are read in theirs, and the mixture is reported. Nothing is learnt and nothing is random: the
same bytes always give the same text.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from semantix.text import _choice, _repairs
from semantix.text._charsets import known, read
from semantix.text._damage import Damage as Damage
from semantix.text._damage import Ledger, ends_between, line_end, lines_of
from semantix.text._lines import count_lines as count_lines
from semantix.text._lines import split_lines as split_lines

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "iso8859-15", "cp850", "mac-roman", "iso646-fr")

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SAMPLE = 65_536


class Decoded(Struct, frozen=True):
    """Text, the encoding chosen, how sure (0 to 1), why (for people, without a word of the text), and the damage."""

    text: str
    encoding: str
    confidence: float
    evidence: tuple[str, ...] = ()
    damage: tuple[Damage, ...] = ()


def decode(data: bytes, tried: Sequence[str] = (), *, repair: bool = True) -> Decoded:
    """Choose an encoding for the whole of ``data``; ``tried`` limits and orders the choice (a pack's encodings).

    Line ends are kept as written. With ``repair``, each line goes through :func:`repair_line`. Only an encoding in
    ``tried`` that is none of ours raises (LookupError): every sequence of bytes has a text.
    """
    names = tuple(dict.fromkeys(known(name) for name in tried))
    ledger = Ledger()
    read_as = _whole(data, names, ledger)
    text = read_as.text
    if repair:
        text = _repaired(text, ledger)
        if _repairs.ISO646 in ledger.kinds and data.isascii() and (not names or "iso646-fr" in names):
            why = "7-bit; signs of ASCII stand where French words need a letter"
            return Decoded(text, "iso646-fr", 0.8, (why,), ledger.closed())
    return Decoded(text, read_as.encoding, read_as.confidence, read_as.evidence, ledger.closed())


def repair_line(line: str, *, field: bool = False) -> tuple[str, tuple[str, ...]]:
    """Undo the damage that has only one reading (entities, RTF escapes, UTF-8 read as cp1252); name what was undone.

    What has several readings (an accent lost, ``Cholest,rol``) stays as it came, and is named with a leading ``?``.
    A line never gains a line end or a sign that parts fields (``&quot;`` stays); with ``field`` the text is one field
    and those are read too, ``<br />`` as a line end.
    """
    if not _repairs.TRIGGER.search(line) and "," not in line:
        return line, ()
    text, kinds = _repairs.repair(line, {}, field=field)
    return text, tuple(kinds)


# --- the choice ------------------------------------------------------------------------------------------------------


def _whole(data: bytes, names: tuple[str, ...], ledger: Ledger) -> Decoded:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], name, names, ledger)
    if (wide := _wide(data, names)) is not None:
        return wide
    if data.isascii():
        chosen = "utf-8" if not names or "utf-8" in names else names[0]
        return Decoded(data.decode("ascii"), chosen, 1.0, ("bytes of ASCII only",))
    if not names or "utf-8" in names:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return Decoded(text, "utf-8", 0.99, ("valid UTF-8, with characters beyond ASCII",))
    return _scored(data, names, ledger)


def _marked(data: bytes, name: str, names: tuple[str, ...], ledger: Ledger) -> Decoded:
    why = f"a byte order mark of {name.upper()}"
    if name == "utf-8":
        try:
            return Decoded(data.decode("utf-8"), name, 1.0, (why,))
        except UnicodeDecodeError:
            mixed = _scored(data, names, ledger)
            return Decoded(mixed.text, name, 0.7, (why, "not valid UTF-8 throughout", *mixed.evidence), ())
    return _sixteen(data, name, 1.0, why)


def _wide(data: bytes, names: tuple[str, ...]) -> Decoded | None:
    """UTF-16 without a mark: every other byte of French text is zero."""
    wanted = [name for name in names if name.startswith("utf-16")]
    if names and not wanted:
        return None
    if len(names) == 1:
        return _sixteen(data, names[0], 0.9, "the only encoding told")
    head = data[:_SAMPLE]
    if len(head) < 4 or b"\0" not in head:
        return None
    half = len(head) // 2
    for name, zeros, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if zeros.count(0) > 0.7 * half and others.count(0) < 0.1 * half:
            return _sixteen(data, name, 0.95, "every other byte is zero, as in French text of 16 bits a character")
    return None


def _sixteen(data: bytes, name: str, confidence: float, why: str) -> Decoded:
    text = data.decode(name, "replace")
    if "\ufffd" in text:
        return Decoded(text, name, confidence * 0.8, (why, "some units of 16 bits are no character"))
    return Decoded(text, name, confidence, (why,))


def _scored(data: bytes, names: tuple[str, ...], ledger: Ledger) -> Decoded:
    """The single-byte encoding under which the words look most French, line by line where lines differ."""
    choice = _choice.choose(data, tuple(name for name in names if name in _choice.SINGLE))
    if choice.rivals:
        ledger.note("ambiguous-encoding", choice.rival_lines(data), repaired=False)
    if not choice.outliers and not choice.holds_utf8:
        return Decoded(read(data, choice.name), choice.name, choice.confidence, choice.evidence)
    text, others, name = _choice.read_lines(data, choice, utf8=not names or "utf-8" in names)
    if others:
        ledger.note("mixed-encodings", others, repaired=True)
        why = f"{len(others)} lines are in another encoding than most"
        return Decoded(text, name, min(choice.confidence, 0.8), (*choice.evidence, why))
    return Decoded(text, name, choice.confidence, choice.evidence)


# --- repairs ---------------------------------------------------------------------------------------------------------


def _repaired(text: str, ledger: Ledger) -> str:
    """The text with each line repaired; what has no trace of damage is passed over."""
    _note_lost_letters(text, ledger)
    memo: _repairs.Memo = {}
    parts: list[str] = []
    done, number, counted = 0, 1, 0
    while (place := _repairs.next_trace(text, done)) >= 0:
        start = max(text.rfind("\n", done, place), text.rfind("\r", done, place), done - 1) + 1
        end = line_end(text, place)
        number, counted = number + ends_between(text, counted, start), start
        line, kinds = _repairs.repair(text[start:end], memo)
        ledger.see(number, kinds)
        parts += (text[done:start], line)
        done = end
    return "".join(parts) + text[done:] if parts else text


def _note_lost_letters(text: str, ledger: Ledger) -> None:
    """Report the words that lack their accented letters; they stay as they are."""
    if lost := _repairs.lost_words(text):
        lines = enumerate(lines_of(text), 1)
        where = [number for number, (line, _) in lines if not lost.isdisjoint(_repairs.words_of(line))]
        ledger.note("lossy", where, repaired=False)
    number, counted = 1, 0
    for place in _repairs.lost_to_commas(text):
        number, counted = number + ends_between(text, counted, place), place
        ledger.note("lossy", (number,), repaired=False)
