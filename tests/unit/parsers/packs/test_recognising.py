"""Which file a pack claims, and why; two claims are an error that names both."""

import io

import openpyxl
import pytest
from tests.unit.parsers.packs.packs_in_words import FILE, Reading, pack_of

from semantix.errors import UnreadableInput
from semantix.parsers.packs import packs_parser

SQL = (
    "files: {results: {kind: sql-insert, names: ['*'], expects: {tables: [b]}, tables: {one: "
    "{source: a, use: lookup}, two: {source: b, use: lookup}}}}"
)


def claimed(pack: str, head: bytes, name: str = "x.csv") -> bool:
    return packs_parser([pack_of(pack)]).claims(head, name) is not None


def described(
    expects: str, names: str = "", kind: str = "delimited", more: str = "", columns: str = "{a: {at: 1}, b: {at: 2}}"
) -> str:
    named = f"    names: {names}\n" if names else ""
    said = f"    expects: {expects}\n" if expects else ""
    return f"files:\n  results:\n    kind: {kind}\n{named}{said}    use: lookup\n    columns: {columns}\n{more}"


@pytest.mark.parametrize(
    ("expects", "head", "expected"),
    [
        ("{first_line: '^a;b'}", b"a;b\n1;2\n", True),
        ("{first_line: '^a;b'}", b"1;a;b\n", False),
        ("{contains: [BIO]}", b"a;b\n1;BIO\n", True),
        ("{contains: [BIO]}", b"a;b\n1;2\n", False),
        ("{columns: [A, b]}", b"\xef\xbb\xbfa;B\n1;2\n", True),
        ("{columns: [c]}", b"a;b\n1;2\n", False),
        ("{header: {2: '^b'}}", b"a;b\n1;2\n", True),
        ("{header: {3: '^b'}}", b"a;b\n1;2\n", False),
        ("{cells: 2}", b"a;b\n1;2\n1;2;;\n", True),
        ("{cells: 2}", b"a;b\n1\n", False),
        ("{cells: [1, 2]}", b"a;b\n1\n", True),
        ("{cells: 2}", b"a;b\n1;2;3\n", False),
        ("{cells: 2}", b"a;b\n", False),
        ("{matches: {a: '^[0-9]+$'}}", b"a;b\n1;2\n2;3\n3;x\nno;x\n", True),
        ("{matches: {a: '^[0-9]+$'}}", b"a;b\n1;2\nno;x\n", False),
        ("{cells: 2}", b"a;b\n1;2\n3;4\nbroken\n", True),
        ("{cells: 2}", b"a;b\n1;2\nbroken\n", False),
        ("{cells: 2}", b"", False),
        ("{cells: 2}", b"\0\0\0\0", False),
        ("{contains: [a]}", b"%PDF-1.4 a", False),
        ("{contains: [a]}", b"<?xml version='1.0'?><a/>", False),
        ("{contains: [a]}", b"a\0;b\n", False),
    ],
)
def test_a_text_is_claimed_for_what_it_shows(expects: str, head: bytes, expected: bool) -> None:
    assert claimed(described(expects), head) is expected


def test_names_count_whatever_their_case_and_folder() -> None:
    pack = described("", "['exp*.asc', '?.txt']")
    assert claimed(pack, b"a;b\n", "folder/EXPORT.ASC")
    assert claimed(pack, b"a;b\n", "archive.zip!/sub\\a.TXT")
    assert not claimed(pack, b"a;b\n", "ab.txt")


def test_a_beginning_that_is_cut_in_a_row_is_judged_on_its_whole_rows() -> None:
    head = (b"a;b\n" + b"12;34\n" * 20_000)[:65_536]
    assert claimed(described("{cells: 2, matches: {b: '^34$'}}"), head)


def test_a_claim_says_what_why_and_how_sure() -> None:
    claim = packs_parser([pack_of(FILE)]).claims(b"no;jour\n1;2\n", "x.csv")
    assert claim is not None
    assert (claim.format, claim.version, claim.pack, claim.role) == ("Essai export", "1", "essai", "results")
    assert claim.why.startswith("pack essai 1 (")
    assert "its header names 1 columns expected" in claim.why
    assert 0.5 < claim.confidence < 1


def test_two_packs_that_claim_one_file_are_named() -> None:
    other = pack_of(FILE.replace("files:", "notes: other\nfiles:"))
    parser = packs_parser([pack_of(FILE), type(other)("autre", other.version, other.digest, other.name, other.spec)])
    with pytest.raises(UnreadableInput, match=r"x\.csv: pack essai, role results and pack autre, role results both"):
        parser.claims(b"no;jour\n1;2\n", "x.csv")


