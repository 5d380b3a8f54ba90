"""``semantix tables``: what is wrong in curated tables, their one layout, and what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from semantix_cli.options import as_json

if TYPE_CHECKING:
    from semantix.terminology.table_lint import Problem

F = TypeVar("F", bound=Callable[..., Any])


def _paths(function: F) -> F:
    kind = click.Path(exists=True, path_type=Path)
    return click.argument("inputs", metavar="[PATH]...", nargs=-1, type=kind)(function)


@click.group(short_help="Check and format curated tables.")
def tables() -> None:
    """Check and format curated tables: SSSOM TSV files that say which code people chose or refused for a wording.

    PATH is a table or a folder of *.sssom.tsv; without one, the tables that ship with semantix.

    \b
    Examples:
      semantix tables lint mappings/
      semantix tables fmt mappings/ --dry-run
      semantix tables list
    """


@tables.command(short_help="Tell what is wrong in tables.")
@_paths
@as_json
def lint(inputs: tuple[Path, ...], as_json: bool) -> None:
    """Tell what is wrong in tables, row by row: what was found, what was expected, what to do.

    The exit code is 10 when anything is wrong.

    \b
    Examples:
      semantix tables lint
      semantix tables lint mine.sssom.tsv --json
    """
    import msgspec

    from semantix.errors import BadTable
    from semantix.terminology.table_lint import lint as problems_of

    found: list[tuple[str, Problem]] = []
    for path in _files(inputs):
        found += [(path.name, problem) for problem in problems_of(_text(path), path.name)]
    if as_json:
        rows = [{"file": name, **msgspec.to_builtins(problem)} for name, problem in found]
        click.echo(msgspec.json.format(msgspec.json.encode(rows)).decode())
    else:
        for name, problem in found:
            place = f"{name}:{problem.line}" if problem.line else name
            click.echo(f"{place}: {problem.found}; expected {problem.expected}: {problem.todo}")
    if found:
        click.get_current_context().exit(BadTable.exit_code)


@tables.command(short_help="Write tables in the one layout.")
@_paths
@click.option("--dry-run", is_flag=True, help="Name the files that would change, and change nothing.")
def fmt(inputs: tuple[Path, ...], dry_run: bool) -> None:
    """Write tables in the one layout: metadata by key, columns in order, rows sorted. A second run changes nothing.

    A column that tables do not have is never dropped: such a file is refused, and lint says why.

    \b
    Examples:
      semantix tables fmt
      semantix tables fmt mine.sssom.tsv --dry-run
    """
    from semantix.errors import BadTable
    from semantix.terminology.table_files import layout, parse

    for path in _files(inputs):
        text = _text(path)
        table = parse(text, path.name)
        if table.ignored:
            raise BadTable(f"{path.name}: {', '.join(table.ignored)} would be lost; take these columns out first")
        written = layout(table)
        if written == text:
            continue
        click.echo(f"{'(--dry-run) ' if dry_run else ''}formatted: {path.name}")
        if not dry_run:
            _replace(path, written)


@tables.command("list", short_help="List tables.")
@_paths
@as_json
def list_(inputs: tuple[Path, ...], as_json: bool) -> None:
    """List tables: version, target systems, claims, refusals, wordings.

    \b
    Examples:
      semantix tables list
      semantix tables list mappings/ --json
    """
    import msgspec

    from semantix.terminology.table_files import parse
    from semantix_cli.tables import print_table

    rows = []
    for path in _files(inputs):
        table = parse(_text(path), path.name)
        refused = sum(row.predicate_modifier == "Not" for row in table.rows)
        wordings = len({row.subject_label for row in table.rows if row.subject_label})
        targets = sorted({row.object_id.partition(":")[0] for row in table.rows})
        version = str(table.metadata.get("mapping_set_version", ""))
        rows.append((path.name, version, targets, len(table.rows) - refused, refused, wordings))
    heads = ("file", "version", "targets", "claims", "refusals", "wordings")
    if as_json:
        found = [dict(zip(heads, row, strict=True)) for row in rows]
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
        return
    print_table(heads, ((name, version, _few(targets), *map(str, counts)) for name, version, targets, *counts in rows))


def _few(words: Sequence[str]) -> str:
    return ", ".join(words[:4]) + (", ..." if len(words) > 4 else "")


def _files(inputs: Sequence[Path]) -> Iterator[Path]:
    """The tables among what was given, in a stable order; a file that is named is one, whatever its name."""
    from semantix.errors import BadTable
    from semantix.resources import data_dir
    from semantix.terminology.tables import SUFFIX

    for path in inputs or (data_dir("mappings"),):
        if not path.is_dir():
            yield path
            continue
        found = sorted(path.rglob("*" + SUFFIX))
        if not found:
            raise BadTable(f"{path.name}: no *{SUFFIX} in this folder")
        yield from found


def _text(path: Path) -> str:
    from semantix.errors import BadTable

    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadTable(f"{path.name}: not UTF-8 (byte {error.start}); save it as UTF-8") from None


def _replace(path: Path, text: str) -> None:
    """Write beside and rename: a table is there in one layout or the other, never in part."""
    from semantix.errors import BadTarget

    beside = path.with_name(path.name + ".new")
    try:
        beside.write_text(text, "utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        raise BadTarget(f"{path.name}: cannot be written ({error.strerror or type(error).__name__})") from None
