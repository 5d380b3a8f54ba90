"""Identity: the INS with its traits, the numbers of professionals and structures, the form of identifiers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from semantix.identifiers import (
    check_adeli,
    check_finess,
    check_nir,
    check_ps_idnat,
    check_rpps,
    check_struct_idnat,
    normal_nir,
)
from semantix.parsers.cda.context import Element, Kids, first, kids
from semantix.systems import INS_C as INS_C_OID
from semantix.systems import INS_NIR_DEMO, INS_NIR_TEST, INS_OIDS, PS_ID_NAT, STRUCT_ID_NAT
from semantix.validation._cda import Cda
from semantix.validation._findings import Finding, RuleInfo, finding
from semantix.validation.cda import identity_words as words
from semantix.validation.cda import numbers_words as numbers

RULES: tuple[RuleInfo, ...] = (*words.RULES, *numbers.RULES)

_TESTS = frozenset({INS_NIR_TEST, INS_NIR_DEMO})
_OLD_INS = frozenset({INS_C_OID, "1.2.250.1.213.1.4.6", "1.2.250.1.213.1.4.7"})
"""INS-C, and those of tests and demonstrations."""
_NSS = frozenset({"1.2.250.1.213.1.4.13", "1.2.250.1.213.1.4.14"})
"""A NIR or a NIA as a social security number: not an INS, but with the same form and key."""
_NIRS = INS_OIDS | _NSS
_NATIONAL = _NIRS | {PS_ID_NAT, STRUCT_ID_NAT}
_ROOT = re.compile(
    r"[0-2](?:\.(?:0|[1-9][0-9]*))+|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
)
_LONG_ARC = re.compile(r"(?:^|\.)[0-9]{9,}")
_NOBODY = re.compile(r"1\.2\.3(?:\.4.*)?|2\.999(?:\..*)?|1\.1\.1\.1.*|0\.0\.0.*")
"""Arcs that nobody was given, and the one kept for examples (2.999)."""
_FILLER = re.compile(
    r"0{2,}|(.)\1{5,}|[?*.x_-]+|12345678(?:90?)?|n/?a|null|none|todo|tbd|inconnue?|unknown|undefined|nan|test|vide"
    r"|aucune?|non renseign[eé]e?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[1-478][0-9]{5}[0-9AB][0-9]{8}")
_WRONG_KEYS = frozenset({"wrong key", "a placeholder for the key"})
_INSEE = re.compile(r"(?:0[1-9]|[1-9][0-9]|2[AB])[0-9]{3}")
_DIGITS = re.compile(r"[0-9]{4,8}")
_NO_LETTER = re.compile(r"[^a-z]+")
_MEN, _WOMEN = "137", "248"
_LAST_MONTH = 12
_OLD_PARIS = frozenset({"75", "78", "91", "92", "93", "94", "95", "77"})
"""Until 1968 Seine (75) and Seine-et-Oise (78) held what became the other departments around Paris."""
_OVERSEAS = frozenset({"96", "97", "98", "99"})
_CORSICA = frozenset({"20", "2A", "2B"})
_ABROAD_BEFORE = frozenset({"91", "92", "93", "94", "95", "96", "99"})
"""Algeria (91 to 94), Morocco and Tunisia (95, 96) before independence; 99 abroad."""
_NEW_DEPARTMENTS = 1968


def check(cda: Cda) -> Iterator[Finding]:
    """Find what is wrong in the identity of the patient, and in the identifiers of the whole document."""
    roles = [
        kids(role) for target in cda.by_name.get("recordTarget", ())[:1] for role in kids(target).get("patientRole", ())
    ]
    is_test = False
    for role in roles:
        is_test = is_test or any(one.get("root") in _TESTS for one in role.get("id", ()))
        yield from _patient(cda, role)
    yield from _identifiers(cda, is_test=is_test)


# --- the patient ------------------------------------------------------------------------------------------------


def _patient(cda: Cda, role: Kids) -> Iterator[Finding]:
    ids = role.get("id", [])
    yield from _patient_ids(cda, ids)
    patient = first(role, "patient")
    if patient is None:
        return
    found = kids(patient)
    birth = first(found, "birthTime")
    if birth is None or not birth.get("value"):
        yield finding(words.NO_BIRTH, *cda.place(patient if birth is None else birth))
    names = kids(name) if (name := first(found, "name")) is not None else {}
    yield from _names(cda, names)
    matricules = {one.get("extension", ""): one for one in ids if one.get("root") in INS_OIDS and one.get("extension")}
    if not matricules:
        return
    if len(matricules) > 1:
        yield finding(words.INS_SEVERAL, *cda.place(ids[0]), count=str(len(matricules)))
    yield from _traits(cda, patient, found, names)
    for number, one in matricules.items():
        yield from _against(cda, number, one, found)


def _patient_ids(cda: Cda, ids: list[Element]) -> Iterator[Finding]:
    usable = 0
    for one in ids:
        root, extension = one.get("root"), one.get("extension")
        if root and extension:
            usable += 1
        elif "nullFlavor" not in one.attrib and root not in _NATIONAL:
            yield finding(words.PATIENT_ID_PART, *cda.place(one), attribute="extension" if root else "root")
        if root in _TESTS:
            yield finding(words.INS_TEST, *cda.place(one, "root"), root=root)
        elif root in _OLD_INS:
            yield finding(words.INS_C, *cda.place(one, "root"), root=root)
        elif root and root not in _NIRS and extension and _is_nir(extension):
            yield finding(words.INS_OID, *cda.place(one, "root"), root=_shown(root))
    if not usable:
        role = cda.by_name["patientRole"][0]
        yield finding(words.NO_PATIENT_ID, *cda.place(ids[0] if ids else role))


def _is_nir(extension: str) -> bool:
    """Fifteen digits with the structure and the key of a NIR: one number in a hundred of that form by chance."""
    return len(extension) == 15 and check_nir(extension).ok


def _names(cda: Cda, names: Kids) -> Iterator[Finding]:
    for element in names.get("family", ()):
        qualifier = element.get("qualifier")
        if qualifier == "SP":
            yield finding(words.OLD_QUALIFIER, *cda.place(element, "qualifier"))
        elif qualifier not in {"BR", "CL"} and "nullFlavor" not in element.attrib:
            yield finding(words.NAME_QUALIFIER, *cda.place(element), element="family")
    for element in names.get("given", ()):
        if element.get("qualifier") not in {"BR", "CL", None}:
            yield finding(words.NAME_QUALIFIER, *cda.place(element, "qualifier"), element="given")


def _text(elements: list[Element], qualifier: str | None) -> list[str]:
    return [text for one in elements if one.get("qualifier") == qualifier and (text := (one.text or "").strip())]


def _traits(cda: Cda, patient: Element, found: Kids, names: Kids) -> Iterator[Finding]:
    given = names.get("given", [])
    firsts, all_given = _text(given, "BR"), _text(given, None)
    county = _county(found)
    sex, birth = first(found, "administrativeGenderCode"), first(found, "birthTime")
    place = county.text.strip() if county is not None and county.text else ""
    traits = (
        ('name/family[@qualifier="BR"]', _text(names.get("family", []), "BR")),
        ('name/given[@qualifier="BR"]', firsts),
        ("name/given[not(@qualifier)]", all_given),
        ("administrativeGenderCode/@code", sex is not None and sex.get("code")),
        ("birthTime/@value", birth is not None and birth.get("value")),
        ("birthplace/place/addr/county", place),
    )
    missing = [name for name, value in traits if not value]
    if missing:
        yield finding(words.INS_TRAITS, *cda.place(patient), missing=", ".join(missing))
    if county is not None and place and not _INSEE.fullmatch(place):
        yield finding(words.BIRTH_PLACE, *cda.place(county))
    # Before the INS, given without qualifier held the other names alone, and SP was the name of the spouse.
    is_old = any(one.get("qualifier") == "SP" for one in names.get("family", ()))
    if firsts and all_given and not is_old and not _flat(" ".join(all_given)).startswith(_flat(firsts[0])):
        yield finding(words.FIRST_GIVEN, *cda.place(given[0]))


def _flat(name: str) -> str:
    """A name without case, accents, hyphens and spaces."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", name).casefold())


