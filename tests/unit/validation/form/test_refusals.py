"""Every way in which an input can be refused has a code of its own."""

import ast
import io
import re
import warnings
import zipfile
from pathlib import Path

import pytest

from semantix.io import Limits, discover
from semantix.pipeline.faults import bug, unreadable
from semantix.pipeline.inputs import Archive, Inputs
from semantix.pipeline.packs import parsers_of
from semantix.pipeline.work import documents_of
from semantix.report import Reading, Unreadable
from semantix.validation._findings import Finding
from semantix.validation.form import refused
from semantix.validation.form import words_refusals as rules

SOURCES = Path(__file__).resolve().parents[4] / "src" / "semantix"
LIMITS = Limits(document=2_000_000, entries=20)
MANY = "<a>" * 300 + "</a>" * 300


def findings(path: Path) -> list[Finding]:
    """What is said of the refusals under a path."""
    parsers, found = parsers_of(()), []
    for step in Inputs(LIMITS, parsers).steps(discover([path]).files):
        if isinstance(step, Unreadable):
            found.append(refused(step))
        elif not isinstance(step, Archive):
            try:
                list(documents_of(step, LIMITS, parsers, Reading()))
            except ValueError as error:
                found.append(refused(unreadable(step.entry.name, error)))
    return found


def zipped(*members: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of a name given twice
        for name, content in members:
            archive.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "rule", "line"),
    [
        ("a.xml", b"", rules.EMPTY, None),
        ("a.json", b"  ", rules.EMPTY, None),
        ("a.xml", b"%PDF-1.7 ...", rules.OTHER_KIND, None),
        ("a.xml", b'<ClinicalDocument xmlns="urn:hl7-org:v3">\n<id/>', rules.TRUNCATED, 2),
        ("a.json", b'{"resourceType": "Patient", "id":', rules.TRUNCATED, None),
        ("a.xml", b"<a>\n<b></c></a>", rules.ILL_FORMED, 2),
        ("a.xml", b'<?xml version="1.0" encoding="UTF-8"?>\n<a>\n\xe9</a>', rules.WRONG_ENCODING, 3),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', rules.DOCTYPE, None),
        ("a.xml", MANY.encode(), rules.TOO_DEEP, None),
        ("a.xml", b"<a>" + b" " * 2_000_001 + b"</a>", rules.TOO_LARGE, None),
        ("a.zip", zipped(("b.xml", b"0" * 1_900_000)), rules.BOMB, None),
        ("a.zip", zipped(("../b.xml", b"<a/>")), rules.ESCAPES, None),
        ("a.zip", b"PK\x03\x04 not an archive", rules.DAMAGED_ARCHIVE, None),
        ("a.zip", zipped(*((f"{n}.xml", b"<a/>") for n in range(30))), rules.TOO_MANY, None),
        ("a.zip", zipped(("b.xml", b"<a/>"), ("b.xml", b"<b/>")), rules.SAME_NAME, None),
        ("a.zip", zipped(("b.png", b"\x89PNG")), rules.NO_DOCUMENT, None),
        ("a.csv", b"bonjour\n", rules.UNKNOWN, None),
        ("a.json", b'{"resourceType": "Patient",\n "id": "a" "b"}', rules.NOT_JSON, 2),
        ("a.xml", b"<letter>hello</letter>", rules.OTHER_ROOT, None),
        (
            "a.xml",
            b'<r><ClinicalDocument xmlns="urn:hl7-org:v3"/><ClinicalDocument xmlns="urn:hl7-org:v3"/></r>',
            rules.SEVERAL,
            None,
        ),
        ("a.xlsx", b"PK\x03\x04[Content_Types].xml", rules.OTHER_KIND, None),
    ],
)
def test_what_cannot_be_read_has_the_code_of_its_cause(
    tmp_path: Path, name: str, content: bytes, rule, line: int | None
) -> None:
    (tmp_path / name).write_bytes(content)
    (found,) = findings(tmp_path / name)
    assert (found.code, found.line, found.layer) == (rule.code, line, "form")
    for text in (*rule.title, *rule.found, *rule.expected, *rule.fix):
        assert text.format_map(found.facts)


