"""Regular expressions that a pack may hold."""

import time

import pytest

from semantix.parsers.packs.patterns import LONGEST, compile_pattern


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
        (".*a.*b.*c.*d.*e", "any character repeated"),
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


def test_an_expression_that_is_taken_is_quick_on_a_long_cell() -> None:
    pattern = compile_pattern(r".*a.*b.*c\s*$")
    began = time.perf_counter()
    assert pattern.search("ab" * 100 + "!") is None
    assert time.perf_counter() - began < 2
