"""Kinds of rows: lines that give their values to those below, marks, words; and what a damaged one takes with it."""

from tests.unit.parsers.packs.packs_in_words import Reading, read

PACK = """
files:
  results:
    kind: delimited
    names: ["*.csv"]
    dialect: {header: 0, missing: [""]}
    rows:
      - name: mark
        when: {of: {cell: 1}, matches: '^<'}
        aside: structure
      - name: head
        when: {of: {cell: 1}, eq: P}
        columns: {no: {at: 2, required: true}, jour: {at: 3, type: date, required: true}}
        carry: [no, jour]
      - name: result
        when: {cells: {min: 2, max: 3}}
        columns: {quoi: {at: 1, required: true}, val: {at: 2}, jour: {at: 3, type: date}}
      - name: words
        when: {of: {cell: 1}, matches: '^#'}
        aside: comment
    patient: {number: no}
    document: {day: jour}
    facts: [{kind: lab-result, on: [result], code: quoi, value: val, time: jour}]
"""


def told(text: str) -> Reading:
    return read(PACK, text)


def test_values_go_down_until_the_next_head_and_a_row_may_have_its_own() -> None:
    found = told("P;1;2020-01-02\nA;1\nB;2;2020-05-06\nP;2;2020-01-03\nA;3\n")
    assert [(fact["patient"], fact["code"], fact["time"]) for fact in found.facts] == [
        ("1", "A", "2020-01-02"),
        ("1", "B", "2020-05-06"),
        ("2", "A", "2020-01-03"),
    ]
    assert [document.lines for document in found.documents] == [2, 1, 2]


def test_rows_below_a_head_that_cannot_be_read_are_nobodys() -> None:
    found = told("P;1;2020-01-02\nA;1\nP;2;2020-13-45\nB;2\nC;3\nP;3;2020-01-02\nD;4\n")
    assert [(fact["patient"], fact["code"]) for fact in found.facts] == [("1", "A"), ("3", "D")]
    quarantined = {one.message: one.lines for one in found.asides if one.quarantined}
    assert quarantined["the row that it belongs to is not there, or could not be read"] == 2


def test_rows_after_one_of_no_kind_are_nobodys() -> None:
    found = told("P;1;2020-01-02\nA;1\nsomething\nB;2\nP;2;2020-01-02\nC;3\n")
    assert [(fact["patient"], fact["code"]) for fact in found.facts] == [("1", "A"), ("2", "C")]
    assert {(one.reason, one.lines) for one in found.asides} == {("unknown-kind", 1), ("unreadable", 1)}


def test_rows_before_any_head_are_nobodys() -> None:
    assert told("A;1\n").facts == []


def test_marks_words_and_lone_heads_are_set_aside() -> None:
    found = told("<form>\nP;1;2020-01-02\n# words\nA;1\n</form>\nP;2;2020-01-02\nP;3;2020-01-02\n# words\n")
    assert len(found.facts) == 1
    counts: dict[str, int] = {}
    for one in found.asides:
        counts[one.reason] = counts.get(one.reason, 0) + one.lines
    assert counts == {"structure": 4, "comment": 2}


def test_a_head_whose_rows_make_nothing_is_set_aside_with_them() -> None:
    found = told("P;1;2020-01-02\nA;\nA;;2020-01-02\n")
    assert found.documents == []
    assert sum(one.lines for one in found.asides) == 3


def test_many_lines_of_one_reason_are_told_in_ranges() -> None:
    found = told("P;1;2020-01-02\nA;1\n" + "# a\nB;1\n" * 20)
    comment = next(one for one in found.asides if one.reason == "comment")
    assert comment.where.startswith("lines 3, 5, 7")
    assert comment.where.endswith("and 8 more")