def _county(found: Kids) -> Element | None:
    at: Element | None = first(found, "birthplace")
    for name in ("place", "addr", "county"):
        if at is None:
            return None
        at = first(kids(at), name)
    return at


def _against(cda: Cda, number: str, one: Element, found: Kids) -> Iterator[Finding]:
    """What the number says of sex, birth and birth place against what the traits say. Pseudo-months say nothing."""
    if not check_nir(number).ok:
        return
    number = normal_nir(number)
    birth, sex, county = first(found, "birthTime"), first(found, "administrativeGenderCode"), _county(found)
    day = birth.get("value", "") if birth is not None else ""
    code = sex.get("code") if sex is not None else None
    place = (county.text or "").strip().upper() if county is not None else ""
    traits = []
    if (code == "M" and number[0] in _WOMEN) or (code == "F" and number[0] in _MEN):
        traits.append("administrativeGenderCode")
    is_month = 1 <= int(number[3:5]) <= _LAST_MONTH
    if (
        len(day) >= 4
        and _DIGITS.fullmatch(day[:8])
        and (day[2:4] != number[1:3] or (is_month and len(day) >= 6 and day[4:6] != number[3:5]))
    ):
        traits.append("birthTime")
    if _INSEE.fullmatch(place) and _is_elsewhere(number, place[:2], day):
        traits.append("county")
    if traits:
        yield finding(words.INS_CONTRADICTS, *cda.place(one), traits=", ".join(traits))


