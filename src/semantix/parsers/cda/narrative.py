"""The narrative of a section to XHTML inside the subset that FHIR allows.

Source: CDA R2 narrative block (NarrativeBlock.xsd); FHIR R4, Narrative, constraints txt-1 and txt-2.
"""

from __future__ import annotations

from typing import cast
from xml.sax.saxutils import quoteattr

from semantix.parsers.cda.context import NAMES, Element

_TAGS = {
    "content": "span",
    "paragraph": "p",
    "linkHtml": "a",
    "item": "li",
    "footnote": "span",
    "footnoteRef": "span",
    **{
        tag: tag
        for tag in ("sub", "sup", "br", "span", "div", "p", "a", "ul", "ol", "li", "b", "i", "em", "strong", "pre")
    },
    **{tag: tag for tag in ("table", "thead", "tbody", "tfoot", "tr", "th", "td", "col", "colgroup", "caption")},
    **{tag: tag for tag in ("h1", "h2", "h3", "h4", "h5", "h6")},
}
_ATTRIBUTES = {
    "rowspan": "rowspan",
    "colspan": "colspan",
    "align": "align",
    "valign": "valign",
    "width": "width",
    "border": "border",
    "cellspacing": "cellspacing",
    "cellpadding": "cellpadding",
    "summary": "summary",
    "rules": "rules",
    "frame": "frame",
    "span": "span",
    "title": "title",
    "class": "class",
}
_TABLE_ONLY = frozenset({"border", "cellspacing", "cellpadding", "summary", "rules", "frame"})
_STYLES = {"bold": "font-weight:bold", "italics": "font-style:italic", "underline": "text-decoration:underline"}
_SKIPPED = frozenset({"script", "style", "iframe", "object", "meta", "head", "link", "img"})
_BLOCKS = frozenset({"table", "list", "paragraph", "div", "ul", "ol", "p", "pre"})
_EMPTY = frozenset({"br", "col"})


def narrative(text: Element | None) -> str | None:
    """``<div xmlns=…>`` of a section's ``text``; ``None`` when it shows nothing."""
    if text is None:
        return None
    out: list[str] = []
    _inner(text, out)
    body = "".join(out)
    if not body.strip() or not _shows_something(text):
        return None
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'


def escape(text: str) -> str:
    """Text of an element; most of it has nothing to escape."""
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def _shows_something(text: Element) -> bool:
    return any(chunk and not chunk.isspace() for chunk in text.itertext()) or any(
        NAMES[e.tag] == "renderMultiMedia" for e in text.iter()
    )


def _inner(element: Element, out: list[str]) -> None:
    if element.text:
        out.append(escape(element.text))
    for child in element:
        _element(child, out)
        if child.tail:
            out.append(escape(child.tail))


def _element(element: Element, out: list[str]) -> None:
    name = NAMES[element.tag]
    if name in _SKIPPED:
        return
    if name == "renderMultiMedia":
        out.append(f"<span>[{escape(element.get('referencedObject') or 'image')}]</span>")
        return
    tag = _tag(element, name)
    attributes = _attributes(element, tag)
    if tag in _EMPTY:
        out.append(f"<{tag}{attributes}/>")
        return
    out.append(f"<{tag}{attributes}>")
    _inner(element, out)
    out.append(f"</{tag}>")


def _tag(element: Element, name: str) -> str:
    if name == "list":
        return "ol" if element.get("listType") == "ordered" else "ul"
    if name == "caption" and NAMES[_parent(element).tag] != "table":
        return "li" if NAMES[_parent(element).tag] == "list" else "b"
    tag = _TAGS.get(name, "span")
    if tag == "p" and any(NAMES[e.tag] in _BLOCKS for e in element.iterdescendants()):
        return "div"
    return tag


def _parent(element: Element) -> Element:
    parent = element.getparent()
    assert parent is not None, "a narrative element stands inside a text"
    return parent


def _attributes(element: Element, tag: str) -> str:
    if not element.attrib:
        return ""
    out = []
    for key, value in cast("list[tuple[str, str]]", element.items()):
        if key in {"ID", "id"}:
            out.append(f" id={quoteattr(value)}")
        elif key == "styleCode":
            styles = ";".join(_STYLES[word] for word in value.lower().split() if word in _STYLES)
            if styles:
                out.append(f' style="{styles}"')
        elif key == "href" and tag == "a" and _is_safe(value):
            out.append(f" href={quoteattr(value)}")
        elif key in _ATTRIBUTES and (key not in _TABLE_ONLY or tag == "table"):
            out.append(f" {key}={quoteattr(value)}")
    return "".join(out)


def _is_safe(href: str) -> bool:
    return href.startswith(("http://", "https://", "mailto:")) and " " not in href
