"""Validate FHIR R4 (or R5) JSON files with the HL7 engine, offline, and count what it says by kind.

The folder's README says what is checked and what cannot be. Exit codes: 0 no error, 1 errors
found, 2 nothing could be validated, 3 Java 17, Maven or the validator's jars are missing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

HERE = Path(__file__).resolve().parent
POM = HERE / "pom.xml"
PROGRAM = HERE / "ValidateBundles.java"
CACHE = HERE.parent / ".conformance"

JAVA_NEEDED = 17
INSTALL = f"install a JDK {JAVA_NEEDED} or later and Maven (Debian: openjdk-17-jdk-headless maven)"
SEVERITIES = ("fatal", "error", "warning", "information")
"""From the gravest to the lightest, as the engine names them."""

STRICTER = {"Bundle_BUNDLE_Entry_NotFound": "error"}
"""Findings that are graver here: a document is whole, so every reference must lead somewhere in it."""
NOT_A_REFERENCE = ".meta.source"
"""End of a location that the engine searches among the entries although it names the source, outside the Bundle."""


class CannotRun(Exception):
    """The run cannot start or go on; the message says what to do about it."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class Message:
    """One finding of the engine. ``text`` may quote patient values: show ``blanked(text)``."""

    severity: str
    id: str
    location: str
    line: int | None
    text: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileResult:
    """What the engine said about one file."""

    file: str
    millis: int
    messages: tuple[Message, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is worse than a warning."""
        return not any(is_error(message) for message in self.messages)


@dataclass(frozen=True, slots=True)
class Kind:
    """What findings of one kind share, without anything that depends on the file."""

    severity: str
    id: str
    element: str
    text: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """How often a kind occurs, and the place of its first occurrence."""

    kind: Kind
    count: int
    files: int
    example: str


def is_error(message: Message) -> bool:
    """Whether this alone makes a file invalid."""
    return message.severity in ("fatal", "error")


# --- Java and its jars ---------------------------------------------------------------------------


def require_java() -> None:
    """Raise CannotRun unless a recent enough Java is on the path."""
    require("java")
    version = subprocess.run(["java", "-version"], check=False, capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', version)
    if found is None or int(found[1]) < JAVA_NEEDED:
        raise CannotRun(f"the java found is too old: {INSTALL}", 3)


def require(tool: str) -> None:
    """Raise CannotRun unless this command is on the path."""
    if shutil.which(tool) is None:
        raise CannotRun(f"{tool} not found: {INSTALL}", 3)


def load_jars(cache: Path) -> Path:
    """Return the folder of the validator's jars, filled by Maven when ``pom.xml`` has changed."""
    jars = cache / f"jars-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"
    if jars.is_dir():
        return jars
    require("mvn")
    cache.mkdir(parents=True, exist_ok=True)
    (cache / ".gitignore").write_text("*\n", encoding="utf-8")
    print("Fetching the validator's jars (once, about 175 MB)", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        filled = Path(scratch) / "jars"
        command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies"]
        command += ["-DincludeScope=runtime", f"-DoutputDirectory={filled}"]
        if subprocess.run(command, check=False, stdout=sys.stderr).returncode != 0:
            raise CannotRun("Maven could not fetch the validator's jars: see its messages above", 3)
        filled.rename(jars)  # Only a complete folder ever gets its final name.
    return jars


def java_command(jars: Path, options: argparse.Namespace) -> list[str]:
    """Return the command that compiles the one-file program in memory and runs it."""
    command = ["java", f"-Xmx{options.memory}", f"-Dfhir={options.fhir}", "-cp", f"{jars}/*", str(PROGRAM)]
    return [*command, str(options.threads), *map(str, options.definitions)]


# --- Running the engine --------------------------------------------------------------------------


def list_files(inputs: Iterable[Path]) -> list[Path]:
    """Return the files named, and those under the folders named, sorted within each."""
    files: list[Path] = []
    for path in inputs:
        files += sorted(path.rglob("*.json")) if path.is_dir() else [path]
    return files


def run_engine(command: Sequence[str], files: Sequence[Path]) -> Iterator[FileResult]:
    """Yield one result a file, in the order given, as the engine writes them."""
    pipe = subprocess.PIPE
    environment = os.environ | {"LC_ALL": "C.UTF-8"}  # Else Java cannot open a name with an accent.
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as words,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=words, encoding="utf-8", env=environment) as engine,
    ):
        assert engine.stdin is not None
        assert engine.stdout is not None
        # The engine reads the whole list before it writes, so this cannot block.
        feed(engine.stdin, files)
        yield from map(parse_result, engine.stdout)
        if engine.wait() != 0:
            words.seek(0)
            raise CannotRun(f"the validator stopped before the end:\n{words.read()}", 2)


