"""``semantix profile``: how an unknown export is written and what its columns hold, without a value of a patient."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix_cli.options import as_json, lang, max_size

if TYPE_CHECKING:
    from semantix.errors import UnreadableInput
    from semantix.io import Limits
    from semantix.parsers._claims import Input
    from semantix.profiling import FileProfile, IsUnit
    from semantix.profiling.words import ProfileWords

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PAGE = click.Path(dir_okay=False, path_type=Path)


@click.command(name="profile", short_help="Describe the columns of unknown exports.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("--show-values", is_flag=True, help="Show the most frequent values too. They may be those of patients.")
@click.option("--html", "html_file", metavar="FILE", type=PAGE, help="Write a page too.")
@as_json
@max_size
@lang
def profile_(
    files: tuple[Path, ...], show_values: bool, html_file: Path | None, as_json: bool, max_size: int, lang: str
) -> None:
    """Say how tables are written and what their columns seem to hold.

    Encoding, separator, header, fill rates, dates, numbers, units, identifiers, codes, likely roles: each with its
    evidence and its doubts.

    FILE is a CSV, TSV or fixed-width text, a workbook, a dBASE table, a SQL dump, an XML or JSON export, or a ZIP
    archive or mail of these. Counts and shapes only (9 is a digit, A a letter): no value of a patient is shown unless
    --show-values asks for it. Text is streamed, whatever its size; the other kinds are read whole (see --max-size).

    \b
    Examples:
      semantix profile export.csv
      semantix profile patients.csv results.csv --html profile.html --lang fr
      semantix profile export.csv --json | jq '.files[0].tables[0].columns[].role'
    """
    from semantix.errors import UnreadableInput
    from semantix.io import Limits, shown, write_text
    from semantix.profiling.words import profile_words

    words = profile_words(lang)
    profiles, refused = profiles_of(files, Limits(document=max_size * 1_000_000), show_values=show_values)
    if html_file:
        from semantix.profiling.page import render_profiles
        from semantix.resources import version

        write_text(html_file, render_profiles(profiles, words, version()))
        click.echo(f"{words('written_to')} {shown(html_file)}", err=True)
    if as_json:
        from semantix_cli.echo import echo_json

        echo_json({"files": profiles})
    else:
        _show(profiles, words, show_values=show_values)
    if refused:
        click.get_current_context().exit(UnreadableInput.exit_code)


def profiles_of(files: tuple[Path, ...], limits: Limits, *, show_values: bool = False) -> tuple[list[FileProfile], int]:
    """Profile each file, and each file of the archives among them; say which ones cannot be read.

    Raises NothingRead when none can.
    """
    from semantix.errors import NothingRead, UnreadableInput
    from semantix.profiling import profile

    is_unit = _units()
    profiles, refused = [], 0
    for source in _sources(files, limits):
        try:
            if isinstance(source, UnreadableInput):
                raise source
            profiles.append(profile(source, is_unit, show_values=show_values))
        except UnreadableInput as error:
            refused += 1
            click.echo(f"semantix: {error}", err=True)
    if not profiles:
        raise NothingRead("no table could be read")
    return profiles, refused


def _sources(files: tuple[Path, ...], limits: Limits) -> Iterator[Input | UnreadableInput]:
    """Every file, those inside containers each on its own; an error in the place of what cannot be opened."""
    from semantix.errors import UnreadableInput
    from semantix.io import Entry, File, container_kind, members, shown

    for path in files:
        entry = Entry(str(path), shown(path), shown(path.name))
        try:
            file = File(entry, limits)
            if container_kind(file.head()) is None:
                yield file
                continue
            for name in members(entry, limits):
                yield File(entry.member(name), limits)
        except UnreadableInput as error:
            yield error


def _units() -> IsUnit:
    """Say whether the curated table knows a unit."""
    from semantix.terminology.serving import mappings_folder
    from semantix.terminology.units import parse_units

    table = mappings_folder() / "tables" / "units__ucum.sssom.tsv"
    units = parse_units(table.read_text(encoding="utf-8").splitlines())
    return lambda text: units.read(text).how == "table"


def _show(profiles: list[FileProfile], words: ProfileWords, *, show_values: bool) -> None:
    from semantix.profiling import telling
    from semantix.profiling.telling import column_cells, column_doubts
    from semantix_cli.tables import NO_FOLD, console, table_of

    out = console(pipe_width=NO_FOLD)
    for profile in profiles:
        out.print(telling.title_of(profile, words), style="bold", markup=False)
        for sentence in telling.file_sentences(profile, words):
            out.print(sentence, markup=False)
        for table in profile.tables:
            if table.name:
                title = words("table", name=table.name, source=table.source)
                out.print(f"\n{title}", style="bold", markup=False)
            for sentence in telling.table_sentences(table, words):
                out.print(sentence, markup=False)
            rows = [column_cells(column, words)[:-1] for column in table.columns]
            out.print(table_of([words(key) for key in telling.HEADS[:-1]], rows))
            doubts = list(column_doubts(table, words))
            if doubts:
                out.print(words("doubts"), style="bold", markup=False)
            for doubt in doubts:
                out.print(doubt, markup=False)
    for sentence in telling.closing(words, shows_values=show_values):
        click.echo(sentence, err=True)
