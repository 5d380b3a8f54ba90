"""The words of the reports, in both languages."""

import re
from string import Formatter

from semantix.validation.report.layer_words import LAYERS, REASONS
from semantix.validation.report.words import TEXTS, report_words

ALL = [(key, text) for texts in (TEXTS, LAYERS, REASONS) for key, text in texts.items()]


def test_every_text_is_in_both_languages_with_the_same_blanks():
    for key, text in ALL:
        assert all(text), key
        fields = [{name for _, name, _, _ in Formatter().parse(side) if name} for side in text]
        assert fields[0] == fields[1], key


def test_french_is_set_as_french():
    assert [text for _, (_, text) in ALL if re.search(r"['\"]|\S[;!?]|«\S|\S»", text)] == []


def test_numbers_take_the_plural_of_the_language():
    french, english = report_words("fr"), report_words("en")
    assert [french.counted("errors", n) for n in (0, 1, 2)] == ["0 erreur", "1 erreur", "2 erreurs"]
    assert [english.counted("errors", n) for n in (0, 1, 2)] == ["0 errors", "1 error", "2 errors"]
    assert french.plural("errors", 1200) == "erreurs"


def test_days_are_written_in_full():
    assert report_words("fr").day("2026-08-01") == "1er août 2026"
    assert report_words("en").day("2026-11-26") == "26 November 2026"
    assert report_words("fr").day("hier") == "hier"


def test_a_reason_may_have_a_detail_and_an_unknown_one_stays():
    words = report_words("en")
    assert words.why_not("level-1") == "level-1 document: the generic layers only"
    assert words.why_not("missing-part: a.sch") == "a part of the rule set is missing (a.sch)"
    assert words.why_not("no-volet: other-version").startswith("no document rules for this version")
    assert words.why_not("by chance") == "by chance"


def test_layers_of_the_rule_set_keep_their_name():
    assert report_words("fr").layer("MIN") == "Règles minimales"
    assert report_words("fr").layer("VSM_2023.01") == "VSM_2023.01"


def test_only_a_page_sets_french_signs():
    assert report_words("fr")("coverage") == "Les codes sont-ils compris ?"
    assert report_words("fr", typeset=True)("coverage") == "Les codes sont-ils compris\N{NO-BREAK SPACE}?"