def feed(stdin: IO[str], files: Iterable[Path]) -> None:
    """Write the list of files and close it."""
    try:
        with stdin:
            stdin.writelines(f"{file}\n" for file in files)
    except BrokenPipeError:
        pass  # The engine died at once: its exit code and its words tell why.


def parse_result(line: str) -> FileResult:
    """Read one line of the engine's output."""
    raw = json.loads(line)
    messages = tuple(parse_message(message) for message in raw["messages"])
    return FileResult(raw["file"], raw["millis"], messages)


def parse_message(raw: dict[str, object]) -> Message:
    """Read one finding; a dangling reference counts as an error whatever the engine calls it."""
    line = raw.get("line")
    details = raw.get("details")
    identity = str(raw.get("id", ""))
    location = str(raw.get("location", ""))
    severity = str(raw["severity"])
    if not _names_the_source(location, str(raw.get("text", ""))):
        severity = STRICTER.get(identity, severity)
    return Message(
        severity=severity,
        id=identity,
        location=location,
        line=line if isinstance(line, int) else None,
        text=str(raw.get("text", "")),
        details=tuple(map(str, details)) if isinstance(details, list) else (),
    )


def _names_the_source(location: str, text: str) -> bool:
    """Return whether a finding is about ``meta.source``, told by its location or, for a whole entry, by its words."""
    return location.endswith(NOT_A_REFERENCE) or text.rstrip().endswith(f"{NOT_A_REFERENCE})")


# --- Grouping ------------------------------------------------------------------------------------

RESOURCE_MARK = re.compile(r"/\*([A-Za-z]*)/[^*]*\*/")
"""The engine writes the resource an entry holds as a comment: ``.resource/*Patient/p1*/.name``."""


def element_of(location: str) -> str:
    """Return ``Patient.name.family`` for the location of any family name in any entry."""
    marks = list(RESOURCE_MARK.finditer(location))
    if marks:
        location = marks[-1][1] + location[marks[-1].end() :]
    return re.sub(r"\[[^\]]*\]", "", location)


PUBLISHED = r"https?://(?:[\w.-]+\.)?(?:hl7\.org|hl7\.fr|esante\.gouv\.fr)/[\w./|:-]*"
"""The address of a profile, a value set or an extension: says which rule, names nobody."""

VALUES = re.compile(
    rf"""(?P<rule>Constraint\ failed:\ [\w-]+:\ '.*')  # the words of a profile
    | (?<=codes\ =\ )[^)]*
    | (?P<address>{PUBLISHED})(?:\#\S*)?
    | (?:(?<!\w)|(?<=unit))'[^']*(?:'(?=\w)[^']*)*'  # with the apostrophes inside words
    | "[^"]*" | «[^»]*» | \{{[^}}]*\}}
    | (?:urn:|https?://)[^\s,;)']+
    | [0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}
    | (?<=\[)\d+(?=\]) | \b\d[\d.,:T+-]+\b""",
    re.VERBOSE | re.IGNORECASE,
)


def blanked(text: str) -> str:
    """Replace every value quoted from the file, so that the text can be shown and grouped."""
    return VALUES.sub(lambda found: found["rule"] or found["address"] or "…", text)


def kind_of(message: Message) -> Kind:
    """Return what this finding shares with others."""
    element = element_of(message.location)
    return Kind(message.severity, message.id, element, blanked(message.text))


def count_kinds(results: Iterable[FileResult]) -> list[KindCount]:
    """Group all findings: the gravest first, then the most frequent."""
    counts: Counter[Kind] = Counter()
    files: dict[Kind, set[str]] = {}
    examples: dict[Kind, str] = {}
    for result in results:
        for message in result.messages:
            kind = kind_of(message)
            counts[kind] += 1
            files.setdefault(kind, set()).add(result.file)
            examples.setdefault(kind, example_of(result.file, message))
    ordered = sorted(counts, key=lambda kind: (rank(kind), -counts[kind], kind.id, kind.element))
    return [KindCount(kind, counts[kind], len(files[kind]), examples[kind]) for kind in ordered]


def rank(kind: Kind) -> int:
    """Return 0 for the gravest."""
    return SEVERITIES.index(kind.severity)


def example_of(file: str, message: Message) -> str:
    """Say where a finding is, without ids or values."""
    place = blanked_location(message.location)
    line = f", line {message.line}" if message.line else ""
    return f"{file}: {place}{line}"


