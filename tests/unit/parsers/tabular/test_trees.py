"""Rows inside XML and JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.errors import UnreadableInput
from semantix.parsers.tabular import trees
from semantix.parsers.tabular.trees import check_jsonpath, check_xpath, json_rows, read_json, read_tree, xml_rows


def xml(text: str, source: str, *columns: str) -> list[list[str]]:
    return [row.cells for row in xml_rows(read_tree(text.encode(), "x"), source, columns)]


def json(text: str, source: str, *columns: str) -> list[list[str]]:
    return [row.cells for row in json_rows(read_json(text.encode(), "x"), source, columns)]


def test_paths_of_xml_give_text_attributes_and_numbers() -> None:
    text = '<a xmlns="u"><r k="1"><b> x <i>y</i></b><c>1</c><c>2</c></r><r/></a>'
    found = xml(text, "//r", "b", "@k", "c", "count(c)", "sum(c) div 2", "string(c)", "boolean(c)")
    assert found == [["x y", "1", "1\n2", "2", "1.5", "1", "True"], ["", "", "", "0", "0", "", "False"]]


def test_a_path_that_finds_no_elements_gives_its_values() -> None:
    assert xml('<a k="1"><r k="2"/></a>', "//@k", ".") == [["1"], ["2"]]
    assert xml("<a/>", "count(//a)", ".") == []


def test_paths_of_json_give_keys_and_paths() -> None:
    text = '[{"a": 1.50, "b": {"c": [1, true, null, "x"]}, "d": false, "e": {"f": 1}}, 7, null]'
    found = json(text, "$[*]", "a", "$.b.c[*]", "d", "e")
    assert found == [["1.50", "1\ntrue\nx", "false", '{"f": "1"}'], ["", "", "", ""], ["", "", "", ""]]


def test_one_value_a_line_is_a_list() -> None:
    assert json('{"a": 1}\n\n{"a": 2}\n', "$[*]", "a") == [["1"], ["2"]]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "line 1, column 2: not JSON"),
        (b"{}\n{", "neither JSON"),
        (b'"\xff"', "not UTF-8"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_json_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableInput, match=said):
        read_json(data, "x.json")


def test_json_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MAX_BYTES", 1)
    with pytest.raises(UnreadableInput, match="MB of JSON"):
        read_json(b"{}", "x")


def test_xml_is_hardened() -> None:
    with pytest.raises(UnreadableInput, match="DOCTYPE"):
        read_tree(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "x")


def test_paths_are_checked_before_they_are_used() -> None:
    check_xpath("//a/@b")
    check_jsonpath("$.a[*]")
    with pytest.raises(ValueError, match="not an XPath"):
        check_xpath("//[")
    with pytest.raises(ValueError, match="not a JSONPath"):
        check_jsonpath("$[")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=10,
    )
)
def test_any_json_is_read(value: object) -> None:
    import json as library

    document = read_json(library.dumps(value).encode(), "x")
    for row in json_rows(document, "$..*", ["a", "$.b", "$..c"]):
        assert len(row.cells) == 3
