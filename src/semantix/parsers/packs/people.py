"""The patient and the author that a row names, and the practice that keeps it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from pydantic import BaseModel

from semantix import systems
from semantix.identifiers import QUALIFIED, check_adeli, check_rpps, has_nir_shape, ins_of
from semantix.model import (
    Address,
    Concept,
    Identifier,
    Name,
    NamePart,
    Organization,
    PartialDate,
    Party,
    Patient,
    Telecom,
)
from semantix.parsers._book import Book, patient_system
from semantix.parsers.packs.entries import DATE_UNREAD, Cell, Dated, Entry, dates, text_of
from semantix.parsers.packs.expressions import Get, Holds, Scope, compile_condition, compile_expression, nothing
from semantix.parsers.packs.spec_expressions import Const, Lookup
from semantix.parsers.packs.spec_facts import Author, Person

NOT_FOUND = "SX502"
DATE_DOUBT = "SX507"
NOT_QUALIFIED = "SX512"
PRACTICE = "urn:semantix:practice"
SENDER = "urn:semantix:sender"
GENDER = "2.16.840.1.113883.5.1"
_TRAITS = ("family", "birth_name", "given", "birth", "sex")
_INS = {"NIR": systems.INS_NIR, "NIA": systems.INS_NIA}
_NO_FIRST = ("", "0", ".", "-", " ")
_ZEROS = re.compile(r"[0\s.\-]*")
_ANY_DATE = dates()


class PersonPlan(Struct, frozen=True):
    """Functions of what a row says of its patient and its author. ``looks_up`` when traits come from another table."""

    fields: Mapping[str, Get]
    qualified: Holds
    author: Mapping[str, Get]
    looks_up: bool

    def number(self, entry: Entry) -> str:
        """The practice's number; zeros and dashes are none."""
        get = self.fields.get("number")
        text = text_of(get(entry)) if get is not None else ""
        # Most numbers begin with a digit that is none of these: a look is cheaper than an expression.
        return "" if text[:1] in _NO_FIRST and _ZEROS.fullmatch(text) else text

    def key(self, entry: Entry) -> tuple[str, ...]:
        """Who the row is about, as far as it says: the number, else the traits; empty when it says nothing."""
        number = self.number(entry)
        if number:
            return (number,)
        traits = tuple(_trait(self.fields[name](entry)) for name in _TRAITS[:4] if name in self.fields)
        return traits if any(traits) else ()

    def author_key(self, entry: Entry) -> tuple[str, ...]:
        """Who signed the row."""
        return tuple(text_of(get(entry)) for get in self.author.values())


def _trait(cell: Cell) -> str:
    iso = getattr(cell, "iso", None)
    return iso if isinstance(iso, str) else text_of(cell).casefold()


def compile_person(person: Person, author: Author | None, scope: Scope) -> PersonPlan:
    """Make the functions of a patient."""
    fields = {
        name: compile_expression(getattr(person, name), scope)
        for name in Person.model_fields
        if name != "ins_qualified" and getattr(person, name) is not None
    }
    signs = {
        name: compile_expression(getattr(author, name), scope)
        for name in Author.model_fields
        if author is not None and getattr(author, name) is not None
    }
    qualified = compile_condition(person.ins_qualified, scope) if person.ins_qualified is not None else _never
    looks_up = any(_is_looked_up(getattr(person, name)) for name in _TRAITS)
    return PersonPlan(fields, qualified, signs, looks_up)


def _is_looked_up(value: Any) -> bool:
    """True for an expression that asks another table."""
    if isinstance(value, str):
        return "." in value
    if isinstance(value, list):
        return any(map(_is_looked_up, value))
    if isinstance(value, Const):
        return False
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return isinstance(value, Lookup) or any(_is_looked_up(getattr(value, name)) for name in fields)
    return False


def _never(_: Entry) -> bool:
    return False


def patient_of(book: Book, plan: PersonPlan, entry: Entry, practice: str) -> Patient:
    """The patient of a row; what cannot be read is left out, with a doubt."""
    spot = book.spot("patient")

    def get(name: str) -> str:
        return text_of(plan.fields.get(name, nothing)(entry))

    number = plan.number(entry)
    ids = [Identifier(patient_system(practice), number)] if number and not has_nir_shape(number) else []
    ins = _ins(book, plan, entry)
    family, born_as, given = get("family"), get("birth_name"), get("given")
    sex = get("sex").upper()[:1]
    if plan.looks_up and not (family or born_as or given) and not plan.fields.get("birth", nothing)(entry):
        book.doubt(NOT_FOUND, "patient", "the patient is not in the export's list of patients: known by a number alone")
    gender = None
    if sex in {"M", "F"}:
        gender = Concept((book.derived("patient/sex", sex, GENDER),), book.spot("patient/sex"))
    place, phone = get("birth_place"), get("phone")
    death = date_of(book, "patient/death", plan.fields.get("death", nothing)(entry))
    return Patient(
        at=spot,
        path=spot.path,
        ids=(*ins, *ids),
        names=_names(family, born_as, given),
        gender=gender,
        birth=_day_only(date_of(book, "patient/birth", plan.fields.get("birth", nothing)(entry))),
        birth_place_name=place or None,
        addresses=_addresses(get("address"), get("postcode"), get("city")),
        telecoms=(Telecom(f"tel:{'-'.join(phone.split())}"),) if phone else (),
        deceased=True if death is not None else None,
        deceased_time=death,
    )