def blanked_location(location: str) -> str:
    """Remove the resource ids and extension addresses that the engine adds to a path."""
    without_ids = RESOURCE_MARK.sub("", location)
    return re.sub(r"\[url='[^']*'\]", "", without_ids)


# --- Reporting -----------------------------------------------------------------------------------


def summarise(results: Sequence[FileResult], kinds: Sequence[KindCount]) -> dict[str, int]:
    """Count files, findings and kinds."""
    clean = sum(result.is_clean for result in results)
    summary = {"files": len(results), "files_without_error": clean}
    for severity in SEVERITIES:
        chosen = [count for count in kinds if count.kind.severity == severity]
        summary[severity] = sum(count.count for count in chosen)
        summary[f"{severity}_kinds"] = len(chosen)
    return summary


def write_report(path: Path, results: Sequence[FileResult], kinds: Sequence[KindCount]) -> None:
    """Write everything, texts unblanked: the report is as confidential as the files."""
    report = {
        "summary": summarise(results, kinds),
        "kinds": [asdict(count) for count in kinds],
        "files": [asdict(result) for result in results],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def print_table(results: Sequence[FileResult], kinds: Sequence[KindCount], lightest: str, top: int) -> None:
    """Print the counts, then the ``top`` kinds of each severity down to ``lightest``."""
    summary = summarise(results, kinds)
    print(f"{summary['files']} files validated, {summary['files_without_error']} without error")
    for severity in SEVERITIES[: SEVERITIES.index(lightest) + 1]:
        chosen = [count for count in kinds if count.kind.severity == severity]
        print(f"\n{severity}: {summary[severity]} findings of {len(chosen)} kinds")
        for count in chosen[:top]:
            print_kind(count)
        if len(chosen) > top:
            print(f"  … and {len(chosen) - top} kinds more (--top)")


def print_kind(count: KindCount) -> None:
    """Print one kind; its text is already blanked."""
    kind = count.kind
    print(f"{count.count:>7} in {count.files} files  {kind.element or '-'}  [{kind.id or '-'}]")
    print(f"          {kind.text}")
    print(f"          e.g. {count.example}")


def watch(results: Iterable[FileResult], total: int) -> Iterator[FileResult]:
    """Pass results through, saying every hundred files how far we are."""
    for done, result in enumerate(results, start=1):
        if done % 100 == 0:
            print(f"{done} of {total} files", file=sys.stderr)
        yield result


# --- Command line --------------------------------------------------------------------------------


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Validate FHIR JSON files offline.")
    add = parser.add_argument
    add("inputs", nargs="+", type=Path, help="folders of *.json (searched in depth), or files")
    add(
        "--definitions",
        action="append",
        default=[],
        type=Path,
        help="folder of StructureDefinition-, ValueSet- and CodeSystem-*.json; may be repeated",
    )
    add("--fhir", choices=("R4", "R5"), default="R4", help="release of the files (default: %(default)s)")
    add("--out", type=Path, help="where to write the whole report, as JSON")
    add("--top", type=int, default=40, help="kinds shown a severity (default: %(default)s)")
    add("--severity", choices=SEVERITIES, default="warning", help="lightest severity shown")
    add("--threads", type=int, default=2, help="files validated at once (default: %(default)s)")
    add("--memory", default="6g", help="the most memory Java may take (default: %(default)s)")
    add("--cache", type=Path, default=CACHE, help="where the jars are kept")
    return parser.parse_args(arguments)


def check_inputs(options: argparse.Namespace) -> list[Path]:
    """Return the files to validate; raise CannotRun when there is nothing to do or to do it with."""
    for folder in options.definitions:
        if not any(folder.glob("StructureDefinition-*.json")):
            raise CannotRun(f"no StructureDefinition-*.json in {folder}", 2)
    files = list_files(options.inputs)
    if not files:
        raise CannotRun(f"no *.json in {', '.join(map(str, options.inputs))}", 2)
    return files


def run(options: argparse.Namespace) -> int:
    """Validate, report, and return the exit code."""
    files = check_inputs(options)
    require_java()
    jars = load_jars(options.cache)
    command = java_command(jars, options)
    results = list(watch(run_engine(command, files), len(files)))
    kinds = count_kinds(results)
    if options.out:
        write_report(options.out, results, kinds)
    print_table(results, kinds, options.severity, options.top)
    return 0 if all(result.is_clean for result in results) else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; a reason not to run is one message and an exit code."""
    try:
        return run(parse_arguments(arguments))
    except CannotRun as stop:
        print(f"conformance: {stop}", file=sys.stderr)
        return stop.exit_code


if __name__ == "__main__":
    sys.exit(main())
