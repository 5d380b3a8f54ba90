"""Import of the two largest releases at full size, from synthetic files: seconds, peak memory, size of the store.

SNOMED CT RF2: 360,000 concepts, 1.2 million descriptions, 1.5 million relationships, 250,000 rows of maps. Athena:
6 million concepts, 4 million synonyms, 6 million relationships. The files are invented and written to a temporary
folder; each import runs in a process of its own, whose peak memory is therefore that of the import.

    python benchmarks/terminology_scale.py [--only rf2|athena] [--scale 0.1] [--folder DIR]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from semantix.terminology.building import import_source
from semantix.terminology.releases import athena
from semantix.terminology.releases._rf2 import COLUMNS, FSN, IS_A, PREFERRED, ROOT
from semantix.terminology.source import Source

GOALS = {"rf2": "<= 300 s, <= 3 GB", "athena": "<= 300 s, <= 3 GB"}
_HEADS = ("fièvre", "tumeur", "lésion", "fracture", "infection", "carence", "sténose", "rupture", "kyste", "trouble")
_SITES = ("rein", "foie", "fémur", "rétine", "aorte", "côlon", "thyroïde", "genou", "pancréas", "utérus", "poumon")
_KINDS = ("aiguë", "chronique", "récidivante", "congénitale", "traumatique", "gauche", "droite", "bilatérale")
_DAY = "20250101"


def label(number: int) -> str:
    """Give a wording of four to six words, different for each number."""
    head, site, kind = _HEADS[number % 10], _SITES[number % 11], _KINDS[number % 8]
    return f"{head} {kind} du {site} de type {number // 80}"


def write(path: Path, header: Iterable[str], rows: Iterator[str]) -> None:
    """Write a table between tabs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        file.write("\t".join(header) + "\n")
        for row in rows:
            file.write(row)
            file.write("\n")


def sctid(number: int, partition: str = "00") -> str:
    """Give an identifier of the length of real ones; the check digit is not computed."""
    return f"{100000 + number}{partition}1"


