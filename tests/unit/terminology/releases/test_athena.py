"""Athena: concepts under their OMOP number, and what each code of ours maps to."""

from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Link, Record, Skipped, Successor, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.athena import COLUMNS, IMPORTER
from semantix.terminology.source import Source

DATES = ("20200101", "20991231")
CONTENT = {
    "CONCEPT.csv": [
        ("900000001", 'Fictitious "fever', "Condition", "CIM10", "ICD10 code", "", "X123", *DATES, ""),
        ("900000002", "Fever", "Condition", "SNOMED", "Disorder", "S", "9000001003", *DATES, ""),
        ("900000003", "Fever", "Condition", "ICD10", "ICD10 code", "", "X12.3", *DATES, ""),
        ("900000004", "Fever NOS", "Condition", "ICD10", "ICD10 code", "", "X12.4", *DATES, ""),
        ("900000005", "Old", "Condition", "MeSH", "Descriptor", "", "M1", *DATES, "U"),
        ("900000006", "short row"),
    ],
    "CONCEPT_RELATIONSHIP.csv": [
        ("900000001", "900000002", "Maps to", *DATES, ""),
        ("900000002", "900000002", "Maps to", *DATES, ""),
        ("900000003", "900000005", "Maps to", *DATES, ""),
        ("900000004", "900000002", "Maps to", *DATES, ""),
        ("900000001", "900000005", "Maps to", *DATES, "D"),
        ("900000005", "900000002", "Concept replaced by", *DATES, ""),
        ("900000005", "900000001", "Concept poss_eq to", *DATES, ""),
        ("900000002", "900000005", "Concept replaces", *DATES, ""),
        ("900000002", "900000001", "Mapped from", *DATES, ""),
        ("900000002", "900000001", "Maps to", "short"),
    ],
    "CONCEPT_SYNONYM.csv": [
        ("900000001", "Fièvre fictive", "4180190"), ("900000002", "Pyrexia", "4180186"),
        ("900000002", "Fieber", "4182504"), ("900000002", "short row"),
    ],
    "VOCABULARY.csv": [
        ("SNOMED", "SNOMED", "http://example.org", "2025-02-01", "1"),
        ("None", "OMOP Standardized Vocabularies", "OMOP generated", "v5.0 27-FEB-25", "2"),
    ],
    "DOMAIN.csv": [("x",)],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, rows in CONTENT.items():
        lines = ["\t".join(COLUMNS.get(name, ("x",))), *("\t".join(row) for row in rows)]
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def records(folder: Path) -> list[Record]:
    return list(IMPORTER.read(Source(folder), Hints()))


def test_the_version_is_that_of_the_whole(folder: Path) -> None:
    release = IMPORTER.describe(Source(folder), Hints())
    assert (release.name, release.version, release.systems) == ("omop", "2025-02-27", ("omop",))


def test_a_version_of_another_form_stays(folder: Path) -> None:
    path = folder / "VOCABULARY.csv"
    path.write_text(path.read_text().replace("v5.0 27-FEB-25", "v20260227"))
    assert IMPORTER.describe(Source(folder), Hints()).version == "v20260227"


def test_a_concept_stands_once_under_its_number(folder: Path) -> None:
    concepts = {r.code: r for r in records(folder) if isinstance(r, Concept)}
    assert {r.system for r in concepts.values()} == {"omop"}
    assert concepts["900000001"].display == 'Fictitious "fever'
    assert dict(concepts["900000002"].properties) == {
        "code": "9000001003", "domain": "Condition", "vocabulary": "SNOMED", "standard": "standard",
    }  # fmt: skip
    assert not concepts["900000005"].active


def test_a_code_maps_through_the_best_vocabulary_of_its_system(folder: Path) -> None:
    assert [r for r in records(folder) if isinstance(r, Link)] == [
        Link("cim10", "X12.3", "omop", "900000002"),
        Link("snomed", "9000001003", "omop", "900000002"),
        Link("cim10", "X12.4", "omop", "900000002"),
    ]


def test_replaced_concepts_have_successors(folder: Path) -> None:
    assert [r for r in records(folder) if isinstance(r, Successor)] == [
        Successor("omop", "900000005", "900000002", "replaced-by"),
        Successor("omop", "900000005", "900000001", "possibly-equivalent"),
    ]


def test_synonyms_are_french_or_english(folder: Path) -> None:
    assert [(r.text, r.lang) for r in records(folder) if isinstance(r, Term)] == [
        ("Fièvre fictive", "fr"),
        ("Pyrexia", "en"),
    ]


def test_what_is_left_out_is_counted(folder: Path) -> None:
    assert {r.reason: r.count for r in records(folder) if isinstance(r, Skipped)} == {
        "CONCEPT.csv: not 10 columns": 1,
        "CONCEPT_RELATIONSHIP.csv: not 6 columns": 1,
        "CONCEPT_SYNONYM.csv: not 3 columns": 1,
        "Maps to: of a vocabulary that is not one of ours, or not the best for its code": 1,
        "file of another kind: not read": 1,
        "relationship: neither Maps to nor a replacement": 2,
        "relationship: no longer valid": 1,
        "synonym: neither French nor English": 1,
    }


def test_a_folder_without_synonyms_says_so(folder: Path) -> None:
    (folder / "CONCEPT_SYNONYM.csv").unlink()
    assert IMPORTER.describe(Source(folder), Hints()).name == "omop"
    reasons = [r.reason for r in records(folder) if isinstance(r, Skipped)]
    assert "CONCEPT_SYNONYM.csv is not there: no synonym, and no French name" in reasons


def test_an_incomplete_or_other_folder_is_refused(folder: Path) -> None:
    with pytest.raises(Refused, match=r"missing CONCEPT_RELATIONSHIP.csv, VOCABULARY.csv"):
        IMPORTER.describe(Source(folder / "CONCEPT.csv"), Hints())
    (folder / "VOCABULARY.csv").write_text("\t".join(COLUMNS["VOCABULARY.csv"]) + "\nNone\n")
    with pytest.raises(Refused, match="no version in the row of the vocabulary None"):
        IMPORTER.describe(Source(folder), Hints())
    assert IMPORTER.describe(Source(folder), Hints(version="v1")).version == "v1"
    (folder / "CONCEPT.csv").write_text("concept_id,concept_name\n")
    with pytest.raises(Refused, match="found the columns concept_id,concept_name; expected concept_id concept_name"):
        records(folder)
