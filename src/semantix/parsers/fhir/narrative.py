"""The narrative of a section, kept inside the XHTML that FHIR allows."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from semantix.errors import UnreadableInput
from semantix.parsers._xml import LocalNames, parse_xml
from semantix.parsers.fhir.shapes import first, text

_TAGS = frozenset(
    "a abbr b big blockquote br caption code col colgroup dd div dl dt em h1 h2 h3 h4 h5 h6 hr i li ol p pre q samp "
    "small span strong sub sup table tbody td tfoot th thead tr tt ul var".split()
)
_EMPTY = frozenset({"br", "hr", "col"})
_DROPPED = frozenset({"script", "style", "iframe", "object", "embed", "form", "link", "meta", "head"})
_ATTRIBUTES = frozenset("class colspan rowspan align valign width border cellpadding cellspacing title span".split())
_DIV = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'
_NAMES = LocalNames()
LONGEST = 2_000_000


def narrative(element: Any) -> str | None:
    """The ``div`` of a Narrative without anything that acts; words alone when it is no XHTML."""
    said = text((first(element) or {}).get("div"))
    if said is None or len(said) > LONGEST:
        return None
    try:
        root = parse_xml(said.replace("&nbsp;", "&#160;").encode(), "narrative")
    except UnreadableInput:
        return _DIV.format(escape(said))
    out: list[str] = []
    _inner(root, out)
    return _DIV.format("".join(out)) if etree.tostring(root, encoding="unicode", method="text").strip() else None


def _inner(element: etree._Element, out: list[str]) -> None:
    if element.text:
        out.append(escape(element.text))
    for child in element:
        name = _NAMES[str(child.tag)]
        if name in _TAGS:
            held = "".join(
                f" {k!s}={quoteattr(str(v))}" for k, v in child.items() if k in _ATTRIBUTES or _is_link(k, v)
            )
            out.append(f"<{name}{held}/>" if name in _EMPTY else f"<{name}{held}>")
            if name not in _EMPTY:
                _inner(child, out)
                out.append(f"</{name}>")
        elif name not in _DROPPED:
            _inner(child, out)
        if child.tail:
            out.append(escape(child.tail))


def _is_link(name: Any, value: Any) -> bool:
    return name == "href" and str(value).startswith(("http://", "https://", "mailto:")) and " " not in str(value)
