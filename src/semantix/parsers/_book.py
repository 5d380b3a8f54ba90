"""The bookkeeping of a reader whose source is no XML: places, coded elements and statements, counted as they are met.

A place is a :class:`Spot`: a path in words of the format (``line 12/RES/2``, ``OBX[3]/5``), unique in the document.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from semantix.identifiers import LOCAL_PATIENTS
from semantix.model import (
    Coding,
    Concept,
    Document,
    Issue,
    Origin,
    PartialDate,
    Place,
    Quantity,
    Range,
    Severity,
    Source,
    Text,
    TimeSpan,
)

LOCAL = "urn:semantix:local:"
TIME_ZONE = "Europe/Paris"


_ZONE = re.compile(r"(?:Z|[+-][0-9]{2}:[0-9]{2})\Z")


class Spot(Struct, frozen=True):
    """A place of a source that is no XML; ``system`` and ``code`` are those of a coded element."""

    path: str
    system: str | None = None
    code: str | None = None


def locate(place: Place) -> Origin:
    """Give the origin of a spot."""
    assert isinstance(place, Spot)
    return Origin(place.path, place.system, place.code)


def system_at(place: Place) -> str | None:
    """The code system of a spot."""
    assert isinstance(place, Spot)
    return place.system


def local_system(sender: str) -> str:
    """The system of the local codes of a sender."""
    return LOCAL + _slug(sender)


def patient_system(*issuers: str) -> str:
    """The root of patient numbers that mean something only for their issuers (the practice, the laboratory)."""
    return LOCAL_PATIENTS + ":".join(_slug(issuer) for issuer in issuers)


def in_france(iso: str) -> str:
    """A time of the clock in France, with the offset that it had then."""
    told = datetime.fromisoformat(iso)
    delta = told.replace(tzinfo=ZoneInfo(TIME_ZONE)).utcoffset() or timedelta()
    minutes = int(delta.total_seconds() // 60)
    return f"{iso}{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _slug(text: str) -> str:
    """Letters and digits of a name, the rest percent-free: the same name always gives the same word."""
    return "-".join("".join(c if c.isalnum() else " " for c in text.casefold()).split()) or "unknown"


class Book:
    """Makes the values of one document, counts what is coded and what is a statement, and closes into a Document."""

    def __init__(self, first_line: int = 0) -> None:
        """Begin a document; with ``first_line``, ``line 41/…`` of the file becomes ``record line 1/…``.

        Places then depend on the record alone: what is sent again elsewhere in a file gets the same identities. Doubts
        keep the lines of the file.
        """
        self._lines: dict[str, str] = {}
        self._before = first_line - 1 if first_line else None
        self.coded: list[Spot] = []
        self.header_coded: set[Spot] = set()
        self.statements: list[Spot] = []
        self.implied: set[Spot] = set()
        self.derivations: set[Spot] = set()
        self.issues: list[Issue] = []
        self._paths: dict[str, int] = {}

    # --- places ---------------------------------------------------------------------------------------------------

    def path(self, path: str) -> str:
        """The path itself, or with ``#2`` and so on when it was given before."""
        if self._before is not None and path[:5] == "line ":
            line, slash, rest = path.partition("/")
            known = self._lines.get(line)
            if known is None:
                known = self._lines[line] = f"record line {int(line[5:]) - self._before}"
            path = known + slash + rest
        seen = self._paths[path] = self._paths.get(path, 0) + 1
        return path if seen == 1 else f"{path}#{seen}"

    def spot(self, path: str) -> Spot:
        """A place that holds no code."""
        return Spot(self.path(path))

    def statement(self, path: str) -> Spot:
        """The place of a statement, which the account then expects in the output."""
        spot = Spot(self.path(path))
        self.statements.append(spot)
        return spot

    # --- values ---------------------------------------------------------------------------------------------------

    def coding(  # noqa: PLR0913 - one for each part of a coding
        self,
        path: str,
        code: str,
        system: str | None,
        display: str | None = None,
        *,
        in_body: bool = True,
        implied: bool = False,
        version: str | None = None,
    ) -> Coding:
        """A code that the source holds. ``implied``: the model itself says the same (a sex, a status)."""
        spot = Spot(self.path(path), system, code)
        self.coded.append(spot)
        if not in_body:
            self.header_coded.add(spot)
        if implied:
            self.implied.add(spot)
        return Coding(code, system, display, spot, version)

    def concept(self, path: str, *codings: Coding, text: str | None = None) -> Concept:
        """A concept of these codings, the main one first, and the words of the author."""
        return Concept(codings, self.spot(path), text)

    def derived(self, path: str, code: str, system: str, display: str | None = None) -> Coding:
        """A code that the format means without writing it (an OBX of a sex): it is not counted among the source's."""
        spot = self.spot(path)
        self.derivations.add(spot)
        return Coding(code, system, display, spot)

    def quantity(
        self,
        path: str,
        value: Decimal | None,
        unit: str | None,
        *,
        comparator: str | None = None,
        text: str | None = None,
    ) -> Quantity:
        """A number with its unit as written; ``text`` is the field when the number does not say all of it."""
        return Quantity(value, unit, self.spot(path), comparator, None, text)

    def range(self, path: str, low: Quantity | None, high: Quantity | None) -> Range:
        """Two bounds, either of which may be open."""
        return Range(low, high, self.spot(path))

    def text(self, path: str, value: str) -> Text:
        """Words."""
        return Text(value, self.spot(path))

    def date(self, path: str, iso: str, text: str, *, zone_assumed: bool = False) -> PartialDate:
        """A date at the precision of its source; a time without a zone is one of France."""
        if "T" in iso and _ZONE.search(iso) is None:
            iso, zone_assumed = in_france(iso), True
        return PartialDate(text, iso, self.spot(path), zone_assumed)

    def at(self, path: str, when: PartialDate | None) -> TimeSpan | None:
        """The point in time of a date."""
        return TimeSpan(self.spot(path), when) if when is not None else None

    def between(self, path: str, low: PartialDate | None, high: PartialDate | None) -> TimeSpan | None:
        """The interval between two dates, either of which may be unknown."""
        return TimeSpan(self.spot(path), low=low, high=high) if low is not None or high is not None else None

    def doubt(self, code: str, path: str, message: str, severity: Severity = Severity.WARNING) -> None:
        """Note a doubt about the data; ``message`` holds no patient value."""
        self.issues.append(Issue(code, severity, path, message))

    # --- the whole ------------------------------------------------------------------------------------------------

    def document(self, source: Source, **fields: Any) -> Document:
        """Close the book."""
        coded = tuple(self.coded)
        return Document(
            source=source,
            at=Spot("/"),
            locate=locate,
            system_at=system_at,
            coded=coded,
            body_coded=frozenset(coded).difference(self.header_coded),
            implied=frozenset(self.implied),
            derived=frozenset(self.derivations),
            statement_places=tuple(self.statements),
            issues=tuple(self.issues),
            **fields,
        )


def digest(parts: Iterable[str | bytes]) -> str:
    """The identity of a content: SHA-256 of its parts, each with its length, in order; 64 hexadecimal digits."""
    found = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(len(data).to_bytes(8, "big"))
        found.update(data)
    return found.hexdigest()


def source_of(data: bytes, name: str, media_type: str) -> Source:
    """The bytes of one document of a file: their own size and digest, so that the same record sent twice is seen."""
    return Source(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest(), media_type=media_type)
