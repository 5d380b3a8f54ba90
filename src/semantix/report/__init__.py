"""The loss report: what was read, carried, kept by meaning and left out, for machines and for people."""

from semantix.report.figures import (
    DECIDED,
    DocumentLine,
    Figures,
    Tally,
    Unreadable,
    figures_of,
    line_of,
    target_name,
)
from semantix.report.loss import LossReport, Rest, encode_document, with_issues, without_produce
from semantix.report.page import Page, render_page
from semantix.report.reading import Reading
from semantix.report.words import LANGUAGES, Words, words_in

__all__ = [
    "DECIDED",
    "LANGUAGES",
    "DocumentLine",
    "Figures",
    "LossReport",
    "Page",
    "Reading",
    "Rest",
    "Tally",
    "Unreadable",
    "Words",
    "encode_document",
    "figures_of",
    "line_of",
    "render_page",
    "target_name",
    "with_issues",
    "without_produce",
    "words_in",
]
