"""LOINC: names in two languages, axes, replacements, parts, and what is refused."""

import zipfile
from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Parent, Record, Skipped, Successor, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases.loinc import IMPORTER
from semantix.terminology.source import Source

AXES = ("LOINC_NUM", "COMPONENT", "PROPERTY", "TIME_ASPCT", "SYSTEM", "SCALE_TYP", "METHOD_TYP", "CLASS")
COLUMNS = (
    *(*AXES, "STATUS", "CLASSTYPE", "CONSUMER_NAME", "RELATEDNAMES2", "SHORTNAME", "LONG_COMMON_NAME"),
    *("EXAMPLE_UCUM_UNITS", "COMMON_TEST_RANK", "DisplayName"),
)
VARIANT = (*AXES, "SHORTNAME", "LONG_COMMON_NAME", "RELATEDNAMES2", "LinguisticVariantDisplayName")


def line(*cells: str) -> str:
    return ",".join(f'"{cell}"' for cell in cells) + "\r\n"


FILES = {
    "LoincTable/Loinc.csv": line(*COLUMNS)
    + line(
        *("99999-9", "Fictin", "MCnc", "Pt", "Ser/Plas", "Qn", "", "CHEM", "ACTIVE", "1", "Fictin, Blood"),
        *("Fict; Lab ", "Fictin SerPl-mCnc", "Fictin [Mass/volume] in Serum or Plasma", "mg/dL", "12", "Fictin SerPl"),
    )
    + line(
        *("99998-1", "Old fictin", "MCnc", "Pt", "Ser", "Qn", "", "CHEM", "DEPRECATED", "1", ""),
        *("", "", "Old fictin in Serum", "", "0", ""),
    ),
    "LoincTable/MapTo.csv": line("LOINC", "MAP_TO", "COMMENT") + line("99998-1", "99999-9", ""),
    "AccessoryFiles/PanelsAndForms/Loinc.csv": line("LOINC_NUM"),
    "AccessoryFiles/LinguisticVariants/frFR18LinguisticVariant.csv": "\ufeff"
    + line(*VARIANT)
    + line(
        *("99999-9", "Fictine", "Concentration massique", "Ponctuel", "Sérum/Plasma", "Quantitatif", "Dosage fictif"),
        *("CHIMIE", "", "", "Fict;Fictinémie", ""),
    )
    + line("99997-3", *("",) * 11),
    "AccessoryFiles/LinguisticVariants/frBE23LinguisticVariant.csv": line(*VARIANT)
    + line("99999-9", "Fictine", *("",) * 9, "Fictine belge"),
    "AccessoryFiles/ComponentHierarchyBySystem/ComponentHierarchyBySystem.csv": line(
        "PATH_TO_ROOT", "SEQUENCE", "IMMEDIATE_PARENT", "CODE", "CODE_TEXT"
    )
    + line("", "1", "", "LP1-1", "Laboratory")
    + line("LP1-1", "1", "LP1-1", "99999-9", "Fictin"),
    "AccessoryFiles/PartFile/Part.csv": line("PartNumber"),
}


def archive(folder: Path, **changed: str) -> Source:
    path = folder / "Loinc_2.99.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, content in FILES.items():
            file.writestr(f"Loinc_2.99/{name}", changed.get(name.rpartition("/")[2].removesuffix(".csv"), content))
    return Source(path)


@pytest.fixture
def records(tmp_path: Path) -> list[Record]:
    source = archive(tmp_path)
    assert IMPORTER.claims(source, Hints())
    assert IMPORTER.describe(source, Hints()).version == "2.99"
    return list(IMPORTER.read(source, Hints()))


def test_the_french_name_is_built_from_the_axes_where_it_is_blank(records: list[Record]) -> None:
    assert records[0] == Concept(
        "loinc",
        "99999-9",
        "Fictine [Concentration massique] Sérum/Plasma ; Dosage fictif",
        "laboratory",
        properties={
            "CLASS": "CHEM",
            "COMPONENT": "Fictin",
            "EXAMPLE_UCUM_UNITS": "mg/dL",
            "PROPERTY": "MCnc",
            "RANK": "12",
            "SCALE": "Qn",
            "STATUS": "ACTIVE",
            "SYSTEM": "Ser/Plas",
            "TIME": "Pt",
        },
    )


def test_names_of_both_languages_are_terms(records: list[Record]) -> None:
    terms = [(each.lang, each.kind, each.text) for each in records if isinstance(each, Term) and each.code == "99999-9"]
    assert terms == [
        ("en", "short", "Fictin SerPl-mCnc"),
        ("en", "synonym", "Fictin [Mass/volume] in Serum or Plasma"),
        ("en", "synonym", "Fictin SerPl"),
        ("en", "synonym", "Fictin, Blood"),
        ("en", "related", "Fict"),
        ("en", "related", "Lab"),
        ("fr", "related", "Fict"),
        ("fr", "related", "Fictinémie"),
        ("fr-BE", "synonym", "Fictine belge"),
    ]


def test_a_deprecated_code_is_inactive_and_points_to_its_replacement(records: list[Record]) -> None:
    old = next(each for each in records if isinstance(each, Concept) and each.code == "99998-1")
    assert (old.active, old.display) == (False, "Old fictin in Serum")
    assert Successor("loinc", "99998-1", "99999-9") in records


def test_several_replacements_are_only_possible_ones(tmp_path: Path) -> None:
    table = line("LOINC", "MAP_TO", "COMMENT") + line("99998-1", "99999-9", "") + line("99998-1", "99996-5", "")
    found = [each for each in IMPORTER.read(archive(tmp_path, MapTo=table), Hints()) if isinstance(each, Successor)]
    assert [each.kind for each in found] == ["possibly-equivalent"] * 2


def test_parts_are_parents_and_are_not_assignable(records: list[Record]) -> None:
    assert Concept("loinc", "LP1-1", "Laboratory", "part", assignable=False) in records
    assert Parent("loinc", "99999-9", "LP1-1") in records


def test_what_is_left_out_is_counted(records: list[Record]) -> None:
    assert [each for each in records if isinstance(each, Skipped)] == [
        Skipped("French row of a code that Loinc.csv lacks", 1, "99997-3"),
        Skipped("part.csv is not read"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (line("LOINC_NUM", "COMPONENT"), "found 2 columns without PROPERTY"),
        (line(*COLUMNS) + line("99999-9"), "line 2 has 1 columns, not 17"),
        (line(*COLUMNS), "found no row"),
        (line(*COLUMNS) + '"99999-9', "is not CSV"),
    ],
)
def test_a_table_of_another_form_is_refused(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        list(IMPORTER.read(archive(tmp_path, Loinc=content), Hints()))


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "Loinc.csv").write_bytes((line(*COLUMNS)).encode() + b'"\xe9"')
    with pytest.raises(Refused, match="not UTF-8"):
        list(IMPORTER.read(Source(tmp_path / "Loinc.csv"), Hints()))
