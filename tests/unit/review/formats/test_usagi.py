"""Usagi's save file: what its columns mean, old and new, and that what is written is read back."""

import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from semantix.errors import BadMappings, SemantixError
from semantix.model import Candidate
from semantix.review.formats._cells import guard, pack, plain, unpack
from semantix.review.formats._usagi_columns import MAPPING, SOURCE
from semantix.review.formats._usagi_table import split_line, write_line
from semantix.review.formats.exchange import Entry, Exchange, OmopConcept
from semantix.review.formats.losses_usagi import LOSSES
from semantix.review.formats.usagi import read_usagi, write_usagi
from semantix.review.formats.usagi_review import write_usagi_review
from semantix.review.model import Acceptance, Judgement, Part, Proposal, Relation, Source, State, Target

HEADER = ",".join([*SOURCE, "ADD_INFO:unite", *MAPPING])
OLD = "sourceCode,sourceName,sourceFrequency,sourceAutoAssignedConceptIds,matchScore,mappingStatus,conceptId,comment"


class Invented:
    """Concepts of two invented vocabularies: ``loinc`` codes that are numbers have the concept 1000 + n."""

    def concept_of(self, system: str, code: str) -> OmopConcept | None:
        return self.concept(1000 + int(code)) if system == "loinc" and code.isascii() and code.isdecimal() else None

    def concept(self, number: int) -> OmopConcept | None:
        if not 1000 <= number < 2000:
            return None
        return OmopConcept(id=number, name=f"Invented {number}", domain="Measurement", vocabulary="LOINC",
                           kind="Lab Test", standard="S", code=str(number - 1000))  # fmt: skip


def read(*rows: str, header: str = HEADER) -> Exchange:
    return read_usagi("\n".join([header, *rows, ""]).encode(), "file.csv")


def one(*rows: str, header: str = HEADER) -> Entry:
    exchange = read(*rows, header=header)
    assert exchange.problems == ()
    (entry,) = exchange.entries
    return entry


def again(entry: Entry, concepts: Invented | None = None) -> Entry:
    exchange = read_usagi(write_usagi(Exchange(entries=(entry,)), concepts).content, "file.csv")
    assert exchange.problems == ()
    return replace(exchange.entries[0], line=entry.line)


def losses(entry: Entry, concepts: Invented | None = None) -> set[tuple[str, str]]:
    return {(loss.field, loss.reason) for loss in write_usagi(Exchange(entries=(entry,)), concepts).losses}


# --- what the words mean ------------------------------------------------------------------------------------------


def test_an_approved_row_is_an_accepted_judgement() -> None:
    entry = one("K+,Potassium inventé,12,,mmol,0.85,APPROVED,EQUAL,Anne,1614816000089,1042,Invented,Measurement,"
                "MAPS_TO,à voir,<auto>,1614816000000,Bob")  # fmt: skip
    target = Target(
        system="omop", code="1042", display="Invented", created_by="<auto>", created_on="2021-03-04T00:00:00Z"
    )
    assert entry == Entry(
        source=Source(code="K+", label="Potassium inventé"),
        state=State.ACCEPTED,
        judgement=Judgement(targets=(target,), note="à voir"),
        frequency=12,
        extra={"unite": "mmol"},
        score=0.85,
        status_by="Anne",
        status_on="2021-03-04T00:00:00.089Z",
        reviewer="Bob",
        line=2,
    )


@pytest.mark.parametrize("status", ["UNCHECKED", "AUTO_MAPPED", "AUTO_MAPPED_TO_1", "INVALID_TARGET", "IGNORED"])
def test_what_nobody_judged_is_unmapped_with_candidates(status: str) -> None:
    entry = one(f"A,Alpha,1,,,0.58,{status},UNREVIEWED,,0,1042,Invented,Measurement,MAPS_TO,,<auto>,5,")
    assert (entry.state, entry.judgement) == (State.UNMAPPED, None)
    assert [(each.system, each.code, each.score) for each in entry.proposal.candidates] == [("omop", "1042", 0.58)]
    assert again(entry) == entry


def test_a_flagged_row_is_to_be_reconciled() -> None:
    entry = one("A,Alpha,1,,,0.58,FLAGGED,NARROWER,Anne,5,1042,Invented,Measurement,MAPS_TO,,,0,")
    assert entry.state is State.TO_RECONCILE
    assert entry.judgement is not None
    assert entry.judgement.targets[0].relation is Relation.NARROW
    assert again(entry) == entry


