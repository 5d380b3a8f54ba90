"""What is fuzzed: every reader, and every function that takes text from outside. Seeds are made, never copied."""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from semantix.emitters import fhir, omop
from semantix.errors import BadPack, UnreadableInput
from semantix.io._mail import parts
from semantix.model import Document, LineCount, SetAside
from semantix.parsers import PARSERS, Claim, Cut, Parser, Piece, portability, xdm
from semantix.parsers.packs import load_pack
from semantix.pipeline import packs
from semantix.text.dates import join_date, read_date
from semantix.text.decoding import decode, repair_line
from semantix.text.posology import read_posology
from semantix.text.practice import read_history
from semantix.text.values import read_flag, read_range, read_result_line, read_value

Target = Callable[[bytes], None]
ROOT = Path(__file__).resolve().parents[1]
_ANY = Claim("?", None, 1.0, "")


class Memory:
    """A file that is in memory."""

    def __init__(self, data: bytes, name: str = "x") -> None:
        self.data, self.name, self.size = data, name, len(data)

    def head(self, size: int = 65_536) -> bytes:
        """The first bytes."""
        return self.data[:size]

    def read(self) -> bytes:
        """All of it."""
        return self.data

    def open(self) -> BinaryIO:
        """A stream of it."""
        return io.BytesIO(self.data)


def _reader(parser: Parser, name: str) -> Target:
    """Recognise, cut, read and emit; nothing but UnreadableInput may come out, and lines must balance."""

    def run(data: bytes) -> None:
        claim = parser.claims(data[:65_536], name)
        try:
            cuts = list(parser.cut(Memory(data, name), claim or _ANY)) if parser.cuts else [Cut(data)]
        except UnreadableInput:
            return
        for cut in cuts:
            _read(parser, _piece(cut, name, claim))

    return run


def _piece(cut: Cut, name: str, claim: Claim | None) -> Piece:
    return Piece(data=cut.data, name=name, line=cut.line, context=cut.context, practice="p", claim=claim)


def _read(parser: Parser, piece: Piece) -> None:
    total = accounted = 0
    try:
        for told in parser.read(piece):
            if isinstance(told, LineCount):
                total += told.lines
            elif isinstance(told, SetAside):
                accounted += told.lines
            else:
                accounted += told.lines
                _emit(told)
    except UnreadableInput:
        return
    assert not total or total == accounted, f"{total} lines, {accounted} accounted for"


def _emit(document: Document) -> None:
    for emission in (fhir.emit(document), omop.emit(document)):
        assert emission.ledger is not None
        emission.ledger.account(document)


def _pack(data: bytes) -> None:
    """The first byte chooses a file of a pack, the rest is its content."""
    parser = packs.parsers_of()[-1]
    roles = [(pack, role) for pack in packs.builtin_packs() for role in pack.spec.files]
    if not data or not roles:
        return
    pack, role = roles[data[0] % len(roles)]
    claim = Claim(pack.id, pack.version, 1.0, "", pack.id, role)
    try:
        for cut in parser.cut(Memory(data[1:]), claim):
            _read(parser, _piece(cut, "x", claim))
    except UnreadableInput:
        return


def _quietly(function: Callable[[bytes], object], *errors: type[Exception]) -> Target:
    def run(data: bytes) -> None:
        try:
            function(data)
        except errors:
            return

    return run


def _texts(data: bytes) -> None:
    """Every function that reads a field."""
    text = data.decode("utf-8", "replace")
    read_value(text)
    read_value(text, unit="g/L")
    read_range(text)
    read_range(*[*text.split("|", 1), ""][:2])
    read_flag(text)
    read_result_line(text)
    read_date(text)
    join_date(*[*text.split("/"), "", ""][:3])
    repair_line(text)


def _practice(data: bytes) -> None:
    read_history(data.decode("utf-8", "replace"))


_NAMED = {parser.name: parser for parser in PARSERS}
_READERS = MappingProxyType(
    {
        "cda": ("CDA R2", "x.xml"), "hprim-medecin": ("HPRIM Médecin", "x.hpr"),
        "hprim-sante": ("HPRIM Santé", "x.hps"),
        "hl7v2": ("HL7 v2", "x.hl7"), "pn13": ("PN13", "x.xml"), "fhir": (PARSERS[-2].name, "x.json"),
        "fhir-bulk": (PARSERS[-1].name, "x.ndjson"),
    }
)  # fmt: skip
_OTHERS: MappingProxyType[str, Target] = MappingProxyType(
    {
        "packs": _pack,
        "pack-yaml": _quietly(lambda data: load_pack(data, "x.yaml"), BadPack),
        "mail": _quietly(lambda data: parts(data, "x"), UnreadableInput),
        "portability": _quietly(lambda data: portability.parse_manifest(data, "x"), UnreadableInput),
        "xdm": _quietly(lambda data: xdm.parse_manifest(data, "x"), UnreadableInput),
        "decoding": _quietly(decode),
        "fields": _texts,
        "posology": lambda data: (read_posology(data.decode("utf-8", "replace")), None)[1],
        "practice": _practice,
    }
)
NAMES = (*_READERS, *_OTHERS)


