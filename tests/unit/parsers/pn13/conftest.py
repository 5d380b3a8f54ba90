"""Prescriptions written by hand for invented people."""

from collections.abc import Callable

import pytest

from semantix.model import Document
from semantix.parsers._claims import Piece
from semantix.parsers.pn13 import PARSER

PATIENT = "<Patient><Ipp>4242</Ipp><Nom_usuel>KERVELLA</Nom_usuel><Prénoms>Anne</Prénoms>"
PATIENT += "<Date_naissance>19700215000000</Date_naissance><Sexe>F</Sexe></Patient>"
LINE = "<Elément_prescr_médic><Id_élément_prescr>L1</Id_élément_prescr>{}</Elément_prescr_médic>"
ORDER = "<Prescription><Dh_prescription>20240308103000</Dh_prescription>{}</Prescription>"


def written(inside: str, patient: str = PATIENT, stay: str = "", root: str = "") -> str:
    message = f"<M_Prescription_médicaments>{patient}{stay}{inside}</M_Prescription_médicaments>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Messages{root}>{message}</Messages>'


def read_bytes(data: bytes, practice: str = "Clinique des Dunes") -> Document:
    (document,) = PARSER.read(Piece(data=data, name="presc.xml", practice=practice))
    assert isinstance(document, Document)
    return document


@pytest.fixture
def read() -> Callable[..., Document]:
    """Read a prescription of these lines; the patient is there unless told otherwise."""

    def reader(*lines: str, before: str = "", **others: str) -> Document:
        inside = ORDER.format(before + "".join(LINE.format(line) for line in lines))
        return read_bytes(written(inside, **others).encode())

    return reader


@pytest.fixture
def line(read: Callable[..., Document]) -> Callable[[str], object]:
    """Read one line, and give its treatment."""

    def reader(inside: str) -> object:
        (statement,) = read(inside).sections[0].statements
        return statement

    return reader


@pytest.fixture
def raw() -> Callable[..., Document]:
    return read_bytes


@pytest.fixture
def message() -> Callable[..., str]:
    return written
