"""Evaluation: what is right, what is timed, what is listed, and the page that tells it."""

import itertools

import msgspec
import pytest
from tests.unit.terminology.deciding import DISPLAYS, MadeUp

from semantix.errors import BadTable
from semantix.model import Outcome
from semantix.terminology.evaluation import Columns, Evaluation, GoldSet, as_json, evaluate, read_gold
from semantix.terminology.evaluation_page import render_evaluation
from semantix.terminology.evaluation_words import TEXTS, evaluation_words
from semantix.terminology.query_tables import parse

GOLD = (
    "wording\tcode\tunit\tkind",
    "asthme\tJ459|J46\t\tproblem",
    "zona\tB02.9\tmg\t",
    "hta\tI10\t\t",
    "inconnu\tI10\t\t",
    "\tI10\t\t",
    "sans code\t\t\t",
)
ENGINE = MadeUp(
    {
        "asthme": (Outcome.EXACT, True, ("J46", 0.98), ("J45.9", 0.2)),
        "zona": (Outcome.CURATED, True, ("I10", 0.9), ("J46", 0.3), ("B02.9", 0.2)),
        "hta": (Outcome.CANDIDATE, False, ("J46", 0.6), ("I10", 0.3)),
    },
    verbatim=frozenset({"asthme"}),
)
COLUMNS = Columns(query="wording", code="code", unit="unit", section="kind", separator="|")


def gold(lines: tuple[str, ...] = GOLD, columns: Columns = COLUMNS, **options: object) -> GoldSet:
    return read_gold(parse((line + "\n" for line in lines), "gold.tsv"), columns, "cim10", **options)


def evaluated(*, exclude_exact: bool = False, engine: MadeUp = ENGINE, clock: object = None) -> Evaluation:
    ticks = clock or itertools.count().__next__
    return evaluate(engine, gold(), ticks, describe=DISPLAYS.get, exclude_exact=exclude_exact)


def test_rows_without_a_query_or_a_code_are_counted_and_left_out():
    found = gold()
    assert (len(found.golds), found.without_query, found.without_code) == (4, 1, 1)


def test_gold_codes_are_compared_in_canonical_form():
    assert gold().golds[0].codes == ("J45.9", "J46")


def test_the_section_of_a_row_wins_over_the_one_given_for_all():
    sections = [each.request.context.section for each in gold(section="history").golds]
    assert sections == ["problem", "history", "history", "history"]
    assert [each.request.context.unit for each in gold().golds] == ["", "mg", "", ""]


def test_an_unknown_section_is_refused_with_its_line():
    with pytest.raises(BadTable, match="line 2: not a section"):
        gold(("wording\tcode\tunit\tkind", "asthme\tJ459\t\tantécédent"))


def test_a_table_without_any_pair_is_refused():
    with pytest.raises(BadTable, match="no row has both"):
        gold(GOLD[:1])


def test_at_most_limit_questions_are_read():
    assert len(gold(limit=2).golds) == 2


def test_without_separator_a_cell_is_one_code():
    lines = ("wording\tcode", "asthme\tJ45.9")
    assert gold(lines, Columns(query="wording", code="code")).golds[0].codes == ("J45.9",)


def test_any_accepted_code_is_right_and_the_first_candidate_decides():
    figures = evaluated().figures
    assert (figures.n, figures.top1, figures.accepted, figures.accepted_precision) == (4, 0.25, 2, 0.5)


def test_the_right_code_behind_a_wrong_firm_decision_has_its_place():
    figures = evaluated().figures
    assert (figures.top5, figures.top10) == (0.75, 0.75)


def test_the_first_decision_warms_up_and_is_not_timed():
    engine = MadeUp(ENGINE.answers)
    found = evaluated(engine=engine)
    assert engine.asked[:2] == [1, 4]
    assert found.figures.queries_per_second == 4.0