def test_two_roles_that_claim_one_file_are_named() -> None:
    pack = (
        "files:\n  a: {kind: delimited, names: ['*'], use: lookup}\n  b: {kind: delimited, "
        "names: ['*.csv'], use: lookup}\n"
    )
    with pytest.raises(UnreadableInput, match="pack essai, role a and pack essai, role b both recognise"):
        packs_parser([pack_of(pack)]).claims(b"a;b\n", "x.csv")


def workbook_of(*rows: list[object], sheet: str = "Feuil1") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_claimed_by_its_sheets_and_its_header() -> None:
    data = workbook_of(["a", "b"], [1, "x"])
    assert claimed(described("", "['*.xlsx']", "workbook"), data, "x.xlsx")
    assert claimed(described("{columns: [a]}", "", "workbook"), data)
    assert claimed(described("{tables: [feuil1], cells: 2}", "", "workbook"), data)
    assert not claimed(described("{tables: [autre]}", "", "workbook"), data)
    assert not claimed(described("{columns: [c]}", "", "workbook"), data)
    assert not claimed(described("{columns: [a]}", "", "workbook", "    source: Autre\n"), data)
    assert not claimed(described("{columns: [a]}", "", "workbook"), data[:-30])
    assert not claimed(described("{columns: [a]}", "", "workbook"), b"a;b\n")
    assert not claimed(described("{contains: [a]}"), data)


def test_the_beginning_alone_of_a_workbook_is_nobodys() -> None:
    beginning = (workbook_of(["a"])[:100] + b"xl/" + b"\0" * 70_000)[:65_536]
    assert not claimed(described("{columns: [a]}", "['*.xlsx']", "workbook"), beginning, "x.xlsx")
    assert claimed(described("", "['*.xlsx']", "workbook"), beginning, "x.xlsx")
    assert not claimed(described("{columns: [a]}", "", "workbook"), beginning, "x.xlsx")


def test_a_dump_is_claimed_by_its_tables() -> None:
    both = b"INSERT INTO a VALUES (1); INSERT INTO b VALUES (1);"
    assert claimed(SQL, both)
    assert not claimed(SQL, b"INSERT INTO a VALUES (1);")
    assert not claimed(SQL, b"SELECT 1")
    assert not claimed(SQL, b"INSERT INTO c VALUES (1);")
    assert claimed(SQL, b"INSERT INTO a VALUES (1);" + b"-" * 65_536)
    assert not claimed(SQL.replace("tables: [b]", "contains: [zz]"), both)


def test_trees_are_claimed_by_their_root_or_keys() -> None:
    xml = described("{root: export}", "", "xml", "    source: //r\n", "{a: {}}")
    assert claimed(xml, b"<?xml version='1.0'?><!-- <x> --><p:export xmlns:p='u'><r/></p:export>")
    assert not claimed(xml, b"<other/>")
    assert not claimed(xml, b"export;")
    assert not claimed(xml, b"<!-- only -->")
    assert claimed(described("", "['*.csv']", "xml", "    source: //r\n", "{a: {}}"), b"<x/>")
    json = described("{columns: [a], contains: [v]}", "", "json", "    source: $\n", "{a: {}}")
    assert claimed(json, b'[{"a": "v"}]')
    assert not claimed(json, b'[{"b": "v"}]')
    assert not claimed(json, b'[{"a": "w"}]')
    assert not claimed(json, b"a;v")


def test_a_pack_of_hprim_records_claims_nothing_here() -> None:
    assert not claimed("files: {results: {kind: hprim-records, names: ['*'], use: lookup}}", b"x")


def test_a_workbook_is_read() -> None:
    pack = described("", "['*.xlsx']", "workbook", "", "{no: {}, d: {type: date}, q: {}, v: {}}").replace(
        "    use: lookup\n", ""
    )
    pack += "    patient: {number: no}\n    facts: [{kind: lab-result, code: q, value: v, time: d}]\n"
    import datetime as dt

    data = workbook_of(
        ["no", "d", "q", "v"],
        [12, dt.datetime(2020, 1, 2), "CRP", 4.5],  # noqa: DTZ001  # noqa: DTZ001
        [12, "12 février 2013", "TSH", 3],
        [],
    )
    found = Reading(packs_parser([pack_of(pack)]), data, "x.xlsx")
    assert [(fact["patient"], fact["time"], fact["value"]) for fact in found.facts] == [
        ("12", "2020-01-02", "4.5"),
        ("12", "2013-02-12", "3"),
    ]
