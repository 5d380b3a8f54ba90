"""The specimen that a heading names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.text.specimens import is_heading, specimen_named


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("IONOGRAMME URINAIRE", "urine"),
        ("Urines des 24 heures", "urine"),
        ("ECBU", "urine"),
        ("CHIMIE DU LIQUIDE CÉPHALO-RACHIDIEN", "csf"),
        ("LCR", "csf"),
        ("Coproculture", "stool"),
        ("Selles", "stool"),
        ("Salive", "saliva"),
        ("LIQUIDE PLEURAL", "other"),
        ("Spermogramme", "other"),
        ("SANG ET URINES", "other"),
        ("URINES ET SELLES", "other"),
        ("BIOCHIMIE SANGUINE", ""),
        ("HEMATOLOGIE", ""),
        ("Ionogramme", ""),
        ("Tourine", ""),
        ("", ""),
        ("urine " * 40, ""),
    ],
)
def test_a_heading_names_what_is_not_blood(words: str, expected: str) -> None:
    assert specimen_named(words) == expected


@given(st.text(max_size=130))
def test_no_words_raise(words: str) -> None:
    assert specimen_named(words) in {"", "urine", "csf", "stool", "saliva", "other"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("HEMATOLOGIE", True),
        ("  Ionogramme urinaire des 24 h ", True),
        ("Urines", True),
        ("BILAN DU 12", False),
        ("Urines 1,2 g/24h", False),
        ("Urines : troubles", False),
        ("Absence de germes dans les urines", False),
        ("Hématologie", False),
        ("", False),
        ("A" * 61, False),
    ],
)
def test_a_heading_is_short_and_without_a_number(words: str, expected: bool) -> None:
    assert is_heading(words) is expected
