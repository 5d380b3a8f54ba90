"""What the terminology benchmark measures on: releases of ``../shared``, stores, matchers, and their queries."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from term_keeping import MAPPINGS, RELEASES, SHARED, Setting, files, made

from semantix.terminology.building import Wishes, import_source
from semantix.terminology.lexicon import Lexicon
from semantix.terminology.matching.learning import Target, learn_wording
from semantix.terminology.matching.wording import WordingMatcher
from semantix.terminology.releases import Hints
from semantix.terminology.serving import Ground, target_of
from semantix.terminology.source import Source
from semantix.terminology.store import Store
from semantix.terminology.tables import Tables
from semantix.terminology.text import fold

SEED = 20_210
ASKED = ("cim10", "atc", "bdpm", "ccam", "loinc")
"""The releases whose import has a goal."""
STORES = {"full": tuple(RELEASES), "index": ("cim10", "index")}
PLACES = frozenset("VWXY")
"""First letters of CIM-10 chapter XX, of whose 27,000 codes most differ by a place or an activity only."""
QUICK_CIM10, QUICK_CCAM, QUICK_EVERY = frozenset("EIX"), frozenset("DH"), "0"
EVERYDAY = 334
"""Queries a target, when memory is measured."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_STRIPES = str.maketrans("àâäçéèêëîïôöùûüÿÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ", "aaaceeeeiioouuuyAAACEEEEIIOOUUUY")


# --- what is kept ----------------------------------------------------------------------------------------------------


def release(setting: Setting, name: str) -> Path:
    """Return the file or folder of a release; a part of it when quick."""
    path = SHARED / RELEASES[name]
    if not setting.quick:
        return path

    def write(folder: Path) -> None:
        copy = folder / path.name
        if path.is_dir():
            copy.mkdir()
        for each in files(path):
            lines = each.read_bytes().splitlines(keepends=True)
            kept = [line for place, line in enumerate(lines) if _is_kept(name, each.name, place, line)]
            (copy / each.name if path.is_dir() else copy).write_bytes(b"".join(kept))

    return made(setting.home / f"part-{name}", write) / path.name


def _is_kept(name: str, file: str, place: int, line: bytes) -> bool:
    text = line.decode("latin-1")
    cells = text.split("\t")
    if name == "cim10":
        return text[0] in QUICK_CIM10
    if name in {"index", "inclusions"}:
        return place == 0 or cells[1][:1] in QUICK_CIM10
    if name == "ccam":
        return place == 0 or text[0] in QUICK_CCAM
    if name == "bdpm":
        return cells[2 if file.startswith("CIS_GENER") else 0].endswith(QUICK_EVERY)
    return True


def store(setting: Setting, name: str) -> Path:
    """Return a store of STORES, imported when it is not there."""
    return made(setting.home / f"store-{name}", lambda folder: fill(setting, folder, STORES[name]))


def fill(setting: Setting, folder: Path, names: Sequence[str]) -> tuple[int, int]:
    """Import releases into a store; return how many concepts and terms they have."""
    concepts = terms = 0
    for name in names:
        report = import_source(Source(release(setting, name)), folder, Wishes(hints=Hints(version="1")))
        for each in report.imported:
            total = each.manifest.total()
            concepts, terms = concepts + total.concepts, terms + total.terms
    return concepts, terms


def bare_mappings(setting: Setting) -> Path:
    """Return a ``mappings`` folder with the lexicon of semantix and no curated table."""

    def write(folder: Path) -> None:
        shutil.copytree(MAPPINGS / "lexicon", folder / "lexicon")
        (folder / "tables").mkdir()

    return made(setting.home / "mappings", write)


def labels_of(setting: Setting, system: str) -> Target:
    """Return a target named by its long labels alone, with its official short labels; no curated wording."""
    mappings = bare_mappings(setting)
    with Store.open(store(setting, "full")) as opened:
        target = target_of(Ground(opened, Tables.load(mappings / "tables"), mappings), system)
    names = tuple(name for name in target.names if name[2] == "preferred")
    return Target(target.codes, names, target.shorts, target.family, target.flags, target.residual)


