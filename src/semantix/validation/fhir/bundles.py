"""Bundles: what makes a document of one, the addresses of its entries, and whether references lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from semantix.parsers.fhir.library import target_of
from semantix.parsers.fhir.shapes import Json, first, items, kind_of, text
from semantix.validation._findings import Finding
from semantix.validation.fhir import words_structure as rules
from semantix.validation.fhir._dates import moment
from semantix.validation.fhir._telling import told
from semantix.validation.fhir._walk import Held, elements, indexed

_ABSOLUTE = re.compile(r"(?:urn:(?:uuid|oid):|https?://|[a-z][a-z0-9+.-]{1,20}://)\S+")
_NEEDS_URL = frozenset({"document", "message", "collection", "searchset", "history"})
_NEEDS_REQUEST = frozenset({"transaction", "batch", "history"})
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,60}")


class Shelf(Struct, frozen=True):
    """What references may lead to in one Bundle: the addresses of its entries, and its resources by type and id."""

    urls: frozenset[str]
    ids: frozenset[tuple[str, str]]
    is_document: bool


def shelf_of(bundle: Json) -> Shelf:
    """What the entries of a Bundle can be referred to as."""
    entries = items(bundle.get("entry"))
    urls = frozenset(url for entry in entries if (url := text(entry.get("fullUrl"))))
    resources = [inner for entry in entries if (inner := first(entry.get("resource"))) is not None]
    ids = {(kind_of(one), text(one.get("id")) or "") for one in resources}
    ids |= {found for url in urls if (found := target_of({"reference": url})) is not None}
    return Shelf(urls, frozenset(ids), text(bundle.get("type")) == "document")


def bundle_rules(held: Held) -> Iterator[Finding]:
    """What a Bundle itself must be."""
    bundle, place = held.resource, held.place
    kind = text(bundle.get("type")) or ""
    entries = list(indexed(bundle, "entry", place))
    if kind == "document":
        yield from _document(bundle, place, entries)
    yield from _addresses(kind, place, entries)
    for where, entry in entries:
        yield from _entry(where, entry)


def _document(bundle: Json, place: str, entries: Sequence[tuple[str, Json]]) -> Iterator[Finding]:
    opening = first(entries[0][1].get("resource")) if entries else None
    kind = kind_of(opening) if opening is not None else ""
    if kind != "Composition":
        where = entries[0][0] if entries else place
        yield told(rules.NO_COMPOSITION, where, type=kind if _TYPE.fullmatch(kind) else "?")
    identifier = first(bundle.get("identifier")) or {}
    for element in ("system", "value"):
        if not text(identifier.get(element)):
            yield told(rules.NO_IDENTIFIER, place, element=element)
    if not moment(bundle.get("timestamp")):
        yield told(rules.NO_TIMESTAMP, place)


def _addresses(kind: str, place: str, entries: Sequence[tuple[str, Json]]) -> Iterator[Finding]:
    urls = Counter(text(entry.get("fullUrl")) or "" for _, entry in entries if first(entry.get("resource")))
    missing = urls.pop("", 0)
    if missing and kind in _NEEDS_URL:
        yield told(rules.NO_FULL_URL, place, count=str(missing), type=kind)
    if kind != "history":
        for count in sorted(count for count in urls.values() if count > 1):
            yield told(rules.SAME_URL, place, count=str(count))
    without = sum(1 for _, entry in entries if first(entry.get("request")) is None)
    if without and kind in _NEEDS_REQUEST:
        yield told(rules.NO_REQUEST, place, count=str(without), type=kind)


def _entry(where: str, entry: Json) -> Iterator[Finding]:
    url, resource = text(entry.get("fullUrl")), first(entry.get("resource"))
    if not url:
        return
    if not _ABSOLUTE.fullmatch(url) or "/_history/" in url:
        yield told(rules.BAD_URL, f"{where}.fullUrl")
    elif resource is not None and url.startswith("http"):
        kind, found = kind_of(resource), text(resource.get("id"))
        # A server may answer under a version; an id that is not there is not another one.
        if found and not url.endswith(f"/{kind}/{found}") and target_of({"reference": url}) is not None:
            shown = kind if _TYPE.fullmatch(kind) else "?"
            yield told(rules.OTHER_ID, f"{where}.fullUrl", type=shown)


def references(held: Held, shelf: Shelf | None) -> Iterator[Finding]:
    """References of a resource that lead to nothing: inside it, or in its Bundle."""
    contained = _contained(held)
    used: set[str] = set()
    for one in held.parts:
        said = one.value.get("reference")
        if type(said) is not str:
            continue
        element = one.name
        if said.startswith("#"):
            used.add(said[1:])
            if said[1:] and said[1:] not in contained:
                yield told(rules.NOT_CONTAINED, one.place, element=element)
        elif shelf is not None and _is_lost(said, shelf):
            yield told(rules.DANGLING, one.place, element=element)
    if held.holder is None:
        yield from _of_contained(held, used)


def _contained(held: Held) -> frozenset[str]:
    """The ids that ``#…`` may mean: of the resources contained in the outermost one, and of itself."""
    outer = held.resource if held.holder is None else held.holder
    return frozenset(text(one.get("id")) or "" for one in items(outer.get("contained")))


def _of_contained(held: Held, used: set[str]) -> Iterator[Finding]:
    inner = list(indexed(held.resource, "contained", held.place))
    for where, one in inner:
        inside = list(elements(one, where))
        used.update(str(e.value["reference"])[1:] for e in inside if str(e.value.get("reference", "")).startswith("#"))
        if "contained" in one:
            yield told(rules.NESTED, f"{where}.contained")
    # A canonical or a uri may name a contained resource too.
    words = frozenset(_strings(held.resource))
    for where, one in inner:
        name, kind = text(one.get("id")) or "", kind_of(one)
        refers_back = any(str(e.value.get("reference")) == "#" for e in elements(one, where))
        if name not in used and f"#{name}" not in words and not refers_back:
            yield told(rules.UNUSED, where, type=kind if _TYPE.fullmatch(kind) else "?")


def _strings(value: object) -> Iterator[str]:
    stack = [value]
    while stack:
        one = stack.pop()
        if type(one) is str:
            yield one
        elif type(one) is dict:
            stack += one.values()
        elif type(one) is list:
            stack += one


def _is_lost(said: str, shelf: Shelf) -> bool:
    if said.startswith(("urn:uuid:", "urn:oid:")):
        return said.partition("#")[0] not in shelf.urls
    if not shelf.is_document or said.startswith("http"):
        return False
    named = target_of({"reference": said})
    return named is not None and named not in shelf.ids
