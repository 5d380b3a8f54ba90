"""The charts of the statistics page: drawn, told in words, harmless, and legible without colour."""

import re
from collections.abc import Mapping
from importlib.resources import files
from string import Formatter
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from semantix.review.acceptance import CONTRADICTED, NOT_REACHED, TOO_FEW
from semantix.review.agreement import NO_HIERARCHY, NO_PAIRS, ONE_CATEGORY, ONE_ITEM
from semantix.review.distance import Band
from semantix.review.statistics import (
    DayProgress,
    Grouping,
    Progress,
    SourceLoad,
    Task,
    measure_reliability,
)
from semantix.review.web.charts import (
    FEWEST_DAYS,
    MOST_DAYS,
    _step,
    render_days,
    render_progress,
    render_reliability,
    render_sources,
)
from semantix.review.web.words import DeskWords
from semantix.review.web.words_statistics import TEXTS

SVG = "{http://www.w3.org/2000/svg}"
ENGLISH, FRENCH = (DeskWords(lang, TEXTS, ZoneInfo("Europe/Paris")) for lang in ("en", "fr"))

PROGRESS = Progress(
    100,
    1000,
    (DayProgress("2026-03-02", 10, 400), DayProgress("2026-03-05", 30, 500), DayProgress("2026-03-20", 50, 550)),
)
DAYS = (("2026-03-02", 12), ("2026-03-03", 0), ("2026-03-04", 1250))
BANDS = measure_reliability([(0.99, True)] * 30 + [(0.7, True), (0.75, False)])


def source(name: str, open_records: int = 40, unmapped: int = 10, grouping: Grouping = Grouping.SENDER) -> SourceLoad:
    return SourceLoad(
        grouping=grouping, name=name, items=3, records=80, open_records=open_records, unmapped_records=unmapped
    )


def charts(words: DeskWords) -> Mapping[str, Markup]:
    return {
        "progress": render_progress(PROGRESS, words),
        "days": render_days(DAYS, words),
        "reliability": render_reliability(BANDS, words),
    } | {
        f"sources {grouping}": render_sources([source("north"), source("", 7, 7, grouping)][::-1], words)
        for grouping in Grouping
    }


def read(chart: Markup) -> ET.Element:
    return ET.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg"{chart.removeprefix("<svg")}')


def texts(chart: Markup) -> list[str]:
    return [each.text or "" if len(each) == 0 else (each[0].tail or "") for each in read(chart).iter(f"{SVG}text")]


@pytest.mark.parametrize("words", [ENGLISH, FRENCH])
def test_every_chart_has_a_title_and_a_description(words: DeskWords) -> None:
    ids = []
    for chart in charts(words).values():
        root = read(chart)
        title, words_of_it = root[0], root[1]
        assert (title.tag, words_of_it.tag) == (f"{SVG}title", f"{SVG}desc")
        assert title.text
        assert words_of_it.text
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {words_of_it.attrib['id']}"
        ids += [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids))


def test_a_strict_content_security_policy_lets_them_through() -> None:
    for chart in charts(FRENCH).values():
        for each in read(chart).iter():
            assert each.tag.removeprefix(SVG) not in {"style", "script", "foreignObject", "a", "image", "use"}
            assert not {name for name in each.attrib if name in {"style", "href"} or name.startswith("on")}


def test_every_class_has_its_colours() -> None:
    sheet = files("semantix.review.web").joinpath("static/charts.css").read_text("utf-8")
    used = {
        each.attrib["class"]
        for chart in charts(ENGLISH).values()
        for each in read(chart).iter()
        if "class" in each.attrib
    }
    plain = {"name", "key"}  # text as the page writes it
    assert {kind for kind in used - plain if f".{kind}" not in sheet} == set()
    assert "@media print" in sheet
    assert "prefers-color-scheme: dark" in sheet


def test_lines_and_bars_differ_by_more_than_colour() -> None:
    progress = read(render_progress(PROGRESS, ENGLISH))
    dashes = {each.attrib["class"]: each.attrib.get("stroke-dasharray") for each in progress.iter(f"{SVG}path")}
    assert dashes["line-codes"] != dashes["line-records"]
    fills = {each.attrib["fill"] for each in read(render_sources([source("north")], ENGLISH)).iter(f"{SVG}rect")}
    assert {"url(#sources-sender-unmapped)", "url(#sources-sender-open)"} <= fills


