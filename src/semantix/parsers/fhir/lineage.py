"""What resources say of a document as one among others: under which names, replaced by what, deleted, in error.

A logical id is an identity where a server keeps it: it then gives ``meta.versionId`` or ``meta.lastUpdated``. In a
document that travels, ids only serve inside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from semantix.model import Identifier, Lineage, PartialDate, Withdrawn
from semantix.parsers._book import Spot
from semantix.parsers.fhir.context import resource_system
from semantix.parsers.fhir.datatypes import identifier, identifiers, iso_of
from semantix.parsers.fhir.library import proper_id, target_of
from semantix.parsers.fhir.shapes import Json, first, items, kind_of, text

IN_ERROR = "entered-in-error"
_WHOLE = frozenset({"Composition", "DiagnosticReport", "DocumentReference"})
"""Types of which one is a document, or tells of one."""
_AMENDED = frozenset({"amended", "corrected"})


def lineage_of(resource: Json, practice: str, bundle: Json | None) -> Lineage:
    """The lineage of a document that is this resource, with what it refers to."""
    is_served = _is_served(resource, bundle)
    names = identifiers(resource.get("identifier")) if kind_of(resource) == "Composition" else ()
    replaces = tuple(one for each in items(resource.get("relatesTo")) for one in _replaced(each, practice))
    return Lineage(
        names=(*names, *(_identity(resource, practice) if is_served else ())),
        replaces=replaces,
        is_correction=is_served or text(resource.get("status")) in _AMENDED,
    )


def withdrawn(resource: Json, practice: str, bundle: Json | None) -> Iterator[Withdrawn]:
    """A document, or the reference to one, that was entered in error."""
    if kind_of(resource) not in _WHOLE or text(resource.get("status")) != IN_ERROR:
        return
    outer = first((bundle or {}).get("identifier")) if kind_of(resource) == "Composition" else None
    found = [identifier(outer) if outer is not None else None]
    found += [*identifiers(resource.get("masterIdentifier")), *identifiers(resource.get("identifier"))]
    ids = tuple(one for one in found if one is not None)
    if _is_served(resource, bundle):
        ids += _identity(resource, practice)
    if ids:
        yield Withdrawn(ids=ids, time=_time((first(resource.get("meta")) or {}).get("lastUpdated")))


def deletions(bundle: Json, practice: str, kept: Collection[str] = ()) -> Iterator[Withdrawn]:
    """The resources that the entries of a Bundle delete: a history, or the ``deleted`` files of a bulk export.

    Those ``kept`` (``Composition/k1``) were made again since.
    """
    for element in items(bundle.get("entry")):
        asked = first(element.get("request")) or {}
        named = target_of({"reference": text(asked.get("url"))}) if text(asked.get("method")) == "DELETE" else None
        if named is not None and "/".join(named) not in kept:
            response = first(element.get("response")) or {}
            ids = (Identifier(resource_system(practice, named[0]), named[1]),)
            yield Withdrawn(ids=ids, time=_time(response.get("lastModified")))


def _replaced(one: Json, practice: str) -> Iterator[Identifier]:
    """What a DocumentReference says to replace; a Composition is read with its header."""
    target = first(one.get("target"))
    if text(one.get("code")) != "replaces" or target is None:
        return
    named = target_of(target)
    if named is not None:
        yield Identifier(resource_system(practice, named[0]), named[1])
    yield from identifiers(target.get("identifier"))


def _is_served(resource: Json, bundle: Json | None) -> bool:
    meta = first(resource.get("meta")) or {}
    is_document = text((bundle or {}).get("type")) == "document"
    return not is_document and bool(text(meta.get("versionId")) or text(meta.get("lastUpdated")))


def _identity(resource: Json, practice: str) -> tuple[Identifier, ...]:
    found = proper_id(resource)
    return (Identifier(resource_system(practice, kind_of(resource)), found),) if found else ()


def _time(value: Any) -> PartialDate | None:
    said = text(value)
    iso = iso_of(said) if said is not None else None
    return PartialDate(said, iso, Spot("meta")) if said is not None and iso is not None else None