def matcher(setting: Setting, name: str, target: Target) -> WordingMatcher:
    """Return the matcher learned from a target, kept under a name."""
    hand = Lexicon.load(bare_mappings(setting) / "lexicon")
    folder = made(setting.home / f"matcher-{name}", lambda work: learn_wording(target, hand).save(work))
    return WordingMatcher.load(folder, hand)


# --- queries ---------------------------------------------------------------------------------------------------------


class Pair(Struct, frozen=True):
    """A text and the code that it means."""

    text: str
    code: str


def halves(target: Target, width: int) -> tuple[Target, tuple[Pair, ...]]:
    """Return the target taught by the short labels of half of its families, and the short labels of the other half.

    Families (the first ``width`` characters of a code) are not divided: sister codes are abbreviated alike.
    """
    families = sorted({code[:width] for code in target.codes})
    random.Random(SEED).shuffle(families)
    taught = frozenset(families[: len(families) // 2])
    known = tuple(short for short in target.shorts if target.codes[short[0]][:width] in taught)
    asked = tuple(
        Pair(text, code) for place, text in target.shorts if (code := target.codes[place])[:width] not in taught
    )
    return Target(target.codes, target.names, known, target.family, target.flags, target.residual), asked


def drawn(pairs: Sequence[Pair], size: int, seed: int = SEED) -> tuple[Pair, ...]:
    """Draw some pairs, in their order."""
    if len(pairs) <= size:
        return tuple(pairs)
    return tuple(pairs[place] for place in sorted(random.Random(seed).sample(range(len(pairs)), size)))


def misspelt(text: str, chance: random.Random) -> str:
    """Drop the accents and make one to three random edits of one letter each; never the same text again.

    An edit replaces, drops or inserts a character, or swaps it with the next, wherever it falls: on a digit too.
    """
    plain = text.translate(_STRIPES)
    edited = plain
    while fold(edited) == fold(plain):
        edited = plain
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(edited))
            kind = chance.choice(("replace", "drop", "insert", "swap"))
            if kind == "replace":
                edited = edited[:at] + chance.choice(LETTERS) + edited[at + 1 :]
            elif kind == "drop" and len(edited) > 1:
                edited = edited[:at] + edited[at + 1 :]
            elif kind == "insert":
                edited = edited[:at] + chance.choice(LETTERS) + edited[at:]
            elif kind == "swap" and at + 1 < len(edited):
                edited = edited[:at] + edited[at + 1] + edited[at] + edited[at + 2 :]
    return edited


def with_typos(pairs: Sequence[Pair], size: int, seed: int = SEED) -> tuple[Pair, ...]:
    """Draw pairs and misspell their texts."""
    chance = random.Random(seed)
    return tuple(Pair(misspelt(pair.text, chance), pair.code) for pair in drawn(pairs, size, seed))


def labels(target: Target) -> tuple[Pair, ...]:
    """The labels of a target with their codes."""
    return tuple(Pair(text, target.codes[place]) for place, text, _ in target.names)


def pairs_of(name: str, code_column: str, text_column: str = "label_fr") -> list[dict[str, str]]:
    """Read a file of ``mapping-pairs``; each row has ``text`` and ``code`` besides its own columns."""
    with (SHARED / "mapping-pairs" / name).open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [{**row, "text": row[text_column], "code": row[code_column]} for row in rows]


def everyday(setting: Setting) -> dict[str, list[str]]:
    """Return about a thousand queries for three targets: diagnoses, medicines, laboratory acts."""
    asked = {
        "cim10": ("dx_thesam_lowquality.tsv", "cim10"),
        "atc": ("drug_bdpm_denomination_to_atc.tsv", "atc"),
        "loinc": ("lab_nabm_label_to_loinc_set.tsv", "nabm"),
    }
    found: dict[str, list[str]] = {}
    for target, (name, column) in asked.items():
        pairs = [Pair(row["text"], row["code"]) for row in pairs_of(name, column)]
        found[target] = [pair.text for pair in drawn(pairs, setting.sample(EVERYDAY))]
    return found
