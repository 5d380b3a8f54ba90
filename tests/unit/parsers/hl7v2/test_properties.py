from hypothesis import given, settings
from hypothesis import strategies as st

from semantix.emitters import fhir, omop
from semantix.errors import SemantixError
from semantix.model import Document, LineCount, SetAside
from semantix.parsers._claims import Piece
from semantix.parsers.hl7v2 import PARSER
from semantix.parsers.hl7v2.framing import cuts

FIELDS = st.text(st.sampled_from("AZ09é.,<>*|^~\\&\"'- \n\r\t/:1"), max_size=40)
NAMES = st.sampled_from(
    "MSH PID PV1 ORC OBR OBX NTE SPM EVN ZBE ZFA ZFM DG1 AL1 PR1 NK1 ROL TXA MSA FHS BTS ZZZ XX".split()
)
KINDS = st.sampled_from(["ORU^R01", "MDM^T02", "MDM^T10", "ADT^A01", "ADT^A40", "ACK", "SIU^S12", ""])
TYPES = st.sampled_from(["NM", "SN", "ST", "TX", "CE", "CWE", "DT", "TS", "ED", "RP", "", "XX"])
OBX = st.builds(lambda kind, *rest: "OBX|1|" + kind + "|" + "|".join(rest), TYPES, *[FIELDS] * 9)
OTHER = st.builds(lambda name, *rest: name + "|" + "|".join(rest), NAMES, *[FIELDS] * 6)
MESSAGES = st.builds(
    lambda kind, segments, end: end.join(
        (f"MSH|^~\\&|A|B|C|D|20240101||{kind}|1|P|2.5|||||FRA|8859/1", "PID|1||7||N^P||19800101|F", *segments)
    ),
    KINDS,
    st.lists(st.one_of(OBX, OTHER), max_size=6),
    st.sampled_from(["\r", "\n", "\r\n"]),
)


def told(data):
    return list(PARSER.read(Piece(data=data, name="x.hl7", practice="cabinet")))


def balanced(some):
    read = sum(one.lines for one in some if isinstance(one, (Document, SetAside)))
    return read == sum(one.lines for one in some if isinstance(one, LineCount))


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_crash_and_all_lines_are_told(data):
    assert balanced(told(b"MSH|^~\\&|" + data))
    assert balanced(told(data))
    PARSER.claims(data, "x")


@settings(max_examples=60)
@given(MESSAGES, st.sampled_from(["utf-8", "cp1252"]))
def test_messages_of_any_content_balance_and_are_emitted(text, encoding):
    some = told(text.encode(encoding, "replace"))
    assert balanced(some)
    for document in some:
        if isinstance(document, Document):
            try:
                emission = fhir.emit(document)
            except SemantixError:
                continue
            assert emission.ledger.account(document).balanced
            assert omop.emit(document).ledger.account(document).balanced


@given(st.lists(MESSAGES, min_size=1, max_size=4))
def test_cutting_loses_nothing(texts):
    import io

    data = "\r".join(texts).encode()
    parts = list(cuts(io.BytesIO(data), "x"))
    assert b"".join(part.data for part in parts) == data
