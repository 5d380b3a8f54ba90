"""Accuracy and calibration: what the matchers find for short labels, misspelt labels, inclusion notes and medicines."""

from __future__ import annotations

from collections.abc import Sequence

import drugs
from msgspec import Struct
from term_inputs import (
    PLACES,
    Pair,
    bare_mappings,
    drawn,
    halves,
    labels,
    labels_of,
    matcher,
    pairs_of,
    store,
    with_typos,
)
from term_keeping import Setting
from term_report import Figure, interval_note

from semantix.model import Outcome, Query
from semantix.terminology import codes
from semantix.terminology.calibration import Calibration
from semantix.terminology.conflicts import compare, hard_names, marks_of
from semantix.terminology.engine import PRECISION, Engine
from semantix.terminology.matching import Ranked, Request
from semantix.terminology.matching.drugs import DrugMatcher
from semantix.terminology.matching.learning import Target
from semantix.terminology.matching.wording import WordingMatcher
from semantix.terminology.metrics import Answer, coverage_at, curve, figures_of, interval
from semantix.terminology.text import fold

SAMPLE = 3_000
TOP = 10
TAUGHT = "shortenings learned from the short labels of half of the families, asked those of the other half"


class Asked(Struct, frozen=True):
    """A query and what was ranked for it."""

    pair: Pair
    ranked: tuple[Ranked, ...]

    @property
    def right(self) -> bool:
        """The first candidate is the code that was meant."""
        return bool(self.ranked) and self.ranked[0].code == self.pair.code

    @property
    def clinical(self) -> bool:
        """The code is not of CIM-10 chapter XX."""
        return self.pair.code[0] not in PLACES


def ask(with_: WordingMatcher, pairs: Sequence[Pair]) -> list[Asked]:
    """Rank the candidates of each text."""
    ranked = with_.rank([Request(Query(text=pair.text)) for pair in pairs], TOP)
    return [Asked(pair, found) for pair, found in zip(pairs, ranked, strict=True)]


def top1(key: str, asked: Sequence[Asked], note: str = "") -> Figure:
    """The share of queries whose first candidate is right, with its interval."""
    return share(key, [each.right for each in asked], note)


def share(key: str, right: Sequence[bool], note: str = "") -> Figure:
    """The share of what is right, with its interval."""
    if not right:
        return Figure(key, 0.0, 0, "nothing to ask")
    said = (note, interval_note(interval(sum(right), len(right))))
    return Figure(key, sum(right) / len(right), len(right), "; ".join(filter(None, said)))


# --- CIM-10: short labels, typos, notes; calibration -----------------------------------------------------------------


def of_labels(setting: Setting) -> list[Figure]:
    """Everything that a matcher which knows only long labels, and half of the short ones, is asked."""
    whole = labels_of(setting, "cim10")
    target, held = halves(whole, 3)
    with_ = matcher(setting, "cim10-labels", target)
    size = setting.sample(SAMPLE)
    short = ask(with_, drawn(held, size))
    clinical = ask(with_, drawn([pair for pair in held if pair.code[0] not in PLACES], size))
    typos = ask(with_, with_typos(labels(target), size))
    official = {pair.code: fold(pair.text) for pair in labels(target)}
    other = [each for each in short if fold(each.pair.text) != official[each.pair.code]]
    return [
        top1("short", short, TAUGHT),
        top1("short-other", other),
        top1("short-clinical", clinical, "a sample of its own"),
        top1("typos", typos, "edits anywhere, digits and blanks included"),
        top1("typos-clinical", [each for each in typos if each.clinical]),
        of_notes(with_, target, setting),
        *calibrated(with_, target, [*short, *typos]),
    ]


def notes(setting: Setting, target: Target) -> tuple[Pair, ...]:
    """The inclusion notes that can be understood by themselves, of codes in use."""
    known = frozenset(target.codes)
    rows = pairs_of("dx_cim10_inclusions_oms_vol1.tsv", "cim10")
    found = [Pair(row["text"], codes.canonical("cim10", row["code"])) for row in rows if row["quality"] == "ok"]
    kept = [pair for pair in found if pair.code in known]
    return tuple(kept) if not setting.quick else drawn(kept, setting.sample(len(kept)))


def of_notes(with_: WordingMatcher, target: Target, setting: Setting) -> Figure:
    """Inclusion notes, when only labels are known."""
    asked = ask(with_, notes(setting, target))
    standing = {fold(pair.text) for pair in labels(target)}
    new = [each.right for each in asked if fold(each.pair.text) not in standing]
    return top1(
        "notes", asked, f"no synonym known; {sum(new) / max(1, len(new)):.3f} of the {len(new):,} that are no label"
    )


