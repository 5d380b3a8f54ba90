"""The tutorial keeps its word: its commands run, one after the other, and print what it shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import ROOT

from semantix.parsers.packs import load_pack
from semantix.parsers.packs import test_pack as run_tests

TUTORIAL = ROOT / "docs" / "tutorial"
FINISHED = TUTORIAL / "unknown-export" / "finished"
PAGES = {"en": TUTORIAL / "unknown-export.md", "fr": TUTORIAL / "unknown-export.fr.md"}
BLOCK = re.compile(r"^```(sh|text|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "=== end of block"


def blocks(page: Path) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in BLOCK.finditer(page.read_text("utf-8"))]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def run_page(page: Path, folder: Path, lang: str) -> list[str]:
    """What each block of commands prints, in a home that holds the project and nothing else."""
    home, work = folder / "home", folder / "work"
    for one in (home, work):
        one.mkdir()
    (home / "semantix").symlink_to(ROOT)
    script = f"echo '{MARK}'\n".join(content for kind, content in blocks(page) if kind == "sh")
    environment = {
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LANG": {"en": "C.UTF-8", "fr": "fr_FR.UTF-8"}[lang],
        "PYTHONUTF8": "1",
    }
    command = ["bash", "-c", f"exec 2>&1\n{script}"]
    done = subprocess.run(command, cwd=work, env=environment, check=False, stdout=subprocess.PIPE, encoding="utf-8")
    return done.stdout.split(MARK)


@pytest.mark.parametrize(("lang", "page"), PAGES.items(), ids=PAGES)
def test_every_command_of_the_tutorial_prints_what_the_page_shows(tmp_path: Path, lang: str, page: Path) -> None:
    printed = iter(run_page(page, tmp_path, lang))
    output, shown = "", 0
    for kind, content in blocks(page):
        if kind == "sh":
            output += squeezed(next(printed))
            assert "unexpected" not in output
        elif kind == "text":
            for line in content.splitlines():
                assert squeezed(line) in output, line
                shown += 1
    assert shown >= 15


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_every_edit_that_the_tutorial_shows_is_in_the_finished_pack(page: Path) -> None:
    finished = (FINISHED / "solfa.yaml").read_text("utf-8")
    edits = [content for kind, content in blocks(page) if kind == "yaml"]
    assert edits
    for edit in edits:
        assert edit in finished
    assert "# ?" not in finished


def test_the_draft_with_these_edits_is_the_finished_pack(run, tmp_path: Path) -> None:
    export = sorted((TUTORIAL / "unknown-export" / "cabinet-tilleuls").iterdir())
    assert run("draft-pack", *export, "-o", tmp_path / "solfa.yaml").exit_code == 0
    draft = yaml.safe_load((tmp_path / "solfa.yaml").read_text("utf-8"))
    finished = yaml.safe_load((FINISHED / "solfa.yaml").read_text("utf-8"))
    for field in ("software", "title", "evidence", "tests"):
        draft[field] = finished[field]
    draft["files"]["record"] = draft["files"].pop("rows")
    draft["files"]["record"]["facts"] = finished["files"]["record"]["facts"]
    for role, file in draft["files"].items():
        file["names"] = finished["files"][role]["names"]
    assert draft == finished


def test_both_languages_run_the_same_commands() -> None:
    english, french = ([told for told in blocks(page) if told[0] != "text"] for page in PAGES.values())
    assert english == french


def test_the_finished_pack_passes_its_own_tests() -> None:
    pack = load_pack((FINISHED / "solfa.yaml").read_bytes(), "solfa.yaml")
    assert [outcome.differences for outcome in run_tests(pack)] == [(), ()]


def test_the_finished_table_is_in_the_one_layout(run) -> None:
    done = run("tables", "lint", FINISHED / "labels.sssom.tsv")
    assert done.exit_code == 0, done.output
