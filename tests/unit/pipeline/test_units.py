"""Units of local sources: a UCUM code where the spelling means one thing, doubts on values that cannot be."""

import json
from pathlib import Path
from typing import Any

import pytest

from semantix import Options, RunReport, convert


def quantities(tmp_path: Path, *rows: str) -> tuple[list[dict[str, Any]], RunReport]:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "export.txt").write_bytes("".join(f"7\t2016-03-09\t{row}\r" for row in rows).encode())
    report = convert([tmp_path / "in"], tmp_path / "out", Options(format="ndjson"))
    lines = (tmp_path / "out" / "Observation.ndjson").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [one["valueQuantity"] for one in found if "valueQuantity" in one], report


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Créatinine\t9,4\tmg/l", "mg/L"),
        ("Créatinine\t88\tµmol/l", "umol/L"),
        ("TSH\t2,1\tmUI/l", "m[IU]/L"),
        ("Leucocytes\t5,2\tG/L", "10*9/L"),
        ("Leucocytes\t5200\t/mm3", "/mm3"),
        ("Glycémie à jeun\t0,95\tG/L", "g/L"),
        ("Analyse inconnue\t12\tG/L", None),
        ("Analyse inconnue\t12\tunités maison", None),
    ],
)
def test_a_spelling_gets_the_code_that_the_analyte_settles_or_none(tmp_path: Path, row: str, code: str | None) -> None:
    (amount,), _ = quantities(tmp_path, row)
    assert amount.get("code") == code
    assert amount["unit"] == row.split("\t")[2]


def test_a_code_that_is_not_what_was_written_says_how_it_was_found(tmp_path: Path) -> None:
    (amount,), _ = quantities(tmp_path, "Créatinine\t88\tµmol/l")
    parts = {part["url"]: part for extension in amount["extension"] for part in extension["extension"]}
    assert parts["method"]["valueCode"] == "curated"


def test_a_value_a_thousand_times_too_large_is_kept_doubted_and_its_unit_gets_no_code(tmp_path: Path) -> None:
    (amount,), report = quantities(tmp_path, "Créatinine\t88\tmmol/l")
    assert (float(amount["value"]), amount["unit"], amount.get("code")) == (88, "mmol/l", None)
    assert report.figures.issues["SX211", "warning"] == 1


def test_moles_a_litre_that_no_body_holds_have_lost_the_sign_before_them(tmp_path: Path) -> None:
    amounts, report = quantities(tmp_path, "Vitamine B12\t350\tmol/l", "Analyse inconnue\t0.5\tmol/l")
    assert [(float(one["value"]), one["unit"], one.get("code")) for one in amounts] == [
        (350, "mol/l", None),
        (0.5, "mol/l", "mol/L"),
    ]
    assert report.figures.issues["SX211", "warning"] == 1
