"""What importers of XML share: a parser for hostile files, and a look at the root without parsing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from semantix.terminology.releases._importer import Refused
from semantix.terminology.releases._tabular import base
from semantix.terminology.source import Source

_PROLOG = re.compile(r"\s*(<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(\[.*?\])?\s*>)", re.DOTALL)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)([^>]*)")


def root_name(head: bytes) -> tuple[str, str]:
    """Return the local name of the root element and its attributes as written, or nothing; never raises."""
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    at = 0
    while found := _PROLOG.match(text, at):
        at = found.end()
    root = _ROOT.match(text, at)
    return (root[1], root[2]) if root else ("", "")


def parse(source: Source, name: str) -> etree._Element:
    """Parse one member whole, whatever encoding it declares. Raises Refused where it is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(source.read(name), parser)
    except etree.XMLSyntaxError as error:
        raise Refused(_broken(name, error)) from None
    return root


def elements(source: Source, name: str, tag: str) -> Iterator[etree._Element]:
    """Give the elements of that tag one after the other, each forgotten after use, of a file of any size."""
    with source.open(name) as file:
        try:
            for _, element in etree.iterparse(
                file, events=("end",), tag=tag, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
            ):
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise Refused(_broken(name, error)) from None


def _broken(name: str, error: etree.XMLSyntaxError) -> str:
    return f"{base(name)}: not well-formed XML at line {error.lineno}; download the file again"


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text(element: etree._Element | None) -> str:
    """Return all the text below an element, blanks folded."""
    if element is None:
        return ""
    return " ".join(etree.tostring(element, method="text", encoding="unicode", with_tail=False).split())
