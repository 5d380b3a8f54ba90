"""How fast each source is read, and how flat memory stays on a file of a gigabyte.

``make bench ARGS=sources`` prints lines (rows, segments) a second of CPU on one core: cutting alone, reading into
documents, and reading into OMOP rows, curated tables included. Inputs are synthetic (``tests/practices``), the same
every time. ``--gigabyte`` then reads an HPRIM file and a table of 1 GB each, made as they are read, and prints the peak
of memory after a tenth of it and at its end.
"""

from __future__ import annotations

import argparse
import io
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.practices import messages  # noqa: E402
from tests.practices.content import make  # noqa: E402

from semantix.emitters import omop  # noqa: E402
from semantix.model import Document, LineCount  # noqa: E402
from semantix.parsers import Claim, Parser, Piece, one_claim  # noqa: E402
from semantix.pipeline.collector import rare_collection  # noqa: E402
from semantix.pipeline.mapping import open_curated  # noqa: E402
from semantix.pipeline.packs import parsers_of  # noqa: E402

PEOPLE = 400
GIGABYTE = 1_000_000_000


class Memory:
    """A file in memory, repeated until it has a size, so that nothing large is kept."""

    def __init__(self, data: bytes, name: str, size: int = 0) -> None:
        self.name, self._data = name, data
        self._times = max(1, size // len(data))
        self.size = len(data) * self._times

    def head(self, size: int = 65_536) -> bytes:
        """The first bytes."""
        return self._data[:size]

    def read(self) -> bytes:
        """All of it, once."""
        return self._data

    def open(self) -> BinaryIO:
        """A stream."""
        return io.BufferedReader(_Repeated(self._data, self._times))  # type: ignore[type-var]


class _Repeated(io.RawIOBase):
    def __init__(self, data: bytes, times: int) -> None:
        super().__init__()
        self._data, self._left, self._at = data, times, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._at == len(self._data):
            self._at, self._left = 0, self._left - 1
        if self._left <= 0:
            return 0
        part = self._data[self._at : self._at + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)


def inputs() -> Iterator[tuple[str, str, bytes]]:
    """Name, file name and content of each source."""
    practice = make("bench", 1, people=PEOPLE)
    writers = {
        "HPRIM Médecin, tagged": messages.concatenated,
        "HPRIM Médecin, prose": messages.prose,
        "HPRIM Santé": messages.hprim_sante,
        "HL7 v2 ORU": messages.hl7,
        "FHIR NDJSON": messages.bulk,
    }
    for label, write in writers.items():
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), practice)
            files = sorted(Path(folder).iterdir())
            files = files[:1] if label == "FHIR NDJSON" else files
            yield label, files[0].name, b"".join(file.read_bytes() for file in files)
    rows = "".join(
        f"{one.person.number}\t{one.day.isoformat()}\t{one.label}\t{one.written()}\t{one.unit}\r"
        for day in practice.sent()
        for one in day
    )
    yield "table (éO Médecin pack)", "export.txt", rows.encode() * 4


def long_rows() -> bytes:
    """Rows of which most are results in words, as microbiology writes them: a gigabyte is two million rows."""
    practice = make("bench", 1, people=PEOPLE)
    words = "Culture : absence de germe pathogène après quarante-huit heures d'incubation, flore commensale. " * 5
    rows = []
    for n, one in enumerate(one for day in practice.days() for one in day):
        value = one.written() if n % 10 == 0 else words
        rows.append(f"{one.person.number}\t{one.day.isoformat()}\t{one.label}\t{value}\t{one.unit}")
    return ("\r".join(rows) + "\r").encode()


def pieces(parser: Parser, claim: Claim, source: Memory) -> Iterator[Piece]:
    """The cuts of a file, as a run gives them to a reader."""
    for cut in parser.cut(source, claim):
        yield Piece(data=cut.data, name=source.name, practice="p", line=cut.line, context=cut.context, claim=claim)


def speed(label: str, name: str, data: bytes) -> None:
    """Print one row."""
    source = Memory(data, name)
    found = one_claim(source.head(), name, parsers_of())
    assert found is not None, label
    parser, claim = found
    times: dict[str, float] = {}
    lines = documents = 0
    mapper = open_curated()
    with rare_collection():
        for _ in range(3):
            begun = time.process_time()
            several = list(pieces(parser, claim, source))
            times["cut"] = min(times.get("cut", 1e9), time.process_time() - begun)
            begun = time.process_time()
            told = [one for piece in several for one in parser.read(piece)]
            times["read"] = min(times.get("read", 1e9), time.process_time() - begun)
            lines = sum(one.lines for one in told if isinstance(one, LineCount)) or data.count(b"\n")
            read = [one for one in told if isinstance(one, Document)]
            documents = len(read)
            begun = time.process_time()
            for one in read:
                omop.emit(one, None, mapper.map(one).codings)
            times["omop"] = min(times.get("omop", 1e9), time.process_time() - begun)
    both = times["cut"] + times["read"]
    print(
        f"{label:<26}{lines:>9}{documents:>10}{lines / max(times['cut'], 1e-6):>14,.0f}{lines / both:>12,.0f}"
        f"{lines / (both + times['omop']):>12,.0f}",
        flush=True,
    )


def gigabyte(label: str, name: str, data: bytes) -> None:
    """Read a gigabyte and print the peak of memory on the way."""
    source = Memory(data, name, GIGABYTE)
    found = one_claim(source.head(), name, parsers_of())
    assert found is not None, label
    parser, claim = found
    begun, done, early, lines, documents = time.perf_counter(), 0, 0.0, 0, 0
    with rare_collection():
        for piece in pieces(parser, claim, source):
            for told in parser.read(piece):
                lines += told.lines if isinstance(told, LineCount) else 0
                documents += isinstance(told, Document)
            done += len(piece.data)
            if not early and done > source.size // 10:
                early = peak()
    seconds = time.perf_counter() - begun
    print(
        f"{label}: {source.size / 1e9:.2f} GB, {lines:,} lines, {documents:,} documents in {seconds:.0f} s "
        f"({lines / seconds:,.0f} lines/s); peak memory {early:.0f} MB after a tenth, {peak():.0f} MB at the end",
        flush=True,
    )


def peak() -> float:
    """The highest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main(arguments: list[str]) -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--gigabyte", action="store_true", help="read files of 1 GB too")
    asked = options.parse_args(arguments)
    print(f"{'source':<26}{'lines':>9}{'documents':>10}{'cut, lines/s':>14}{'read':>12}{'to OMOP':>12}")
    sources = list(inputs())
    for one in sources:
        speed(*one)
    if asked.gigabyte:
        gigabyte(*sources[0])
        gigabyte("table (éO Médecin pack)", "export.txt", long_rows())


if __name__ == "__main__":
    main(sys.argv[1:])
