"""What the tests of HPRIM Médecin share: reading a text, every line accounted for, and an invented header."""

from msgspec import Struct

from semantix.model import Document, LineCount, Observation, SetAside, Statement
from semantix.parsers import Piece
from semantix.parsers.hprim_medecin import PARSER

HEADER = """\
P0042
TESTARD
Amélie
12 rue des Essais

76100 ROUEN
14/03/1957
2570376540123 45
DOS240115
15/01/2024
LABTIL    LABORATOIRE DES TILLEULS
ROSEAU    DR ROSEAU PIERRE
"""


class Reading(Struct):
    """What reading gave."""

    documents: list[Document]
    aside: list[SetAside]

    def results(self, rank: int = 0) -> list[Observation]:
        """The results of a document, in order."""
        found = []
        for section in self.documents[rank].sections:
            for statement in section.statements:
                found += _observations(statement)
        return found

    def issues(self, rank: int = 0) -> list[str]:
        """The codes of the doubts of a document."""
        return [issue.code for issue in self.documents[rank].issues]

    def reasons(self) -> dict[str, int]:
        """Lines set aside, by reason."""
        found: dict[str, int] = {}
        for one in self.aside:
            found[one.reason] = found.get(one.reason, 0) + one.lines
        return found


def _observations(statement: Statement) -> list[Observation]:
    if isinstance(statement, Observation):
        return [statement]
    return [one for link in statement.links for one in _observations(link.statement)]


def read_bytes(data: bytes, practice: str = "cabinet", line: int = 1, head: str = "") -> Reading:
    """Read, and check that every line is accounted for."""
    context = {"head": head} if head else {}
    told = list(PARSER.read(Piece(data=data, name="essai.hpr", practice=practice, line=line, context=context)))
    documents = [one for one in told if isinstance(one, Document)]
    aside = [one for one in told if isinstance(one, SetAside)]
    (count,) = [one.lines for one in told if isinstance(one, LineCount)]
    assert sum(one.lines for one in documents) + sum(one.lines for one in aside) == count
    return Reading(documents, aside)


def read(text: str, **more: str) -> Reading:
    """Read a text as the bytes of a file."""
    return read_bytes(text.encode(), **more)
