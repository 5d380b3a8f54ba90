"""Every text of the readers has its French words: none is found in the sources that no pattern knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from semantix.errors import BadMappings
from semantix.review import intake
from semantix.review.intake.privacy import FOUND as PERSONAL
from semantix.review.intake.problem_words import (
    EXPECTED,
    FOUND,
    REFUSED,
    expected_in_french,
    found_in_french,
    refusal_in_french,
)

REVIEW = Path(intake.__file__).parent.parent
SOURCES = sorted([*(REVIEW / "intake").glob("*.py"), *(REVIEW / "formats").glob("*.py")])
TELLING = {"Problem": (1, 2), "_tell": (1, 2), "_say": (1, 2)}
BLANKS = {
    "where": "ConceptMap.group[0]",
    "place": "ConceptMap.group[0]",
    "pieces[0].place": "ConceptMap.group[0]",
    "field": "unit",
    "place + 1": "4",
}
SKIPPED = {"found", "expected", "words", "count", "FOUND[kind]", "FOUND[each]", "_EXPECTED", "_CUT"}
"""Names that stand for texts that are looked at where they are written."""


def text_of(node: ast.expr) -> str | None:
    """A text as it may read, its blanks filled; None for what is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(map(piece_of, node.values))
    return None


def piece_of(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.FormattedValue)
    name = ast.unparse(node.value)
    if name in BLANKS:
        return BLANKS[name]
    return "word" if "join" in name or name in {"column", "LITERAL", "slots.MANUAL", "decoded.encoding"} else "1,234"


def texts_told() -> Iterator[tuple[str, str, str]]:
    """Each text of a problem: its file and line, whether it was found or expected, and how it reads."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from _of_call(source, node)
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in SKIPPED:
                text = text_of(node.value)
                if text and source.parent.name == "intake":
                    is_expected = ast.unparse(node.targets[0]) in {"_EXPECTED", "_CUT"}
                    yield f"{source.name}:{node.lineno}", "expected" if is_expected else "found", text


def _of_call(source: Path, node: ast.Call) -> Iterator[tuple[str, str, str]]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    at = f"{source.name}:{node.lineno}"
    if name in TELLING and len(node.args) == 3:
        for place, kind in zip(TELLING[name], ("found", "expected"), strict=True):
            text = text_of(node.args[place])
            assert text is not None or ast.unparse(node.args[place]) in SKIPPED | {"self._expected"}, at
            if text is not None:
                yield at, kind, text
    elif ast.unparse(node.func) == "wrong.append" and isinstance(node.args[0], ast.Tuple):
        for part, kind in zip(node.args[0].elts, ("found", "expected"), strict=True):
            text = text_of(part)
            assert text is not None, at
            yield at, kind, text


TOLD = tuple(texts_told())


@pytest.mark.parametrize(("at", "kind", "text"), TOLD, ids=[f"{at}-{kind}" for at, kind, _ in TOLD])
def test_each_text_of_a_problem_is_known_in_french(at: str, kind: str, text: str) -> None:
    patterns = FOUND if kind == "found" else EXPECTED
    assert any(pattern.fullmatch(text) for pattern, _ in patterns), f"{at}: {text}"


@pytest.mark.parametrize("text", PERSONAL.values())
def test_each_kind_of_what_tells_of_a_person_is_known_in_french(text: str) -> None:
    assert found_in_french(text) != text


def test_the_sources_were_looked_at() -> None:
    assert len(TOLD) > 60


@pytest.mark.parametrize(("_", "french"), [*FOUND, *EXPECTED, *REFUSED])
def test_french_words_have_french_signs(_: object, french: str) -> None:
    assert "'" not in french
    assert '"' not in french


def test_numbers_are_written_as_in_french() -> None:
    assert found_in_french("3,026 characters in column 4") == "3\u202f026 caractères dans la colonne 4"
    assert expected_in_french("at most 2,000; the cell was left out") == (
        "2\u202f000 au plus ; la cellule a été laissée de côté"
    )


def test_lists_of_words_keep_their_commas() -> None:
    assert expected_in_french("one of A, B; the entry is left out") == "l’un de : A, B ; l’entrée est laissée de côté"


def test_an_unknown_text_stays_as_it_is() -> None:
    assert found_in_french("something new") == "something new"
    assert refusal_in_french("x.csv: something new") == "x.csv: something new"


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (b"", intake.DEFAULTS),
        (b"a;b;c\n1;2;3\n", intake.DEFAULTS),
        ("code;libellé;label\n1;2;3\n".encode(), intake.DEFAULTS),
        (b"code;label\n1;2\n", intake.Options(table=intake.TableOptions(label="absent"))),
        (b"code;label;label\n1;2;3\n", intake.Options(table=intake.TableOptions(label="label"))),
        (b"code;label\n1;2\n", intake.Options(table=intake.TableOptions(section="absent"))),
        (b"code;unit;unite\n1;2;3\n", intake.DEFAULTS),
        (b"code;sender;labo;emetteur\n1;2;3;4\n", intake.DEFAULTS),
        (b"code\n1\n", intake.Options(format="absent")),
        (b"code\n1\n", intake.Options(format="candidates")),
        (b"code\n1\n", intake.Options(format="usagi")),
        (b"code\n1\n", intake.Options(format="sssom")),
        (b"code\n1\n", intake.Options(format="stcm")),
        (b"\n", intake.Options(format="stcm")),
        (b"\n", intake.Options(format="usagi")),
        (b"code\n1\n", intake.Options(format="conceptmap")),
        (b"{}", intake.DEFAULTS),
        (b"{}", intake.Options(format="conceptmap")),
        (b"[" * 100_000, intake.Options(format="conceptmap")),
        (b'{"resourceType": "ConceptMap", "group": 1}', intake.Options(format="conceptmap")),
        (b"<a/>", intake.DEFAULTS),
        (b"%PDF-1.4", intake.DEFAULTS),
        (b"\xff\xfe\x00", intake.Options(format="sssom")),
        (b"#a: [\nsubject_id\tpredicate_id\tobject_id\tmapping_justification\n", intake.Options(format="sssom")),
        (b"#- a\nsubject_id\tpredicate_id\tobject_id\tmapping_justification\n", intake.Options(format="sssom")),
    ],
)
def test_refusals_of_files_are_said_in_french(data: bytes, options: intake.Options) -> None:
    with pytest.raises(BadMappings) as told:
        intake.parse(data, "codes.csv", options)
    said = refusal_in_french(str(told.value))
    assert said != str(told.value), said
    assert "; expected" not in said
