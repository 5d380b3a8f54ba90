"""NOS .tabs: two headers, semicolons and line feeds that nobody escaped."""

from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Link, Record, Skipped, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.nos_tabs import IMPORTER
from semantix.terminology.source import Source

FILE = "<OID>;<Type fichier>;<Nom fichier>;<Description>;<URL fichier>;<Date valid>;<Date fin>;<Date MàJ>\n"
TRE = (
    f"{FILE}1.2.250.1.9;TRE;TRE_R99_Fictif.tabs;Fictif;https://example.org;20200101000000;;20260505120000\n"
    "<OID>;<Code>;<Libellé adapté>;<Libellé court>;<Libellé long>;<Date valid>;<Date fin>;<Date MàJ>\n"
    "1.2.250.1.9;01;Un;U;Un long;20200101000000;;20200101000000\n"
    "1.2.250.1.9;02;Deux \nen deux lignes;;;20200101000000;20240101000000;20200101000000\n"
    "1.2.250.1.9;03;Trois;ou;quatre;;;20200101000000;;20200101000000\n"
    "1.2.250.1.9;;Sans code;;;;;\n"
)
JDV = (
    f"{FILE}1.2.250.1.8;JDV;JDV_J99.tabs;Jeu fictif;https://example.org;20200101000000;;20250505120000\n"
    "<system>;<Code>;<Libellé>\n"
    "2.16.840.1.113883.6.3;X123;Fièvre; fictive;\n"
    "urn:oid:1.2.250.1.9;01;Premier\n"
)
OID = "urn:oid:1.2.250.1.9"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "TRE_R99.tabs").write_text(TRE, encoding="utf-8")
    (tmp_path / "JDV_J99.tabs").write_text(JDV, encoding="utf-8")
    return tmp_path


def records(path: Path) -> list[Record]:
    return list(IMPORTER.read(Source(path), Hints()))


def test_a_folder_is_one_release(folder: Path) -> None:
    assert IMPORTER.claims(Source(folder), Hints())
    release = IMPORTER.describe(Source(folder), Hints())
    assert (release.name, release.version, release.systems) == ("ans-nos", "20260505", ("cim10", OID, "valueset"))
    assert IMPORTER.describe(Source(folder / "TRE_R99.tabs"), Hints()).name == "nos-TRE_R99"


def test_a_line_feed_inside_a_label_is_mended_and_an_end_is_told(folder: Path) -> None:
    found = records(folder / "TRE_R99.tabs")
    assert [(r.code, r.display, r.active) for r in found if isinstance(r, Concept)] == [
        ("01", "Un", True), ("02", "Deux en deux lignes", False),
    ]  # fmt: skip
    assert [(r.text, r.kind) for r in found if isinstance(r, Term)] == [("U", "short"), ("Un long", "synonym")]


def test_a_semicolon_too_many_is_only_mended_where_one_column_can_hold_it(folder: Path) -> None:
    reason = "row with another number of cells, or without a code"
    assert [r for r in records(folder) if isinstance(r, Skipped)] == [Skipped(reason, 2, "TRE_R99.tabs line 7")]
    assert Concept("cim10", "X12.3", "Fièvre; fictive") in records(folder)


def test_a_value_set_has_its_members(folder: Path) -> None:
    found = records(folder)
    assert [r for r in found if isinstance(r, Link)] == [
        Link("valueset", "1.2.250.1.8", "cim10", "X12.3", "related", "member"),
        Link("valueset", "1.2.250.1.8", OID, "01", "related", "member"),
    ]
    assert Term(OID, "01", "Un", "synonym", "fr") in found


def test_other_content_is_refused(folder: Path) -> None:
    path = folder / "TRE_R99.tabs"
    path.write_text("<OID>;<Code>\n1;2\n")
    with pytest.raises(Refused, match="found 1 headers"):
        records(path)
    path.write_text(f"{FILE}1.2;TRE\n<OID>;<Libelle>\n")
    with pytest.raises(Refused, match="found the columns oid libelle"):
        records(path)
    path.write_text("<OID>;<Nom fichier>\n1.2;x\n<OID>;<Code>;<Libelle>\n")
    with pytest.raises(Refused, match="give --version"):
        IMPORTER.describe(Source(path), Hints())
    path.write_text("x")
    assert not IMPORTER.claims(Source(path), Hints())