def test_an_encrypted_archive_says_so(tmp_path: Path) -> None:
    data = bytearray(zipped(("b.xml", b"<a/>")))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert [found.code for found in findings(tmp_path / "a.zip")] == [rules.ENCRYPTED.code]


def test_a_bug_of_ours_is_told_by_its_place_alone() -> None:
    try:
        raise KeyError("MARTIN")
    except KeyError as error:
        found = refused(bug("a.xml", error))
    assert found.code == rules.INTERNAL.code
    assert "MARTIN" not in str(found)


def test_the_cause_of_a_bug_without_a_place_is_internal_all_the_same() -> None:
    found = refused(Unreadable("a.csv", "internal-error", "3 lines of which nothing is known"))
    assert (found.code, dict(found.facts)) == (rules.INTERNAL.code, {"place": "?"})


def test_a_reason_that_nobody_knows_is_refused_without_its_words() -> None:
    found = refused(Unreadable("a.xml", "UnreadableInput", "Madame Martin"))
    assert (found.code, dict(found.facts)) == (rules.OTHER.code, {})


def test_the_root_of_another_document_is_shown_only_when_it_is_a_name() -> None:
    found = refused(Unreadable("a.xml", "UnreadableInput", "root element (x) (y) found"))
    assert found.facts["root"] == "?"


@pytest.mark.parametrize(
    ("message", "rule", "facts"),
    [
        ("one row of more than 8 MB; the separator", rules.OTHER_LAYOUT, "what"),
        ("none of the sheets that the pack describes is there", rules.OTHER_LAYOUT, "what_fr"),
        ("no column date in results; the pack needs it", rules.OTHER_LAYOUT, "what"),
        ("no pack given describes this file", rules.OTHER_LAYOUT, "what"),
        ("JSON nested too deep", rules.TOO_DEEP, "limit"),
        ("not readable as XML: Unicode strings", rules.ILL_FORMED, "what_fr"),
        ("pack a, role r and pack b, role r both recognise this file; make", rules.CLAIMED_TWICE, ""),
    ],
)
def test_rarer_reasons_have_their_facts(message: str, rule, facts: str) -> None:
    found = refused(Unreadable("a", "UnreadableInput", message))
    assert found.code == rule.code
    assert not facts or found.facts[facts]


ELSEWHERE = ("terminology", "profiling", "vocabulary")
FILLED = frozenset(
    {
        "the archive holds 1; split it",
        "1 1 (a zip bomb?); not opened",
        "this is 1, an XML document was expected",
        "1; split it",
    }
)
"""Refusals whose first words are filled in too: they are read as they come, above and below."""


def messages() -> list[str]:
    """The words of every refusal in the code, ``1`` in the place of what is filled in."""
    found = []
    for path in sorted(SOURCES.rglob("*.py")):
        if path.relative_to(SOURCES).parts[0] in ELSEWHERE:
            continue
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        refusals = [call for call in calls if getattr(call.func, "id", "") == "UnreadableInput" and call.args]
        found += [words(call.args[0]) for call in refusals]
    return found


def words(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        parts = [str(one.value) if isinstance(one, ast.Constant) else "1" for one in node.values]
        return re.sub(r"^1: ", "", "".join(parts))
    return str(node.value) if isinstance(node, ast.Constant) else ""


def test_every_refusal_in_the_code_has_a_cause() -> None:
    told = [message for message in messages() if message and not re.fullmatch(r"1(?:\(1\))?", message)]
    assert len(told) > 30
    unknown = [one for one in told if refused(Unreadable("a", "UnreadableInput", one)).code == rules.OTHER.code]
    assert set(unknown) <= FILLED


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ("the archive holds 3000 MB once opened, the limit is 2000 MB; split it", rules.TOO_LARGE),
        ("b.xml swells more than 200 times (a zip bomb?); not opened", rules.BOMB),
        ("this is an old Office document, an XML document was expected", rules.OTHER_KIND),
        ("more than 1000000 files in archives one inside the other; split it", rules.TOO_MANY),
    ],
)
def test_reasons_that_begin_with_what_was_found_have_their_cause(message: str, rule) -> None:
    assert refused(Unreadable("a", "UnreadableInput", message)).code == rule.code


def test_codes_are_not_given_twice() -> None:
    codes = [rule.code for rule in rules.RULES]
    assert len(codes) == len(set(codes))
