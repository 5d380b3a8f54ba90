"""Held-out drug labels: names of specialities, the same as pharmacies abbreviate them, bare names with misspellings.

The abbreviations are the conventions of pharmacy software; nothing here comes from a list of labels.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from semantix.terminology.drugs import DrugLabel
from semantix.terminology.text import fold

__all__ = ["abbreviated", "free_text", "misspelt"]

_FORMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("comprime pellicule", ("cpr pell", "cp pell", "cpr", "cp")),
    ("comprime secable", ("cpr sec", "cp sec", "cpr", "cp")),
    ("comprime effervescent", ("cpr eff", "cp eff", "eff")),
    ("comprime orodispersible", ("cpr orodisp", "cp oro", "orodisp")),
    ("comprime gastro-resistant", ("cpr gastror", "cp gr", "cpr")),
    ("comprime", ("cpr", "cp", "comp", "cpr")),
    ("gelule", ("gelu", "gel", "gelule", "gélules")),
    ("capsule", ("caps", "capsule")),
    ("collyre", ("colly", "collyre", "coll")),
    ("suppositoire", ("suppo", "supp")),
    ("solution buvable", ("sol buv", "buv")),
    ("suspension buvable", ("susp buv",)),
    ("poudre pour suspension buvable", ("pdre susp buv", "susp buv")),
    ("solution injectable", ("inj", "sol inj", "inj amp", "inj fl")),
    ("solution pour perfusion", ("perf", "inj poche", "sol perf")),
    ("a diluer pour perfusion", ("perf", "inj fl")),
    ("pour solution injectable", ("pdre inj", "inj fl", "inj")),
    ("suspension injectable", ("susp inj", "inj ser")),
    ("sachet", ("sach", "sachet", "pdre sach")),
    ("creme", ("creme", "cr", "cr derm")),
    ("pommade", ("pom", "pde")),
    ("dispositif transdermique", ("patch", "disp transd")),
    ("sirop", ("sirop", "sir")),
    ("pour inhalation", ("inhal", "pdre inh", "aerosol")),
    ("pulverisation nasale", ("spray nasal", "pulv nas")),
    ("ovule", ("ovule", "ov")),
    ("gel", ("gel", "gel tube")),
    ("gouttes", ("gttes", "gtt")),
    ("lotion", ("lotion",)),
)
_UNITS = (
    (re.compile(r" ?microgrammes?"), ("µg", " mcg", " µg")),
    (re.compile(r" ?pour cent", re.IGNORECASE), ("%", " %")),
    (re.compile(r"(\d) (mg|g|ui|ml)\b", re.IGNORECASE), (r"\1\2", r"\1 \2")),
    (re.compile(r"\bU\.I\.", re.IGNORECASE), ("UI",)),
    (re.compile(r"\bL\.P\.", re.IGNORECASE), ("LP",)),
)
_PACKS = ("bte 30", "b/30", "bte de 28", "x 1", "bt 90")
_DOSE = re.compile(r" ?\d[\d ]*(?:[.,]\d+)? ?(?:mg|g|µg|mcg|microgrammes?|ui|ml|%|pour cent)\b.*$", re.IGNORECASE)
_LETTERS = "abcdefghilmnoprstuy"


def abbreviated(name: str, label: DrugLabel, rng: random.Random) -> str:
    """Write a name of the register as pharmacies do: short forms, glued doses, no maker, sometimes a truncated word."""
    head, _, tail = name.partition(", ")
    for maker in label.makers if rng.random() < 0.6 else ():
        head = re.sub(rf"\s+{re.escape(maker)}\b", "", head, flags=re.IGNORECASE)
    for pattern, ways in _UNITS:
        head = pattern.sub(rng.choice(ways), head)
    if rng.random() < 0.12:
        head = _DOSE.sub("", head) or head
    form = _short_form(tail, rng)
    written = _placed(head, form, rng)
    if rng.random() < 0.15:
        written = f"{written} {rng.choice(_PACKS)}"
    if rng.random() < 0.1:
        written = _truncated(written, rng)
    if rng.random() < 0.1:
        written = misspelt(written, rng)
    return written.upper() if rng.random() < 0.7 else written.lower()


def free_text(label: DrugLabel, substances: Sequence[str], rng: random.Random) -> str:
    """Write the brand or the substance alone, every other time with a misspelling."""
    words = " ".join(label.words)
    if len(substances) == 1 and rng.random() < 0.5:
        words = substances[0]
    if rng.random() < 0.5:
        words = misspelt(words, rng)
    return words.capitalize() if rng.random() < 0.5 else words


def misspelt(text: str, rng: random.Random) -> str:
    """Misspell one of the longest words: a letter dropped, doubled, changed or swapped."""
    words = [word for word in re.findall(r"[^\W\d]+", text) if len(word) >= 5]
    if not words:
        return text
    word = max(words, key=len) if rng.random() < 0.5 else rng.choice(words)
    at = rng.randrange(1, len(word) - 1)
    changed = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + rng.choice(_LETTERS) + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )[rng.randrange(4)]
    return text.replace(word, changed, 1)


def _short_form(tail: str, rng: random.Random) -> str:
    folded = fold(tail)
    if rng.random() < 0.15:
        return ""
    for form, ways in _FORMS:
        if form in folded:
            return rng.choice(ways)
    return folded if rng.random() < 0.5 else ""


def _placed(head: str, form: str, rng: random.Random) -> str:
    found = re.search(r"\d", head)
    if found and found.start() > 2 and rng.random() < 0.3:
        return f"{head[: found.start()].strip()} {form} {head[found.start() :]}".strip()
    return f"{head.strip()} {form}".strip()


def _truncated(text: str, rng: random.Random) -> str:
    long = [word for word in re.findall(r"[^\W\d]+", text) if len(word) >= 9]
    if not long:
        return text
    word = rng.choice(long)
    return text.replace(word, word[: rng.randrange(6, 9)], 1)
