"""The list is whole: each of the 35 quirks has a fixture, a test named after it, and a line of the reference page."""

import ast
import re
from pathlib import Path

from tests.conftest import ROOT
from tests.quirks.reading import FIXTURES

HERE = Path(__file__).parent
QUIRK = re.compile(r"test_quirk_(\d\d)_\w+")
PAGE = (ROOT / "docs" / "reference" / "quirks.md").read_text(encoding="utf-8")
ALL = list(range(1, 36))


def by_number() -> dict[int, str]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("test_*.py"))]
    names = [node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {int(found[1]): name for name in names if (found := QUIRK.fullmatch(name))}


def test_each_quirk_has_a_test() -> None:
    assert sorted(by_number()) == ALL


def test_each_quirk_has_a_fixture() -> None:
    folders = [path.name for path in sorted(FIXTURES.iterdir())]
    assert [int(name[:2]) for name in folders] == ALL
    assert all(any((FIXTURES / name / "cabinet").rglob("*.*")) for name in folders)


def test_each_quirk_is_in_the_reference_with_its_test() -> None:
    rows = dict(re.findall(r"^\| (\d+) \|.*\| `(test_quirk_\w+)` \|$", PAGE, re.MULTILINE))
    assert {int(number): name for number, name in rows.items()} == by_number()


def test_each_issue_code_of_the_page_is_one_of_the_program() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    assert [code for code in re.findall(r"`(SX\d{3})`", PAGE) if f'"{code}"' not in sources] == []
