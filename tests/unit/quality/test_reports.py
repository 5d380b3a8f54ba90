"""The report in each of its forms: verdict first, what fails with why and what to do, no value of a person."""

import csv
import io
import json
import re

import duckdb
import pytest
from tests.quality_database import build, check

from semantix.quality.builtin import builtin_definitions
from semantix.quality.database import DuckConnection
from semantix.quality.definitions import Definitions, Selection
from semantix.quality.formats import COLUMNS, as_csv, as_json
from semantix.quality.page import render_quality
from semantix.quality.running import QualityRun
from semantix.quality.tallies import by_category, failures, is_conformant, tally
from semantix.quality.text import as_text
from semantix.quality.words import KINDS_OF_REASON, REASONS, TEXTS, quality_words


@pytest.fixture(scope="module")
def run() -> QualityRun:
    """Failures of three severities, one error, and what does not apply."""
    with duckdb.connect() as session:
        build(session.execute)
        for change in (
            "UPDATE person SET gender_concept_id = NULL WHERE person_id = 2",
            "UPDATE person SET year_of_birth = 1700 WHERE person_id = 3",
            "DROP TABLE condition_era",
            "DROP TABLE note",
        ):
            session.execute(change)
        return check(DuckConnection("memory", session))


def test_results_are_counted_by_category(run: QualityRun):
    counted = tally(run.results)
    assert counted.total == len(run.results) == counted.applicable + counted.not_applicable
    assert counted.error == 1
    assert [name for name, _ in by_category(run.results)] == ["Plausibility", "Conformance", "Completeness"]
    assert sum(some.failed for _, some in by_category(run.results)) == counted.failed


def test_the_gravest_failures_come_first_and_in_each_the_largest_share(run: QualityRun):
    groups = failures(run.results)
    severities = [group[0].check.kind.severity for group in groups]
    assert severities == sorted(severities, key=("fatal", "convention", "characterization").index)
    assert severities[0] == "fatal"
    for group in groups:
        assert [result.share for result in group] == sorted((result.share for result in group), reverse=True)


def test_a_severity_decides_what_counts_as_a_failure(sound):
    sound.session.execute("UPDATE person SET year_of_birth = 1700 WHERE person_id = 3")
    run = check(sound, Selection(levels=("FIELD",), tables=("person",)))
    assert [result.check.kind.name for result in run.results if result.status == "failed"] == ["plausibleValueLow"]
    assert not is_conformant(run.results, "characterization")
    assert is_conformant(run.results, "convention")
    assert is_conformant(run.results, "fatal")


def test_the_text_tells_the_verdict_then_what_fails_with_why_and_what_to_do(run: QualityRun):
    text = as_text(run, quality_words("en"))
    assert re.search(r"\d+ of the \d+ checks that apply fail \([\d.]+% pass\), \d+ of them fatal\.", text)
    assert "1 checks could not be run." in text
    order = ("of them fatal", "Plausibility", "FAIL  Table missing (cdmTable, fatal)")
    assert sorted(order, key=text.index) == list(order)
    assert "    note  table note does not exist" in text
    assert "FAIL  Required field without a value (isRequired, fatal)\n  The CDM does not allow NULL here" in text
    assert "    person.gender_concept_id  1 of 3 (33.33%), threshold 0%\n" in text
    assert "CHECKS THAT COULD NOT BE RUN\n  condition_era  measureConditionEraCompleteness: table condition_era" in text
    assert re.search(r"CHECKS THAT DO NOT APPLY\n +\d+  the table", text)
    assert re.search(r"Definitions: built in\n  built in  SHA-256 [0-9a-f]{64}\n$", text)


def test_the_text_is_french_in_french(run: QualityRun):
    text = as_text(run, quality_words("fr"))
    assert "ÉCHEC  Champ obligatoire sans valeur (isRequired, bloquant)" in text
    assert "1 sur 3 (33,33\N{NARROW NO-BREAK SPACE}%), seuil 0\N{NARROW NO-BREAK SPACE}%" in text
    assert "Définitions : intégrées" in text


def test_a_sound_table_passes_in_one_sentence(sound):
    run = check(sound, Selection(tables=("person",)))
    assert "Every check that applies passes.\n" in as_text(run, quality_words("en"))


def test_an_empty_database_has_nothing_to_check():
    with duckdb.connect() as session:
        session.execute("CREATE TABLE note (note_id INTEGER)")
        run = check(DuckConnection("memory", session), Selection(levels=("CONCEPT",)), builtin_definitions())
    text = as_text(run, quality_words("en"))
    assert "No check applies" in text
    assert "No vocabulary is loaded" in text
    assert "–" in text
    assert "<h2>Checks that fail</h2>" not in render_quality(run, quality_words("en"), "1.0")


def test_a_share_above_zero_is_never_written_as_zero():
    words = quality_words("en")
    assert words.hundredths(0.001) == "<0.01%"
    assert (words.hundredths(0), words.hundredths(5), words.hundredths(12.5)) == ("0%", "5%", "12.5%")


