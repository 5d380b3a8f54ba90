"""The page of a run's report: whole, alone, in two languages, with a table beside each chart."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import msgspec
import pytest

from semantix.runs.model import Fate
from semantix.runs.reporting import Limits, QualityFigures, RunFacts, to_page
from semantix.runs.reporting.figures import (
    DIMENSIONS,
    MEASURES,
    OTHER,
    CodeCount,
    Codes,
    Contrast,
    Drift,
    Group,
    Share,
)
from semantix.runs.reporting.word_texts import SECTIONS, TEXTS
from semantix.runs.reporting.words import run_words

FACTS = RunFacts(
    run=7, day="2026-11-25", state="ended", files=1234, bytes_read=61_234_567, read=1200,
    fates={"live": 4650, "superseded": 12}, quarantine={"UnreadableInput": 3, "Other<Error>": 1}, ignored={"empty": 2},
    decisions={"cim10": {"exact": 1100, "review": 4}}, seconds=14.2, cpu=27.4, engine_cpu=2.1,
    versions={"semantix": "1.0", "tables": "9f2c"},
)  # fmt: skip
MORE = Contrast(0.123, 0.05, 0.2, 0.0004, "more")
LESS = Contrast(-0.0612, -0.11, -0.02, 0.0312, "less")


def group(name: str, contrast: Contrast | None = None, unmapped: int = 20, pooled: int = 0) -> Group:
    return Group(name, Share(30, 60, 20, unmapped, 5), contrast, pooled)


FIGURES = QualityFigures(
    facts=FACTS,
    limits=Limits(),
    total=Share(1165, 13362, 1037, 3250, 12370),
    before=Share(3000, 100, 10, 20, 0),
    targets={
        "cim10": {"source": 60, "exact": 20, "review": 5, "nothing": 15},
        "": {"unasked": 9},
        "atc": {"unasked": 1},
    },
    dimensions={
        "practice": (
            group("Cabinet <du> Port", MORE),
            *(group(f"C{i}") for i in range(30)),
            group(OTHER, LESS, pooled=3),
        ),
        "software": (group(""),),
        "section": (group("8716-3", LESS), group("1-8"), group("")),
        "system": (group("2.16.840.1.113883.6.1"), group("urn:semantix:local:x"), group("")),
        "sex": (group("F"), group("M"), group("U")),
        "age_band": (group(""), group("15-24"), group("90+")),
        "period": (*(group(f"20{20 + i // 12}-{i % 12 + 1:02}", unmapped=i) for i in range(40)), group("")),
    },
    unmapped=Codes((CodeCount("urn:x", "D<1", 12, 3400, ("cim10", "")),), 4, 7, 9),
    new_codes=Codes((CodeCount("urn:x", "N1", 12, 34),)),
    gone_codes=Codes(),
    drift=(
        Drift("A", "systems", 0.0725, 153.0, 42.0, "drifted"),
        Drift("A", "sections", 0.03, 153.0, 42.0, "moved"),
        Drift("", "volume", 1.54, 24.7, 38.0, "moved"),
        *(Drift(f"B{i:03}", "documents", 0.23, 44.0, 10.0, "drifted") for i in range(50)),
    ),
    watched=26,
)  # fmt: skip
FIRST = msgspec.structs.replace(
    FIGURES,
    facts=RunFacts(run=1),
    total=Share(),
    before=Share(),
    targets={},
    dimensions=dict.fromkeys(DIMENSIONS, ()),
    unmapped=Codes(),
    drift=(),
)
"""A run that read nothing."""


class Parser(HTMLParser):
    """Tags opened and closed, ids, and what is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.ids += [named["id"] or ""] if "id" in named else []
        self.fetched += [f"{tag} {key}" for key in named if key in {"src", "href", "srcset"} or key.startswith("on")]
        if tag not in {"meta", "br", "rect", "path", "circle"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"rect", "path", "circle"}:
            assert self.open.pop() == tag


