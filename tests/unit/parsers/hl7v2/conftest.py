"""Messages written by hand for invented people, and what reading them tells."""

from collections.abc import Callable

import pytest

from semantix.model import Document, LineCount, SetAside
from semantix.parsers._claims import Piece, Told
from semantix.parsers.hl7v2 import PARSER

HEADER = "MSH|^~\\&|SIL|LABO DU PORT|DPI|CABINET|20240312101500||{kind}|77|P|2.5|||||FRA|{charset}"
PERSON = "PID|1||P-12^^^LABO DU PORT^PI||LEMOINE^Zoé^^^^^L||19800104|F"


class Reading:
    """What a reader told, sorted by class."""

    def __init__(self, told: list[Told]) -> None:
        self.documents = [one for one in told if isinstance(one, Document)]
        self.aside = [one for one in told if isinstance(one, SetAside)]
        self.lines = sum(one.lines for one in told if isinstance(one, LineCount))

    @property
    def document(self) -> Document:
        (one,) = self.documents
        return one

    @property
    def accounted(self) -> int:
        return sum(one.lines for one in (*self.documents, *self.aside))

    @property
    def reasons(self) -> list[str]:
        return [one.reason for one in self.aside]

    def codes(self) -> list[str]:
        return [issue.code for document in self.documents for issue in document.issues]


def read_bytes(data: bytes, name: str = "labo.hl7", practice: str = "Cabinet des Dunes") -> Reading:
    reading = Reading(list(PARSER.read(Piece(data=data, name=name, practice=practice))))
    assert reading.accounted == reading.lines
    return reading


def written(*segments: str, kind: str = "ORU^R01^ORU_R01", charset: str = "UNICODE UTF-8") -> str:
    return "\r".join((HEADER.format(kind=kind, charset=charset), *segments)) + "\r"


@pytest.fixture
def read() -> Callable[..., Reading]:
    """Read a message of these segments; the person is there unless told otherwise."""

    def reader(
        *segments: str, kind: str = "ORU^R01^ORU_R01", charset: str = "UNICODE UTF-8", pid: str = PERSON
    ) -> Reading:
        parts = (pid, *segments) if pid else segments
        return read_bytes(written(*parts, kind=kind, charset=charset).encode())

    return reader


@pytest.fixture
def result(read: Callable[..., Reading]) -> Callable[[str], object]:
    """Read one OBX inside a battery, and give the observation."""

    def reader(obx: str) -> object:
        (section,) = read("OBR|1||R-9|BIO^Biologie^L|||20240312080000", obx).document.sections
        (link,) = section.statements[0].links[0].statement.links
        return link.statement

    return reader


@pytest.fixture
def raw() -> Callable[..., Reading]:
    """Read bytes as they are."""
    return read_bytes


@pytest.fixture
def message() -> Callable[..., str]:
    """Write a message."""
    return written
