"""From a file to entries, whatever it is."""

import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from semantix.errors import BadMappings, SemantixError, UnreadableInput
from semantix.review.intake import READERS, Options, TableOptions, parse, read
from semantix.review.intake.privacy import FOUND
from semantix.review.intake.recognising import FORMATS
from semantix.terminology.candidates import COLUMNS

ROW = {
    "source_label": "toux", "frequency": "2", "target_system": "cim10", "rank": "1", "target_code": "R05",
    "probability": "0.5", "outcome": "abstained", "accepted": "no",
}  # fmt: skip
CANDIDATES = "\t".join(COLUMNS) + "\n" + "\t".join(ROW.get(column, "") for column in COLUMNS) + "\n"


def workbook(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_every_format_has_a_reader():
    assert set(READERS) == set(FORMATS)


def test_a_file_is_read_as_what_it_is(tmp_path: Path):
    (tmp_path / "a.csv").write_text("code;libelle\nNA;Sodium\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text(CANDIDATES, encoding="utf-8")
    (tmp_path / "c.csv").write_bytes(workbook(("code", "libelle"), ("NA", "Sodium")))
    one, two, three = (read(tmp_path / name).entries for name in ("a.csv", "b.csv", "c.csv"))
    assert [each.source for each in one] == [each.source for each in three]
    assert two[0].proposal.candidates[0].code == "R05"


USAGI = (
    "sourceCode,sourceName,sourceFrequency,sourceAutoAssignedConceptIds,matchScore,mappingStatus,equivalence,"
    "statusSetBy,statusSetOn,conceptId,conceptName,domainId,mappingType,comment,createdBy,createdOn,assignedReviewer\n"
    "NA,Sodium,3,,0.50,UNCHECKED,UNREVIEWED,,,1,Made up,Measurement,MAPS_TO,,,,\n"
)
SSSOM = (
    "#mapping_set_id: https://example.org/made\n#license: https://example.org/license\n"
    "subject_label\tpredicate_id\tobject_id\tmapping_justification\n"
    "Sodium\tskos:exactMatch\tLOINC:1-8\tsemapv:ManualMappingCuration\n"
)
STCM = (
    "source_code,source_concept_id,source_vocabulary_id,source_code_description,target_concept_id,"
    "target_vocabulary_id,valid_start_date,valid_end_date,invalid_reason\n"
    "NA,0,labo,Sodium,1,LOINC,1970-01-01,2099-12-31,\n"
)
CONCEPT_MAP = """{"resourceType": "ConceptMap", "status": "active", "group": [
{"source": "urn:x", "target": "http://loinc.org", "element": [
{"code": "NA", "display": "Sodium", "target": [{"code": "1-8", "equivalence": "equal"}]}]}]}"""


@pytest.mark.parametrize("text", [USAGI, SSSOM, STCM, CONCEPT_MAP])
def test_mappings_made_elsewhere_are_read_by_their_formats(text: str):
    (entry,) = parse(text.encode(), "m").entries
    assert entry.source.label == "Sodium"


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(UnreadableInput, match="cannot be opened"):
        read(tmp_path / "none.csv")
    with pytest.raises(UnreadableInput, match="not a regular file"):
        read(tmp_path)


def test_candidates_saved_as_a_workbook_are_candidates():
    data = workbook(COLUMNS, tuple(ROW.get(column, "") for column in COLUMNS))
    (entry,) = parse(data, "c.xlsx").entries
    assert (entry.frequency, entry.proposal.candidates[0].code) == (2, "R05")


def test_mappings_saved_as_a_workbook_are_not_taken_for_a_table():
    data = workbook(("sourceCode", "sourceName", "mappingStatus"), ("A", "a", "APPROVED"))
    with pytest.raises(BadMappings, match="those of usagi; save this sheet as CSV"):
        parse(data, "u.xlsx")


def test_a_format_may_be_said():
    (entry,) = parse(
        CANDIDATES.encode(), "c.tsv", Options(format="table", table=TableOptions(code="", system=""))
    ).entries
    assert entry.proposal.candidates == ()
    with pytest.raises(BadMappings, match="word is no format; expected one of candidates"):
        parse(b"", "x", Options(format="word"))


def test_a_workbook_may_be_said_to_be_a_table_or_candidates():
    data = workbook(COLUMNS, tuple(ROW.get(column, "") for column in COLUMNS))
    (entry,) = parse(data, "c.xlsx", Options(format="candidates")).entries
    assert entry.proposal.candidates[0].code == "R05"
    (entry,) = parse(data, "c.xlsx", Options(format="table")).entries
    assert (entry.proposal.candidates, entry.extra["target_code"]) == ((), "R05")


def test_a_target_is_given_to_entries_that_have_none():
    (entry,) = parse(b"libelle\ntoux\n", "t.csv", Options(table=TableOptions(target="LOINC"))).entries
    assert entry.source.target == "loinc"
    (entry,) = parse(CANDIDATES.encode(), "c.tsv", Options(table=TableOptions(target="loinc"))).entries
    assert entry.source.target == "cim10"


def test_what_tells_of_a_person_is_left_out_unless_it_is_to_be_kept():
    data = b"libelle;nb\nMme EXEMPLE;1\ntoux;x\n"
    exchange = parse(data, "t.csv")
    assert [each.source.label for each in exchange.entries] == ["toux"]
    assert [(each.line, each.found) for each in exchange.problems] == [
        (3, "a frequency that is no whole number"),
        (2, FOUND["name"]),
    ]
    assert len(parse(data, "t.csv", Options(keep_personal=True)).entries) == 2


HEADS = st.sampled_from([b"", b"libelle;nb\n", CANDIDATES.encode(), b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])


@given(HEADS, st.binary(max_size=200))
def test_no_bytes_raise_anything_but_errors_of_semantix(head: bytes, data: bytes):
    with suppress(SemantixError):
        parse(head + data, "f")
