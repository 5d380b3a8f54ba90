"""What a CDA document becomes for :mod:`multiply`: bytes that stay, and places where each copy differs.

Each source document is read once, with the byte offsets of expat, so that a copy is one join of bytes. What differs:
identifiers of the document, of its set and of its entries, everything that identifies the patient, every date, the
document replaced, and, in the copies that are to have them, local codes in place of those of LOINC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from xml.parsers import expat

LOINC = "2.16.840.1.113883.6.1"
INS = ("1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9", "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11")
INS_TEST = "1.2.250.1.213.1.4.10"
PATIENT = "recordTarget/patientRole"
RELATED = "relatedDocument"
NUMBERED = ("componentOf/encompassingEncounter/id", "inFulfillmentOf/order/id", "documentationOf/serviceEvent/id")
DATED = frozenset({"effectiveTime", "time", "low", "high", "center", "value"})
_UUID = re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\Z")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{2,6}(?:\.\d+)?(?:[+-]\d{4})?)?\Z")

Key = str | int
"""What stands in a place: a word for a value of the copy, a number for a day (positive) or an entry (negative)."""


@dataclass(frozen=True)
class Template:
    """A source document: ``parts`` with gaps at ``slots``; ``days`` and ``entries`` are its own keys."""

    name: str
    parts: tuple[bytes, ...]
    slots: tuple[tuple[int, Key], ...]
    days: tuple[int, ...]
    entries: tuple[int, ...]
    day: int

    def write(self, values: Mapping[Key, bytes]) -> bytes:
        """A copy: ``values`` has every word, day and entry that the document asks for."""
        parts = list(self.parts)
        for at, key in self.slots:
            parts[at] = values[key]
        return b"".join(parts)


@dataclass
class _Reading:
    """A document while it is read: where it differs, as (start, end, before, key, after)."""

    data: bytes
    parser: expat.XMLParserType
    stack: list[str] = field(default_factory=list)
    cuts: list[tuple[int, int, bytes, Key, bytes]] = field(default_factory=list)
    uuids: dict[str, int] = field(default_factory=dict)
    words: dict[bytes, Key] = field(default_factory=dict)
    text_from: tuple[str, int] | None = None
    related_from: int = -1
    related_at: int = -1
    has_related: bool = False
    document_day: int = 0

    def path(self) -> str:
        """The element that is open, from below ClinicalDocument, wherever this one is."""
        inside = [i for i, name in enumerate(self.stack) if name == "ClinicalDocument"]
        return "/".join(self.stack[inside[-1] + 1 :]) if inside else "-/" + "/".join(self.stack)

    def tag(self) -> tuple[int, int]:
        """Offsets of the start tag that is read; a ``>`` within an attribute does not occur in the corpus."""
        start = self.parser.CurrentByteIndex
        return start, self.data.index(b">", start) + 1

    def attribute(self, name: str, value: str, key: Key, length: int | None = None) -> None:
        """Let the value of an attribute differ, or its first characters."""
        start, end = self.tag()
        found = re.compile(rb"\s" + name.encode() + rb"\s*=\s*[\"']\s*").search(self.data, start, end)
        raw = value.encode()
        if found is None or not self.data.startswith(raw, found.end()):
            return
        size = len(raw) if length is None else length
        self.cuts.append((found.end(), found.end() + size, b"", key, b""))

    def whole(self, before: bytes, key: Key, after: bytes) -> None:
        """Let a start tag differ: ``before`` and ``after`` are what is around the value in its attributes."""
        start, end = self.tag()
        name = self.data[start:end].split(None, 1)[0].rstrip(b"/>")
        close = b'"/>' if self.data[end - 2 : end - 1] == b"/" else b'">'
        self.cuts.append((start, end, name + b" " + before, key, after + close))

    def open(self, name: str, attributes: dict[str, str]) -> None:
        """A start tag."""
        self.stack.append(name.rsplit(":", 1)[-1])
        path = self.path()
        if path == RELATED and not self.has_related:
            self.related_from, self.has_related = self.tag()[0], True
        if self.related_from >= 0:
            return
        if path in ("componentOf", "component") and self.related_at < 0:
            self.related_at = self.tag()[0]
        if not self._header(path, attributes):
            self._entry(path, attributes)

    def _header(self, path: str, attributes: dict[str, str]) -> bool:
        if path in ("id", "setId"):
            self.whole(b'root="2.25.', "document" if path == "id" else "set", b"")
        elif path == "versionNumber":
            self.whole(b'value="', "version", b"")
        elif path in NUMBERED and "root" in attributes:
            self.whole(b'root="' + attributes["root"].encode() + b'" extension="', "number", b"")
        elif path == f"{PATIENT}/patient/birthTime":
            self.attribute("value", attributes.get("value", ""), "birth")
        elif path == f"{PATIENT}/patient/administrativeGenderCode":
            self.whole(b'codeSystem="2.16.840.1.113883.5.1" code="', "sex", b"")
        elif path == f"{PATIENT}/id" and "extension" in attributes:
            self._patient(attributes)
        elif path.startswith(PATIENT):
            self._person(path, attributes)
        else:
            return False
        return True

    def _patient(self, attributes: dict[str, str]) -> None:
        is_ins = attributes.get("root") in INS
        key = "ins" if is_ins else "local"
        root = INS_TEST if is_ins else attributes.get("root", "")
        self.words[attributes["extension"].encode()] = key
        self.whole(b'root="' + root.encode() + b'" extension="', key, b"")

    def _person(self, path: str, attributes: dict[str, str]) -> None:
        name = self.stack[-1]
        kin = "guardian-" if "guardian" in path else ""
        if name == "telecom":
            kind = "mail" if "@" in attributes.get("value", "") else "phone"
            self.whole(b'value="', kind, b"")
        elif name in ("family", "given", "streetName", "streetAddressLine"):
            self.text_from = (kin + name.replace("AddressLine", "Name"), self.tag()[1])

    def _entry(self, path: str, attributes: dict[str, str]) -> None:
        name, root = self.stack[-1], attributes.get("root", "")
        if name == "id" and _UUID.match(root):
            number = self.uuids.setdefault(root.upper(), -1 - len(self.uuids))
            self.attribute("root", root, number, 8)
        value = attributes.get("value", "")
        if name in DATED and "unit" not in attributes and _DATE.match(value):
            try:
                day = date(int(value[:4]), int(value[4:6]), int(value[6:8])).toordinal()
            except ValueError:
                return
            if path == "effectiveTime":
                self.document_day = day
            self.attribute("value", value, day, 8)
        if path.endswith("/observation/code") and attributes.get("codeSystem") == LOINC and "displayName" in attributes:
            self.attribute("codeSystem", LOINC, "system")
            # A letter before the official code makes it a local one.
            self.attribute("code", attributes.get("code", ""), "letter", 0)

    def close(self, name: str) -> None:
        """An end tag."""
        if self.text_from is not None:
            key, start = self.text_from
            end = self.parser.CurrentByteIndex
            if start <= end and b"<" not in self.data[start:end] and self.data[start:end].strip():
                if key == "family":
                    self.words[self.data[start:end].strip()] = "family"
                self.cuts.append((start, end, b"", key, b""))
            self.text_from = None
        if self.related_from >= 0 and self.path() == RELATED:
            self.cuts.append((self.related_from, self._after(), b"", "related", b""))
            self.related_from = -1
        self.stack.pop()

    def _after(self) -> int:
        return self.data.index(b">", self.parser.CurrentByteIndex) + 1

    def places(self) -> Iterator[tuple[int, int, bytes, Key, bytes]]:
        """Where the document differs, in order; numbers and names of the patient elsewhere than in the header too."""
        if not self.has_related and self.related_at >= 0:
            self.cuts.append((self.related_at, self.related_at, b"", "related", b""))
        taken = frozenset(self.cuts)
        for word, key in self.words.items():
            if len(word) >= 8:
                for found in re.finditer(re.escape(word), self.data):
                    self.cuts.append((found.start(), found.end(), b"", key, b""))
        last = 0
        for cut in sorted(self.cuts, key=lambda cut: (cut[0], cut not in taken)):
            if cut[0] >= last:
                yield cut
                last = cut[1]


def prepare(path: Path) -> Template | None:
    """Read a source document; nothing when it is no XML, or no CDA document with a patient."""
    data = path.read_bytes()
    reading = _Reading(data, expat.ParserCreate())
    reading.parser.StartElementHandler = reading.open
    reading.parser.EndElementHandler = reading.close
    try:
        reading.parser.Parse(data, True)
    except expat.ExpatError:
        return None
    cuts = list(reading.places())
    keys = {cut[3] for cut in cuts}
    if not {"document", "ins", "birth"} <= keys:
        return None
    parts: list[bytes] = []
    slots: list[tuple[int, Key]] = []
    last = 0
    for start, end, before, key, after in cuts:
        parts += [data[last:start] + before, b"", after]
        slots.append((len(parts) - 2, key))
        last = end
    parts.append(data[last:])
    numbers = sorted(key for key in keys if isinstance(key, int))
    days = tuple(key for key in numbers if key > 0)
    entries = tuple(key for key in numbers if key < 0)
    return Template(path.name, tuple(parts), tuple(slots), days, entries, reading.document_day)
