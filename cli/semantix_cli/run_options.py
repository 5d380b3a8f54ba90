"""The plan of a run on the command line, and the world around it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from semantix_cli.run_words import say

if TYPE_CHECKING:
    from semantix.runs.conduct import Around, Progress
    from semantix.runs.plan import RunPlan

F = TypeVar("F", bound=Callable[..., Any])
PLAN = click.Path(exists=True, path_type=Path)
_TARGETS = ("fhir", "duckdb", "parquet")
_PATH = click.Path(path_type=Path)


def plan_options(function: F) -> F:
    """Add what a plan says, as options."""
    options = (
        click.option(
            "--input", "inputs", metavar="PATH", multiple=True, help="File, folder or pattern; may be repeated."
        ),
        click.option(
            "--list", "lists", metavar="FILE", multiple=True, type=_PATH, help="A path a line; may be repeated."
        ),
        click.option("--state", metavar="DIR", type=_PATH, help="Where the run keeps what it knows."),
        click.option("--fhir", metavar="DIR", type=_PATH, help="FHIR R4, NDJSON files by resource type."),
        click.option("--duckdb", metavar="FILE", type=_PATH, help="OMOP CDM 5.4 in a DuckDB file."),
        click.option("--parquet", metavar="DIR", type=_PATH, help="OMOP CDM 5.4 in Parquet files, by year."),
        click.option(
            "--postgres", metavar="SECRET", help="OMOP CDM 5.4 in PostgreSQL; env:NAME or file:PATH has its URL."
        ),
        click.option("--schema", metavar="NAME", help="Schema of PostgreSQL.  [default: cdm]"),
        click.option("--practice", metavar="NAME", help="Who sent all the inputs.  [default: their folder]"),
        click.option(
            "--pack", "packs", metavar="FILE", multiple=True, type=_PATH, help="Mapping pack; may be repeated."
        ),
        click.option("--store", metavar="DIR", type=_PATH, help="Terminology store to add codes from."),
        click.option(
            "--table", "tables", metavar="PATH", multiple=True, type=_PATH, help="Curated tables of the site."
        ),
        click.option("--precision", "accept", metavar="P", type=float, help="Precision of what is accepted alone."),
        click.option("--vocabulary", metavar="DIR", type=_PATH, help="Vocabularies downloaded from Athena."),
        click.option("--keep-text", is_flag=True, default=None, help="Keep free text, which may name people."),
        click.option("--key", metavar="SECRET", help="Key of digests and pseudonyms: file:PATH or env:NAME."),
        click.option("--spool", is_flag=True, default=None, help="Keep what was read from files that are gone."),
        click.option(
            "--reprocess",
            type=click.Choice(["auto", "never", "all"]),
            help="Read again what depends on versions that changed, nothing, or everything.",
        ),
    )
    return _with(function, options)


def engine_options(function: F) -> F:
    """Add who reads."""
    options = (
        click.option("--jobs", metavar="N", type=click.IntRange(min=0), help="Processes.  [default: one a processor]"),
        click.option("--engine", type=click.Choice(["local", "spark"]), help="Who reads: this machine, or Spark."),
        click.option(
            "--master", metavar="URL", help="Master of Spark.  [default: that of spark-submit, else local[*]]"
        ),
        click.option("--bad-share", metavar="P", type=float, help="Share that may be unreadable before the run stops."),
    )
    return _with(function, options)


def _with(function: F, options: tuple[Callable[[F], F], ...]) -> F:
    for option in reversed(options):
        function = option(function)
    return function


def changes_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """Options as changes of a plan: those that were given."""
    given = {name: value for name, value in told.items() if value not in {None, ()}}
    changes = {
        name: [str(one) for one in value]
        if isinstance(value, tuple)
        else str(value)
        if isinstance(value, Path)
        else value
        for name, value in given.items()
        if name not in {*_TARGETS, "postgres", "schema", "master", "bad_share"}
    }
    targets = [{"kind": kind, "path": str(given[kind])} for kind in _TARGETS if kind in given]
    if "postgres" in given:
        targets.append({"kind": "postgres", "url": given["postgres"], "schema": given.get("schema", "cdm")})
    if targets:
        changes["targets"] = targets
    if "master" in given:
        changes["spark"] = {"master": given["master"]}
    if "bad_share" in given:
        changes["limits"] = {"bad_share": given["bad_share"]}
    return changes


def read(path: Path | None, changes: Mapping[str, Any] | None = None) -> RunPlan:
    """Read the plan of a file or a state folder, changed by options; or one made of options alone. Raises BadPlan."""
    from semantix.errors import BadPlan
    from semantix.runs.plan import parse_plan, read_plan

    if path is not None:
        return read_plan(path, _whole(changes or {}))
    if not changes or "state" not in changes:
        raise BadPlan("no plan: give PLAN.yaml, or --input, --state and a target such as --duckdb")
    return parse_plan(b"{}", "options", Path.cwd(), changes)


def _whole(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Paths of options are below the working folder, those of a plan below its own."""
    here = Path.cwd()

    def at(value: Any) -> Any:
        return [at(one) for one in value] if isinstance(value, list) else str(here / value)

    whole = dict(changes)
    for name in ("inputs", "lists", "state", "packs", "store", "tables", "vocabulary"):
        if name in whole:
            whole[name] = at(whole[name])
    for target in whole.get("targets", ()):
        if "path" in target:
            target["path"] = at(target["path"])
        if "url" in target:
            target["url"] = _secret(target["url"], here)
    if "key" in whole:
        whole["key"] = _secret(whole["key"], here)
    return whole


def _secret(told: str, here: Path) -> str:
    kind, colon, rest = told.partition(":")
    return f"{kind}{colon}{here / Path(rest).expanduser()}" if kind == "file" and rest else told


@contextmanager
def bar(lang: str) -> Iterator[Callable[[Progress], None]]:
    """Show how far a run is, when somebody looks."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    from semantix_cli.tables import console

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[documents]}", markup=False),
    )
    with Bar(*columns, console=console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None, documents="")

        def tell(progress: Progress) -> None:
            documents = say("so many documents", lang, count=progress.documents) if progress.documents else ""
            shown.update(
                task,
                description=say(f"step {progress.step}", lang),
                completed=progress.done,
                total=progress.total or None,
                documents=documents,
            )

        yield tell


@contextmanager
def around(plan: RunPlan, lang: str) -> Iterator[Around]:
    """The world around a run: environment, clock, terminal, and the engine that a plan names."""
    from msgspec import structs

    with bar(lang) as tell:
        here = _around(tell)
        if plan.engine != "spark":
            yield here
            return
        from semantix.runs.spark import cluster_of

        with cluster_of(plan.spark) as cluster:
            table = cluster.scan if cluster.has_table else None
            yield structs.replace(here, engine=lambda _, work: cluster.engine(work), table=table)


def _around(tell: Callable[[Progress], None]) -> Around:
    from datetime import UTC, datetime

    from semantix.runs.conduct import Around

    def now() -> str:
        return datetime.now(UTC).isoformat(timespec="seconds")

    def speak(words: str) -> None:
        click.echo(f"semantix: {words}", err=True)

    return Around(environment=dict(os.environ), now=now, tell=tell, say=speak)
