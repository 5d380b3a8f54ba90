"""A whole CDA document: the header, the body, and the count of what the source holds."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from semantix.errors import UnreadableInput
from semantix.model import Attachment, Document, Issue, Origin, Place, Relative, Section, Severity, Source
from semantix.parsers._xml import MAX_BYTES, parse_xml
from semantix.parsers.cda import header
from semantix.parsers.cda.context import HL7, NAMES, Context, Element, Kids, every, first, kids, path_of
from semantix.parsers.cda.datatypes import concept, identifier, identifiers, integer, words
from semantix.parsers.cda.index import Index
from semantix.parsers.cda.narrative import narrative
from semantix.parsers.cda.node import Around, node
from semantix.parsers.cda.parties import parties, relative
from semantix.parsers.cda.statements import ACTS, acts_in, read
from semantix.parsers.cda.times import instant
from semantix.parsers.cda.values import attachment

ROOT = f"{HL7}ClinicalDocument"
FORMAT = "CDA R2"
_NO_SYSTEM_NEEDED = frozenset(f"{HL7}{tag}" for tag in ("statusCode", "languageCode", "signatureCode", "realmCode"))
_ACT_TAGS = tuple(f"{HL7}{name}" for name in ACTS)
_TRANSLATION = f"{HL7}translation"


def parse(
    data: bytes, name: str, *, max_bytes: int = MAX_BYTES, zone: str = "Europe/Paris", narratives: bool = True
) -> Document:
    """Read one CDA R2 document. ``zone`` is used for times written without one; ``narratives`` as in read_document.

    Raises UnreadableInput when the bytes are not well-formed XML or hold no ``ClinicalDocument`` of ``urn:hl7-org:v3``.
    """
    root = clinical_document(parse_xml(data, name, max_bytes=max_bytes), name)
    source = Source(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())
    return read_document(root, source, ZoneInfo(zone), narratives=narratives)


def clinical_document(root: Element, name: str) -> Element:
    """The ``ClinicalDocument``: the root, or inside a self-presenting stylesheet."""
    if root.tag == ROOT:
        return root
    inside = list(root.iter(ROOT))
    if len(inside) == 1:
        return inside[0]
    if inside:
        raise UnreadableInput(
            f"{name}: {len(inside)} ClinicalDocuments found, one was expected; send one document a file"
        )
    found = NAMES[root.tag]
    where = root.tag[1:].partition("}")[0] if root.tag.startswith("{") else "no namespace"
    raise UnreadableInput(
        f"{name}: root element {found} ({where}) found, a CDA ClinicalDocument (urn:hl7-org:v3) was expected"
    )


def read_document(
    root: Element, source: Source, zone: ZoneInfo, index: Index | None = None, *, narratives: bool = True
) -> Document:
    """The pure part: an element tree to a Document.

    ``index`` is that of the tree, when it is made already. Without ``narratives`` no section has its own in HTML: for
    those who look at the tree, or who show none.
    """
    index = index or Index(root)
    ctx = Context(index, zone, narratives=narratives)
    found = kids(root)
    path = path_of(root, ctx.paths)
    version = first(found, "versionNumber")
    series = first(found, "setId")
    language, realm = first(found, "languageCode"), first(found, "realmCode")
    body, sections, attachments = _body(ctx, found, path)
    coded = [e for e in index.coded if e is not root and _needs_account(e)]
    body_start = _first_inside(coded, body)
    fields: dict[str, Any] = {
        "code": concept(ctx, first(found, "code")),
        "confidentiality": concept(ctx, first(found, "confidentialityCode")),
        "time": instant(ctx, first(found, "effectiveTime")),
        "patient": header.patient(ctx, found, path),
        "parties": header.header_parties(ctx, found, path),
        "orders": header.orders(ctx, found, path),
        "events": header.events(ctx, found, path),
        "encounter": header.encounter(ctx, found, path),
        "related": header.related(ctx, found),
        "consents": header.consents(ctx, found, path),
        "version": integer(ctx, version),
    }
    return Document(
        source=source,
        format=FORMAT,
        ids=identifiers(found),
        at=root,
        locate=Locator(ctx.paths),
        system_at=system_at,
        coded=tuple(coded),
        body_coded=frozenset(coded[body_start:]),
        implied=frozenset(ctx.implied),
        unread=frozenset(coded).difference(ctx.seen),
        statement_places=tuple(body.iter(*_ACT_TAGS)) if body is not None else (),
        templates=tuple(t.get("root", "") for t in every(found, "templateId")),
        set_id=identifier(series) if series is not None else None,
        title=words(first(found, "title")),
        language=language.get("code") if language is not None else None,
        realm=realm.get("code") if realm is not None else None,
        sections=sections,
        attachments=attachments,
        issues=_issues(ctx),
        **fields,
    )


def system_at(place: Place) -> str | None:
    """The code system of an element, as written."""
    assert isinstance(place, etree._Element)
    return place.get("codeSystem")


class Locator:
    """Tells the XPath of an element, and its code system and code as written, for one document.

    ``known`` are paths known already; those that are told are added.
    """

    __slots__ = ("_known",)

    def __init__(self, known: dict[Element, str]) -> None:
        self._known = known

    def __call__(self, place: Place) -> Origin:
        """Give the origin of a place of this document."""
        assert isinstance(place, etree._Element)
        return Origin(path_of(place, self._known), place.get("codeSystem"), place.get("code"))


def _needs_account(element: Element) -> bool:
    """True for a code, but statusCode and the like without a system, and units of translated quantities."""
    if element.get("codeSystem") is not None:
        return True
    tag = element.tag
    is_unit = tag == _TRANSLATION and element.get("value") is not None
    return not (tag in _NO_SYSTEM_NEEDED or is_unit or not element.get("code"))


def _first_inside(coded: list[Element], body: Element | None) -> int:
    """Index of the first element inside the body, which is the last child of the document in document order."""
    if body is None:
        return len(coded)
    return bisect_left(coded, 1, key=lambda e: int(any(a is body for a in e.iterancestors())))


def _issues(ctx: Context) -> tuple[Issue, ...]:
    if ctx.zones_assumed:
        message = f"{ctx.zones_assumed} times without a zone were read in {ctx.zone.key}"
        ctx.issues.append(Issue("SX001", Severity.INFORMATION, path_of(ctx.root), message))
    return tuple(ctx.issues)


# --- body ---------------------------------------------------------------------------------------------------------


def _body(ctx: Context, found: Kids, path: str) -> tuple[Element | None, tuple[Section, ...], tuple[Attachment, ...]]:
    holder = first(found, "component")
    if holder is None:
        ctx.doubt("SX010", ctx.root, "a body (component) was expected")
        return None, (), ()
    inner = kids(holder)
    structured, raw = first(inner, "structuredBody"), first(inner, "nonXMLBody")
    if structured is not None:
        return structured, _sections(ctx, structured, f"{path}/component[1]/structuredBody[1]"), ()
    if raw is not None:
        content = first(kids(raw), "text")
        embedded = attachment(ctx, content) if content is not None else None
        return raw, (), (embedded,) if embedded else ()
    ctx.doubt("SX010", holder, "a structuredBody or a nonXMLBody was expected")
    return None, (), ()


def _sections(ctx: Context, holder: Element, path: str, subject: Relative | None = None) -> tuple[Section, ...]:
    out = []
    for i, component in enumerate(every(kids(holder), "component"), 1):
        for j, element in enumerate(every(kids(component), "section"), 1):
            out.append(_section(ctx, element, f"{path}/component[{i}]/section[{j}]", subject))
    return tuple(out)


def _section(ctx: Context, element: Element, path: str, inherited: Relative | None) -> Section:
    found = kids(element)
    ctx.paths[element] = path
    code = concept(ctx, first(found, "code"))
    main = code.codings[0].code if code and code.codings else None
    subject = relative(ctx, first(found, "subject"), path) or inherited
    around = Around(main, None, subject)
    statements = []
    for i, entry in enumerate(every(found, "entry"), 1):
        outer = tuple(t.get("root", "") for t in every(kids(entry), "templateId"))
        for act, act_path in acts_in(entry, f"{path}/entry[{i}]"):
            statements += read(ctx, node(ctx, act, act_path, around, outer))
    return Section(
        at=element,
        path=path,
        templates=tuple(t.get("root", "") for t in every(found, "templateId")),
        ids=identifiers(found),
        code=code,
        title=words(first(found, "title")),
        narrative=narrative(first(found, "text")) if ctx.narratives else None,
        null=element.get("nullFlavor"),
        parties=parties(ctx, found, path, ("author", "informant")),
        subject=subject,
        statements=tuple(statements),
        sections=_sections(ctx, element, path, subject) if "component" in found else (),
    )
