"""The table of candidates, written by the log and read back."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.errors import BadMappings
from semantix.model import Candidate, Context, Decision, Evidence, Outcome, Query
from semantix.review.formats.exchange import Exchange
from semantix.review.intake import candidates
from semantix.review.intake.gathering import OTHERS, clean
from semantix.terminology.candidates import COLUMNS, CandidateLog
from semantix.terminology.decision_words import EVIDENCE

NOWHERE = Context()
HEADER = "\t".join(COLUMNS)


def decision(
    text: str, *codes: str, code: str = "", system: str = "", context: Context = NOWHERE, reason: str = "r"
) -> Decision:
    found = tuple(
        Candidate("cim10", each, f"label {each}", 0.0, round(0.5 / rank, 4), (Evidence("word", text, "made@1"),))
        for rank, each in enumerate(codes, 1)
    )
    return Decision(
        Query(text=text, code=code, system=system), context, "cim10", Outcome.ABSTAINED, found, False, reason
    )


def written(*decisions: Decision, times: int = 1) -> bytes:
    log = CandidateLog()
    for each in decisions:
        log.add(each, times)
    with tempfile.TemporaryDirectory() as folder:
        log.write(Path(folder) / "c.tsv")
        return (Path(folder) / "c.tsv").read_bytes()


def read(*decisions: Decision, times: int = 1) -> Exchange:
    return candidates.read_candidates(written(*decisions, times=times), "c.tsv")


def line(**cells: str) -> str:
    whole = {
        "source_label": "toux", "frequency": "2", "target_system": "cim10", "rank": "1", "target_code": "R05",
        "probability": "0.5", "outcome": "abstained", "accepted": "no", **cells,
    }  # fmt: skip
    return "\t".join(whole.get(column, "") for column in COLUMNS)


def read_lines(*lines: str) -> Exchange:
    return candidates.read_candidates("\n".join((HEADER, *lines)).encode(), "c.tsv")


WORDS = st.text(st.sampled_from("aé;:()\\=' \"\t\n|@") | st.characters(exclude_categories=("Cs",)), max_size=10)
WORDS = WORDS.map(clean)
NAMED = WORDS.filter(bool)
EVIDENCES = st.lists(st.builds(Evidence, st.sampled_from(sorted(EVIDENCE)), WORDS, WORDS), max_size=3).map(tuple)
CANDIDATES = st.lists(
    st.builds(
        Candidate, st.just("cim10"), NAMED, WORDS, st.just(0.0), st.integers(0, 10_000).map(lambda n: n / 10_000),
        EVIDENCES, st.sampled_from([(), ("number",), ("number", "unread unit")]),
    ),
    max_size=3,
).map(tuple)  # fmt: skip
DECISIONS = st.builds(
    Decision, st.builds(Query, text=NAMED, code=WORDS, system=st.sampled_from(["", "loinc", "urn:x"])),
    st.builds(Context, unit=WORDS, specimen=WORDS, section=st.sampled_from(["", "problem"])), st.just("cim10"),
    st.sampled_from(Outcome), CANDIDATES, st.just(False), WORDS,
)  # fmt: skip


@given(DECISIONS, st.integers(1, 9))
def test_what_the_log_wrote_is_read_back_whole(wanted: Decision, times: int):
    exchange = read(wanted, times=times)
    (entry,) = exchange.entries
    query, context, source = wanted.query, wanted.context, entry.source
    assert exchange.problems == ()
    assert (source.label, source.code, source.system, source.target) == (query.text, query.code, query.system, "cim10")
    assert (source.unit, source.specimen, source.section) == (context.unit, context.specimen, context.section)
    assert entry.proposal.candidates == wanted.candidates
    assert (entry.proposal.outcome, entry.proposal.reason) == (wanted.outcome.value, wanted.reason)
    assert entry.frequency == times


def test_the_first_row_tells_whether_the_first_candidate_was_accepted():
    accepted = Decision(
        Query(text="toux"), Context(), "cim10", Outcome.CANDIDATE, decision("toux", "R05", "J40").candidates, True, "x"
    )
    (entry,) = read(accepted).entries
    assert entry.proposal.accepted
    assert entry.score == 0.5
    assert (entry.line, entry.senders) == (2, {})


def test_a_wording_of_several_senders_is_one_entry_that_counts_them():
    one, other = (decision("toux", "R05", context=Context(sender=name)) for name in ("labo a", "labo b"))
    (entry,) = read(one, one, other).entries
    assert entry.source.sender == ""
    assert (entry.senders, entry.frequency) == ({"labo a": 2, "labo b": 1}, 3)


@pytest.mark.parametrize("system", ["loinc", "2.16.840.1.113883.6.1", "http://loinc.org"])
def test_a_code_of_a_known_system_needs_no_sender(system: str):
    both = (
        decision("x", "R05", code="1-8", system=system, context=Context(sender=name)) for name in ("labo a", "labo b")
    )
    assert [(entry.source.system, entry.source.sender) for entry in read(*both).entries] == [("loinc", "")]


@pytest.mark.parametrize("system", ["", "urn:semantix:local:a"])
def test_a_local_code_is_one_entry_a_sender(system: str):
    both = (
        decision("x", "R05", code="NA", system=system, context=Context(sender=name)) for name in ("labo a", "labo b")
    )
    assert sorted(entry.source.sender for entry in read(*both).entries) == ["labo a", "labo b"]


def test_of_several_answers_the_most_frequent_is_kept_and_the_others_are_named():
    a, b, c = (Context(sender=name) for name in "abc")
    answers = [decision("toux", "J40", context=a)] * 2 + [
        decision("toux", "R05", "J40", context=each) for each in (b, c)
    ]
    (entry,) = read(*answers, decision("toux", "R05", "J40", context=b)).entries
    assert [each.code for each in entry.proposal.candidates] == ["R05", "J40"]
    assert entry.extra == {OTHERS: "J40"}
    assert entry.frequency == 5


def test_the_release_of_the_first_candidate_is_that_of_its_evidence():
    found = Candidate(
        "cim10", "R05", "Toux", 0.0, 0.9, (Evidence("name", "x", "preferred"), Evidence("target", "R05", "cim10@1"))
    )
    (entry,) = read(Decision(Query(text="toux"), Context(), "cim10", Outcome.ABSTAINED, (found,), False, "r")).entries
    assert entry.proposal.store == "cim10@1"


def test_columns_that_somebody_added_are_kept():
    data = f"{HEADER}\tavis\n{line()}\tà revoir\n".encode()
    (entry,) = candidates.read_candidates(data, "c.tsv").entries
    assert entry.extra == {"avis": "à revoir"}


def test_rows_put_in_another_order_are_located_once_a_decision():
    exchange = read_lines(line(rank="2"), line(rank="3"), line(), line(rank="3", target_code="J40"))
    assert [(each.line, each.found) for each in exchange.problems] == [(2, "a candidate of rank 2 alone")]
    assert [[each.code for each in entry.proposal.candidates] for entry in exchange.entries] == [["R05", "J40"]]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"frequency": "x"}, "a frequency that is no whole number"),
        ({"frequency": "0"}, "a frequency that is no whole number"),
        ({"rank": "²"}, "a rank that does not fit"),
        ({"rank": "0"}, "a rank that does not fit"),
        ({"probability": "2"}, "a probability that cannot be read"),
        ({"probability": "nan"}, "a probability that cannot be read"),
        ({"probability": "many"}, "a probability that cannot be read"),
        ({"outcome": "sure"}, "an unknown outcome"),
        ({"source_label": "x" * 2_001}, "a label of 2,001 characters"),
        ({"source_label": ""}, "neither a code nor a label"),
        ({"unit": "x" * 256}, "a unit of 256 characters"),
    ],
)
def test_a_row_that_cannot_be_taken_is_said_by_its_line(cells: dict[str, str], found: str):
    exchange = read_lines(line(source_label="fièvre"), line(**cells))
    assert [(each.line, each.found) for each in exchange.problems] == [(3, found)]
    assert len(exchange.entries) == 1


def test_a_comma_of_a_french_spreadsheet_is_read():
    (entry,) = read_lines(line(probability="0,25")).entries
    assert entry.score == 0.25


def test_a_table_without_one_of_the_columns_is_refused():
    with pytest.raises(BadMappings, match="no column rank, reason"):
        candidates.read_candidates(HEADER.replace("rank\t", "").replace("\treason", "").encode() + b"\n", "c.tsv")
