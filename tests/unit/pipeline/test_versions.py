"""A report that completes or corrects an earlier one is told; one that is sent again is not."""

import json
from pathlib import Path

from semantix import Options, convert

MESSAGE = (
    "MSH|^~\\&|SIL|LABO|DPI|CABINET|{sent}||ORU^R01|{number}|P|2.5\rPID|1||{patient}^^^LABO||TESTARD^Zoé||19800104|F\r"
    "OBR|1|D1^CABINET|{filler}^LABO|BIO^Biologie^L|||202403120800\rOBX|1|NM|K^Potassium^L||{value}|mmol/L|||||{status}\r"
)


def write(folder: Path, name: str, **told: str) -> None:
    fields = {"sent": "20240312", "number": "1", "filler": "R1", "patient": "7", "value": "6.9", "status": "F"} | told
    (folder / name).write_text(MESSAGE.format(**fields), encoding="utf-8")


def codes(folder: Path, out: Path) -> list[list[str]]:
    convert([folder], out / "cdm.duckdb", Options(target="omop", format="duckdb", report=out / "r.json"))
    told = json.loads((out / "r.json").read_bytes())
    return [[one["code"] for one in document["issues"] if one["code"] > "SX9"] for document in told["documents"]]


def test_a_report_that_corrects_an_earlier_one_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "labo"
    folder.mkdir()
    write(folder, "1.hl7")
    write(folder, "2.hl7", number="2", value="4.9", status="C")
    write(folder, "3.hl7", number="3", filler="R2")
    write(folder, "4.hl7", number="4", patient="8", value="4.1")
    assert codes(folder, tmp_path) == [[], ["SX907"], [], []]


def test_a_report_that_is_sent_again_is_told_by_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "labo"
    folder.mkdir()
    write(folder, "1.hl7")
    write(folder, "2.hl7", number="2", sent="20240313")
    assert codes(folder, tmp_path) == [[], []]
