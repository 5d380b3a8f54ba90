"""HL7 v2 data types as values of the model: identifiers, names, addresses, codes, times.

Source: HL7 v2.5, chapter 2A; IHE PAM, French national extension (types and authorities); HL7 tables 0200, 0201, 0396.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from semantix import systems
from semantix.model import Address, Coding, Concept, Identifier, Name, NamePart, PartialDate, Severity, Telecom
from semantix.parsers._book import Book, local_system, patient_system
from semantix.parsers.hl7v2.message import Part, Segment
from semantix.parsers.hl7v2.times import day, moment

BAD_DATE = "SX403"
ASSUMED_ZONE = "SX001"
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*)){2,}")
_TABLE = re.compile(r"HL7?([0-9]{4})")
_RPPS, _ADELI = 11, 9
_CODED: Mapping[str, str] = MappingProxyType(
    {
        "LN": "loinc",
        "LOINC": "loinc",
        "SCT": "snomed",
        "SNOMED-CT": "snomed",
        "I10": "cim10",
        "I10P": "cim10",
        "CIM10": "cim10",
        "CIM-10": "cim10",
        "CCAM": "ccam",
        "NABM": "nabm",
        "ATC": "atc",
        "UCUM": "ucum",
        "CIP": "cip",
        "CIP13": "cip",
        "UCD": "ucd",
    }
)
"""HL7 table 0396, and the names that French software writes in its place."""
_OIDS: Mapping[str, str] = MappingProxyType({one.key: one.oids[0] for one in systems.SYSTEMS})


class Frame(Struct):
    """What values of one message are made with: the book of its document, who sent it, for which practice.

    ``times`` counts those that were written without a zone.
    """

    book: Book
    sender: str
    practice: str
    times: int = 0

    def close(self) -> None:
        """Say once how many times had no zone."""
        if self.times:
            words = f"{self.times} times without a zone were read in Europe/Paris"
            self.book.doubt(ASSUMED_ZONE, "MSH[1]", words, Severity.INFORMATION)


# --- times ----------------------------------------------------------------------------------------------------------


def when(frame: Frame, segment: Segment, field: int, component: int = 1) -> PartialDate | None:
    """The time of a field; a doubt when it is not one."""
    return _when(frame, segment.text(field, component), f"{segment.path}/{field}")


def time_of(frame: Frame, text: str, path: str) -> PartialDate | None:
    """A time in text."""
    return _when(frame, text, path)


def _when(frame: Frame, text: str, path: str) -> PartialDate | None:
    if not text:
        return None
    found = moment(text)
    if found is None:
        frame.book.doubt(BAD_DATE, path, "not a date of the calendar in the form YYYYMMDD[hhmm[ss]]: left out")
        return None
    iso, is_assumed = found
    frame.times += is_assumed
    return frame.book.date(path, iso, text, zone_assumed=is_assumed)


def birth(frame: Frame, segment: Segment, field: int) -> PartialDate | None:
    """A birth date: its hour, which is nearly always padding, is left out."""
    text, path = segment.text(field), f"{segment.path}/{field}"
    if not text:
        return None
    iso = day(text)
    if iso is None:
        frame.book.doubt(BAD_DATE, path, "not a date of the calendar in the form YYYYMMDD: left out")
        return None
    return frame.book.date(path, iso, text)


# --- identifiers ----------------------------------------------------------------------------------------------------


def authority(name: str, universal: str) -> str | None:
    """The OID of an assigning authority, if it has one."""
    return next((one for one in (universal, name) if _OID.fullmatch(one)), None)


def root(frame: Frame, kind: str, name: str = "", universal: str = "") -> str:
    """The root of numbers of a ``kind`` (``patient``, ``visit``, ``order``...): an OID, else the practice's own."""
    found = authority(name, universal)
    if found:
        return found
    issuers = [one for one in (frame.practice, universal or name or frame.sender) if one]
    return patient_system(*issuers).replace(":patient:", f":{kind}:", 1)


def cx(frame: Frame, part: Part, kind: str) -> Identifier | None:
    """CX: a number and who gave it."""
    number = part.text(1)
    if not number:
        return None
    return Identifier(root(frame, kind, part.text(4, 1), part.text(4, 2)), number, None, part.text(4, 1) or None)


def entity(frame: Frame, part: Part, kind: str) -> Identifier | None:
    """EI: an order or specimen number and who gave it."""
    number = part.text(1)
    if not number:
        return None
    return Identifier(root(frame, kind, part.text(2), part.text(3)), number)


def professional(frame: Frame, part: Part) -> Identifier | None:
    """The number of XCN, in the national form when it is an RPPS or an ADELI number."""
    number, kind = part.text(1), part.text(13).upper()
    if not number:
        return None
    oid = authority(part.text(9, 1), part.text(9, 2))
    if oid in (None, systems.PS_ID_NAT):
        if kind == "RPPS" and len(number) == _RPPS:
            return Identifier(systems.PS_ID_NAT, f"8{number}")
        if kind == "ADELI" and len(number) == _ADELI:
            return Identifier(systems.PS_ID_NAT, f"0{number}")
    return Identifier(oid or root(frame, "professional", part.text(9, 1)), number)


