"""``semantix review import``: files of candidates, codes or mappings into a desk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from semantix_cli.options import given_store, lang, precision, tables
from semantix_cli.review_options import desk, open_desk, who
from semantix_cli.review_words import say

if TYPE_CHECKING:
    from semantix.review.desk import Desk
    from semantix.review.formats.exchange import Entry, Exchange
    from semantix.review.intake import Options
    from semantix.review.proposer import Proposer

FORMATS = ("candidates", "table", "workbook", "usagi", "sssom", "conceptmap", "stcm")
SHOWN = 10


@click.command("import", short_help="Bring candidates, codes or mappings into the desk.")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@desk
@click.option("--format", "kind", type=click.Choice(FORMATS), help="What the file is.  [default: what it looks like]")
@click.option("--target", metavar="SYSTEM", default="", help="Terminology wanted, where the file does not say.")
@given_store
@tables
@precision
@click.option("--code-column", metavar="NAME", help="Column of the codes of a table.  [default: the usual names]")
@click.option("--label-column", metavar="NAME", help="Column of the labels.  [default: the usual names]")
@click.option("--frequency-column", metavar="NAME", help="Column of the number of records.  [default: the usual names]")
@click.option("--unit-column", metavar="NAME", help="Column of the units.  [default: the usual names]")
@click.option(
    "--sheet", metavar="NAME", default="", help="Sheet of a workbook.  [default: the one with codes or labels]"
)
@click.option("--system", metavar="SYSTEM", default="", help="System of the codes of a table: a key, an OID or a URI.")
@click.option("--sender", metavar="NAME", default="", help="Who uses the codes of a table.")
@click.option("--section", metavar="SECTION", default="", help="Kind of statement of a table (laboratory, problem...).")
@click.option("--add", is_flag=True, help="Add frequencies to those of known items, rather than take their place.")
@click.option("--keep-personal", is_flag=True, help="Keep labels that seem to tell of a person; left out by default.")
@who
@lang
def import_(
    files: tuple[Path, ...],
    place: str,
    kind: str | None,
    target: str,
    store: Path | None,
    tables: tuple[Path, ...],
    precision: float,
    code_column: str | None,
    label_column: str | None,
    frequency_column: str | None,
    unit_column: str | None,
    sheet: str,
    system: str,
    sender: str,
    section: str,
    add: bool,
    keep_personal: bool,
    who: str,
    lang: str,
) -> None:
    """Bring files into the desk, which is made when it is not there. FILE is recognised by what stands in it:
    candidates of `convert --candidates`, a CSV or workbook of codes or labels with their frequency, a Usagi save file,
    SSSOM, a FHIR ConceptMap, or a SOURCE_TO_CONCEPT_MAP.

    What comes without candidates is given some by the engine with --store, else by the curated tables alone. Decisions
    that a file brings are taken as they are; one that contradicts the desk is kept beside. A file that cannot be read
    leaves the desk as it was.

    \b
    Examples:
      semantix review import review.tsv --store store/
      semantix review import local-codes.xlsx --target loinc --sender "Laboratoire A" --store store/
      semantix review import usagi-save.csv sssom-from-elsewhere.sssom.tsv
    """  # noqa: D205
    from semantix.pipeline.collector import rare_collection
    from semantix.review.formats.omop_concepts import open_concepts
    from semantix.review.intake import Options, TableOptions
    from semantix.terminology.resolving import system_key

    options = Options(
        format=kind or "",
        keep_personal=keep_personal,
        concepts=open_concepts(store) if store else None,
        table=TableOptions(
            code=code_column,
            label=label_column,
            frequency=frequency_column,
            unit=unit_column,
            section=section,
            sender=sender,
            system=system,
            target=system_key(target) if target else "",
            sheet=sheet,
        ),
    )
    proposer = _proposer(store, tables, precision, lang)
    with open_desk(place, create=True, store=store) as opened, rare_collection():
        for path in files:
            _import(opened, path, options, proposer, (who, add, store is not None, lang))
    click.echo(say("serve_hint", lang), err=True)


def _proposer(store: Path | None, extra: tuple[Path, ...], wanted: float, lang: str) -> Proposer:
    from semantix.review.proposer import Proposer
    from semantix_cli.learning import learning

    def tell(done: int, all_: int) -> None:
        if all_ > SHOWN * 100:
            click.echo(say("proposing", lang, done=done, all=all_), err=True)

    return Proposer(store, extra, wanted, learning(lang), tell)


def _import(opened: Desk, path: Path, options: Options, proposer: Proposer, said: tuple[str, bool, bool, str]) -> None:
    import hashlib

    who, add, has_store, lang = said
    exchange = _read(path, options, lang)
    entries: Sequence[Entry] = exchange.entries
    before = sum(bool(each.proposal.candidates) for each in entries)
    entries = proposer.propose(entries)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    done = opened.bring(who, entries, {"digest": digest, "format": options.format or "recognised"}, add)
    lines = [say("imported", lang, new=done.new, updated=done.updated, unchanged=done.unchanged)]
    proposed = sum(bool(each.proposal.candidates) for each in entries)
    for key, count in (
        ("decided", done.decided),
        ("aside", done.aside),
        ("proposed", proposed - before),
        (
            "nothing_near" if has_store else "no_candidates",
            sum(not each.proposal.candidates and each.judgement is None for each in entries),
        ),
    ):
        if count:
            lines.append(say(key, lang, count=count))
    click.echo(path.name + (" : " if lang == "fr" else ": ") + (" ; " if lang == "fr" else "; ").join(lines))
    _tell_problems(exchange, lang)


def _read(path: Path, options: Options, lang: str) -> Exchange:
    """Read a file; why it is refused is said in the language of the user."""
    from semantix.errors import BadMappings, BadTable
    from semantix.review.intake import read
    from semantix.review.intake.problem_words import refusal_in_french

    try:
        return read(path, options)
    except (BadMappings, BadTable) as error:
        raise type(error)(refusal_in_french(str(error)) if lang == "fr" else str(error)) from None


def _tell_problems(exchange: Exchange, lang: str) -> None:
    from semantix.review.intake.problem_words import expected_in_french, found_in_french

    french = lang == "fr"
    for each in exchange.problems[:SHOWN]:
        key = "problem" if each.line else "problem_nowhere"
        found = found_in_french(each.found) if french else each.found
        expected = expected_in_french(each.expected) if french else each.expected
        click.echo("  " + say(key, lang, line=each.line, found=found, expected=expected), err=True)
    if len(exchange.problems) > SHOWN:
        click.echo("  " + say("more_problems", lang, count=len(exchange.problems) - SHOWN), err=True)
