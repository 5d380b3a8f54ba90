"""The parts of FHIR terminology resources (R4, R5) that are read, as values.

Source: HL7 FHIR R4 and R5, CodeSystem, ValueSet, ConceptMap; everything else of a resource is passed over.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from semantix.terminology.releases._importer import Refused
from semantix.terminology.releases._tabular import base


class _Fhir(Struct, frozen=True, kw_only=True, rename="camel"):
    """A FHIR element: camelCase on the wire."""


class Coding(_Fhir, frozen=True):
    """A code, with or without its system."""

    system: str = ""
    code: str = ""
    display: str = ""


class Identifier(_Fhir, frozen=True):
    """A business identifier; an OID stands there as ``urn:oid:…``."""

    value: str = ""


class Designation(_Fhir, frozen=True):
    """Another wording."""

    language: str = ""
    use: Coding = Coding()
    value: str = ""


class PropertyKind(_Fhir, frozen=True):
    """The declaration of a property; ``uri`` may say that it is one of the standard ones."""

    code: str = ""
    uri: str = ""


class Property(_Fhir, frozen=True):
    """A property of a concept, of any type."""

    code: str = ""
    value_code: str | None = None
    value_coding: Coding | None = None
    value_string: str | None = None
    value_integer: int | None = None
    value_boolean: bool | None = None
    value_date_time: str | None = None
    value_decimal: float | None = None

    def text(self) -> str:
        """Return the value as text: a code where it is one."""
        if self.value_coding is not None:
            return self.value_coding.code
        if self.value_boolean is not None:
            return "true" if self.value_boolean else "false"
        values = (self.value_code, self.value_string, self.value_integer, self.value_date_time, self.value_decimal)
        return next((str(value) for value in values if value is not None), "")


class Node(_Fhir, frozen=True):
    """A concept of a CodeSystem, with those below it."""

    code: str = ""
    display: str = ""
    definition: str = ""
    designation: tuple[Designation, ...] = ()
    property: tuple[Property, ...] = ()
    concept: tuple[Node, ...] = ()


class Kind(_Fhir, frozen=True):
    """What any JSON file is asked first."""

    resource_type: str = ""


class Resource(_Fhir, frozen=True):
    """What every terminology resource has."""

    id: str = ""
    url: str = ""
    version: str = ""
    language: str = ""
    name: str = ""
    title: str = ""
    date: str = ""
    copyright: str = ""


class CodeSystem(Resource, frozen=True):
    """``content`` says how much of the code system is there."""

    identifier: tuple[Identifier, ...] = ()
    content: str = ""
    supplements: str = ""
    property: tuple[PropertyKind, ...] = ()
    concept: tuple[Node, ...] = ()


class Listed(_Fhir, frozen=True):
    """A code that a ValueSet lists."""

    system: str = ""
    code: str = ""
    display: str = ""
    abstract: bool = False
    inactive: bool = False
    designation: tuple[Designation, ...] = ()
    contains: tuple[Listed, ...] = ()


class Include(_Fhir, frozen=True):
    """Codes of one system: listed, or by rule."""

    system: str = ""
    concept: tuple[Listed, ...] = ()


class Compose(_Fhir, frozen=True):
    """How a ValueSet is composed."""

    include: tuple[Include, ...] = ()
    exclude: tuple[Include, ...] = ()


class Expansion(_Fhir, frozen=True):
    """What a ValueSet was expanded to."""

    contains: tuple[Listed, ...] = ()


class ValueSet(Resource, frozen=True):
    """A set of codes."""

    identifier: tuple[Identifier, ...] = ()
    compose: Compose = Compose()
    expansion: Expansion = Expansion()


class Dependency(_Fhir, frozen=True):
    """A condition of a mapping (R4 ``property``, R5 ``attribute``)."""

    property: str = ""
    attribute: str = ""
    value: str = ""
    value_code: str = ""
    value_string: str = ""


class Target(_Fhir, frozen=True):
    """One target of a mapping: ``equivalence`` in R4, ``relationship`` in R5."""

    code: str = ""
    equivalence: str = ""
    relationship: str = ""
    depends_on: tuple[Dependency, ...] = ()


class Element(_Fhir, frozen=True):
    """One source code of a mapping."""

    code: str = ""
    no_map: bool = False
    target: tuple[Target, ...] = ()


class Group(_Fhir, frozen=True):
    """Mappings between two systems."""

    source: str = ""
    target: str = ""
    element: tuple[Element, ...] = ()


class ConceptMap(Resource, frozen=True):
    """Correspondences between code systems."""

    group: tuple[Group, ...] = ()


class Entry(_Fhir, frozen=True):
    """One entry of a Bundle."""

    resource: Raw = Raw(b"{}")


class Bundle(_Fhir, frozen=True):
    """Several resources."""

    entry: tuple[Entry, ...] = ()


class Package(_Fhir, frozen=True):
    """``package.json`` of an NPM package, or an ImplementationGuide, which says the same."""

    name: str = ""
    package_id: str = ""
    version: str = ""


_T = TypeVar("_T", bound=_Fhir)


def decode(content: bytes | Raw, kind: type[_T], name: str) -> _T:
    """Read a resource as one of the kinds above. Raises Refused where it is not JSON, or not of that shape."""
    if isinstance(content, bytes):
        content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        raise Refused(f"{base(name)}: found another shape than a FHIR {kind.__name__}: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(f"{base(name)}: not JSON, or nested too deep; download the file again") from None