def test_a_flag_without_concept_or_opinion_is_no_judgement() -> None:
    entry = one("A,Alpha,1,,,0.00,FLAGGED,UNREVIEWED,Anne,5,0,Unmapped,,MAPS_TO,,,0,")
    assert (entry.state, entry.judgement) == (State.TO_RECONCILE, None)
    assert again(entry) == entry


@pytest.mark.parametrize("word", ["UNMATCHED", "EQUAL", "UNREVIEWED"])
def test_an_approved_code_without_concept_has_no_suitable_target(word: str) -> None:
    entry = one(f"A,Alpha,1,,,0.00,APPROVED,{word},Anne,5,0,Unmapped,,MAPS_TO,rien,,0,")
    assert (entry.state, entry.judgement) == (State.ACCEPTED, Judgement(no_target=True, note="rien"))
    assert again(entry) == entry


def test_unmatched_beside_a_concept_is_to_be_reconciled_and_said() -> None:
    exchange = read("A,Alpha,1,,,0.58,APPROVED,UNMATCHED,Anne,5,1042,Invented,Measurement,MAPS_TO,,,0,")
    assert [entry.state for entry in exchange.entries] == [State.TO_RECONCILE]
    assert [problem.line for problem in exchange.problems] == [2]
    assert b",APPROVED,UNMATCHED," in write_usagi(exchange, None).content


@pytest.mark.parametrize(
    ("word", "relation"),
    [
        ("EQUAL", Relation.EXACT),
        ("EQUIVALENT", Relation.EXACT),
        ("WIDER", Relation.BROAD),
        ("NARROWER", Relation.NARROW),
        ("INEXACT", Relation.RELATED),
        ("UNREVIEWED", Relation.EXACT),
    ],
)
def test_equivalence_is_a_relation_and_its_word_survives(word: str, relation: Relation) -> None:
    entry = one(f"A,Alpha,1,,,0.58,APPROVED,{word},Anne,5,1042,Invented,Measurement,MAPS_TO,,,0,")
    assert entry.judgement is not None
    assert entry.judgement.targets[0].relation is relation
    assert f",APPROVED,{word}," in write_usagi(Exchange(entries=(entry,)), None).content.decode()
    assert again(entry) == entry


def test_a_word_of_the_file_goes_when_somebody_judges_anew() -> None:
    entry = one("A,Alpha,1,,,0.58,APPROVED,UNREVIEWED,Anne,5,1042,Invented,Measurement,MAPS_TO,,,0,")
    later = replace(entry, status_on="2025-01-01T00:00:00Z")
    assert b",APPROVED,EQUAL," in write_usagi(Exchange(entries=(later,)), None).content


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("MAPS_TO", Part.TARGET),
        ("MAPS_TO_VALUE", Part.VALUE),
        ("MAPS_TO_UNIT", Part.UNIT),
        ("MAPS_TO_OPERATOR", Part.OPERATOR),
        ("MAPS_TO_TYPE", Part.TYPE),
        ("MAPS_TO_NUMBER", Part.NUMBER),
        ("EVENT", Part.TARGET),
        ("VALUE", Part.VALUE),
        ("UNIT", Part.UNIT),
        ("", Part.TARGET),
    ],
)
def test_a_mapping_type_is_a_part(word: str, part: Part) -> None:
    entry = one(f"A,Alpha,1,,,0.58,APPROVED,EQUAL,Anne,5,1042,Invented,Measurement,{word},,,0,")
    assert entry.judgement is not None
    assert entry.judgement.targets[0].part is part
    assert again(entry) == entry


def test_a_candidate_keeps_its_part_and_its_author() -> None:
    entry = one("A,Alpha,1,,,0.58,UNCHECKED,UNREVIEWED,,0,1042,Invented,Measurement,MAPS_TO_VALUE,dire,<auto>,7000,")
    written = write_usagi(Exchange(entries=(entry,)), Invented()).content.decode()
    assert "1042,Invented 1042,Measurement,MAPS_TO_VALUE,dire,<auto>,7000," in written


