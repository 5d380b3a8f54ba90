"""``semantix pack``: check mapping packs, and print the schema that they follow."""

from __future__ import annotations

from pathlib import Path

import click

from semantix_cli.options import as_json, lang


@click.group(short_help="Check mapping packs.")
def pack() -> None:
    """Check mapping packs: YAML files that describe the export of a practice software.

    \b
    Examples:
      semantix pack test our-software.yaml
      semantix pack schema > semantix-pack.schema.json
      semantix draft-pack export.csv -o our-software.yaml
    """


@pack.command(short_help="Run the tests that packs hold.")
@click.argument("packs", metavar="PACK...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@as_json
@lang
def test(packs: tuple[Path, ...], as_json: bool, lang: str) -> None:
    """Run the tests that packs hold, and say what differs. Exit code 11 when a pack is wrong or a test fails.

    PACK is a YAML file, or a folder of them.

    \b
    Examples:
      semantix pack test our-software.yaml
      semantix pack test mappings/exports/
    """
    import msgspec

    from semantix.errors import BadPack
    from semantix.parsers.packs import test_pack
    from semantix.pipeline.packs import read_pack

    files = [file for path in packs for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
    failed = 0
    for file in files:
        found = read_pack(file)
        outcomes = test_pack(found)
        failed += sum(not outcome.passed for outcome in outcomes)
        if as_json:
            for outcome in outcomes:
                told = {"pack": found.id, "version": found.version, "digest": found.digest}
                click.echo(msgspec.json.encode(told | msgspec.to_builtins(outcome)).decode())
            continue
        passed = sum(outcome.passed for outcome in outcomes)
        words = "tests passed" if lang == "en" else "tests réussis"
        click.echo(f"{file}: {found.id} {found.version} ({found.digest[:8]}): {passed}/{len(outcomes)} {words}")
        for outcome in outcomes:
            for difference in outcome.differences:
                click.echo(f"  {outcome.test}: {difference}", err=True)
    if failed:
        click.get_current_context().exit(BadPack.exit_code)


@pack.command(short_help="Print the JSON Schema of packs.")
def schema() -> None:
    """Print the JSON Schema of mapping packs: editors complete and check YAML with it.

    \b
    Examples:
      semantix pack schema > semantix-pack.schema.json
    """
    import json

    from semantix.parsers.packs import pack_schema

    click.echo(json.dumps(pack_schema(), ensure_ascii=False, indent=2))
