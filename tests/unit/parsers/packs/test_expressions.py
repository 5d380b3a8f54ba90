"""Each expression and condition of a pack, on rows."""

import pytest
from tests.unit.parsers.packs.packs_in_words import one_file, read

COLUMNS = "{no: {type: code}, a: {}, b: {}, c: {}}"


def value_of(expression: str, row: str, more: str = "") -> str | None:
    """The code that an expression makes of a row ``a;b;c``; ``None`` when the row makes no fact."""
    facts = f"[{{kind: observation, code: {{codings: [{{code: {expression}}}]}}}}]"
    found = read(one_file(COLUMNS, facts, more), f"no;a;b;c\n1;{row}\n")
    return found.facts[0]["code"] if found.facts else None


def holds(condition: str, row: str) -> bool:
    facts = f"[{{kind: observation, code: no, when: {condition}}}]"
    return bool(read(one_file(COLUMNS, facts), f"no;a;b;c\n1;{row}\n").facts)


@pytest.mark.parametrize(
    ("expression", "row", "expected"),
    [
        ("a", "x;y;z", "x"),
        ("{from: a}", " x ;y;z", "x"),
        ("{const: fixed}", "x;y;z", "fixed"),
        ("{cell: 3}", "x;y;z", "y"),
        ("{cell: 30}", "x;y;z", None),
        ("{header: 4}", "x;y;z", "c"),
        ("{header: 40}", "x;y;z", None),
        ("{about: file}", "x;y;z", "x"),
        ("{about: table}", "x;y;z", "results"),
        ("{map: {X: one}, of: a}", "x;y;z", "one"),
        ("{map: {X: one}, of: a}", "w;y;z", None),
        ("{map: {X: one}, of: a, otherwise: b}", "w;y;z", "y"),
        ("{join: [a, b, c]}", "x;;z", "x z"),
        ("{join: [a, b], with: '/'}", "x;y;z", "x/y"),
        ("{concat: [a, {const: -}, b]}", "x;y;z", "x-y"),
        ("{concat: [a, b]}", "x;;z", None),
        ("{split: a, at: '/', part: 2}", "12/8;y;z", "8"),
        ("{split: a, at: '/', part: -1}", "a/b/c;y;z", "c"),
        ("{split: a, at: '/', part: 4}", "a/b/c;y;z", None),
        ("{split: a, pattern: '(?P<n>[0-9]+)', group: n}", "ab12;y;z", "12"),
        ("{split: a, pattern: '(?P<n>[0-9]+)?x', group: n}", "ax;y;z", None),
        ("{split: a, pattern: '(?P<n>[0-9]+)', group: n}", "ab;y;z", None),
        ("{first_of: [a, b, c]}", ";;z", "z"),
        ("{first_of: [a, b]}", ";;z", None),
        ("{when: {of: a, eq: x}, then: b, else: c}", "x;y;z", "y"),
        ("{when: {of: a, eq: x}, then: b, else: c}", "w;y;z", "z"),
        ("{when: {of: a, eq: x}, then: b}", "w;y;z", None),
        ("{parse: value, of: a, part: number}", '"<1,20 g/L";y;z', "1.20"),
        ("{parse: value, of: a, part: unit}", "1,20 g/L;y;z", "g/L"),
        ("{parse: value, of: a, part: comparator}", "<1,20 g/L;y;z", "<"),
        ("{parse: value, of: a, part: text}", "négatif;y;z", "négatif"),
        ("{parse: value, of: a, part: number}", "négatif;y;z", None),
        ("{parse: value, of: a, part: number}", ";y;z", None),
        ("{parse: range, of: a, part: low}", "2.20-2.60;y;z", "2.20"),
        ("{parse: range, of: a, part: high}", "2.20-2.60;y;z", "2.60"),
        ("{parse: range, of: a, part: low}", ";y;z", None),
        ("{parse: upper, of: a}", "créat;y;z", "CREAT"),
        ("{parse: upper, of: a}", "hba;y;z", "HBA"),
    ],
)
def test_an_expression_gives_a_text(expression: str, row: str, expected: str | None) -> None:
    assert value_of(expression, row) == expected


