"""The report of a run as one HTML page: no script, nothing fetched; a table beside each chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from semantix.report.figures import DECIDED, target_name
from semantix.report.pieces import Cell, html_page, html_section, html_table
from semantix.runs.model import Fate
from semantix.runs.reporting import charts
from semantix.runs.reporting.figures import DIMENSIONS, QualityFigures, Share
from semantix.runs.reporting.page_groups import groups_section
from semantix.runs.reporting.page_lists import codes_section, differing_section, drift_section
from semantix.runs.reporting.words import RunWords, run_words

_OUTCOMES = ("source", *DECIDED)
_MADE_WITH = "semantix"


def to_page(figures: QualityFigures, lang: str) -> str:
    """Write the page in a language: ``fr`` for any French locale, else English."""
    words = run_words(lang)
    sections = (
        _in_short(figures, words),
        _documents(figures, words),
        _coverage(figures, words),
        differing_section(figures, words),
        *(groups_section(figures, dimension, words) for dimension in DIMENSIONS),
        codes_section(figures, words),
        drift_section(figures, words),
        _cost(figures, words),
    )
    version = figures.facts.versions.get(_MADE_WITH, "")
    footer = f"{words('made_by')} {version}".strip() + f". {words('holds', least=figures.limits.min_group)}"
    return html_page(words.lang, words("title", run=figures.facts.run), words("subtitle"), sections, footer)


def _in_short(figures: QualityFigures, words: RunWords) -> str:
    facts, total = figures.facts, figures.total
    cards = [
        (words.number(facts.read), words("card_read")),
        (words.number(facts.fates.get(Fate.LIVE, 0)), words("card_live")),
        (words.share(total.unmapped_share), words("card_unmapped")),
        (words.number(sum(facts.quarantine.values())), words("card_quarantine")),
        (words.number(len(figures.differing(of_facts=False))), words("card_differing")),
    ]
    if facts.pace:
        cards.append((words.decimal(facts.pace), words("card_pace")))
    items = "".join(f"<li><strong>{escape(value)}</strong><span>{escape(label)}</span></li>" for value, label in cards)
    told = "".join(f"<p>{escape(sentence)}</p>\n" for sentence in sentences(figures, words))
    return html_section(words("in_short"), f'{charts.patterns()}<ul class="cards">{items}</ul>\n{told}')


def sentences(figures: QualityFigures, words: RunWords) -> Iterator[str]:
    """What a person should know first."""
    facts, total, before = figures.facts, figures.total, figures.before
    if facts.day and facts.state:
        yield words("sentence_run", day=words.date(facts.day), state=words.named("state", facts.state))
    yield words(
        "sentence_facts",
        **{key: words.number(getattr(total, key)) for key in ("facts", "documents", "source", "engine", "unmapped")},
        share=words.share(total.unmapped_share),
    )
    if before.documents:
        yield words(
            "sentence_before", share=words.share(before.unmapped_share), documents=words.number(before.documents)
        )
    else:
        yield words("sentence_first")
    if total.unasked:
        yield words("sentence_unasked", count=words.number(total.unasked))


def _documents(figures: QualityFigures, words: RunWords) -> str:
    facts = figures.facts
    body = ""
    fates = {fate.value: facts.fates.get(fate, 0) for fate in Fate}
    if facts.fates:
        body += f'<h3>{escape(words("fates"))}</h3>\n<p class="note">{escape(words("fates_note"))}</p>\n'
        body += _counts("fate", words("fates"), ("fate", "documents"), fates, words)
    body += f"<h3>{escape(words('quarantine'))}</h3>\n"
    if facts.quarantine:
        body += _counts("reason", words("quarantine"), ("reason", "count"), facts.quarantine, words)
    else:
        body += f"<p>{escape(words('none_quarantine'))}</p>\n"
    if facts.ignored:
        body += f"<h3>{escape(words('ignored'))}</h3>\n"
        body += _counts("reason", words("ignored"), ("reason", "files"), facts.ignored, words)
    return html_section(words("documents_title"), body)


def _counts(table: str, caption: str, heads: tuple[str, str], counts: Mapping[str, int], words: RunWords) -> str:
    rows: list[list[Cell]] = [
        [("", escape(words.named(table, key))), ("number", words.number(count))] for key, count in counts.items()
    ]
    return html_table(caption, [("", words(heads[0])), ("number", words(heads[1]))], rows)


def _coverage(figures: QualityFigures, words: RunWords) -> str:
    rows = [(target_name(target), _share(outcomes), outcomes) for target, outcomes in figures.targets.items() if target]
    rows = sorted((row for row in rows if row[1].facts), key=lambda row: (-row[1].facts, row[0]))
    if not rows:
        return ""
    chart = charts.render_shares("targets", words("coverage"), [(name, share) for name, share, _ in rows], words)
    heads: list[Cell] = [("", words("target")), *(("number", words(key)) for key in (*_OUTCOMES, "unmapped_share"))]
    table = html_table(
        words("coverage"),
        heads,
        [
            [
                ("", escape(name)),
                *(("number", words.number(outcomes.get(outcome, 0))) for outcome in _OUTCOMES),
                ("number", escape(words.share(share.unmapped_share))),
            ]
            for name, share, outcomes in rows
        ],
    )
    note = f'<p class="note">{escape(words("coverage_note"))}</p>\n'
    return html_section(words("coverage"), note + charts.legend(words) + chart + table + _decisions(figures, words))


def _share(outcomes: Mapping[str, int]) -> Share:
    unmapped = outcomes.get("review", 0) + outcomes.get("nothing", 0)
    engine = sum(count for outcome, count in outcomes.items() if outcome in DECIDED) - unmapped
    return Share(0, outcomes.get("source", 0), engine, unmapped, outcomes.get("unasked", 0))


def _decisions(figures: QualityFigures, words: RunWords) -> str:
    """What the journal counts: every document read, live or not."""
    decided = figures.facts.decisions
    if not decided:
        return ""
    heads: list[Cell] = [("", words("target")), *(("number", words(how)) for how in DECIDED)]
    rows: list[list[Cell]] = [
        [("", escape(target_name(target))), *(("number", words.number(counts.get(how, 0))) for how in DECIDED)]
        for target, counts in sorted(decided.items())
    ]
    return f"<h3>{escape(words('decisions'))}</h3>\n" + html_table(words("decisions"), heads, rows)


def _cost(figures: QualityFigures, words: RunWords) -> str:
    facts = figures.facts
    costs: Sequence[tuple[str, str]] = (
        ("files", words.number(facts.files)),
        ("documents", words.number(facts.read)),
        ("bytes", words.number(facts.bytes_read)),
        ("seconds", words.decimal(facts.seconds)),
        ("cpu", words.decimal(facts.cpu)),
        ("engine_cpu", words.decimal(facts.engine_cpu)),
        ("pace", words.decimal(facts.pace)),
    )
    rows: list[list[Cell]] = [[("", escape(words(key))), ("number", value)] for key, value in costs]
    body = html_table(words("cost"), [("", words("quantity")), ("number", words("value"))], rows)
    if facts.versions:
        versions: list[list[Cell]] = [
            [("", escape(name)), ("code", escape(version))] for name, version in sorted(facts.versions.items())
        ]
        body += html_table(words("version_of"), [("", words("version_of")), ("", words("version"))], versions)
    return html_section(words("cost"), body)
