"""Damage inside a line that has only one reading, undone and named; damage that has several, named only."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from semantix.text._charsets import BYTES, SINGLE, read, unread
from semantix.text._charsets import TABLES as READ
from semantix.text._french import LOST, WORDS, is_known, is_odd, score

ENTITIES, RTF, DOUBLE, TABLES, ISO646, LOSSY = "html-entities", "rtf", "double", "other-charset", "iso646", "lossy"
GOOD, MARGIN = 2.0, 1.5

Memo = dict[str, tuple[str, str]]
"""What was decided for a word: its text and the kind of damage, which begins with ``?`` when nothing was changed."""

_ACCENTS = "acute|grave|circ|uml|tilde|cedil|lig|ring"
_ENTITY = re.compile(
    rf"&(?:#[0-9]{{1,7}};|#[xX][0-9a-fA-F]{{1,6}};|[a-zA-Z][a-zA-Z0-9]{{1,8}};|[a-zA-Z]{{1,2}}(?:{_ACCENTS});?)"
)
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_STRUCTURE = frozenset('"|;^~\\,\t')
"""Signs that part fields: an entity that gives one stays as it is in a line, and is read in a field."""

_RTF_UNICODE = re.compile(r"\\uc[0-9] ?|\\u(-?[0-9]{1,5})[ ?]?")
_RTF_WORD = re.compile(r"(?:[A-Za-z]|\\'[0-9a-fA-F]{2})*\\'[0-9a-fA-F]{2}[A-Za-z]*")
_RTF_BYTE = re.compile(r"\\'([0-9a-fA-F]{2})")
_RTF_PARAGRAPH = re.compile(r"\\pard?(?=\s*$|\\)")
_RTF = re.compile(r"\\'[0-9a-fA-F]{2}|\\uc?[0-9-]|\\pard?\s*$")

_WORD = re.compile(r"[A-Za-z\u0080-\U0010ffff]+")
_EDGES = "«»“”‘’…–—•\u00a0\u202f"
_CLEAN = "éèàêçôîûâùëïöüœæÿÉÈÀÊÇÔÎÛÂÙËÏŒÆŸ°µμ²³«»’…–—•\u00a0\u202f€±≤≥½¼¾·"
_SUSPECT = re.compile(
    f"[^\\x00-\\x7f{_CLEAN}]|[a-zß-öø-ÿ][À-ÖØ-Þ]|[A-Za-z][²³°…–—•][a-z]|[A-ZÀ-Ü][À-ÖØ-Þ][a-z]|[Â√├][^A-Za-z]"
)

_ISO646 = str.maketrans("@\\{}", "àçéè")
_ISO646_WORD = re.compile(r"(?<![^\s\"'|;:,.()\-])[A-Za-z@\\{}]{3,40}(?![^\s\"'|;:,.()\-])")
_ISO646_ALONE = re.compile(r"(?<=[A-Za-z{}] )@(?= [A-Za-z{}]+(?![A-Za-z@]*\.[a-z]))")

_TRACES = re.compile(r"\ufffd|(?<=[a-z])\?(?=[a-z]{2})|(?<=[a-z][a-z]),(?=[a-z]{2})")
_PARTED = re.compile(r"([A-Za-z]+)[,?\ufffd]([A-Za-z]+)")

_PLAIN_WORD = re.compile(r"[^\W\d_]+")
_COMMA = re.compile(r",[a-z]{2}")

TRIGGER = re.compile("[&<\\\\?@{}\ufffd]|[^\\x00-\\x7féèàêçôîûâùëïöüœæÿµ«»’\u00a0€]")
"""One sign of any damage that :func:`repair` undoes or names, but for commas and deleted letters."""

_CAPITALS = frozenset("ÀÂÇÉÈÊËÎÏÔÙÛÜŒÆŸ")
_MARKS = frozenset("°²³–—…•")


def next_trace(text: str, start: int) -> int:
    """Where the next sign of damage stands, or -1. Capitals with accents and marks in their usual places are none."""
    while (found := TRIGGER.search(text, start)) is not None:
        place = found.start()
        char, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
        plain = before.isascii() or before in _CAPITALS
        if char in _CAPITALS:
            usual = plain and not before.islower() and not after.islower() and (after.isascii() or after in _CAPITALS)
        else:
            usual = char in _MARKS and plain and after.isascii() and not after.islower()
        if not usual:
            return place
        start = place + 1
    return -1


def is_suspect(text: str) -> bool:
    """Whether the signs beyond ASCII of a text are worth a second look."""
    return _SUSPECT.search(text) is not None


def repair(line: str, memo: Memo, *, field: bool = False) -> tuple[str, list[str]]:
    """Undo what has one reading; name it all, what was left with a leading ``?``."""
    found: list[str] = []
    if "\\" in line and _RTF.search(line):
        line = _unescaped(line, found)
    if "&" in line or "<" in line:
        line = _without_entities(line, field, found)
    if not line.isascii():
        line = _rejoined(line, found)
        if is_suspect(line):
            line = _WORD.sub(_reader(memo, found), line)
    elif "{" in line or "}" in line or "@" in line or "\\" in line:
        line = _from_iso646(line, found)
    if _TRACES.search(line) and _is_lossy(line):
        found.append("?" + LOSSY)
    return line, list(dict.fromkeys(found))


# --- RTF -------------------------------------------------------------------------------------------------------------


def _unescaped(line: str, found: list[str]) -> str:
    charsets = ("mac-roman",) if "\\uc0" in line else ("cp1252", "mac-roman", "cp850")
    plain = _RTF_PARAGRAPH.sub("", _RTF_UNICODE.sub(_rtf_unicode, line))
    plain = _RTF_WORD.sub(lambda word: _rtf_word(word[0], charsets), plain)
    if plain != line:
        found.append(RTF)
    if _RTF_BYTE.search(plain):
        found.append("?" + RTF)
    return plain


def _rtf_unicode(found: re.Match[str]) -> str:
    if found[1] is None:
        return ""
    number = int(found[1]) & 0xFFFF
    return found[0] if number < 0xA0 or 0xD800 <= number < 0xE000 else chr(number)


def _rtf_word(word: str, charsets: tuple[str, ...]) -> str:
    """The word with its escaped bytes read in the character set that makes it French, when only one does."""
    if any(int(byte, 16) < 0x80 for byte in _RTF_BYTE.findall(word)):
        return word

    def under(charset: str) -> str:
        return _RTF_BYTE.sub(lambda byte: read(bytes([int(byte[1], 16)]), charset), word)

    readings = {text: score(text) for text in map(under, charsets)}
    return _best(readings, -1.0 if len(charsets) == 1 else 0.5) or word


def _best(readings: dict[str, float], least: float) -> str | None:
    """The reading that is better than all the others by far."""
    ordered = sorted(readings.items(), key=lambda item: -item[1])
    if not ordered or ordered[0][1] < least or (len(ordered) > 1 and ordered[0][1] - ordered[1][1] < MARGIN):
        return None
    return ordered[0][0]


# --- HTML ------------------------------------------------------------------------------------------------------------


def _without_entities(line: str, field: bool, found: list[str]) -> str:
    plain = _BREAK.sub("\n" if field else " ", line)
    for _ in range(2):
        plain = _ENTITY.sub(lambda entity: _entity(entity[0], field), plain)
    if plain != line:
        found.append(ENTITIES)
    return plain


def _entity(entity: str, field: bool) -> str:
    char = html.unescape(entity if entity[-1] == ";" else entity + ";")
    if (
        len(char) != 1
        or (not field and char in _STRUCTURE)
        or char < " "
        or "\x7f" <= char < "\xa0"
        or char == "\ufffd"
    ):
        return entity
    return char


# --- UTF-8 read under another encoding -------------------------------------------------------------------------------

_JOINED = frozenset(
    "".join(chr(point) for point in range(0x80, 0x100))
    + "".join(chr(point) for point in range(0x3B1, 0x3CA))
    + "čćłńśżęąőűğışţ≠≈−→\u202f\u200b\ufeff"
    + "".join(char for table in READ.values() for char in table if char > "\xff")
)
"""What a UTF-8 sequence may have been: letters and signs of French text, or what damage makes of them."""


def _sequences(table: str) -> tuple[re.Pattern[str], frozenset[str]]:
    """What UTF-8 sequences become under a single-byte table."""
    signs = BYTES[table]

    def among(low: int, high: int) -> str:
        return "[" + "".join(re.escape(char) for char, byte in signs.items() if low <= byte <= high) + "]"

    rest = among(0x80, 0xBF)
    pattern = re.compile(f"{among(0xC2, 0xDF)}{rest}|{among(0xE0, 0xEF)}{rest}{rest}")
    return pattern, frozenset(char for char, byte in signs.items() if 0xC2 <= byte <= 0xEF)


_MISREAD = {name: _sequences(name) for name in ("cp1252", "mac-roman", "cp850")}
_LOST_SPACE = re.compile(r"(?<![^\sA-Za-z'’(])Ã  ?(?=[^\s]|$)")


def _rejoined(line: str, found: list[str]) -> str:
    """UTF-8 that was read under a single-byte encoding, once or several times."""
    plain = line
    for _ in range(4):
        before = plain
        for name, (pattern, leads) in _MISREAD.items():
            if not leads.isdisjoint(plain):
                plain = pattern.sub(lambda seen, name=name: _joined(seen[0], name), plain)  # type: ignore[misc]
        if plain == before:
            break
    plain = _LOST_SPACE.sub("à ", plain) if "Ã" in plain else plain
    if plain != line:
        found.append(DOUBLE)
    return plain


def _joined(seen: str, table: str) -> str:
    data = unread(seen, table)
    try:
        char = data.decode("utf-8") if data else seen
    except UnicodeDecodeError:
        return seen
    return char if char in _JOINED else seen


# --- words read under another single-byte encoding -------------------------------------------------------------------


def _reader(memo: Memo, found: list[str]) -> Callable[[re.Match[str]], str]:
    def reread(word: re.Match[str]) -> str:
        if word[0].isascii():
            return word[0]
        if (known := memo.get(word[0])) is None:
            known = memo[word[0]] = _reread(word[0])
        if known[1]:
            found.append(known[1])
        return known[0]

    return reread


def _reread(word: str) -> tuple[str, str]:
    better, kind = _under_others(word)
    if kind:
        return better, kind
    trimmed = word.strip(_EDGES)
    if trimmed in (word, ""):
        return word, ""
    better, kind = _under_others(trimmed)
    return word.replace(trimmed, better, 1), kind


def _under_others(word: str) -> tuple[str, str]:
    """A word that is no French as it is and is in one other encoding only."""
    now = score(word)
    if now >= 0.5 or not any("A" <= char <= "z" for char in word) or len(word) > 40:
        return word, ""
    odd = is_odd(word)
    readings: dict[str, float] = {}
    for wrong in ("cp1252", "mac-roman", "cp850"):
        data = unread(word, wrong)
        for right in SINGLE if data else ():
            text = read(data or b"", right)
            value = score(text)
            if text != word and value >= GOOD and value - now >= 3 and (is_known(text) or (odd and not is_odd(text))):
                readings[text] = value
    best = _best(readings, GOOD)
    if best is not None:
        return best, TABLES
    return word, "?" + TABLES if readings else ""


# --- ISO 646 ---------------------------------------------------------------------------------------------------------


def _from_iso646(line: str, found: list[str]) -> str:
    """French 7-bit letters (NF Z 62-010) under the signs of ASCII, where a French word needs them and nowhere else."""
    plain = _ISO646_WORD.sub(_iso646_word, line)
    plain = _ISO646_ALONE.sub("à", plain)
    if plain != line:
        found.append(ISO646)
    return plain


def _iso646_word(word: re.Match[str]) -> str:
    text = word[0].translate(_ISO646)
    if text == word[0]:
        return text
    if is_known(text):
        return text
    return text if len(text) >= 5 and "\\" not in word[0] and score(text) >= 3.0 else word[0]


# --- what is lost ----------------------------------------------------------------------------------------------------


def _is_lossy(line: str) -> bool:
    """Whether a sign stands where a letter was."""
    if "\ufffd" in line:
        return True
    if any(_is_parted(left, right) for left, right in _PARTED.findall(line)):
        return True
    return "://" not in line and re.search(r"[a-z]\?[a-z]{2}", line) is not None


def _is_parted(left: str, right: str) -> bool:
    """Whether an accented letter between the two makes a word of the list."""
    return any(f"{left}{letter}{right}".lower() in WORDS for letter in "éèêàâçôîûùëï")


def lost_words(text: str) -> frozenset[str]:
    """The words of a text, as written, that are French words with their accented letters deleted."""
    found: set[str] = set()
    for start in range(0, len(text), 1 << 20):
        words = set(_PLAIN_WORD.findall(text, start, start + (1 << 20)))
        found.update(word for word in words if word.lower() in LOST and not word.isupper())
    return frozenset(found)


def words_of(line: str) -> list[str]:
    """The words of a line, in letters of any kind."""
    return _PLAIN_WORD.findall(line)


def lost_to_commas(text: str) -> Iterator[int]:
    """Where a comma stands for the accented letter of a French word (``Cholest,rol``)."""
    for found in _COMMA.finditer(text):
        start = found.start()
        around = text[max(0, start - 20) : start + 21]
        place = min(start, 20)
        left, right = _PLAIN_WORD.findall(around[:place])[-1:], _PLAIN_WORD.match(around, place + 1)
        if left and right and around[:place].endswith(left[0]) and _is_parted(left[0], right[0]):
            yield start
