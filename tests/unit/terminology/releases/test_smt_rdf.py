"""RDF and OWL of the national terminology server: one set of concepts, two readers, the same records."""

import zipfile
from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Link, Parent, Record, Skipped, Successor, Term
from semantix.terminology.releases import Hints, Importer, Refused
from semantix.terminology.releases import owl as owl_module
from semantix.terminology.releases.smt_rdf import IMPORTER
from semantix.terminology.source import Source

OWL = owl_module.IMPORTER
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"
 xmlns:owl="http://www.w3.org/2002/07/owl#" xmlns:skos="http://www.w3.org/2004/02/skos/core#"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dct="http://purl.org/dc/terms/" xmlns:adms="http://www.w3.org/ns/adms#"
 xmlns:xkos="http://rdf-vocabulary.ddialliance.org/xkos#" xmlns:prov="http://www.w3.org/ns/prov#"
 xmlns:icd="http://id.who.int/icd/schema/" xmlns:cim="http://data.esante.gouv.fr/atih-cim10#"
 xmlns:st="http://data.esante.gouv.fr/coe/standardterms#">
"""
BASE = "http://data.esante.gouv.fr/"


def concept(iri: str, notation: str, *facts: str) -> str:
    return (
        f'<rdf:Description rdf:about="{iri}"><rdf:type rdf:resource="http://www.w3.org/2002/07/owl#Class"/>'
        f"<skos:notation>{notation}</skos:notation>{''.join(facts)}</rdf:Description>\n"
    )


def label(text: str, language: str = "fr") -> str:
    return f'<rdfs:label xml:lang="{language}">{text}</rdfs:label>'


def point(name: str, iri: str) -> str:
    return f'<{name} rdf:resource="{iri}"/>'


CIM = BASE + "atih/cim10/"
CIM10 = (
    concept(CIM + "09", "IX", label("Fictions"), "<dc:type>chapter</dc:type>", point("rdfs:subClassOf", BASE))
    + concept(
        CIM + "X12", "X12", label("Fièvre fictive"), "<dc:type>category</dc:type>", point("rdfs:subClassOf", CIM + "09")
    )
    + concept(
        CIM + "X12.3",
        "X12.3",
        label("Fièvre fictive"),
        label("Fictitious fever", "en"),
        "<dc:type>category</dc:type>",
        point("rdfs:subClassOf", CIM + "X12"),
        "<rdfs:subClassOf><owl:Restriction/></rdfs:subClassOf>",
        '<skos:altLabel xml:lang="fr">Fictite</skos:altLabel>',
        "<xkos:exclusionNote>À l'exclusion de :\n - autre [Y45.-]</xkos:exclusionNote>",
        "<xkos:inclusionNote>Comprend :\n - fièvre du conte\n - fièvre  du roman</xkos:inclusionNote>",
        '<skos:scopeNote xml:lang="fr">Coder ailleurs</skos:scopeNote>',
        point("cim:hasManifestation", CIM + "X15.0"),
        '<dct:modified rdf:datatype="http://www.w3.org/2001/XMLSchema#dateTime">20/12/2024</dct:modified>',
    )
    + concept(
        CIM + "X15.0",
        "X15.0",
        label("Sommeil"),
        '<skos:altLabel xml:lang="fr">jambe</skos:altLabel>',
        point("prov:wasGeneratedBy", BASE + "modifier"),
    )
)
EXPECTED = [
    Concept("cim10", "IX", "Fictions", "chapter", assignable=False),
    Concept("cim10", "X12", "Fièvre fictive", "category", assignable=False),
    Parent("cim10", "X12", "IX"),
    Concept("cim10", "X12.3", "Fièvre fictive", "category", properties={"modified": "20/12/2024"}),
    Term("cim10", "X12.3", "Fictitious fever", "synonym", "en"),
    Term("cim10", "X12.3", "À l'exclusion de : - autre [Y45.-]", "exclusion"),
    Term("cim10", "X12.3", "Fictite", "inclusion"),
    Term("cim10", "X12.3", "fièvre du conte", "inclusion"),
    Term("cim10", "X12.3", "fièvre du roman", "inclusion"),
    Term("cim10", "X12.3", "Coder ailleurs", "note"),
    Term("cim10", "X12.3", "Comprend :", "note"),
    Parent("cim10", "X12.3", "X12"),
    Link("cim10", "X12.3", "cim10", "X15.0", "related", "aster"),
    Concept("cim10", "X15.0", "Sommeil", properties={"generated": "yes"}),
    Skipped("an alternative label of a code made by a modifier", 1, "X15.0"),
]


def read(folder: Path, body: str, name: str, importer: Importer = IMPORTER, hints: Hints | None = None) -> list[Record]:
    path = folder / name
    path.write_text(HEAD + body + "</rdf:RDF>", encoding="utf-8")
    assert importer.claims(Source(path), hints or Hints())
    return list(importer.read(Source(path), hints or Hints()))


@pytest.mark.parametrize(("importer", "suffix"), [(IMPORTER, "rdf"), (OWL, "owl")])
def test_cim10_is_the_same_from_rdf_and_from_owl(tmp_path: Path, importer: Importer, suffix: str) -> None:
    assert read(tmp_path, CIM10, f"terminologie-cim-10-2031-01-01.{suffix}", importer) == EXPECTED
    release = importer.describe(Source(tmp_path / f"terminologie-cim-10-2031-01-01.{suffix}"), Hints())
    assert (release.name, release.version, release.systems) == ("cim10-smt", "2031-01-01", ("cim10",))


def test_an_import_of_owl_is_never_followed(tmp_path: Path) -> None:
    ontology = f'<owl:Ontology rdf:about="{CIM}"><owl:imports rdf:resource="https://example.org/x"/></owl:Ontology>'
    assert read(tmp_path, ontology + CIM10, "x.owl", OWL) == EXPECTED


def test_the_archive_of_the_server_is_read_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "atc.zip"
    atc = BASE + "whocc/atc/"
    body = concept(
        atc + "Z99AA01",
        "Z99AA01",
        label("fictin", "en"),
        "<adms:status>inactive</adms:status>",
        point("dct:isReplacedBy", atc + "Z99AA02"),
    ) + concept(atc + "Z99AA02", "Z99AA02", label("fictine"), point("rdfs:subClassOf", atc + "Z99"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("top/dat/terminologie-atc-2031-02.rdf", HEAD + body + "</rdf:RDF>")
        archive.writestr("top/meta/metadata-atc.rdf", HEAD + "</rdf:RDF>")
    assert IMPORTER.describe(Source(path), Hints()).version == "2031-02"
    assert list(IMPORTER.read(Source(path), Hints())) == [
        Concept("atc", "Z99AA01", "fictin", active=False, properties={"status": "inactive"}),
        Term("atc", "Z99AA01", "fictin", "preferred", "en"),
        Successor("atc", "Z99AA01", "Z99AA02"),
        Concept("atc", "Z99AA02", "fictine"),
    ]


def test_alternative_labels_of_ccam_are_short_and_cisp2_links_to_cim10(tmp_path: Path) -> None:
    ccam = concept(
        BASE + "cnam/ccam/ZZZZ001", "ZZZZ001", label("Acte"), '<skos:altLabel xml:lang="fr">act.</skos:altLabel>'
    )
    assert Term("ccam", "ZZZZ001", "act.", "short") in read(tmp_path, ccam, "ccam.rdf")
    cisp = concept(
        "https://data.esante.gouv.fr/wonca-cispclub/cisp2/Z99",
        "Z99",
        label("Fiction"),
        point("icd:icd10Code", CIM + "X12.3"),
        point("icd:icd10Code", CIM + "X12.4"),
        "<icd:inclusion>fable</icd:inclusion>",
    )
    records = read(tmp_path, cisp, "cisp.rdf")
    assert Term("cisp2", "Z99", "fable", "inclusion") in records
    assert Link("cisp2", "Z99", "cim10", "X12.3", "narrower") in records


def test_pending_terms_are_not_assignable(tmp_path: Path) -> None:
    body = concept(BASE + "coe/standardterms/99999000", "99999000", label("Fict"), "<adms:status>Pending</adms:status>")
    (found,) = read(tmp_path, body, "edqm.rdf")
    assert isinstance(found, Concept)
    assert (found.active, found.assignable) == (True, False)


def test_notations_alone_are_codes_without_labels(tmp_path: Path) -> None:
    body = "".join(f"<rdf:Description><skos:notation>{code}</skos:notation></rdf:Description>" for code in ("Z99", "Z"))
    assert read(tmp_path, body, "2.16.840.1.113883.6.73.rdf") == [
        Concept("atc", "Z", "", assignable=False),
        Concept("atc", "Z99", ""),
        Parent("atc", "Z99", "Z"),
    ]
    release = IMPORTER.describe(Source(tmp_path / "2.16.840.1.113883.6.73.rdf"), Hints())
    assert release.name == "atc-notations"


def test_a_repeated_notation_is_counted(tmp_path: Path) -> None:
    adicap = "https://data.esante.gouv.fr/adicap/"
    body = concept(adicap + "D1-AA", "AA", label("Un")) + concept(adicap + "D2-AA", "AA", label("Deux"))
    assert read(tmp_path, body, "x.rdf")[-1] == Skipped("a notation that another concept has", 1, "AA")


def test_an_unknown_terminology_needs_the_user(tmp_path: Path) -> None:
    body = concept("http://example.org/1", "1", label("Un"))
    with pytest.raises(Refused, match="give --system"):
        read(tmp_path, body, "x.rdf")
    assert read(tmp_path, body, "x.rdf", hints=Hints(system="drc")) == [Concept("drc", "1", "Un")]
    assert read(tmp_path, body, "terminologie-fictif-1.0.rdf") == [
        Concept("https://smt.esante.gouv.fr/terminologie-fictif", "1", "Un")
    ]
    assert (
        IMPORTER.describe(Source(tmp_path / "terminologie-fictif-1.0.rdf"), Hints()).name == "terminologie-fictif-smt"
    )


@pytest.mark.parametrize(("importer", "suffix"), [(IMPORTER, "rdf"), (OWL, "owl")])
def test_files_without_notation_or_damaged_are_refused(tmp_path: Path, importer: Importer, suffix: str) -> None:
    with pytest.raises(Refused, match=r"no skos:notation"):
        read(tmp_path, "", f"1.{suffix}", importer, Hints(system="atc"))
    with pytest.raises(Refused, match="download the file again"):
        read(tmp_path, "<rdf:Description>", f"2.{suffix}", importer, Hints(system="atc"))


def test_real_notations_are_read(shared: Path) -> None:
    counts = {}
    for oid in ("0.4.0.127.0.16.1.1.2.1", "2.16.840.1.113883.6.139", "1.2.250.1.213.1.1.4.322"):
        source = Source(shared / f"terminologies/ans-notations-rdf/{oid}.rdf")
        counts[IMPORTER.describe(source, Hints()).name] = len(list(IMPORTER.read(source, Hints())))
    assert counts == {"edqm-notations": 1288, "cisp2-notations": 1434, "ta-asip-notations": 1574}