def test_without_exact_has_the_figures_of_the_other_queries():
    found = evaluated(exclude_exact=True)
    assert found.without_exact is not None
    assert (found.without_exact.n, found.without_exact.top1, found.figures.n) == (3, 0.0, 4)
    assert found.figures.top1 == 0.25


def test_json_has_the_keys_of_the_figures_and_the_block_only_when_asked():
    keys = {"n", "top1", "top5", "top10", "category_top1", "coverage_at_precision", "ece", "queries_per_second"}
    plain, both = as_json(evaluated()), as_json(evaluated(exclude_exact=True))
    assert keys <= plain.keys()
    assert "without_exact" not in plain
    assert keys <= both["without_exact"].keys()
    assert set(plain["coverage_at_precision"]) == {"0.95", "0.98", "0.99"}
    assert msgspec.json.encode(plain)


def test_the_same_answers_give_the_same_json():
    assert as_json(evaluated()) == as_json(evaluated())


def test_accepted_mistakes_come_first_with_their_displays():
    found = evaluated()
    assert [(each.query, each.chosen, each.rank) for each in found.mistakes] == [("zona", "I10", 3), ("hta", "J46", 2)]
    assert (found.mistakes[0].gold_display, found.accepted_mistakes) == ("Ceinture de feu", 1)


def test_confusions_count_what_was_expected_and_what_came():
    pairs = [(each.gold, each.chosen, each.count) for each in evaluated().confusions]
    assert pairs == [("B02.9", "I10", 1), ("I10", "", 1), ("I10", "J46", 1)]


def test_gold_codes_that_the_store_does_not_define_are_counted():
    found = evaluate(ENGINE, gold(), itertools.count().__next__, describe=lambda code: None)
    assert found.unknown_gold == 4


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_is_self_contained_and_holds_both_pictures(lang: str):
    page = render_evaluation(evaluated(exclude_exact=True), evaluation_words(lang), "1.0")
    assert page.startswith("<!DOCTYPE html>")
    assert f'<html lang="{lang}">' in page
    assert page.count("<polyline") == 2
    assert "Ceinture de feu" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page


def test_the_page_escapes_what_the_gold_file_says():
    lines = ("wording\tcode", "<b>x</b>\tI10")
    engine = MadeUp({"<b>x</b>": (Outcome.CANDIDATE, True, ("J46", 0.9))})
    questions = gold(lines, Columns(query="wording", code="code"))
    found = evaluate(engine, questions, itertools.count().__next__, describe=DISPLAYS.get)
    page = render_evaluation(found, evaluation_words("fr"), "1.0")
    assert "&lt;b&gt;x" in page
    assert "<b>x" not in page


def test_a_page_of_abstentions_has_no_curve_and_says_so():
    found = evaluate(MadeUp({}), gold(), itertools.count().__next__, describe=DISPLAYS.get)
    page = render_evaluation(found, evaluation_words("en"), "1.0")
    assert TEXTS["no_curve"][0] in page
    assert TEXTS["sentence_none_accepted"][0] in page


def test_a_perfect_evaluation_says_that_there_is_no_error():
    engine = MadeUp({each: (Outcome.EXACT, True, (code, 1.0)) for each, code in (("a", "I10"), ("b", "J46"))})
    questions = gold(("wording\tcode", "a\tI10", "b\tJ46"), Columns(query="wording", code="code"))
    found = evaluate(engine, questions, itertools.count().__next__, describe=DISPLAYS.get)
    assert TEXTS["no_error"][1] in render_evaluation(found, evaluation_words("fr"), "1.0")


def test_the_page_tells_what_was_left_out_and_what_cannot_be_found():
    found = evaluate(ENGINE, gold(), itertools.count().__next__, describe=lambda code: None)
    page = render_evaluation(found, evaluation_words("en"), "1.0")
    assert "Rows left out: 1 without a query, 1 without a code." in page
    assert "For 4 queries, no accepted code is defined in the store" in page
