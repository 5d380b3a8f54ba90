"""A file that is cut says the same as one that is read whole."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.parsers.packs.packs_in_words import FILE, pack_of

from semantix.errors import UnreadableInput
from semantix.model import Document, LineCount, SetAside
from semantix.parsers._claims import Claim, Cut, Piece
from semantix.parsers.packs import cutting, packs_parser
from semantix.parsers.packs.parser import PacksParser
from semantix.parsers.packs.plans import compile_pack
from semantix.parsers.packs.sources import Prepared
from semantix.parsers.packs.told import tell

GROUPED = """
files:
  results:
    kind: delimited
    names: ["*"]
    dialect: {header: 0, missing: [""]}
    rows:
      - {name: head, when: {of: {cell: 1}, eq: P}, columns: {no: {at: 2, required: true}}, carry: [no]}
      - {name: line, columns: {quoi: {at: 1, required: true}, val: {at: 2}}}
    patient: {number: no}
    document: {by: patient}
    facts: [{kind: lab-result, code: quoi, value: val}]
"""
PACKS = {"plain": FILE.replace('["*.csv"]', '["*"]').replace("    expects: {columns: [no]}\n", ""), "grouped": GROUPED}
CELL = st.sampled_from(
    ["", "1", "2", "x", "é", "4,5", '"a;b"', '"a\nb"', '"a\r\n""b"', '5"', '"', "2020-01-02", ".", "P"]
)
ROWS = st.lists(st.lists(CELL, min_size=0, max_size=6).map(";".join), max_size=30)


def claim() -> Claim:
    return Claim("x", None, 1.0, "", "essai", "results")


def summary(parser: PacksParser, cuts: Iterator[Cut]) -> tuple[list[dict[str, str]], dict[str, int], int, int]:
    facts: list[dict[str, str]] = []
    asides: dict[str, int] = {}
    documents = count = 0
    for cut in cuts:
        piece = Piece(data=cut.data, name="x", practice="A", line=cut.line, context=cut.context, claim=claim())
        for one in parser.read(piece):
            if isinstance(one, Document):
                facts += [{**fact, "at": str(rank)} for rank, fact in enumerate(tell(one))]
                documents += one.lines
            elif isinstance(one, SetAside):
                asides[one.reason] = asides.get(one.reason, 0) + one.lines
            elif isinstance(one, LineCount):
                count += one.lines
    facts = [{name: value for name, value in fact.items() if name != "at"} for fact in facts]
    return sorted(facts, key=str), asides, documents + sum(asides.values()), count


def cuts_of(pack: str, data: bytes, block: int) -> list[Cut]:
    plan = compile_pack(pack_of(pack))
    return list(cutting.cut_file(Prepared("x", data), plan.tables["results"], block))


@settings(max_examples=150)
@given(
    rows=ROWS,
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    block=st.integers(1, 120),
    kind=st.sampled_from(sorted(PACKS)),
    is_ended=st.booleans(),
)
def test_any_cut_says_the_same_as_the_whole(rows: list[str], ends: str, block: int, kind: str, is_ended: bool) -> None:
    text = ends.join(["no;jour;quoi;combien;unite", *rows]) + (ends if is_ended else "")
    data = text.encode()
    parser = packs_parser([pack_of(PACKS[kind])])
    cuts = cuts_of(PACKS[kind], data, block)
    assert b"".join(cut.data for cut in cuts) == data
    numbers = [cut.line for cut in cuts]
    before = 1
    for cut, number in zip(cuts, numbers, strict=True):
        assert number == before
        before += len(re.findall(rb"\r\n|\r|\n", cut.data))
    whole = summary(parser, iter([Cut(data)]))
    parts = summary(parser, iter(cuts))
    assert whole[2] == whole[3]
    assert parts[2] == parts[3] == whole[3]
    # The same row further away than a cut is seen by the identity of its document, not here.
    assert [fact for n, fact in enumerate(parts[0]) if fact not in parts[0][:n]] == [
        fact for n, fact in enumerate(whole[0]) if fact not in whole[0][:n]
    ]
    for reason in ("blank", "unreadable", "no-patient", "structure", "unknown-kind"):
        assert parts[1].get(reason) == whole[1].get(reason)


def test_a_cut_falls_between_two_documents() -> None:
    rows = "".join(f"{1 + n // 7};2020-01-02;A{n};{n};g/L\n" for n in range(70))
    cuts = cuts_of(PACKS["plain"], ("no;jour;quoi;combien;unite\n" + rows).encode(), 200)
    assert len(cuts) > 3
    for cut in cuts[1:]:
        number = int(cut.data.split(b";")[2][1:])
        assert number % 7 == 0


def test_a_document_larger_than_can_be_held_is_cut_between_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "LARGEST", 400)
    rows = "".join(f"1;2020-01-02;A{n};{n};g/L\n" for n in range(70))
    cuts = cuts_of(PACKS["plain"], ("no;jour;quoi;combien;unite\n" + rows).encode(), 100)
    assert len(cuts) > 2
    assert all(cut.data.endswith(b"\n") for cut in cuts)


def test_the_footer_is_in_the_last_cut() -> None:
    pack = PACKS["plain"].replace("    columns:", "    dialect: {footer: 2}\n    columns:", 1)
    rows = "".join(f"{n};2020-01-02;A;{n};g/L\n" for n in range(1, 31)) + "fin\ntotal\n"
    data = ("no;jour;quoi;combien;unite\n" + rows).encode()
    cuts = cuts_of(pack, data, 100)
    parser = packs_parser([pack_of(pack)])
    assert summary(parser, iter(cuts))[1] == {"structure": 3}


def test_utf_16_is_cut_as_utf_8() -> None:
    rows = "".join(f"{n};2020-01-02;Créatinine;{n};g/L\r\n" for n in range(1, 51))
    data = ("\ufeffno;jour;quoi;combien;unite\r\n" + rows).encode("utf-16-le")
    cuts = cuts_of(PACKS["plain"], data, 300)
    parser = packs_parser([pack_of(PACKS["plain"])])
    facts, asides, read, count = summary(parser, iter(cuts))
    assert len(cuts) > 2
    assert (len(facts), read, count, asides) == (50, 51, 51, {"structure": 1})
    whole = summary(parser, iter([Cut(data)]))
    assert whole[0] == facts
    assert whole[2] == whole[3] == 51


def test_fixed_width_files_are_cut_too() -> None:
    pack = """
