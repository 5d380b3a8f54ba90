"""Which parser reads a file, and what is said when none or two want it."""

import pkgutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import semantix.parsers
from semantix.errors import SemantixError, UnreadableInput
from semantix.model import LineCount
from semantix.parsers import PARSERS, Claim, Piece, choose, identify, parse

VSM = Path(__file__).resolve().parents[3] / "examples" / "cda" / "vsm.xml"
NOT_PARSERS = {"packs", "portability", "tabular", "xdm"}
"""The manifest of an archive is no document; packs are found by the pipeline, and read tables."""


class Greedy:
    name = "greedy"

    def claims(self, head: bytes, name: str) -> Claim:
        return Claim("anything", None, 0.1, "wants all")

    def parse(self, data: bytes, name: str) -> None:
        raise AssertionError


def test_every_parser_is_registered() -> None:
    modules = {module.name for module in pkgutil.iter_modules(semantix.parsers.__path__)}
    public = {name for name in modules if not name.startswith("_")} - NOT_PARSERS
    registered = {type(parser).__module__.split(".")[2] for parser in PARSERS}
    assert registered == public


def test_two_parsers_claiming_a_file_is_an_error_that_names_both() -> None:
    with pytest.raises(UnreadableInput, match="CDA R2 and greedy both"):
        choose(VSM.read_bytes(), "vsm.xml", (*PARSERS, Greedy()))


def test_other_xml_is_told_by_its_root_without_its_content() -> None:
    with pytest.raises(UnreadableInput, match="root is <Facture>") as refused:
        parse(b'<Facture xmlns="urn:exemple:facture"><family>DUPONT</family></Facture>', "a.xml")
    assert "DUPONT" not in str(refused.value)


def test_identify_tells_what_the_parser_and_the_document_say() -> None:
    found = identify(VSM.read_bytes(), "vsm.xml")
    assert (found.format, found.code, found.display, found.level) == ("CDA R2", "SYNTH", "Synthèse", 3)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_our_own_errors(data: bytes) -> None:
    with pytest.raises(SemantixError):
        parse(data, "any")


@pytest.mark.parametrize(
    "data", [b"\n" + b"\0" * 15, b"\n\n" + b"\0" * 40, b"a\0" * 9 + b"\n\0" + b"\0" * 20, b"a\r\0\nb\n\0"]
)
def test_lines_of_signs_that_no_text_holds_are_accounted_for(data: bytes) -> None:
    for parser in PARSERS:
        if parser.name.startswith("HPRIM"):
            told = list(parser.read(Piece(data=data, name="x")))
            assert sum(one.lines for one in told if isinstance(one, LineCount)) == sum(
                one.lines for one in told if not isinstance(one, LineCount)
            )


@given(st.integers(min_value=0, max_value=5_000), st.binary(min_size=1, max_size=8))
def test_a_damaged_document_is_read_or_refused(position: int, noise: bytes) -> None:
    data = bytearray(VSM.read_bytes())
    data[position : position + len(noise)] = noise
    message = ""
    try:
        parse(bytes(data), "damaged")
    except SemantixError as refused:
        message = str(refused)
    assert "\n" not in message
