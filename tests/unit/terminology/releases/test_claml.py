"""ClaML: labels, notes, marks, and the codes that modifiers make."""

from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Link, Parent, Record, Skipped, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.claml import IMPORTER
from semantix.terminology.source import Source

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE ClaML SYSTEM "ClaML.dtd">
<ClaML version="2.0.0"><Meta name="TopLevelSort" value="I"/><Identifier authority="ATIH" uid="2031"/>
<Title name="CIM-10-FR" version="2031">CIM-10 fictive</Title>
"""
MODIFIERS = """<Modifier code="S04X15_4"><SubClass code=".0"/><SubClass code=".1"/></Modifier>
<ModifierClass modifier="S04X15_4" code=".0"><SuperClass code="S04X15_4"/>
 <Rubric kind="preferred"><Label xml:lang="fr">avec coma</Label></Rubric></ModifierClass>
<ModifierClass modifier="S04X15_4" code=".1"><Rubric kind="preferred"><Label xml:lang="fr">sans coma</Label></Rubric>
</ModifierClass>
<ModifierClass modifier="S05X15_5" code="0"><Rubric kind="preferred"><Label xml:lang="fr">au lit</Label></Rubric>
</ModifierClass>
<ModifierClass modifier="S05X15_5" code="9"><Meta name="excludeOnPrecedingModifier" value="S04X15_4 .0"/>
 <Rubric kind="preferred"><Label xml:lang="fr">ailleurs</Label></Rubric></ModifierClass>
"""
CLASSES = """<Class code="XX" kind="chapter"><SubClass code="X10-X19"/>
 <Rubric kind="preferred"><Label xml:lang="fr">Fictions</Label></Rubric></Class>
<Class code="X10-X19" kind="block"><SuperClass code="XX"/><SubClass code="X12"/>
 <Rubric kind="preferred"><Label xml:lang="fr">Fièvres fictives</Label></Rubric></Class>
<Class code="X12" kind="category"><SuperClass code="X10-X19"/><SubClass code="X12.3"/>
 <Rubric kind="preferred"><Label xml:lang="fr">Fièvre fictive</Label></Rubric></Class>
<Class code="X12.3" kind="category" usage="dagger"><Meta name="frenchspecific" value="true"/><SuperClass code="X12"/>
 <Rubric kind="preferred"><Label xml:lang="fr">Fièvre fictive méningée (<Reference code="G07"
 usage="aster">G07*</Reference>)</Label></Rubric>
 <Rubric kind="inclusion"><Label xml:lang="fr"><Fragment type="item">Fièvre</Fragment><Fragment type="item">de
  fiction</Fragment></Label></Rubric>
 <Rubric kind="exclusion"><Label xml:lang="fr">autre (<Reference code="Y45">Y45.-</Reference>)</Label></Rubric>
 <Rubric kind="coding-hint"><Label xml:lang="fr"><Para>Coder d'abord.</Para><Para>Puis ensuite.</Para></Label></Rubric>
 <Rubric kind="modifierlink"><Label xml:lang="fr">voir le début</Label></Rubric></Class>
