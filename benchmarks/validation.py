"""How fast documents are validated: our own rules, the official layers in both engines, two processes, start-up.

``make bench ARGS=validation`` takes the rule set that ``$SEMANTIX_RULESET_SOURCE`` names (the folder or ZIP of the
official publication), else the only one installed; without one, our own rules alone are measured. Inputs are the
published CI-SIS examples, else the bundled ones, in memory but for the runs on processes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from semantix.errors import BadRuleSet
from semantix.io import Entry
from semantix.parsers._xml import parse_xml
from semantix.parsers.cda.document import clinical_document
from semantix.pipeline.checked import Part
from semantix.pipeline.collector import rare_collection
from semantix.pipeline.inputs import Task
from semantix.pipeline.validating import Checker, Checks, validate
from semantix.validation.rulesets import saxon
from semantix.validation.rulesets.checker import RuleSetChecker
from semantix.validation.rulesets.install import find, install
from semantix_cli.ruleset import default_rulesets

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SEMANTIX_SHARED", ROOT.parent / "shared"))
DAY = date(2026, 1, 1)
COPIES = 12
"""Times the corpus is repeated in the runs on processes: start-up must not be what is measured."""


def documents() -> list[Path]:
    """The documents measured."""
    corpus = SHARED / "corpus" / "cda-3.0"
    return sorted((corpus if corpus.is_dir() else ROOT / "examples" / "cda").glob("*.xml"))


def home_of(folder: Path) -> Path | None:
    """Where a rule set is installed: a fresh install of the publication named, else the user's own."""
    source = os.environ.get("SEMANTIX_RULESET_SOURCE", "")
    if source:
        install(Path(source), folder, "bench")
        return folder
    home = Path(os.environ.get("SEMANTIX_RULESETS") or default_rulesets())
    try:
        find(home, "")
    except BadRuleSet:
        return None
    return home


def rate(label: str, count: int, work: Callable[[], object], rounds: int) -> float:
    """Print and return documents a second of CPU on one core, best of the rounds after a first one."""
    work()
    best = 1e9
    with rare_collection():
        for _ in range(rounds):
            start = time.process_time()
            work()
            best = min(best, time.process_time() - start)
    print(f"{label:<56}{count / best:>10.1f} documents/s{best / count * 1e3:>10.2f} ms", flush=True)
    return count / best


def own(paths: list[Path], rounds: int) -> None:
    """Our own rules, from the bytes: reading, form, topics, coverage."""
    tasks = [Task(entry=Entry(str(path), path.name, path.name)) for path in paths]
    checker = Checker(Checks(day=DAY))

    def work() -> list[Part]:
        return [part for task in tasks for part in checker.do(task)]

    rate("own rules: read, form, rules, coverage (goal 100)", len(paths), work, rounds)


def official(paths: list[Path], home: Path, rounds: int) -> None:
    """Every official layer, warm, one core: the fast engine, then Saxon on the same documents."""
    roots = [clinical_document(parse_xml(path.read_bytes(), path.name), path.name) for path in paths]
    fast = RuleSetChecker.open("", home, engine="auto")
    rate("official layers, fast engine (goal 25)", len(paths), lambda: [fast.check(root) for root in roots], rounds)
    if saxon.available():
        reference = RuleSetChecker.open("", home, engine="saxon")
        few = roots[:: max(1, len(roots) // 20)]
        rate(f"official layers, SaxonC ({len(few)} of them)", len(few), lambda: [reference.check(r) for r in few], 1)
    tasks = [Task(entry=Entry(str(path), path.name, path.name)) for path in paths]
    checker = Checker(Checks(day=DAY, ruleset="", rulesets=home))
    rate("everything, files to findings", len(paths), lambda: [list(checker.do(task)) for task in tasks], rounds)


def processes(paths: list[Path], home: Path | None, folder: Path) -> None:
    """The same run on one and on two processes, by the clock; each process loads what it needs."""
    inputs = folder / "documents"
    inputs.mkdir()
    for copy in range(COPIES):
        for path in paths:
            (inputs / f"{copy}-{path.name}").write_bytes(path.read_bytes())
    checks = Checks(day=DAY, ruleset="" if home else None, rulesets=home or Path())
    seconds = []
    for jobs in (1, 2):
        start = time.perf_counter()
        report = validate([inputs], checks, jobs=jobs)
        seconds.append(time.perf_counter() - start)
        print(
            f"{len(report.documents)} files, {jobs} process(es): {len(report.documents) / seconds[-1]:.1f} documents/s"
        )
    print(f"two processes: {seconds[0] / seconds[1]:.2f} x one (goal 1.8)", flush=True)


def startup(path: Path, home: Path | None) -> None:
    """One small document by the command line, everything cached: the clock of the whole process."""
    chosen = ["--rulesets", str(home)] if home else ["--ruleset", "none"]
    command = [sys.executable, "-m", "semantix_cli", "validate", str(path), "--quiet", *chosen]
    best = 1e9
    for _ in range(4):
        start = time.perf_counter()
        subprocess.run(command, check=False, stderr=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - start)
    print(f"one document by the command line, rule set cached: {best:.2f} s (goal 2)")


def main(arguments: list[str]) -> None:
    """Print everything."""
    options = argparse.ArgumentParser(usage="%(prog)s validation [options]", allow_abbrev=False)
    options.add_argument("--rounds", type=int, default=5, help="measured rounds (default 5)")
    chosen = options.parse_args(arguments)
    paths = documents()
    print(f"validation of {len(paths)} documents, {sum(path.stat().st_size for path in paths) / 1e6:.1f} MB")
    with tempfile.TemporaryDirectory() as folder:
        home = home_of(Path(folder, "rulesets"))
        own(paths, chosen.rounds)
        if home is None:
            print("no rule set: name its publication in SEMANTIX_RULESET_SOURCE, or install it")
        else:
            official(paths, home, chosen.rounds)
        processes(paths, home, Path(folder))
        startup(min(paths, key=lambda path: path.stat().st_size), home)


if __name__ == "__main__":
    main(sys.argv[1:])