def calibrated(with_: WordingMatcher, target: Target, asked: Sequence[Asked]) -> list[Figure]:
    """Calibration error and coverage; probabilities and thresholds come from pairs held out at learning."""
    calibration = Calibration.fit(with_.examples())
    displays = {pair.code: pair.text for pair in labels(target)}
    answers = [_answer(each, calibration, displays) for each in asked]
    told = figures_of(answers, 0.0)
    n, accepted = len(answers), [each for each in answers if each.accepted]
    rule = f"thresholds from learning, for a precision of {PRECISION:g}; conflicts refused"
    fitted = sum(len(found) for found in calibration.examples.values())
    return [
        Figure("ece", told.ece or 0.0, n, f"10 bins; calibrated on {fitted:,} other pairs at learning"),
        Figure("coverage", coverage_at(curve(answers), PRECISION), n, "at the best threshold for these queries"),
        Figure("accepted", len(accepted) / n, n, rule),
        share("accepted-right", [each.right for each in accepted]),
    ]  # fmt: skip


def _answer(asked: Asked, calibration: Calibration, displays: dict[str, str]) -> Answer:
    if not asked.ranked:
        return Answer(None, 0, False, False, Outcome.ABSTAINED)
    first = asked.ranked[0]
    threshold = calibration.threshold(first.kind, PRECISION)
    accepted = threshold is not None and first.confidence >= threshold and not _conflicts(asked, displays[first.code])
    rank = next((place for place, each in enumerate(asked.ranked, 1) if each.code == asked.pair.code), 0)
    category = first.code[:3] == asked.pair.code[:3]
    probability = round(calibration.probability(first.kind, first.confidence), 4)
    return Answer(probability, rank, category, accepted, Outcome.CANDIDATE if accepted else Outcome.ABSTAINED)


def _conflicts(asked: Asked, display: str) -> tuple[str, ...]:
    """What forbids the engine to accept the first candidate, whatever its confidence."""
    first = asked.ranked[0]
    said = {each.kind: each.detail for each in first.evidence}
    query = marks_of(said.get("reading", asked.pair.text))
    return first.conflicts + hard_names(compare(query, marks_of(said.get("name") or display)))


def of_index(setting: Setting) -> list[Figure]:
    """Inclusion notes asked of the engine over a store with labels and alphabetical index, without curated tables."""
    engine = Engine.open(store(setting, "index"), tables=bare_mappings(setting))
    asked = notes(setting, labels_of(setting, "cim10"))
    decisions = engine.decide_many([Request(Query(text=pair.text)) for pair in asked], "cim10")
    right = [
        bool(decision.candidates) and decision.candidates[0].code == pair.code
        for pair, decision in zip(asked, decisions, strict=True)
    ]
    new = [is_right for pair, is_right in zip(asked, right, strict=True) if not engine.verbatim(pair.text, "cim10")]
    sure = [is_right for decision, is_right in zip(decisions, right, strict=True) if decision.accepted]
    precise = sum(sure) / max(1, len(sure))
    note = f"through the engine, notes not in the store; {len(sure):,} accepted, {precise:.3f} of them right"
    return [share("notes-index", right, note), share("notes-index-new", new)]


# --- CCAM and medicines ----------------------------------------------------------------------------------------------


def of_acts(setting: Setting) -> list[Figure]:
    """Short labels of CCAM."""
    target, held = halves(labels_of(setting, "ccam"), 4)
    with_ = matcher(setting, "ccam-labels", target)
    return [top1("ccam", ask(with_, drawn(held, setting.sample(len(held)))), TAUGHT)]


def of_medicines(_: Setting) -> list[Figure]:
    """Names of BDPM without their own row, by the measure of ``drugs.py``."""
    official, listed = drugs.labels()
    with_ = DrugMatcher.build(official + listed, drugs.register(), drugs.lexicon(), drugs.valid_codes())
    figures = []
    for key, composed in (("drugs", False), ("drugs-composed", True)):
        outcomes = drugs.names_without_row(with_, composition_known=composed)
        answered = sum(sure > 0 for sure, _ in outcomes) / len(outcomes)
        at = drugs.coverage(outcomes, PRECISION)
        note = f"answered {answered:.3f}; coverage at {PRECISION:g} precision {at:.3f}"
        figures.append(share(key, [right for _, right in outcomes], note))
    return figures
