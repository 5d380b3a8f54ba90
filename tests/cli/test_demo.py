"""``make demo``: the first thing that a newcomer runs."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import ROOT


@pytest.mark.parametrize(("lang", "words"), [("fr", "Où regarder ensuite"), ("en", "Where to look next")])
def test_the_demo_checks_the_examples_and_converts_them_both_ways(tmp_path: Path, lang: str, words: str) -> None:
    out = tmp_path / "demo"
    command = [sys.executable, ROOT / "scripts" / "demo.py", "--lang", lang, "--out", out]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert words in done.stdout
    assert ("NON CONFORME" if lang == "fr" else "NOT CONFORMANT") in done.stdout
    assert f'<html lang="{lang}">' in (out / "validation.html").read_text(encoding="utf-8")
    assert (out / "warehouse" / "cdm.duckdb").exists()
    for name in ("fhir/Patient.ndjson", "cdm.duckdb", "fhir-report.html", "omop-report.html", "omop-report.json"):
        assert (out / name).stat().st_size > 0
