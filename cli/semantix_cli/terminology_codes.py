"""``semantix terminology search | lookup | validate-code``: codes and their labels, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix_cli.echo import echo_line
from semantix_cli.options import as_json, lang, store
from semantix_cli.terminology_words import say

if TYPE_CHECKING:
    from semantix.terminology.resolving import Located
    from semantix.terminology.store import Store

NOT_VALID = 11
"""The exit code when a code asked for is unknown, or is not valid."""
_FEW = 12


@click.command(short_help="Find codes by words.")
@click.argument("text", metavar="TEXT...", nargs=-1, required=True)
@click.option("--system", metavar="SYSTEM", required=True, help="Code system: key, OID or URI (see semantix systems).")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Number of codes shown.")
@store
@as_json
@lang
def search(text: tuple[str, ...], system: str, limit: int, store: Path, as_json: bool, lang: str) -> None:
    """Find the codes of a system by the beginnings of words, or by a code; best first, with where each one stands.

    \b
    Examples:
      semantix terminology search --system cim10 diab type 2
      semantix terminology search --system cis "doliprane 1000" --limit 5 --json
    """
    from semantix.terminology.resolving import system_key
    from semantix.terminology.searching import search as find
    from semantix.terminology.store import Store
    from semantix_cli.tables import print_table

    with Store.open(store) as opened:
        hits = find(opened, _known(opened, system_key(system)), " ".join(text), limit)
    if as_json:
        for hit in hits:
            echo_line(hit)
        return
    if not hits:
        click.echo(say("nothing_found", lang), err=True)
        return
    rows = []
    for hit in hits:
        matched = "" if hit.matched.text == hit.concept.display else f"{hit.matched.text} ({hit.matched.kind})"
        if hit.missing:
            matched += f" [{say('missing', lang)}: {' '.join(hit.missing)}]"
        path = " > ".join(f"{each.code} {each.display}" for each in hit.path)
        state = "" if hit.concept.active else f" [{say('retired', lang)}]"
        rows.append((hit.concept.code, hit.concept.display + state, matched.strip(), path))
    print_table([say(key, lang) for key in ("code", "label", "matched", "path")], rows)


@click.command(short_help="Show codes.")
@click.argument("system")
@click.argument("codes", metavar="CODE...", nargs=-1, required=True)
@store
@as_json
@lang
def lookup(system: str, codes: tuple[str, ...], store: Path, as_json: bool, lang: str) -> None:
    """Show what the store knows of codes: labels, terms, parents, children, successors.

    A single - reads the codes from stdin, one a line.

    Exit code 11 when a code is unknown.

    \b
    Examples:
      semantix terminology lookup cim10 E11.9
      semantix terminology lookup atc N02BE01 --json | jq -r .concept.display
    """
    from semantix.terminology.resolving import locate, system_key
    from semantix.terminology.store import Store

    unknown = False
    with Store.open(store) as opened:
        key = _known(opened, system_key(system))
        for code in _given(codes):
            located = locate(opened, key, code)
            if located is None:
                unknown = True
                click.echo(f"semantix: {code}: {say('unknown', lang)} ({key})", err=True)
            elif as_json:
                echo_line(_facts(opened, located))
            else:
                _show(opened, located, lang)
    if unknown:
        click.get_current_context().exit(NOT_VALID)


@click.command("validate-code", short_help="Say whether codes are valid.")
@click.argument("system")
@click.argument("codes", metavar="CODE...", nargs=-1, required=True)
@store
@as_json
@lang
def validate_code(system: str, codes: tuple[str, ...], store: Path, as_json: bool, lang: str) -> None:
    """Say whether codes exist, are active and may be recorded. A single - reads them from stdin, one a line.

    Exit code 0 when all are valid, a bad spelling of a valid code included; 11 when one is not.

    \b
    Examples:
      semantix terminology validate-code cim10 E119 "I10."
      cut -f3 stays.tsv | semantix terminology validate-code cim10 - --json
    """
    from semantix.terminology.resolving import locate, system_key
    from semantix.terminology.store import Store
    from semantix_cli.tables import print_table

    rows: list[tuple[str, ...]] = []
    wrong = False
    with Store.open(store) as opened:
        key = _known(opened, system_key(system))
        for code in _given(codes):
            located = locate(opened, key, code)
            state = _state(located)
            wrong |= state not in {"valid", "malformed"}
            form, display = (located.concept.code, located.concept.display) if located else ("", "")
            if as_json:
                echo_line({"code": code, "state": state, "form": form, "display": display})
            else:
                rows.append((code, say(state, lang), form, display))
    if not as_json:
        print_table([say(key, lang) for key in ("code", "state", "form", "label")], rows)
    if wrong:
        click.get_current_context().exit(NOT_VALID)


def _given(codes: tuple[str, ...]) -> Iterator[str]:
    if codes != ("-",):
        yield from codes
        return
    import sys

    for line in sys.stdin:
        if line.strip():
            yield line.strip()


def _known(opened: Store, system: str) -> str:
    """Refuse a system that the store holds nothing of: every code would be unknown."""
    from semantix.errors import BadStore

    if system not in opened.systems():
        known = ", ".join(opened.systems()) or "none; import a release first"
        raise BadStore(f"{system}: no release of the store defines this system; the systems are {known}")
    return system


def _state(located: Located | None) -> str:
    if located is None:
        return "unknown"
    if not located.concept.active:
        return "retired"
    if not located.concept.assignable:
        return "not assignable"
    return "malformed" if any(each.kind == "malformed code" for each in located.evidence) else "valid"


def _facts(opened: Store, located: Located) -> dict[str, object]:
    concept = located.concept
    where = (concept.system, concept.code)
    return {
        "concept": concept,
        "state": _state(located),
        "release": opened.definer(*where),
        "terms": [
            {"text": term.text, "kind": term.kind, "lang": term.lang, "release": ref}
            for term, ref in opened.terms_of(*where)
        ],
        "parents": opened.parents(*where),
        "children": opened.children(*where),
        "successors": [{"code": each.successor, "kind": each.kind} for each in opened.successors(*where)],
    }


def _show(opened: Store, located: Located, lang: str) -> None:
    concept = located.concept
    where = (concept.system, concept.code)
    click.echo(f"{concept.code}  {concept.display}  [{say(_state(located), lang)}; {opened.definer(*where)}]")
    for term, _ in opened.terms_of(*where):
        if term.text != concept.display:
            click.echo(f"  {say('term', lang)} ({term.kind}, {term.lang}): {term.text}")
    for key, codes in (("parents", opened.parents(*where)), ("children", opened.children(*where))):
        for code in codes[:_FEW]:
            found = opened.lookup(concept.system, code)
            click.echo(f"  {say(key, lang)}: {code}  {found.display if found else ''}".rstrip())
        if len(codes) > _FEW:
            click.echo(f"  {say(key, lang)}: ... +{len(codes) - _FEW}")
    for each in opened.successors(*where):
        click.echo(f"  {say('successors', lang)}: {each.successor} ({each.kind})")
    for name, value in sorted(concept.properties.items()):
        click.echo(f"  {name}: {value}")
