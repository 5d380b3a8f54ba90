"""What the tests of HPRIM Santé share: an invented message, and reading with every line accounted for."""

from msgspec import Struct

from semantix.emitters import fhir, omop
from semantix.model import Document, LineCount, Observation, Panel, SetAside, Statement
from semantix.parsers import Piece
from semantix.parsers.hprim_sante import PARSER

H = r"H|~^\&|F1||LABTIL~LABO DES TILLEULS||ORU|||ROSEAU~DR ROSEAU||P|H2.3~C|202401151030" + "\n"
P = "P|1|L77|A12||TESTARD~Marie~Anne~~MME|ESSAI|19600214|F||3 rue du Test~~ROUEN~~76000\n"
OBR = "OBR|1|D1|S1|NFS~Numération~L||202401150800||202401150815|||||||SANG|ROSEAU~ROSEAU~Pierre||||||202401151000|||F\n"
HB = "OBX|1|NM|HB~Hémoglobine~L||13,8|g/dL|12.0-16.0|N|||F|||202401150900|LABTIL~LABO DES TILLEULS\n"
END = "L|1\n"


class Reading(Struct):
    """What reading gave."""

    documents: list[Document]
    aside: list[SetAside]

    def statements(self, kind: type[Statement], rank: int = 0) -> list[Statement]:
        """The statements of a class in a document, in order."""
        found: list[Statement] = []
        for section in self.documents[rank].sections:
            for statement in section.statements:
                found += _of(statement, kind)
        return found

    def results(self, rank: int = 0) -> list[Observation]:
        """The results of a document, in order."""
        return [one for one in self.statements(Observation, rank) if one.kind == "lab-result"]

    def panels(self) -> list[Panel]:
        """The groups of the first document."""
        return self.statements(Panel)

    def issues(self, rank: int = 0) -> list[str]:
        """The codes of the doubts of a document."""
        return [issue.code for issue in self.documents[rank].issues]


def _of(statement: Statement, kind: type[Statement]) -> list[Statement]:
    held = [one for link in statement.links for one in _of(link.statement, kind)]
    return [statement, *held] if isinstance(statement, kind) else held


def read_bytes(data: bytes, practice: str = "cabinet", line: int = 1, head: str = "") -> Reading:
    """Read; every line is accounted for, and both emitters carry or explain every code and statement."""
    context = {"head": head} if head else {}
    told = list(PARSER.read(Piece(data=data, name="essai.hpr", practice=practice, line=line, context=context)))
    documents = [one for one in told if isinstance(one, Document)]
    aside = [one for one in told if isinstance(one, SetAside)]
    (count,) = [one.lines for one in told if isinstance(one, LineCount)]
    assert sum(one.lines for one in documents) + sum(one.lines for one in aside) == count
    for document in documents:
        account = fhir.emit(document).ledger.account(document)
        assert account.statements_carried == account.statements_read
        assert account.codes_carried == account.codes_read
        omop.emit(document).ledger.account(document)
    return Reading(documents, aside)


def read(text: str, practice: str = "cabinet", line: int = 1, head: str = "") -> Reading:
    """Read a text as the bytes of a file."""
    return read_bytes(text.encode(), practice, line, head)
