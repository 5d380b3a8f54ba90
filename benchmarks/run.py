"""What ``make bench`` prints: speed of both conversions beside the floor, memory; the goals of the terminology engine.

``make bench ARGS=conversion``, ``ARGS=sources``, ``ARGS=validation``, ``ARGS=desk``, ``ARGS=runs`` and
``ARGS="terminology --full"`` run one of the six; see the modules of these names.

The *floor* is what nobody can go below in Python: parse the XML with the same hardened parser, visit every element with
its attributes and text, and dump an output of the same size as ours. Figures are the best of several warm rounds; the
inputs are the published CI-SIS examples in ``../shared`` (or ``$SEMANTIX_SHARED``), else the bundled examples.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import desk
import runs
import sources
import terminology
import validation

from semantix.emitters import fhir, omop
from semantix.parsers._xml import parse_xml
from semantix.parsers.cda import parse
from semantix.pipeline import Options, convert
from semantix.pipeline.collector import rare_collection

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SEMANTIX_SHARED", ROOT.parent / "shared"))

SUBJECTS = ("conversion", "sources", "validation", "desk", "runs", "terminology")
Inputs = list[tuple[str, bytes]]


def inputs() -> tuple[str, Inputs]:
    """Name and bytes of the documents measured, all in memory."""
    corpus = SHARED / "corpus" / "cda-3.0"
    folder = corpus if corpus.is_dir() else ROOT / "examples" / "cda"
    words = "published CI-SIS 3.0 examples" if corpus.is_dir() else "bundled examples (../shared is absent)"
    return words, [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.xml"))]


def best(stages: list[tuple[str, Callable[[], object]]], rounds: int) -> dict[str, float]:
    """Seconds of CPU of each stage in its fastest round, one left out, with the garbage collector as in a run.

    Rounds go through all stages in turn, so that a machine that is slower for a while is slower for all of them.
    """
    for _, work in stages:
        work()
    gc.collect()
    gc.freeze()
    times: dict[str, float] = {}
    with rare_collection():
        for _ in range(rounds):
            for label, work in stages:
                start = time.process_time()
                work()
                seconds = time.process_time() - start
                times[label] = min(seconds, times.get(label, seconds))
    return times


def walk(data: bytes, name: str) -> int:
    """Parse and visit everything once."""
    seen = 0
    for element in parse_xml(data, name).iter():
        seen += len(element.tag) + len(element.text or "")
        for key, value in element.items():
            seen += len(key) + len(value)
    return seen


def to_fhir(data: bytes, name: str) -> int:
    """One document to FHIR NDJSON, in memory, its account balanced as in a run."""
    document = parse(data, name)
    emission = fhir.emit(document)
    emission.ledger.account(document)
    return sum(len(fhir.encode(resource)) + 1 for resource in emission.resources)


def to_omop(data: bytes, name: str) -> int:
    """One document to OMOP rows, in memory, its account balanced."""
    document = parse(data, name)
    emission = omop.emit(document)
    emission.ledger.account(document)
    return sum(len(rows) for rows in emission.rows.values())


def speed(documents: Inputs, rounds: int) -> None:
    """Print documents/s and MB/s of each stage, and the share of the floor that it reaches."""
    size = sum(len(data) for _, data in documents)
    resources = [r for name, data in documents for r in fhir.emit(parse(data, name)).resources]
    written = sum(len(fhir.encode(r)) + 1 for r in resources)
    print(f"output: {len(resources)} resources, {written / 1e6:.1f} MB of NDJSON")
    del resources
    dumps = [list(fhir.emit(parse(data, name)).resources) for name, data in documents]

    def floor() -> None:
        for (name, data), resources in zip(documents, dumps, strict=True):
            walk(data, name)
            for one in resources:
                fhir.encode(one)

    stages: list[tuple[str, Callable[[], object]]] = [
        ("XML parse alone", lambda: [parse_xml(d, n).tag for n, d in documents]),
        ("floor: parse, walk, dump", floor),
        ("CDA to model", lambda: [parse(d, n).format for n, d in documents]),
        ("CDA to FHIR NDJSON", lambda: [to_fhir(d, n) for n, d in documents]),
        ("CDA to OMOP rows", lambda: [to_omop(d, n) for n, d in documents]),
    ]
    times = best(stages, rounds)
    base = times["floor: parse, walk, dump"]
    count = len(documents)
    print(f"{'stage':<28}{'documents/s':>12}{'MB/s':>8}{'ms/document':>13}{'of the floor':>14}")
    for label, seconds in times.items():
        share = f"{base / seconds:.0%}" if seconds >= base else ""
        print(
            f"{label:<28}{count / seconds:>12.0f}{size / seconds / 1e6:>8.1f}{seconds / count * 1e3:>13.2f}{share:>14}"
        )


def memory(documents: Inputs, count: int) -> None:
    """Convert ``count`` documents in one process, files and all, and print the peak of its memory."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in")
        source.mkdir()
        for i in range(count):
            name, data = documents[i % len(documents)]
            (source / f"{i:06d}-{name}").write_bytes(_renumbered(data, i))
        before = peak()
        start = time.perf_counter()
        report = convert([source], Path(folder, "out"), Options(target="fhir", format="ndjson", jobs=1))
        seconds = time.perf_counter() - start
        done = report.figures.documents
        print(f"{done} documents, files to files, one process: {done / seconds:.0f} documents/s, ", end="")
        print(f"peak memory {peak():.0f} MB ({before:.0f} MB before the first)")


