"""One entry element while it is read: its children, its path, its kind; and what is common to every statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree
from msgspec import Struct

from semantix.model import ExternalReference, Link, Note, Party, Relative, TimeSpan
from semantix.parsers.cda.context import NAMES, Context, Element, Kids, first, kids
from semantix.parsers.cda.datatypes import concept, identifiers, referenced, type_of, words
from semantix.parsers.cda.parties import is_specimen, party, relative, specimens
from semantix.parsers.cda.templates import kind_of
from semantix.parsers.cda.times import is_timing, timespan

PARTY_TAGS = ("performer", "author", "informant")
EXTERNALS = ("externalDocument", "externalAct", "externalObservation", "externalProcedure")
_SILENT = frozenset({"templateId", "id", "code", "statusCode"})
_QUALITY = frozenset({"value", "text", "effectiveTime"})
_CONSUMED = {
    "comment": frozenset({"text", "author", "effectiveTime"}),
    "severity": _QUALITY,
    "patient-status": _QUALITY,
    "clinical-status": _QUALITY,
    "verification": _QUALITY,
    "criticality": _QUALITY,
    "dose-number": frozenset({"value"}),
    "substitution": frozenset[str](),
    "patient-instruction": frozenset({"text"}),
    "pharmacist-instruction": frozenset({"text"}),
    "supply-order": frozenset({"independentInd", "quantity", "repeatNumber", "effectiveTime"}),
    "dosage-step": frozenset(
        {
            "effectiveTime",
            "text",
            "routeCode",
            "approachSiteCode",
            "doseQuantity",
            "rateQuantity",
            "maxDoseQuantity",
            "precondition",
        }
    ),
}
"""What becomes of each small act that can be folded: the children that its field of the outer statement holds."""
_REPEATABLE = frozenset({"comment", "dosage-step", "patient-instruction", "pharmacist-instruction"})
_CODED = frozenset({"CD", "CE", "CV", "CO", "CS", "ST"})
_VALUE_TYPES = {"dose-number": frozenset({"INT"}), "comment": frozenset[str]()}
_SAYS_SOMETHING = etree.XPath("boolean(descendant-or-self::*[@code or @value] or normalize-space())")
_CODE_IS_CONTENT = frozenset({"substitution"})
"""Acts whose code is what they say; the code of the others is implied by the field that they fill."""


class Around(Struct, frozen=True):
    """What stands around an act: the LOINC code of its section, the kind of its statement, and whom it is about."""

    section: str | None = None
    parent: str | None = None
    subject: Relative | None = None


class Node(Struct):
    """``subject`` is the act's own, else the one around it; ``None`` is the patient."""

    element: Element
    name: str
    found: Kids
    path: str
    templates: tuple[str, ...]
    kind: str
    around: Around
    subject: Relative | None = None
    spans: tuple[TimeSpan, ...] | None = None

    def inside(self) -> Around:
        """What stands around the acts inside this one."""
        return Around(self.around.section, self.kind, self.subject)


def node(ctx: Context, element: Element, path: str, around: Around, outer: tuple[str, ...] = ()) -> Node:
    """Look at one act. ``outer`` are templates that its ``entry`` declares for it."""
    found = kids(element)
    templates = tuple([t.get("root", "") for t in found.get("templateId", ())])
    if outer:
        templates += outer
    name = NAMES[element.tag]
    ctx.paths[element] = path
    subject = relative(ctx, found["subject"][0], path) if "subject" in found else None
    return Node(element, name, found, path, templates, kind_of(templates, name), around, subject or around.subject)


class Folded(Struct):
    """Inner statements that become a field of the outer one, by kind."""

    by_kind: dict[str, list[Node]]
    notes: list[Note]
    places: list[Element]


def can_fold(holder: Element, inner: Node, folded: Folded) -> bool:
    """True when the field of the outer statement says all that a small one does: nothing denied, nothing left over."""
    if inner.kind in folded.by_kind and inner.kind not in _REPEATABLE:
        return False
    if "true" in (holder.get("negationInd"), inner.element.get("negationInd")):
        return False
    return _value_fits(inner) and not any(_is_left_over(inner, name) for name in inner.found)


def _is_left_over(inner: Node, name: str) -> bool:
    """True when children of that name say what no field would hold. Narrative that is pointed to is carried whole."""
    if name in _SILENT:
        return False
    needs_value = name == "text" and "value" in _CONSUMED[inner.kind]
    if name in _CONSUMED[inner.kind] and not (needs_value and "value" not in inner.found):
        return False
    says = words if name == "text" else _SAYS_SOMETHING
    return any(says(element) for element in inner.found[name])


def _value_fits(inner: Node) -> bool:
    """True when the value, if any, is one and of a type that the field can hold."""
    values = inner.found.get("value", ())
    types = _VALUE_TYPES.get(inner.kind, _CODED)
    return not values or (len(values) == 1 and type_of(values[0]) in types)


