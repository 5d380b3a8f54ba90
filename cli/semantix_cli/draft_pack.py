"""``semantix draft-pack``: a first mapping pack from what the files look like, its doubts beside it."""

from __future__ import annotations

from pathlib import Path

import click

from semantix_cli.options import lang, max_size
from semantix_cli.profile import FILE, profiles_of

PACK = click.Path(dir_okay=False, path_type=Path)


@click.command(short_help="Write a first mapping pack for unknown exports.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
@click.option("-o", "--out", metavar="PACK", type=PACK, required=True, help="The pack to write (YAML).")
@click.option("--overwrite", is_flag=True, help="Write over a pack that is there.")
@max_size
@lang
def draft_pack(files: tuple[Path, ...], out: Path, overwrite: bool, max_size: int, lang: str) -> None:
    """Write a first mapping pack from the profile of the files of one export.

    How they are written, their columns, the patient, and the facts that the rows seem to say. It is valid and can be
    used at once; what is not sure has a comment that begins with "# ?". No value of a patient is written.

    The pack is called as its file. docs/reference/mapping-packs.md tells the language.

    \b
    Examples:
      semantix draft-pack patients.csv results.csv -o my-software.yaml
      semantix pack test my-software.yaml
    """
    from semantix.errors import BadTarget, UnreadableInput
    from semantix.io import Limits, shown, write_text
    from semantix.parsers.packs import load_pack
    from semantix.profiling.draft import draft_pack as draft
    from semantix.profiling.draft import pack_name
    from semantix.profiling.words import profile_words

    if out.exists() and not overwrite:
        raise BadTarget(f"{shown(out)}: the file is there already; choose another one or use --overwrite")
    words = profile_words(lang)
    profiles, refused = profiles_of(files, Limits(document=max_size * 1_000_000))
    text = draft(profiles, pack_name(out.stem), words)
    pack = load_pack(text.encode(), shown(out))
    write_text(out, text)
    doubts = text.count("# ?")
    click.echo(f"{words('written_to')} {shown(out)}: {words('drafted', label=pack.label, count=doubts)}", err=True)
    if refused:
        click.get_current_context().exit(UnreadableInput.exit_code)