def target_of(name: str) -> Target:
    """The function to call with any bytes."""
    if name in _READERS:
        parser, file = _READERS[name]
        return _reader(_NAMED[parser], file)
    return _OTHERS[name]


# --- seeds ----------------------------------------------------------------------------------------------------------


def seeds_of(name: str) -> Iterator[bytes]:
    """Inputs to begin with."""
    if name == "cda":
        yield from (path.read_bytes() for path in sorted((ROOT / "examples" / "cda").glob("*.xml")))
    elif name == "pack-yaml":
        yield from (path.read_bytes() for path in sorted((ROOT / "mappings" / "exports").glob("*.yaml")))
    elif name in _WORDS:
        yield from (line.encode() for line in _WORDS[name])
    elif name in _PRACTICES:
        yield from _exports(_PRACTICES[name])
    elif name == "packs":
        yield from _pack_seeds()
    elif name == "decoding":
        for encoding in ("utf-8", "utf-16", "cp1252", "cp850", "mac-roman"):
            yield "Hémoglobine glyquée élevée, à contrôler : 7,2 % (traité)\r\n".encode(encoding)
    else:
        yield from _files(name)


_PRACTICES = MappingProxyType(
    {
        "hprim-medecin": ("tagged", "routed", "prose", "concatenated"), "hprim-sante": ("hprim_sante",),
        "hl7v2": ("hl7",), "fhir": ("bundles",), "fhir-bulk": ("bulk",), "mail": ("mailed",),
    }
)  # fmt: skip
_WORDS = MappingProxyType(
    {
        "fields": (
            "1,45 g/l", "< 0,5 mg/L", "*12.9*", "2.920 */mm3", "5,2 mmol/L soit 0,94 g/L", "62 % 4,5 G/L", "2.20-2.60",
            "inf. à 2,00", "(<100)", "VR: < 5,18", "-2 - 2", "12 février 2013", "3 JUI 2012", "01/02/99", "20240301",
            "2024-03-01T10:30:00+01:00", "Glycémie ....... : 1,30 g/L (0,74-1,06)", "traitÈ", "H‚moglobine",
            "00/00/1950",
        ),
        "posology": (
            "1 cp matin et soir pendant 5 jours", "2 bouffées si besoin, max 8/j", "0,5 mg/kg toutes les 6 h",
            "1 à 2 fois par jour", "3 cp/j pendant 3 jours puis 2 cp/j pendant 3 jours puis arrêt", "1-0-1",
            "1 inj le lundi et le jeudi QSP 3 mois",
        ),
        "practice": (
            "HTA ; diabète type 2 depuis 2004 ; pas d'allergie connue", "père : IDM à 50 ans", "TA 12/8 pouls 72",
            "ALD 30 n°8 E11", "tabac 20 PA sevré en 2010", "Revaxis lot A1234 le 12/05/2018",
            "allergie à la pénicilline",
        ),
    }
)  # fmt: skip


def _exports(writers: tuple[str, ...]) -> Iterator[bytes]:
    from tests.practices import messages
    from tests.practices.content import make

    for writer in writers:
        with tempfile.TemporaryDirectory() as folder:
            getattr(messages, writer)(Path(folder), make(writer, 1, people=2))
            yield from (path.read_bytes() for path in sorted(Path(folder).iterdir())[:4])


def _pack_seeds() -> Iterator[bytes]:
    """The files of the tests that packs hold, behind the byte that chooses their role."""
    roles = [(pack.id, role) for pack in packs.builtin_packs() for role in pack.spec.files]
    for pack in packs.builtin_packs():
        for test in pack.spec.tests:
            for role, file in test.files.items():
                text = getattr(file, "text", None)
                if text:
                    yield bytes([roles.index((pack.id, role)) % 256]) + text.encode()


def _files(name: str) -> Iterator[bytes]:
    if name == "portability":
        from tests.portability_archive import Portability

        yield Portability().manifest()
    elif name == "xdm":
        from tests.portability_archive import cda, metadata

        yield metadata({"DOC00001.XML": cda(1)})
    elif name == "pn13":
        yield (
            '<Messages xmlns="http://www.phast.fr/SIPhII"><M_Prescription_médicaments><Patient><Ipp>1</Ipp></Patient>'
            "<Prescription><Dh_prescription>20200101100000</Dh_prescription><Elément_prescr_médic><Id_élément_prescr>1"
            "</Id_élément_prescr><Composant_prescrit><Code_composant_1>3400890000000</Code_composant_1>"
            "</Composant_prescrit></Elément_prescr_médic></Prescription></M_Prescription_médicaments></Messages>"
        ).encode()
    else:
        yield random.Random(name).randbytes(64)
