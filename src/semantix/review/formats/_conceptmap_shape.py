"""FHIR ConceptMap as values, R4 and R5 in one shape: what is empty is not written, what is unknown is passed over.

Source: HL7 FHIR 4.0.1 and 5.0.0, ConceptMap; NDJSON as in the Bulk Data guide.
"""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from semantix.errors import BadMappings

RESOURCE = "ConceptMap"


class _Fhir(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, gc=False):
    """A FHIR element: camelCase on the wire."""


class Coding(_Fhir, frozen=True):
    """A code with its system."""

    system: str = ""
    code: str = ""
    display: str = ""


class Quantity(_Fhir, frozen=True):
    """A number with its unit."""

    value: float | None = None
    unit: str = ""
    code: str = ""


class Extension(_Fhir, frozen=True):
    """A named addition: a value, or further extensions."""

    extension: tuple[Extension, ...] = ()
    url: str = ""
    value_boolean: bool | None = None
    value_code: str | None = None
    value_date_time: str | None = None
    value_decimal: float | None = None
    value_integer: int | None = None
    value_string: str | None = None
    value_uri: str | None = None


class Dependency(_Fhir, frozen=True):
    """A condition of a mapping, or a further product of it: R4 ``property``, ``system``; R5 ``attribute``, types."""

    extension: tuple[Extension, ...] = ()
    property: str = ""
    attribute: str = ""
    system: str = ""
    value: str = ""
    display: str = ""
    value_boolean: bool | None = None
    value_code: str = ""
    value_coding: Coding | None = None
    value_quantity: Quantity | None = None
    value_set: str = ""
    value_string: str = ""


class Property(_Fhir, frozen=True):
    """R5: a fact of one mapping."""

    code: str = ""
    value_boolean: bool | None = None
    value_code: str | None = None
    value_coding: Coding | None = None
    value_date_time: str | None = None
    value_decimal: float | None = None
    value_integer: int | None = None
    value_string: str | None = None


class MapTarget(_Fhir, frozen=True):
    """One target of an element: ``equivalence`` in R4, ``relationship`` in R5."""

    extension: tuple[Extension, ...] = ()
    code: str = ""
    display: str = ""
    value_set: str = ""
    equivalence: str = ""
    relationship: str = ""
    comment: str = ""
    property: tuple[Property, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    product: tuple[Dependency, ...] = ()


class Element(_Fhir, frozen=True):
    """One source code."""

    extension: tuple[Extension, ...] = ()
    code: str = ""
    display: str = ""
    value_set: str = ""
    no_map: bool = False
    target: tuple[MapTarget, ...] = ()


class Group(_Fhir, frozen=True):
    """Elements from one system to another; ``source`` and ``target`` may end in ``|version`` in R5."""

    source: str = ""
    source_version: str = ""
    target: str = ""
    target_version: str = ""
    element: tuple[Element, ...] = ()
    unmapped: Raw = Raw()


class Attribute(_Fhir, frozen=True):
    """R5: what ``dependsOn`` and ``product`` refer to."""

    code: str = ""
    uri: str = ""
    description: str = ""
    type: str = ""


class Narrative(_Fhir, frozen=True):
    """Words for people."""

    status: str = ""
    div: str = ""


class ConceptMap(_Fhir, frozen=True):
    """The resource. The scopes are value sets: ``source…`` and ``target…`` in R4, ``sourceScope…`` in R5."""

    resource_type: str = ""
    id: str = ""
    text: Narrative | None = None
    extension: tuple[Extension, ...] = ()
    url: str = ""
    version: str = ""
    name: str = ""
    title: str = ""
    status: str = ""
    date: str = ""
    publisher: str = ""
    description: str = ""
    copyright: str = ""
    additional_attribute: tuple[Attribute, ...] = ()
    source_uri: str = ""
    source_canonical: str = ""
    target_uri: str = ""
    target_canonical: str = ""
    source_scope_uri: str = ""
    source_scope_canonical: str = ""
    target_scope_uri: str = ""
    target_scope_canonical: str = ""
    group: tuple[Group, ...] = ()


class Found(Struct, frozen=True):
    """A resource of a file, with the line where it begins (0 unless the file has one a line)."""

    resource: ConceptMap
    line: int = 0


class _Kind(_Fhir, frozen=True):
    resource_type: str = ""


class _BundleEntry(_Fhir, frozen=True):
    resource: Raw = Raw()


class _Bundle(_Fhir, frozen=True):
    entry: tuple[_BundleEntry, ...] = ()


_T = TypeVar("_T", bound=_Fhir)
_PLACE = re.compile(r"\$[\w.\[\]]*")
"""The place that msgspec names: ``$.group[0].element[3].code``."""


def parse_resources(data: bytes, name: str) -> tuple[Found, ...]:
    """The ConceptMaps of a file: one resource, a Bundle, or one resource a line. Raises BadMappings."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        msgspec.json.decode(data, type=Raw)
    except msgspec.DecodeError as error:
        if "trailing" not in str(error):
            raise _not_json(name, error) from None
        found = [each for line, text in _lines(data) for each in _resources(text, f"{name}, line {line}", line)]
    except RecursionError as error:
        raise _not_json(name, error) from None
    else:
        found = _resources(data, name, 0)
    if not found:
        raise BadMappings(
            f"{name}: no ConceptMap was found; expected a FHIR ConceptMap (R4 or R5) in JSON, "
            "a Bundle of them, or one a line (NDJSON)"
        )
    return tuple(found)


def is_r5(resource: ConceptMap) -> bool:
    """Whether something in a resource is written as only R5 writes it."""
    scopes = (
        resource.source_scope_uri,
        resource.source_scope_canonical,
        resource.target_scope_uri,
        resource.target_scope_canonical,
    )
    if resource.additional_attribute or any(scopes):
        return True
    elements = (element for group in resource.group for element in group.element)
    return any(
        element.no_map or element.value_set or any(target.relationship for target in element.target)
        for element in elements
    )


def _lines(data: bytes) -> list[tuple[int, bytes]]:
    return [(line, text) for line, text in enumerate(data.split(b"\n"), start=1) if text.strip()]


def _resources(data: bytes | Raw, name: str, line: int) -> list[Found]:
    kind = _decoded(data, _Kind, name).resource_type
    if kind == RESOURCE:
        return [Found(_decoded(data, ConceptMap, name), line)]
    if kind != "Bundle":
        return []
    found = []
    for place, entry in enumerate(_decoded(data, _Bundle, name).entry):
        where = f"{name}, Bundle.entry[{place}]"
        if bytes(entry.resource) and _decoded(entry.resource, _Kind, where).resource_type == RESOURCE:
            found.append(Found(_decoded(entry.resource, ConceptMap, where), line))
    return found


def _decoded(data: bytes | Raw, kind: type[_T], name: str) -> _T:
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        place = _PLACE.search(str(error))
        where = place[0].replace("$", RESOURCE, 1) if place else RESOURCE
        what = _PLACE.sub("", str(error)).replace("``", "").removesuffix(" - at ").strip()
        raise BadMappings(
            f"{name}: {where} is not what FHIR says: {what}; write the file again, or check it with a FHIR validator"
        ) from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _not_json(name, error) from None


def _not_json(name: str, error: Exception) -> BadMappings:
    if isinstance(error, RecursionError):
        return BadMappings(f"{name}: nested too deep; expected a FHIR ConceptMap in JSON")
    return BadMappings(f"{name}: not JSON ({error}); expected a FHIR ConceptMap, a Bundle of them, or one a line")
