"""The medical summary (volet de synthèse médicale): is what it must hold there, and is it said in codes."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from semantix.parsers.cda.context import Element, first, kids
from semantix.validation._cda import V3, Cda
from semantix.validation._findings import Finding, finding
from semantix.validation.cda import vsm_words as words
from semantix.validation.cda.vsm_words import RULES

__all__ = ["RULES", "check"]

MODEL = "1.2.250.1.213.1.1.1.13"
_FIRST_EDITION = "201310"
_LOINC = "2.16.840.1.113883.6.1"
_FUNCTIONS = "2.16.840.1.113883.5.88"
_PARTS = (f"{V3}text", f"{V3}component")


class Part(Struct, frozen=True):
    """A section of the volet: its template, its code in LOINC, its French name, and the parts that it must hold."""

    template: str
    code: str
    name: str
    inside: tuple[Part, ...] = ()


# Source: CI-SIS, volet VSM 1.4 and 2023.01, and the sections FR-Pathologies… and FR-Plan-de-traitement.
_PATHOLOGIES = Part("1.2.250.1.213.1.1.2.30", "34117-2", "Pathologies en cours, antécédents et allergies")
_RISKS = Part("1.2.250.1.213.1.1.2.31", "57207-3", "Facteurs de risque")
_TREATMENTS = Part("1.2.250.1.213.1.1.2.32", "18776-5", "Traitement au long cours")
SECTIONS: tuple[Part, ...] = (
    Part(
        "1.2.250.1.213.1.1.2.29",
        "46612-8",
        "Pathologies, antécédents, allergies et facteurs de risque",
        (_PATHOLOGIES, _RISKS),
    ),
    Part("1.3.6.1.4.1.19376.1.5.3.1.3.27", "30954-2", "Résultats"),
    _TREATMENTS,
)
# Each of these says what it has in entries; the three first are what a prescriber needs.
CODED: tuple[tuple[Part, Part], ...] = (
    (_PATHOLOGIES, Part("1.3.6.1.4.1.19376.1.5.3.1.3.6", "11450-4", "Problèmes actifs")),
    (_PATHOLOGIES, Part("1.3.6.1.4.1.19376.1.5.3.1.3.13", "48765-2", "Allergies et hypersensibilités")),
    (_TREATMENTS, Part("1.3.6.1.4.1.19376.1.5.3.1.3.19", "10160-0", "Traitements")),
    (_PATHOLOGIES, Part("1.3.6.1.4.1.19376.1.5.3.1.3.8", "11348-0", "Antécédents médicaux")),
    (_PATHOLOGIES, Part("1.3.6.1.4.1.19376.1.5.3.1.3.12", "47519-4", "Antécédents chirurgicaux")),
)
_NEEDED = 3


def check(cda: Cda) -> Iterator[Finding]:
    """Find what a medical summary lacks; nothing for any other document, or for a summary that is one file."""
    header = kids(cda.root)
    code = first(header, "code")
    if code is None or code.get("code") != "SYNTH":
        return
    models = [one.get("extension") for one in header.get("templateId", ()) if one.get("root") == MODEL]
    if not models:
        yield finding(words.NO_MODEL, *cda.place(code), template=MODEL)
    yield from _treating(cda, is_first_edition=_FIRST_EDITION in models)
    yield from _act(cda)
    for body in cda.by_name.get("structuredBody", ()):
        yield from _inside(cda, body, SECTIONS)
        yield from _coded(cda)


def _treating(cda: Cda, *, is_first_edition: bool) -> Iterator[Finding]:
    """The doctor who follows the patient: a participant in the first edition, in any place since."""
    found = [
        one
        for one in cda.by_name.get("functionCode", ())
        if one.get("code") == "PCP" and one.get("codeSystem") == _FUNCTIONS
    ]
    if is_first_edition:
        parents = (one.getparent() for one in found)
        if not any(
            one is not None and one.tag == f"{V3}participant" and one.get("typeCode") == "INF" for one in parents
        ):
            yield finding(words.NO_PARTICIPANT, *cda.place(cda.root))
    elif not found:
        yield finding(words.NO_DOCTOR, *cda.place(cda.root))


def _act(cda: Cda) -> Iterator[Finding]:
    events = cda.by_name.get("serviceEvent", ())
    codes = [code for event in events if (code := first(kids(event), "code")) is not None]
    if not any(one.get("code") == "34117-2" and one.get("codeSystem") == _LOINC for one in codes):
        yield finding(words.ACT, *cda.place(events[0] if events else cda.root))


def _sections(cda: Cda, template: str, above: Element | None = None) -> list[Element]:
    """The sections of a template, of one parent if it is given: the body, or a section."""
    found = [one for one in cda.templates.get(template, ()) if one.tag == f"{V3}section"]
    return found if above is None else [one for one in found if _above(one) is above]


def _above(section: Element) -> Element | None:
    component = section.getparent()
    return None if component is None else component.getparent()


def _inside(cda: Cda, parent: Element, parts: tuple[Part, ...]) -> Iterator[Finding]:
    for part in parts:
        sections = _sections(cda, part.template, parent)
        if not sections:
            rule = words.SECTION if parent.tag == f"{V3}structuredBody" else words.SUBSECTION
            yield finding(rule, *cda.place(parent), section=part.name, template=part.template)
        for section in sections:
            yield from _section(cda, section, part)
            yield from _inside(cda, section, part.inside)


def _section(cda: Cda, section: Element, part: Part) -> Iterator[Finding]:
    code = first(kids(section), "code")
    if code is not None and (code.get("code"), code.get("codeSystem")) != (part.code, _LOINC):
        yield finding(words.CODE, *cda.place(code), section=part.name, code=part.code)
    texts = list(section.iterchildren(*_PARTS))
    if not any(one.tag == _PARTS[1] or any(text.strip() for text in _words(one)) for one in texts):
        yield finding(words.NO_TEXT, *cda.place(section), section=part.name)


def _words(text: Element) -> Iterator[str]:
    yield from (str(one) for one in text.itertext())
    yield from ("image" for _ in text.iter(f"{V3}renderMultiMedia"))


def _coded(cda: Cda) -> Iterator[Finding]:
    for rank, (above, part) in enumerate(CODED):
        sections = _sections(cda, part.template)
        for section in sections:
            if next(section.iterchildren(f"{V3}entry"), None) is None:
                yield finding(words.NO_ENTRY, *cda.place(section), section=part.name)
        if not sections and rank < _NEEDED:
            for parent in _sections(cda, above.template):
                yield finding(words.UNSAID, *cda.place(parent), section=part.name, template=part.template)
