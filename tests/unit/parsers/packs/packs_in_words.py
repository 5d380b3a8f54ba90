"""Small packs made in words, and what is read with them."""

from semantix.model import Document, LineCount, SetAside
from semantix.parsers._claims import Claim, Piece
from semantix.parsers.packs import Pack, load_pack, packs_parser
from semantix.parsers.packs.parser import PacksParser
from semantix.parsers.packs.sources import Prepared
from semantix.parsers.packs.told import tell

HEAD = """
pack: essai
version: 1
software: Essai
title: invented
evidence: invented for a test
"""
FILE = """
files:
  results:
    kind: delimited
    names: ["*.csv"]
    expects: {columns: [no]}
    columns:
      no: {type: code, required: true}
      jour: {type: date}
      quoi: {}
      combien: {type: value}
      unite: {}
    patient: {number: no}
    facts:
      - {kind: lab-result, code: quoi, value: {of: combien, unit: unite}, time: jour}
"""


def pack_of(text: str, name: str = "essai.yaml") -> Pack:
    return load_pack((HEAD + text).encode(), name)


def one_file(columns: str, facts: str, more: str = "", kind: str = "delimited") -> str:
    """A pack of one file whose columns and facts are given in YAML's flow style."""
    return f"""
files:
  results:
    kind: {kind}
    names: ["*.csv"]
    columns: {columns}
    patient: {{number: no}}
    facts: {facts}
{more}
"""


class Reading:
    """All that was read of a file."""

    def __init__(self, parser: PacksParser, data: bytes, name: str = "x.csv", **others: bytes) -> None:
        claim = parser.claims(data, name)
        assert claim is not None, "the file is not recognised"
        inputs = {role: Prepared(f"{role}.csv", content) for role, content in others.items()}
        piece = Piece(data=data, name=name, practice="Cabinet Essai", claim=claim, others=inputs)
        told = list(parser.read(piece))
        self.claim: Claim = claim
        self.documents = [one for one in told if isinstance(one, Document)]
        self.asides = [one for one in told if isinstance(one, SetAside)]
        self.count = sum(one.lines for one in told if isinstance(one, LineCount))
        self.facts = [fact for document in self.documents for fact in tell(document)]
        self.doubts = [issue for document in self.documents for issue in document.issues]
        read = sum(one.lines for one in self.documents) + sum(one.lines for one in self.asides)
        assert read == self.count, f"{self.count} lines, {read} accounted for"


def read(pack: str, text: str, encoding: str = "utf-8", **others: bytes) -> Reading:
    return Reading(packs_parser([pack_of(pack)]), text.encode(encoding), **others)
