"""IHE SVS: codes by code system, value sets with their members, two writings of the name of the element."""

from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Link, Record, Skipped, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.svs import IMPORTER
from semantix.terminology.source import Source

HEAD = '<?xml version="1.0"?><RetrieveValueSetResponse xmlns="urn:ihe:iti:svs:2008">'
FIRST = f"""{HEAD}<ValueSet id="1.2.3.1" displayName="JDV_J1.tabs" description="Fictif" typeFichier="JDV"
 effectiveDate="2020-01-01T00:00:00+01:00" revisionDate="2025-03-28T12:00:00+01:00"><ConceptList>
 <Concept code="X123" codeSystem="2.16.840.1.113883.6.3" displayName="Fièvre  fictive"/>
 <Concept code="A" codeSystem="1.2.3.9" displayName="Un" shortDesignation="U" longDesignation="Un long"
  dateValid="20200101000000" dateFin="20240101000000"/>
 <Concept code="" codeSystem="1.2.3.9"/></ConceptList></ValueSet></RetrieveValueSetResponse>"""
SECOND = f"""{HEAD}<ValueSet id="1.2.3.2" title="JDV deux" name="JdvDeux" effectiveDate="2021-01-01"><ConceptList>
 <concept code="A" codeSystem="1.2.3.9" displayName="Premier"/>
 <concept code="X12.3" codeSystem="2.16.840.1.113883.6.3" displayName="Fièvre fictive"/></ConceptList></ValueSet>
 <ValueSet id="1.2.3.3" effectiveDate="2021-01-01"><ConceptList/></ValueSet></RetrieveValueSetResponse>"""
OTHER = "urn:oid:1.2.3.9"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "1.xml").write_text(FIRST, encoding="utf-8")
    (tmp_path / "2.xml").write_text(SECOND, encoding="utf-8")
    return tmp_path


def records(path: Path) -> list[Record]:
    return list(IMPORTER.read(Source(path), Hints()))


def test_a_folder_is_one_release_and_a_file_another(folder: Path) -> None:
    release = IMPORTER.describe(Source(folder), Hints())
    assert IMPORTER.claims(Source(folder), Hints())
    assert (release.name, release.version) == ("ans-jdv", "2025-03-28")
    assert release.systems == ("cim10", OTHER, "valueset")
    assert IMPORTER.describe(Source(folder / "1.xml"), Hints()).name == "valueset-1.2.3.1"


def test_a_code_of_several_sets_is_one_concept_and_another_display_a_synonym(folder: Path) -> None:
    found = records(folder)
    assert [(r.code, r.display, r.active) for r in found if isinstance(r, Concept) and r.system != "valueset"] == [
        ("X12.3", "Fièvre fictive", True),
        ("A", "Un", False),
    ]
    assert [(r.text, r.kind) for r in found if isinstance(r, Term)] == [
        ("U", "short"), ("Un long", "synonym"), ("Premier", "synonym"),
    ]  # fmt: skip


def test_a_value_set_is_a_concept_linked_with_its_members(folder: Path) -> None:
    found = records(folder)
    assert [(r.code, r.display) for r in found if isinstance(r, Concept) and r.system == "valueset"] == [
        ("1.2.3.1", "Fictif"), ("1.2.3.2", "JDV deux"), ("1.2.3.3", "1.2.3.3"),
    ]  # fmt: skip
    assert [r for r in found if isinstance(r, Link)] == [
        Link("valueset", "1.2.3.1", "cim10", "X12.3", "related", "member"),
        Link("valueset", "1.2.3.1", OTHER, "A", "related", "member"),
        Link("valueset", "1.2.3.2", OTHER, "A", "related", "member"),
        Link("valueset", "1.2.3.2", "cim10", "X12.3", "related", "member"),
    ]
    assert [r for r in found if isinstance(r, Skipped)] == [
        Skipped("concept without a code or a code system", 1, "1.2.3.1"),
        Skipped("value set without any code", 1, "2.xml"),
    ]


def test_another_file_among_them_is_refused(folder: Path) -> None:
    (folder / "3.xml").write_text("<other/>")
    with pytest.raises(Refused, match=r"3.xml: found <other>, expected <RetrieveValueSetResponse>"):
        records(folder)
    (folder / "3.xml").write_text(f"{HEAD}</RetrieveValueSetResponse>")
    with pytest.raises(Refused, match=r"3.xml: found 0 ValueSet"):
        records(folder)


def test_sets_without_a_date_ask_for_the_version(folder: Path) -> None:
    path = folder / "1.xml"
    path.write_text(f'{HEAD}<ValueSet id="1.2"/></RetrieveValueSetResponse>')
    with pytest.raises(Refused, match="give --version"):
        IMPORTER.describe(Source(path), Hints())


def test_the_real_value_sets_are_all_read(shared: Path) -> None:
    found = records(shared / "terminologies/ans-jdv-svs")
    assert sum(isinstance(r, Concept) and r.system == "valueset" for r in found) == 514
    assert sum(isinstance(r, Link) for r in found) == 15066
    assert not [r for r in found if isinstance(r, Skipped)]
