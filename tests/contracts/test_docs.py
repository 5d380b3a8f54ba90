"""The documentation keeps its word: its example runs, its links lead somewhere, the proofs that it names exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("[!.]*/README.md")])


def test_the_library_example_of_the_readme_runs():
    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL).group(1)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "resources" in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_requirement_of_the_omop_guide_is_answered_and_its_proofs_exist():
    page = (ROOT / "docs" / "reference" / "omop-requirements.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| f2o-")]
    assert len(rows) == 56
    tests = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    for row in rows:
        for name in re.findall(r"\b(test_\w+)(?!\w*\.py)`", row):
            assert f"def {name}(" in tests, row
        for file in re.findall(r"`((?:emitters|sinks|parsers)/[\w/]+\.py)", row):
            assert (ROOT / "tests" / "unit" / file).exists(), row
