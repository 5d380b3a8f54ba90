"""What the readers of one document share: the sheet, the resources, the statements being built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from semantix.model import Identifier, Link, Note, Statement
from semantix.parsers._book import LOCAL, local_system
from semantix.parsers.fhir import urls as url
from semantix.parsers.fhir.datatypes import concept, flavor_of, identifiers, when
from semantix.parsers.fhir.library import Library, path_of, proper_id, target_of
from semantix.parsers.fhir.shapes import Json, boolean, extension, first, items, kind_of, text
from semantix.parsers.fhir.sheet import Sheet

UNRESOLVED = "SX423"
MAX_NESTED = 20
"""Statements inside each other, at most; what is deeper stands beside."""

Builder = Callable[["Context", Json], "list[Statement]"]
Finisher = Callable[["Context", Statement, Json], Statement]


def resource_system(practice: str, kind: str) -> str:
    """The root of the logical ids of a practice's resources of one type."""
    return f"{local_system(practice).replace(LOCAL, 'urn:semantix:fhir:')}:{kind}"


class Context:
    """The state of one document being read."""

    def __init__(self, library: Library, practice: str, builders: Mapping[str, Builder], finish: Finisher) -> None:
        self.sheet = Sheet()
        self.library = library
        self.practice = practice
        self.builders = builders
        self.finish = finish
        self.patient_ids: tuple[Identifier, ...] = ()
        self.patient: Json | None = None
        self.own: dict[int, str] = {}
        """The resources of this document that may become statements, by address, with where they stand."""
        self.roots: set[int] = set()
        self.built: set[int] = set()
        self.used: set[int] = set()
        """Resources that are no statements, and were reached."""
        self._depth = 0

    # --- resources ------------------------------------------------------------------------------------------------

    def reach(self, reference: Any, holder: Json, *, in_body: bool = True) -> Json | None:
        """The resource that a reference leads to, admitted to this document."""
        found = self.library.find(reference, holder)
        if found is not None:
            where = self.own.get(id(found)) or "1"
            self.sheet.admit(found, path_of(found, where), in_body=in_body)
            self.used.add(id(found))
        return found

    def identity(self, resource: Json) -> tuple[Identifier, ...]:
        """The logical id of a resource, as an identifier: what points to it finds it by that."""
        found = proper_id(resource)
        return (Identifier(resource_system(self.practice, kind_of(resource)), found),) if found else ()

    # --- statements -----------------------------------------------------------------------------------------------

    def common(self, resource: Json, kind: str, status: Mapping[str, str] | None = None, **more: Any) -> dict[str, Any]:
        """The fields that every statement has. ``status`` translates FHIR's word."""
        at = self.sheet.statement(self.sheet.path(resource))
        word = text(resource.get("status"))
        fields: dict[str, Any] = {
            "at": at,
            "path": at.path,
            "kind": kind,
            "ids": (*identifiers(resource.get("identifier")), *self.identity(resource)),
            "status": (status or {}).get(word or ""),
            "notes": self.notes(resource),
            "null": flavor_of(resource.get("_status")),
        }
        denied = extension(resource, url.NEGATED)
        if denied is not None and boolean(denied.get("valueBoolean")):
            fields["negated"] = True
        mood = extension(resource, url.MOOD)
        if mood is not None and (said := text(mood.get("valueCode"))):
            fields["mood"] = said
        fields.update(more)
        return fields

    def code(self, resource: Json) -> Any:
        """The code that semantix's own output keeps beside the main one."""
        own = extension(resource, url.CODE)
        return concept(self.sheet, own.get("valueCodeableConcept")) if own is not None else None

    def notes(self, resource: Json) -> tuple[Note, ...]:
        """The comments of a resource."""
        return tuple(
            Note(said, self.sheet.spot(one), None, when(self.sheet, one, "time"))
            for one in items(resource.get("note"))
            if (said := text(one.get("text")))
        )

    def note(self, element: Json, part: str, said: str) -> Note:
        """A comment made of words that the model has no other place for."""
        return Note(said, self.sheet.spot(element, part))

    def build(self, resource: Json) -> list[Statement]:
        """The statements of a resource, with those inside it."""
        self.built.add(id(resource))
        self._depth += 1
        found = self.builders[kind_of(resource)](self, resource)
        self._depth -= 1
        return [self.finish(self, one, resource) for one in found]

    def links(self, holder: Json, name: str, type_code: str) -> list[Link]:
        """The statements that an element refers to: inside this one when they stand nowhere else, else pointed to."""
        return [link for one in items(holder.get(name)) for link in self.link(one, holder, type_code)]

    def link(self, reference: Json, holder: Json, type_code: str) -> list[Link]:
        """One reference as a link; what is no statement gives none."""
        found = self.library.find(reference, holder)
        if found is not None and id(found) not in self.own and found in items(holder.get("contained")):
            self.own[id(found)] = "1"
            if kind_of(found) in self.builders:
                return [Link(type_code, one) for one in self.build(found)]
        if found is not None and self._is_free(found):
            return [Link(type_code, one) for one in self.build(found)]
        kind = kind_of(found) if found is not None else (target_of(reference) or ("", ""))[0]
        if kind not in self.builders:
            return []
        return [Link(type_code, self.pointer(reference, found))]

    def _is_free(self, resource: Json) -> bool:
        address = id(resource)
        is_mine = address in self.own and kind_of(resource) in self.builders
        return is_mine and address not in self.built and address not in self.roots and self._depth < MAX_NESTED

    def pointer(self, reference: Json, found: Json | None) -> Statement:
        """A pointer to a statement that stands elsewhere."""
        at = self.sheet.statement(self.sheet.path(reference))
        named = target_of(reference)
        ids = self.identity(found) if found is not None else ()
        if not ids and named is not None:
            ids = (Identifier(resource_system(self.practice, named[0]), named[1]),)
        return Statement(
            at=at, path=at.path, kind="internal-reference", ids=ids, text=text(reference.get("display")) or None
        )

    def reasons(self, resource: Json, name: str = "reason", code: str | None = None) -> list[Link]:
        """Why something was done: coded reasons, and statements that are reasons."""
        out = []
        for element in items(resource.get(code or f"{name}Code")):
            why = concept(self.sheet, element)
            if why is not None:
                at = self.sheet.statement(self.sheet.path(element))
                inner = Statement(at=at, path=at.path, kind="internal-reference", code=why)
                out.append(Link("RSON", inner))
        return out + self.links(resource, f"{name}Reference", "RSON")

    def related(self, resource: Json) -> list[Link]:
        """The relations that semantix's own output keeps in an extension."""
        out: list[Link] = []
        for one in items(resource.get("extension")):
            if one.get("url") != url.RELATED:
                continue
            kind, target = extension(one, "type"), extension(one, "target")
            held = first(target.get("valueReference")) if target is not None else None
            code = concept(self.sheet, (extension(one, "code") or {}).get("valueCodeableConcept"))
            type_code = (text(kind.get("valueCode")) if kind is not None else None) or "REFR"
            if held is None or code is not None:
                continue
            flags = [boolean((extension(one, n) or {}).get("valueBoolean")) is True for n in ("inverted", "negated")]
            out += [Link(x.type_code, x.statement, *flags) for x in self.link(held, resource, type_code)]
        return out


def flat(*many: Iterable[Link]) -> tuple[Link, ...]:
    """Links in order."""
    return tuple(one for some in many for one in some)
