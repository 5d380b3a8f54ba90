"""What every builder shares while one document is emitted: the ledger, the ids, the references, the output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from semantix import systems
from semantix.emitters.fhir._urls import BASE, IDENTIFIER_ROOT, RFC3986
from semantix.ledger import Ledger
from semantix.model import Document, Identifier, Link, MappedCodings, Relative, Statement, TimeSpan

Json = dict[str, Any]

_REGISTERS = systems.INS_OIDS | {systems.INS_C, systems.PS_ID_NAT, systems.STRUCT_ID_NAT}
_URI_ESCAPES = {ord(c): f"%{ord(c):02X}" for c in '[]{}<>^`|\\" %#'}


class FhirOptions(Struct, frozen=True, kw_only=True):
    """How resources point to each other: ``urn:uuid:<id>`` (for a document Bundle) instead of ``Type/<id>``."""

    urn_references: bool = False


def uuid_of(*parts: str) -> str:
    """A UUID (version 8, RFC 9562) that depends on nothing but ``parts``."""
    h = blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
    return f"{h[:8]}-{h[8:12]}-8{h[13:16]}-a{h[17:20]}-{h[20:]}"


class Context:
    """The state of one emission. ``resources`` is the output in order, the Composition excepted."""

    __slots__ = (
        "_builders",
        "_key",
        "_prefix",
        "_uris",
        "by_id",
        "by_identifier",
        "carried",
        "devices",
        "document",
        "encounter",
        "language",
        "ledger",
        "mapped",
        "options",
        "panel_time",
        "patient",
        "pending",
        "relative",
        "resources",
        "section_code",
        "seen",
        "specimens",
        "trusts_units",
        "ucum",
        "uses",
    )

    def __init__(
        self,
        document: Document,
        options: FhirOptions,
        builders: Mapping[type[Statement], Callable[..., Json | None]],
        mapped: MappedCodings | None = None,
    ) -> None:
        self._builders = builders
        self.document = document
        self.options = options
        self.mapped = mapped
        self.ledger = Ledger()
        self.carried = self.ledger.carried
        self.resources: list[Json] = []
        self.by_id: dict[str, Json] = {}
        self.by_identifier: dict[tuple[str | None, str | None], Json] = {}
        self.specimens: dict[tuple[str, str], Json] = {}
        self.seen: set[tuple[Any, ...]] = set()
        self.pending: list[tuple[Json, Link]] = []
        self.devices: dict[tuple[str, str], list[Json]] = {}
        self.uses: list[tuple[Json, tuple[Identifier, ...]]] = []
        self.ucum: dict[str, bool] = {}
        self.trusts_units = not document.has_own_units
        self.language = document.language or "fr-FR"
        self.patient: Json = {}
        self.encounter: Json | None = None
        self.section_code: str | None = None
        self.panel_time: TimeSpan | None = None
        self.relative: Relative | None = None
        self._key = document.key
        self._prefix = _source_prefix(document)
        self._uris: dict[str, str] = {}

    def build(self, statement: Statement) -> Json | None:
        """The resource of a statement, in the output together with those of the statements inside it."""
        return self._builders[type(statement)](self, statement)

    def uri(self, system: str) -> str:
        """The URI of a code system or identifier system written as an OID."""
        found = self._uris.get(system)
        if found is None:
            found = self._uris[system] = systems.uri(system)
        return found

    def new(self, kind: str, path: str) -> Json:
        """A resource of this document, whose id depends on the document and the place alone; already in the output."""
        resource = {
            "resourceType": kind,
            "id": uuid_of(self._key, kind, path),
            "meta": {"source": self._prefix + _fragment(path)},
            "language": self.language,
        }
        self.resources.append(resource)
        return resource

    def open(self, kind: str, statement: Statement) -> Json:
        """The resource of a statement: the statement and what it absorbed are carried, its identifiers written."""
        resource = self.new(kind, statement.path)
        self.take(statement, resource)
        if statement.ids:
            written = [i for i in map(self.identifier, statement.ids) if i]
            if written:
                resource["identifier"] = written
        return resource

    def take(self, statement: Statement, resource: Json | None) -> None:
        """Count a statement, and what it absorbed, as carried; pointers to it lead to the resource that says it."""
        self.carried.add(statement.at)
        if statement.absorbed:
            self.carried.update(statement.absorbed)
        if resource is not None:
            for one in statement.ids:
                if one.root:
                    self.by_identifier.setdefault((one.root, one.extension), resource)

    def to(self, resource: Json) -> Json:
        """A Reference to a resource."""
        return {"reference": self.link(resource["resourceType"], resource["id"])}

    def link(self, kind: str, identity: str) -> str:
        """The reference string of the resource ``kind`` with this id."""
        return f"urn:uuid:{identity}" if self.options.urn_references else f"{kind}/{identity}"

    def identifier(self, identifier: Identifier) -> Json | None:
        """An Identifier as it is (see :func:`written_identifier`)."""
        return written_identifier(identifier, self.uri)


def _fragment(path: str) -> str:
    """A path as the fragment of a URI: XPaths have brackets, those of lines and rows have spaces and numbers."""
    path = path.replace("[", "%5B").replace("]", "%5D")
    return path.replace(" ", "%20").replace("#", "%23") if " " in path or "#" in path else path


def written_identifier(identifier: Identifier, uri: Callable[[str], str] = systems.uri) -> Json | None:
    """An Identifier as it is: root as system, extension as value; a lone root is a URI under RFC 3986."""
    root = identifier.root
    if not root:
        return {"value": identifier.extension} if identifier.extension else None
    if root in _REGISTERS and not identifier.extension:
        return None
    system = uri(root)
    out: Json
    if identifier.extension:
        out = {"system": system, "value": identifier.extension}
    else:
        out = {"system": RFC3986, "value": system}
    if ":" not in system:
        # Neither an OID, nor a UUID, nor a URI: a typing error of the source, kept where no URI is asked for.
        out.pop("system")
        if identifier.extension:
            out["extension"] = [{"url": IDENTIFIER_ROOT, "valueString": root}]
    if identifier.assigner:
        out["assigner"] = {"display": identifier.assigner}
    return out


def first_key(ids: tuple[Identifier, ...]) -> tuple[str, str] | None:
    """The identifier that says who somebody is, as (root, extension); ``None`` when there is none."""
    for one in ids:
        if one.root and not one.null and not is_bare(one):
            return one.root, one.extension or ""
    return None


def is_bare(one: Identifier) -> bool:
    """True for an authority without the number it should have given: it is the same of everybody it numbers."""
    return not one.extension and (one.extension is not None or one.root in _REGISTERS)


def _source_prefix(document: Document) -> str:
    """The base of ``meta.source``: a URL, because a validator looks for what a ``urn:`` names inside the Bundle."""
    first = document.ids[0] if document.ids else None
    if first is None or not first.root:
        return f"{BASE}/document/{document.source.sha256}#"
    extension = f"/{first.extension}".translate(_URI_ESCAPES) if first.extension else ""
    return f"{BASE}/document/{first.root.translate(_URI_ESCAPES)}{extension}#"