def _renumbered(data: bytes, number: int) -> bytes:
    """Give a document an identifier of its own, so that every copy makes other resources."""
    start = re.search(rb"<(?:\w+:)?ClinicalDocument\b", data)
    assert start, "a CDA document"
    head, rest = data[: start.start()], data[start.start() :]
    return head + re.sub(rb"""(<(?:\w+:)?id\b[^>]*\broot=["'])""", rb"\g<1>2.25.%d." % number, rest, count=1)


def peak() -> float:
    """Peak resident memory of this process, MB."""
    scale = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def conversion(rounds: int, count: int) -> None:
    """Print the speed of both conversions, and memory over ``count`` documents."""
    words, documents = inputs()
    size = sum(len(data) for _, data in documents) / 1e6
    print(f"{len(documents)} {words}, {size:.1f} MB; {platform.machine()}, {os.cpu_count()} cores, ", end="")
    print(f"Python {platform.python_version()}; one core, best of {rounds} warm rounds")
    if count:
        # First, because peak memory never goes down again.
        memory(documents, count)
    speed(documents, rounds)


def main() -> int:
    """Run what is asked for, everything by default; what ``terminology`` knows is told to it."""
    arguments = sys.argv[1:]
    subject = arguments.pop(0) if arguments and arguments[0] in SUBJECTS else ""
    options = argparse.ArgumentParser(
        usage=f"%(prog)s [{'|'.join(SUBJECTS)}] [options]",
        description=__doc__.splitlines()[0] if __doc__ else None,
        epilog="Every other option goes to the terminology benchmark: --work, --full, --quick, --only, --json.",
        allow_abbrev=False,
    )
    options.add_argument("--rounds", type=int, default=15, help="measured rounds of each stage (default 15)")
    options.add_argument("--documents", type=int, default=10_000, help="documents of the memory run; 0 leaves it out")
    chosen, others = options.parse_known_args(arguments)
    if subject == "sources":
        sources.main(others)
        return 0
    if subject == "validation":
        validation.main(others)
        return 0
    if subject == "desk":
        desk.main(others)
        return 0
    if subject == "runs":
        runs.main(others)
        return 0
    if others and subject == "conversion":
        options.error(f"conversion does not know {others[0]}")
    if subject != "terminology":
        conversion(chosen.rounds, chosen.documents)
        print(flush=True)
    if not subject:
        sources.main([])
        print(flush=True)
        validation.main([])
        print(flush=True)
        desk.main([])
        print(flush=True)
        runs.main([])
        print(flush=True)
    return 0 if subject == "conversion" else terminology.main(others)


if __name__ == "__main__":
    sys.exit(main())
