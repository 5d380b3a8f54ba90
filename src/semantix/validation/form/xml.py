"""The form of an XML file that can be read: its encoding, and the damage of its characters.

The bytes are searched once for the signs of damage; the tree is walked only when there is one, to tell where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from msgspec import Struct

from semantix.parsers.cda.context import path_of
from semantix.text.decoding import repair_line
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.form import words_xml as rules
from semantix.validation.form._places import line_of

_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_DECLARATION = re.compile(rb"""\s*<\?xml\s[^>]*?\?>""")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z][\w.-]{0,39})["']""")
_STYLE = re.compile(rb"""<\?xml-stylesheet\s[^>]*?href\s*=\s*["']\s*(?:https?:)?//""")
_HEAD = 100_000
_HELD_TO_UTF8 = (b"urn:hl7-org:v3", b"http://hl7.org/fhir")

_CONTROL = re.compile("[\x80-\x9f]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_DOUBLED = re.compile("[ÃÂâÅ√├┬][^\x00-\x7f]|Ã ")
_ESCAPED = re.compile(
    r"&(?:[A-Za-z]{1,2}(?:acute|grave|circ|uml|tilde|cedil|lig|ring)|nbsp|#[0-9]{2,5}|#x[0-9A-Fa-f]{2,4});"
)
_PARTED = re.compile(r"(?<![\w/.?&=-])[A-Za-zà-ÿ]+\?[a-zà-ÿ]{2,}(?![\w/.?&=-])")
_RAW_SIGNS = tuple(
    re.compile(pattern)
    for pattern in (
        rb"\xc2[\x80-\x9f]",
        rb"\xef\xbf\xbd",
        rb"\xee",
        rb"\xef[\x80-\xa3]",
        rb"\xc3(?:[\x82\x83\x85\xa2][\xc2-\xf4]|\x83 )",
        rb"\xe2(?:\x88\x9a|\x94\x9c|\x94\xac)[\xc2-\xf4]",
        rb"&amp;(?:[A-Za-z]{1,2}(?:acute|grave|circ|uml|tilde|cedil|lig|ring)|nbsp|#[0-9x])",
        rb"&#(?:1[2-5][0-9]|x[89][0-9A-Fa-f]|x[EeFf][0-9A-Fa-f]{3}|5[7-9][0-9]{3}|6[0-5][0-9]{3});",
        rb"\?(?<=[a-z\x80-\xff]\?)[a-z\xc3]{2}",
    )
)
"""The same signs in the bytes of UTF-8, each behind a byte that is looked for fast."""
_IN_BASE64 = re.compile(rb"""representation=["']B64["'][^<>]*>""")
_LONG = 10_000
_LONGEST = 200_000
"""A text longer than this is an object in base64, not words."""


class Seen(Struct):
    """How often one kind of damage is met, and where first."""

    count: int = 0
    path: str = ""
    line: int | None = None


def xml_form(data: bytes, root: etree._Element) -> Iterator[Finding]:
    """What is wrong with the form of an XML file that was parsed; one finding a kind, at its first place."""
    body = data.removeprefix(_BOM)
    declaration = _DECLARATION.match(body)
    named = _ENCODING.search(declaration[0]) if declaration else None
    encoding = named[1].decode("ascii") if named else ""
    yield from _encoding(data, encoding, is_declared=declaration is not None)
    if _STYLE.search(data, 0, _HEAD):
        yield finding(rules.REMOTE_STYLE, line=1, layer="form")
    raw = _without_files(_as_utf8(data, encoding))
    if any(sign.search(raw) for sign in _RAW_SIGNS):
        for rule, seen in damage(root).items():
            yield finding(_BY_CODE[rule], seen.path, seen.line, layer="form", count=str(seen.count))


def _encoding(data: bytes, encoding: str, *, is_declared: bool) -> Iterator[Finding]:
    is_utf8 = encoding.lower() in ("", "utf-8", "utf8")
    if data.startswith(_WIDE):
        if any(
            mark.decode().encode("utf-16-le") in data or mark.decode().encode("utf-16-be") in data
            for mark in _HELD_TO_UTF8
        ):
            yield finding(rules.NOT_UTF8, line=1, layer="form", encoding="UTF-16")
        return
    if not is_declared:
        yield finding(rules.NO_DECLARATION, line=1, layer="form")
    elif data.startswith(_BOM) and not is_utf8:
        yield finding(rules.BOM_DIFFERS, line=1, layer="form", encoding=encoding)
    elif not is_utf8 and any(mark in data for mark in _HELD_TO_UTF8):
        yield finding(rules.NOT_UTF8, line=1, layer="form", encoding=encoding)


def _as_utf8(data: bytes, encoding: str) -> bytes:
    """The bytes of the file, in UTF-8 if it is in another encoding."""
    if data.startswith(_WIDE):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    if data.startswith(_BOM) or encoding.lower() in ("", "utf-8", "utf8"):
        return data
    try:
        return data.decode(encoding, "replace").encode("utf-8", "replace")
    except LookupError:
        return data


def _without_files(raw: bytes) -> bytes:
    """The bytes without the long texts in base64 that hold none of what a sign begins with: they are most of a file."""
    kept, at = [], 0
    found = _IN_BASE64.search(raw)
    while found is not None:
        start = found.end()
        end = raw.find(b"<", start)
        text = raw[start:end] if end - start >= _LONG else b""
        if text and text.isascii() and b"&" not in text and b"?" not in text:
            kept.append(raw[at:start])
            at = end
        found = _IN_BASE64.search(raw, max(start, end))
    return b"".join((*kept, raw[at:])) if kept else raw


def damage(root: etree._Element) -> dict[str, Seen]:
    """The kinds of damage of the texts and attributes of a tree, by the code of the rule."""
    found: dict[str, Seen] = {}
    paths: dict[etree._Element, str] = {}
    for element in root.iter(etree.Element):
        for text in (element.text, element.tail, *element.attrib.values()):
            if text and len(text) < _LONGEST:
                for code in _kinds(str(text)):
                    seen = found.setdefault(code, Seen())
                    seen.count += 1
                    if seen.count == 1:
                        seen.path, seen.line = path_of(element, paths), line_of(element)
    return {code: found[code] for code in sorted(found)}


def _kinds(text: str) -> Iterator[str]:
    """The codes of the rules that a text breaks."""
    if not text.isascii():
        if "\ufffd" in text:
            yield rules.REPLACED.code
        if _CONTROL.search(text):
            yield rules.CONTROL.code
        elif _DOUBLED.search(text) and "double" in repair_line(text.replace("\n", " "), field=True)[1]:
            yield rules.DOUBLE.code
        if _PRIVATE.search(text):
            yield rules.PRIVATE.code
    if "&" in text and _ESCAPED.search(text):
        yield rules.ENTITIES.code
    if "?" in text and any("?lossy" in repair_line(word)[1] for word in _PARTED.findall(text)):
        yield rules.LOST_LETTER.code


_BY_CODE: dict[str, RuleInfo] = {rule.code: rule for rule in rules.RULES}
