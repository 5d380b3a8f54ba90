"""Decisions in French and English words."""

import pytest

from semantix.model import Candidate, Context, Decision, Evidence, Outcome, Query
from semantix.terminology.decision_words import (
    CONFLICTS,
    EVIDENCE,
    OUTCOMES,
    conflicts_in_words,
    evidence_in_words,
    outcome_in_words,
    reason_in_words,
)


def decision(reason: str) -> Decision:
    return Decision(Query(text="x"), Context(), "cim10", Outcome.CANDIDATE, (), False, reason)


@pytest.mark.parametrize(
    ("reason", "french"),
    [
        ("exact label", "libellé exact"),
        ("curated row of diagnoses__cim10", "décidé à la main dans diagnoses__cim10"),
        ("conflict: laterality, number", "contradiction : côté, nombre"),
        (
            "below the threshold that guarantees a precision of 0.98 for label wording",
            "sous le seuil qui garantit 0.98 de précision",
        ),
        ("a reason that nobody translated", "a reason that nobody translated"),
    ],
)
def test_reasons_have_french_words_or_stay(reason: str, french: str):
    assert reason_in_words(decision(reason), "fr") == french


def test_english_reasons_stay_and_conflicts_are_named():
    assert reason_in_words(decision("exact label"), "en") == "exact label"
    assert reason_in_words(decision("conflict: laterality"), "en") == "conflict: side"


def test_evidence_and_conflicts_are_on_one_line_each():
    evidence = (Evidence("matched", "asthme"), Evidence("made up", ""), Evidence("label", "preferred", "cim10@1"))
    candidate = Candidate("cim10", "J45.9", "", 1.0, 0.5, evidence, ("negation", "made up"))
    assert evidence_in_words(evidence, "en") == "same words: asthme; made up; label: preferred (cim10@1)"
    assert evidence_in_words(evidence, "fr") == "mêmes mots : asthme; made up; libellé : preferred (cim10@1)"
    assert conflicts_in_words(candidate, "fr") == "avec / sans, made up"
    assert outcome_in_words(decision(""), "fr") == "candidat"


def test_every_outcome_has_words_and_no_word_is_empty():
    assert set(OUTCOMES) == {each.value for each in Outcome}
    assert all(all(pair) for table in (OUTCOMES, EVIDENCE, CONFLICTS) for pair in table.values())
