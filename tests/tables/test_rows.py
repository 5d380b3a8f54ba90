"""Every row of every curated table: the rules of the format, codes that exist, and answers that agree with the row."""

import re
from pathlib import Path

import pytest
from tests.conftest import ROOT

from semantix.model import Context, Query
from semantix.terminology.table_files import TableFile, layout, parse, split_curie, system_of
from semantix.terminology.table_lint import lint
from semantix.terminology.tables import Row, Tables

FOLDER = ROOT / "mappings" / "tables"
PATHS = sorted(FOLDER.glob("*.sssom.tsv"))
ATIH = ("labels/cim10_fr_atih_2021.csv", "codes/ans_valid_codes_cim10.txt", "labels/cim10_oms_fr_en_tabulaire.tsv")
LOINC = (
    "labels/loinc_en_names_from_nabm2loinc.tsv",
    "labels/loinc_fr_displays_ans_harvest.tsv",
    "labels/ans_jdv_cda_2025.tsv",
    "ans-jdv-svs",
    "ans-notations-rdf",
    "../mapping-pairs/lab_nabm_label_to_loinc_set.tsv",
    "../mapping-pairs/lab_eds_socle_commun_to_loinc.tsv",
)
FR_CORE = {"LOINC:85354-9", "LOINC:8478-0"}
"""Codes of the blood pressure profiles of FR Core, which no list of the reference material holds."""
ATC = ("labels/atc_fr_2011.csv", "codes/ans_valid_codes_atc.txt", "bdpm")
CODES = {
    "cim10": (r"\b[A-Z]\d\d\.?[0-9A-Z+]*", ATIH),
    "loinc": (r"\b\d{1,5}-\d\b", LOINC),
    "atc": (r"\b[A-Z]\d\d(?:[A-Z](?:[A-Z](?:\d\d)?)?)?\b", ATC),
    "ccam": (r"\b[A-Z]{4}\d{3}", ("labels/ccam_actes_nomensland.tsv", "codes/ans_valid_codes_ccam.txt")),
    "cisp2": (r"\b-?[A-Z]\d\d\b|^-?\d\d\b", ("labels/cisp2_fr.tsv",)),
}
"""How the codes of a system look, and the lists of the reference material that hold them."""
SHOWN = 20


@pytest.fixture(scope="module")
def loaded() -> Tables:
    return Tables.load(FOLDER)


def read(path: Path) -> TableFile:
    return parse(path.read_text("utf-8"), path.name)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_every_row_follows_the_format(path: Path) -> None:
    assert lint(path.read_text("utf-8"), path.name)[:SHOWN] == ()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_the_file_is_in_the_one_layout(path: Path) -> None:
    text = path.read_text("utf-8")
    assert layout(parse(text, path.name)) == text


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_the_file_is_named_after_its_targets(path: Path) -> None:
    target = path.name.removesuffix(".sssom.tsv").split("__")[1]
    found = {system_of(row.object_id.partition(":")[0]) for row in read(path).rows}
    assert {each for each in found if each != target and not each.startswith(f"{target}-")} == set()


def _context(row: Row) -> Context:
    """The context in which every condition of a row is met."""
    sender, unit, specimen, section = (
        values[0] if values else "" for values in (row.sender, row.unit, row.specimen, row.section)
    )
    return Context(sender=sender, unit=unit, specimen=specimen, section=section)


def _query(row: Row) -> Query:
    return Query(text=row.label, code=row.code, system=row.system if row.code and row.system != "local" else "")


@pytest.mark.parametrize(
    "path", [path for path in PATHS if path.name != "units__ucum.sssom.tsv"], ids=lambda path: path.name
)
def test_every_row_is_found_by_its_own_subject_and_context(path: Path, loaded: Tables) -> None:
    # Units are read by semantix.terminology.units, whose tests go through every spelling.
    failures = []
    for target in {system_of(row.object_id.partition(":")[0]) for row in read(path).rows}:
        for row in loaded._index(target).rows:
            if row.table != path.name:
                continue
            found = loaded.find(_query(row), _context(row), target)
            if row.refused and row.target not in found.refused:
                failures.append((row.label or row.code, "not", row.target))
            elif not row.refused and row.target not in {each.target for each in found.sure}:
                failures.append((row.label or row.code, row.target))
    assert failures[:SHOWN] == []


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_every_code_exists(path: Path, shared: Path) -> None:
    failures = []
    known: dict[str, frozenset[str]] = {}
    for row in read(path).rows:
        prefix, code = split_curie(row.object_id)
        system = system_of(prefix)
        if system in CODES and system not in known:
            pattern, names = CODES[system]
            known[system] = frozenset().union(*(_known(shared / "terminologies" / name, pattern) for name in names))
        if system in CODES and code.replace(".", "") not in known[system] and row.object_id not in FR_CORE:
            failures.append((row.subject_label, row.object_id))
    assert failures[:SHOWN] == []


def _known(path: Path, pattern: str) -> frozenset[str]:
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    texts = (file.read_bytes().decode("utf-8", "replace") for file in files)
    return frozenset(code.replace(".", "") for text in texts for code in re.findall(pattern, text, re.MULTILINE))
