"""The narrative of a section to XHTML inside the subset that FHIR allows.

Source: CDA R2 narrative block (NarrativeBlock.xsd); FHIR R4, Narrative, constraints txt-1 and txt-2.
"""

from __future__ import annotations

from typing import cast
from xml.sax.saxutils import quoteattr

from lxml import etree

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
_ATTRIBUTES = frozenset(
    {"rowspan", "colspan", "align", "valign", "width", "border", "cellspacing", "cellpadding"}
    | {"summary", "rules", "frame", "span", "title", "class"}
)
_TABLE_ONLY = frozenset({"border", "cellspacing", "cellpadding", "summary", "rules", "frame"})
_STYLES = {"bold": "font-weight:bold", "italics": "font-style:italic", "underline": "text-decoration:underline"}
_SKIPPED = frozenset({"script", "style", "iframe", "object", "meta", "head", "link", "img"})
_BLOCKS = frozenset({"table", "list", "paragraph", "div", "ul", "ol", "p", "pre"})
_EMPTY = frozenset({"br", "col"})
_PLAIN = {name: tag for name, tag in _TAGS.items() if tag not in _EMPTY | {"p", "caption"}}
"""Elements that become the same HTML element wherever they stand."""


def narrative(text: Element | None) -> str | None:
    """``<div xmlns=…>`` of a section's ``text``; ``None`` when it shows nothing."""
    if text is None:
        return None
    out: list[str] = []
    _inner(text, out)
    if not _shows_something(text):
        return None
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(out)}</div>'


def _shows_something(text: Element) -> bool:
    if etree.tostring(text, encoding="unicode", method="text", with_tail=False).strip():
        return True
    return any(NAMES[e.tag] == "renderMultiMedia" for e in text.iter())


def _inner(element: Element, out: list[str]) -> None:
    """Write the content of an element: this is the hot loop, most of a document's elements pass here."""
    text = element.text
    if text:
        out.append(escape(text) if "&" in text or "<" in text or ">" in text else text)
    for child in element:
        name = NAMES[child.tag]
        tag = _PLAIN.get(name)
        if tag is None:
            _special(child, name, out)
        else:
            attributes = _attributes(child, tag) if child.attrib else ""
            out.append(f"<{tag}{attributes}>")
            _inner(child, out)
            out.append(f"</{tag}>")
        tail = child.tail
        if tail:
            out.append(escape(tail) if "&" in tail or "<" in tail or ">" in tail else tail)


def escape(text: str) -> str:
    """Text of an element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(value: str) -> str:
    """An attribute value between quotes."""
    return f'"{value}"' if value.isalnum() else quoteattr(value)


def _special(element: Element, name: str, out: list[str]) -> None:
    """Elements whose HTML depends on what they hold or where they stand."""
    if name in _SKIPPED:
        return
    if name == "renderMultiMedia":
        out.append(f"<span>[{escape(element.get('referencedObject') or 'image')}]</span>")
        _inner(element, out)
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
    out = ""
    for key, value in cast("list[tuple[str, str]]", element.items()):
        if key in {"ID", "id"}:
            out += f" id={quoted(value)}"
        elif key == "styleCode":
            styles = ";".join(_STYLES[word] for word in value.lower().split() if word in _STYLES)
            if styles:
                out += f' style="{styles}"'
        elif key == "href" and tag == "a" and _is_safe(value):
            out += f" href={quoted(value)}"
        elif key in _ATTRIBUTES and (key not in _TABLE_ONLY or tag == "table"):
            out += f" {key}={quoted(value)}"
    return out


def _is_safe(href: str) -> bool:
    return href.startswith(("http://", "https://", "mailto:")) and " " not in href