@pytest.mark.parametrize("figures", [FIGURES, FIRST], ids=["full", "empty"])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_is_whole_and_fetches_nothing(figures: QualityFigures, lang: str) -> None:
    page = to_page(figures, lang)
    parser = Parser()
    parser.feed(page)
    assert (parser.open, parser.fetched) == ([], [])
    assert len(parser.ids) == len(set(parser.ids))
    assert f'<html lang="{lang}">' in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert OTHER not in page
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ET.fromstring(svg)
    assert page == to_page(figures, lang)


def test_what_sources_write_is_escaped() -> None:
    page = to_page(FIGURES, "en")
    assert "Cabinet &lt;du&gt; Port" in page
    assert "<du>" not in page
    assert "D&lt;1" in page
    assert "Other&lt;Error&gt;" in page


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("fr", ["usage secondaire", "décision de soin", "17\N{NARROW NO-BREAK SPACE}649 faits", "25/11/2026, terminée",
                "+12,3", "−6,1", "84,5", "Petits groupes réunis (3)", "Signes vitaux (8716-3)", "0,072 bit", "× 1,54",
                "moins de 10 documents", "< 0,001", "15–24 ans", "(des mots seuls)"]),
        ("en", ["secondary use", "clinical decision", "17,649 facts", "2026-11-25, ended", "+12.3", "−6.1", "84.5",
                "Small groups together (3)", "Vital signs (8716-3)", "0.072 bit", "× 1.54", "0.031", "Women"]),
    ],
)  # fmt: skip
def test_the_page_says_what_matters_in_its_language(lang: str, told: list[str]) -> None:
    page = to_page(FIGURES, lang).replace("&lt; 0", "< 0")
    assert [words for words in told if words not in page] == []


def test_each_chart_has_a_table_beside_it() -> None:
    page = to_page(FIGURES, "en")
    for chart in re.split(r'<div class="chart">', page)[1:]:
        assert '<div class="table"' in chart.split("<h2>")[0]


def test_long_lists_are_cut_and_say_so() -> None:
    page = to_page(FIGURES, "en")
    assert "C18" in page
    assert "C19" not in page
    assert "… and 11 more, in the JSON report." in page
    assert "… and 3 more, in the JSON report." in page
    assert "… and 4 more." in page
    assert "2020-05" not in page
    assert "2020-06" in page


def test_a_first_run_is_compared_with_nothing() -> None:
    page = to_page(FIRST, "en")
    assert "There is no run before it" in page
    assert "No group differs" in page
    assert "Nothing was put in quarantine." in page
    assert "Drift" not in page


def test_no_drift_is_said() -> None:
    assert "Nothing has drifted." in to_page(msgspec.structs.replace(FIGURES, drift=()), "en")


def test_every_text_is_in_both_languages_with_the_same_blanks() -> None:
    for key, (english, french) in TEXTS.items():
        assert english
        assert french
        assert sorted(re.findall(r"{(\w+)}", english)) == sorted(re.findall(r"{(\w+)}", french)), key
        assert "'" not in french
    assert all(len(texts) == 2 for texts in SECTIONS.values())


def test_every_fate_dimension_and_measure_has_words() -> None:
    wanted = {f"fate_{fate.value}" for fate in Fate} | {f"measure_{measure}" for measure in MEASURES}
    wanted |= {f"{word}_{dimension}" for word in ("dimension", "none") for dimension in DIMENSIONS}
    assert wanted <= set(TEXTS)


def test_numbers_are_written_as_the_language_does() -> None:
    french, english = run_words("fr_FR.UTF-8"), run_words("en")
    assert (french.decimal(-1234.56), english.decimal(-1234.56)) == ("−1\N{NARROW NO-BREAK SPACE}234,6", "−1,234.6")
    assert french.decimal(3.4, 0) == "3"
    assert (english.share(0.0004), english.share(0.0)) == ("< 0.1%", "0%")
    assert (french.date("2026-11"), english.date("2026-11-25")) == ("2026-11", "2026-11-25")
