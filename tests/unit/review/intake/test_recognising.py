"""What a file is, by its content alone."""

import io
import json
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semantix.errors import BadMappings
from semantix.review.intake.recognising import FORMATS, MAPPINGS, PLAIN, format_of_columns, recognise
from semantix.terminology.candidates import COLUMNS

USAGI = (
    "sourceCode,sourceName,sourceFrequency,sourceAutoAssignedConceptIds,matchScore,mappingStatus,equivalence,"
    "statusSetBy,statusSetOn,conceptId,conceptName,domainId,mappingType,comment,createdBy,createdOn,assignedReviewer"
)
SSSOM = "#mapping_set_id: https://example.org/made\n#license: https://example.org/l\nsubject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\n"
STCM = (
    "source_code,source_concept_id,source_vocabulary_id,source_code_description,target_concept_id,"
    "target_vocabulary_id,valid_start_date,valid_end_date,invalid_reason"
)


def packed(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\t".join(COLUMNS), "candidates"),
        (";".join(COLUMNS) + "\n", "candidates"),
        (USAGI, "usagi"),
        (USAGI + ",ADD_INFO:service\nx", "usagi"),
        (SSSOM, "sssom"),
        ('"#license: x"\n' + SSSOM.replace("\t", ","), "sssom"),
        (STCM.upper(), "stcm"),
        ('{"url": "urn:x", "resourceType" : "ConceptMap"}', "conceptmap"),
        ("\ufeff" + '\n{"resourceType":"ConceptMap"}', "conceptmap"),
        ("code;libellé;nb\n1;a;2\n", "table"),
        ("libelle\nfièvre\n", "table"),
        ("\n\nLibellé\u00a0;Nb\n", "table"),
        ("libelle;" + "x" * 70_000, "table"),
        ("libelle;nb\n" + "toux;1\n" * 10_000, "table"),
        ("anything\tat all\n", "table"),
    ],
)
@pytest.mark.parametrize("name", ["f.csv", "f.tsv", "f.xlsx", "f"])
def test_a_text_is_what_its_header_says_whatever_its_name(text: str, expected: str, name: str):
    assert recognise(text.encode(), name) == expected


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_encodings_do_not_matter(encoding: str):
    assert recognise("Libellé;Unité\nCréatinine sérique;g/L\n".encode(encoding), "f") == "table"
    assert recognise(USAGI.encode(encoding), "f") == "usagi"


@pytest.mark.parametrize(
    "data",
    [
        packed("[Content_Types].xml", "xl/workbook.xml"),
        packed("xl/workbook.xml", "docProps/core.xml"),
        b"\xd0\xcf\x11\xe0" + bytes(600),
        b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
    ],
)
def test_workbooks_of_every_kind_are_workbooks(data: bytes):
    assert recognise(data, "f.csv") == "workbook"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (packed("a.csv"), "an archive or a document that is no workbook"),
        (json.dumps({"resourceType": "Patient"}).encode(), "JSON that is no ConceptMap"),
        (b"[]", "JSON that is no ConceptMap"),
        (b"<html>", "XML or HTML"),
        (b"%PDF-1.7\n", "no table, no workbook and no mappings"),
        (b"\x7fELF\x02\x01", "no table, no workbook and no mappings"),
        (b"#only a comment\n", "no table, no workbook and no mappings"),
    ],
)
def test_what_nothing_claims_is_said_with_what_is_known(data: bytes, said: str):
    with pytest.raises(BadMappings, match=said) as caught:
        recognise(data, "f.csv")
    assert ", ".join(FORMATS) in str(caught.value)


def test_a_file_that_two_claim_is_an_error():
    both = f"{USAGI},subject_id,predicate_id,object_id\n"
    with pytest.raises(BadMappings, match="this may be usagi or sssom; say which with --format"):
        recognise(both.encode(), "f.csv")


def test_columns_of_a_sheet_tell_the_format_too():
    assert format_of_columns(USAGI.split(",")) == "usagi"
    assert format_of_columns(("Code", "Libellé")) == ""


def test_every_format_has_a_claim():
    assert (*MAPPINGS, *PLAIN) == FORMATS


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_raise_anything_else(data: bytes):
    with suppress(BadMappings):
        assert recognise(data, "f") in FORMATS