def test_numbers_and_days_are_written_in_the_language() -> None:
    assert "55%" in texts(render_progress(PROGRESS, ENGLISH))
    assert "55\N{NARROW NO-BREAK SPACE}%" in texts(render_progress(PROGRESS, FRENCH))
    assert "1,250" in texts(render_days(DAYS, ENGLISH))
    assert {"1\N{NARROW NO-BREAK SPACE}250", "02/03/2026"} <= set(texts(render_days(DAYS, FRENCH)))
    assert "98–100\N{NARROW NO-BREAK SPACE}%" in texts(render_reliability(BANDS, FRENCH))


def test_nothing_to_draw_is_no_chart() -> None:
    assert not render_progress(Progress(0, 0, ()), ENGLISH)
    assert not render_days((), ENGLISH)
    assert not render_days((("2026-03-02", 0),), ENGLISH)
    assert not render_reliability(measure_reliability([]), ENGLISH)
    assert not render_sources([], ENGLISH)


def test_lines_that_end_together_have_their_figures_apart() -> None:
    chart = read(render_progress(Progress(10, 10, (DayProgress("2026-03-02", 0, 0),)), ENGLISH))
    places = [float(each.attrib["y"]) for each in chart.iter(f"{SVG}text") if each.attrib["x"] == "705.0"]
    assert len(places) == 2
    assert places[1] - places[0] >= 15


def test_more_than_everything_is_drawn_as_everything() -> None:
    chart = render_progress(Progress(1, 0, (DayProgress("2026-03-02", 3, 3),)), ENGLISH)
    assert "100%" in texts(chart)
    assert not [each for each in re.findall(r"V(-?[\d.]+)", chart) if float(each) < 0]


def test_only_the_last_days_are_drawn() -> None:
    many = [(f"2026-{month:02}-{day:02}", 5) for month in (3, 4, 5) for day in range(1, 29)]
    chart = read(render_days(many, ENGLISH))
    assert sum(each.attrib.get("class") == "bar" for each in chart.iter(f"{SVG}rect")) == MOST_DAYS
    assert len([each for each in texts(render_days(many, ENGLISH)) if "2026" in each]) <= 6


def test_one_day_is_not_as_wide_as_the_chart() -> None:
    (bar,) = read(render_days((("2026-03-02", 5),), ENGLISH)).iter(f"{SVG}rect")
    assert float(bar.attrib["width"]) < 760 / FEWEST_DAYS


@pytest.mark.parametrize(
    ("most", "step"), [(1, 1), (5, 1), (6, 2), (10, 2), (25, 5), (26, 10), (100, 20), (145, 50), (9_999, 2_000)]
)
def test_ticks_are_round(most: int, step: int) -> None:
    assert _step(most) == step


@given(st.integers(1, 10**9))
def test_five_ticks_at_most_reach_the_highest_bar(most: int) -> None:
    assert most <= 5 * _step(most) <= 6 * most + 10


HOSTILE = "</text><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("words", [ENGLISH, FRENCH])
def test_a_hostile_name_stays_text(words: DeskWords) -> None:
    chart = render_sources([source(HOSTILE)], words)
    assert "<script" not in chart
    assert "<img" not in chart
    title = read(chart).find(f".//{SVG}text[@class='name']/{SVG}title")
    assert title is not None
    assert title.text == HOSTILE


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_name_gives_a_picture(name: str) -> None:
    read(render_sources([source(name)], FRENCH))


def test_an_unnamed_source_says_so() -> None:
    assert "(non indiqué)" in texts(render_sources([source("")], FRENCH))


# --- words -----------------------------------------------------------------------------------------------------------


def test_both_languages_have_the_same_blanks() -> None:
    for english, french in TEXTS.values():
        blanks = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, french)]
        assert blanks[0] == blanks[1]


def test_whatever_a_figure_may_say_has_words() -> None:
    wanted = [f"stat_why_{reason}" for reason in (NO_PAIRS, ONE_ITEM, ONE_CATEGORY, NO_HIERARCHY)]
    wanted += [f"no_rule_{reason}" for reason in (TOO_FEW, NOT_REACHED, CONTRADICTED)]
    wanted += [f"stat_band_{band}" for band in Band]
    wanted += [f"stat_task_{task}" for task in Task]
    wanted += [f"stat_group_{grouping}" for grouping in Grouping]
    assert [key for key in wanted if key not in TEXTS] == []


def test_french_texts_have_french_apostrophes() -> None:
    assert [french for _, french in TEXTS.values() if "'" in french or '"' in french] == []
