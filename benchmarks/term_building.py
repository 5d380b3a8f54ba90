"""Import and learning of what the goals name, and the memory that deciding takes; each peak in a process of its own."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import msgspec
from term_costs import TARGETS, Took, peak, timed
from term_inputs import ASKED, everyday, fill, release, store
from term_keeping import MAPPINGS, Setting, child
from term_report import Figure

from semantix.model import Query
from semantix.terminology.engine import Engine
from semantix.terminology.matching import Request

EVERYDAY = "everyday.json"
"""The queries of the memory run, read by others beforehand."""


def store_of(setting: Setting) -> Path:
    """Return the store with every release, imported in this process when it is not there."""
    return store(setting, "full")


def store_one(setting: Setting, _: str) -> str:
    """Have the store with every release; return its name."""
    return store_of(setting).name


def of_import(setting: Setting) -> list[Figure]:
    """Import the five releases that have a goal into a new store."""
    for name in ASKED:
        release(setting, name)
    with tempfile.TemporaryDirectory(dir=setting.home) as folder:
        counted = [0, 0]

        def work() -> None:
            counted[:] = fill(setting, Path(folder) / "store", ASKED)

        took = timed(work)
    note = f"concepts; {counted[1]:,} terms; {took.cpu:.1f} s of processor; peak {peak():.0f} MB"
    return [Figure("import", took.wall, counted[0], note)]


def of_learning(setting: Setting) -> list[Figure]:
    """Learn each target of the full store, in a process of its own; what is kept from an earlier run says so."""
    store_of(setting)
    learned: list[tuple[Took, float, str]] = []
    for target in TARGETS:
        kept = setting.home / f"learned-{target}.json"
        if not kept.is_file():
            for learned_before in (setting.home / "store-full" / "learned").glob(f"{target}-*"):
                shutil.rmtree(learned_before)
            kept.write_bytes(child(setting, "learn-one", target))
        learned.append(msgspec.json.decode(kept.read_bytes(), type=tuple[Took, float, str]))
    each = ", ".join(f"{name} {took.wall:.1f}" for name, (took, _, _) in zip(TARGETS, learned, strict=True))
    cpu, most = sum(took.cpu for took, _, _ in learned), max(memory for _, memory, _ in learned)
    days = sorted({day for _, _, day in learned})
    note = f"targets: {each}; {cpu:.1f} s of processor; peak {most:.0f} MB; learned on {', '.join(days)}"
    return [Figure("learn", sum(took.wall for took, _, _ in learned), len(TARGETS), note)]


def learn_one(setting: Setting, target: str) -> tuple[Took, float, str]:
    """Learn one target, unless the store has it; its time, the peak of memory, the day."""
    engine = Engine.open(store_of(setting), tables=MAPPINGS)
    took = timed(lambda: engine.learn(target))
    return took, peak(), time.strftime("%Y-%m-%d", time.gmtime())


def of_memory(setting: Setting) -> list[Figure]:
    """Open and decide, all in one process."""
    store_of(setting)
    (setting.home / EVERYDAY).write_bytes(msgspec.json.encode(everyday(setting)))
    child(setting, "memory-one")
    before, after, asked = msgspec.json.decode(child(setting, "memory-one"), type=tuple[float, float, int])
    return [Figure("memory", after, asked, f"queries, Python and libraries included; {before:.0f} MB before opening")]


def memory_one(setting: Setting, _: str) -> tuple[float, float, int]:
    """Return the peak before opening and after the queries, and how many there were."""
    texts = msgspec.json.decode((setting.home / EVERYDAY).read_bytes(), type=dict[str, list[str]])
    before = peak()
    engine = Engine.open(setting.home / "store-full", tables=MAPPINGS)
    for target, asked in texts.items():
        engine.decide_many([Request(Query(text=text)) for text in asked], target)
    return before, peak(), sum(len(asked) for asked in texts.values())
