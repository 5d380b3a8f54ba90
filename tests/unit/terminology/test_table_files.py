"""Curated tables as files: what is parsed is written back, what is wrong is told with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from semantix.errors import BadTable
from semantix.terminology.table_files import (
    COLUMNS,
    Line,
    TableFile,
    curie,
    format_metadata,
    layout,
    parse,
    parse_metadata,
    split_curie,
    system_of,
)
from semantix.terminology.table_lint import lint

METADATA = """#curie_map:
#  CIM10: http://hl7.org/fhir/sid/icd-10/
#  LOCAL: 'https://semantix.invalid/local:'
#  UCUM: http://unitsofmeasure.org/
#extension_definitions:
#- property: https://semantix.invalid/sssom/sender
#  slot_name: sender
#license: https://www.apache.org/licenses/LICENSE-2.0
#mapping_set_id: https://semantix.invalid/mappings/invented
#mapping_set_version: '1'
"""
GOOD = Line(
    subject_label="HTA",
    subject_type="rdfs literal",
    predicate_id="skos:exactMatch",
    object_id="CIM10:I10",
    mapping_justification="semapv:ManualMappingCuration",
    author_label="semantix",
    mapping_date="2026-11-26",
    confidence="0.90",
    comment="invented",
)
CELL = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="#"), max_size=12)
LINES = st.lists(st.builds(Line, **dict.fromkeys(COLUMNS, CELL)), max_size=6)
KEY = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
VALUE = st.text(st.characters(exclude_categories=("C",), exclude_characters="\u2028\u2029"), max_size=20).map(str.strip)
NESTED = st.dictionaries(KEY, VALUE.filter(bool), min_size=1, max_size=4)
METADATAS = st.dictionaries(
    KEY, st.one_of(VALUE.filter(bool), NESTED, st.lists(NESTED, min_size=1, max_size=3).map(tuple))
)


def table(*rows: Line, metadata: str = METADATA) -> str:
    return layout(TableFile(parse_metadata(metadata.splitlines()), rows))


def change(**cells: str) -> Line:
    return structs.replace(GOOD, **cells)


@given(METADATAS, LINES)
def test_what_is_written_is_parsed_back(metadata: dict[str, object], rows: list[Line]) -> None:
    rows = [row for row in rows if any(structs.astuple(row))]
    text = layout(TableFile(metadata, tuple(rows)))
    back = parse(text, "x")
    assert back.metadata == metadata
    assert sorted(map(structs.astuple, back.rows)) == sorted(map(structs.astuple, rows))
    assert layout(back) == text


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_bad_table(content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    try:
        parse(text, "x")
    except BadTable:
        assert lint(text, "x")[0].line == 0


@given(st.text(max_size=20))
def test_a_code_comes_back_from_its_curie(code: str) -> None:
    written = curie("LOCAL", code)
    assert split_curie(written) == ("LOCAL", code)
    assert not {"[", "{", "|", " ", "\t", "\n"} & set(written)


def test_curies_of_units() -> None:
    assert [curie("UCUM", code) for code in ("%", "m[IU]/L", "10*9/L")] == [
        "UCUM:%25",
        "UCUM:m%5BIU%5D/L",
        "UCUM:10*9/L",
    ]


@pytest.mark.parametrize(
    ("prefix", "system"),
    [
        ("CIM10", "cim10"),
        ("ACT_CODE", "act-code"),
        ("FHIR_CONDITION_CLINICAL", "fhir-condition-clinical"),
        ("V3_ACT_STATUS", "v3-act-status"),
        ("LOCAL", "local"),
        ("CVX", "cvx"),
        ("cim10", ""),
        ("FHIR_", ""),
        ("WHATEVER", ""),
    ],
)
def test_prefixes_name_systems(prefix: str, system: str) -> None:
    assert system_of(prefix) == system


@pytest.mark.parametrize(
    "block",
    [
        "#a: [1, 2]",
        "#a: {b: c}",
        "#a: |",
        "#a: &x y",
        "#a: b: c",
        "#a: b # c",
        '#a: "b\\n"',
        "#just words",
        "#a:b",
        "#a: 1\n#a: 2",
        "#a:\n#  b:\n#    c: d",
        "#a:\n#- b:\n#    c: d",
        "#a:\n#  b: c\n#  b: d",
        "#  a: b\n#c: d",
    ],
)
def test_metadata_that_is_not_the_simple_kind_is_refused_with_its_line(block: str) -> None:
    with pytest.raises(BadTable, match=r"metadata, line \d"):
        parse_metadata(block.splitlines(), "x")


def test_metadata_may_be_quoted_and_indented() -> None:
    block = ["# a: 'it''s'", '# b: "x: y"', "# c:", "#   d: e", "# f:", "#   - g: h", "#     i: j", "#", "# k:"]
    assert parse_metadata(block) == {"a": "it's", "b": "x: y", "c": {"d": "e"}, "f": ({"g": "h", "i": "j"},), "k": ""}


def test_what_yaml_would_read_as_another_type_is_quoted() -> None:
    written = format_metadata(
        {"a": "1", "b": "2026-11-26", "c": "yes", "d": "text", "e": "x:", "f": "- g", "h": "it's"}
    )
    assert written == ["#a: '1'", "#b: '2026-11-26'", "#c: 'yes'", "#d: text", "#e: 'x:'", "#f: '- g'", "#h: it's"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#a: b\n", "no header line"),
        ("subject_id\tobject_id\n", "predicate_id"),
        ("predicate_id\tobject_id\n", "subject_id or subject_label"),
        ("subject_id\tpredicate_id\tobject_id\tnegated\n", "negated"),
        ("subject_id\tsubject_id\tpredicate_id\tobject_id\n", "one column twice"),
        ("subject_id\tpredicate_id\tobject_id\nx\ty\n", "line 2 has 2 cells and the header 3"),
        ("subject_id\tpredicate_id\tobject_id\n#a: b\n", "below the header"),
    ],
)
def test_a_text_that_is_no_table_is_refused(text: str, words: str) -> None:
    with pytest.raises(BadTable, match=words):
        parse(text, "x")


def test_columns_may_come_in_any_order_and_fewer() -> None:
    found = parse("object_id\tobject_label\tsubject_label\tpredicate_id\r\nCIM10:I10\tx\tHTA\tskos:exactMatch\r\n", "x")
    assert found.rows == (Line(subject_label="HTA", predicate_id="skos:exactMatch", object_id="CIM10:I10"),)
    assert (found.numbers, found.ignored) == ((2,), ("object_label",))


def test_a_right_table_has_no_problem() -> None:
    assert lint(table(GOOD), "x") == ()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (change(subject_label=""), "no subject"),
        (change(subject_label=" HTA"), "blanks"),
        (change(subject_label="e\u0301te"), "not composed"),
        (change(subject_label="\u0301"), "no letter"),
        (change(subject_type=""), "subject_type"),
        (change(subject_id="CIM10:I10"), "subject_type"),
        (change(subject_id="LOCAL:x", subject_type=""), "without a sender"),
        (change(predicate_id="skos:sameAs"), "predicate_id"),
        (change(predicate_modifier="not"), "predicate_modifier"),
        (change(object_id="I10"), "object_id"),
        (change(object_id="ATC:A01"), "not in the curie_map"),
        (change(object_id="NONE:A01"), "object_id"),
        (change(object_id="CIM10:I10."), "not how CIM10"),
        (change(object_id="CIM10:"), "object_id"),
        (change(object_id="UCUM:mg/[IU]"), "object_id"),
        (change(object_id="UCUM:furlong"), "object_id"),
        (change(mapping_justification="semapv:LexicalMatching"), "mapping_justification"),
        (change(author_label=""), "no author_label"),
        (change(comment=""), "no comment"),
        (change(mapping_date="26/11/2026"), "mapping_date"),
        (change(mapping_date="20261126"), "mapping_date"),
        (change(confidence="0.9"), "confidence"),
        (change(confidence="1.10"), "confidence"),
        (change(unit="furlong"), "unit"),
        (change(unit="mg/L|mg/L"), "one twice"),
        (change(unit="mg/L|"), "empty value"),
        (change(specimen="sang"), "specimen"),
        (change(section="antécédents"), "section"),
    ],
)
def test_what_is_wrong_in_a_row_is_told_with_its_line(row: Line, words: str) -> None:
    found = lint(table(row), "x")
    assert [problem.line for problem in found if words in problem.found] == [12]


def test_a_claim_made_twice_is_told() -> None:
    (found,) = lint(table(GOOD, change(subject_label="hta")), "x")
    assert (found.line, found.found) == (13, "the claim of line 12 again")


def test_a_target_mapped_and_refused_is_told() -> None:
    (found,) = lint(table(GOOD, change(predicate_modifier="Not")), "x")
    assert "contradicts line 12" in found.found
    assert lint(table(GOOD, change(predicate_modifier="Not", section="history")), "x") == ()


def test_case_makes_another_unit() -> None:
    rows = (change(subject_label="G/L", object_id="UCUM:g/L"), change(subject_label="g/L", object_id="UCUM:g/L"))
    assert lint(table(*rows), "x") == ()


def test_another_layout_is_told() -> None:
    text = table(GOOD, change(subject_label="grippe", object_id="CIM10:J11.1"))
    *head, first, second = text.splitlines()
    (found,) = lint("\n".join([*head, second, first]) + "\n", "x")
    assert found.todo == "run `semantix tables fmt`"


def test_missing_metadata_unknown_prefixes_and_displays_are_told() -> None:
    block = METADATA.replace("#license: https://www.apache.org/licenses/LICENSE-2.0\n", "").replace("LOCAL", "OTHER")
    text = table(GOOD, metadata=block).replace("\tsection\n", "\tsection\tobject_label\n").rstrip("\n") + "\tX\n"
    assert [problem.found for problem in lint(text, "x")] == [
        "no license in the metadata block",
        "the column object_label",
        "the prefix OTHER",
    ]
