"""The terminology store on one core: import of the real files, of synthetic releases of full size, open, look-ups.

``python benchmarks/terminology_store.py [real|snomed|athena]...``: each in a process of its own, so that its peak of
memory is its own. The synthetic releases have the size of SNOMED CT and of an Athena download, invented words, and no
reader: what they measure is compiling (``benchmarks/terminology_scale.py`` measures the readers, on files).
Look-ups are counted by seconds of processor, imports by both clocks.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from semantix.terminology.building import Wishes, import_source
from semantix.terminology.records import Concept, Parent, Record, Term
from semantix.terminology.releases import IMPORTERS, Hints, Importer, Release
from semantix.terminology.source import Source
from semantix.terminology.store import Store

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "terminologies"
REAL = ("labels/cim10_fr_atih_2021.csv", "labels/atc_fr_2011.csv", "labels/ccam_actes_nomensland.tsv",
        "labels/loinc_fr_displays_ans_harvest.tsv", "bdpm")  # fmt: skip
SIZES = {"snomed": (360_000, 3), "athena": (6_000_000, 0)}
_WORDS = ["".join(each) for each in product(("fi", "cta", "nev", "ro"), ("ma", "ti", "rul", "se"), ("te", "ose"))]


def synthetic(concepts: int, terms: int) -> Iterator[Record]:
    """Invented concepts, in no order of their codes, with ``terms`` terms and two parents each."""
    chance = random.Random(1)
    for number in range(concepts):
        code = str((number * 7_919_777) % 900_000_007 + 100_000_000)
        words = chance.choices(_WORDS, k=5)
        yield Concept("snomed", code, f"{' '.join(words)} {number}", properties={"domain": words[0]})
        for extra in range(terms):
            yield Term("snomed", code, f"{words[extra]} {words[4]} {number} {extra}")
        if terms:
            yield Parent("snomed", code, str(number // 3))
            yield Parent("snomed", code, str(number // 5))


def synthetic_importer(name: str) -> Importer:
    """Return an importer of a release of full size, whatever file it is given."""
    concepts, terms = SIZES[name]
    return Importer(
        name,
        name,
        lambda _, __: True,
        lambda _, __: Release(f"synthetic-{name}", "1", ("snomed",)),
        lambda _, __: synthetic(concepts, terms),
    )


def measure(name: str) -> None:
    """Import, open, look up, and print the figures."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "store"
        start = time.perf_counter()
        if name == "real":
            for each in REAL:
                wishes = Wishes(hints=Hints(version="1"))
                import_source(Source(SHARED / each), folder, wishes, IMPORTERS)
        else:
            seed = Path(scratch) / "seed"
            seed.write_text(name)
            import_source(Source(seed), folder, Wishes(), (synthetic_importer(name),))
        built = f"{time.perf_counter() - start:.1f} s ({time.process_time():.1f} s of processor)"
        size = sum(path.stat().st_size for path in folder.rglob("*.sqlite")) / 1e6
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name}: import {built}, {size:.0f} MB on disk, peak {peak:.0f} MB")
        _look_up(name, folder)


def _look_up(name: str, folder: Path) -> None:
    start = time.perf_counter()
    store = Store.open(folder)
    store.lookup(store.systems()[0], "")
    print(f"{name}: open and first look-up {(time.perf_counter() - start) * 1000:.1f} ms")
    for system in store.systems():
        codes = [concept.code for concept in store.concepts(system)][:400_000]
        asked = random.Random(1).choices(codes, k=200_000)
        start = time.process_time()
        for code in asked:
            store.lookup(system, code)
        rate = len(asked) / (time.process_time() - start)
        start = time.process_time()
        for _ in range(100):
            for code in asked[:1_000]:
                store.lookup(system, code)
        again = 100_000 / (time.process_time() - start)
        print(f"{name}: {system}: {len(codes):,} codes, {rate:,.0f} look-ups/s at random, {again:,.0f} repeated")
    store.close()


if __name__ == "__main__":
    if len(sys.argv) == 2:
        measure(sys.argv[1])
    else:
        for each in sys.argv[1:] or ("real", *SIZES):
            subprocess.run([sys.executable, __file__, each], check=True)
