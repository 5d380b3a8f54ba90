"""How well drug labels find their ATC code, measured over ``../shared`` on what the matcher has not seen.

``python benchmarks/drugs.py`` prints, for BDPM names without their own row (``row``: nothing of it is known;
``code``: its name and composition are known, its code is not), for names abbreviated as pharmacies do and for bare
names, and for the terms of another drug list with BDPM and ATC labels alone known: top-1, share answered, coverage at a
precision, and labels a second. ``--fit`` prints the weights of the confidence that these examples give.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from semantix.terminology.drugs import DrugLexicon, load_drug_lexicon, parse_drug
from semantix.terminology.matching.drug_profiles import Ban
from semantix.terminology.matching.drug_reasons import Found, features
from semantix.terminology.matching.drugs import DrugMatcher, Speciality
from semantix.terminology.text import fold

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SEMANTIX_SHARED", ROOT.parent / "shared"))
LABELS = SHARED / "terminologies" / "labels"
PAIRS = SHARED / "mapping-pairs"

Terms = list[tuple[str, str, str, str]]
Outcomes = list[tuple[float, bool]]


def lexicon() -> DrugLexicon:
    """The lexicon of the checkout."""
    folder = ROOT / "mappings" / "lexicon"
    forms, words = (
        (folder / name).read_text(encoding="utf-8").splitlines() for name in ("drug_forms.tsv", "drug_words.tsv")
    )
    return load_drug_lexicon(forms, words)


def register() -> list[Speciality]:
    """The specialities of BDPM, with their compositions and codes."""
    codes: dict[str, set[str]] = {}
    for row in _bdpm("CIS_MITM.txt"):
        codes.setdefault(row[0], set()).add(row[1])
    substances: dict[str, list[str]] = {}
    for row in _bdpm("CIS_COMPO_bdpm.txt"):
        substances.setdefault(row[0], []).append(row[3])
    return [
        Speciality(
            row[0],
            row[1],
            row[2],
            tuple(row[3].split(";")),
            tuple(substances.get(row[0], ())),
            tuple(sorted(codes.get(row[0], ()))),
        )
        for row in _bdpm("CIS_bdpm.txt")
    ]


def _bdpm(name: str) -> list[list[str]]:
    data = (SHARED / "terminologies" / "bdpm" / name).read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return [line.split("\t") for line in text.splitlines() if "\t" in line]


def labels() -> tuple[Terms, Terms]:
    """The labels of ATC, and the terms of a drug list kept apart."""
    official: Terms = []
    with (LABELS / "atc_fr_2011.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter=";"):
            official += [(row[0], row[2], "preferred", "fr"), (row[0], row[1], "synonym", "en")]
    listed = json.loads((LABELS / "edsnlp_drugs_term_to_atc.json").read_text(encoding="utf-8"))
    return official, [(code, text, "synonym", "fr") for code, texts in sorted(listed.items()) for text in texts]


def valid_codes() -> set[str]:
    """The codes in use."""
    return set((SHARED / "terminologies" / "codes" / "ans_valid_codes_atc.txt").read_text(encoding="utf-8").split())


def pairs(name: str) -> list[tuple[str, ...]]:
    """The rows of a file of pairs, without its header."""
    lines = (PAIRS / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines[1:]]


def names_without_row(matcher: DrugMatcher, *, composition_known: bool) -> Outcomes:
    """Rank each name of BDPM without the rows that have its name, and without their codes in any other file."""
    known = matcher.index.known
    by_cis: dict[str, set[int]] = {}
    by_name: dict[str, set[int]] = {}
    for place, one in enumerate(known):
        by_cis.setdefault(one.cis, set()).add(place)
        by_name.setdefault(one.name, set()).add(place)
    rows = pairs("drug_bdpm_denomination_to_atc.tsv")
    hidden: dict[str, set[int]] = {}
    for text, cis, *_ in rows:
        hidden.setdefault(fold(text), set()).update(by_cis.get(cis, ()), by_name.get(fold(text), ()))
    outcomes = []
    for text, _, code, *_ in rows:
        name = fold(text)
        places, texts = frozenset(hidden[name]), frozenset({name})
        ban = Ban(texts=texts, uncoded=places) if composition_known else Ban(places=places, texts=texts)
        outcomes.append(_outcome(matcher, text, {code}, ban))
    return outcomes


def held_out(matcher: DrugMatcher) -> dict[str, Outcomes]:
    """The calibration examples, those whose brand is unknown apart."""
    outcomes: dict[str, Outcomes] = {}
    for kind, text, code, ban in matcher.held_out():
        name = f"{kind}, brand unknown" if len(ban.texts) > 1 else kind
        outcomes.setdefault(name, []).append(_outcome(matcher, text, {code}, ban))
    return outcomes


def listed_terms(matcher: DrugMatcher, valid: set[str]) -> Outcomes:
    """The terms of the drug list whose code is in use; any of a term's codes is right."""
    rows = pairs("drug_edsnlp_terms_to_atc.tsv")
    wanted: dict[str, set[str]] = {}
    for text, code in rows:
        wanted.setdefault(fold(text), set()).add(code)
    return [_outcome(matcher, text, wanted[fold(text)], Ban()) for text, code in rows if code in valid]