def fold(ctx: Context, inner: Node, folded: Folded) -> None:
    """Take an inner statement into its outer one."""
    folded.places.append(inner.element)
    if inner.kind not in _CODE_IS_CONTENT:
        imply(ctx, first(inner.found, "code"))
    if inner.kind == "comment":
        _note(ctx, inner, folded)
    else:
        folded.by_kind.setdefault(inner.kind, []).append(inner)


def taken(links: tuple[Link, ...], wanted: Callable[[Link], bool]) -> tuple[tuple[Any, ...], tuple[Link, ...]]:
    """Statements that become a field of the outer one, and the links that stay: a denied relation always stays."""
    mine, others = [], []
    for link in links:
        if not link.negated and wanted(link):
            mine.append(link.statement)
        else:
            others.append(link)
    return tuple(mine), tuple(others)


def imply(ctx: Context, element: Element | None) -> None:
    """Say that the model itself holds the meaning of an element's codes."""
    if element is None:
        return
    for coded in element.iter():
        if coded.get("code"):
            ctx.implied.append(coded)
            ctx.seen.append(coded)


def _note(ctx: Context, inner: Node, folded: Folded) -> None:
    text = referenced(ctx, first(inner.found, "text"))
    if text is None:
        return
    author_element = first(inner.found, "author")
    author = party(ctx, author_element, f"{inner.path}/author[1]") if author_element is not None else None
    moment = timespan(ctx, first(inner.found, "effectiveTime"))
    when = moment.first if moment else (author.time.first if author and author.time else None)
    folded.notes.append(Note(text, inner.element, author, when))


def common(ctx: Context, this: Node, links: tuple[Link, ...], folded: Folded) -> dict[str, Any]:
    """Keyword arguments that every Statement class takes."""
    element, found, path = this.element, this.found, this.path
    times = intervals_of(ctx, this)
    out: dict[str, Any] = {
        "at": element,
        "path": path,
        "kind": this.kind,
        "mood": element.get("moodCode") or "EVN",
        "templates": this.templates,
        "ids": identifiers(found),
        "code": concept(ctx, first(found, "code")),
        "negated": element.get("negationInd") == "true",
        "null": element.get("nullFlavor"),
        "status": _status(found),
        "time": times[0] if times else None,
        "text": referenced(ctx, first(found, "text")),
        "links": links,
        "notes": tuple(folded.notes),
        "absorbed": tuple(folded.places),
    }
    if "priorityCode" in found:
        out["priority"] = concept(ctx, found["priorityCode"][0])
    if this.subject is not None:
        out["subject"] = this.subject
    if "reference" in found:
        out["references"] = references(ctx, found)
    if "specimen" in found or "participant" in found:
        out["specimens"] = specimens(ctx, found, path)
    out["parties"] = all_parties(ctx, found, path)
    return out


def _status(found: Kids) -> str | None:
    status = found.get("statusCode")
    return status[0].get("code") if status else None


def intervals_of(ctx: Context, this: Node) -> tuple[TimeSpan, ...]:
    """Each effectiveTime that is a point or an interval, those that say a date first; read once."""
    if this.spans is None:
        this.spans = _intervals(ctx, this.found.get("effectiveTime", []))
    return this.spans


def _intervals(ctx: Context, some: list[Element]) -> tuple[TimeSpan, ...]:
    spans = [s for e in some if not is_timing(e) and (s := timespan(ctx, e)) is not None]
    if len(spans) > 1:
        spans.sort(key=lambda s: s.first is None)
    return tuple(spans)


def all_parties(ctx: Context, found: Kids, path: str) -> tuple[Party, ...]:
    """Performers, authors, informants, then participants other than produced specimens."""
    out = []
    for tag in PARTY_TAGS:
        if tag in found:
            out += [party(ctx, e, f"{path}/{tag}[{i}]") for i, e in enumerate(found[tag], 1)]
    if "participant" in found:
        for i, e in enumerate(found["participant"], 1):
            if not is_specimen(e):
                out.append(party(ctx, e, f"{path}/participant[{i}]"))
    return tuple(out)


def references(ctx: Context, found: Kids) -> tuple[ExternalReference, ...]:
    """``reference/external*``."""
    out = []
    for element in found["reference"]:
        inner = kids(element)
        target = next((inner[tag][0] for tag in EXTERNALS if tag in inner), None)
        if target is None:
            continue
        fields = kids(target)
        text = first(fields, "text")
        pointer = first(kids(text), "reference") if text is not None else None
        out.append(
            ExternalReference(
                target,
                element.get("typeCode"),
                identifiers(fields),
                pointer.get("value") if pointer is not None else None,
                concept(ctx, first(fields, "code")),
            )
        )
    return tuple(out)
