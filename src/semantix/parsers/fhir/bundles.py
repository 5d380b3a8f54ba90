"""A Bundle of any type, or a resource alone, in one JSON or XML text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from semantix.errors import UnreadableInput
from semantix.model import Document, SetAside, Withdrawn
from semantix.parsers.fhir.documents import Origin
from semantix.parsers.fhir.grouping import Entry, read_entries
from semantix.parsers.fhir.library import Library
from semantix.parsers.fhir.lineage import deletions
from semantix.parsers.fhir.shapes import Json, first, items, kind_of, text

MAX_BUNDLES = 4
"""Bundles inside each other, at most."""
_NO_CONTENT = frozenset({"batch-response", "transaction-response"})


def read_value(value: Any, origin: Origin) -> Iterator[Document | SetAside | Withdrawn]:
    """Whatever a file holds: a Bundle, a resource, a list of resources. Raises UnreadableInput."""
    if type(value) is dict and kind_of(value) == "Bundle":
        yield from read_bundle(value, origin, "", 1)
        return
    some = items(value)
    if not some or not any(kind_of(one) for one in some):
        raise UnreadableInput(f"{origin.name}: no resourceType found, a FHIR resource or Bundle was expected")
    entries = [Entry(one, f"entry-{n}") for n, one in enumerate(some, 1)]
    yield from read_entries(entries, Library(), origin)


def read_bundle(bundle: Json, origin: Origin, prefix: str, depth: int) -> Iterator[Document | SetAside | Withdrawn]:
    """The documents of a Bundle; those of Bundles inside it apart."""
    kind = text(bundle.get("type")) or ""
    entries: list[Entry] = []
    deleted: set[str] = set()
    for rank, element in enumerate(items(bundle.get("entry")), 1):
        where = f"{prefix}entry-{rank}"
        resource = first(element.get("resource"))
        if resource is None:
            yield _without_resource(element, where, kind)
            if kind == "history" and _method(element) == "DELETE":
                deleted.add(_target(element))
        elif kind_of(resource) == "Bundle":
            if depth >= MAX_BUNDLES:
                yield SetAside(where, 0, "unreadable", f"Bundles nested more than {MAX_BUNDLES} deep", quarantined=True)
            else:
                yield from read_bundle(resource, origin, f"{where}-", depth + 1)
        elif not kind_of(resource):
            yield SetAside(where, 0, "unreadable", "a resource without resourceType", quarantined=True)
        elif f"{kind_of(resource)}/{text(resource.get('id'))}" in deleted:
            yield SetAside(where, 0, "withdrawn", "a later entry of the history deletes it")
        else:
            entries.append(Entry(resource, where, text(element.get("fullUrl"))))
    kept = {f"{kind_of(one.resource)}/{text(one.resource.get('id'))}" for one in entries}
    yield from deletions(bundle, origin.practice, kept)
    yield from read_entries(entries, Library(), origin, bundle)


def _without_resource(element: Json, where: str, kind: str) -> SetAside:
    if _method(element) == "DELETE":
        return SetAside(where, 0, "withdrawn", "its source says that the resource is deleted")
    if kind in _NO_CONTENT or "response" in element:
        return SetAside(where, 0, "acknowledgement", "a response without a resource")
    return SetAside(where, 0, "structure", "an entry without a resource")


def _method(element: Json) -> str:
    return text((first(element.get("request")) or {}).get("method")) or ""


def _target(element: Json) -> str:
    return (text((first(element.get("request")) or {}).get("url")) or "").partition("/_history")[0]