def test_rows_of_one_code_that_follow_each_other_are_one_entry() -> None:
    row = "{},Alpha,1,,,0.58,APPROVED,EQUAL,Anne,5,{},Invented,Measurement,MAPS_TO,,,0,"
    exchange = read(row.format("A", 1001), row.format("A", 1002), row.format("B", 1003), row.format("A", 1004))
    chosen = [[target.code for target in entry.judgement.targets] for entry in exchange.entries if entry.judgement]
    assert chosen == [["1001", "1002"], ["1003"], ["1004"]]
    back = read_usagi(write_usagi(exchange, None).content, "file.csv")
    assert back == exchange


def test_a_file_of_an_older_version_is_read() -> None:
    entry = one("A,Alpha,-1,1042;1043,0.58,APPROVED,1042,fait", header=OLD)
    assert entry.judgement == Judgement(targets=(Target(system="omop", code="1042"),), note="fait")
    assert (entry.status_by, entry.status_on, entry.frequency) == ("", "", 1)
    assert entry.extra == {"usagi:said": "APPROVED UNREVIEWED 0", "usagi:frequency": "-1", "usagi:auto": "1042;1043"}
    assert (
        b"A,Alpha,-1,1042;1043,0.58,APPROVED,UNREVIEWED,,0,1042,"
        in write_usagi(Exchange(entries=(entry,)), None).content
    )


def test_a_short_row_has_empty_cells() -> None:
    assert one("A,Alpha,1,,,0.58,APPROVED,EQUAL,Anne,5,1042").judgement == Judgement(
        targets=(Target(system="omop", code="1042"),)
    )


# --- other programs -----------------------------------------------------------------------------------------------


def test_a_french_spreadsheet_may_have_saved_the_file() -> None:
    header = HEADER.replace(",", ";")
    row = 'A;Glycémie à jeun;3;"1001;1002";g;0,85;APPROVED;EQUAL;Anne;5;1042;Invented;Measurement;MAPS_TO;;;0;'
    for data in (f"{header}\r\n{row}\r\n".encode("cp1252"), f"\ufeff{header}\r\n{row}\r\n".encode()):
        (entry,) = read_usagi(data, "file.csv").entries
        assert (entry.source.label, entry.score, entry.extra["usagi:auto"]) == ("Glycémie à jeun", 0.85, "1001;1002")


def test_a_cell_over_several_lines_is_read() -> None:
    exchange = read('A,"Alpha\nbeta",1,,,0.58,UNCHECKED,UNREVIEWED,,0,0,,,,,,0,', "B,Beta,1,,,0,UNCHECKED,,,0,0")
    assert [(entry.source.label, entry.line) for entry in exchange.entries] == [("Alpha\nbeta", 2), ("Beta", 4)]


def test_a_backslash_of_another_program_is_read() -> None:
    assert one('A,"C:\\",1,,,0.58,UNCHECKED,UNREVIEWED,,0,0,,,,,,0,').source.label == "C:\\"


def test_a_quote_that_nobody_closed_loses_its_line_only() -> None:
    exchange = read('A,"Alpha,1,,,0.5,UNCHECKED,UNREVIEWED,,0,0,,,,,,0,', "B,Beta,1,,,0,UNCHECKED,,,0,0")
    assert [entry.source.code for entry in exchange.entries] == ["B"]
    assert [problem.line for problem in exchange.problems] == [2]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("a,b", '"a,b"'),
        ('5" tube', '"5"" tube"'),
        ("a\\b", "a\\\\b"),
        ('a\\"b', '"a\\\\""b"'),
        ("a\nb", "a\\nb"),
        ("a\\nb", "a\\\\nb"),
        ("", ""),
    ],
)
def test_cells_are_written_as_usagi_writes_them(text: str, written: str) -> None:
    assert write_line([text, "x"]) == f"{written},x"
    assert split_line(f"{written},x") == [text, "x"]


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"a,b,c\n1,2,3\n", b"\x00\xff" * 20, b"sourceCode,sourceName,conceptId\n"]
)
def test_what_is_no_save_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadMappings, match=r"file\.csv, line 1: .*expected the columns of a file saved by Usagi"):
        read_usagi(data, "file.csv")


def test_the_export_for_review_is_not_a_save_file() -> None:
    content = write_usagi_review(Exchange(entries=()), None).content
    with pytest.raises(BadMappings, match=r"without conceptId .an export for review"):
        read_usagi(content, "review.csv")


