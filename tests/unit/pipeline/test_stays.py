"""The messages of one stay are one visit, with the start and the end that they tell."""

from pathlib import Path

import duckdb
import pytest

from semantix import Options, convert

PV1 = "PV1|1|I|CHIR^1||||||||||||||||VN55^^^CHU" + "|" * 25 + "{start}|{end}"
STAY = (
    ("1.hl7", "A01", "20241101090000", "20241101090000", ""),
    ("2.hl7", "A03", "20241107110000", "", "20241107110000"),
)


def message(event: str, sent: str, start: str, end: str) -> str:
    segments = (
        f"MSH|^~\\&|DPI|CHU|SIL|CHU|{sent}||ADT^{event}|{sent}|P|2.5",
        f"EVN|{event}|{sent}||||{sent}",
        "PID|1||7^^^CHU||TESTARD^Zoé||19800104|F",
        PV1.format(start=start, end=end),
    )
    return "\r".join(segments) + "\r"


@pytest.mark.parametrize("backwards", [False, True])
def test_a_stay_begins_with_its_admission_and_ends_with_its_discharge(tmp_path: Path, backwards: bool) -> None:
    folder = tmp_path / "chu"
    folder.mkdir()
    late = ("3.hl7", "A08", "20241112080000", "20241101090000", "")
    for number, (name, *told) in enumerate((*STAY, late)):
        (folder / (f"{9 - number}.hl7" if backwards else name)).write_text(message(*told), encoding="utf-8")
    convert([folder], tmp_path / "cdm.duckdb", Options(target="omop", format="duckdb"))
    with duckdb.connect(str(tmp_path / "cdm.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "SELECT visit_start_datetime::VARCHAR, visit_end_datetime::VARCHAR FROM visit_occurrence"
        ).fetchall()
    assert rows == [("2024-11-01 09:00:00", "2024-11-07 11:00:00")]
