"""Claims, cuts, any bytes, and the real samples through both emitters."""

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.parsers.hprim_medecin.reading import HEADER, read, read_bytes

from semantix.emitters import fhir, omop
from semantix.model import LineCount
from semantix.parsers import Claim, Piece
from semantix.parsers.hprim_medecin import PARSER, _lines

RESULT = "RES|SODIUM|NA|N|140|mmol/L|136|145||F\n"
RECORD = f"{HEADER}****LAB****\n{RESULT * 5}****FIN****\n"
CLAIM = Claim("HPRIM Médecin", None, 1.0, "")


class Stream:
    def __init__(self, data):
        self.data = data
        self.name, self.size = "essai.hpr", len(data)

    def open(self):
        return io.BytesIO(self.data)


@pytest.mark.parametrize(
    ("text", "name", "least"),
    [
        (RECORD, "a.txt", 0.9),
        (" ****LAB****\nRES|A|B|N|1\n", "a", 0.9),
        ("RES|SODIUM|NA|N|140|mmol/L\n", "a.txt", 0.9),
        ("RES||CT33|A", "a.txt", 0.9),
        (HEADER + "Cher ami,\n", "a.txt", 0.7),
        (HEADER + "Cher ami,\n", "a.hpr", 0.9),
        ("TEX|Bonjour\n", "a.hpr", 0.6),
        ("Bonjour\n", "a.hpr", 0.4),
    ],
)
def test_claims(text, name, least):
    claim = PARSER.claims(text.encode("cp1252"), name)
    assert claim is not None
    assert claim.confidence >= least
    assert PARSER.claims(text.encode("utf-16"), name) is not None
    assert PARSER.claims(text.replace("\n", "\r").encode("cp1252"), name) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bonjour,\nune lettre.\n",
        "nom;prenom;date\nA;B;01/01/2020\n",
        "MSH|^~\\&|A|B\rOBX|1|NM|\rRES|A|B|N|1\r",
        "<a>\n****LAB****\n</a>",
        "From: a@exemple.fr\nSubject: x\n\nRES|A|B|N|1\n",
        "INSERT INTO labo VALUES ('\nRES|A|B|N|1\n');",
        '{"a":\n"RES|A|B|N|1"}',
        "XRES|A|B|N|1\n",
    ],
)
def test_other_formats_are_not_claimed(text):
    assert PARSER.claims(text.encode(), "a.txt") is None


def cuts_of(data):
    return list(PARSER.cut(Stream(data), CLAIM))


def test_a_long_file_is_cut_after_end_marks():
    data = (RECORD * 4000).encode()
    cuts = cuts_of(data)
    assert len(cuts) > 1
    assert b"".join(cut.data for cut in cuts) == data
    assert all(cut.data.endswith(b"****FIN****\n") for cut in cuts)
    assert max(len(cut.data) for cut in cuts) <= 2 * _lines.BLOCK
    for before, after in pairwise(cuts):
        assert after.line == before.line + before.data.count(b"\n")


def test_cut_by_cut_gives_what_the_whole_gives(monkeypatch):
    monkeypatch.setattr(_lines, "BLOCK", 700)
    data = (RECORD.replace("\n", "\r\n") * 9).encode()
    whole = read_bytes(data).documents
    parts = [d for cut in cuts_of(data) for d in read_bytes(cut.data, line=cut.line).documents]
    assert [d.ids for d in parts] == [d.ids for d in whole]
    paths = [[place.path for place in document.statement_places] for document in parts]
    assert paths == [[place.path for place in document.statement_places] for document in whole]


def test_a_record_too_long_is_cut_at_line_ends_and_keeps_its_patient(monkeypatch):
    monkeypatch.setattr(_lines, "BLOCK", 600)
    monkeypatch.setattr(_lines, "LONGEST", 1500)
    data = (HEADER + RESULT * 200).encode()
    cuts = cuts_of(data)
    assert len(cuts) > 2
    assert b"".join(cut.data for cut in cuts) == data
    found = [read_bytes(cut.data, line=cut.line, head=cut.context.get("head", "")) for cut in cuts]
    assert sum(len(one.results()) for one in found) == 200
    assert {one.documents[0].patient.birth.iso for one in found} == {"1957-03-14"}
    assert {one.documents[0].patient.names[0].values("given") for one in found} == {("Amélie",)}


def test_a_file_of_two_bytes_a_character_is_one_cut():
    data = (RECORD * 3).encode("utf-16")
    assert [cut.data for cut in cuts_of(data)] == [data]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\r\n"])
def test_no_line_end_is_cut_in_two(end, monkeypatch):
    data = RECORD.replace("\n", end.decode()).encode() * 6
    for size in range(300, 340):
        monkeypatch.setattr(_lines, "BLOCK", size)
        cuts = cuts_of(data)
        assert b"".join(cut.data for cut in cuts) == data
        assert sum(_lines.count_lines(cut.data) for cut in cuts) == _lines.count_lines(data)


LINE = st.sampled_from(
    [*HEADER.splitlines(), "****LAB****", "****FIN****", "****FINFICHIER****", "", "  ",
     "RES|A|B|N|1,5|g/L|1|2|H|F|3|%",
     "RES||B|A", "RES|", "TEX|", "TEX|soit 3 mmol/L", "Glycémie : 1,30 g/L (0,74-1,06)", "soit 7 mmol/L", "5571",
     "LAB".ljust(40) + "X".ljust(40) + "Y".ljust(40) + "Z", "\x1a", "RES|a|b|c|d|e|f|g|h|i|j|k|l|m|n|o"]
)  # fmt: skip


@given(st.lists(LINE, max_size=40), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_lines_are_accounted_for_and_carried(lines, end):
    for document in read(end.join(lines)).documents:
        fhir.emit(document).ledger.account(document)
        omop.emit(document).ledger.account(document)


@given(st.binary(max_size=300))
def test_any_bytes_are_accounted_for(data):
    PARSER.claims(data, "a.hpr")
    read_bytes(data)


def test_an_empty_file_has_no_line():
    found = read_bytes(b"")
    assert (found.documents, found.aside) == ([], [])


@pytest.mark.parametrize(
    ("name", "results", "claimed"),
    [("tags.hpr", 3, "2-3"), ("pipes.hpr", 5, "2-3"), ("text.hpr", 2, "1"), ("header-solabio.hpm", 2, "2-3")],
)
def test_real_samples_through_both_emitters(shared, name, results, claimed):
    data = (shared / "corpus/hprim" / name).read_bytes()
    assert PARSER.claims(data, name).version == claimed
    found = read_bytes(data)
    (document,) = found.documents
    assert len(found.results()) == results
    emission = fhir.emit(document)
    account = emission.ledger.account(document)
    assert account.statements_carried == account.statements_read == results + 1
    rows = omop.emit(document)
    rows.ledger.account(document)
    assert len(rows.rows.get("measurement", ())) == (results if document.time else 0)


def test_reading_ends_with_the_count():
    assert isinstance(list(PARSER.read(Piece(data=b"x\n", name="a.hpr")))[-1], LineCount)
