"""SSSOM: prefixes by what they stand for, predicates by their direction, refused rows left out and counted."""

from pathlib import Path

import pytest

from semantix.terminology.records import Link, Record, Skipped
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.sssom import IMPORTER
from semantix.terminology.source import Source

METADATA = (
    "mapping_set_id: https://example.org/sets/fictive_set", 'mapping_set_version: "2025-01"', "curie_map:",
    "  CIM10: http://hl7.org/fhir/sid/icd-10/", "  LOCAL: http://example.org/local#",
    "  SCT: http://snomed.info/id/", "license: CC0", "- list item",
)  # fmt: skip
HEADER = "subject_id\tpredicate_modifier\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tunit"
MANUAL = "semapv:ManualMappingCuration"


def rows(*lines: str) -> str:
    return "\n".join((HEADER, *lines)) + "\n"


def row(subject: str, predicate: str, target: str, *rest: str) -> str:
    return "\t".join((subject, "", predicate, target, *(rest or (MANUAL, "", ""))))


TABLE = rows(
    row("LOCAL:1", "skos:exactMatch", "CIM10:X12.3"), row("LOCAL:2", "skos:closeMatch", "CIM10:X12.4"),
    row("LOCAL:3", "skos:broadMatch", "SCT:9000001003"), row("LOCAL:4", "skos:narrowMatch", "ORPHA:99"),
    row("LOCAL:5", "skos:exactMatch", "http://www.orpha.net/ORDO/Orphanet_98", "semapv:LexicalMatching", "0.8", "g/L"),
    row("CIM10:X125", "skos:relatedMatch", "http://example.org/local#6", MANUAL, "1.0"),
    f"LOCAL:1\tNot\tskos:exactMatch\tCIM10:X12.4\t{MANUAL}", row("", "skos:exactMatch", "CIM10:X12.3"),
    row("LOCAL:7", "skos:other", "CIM10:X12.3"), row("LOCAL:8", "skos:exactMatch", "http://elsewhere/1"),
    row("LOCAL:9", "skos:exactMatch", "NOBODY:1"), row("LOCAL:9", "skos:exactMatch", "CIM10:X1", MANUAL, "", "", "x"),
)  # fmt: skip
LOCAL = "http://example.org/local"


def records(path: Path) -> list[Record]:
    return list(IMPORTER.read(Source(path), Hints()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "set.sssom.tsv"
    path.write_text("".join(f"# {line}\n" for line in METADATA) + TABLE)
    return path


def test_a_set_is_named_by_its_id_and_version(path: Path) -> None:
    assert IMPORTER.claims(Source(path), Hints())
    release = IMPORTER.describe(Source(path), Hints())
    assert (release.name, release.version, release.licence) == ("sssom-fictive-set", "2025-01", "CC0")
    assert release.systems == ("cim10", LOCAL)


def test_a_predicate_says_what_the_object_is_to_the_subject(path: Path) -> None:
    assert [r for r in records(path) if isinstance(r, Link)] == [
        Link(LOCAL, "1", "cim10", "X12.3", "equivalent"),
        Link(LOCAL, "2", "cim10", "X12.4", "related"),
        Link(LOCAL, "3", "snomed", "9000001003", "broader"),
        Link(LOCAL, "4", "orpha", "99", "narrower"),
        Link(LOCAL, "5", "orpha", "98", "equivalent", "unit=g/L; confidence 0.8; semapv:LexicalMatching"),
        Link("cim10", "X12.5", LOCAL, "6", "related"),
    ]


def test_what_is_left_out_is_counted(path: Path) -> None:
    assert {r.reason: r.count for r in records(path) if isinstance(r, Skipped)} == {
        "identifier that no prefix explains, or without a code": 2,
        "predicate not read: skos:other": 1,
        "refused mapping (predicate modifier Not)": 1,
        "row with more cells than its header": 1,
        "the subject is a wording, not a code": 1,
    }


def test_metadata_may_stand_in_a_file_beside(tmp_path: Path) -> None:
    (tmp_path / "set.tsv").write_text(TABLE)
    (tmp_path / "set.yml").write_text("\n".join(METADATA))
    release = IMPORTER.describe(Source(tmp_path), Hints())
    assert (release.name, release.version) == ("sssom-fictive-set", "2025-01")
    assert records(tmp_path)[0] == Link(LOCAL, "1", "cim10", "X12.3", "equivalent")


def test_a_set_without_metadata_is_named_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "my_set.tsv"
    path.write_text(rows(row("ATC:Z99", "skos:exactMatch", "CIM10:X12.3")))
    release = IMPORTER.describe(Source(path), Hints(version="3"))
    assert (release.name, release.version) == ("sssom-my-set", "3")
    assert records(path) == [Link("atc", "Z99", "cim10", "X12.3", "equivalent")]


def test_another_table_is_neither_claimed_nor_read(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("code\tlabel\n")
    assert not IMPORTER.claims(Source(path), Hints())
    with pytest.raises(Refused, match="found no SSSOM table"):
        IMPORTER.describe(Source(path), Hints())