@pytest.mark.parametrize(
    "row",
    [
        "A,Alpha,1,,,0.58,DONE,EQUAL,Anne,5,1042,,,MAPS_TO,,,0,",
        "A,Alpha,1,,,0.58,APPROVED,SAME,Anne,5,1042,,,MAPS_TO,,,0,",
        "A,Alpha,1,,,0.58,APPROVED,EQUAL,Anne,5,abc,,,MAPS_TO,,,0,",
        "A,Alpha,1,,,0.58,APPROVED,EQUAL,Anne,5,99999999999,,,MAPS_TO,,,0,",
        "A,Alpha,1,,,0.58,APPROVED,EQUAL,Anne,5,1042,,,MAPS_FROM,,,0,",
        "A,Alpha,1,,,0.58,APPROVED,EQUAL,Anne,5,1042,,,MAPS_TO,,,0,,one,more",
    ],
)
def test_a_bad_row_is_a_problem_and_the_rest_is_read(row: str) -> None:
    good = "A,Alpha,1,,,0.58,APPROVED,EQUAL,Anne,5,1042,,,MAPS_TO,,,0,"
    exchange = read(good.replace("A,Alpha", "B,Beta"), good, row, good.replace("A,Alpha", "C,Gamma"))
    if "DONE" in row or "SAME" in row:
        # Usagi takes status and equivalence of a code from its first row.
        assert len(exchange.entries) == 3
        exchange = read(good.replace("A,Alpha", "B,Beta"), row, good.replace("A,Alpha", "C,Gamma"))
    assert [entry.source.code for entry in exchange.entries] == ["B", "C"]
    assert len(exchange.problems) == 1
    assert "Alpha" not in repr(exchange.problems)


def test_an_optional_number_that_is_none_is_left_empty_and_said() -> None:
    exchange = read("A,Alpha,many,x,,high,APPROVED,EQUAL,Anne,1.6E+12,1042,,,MAPS_TO,,,soon,")
    (entry,) = exchange.entries
    assert (entry.frequency, entry.score, entry.status_on) == (1, None, "")
    assert len(exchange.problems) == 5


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for head in (b"", HEADER.encode() + b"\n", HEADER.replace(",", ";").encode() + b"\nA;b;"):
        with suppress(SemantixError):
            read_usagi(head + data, "file.csv")


# --- there and back -----------------------------------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=12) | st.sampled_from(
    ["=1+1", "'-x", '"', "\\", "a\\", ",;\t", "%7E~|", "\n", "@SUM", "semantix:", "APPROVED", " x ", "'"]
)
times = st.sampled_from(
    ["", "2024-05-01", "2024-05-01T10:00:00Z", "2024-05-01T10:00:00.123456+02:00", "hier", "1950-01-01"]
)
codes = st.integers(1, 900).map(str)
targets = st.builds(
    Target,
    system=st.sampled_from(["omop", "loinc", "cim10", ""]),
    code=codes | texts | st.integers(1000, 1005).map(str),
    display=texts | st.just("Invented 1001"),
    relation=st.sampled_from(Relation),
    part=st.sampled_from(Part),
    refused=st.booleans(),
    created_by=texts,
    created_on=times,
)


@st.composite
def judgements(draw: st.DrawFn) -> Judgement:
    found = tuple(draw(st.lists(targets, max_size=4)))
    return Judgement(targets=found, no_target=all(each.refused for each in found), note=draw(texts))


entries_of = st.builds(
    Entry,
    source=st.builds(Source, system=texts, code=texts, label=texts, unit=texts, specimen=texts, section=texts,
                     sender=texts, target=texts),
    state=st.sampled_from(State),
    judgement=st.none() | judgements(),
    frequency=st.integers(1, 2**33),
    senders=st.dictionaries(texts, st.integers(1, 2**40), max_size=3),
    extra=st.dictionaries(
        texts.filter(lambda name: not name.startswith("usagi:")) | st.just("semantix_unit"),
        texts.filter(bool),
        max_size=3,
    ),
    score=st.none() | st.floats(0, 1) | st.sampled_from([0.0, 0.5, 1.0, -0.25, 3e-5]),
    status_by=texts,
    status_on=times,
    reviewer=texts,
    automatic=st.booleans(),
    acceptance=st.none()
    | st.builds(Acceptance, target=texts, precision=st.floats(0, 1), threshold=st.floats(0, 1), bound=st.floats(0, 1)),
    people=st.lists(texts, max_size=3).map(tuple),
    justification=texts,
)  # fmt: skip


