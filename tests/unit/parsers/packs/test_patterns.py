"""Regular expressions that a pack may hold."""

import time

import pytest

from semantix.parsers.packs.expressions import search
from semantix.parsers.packs.patterns import LONGEST, READ, SHORT, compile_pattern, reach


@pytest.mark.parametrize(
    "text",
    [
        "^cr[ée]at",
        r"(?i)h.moglobine",
        r"(\d+)/(\d+)",
        r"(?P<a>\d+)\s*(?P<b>[a-z]+)?",
        r"a{2,5}",
        r"(ab){3}",
        r"[(*+)]+",
        r"\(a+\)",
        ".*cr[ée]at.*",
        r"^[^\d]*[^\W\d_][^\d]*$",
        r"^\s*[^\r\n:]+(?::|[\r\n])\s*(?P<dosage>(?s:.+))$",
        r"(?:\w+ ){3}\w+",
        r"(?i)^([^|]+)\|\1$",
        r"^(?:t\.?a\.?|tension|pression art.rielle)$",
        r"(a)?(?(1)b+|c+)",
        r"(?i)^\s*</?form\b[^<>]*>\s*$|^\s*<form\b[^<>]*>\s*</form>\s*$",
        f"(?:{chr(124).join(f'mot{n:02}' for n in range(20))}) " * 3,
    ],
)
def test_usual_expressions_are_taken(text: str) -> None:
    assert compile_pattern(text).pattern == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(a+)+$", "may take for ever"),
        ("(a|aa)+$", "may take for ever"),
        ("(?:a*)*b", "may take for ever"),
        ("((ab)+c)*", "may take for ever"),
        ("(a{1,})+", "may take for ever"),
        ("(a{30})+", "may take for ever"),
        (".*a.*b.*c.*d.*e", "share the same characters"),
        (".*.*.*!", "share the same characters"),
        (r"\w*\w*\w*!", "share the same characters"),
        ("^a*a*a*a*b", "share the same characters"),
        ("(?:a*|b*)(?:a*|c*)(?:a*)?b", "share the same characters"),
        ("(a+){20}b", "share the same characters"),
        ("(a?){20}b", "that multiply"),
        ("(?:a{0,20}){0,20}b", "that multiply"),
        ("(a|a)" * 24 + "b", "that multiply"),
        ("(a?a?)*b", "may take for ever"),
        ("(?:(?:(?:a{20}){20}){20}){20}", "written out"),
        ("(?x)( a # )\n + )+b", "may take for ever"),
        ("(", "not a regular expression"),
        ("a" * (LONGEST + 1), "characters, at most"),
        ("[", "not a regular expression"),
    ],
)
def test_what_is_wrong_or_may_take_for_ever_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        compile_pattern(text)


def test_a_class_that_holds_signs_is_one_token() -> None:
    assert compile_pattern(r"[]\])*+]+x").search("]*x") is not None


@pytest.mark.parametrize("text", ["^.*a.*b\\s*$", ".*a.*!", "a*b", r"(?P<a>\w+)\s*(?P<b>\w+)!", "(a?){12}b"])
def test_an_expression_that_is_taken_is_quick_on_the_longest_cell_that_it_reads(text: str) -> None:
    pattern = compile_pattern(text)
    began = time.perf_counter()
    assert search(pattern, "a" * reach(pattern)) is None
    assert time.perf_counter() - began < 2


def test_a_steep_expression_reads_short_cells_only() -> None:
    steep, flat = compile_pattern(".*a.*b"), compile_pattern("^ab")
    assert (reach(steep), reach(flat)) == (SHORT, READ)
    text = "ab" + "c" * SHORT
    assert search(steep, text) is None
    assert search(flat, text) is not None


def test_a_letter_beyond_the_sample_is_still_a_letter() -> None:
    with pytest.raises(ValueError, match="share the same characters"):
        compile_pattern(r"\w*ў\w*ў\w*!")
