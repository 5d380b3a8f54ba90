"""The lists of the page of a run: groups that differ, codes, drift."""

from __future__ import annotations

from html import escape

from semantix.report.figures import target_name
from semantix.report.pieces import Cell, html_section, html_table
from semantix.runs.reporting import charts
from semantix.runs.reporting.figures import Codes, Drift, Group, QualityFigures
from semantix.runs.reporting.words import RunWords, system_title

CHARTED = 20
LISTED = 50
RATIOS = frozenset({"volume", "documents"})
_CERTAIN = 0.001


def differing_section(figures: QualityFigures, words: RunWords) -> str:
    """Groups whose unmapped share differs from the rest: of documents (representativity), then of facts."""
    limits = figures.limits
    points = words.decimal(limits.min_difference * 100, 0)
    parts = [_differing(key, figures, words) for key in ("of_documents", "of_facts")]
    if not any(parts):
        return html_section(words("differing"), f"<p>{escape(words('no_differing', points=points))}</p>")
    note = words("differing_note", points=points, rate=words.percent(limits.discovery_rate))
    return html_section(words("differing"), f"<p>{escape(note)}</p>\n" + "".join(parts))


def _differing(key: str, figures: QualityFigures, words: RunWords) -> str:
    found = figures.differing(of_facts=key == "of_facts")
    if not found:
        return ""
    drawn = [
        (words.group(dimension, group.name, group.pooled), group.contrast)
        for dimension, group in found[:CHARTED]
        if group.contrast is not None
    ]
    columns = ("documents", "facts", "unmapped_share", "difference", "interval", "rate")
    heads: list[Cell] = [("", words("group")), *(("number", words(column)) for column in columns)]
    rows = [_contrast(dimension, group, words) for dimension, group in found[:LISTED]]
    more = len(found) - len(rows)
    hidden = f"<p>{escape(words('more_groups', count=words.number(more)))}</p>\n" if more else ""
    chart = charts.render_contrasts(key, drawn, words)
    return f"<h3>{escape(words(key))}</h3>\n{chart}{html_table(words(key), heads, rows)}{hidden}"


def _contrast(dimension: str, group: Group, words: RunWords) -> list[Cell]:
    contrast = group.contrast
    assert contrast is not None
    name = f"{words(f'dimension_{dimension}')} – {words.group(dimension, group.name, group.pooled)}"
    rate = f"< {words.decimal(_CERTAIN, 3)}" if contrast.rate < _CERTAIN else words.decimal(contrast.rate, 3)
    return [
        ("", escape(name)),
        ("number", words.number(group.share.documents)),
        ("number", words.number(group.share.facts)),
        ("number", escape(words.share(group.share.unmapped_share))),
        ("number", words.points(contrast.difference)),
        ("number", words("from_to", low=words.points(contrast.low), high=words.points(contrast.high))),
        ("number", escape(rate)),
    ]


def codes_section(figures: QualityFigures, words: RunWords) -> str:
    """Unmapped, new and missing codes."""
    parts = [_codes("codes_unmapped", figures.unmapped, figures, words)]
    if figures.before.documents:
        parts.append(_codes("codes_new", figures.new_codes, figures, words))
        parts.append(_codes("codes_gone", figures.gone_codes, figures, words))
    return html_section(words("codes"), "".join(parts))


def _codes(key: str, codes: Codes, figures: QualityFigures, words: RunWords) -> str:
    title = f"<h3>{escape(words(key))}</h3>\n"
    if key == "codes_gone":
        expected = words.decimal(figures.limits.min_expected, 0)
        title += f'<p class="note">{escape(words("codes_gone_note", expected=expected))}</p>\n'
    body = ""
    if codes.named:
        heads: list[Cell] = [("", words("code")), ("", words("system")), ("", words("target"))]
        heads += [("number", words("n")), ("number", words("documents"))]
        body = html_table(
            words(key),
            heads,
            [
                [
                    ("code", escape(one.code)),
                    ("", escape(system_title(one.system))),
                    ("", escape(", ".join(target_name(target) for target in one.targets if target) or "–")),
                    ("number", words.number(one.n)),
                    ("number", words.number(one.documents)),
                ]
                for one in codes.named
            ],
        )
    if codes.more:
        body += f"<p>{escape(words('more_codes', count=words.number(codes.more)))}</p>\n"
    if codes.rare:
        rare = words(
            "rare_codes",
            least=figures.limits.min_group,
            count=words.number(codes.rare),
            n=words.number(codes.rare_n),
        )
        body += f'<p class="note">{escape(rare)}</p>\n'
    return title + (body or f"<p>{escape(words('no_codes'))}</p>\n")


def drift_section(figures: QualityFigures, words: RunWords) -> str:
    """What changed in practices; nothing is said in a first run."""
    if not figures.before.documents:
        return ""
    limits = figures.limits
    note = words(
        "drift_note",
        count=words.number(figures.watched),
        moved=words.decimal(limits.moved, 2),
        drifted=words.decimal(limits.drifted, 2),
        volume_moved=words.decimal(limits.volume_moved, 1),
        volume_drifted=words.decimal(limits.volume_drifted, 1),
    )
    if not figures.drift:
        return html_section(words("drift"), f"<p>{escape(note)}</p>\n<p>{escape(words('no_drift'))}</p>")
    heads: list[Cell] = [("", words("dimension_practice")), ("", words("measure"))]
    heads += [("number", words(key)) for key in ("drift_value", "before", "now")]
    heads += [("", words("verdict"))]
    table = html_table(words("drift"), heads, [_drift(one, words) for one in figures.drift[:LISTED]])
    hidden = len(figures.drift) - LISTED
    more = f"<p>{escape(words('more_groups', count=words.number(hidden)))}</p>\n" if hidden > 0 else ""
    sides = f'<p class="note">{escape(words("drift_sides"))}</p>\n'
    return html_section(words("drift"), f"<p>{escape(note)}</p>\n{table}{sides}{more}")


def _drift(one: Drift, words: RunWords) -> list[Cell]:
    is_ratio = one.measure in RATIOS
    value = words.decimal(one.value, 2) if is_ratio else words.decimal(one.value, 3)
    digits = 1 if one.measure == "volume" else 0
    return [
        ("", escape(words.group("practice", one.practice))),
        ("", escape(words(f"measure_{one.measure}"))),
        ("number", words("times" if is_ratio else "bits", value=value)),
        ("number", words.decimal(one.before, digits)),
        ("number", words.decimal(one.now, digits)),
        ("verdict", escape(words(f"verdict_{one.verdict}"))),
    ]
