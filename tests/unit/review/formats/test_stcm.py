"""SOURCE_TO_CONCEPT_MAP: nine columns, their lengths, and what the table cannot hold."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from semantix.emitters.omop.schema import SCHEMA
from semantix.errors import BadMappings, SemantixError
from semantix.model import Candidate
from semantix.review.formats._stcm_columns import CODE, COLUMNS, DESCRIPTION, VOCABULARY
from semantix.review.formats.exchange import Entry, Exchange, OmopConcept, Written
from semantix.review.formats.losses_usagi import LOSSES
from semantix.review.formats.stcm import read_stcm, write_stcm
from semantix.review.model import Judged, Judgement, Part, Proposal, Relation, Source, State, Target

HEADER = ",".join(COLUMNS)


class Invented:
    """The concepts 1 to 9 of an invented vocabulary; 9 has none."""

    def concept_of(self, system: str, code: str) -> OmopConcept | None:
        return self.concept(int(code)) if system == "loinc" and code.isascii() and code.isdecimal() else None

    def concept(self, number: int) -> OmopConcept | None:
        if not 0 < number < 10:
            return None
        return OmopConcept(
            id=number, name=f"Invented {number}", vocabulary="" if number == 9 else "LOINC", code=f"{number}"
        )


def accepted(code: str = "A", *targets: Target, label: str = "Alpha") -> Entry:
    judgement = Judgement(targets=targets, no_target=not targets)
    return Entry(source=Source(code=code, label=label), state=State.ACCEPTED, judgement=judgement)


def omop(code: str, part: Part = Part.TARGET) -> Target:
    return Target(system="omop", code=code, display=f"Invented {code}", part=part)


def write(*entries: Entry) -> Written:
    return write_stcm(Exchange(entries=entries), Invented(), vocabulary="LOCAL")


def rows(written: Written) -> list[list[str]]:
    header, *found = csv.reader(io.StringIO(written.content.decode(), newline=""))
    assert tuple(header) == COLUMNS
    return found


def lost(written: Written) -> set[tuple[str, str]]:
    return {(loss.field, loss.reason) for loss in written.losses}


def read(*lines: str, header: str = HEADER) -> Exchange:
    return read_stcm("\n".join([header, *lines, ""]).encode(), "map.csv", Invented())


# --- writing ------------------------------------------------------------------------------------------------------


def test_columns_and_lengths_are_those_of_the_schema() -> None:
    columns = {column.name: column for column in SCHEMA["source_to_concept_map"].fields}
    assert tuple(columns) == COLUMNS
    assert (columns["source_code"].length, columns["source_vocabulary_id"].length) == (CODE, VOCABULARY)
    assert columns["source_code_description"].length == DESCRIPTION


def test_each_chosen_concept_is_a_row() -> None:
    written = write(accepted("A", omop("1"), omop("2"), omop("1")))
    assert rows(written) == [
        ["A", "0", "LOCAL", "Alpha", "1", "LOINC", "1970-01-01", "2099-12-31", ""],
        ["A", "0", "LOCAL", "Alpha", "2", "LOINC", "1970-01-01", "2099-12-31", ""],
    ]
    assert written.losses == ()


def test_no_suitable_target_is_concept_zero() -> None:
    assert rows(write(accepted("A"))) == [["A", "0", "LOCAL", "Alpha", "0", "None", "1970-01-01", "2099-12-31", ""]]


def test_the_caller_gives_vocabulary_dates_and_states() -> None:
    entry = replace(accepted("A", omop("1")), state=State.MAPPED)
    written = write_stcm(Exchange(entries=(entry,)), Invented(), vocabulary="V", valid_from="2024-01-31",
                         valid_to="2024-02-29", states=(State.MAPPED,))  # fmt: skip
    assert rows(written) == [["A", "0", "V", "Alpha", "1", "LOINC", "2024-01-31", "2024-02-29", ""]]
    assert lost(written) == {("state", "not-carried")}


def test_what_is_not_decided_is_left_out_and_said() -> None:
    written = write(replace(accepted("A", omop("1")), state=State.REJECTED), Entry(source=Source(code="B")))
    assert rows(written) == []
    assert [(loss.field, loss.count, loss.example) for loss in written.losses] == [("entry", 2, "A")]


@pytest.mark.parametrize(
    ("code", "reason"),
    [("", "stcm-no-code"), (" ", "stcm-no-code"), ("x" * 51, "stcm-code-long"), ("a\nb", "stcm-code-line")],
)
def test_a_code_that_the_table_cannot_hold_is_left_out_and_said(code: str, reason: str) -> None:
    written = write(accepted(code, omop("1")))
    assert rows(written) == []
    assert lost(written) == {("source_code", reason)}


def test_a_code_of_fifty_characters_and_a_description_of_255_are_written_whole() -> None:
    (row,) = rows(write(accepted("x" * 50, omop("1"), label="é" * 255)))
    assert (row[0], row[3]) == ("x" * 50, "é" * 255)


def test_a_long_description_is_cut_and_said() -> None:
    written = write(accepted("A", omop("1"), label="é" * 256))
    assert rows(written)[0][3] == "é" * 252 + "..."
    assert lost(written) == {("source_code_description", "stcm-description-long")}


def test_hostile_cells_stay_one_cell_each() -> None:
    written = write(accepted('=A,"1', omop("1"), label="=cmd|'\n\"x"))
    (row,) = rows(written)
    assert (row[0], row[3]) == ('=A,"1', "'=cmd|' \"x")
    assert lost(written) == {
        ("source_code", "stcm-formula"),
        ("source_code_description", "stcm-formula-text"),
        ("source_code_description", "stcm-one-line"),
    }
    (entry,) = read_stcm(written.content, "map.csv", None).entries
    assert entry.source.label == "=cmd|' \"x"


def test_targets_without_concept_and_other_parts_are_left_out_and_said() -> None:
    written = write(
        accepted("A", omop("1"), omop("77"), omop("9"), omop("2", Part.VALUE), omop("3", Part.UNIT)),
        accepted("B", Target(system="cim10", code="E11")),
    )
    assert [row[4] for row in rows(written)] == ["1"]
    assert lost(written) == {
        ("target", "stcm-vocabulary-long"),
        ("target", "stcm-no-concept"),
        ("target: value", "stcm-part"),
        ("target: unit", "stcm-part"),
    }


def test_without_concepts_no_target_can_be_written() -> None:
    written = write_stcm(Exchange(entries=(accepted("A", omop("1")),)), None, vocabulary="LOCAL")
    assert (rows(written), lost(written)) == ([], {("target", "stcm-vocabulary-long")})


def test_two_entries_of_one_code_are_said() -> None:
    written = write(accepted("A", omop("1")), accepted("A", omop("2"), label="Beta"))
    assert lost(written) == {("source_code", "stcm-same-code")}


def test_everything_else_is_said() -> None:
    target = Target(system="loinc", code="1", display="Mine", relation=Relation.BROAD, created_by="Anne")
    entry = Entry(
        source=Source(system="cim10", code="A", label="x", unit="g", specimen="s", section="t", sender="u", target="v"),
        state=State.ACCEPTED,
        judgement=Judgement(targets=(target, replace(target, refused=True)), note="n"),
        proposal=Proposal(candidates=(Candidate("loinc", "1", "x", 0.9, 0.5),)),
        frequency=2,
        senders={"N": 1},
        extra={"x": "y", "source_vocabulary_id": "LOCAL"},
        score=0.5,
        status_by="Anne",
        status_on="2024-01-01",
        reviewer="Bob",
        automatic=True,
        justification="j",
        history=(Judged(who="Anne", judgement=Judgement(no_target=True), event=1, at=""),),
        people=("Anne",),
    )
    written = write_stcm(Exchange(entries=(entry,), meta={"title": "x"}), Invented(), vocabulary="LOCAL")
    assert {loss.field for loss in written.losses} == {
        "system", "unit", "specimen", "section", "sender", "wanted_target", "frequency", "senders", "extra", "score",
        "status_by", "status_on", "reviewer", "automatic", "justification", "history", "people", "proposal", "note",
        "refused", "target_code", "relation", "target_display", "created", "meta",
    }  # fmt: skip
    assert {loss.reason for loss in written.losses} <= LOSSES.keys()


@pytest.mark.parametrize(
    ("vocabulary", "valid_from", "valid_to", "where"),
    [
        ("", "1970-01-01", "2099-12-31", "source_vocabulary_id"),
        ("x" * 21, "1970-01-01", "2099-12-31", "source_vocabulary_id"),
        ("a\nb", "1970-01-01", "2099-12-31", "source_vocabulary_id"),
        ("V", "01/01/1970", "2099-12-31", "valid_start_date"),
        ("V", "1970-01-01", "2099-02-30", "valid_end_date"),
        ("V", "2024-01-02", "2024-01-01", "valid_end_date: before"),
    ],
)
def test_a_vocabulary_or_day_that_is_none_is_refused(
    vocabulary: str, valid_from: str, valid_to: str, where: str
) -> None:
    with pytest.raises(BadMappings, match=where):
        write_stcm(Exchange(entries=()), None, vocabulary=vocabulary, valid_from=valid_from, valid_to=valid_to)


# --- reading ------------------------------------------------------------------------------------------------------


def test_rows_of_one_code_are_one_accepted_entry_wherever_they_are() -> None:
    exchange = read(
        "A,0,LOCAL,Alpha,1,LOINC,1970-01-01,2099-12-31,",
        "B,0,LOCAL,Beta,0,None,1970-01-01,2099-12-31,",
        "A,0,LOCAL,Alpha,2,LOINC,1970-01-01,2099-12-31,",
    )
    local = {"source_vocabulary_id": "LOCAL"}
    assert exchange.entries == (
        replace(accepted("A", omop("1"), omop("2")), extra=local, line=2),
        replace(accepted("B", label="Beta"), extra=local, line=3),
    )
    assert exchange.meta == local


def test_a_known_vocabulary_gives_the_system() -> None:
    exchange = read("E11,0,ICD10,,1,LOINC,,,", "E12,77,Other,,1,LOINC,2020-01-01,2021-01-01,")
    first, second = exchange.entries
    assert (first.source.system, second.source.system) == ("cim10", "")
    assert second.extra == {
        "source_vocabulary_id": "Other",
        "source_concept_id": "77",
        "valid_start_date": "2020-01-01",
        "valid_end_date": "2021-01-01",
    }
    assert exchange.meta == {}


def test_rows_that_are_no_longer_valid_are_candidates() -> None:
    exchange = read("A,0,V,Alpha,1,LOINC,,,D", "B,0,V,Beta,1,LOINC,,,U", "B,0,V,Beta,2,LOINC,,,NULL")
    first, second = exchange.entries
    assert (first.state, first.judgement) == (State.UNMAPPED, None)
    assert [each.display for each in first.proposal.candidates] == ["Invented 1"]
    assert second.judgement == Judgement(targets=(omop("2"),))


def test_other_programs_may_have_saved_the_table() -> None:
    header = HEADER.upper().replace(",", ";")
    data = f"{header}\r\nA;0;V;Glycémie à jeun;1;LOINC;01/01/1970;31/12/2099;\r\n\r\n".encode("cp1252")
    (entry,) = read_stcm(data, "map.csv", None).entries
    assert (entry.source.label, entry.judgement) == (
        "Glycémie à jeun",
        Judgement(targets=(Target(system="omop", code="1"),)),
    )


def test_only_three_columns_are_needed() -> None:
    header = "target_concept_id\tsource_code\tsource_vocabulary_id"
    assert [entry.source.code for entry in read("1\tA\tV", header=header).entries] == ["A"]


@pytest.mark.parametrize("bad", ["A,0,V,Alpha,one,LOINC,,,", "A,0,V,Alpha,1,LOINC,,,,more"])
def test_a_bad_row_takes_its_entry_and_nothing_else(bad: str) -> None:
    exchange = read("A,0,V,Alpha,2,LOINC,,,", bad, "B,0,V,Beta,1,LOINC,,,")
    assert [entry.source.code for entry in exchange.entries] == ["B"]
    assert [problem.line for problem in exchange.problems] == [3]


def test_zero_beside_a_concept_is_said() -> None:
    exchange = read("A,0,V,Alpha,0,None,,,", "A,0,V,Alpha,1,LOINC,,,")
    assert [entry.judgement for entry in exchange.entries] == [Judgement(targets=(omop("1"),))]
    assert [problem.line for problem in exchange.problems] == [2]


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"source_code,source_vocabulary_id\n"])
def test_what_is_no_such_table_is_refused(data: bytes) -> None:
    with pytest.raises(BadMappings, match=r"map\.csv, line 1: .*expected the columns of SOURCE_TO_CONCEPT_MAP"):
        read_stcm(data, "map.csv", None)


def test_a_cell_without_end_is_refused() -> None:
    with pytest.raises(BadMappings, match="no table"):
        read('A,0,V,"' + "x" * 10_000_001)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for head in (b"", HEADER.encode() + b"\n"):
        with suppress(SemantixError):
            read_stcm(head + data, "map.csv", None)


# --- there and back -------------------------------------------------------------------------------------------------

texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=12) | st.sampled_from(
    ["=1", "'-x", '"', ",;", "NULL", " x "]
)
entries_of = st.builds(
    accepted,
    texts.filter(str.strip),
    st.integers(1, 8).map(lambda number: omop(str(number))),
    label=texts,
)


@given(st.lists(entries_of | st.builds(accepted, texts.filter(str.strip), label=texts), max_size=4,
                unique_by=lambda entry: entry.source))  # fmt: skip
def test_what_is_written_is_read_back(entries: list[Entry]) -> None:
    written = write(*entries)
    back = read_stcm(written.content, "map.csv", Invented())
    assert back.problems == ()
    local = {"source_vocabulary_id": "LOCAL"}
    assert [replace(entry, line=0) for entry in back.entries] == [replace(entry, extra=local) for entry in entries]
    assert write_stcm(back, Invented(), vocabulary="LOCAL").content == written.content
