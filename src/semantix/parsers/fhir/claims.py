"""What shows that a file is FHIR: a resource type at the top of its JSON, or HL7's namespace in its XML."""

from __future__ import annotations

import re

import msgspec

from semantix.parsers._claims import EVERY_ROLE, HEAD, Claim

JSON, XML, BULK = "fhir", "fhir-xml", "fhir-bulk"
MIXED = "mixed"
VERSION = "R4"
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]')
_TYPE = re.compile(rb'"resourceType"\s*:\s*"([A-Z][A-Za-z]{1,60})"')
_LINE_TYPE = re.compile(rb'\s*\{.{0,200}?"resourceType"\s*:\s*"([A-Z][A-Za-z]{1,60})"', re.DOTALL)
_ROOT = re.compile(rb"<(?:[A-Za-z][\w.-]{0,40}:)?([A-Z][A-Za-z]{1,60})[\s>][^>]{0,4000}")
_NAMESPACE = re.compile(rb"""=\s*["']http://hl7\.org/fhir["']""")
_BOM = b"\xef\xbb\xbf"
_SUFFIXES = (".ndjson", ".jsonl", ".ndjson.txt")


class _Typed(msgspec.Struct):
    """The type of a line, read without reading the rest of it."""

    resourceType: str  # noqa: N815 - FHIR's own name
    id: str | None = None


TYPED = msgspec.json.Decoder(_Typed)


def root_type(head: bytes) -> str | None:
    """The ``resourceType`` of the outermost object (of the first one of a list)."""
    if b'"resourceType"' not in head:
        return None
    depth = lists = 0
    for token in _TOKEN.finditer(head):
        mark = token[0]
        if mark == b"{":
            depth += 1
        elif mark == b"}":
            depth -= 1
        elif mark in (b"[", b"]") and depth == 0:
            lists += 1
        elif mark == b'"resourceType"' and depth == 1:
            found = _TYPE.match(head, token.start())
            if found is not None:
                return found[1].decode()
        if depth <= 0 and mark == b"}":
            return None
    return None


def claim_json(head: bytes, name: str) -> Claim | None:
    """A Bundle or a resource in JSON."""
    data = head.removeprefix(_BOM).lstrip()
    if data[:1] not in (b"{", b"[") or claim_bulk(head, name) is not None:
        return None
    kind = root_type(data)
    if kind is None:
        return None
    return Claim(JSON, VERSION, 0.95, f'a JSON object with "resourceType": "{kind}"', role=kind)


def claim_xml(head: bytes, name: str) -> Claim | None:
    """A Bundle or a resource in XML."""
    if b"http://hl7.org/fhir" not in head:
        return None
    found = _ROOT.search(head)
    if found is None or not _NAMESPACE.search(found[0]):
        return None
    kind = found[1].decode()
    return Claim(XML, VERSION, 0.95, f"an XML element {kind} in http://hl7.org/fhir", role=kind)


def claim_bulk(head: bytes, name: str) -> Claim | None:
    """One resource a line. A file with one line only is one when its name says so."""
    data = head.removeprefix(_BOM).lstrip()
    if data[:1] != b"{":
        return None
    lines = [line for line in data.split(b"\n") if line.strip()]
    named = name.lower().endswith(_SUFFIXES)
    complete = lines if len(head) < HEAD or data.endswith(b"\n") else lines[:-1]
    kinds = [kind for kind in map(_type_of, complete) if kind]
    if not kinds:
        # The first line is longer than what was looked at, or is damaged: its name and its beginning decide.
        found = _LINE_TYPE.match(lines[0]) if named and lines else None
        kinds = [found[1].decode()] if found is not None else []
    if not kinds or not (named or (len(lines) > 1 and _type_of(lines[0]) and lines[1].lstrip()[:1] == b"{")):
        return None
    every = sorted(set(kinds))
    kind = every[0] if len(every) == 1 else MIXED
    why = f"one FHIR resource a line ({', '.join(every[:5])})"
    return Claim(BULK, VERSION, 0.95, why, pack=BULK, role=_role(kind, name), looks_up=(EVERY_ROLE,), is_looked_up=True)


def _type_of(line: bytes) -> str:
    try:
        return TYPED.decode(line).resourceType
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return ""


def _role(kind: str, name: str) -> str:
    """The type, and what numbers the files of one type apart (``Observation.001``)."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit("!", 1)[-1]
    digits = re.findall(r"\d{1,12}", stem.rsplit(".", 1)[0])
    return ".".join([kind, *digits])