@pytest.mark.parametrize(
    ("condition", "row", "expected"),
    [
        ("{of: a, eq: X}", " x;y;z", True),
        ("{of: a, in: [w, X]}", "x;y;z", True),
        ("{of: a, in: [w]}", "x;y;z", False),
        ("{of: a, matches: '^[0-9]+$'}", "12;y;z", True),
        ("{of: a, matches: '^[0-9]+$'}", "1x;y;z", False),
        ("{of: a, empty: true}", ";y;z", True),
        ("{of: a, empty: false}", ";y;z", False),
        ("{of: a, empty: false, matches: x}", "x;y;z", True),
        ("{of: a, empty: false, matches: x}", "w;y;z", False),
        ("{cells: {min: 4}}", "x;y;z", True),
        ("{cells: {max: 3}}", "x;y;z", False),
        ("{cells: {max: 2}}", "x;;", True),
        ("{all: [{of: a, eq: x}, {of: b, eq: y}]}", "x;y;z", True),
        ("{all: [{of: a, eq: x}, {of: b, eq: y}]}", "x;z;z", False),
        ("{any: [{of: a, eq: w}, {of: b, eq: y}]}", "x;y;z", True),
        ("{any: [{of: a, eq: w}, {of: b, eq: w}]}", "x;y;z", False),
        ("{not: {of: a, eq: x}}", "x;y;z", False),
    ],
)
def test_a_condition_holds_or_not(condition: str, row: str, expected: bool) -> None:
    assert holds(condition, row) is expected


def test_a_cell_that_is_too_long_matches_nothing() -> None:
    assert holds("{of: a, matches: x}", "x" * 4096 + ";;")
    assert not holds("{of: a, matches: x}", "x" * 4097 + ";;")


def test_a_word_that_a_map_does_not_hold_is_a_doubt() -> None:
    facts = "[{kind: observation, code: no, note: {map: {x: one}, of: a}}]"
    found = read(one_file(COLUMNS, facts), "no;a;b;c\n1;w;;\n2;x;;\n3;;;\n")
    assert [issue.code for issue in found.doubts] == ["SX505"]
    assert [fact.get("note") for fact in found.facts] == [None, "one", None]


def test_a_date_that_passes_through_an_expression_keeps_its_format() -> None:
    columns = "{no: {type: code}, a: {type: date, formats: [d/m/yy], pivot: 45}, b: {type: date}}"
    facts = "[{kind: observation, code: no, time: {first_of: [a, b]}}]"
    found = read(one_file(columns, facts), "no;a;b\n1;3/4/44;\n2;;2001\n3;3/4/46;\n")
    assert [fact["time"] for fact in found.facts] == ["2044-04-03", "2001", "1946-04-03"]
    assert found.doubts == []


def test_a_date_may_be_parsed_where_it_is_used() -> None:
    facts = "[{kind: observation, code: no, time: {parse: date, of: a, formats: [yyyymmdd]}}]"
    found = read(one_file(COLUMNS, facts), "no;a;b;c\n1;20010203;;\n2;;;\n3;demain;;\n")
    assert [fact.get("time") for fact in found.facts] == ["2001-02-03", None, None]
    assert [issue.code for issue in found.doubts] == ["SX506"]


@pytest.mark.parametrize(
    ("row", "time"),
    [
        ("1998;;", "1998"),
        ("1998;06;", "1998-06"),
        ("1998;6;15", "1998-06-15"),
        ("1998;00;00", "1998"),
        ("04;6;", "2004-06"),
        (";;", None),
        ("1998;;15", None),
        ("1998;13;2", None),
        (";6;15", None),
    ],
)
def test_a_date_in_three_fields_is_as_precise_as_those_that_are_filled(row: str, time: str | None) -> None:
    facts = "[{kind: observation, code: no, time: {year: a, month: b, day: c, pivot: 20}}]"
    (fact,) = read(one_file(COLUMNS, facts), f"no;a;b;c\n1;{row}\n").facts
    assert fact.get("time") == time


