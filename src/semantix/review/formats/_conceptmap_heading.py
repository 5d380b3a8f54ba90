"""What is said of a map as a whole: the metadata of an Exchange as the elements of a ConceptMap, and back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct, structs

from semantix.review.formats._conceptmap_extensions import Unreadable, extensions, ours, value_of
from semantix.review.formats._conceptmap_native import ATTRIBUTES, CONDITIONS, PRODUCTS
from semantix.review.formats._conceptmap_shape import Attribute, ConceptMap, Narrative
from semantix.review.formats._conceptmap_terms import is_text, is_uri, system_key

NAME = "SemantixReview"
"""The computer name of a map that has none; dropped when it is read."""

VERSION_OF = "system_version:"
"""How the metadata of the version of a code system begins; the system follows."""

ACTIVE = "active"
_STATUSES = frozenset({"draft", ACTIVE, "retired", "unknown"})
_DATE = re.compile(
    r"[1-9]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])"
    r"(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d))?)?)?"
)
_NAME = re.compile(r"[A-Z][A-Za-z0-9_]{1,253}")
_VERSION = re.compile(r"[\w.+-]{1,100}", re.ASCII)


class Heading(Struct, frozen=True, kw_only=True):
    """What a map says of itself. What is empty here is taken from the metadata of the exchange."""

    url: str = ""
    version: str = ""
    name: str = ""
    title: str = ""
    status: str = ""
    date: str = ""
    publisher: str = ""
    description: str = ""
    license: str = ""


def _is_canonical(text: str) -> bool:
    address, bar, version = text.partition("|")
    return is_uri(address) and (not bar or _VERSION.fullmatch(version) is not None)


_ELEMENTS: Mapping[str, tuple[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "id": ("url", is_uri),
        "version": ("version", is_text),
        "name": ("name", lambda text: text != NAME and _NAME.fullmatch(text) is not None),
        "title": ("title", is_text),
        "status": ("status", lambda text: text != ACTIVE and text in _STATUSES),
        "date": ("date", lambda text: _DATE.fullmatch(text) is not None),
        "publisher": ("publisher", is_text),
        "description": ("description", is_text),
        "license": ("copyright", is_text),
    }
)
"""The element that carries a metadatum, and whether FHIR takes it there."""

_SCOPES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "source_scope": ("source_canonical", "source_scope_canonical"),
        "target_scope": ("target_canonical", "target_scope_canonical"),
    }
)


def metadata(meta: Mapping[str, str], heading: Heading) -> dict[str, str]:
    """The metadata of an exchange with those of a heading over them."""
    given = structs.asdict(heading)
    given["id"] = given.pop("url")
    return {**meta, **{name: text for name, text in given.items() if text}}


def head(meta: Mapping[str, str], release: str, counts: tuple[int, int]) -> ConceptMap:
    """The resource without its groups. ``counts`` are the sources, and those that are settled."""
    said: dict[str, str] = {}
    for name, (element, fits) in _ELEMENTS.items():
        text = meta.get(name, "")
        if text and fits(text):
            said[element] = text
    for name, elements in _SCOPES.items():
        if _is_canonical(meta.get(name, "")):
            said[elements[release == "R5"]] = meta[name]
    identity = hashlib.sha256((said.get("url") or said.get("title") or NAME).encode()).hexdigest()[:16]
    sources, settled = counts
    words = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>Sources: {sources}, settled: {settled}.</p></div>'
    empty = ConceptMap(
        resource_type="ConceptMap",
        id=f"semantix-{identity}",
        text=Narrative(status="generated", div=words),
        name=NAME,
        status=ACTIVE,
        additional_attribute=_attributes() if release == "R5" else (),
    )
    return structs.replace(empty, **said)


def _attributes() -> tuple[Attribute, ...]:
    texts = [(code, "string", f"The {name} of the source") for name, code in CONDITIONS.items()]
    codes = [(code, "Coding", f"The {part} that the source says") for code, part in PRODUCTS.items()]
    return tuple(
        Attribute(code=code, uri=ATTRIBUTES + code, description=words, type=kind) for code, kind, words in texts + codes
    )


def unsaid(meta: Mapping[str, str], plain: Mapping[str, str]) -> dict[str, str]:
    """The metadata that FHIR's own elements do not say."""
    return {name: text for name, text in meta.items() if plain.get(name) != text}


def with_unsaid(resource: ConceptMap, meta: Mapping[str, str]) -> ConceptMap:
    """A resource with the metadata that it does not say yet, as extensions."""
    more = unsaid(meta, metadata_of(resource))
    return structs.replace(resource, extension=resource.extension + extensions("meta", more)) if more else resource


def metadata_of(resource: ConceptMap) -> dict[str, str]:
    """The metadata of a resource."""
    meta = {name: getattr(resource, element) for name, (element, _) in _ELEMENTS.items()}
    meta["name"] = "" if resource.name == NAME else resource.name
    meta["status"] = "" if resource.status == ACTIVE else resource.status
    meta["id"] = resource.url or ("" if resource.id.startswith("semantix-") else resource.id)
    meta["source_scope"] = _scope(resource, "source")
    meta["target_scope"] = _scope(resource, "target")
    meta = {name: text for name, text in (meta | _versions(resource)).items() if text}
    try:
        return meta | dict(value_of(ours(resource.extension).get("meta", ()), Mapping[str, str]))
    except Unreadable:
        return meta


def _scope(resource: ConceptMap, side: str) -> str:
    names = (f"{side}_canonical", f"{side}_uri", f"{side}_scope_canonical", f"{side}_scope_uri")
    return next((text for text in (getattr(resource, name) for name in names) if text), "")


def _versions(resource: ConceptMap) -> dict[str, str]:
    """The versions of the code systems, of those that have one and the same in all groups."""
    found: dict[str, set[str]] = {}
    for group in resource.group:
        for system, version in ((group.source, group.source_version), (group.target, group.target_version)):
            uri, _, inside = system.partition("|")
            if uri:
                found.setdefault(system_key(uri), set()).add(version or inside)
    return {VERSION_OF + key: next(iter(versions)) for key, versions in found.items() if len(versions) == 1}


def version_of(meta: Mapping[str, str], system: str) -> str:
    """The version of a code system that the metadata give, where it can be written."""
    version = meta.get(VERSION_OF + system, "")
    return version if _VERSION.fullmatch(version) else ""
