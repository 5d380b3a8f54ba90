"""The line of a place in JSON and XML."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.parsers._xml import parse_xml
from semantix.validation.fhir import lines
from semantix.validation.fhir.lines import lines_in_json, lines_in_xml, path_of

TEXT = b"""{
 "a": {"b": [1,
   {"c": "x: {[,]} \\"y\\""}
 ]},
 "d": [], "e": {},
 "f": true
}"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("R", 1), ("R.a", 2), ("R.a.b", 2), ("R.a.b[0]", 2), ("R.a.b[1]", 3), ("R.a.b[1].c", 3), ("R.d", 5), ("R.e", 5),
        ("R.f", 6), ("R.g", None), ("R.a.b[2]", None),
    ],
)  # fmt: skip
def test_a_place_has_its_line(place: str, line: int | None) -> None:
    assert lines_in_json(TEXT, [place]).get(place) == line


def test_lines_begin_at_the_number_given() -> None:
    assert lines_in_json(TEXT, ["R.f"], 10) == {"R.f": 15}


def test_nothing_is_looked_for_without_places_or_in_what_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines_in_json(TEXT, []) == {}
    monkeypatch.setattr(lines, "LARGEST", 3)
    assert lines_in_json(TEXT, ["R.f"]) == {}


def test_a_place_that_is_not_written_as_a_path_is_cut_there() -> None:
    assert path_of("Bundle.entry[0].?.x") == ("entry", 0)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def paths(value: object, path: str) -> list[str]:
    found = [path]
    if isinstance(value, dict):
        for name, one in value.items():
            found += paths(one, f"{path}.{name}")
    elif isinstance(value, list):
        for n, one in enumerate(value):
            found += paths(one, f"{path}[{n}]")
    return found


@given(st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3))
def test_every_place_of_a_json_text_is_found(value: dict) -> None:
    wanted = [one for one in paths(value, "R") if "][" not in one]
    found = lines_in_json(json.dumps(value, indent=1).encode(), wanted)
    assert sorted(found) == sorted(wanted)


@given(st.binary(max_size=60))
def test_no_bytes_are_a_crash(data: bytes) -> None:
    assert lines_in_json(data, ["R.a"]) is not None


def test_places_in_xml_have_their_lines() -> None:
    text = b"""<Bundle xmlns="http://hl7.org/fhir">
<entry>
<resource><Patient>
<contained><Organization>
<name value="x"/></Organization></contained>
<name><given value="a"/>
<given value="b"/></name>
<birthDate value="1980"><extension url="u"/></birthDate></Patient></resource></entry></Bundle>"""
    places = {
        "Bundle": 1,
        "Bundle.entry[0].resource": 3,
        "Bundle.entry[0].resource.contained[0].name": 5,
        "Bundle.entry[0].resource.name[0].given[1]": 7,
        "Bundle.entry[0].resource._birthDate.extension[0]": 8,
    }
    assert lines_in_xml(parse_xml(text, "a"), [*places, "Bundle.entry[1]", "Bundle.x"]) == places