files:
  results:
    kind: fixed-width
    names: ["*"]
    dialect: {header: 0}
    columns: {no: {at: 1, width: 3, required: true}, quoi: {at: 4, width: 4}, val: {at: 8, width: 5}}
    patient: {number: no}
    facts: [{kind: lab-result, code: quoi, value: val}]
"""
    data = "".join(f"{n:3}CRP {n},5\n" for n in range(1, 40)).encode() + b"\n"
    parser = packs_parser([pack_of(pack)])
    cuts = cuts_of(pack, data, 60)
    assert len(cuts) > 3
    facts, asides, read, count = summary(parser, iter(cuts))
    assert (len(facts), asides, read, count) == (39, {"blank": 1}, 40, 40)


def test_other_kinds_are_one_cut_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = "files: {results: {kind: xml, names: ['*'], source: //r, columns: {a: {}}}}"
    assert [cut.data for cut in cuts_of(pack, b"<x/>", 10)] == [b"<x/>"]
    monkeypatch.setattr(cutting, "MAX_TEXT", 3)
    with pytest.raises(UnreadableInput, match="which is read at once"):
        cuts_of(pack, b"<x/>", 10)


def test_an_empty_file_is_one_empty_cut() -> None:
    assert [cut.data for cut in cuts_of(PACKS["plain"], b"", 10)] == [b""]


CARRIED = """
files:
  results:
    kind: delimited
    names: ["*"]
    dialect: {header: 0, missing: [""]}
    rows:
      - {name: head, when: {of: {cell: 1}, eq: P}, columns: {no: {at: 2, required: true}}, carry: [no]}
      - {name: line, columns: {quoi: {at: 1, required: true}, val: {at: 2}}}
    patient: {number: no}
    facts: [{kind: lab-result, code: quoi, value: val}]
"""


def test_rows_under_a_heading_stay_with_it() -> None:
    rows = "".join(f"P;{n}\nCRP;4,5\n\nSodium;140\n" for n in range(1, 30))
    cuts = cuts_of(CARRIED, rows.encode(), 60)
    parser = packs_parser([pack_of(CARRIED)])
    assert len(cuts) > 3
    assert all(cut.data.startswith(b"P;") for cut in cuts)
    assert summary(parser, iter(cuts))[0] == summary(parser, iter([Cut(rows.encode())]))[0]


def test_a_row_that_never_ends_is_refused_and_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "LARGEST", 200)
    monkeypatch.setattr(cutting, "MAX_TEXT", 1000)
    with pytest.raises(UnreadableInput, match="one row of more than"):
        cuts_of(PACKS["plain"], b"no;jour;quoi;combien;unite\n" + b"x" * 3000, 100)
