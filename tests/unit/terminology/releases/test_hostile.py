"""Whatever the bytes under a name that an importer knows, it reads them or refuses them, and never crashes."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from semantix.errors import SemantixError
from semantix.terminology.releases import IMPORTERS, Hints, athena, bdpm
from semantix.terminology.releases._rf2 import COLUMNS
from semantix.terminology.source import Source

RF2 = {
    "concept": "sct2_Concept_Snapshot_X_20250101.txt",
    "description": "sct2_Description_Snapshot_X_20250101.txt",
    "relationship": "sct2_Relationship_Snapshot_X_20250101.txt",
    "language": "der2_cRefset_LanguageSnapshot_X_20250101.txt",
    "extended-map": "der2_iisssccRefset_ExtendedMapSnapshot_X_20250101.txt",
}
FOLDERS = {
    "bdpm": dict.fromkeys(bdpm.FILES, b""),
    "athena": {name: "\t".join(columns).encode() + b"\n" for name, columns in athena.COLUMNS.items()},
    "snomed": {name: "\t".join(COLUMNS[kind]).encode() + b"\n" for kind, name in RF2.items()},
    "orphanet": {"x.xml": b"<JDBOR>"},
    "ucum": {"ucum-essence.xml": b'<root xmlns="http://unitsofmeasure.org/ucum-essence">'},
    "svs": {"x.xml": b'<RetrieveValueSetResponse xmlns="urn:ihe:iti:svs:2008">'},
    "fhir": {"x.json": b'{"resourceType":"CodeSystem",'},
    "nos-tabs": {"x.tabs": b"<OID>;<Code>\n1.2;3\n<OID>;<Code>;<Libelle>\n"},
    "sssom": {"x.tsv": b"subject_id\tpredicate_id\tobject_id\n"},
    "codes-list": {"atc.txt": b"code\n"},
}
PIECES = (
    b"\t", b"\n", b"\r\n", b";", b"1.2.3;", b"#", b"\xff", b"\xe9", b"\x00", b"\xed\xa0\x80", b"1", b"900", b"fr",
    b"skos:exactMatch", b"A:1", b"<Disorder>", b"</Disorder>", b"<OrphaCode>",
    b"<!DOCTYPE a [<!ENTITY e 'x'>]>", b"&e;",
    b'"concept":[', b'{"code":"a"}', b"]", b"}", b'"url":"u"', b",", b"None", b"Maps to", b"16/03/2011",
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(FOLDERS))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tail=st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=30).map(b"".join))
def test_no_bytes_crash_an_importer(tmp_path: Path, name: str, tail: bytes) -> None:
    importer = next(each for each in IMPORTERS if each.name == name)
    for file, head in FOLDERS[name].items():
        (tmp_path / file).write_bytes(head + tail)
    source = Source(tmp_path if len(FOLDERS[name]) > 1 else tmp_path / next(iter(FOLDERS[name])))
    importer.claims(source, Hints())
    with suppress(SemantixError):
        importer.describe(source, Hints())
    with suppress(SemantixError):
        list(importer.read(source, Hints()))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(("x.xml", "x.json", "x.tsv", "x.txt", "x.tabs", "CONCEPT.csv")),
    content=st.binary(max_size=200),
)
def test_no_importer_raises_when_asked_whether_it_claims(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    for importer in IMPORTERS:
        importer.claims(Source(tmp_path / name), Hints())


def test_no_file_of_the_reference_material_is_claimed_twice(shared: Path) -> None:
    for folder in ("terminologies", "mapping-pairs", "spec"):
        for path in sorted((shared / folder).rglob("*")):
            if path.is_file():
                claiming = [each.name for each in IMPORTERS if each.claims(Source(path), Hints())]
                assert len(claiming) <= 1, (path.name, claiming)