# --- people ---------------------------------------------------------------------------------------------------------

_BIRTH, _USED = frozenset({"L", "M"}), frozenset({"D", "U", "N", "S", "A", "B"})


def names(parts: tuple[Part, ...]) -> tuple[Name, ...]:
    """XPN: the birth name (type L) and the names in use as one name with qualified parts, as the CI-SIS writes them.

    A pseudonym (S) is a name of its own. Component 3 lists all given names of the birth certificate.
    """
    official: list[NamePart] = []
    others: list[Name] = []
    for part in parts:
        kind = part.text(7).upper()
        if kind == "S":
            others.append(Name(_plain(part), use="P"))
            continue
        qualifier = "BR" if kind in ("", *_BIRTH) else "CL"
        official += _qualified(part, qualifier if kind or len(parts) > 1 else None)
    found = (Name(tuple(official)),) if official else ()
    return (*found, *(one for one in others if one.parts))


def person(part: Part) -> tuple[Name, ...]:
    """The name inside XCN (components 2 to 6)."""
    pieces = ((2, "family"), (3, "given"), (6, "prefix"), (5, "suffix"))
    found = tuple(NamePart(kind, text) for number, kind in pieces if (text := _family(part, number)))
    return (Name(found),) if any(one.kind in ("family", "given") for one in found) else ()


def _family(part: Part, number: int) -> str:
    """A component, or the first subcomponent of a family name."""
    return part.text(number, 1)


def _plain(part: Part) -> tuple[NamePart, ...]:
    pieces = ((1, "family"), (2, "given"), (5, "prefix"), (4, "suffix"))
    return tuple(NamePart(kind, text) for number, kind in pieces if (text := _family(part, number)))


def _qualified(part: Part, qualifier: str | None) -> list[NamePart]:
    found = [
        NamePart(one.kind, one.value, qualifier) if one.kind in ("family", "given") else one for one in _plain(part)
    ]
    listed = part.text(3)
    if listed and qualifier == "BR":
        found += [NamePart("given", each) for each in listed.replace(",", " ").split()]
    return found


_ADDRESS_USES = {"H": "H", "L": "H", "B": "WP", "O": "WP", "C": "TMP", "BA": "BAD", "M": "H", "P": "H"}
BIRTHPLACES = frozenset({"BDL", "BR", "N"})


def address(part: Part) -> Address | None:
    """XAD."""
    pieces = ((1, "streetAddressLine"), (2, "additionalLocator"), (5, "postalCode"), (3, "city"), (4, "state"))
    found = [(name, text) for number, name in pieces if (text := part.text(number, 1))]
    found += [(name, text) for number, name in ((6, "country"), (9, "county")) if (text := part.text(number))]
    return Address(tuple(found), use=_ADDRESS_USES.get(part.text(7).upper())) if found else None


_TELECOM_USES = {"PRN": "H", "ORN": "H", "WPN": "WP", "VHN": "HV", "EMR": "EC"}
_MOBILE = frozenset({"CP", "MC"})


def telecom(part: Part) -> Telecom | None:
    """XTN: an electronic address, a formatted number, or one in its parts."""
    equipment = part.text(3).upper()
    number = part.text(4) or part.text(12) or part.text(1) or "".join(part.text(n) for n in (5, 6, 7))
    if not number:
        return None
    use = "MC" if equipment in _MOBILE or part.text(2).upper() == "PRS" else _TELECOM_USES.get(part.text(2).upper())
    scheme = "mailto" if "@" in number else "fax" if equipment == "FX" else "tel"
    return Telecom(f"{scheme}:{number}", use)


# --- codes ----------------------------------------------------------------------------------------------------------


def system_named(frame: Frame, name: str) -> str:
    """The code system that a component names: a known one, an HL7 table, else a local one of the sender."""
    upper = name.upper()
    key = _CODED.get(upper)
    if key:
        return _OIDS[key]
    if _OID.fullmatch(name):
        return name
    table = _TABLE.fullmatch(upper)
    if table:
        return f"http://terminology.hl7.org/CodeSystem/v2-{table[1]}"
    is_own = not name or upper in ("L", "LOCAL") or upper.startswith("99")
    return local_system(frame.sender) if is_own else local_system(f"{frame.sender} {name}")


def concept(frame: Frame, part: Part, path: str, *, in_body: bool = True) -> Concept | None:
    """CE or CWE: two codings of the same thing, national ones first, and the words of the author.

    A label without a code is its own local code.
    """
    codings = [c for at in (1, 4) if (c := _coding(frame, part, at, path, in_body=in_body)) is not None]
    if not codings:
        return None
    local = local_system(frame.sender)
    codings.sort(key=lambda one: (one.system or "").startswith(local))
    return frame.book.concept(path, *codings, text=part.text(9) or None)


def _coding(frame: Frame, part: Part, at: int, path: str, *, in_body: bool) -> Coding | None:
    code, label, name = part.text(at), part.text(at + 1), part.text(at + 2)
    if not code and not label:
        return None
    system = system_named(frame, name) if code else local_system(frame.sender)
    return frame.book.coding(f"{path}/{at}", code or label, system, label or None, in_body=in_body)
