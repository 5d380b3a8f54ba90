"""French medical wording, made comparable: pure functions, each idempotent.

``fold`` makes texts comparable character by character (case, accents, ligatures, mojibake); ``split_words`` cuts a
folded text into words, joins dotted acronyms, reads Roman numerals and number words; ``stem`` takes number and gender
off a word.
"""

from __future__ import annotations

import html
import re
import unicodedata

_SPECIAL = str.maketrans(
    {
        "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l",
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
        "α": " alpha ", "β": " beta ", "γ": " gamma ", "δ": " delta ", "κ": " kappa ", "λ": " lambda ",
        "µ": "u", "μ": "u", "\u00ad": "", "\u200b": "", "\ufeff": "", "†": " ",
    }
)  # fmt: skip
_MOJIBAKE = re.compile(r"[ÃÂâ][\x80-\xbf\u0152-\u2122]|Ã|\ufffd")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);")
_BLANK = re.compile(r"\s+")
_COMBINING = re.compile(r"[\u0300-\u036f]+")
_DOTTED = re.compile(r"(?<![a-z0-9])(?:[a-z0-9]\.){2,}(?:[a-z0-9](?![a-z0-9]))?")
_SLASHED = re.compile(r"(?<![a-z0-9/])[a-z](?:/[a-z]){2,}(?![a-z0-9/])")
_ELISION = re.compile(r"(?<![a-z0-9])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=[a-z0-9])")
_WORD = re.compile(r"[a-z][a-z0-9]*|\d+(?:[.,]\d+)?|%")
_ORDINAL = re.compile(r"(?<![a-z0-9])(\d{1,2})(?:ers?|eres?|res?|nde?s?|emes?|es?)(?![a-z0-9])")
_NUMERAL_HEADS = frozenset(
    "type types stade stades grade grades groupe groupes facteur facteurs classe classes degre niveau phase "
    "categorie diabete nerf nerfs paire paires killip nyha fitzpatrick gold child kdigo tanner".split()
)
_ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
    "xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15",
}  # fmt: skip
_SAFE_ROMAN = frozenset({"ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii", "xiii", "xiv"})
_NUMBER_WORDS = {
    "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6", "sept": "7", "huit": "8", "neuf": "9",
    "dix": "10",
    "premier": "1", "premiere": "1", "premiers": "1", "premieres": "1", "deuxieme": "2", "second": "2", "seconde": "2",
    "troisieme": "3", "quatrieme": "4", "cinquieme": "5", "sixieme": "6", "septieme": "7", "huitieme": "8",
}  # fmt: skip
_NUMBERS = _NUMBER_WORDS | {numeral: _ROMAN[numeral] for numeral in _SAFE_ROMAN}
STOP_WORDS = frozenset(
    "a au aux avec av ce ces cet cette chez d dans de des dont ds du elle en entre est et etre eu il ils l la le "
    "les leur leurs lors ne ou par pendant pour pr qu que qui sa se ses son sont sous sur un une vers the of and "
    "in with to due dus dues lie liee lies liees tout toute tous toutes".split()
)
"""Words that carry no clinical meaning in a label. ``sans``, ``non``, ``pas`` and ``ni`` are not among them."""


def repair(text: str) -> str:
    """Undo what damaged encodings and half-converted HTML leave in a label; other text comes back as it is."""
    if _MOJIBAKE.search(text):
        import ftfy  # noqa: PLC0415 - slow to import, and hardly any text is damaged

        text = ftfy.fix_text(text)
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    return text


def fold(text: str) -> str:
    """Lower-case without accents, ligatures or typographic marks, blanks made single; folding twice changes nothing."""
    while (folded := _fold_once(text)) != text:
        if folded.isascii() and "&" not in folded:
            # Nothing is left that a second look would change.
            return folded
        text = folded
    return text


def _fold_once(text: str) -> str:
    if not text.isascii():
        text = repair(text).translate(_SPECIAL)
        if not text.isascii():
            text = _COMBINING.sub("", unicodedata.normalize("NFKD", text)).translate(_SPECIAL)
    elif "&" in text:
        text = repair(text)
    text = text.lower()
    if not text.isascii():
        # Some letters only decompose once in lower case (İ).
        text = _COMBINING.sub("", unicodedata.normalize("NFKD", text))
    return _BLANK.sub(" ", text).strip()


def split_words(folded: str) -> list[str]:
    """Cut a folded text into words: acronyms joined (``h.t.a.``), elisions dropped, numbers as digits."""
    if "." in folded:
        folded = _DOTTED.sub(lambda found: " " + found[0].replace(".", "") + " ", folded)
    if "/" in folded:
        folded = _SLASHED.sub(lambda found: found[0].replace("/", ""), folded)
    if "'" in folded:
        folded = _ELISION.sub(" ", folded)
    words = _WORD.findall(_ORDINAL.sub(r"\1", folded))
    for place, word in enumerate(words):
        number = _NUMBERS.get(word)
        if number:
            words[place] = number
        elif word in _ROMAN and place and words[place - 1] in _NUMERAL_HEADS:
            words[place] = _ROMAN[word]
    return words


def stem(word: str) -> str:
    """Take plural and feminine endings off a folded word, lightly: ``rénales`` and ``rénal`` meet, roots stay apart."""
    if len(word) < 4 or not word.isalpha():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word[-1] in "sx" and (word[-2:] not in _KEPT_ENDINGS or word.endswith("gus")):
        word = word[:-1]
    return _IRREGULAR.get(word) or _masculine(word)


def _masculine(word: str) -> str:
    size = len(word)
    if word.endswith("aux") or (word.endswith("au") and size > 4 and not word.endswith("eau")):
        return word[: word.rindex("au")] + "al"
    if size > 5:
        for ending, root in _FEMININE:
            if word.endswith(ending):
                return word[: -len(ending)] + root
    if size > 4 and word[-1] == "e" and word[-2] not in "aeiou":
        return _undouble(word[:-1])
    return word


_KEPT_ENDINGS = frozenset({"ss", "is", "us", "os", "as"})
_FEMININE = (
    ("euse", "eu"), ("euses", "eu"), ("eux", "eu"), ("ive", "if"), ("elle", "el"), ("enne", "en"), ("trice", "teur"),
    ("iere", "ier"), ("ee", ""), ("gue", "gu"),
)  # fmt: skip
_IRREGULAR = {
    "maligne": "malin", "malignes": "malin", "benigne": "benin", "benignes": "benin", "aigue": "aigu", "aigues": "aigu",
    "yeux": "oeil", "sans": "sans", "abces": "abces", "acces": "acces", "proces": "proces", "corps": "corps",
    "pouls": "pouls", "temps": "temps", "pieds": "pied", "exces": "exces",
}  # fmt: skip


def _undouble(word: str) -> str:
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] and word[-1] in "lnt" else word