@given(st.lists(entries_of, max_size=2, unique_by=lambda entry: entry.source), st.sampled_from([None, Invented()]))
def test_what_is_written_is_read_back(entries: list[Entry], concepts: Invented | None) -> None:
    written = write_usagi(Exchange(entries=tuple(entries)), concepts)
    back = read_usagi(written.content, "file.csv")
    assert back.problems == ()
    assert [replace(entry, line=0) for entry in back.entries] == entries
    assert {loss.reason for loss in written.losses} <= LOSSES.keys()
    assert all(0 < loss.count <= len(entries) for loss in written.losses)
    assert write_usagi(back, concepts).content == written.content


@given(st.lists(entries_of, max_size=2, unique_by=lambda entry: entry.source), st.sampled_from([None, Invented()]))
def test_usagi_would_see_each_source_apart_and_the_same_cells_on_all_its_rows(
    entries: list[Entry], concepts: Invented | None
) -> None:
    lines = write_usagi(Exchange(entries=tuple(entries)), concepts).content.decode().split("\n")
    header = split_line(lines[0])
    rows = [split_line(line) for line in lines[1:-1]]
    assert {len(row) for row in rows} <= {len(header)}
    place = header.index("matchScore")
    assert len({tuple(row[:2]) for row in rows}) == len({tuple(row[:place]) for row in rows}) == len(entries)
    assert all(row[0] for row in rows)


@given(st.lists(entries_of, max_size=3))
def test_the_export_for_review_says_what_it_loses(entries: list[Entry]) -> None:
    written = write_usagi_review(Exchange(entries=tuple(entries)), Invented())
    assert {loss.reason for loss in written.losses} <= LOSSES.keys()
    assert len(written.content.decode().split("\n")) >= len(entries) + 2


@given(texts)
def test_a_guarded_cell_is_no_formula_and_comes_back(text: str) -> None:
    assert plain(guard(text)) == text
    assert guard(text)[:1] not in set("=+-@＝＋－＠\t") - ({"\t"} if "=" not in text else set())


@given(st.lists(st.lists(texts.filter(bool), min_size=1, max_size=3), max_size=3))
def test_packed_records_come_back_without_a_sign_that_tables_quote(records: list[list[str]]) -> None:
    assert unpack(pack(records)) == records
    assert not set(pack(records)) & set('",\\\n\r')


def test_the_first_candidate_is_shown_and_the_others_are_said() -> None:
    found = tuple(Candidate("loinc", str(n), "x", 0.9, 0.5) for n in (1, 2))
    entry = Entry(source=Source(code="A", label="Alpha"), proposal=Proposal(candidates=found, outcome="candidate"))
    assert ("proposal", "usagi-first-candidate") in losses(entry, Invented())
    back = again(entry, Invented())
    assert [(each.system, each.code, each.display) for each in back.proposal.candidates] == [("loinc", "1", "x")]


def test_an_accepted_target_without_concept_is_not_approved_in_usagi_and_is_read_back() -> None:
    judgement = Judgement(targets=(Target(system="cim10", code="E11"),))
    entry = Entry(source=Source(code="A", label="Alpha"), state=State.ACCEPTED, judgement=judgement)
    content = write_usagi(Exchange(entries=(entry,)), Invented()).content
    assert b",UNCHECKED,EQUAL,,0,0,Unmapped," in content
    assert ("targets", "usagi-no-concept") in losses(entry, Invented())
    assert again(entry, Invented()) == entry


# --- Usagi itself ---------------------------------------------------------------------------------------------------


def java_cells(line: str) -> list[str]:
    """Cut a line as the program does: character by character, then three replacements over each cell."""
    cells, start, literal, escaped = [], 0, False, False
    for place, sign in enumerate(line):
        if sign == '"' and not escaped:
            literal = not literal
        if sign == "," and not literal and not escaped:
            cells.append(line[start:place])
            start = place + 1
        escaped = sign == "\\" and not escaped
    cells.append(line[start:])
    bare = [cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in cells]
    return [cell.replace('""', '"').replace('\\"', '"').replace("\\\\", "\\") for cell in bare]


