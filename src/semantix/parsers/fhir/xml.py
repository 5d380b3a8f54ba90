"""FHIR XML as the JSON that it means, without FHIR's tables: what repeats is a list, what has a value is a text.

Readers take a single element where JSON has a list of one, and numbers between quotes (see ``shapes``).
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from semantix.parsers._xml import LocalNames, parse_xml
from semantix.parsers.fhir.shapes import Json

_FHIR = "{http://hl7.org/fhir}"
_DIV = "{http://www.w3.org/1999/xhtml}div"


def parse(data: bytes, name: str) -> Json:
    """The resource of an XML text. Raises UnreadableInput."""
    return _resource(parse_xml(data, name), LocalNames())


def _resource(element: etree._Element, names: LocalNames) -> Json:
    return {"resourceType": names[str(element.tag)], **_object(element, names)}


def _object(element: etree._Element, names: LocalNames) -> Json:
    out: Json = {str(k): str(v) for k, v in element.items() if k in ("id", "url")}
    for child in element:
        tag = str(child.tag)
        name = names[tag]
        if tag == _DIV:
            out[name] = etree.tostring(child, encoding="unicode", with_tail=False)
        elif len(child) and tag.startswith(_FHIR) and _is_resource(child, names):
            for inner in child:
                _add(out, name, _resource(inner, names))
        else:
            _element(out, name, child, names)
    return out


def _is_resource(element: etree._Element, names: LocalNames) -> bool:
    """``contained`` and ``resource`` hold a resource, whose element begins with a capital."""
    return element.get("value") is None and names[str(element[0].tag)][:1].isupper()


def _element(out: Json, name: str, child: etree._Element, names: LocalNames) -> None:
    value = child.get("value")
    inner = _object(child, names)
    if value is None:
        _add(out, name, inner)
        return
    _add(out, name, value)
    if inner:
        _add(out, f"_{name}", inner)


def _add(out: Json, name: str, value: Any) -> None:
    if name not in out:
        out[name] = value
    elif type(out[name]) is list:
        out[name].append(value)
    else:
        out[name] = [out[name], value]
