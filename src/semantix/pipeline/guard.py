"""What must not be written over: inputs, vocabulary, store, and each other. Checked before anything is opened."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from semantix.errors import BadTarget
from semantix.io import Found, shown
from semantix.pipeline.plan import Options


def refuse_overlap(inputs: Iterable[Path], files: Iterable[Found], out: Path, options: Options) -> None:
    """Raise BadTarget when the target or a report would take the place of an input, or of another output."""
    seen: dict[str, str] = {}
    sources = {_real_file(found.path, seen) for found in files}
    folders = {os.path.realpath(path) for path in inputs if path.is_dir()}
    folders.update(os.path.realpath(path) for path in (options.vocabulary, options.store) if path is not None)
    target = os.path.realpath(out)
    for source in (*folders, *sources):
        if _is_in(source, target):
            raise BadTarget(f"{shown(out)}: is or holds an input ({shown(source)}); choose another target")
    taken = {target}
    if options.target == "omop":
        from semantix.sinks.omop import keys_of  # noqa: PLC0415 - FHIR does without DuckDB

        taken.add(str(keys_of(Path(target))))
    if not sources.isdisjoint(taken):
        raise BadTarget(f"{shown(out)}: its key file is among the inputs; choose another target")
    for report in reports(options):
        _refuse_report(report, sources, taken, options)
        taken.add(os.path.realpath(report))


def reports(options: Options) -> Iterator[Path]:
    """The reports that a run writes, the list of candidates among them."""
    yield from (path for path in (options.report, options.report_html, options.candidates) if path is not None)


def _refuse_report(report: Path, sources: set[str], taken: set[str], options: Options) -> None:
    real, name = os.path.realpath(report), shown(report)
    if real in sources:
        raise BadTarget(f"{name}: the report would replace an input; choose another file")
    if real in taken:
        raise BadTarget(f"{name}: the report would replace another output; choose another file")
    if Path(real).is_dir():
        raise BadTarget(f"{name}: is a folder; the report is a file, give its name")
    for folder, what in ((options.vocabulary, "vocabulary"), (options.store, "store")):
        if folder is not None and _is_in(real, os.path.realpath(folder)):
            raise BadTarget(f"{name}: the report would be written among the {what}; choose another file")
    suffix = f".{options.kind}"
    if suffix in {".csv", ".parquet", ".ndjson"} and real.endswith(suffix):
        raise BadTarget(f"{name}: the report has the name of a table or of resources; choose another file")


def _is_in(path: str, folder: str) -> bool:
    """True when ``path`` is the folder itself or is inside it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _real_file(path: str, seen: dict[str, str]) -> str:
    """The real path of an input: links among its folders are followed once a folder, not once a file."""
    if os.path.islink(path):  # noqa: PTH114 - a Path each costs more than the rest
        return os.path.realpath(path)
    head, tail = os.path.split(path)
    if head not in seen:
        seen[head] = os.path.realpath(head)
    return os.path.join(seen[head], tail)  # noqa: PTH118
