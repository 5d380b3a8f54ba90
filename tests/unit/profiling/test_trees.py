"""Tables inside XML and JSON: which rows are found, how their fields are called, and what bounds them."""

import json

import pytest
from tests.profiled_exports import Held

from semantix.errors import UnreadableInput
from semantix.profiling import profile
from semantix.profiling.figures import FileProfile
from semantix.profiling.trees import MAX_TABLES, json_tables, xml_tables


def of(text: str, name: str) -> FileProfile:
    return profile(Held(text.encode(), name))


def sources(found: FileProfile) -> list[str]:
    return [table.source for table in found.tables]


def fields(found: FileProfile, rank: int = 0) -> list[str]:
    return [column.at for column in found.tables[rank].columns]


def test_rows_that_are_too_deep_are_not_looked_for() -> None:
    document: object = [{"a": 1, "b": 2}] * 3
    for _ in range(9):
        document = {"inside": document}
    assert [remark.key for remark in of(json.dumps(document), "a.json").doubts] == ["no-rows"]


def test_a_row_has_a_bounded_number_of_fields() -> None:
    row = {f"f{n}": n for n in range(700)}
    assert len(fields(of(json.dumps([row, row]), "a.json"))) == 500
    cells = "".join(f"<f{n}>1</f{n}>" for n in range(700))
    assert len(fields(of(f"<e><r>{cells}</r><r>{cells}</r></e>", "a.xml"))) == 500


def test_the_tables_with_the_most_cells_come_first_and_are_bounded() -> None:
    document = {f"t{n:02}": [{"a": 1, "b": 2}] * (n + 2) for n in range(MAX_TABLES + 5)}
    found = of(json.dumps(document), "a.json")
    assert len(found.tables) == MAX_TABLES
    assert sources(found)[0] == f"$.t{MAX_TABLES + 4:02}[*]"
    assert found.tables[0].name == f"t{MAX_TABLES + 4:02}"


def test_attributes_are_called_by_their_local_name() -> None:
    row = '<r x:kind="a"><v x:unit="g/l" code="1">2</v></r>'
    found = of(f'<e xmlns:x="urn:essai">{row * 3}</e>', "a.xml")
    assert fields(found) == ["@kind", "v", "v/@unit", "v/@code"]


def test_an_element_that_comes_back_in_a_row_is_a_table_of_its_own() -> None:
    row = "<r><id>1</id><line><a>1</a><b>2</b></line><line><a>3</a><b>4</b></line></r>"
    found = of(f"<e>{row * 2}</e>", "a.xml")
    assert sources(found) == ["/e/r/line"]
    assert fields(found) == ["a", "b", "../id"]
    assert found.tables[0].rows == 4


def test_elements_that_never_come_back_are_shown_all_the_same() -> None:
    assert sources(of("<e><r><a>1</a><b>2</b></r></e>", "a.xml")) == ["/e/r"]


def test_lists_of_plain_values_are_no_rows_and_no_fields() -> None:
    found = of(json.dumps([{"a": 1, "b": "x", "list": [1, 2]}] * 2 + [3]), "a.json")  # type: ignore[list-item]
    assert (sources(found), fields(found), found.tables[0].rows) == (["$[*]"], ["a", "b"], 2)


def test_names_of_several_words_are_quoted_in_the_path() -> None:
    found = of(json.dumps({"date de l'examen \\": [{"a": 1, "b": 2}] * 2}), "a.json")
    assert sources(found) == ["$['date de l\\'examen \\\\'][*]"]


@pytest.mark.parametrize(
    "document",
    [
        {"ROUVIER Aline": [{"a": 1, "b": 2}] * 2},
        [{"ROUVIER Aline": {"tel": "0601"}, "poids": 1}] * 2,
        [{"ROUVIER": {"tel": "0601"}, "poids": 1}] * 2,
        [{"ROUVIER": {"tel": "0601"}, "martel": {"tel": "0602"}}] * 2,
    ],
)
def test_a_key_that_is_a_value_is_not_shown(document: object) -> None:
    found = of(json.dumps(document), "a.json")
    told = " ".join([*sources(found), *(column.at for one in found.tables for column in one.columns)])
    assert not any(name in told for name in ("ROUVIER", "martel"))


def test_truth_and_nothing_are_written_as_json_writes_them() -> None:
    (opened,) = json_tables(json.dumps([{"a": True, "b": None, "c": False}] * 2).encode(), "a.json")
    assert list(opened.rows) == [["true", "", "false"]] * 2


def test_rows_that_lack_a_field_have_an_empty_cell() -> None:
    (opened,) = xml_tables(b"<e><r><a>1</a><b>2</b></r><r><b>3</b><c>4</c></r></e>", "a.xml")
    assert (opened.names, list(opened.rows)) == (["a", "b", "c"], [["1", "2", ""], ["", "3", "4"]])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('[{"resourceType": "Patient", "id": "1"}]', "FHIR"),
        ('{"resourceType": "Patient"}\n{"resourceType": "Patient"}', "FHIR"),
        ("{not json", "a.x"),
        ("<e><r></e>", "a.x"),
    ],
)
def test_what_another_command_reads_or_nobody_can_is_refused(data: str, words: str) -> None:
    with pytest.raises(UnreadableInput, match=words):
        of(data, "a.x")


@pytest.mark.parametrize("text", ["[]", "{}", "[1, 2, 3]", '[{"a": 1}, {"a": 2}]'])
def test_json_without_rows_says_so(text: str) -> None:
    assert [remark.key for remark in of(text, "a.json").doubts] == ["no-rows"]
