"""What the values of one prescription are made with: its book, and every coded element of its source, counted apart.

Source: PN13-IS (PHAST, Interop'Santé), attribute ``Phast-nomenclature`` and the elements whose table is fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from semantix.model import Coding, Concept, PartialDate, Quantity, Severity
from semantix.parsers._book import Book, Spot, local_system, patient_system
from semantix.parsers.hl7v2.times import day, moment
from semantix.parsers.pn13.tree import Node
from semantix.systems import SYSTEMS

BAD_DATE = "SX432"
BAD_NUMBER = "SX435"
ASSUMED_ZONE = "SX001"
_NAMED: Mapping[str, str] = MappingProxyType({"EDQM": "edqm", "UCUM": "ucum", "ATC": "atc", "LOINC": "loinc"})
_OIDS: Mapping[str, str] = MappingProxyType({one.key: one.oids[0] for one in SYSTEMS})
TABLES: Mapping[str, str] = MappingProxyType(
    {
        "voie_administration": "SIPh-CIO_Voie_administration",
        "forme": "SIPh-CIO_Forme",
        "code_rens_compl": "SIPh_RensComplement",
        "type_liaison_element": "SIPh_TypeLiaison",
        "evt_activite_code": "SIPh_EvtActivite",
        "evt_clinique_code": "SIPh_EvtClinique",
        "cre_arr_mod_val": "SIPh_CreArrModVal",
        "gonogo": "SIPh_GoNogo",
        "sexe": "SIPh_Sexe",
        "type_element_prescr": "SIPh_TypeEltPLA",
    }
)
"""The table of an element that names none."""
_CODED = ("code_composant_", "code_rens_compl_")
_DIGITS = 30


class Desk:
    """The book of one document, where each coded element is written once."""

    def __init__(self, practice: str) -> None:
        self.book = Book()
        self.practice = practice
        self.times = 0
        self._written: dict[str, Spot] = {}
        self._implied: set[str] = set()

    # --- codes --------------------------------------------------------------------------------------------------

    def coding(self, node: Node, code: str = "", system: str = "", *, in_body: bool = True) -> Coding:
        """The code of an element, in the system that it names, else in its own table, else in a local one."""
        code = code or node.text
        system = system or self.system(node)
        held = self.book.coding(node.path, code, system, node.meaning or None, in_body=in_body)
        assert isinstance(held.at, Spot)
        self._written[node.path] = held.at
        return held

    def concept(self, node: Node | None, text: str = "", *, in_body: bool = True) -> Concept | None:
        """The concept of an element; ``None`` when it is absent or empty."""
        if node is None or not node.text:
            return None
        return self.book.concept(node.path, self.coding(node, in_body=in_body), text=text or None)

    def system(self, node: Node) -> str:
        """The system of an element's code. National tables are the same everywhere, others mean something at home."""
        name = node.nomenclature or TABLES.get(node.name, "")
        key = _NAMED.get(name.upper())
        if key:
            return _OIDS[key]
        if name.upper().startswith("SIPH"):
            return local_system(f"phast {name}")
        return local_system(f"{self.practice} {name or node.name}")

    def imply(self, node: Node | None) -> None:
        """Say that the model itself holds what an element's code means."""
        if node is not None:
            self._implied.add(node.path)

    def count(self, root: Node) -> frozenset[Spot]:
        """Count every coded element of the source, also those that nothing was made of, and return these."""
        unread = []
        for node in root.walk():
            if not _is_coded(node) or node.path in self._written:
                continue
            spot = Spot(node.path, self.system(node), node.text)
            self.book.coded.append(spot)
            if node.path in self._implied:
                self.book.implied.add(spot)
            else:
                unread.append(spot)
        return frozenset(unread)

    # --- values -------------------------------------------------------------------------------------------------

    def when(self, node: Node | None) -> PartialDate | None:
        """A date and time."""
        if node is None or not node.text:
            return None
        found = moment(node.text)
        if found is None:
            self.book.doubt(BAD_DATE, node.path, "not a date of the calendar in the form YYYYMMDDhhmmss: left out")
            return None
        iso, is_assumed = found
        self.times += is_assumed
        return self.book.date(node.path, iso, node.text, zone_assumed=is_assumed)

    def born(self, node: Node | None) -> PartialDate | None:
        """A birth date, without the hour that pads it."""
        iso = day(node.text) if node is not None and node.text else None
        if node is None or not node.text:
            return None
        if iso is None:
            self.book.doubt(BAD_DATE, node.path, "not a date of the calendar in the form YYYYMMDD: left out")
            return None
        return self.book.date(node.path, iso, node.text)

    def quantity(self, node: Node | None) -> Quantity | None:
        """``Nombre`` and ``Unité``, as written."""
        if node is None:
            return None
        number, unit = node.word("nombre"), node.first("unite")
        if not number:
            return None
        value = self.number(number)
        if value is None:
            self.book.doubt(BAD_NUMBER, node.path, "not a number: kept as text")
        codes: tuple[Concept, ...] = ()
        if unit is not None and unit.text and unit.nomenclature:
            codes = (self.book.concept(unit.path, self.coding(unit)),)
        label = unit.text if unit is not None else ""
        text = None if value is not None else f"{number} {label}".strip()
        held = self.book.quantity(node.path, value, label or None, text=text)
        return Quantity(held.value, held.unit, held.at, None, None, text, (), codes)

    def number(self, text: str) -> Decimal | None:
        """A number with a point or a comma; ``None`` when it is none."""
        text = text.replace(",", ".").replace(" ", "")
        digits = text.removeprefix("-").replace(".", "", 1)
        return Decimal(text) if digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS else None

    def root(self, kind: str, *issuers: str) -> str:
        """The root of numbers that mean something in the practice alone."""
        given = [one for one in (self.practice, *issuers) if one]
        return patient_system(*given).replace(":patient:", f":{kind}:", 1)

    def close(self) -> None:
        """Say once how many times had no zone."""
        if self.times:
            words = f"{self.times} times without a zone were read in Europe/Paris"
            self.book.doubt(ASSUMED_ZONE, "messages", words, Severity.INFORMATION)


def _is_coded(node: Node) -> bool:
    """True for an element whose text is a code: it names a nomenclature, or its table is fixed."""
    if not node.text or node.children:
        return False
    return bool(node.nomenclature) or node.name in TABLES or node.name.startswith(_CODED)
