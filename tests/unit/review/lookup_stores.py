"""Small invented stores: one of releases made of records, one of an export of Athena."""

from collections.abc import Iterable
from pathlib import Path

from tests.unit.terminology.conftest import importer

from semantix.terminology.building import Wishes, import_source
from semantix.terminology.records import Concept, Link, Parent, Record, Successor, Term
from semantix.terminology.releases.athena import COLUMNS
from semantix.terminology.source import Source

FEVERS: tuple[Record, ...] = (
    Concept("cim10", "X10-X19", "Fièvres", "block", assignable=False),
    Concept("cim10", "X12", "Fièvre rénale maligne", "category"),
    Concept("cim10", "X12.0", "Fièvre rénale maligne, avec toux"),
    Concept("cim10", "X12.3", "Fièvre rénale maligne, avec œdème de l’aine"),
    Concept("cim10", "X13", "Fièvre rénale maligne ancienne", active=False),
    Concept("cim10", "X14", "Toux", properties={"mco": "0"}),
    Concept("cim10", "X15", "Carence en fer"),
    Concept("cim10", "X16", "Fermeture du nez"),
    Term("cim10", "X12", "FIEV REN MAL", "short"),
    Term("cim10", "X14", "Tussis"),
    Term("cim10", "X14", "Coughing", "synonym", "en"),
    Term("cim10", "X14", "fièvre exclue", "exclusion"),
    *(Parent("cim10", code, "X10-X19") for code in ("X12", "X13", "X14", "X15", "X16")),
    Parent("cim10", "X12.0", "X12"),
    Parent("cim10", "X12.3", "X12"),
    Successor("cim10", "X13", "X12"),
    Link("cim10", "X14", "cisp2", "R05", "broader", "adults"),
    Concept("cisp2", "R05", "Toux"),
    Link("cisp2", "R05", "cim10", "X14", "narrower"),
)


def shelve(folder: Path, records: Iterable[Record], name: str = "base", version: str = "1", **more: bool) -> Path:
    """Put records in a store as the release ``name@version``; return the folder of the store."""
    kept = tuple(records)
    folder.parent.mkdir(parents=True, exist_ok=True)
    file = folder.parent / f"{name}.txt"
    file.write_text(f"{version}\n{kept!r}", "utf-8")
    import_source(Source(file), folder, Wishes(), (importer(kept, name, version, **more),))
    return folder


ATHENA = (
    ("9001", "Dry fever", "Condition", "SNOMED", "Disorder", "S", "55501", ""),
    ("9002", "Dry fever of the knee", "Condition", "SNOMED", "Disorder", "S", "55502", ""),
    ("9003", "Dry fever, old name", "Condition", "SNOMED", "Disorder", "", "55503", "U"),
    ("9004", "Dry fever", "Condition", "ICD10", "ICD10 code", "", "X12", ""),
    ("9005", "Dry fever measurement", "Measurement", "LOINC", "Lab Test", "S", "99999-1", ""),
    ("9006", "Fevers", "Condition", "SNOMED", "Disorder", "C", "55506", ""),
)
"""Rows of CONCEPT.csv: id, name, domain, vocabulary, class, standard, code, reason of invalidity."""


def deliver(folder: Path) -> Path:
    """Write a small export of Athena and import it; return the folder of the store."""
    export = folder.parent / "athena"
    export.mkdir(parents=True)
    day = ("19700101", "20991231")
    concepts = [(*row[:7], *day, row[7]) for row in ATHENA]
    tables: dict[str, list[tuple[str, ...]]] = {
        "CONCEPT.csv": concepts,
        "CONCEPT_RELATIONSHIP.csv": [
            ("9004", "9001", "Maps to", *day, ""),
            ("9003", "9001", "Concept replaced by", *day, ""),
        ],
        "CONCEPT_SYNONYM.csv": [("9001", "Fièvre sèche", "4180190")],
        "VOCABULARY.csv": [("None", "OMOP", "", "v5.0 27-FEB-25", "0")],
    }
    for name, rows in tables.items():
        lines = ["\t".join(COLUMNS[name]), *("\t".join(row) for row in rows)]
        (export / name).write_text("\n".join(lines) + "\n", "utf-8")
    import_source(Source(export), folder)
    return folder
