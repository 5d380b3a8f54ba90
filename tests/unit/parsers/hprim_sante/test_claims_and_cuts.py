"""What is HPRIM Santé, and where a long file is cut."""

import io
from itertools import pairwise

import pytest
from tests.unit.parsers.hprim_sante.reading import END, HB, OBR, H, P, read_bytes

from semantix.parsers import Claim
from semantix.parsers.hprim_medecin import PARSER as MEDECIN
from semantix.parsers.hprim_sante import PARSER, _cutting

MESSAGE = H + P + OBR + HB + END
CLAIM = Claim("HPRIM Santé", None, 1.0, "")


class Stream:
    def __init__(self, data):
        self.data, self.name, self.size = data, "essai.hpr", len(data)

    def open(self):
        return io.BytesIO(self.data)


def cuts_of(data):
    return list(PARSER.cut(Stream(data), CLAIM))


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2", "2.3", "2.4"])
def test_versions(version):
    claim = PARSER.claims(MESSAGE.replace("H2.3", f"H{version}").encode(), "a.hpr")
    assert (claim.version, claim.confidence) == (version, 0.98)


def test_a_header_cut_short_is_known_by_its_type():
    claim = PARSER.claims(H[:40].encode(), "a")
    assert (claim.version, claim.confidence) == (None, 0.8)


def test_a_header_continued_on_a_second_line():
    assert PARSER.claims((H[:30] + "\nA|" + H[30:]).encode(), "a").version == "2.3"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "H",
        "H|\\^&|||Automate^1|||||||P|1|20240115\n",
        "MSH|^~\\&|A\n",
        "Hello;world\n",
        "H;a;b\n",
        "****LAB****\nRES|A|B|N|1\n",
        "P|1|x\n",
    ],
)
def test_other_formats_are_not_claimed(text):
    assert PARSER.claims(text.encode(), "a.hpr") is None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_one_reader_alone_claims_a_message(encoding):
    data = MESSAGE.encode(encoding)
    assert PARSER.claims(data, "a.hpr") is not None
    assert MEDECIN.claims(data, "a.hpr") is None


def test_a_long_file_is_cut_before_messages():
    data = (MESSAGE * 4000).encode()
    cuts = cuts_of(data)
    assert len(cuts) > 1
    assert b"".join(cut.data for cut in cuts) == data
    assert all(cut.data.startswith(b"H|") and not cut.context for cut in cuts)
    for before, after in pairwise(cuts):
        assert after.line == before.line + before.data.count(b"\n")


def test_a_long_message_is_cut_before_patients(monkeypatch):
    monkeypatch.setattr(_cutting, "BLOCK", 700)
    monkeypatch.setattr(_cutting, "LONGEST", 1400)
    data = (H + (P + OBR + HB) * 20 + END).encode()
    cuts = cuts_of(data)
    assert len(cuts) > 2
    assert b"".join(cut.data for cut in cuts) == data
    whole = read_bytes(data).documents
    parts = [d for cut in cuts for d in read_bytes(cut.data, line=cut.line, head=cut.context.get("head", "")).documents]
    assert [d.ids for d in parts] == [d.ids for d in whole]
    assert [[p.path for p in d.statement_places] for d in parts] == [
        [p.path for p in d.statement_places] for d in whole
    ]


def test_a_long_patient_is_cut_before_results_and_stays_known(monkeypatch):
    monkeypatch.setattr(_cutting, "BLOCK", 700)
    monkeypatch.setattr(_cutting, "LONGEST", 1400)
    data = (H + P + OBR + HB * 60 + END).encode()
    cuts = cuts_of(data)
    assert len(cuts) > 2
    assert b"".join(cut.data for cut in cuts) == data
    found = [read_bytes(cut.data, line=cut.line, head=cut.context.get("head", "")) for cut in cuts]
    assert sum(len(one.results()) for one in found if one.documents) == 60
    assert {one.documents[0].patient.birth.iso for one in found if one.documents} == {"1960-02-14"}


def test_a_long_line_is_cut_all_the_same(monkeypatch):
    monkeypatch.setattr(_cutting, "BLOCK", 100)
    monkeypatch.setattr(_cutting, "LONGEST", 300)
    data = (H + "C|1|L|" + "x" * 2000).encode()
    assert b"".join(cut.data for cut in cuts_of(data)) == data


def test_two_bytes_a_character_are_one_cut():
    data = (MESSAGE * 2).encode("utf-16")
    assert [cut.data for cut in cuts_of(data)] == [data]
