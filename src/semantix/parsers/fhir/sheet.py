"""One document being read: where each element stands, and which codes of the source were reached.

Every resource that takes part is *admitted*: a walk over its JSON, which knows nothing of FHIR but what a Coding looks
like, gives each object its path and counts each Coding. What no reader takes afterwards is unread, and is reported.
"""

from __future__ import annotations

from typing import Any

from semantix.model import Coding, Document, PartialDate, Quantity, Severity, Source, Text
from semantix.parsers._book import Book, Spot, in_france
from semantix.parsers.fhir.shapes import Json, text

CLOCK = 19
"""Characters of a time of the clock without a zone."""
_CODING = frozenset({"id", "extension", "system", "version", "code", "display", "userSelected"})
_NAMED = frozenset({"coding", "valueCoding", "class", "tag", "security"})
"""Elements whose content is a Coding even when it names no system."""


def is_coding(value: Json, name: str) -> bool:
    """True for what looks like a Coding: a code, and nothing that a Coding has not."""
    if not text(value.get("code")) or (name not in _NAMED and not text(value.get("system"))):
        return False
    return all(key in _CODING or key[:1] == "_" for key in value)


def bare(system: str | None) -> str | None:
    """A system as the model writes it: an OID without its ``urn:oid:``."""
    return system.removeprefix("urn:oid:") if system else None


class Sheet:
    """The places and codes of the resources of one document."""

    def __init__(self) -> None:
        self.book = Book()
        self._paths: dict[int, str] = {}
        self._codes: dict[int, Spot] = {}
        self._kept: list[Any] = []
        self._bases: dict[str, int] = {}
        self._taken: set[Spot] = set()

    # --- places ---------------------------------------------------------------------------------------------------

    def admit(self, resource: Json, path: str, *, in_body: bool = True) -> None:
        """Give every object of a resource its path, and count its codes. Doing it twice changes nothing."""
        if id(resource) in self._paths:
            return
        book = self.book
        # What is known by its address must stay alive.
        self._kept.append(resource)
        seen = self._bases[path] = self._bases.get(path, 0) + 1
        base = path if seen == 1 else f"{path}#{seen}"
        stack: list[tuple[Any, str, str]] = [(resource, base, "")]
        while stack:
            value, place, name = stack.pop()
            if type(value) is list:
                stack += [(one, f"{place}[{i}]", name) for i, one in enumerate(value) if type(one) in (dict, list)]
                continue
            self._paths[id(value)] = place
            if is_coding(value, name):
                spot = Spot(place, bare(text(value.get("system"))), text(value.get("code")))
                self._codes[id(value)] = spot
                book.coded.append(spot)
                if "/identifier" in place and "/type/" in place:
                    # What kind of number it is: its system says so in the model.
                    book.implied.add(spot)
                if not in_body:
                    book.header_coded.add(spot)
            stack += [(one, f"{place}/{key}", key) for key, one in value.items() if type(one) in (dict, list)]

    def path(self, element: Json) -> str:
        """Where an element stands."""
        return self._paths.get(id(element), "?")

    def spot(self, element: Json, part: str = "") -> Spot:
        """The place of an element, or of a part of it that is no object."""
        path = self.path(element)
        return Spot(f"{path}/{part}" if part else path)

    def statement(self, path: str) -> Spot:
        """The place of a statement, which the account then expects in the output."""
        return self.book.statement(path)

    # --- codes ----------------------------------------------------------------------------------------------------

    def coding(self, element: Json) -> Coding | None:
        """A Coding that a reader takes; ``None`` for one without a code."""
        spot = self._codes.get(id(element))
        if spot is None or spot.code is None:
            return None
        self._taken.add(spot)
        return Coding(
            spot.code, spot.system, text(element.get("display")), spot, text(element.get("version")), None, None
        )

    def imply(self, element: Json | None) -> None:
        """The model itself says what the codes of an element say."""
        for one in (element, *_codings(element)):
            spot = self._codes.get(id(one))
            if spot is not None:
                self.book.implied.add(spot)

    def derived(self, element: Json, part: str, code: str, system: str) -> Coding:
        """A code that a bare element means (``gender``, ``criticality``)."""
        return self.book.derived(f"{self.path(element)}/{part}", code, system)

    # --- small values ---------------------------------------------------------------------------------------------

    def quantity(self, element: Json, part: str, value: Any, unit: str) -> Quantity:
        """A number that stands alone, with the unit that its element means."""
        return Quantity(value, unit, self.spot(element, part))

    def words(self, element: Json, part: str, said: str) -> Text:
        """Words of an element."""
        return Text(said, self.spot(element, part))

    def doubt(self, code: str, element: Json, message: str, severity: Severity = Severity.WARNING) -> None:
        """Note a doubt about an element, once."""
        path = self.path(element)
        if not any(one.code == code and one.path == path for one in self.book.issues):
            self.book.doubt(code, path, message, severity)

    def date(self, element: Json, part: str, iso: str, said: str) -> PartialDate:
        """A date of an element; a time without a zone is one of France, so that what is written again is FHIR."""
        if len(iso) == CLOCK:
            return PartialDate(said, in_france(iso), self.spot(element, part), zone_assumed=True)
        return PartialDate(said, iso, self.spot(element, part))

    # --- the whole ------------------------------------------------------------------------------------------------

    def document(self, source: Source, **fields: Any) -> Document:
        """Close the sheet."""
        unread = frozenset(self.book.coded).difference(self._taken, self.book.implied)
        return self.book.document(source, unread=unread, **fields)


def _codings(element: Json | None) -> list[Any]:
    inner = element.get("coding") if element is not None else None
    return inner if type(inner) is list else [inner]
