"""Orphanet: the direction of a correspondence, other numbers as facts, what became of a retired disorder."""

from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Link, Record, Skipped, Successor, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.orphanet import IMPORTER
from semantix.terminology.source import Source


def reference(source: str, code: str, relation: str = "") -> str:
    kind = f'<DisorderMappingRelation id="3"><Name lang="fr">{relation}</Name></DisorderMappingRelation>'
    return (
        f'<ExternalReference id="2"><Source>{source}</Source><Reference>{code}</Reference>{kind}'
        '<DisorderMappingICDRelation id="4"><Name lang="fr">E</Name></DisorderMappingICDRelation></ExternalReference>'
    )


def association(target: str, kind: str) -> str:
    return (
        f"<DisorderDisorderAssociation><TargetDisorder><OrphaCode>{target}</OrphaCode></TargetDisorder>"
        f'<DisorderDisorderAssociationType><Name lang="fr">{kind}</Name></DisorderDisorderAssociationType>'
        "</DisorderDisorderAssociation>"
    )


REFERENCES = (
    reference("ICD-10", "Q99.8", "NTBT (terme plus étroit)"), reference("ICD-10", "Q998", "E (exact)"),
    reference("ICD-11", "LD9Z", "BTNT"), reference("ICD-10", "Q97", "ND"), reference("ICD-10", "Q96", "?"),
    reference("ICD-10", "", "E"), reference("OMIM", "1"), reference("OMIM", "2"),
)  # fmt: skip
DOCUMENT = f"""<?xml version="1.0" encoding="ISO-8859-1"?>
<JDBOR date="2026-06-23 07:00:00" version="1"><DisorderList count="3">
<Disorder id="1"><OrphaCode>999999</OrphaCode><Name lang="fr">Syndrome fictif évident</Name>
<SynonymList count="1"><Synonym lang="fr">SF</Synonym></SynonymList>
<DisorderType id="1"><Name lang="fr">Maladie</Name></DisorderType>
<SummaryInformationList><SummaryInformation><TextSectionList><TextSection><Contents>Une définition.</Contents>
</TextSection></TextSectionList></SummaryInformation></SummaryInformationList>
<ExternalReferenceList count="1">{"".join(REFERENCES)}</ExternalReferenceList></Disorder>
<Disorder id="2"><OrphaCode>999998</OrphaCode><Name lang="fr">Ancien syndrome</Name>
<DisorderFlagList><DisorderFlag id="1"><Label>Inactive: Obsolete</Label></DisorderFlag></DisorderFlagList>
<DisorderDisorderAssociationList>{association("999999", "Moved to")}{association("999997", "Référé à")}
{association("999996", "?")}{association("", "Moved to")}</DisorderDisorderAssociationList></Disorder>
<Disorder id="3"><Name lang="fr">Sans code</Name></Disorder>
</DisorderList></JDBOR>"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "fr_product1.xml"
    path.write_bytes(DOCUMENT.encode("iso-8859-1"))
    return path


def records(path: Path) -> list[Record]:
    return list(IMPORTER.read(Source(path), Hints()))


def test_the_date_of_the_file_is_its_version(path: Path) -> None:
    assert IMPORTER.claims(Source(path), Hints())
    release = IMPORTER.describe(Source(path), Hints())
    assert (release.name, release.version, release.systems) == ("orphanet", "2026-06-23", ("orpha",))


def test_the_declared_encoding_is_obeyed_and_other_numbers_are_facts(path: Path) -> None:
    first, second = (r for r in records(path) if isinstance(r, Concept))
    assert first == Concept("orpha", "999999", "Syndrome fictif évident", "Maladie", properties={"omim": "1 | 2"})
    assert not second.active
    assert [r for r in records(path) if isinstance(r, Term)] == [
        Term("orpha", "999999", "SF", "synonym", "fr"), Term("orpha", "999999", "Une définition.", "note", "fr"),
    ]  # fmt: skip


def test_a_narrower_disorder_has_a_broader_target(path: Path) -> None:
    assert [(r.target_system, r.target, r.relation) for r in records(path) if isinstance(r, Link)] == [
        ("cim10", "Q99.8", "broader"), ("cim10", "Q99.8", "equivalent"), ("cim11", "LD9Z", "narrower"),
        ("cim10", "Q97", "related"),
    ]  # fmt: skip


def test_a_moved_disorder_has_a_successor(path: Path) -> None:
    assert [r for r in records(path) if isinstance(r, Successor)] == [
        Successor("orpha", "999998", "999999", "replaced-by"),
        Successor("orpha", "999998", "999997", "possibly-equivalent"),
    ]


def test_what_is_doubtful_is_counted(path: Path) -> None:
    assert {r.reason: (r.count, r.example) for r in records(path) if isinstance(r, Skipped)} == {
        "association that is neither moved to nor referred to": (1, "999998"),
        "correspondence whose relation is not E, NTBT, BTNT or ND": (1, "999999"),
        "correspondence without a code": (1, "999999"),
        "disorder without an OrphaCode": (1, "fr_product1.xml, disorder 3"),
    }


def test_another_language_is_a_release_of_its_own(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'lang="fr"', b'lang="en"'))
    assert IMPORTER.describe(Source(path), Hints()).name == "orphanet-en"
    assert Term("orpha", "999998", "Ancien syndrome", "preferred", "en") in records(path)


def test_what_is_not_orphanet_is_refused(path: Path) -> None:
    path.write_text("<JDBOR><DisorderList/></JDBOR>")
    with pytest.raises(Refused, match="give --version"):
        IMPORTER.describe(Source(path), Hints())
    with pytest.raises(Refused, match="without any Disorder"):
        records(path)
    path.write_text("<JDBOR><DisorderList>")
    with pytest.raises(Refused, match="not well-formed XML at line 1"):
        records(path)
    path.write_text("<other/>")
    assert not IMPORTER.claims(Source(path), Hints())