def opened_and_saved(content: bytes) -> bytes:
    """What the program writes of a file that it opened: the first row of a code, the concepts of all its rows."""
    header, *rows = [java_cells(line) for line in content.decode().removesuffix("\n").split("\n")]
    number, by, reviewer = header.index("conceptId"), header.index("createdBy"), header.index("assignedReviewer")
    saved = [header]
    groups: list[list[list[str]]] = []
    for row in rows:
        if groups and groups[-1][0][:2] == row[:2]:
            groups[-1].append(row)
        else:
            groups.append([row])
    for group in groups:
        first = group[0]
        shown = [row for row in group if int(row[number])] or [[*first[:by], "", "0", first[reviewer]]]
        for row in shown:
            concept, comment, author = row[number : number + 4], first[number + 4], row[by:reviewer]
            saved += [[*first[:number], *concept, comment, *author, first[reviewer]]]
    return "\n".join([*(write_line(row) for row in saved), ""]).encode()


@given(st.lists(texts, min_size=1, max_size=4))
def test_usagi_reads_the_cells_that_are_written(cells: list[str]) -> None:
    flat = [cell.replace("\n", " ") for cell in cells]
    assert java_cells(write_line(flat)) == flat


@given(st.text('a",\\', max_size=12))
def test_any_line_is_cut_as_usagi_cuts_it(line: str) -> None:
    assert len(split_line(line)) == len(java_cells(line))
    if "\\" not in line:
        assert split_line(line) == java_cells(line)


@given(st.lists(entries_of, min_size=1, max_size=2, unique_by=lambda entry: entry.source))
def test_a_file_that_usagi_opened_and_saved_is_read_back(entries: list[Entry]) -> None:
    content = write_usagi(Exchange(entries=tuple(entries)), Invented()).content
    expected = read_usagi(content.replace(b"\\n", b" "), "file.csv")
    assert read_usagi(opened_and_saved(content.replace(b"\\n", b" ")), "file.csv").entries == expected.entries


# --- what somebody changes in Usagi ---------------------------------------------------------------------------------


def changed(entry: Entry, *changes: tuple[str, str]) -> Entry:
    text = write_usagi(Exchange(entries=(entry,)), Invented()).content.decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (found,) = read_usagi(text.encode(), "file.csv").entries
    return found


LAB = Target(system="loinc", code="1", display="Mine", relation=Relation.CLOSE)
MAPPED = Entry(source=Source(code="A", label="Alpha"), state=State.MAPPED, judgement=Judgement(targets=(LAB,)))


def test_an_approval_in_usagi_counts() -> None:
    found = changed(MAPPED, (",UNCHECKED,", ",APPROVED,"))
    assert (found.state, found.judgement) == (State.ACCEPTED, MAPPED.judgement)


def test_taking_back_an_approval_in_usagi_counts() -> None:
    found = changed(replace(MAPPED, state=State.REJECTED), (",FLAGGED,INEXACT,", ",UNCHECKED,UNREVIEWED,"))
    assert (found.state, found.judgement) == (State.UNMAPPED, None)
    assert [each.code for each in found.proposal.candidates] == ["1"]


def test_another_equivalence_in_usagi_counts() -> None:
    found = changed(MAPPED, (",INEXACT,", ",WIDER,"))
    assert found.judgement == Judgement(targets=(replace(LAB, relation=Relation.BROAD),))


def test_another_concept_in_usagi_counts() -> None:
    refused = replace(LAB, code="2", refused=True)
    entry = replace(MAPPED, judgement=Judgement(targets=(LAB, refused)))
    found = changed(entry, (",1001,Invented 1001,", ",1003,Other,"))
    assert found.judgement is not None
    assert [(each.system, each.code, each.refused) for each in found.judgement.targets] == [
        ("omop", "1003", False),
        ("loinc", "2", True),
    ]


def test_a_damaged_hidden_cell_is_said_and_the_rest_is_read() -> None:
    text = write_usagi(Exchange(entries=(MAPPED,)), Invented()).content.decode().replace("1001~close", "1001~closest")
    exchange = read_usagi(text.encode(), "file.csv")
    assert [problem.line for problem in exchange.problems] == [2]
    assert [entry.judgement.targets[0].code for entry in exchange.entries if entry.judgement] == ["1001"]


# --- losses ---------------------------------------------------------------------------------------------------------