def rf2(folder: Path, scale: float) -> None:
    """Write a snapshot with inactive concepts, two languages, attributes and a map."""
    concepts, french = int(360_000 * scale), int(480_000 * scale)
    english = int(1_200_000 * scale) - french
    attributes = int(1_500_000 * scale) - int(600_000 * scale)
    core = f"{_DAY}\t1\t900000000000207008"
    us, fr = "900000000000509007", "10031000315102"

    def description(count: int, lang: str, first: int) -> Iterator[str]:
        for i in range(count):
            place, turn = i % concepts, i // concepts
            kind = FSN if turn == 0 and lang == "en" else "900000000000013009"
            words = f"{label(place)} (disorder)" if kind == FSN else f"{label(place)} {lang} {turn}"
            yield f"{first + i}\t{core}\t{sctid(place)}\t{lang}\t{kind}\t{words}\t900000000000448009"

    def language(count: int, refset: str, first: int) -> Iterator[str]:
        for i in range(count):
            word = PREFERRED if i < 2 * concepts else "900000000000549004"
            yield f"{refset[:3]}{i:033}\t{core}\t{refset}\t{first + i}\t{word}"

    def relationships() -> Iterator[str]:
        for i in range(int(600_000 * scale)):
            place = i % concepts
            parent = sctid(place // 8) if place >= 8 else ROOT
            yield f"{i}\t{core}\t{sctid(place)}\t{parent}\t0\t{IS_A}\t900000000000011006\t900000000000451002"
        for i in range(attributes):
            place = i % concepts
            yield (
                f"{9_000_000 + i}\t{core}\t{sctid(place)}\t{sctid(i % 999)}\t1\t363698007\t900000000000011006"
                "\t900000000000451002"
            )

    def maps() -> Iterator[str]:
        for i in range(int(250_000 * scale)):
            code = f"{'ABCDEFGHIJ'[i % 10]}{i % 90 + 10}.{i % 10}"
            yield (
                f"{i:036}\t{core}\t447562003\t{sctid(i % concepts)}\t{i // concepts + 1}\t1\tTRUE\tALWAYS {code}"
                f"\t{code}\t447561005\t447637006"
            )

    terms, sets = folder / "Snapshot/Terminology", folder / "Snapshot/Refset"
    rows = (f"{sctid(i)}\t{_DAY}\t{0 if i % 20 == 7 else 1}\tm\t900000000000074008" for i in range(concepts))
    write(terms / f"sct2_Concept_Snapshot_XX_{_DAY}.txt", COLUMNS["concept"], rows)
    write(terms / f"sct2_Description_Snapshot-en_XX_{_DAY}.txt", COLUMNS["description"], description(english, "en", 1))
    write(
        terms / f"sct2_Description_Snapshot-fr_XX_{_DAY}.txt",
        COLUMNS["description"],
        description(french, "fr", 9_000_000),
    )
    write(terms / f"sct2_Relationship_Snapshot_XX_{_DAY}.txt", COLUMNS["relationship"], relationships())
    write(sets / f"der2_cRefset_LanguageSnapshot-en_XX_{_DAY}.txt", COLUMNS["language"], language(english, us, 1))
    write(
        sets / f"der2_cRefset_LanguageSnapshot-fr_XX_{_DAY}.txt", COLUMNS["language"], language(french, fr, 9_000_000)
    )
    write(sets / f"der2_iisssccRefset_ExtendedMapSnapshot_XX_{_DAY}.txt", COLUMNS["extended-map"], maps())


def vocabularies(folder: Path, scale: float) -> None:
    """Write an Athena folder in which a third of the concepts are of vocabularies that are ours."""
    names = ("SNOMED", "LOINC", "CIM10", "RxNorm", "NDC", "RxNorm Extension", "OSM", "MeSH", "CPT4")
    concepts, synonyms, relations = int(6_000_000 * scale), int(4_000_000 * scale), int(6_000_000 * scale)
    span = "19700101\t20991231"

    def concept() -> Iterator[str]:
        for i in range(concepts):
            vocabulary = names[i % 9]
            yield f"{i}\t{label(i)}\tCondition\t{vocabulary}\tDisorder\t{'S' if i % 3 else ''}\t{i}-{i % 10}\t{span}\t"

    def relationship() -> Iterator[str]:
        for i in range(relations):
            kind = ("Maps to", "Mapped from", "Is a", "Subsumes", "Has status")[i % 5]
            yield f"{i % concepts}\t{i * 7 % concepts}\t{kind}\t{span}\t"

    def synonym() -> Iterator[str]:
        for i in range(synonyms):
            yield f"{i % concepts}\tsyn {label(i)}\t{4180190 if i % 10 == 0 else 4180186}"

    vocabulary = iter(("None\tOMOP Standardized Vocabularies\tOMOP generated\tv5.0 27-FEB-25\t44819096",))
    for name, rows in (
        ("CONCEPT.csv", concept()), ("CONCEPT_RELATIONSHIP.csv", relationship()),
        ("CONCEPT_SYNONYM.csv", synonym()), ("VOCABULARY.csv", vocabulary),
    ):  # fmt: skip
        write(folder / name, athena.COLUMNS[name], rows)


WRITERS = {"rf2": rf2, "athena": vocabularies}


def child(source: Path, store: Path) -> None:
    """Import one source and print what it took."""
    start = time.perf_counter()
    report = import_source(Source(source), store)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform != "darwin" else 1024)
    manifest = report.imported[0].manifest
    total = manifest.total()
    print(
        f"{seconds:.0f} s ({time.process_time():.0f} s of processor), peak {peak / 1e6:.2f} GB; "
        f"{total.concepts:,} concepts, {total.terms:,} terms, {total.parents:,} parents, {total.links:,} links; "
        f"store {manifest.size / 1e9:.2f} GB"
    )


def measure(which: str, scale: float, folder: Path) -> None:
    """Write the files of one release, import them in another process, and print a line."""
    files = folder / which
    start = time.perf_counter()
    WRITERS[which](files, scale)
    size = sum(path.stat().st_size for path in files.rglob("*") if path.is_file())
    print(f"{which}: {size / 1e9:.2f} GB of files written in {time.perf_counter() - start:.0f} s", flush=True)
    command = [sys.executable, str(Path(__file__).resolve()), "--child", str(files), str(folder / "store")]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    print(f"{which}: {done.stdout.strip()} (goal {GOALS[which]})", flush=True)


def main() -> None:
    """Measure one or both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=sorted(WRITERS))
    parser.add_argument("--scale", type=float, default=1.0, help="1 is the full size")
    parser.add_argument("--folder", type=Path, help="where the files are written (default: a temporary folder)")
    parser.add_argument("--child", nargs=2, type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(*arguments.child)
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        for which in [arguments.only] if arguments.only else sorted(WRITERS):
            measure(which, arguments.scale, Path(folder))


if __name__ == "__main__":
    main()
