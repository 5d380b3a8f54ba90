"""The log of decisions to review: counted, merged, ordered, and safe in a spreadsheet."""

import csv
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.model import Candidate, Context, Decision, Evidence, Outcome, Query
from semantix.terminology.candidates import COLUMNS, CandidateLog, in_words, parse_evidence, plain_cell, safe_cell
from semantix.terminology.decision_words import EVIDENCE

NOWHERE = Context()


def decided(text: str, *codes: str, context: Context = NOWHERE, reason: str = "below the rule") -> Decision:
    candidates = tuple(
        Candidate("cim10", code, f"label {code}", 1.0 / rank, 0.5 / rank, (Evidence("word", text, "made@1"),))
        for rank, code in enumerate(codes, 1)
    )
    outcome = Outcome.CANDIDATE if codes else Outcome.ABSTAINED
    return Decision(Query(text=text), context, "cim10", outcome, candidates, False, reason)


def log_of(*decisions: Decision) -> CandidateLog:
    log = CandidateLog()
    for each in decisions:
        log.add(each)
    return log


def test_the_most_frequent_question_comes_first_then_the_label():
    log = log_of(decided("zona", "B02"), decided("Éraflure", "T14"), decided("asthme", "J45"), decided("zona", "B02"))
    assert [(row.source_label, row.frequency) for row in log.rows()] == [("zona", 2), ("asthme", 1), ("Éraflure", 1)]


def test_each_candidate_is_a_row_with_its_rank_and_evidence():
    rows = list(log_of(decided("asthme", "J45", "J46")).rows())
    assert [(row.rank, row.target_code, row.probability) for row in rows] == [(1, "J45", 0.5), (2, "J46", 0.25)]
    assert rows[0].evidence == "word: asthme (made@1)"


def test_a_question_without_candidate_is_still_a_row():
    (row,) = log_of(decided("xyz", reason="nothing is near")).rows()
    assert (row.rank, row.target_code, row.probability, row.outcome) == (0, "", None, "abstained")
    assert row.reason == "nothing is near"


def test_sex_and_age_are_not_kept():
    log = log_of(
        decided("asthme", "J45", context=Context(sex="male", age=41.0, section="problem")),
        decided("asthme", "J45", context=Context(sex="female", section="problem")),
    )
    assert [(row.section, row.frequency) for row in log.rows()] == [("problem", 2)]


def test_two_answers_to_one_question_are_both_kept():
    assert [row.target_code for row in log_of(decided("asthme", "J46"), decided("asthme", "J45")).rows()] == [
        "J45",
        "J46",
    ]


def test_logs_of_two_processes_merge_to_the_log_of_one(tmp_path: Path):
    decisions = [decided("asthme", "J45"), decided("zona", "B02"), decided("asthme", "J45")]
    one, first, second = log_of(*decisions), log_of(*decisions[:1]), log_of(*decisions[1:][::-1])
    second.merge(pickle.loads(pickle.dumps(first)))
    for log, name in ((one, "one"), (second, "merged")):
        log.write(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "merged").read_bytes()
    assert len(second) == 2


def test_the_file_reads_back_as_a_spreadsheet_reads_it(tmp_path: Path):
    log_of(decided('=cmd "x"\n| y', "J45"), decided("a\tb", "J46")).write(tmp_path / "c.tsv")
    with (tmp_path / "c.tsv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, dialect="excel-tab")
    assert tuple(header) == COLUMNS
    assert [row[COLUMNS.index("source_label")] for row in rows] == ['\'=cmd "x" | y', "a b"]
    assert rows[0][COLUMNS.index("probability")] == "0.5000"


def test_a_text_that_has_no_utf8_form_is_written_all_the_same(tmp_path: Path):
    log_of(decided("a\ud800b")).write(tmp_path / "c.tsv")
    assert b"a?b" in (tmp_path / "c.tsv").read_bytes()


@pytest.mark.parametrize("text", ["=1+1", "+33", "-0,5", "@sum", "＝1", "'=1"])
def test_what_a_spreadsheet_would_compute_is_made_text(text: str):
    assert safe_cell(text) == "'" + text


@given(st.text())
def test_a_safe_cell_is_one_line_never_computed_and_reads_back(text: str):
    cell = safe_cell(text)
    assert cell[:1] not in {*"=+-@\t\r\n"} or cell == ""
    assert len(cell.splitlines()) <= 1
    assert plain_cell(cell) == " ".join(text.split())


def test_a_long_table_is_written_whole(tmp_path: Path):
    log_of(*(decided(f"w{number}", "J45") for number in range(1_001))).write(tmp_path / "c.tsv")
    assert (tmp_path / "c.tsv").read_bytes().count(b"\n") == 1_002


TEXTS = st.text(
    st.sampled_from("ab é;:()\\→'=") | st.characters(exclude_categories=("Cs", "Cc", "Z")), max_size=12
).map(lambda text: " ".join(text.split()))
EVIDENCES = st.lists(
    st.builds(Evidence, st.sampled_from(sorted(EVIDENCE)), TEXTS | st.sampled_from(sorted(EVIDENCE)), TEXTS), max_size=5
)


@given(EVIDENCES)
def test_evidence_of_every_kind_reads_back_from_its_cell(evidence: list[Evidence]):
    assert parse_evidence(plain_cell(safe_cell(in_words(evidence)))) == tuple(evidence)


@pytest.mark.parametrize(
    ("detail", "source"),
    [("a; word: b", "made@1"), ("fracture (ouverte)", ""), ("fracture (ouverte)", "preferred"), ("x\\", "a (b); c"),
     ("ends with \\)", ""), ("", "made@1"), ("a;", ""), ("sender x; unit g", "local@2")],
)  # fmt: skip
def test_signs_of_the_form_stay_within_their_evidence(detail: str, source: str):
    evidence = (Evidence("name", detail, source), Evidence("missing", "type"))
    assert parse_evidence(in_words(evidence)) == evidence


def test_evidence_written_before_the_backslashes_is_read():
    text = "condition: sender x; unit g (local@2); target: A00 (cim10@1)"
    assert parse_evidence(text) == (
        Evidence("condition", "sender x; unit g", "local@2"),
        Evidence("target", "A00", "cim10@1"),
    )
    assert parse_evidence("") == ()