def test_a_fact_may_be_written_once_for_several_columns() -> None:
    facts = (
        "[{kind: vital-sign, each: [{col: a, say: Poids}, {col: b, say: Taille}], code: {const: $say}, value: $col}]"
    )
    found = read(one_file(COLUMNS, facts), "no;a;b;c\n1;60 kg;;\n2;61 kg;164 cm;\n")
    assert [(fact["code"], fact["value"]) for fact in found.facts] == [
        ("Poids", "60"),
        ("Poids", "61"),
        ("Taille", "164"),
    ]


@pytest.mark.parametrize(
    ("parts", "text", "codes"),
    [
        ("{of: a, read: lines}", '"x\ny\n\nz"', ["x", "y", "z"]),
        ("{of: a, read: list, separator: '/'}", "x/ y //z", ["x", "y", "z"]),
        ("{of: a, read: pattern, pattern: '(?P<q>[a-z])[0-9]'}", "a1 b2 c", ["a1", "b2"]),
        ("{of: a, read: history}", "HTA, diabète", ["HTA", "diabète"]),
        ("{of: a, read: vital-signs}", "poids 74 kg", ["poids 74 kg"]),
        ("{of: a, read: result-lines}", '"Glycémie : 1,30 g/L\nva bien"', ["Glycémie : 1,30 g/L"]),
        ("{of: a, read: lines}", "", []),
    ],
)
def test_a_text_is_taken_apart(parts: str, text: str, codes: list[str]) -> None:
    facts = f"[{{kind: observation, code: part.text, parts: {parts}}}]"
    found = read(one_file(COLUMNS, facts), f"no;a;b;c\n1;{text};;\n")
    assert [fact["code"] for fact in found.facts] == codes


def test_results_of_a_text_have_the_specimen_of_their_heading() -> None:
    facts = (
        "[{kind: lab-result, parts: {of: a, read: result-lines}, code: part.label, "
        "value: {of: part.value, unit: part.unit}, specimen: part.specimen}]"
    )
    text = "CHIMIE URINAIRE\nPotassium : 62 mmol/L\nCHIMIE\nSodium : 140 mmol/L"
    found = read(one_file(COLUMNS, facts), f'no;a;b;c\n1;"{text}"\n')
    results = [one for document in found.documents for section in document.sections for one in section.statements]
    held = [link.statement for one in results for link in one.links] or results
    assert [[specimen.name for specimen in one.specimens] for one in held] == [["CHIMIE URINAIRE"], []]


@pytest.mark.parametrize(
    ("row", "low", "high"),
    [("5;2,5;", "2.5", None), ("5;;7,5", None, "7.5"), ("5;2,5;7,5", "2.5", "7.5"), ("5;< 7,5;", None, "7.5")],
)
def test_a_bound_in_the_column_of_the_lower_one_is_the_lower_one(row: str, low: str | None, high: str | None) -> None:
    facts = "[{kind: lab-result, code: no, value: a, range: {low: b, high: c}}]"
    (fact,) = read(one_file(COLUMNS, facts), f"no;a;b;c\n1;{row}\n").facts
    assert (fact.get("low"), fact.get("high")) == (low, high)


def test_a_condition_is_asked_of_each_part() -> None:
    facts = (
        "[{kind: observation, code: part.q, parts: {of: a, read: pattern, pattern: '(?P<q>"
        "[a-z])'}, when: {of: part.q, in: [b]}}]"
    )
    found = read(one_file(COLUMNS, facts), "no;a;b;c\n1;abc;;\n")
    assert [fact["code"] for fact in found.facts] == ["b"]


def test_parts_of_one_cell_are_bounded() -> None:
    facts = "[{kind: observation, code: part.text, parts: {of: a, read: list, separator: ','}}]"
    found = read(one_file(COLUMNS, facts), "no;a;b;c\n1;" + "x," * 5000 + ";;\n")
    assert len(found.facts) == 2000
