"""The specimen that a heading names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.text.specimens import specimen_named


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
