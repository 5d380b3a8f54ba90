"""Invented decisions for a large desk: labels of French look, candidates with evidence, several targets and senders.

The same seed gives the same items. Words are put together from syllables, common ones come often (Zipf); no label is
that of a terminology. With codes of a store the candidates are real ones, so that pages read their hierarchy.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path

from semantix.model import Candidate, Context, Decision, Evidence, Outcome, Query
from semantix.terminology.candidates import CandidateLog

SEED = 20
TARGETS: Mapping[str, tuple[str, ...]] = {
    "cim10": ("problem", "history"),
    "ccam": ("procedure",),
    "loinc": ("laboratory", "vital-sign"),
    "atc": ("medication", "allergy"),
}
SENDERS = tuple(f"Cabinet {number:02}" for number in range(1, 25))
WORDS = 1_500
_STARTS = (
    "car",
    "dia",
    "fib",
    "glo",
    "hép",
    "leu",
    "mél",
    "néph",
    "ost",
    "pul",
    "rhi",
    "sté",
    "tra",
    "vés",
    "bra",
    "cor",
)
_MIDDLES = ("do", "gra", "li", "mo", "né", "pa", "ri", "sto", "ta", "vi", "cé", "lo")
_ENDS = ("tion", "ose", "ie", "ite", "ine", "al", "ique", "ase", "ème", "oïde", "eur", "ure")
_COMMON = (
    "dosage",
    "suivi",
    "chronique",
    "aiguë",
    "gauche",
    "droite",
    "sérum",
    "totale",
    "sans",
    "avec",
    "contrôle",
    "examen",
)
_REASON = "below the threshold that guarantees a precision of 0.98"
_UNITS = ("", "g/L", "mmol/L", "UI/L", "%", "mm", "mg")

Codes = Mapping[str, Sequence[tuple[str, str]]]
"""Codes and displays of each target, where a store is at hand."""


def words(number: random.Random) -> list[str]:
    """Make the vocabulary, common words first."""
    found = dict.fromkeys(_COMMON)
    while len(found) < WORDS:
        middle = "".join(number.choice(_MIDDLES) for _ in range(number.randint(0, 2)))
        found[number.choice(_STARTS) + middle + number.choice(_ENDS)] = None
    return list(found)


def vocabulary() -> list[str]:
    """The words of the labels, common ones first: what people search for."""
    return words(random.Random(SEED))


def decisions(count: int, codes: Codes) -> Iterator[tuple[Decision, int]]:
    """Make so many decisions that wait for a person, each with its frequency."""
    number = random.Random(SEED)
    known = words(number)
    weights = list(accumulate(1 / (place + 8) for place in range(len(known))))
    targets = tuple(TARGETS)
    for item in range(count):
        said = list(dict.fromkeys(number.choices(known, cum_weights=weights, k=number.randint(2, 6))))
        target = targets[item % len(targets)]
        is_local = item % 3 == 0
        query = Query(
            text=f"{' '.join(said)} {item}".capitalize(),
            code=f"L{item:06}" if is_local else "",
            system="Logiciel A" if is_local else "",
        )
        section = number.choice(TARGETS[target])
        unit = number.choice(_UNITS) if section in {"laboratory", "vital-sign"} else ""
        candidates = tuple(_candidates(number, known, said, target, codes.get(target, ())))
        for sender in number.sample(SENDERS, k=1 if is_local else number.choice((1, 1, 1, 1, 2))):
            context = Context(sender=sender, unit=unit, section=section)
            frequency = max(1, int(number.paretovariate(0.9)))
            yield (
                Decision(query, context, target, Outcome.CANDIDATE, candidates, False, _REASON),
                min(frequency, 50_000),
            )


def _candidates(
    number: random.Random, known: Sequence[str], said: Sequence[str], target: str, codes: Sequence[tuple[str, str]]
) -> Iterator[Candidate]:
    probability = number.random()
    for _ in range(number.randint(5, 10)):
        kept = [word for word in said if number.random() < 0.7]
        added = number.choices(known, k=number.randint(1, 5))
        code, display = number.choice(codes) if codes else (f"X{number.randrange(10**5):05}", "")
        evidence = [
            Evidence("name", f"{' '.join(kept)} (preferred)"),
            Evidence("matched", ", ".join(kept)),
            Evidence("missing", ", ".join(word for word in said if word not in kept)),
            Evidence("lacking", ", ".join(added)),
            Evidence("target", code, f"{target}@1"),
        ]
        yield Candidate(
            target,
            code,
            display or " ".join([*kept, *added]).capitalize(),
            0.0,
            round(probability, 4),
            tuple(each for each in evidence if each.detail),
            ("laterality",) if number.random() < 0.1 else (),
        )
        probability *= number.random()


def write_candidates(path: Path, count: int, codes: Codes) -> None:
    """Write the table that ``convert --candidates`` would have written."""
    log = CandidateLog()
    for decision, frequency in decisions(count, codes):
        log.add(decision, frequency)
    log.write(path)


def write_codes(path: Path, count: int) -> None:
    """Write the same sources as a plain table of codes and labels, without candidates."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("code", "label", "frequency"))
        seen = set()
        for decision, frequency in decisions(count, {}):
            if decision.query.text not in seen:
                seen.add(decision.query.text)
                table.writerow((f"C{len(seen):06}", decision.query.text, frequency))
