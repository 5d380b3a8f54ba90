"""The report for a terminal: the verdict, the overview, what fails with why and what to do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from semantix.quality.explanations import explain
from semantix.quality.outcomes import ERROR, FAILED, Result
from semantix.quality.running import QualityRun
from semantix.quality.tallies import Tally, by_category, by_reason, failures, tally
from semantix.quality.words import KINDS_OF_REASON, QualityWords

_WIDTH = 100
_STATUSES = ("passed", "failed", "not_applicable", "error")


def as_text(run: QualityRun, words: QualityWords) -> str:
    """Write the report."""
    return "\n".join(_lines(run, words)) + "\n"


def _lines(run: QualityRun, words: QualityWords) -> Iterator[str]:
    yield words("title")
    yield words("subtitle", database=run.database, engine=run.engine, schema=run.schema)
    yield ""
    yield from verdict(run, words)
    yield ""
    yield from _overview(run, words)
    for group in failures(run.results):
        yield from _failing(group, words)
    errors = [result for result in run.results if result.status == ERROR]
    if errors:
        yield from ("", words("errors").upper())
        yield from (f"  {place_of(result)}  {result.check.kind.name}: {result.counted.error}" for result in errors)
    reasons = by_reason(run.results)
    if reasons:
        yield from ("", words("inapplicable").upper())
        for reason, some in reasons.items():
            yield f"  {words.number(len(some)):>6}  {words.choose(KINDS_OF_REASON[reason])}"
    yield ""
    yield from definitions_in_words(run, words)


def verdict(run: QualityRun, words: QualityWords) -> Iterator[str]:
    """The verdict, in sentences."""
    counted = tally(run.results)
    fatal = sum(result.status == FAILED and result.check.kind.severity == "fatal" for result in run.results)
    if counted.failed:
        yield words(
            "some_fail",
            failed=words.number(counted.failed),
            applicable=words.number(counted.applicable),
            share=words.percent(counted.share),
            fatal=words.number(fatal),
        )
    elif not counted.error:
        yield words("all_pass") if counted.passed else words("none_apply")
    if counted.error:
        yield words("some_errors", errors=words.number(counted.error))
    if not run.has_vocabulary:
        yield words("no_vocabulary_note")


def overview_rows(run: QualityRun, words: QualityWords) -> Iterator[tuple[str, Tally]]:
    """Each category and all of them, counted."""
    for name, counted in by_category(run.results):
        yield category_in_words(name, words), counted
    yield words("total"), tally(run.results)


def category_in_words(name: str, words: QualityWords) -> str:
    """Name a category; one that definitions made up names itself."""
    return words(name) if name in {"Plausibility", "Conformance", "Completeness"} else name


def figures(counted: Tally, words: QualityWords) -> tuple[str, ...]:
    """The figures of a row of the overview."""
    numbers = (*(getattr(counted, status) for status in _STATUSES), counted.total)
    return (*map(words.number, numbers), words.percent(counted.share) if counted.applicable else "–")


def overview_heads(words: QualityWords) -> tuple[str, ...]:
    """The heads of the overview."""
    return (words("category"), *(words(status) for status in _STATUSES), words("total"), words("share"))


def _overview(run: QualityRun, words: QualityWords) -> Iterator[str]:
    rows = [overview_heads(words), *((name, *figures(counted, words)) for name, counted in overview_rows(run, words))]
    yield from _columns(rows)


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        first, *others = (
            cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in _sized(row, widths)
        )
        yield "  ".join((first, *others)).rstrip()


def _sized(row: Sequence[str], widths: Sequence[int]) -> Iterator[tuple[int, tuple[str, int]]]:
    yield from enumerate(zip(row, widths, strict=True))


def _failing(group: Sequence[Result], words: QualityWords) -> Iterator[str]:
    kind = group[0].check.kind
    explanation = explain(kind.name)
    yield ""
    yield f"{words('failed').upper()}  {words.choose(explanation.title)} ({kind.name}, {words(kind.severity)})"
    for text in (explanation.why, explanation.fix):
        yield from textwrap.wrap(words.choose(text), _WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield from (f"    {place_of(result)}  {counts_in_words(result, words)}" for result in group)


def place_of(result: Result) -> str:
    """The table, field and concept of a result."""
    check = result.check
    concept = f" = {check.concept}" if check.concept else ""
    unit = f" ({check.unit})" if check.unit else ""
    return f"{check.place}{concept}{unit}"


def counts_in_words(result: Result, words: QualityWords) -> str:
    """The counts of a result in words; a table or a field that is not there has an error in their stead."""
    counted = result.counted
    if counted.violated is None or counted.denominator is None:
        return counted.error
    return words(
        "of",
        violated=words.number(counted.violated),
        denominator=words.number(counted.denominator),
        share=words.hundredths(result.share * 100),
        threshold=words.limit(result),
    )


def definitions_in_words(run: QualityRun, words: QualityWords) -> Iterator[str]:
    """Which definitions were used."""
    yield f"{words('definitions')}{words('colon')}{words.name_of(run.definitions.name)}"
    yield from (f"  {words.name_of(file)}  SHA-256 {digest}" for file, digest in run.definitions.files)
