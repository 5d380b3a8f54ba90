"""Exports by their page: each format is a file, what it does not carry is told, blind mode hides, the log knows."""

import io
import json
import re
import zipfile

import pytest
from tests.unit.review.lookup_stores import FEVERS, shelve
from tests.unit.review.web.desks import HOSTILE, ROLES, Served, entry, judged, plain

from semantix.review.actions import Person
from semantix.review.exporting import FORMATS
from semantix.review.model import Kind, Mode
from semantix.review.web.pages_export import file_name, zip_files

ENTRIES = [entry("Fièvre rénale", 50), entry("Toux", 20), entry(HOSTILE, 5, code=HOSTILE)]


@pytest.fixture
def served(tmp_path):
    served = Served(tmp_path, ENTRIES)
    served.act("ann", 1, Kind.JUDGED, judgement=judged("X12.0"))
    yield served
    served.close()


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_a_file_with_a_fixed_name(served, name):
    answer = served.browser("rose").get(f"/export/file?format={name}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{file_name(name)}"'
    assert re.fullmatch(r"[a-z0-9.-]+", file_name(name))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "html" not in answer.headers["content-type"]
    assert answer.content
    event = served.desk.events(Person("rose", ROLES["rose"]))[0]
    assert (event.kind, event.who, event.detail["format"]) == (Kind.EXPORTED, "rose", name)


def test_the_states_asked_for_are_written_and_no_others(served):
    browser = served.browser("rose")
    everything = browser.get("/export/file?format=sssom").text
    accepted = browser.get("/export/file?format=sssom&state=accepted&state=nonsense").text
    assert "L20" in everything
    assert "L20" not in accepted
    assert "X12.0" in accepted


def test_a_concept_map_is_read_as_json(served):
    answer = served.browser("rose").get("/export/file?format=conceptmap-r4")
    assert answer.headers["content-type"] == "application/fhir+json"
    assert json.loads(answer.content)["resourceType"] == "ConceptMap"


def test_curated_tables_are_an_archive_that_is_the_same_each_time(served):
    browser = served.browser("rose")
    first, second = (browser.get("/export/file?format=tables") for _ in range(2))
    assert first.headers["content-type"] == "application/zip"
    assert first.content == second.content
    with zipfile.ZipFile(io.BytesIO(first.content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == sorted(names) != []
        assert all(".." not in name and not name.startswith("/") for name in names)
        assert any(b"X12.0" in archive.read(name) for name in names)


def test_an_archive_does_not_depend_on_the_order_or_the_clock():
    assert zip_files({"b": b"2", "a": b"1"}) == zip_files({"a": b"1", "b": b"2"})


def test_what_a_format_does_not_carry_is_told_when_asked(served):
    browser = served.browser("rose")
    page = browser.get("/export?format=usagi&losses=1&state=accepted").text
    text = plain(page)
    assert "What this format does not carry" in text
    assert "Usagi, save file, 1 entries" in text
    assert "no OMOP concept: Usagi does not see the target" in text
    assert 'href="/export/file?format=usagi&amp;state=accepted"' in page
    assert "What this format does not carry" not in plain(browser.get("/export?format=usagi").text)
    events = served.desk.events(Person("rose", ROLES["rose"]))
    assert not any(event.kind is Kind.EXPORTED for event in events)


def test_the_losses_in_french_and_none_where_nothing_is_written(served):
    text = plain(served.browser("rose", "fr").get("/export?format=usagi&losses=1").text)
    assert "pas de concept OMOP : Usagi ne voit pas la cible" in text
    nothing = plain(served.browser("rose").get("/export?format=sssom&losses=1&state=to-reconcile").text)
    assert "SSSOM 1.1, 0 entries: nothing would be lost." in nothing


def test_codes_stay_text_in_the_table_of_losses(served):
    page = served.browser("rose").get("/export?format=stcm&losses=1&state=unmapped").text
    assert "<script>alert" not in page


def test_in_blind_mode_a_file_does_not_hold_the_first_choice_of_somebody_else(tmp_path):
    served = Served(tmp_path, [entry("Fièvre rénale", 50)], Mode.BLIND_DUAL)
    served.act("ann", 1, Kind.JUDGED, judgement=judged("Z99.9", note="mon choix"))
    for name in FORMATS:
        content = served.browser("bob").get(f"/export/file?format={name}").content
        assert b"Z99.9" not in content, name
        assert b"mon choix" not in content, name
    assert b"Z99.9" in served.browser("ann").get("/export/file?format=sssom").content
    served.close()


@pytest.mark.parametrize("query", ["", "?format=", "?format=pdf", "?format=../../etc/passwd"])
def test_a_format_that_is_none_is_refused(served, query):
    browser = served.browser("rose")
    assert browser.get(f"/export/file{query}").status_code == 422
    if query:
        assert browser.get(f"/export{query}").status_code == 422


def test_a_store_is_opened_for_the_formats_that_name_concepts(tmp_path):
    store = shelve(tmp_path / "store", FEVERS)
    served = Served(tmp_path, ENTRIES, store=store)
    browser = served.browser("rose")
    assert browser.get("/export/file?format=usagi").status_code == 200
    assert "OMOP concepts are not found" not in browser.get("/export").text
    served.close()


def test_an_empty_desk_has_nothing_to_export_and_says_so(tmp_path):
    served = Served(tmp_path, [])
    page = served.browser("rose").get("/export").text
    assert "there is nothing to export" in page
    assert '<form method="get"' not in page
    served.close()


def test_without_tools_the_page_says_that_concepts_are_not_found(served):
    served.app.state.tools = None
    browser = served.browser("rose")
    assert "OMOP concepts are not found" in browser.get("/export").text
    assert browser.get("/export/file?format=stcm").status_code == 200
    assert browser.get("/statistics").status_code == 200
