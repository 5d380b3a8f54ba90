"""How well French dosage texts are read, on ``benchmarks/data/posology.tsv``.

``python benchmarks/posology.py`` prints, for the half that the reader was written with (``dev``) and the half it never
saw (``held-out``): texts read exactly, texts rightly and wrongly left as text, wrong readings, precision and recall of
each part, and texts a second. ``--show dev`` prints the differences of that half.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from semantix.text.posology import Amount, Posology, Span, Step, read_posology

TABLE = Path(__file__).resolve().parent / "data" / "posology.tsv"
ABSTAIN = "ABSTAIN"

Row = tuple[str, str, str]


def rows() -> list[Row]:
    """Half, text and expected reading of each line."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return [
            (r["half"], r["text"], r["reading"]) for r in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def folded(words: str) -> str:
    """Small letters, no accents, ``_`` for a space."""
    plain = unicodedata.normalize("NFD", words.lower().replace("œ", "oe").replace("µ", "u"))
    return "_".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _amount(one: Amount) -> str:
    return f"{one.low.normalize():f}" + (f"-{one.high.normalize():f}" if one.high is not None else "")


def _span(one: Span) -> str:
    return _amount(one.amount) + one.unit


def parts(step: Step) -> list[str]:
    """The parts of a step as the table writes them."""
    out: list[str] = []
    if step.dose is not None:
        out.append(f"dose={_amount(step.dose)}")
    if step.unit:
        out.append(f"unit={folded(step.unit)}")
    spans = {"per": step.period, "for": step.duration, "gap": step.interval}
    out += [f"{name}={_span(span)}" for name, span in spans.items() if span is not None]
    if step.frequency is not None:
        out.append(f"freq={_amount(step.frequency)}")
    sets = {"when": step.moments, "days": step.days, "at": step.hours}
    out += [f"{name}={'+'.join(sorted(values))}" for name, values in sets.items() if values]
    if step.as_needed:
        out.append(f"prn={folded(step.reason)}" if step.reason else "prn")
    if step.maximum is not None:
        limit = step.maximum
        unit = f"_{folded(limit.unit)}" if limit.unit else ""
        out.append(f"max={limit.value.normalize():f}{unit}/{_span(limit.per)}")
    words = {"route": step.route, "site": step.site}
    out += [f"{name}={folded(value)}" for name, value in words.items() if value]
    numbers = {"seq": step.sequence, "offset": step.offset}
    out += [f"{name}={value}" for name, value in numbers.items() if value is not None]
    return out + [name for name, said in (("total", step.is_total), ("once", step.once)) if said]


def written(reading: Posology) -> list[set[str]]:
    """The parts of each step; what to dispense stands with the first."""
    out = [set(parts(step)) for step in reading.steps]
    if out and reading.supply is not None:
        out[0].add(f"supply={_span(reading.supply)}")
    if out and reading.repeats is not None:
        out[0].add(f"repeats={reading.repeats}")
    return out


def expected(reading: str) -> list[set[str]]:
    """The parts of each step of the table's third column."""
    if reading == ABSTAIN:
        return []
    return [{_sorted(part) for part in step.split()} for step in reading.split("|")]


def _sorted(part: str) -> str:
    name, _, value = part.partition("=")
    return f"{name}={'+'.join(sorted(value.split('+')))}" if name in ("when", "days", "at") else part


def _named(steps: list[set[str]]) -> Counter[tuple[int, str]]:
    return Counter((i, part) for i, step in enumerate(steps) for part in step)


def measure(half: Iterable[Row]) -> tuple[Counter[str], Counter[str], Counter[str], Counter[str], list[str]]:
    """Outcomes; true, found and wanted parts by name; and the differences in words."""
    outcomes: Counter[str] = Counter()
    true: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    different: list[str] = []
    for _, text, reading in half:
        read = read_posology(text)
        got, want = written(read), expected(reading)
        outcomes["texts"] += 1
        outcomes[_outcome(got, want)] += 1
        if got != want:
            different.append(
                f"{text!r}\n  want {reading}\n  got  {[sorted(s) for s in got] or read.reason} {read.span}"
            )
        both = _named(got) & _named(want)
        for tally, names in ((true, both), (found, _named(got)), (wanted, _named(want))):
            tally.update(part.partition("=")[0] for _, part in names.elements())
    return outcomes, true, found, wanted, different


def _outcome(got: list[set[str]], want: list[set[str]]) -> str:
    if not want:
        return "rightly left" if not got else "wrongly read"
    if not got:
        return "wrongly left"
    return "exact" if got == want else "wrongly read"


def _speed(texts: list[str]) -> float:
    started = time.process_time()
    rounds = 5
    for _ in range(rounds):
        for text in texts:
            read_posology(text)
    return rounds * len(texts) / (time.process_time() - started)


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", choices=("dev", "held-out"))
    options = parser.parse_args()
    table = rows()
    for half in ("dev", "held-out"):
        outcomes, true, found, wanted, different = measure([r for r in table if r[0] == half])
        texts = outcomes["texts"]
        right = outcomes["exact"] + outcomes["rightly left"]
        readable = texts - sum(1 for r in table if r[0] == half and r[2] == ABSTAIN)
        print(f"{half}: {texts} texts, {readable} to read, {texts - readable} to leave")
        print(f"  as annotated {right / texts:.1%}; read exactly {outcomes['exact'] / readable:.1%} of those to read")
        left = outcomes["wrongly left"] + outcomes["rightly left"]
        print(f"  left as text {left} ({left / texts:.1%}), wrongly {outcomes['wrongly left']}")
        print(f"  wrong readings {outcomes['wrongly read']} ({outcomes['wrongly read'] / texts:.1%})")
        for name in sorted(wanted.keys() | found.keys()):
            precision = true[name] / found[name] if found[name] else 1.0
            recall = true[name] / wanted[name] if wanted[name] else 1.0
            print(f"  {name:8} {wanted[name]:4}  precision {precision:6.1%}  recall {recall:6.1%}")
        if options.show == half:
            print("\n".join(different))
    print(f"{_speed([r[1] for r in table]):,.0f} texts/s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
