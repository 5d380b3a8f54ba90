import pytest

from semantix.parsers._book import Book
from semantix.parsers.hl7v2.datatypes import Frame, address, names, professional, root, telecom
from semantix.parsers.hl7v2.message import Part, delimiters

MARKS = delimiters("MSH|^~\\&|X|", "utf-8")
FRAME = Frame(Book(), "LABO", "Cabinet des Dunes")


def part(text):
    return Part(text, MARKS)


@pytest.mark.parametrize(
    ("text", "value", "use"),
    [
        ("0298000000", "tel:0298000000", None),
        ("^PRN^PH^^^^^^^^^0298000000", "tel:0298000000", "H"),
        ("^PRN^CP^^^^^^^^^0600000000", "tel:0600000000", "MC"),
        ("^NET^Internet^zoe@exemple.fr", "mailto:zoe@exemple.fr", None),
        ("^WPN^FX^^^^^^^^^0298000001", "fax:0298000001", "WP"),
        ("^WPN^PH^^33^2^98000000", "tel:33298000000", "WP"),
    ],
)
def test_telecoms_are_numbers_and_addresses(text, value, use):
    found = telecom(part(text))
    assert (found.value, found.use) == (value, use)


def test_a_telecom_without_a_number_is_none():
    assert telecom(part("^PRN^PH")) is None


def test_an_empty_address_is_none():
    assert address(part("^^^^^^H")) is None


def test_one_name_without_a_type_is_the_name():
    (name,) = names((part("LE GALL^Anne"),))
    assert [(one.kind, one.qualifier) for one in name.parts] == [("family", None), ("given", None)]


def test_professional_numbers_take_their_national_form():
    assert professional(FRAME, part("10000023084^A^B^^^^^^^^^^RPPS")).extension == "810000023084"
    assert professional(FRAME, part("291234567^A^B^^^^^^^^^^ADELI")).extension == "0291234567"
    assert professional(FRAME, part("12^A^B^^^^^^SIH")).root == "urn:semantix:professional:cabinet-des-dunes:sih"
    assert professional(FRAME, part("^A^B")) is None


def test_roots_are_oids_or_those_of_the_practice():
    assert root(FRAME, "patient", "X", "1.2.250.1.99") == "1.2.250.1.99"
    assert root(FRAME, "patient") == "urn:semantix:patient:cabinet-des-dunes:labo"
    assert root(Frame(Book(), "", ""), "patient") == "urn:semantix:patient:"
