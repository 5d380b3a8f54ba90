"""The resources of a file and the elements inside each, with their places as paths (``Bundle.entry[0].resource``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from semantix.parsers.fhir.shapes import Json, items, kind_of, text

_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}")
MAX_DEPTH = 70
"""The readers refuse what is deeper."""


class Element(Struct, frozen=True):
    """An object inside a resource, and what it is called there (``valueQuantity``)."""

    name: str
    value: Json
    place: str


class Held(Struct, frozen=True):
    """One resource: where it stands, its objects, the ``fullUrl`` of its entry, its Bundle, what it is contained in."""

    resource: Json
    place: str
    parts: tuple[Element, ...]
    full_url: str = ""
    bundle: Json | None = None
    holder: Json | None = None

    @property
    def kind(self) -> str:
        """Its type."""
        return kind_of(self.resource)


def resources_in(resource: Json, place: str = "", depth: int = 0) -> Iterator[Held]:
    """A resource, then those of its entries if it is a Bundle, then those contained, in depth."""
    here = place or shown_name(kind_of(resource) or "Resource")
    yield from _within(Held(resource, here, elements(resource, here)), depth)


def shown_name(name: str) -> str:
    """The name of an element or of a type as a place may show it: what has not the form of one may be anything."""
    return name if _NAME.fullmatch(name) else "?"


def _within(held: Held, depth: int) -> Iterator[Held]:
    yield held
    if depth > MAX_DEPTH:
        return
    for where, one in indexed(held.resource, "contained", held.place):
        yield from _within(Held(one, where, elements(one, where), "", held.bundle, held.resource), depth + 1)
    if held.kind != "Bundle":
        return
    for key, entry in indexed(held.resource, "entry", held.place):
        inner = items(entry.get("resource"))
        if inner:
            url, where = text(entry.get("fullUrl")) or "", f"{key}.resource"
            yield from _within(Held(inner[0], where, elements(inner[0], where), url, held.resource), depth + 1)


def indexed(holder: Json, name: str, place: str) -> Iterator[tuple[str, Json]]:
    """The objects of an element, each with its place; one alone where a list should be has no index."""
    value = holder.get(name)
    if type(value) is dict:
        yield f"{place}.{name}", value
    elif type(value) is list:
        for n, one in enumerate(value):
            if type(one) is dict:
                yield f"{place}.{name}[{n}]", one


def elements(resource: Json, place: str) -> tuple[Element, ...]:
    """Every object inside a resource, in order; resources inside it are none of its elements."""
    return tuple(_elements(resource, place, 0))


def _elements(holder: Mapping[str, Any], place: str, depth: int) -> Iterator[Element]:
    if depth > MAX_DEPTH:
        return
    for name, value in holder.items():
        if name in ("contained", "resource") or type(value) not in (dict, list):
            continue
        several = value if type(value) is list else [value]
        shown = shown_name(name)
        for n, one in enumerate(several):
            if type(one) is dict:
                where = f"{place}.{shown}[{n}]" if type(value) is list else f"{place}.{shown}"
                yield Element(shown, one, where)
                yield from _elements(one, where, depth + 1)


def declared(resource: Json) -> tuple[str, ...]:
    """The profiles that a resource declares, without their versions."""
    meta = items(resource.get("meta"))
    profiles = meta[0].get("profile") if meta else None
    several = profiles if type(profiles) is list else [profiles]
    return tuple(one.partition("|")[0] for one in several if type(one) is str)