def test_what_usagi_does_not_show_is_said() -> None:
    value = replace(LAB, code="2", part=Part.VALUE, relation=Relation.EXACT)
    entry = replace(
        MAPPED,
        source=Source(system="cim10", label="=Alpha", unit="g"),
        judgement=Judgement(targets=(LAB, value, replace(LAB, code="x", refused=True))),
        senders={"Nord": 3},
        frequency=2**32,
        history=((),),
        extra={"usagi:comment": "lost", "nothing": ""},
        proposal=Proposal(candidates=(Candidate("loinc", "1", "x", 0.9, 0.5),)),
        justification="a\rb",
    )
    assert losses(entry, Invented()) == {
        ("system", "usagi-hidden"), ("unit", "usagi-hidden"), ("senders", "usagi-hidden"), ("state", "usagi-hidden"),
        ("refused", "usagi-hidden"), ("justification", "usagi-hidden"), ("targets", "usagi-hidden"),
        ("frequency", "usagi-number"), ("code", "usagi-code"), ("text", "usagi-formula"), ("text", "usagi-line-end"),
        ("relation", "usagi-mixed"), ("history", "not-carried"), ("proposal", "not-carried"),
        ("comment", "not-carried"), ("extra", "usagi-empty"),
    }  # fmt: skip


def test_losses_are_counted_by_entry_with_the_first_code() -> None:
    entries = tuple(Entry(source=Source(code=code, label="x", unit="g")) for code in ("", "B", "C"))
    found = write_usagi(Exchange(entries=entries, meta={"title": "x"}), None).losses
    assert [(loss.field, loss.count, loss.example) for loss in found] == [
        ("code", 1, "#1"),
        ("meta", 1, ""),
        ("unit", 3, "#1"),
    ]


def test_a_line_end_is_said() -> None:
    assert losses(Entry(source=Source(code="A", label="Alpha\nbeta"))) == {("text", "usagi-line-end")}


def test_sources_with_the_same_code_and_wording_stay_apart() -> None:
    entries = tuple(
        Entry(source=Source(code="A", label="Alpha", unit=unit), line=n) for n, unit in ((2, "g"), (3, "mg"))
    )
    written = write_usagi(Exchange(entries=entries), None).content
    assert read_usagi(written, "file.csv").entries == entries
    assert len({line.split(",")[0] for line in written.decode().split("\n")[1:-1]}) == 2


def test_the_export_for_review_has_usagis_columns() -> None:
    value = replace(LAB, part=Part.VALUE, created_by="Anne")
    entry = Entry(source=Source(code="A", label="Alpha", unit="g"), state=State.ACCEPTED, score=0.5, frequency=3,
                  judgement=Judgement(targets=(LAB, value, Target(system="cim10", code="E11", display="Mal")),
                                      note="n"),
                  extra={"b": "x"}, senders={"N": 1}, status_by="Anne")  # fmt: skip
    nobody = Entry(source=Source(code="B", label="Beta"))
    written = write_usagi_review(Exchange(entries=(entry, nobody), meta={"title": "x"}), Invented())
    header, first, _, third, last, end = written.content.decode().split("\n")
    assert header == (
        "sourceCode,sourceName,sourceFrequency,sourceAutoAssignedConceptIds,ADD_INFO:semantix_unit,ADD_INFO:b,matchScore,"
        "mappingStatus,targetConceptId,targetConceptName,targetVocabularyId,targetDomainId,targetStandardConcept,"
        "targetChildCount,targetParentCount,targetConceptClassId,targetConceptCode,targetValidStartDate,"
        "targetValidEndDate,targetInvalidReason"
    )
    assert first == "A,Alpha,3,,g,x,0.5,APPROVED,1001,Invented 1001,LOINC,Measurement,S,,,Lab Test,1,,,"
    assert third == "A,Alpha,3,,g,x,0.5,APPROVED,0,Mal,cim10,,,,,,E11,,,"
    assert (last, end) == ("B,Beta,1,,,,0.0,UNCHECKED,0,Unmapped,,,,,,,,,,", "")
    assert {loss.field for loss in written.losses} == {
        "created",
        "meta",
        "note",
        "part",
        "relation",
        "senders",
        "status_by",
    }


def test_every_reason_has_words_in_both_languages() -> None:
    for english, french in LOSSES.values():
        assert english
        assert french
        assert english[0] in string.ascii_letters
        assert "'" not in french