"""


def read(folder: Path, body: str, head: str = HEAD, hints: Hints | None = None) -> list[Record]:
    path = folder / "claml.xml"
    path.write_text(head + body + "</ClaML>", encoding="utf-8")
    assert IMPORTER.claims(Source(path), hints or Hints())
    return list(IMPORTER.read(Source(path), hints or Hints()))


def concepts(records: list[Record]) -> dict[str, Concept]:
    return {each.code: each for each in records if isinstance(each, Concept)}


def test_classes_become_concepts_in_their_hierarchy(tmp_path: Path) -> None:
    records = read(tmp_path, CLASSES)
    found = concepts(records)
    assert [(each.code, each.kind, each.assignable) for each in found.values()] == [
        ("XX", "chapter", False),
        ("X10-X19", "block", False),
        ("X12", "category", False),
        ("X12.3", "category", True),
    ]
    assert found["X12.3"].display == "Fièvre fictive méningée"
    assert found["X12.3"].properties == {"frenchspecific": "yes", "usage": "dagger"}
    assert [each for each in records if isinstance(each, Parent)] == [
        Parent("cim10", "X10-X19", "XX"),
        Parent("cim10", "X12", "X10-X19"),
        Parent("cim10", "X12.3", "X12"),
    ]


def test_rubrics_become_terms_by_their_kind_and_marks_become_links(tmp_path: Path) -> None:
    records = read(tmp_path, CLASSES)
    assert [each for each in records if isinstance(each, Term)] == [
        Term("cim10", "X12.3", "Fièvre de fiction", "inclusion"),
        Term("cim10", "X12.3", "autre (Y45.-)", "exclusion"),
        Term("cim10", "X12.3", "Coder d'abord. Puis ensuite.", "note"),
    ]
    assert [each for each in records if isinstance(each, Link)] == [
        Link("cim10", "X12.3", "cim10", "G07", "related", "aster")
    ]


def modified(uses: str) -> str:
    label = '<Rubric kind="preferred"><Label xml:lang="fr">Sommeil</Label></Rubric>'
    return f'{MODIFIERS}<Class code="X15" kind="category">{uses}{label}</Class>'


def test_a_modifier_makes_codes(tmp_path: Path) -> None:
    records = read(tmp_path, modified('<ModifiedBy code="S04X15_4"/>'))
    found = concepts(records)
    assert [(each.code, each.display, each.assignable) for each in found.values()] == [
        ("X15", "Sommeil", False),
        ("X15.0", "Sommeil, avec coma", True),
        ("X15.1", "Sommeil, sans coma", True),
    ]
    assert found["X15.0"].properties == {"modifiers": "S04X15_4"}
    assert Parent("cim10", "X15.0", "X15") in records


def test_two_modifiers_follow_one_another_unless_an_ending_forbids_it(tmp_path: Path) -> None:
    records = read(tmp_path, modified('<ModifiedBy code="S05X15_5"/><ModifiedBy code="S04X15_4"/>'))
    assert [(code, each.assignable) for code, each in concepts(records).items()] == [
        ("X15", False),
        ("X15.0", False),
        ("X15.1", False),
        ("X15.00", True),
        ("X15.10", True),
        ("X15.19", True),
    ]
    assert Parent("cim10", "X15.19", "X15.1") in records


def test_only_valid_endings_are_used(tmp_path: Path) -> None:
    uses = '<ModifiedBy code="S04X15_4" all="false"><ValidModifierClass code=".1"/></ModifiedBy>'
    assert list(concepts(read(tmp_path, modified(uses)))) == ["X15", "X15.1"]


def test_modifiers_are_inherited_and_may_be_excluded(tmp_path: Path) -> None:
    block = '<Class code="X10-X19" kind="block"><ModifiedBy code="S04X15_4"/></Class>'
    one = '<Class code="X15" kind="category"><SuperClass code="X10-X19"/></Class>'
    two = one.replace("X15", "X16").replace("</Class>", '<ExcludeModifier code="S04X15_4"/></Class>')
    records = read(tmp_path, MODIFIERS + block + one + two)
    assert list(concepts(records)) == ["X10-X19", "X15", "X15.0", "X15.1", "X16"]
    assert records[-1] == Skipped("a class without a preferred label", 3, "X10-X19")


def test_an_ending_that_does_not_reach_its_place_makes_no_code(tmp_path: Path) -> None:
    records = read(tmp_path, modified('<ModifiedBy code="S05X15_5"/>'))
    assert list(concepts(records)) == ["X15"]
    assert records[-1] == Skipped("a code made by a modifier that exists, or is too short", 2, "X15")


def test_the_long_name_and_variants_of_other_countries(tmp_path: Path) -> None:
    head = '<ClaML version="2.0.0"><Title name="ICD-10-GM" version="2031">ICD</Title>'
    body = """<Class code="X12" kind="category"><Rubric kind="preferred"><Label xml:lang="de">Typ I</Label></Rubric>
    <Rubric kind="preferredLong"><Label xml:lang="de">Fieber, Typ I</Label></Rubric></Class>
    <Class code="X13" kind="category"><Rubric kind="preferred"><Label xml:lang="fr" variants="OMS">Fièvre B</Label>
    <Label xml:lang="fr">Fièvre A</Label></Rubric></Class>"""
    assert read(tmp_path, body, head) == [
        Concept("cim10", "X12", "Fieber, Typ I", "category"),
        Term("cim10", "X12", "Fieber, Typ I", "preferred", "de"),
        Term("cim10", "X12", "Typ I", "related", "de"),
        Concept("cim10", "X13", "Fièvre A", "category"),
        Term("cim10", "X13", "Fièvre B", "synonym"),
    ]


def test_the_release_is_named_after_its_title(tmp_path: Path) -> None:
    read(tmp_path, CLASSES)
    release = IMPORTER.describe(Source(tmp_path / "claml.xml"), Hints())
    assert (release.name, release.version, release.systems) == ("cim10-claml", "2031", ("cim10",))


def test_a_classification_of_an_unknown_name_needs_the_user(tmp_path: Path) -> None:
    head = '<ClaML version="2.0.0"><Title name="OPS" version="2031">OPS</Title>'
    with pytest.raises(Refused, match="give --system"):
        read(tmp_path, CLASSES, head)
    assert concepts(read(tmp_path, CLASSES, head, Hints(system="cim10")))


def test_a_file_without_classes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="without any Class"):
        read(tmp_path, "")


def test_broken_xml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not well-formed"):
        read(tmp_path, "<Class>")


def test_an_entity_of_the_outside_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    head = HEAD.replace('SYSTEM "ClaML.dtd">', f'[<!ENTITY out SYSTEM "{secret.as_uri()}">]>')
    records = read(tmp_path, CLASSES.replace("Fictions", "&out;"), head)
    assert not any("SECRET" in str(each) for each in records)
