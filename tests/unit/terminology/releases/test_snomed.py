"""SNOMED CT RF2: which wording is shown, what an inactive concept has become, under which rule a map holds."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from semantix.terminology.records import Concept, Link, Parent, Record, Skipped, Successor, Term
from semantix.terminology.releases import Hints, Refused
from semantix.terminology.releases._rf2 import COLUMNS, FSN, INACTIVATION, IS_A, PREFERRED
from semantix.terminology.releases.snomed import IMPORTER
from semantix.terminology.source import Source

SYNONYM = "900000000000013009"
ACCEPTABLE = "900000000000549004"
US, FR, BE = "900000000000509007", "10031000315102", "21000172104"
ICD10 = "447562003"
FEVER, ROOT, OLD = "9000001003", "138875005", "9000002009"


def description(number: int, code: str, text: str, lang: str = "en", **other: str) -> list[str]:
    kind, active = other.get("kind", SYNONYM), other.get("active", "1")
    return [f"{number}", "20250101", active, "m", code, lang, kind, text, "c"]


def member(refset: str, component: str, *rest: str, active: str = "1") -> list[str]:
    return [f"{refset}-{component}-{'-'.join(rest)}", "20250101", active, "m", refset, component, *rest]


DESCRIPTIONS = [
    description(1, FEVER, "Fictitious fever (disorder)", kind=FSN),
    description(2, FEVER, "Fictitious fever"),
    description(3, FEVER, 'fièvre "fictive"', "fr"),
    description(4, FEVER, "fébrilité fictive", "fr"),
    description(5, FEVER, "retired wording", active="0"),
    description(6, FEVER, "fiebre", "es"),
    description(7, FEVER, "in no dialect"),
    description(8, OLD, "Old fever (finding)", kind=FSN),
    description(9, ROOT, "SNOMED CT Concept", kind=FSN),
]
LANGUAGES = [
    *(member(US, number, PREFERRED) for number in ("1", "2", "8", "9")),
    member(BE, "4", PREFERRED), member(FR, "3", PREFERRED), member(FR, "7", PREFERRED, active="0"),
]  # fmt: skip
MAPS = [
    member(ICD10, FEVER, "1", "1", "TRUE", "ALWAYS X12.3", "X12.3", "447561005", "447637006"),
    member(ICD10, OLD, "1", "2", "OTHERWISE TRUE", "ALWAYS X12.4", "X12.4", "447561005", "447637006"),
    member(ICD10, OLD, "1", "1", "IFA 1 | Female |", "IF Female", "X12.5", "447557004", "447637006"),
    member(ICD10, ROOT, "1", "1", "TRUE", "CANNOT BE CLASSIFIED", "", "447561005", "447638001"),
]
FILES: Mapping[str, tuple[str, list[list[str]]]] = {
    "sct2_Concept_Snapshot_INT_20250101.txt": (
        "concept", [[FEVER, "20250101", "1", "m", "d"], [ROOT, "20020131", "1", "m", "d"],
                    [OLD, "20250101", "0", "m", "d"]],
    ),
    "sct2_Description_Snapshot-en_INT_20250101.txt": ("description", DESCRIPTIONS),
    "sct2_TextDefinition_Snapshot-en_INT_20250101.txt": ("description", [description(20, FEVER, "A made-up fever.")]),
    "sct2_Relationship_Snapshot_INT_20250101.txt": (
        "relationship",
        [["1", "20250101", "1", "m", FEVER, ROOT, "0", IS_A, "c", "x"],
         ["2", "20250101", "0", "m", OLD, ROOT, "0", IS_A, "c", "x"],
         ["3", "20250101", "1", "m", FEVER, ROOT, "0", "363698007", "c", "x"],
         ["4", "20250101", "1", "m", IS_A, ROOT, "0", IS_A]],
    ),
    "der2_cRefset_LanguageSnapshot-en_INT_20250101.txt": ("language", LANGUAGES),
    "der2_cRefset_AssociationSnapshot_INT_20250101.txt": (
        "association",
        [member("900000000000526001", OLD, FEVER), member("900000000000528000", OLD, ROOT),
         member("900000000000531004", "9000011", FEVER)],
    ),
    "der2_cRefset_AttributeValueSnapshot_INT_20250101.txt": (
        "attribute", [member(INACTIVATION, OLD, "900000000000483008")],
    ),
    "der2_sRefset_SimpleMapSnapshot_INT_20250101.txt": (
        "simple-map", [member("784008009", FEVER, "999999"), member("1", FEVER, "A")],
    ),
    "der2_iisssccRefset_ExtendedMapSnapshot_INT_20250101.txt": ("extended-map", MAPS),
}  # fmt: skip


def write(folder: Path, files: Mapping[str, tuple[str, list[list[str]]]] = FILES) -> Path:
    for name, (kind, rows) in files.items():
        lines = ["\t".join(COLUMNS[kind]), *("\t".join(row) for row in rows)]
        path = folder / "Snapshot" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("".join(f"{line}\r\n" for line in lines).encode())
    (folder / "Snapshot/der2_Refset_SimpleSnapshot_INT_20250101.txt").write_text("id\r\n")
    return folder


@pytest.fixture
def records(tmp_path: Path) -> list[Record]:
    return list(IMPORTER.read(Source(write(tmp_path)), Hints()))


def test_a_snapshot_is_named_by_its_edition_and_date(tmp_path: Path) -> None:
    source = Source(write(tmp_path))
    release = IMPORTER.describe(source, Hints())
    assert IMPORTER.claims(source, Hints())
    assert (release.name, release.version, release.supplement) == ("snomed-int", "20250101", False)


def test_the_display_is_the_preferred_term_of_the_best_french_dialect(records: list[Record]) -> None:
    concepts = {r.code: r for r in records if isinstance(r, Concept)}
    assert concepts[FEVER].display == 'fièvre "fictive"'
    assert concepts[FEVER].kind == "disorder"
    assert concepts[OLD].display == "Old fever"
    assert not concepts[OLD].active
    assert concepts[OLD].properties == {"inactivation": "outdated"}


def test_the_other_wordings_are_terms_in_their_language(records: list[Record]) -> None:
    terms = {(r.text, r.kind, r.lang) for r in records if isinstance(r, Term) and r.code == FEVER}
    assert terms == {
        ("Fictitious fever (disorder)", "fsn", "en"),
        ("Fictitious fever", "preferred", "en"),
        ("fébrilité fictive", "synonym", "fr"),
        ("A made-up fever.", "note", "en"),
    }


def test_only_active_is_a_makes_parents(records: list[Record]) -> None:
    assert [r for r in records if isinstance(r, Parent)] == [Parent("snomed", FEVER, ROOT)]


def test_an_inactive_concept_has_its_successor(records: list[Record]) -> None:
    assert [r for r in records if isinstance(r, Successor)] == [Successor("snomed", OLD, FEVER, "replaced-by")]


def test_a_map_says_under_which_rule_it_holds(records: list[Record]) -> None:
    assert [r for r in records if isinstance(r, Link)] == [
        Link("snomed", FEVER, "orpha", "999999", "equivalent"),
        Link("snomed", FEVER, "http://snomed.info/sct?fhir_cm=1", "A", "related"),
        Link("snomed", FEVER, "cim10", "X12.3", "broader"),
        Link("snomed", OLD, "cim10", "X12.5", "equivalent", "group 1 of 1, priority 1: IFA 1 | Female |; IF Female"),
        Link("snomed", OLD, "cim10", "X12.4", "broader", "group 1 of 1, priority 2: OTHERWISE TRUE; ALWAYS X12.4"),
    ]


def test_what_is_left_out_is_counted(records: list[Record]) -> None:
    assert {r.reason: r.count for r in records if isinstance(r, Skipped)} == {
        "association: of a description, not of a concept": 1,
        "association: says nothing of what takes the concept's place": 1,
        "description: in no language reference set": 1,
        "description: inactive": 1,
        "description: neither French nor English": 1,
        "file of another kind: not read": 1,
        f"map {ICD10}: no code to map to": 1,
        "relationship: an attribute, not is-a": 1,
        "relationship: not 10 columns": 1,
    }


def test_an_extension_adds_terms_to_concepts_of_another_release(tmp_path: Path) -> None:
    files = {
        "xsct2_Description_Snapshot_CommonFrench-Extension_20250930.txt": (
            "description", [description(3, FEVER, "fièvre fictive", "fr"), description(3, FEVER, "again", "fr")],
        ),
        "xder2_cRefset_LanguageSnapshot_CommonFrench-Extension_20250930.txt": (
            "language", [member("21000241105", "3", PREFERRED)],
        ),
    }  # fmt: skip
    source = Source(write(tmp_path, files))
    release = IMPORTER.describe(source, Hints())
    assert (release.name, release.version, release.supplement) == ("snomed-commonfrench-extension", "20250930", True)
    found = [r for r in IMPORTER.read(source, Hints()) if not isinstance(r, Skipped)]
    assert found[-1] == Term("snomed", FEVER, "fièvre fictive", "preferred", "fr")


def test_in_two_releases_the_latest_row_of_a_component_is_read(tmp_path: Path) -> None:
    newer = {
        "sct2_Concept_Snapshot_XX_20250601.txt": (
            "concept", [[OLD, "20250601", "1", "m", "d"], [FEVER, "20240101", "0", "m", "d"]],
        ),
        "sct2_Description_Snapshot-en_XX_20250601.txt": (
            "description", [description(2, FEVER, "Renamed fever"), description(30, FEVER, "Second", "en")],
        ),
        "sct2_Relationship_Snapshot_XX_20250601.txt": (
            "relationship", [["1", "20250601", "0", "m", FEVER, ROOT, "0", IS_A, "c", "x"]],
        ),
        "der2_cRefset_LanguageSnapshot-en_XX_20250601.txt": (
            "language", [member("900000000000508004", "30", PREFERRED), LANGUAGES[0]],
        ),
    }  # fmt: skip
    found = list(IMPORTER.read(Source(write(tmp_path, {**FILES, **newer})), Hints()))
    active = {r.code: r.active for r in found if isinstance(r, Concept)}
    assert active == {FEVER: True, ROOT: True, OLD: True}
    assert Term("snomed", FEVER, "Renamed fever", "preferred", "en") in found
    assert Term("snomed", FEVER, "Second", "synonym", "en") in found
    assert not [r for r in found if isinstance(r, Parent)]


def test_other_columns_are_refused(tmp_path: Path) -> None:
    write(tmp_path)
    path = tmp_path / "Snapshot/sct2_Concept_Snapshot_INT_20250101.txt"
    path.write_text("id\tactive\r\n")
    with pytest.raises(Refused, match="found the columns id active; expected id effectiveTime active moduleId"):
        IMPORTER.describe(Source(tmp_path), Hints())
    path.write_text("")
    with pytest.raises(Refused, match="found an empty file"):
        IMPORTER.describe(Source(tmp_path), Hints())


def test_a_full_or_incomplete_release_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sct2_Concept_Full_INT_20250101.txt").write_text("")
    with pytest.raises(Refused, match="found full, expected a Snapshot"):
        IMPORTER.describe(Source(tmp_path), Hints())
    (tmp_path / "sct2_Concept_Snapshot_INT_20250101.txt").write_text("\t".join(COLUMNS["concept"]))
    with pytest.raises(Refused, match="no sct2_Description_Snapshot"):
        list(IMPORTER.read(Source(tmp_path), Hints()))


def test_a_byte_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    write(tmp_path)
    path = tmp_path / "Snapshot/sct2_Description_Snapshot-en_INT_20250101.txt"
    path.write_bytes(path.read_bytes() + b"\xe9\tx\r\n")
    with pytest.raises(Refused, match="line 11 is not UTF-8"):
        list(IMPORTER.read(Source(tmp_path), Hints()))


def test_files_without_a_date_ask_for_the_version(tmp_path: Path) -> None:
    (tmp_path / "sct2_Concept_Snapshot_.txt").write_text("\t".join(COLUMNS["concept"]))
    with pytest.raises(Refused, match="give --version"):
        IMPORTER.describe(Source(tmp_path), Hints())
    assert IMPORTER.describe(Source(tmp_path), Hints(version="1")).version == "1"


def test_without_language_reference_sets_the_full_name_is_shown(tmp_path: Path) -> None:
    files = {name: content for name, content in FILES.items() if "Language" not in name}
    found = list(IMPORTER.read(Source(write(tmp_path, files)), Hints()))
    assert {r.display for r in found if isinstance(r, Concept)} == {
        "Fictitious fever", "Old fever", "SNOMED CT Concept",
    }  # fmt: skip
    assert Term("snomed", FEVER, "in no dialect", "synonym", "en") in found
