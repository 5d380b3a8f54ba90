"""The header: what must be there, what it declares itself to be, who answers for it, and what it replaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from semantix.parsers.cda.context import Element, Kids, first, kids
from semantix.validation._cda import Cda
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.cda import _contents, contents_words
from semantix.validation.cda import header_words as words

RULES: tuple[RuleInfo, ...] = (*words.RULES, *contents_words.RULES)

HL7_FRANCE, CI_SIS, LEVEL_1 = "2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1", "1.3.6.1.4.1.19376.1.2.20"
_LOINC, _TYPES = "2.16.840.1.113883.6.1", "1.2.250.1.213.1.1.4.12"
_MODELS = "1.2.250.1.213.1.1.1"
_PS_ID_NAT = "1.2.250.1.71.4.2.1"

# Source: the document models of the CI-SIS and the type that each of them prescribes; one row a model.
CODES: Mapping[str, frozenset[tuple[str, str]]] = MappingProxyType(
    {
        f"{_MODELS}.{model}": frozenset((code, _LOINC if code[0].isdigit() else _TYPES) for code in codes)
        for model, *codes in (
            ("2.1.1", "34133-9"),
            ("2.1.2", "34133-9"),
            ("2.1.3", "34133-9"),
            ("2.1.4", "34133-9"),
            ("2.1.5", "34133-9"),
            ("5.1", "CERT_DECL"),
            ("5.2", "CERT_DECL"),
            ("5.3", "CERT_DECL"),
            ("5.4", "29274-8"),
            ("8", "34794-8"),
            ("12.1", "57055-6"),
            ("12.2", "57057-2"),
            ("12.3", "57075-4"),
            ("12.4", "89235-6"),
            ("12.5", "78489-2"),
            ("13", "SYNTH", "60591-5"),  # the IPS-FR of 2022 bears the model of the medical summary
            ("15", "34133-9"),
            ("16", "34133-9"),
            ("17", "34133-9"),
            ("18", "75492-9"),
            ("21", "18761-7"),
            ("22", "74207-2"),
            ("23", "74207-2"),
            ("24", "74207-2"),
            ("25", "11488-4"),
            ("26", "18776-5"),
            ("27", "18748-4"),
            ("28", "18748-4"),
            ("29", "11490-0"),
            ("30", "34133-9"),
            ("32", "51969-4"),
            ("36", "REMB"),
            ("37", "11369-6"),
            ("38", "75496-0"),
            ("39", "57833-6"),
            ("40", "77436-4"),
            ("41", "34749-2"),
            ("42", "78513-9"),
            ("45", "18748-4"),
            ("46", "87273-9"),
            ("47", "55115-0"),
            ("51", "60591-5", "74207-2"),
            ("54", "60593-1"),
            ("55", "11502-2"),
            ("59", "96173-0"),
            ("61", "78341-5"),
            ("62", "60280-5"),
        )
    }
)

_ALWAYS = ("typeId", "id", "code", "effectiveTime", "confidentialityCode", "component")
_IN_FRANCE = ("realmCode", "title", "languageCode", "setId", "versionNumber", "documentationOf", "componentOf")
_PARTIES: Mapping[str, RuleInfo] = MappingProxyType(
    {"author": words.NO_AUTHOR, "custodian": words.NO_CUSTODIAN, "recordTarget": words.NO_PATIENT}
)
_ONCE = ("recordTarget", "custodian", "legalAuthenticator", "componentOf")
_OID = re.compile(r"[0-2](?:\.[0-9]{1,8}){2,20}")
_LANGUAGE = re.compile(r"[a-z]{2}-[A-Z]{2}")
_CONFIDENTIALITY = frozenset({"N", "R", "V"})
_CONFIDENTIALITY_OID = "2.16.840.1.113883.5.25"


def check(cda: Cda) -> Iterator[Finding]:
    """Find what is missing or incoherent in the header, and what is empty or unreadable in the body."""
    found = kids(cda.root)
    templates = [one.get("root", "") for one in found.get("templateId", ())]
    realm = first(found, "realmCode")
    is_french = CI_SIS in templates or HL7_FRANCE in templates or (realm is not None and realm.get("code") == "FR")
    yield from _presence(cda, found, is_french=is_french)
    yield from _declared(cda, found, templates, is_french=is_french)
    yield from _codes(cda, found, templates, is_french=is_french)
    yield from _versions(cda, found)
    yield from _authors(cda, found)
    if is_french:
        yield from _signatures(cda, found)
        yield from _acts(cda, found)
    yield from _contents.check(cda)


def _presence(cda: Cda, found: Kids, *, is_french: bool) -> Iterator[Finding]:
    for name in (*_ALWAYS, *(_IN_FRANCE if is_french else ())):
        elements = found.get(name)
        if not elements:
            yield finding(words.MISSING, *cda.place(cda.root), element=name)
        elif "nullFlavor" in elements[0].attrib or _is_empty(elements[0], name):
            yield finding(words.MISSING, *cda.place(elements[0]), element=name)
    for name, rule in _PARTIES.items():
        if not found.get(name):
            yield finding(rule, *cda.place(cda.root))
    if is_french and not found.get("legalAuthenticator"):
        yield finding(words.NO_LEGAL, *cda.place(cda.root))
    for name in _ONCE:
        elements = found.get(name)
        if elements and len(elements) > 1:
            yield finding(words.SEVERAL, *cda.place(elements[1]), element=name, count=str(len(elements)))


def _is_empty(element: Element, name: str) -> bool:
    if name == "title":
        return not any(text.strip() for text in map(str, element.itertext()))
    return not element.attrib and not len(element)


def _declared(cda: Cda, found: Kids, templates: list[str], *, is_french: bool) -> Iterator[Finding]:
    """What the document says it follows."""
    kind = first(found, "typeId")
    if kind is not None and (kind.get("root"), kind.get("extension")) != ("2.16.840.1.113883.1.3", "POCD_HD000040"):
        yield finding(words.TYPE_ID, *cda.place(kind))
    realm = first(found, "realmCode")
    if is_french and realm is not None and realm.get("code") != "FR":
        yield finding(words.REALM, *cda.place(realm))
    if is_french and (missing := [one for one in (HL7_FRANCE, CI_SIS) if one not in templates]):
        yield finding(words.NO_COMMON, *cda.place(cda.root), missing=", ".join(missing))
    is_level_1 = bool(cda.by_name.get("nonXMLBody"))
    if is_level_1 and is_french and LEVEL_1 not in templates:
        yield finding(words.NO_LEVEL_1, *cda.place(cda.root))
    if is_french and not is_level_1 and not set(templates) - {HL7_FRANCE, CI_SIS}:
        yield finding(words.NO_MODEL, *cda.place(cda.root))
    yield from _twice(cda)


def _twice(cda: Cda) -> Iterator[Finding]:
    """A template declared twice by one element."""
    if all(len(set(owners)) == len(owners) for owners in cda.templates.values()):
        return
    above: Element | None = None
    seen: set[tuple[str | None, str | None]] = set()
    for template in cda.by_name.get("templateId", ()):
        parent = template.getparent()
        if parent is not above:
            above, seen = parent, set()
        key = (template.get("root"), template.get("extension"))
        if key in seen:
            yield finding(words.TWICE, *cda.place(template), template=_shown(key[0]))
        seen.add(key)


def _shown(template: str | None) -> str:
    return template if template and _OID.fullmatch(template) else "…"


def _codes(cda: Cda, found: Kids, templates: list[str], *, is_french: bool) -> Iterator[Finding]:
    code = first(found, "code")
    if code is not None and code.get("code"):
        system = code.get("codeSystem")
        if system is None:
            yield finding(words.MISSING, *cda.place(code), element="code/@codeSystem")
        pair = (code.get("code", ""), system or "")
        for template in templates:
            expected = CODES.get(template)
            if expected is not None and pair not in expected:
                names = " / ".join(sorted(one for one, _ in expected))
                yield finding(words.CODE, *cda.place(code), template=template, expected=names)
    language = first(found, "languageCode")
    if is_french and language is not None and not _LANGUAGE.fullmatch(language.get("code", "")):
        yield finding(words.LANGUAGE, *cda.place(language))
    secret = first(found, "confidentialityCode")
    if secret is not None and "nullFlavor" not in secret.attrib:
        said = (secret.get("code"), secret.get("codeSystem"))
        if said[0] not in _CONFIDENTIALITY or said[1] != _CONFIDENTIALITY_OID:
            yield finding(words.CONFIDENTIALITY, *cda.place(secret))


# --- versions ---------------------------------------------------------------------------------------------------


def _number(element: Element | None) -> int | None:
    """A version, ``None`` when there is none or when it is no positive whole number."""
    text = element.get("value", "") if element is not None else ""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) else None


def _versions(cda: Cda, found: Kids) -> Iterator[Finding]:
    element = first(found, "versionNumber")
    own = _number(element)
    if element is not None and own is None and "nullFlavor" not in element.attrib:
        yield finding(words.VERSION, *cda.place(element))
    replaced = [one for one in found.get("relatedDocument", ()) if one.get("typeCode") == "RPLC"]
    for one in replaced:
        yield from _replaced(cda, one, found, own)
    if element is not None and own is not None and own > 1 and not replaced:
        yield finding(words.ALONE, *cda.place(element))


def _replaced(cda: Cda, related: Element, found: Kids, own: int | None) -> Iterator[Finding]:
    parent = first(kids(related), "parentDocument")
    inside = kids(parent) if parent is not None else {}
    before = first(inside, "id")
    if before is None or not before.get("root"):
        yield finding(words.REPLACES_NOTHING, *cda.place(related))
    elif _same(before, first(found, "id")):
        yield finding(words.REPLACES_ITSELF, *cda.place(related))
    if own == 1:
        yield finding(words.REPLACES_FIRST, *cda.place(related))
    earlier, series = _number(first(inside, "versionNumber")), first(inside, "setId")
    if own is not None and earlier is not None and earlier >= own > 1:
        yield finding(words.REPLACES_LATER, *cda.place(related))
    if series is not None and first(found, "setId") is not None and not _same(series, first(found, "setId")):
        yield finding(words.REPLACES_OTHER, *cda.place(series))


def _same(one: Element, other: Element | None) -> bool:
    return other is not None and (one.get("root"), one.get("extension")) == (other.get("root"), other.get("extension"))


# --- who answers for it -----------------------------------------------------------------------------------------


def _authors(cda: Cda, found: Kids) -> Iterator[Finding]:
    for author in found.get("author", ()):
        inside = kids(author)
        role = first(inside, "assignedAuthor")
        of_role = kids(role) if role is not None else {}
        for name, element in (("time", first(inside, "time")), ("assignedAuthor/id", first(of_role, "id"))):
            if element is None or not element.attrib:
                yield finding(words.AUTHOR, *cda.place(author), element=name)
        numbers = [one for one in of_role.get("id", ()) if one.get("root") == _PS_ID_NAT]
        if numbers and "assignedPerson" in of_role and "code" not in of_role:
            assert role is not None
            yield finding(words.AUTHOR_CODE, *cda.place(role))


def _signatures(cda: Cda, found: Kids) -> Iterator[Finding]:
    for legal in found.get("legalAuthenticator", ()):
        inside = kids(legal)
        code, time, entity = (first(inside, name) for name in ("signatureCode", "time", "assignedEntity"))
        number = first(kids(entity), "id") if entity is not None else None
        for name, is_right in (
            ('signatureCode[@code="S"]', code is not None and code.get("code") == "S"),
            ("time", time is not None and bool(time.get("value"))),
            (
                "assignedEntity/id",
                number is not None and bool(number.get("root")) and "nullFlavor" not in number.attrib,
            ),
        ):
            if not is_right:
                yield finding(words.SIGNATURE, *cda.place(legal), element=name)


def _acts(cda: Cda, found: Kids) -> Iterator[Finding]:
    """The main act, the custodian and the encounter: the metadata of the document are made of them."""
    acts = found.get("documentationOf")
    event = first(kids(acts[0]), "serviceEvent") if acts else None
    if event is not None:
        inside = kids(event)
        when = first(inside, "effectiveTime")
        low = first(kids(when), "low") if when is not None else None
        if low is None or not low.get("value"):
            yield finding(words.MAIN_ACT, *cda.place(event), element="effectiveTime/low")
        if "performer" not in inside:
            yield finding(words.MAIN_ACT, *cda.place(event), element="performer")
    keeper = first(found, "custodian")
    if keeper is not None:
        number = _deep(keeper, "assignedCustodian", "representedCustodianOrganization", "id")
        if number is None or not number.get("root"):
            yield finding(words.MISSING, *cda.place(keeper), element="representedCustodianOrganization/id")
    around = first(found, "componentOf")
    if around is not None and _deep(around, "encompassingEncounter", "location", "healthCareFacility", "code") is None:
        yield finding(words.NO_FACILITY, *cda.place(around))


def _deep(element: Element, *names: str) -> Element | None:
    at: Element | None = element
    for name in names:
        if at is None:
            return None
        at = first(kids(at), name)
    return at