def _outcome(matcher: DrugMatcher, text: str, codes: set[str], ban: Ban) -> tuple[float, bool]:
    ranked = matcher.rank_text(text, 1, ban)
    return (ranked[0].confidence, ranked[0].code in codes) if ranked else (0.0, False)


def report(name: str, outcomes: Outcomes) -> str:
    """One line: top-1, share answered, coverage at 95, 98 and 99 % precision."""
    size = len(outcomes)
    right = sum(good for _, good in outcomes) / size
    answered = sum(sure > 0 for sure, _ in outcomes) / size
    at = " ".join(f"{coverage(outcomes, precision):.3f}" for precision in (0.95, 0.98, 0.99))
    return f"{name:32} n {size:5}  top-1 {right:.4f}  answered {answered:.3f}  coverage at .95/.98/.99 {at}"


def coverage(outcomes: Outcomes, precision: float) -> float:
    """The largest share of all labels that is answered with this precision above some confidence."""
    right, best = 0, 0
    ordered = sorted(outcomes, key=lambda outcome: -outcome[0])
    for place, (sure, good) in enumerate(ordered, start=1):
        right += good
        if sure > 0 and right >= precision * place and (place == len(ordered) or ordered[place][0] < sure):
            best = place
    return best / len(outcomes)


def speed(matcher: DrugMatcher, texts: Sequence[str]) -> float:
    """Labels a second of CPU, parsing included, each label once."""
    start = time.process_time()
    for text in texts:
        matcher.rank_text(text, 10)
    return len(texts) / (time.process_time() - start)


def fitted(matchers: Iterable[DrugMatcher]) -> dict[str, float]:
    """The logistic weights of the features of the first code found, over the examples of all matchers."""
    rows: list[list[float]] = []
    right: list[bool] = []
    names: list[str] = []
    for seed, matcher in enumerate(matchers, start=11):
        for _, text, code, ban in matcher.held_out(seed=seed):
            found: Sequence[Found] = matcher.find(text, ban)
            if found:
                told = features(found[0])
                names = list(told)
                rows.append(list(told.values()))
                right.append(found[0].code == code)
    return dict(zip(names, _logistic(np.asarray(rows), np.asarray(right, float)).tolist(), strict=True))


def _logistic(rows: npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    weights = np.zeros(rows.shape[1])
    damping = np.ones(rows.shape[1])
    damping[0] = 1e-6
    for _ in range(60):
        sure = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (sure - right) + damping * weights
        bend = (rows * (sure * (1 - sure))[:, None]).T @ rows + np.diag(damping)
        weights = weights - np.linalg.solve(bend, slope)
    return weights


def main(arguments: Sequence[str]) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--fit", action="store_true", help="print the weights of the confidence")
    options = parser.parse_args(arguments)
    specialities, (official, listed), valid, words = register(), labels(), valid_codes(), lexicon()
    start = time.process_time()
    matcher = DrugMatcher.build(official + listed, specialities, words, valid)
    write = sys.stdout.write
    write(f"build {time.process_time() - start:.1f} s, {len(matcher.index.entries)} names\n")
    bare = DrugMatcher.build(official, specialities, words, valid)
    if options.fit:
        write("".join(f"{name:12} {value:7.2f}\n" for name, value in fitted((matcher, bare)).items()))
        return 0
    write(report("BDPM name, row unknown", names_without_row(matcher, composition_known=False)) + "\n")
    write(report("BDPM name, code unknown", names_without_row(matcher, composition_known=True)) + "\n")
    for name, outcomes in sorted(held_out(matcher).items()):
        write(report(name, outcomes) + "\n")
    write(report("listed terms, BDPM + ATC alone", listed_terms(bare, valid)) + "\n")
    texts = sorted({row[0] for row in pairs("drug_bdpm_denomination_to_atc.tsv")})
    write(f"{speed(matcher, texts):.0f} labels/s; parsing alone {_parsing(texts, words):.0f}/s\n")
    return 0


def _parsing(texts: Sequence[str], words: DrugLexicon) -> float:
    start = time.process_time()
    for text in texts:
        parse_drug(text, words)
    return len(texts) / (time.process_time() - start)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