def _day_only(when: PartialDate | None) -> PartialDate | None:
    """A date of birth; an export that writes a midnight beside it says no hour."""
    if when is None or not when.has_time:
        return when
    return PartialDate(when.text, when.date, when.at)


def date_of(book: Book, path: str, cell: Cell) -> PartialDate | None:
    """A date, with a doubt where it cannot be read or was chosen."""
    if not cell:
        return None
    if cell.__class__ is str:
        cell = _ANY_DATE(text_of(cell))
        if not cell:
            return None
    if not isinstance(cell, Dated):
        return None
    if cell.iso is None:
        book.doubt(DATE_UNREAD, path, f"a date that cannot be read: {cell.reason}")
        return None
    if cell.doubt:
        book.doubt(DATE_DOUBT, path, f"a date that was chosen: {cell.doubt}")
    return book.date(path, cell.iso, cell.text)


def _names(family: str, born_as: str, given: str) -> tuple[Name, ...]:
    parts = []
    if born_as:
        parts.append(NamePart("family", born_as, "BR"))
    if family and (not born_as or family.casefold() != born_as.casefold()):
        parts.append(NamePart("family", family, "SP" if born_as else None))
    if given:
        parts.append(NamePart("given", given))
    return (Name(tuple(parts)),) if parts else ()


def _addresses(lines: str, postcode: str, city: str) -> tuple[Address, ...]:
    parts = [("streetAddressLine", line.strip()) for line in lines.split("\n") if line.strip()]
    parts += [(name, text) for name, text in (("postalCode", postcode), ("city", city)) if text]
    return (Address(tuple(parts)),) if parts else ()


def _ins(book: Book, plan: PersonPlan, entry: Entry) -> tuple[Identifier, ...]:
    if "ins" not in plan.fields:
        return ()
    value = text_of(plan.fields["ins"](entry)).replace(" ", "")
    if not value:
        return ()
    kind = text_of(plan.fields.get("ins_type", nothing)(entry)).upper() or "NIR"
    found = None
    if plan.qualified(entry) and kind in _INS:
        found = ins_of(value, _INS[kind], QUALIFIED)
    if found is None:
        book.doubt(NOT_QUALIFIED, "patient/ins", "a national identity that is not qualified, or wrong: not used as one")
        return ()
    return (found,)


def parties_of(book: Book, plan: PersonPlan, entry: Entry, practice: str, sender: str) -> tuple[Party, ...]:
    """Who signed, the laboratory, and the practice that keeps the record."""
    found = []
    signer = _author(book, plan, entry)
    if signer is not None:
        found.append(signer)
    if sender:
        found.append(_firm(book, "author", Identifier(SENDER, sender), sender))
    if practice:
        found.append(_firm(book, "custodian", Identifier(PRACTICE, practice), practice))
    return tuple(found)


def _author(book: Book, plan: PersonPlan, entry: Entry) -> Party | None:
    said = {name: text_of(get(entry)) for name, get in plan.author.items()}
    if not any(said.values()):
        return None
    spot = book.spot("author")
    ids = []
    if said.get("rpps") and check_rpps(said["rpps"]).ok:
        ids.append(Identifier(systems.PS_ID_NAT, f"8{said['rpps']}"))
    if said.get("adeli") and check_adeli(said["adeli"]).ok:
        ids.append(Identifier(systems.PS_ID_NAT, f"0{said['adeli']}"))
    name = _names(said.get("family", ""), "", said.get("given", ""))
    if not name and said.get("name"):
        name = (Name(text=said["name"]),)
    return Party(at=spot, path=spot.path, role="author", ids=tuple(ids), names=name)


def _firm(book: Book, role: str, identifier: Identifier, name: str) -> Party:
    spot = book.spot(role)
    place = book.spot(f"{role}/organization")
    return Party(
        at=spot, path=spot.path, role=role, organization=Organization(place, place.path, (identifier,), (name,))
    )