def test_the_csv_has_a_row_a_check(run: QualityRun):
    rows = list(csv.DictReader(io.StringIO(as_csv(run))))
    assert tuple(rows[0]) == COLUMNS
    found = {row["check_id"]: row for row in rows}
    assert len(found) == len(run.results)
    wrong = found["field_isrequired_person_gender_concept_id"]
    assert (wrong["status"], wrong["num_violated_rows"], wrong["pct_violated"]) == ("failed", "1", "33.3333")
    assert (wrong["threshold"], wrong["severity"], wrong["table"]) == ("0", "fatal", "person")
    assert found["field_isrequired_note_note_id"]["not_applicable_reason"] == "Table NOTE does not exist."
    assert found["table_cdmtable_note"]["error"] == "table note does not exist"
    assert found["table_cdmtable_note"]["pct_violated"] == ""


def test_the_json_has_the_shape_of_the_dashboard(run: QualityRun):
    document = json.loads(as_json(run, "1.0", 2.4))
    assert list(document)[:7] == [
        "startTimestamp",
        "endTimestamp",
        "executionTime",
        "executionTimeSeconds",
        "CheckResults",
        "Metadata",
        "Overview",
    ]
    found = {row["checkId"]: row for row in document["CheckResults"]}
    row = found["field_isrequired_person_gender_concept_id"]
    assert {key: row[key] for key in row if key not in {"queryText", "checkDescription", "pctViolatedRows"}} == {
        "numViolatedRows": 1,
        "numDenominatorRows": 3,
        "executionTime": "0.000000 secs",
        "checkName": "isRequired",
        "checkLevel": "FIELD",
        "cdmTableName": "PERSON",
        "cdmFieldName": "GENDER_CONCEPT_ID",
        "category": "Conformance",
        "subcategory": "Relational",
        "context": "Validation",
        "checkId": "field_isrequired_person_gender_concept_id",
        "failed": 1,
        "passed": 0,
        "isError": 0,
        "notApplicable": 0,
        "thresholdValue": 0.0,
    }
    assert row["pctViolatedRows"] == pytest.approx(1 / 3)
    assert found["table_cdmtable_note"]["error"] == "table note does not exist"
    inapplicable = found["field_isrequired_note_note_id"]
    assert (inapplicable["notApplicable"], inapplicable["failed"], "error" in inapplicable) == (1, 0, False)
    assert found["table_measureconditioneracompleteness_condition_era"]["isError"] == 1
    assert document["Metadata"] == [
        {
            "cdmSourceName": "invented",
            "cdmSourceAbbreviation": "inv",
            "cdmHolder": "nobody",
            "sourceReleaseDate": "2025-01-01",
            "cdmReleaseDate": "2025-02-01",
            "cdmVersionConceptId": "0",
            "vocabularyVersion": "none",
            "dqdVersion": "semantix 1.0",
        }
    ]


def test_the_overview_counts_as_the_dashboard_does(run: QualityRun):
    document = json.loads(as_json(run, "1.0", 2.4))
    overview = {key: value for key, (value,) in document["Overview"].items()}
    rows = document["CheckResults"]
    failed = sum(row["failed"] for row in rows)
    assert overview["countTotal"] == len(rows)
    assert overview["countOverallFailed"] == failed
    assert overview["countPassed"] == len(rows) - failed
    # The two missing tables are failures without a count, the query that could not be run is none.
    assert overview["countErrorFailed"] == 3
    assert overview["countThresholdFailed"] == failed - 2
    assert overview["percentPassed"] + overview["percentFailed"] == pytest.approx(100, abs=0.01)
    assert sum(overview[f"countTotal{name}"] for name in ("Plausibility", "Conformance", "Completeness")) == len(rows)
    assert document["semantix"]["conformant"] is False
    assert set(document["semantix"]["definitions"]["sha256"]) == {"built-in"}


def test_a_run_without_checks_has_an_overview(sound):
    known = Definitions("none", (), (), {})
    document = json.loads(as_json(check(sound, known=known), "1.0", 0.0))
    assert document["Overview"]["percentPassed"] == [0.0]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_page_is_whole_and_fetches_nothing(run: QualityRun, lang: str):
    page = render_quality(run, quality_words(lang), "1.0")
    assert page.startswith(f'<!DOCTYPE html>\n<html lang="{lang}">')
    assert not re.search(r"<script|https?://|<img", page)
    assert page.index("<h2>Verdict</h2>") < page.index("isRequired") < page.index("SHA-256")
    assert page.count("<table>") == page.count("<caption>")


def test_names_of_the_database_are_escaped(sound):
    sound = DuckConnection("<script>", sound.session)
    page = render_quality(check(sound, Selection(tables=("person",))), quality_words("en"), "1.0")
    assert "<script>" not in page


def test_no_word_lacks_its_translation():
    for english, french in (*TEXTS.values(), *REASONS.values(), *KINDS_OF_REASON.values()):
        assert english
        assert french
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", french))
    assert set(REASONS) == set(KINDS_OF_REASON)


def test_a_reason_is_told_in_words(run: QualityRun):
    words = quality_words("fr")
    told = {result.check.id: words.inapplicable(result) for result in run.results if result.reason}
    assert told["field_isrequired_note_note_id"] == "La table NOTE n’existe pas."
    assert all("{" not in text for text in told.values())