def _is_elsewhere(number: str, department: str, day: str) -> bool:
    """Is the department of the number surely another one than that of the place of birth."""
    said = number[5:7].upper()
    if said == department:
        return False
    pair = {said, department}
    if pair <= _CORSICA or pair <= _OVERSEAS:
        return False
    is_old = not _DIGITS.fullmatch(day[:4]) or int(day[:4]) < _NEW_DEPARTMENTS
    return not (is_old and (pair <= _OLD_PARIS or (department == "99" and said in _ABROAD_BEFORE)))


# --- every identifier -------------------------------------------------------------------------------------------


def _identifiers(cda: Cda, *, is_test: bool) -> Iterator[Finding]:
    """Each different identifier once, where it stands first."""
    seen: set[tuple[str, str | None]] = set()
    for one in cda.by_name.get("id", ()):
        root = one.get("root")
        if root is None:
            continue
        extension = one.get("extension")
        key = (root, extension)
        if key in seen:
            continue
        seen.add(key)
        if root in _NATIONAL:
            yield from _national(cda, one, is_test=is_test)
        elif not _ROOT.fullmatch(root):
            yield finding(numbers.ROOT_FORM, *cda.place(one, "root"))
        elif not is_test and root not in _OLD_INS:
            yield from _local(cda, one, root, extension)


def _local(cda: Cda, one: Element, root: str, extension: str | None) -> Iterator[Finding]:
    if _NOBODY.fullmatch(root):
        yield finding(numbers.EXAMPLE_ROOT, *cda.place(one, "root"), root=_shown(root))
    if extension and _FILLER.fullmatch(extension.strip()):
        yield finding(numbers.PLACEHOLDER, *cda.place(one, "extension"), root=_shown(root))


def _national(cda: Cda, one: Element, *, is_test: bool) -> Iterator[Finding]:
    root, extension = one.get("root", ""), one.get("extension") or ""
    if not extension.strip():
        if "nullFlavor" not in one.attrib:
            yield finding(numbers.NO_EXTENSION, *cda.place(one), root=root)
        return
    if root in _NIRS:
        checked = check_nir(extension)
        if not checked.ok or not _NUMBER.fullmatch(extension):
            rule = words.INS_KEY if checked.reason in _WRONG_KEYS else words.INS_FORM
            yield finding(rule, *cda.place(one, "extension"), root=root)
        return
    told = _professional(extension) if root == PS_ID_NAT else _structure(extension)
    if told is None:
        return
    rule, kind, prefix = told
    if is_test and rule in _INVENTED:
        rule = numbers.TEST_NUMBER
    yield finding(rule, *cda.place(one, "extension"), root=root, kind=kind, prefix=prefix)


_INVENTED = (numbers.PS_FORM, numbers.PS_KEY, numbers.STRUCT_FORM, numbers.STRUCT_KEY)
Told = tuple[RuleInfo, str, str] | None
"""A rule that is broken, the kind of number and its prefix."""


def _professional(text: str) -> Told:
    kind = {"8": "RPPS", "0": "ADELI"}.get(text[0])
    if kind is not None and len(text) != _ADELI:
        checked = check_ps_idnat(text)
        if checked.ok and text.isalnum():
            return None
        return (numbers.PS_KEY if checked.reason == "wrong key" else numbers.PS_FORM), kind, text[0]
    if text[0] == "1" and check_rpps(text).ok:
        return numbers.PS_PREFIX, "RPPS", "8"
    if check_adeli(text).ok:
        return numbers.PS_PREFIX, "ADELI", "0"
    if text[0] == "1" and check_finess(text[1:]).ok:
        return numbers.SWAPPED, "FINESS", "1"
    return None if kind is None else (numbers.PS_FORM, kind, text[0])


_ADELI = 9
"""Characters of an ADELI number: one more with its prefix."""
_RPPS, _RANKED = 11, 14
"""Characters of a RPPS number, and of that of a practice: the RPPS number of who runs it and a rank."""
_STRUCTURES = {"1": "FINESS", "2": "SIREN", "3": "SIRET"}


def _structure(text: str) -> Told:
    checked = check_struct_idnat(text)
    if (checked.ok and text.isalnum()) or "/" in text:
        return None
    if check_finess(text).ok:
        return numbers.STRUCT_PREFIX, "FINESS", "1"
    if len(text) == _RANKED and text[0] == "1" and check_rpps(text[:_RPPS]).ok:
        return numbers.STRUCT_PREFIX, "RPPS-rang", "4"
    if check_struct_idnat(f"3{text}").ok:
        return numbers.STRUCT_PREFIX, "SIRET", "3"
    if text[0] == "8" and check_ps_idnat(text).ok:
        return numbers.SWAPPED, "RPPS", "8"
    rule = numbers.STRUCT_KEY if checked.reason == "wrong key" else numbers.STRUCT_FORM
    return (rule, kind, text[0]) if (kind := _STRUCTURES.get(text[0])) else None


def _shown(root: str) -> str:
    """A root as it may be shown: an OID or a UUID, without an arc as long as a number of a person."""
    return root if _ROOT.fullmatch(root) and not _LONG_ARC.search(root) else "…"
