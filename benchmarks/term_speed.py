"""How many fuzzy decisions a second the engine makes for CIM-10, on one core, over a store with everything.

Speeds are per second of processor time. The code is compiled before; each round has a new engine, to which the words of
the queries are unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain

from term_costs import timed
from term_inputs import Pair, drawn, labels, labels_of, pairs_of, store, with_typos
from term_keeping import MAPPINGS, Setting
from term_report import Figure

from semantix.model import Outcome, Query
from semantix.terminology.engine import Engine
from semantix.terminology.matching import Request

ROUNDS = 3
BATCH, SINGLE, REPEATED, TIMES = 6_000, 1_500, 5_000, 10
SPARE = 2
"""How many times more queries are drawn than needed: those that are names or curated rows fall out."""
MATCHED = frozenset({Outcome.CANDIDATE, Outcome.ABSTAINED})


def of_speed(setting: Setting) -> list[Figure]:
    """Batches, one query at a time, and queries that were decided before; the best of some rounds each."""
    sizes = {name: setting.sample(size) for name, size in (("batch", BATCH), ("single", SINGLE), ("again", REPEATED))}
    requests = fuzzy(opened(setting), setting, max(sizes.values()))
    took: dict[str, list[float]] = {"batch": [], "single": [], "again": [], "again-single": []}
    for _ in range(ROUNDS):
        engine, fresh, again = opened(setting), opened(setting), requests[: sizes["again"]]
        took["batch"].append(timed(partial(engine.decide_many, requests[: sizes["batch"]], "cim10")).cpu)
        engine.decide_many(again, "cim10")
        took["again"].append(timed(partial(in_batches, engine, again)).cpu)
        took["again-single"].append(timed(partial(one_by_one, engine, again)).cpu)
        took["single"].append(timed(partial(one_by_one, fresh, requests[: sizes["single"]])).cpu)
    least = {name: min(seconds) for name, seconds in took.items()}
    note = "distinct; no code, name or curated row; half misspelt labels, half clinicians' wording"
    return [
        Figure("batch", sizes["batch"] / least["batch"], sizes["batch"], f"{note}; new engine, best of {ROUNDS}"),
        Figure("single", sizes["single"] / least["single"], sizes["single"], "the same, new engine"),
        Figure("repeated", TIMES * sizes["again"] / least["again"], sizes["again"], f"each {TIMES} times"),
        Figure("repeated-single", sizes["again"] / least["again-single"], sizes["again"]),
    ]


def opened(setting: Setting) -> Engine:
    """Return an engine that has decided nothing yet, its target open."""
    engine = Engine.open(store(setting, "full"), tables=MAPPINGS)
    engine.learn("cim10")
    return engine


def one_by_one(engine: Engine, requests: Sequence[Request]) -> None:
    """Decide for each request alone."""
    for request in requests:
        engine.decide(request.query, "cim10", request.context)


def in_batches(engine: Engine, requests: Sequence[Request]) -> None:
    """Decide for the same batch several times."""
    for _ in range(TIMES):
        engine.decide_many(requests, "cim10")


def fuzzy(engine: Engine, setting: Setting, size: int) -> list[Request]:
    """Return distinct queries that only the matcher can answer: misspelt labels and clinicians' wording, in turn."""
    typos = with_typos(labels(labels_of(setting, "cim10")), SPARE * size // 2)
    said = [Pair(row["text"], row["code"]) for row in pairs_of("dx_thesam_lowquality.tsv", "cim10")]
    texts = dict.fromkeys(pair.text for pair in chain(*zip(typos, drawn(said, len(typos)), strict=False)))
    requests = [Request(Query(text=text)) for text in texts]
    decided = engine.decide_many(requests, "cim10")
    kept = [request for request, one in zip(requests, decided, strict=True) if one.outcome in MATCHED]
    return kept[:size]
