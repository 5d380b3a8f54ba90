"""The tests that a pack brings say what differs."""

from tests.unit.parsers.packs.packs_in_words import FILE, pack_of

from semantix.parsers import packs

TESTS = """
tests:
  - name: what it says
    files: {results: {text: "no;jour;quoi;combien;unite\\n1;2020-01-02;CRP;<4;mg/L\\n\\n1;2020-01-02;X;;\\n"}}
    facts: [{patient: "1", code: CRP, value: 4, comparator: "<"}]
    aside: [{reason: blank, lines: 1}, {reason: comment, lines: 1}]
"""


def differences(before: str = "", after: str = "") -> tuple[str, ...]:
    assert before in TESTS
    (outcome,) = packs.test_pack(pack_of(FILE + TESTS.replace(before, after, 1)))
    assert outcome.passed is not bool(outcome.differences)
    assert (outcome.pack, outcome.test) == ("essai", "what it says")
    return outcome.differences


def test_a_test_that_is_right_passes() -> None:
    assert differences() == ()


def test_what_differs_is_told() -> None:
    assert differences("value: 4", "value: 5") == ("fact 1: value: expected '5', found '4'",)
    assert differences("[{patient", "[{kind: note}, {patient")[0].startswith(
        "2 facts expected, 1 found: lab-result CRP"
    )
    assert differences("{reason: blank, lines: 1}, ", "") == (
        "set aside: expected comment 1; found blank 1, comment 1",
    )
    assert differences("    aside:", "    doubts: [SX504]\n    aside:") == ("doubts: expected SX504; found none",)
    assert differences("value: 4", "system: loinc")[0].startswith("fact 1: system: expected 'loinc', found 'urn:")


def test_a_file_that_the_pack_does_not_recognise_is_told() -> None:
    said = differences("no;jour", "nom;jour")
    assert any("could not be read: no column 'no'" in one for one in said) or any("unknown-kind" in one for one in said)


def test_the_rows_of_joined_workbooks_may_be_given() -> None:
    pack = """
files:
  results: {kind: delimited, names: ["*.csv"], columns: {no: {}, q: {}}, joins: {who: {to: people, key: [no]}},
      patient: {number: no, family: who.name}, facts: [{kind: observation, code: q}]}
  people: {kind: workbook, names: ["*.xls"], use: lookup, columns: {no: {}, name: {}}}
tests:
  - name: joined
    files:
      results: {text: "no;q\\n1;x\\n", name: a.csv}
      people: {rows: [[no, name], ["1", ROY]]}
    facts: [{family: ROY}]
    aside: [{reason: administrative, lines: 1}]
"""
    (outcome,) = packs.test_pack(pack_of(pack))
    assert outcome.differences == ()
