"""The resources at hand, and what a reference leads to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from semantix.parsers.fhir.shapes import Json, first, items, kind_of, text

_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}")
_RELATIVE = re.compile(r"(?:.*/)?([A-Z][A-Za-z]{1,60})/([A-Za-z0-9.\-]{1,64})")
_CONDITIONAL = re.compile(r"([A-Z][A-Za-z]{1,60})\?identifier=([^|&]{0,400})\|([^&]{1,200})")

Elsewhere = Callable[[str, str], "Json | None"]
"""Looks a resource up by type and id in the other files of a set."""


def proper_id(resource: Json) -> str | None:
    """The id of a resource, if FHIR allows it."""
    found = text(resource.get("id"))
    return found if found and _ID.fullmatch(found) else None


def path_of(resource: Json, where: str) -> str:
    """What a resource is called in reports: its type and id, else its type and where it stands."""
    kind = kind_of(resource) or "resource"
    found = proper_id(resource)
    return f"{kind}/{found}" if found else f"{kind}/{where}"


def target_of(reference: Any) -> tuple[str, str] | None:
    """The type and id that a reference names, if it does."""
    said = _string(reference)
    found = _RELATIVE.fullmatch(said.partition("/_history/")[0]) if said and len(said) < 2000 else None
    return (found[1], found[2]) if found else None


def _string(reference: Any) -> str:
    holder = first(reference)
    return text(holder.get("reference") if holder is not None else reference) or ""


class Library:
    """Resources by full URL, by type and id, and by identifier."""

    def __init__(self, elsewhere: Elsewhere | None = None) -> None:
        self._by_key: dict[str, Json] = {}
        self._by_identifier: dict[tuple[str, str, str], list[Json]] = {}
        self._unlisted: list[Json] = []
        self._elsewhere = elsewhere

    def add(self, resource: Json, full_url: str | None = None) -> None:
        """Put a resource on its shelf; the first of a key stays."""
        kind, found = kind_of(resource), proper_id(resource)
        if full_url:
            self._by_key.setdefault(full_url, resource)
        if found:
            self._by_key.setdefault(f"{kind}/{found}", resource)
            self._by_key.setdefault(f"urn:uuid:{found}", resource)
        self._unlisted.append(resource)

    def is_elsewhere(self, resource: Json) -> bool:
        """True of a resource that comes from another file of the set, where it is read for itself."""
        named = proper_id(resource)
        return self._elsewhere is not None and bool(named) and f"{kind_of(resource)}/{named}" not in self._by_key

    def find(self, reference: Any, holder: Json | None = None) -> Json | None:
        """What a reference leads to: contained in its holder, in this file, or in the other files of the set."""
        said = _string(reference)
        if said.startswith("#") and holder is not None:
            return next((one for one in items(holder.get("contained")) if text(one.get("id")) == said[1:]), None)
        if said:
            return self._at(said)
        inner = first((first(reference) or {}).get("identifier"))
        if inner is None:
            return None
        kind = text((first(reference) or {}).get("type")) or ""
        return self._identified(kind, text(inner.get("system")) or "", text(inner.get("value")) or "")

    def _at(self, said: str) -> Json | None:
        found = self._by_key.get(said)
        if found is not None:
            return found
        named = target_of(said)
        if named is not None:
            held = self._by_key.get("/".join(named))
            if held is None and self._elsewhere is not None:
                held = self._elsewhere(*named)
            return held
        asked = _CONDITIONAL.fullmatch(said[:1000])
        return self._identified(*asked.groups()) if asked else None

    def _identified(self, kind: str, system: str, value: str) -> Json | None:
        """The one resource with an identifier; several with the same are none."""
        for one in self._unlisted:
            for inner in items(one.get("identifier")):
                key = (kind_of(one), text(inner.get("system")) or "", text(inner.get("value")) or "")
                self._by_identifier.setdefault(key, []).append(one)
        self._unlisted.clear()
        found = self._by_identifier.get((kind, system, value), [])
        return found[0] if len(found) == 1 and value else None


SUBJECTS = ("subject", "patient", "beneficiary", "individual", "for")
"""Where a resource says whom it is about."""


def subject_of(resource: Json) -> Json | None:
    """The reference to whom a resource is about."""
    return next((found for name in SUBJECTS if (found := first(resource.get(name))) is not None), None)


def references_in(value: Any) -> Iterable[Json]:
    """Every reference inside a resource."""
    stack = [value]
    while stack:
        one = stack.pop()
        if type(one) is list:
            stack += one
        elif type(one) is dict:
            if type(one.get("reference")) is str:
                yield one
            stack += [x for x in one.values() if type(x) in (dict, list)]
