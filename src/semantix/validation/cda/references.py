"""References of the entries to the narrative, anchors, images and other documents: does each lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from semantix.validation._cda import V3, Cda, child
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.cda._reading import SECTION, Element, local
from semantix.validation.cda._reference_rules import (
    DANGLING,
    DEAD_LINK,
    ELSEWHERE,
    EMPTY,
    NEARLY,
    NO_HASH,
    NO_MEDIA,
    NOTHING_LEFT,
    OTHER_UNTOLD,
    TWICE,
    UNFINDABLE,
    UNSEEN,
)

RULES: tuple[RuleInfo, ...] = (
    DANGLING,
    NO_HASH,
    NEARLY,
    ELSEWHERE,
    EMPTY,
    NO_MEDIA,
    TWICE,
    DEAD_LINK,
    OTHER_UNTOLD,
    UNFINDABLE,
    UNSEEN,
    NOTHING_LEFT,
)

_WORDS = frozenset({V3 + "text", V3 + "originalText"})
_CODED = frozenset(
    {"code", "value", "methodCode", "targetSiteCode", "approachSiteCode", "routeCode", "interpretationCode",
     "priorityCode", "administrationUnitCode", "languageCode", "translation"}
)  # fmt: skip
_WORDED = frozenset({"OTH", "UNC"})
"""Null flavours that promise words; any other says itself why there is no value."""
_ORIGINAL, _TRANSLATION = V3 + "originalText", V3 + "translation"
_SAID = frozenset({_ORIGINAL, _TRANSLATION})
_ADDRESS = re.compile(r"[:./]")
"""What an address of the world has, and no ID of ours: ``x.pdf``, ``documents/x``, ``https:…``."""


def check(cda: Cda) -> Iterator[Finding]:
    """Follow every reference, link and image of the document."""
    near: dict[str, int] = {}
    for reference in cda.by_name.get("reference", ()):
        yield from _reference(cda, reference, near)
    yield from _media(cda)
    yield from _links(cda)
    for element in cda.repeated:
        yield finding(TWICE, *cda.place(element, "ID"))
    for element in cda.nulls:
        if element.get("nullFlavor") == "OTH" and local(element) in _CODED and not _is_told(element):
            yield finding(OTHER_UNTOLD, *cda.place(element), element=local(element))
    for element in cda.named("externalDocument", "parentDocument"):
        if not _is_findable(element):
            yield finding(UNFINDABLE, *cda.place(element), element=local(element))


def _reference(cda: Cda, reference: Element, near: dict[str, int]) -> Iterator[Finding]:
    holder = reference.getparent()
    written = reference.get("value")
    if holder is None or (written is None and holder.tag not in _WORDS):
        return
    anchor = (written or "").removeprefix("#")
    target = cda.anchors.get(anchor)
    if target is not None:
        yield from _followed(cda, reference, target, is_marked=written != anchor)
    elif not anchor.strip():
        if reference.get("nullFlavor") is None and holder.get("nullFlavor") is None:
            yield finding(EMPTY, *cda.place(reference), element=_holder(reference))
    elif written != anchor or not _ADDRESS.search(anchor):
        rule = DANGLING if _says_more(holder) else NOTHING_LEFT
        if _folded(anchor) in _near(cda, near):
            rule = NEARLY
        yield finding(rule, *cda.place(reference, "value"), element=_holder(reference))


def _says_more(holder: Element) -> bool:
    """Whether something is left of a coded element without the words that it points to: a code, its own or another."""
    coded = holder.getparent()
    if holder.tag != _ORIGINAL or coded is None or local(coded) not in _CODED - {"translation"}:
        return True
    if coded.get("code") or coded.get("displayName") or coded.get("nullFlavor", "OTH") not in _WORDED:
        return True
    return any(child.tag == _TRANSLATION for child in coded)


def _followed(cda: Cda, reference: Element, target: Element, *, is_marked: bool) -> Iterator[Finding]:
    if not is_marked:
        yield finding(NO_HASH, *cda.place(reference, "value"), element=_holder(reference))
    here = next(reference.iterancestors(SECTION), None)
    there = next(target.iterancestors(SECTION), None)
    if here is there or here is None or there is None:
        return
    if here not in there.iterancestors(SECTION) and there not in here.iterancestors(SECTION):
        yield finding(ELSEWHERE, *cda.place(reference, "value"), element=_holder(reference))


def _holder(reference: Element) -> str:
    """Where a reference stands, in two names: ``code/originalText``."""
    names = [local(above) for above in reference.iterancestors()][:2]
    return "/".join(reversed(names))


def _near(cda: Cda, near: dict[str, int]) -> dict[str, int]:
    """The anchors without capitals and blanks, made when a first reference misses."""
    if not near:
        near.update({_folded(anchor): 1 for anchor in cda.anchors})
    return near


def _folded(anchor: str) -> str:
    return "".join(anchor.lower().split())


# --- images and links of the narrative ----------------------------------------------------------------------------


def _media(cda: Cda) -> Iterator[Finding]:
    shown: set[str] = set()
    referenced = frozenset(one.get("value", "").removeprefix("#") for one in cda.by_name.get("reference", ()))
    for render in cda.by_name.get("renderMultiMedia", ()):
        names = render.get("referencedObject", "").split()
        shown.update(names)
        if not names or any(name not in cda.anchors for name in names):
            yield finding(NO_MEDIA, *cda.place(render))
    for media in cda.by_name.get("observationMedia", ()):
        anchor = media.get("ID")
        if anchor is not None and anchor not in shown and _is_seen(media) and anchor not in referenced:
            yield finding(UNSEEN, *cda.place(media))


def _is_seen(media: Element) -> bool:
    """Something to look at: data of a device, or XML, are for programs."""
    value = child(media, f"{V3}value")
    kind = "" if value is None else value.get("mediaType", "")
    return not kind or kind.startswith(("image/", "video/")) or kind == "application/pdf"


def _links(cda: Cda) -> Iterator[Finding]:
    # CDA lets a linkHtml be the target of another by its name.
    named = frozenset(link.get("name") for link in cda.by_name.get("linkHtml", ()))
    for link in cda.by_name.get("linkHtml", ()):
        href = link.get("href", "")
        if len(href) > 1 and href[0] == "#" and href[1:] not in cda.anchors and href[1:] not in named:
            yield finding(DEAD_LINK, *cda.place(link), element="linkHtml")
    for note in cda.by_name.get("footnoteRef", ()):
        if note.get("IDREF", "") not in cda.anchors:
            yield finding(DEAD_LINK, *cda.place(note), element="footnoteRef")


def _is_told(element: Element) -> bool:
    return any(child.tag in _SAID for child in element)


def _is_findable(element: Element) -> bool:
    if any(one.get("root") for one in element.iterchildren(V3 + "id")):
        return True
    reference = element.find(f"{V3}text/{V3}reference")
    return reference is not None and len(reference.get("value", "")) > 1
