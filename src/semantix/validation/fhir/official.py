"""HL7's own validator, when Java and the validator are there: all files of a batch in one process, without a network.

Two forms of it are known: ``validator_cli.jar`` as HL7 publishes it (it needs the R4 definitions among the packages of
the machine), and the folder ``conformance`` of a checkout of semantix, whose Java program carries its own. Writing the
files where Java can read them and starting it is all that this module does; ``_outcomes`` reads the answers.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from semantix.validation._findings import Finding, LayerRun
from semantix.validation.fhir._outcomes import LAYER, Answer, answers_of, answers_of_line, finding_of

PROGRAM = "ValidateBundles.java"
JARS = "jars-*"
SECONDS = 900
"""How long a batch may take: starting takes some ten seconds, a document of 60 resources 0.1 second."""
MEMORY = "-Xmx4g"


class Validator(Struct, frozen=True, kw_only=True):
    """A validator that can be started: ``path`` is the JAR or the folder, ``java`` the program that runs it.

    ``definitions`` are folders of profiles (FR Core) to load.
    """

    path: Path
    java: str
    definitions: tuple[Path, ...] = ()
    seconds: int = SECONDS


class OfficialRun(Struct, frozen=True):
    """The findings by name of the documents, and whether the layer was run."""

    findings: Mapping[str, tuple[Finding, ...]]
    layer: LayerRun


def find_validator(path: Path | None, definitions: Sequence[Path] = ()) -> Validator | LayerRun:
    """The validator at a path, or why there is none: not asked for, no Java, not found."""
    if path is None:
        return LayerRun(name=LAYER, state="skipped", reason="not-asked")
    java = shutil.which("java")
    if java is None:
        return LayerRun(name=LAYER, state="skipped", reason="no-java")
    if not (path.is_file() or (path / PROGRAM).is_file()):
        return LayerRun(name=LAYER, state="skipped", reason="no-validator")
    return Validator(path=path, java=java, definitions=tuple(definitions))


def run_validator(validator: Validator, documents: Mapping[str, bytes]) -> OfficialRun:
    """Validate documents (by their names), in one process and a bounded time."""
    if not documents:
        return OfficialRun({}, LayerRun(name=LAYER, state="run", engine=validator.path.name))
    with TemporaryDirectory(prefix="semantix-") as scratch:
        folder = Path(scratch)
        files: dict[str, str] = {}
        for n, (name, data) in enumerate(documents.items(), 1):
            is_xml = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
            file = folder / f"{n}.{'xml' if is_xml else 'json'}"
            file.write_bytes(data)
            files[file.name] = name
        return _run(validator, folder, files)


def _run(validator: Validator, folder: Path, files: Mapping[str, str]) -> OfficialRun:
    is_jar = validator.path.is_file()
    out = folder / "outcome" / "outcome.json"
    out.parent.mkdir()
    paths = [str(folder / file) for file in files]
    command = _jar_command(validator, paths, out) if is_jar else _harness_command(validator)
    try:
        done = subprocess.run(
            command,
            input="" if is_jar else "\n".join(paths),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=validator.seconds,
            check=False,
            cwd=folder,
        )
    except subprocess.TimeoutExpired:
        return OfficialRun({}, LayerRun(name=LAYER, state="failed", engine=validator.path.name, reason="timed-out"))
    except OSError:
        return OfficialRun({}, LayerRun(name=LAYER, state="failed", engine=validator.path.name, reason="no-java"))
    answers = _from_jar(out, paths) if is_jar else _from_lines(done.stdout)
    if not answers.keys() >= files.keys():
        # A document without an answer was not validated: nothing is said of any.
        reason = f"no-validator: exit code {done.returncode}"
        return OfficialRun({}, LayerRun(name=LAYER, state="failed", engine=validator.path.name, reason=reason))
    found = {name: tuple(filter(None, map(finding_of, answers[file]))) for file, name in files.items()}
    return OfficialRun(found, LayerRun(name=LAYER, state="run", engine=validator.path.name))


def _jar_command(validator: Validator, paths: Sequence[str], out: Path) -> list[str]:
    command = [validator.java, MEMORY, "-jar", str(validator.path.resolve()), *paths]
    command += ["-version", "4.0.1", "-tx", "n/a", "-output", str(out)]
    for folder in validator.definitions:
        command += ["-ig", str(folder.resolve())]
    return command


def _harness_command(validator: Validator) -> list[str]:
    home = validator.path.resolve()
    jars = next(iter(sorted((home.parent / ".conformance").glob(JARS))), home)
    command = [validator.java, MEMORY, "-cp", f"{jars}/*", str(home / PROGRAM), "1"]
    return command + [str(folder.resolve()) for folder in validator.definitions]


def _from_jar(out: Path, paths: Sequence[str]) -> dict[str, list[Answer]]:
    """The answers in the file written, by file; with one document the outcome does not always name it."""
    try:
        outcome = json.loads(out.read_text("utf-8", "replace"))
    except (OSError, ValueError):
        return {}
    found: dict[str, list[Answer]] = {}
    for path, answer in answers_of(outcome):
        found.setdefault(Path(path or paths[0]).name, []).append(answer)
    return found


def _from_lines(told: str) -> dict[str, list[Answer]]:
    """The answers of the harness, one line a file."""
    found: dict[str, list[Answer]] = {}
    for line in told.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found[Path(str(value.get("file"))).name] = [answer for _, answer in answers_of_line(value)]
    return found
